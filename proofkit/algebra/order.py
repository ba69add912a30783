"""Search for Farkas multipliers: which combination of known inequalities gives the wanted one.

Untrusted: what it finds is checked by `proofkit.kernel.arithmetic`.  Method: Fourier–Motzkin
elimination with the combinations carried along (A. Schrijver, Theory of Linear and Integer
Programming, 1986, §12.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import gcd
from typing import NamedTuple

from proofkit.kernel.nodes import Term
from proofkit.kernel.terms import constant, minus, number, split

__all__ = ["farkas"]

MAX_ROWS = 4000
"""Elimination can square the number of rows at each step; past this the search gives up."""


class _Row(NamedTuple):
    """coefficients·atoms + constant ≥ 0, a combination of the premises; all in whole numbers."""

    coefficients: dict[int, int]
    constant: int
    combination: dict[int, int]


_GOAL = -1


def _row(term: Term, name: int, atoms: dict[Term, int], sign: int = 1) -> _Row:
    rest, (constant, _) = split(term)
    return _Row({atoms[key]: sign * p for key, (p, _) in rest}, sign * constant, {name: sign})


def _combine(a: _Row, b: _Row, x: int, y: int) -> _Row:
    coefficients = {atom: x * c for atom, c in a.coefficients.items()}
    for atom, c in b.coefficients.items():
        coefficients[atom] = coefficients.get(atom, 0) + y * c
    combination = {n: x * c for n, c in a.combination.items()}
    for n, c in b.combination.items():
        combination[n] = combination.get(n, 0) + y * c
    coefficients = {atom: c for atom, c in coefficients.items() if c}
    constant = x * a.constant + y * b.constant
    common = gcd(constant, *coefficients.values(), *combination.values())
    if common > 1:
        coefficients = {atom: c // common for atom, c in coefficients.items()}
        combination = {n: c // common for n, c in combination.items()}
        constant //= common
    return _Row(coefficients, constant, combination)


def farkas(goal: Term, premises: Sequence[tuple[Term, bool]]) -> tuple[Fraction, ...] | None:
    """Multipliers λ with goal = Σ λᵢ·premiseᵢ + c, c > −1, or None.

    ``goal`` and the premises are numbers of sort index, their monomials taken as unknowns; a
    premise is (term, is it an equation), meaning term ≥ 0 or term = 0.

    >>> from proofkit.kernel.terms import INDEX, as_term, minus, number
    >>> x, y = (as_term(('var', name, INDEX), INDEX) for name in 'xy')
    >>> farkas(x, [(minus(y, number(1)), False), (minus(x, y), False)])
    (Fraction(1, 1), Fraction(1, 1))
    """
    keys = {key for e in (goal, *(term for term, _ in premises)) for key, _ in split(e)[0]}
    atoms = {key: n for n, key in enumerate(sorted(keys))}
    at_least = split(goal)[1][0]
    rows = [_row(minus(number(-1), goal), _GOAL, atoms)]
    for n, (term, equation) in enumerate(premises):
        rows.append(_row(term, n, atoms))
        if equation:
            rows.append(_row(term, n, atoms, -1))
    while True:
        for row in rows:
            if row.coefficients or row.constant >= 0:
                continue
            share = row.combination.get(_GOAL, 0)
            if not share and constant(goal) is None:
                continue  # the premises contradict each other, which says nothing about the atoms
            scale = Fraction(1, share) if share else Fraction(max(-at_least, 0), -row.constant)
            return tuple(row.combination.get(n, 0) * scale for n in range(len(premises)))
        rows = [row for row in rows if row.coefficients]
        atom = _cheapest(rows)
        if atom is None or len(rows) > MAX_ROWS:
            return None
        rows = _eliminate(rows, atom)


def _cheapest(rows: Iterable[_Row]) -> int | None:
    counts: dict[int, list[int]] = {}
    for row in rows:
        for atom, c in row.coefficients.items():
            counts.setdefault(atom, [0, 0])[c > 0] += 1
    if not counts:
        return None
    return min(counts, key=lambda a: (counts[a][0] * counts[a][1], a))


def _eliminate(rows: list[_Row], atom: int) -> list[_Row]:
    kept: list[_Row] = []
    positive: list[_Row] = []
    negative: list[_Row] = []
    for row in rows:
        c = row.coefficients.get(atom)
        (kept if c is None else positive if c > 0 else negative).append(row)
    for p in positive:
        for n in negative:
            kept.append(_combine(p, n, -n.coefficients[atom], p.coefficients[atom]))
    unique: dict[frozenset[tuple[int, int]], tuple[int, _Row]] = {}
    for row in kept:
        common = gcd(*row.coefficients.values()) or 1
        key = frozenset((a, c // common) for a, c in row.coefficients.items())
        best = unique.get(key)
        if best is None or row.constant * best[0] < best[1].constant * common:
            unique[key] = (common, row)
    return [row for _, row in unique.values()]
