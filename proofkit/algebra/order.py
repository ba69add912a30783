"""Search for Farkas multipliers: which combination of known inequalities gives the wanted one.

Untrusted: what it finds is checked by `proofkit.kernel.linear`.  Method: Fourier–Motzkin
elimination with the combinations carried along (A. Schrijver, Theory of Linear and Integer
Programming, 1986, §12.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from proofkit.language.terms import Term

__all__ = ["farkas"]

MAX_ROWS = 4000
"""Elimination can square the number of rows at each step; past this the search gives up."""


class _Row(NamedTuple):
    """coefficients·atoms + constant ≥ 0, as a combination of the premises."""

    coefficients: dict[Term, Fraction]
    constant: Fraction
    combination: dict[int, Fraction]


_GOAL = -1


def _row(term: Term, name: int, sign: int = 1) -> _Row:
    coefficients = {atom: Fraction(sign * c) for atom, c in term[2]}
    return _Row(coefficients, Fraction(sign * term[1]), {name: Fraction(sign)})


def _combine(a: _Row, b: _Row, x: Fraction, y: Fraction) -> _Row:
    coefficients = {atom: x * c for atom, c in a.coefficients.items()}
    for atom, c in b.coefficients.items():
        total = coefficients.get(atom, Fraction(0)) + y * c
        if total:
            coefficients[atom] = total
        else:
            coefficients.pop(atom, None)
    combination = {n: x * c for n, c in a.combination.items()}
    for n, c in b.combination.items():
        combination[n] = combination.get(n, Fraction(0)) + y * c
    coefficients = {atom: c for atom, c in coefficients.items() if c}
    return _Row(coefficients, x * a.constant + y * b.constant, combination)


def farkas(goal: Term, premises: Sequence[tuple[Term, bool]]) -> tuple[Fraction, ...] | None:
    """Multipliers λ with goal = Σ λᵢ·premiseᵢ + c, c > −1, or None.

    ``goal`` and the premises are linear index terms; a premise is (term, is it an equation),
    meaning term ≥ 0 or term = 0.

    >>> from proofkit.language.terms import lin
    >>> x, y = ('var', 'x', ('index',)), ('var', 'y', ('index',))
    >>> farkas(lin(0, {x: 1}), [(lin(-1, {y: 1}), False), (lin(0, {x: 1, y: -1}), False)])
    (Fraction(1, 1), Fraction(1, 1))
    """
    negated = ("lin", -goal[1] - 1, tuple((a, -c) for a, c in goal[2]))
    rows = [_row(negated, _GOAL)]
    for n, (term, equation) in enumerate(premises):
        rows.append(_row(term, n))
        if equation:
            rows.append(_row(term, n, -1))
    while True:
        for row in rows:
            if row.coefficients or row.constant >= 0:
                continue
            share = row.combination.get(_GOAL, Fraction(0))
            if not share and goal[2]:
                continue  # the premises contradict each other, which says nothing about the atoms
            scale = 1 / share if share else max(-goal[1], 0) / -row.constant
            return tuple(row.combination.get(n, Fraction(0)) * scale for n in range(len(premises)))
        rows = [row for row in rows if row.coefficients]
        atom = _cheapest(rows)
        if atom is None or len(rows) > MAX_ROWS:
            return None
        rows = _eliminate(rows, atom)


def _cheapest(rows: Iterable[_Row]) -> Term | None:
    counts: dict[Term, list[int]] = {}
    for row in rows:
        for atom, c in row.coefficients.items():
            counts.setdefault(atom, [0, 0])[c > 0] += 1
    if not counts:
        return None
    return min(counts, key=lambda a: (counts[a][0] * counts[a][1], a))


def _eliminate(rows: list[_Row], atom: Term) -> list[_Row]:
    kept: list[_Row] = []
    positive: list[_Row] = []
    negative: list[_Row] = []
    for row in rows:
        c = row.coefficients.get(atom)
        (kept if c is None else positive if c > 0 else negative).append(row)
    for p in positive:
        for n in negative:
            kept.append(_combine(p, n, -n.coefficients[atom], p.coefficients[atom]))
    unique: dict[tuple[object, ...], _Row] = {}
    for row in kept:
        size = max((abs(c) for c in row.coefficients.values()), default=Fraction(1))
        key = (tuple(sorted((a, c / size) for a, c in row.coefficients.items())),)
        best = unique.get(key)
        if best is None or row.constant / size < best.constant / _size(best):
            unique[key] = row
    return list(unique.values())


def _size(row: _Row) -> Fraction:
    return max((abs(c) for c in row.coefficients.values()), default=Fraction(1))
