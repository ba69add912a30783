"""Claims that are made of others: negations, equations and orders (FORMAT.md, section 5)."""

from __future__ import annotations

from proofkit.kernel.binding import B0, lifted
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.terms import as_term, minus, number, scaled

FALSE = node("false")


def negation(p: Term) -> Term:
    """The claim ¬p: the orders are total, and ¬¬q is q.

    >>> negation(("rpos", number(1)))
    ('rnonneg', ('num', ((((), ()), (-1, 1)),)))
    """
    tag = p[0]
    if tag == "inonneg":
        return node(tag, minus(number(-1), p[1]))
    if tag in ("rnonneg", "rpos"):
        return node("rpos" if tag == "rnonneg" else "rnonneg", scaled(p[1], -1))
    return node(*p[1]) if tag == "not" else node("not", p)


def null(e: Term) -> Term:
    """The claim e = 0, the same as −e = 0."""
    negative = bool(e[-1]) and e[-1][0][1][0] < 0
    return node("null", scaled(e, -1) if negative else e)


def equation(sort: Term, a: Term, b: Term) -> Term:
    """The claim a = b for terms of the sort; of functions, that all their values are equal."""
    if sort[0] != "to":
        return null(minus(a, b))
    values = (as_term(node("at", lifted(f, 1), B0), sort[2]) for f in (a, b))
    return node("forall", sort[1], equation(sort[2], *values))


def at_most(a: Term, b: Term) -> Term:
    """The claim a ≤ b for integers."""
    return node("inonneg", minus(b, a))
