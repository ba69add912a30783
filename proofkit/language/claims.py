"""Propositions as nested tuples, order relations and equations brought to one side.

::

    ('inonneg', index)   ('inull', index)                  index ≥ 0, index = 0
    ('rnonneg', real)    ('rpos', real)    ('rnull', real)  real ≥ 0, > 0, = 0
    ('mnull', matrix)                                      matrix = 0
    ('and', (…))  ('or', (…))  ('not', p)  ('implies', p, q)  ('false',)
    ('forall', sort, body)  ('exists', sort, body)         one binder
    ('near', sorts, centres, body)                         for all variables near their centres
    ('differentiable', f)  ('convex', f)
"""

from __future__ import annotations

from proofkit.language.terms import (
    Term,
    index_difference,
    index_sum,
    lin,
    matrix,
    matrix_sum,
    poly,
    real_sum,
)

FALSE: Term = ("false",)


def index_le(a: Term, b: Term) -> Term:
    """a ≤ b."""
    return ("inonneg", index_difference(b, a))


def index_lt(a: Term, b: Term) -> Term:
    """a < b, that is a + 1 ≤ b."""
    return ("inonneg", index_sum(index_difference(b, a), lin(1), -1))


def index_null(a: Term) -> Term:
    """a = 0, the sign chosen so that a = 0 and −a = 0 are one claim."""
    leading = a[2][0][1] if a[2] else a[1]
    return ("inull", a if leading >= 0 else lin(-a[1], tuple((t, -c) for t, c in a[2])))


def index_eq(a: Term, b: Term) -> Term:
    """a = b."""
    return index_null(index_difference(a, b))


def real_null(a: Term) -> Term:
    """a = 0, the sign chosen as above."""
    flip = bool(a[1]) and a[1][0][1] < 0
    return ("rnull", poly({m: -c for m, c in a[1]}) if flip else a)


def real_eq(a: Term, b: Term) -> Term:
    """a = b."""
    return real_null(real_sum(a, b, -1))


def real_le(a: Term, b: Term) -> Term:
    """a ≤ b."""
    return ("rnonneg", real_sum(b, a, -1))


def real_lt(a: Term, b: Term) -> Term:
    """a < b."""
    return ("rpos", real_sum(b, a, -1))


def matrix_null(a: Term) -> Term:
    """a = 0, the sign chosen as above."""
    flip = bool(a[3]) and a[3][0][1] < 0
    return ("mnull", matrix(a[1], a[2], {key: -c for key, c in a[3]}) if flip else a)


def matrix_eq(a: Term, b: Term) -> Term:
    """a = b; `ShapeError` unless the shapes agree."""
    return matrix_null(matrix_sum(a, b, -1))


def negation(p: Term) -> Term:
    """¬p, order relations turned round (the orders are total) and ¬¬q written q."""
    tag = p[0]
    if tag == "not":
        return p[1]  # type: ignore[no-any-return]
    if tag == "inonneg":
        return ("inonneg", lin(-p[1][1] - 1, tuple((a, -c) for a, c in p[1][2])))
    if tag in ("rnonneg", "rpos"):
        opposite = "rpos" if tag == "rnonneg" else "rnonneg"
        return (opposite, poly({m: -c for m, c in p[1][1]}))
    return ("not", p)


def conjunction(parts: tuple[Term, ...]) -> Term:
    """All of the parts; a single part stands for itself."""
    return parts[0] if len(parts) == 1 else ("and", parts)


def implication(premises: tuple[Term, ...], conclusion: Term) -> Term:
    """p₁ → (p₂ → … → conclusion)."""
    for premise in reversed(premises):
        conclusion = ("implies", premise, conclusion)
    return conclusion
