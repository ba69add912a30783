"""Random values inside the domains that hypotheses ask for, by construction rather than by luck.

Entries that are positive, matrices that are symmetric, definite or invertible, numbers of a sign.
Where a hypothesis asks for what is not known here, instances are drawn until it holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import numpy as np

from proofkit.claims import (
    AllPositive,
    And,
    Claim,
    Equal,
    Less,
    LessEqual,
    NonZero,
    PositiveDefinite,
    PositiveSemidefinite,
    RankIs,
    Symmetric,
)
from proofkit.networks.exact import ExactMatrix
from proofkit.symbols import Word

__all__ = ["asked", "draw_number", "draw_within"]

_PROPERTIES: tuple[tuple[type, str], ...] = (
    (AllPositive, "positive"),
    (Symmetric, "symmetric"),
    (PositiveDefinite, "definite"),
    (PositiveSemidefinite, "semidefinite"),
)


def asked(given: Iterable[Claim]) -> dict[Any, set[str]]:
    """What hypotheses ask of the values of variables, in a word each.

    >>> from proofkit.symbols import MatrixVariable, determinant, natural, real
    >>> n = natural("n")
    >>> S = MatrixVariable("S", n, n)
    >>> asked([Symmetric(S), NonZero(determinant(S)), Less(0, real("x"))])[real("x")]
    {'positive'}
    """
    found: dict[Any, set[str]] = {}
    for claim in given:
        if isinstance(claim, And):
            for variable, wishes in asked(claim.args).items():
                found.setdefault(variable, set()).update(wishes)
        for subject, wish in _wishes(claim):
            found.setdefault(subject, set()).add(wish)
    return found


def _wishes(claim: Claim) -> Iterable[tuple[Any, str]]:
    for kind, wish in _PROPERTIES:
        if isinstance(claim, kind):
            yield claim.args[0], wish
    if isinstance(claim, NonZero):
        yield _subject(claim.args[0], "not zero")
    elif isinstance(claim, Less) and claim.args[0] == 0:
        yield _subject(claim.args[1], "positive")
    elif isinstance(claim, LessEqual) and claim.args[0] == 0:
        yield claim.args[1], "not negative"
    elif isinstance(claim, (Less, LessEqual)) and claim.args[1] == 0:
        yield claim.args[0], "negative"
    elif isinstance(claim, RankIs) and claim.args[0].rows == claim.args[0].cols == claim.args[1]:
        yield claim.args[0], "invertible"
    elif isinstance(claim, Equal) and claim.is_about_matrices:
        left, right = claim.args
        if right == left.T:
            yield left, "symmetric"
            yield right, "symmetric"


def _subject(x: Any, wish: str) -> tuple[Any, str]:
    """The variable that a condition is about, and what it asks of it."""
    if isinstance(x, Word) and str(x.args[0]) == "determinant":
        return x.arguments[0], "definite" if wish == "positive" else "invertible"
    return x, wish


def draw_number(wishes: set[str], rng: np.random.Generator) -> Fraction:
    """A small number of the sign that is asked for."""
    size = Fraction(int(rng.integers(1, 5)), 2)
    if "positive" in wishes:
        return size
    if "negative" in wishes:
        return -size
    if "not negative" in wishes:
        return size - Fraction(1, 2)
    if "not zero" in wishes:
        return size * int(rng.choice((-1, 1)))
    return Fraction(int(rng.integers(-4, 5)), 2)


def draw_within(
    rows: int, cols: int, wishes: set[str], rng: np.random.Generator, low: int = -2
) -> ExactMatrix:
    """A matrix of small numbers that is as asked for.

    >>> draw_within(2, 2, {"definite", "symmetric"}, np.random.default_rng(0)).inertia()
    (2, 0, 0)
    """
    is_square = rows == cols
    if "positive" in wishes:
        entries = rng.integers(1, 4, (rows, cols))
        if wishes & {"definite", "semidefinite", "invertible"}:
            # Larger than all that stands beside it: a matrix of which no eigenvalue is 0 or less.
            entries = entries + 3 * max(rows, cols) * np.eye(rows, cols, dtype=int)
        if "symmetric" in wishes and is_square:
            entries = np.triu(entries) + np.triu(entries, 1).T
        return Fraction(1, 2) * ExactMatrix.of(entries.tolist(), shape=(rows, cols))
    entries = rng.integers(low, 3, (rows, cols))
    if is_square and wishes & {"definite", "semidefinite"}:
        entries = entries @ entries.T
        if "definite" in wishes:
            entries = entries + np.eye(rows, dtype=int)
        if "symmetric" not in wishes:
            turn = np.triu(rng.integers(-1, 2, (rows, rows)), 1)
            entries = entries + turn - turn.T
    elif is_square and "invertible" in wishes:
        lower = np.tril(entries, -1) + np.eye(rows, dtype=int)
        sizes = rng.choice((-2, -1, 1, 2), rows)
        upper = lower.T if "symmetric" in wishes else np.triu(entries, 1) + np.eye(rows, dtype=int)
        entries = lower @ np.diag(sizes) @ upper
    elif is_square and "symmetric" in wishes:
        entries = np.triu(entries) + np.triu(entries, 1).T
    elif "not zero" in wishes and entries.size and not entries.any():
        entries[0, 0] = 1
    return ExactMatrix.of(entries.tolist(), shape=(rows, cols))
