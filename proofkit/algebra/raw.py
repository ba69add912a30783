"""Sums of words while cofactors are looked for: keys (monomial, word) with Python's numbers."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from proofkit.kernel.nodes import Term
from proofkit.kernel.reading import PLAIN, Reading
from proofkit.kernel.terms import Facts, each, total

__all__ = ["Raw", "joined", "raw", "summed", "words"]

Raw = dict[Term, Any]
"""Terms of a number or matrix that are not in order: (monomial, word) ↦ integer or fraction."""


def raw(e: Term) -> Raw:
    """The terms of a number or matrix."""
    return {key: p if q == 1 else Fraction(p, q) for key, p, q in each(e)}


def summed(head: Term, terms: Raw) -> Term:
    """The number, or the matrix of that head, with these terms.

    >>> summed(("num",), {((), ()): Fraction(1, 2)})
    ('num', ((((), ()), (1, 2)),))
    """
    return total(head, ((key, c.numerator, c.denominator) for key, c in terms.items()))


def words(e: Term) -> Iterator[Term]:
    """The words of a number or matrix, and those in its traces."""
    for (monomial, word), _ in e[-1]:
        yield word
        yield from (x[1] for x, _ in monomial if x[0] == "trace")


class _Joining(Reading):
    """Merges chains as far as facts allow; values of functions are looked up as without facts.

    So what it gives still means something where nothing is known.
    """

    def natural(self, e: Term, ctx: tuple[Term, ...]) -> bool:
        return PLAIN.natural(e, ctx)


def joined(x: Term, facts: Facts) -> Term:
    """The claim or term with every chain merged as far as ``facts`` allow, binders included."""
    if _last[0].facts is not facts:
        _last[0] = _Joining(facts)
    return _last[0].read(x)[0]


_last = [_Joining()]
"""The facts asked about last, with what was found."""
