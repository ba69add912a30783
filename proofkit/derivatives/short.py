"""The same term written short: common factors taken out, sums put together, one's own parts kept.

What is written encodes to the very term that was proved; only the writing is chosen here, and it
is chosen by what stands in the term and by nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import gcd, lcm, prod
from typing import Any, NamedTuple

from sympy import Rational, preorder_traversal

from proofkit.claims.decode import Decoder
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.reading import PLAIN
from proofkit.kernel.terms import EMPTY, NUM, scaled, total, transpose
from proofkit.kernel.words import linear_in, spine
from proofkit.symbols import Identity, Product, Scaled, Sum, Transposed, Zero, encode_term
from proofkit.symbols.faults import LanguageError

__all__ = ["Writer"]


class _Item(NamedTuple):
    """One term of a sum: a coefficient, scalar factors with powers, and letters."""

    p: int
    q: int
    monomial: Term
    word: Term


class Writer(Decoder):
    """Decodes terms; parts that somebody wrote, ``own``, are written so where they come again."""

    def __init__(self, used: Iterable[str], own: Iterable[Any] = ()) -> None:
        super().__init__(set(used))
        self.own: dict[Term, Any] = {}
        for whole in own:
            for part in preorder_traversal(whole):
                self._keep(part)

    def _keep(self, part: Any) -> None:
        try:
            term = encode_term(part)
        except (LanguageError, ArithmeticError, TypeError):
            return
        if term[0] in ("num", "mat") and len(term[-1]) > 1:
            self.own.setdefault(term, part)

    def _known(self, term: Term) -> Any:
        """What somebody wrote for this term, or for its opposite or transpose."""
        if term in self.own:
            return self.own[term]
        if (negative := scaled(term, -1)) in self.own:
            return -self.own[negative]
        if term[0] == "mat" and (turned := transpose(term)) in self.own:
            return self.own[turned].T
        return None

    # ── Matrices ───────────────────────────────────────────────────────────────────────────────
    def matrix(self, term: Term) -> Any:
        """A matrix, written short."""
        known = self._known(term)
        if known is not None:
            return known
        _, rows, cols, parts = term
        items = _merged([_Item(p, q, m, w) for (m, w), (p, q) in parts], self.own)
        if not items:
            return Zero(self.number(rows), self.number(cols))
        return self._sum(items, rows, cols)

    def _sum(self, items: list[_Item], rows: Term, cols: Term) -> Any:
        """A sum, what all terms have in common before and after it."""
        p, q = _content(items)
        items = [i._replace(p=i.p * q // (i.q * p), q=1) for i in items]
        shared = _common(items)
        items = [i._replace(monomial=_without(i.monomial, shared)) for i in items]
        if len(items) == 1:
            left, right, items = items[0].word, EMPTY, []
        else:
            left, right, items = _outside(items)
        factors = self._letters(left)
        if items:
            shape = _between(left, right, rows, cols)
            if scaled(_whole(items, *shape), -1) in self.own:
                p, items = -p, [i._replace(p=-i.p) for i in items]
            factors.append(self._inner(items, *shape))
        factors += self._letters(right)
        body = Product(*factors) if factors else Identity(self.number(rows))
        return self._scaled(Rational(p, q) * self._monomial(shared), body)

    def _inner(self, items: list[_Item], rows: Term, cols: Term) -> Any:
        """A sum without common factors: as somebody wrote it, or the largest group together."""
        known = self._known(_whole(items, rows, cols))
        if known is not None:
            return known
        product = _factored(items)
        if product is not None:
            before, after = product
            between = _size_between(next(i.word for i in before if i.word))
            return _scale_out(self._sum(before, rows, between), self._sum(after, between, cols))
        group = _group(items)
        if group and len(group) < len(items):
            rest = [i for i in items if i not in group]
            sums = [self._sum(part, rows, cols) for part in (group, rest)]
        else:
            sums = [self._sum([i], rows, cols) for i in items]
        return Sum(*sorted(sums, key=_is_negative))

    def _scaled(self, factor: Any, body: Any) -> Any:
        return body if factor == 1 else Scaled(factor, body)

    def _letters(self, word: Term) -> list[Any]:
        letters = ((self._letter(letter), t) for letter, t in word)
        return [Transposed(x) if t else x for x, t in letters]

    # ── Numbers ────────────────────────────────────────────────────────────────────────────────
    def number(self, term: Term) -> Any:
        """A number, written short."""
        known = self._known(term)
        if known is not None:
            return known
        items = [_Item(p, q, m, EMPTY) for (m, _), (p, q) in term[1]]
        shared = _common(items) if len(items) > 1 else EMPTY
        if shared:
            inner = [((_without(i.monomial, shared), EMPTY), i.p, i.q) for i in items]
            return self._monomial(shared) * self.number(total(NUM, inner))
        return super().number(term)


def _whole(items: list[_Item], rows: Term, cols: Term) -> Term:
    """The matrix that is the sum of the terms."""
    return total(("mat", rows, cols), [((i.monomial, i.word), i.p, i.q) for i in items])


def _scale_out(*factors: Any) -> Any:
    """A product, the numbers in its factors put before it."""
    scales = [x.args[0] for x in factors if isinstance(x, Scaled)]
    plain = [x.args[1] if isinstance(x, Scaled) else x for x in factors]
    return Scaled(prod(scales), Product(*plain))


# ── Choosing ───────────────────────────────────────────────────────────────────────────────────
def _merged(items: list[_Item], own: Mapping[Term, Any]) -> list[_Item]:
    """Terms that differ in one linear argument of one letter, put together: M ∘ X − M ∘ Y."""
    out = list(items)
    changed = True
    while changed:
        changed = False
        for n, a in enumerate(out):
            for b in out[n + 1 :]:
                both = _together(a, b, own)
                if both is not None:
                    out = [both if x is a else x for x in out if x is not b]
                    changed = True
                    break
            if changed:
                break
    return out


def _together(a: _Item, b: _Item, own: Mapping[Term, Any]) -> _Item | None:
    if a.monomial != b.monomial or len(a.word) != len(b.word):
        return None
    places = [n for n, (x, y) in enumerate(zip(a.word, b.word, strict=True)) if x != y]
    if len(places) != 1 or a.word[places[0]][1] != b.word[places[0]][1]:
        return None
    (x, t), (y, _) = a.word[places[0]], b.word[places[0]]
    (f, xs), (g, ys) = spine(x), spine(y)
    differ = [n for n, (u, v) in enumerate(zip(xs, ys, strict=False)) if u != v]
    if f != g or f[0] != "word" or len(differ) != 1 or differ[0] not in linear_in(f):
        return None
    n = differ[0]
    parts = [(key, p * a.p, q * a.q) for key, (p, q) in xs[n][3]]
    parts += [(key, p * b.p, q * b.q) for key, (p, q) in ys[n][3]]
    argument = total(xs[n][:3], parts)
    p, q = _content([_Item(c[0], c[1], m, w) for (m, w), c in argument[3]])
    argument = scaled(argument, q, p) if p > 0 else scaled(argument, -q, -p)
    if (opposite := scaled(argument, -1)) in own:
        argument, p = opposite, -p
    letter = f
    for k, value in enumerate(xs):
        letter = node("at", letter, argument if k == n else value)
    word = (*a.word[: places[0]], (letter, t), *a.word[places[0] + 1 :])
    return _Item(p, q, a.monomial, node(*word))


def _content(items: list[_Item]) -> tuple[int, int]:
    """The rational number that all coefficients are whole multiples of, with the first's sign."""
    q = lcm(*(i.q for i in items))
    p = gcd(*(i.p * (q // i.q) for i in items))
    first = next((i for i in _signed(items)), items[0])
    p = -p if first.p < 0 else p
    divisor = gcd(p, q)
    return p // divisor, q // divisor


def _common(items: list[_Item]) -> Term:
    """The scalar factors that all terms have."""
    powers = [dict(i.monomial) for i in items]
    shared = [(a, min(p.get(a, 0) for p in powers)) for a, _ in items[0].monomial]
    return node(*(node(a, n) for a, n in shared if n))


def _without(monomial: Term, shared: Term) -> Term:
    powers = dict(shared)
    left = ((a, n - powers.get(a, 0)) for a, n in monomial)
    return node(*(node(a, n) for a, n in left if n))


def _outside(items: list[_Item]) -> tuple[Term, Term, list[_Item]]:
    """The letters that all terms begin and end with, and what is between."""
    words = [i.word for i in items]
    shortest = min(map(len, words))
    left = 0
    while left < shortest and all(w[left] == words[0][left] for w in words):
        left += 1
    right = 0
    while right < shortest - left and all(w[-1 - right] == words[0][-1 - right] for w in words):
        right += 1
    inner = [i._replace(word=node(*i.word[left : len(i.word) - right])) for i in items]
    return node(*words[0][:left]), node(*words[0][len(words[0]) - right :]), inner


def _between(left: Term, right: Term, rows: Term, cols: Term) -> tuple[Term, Term]:
    """The shape of what stands between two words."""
    if left:
        letter, t = left[-1]
        rows = PLAIN.read(letter)[1][1 if t else 2]
    if right:
        letter, t = right[0]
        cols = PLAIN.read(letter)[1][2 if t else 1]
    return rows, cols


def _size_between(word: Term) -> Term:
    """The columns of a word."""
    letter, t = word[-1]
    return PLAIN.read(letter)[1][1 if t else 2]  # type: ignore[no-any-return]


def _factored(items: list[_Item]) -> tuple[list[_Item], list[_Item]] | None:
    """The sum as a product of two: (D + Dᵀ)(Xb + c)."""
    for end in (0, -1):
        groups: dict[Any, dict[Any, Fraction]] = {}
        for i in items:
            if not i.word:
                break
            rest = i.word[1:] if end == 0 else i.word[:-1]
            groups.setdefault(i.word[end], {})[i.monomial, rest] = Fraction(i.p, i.q)
        else:
            first = next(iter(groups.values()))
            if len(groups) < 2 or len(first) < 2:
                continue
            ratios = {x: _ratio(group, first) for x, group in groups.items()}
            if None in ratios.values():
                continue
            single = [
                _Item(r.numerator, r.denominator, EMPTY, node(x)) for x, r in ratios.items() if r
            ]
            rests = [_Item(c.numerator, c.denominator, m, node(*w)) for (m, w), c in first.items()]
            return (single, rests) if end == 0 else (rests, single)
    return None


def _ratio(a: dict[Any, Fraction], b: dict[Any, Fraction]) -> Fraction | None:
    """c with a = c·b, if there is one."""
    if set(a) != set(b):
        return None
    ratios = {a[key] / b[key] for key in a}
    return ratios.pop() if len(ratios) == 1 else None


def _group(items: list[_Item]) -> list[_Item] | None:
    """The most terms that share a last or a first letter and scalar factors."""
    groups: dict[Any, list[_Item]] = {}
    for i in items:
        if i.word:
            groups.setdefault(("right", i.word[-1]), []).append(i)
            groups.setdefault(("left", i.word[0]), []).append(i)
    best = max(groups.values(), key=len, default=[])
    return best if len(best) > 1 else None


def _signed(items: list[_Item]) -> list[_Item]:
    """What is added before what is subtracted."""
    return sorted(items, key=lambda i: i.p < 0)


def _is_negative(x: Any) -> bool:
    return isinstance(x, Scaled) and bool(x.args[0].could_extract_minus_sign())
