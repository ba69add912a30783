"""Sums of words while cofactors are looked for: keys (monomial, word) with Python's numbers."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from proofkit.kernel.nodes import Term, node
from proofkit.kernel.terms import NO_FACTS, Facts, each, join, powers, total

__all__ = ["Raw", "raw", "raw_product", "summed", "words"]

Raw = dict[Term, Any]
"""Terms of a number or matrix that are not in order: (monomial, word) ↦ integer or fraction."""


def raw(e: Term) -> Raw:
    """The terms of a number or matrix."""
    return {key: p if q == 1 else Fraction(p, q) for key, p, q in each(e)}


def raw_product(a: Raw, b: Raw, facts: Facts = NO_FACTS) -> Raw:
    """The product of two sums of words, shapes aside."""
    result: Raw = {}
    for (m, v), c in a.items():
        for (n, w), e in b.items():
            key = node(powers(m, n), join(v, w, facts))
            result[key] = result.get(key, 0) + c * e
    return result


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
