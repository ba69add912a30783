"""Which word has no value on a batch of floats, and why: where its error bound is infinite."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction
from typing import Any

import numpy as np
from sympy import postorder_traversal

from proofkit.evaluate.environment import Environment, OutOfRange
from proofkit.evaluate.terms import spoken, term_value
from proofkit.networks.error_bounds import FloatScalar
from proofkit.networks.floating import FloatMatrix
from proofkit.symbols import MatrixWord, Word

__all__ = ["why_undefined"]


def why_undefined(x: Any, env: Environment) -> str:
    """The first word that has no value on some instance of a batch: "log of -2"; "" for none."""
    for part in postorder_traversal(x):
        if not isinstance(part, (Word, MatrixWord)):
            continue
        with suppress(OutOfRange, ValueError, TypeError):
            bad = _boundless(term_value(part, env))
            if bad is not None:
                return _explained(part, int(bad), env)
    return ""


def _boundless(value: Any) -> Any:
    """The first instance with an infinite error bound, None if there is none."""
    error = value.error if isinstance(value, (FloatScalar, FloatMatrix)) else np.zeros(1)
    instances = np.atleast_1d(np.isinf(error)).reshape(len(np.atleast_1d(error)), -1).any(axis=1)
    return np.argmax(instances) if instances.any() else None


def _explained(word: Any, instance: int, env: Environment) -> str:
    name, _, arguments = spoken(word, env)
    for argument in arguments:
        if isinstance(argument, FloatScalar):
            return f"{name} of {np.broadcast_to(argument.value, (env.batch,))[instance]:.6g}"
        if isinstance(argument, Fraction):
            return f"{name} of {argument}"
    return f"{name} of a matrix"
