"""Exact rank and inertia of dense matrices with small integer entries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import sympy
from sympy.polys.domains import QQ
from sympy.polys.matrices import DomainMatrix

from proofkit.diagnose.check.inertia import exact_inertia
from proofkit.networks.matrices import ExactMatrix
from tests.benchmarks.harness import CPU, Size, Table, Timing, peer, race, ratio

DOMAIN_MATRIX, SYMPY, PARI_RANK, PARI_SIGN, POLYNOMIAL = 100, 20, 200, 50, 200
"""The sizes up to which others are run; beyond they take a minute and more."""


def run(size: Size) -> list[Table]:
    """Rank of an n×n matrix of rank n/2, inertia of a symmetric one of full rank."""
    ranks = Table(
        "4a. Exact rank, n×n of rank n/2",
        ("n", "proofkit", "DomainMatrix", "SymPy Matrix", "PARI matrank"),
    )
    signs = Table(
        "4b. Exact inertia, n×n symmetric",
        ("n", "proofkit", "characteristic polynomial", "PARI qfsign"),
    )
    cypari = peer("cypari", ranks)
    for n in size.of((20, 50, 100, 200, 400), (6,)):
        rng = np.random.default_rng(n)
        low = rng.integers(-3, 4, (n, n // 2)) @ rng.integers(-3, 4, (n // 2, n))
        half = rng.integers(-9, 10, (n, n))
        symmetric = (half + half.T).tolist()
        rows = low.tolist()
        contestants: dict[str, Callable[[], Any]] = {
            "own": ExactMatrix.of(rows).rank,
        }
        if n <= DOMAIN_MATRIX:
            domain = DomainMatrix([[QQ(x) for x in line] for line in rows], (n, n), QQ)
            contestants["domain"] = domain.rank
        if n <= SYMPY:
            contestants["sympy"] = sympy.Matrix(rows).rank
        if cypari is not None and n <= PARI_RANK:
            contestants["pari"] = _pari(cypari, rows).matrank
        for name, call in contestants.items():
            if int(call()) != n // 2:
                raise AssertionError(f"{name} finds another rank")
        found = race(contestants, size.rounds, clock=CPU)
        ranks.add(n, *_columns(found, ("own", "domain", "sympy", "pari")))
        matrix = ExactMatrix.of(symmetric)
        contestants = {
            "own": lambda matrix=matrix: exact_inertia(matrix),  # type: ignore[misc]
        }
        if n <= POLYNOMIAL:
            contestants["polynomial"] = matrix.inertia
        if cypari is not None and n <= PARI_SIGN:
            contestants["pari"] = _pari(cypari, symmetric).qfsign
            positive, negative = (int(x) for x in contestants["pari"]())
            if contestants["own"]() != (positive, n - positive - negative, negative):
                raise AssertionError("PARI finds another inertia")
        found = race(contestants, size.rounds, clock=CPU)
        signs.add(n, *_columns(found, ("own", "polynomial", "pari")))
    ranks.notes.append("In parentheses: the peer's time over proofkit's.")
    return [ranks, signs]


def _pari(cypari: Any, rows: list[list[int]]) -> Any:
    cypari.pari.allocatemem(1 << 30, silent=True)
    n = len(rows)
    return cypari.pari.matrix(n, n, [x for line in rows for x in line])


def _columns(found: dict[str, Timing], names: tuple[str, ...]) -> list[str]:
    own = found["own"]
    cells = [str(own)]
    for name in names[1:]:
        there = found.get(name)
        cells.append(f"{there} ({ratio(there, own)})" if there else "–")
    return cells
