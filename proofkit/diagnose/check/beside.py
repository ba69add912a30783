"""How far an exact point lies from the floats."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import flint

from proofkit.diagnose.check.krawczyk import BITS
from proofkit.diagnose.check.paths import norm_bound
from proofkit.diagnose.check.rationals import balls
from proofkit.networks.exact import ExactMatrix

__all__ = ["distance_of"]


def distance_of(left: list[ExactMatrix], right: list[ExactMatrix]) -> Fraction:
    """A rational bound of the norm of the difference of exact layers."""
    with flint.ctx.workprec(BITS):
        entries = [x for a, b in zip(left, right, strict=True) for x in _entries(a - b)]
        return norm_bound(entries)


def _entries(matrix: ExactMatrix) -> list[Any]:
    return [x for line in balls(matrix.entries(), BITS) for x in line]
