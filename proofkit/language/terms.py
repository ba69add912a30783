"""Index, real and matrix terms as nested tuples that are always in normal form.

Two matrix expressions denote the same element of the free algebra exactly when their tuples
are equal, so every comparison the kernel makes is `==` on tuples.  The shapes of a term::

    Index     ('lin', constant, ((atom, coefficient), ...))
    Real      ('poly', ((monomial, coefficient), ...))         monomial = ((atom, power), ...)
    Matrix    ('mat', rows, cols, (((monomial, word), coefficient), ...))
              word = ((letter, transposed), ...)               transposed is 0 or 1
    Family    a variable, ('member', F, i), ('tab', body), ('replaced', F, lo, hi, body),
              ('updated', F, at, matrix) or ('listed', (matrix, ...))
    Function  a variable or ('fun', rows, cols, body), a map from matrices to reals
    Width     a variable, ('wlam', n, body), ('table', (index, ...)) or
              ('ends', W, K, first, last): naturals at each index

Index atoms are variables, ('width', W, indices) and ('rank', matrix); real atoms are variables,
('value', f, matrix), ('trace', word) and ('int', index atom); letters are variables,
('chain', family, hi, lo), ('sum', family, hi, lo) and ('grad', f, matrix).  A variable is
('var', name, sort) when free and ('b', n) when bound, n counting binders from the inside (de
Bruijn).

A family takes one index or several.  ('member', F, i) is F with its first index given.  A body of
'tab', or what 'updated' puts in, may be a family instead of a matrix; then the family takes two
indices.  Their members are reduced as far as the index tells.  ('ends', W, K, first, last) is the
width function that is ``first`` where its last index is 0, ``last`` where that is 1 + K of the
others, and W elsewhere; its values are reduced likewise.  The two cases exclude each other,
because K is natural.

The sum Σ(F, hi, lo) is F_lo + ⋯ + F_hi, zero when hi < lo; all members of F have one shape.

The chain M[hi:lo] is the product M_hi⋯M_lo, the identity when hi = lo − 1 and without meaning
when hi < lo − 1.  So M[a:m+1]·M[m:b] is M[a:b] only where b − 1 ≤ m ≤ a, and adjacent pieces are
merged only where this is known: from constants, or from `facts`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, TypeAlias

from proofkit.language.errors import LanguageError, ShapeError

Term: TypeAlias = tuple[Any, ...]
Index: TypeAlias = Term
Real: TypeAlias = Term
Matrix: TypeAlias = Term
Word: TypeAlias = tuple[tuple[Term, int], ...]
Monomial: TypeAlias = tuple[tuple[Term, int], ...]
Raw: TypeAlias = dict[tuple[Monomial, Word], Any]
"""Terms of a matrix sum, before they are put in order: (monomial, word) ↦ rational."""
Facts: TypeAlias = Mapping[Term, int]
"""Known lower ends: the linear part p ↦ the least c for which c + p ≥ 0 is known."""

NO_FACTS: Facts = {}


# ── Index terms ────────────────────────────────────────────────────────────────────────────────
def lin(constant: int, parts: Mapping[Term, int] | Iterable[tuple[Term, int]] = ()) -> Index:
    """The linear index term ``constant + Σ coefficient·atom``.

    >>> k = ('var', 'k', ('index',))
    >>> lin(2, {k: 1})
    ('lin', 2, ((('var', 'k', ('index',)), 1),))
    """
    collected: dict[Term, int] = {}
    for atom, coefficient in parts.items() if isinstance(parts, Mapping) else parts:
        collected[atom] = collected.get(atom, 0) + coefficient
    kept = [(a, c) for a, c in collected.items() if c]
    return ("lin", constant, tuple(sorted(kept) if len(kept) > 1 else kept))


def index_sum(a: Index, b: Index, scale: int = 1) -> Index:
    """The index term a + scale·b."""
    if not b[2] and not a[2]:
        return ("lin", a[1] + scale * b[1], ())
    return lin(a[1] + scale * b[1], (*a[2], *((atom, scale * c) for atom, c in b[2])))


def index_difference(a: Index, b: Index) -> Index:
    """The index term a − b.

    >>> index_difference(lin(3), lin(1))
    ('lin', 2, ())
    """
    return ("lin", 0, ()) if a == b else index_sum(a, b, -1)


def is_natural(a: Index) -> bool:
    """Whether ``a`` is ≥ 0 by its form alone: naturals (widths, ranks) added up."""
    return a[1] >= 0 and all(
        c > 0 and (atom[0] in ("width", "rank") or (atom[0] == "var" and atom[2] == ("nat",)))
        for atom, c in a[2]
    )


def known_nonnegative(a: Index, facts: Facts) -> bool:
    """Whether a ≥ 0 is plain from constants or is one of ``facts`` plus a constant."""
    if not a[2]:
        return bool(a[1] >= 0)
    least = facts.get(a[2])
    return least is not None and bool(a[1] >= least)


def width_at(width: Term, arguments: tuple[Index, ...]) -> Index:
    """The natural number that the width function takes at the indices."""
    if width[0] == "table" and not arguments[0][2]:
        at = arguments[0][1]
        entries = width[1]
        return entries[at] if 0 <= at < len(entries) else lin(0)
    if width[0] == "ends":
        *others, last = arguments
        beyond = index_difference(last, width_at(width[2], tuple(others)))
        if last == lin(0) or beyond == lin(1):
            return width[3 if last == lin(0) else 4]  # type: ignore[no-any-return]
    if width[0] == "wlam":
        from proofkit.language.binding import open_binder

        return open_binder(width[2], arguments)
    return ("lin", 0, ((("width", width, arguments), 1),))


def member_of(family: Term, at: Index) -> Term:
    """A family of several indices with its first index given."""
    if family[0] == "tab":
        from proofkit.language.binding import open_binder

        return open_binder(family[1], (at,))
    if family[0] == "updated":
        apart = index_difference(at, family[2])
        if not apart[2]:
            return family[3] if apart[1] == 0 else member_of(family[1], at)
    return ("member", family, at)


# ── Real terms ─────────────────────────────────────────────────────────────────────────────────
ONE: Monomial = ()


def monomial_product(a: Monomial, b: Monomial) -> Monomial:
    """The product of two monomials."""
    if not a:
        return b
    if not b:
        return a
    powers = dict(a)
    for atom, power in b:
        powers[atom] = powers.get(atom, 0) + power
    return tuple(sorted(powers.items()))


def whole(c: int | Fraction) -> int | Fraction:
    """The number, as an integer if it is one."""
    return c if type(c) is int or c.denominator != 1 else c.numerator


def poly(parts: Mapping[Monomial, Any]) -> Real:
    """The polynomial with the given coefficients."""
    return ("poly", tuple(sorted((m, whole(c)) for m, c in parts.items() if c)))


def constant(value: int | Fraction) -> Real:
    """The real constant."""
    return poly({ONE: value})


def real_atom(atom: Term) -> Real:
    """The real term that is one atom."""
    return ("poly", ((((atom, 1),), 1),))


def real_sum(a: Real, b: Real, scale: int | Fraction = 1) -> Real:
    """The real term a + scale·b."""
    parts = dict(a[1])
    for m, c in b[1]:
        parts[m] = parts.get(m, 0) + scale * c
    return poly(parts)


def real_product(a: Real, b: Real) -> Real:
    """The product of two real terms."""
    parts: dict[Monomial, Any] = {}
    for m, c in a[1]:
        for n, e in b[1]:
            key = monomial_product(m, n)
            parts[key] = parts.get(key, 0) + c * e
    return poly(parts)


def real_power(a: Real, power: int) -> Real:
    """The real term aᵖ for a natural number p."""
    result = constant(1)
    for _ in range(power):
        result = real_product(result, a)
    return result


def real_from_index(a: Index) -> Real:
    """The integer ``a`` seen as a real number."""
    parts: dict[Monomial, Any] = {((("int", atom), 1),): c for atom, c in a[2]}
    parts[ONE] = a[1]
    return poly(parts)


# ── Words ──────────────────────────────────────────────────────────────────────────────────────
def chain_word(family: Term, hi: Index, lo: Index, transposed: int = 0) -> Word:
    """The word of the chain M[hi:lo]: empty when hi = lo − 1."""
    length = index_difference(hi, lo)
    if not length[2] and length[1] < 0:
        if length[1] == -1:
            return ()
        raise LanguageError(f"the chain [{show(hi)}:{show(lo)}] runs backwards; needs hi ≥ lo − 1")
    return ((("chain", family, hi, lo), transposed),)


def _joined(left: tuple[Term, int], right: tuple[Term, int], facts: Facts) -> Word | None:
    """The one letter that left·right is, if it is one: two adjacent pieces of a chain."""
    (a, t), (b, s) = left, right
    if t != s or a[0] != "chain" or b[0] != "chain" or a[1] != b[1]:
        return None
    upper, lower = (a, b) if t == 0 else (b, a)
    _, family, hi, cut = upper
    _, _, middle, lo = lower
    if index_difference(cut, middle) != ("lin", 1, ()):
        return None
    if not known_nonnegative(index_difference(hi, middle), facts):
        return None
    if not known_nonnegative(index_sum(index_difference(middle, lo), ("lin", 1, ())), facts):
        return None
    return chain_word(family, hi, lo, t)


def join(left: Word, right: Word, facts: Facts = NO_FACTS) -> Word:
    """The word left·right, adjacent pieces of a chain merged where ``facts`` allow it."""
    if not left or not right:
        return left or right
    stack = list(left)
    for letter in right:
        stack.append(letter)
        while len(stack) > 1 and (merged := _joined(stack[-2], stack[-1], facts)) is not None:
            stack[-2:] = merged
    return tuple(stack)


def transpose_word(word: Word) -> Word:
    """The word of the transpose: reversed, each letter flipped."""
    return tuple((letter, 1 - t) for letter, t in reversed(word))


def trace_of(word: Word, rows: Index | None, facts: Facts = NO_FACTS) -> Real:
    """tr(word), equal for all words that differ by rotation or transposition.

    ``rows`` is the size of the word, needed where it turns out to be an identity.
    """
    candidates = []
    for w in (word, transpose_word(word)):
        for cut in range(len(w)):
            candidates.append(join(w[cut:], w[:cut], facts))
    if not candidates or not (least := min(candidates, key=lambda w: (len(w), w))):
        if rows is None:
            raise LanguageError("the trace of an identity needs its size, which is not known here")
        return real_from_index(rows)
    return real_atom(("trace", least))


# ── Matrix terms ───────────────────────────────────────────────────────────────────────────────
def matrix(rows: Index, cols: Index, raw: Raw) -> Matrix:
    """The matrix term with the given shape and terms."""
    return ("mat", rows, cols, tuple(sorted((key, whole(c)) for key, c in raw.items() if c)))


def letter_matrix(rows: Index, cols: Index, word: Word) -> Matrix:
    """The matrix term that is one word."""
    return ("mat", rows, cols, (((ONE, word), 1),))


def identity(n: Index) -> Matrix:
    """The n×n identity."""
    return letter_matrix(n, n, ())


def zero(rows: Index, cols: Index) -> Matrix:
    """The zero matrix."""
    return ("mat", rows, cols, ())


def raw_product(a: Raw, b: Raw, facts: Facts = NO_FACTS) -> Raw:
    """The product of two sums of words, shapes aside."""
    result: Raw = {}
    for (m, v), c in a.items():
        for (n, w), e in b.items():
            key = (monomial_product(m, n), join(v, w, facts))
            result[key] = result.get(key, 0) + c * e
    return result


def matrix_sum(a: Matrix, b: Matrix, scale: int | Fraction = 1) -> Matrix:
    """The matrix term a + scale·b; `ShapeError` unless the shapes agree."""
    if a[1:3] != b[1:3]:
        raise ShapeError(
            f"cannot add a {show_shape(b)} matrix to a {show_shape(a)} one: shapes must agree"
        )
    raw = dict(a[3])
    for key, c in b[3]:
        raw[key] = raw.get(key, 0) + scale * c
    return matrix(a[1], a[2], raw)


def matrix_product(a: Matrix, b: Matrix, facts: Facts = NO_FACTS) -> Matrix:
    """The matrix term a·b; `ShapeError` unless a has as many columns as b has rows."""
    if a[2] != b[1]:
        raise ShapeError(
            f"cannot multiply {show_shape(a)} by {show_shape(b)}: "
            f"{show(a[2])} columns meet {show(b[1])} rows"
        )
    return matrix(a[1], b[2], raw_product(dict(a[3]), dict(b[3]), facts))


def scalar_product(c: Real, a: Matrix) -> Matrix:
    """The matrix term c·a."""
    raw: Raw = {}
    for m, e in c[1]:
        for (n, w), f in a[3]:
            key = (monomial_product(m, n), w)
            raw[key] = raw.get(key, 0) + e * f
    return matrix(a[1], a[2], raw)


def transpose(a: Matrix) -> Matrix:
    """The transpose, pushed to the letters."""
    return matrix(a[2], a[1], {(m, transpose_word(w)): c for (m, w), c in a[3]})


def trace(a: Matrix, facts: Facts = NO_FACTS) -> Real:
    """The trace of a square matrix term, as a real term."""
    if a[1] != a[2]:
        raise ShapeError(f"only a square matrix has a trace, not a {show_shape(a)} one")
    result = poly({})
    for (m, w), c in a[3]:
        result = real_sum(result, real_product(poly({m: c}), trace_of(w, a[1], facts)))
    return result


def value(function: Term, argument: Matrix) -> Real:
    """f(argument); a function given by a body is applied at once."""
    if function[0] == "fun":
        from proofkit.language.binding import open_binder

        return open_binder(function[3], (argument,))
    return real_atom(("value", function, argument))


def gradient(function: Term, argument: Matrix) -> Matrix:
    """f'(argument), of the shape of the argument."""
    return letter_matrix(argument[1], argument[2], ((("grad", function, argument), 0),))


# ── Plain text, for messages ───────────────────────────────────────────────────────────────────
def show(term: Term) -> str:
    """A term or claim in plain text, for messages.

    >>> show(lin(1, {('width', ('var', 'd', ('width', 1)), (lin(0),)): 1}))
    'd(0) + 1'
    """
    from proofkit.language.printing import text

    return text(term)


def show_shape(a: Matrix) -> str:
    """The shape of a matrix term, for messages."""
    return f"{show(a[1])}×{show(a[2])}"
