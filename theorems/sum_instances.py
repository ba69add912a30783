"""Concrete values for the lemmas on sums and partial sums."""

from __future__ import annotations

from typing import Any

from proofkit.evaluate import Environment, Layers
from proofkit.networks.random import random_matrix
from proofkit.script import Result
from theorems import sums
from theorems.blocks import beta, e, s
from theorems.blocks import t as which

__all__ = ["sum_environment"]

PLACES = range(6)
SIZES = {sums.a: 2, sums.p_: 3, sums.q_: 2, sums.b: 1, sums.lo: 1, sums.hi: 4, sums.r: 2}


def sum_environment(result: Result, seed: int, count: int | None = None) -> Environment | None:
    """Values for a lemma on sums, in a batch of floats if there is a count."""
    exact, batch = count is None, count or 1
    if sums.F in result.variables:
        values = _sums(result.id, seed, exact, batch)
    elif e in result.variables:
        values = {s: 3, e: {1: 2, 2: 1, 3: 2}, beta: {0: 0, 1: 2, 2: 3, 3: 5}, which: 2}
    else:
        return None
    return Environment(values, exact, batch, seed)


def _sums(name: str, seed: int, exact: bool, batch: int) -> dict[Any, Any]:
    def drawn(salt: int, rows: Any, cols: Any) -> Any:
        size = (SIZES[rows], SIZES[cols])
        if exact:
            return random_matrix((seed, salt), *size)
        return random_matrix((seed, salt), *size, exact=False, count=batch)

    X, Y = drawn(1, sums.a, sums.p_), drawn(2, sums.q_, sums.b)
    F = {at: drawn(10 + at, sums.p_, sums.q_) for at in PLACES}
    if name == "only-summand":
        F = {at: m if at == SIZES[sums.r] else m - m for at, m in F.items()}
    changed = {**F, SIZES[sums.r]: drawn(3, sums.p_, sums.q_)}
    return {
        **SIZES,
        sums.X: X,
        sums.Y: Y,
        sums.F: Layers(F),
        sums.F2: Layers(changed),
        sums.H: Layers({at: X @ m @ Y for at, m in F.items()}),
    }
