"""Completing the square: a quadratic form in matrices and numbers as a sum of squares.

The form is written with a symmetric table of coefficients, ‖U‖² on its diagonal and ⟨U, V⟩ beside
it; Gaussian elimination gives the squares (G. Golub, C. Van Loan, Matrix Computations, 4th ed.
2013, §4.1.2).  What multiples of them make up the form is sought like any combination of orders.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from proofkit.kernel import Theorem
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.terms import (
    EMPTY,
    NUM,
    each,
    number,
    of_word,
    plus,
    reverse,
    times,
    total,
    trace,
    transpose,
)
from proofkit.script.matching import fact
from proofkit.script.search.patterns import ends

__all__ = ["completed_squares"]

MOST_ROOTS = 8
"""Squares on the diagonal of a form that is looked at."""


def completed_squares(e: Term) -> list[Theorem]:
    """That squares are not negative of which the number may be a sum."""
    roots = _roots(e)
    if not 1 < len(roots) <= MOST_ROOTS:
        return []
    table = _table(e, roots)
    found: list[Theorem] = []
    for n, root in enumerate(roots):
        pivot = table[n][n]
        if pivot <= 0:
            continue
        square = root
        for m in range(n + 1, len(roots)):
            ratio = table[n][m] / pivot
            if ratio and _fit(root, roots[m]):
                square = plus(square, roots[m], ratio.numerator, ratio.denominator)
            for k in range(n + 1, len(roots)):
                table[m][k] -= ratio * table[n][k]
        if square[0] == "mat":
            found.append(fact("square norm", square[1], square[2], square))
        else:
            found.append(fact("square is nonnegative", square))
    return found


def _roots(e: Term) -> list[Term]:
    """Matrices and numbers whose squares are terms of the number, with coefficients > 0."""
    found: dict[Term, None] = {}
    for (monomial, _), p, _ in each(e):
        if p > 0 and (root := _root(monomial)) is not None:
            found.setdefault(root)
    # The square of a sum with 1 in it may leave no constant, which a strict order needs.
    return sorted(found, key=number(1).__eq__)


def _root(monomial: Term) -> Term | None:
    """X if a product is ‖X‖², or x if it is x²."""
    odd = [(atom, power) for atom, power in monomial if power % 2]
    half = node(*(node(atom, power // 2) for atom, power in monomial if power > 1))
    scale = total(NUM, [((half, EMPTY), 1, 1)])
    if not odd:
        return scale
    (atom, power), *others = odd
    if others or power != 1 or atom[0] != "trace":
        return None
    word = atom[1]
    middle, left_over = divmod(len(word), 2)
    for cut in range(0 if left_over else len(word)):
        turned = node(*word[cut:], *word[:cut])
        part = node(*turned[middle:])
        if turned[:middle] == reverse(part):
            sort = ("matrix", ends(part[0])[0], ends(part[-1])[1])
            return times(scale, of_word(sort, part))
    return None


def _fit(u: Term, v: Term) -> bool:
    """Whether both are numbers, or matrices of one shape."""
    return u[0] == v[0] and (u[0] == "num" or u[1:3] == v[1:3])


def _inner(u: Term, v: Term) -> Term:
    """⟨U, V⟩, or the product of two numbers."""
    return times(u, v) if u[0] == "num" else trace(times(transpose(u), v))


def _table(e: Term, roots: list[Term]) -> list[list[Fraction]]:
    """The coefficients of the form, each term in one place."""
    left: dict[Any, Fraction] = {key: Fraction(p, q) for key, p, q in each(e)}
    size = len(roots)
    table = [[Fraction(0)] * size for _ in range(size)]
    for apart in range(size):
        for n in range(size - apart):
            m = n + apart
            if _fit(roots[n], roots[m]):
                ((key, _, _),) = each(_inner(roots[n], roots[m]))
                share = left.pop(key, Fraction(0))
                table[n][m] = table[m][n] = share if n == m else share / 2
    return table
