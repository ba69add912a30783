"""Matching up to the order of sums and factors: which values make a general claim the one at hand.

`ways` gives candidates only: where a pattern leaves several possibilities, or none that can be seen
by its form, it goes on, and whoever uses a candidate compares normal forms in the end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice, permutations
from typing import Any

from proofkit.kernel import LanguageError
from proofkit.kernel.binding import SCOPE, closed, free, opened, reach
from proofkit.kernel.nodes import Term, node, remembered
from proofkit.kernel.reading import PLAIN, fits, read_by
from proofkit.kernel.terms import (
    EMPTY,
    NO_FACTS,
    NUM,
    NUMBERS,
    Facts,
    as_term,
    chain,
    constant,
    each,
    identity,
    join,
    known,
    minus,
    number,
    of_word,
    plus,
    reverse,
    scaled,
    total,
    transpose,
)

__all__ = ["Found", "Matcher", "cut_at", "ends", "filled"]

Found = dict[str, Term]
"""Values by the names of the variables."""

TAKEN = "_c"
"""How variables are called that are taken for bound ones; no value speaks of them."""

MOST_WAYS = 24
"""Ways in which one pattern is matched, so that sums of many terms are not turned over and over."""


def filled(
    pattern: Term, variables: Iterable[Term], found: Mapping[str, Term], read: bool = False
) -> Term:
    """The pattern in normal form with the values found put in; the others stay."""
    names = free(pattern)  # by which they are known: the sorts of some may have been filled
    there = [names[v[1]] for v in variables if v[1] in found and v[1] in names]
    if not there:
        return read_by(PLAIN, pattern) if read else pattern
    # The last are put in first: the sorts of some speak of those before.
    return read_by(PLAIN, opened(closed(pattern, *there), *(found[v[1]] for v in there)))


class Matcher:
    """Matches patterns in some variables; chains are split as the facts allow."""

    def __init__(
        self,
        variables: Iterable[Term],
        facts: Facts = NO_FACTS,
        spend: Callable[[], None] = lambda: None,
    ) -> None:
        self.variables = {str(v[1]): v for v in variables}
        self.facts, self.spend = facts, spend
        self._taken = 0

    def ways(self, pattern: Term, x: Term, found: Found) -> Iterator[Found]:
        """Values under which the pattern may be x, at most `MOST_WAYS`, likely ones first."""
        try:
            yield from islice(self._ways(pattern, x, found), MOST_WAYS)
        except LanguageError:
            return

    def bound(self, v: Term, x: Term, found: Found) -> Iterator[Found]:
        """The variable is x, if its sort allows that; sizes are found on the way."""
        try:
            yield from self._bound(v, x, found)
        except LanguageError:
            return

    def open_in(self, pattern: Term, found: Found) -> list[str]:
        """The variables of a pattern that have no value yet, in order."""
        return [name for name in self.variables if name in free(pattern) and name not in found]

    # ── Any term ───────────────────────────────────────────────────────────────────────────────
    def _ways(self, p: Any, x: Any, found: Found) -> Iterator[Found]:
        self.spend()
        if type(p) is not tuple or type(x) is not tuple:
            if p == x:
                yield found
            return
        if p == x and self._closed(p):
            yield found
            return
        if p and type(p[0]) is str and not self.open_in(p, found):
            if p[0] != "b" and filled(p, self.variables.values(), found, read=True) == x:
                yield found
            return
        v = self._variable(p)
        if v is not None:
            if v[1] not in found:
                yield from self._bound(v, x, found)
            elif found[v[1]] == (x if x[0] in ("num", "mat") else as_term(x, PLAIN.read(x)[1])):
                yield found
        elif not p or not x or type(p[0]) is not str:
            if len(p) == len(x):
                yield from self._parts(p, x, found)
        elif p[0] == "num" and x[0] == "num":
            yield from self._sums(p, x, found)
        elif p[0] == "mat" and x[0] == "mat":
            for inner in self._sums(p, x, found):
                if self.open_in(p[1:3], inner):
                    yield from self._parts(p[1:3], x[1:3], inner)
                yield inner
        elif p[0] == "null" and x[0] == "null":
            yield from self._ways(p[1], x[1], found)
            yield from self._ways(p[1], scaled(x[1], -1), found)
        elif p[0] == "trace" and x[0] == "trace":
            yield from self._traces(p[1], x[1], found)
        elif p[0] in SCOPE and p[0] == x[0]:
            yield from self._below(p, x, found)
        else:
            if p[0] == x[0] and len(p) == len(x):
                yield from self._parts(p, x, found)
            if p[0] == "at" and x[0] in ("lam", "changed", "at", "var"):
                yield from self._applied(p[1], p[2], x, found)

    def _below(self, p: Term, x: Term, found: Found) -> Iterator[Found]:
        """What is below binders of the same kind; their variables are taken, and stay inside."""
        sorts = (p[1], x[1]) if p[0] == "near" else ((p[1],), (x[1],))
        if len(sorts[0]) != len(sorts[1]):
            return
        for around in self._parts(p[1:-1], x[1:-1], found):
            taken = [node("var", f"{TAKEN}{self._taken + n}", s) for n, s in enumerate(sorts[1])]
            self._taken += len(taken)
            inner = read_by(PLAIN, opened(x[-1], *(as_term(c, c[2]) for c in taken)))
            yield from self._ways(opened(p[-1], *taken), inner, around)

    def _closed(self, p: Term) -> bool:
        return self.variables.keys().isdisjoint(free(p))

    def _parts(self, p: Any, x: Any, found: Found) -> Iterator[Found]:
        """All parts of a node, one after the other."""
        if not p:
            if not x:
                yield found
            return
        if not x:
            return
        for here in self._ways(p[0], x[0], found):
            yield from self._parts(p[1:], x[1:], here)

    def _filled(self, p: Term, found: Found) -> Term:
        return filled(p, self.variables.values(), found)

    def _variable(self, p: Term) -> Term | None:
        """The variable that a pattern just is, as itself or as a number or matrix."""
        match p:
            case ("num", ((((((v, 1),), ()), (1, 1)),))):
                return self._variable(v)
            case ("mat", _, _, ((((), ((v, 0),)), (1, 1)),)):
                return self._variable(v)
            case ("var", name, _):
                return self.variables.get(name)
        return None

    def _bound(self, v: Term, x: Term, found: Found) -> Iterator[Found]:
        """The variable is x, if it can be; the sizes in its sort are found on the way."""
        if reach(x) or any(name.startswith(TAKEN) for name in free(x)):
            return
        if x[0] not in ("num", "mat"):
            x = as_term(x, PLAIN.read(x)[1])
        sort = ("matrix", *x[1:3]) if x[0] == "mat" else PLAIN.read(x)[1]
        if v[2][0] in NUMBERS:
            if fits(sort, v[2]):
                yield {**found, v[1]: x}
            return
        for sized in self._ways(v[2], sort, found):
            yield {**sized, v[1]: x}
        if v[2][0] == "to" and self.open_in(v[2], found):
            yield {**found, v[1]: x}  # its sizes are told by something else

    def _function(self, p: Term, x: Term, found: Found) -> Iterator[Found]:
        """F(c) for a function F that is sought and a variable c that was taken: x as one of c."""
        match p[-1]:
            case (((((("at", f, argument), 1),), ()), (1, 1)),):
                pass
            case ((((), ((("chain", f, argument, same), 0),)), (1, 1)),) if argument == same:
                pass
            case ((((), ((("at", f, argument), 0),)), (1, 1)),):
                pass
            case _:
                return
        yield from self._applied(f, argument, x, found)

    def _applied(self, f: Term, argument: Term, x: Term, found: Found) -> Iterator[Found]:
        v = self._variable(f)
        if v is None or v[1] in found:
            return
        match argument:
            case ("num", ((((((c, 1),), ()), (1, 1)),))):
                pass
            case ("mat", _, _, ((((), ((c, 0),)), (1, 1)),)):
                pass
            case _:
                return
        if c[0] == "var" and c[1].startswith(TAKEN):
            value = _contracted(read_by(PLAIN, node("lam", c[2], closed(x, c))))
            yield from self._bound(v, value, found)

    # ── Sums ───────────────────────────────────────────────────────────────────────────────────
    def _sums(self, p: Term, x: Term, found: Found) -> Iterator[Found]:
        """Terms one by one; what stands alone as a variable takes the rest."""
        yield from self._function(p, x, found)
        if self._has_value(p, found):
            reduced = self._partly(p, found)
            if reduced != p:
                yield from self._ways(reduced, x, found)
                return
        head = x[:-1]
        rigid: list[Any] = []
        alone: list[Any] = []
        for term in p[-1]:
            v = self._variable(node(*p[:-1], node(node(term[0], node(1, 1)))))
            (alone if v is not None and v[1] not in found else rigid).append((term, v))
        if len(rigid) == 1 and not alone and len(x[-1]) > 1:
            yield from self._linear(rigid[0][0], x, found)
        if not alone and len(rigid) != len(x[-1]) and self._stay_apart(rigid, found):
            return
        rigid.sort(key=lambda item: len(self.open_in(node(*item[0][0]), found)))
        yield from self._terms([t for t, _ in rigid], alone, list(x[-1]), head, found)

    def _stay_apart(self, terms: list[Any], found: Found) -> bool:
        """Whether each term has a variable that no other tells, so that it is one term there."""
        names = [self.open_in(node(*key), found) for (key, _), _ in terms]
        counts = Counter(name for own in names for name in own)
        return all(any(counts[name] == 1 for name in own) for own in names)

    def _terms(
        self, rigid: list[Any], alone: list[Any], left: list[Any], head: Any, found: Found
    ) -> Iterator[Found]:
        if rigid:
            ((monomial, word), size), *rest = rigid
            known = self._known(rigid[0], head, found)
            if known is not None:  # what it is, is known: it goes off the other side
                remaining = total(head, [(k, *c) for k, c in left] + known)
                yield from self._terms(rest, alone, list(remaining[-1]), head, found)
                return
            for n, ((m, w), c) in enumerate(left):
                if c != size:
                    continue
                for inner in self._keys(monomial, word, m, w, found):
                    yield from self._terms(rest, alone, left[:n] + left[n + 1 :], head, inner)
            return
        if not alone:
            if not left:
                yield found
        elif len(alone) == 1:
            (_, size), v = alone[0]
            value = total(head, [(k, *_ratio(c, size)) for k, c in left])
            yield from self._bound(v, value, found)
        else:
            if len(alone) == len(left):
                for order in permutations(left):
                    yield from self._each_alone(alone, order, head, found)
            yield found  # something else may tell which is which

    def _known(self, term: Any, head: Any, found: Found) -> list[Any] | None:
        """Minus a term of the pattern, once all its variables have values."""
        key, size = term
        if self.open_in(node(*key), found):
            return None
        if self._closed(node(*key)):
            return [(key, -size[0], size[1])]
        value = self._filled(node(*head, node(node(key, size))), found)
        return each(scaled(value, -1))

    def _each_alone(self, alone: Any, order: Any, head: Any, found: Found) -> Iterator[Found]:
        if not alone:
            yield found
            return
        (_, size), v = alone[0]
        key, c = order[0]
        for here in self._bound(v, total(head, [(key, *_ratio(c, size))]), found):
            yield from self._each_alone(alone[1:], order[1:], head, here)

    def _linear(self, term: Any, x: Term, found: Found) -> Iterator[Found]:
        """A term with one unknown matrix in it, against a sum: the unknown is a sum, too."""
        (monomial, word), size = term
        unknown = self.open_in(node(monomial, word), found)
        matrices = [n for n in unknown if self.variables[n][2][0] == "matrix"]
        if not matrices or len(matrices) > 2:
            return
        for name in matrices:
            if _count(node(monomial, word), name) > 1:
                continue
            sums: list[Found] = [found]
            values: list[Term] = []
            for (m, w), c in x[-1]:
                step: list[Found] = []
                for before in sums[:4]:
                    rest = {k: v for k, v in before.items() if k != name}
                    for way in islice(self._keys(monomial, word, m, w, rest), 4):
                        if name in way:
                            step.append(way)
                            break
                if not step:
                    break
                values.append(scaled(step[0][name], *_ratio(c, size)))
                sums = [{k: v for k, v in step[0].items() if k != name}]
            else:
                try:
                    whole = values[0]
                    for value in values[1:]:
                        whole = total(whole[:-1], each(whole) + each(value))
                except LanguageError:
                    continue
                yield {**sums[0], name: whole}

    def _has_value(self, p: Term, found: Found) -> bool:
        """Whether a function that was found is applied in a sum, so that its value is looked up."""
        for (monomial, _), _ in p[-1]:
            for atom, _ in monomial:
                if atom[0] == "at":
                    v = self._variable(atom[1])
                    if v is not None and found.get(v[1], atom)[0] == "lam":
                        return True
        return False

    def _partly(self, p: Term, found: Found) -> Term:
        """The pattern with what was found put in, those still open of the sorts this gives them."""
        old: list[Term] = []
        new: list[Term] = []
        for name, v in self.variables.items():
            if name in found:
                value = found[name]
            else:
                sort = opened(closed(v[2], *old), *new) if old else v[2]
                value = as_term(node("var", name, sort), sort)
            old.append(v)
            new.append(value)
        try:
            return read_by(PLAIN, opened(closed(p, *old), *new))
        except LanguageError:
            return p

    # ── Products ───────────────────────────────────────────────────────────────────────────────
    def _keys(self, m: Term, w: Term, n: Term, v: Term, found: Found) -> Iterator[Found]:
        for word in dict.fromkeys((v, _in_pieces(v) if len(w) > len(v) else v)):
            for inner in self._words(w, word, found):
                yield from self._monomials(list(m), list(n), inner)

    def _monomials(self, p: list[Any], x: list[Any], found: Found) -> Iterator[Found]:
        """Factors one by one; a variable that is a factor takes the rest."""
        rigid = [f for f in p if self._variable(f[0]) is None]
        alone = [f for f in p if self._variable(f[0]) is not None]
        if rigid:
            atom, power = rigid[0]
            rest = [f for f in p if f is not rigid[0]]
            for n, (other, k) in enumerate(x):
                if k == power:
                    for inner in self._ways(atom, other, found):
                        yield from self._monomials(rest, x[:n] + x[n + 1 :], inner)
            return
        variables = [(v, k) for atom, k in alone if (v := self._variable(atom)) is not None]
        fixed = next(((v, k) for v, k in variables if v[1] in found), None)
        if fixed is not None:
            v, k = fixed
            rest = [f for f in alone if self._variable(f[0]) != v]
            left = _without(x, found[v[1]], k)
            if left is not None:
                yield from self._monomials(rest, left, found)
            return
        if not variables:
            if not x:
                yield found
        elif len(variables) == 1:
            ((v, power),) = variables
            if all(k % power == 0 for _, k in x):
                root = node(*(node(a, k // power) for a, k in x))
                yield from self._bound(v, _monomial(root), found)
        elif len(variables) == 2 and all(k == 1 for _, k in variables):
            factors = [node(a, 1) for a, k in x for _ in range(k)]
            if len(factors) == 2:
                for one, two in permutations(factors):
                    for inner in self._bound(variables[0][0], _monomial(node(one)), found):
                        yield from self._bound(variables[1][0], _monomial(node(two)), inner)

    def _traces(self, p: Term, x: Term, found: Found) -> Iterator[Found]:
        seen = set()
        for word in (x, reverse(x)):
            for cut in range(len(word)):
                turn = join(node(*word[cut:]), node(*word[:cut]), self.facts)
                if turn not in seen:
                    seen.add(turn)
                    yield from self._words(p, turn, found)

    def _words(self, p: Term, x: Term, found: Found, size: Term | None = None) -> Iterator[Found]:
        """Letters from the left; a variable takes some, or what it is known to be.

        ``size`` is how many columns the letters before have.
        """
        if not p:
            if not x:
                yield found
            return
        (letter, t), *rest = p
        v = self._variable(letter)
        if v is None:
            if x and x[0][1] == t:
                for inner in self._ways(letter, x[0][0], found):
                    yield from self._words(node(*rest), node(*x[1:]), inner, ends(x[0])[1])
            return
        if v[1] in found:
            word = _single(transpose(found[v[1]], t))
            after = None if word is None else self._after(word, x)
            if after is not None and word is not None:
                cols = ends(word[-1])[1] if word else size
                yield from self._words(node(*rest), after, found, cols)
            return
        for n in range(1, len(x) + 1) if rest else (len(x),) if x else ():
            rows, cols = ends(x[0])[0], ends(x[n - 1])[1]
            value = transpose(of_word(("matrix", rows, cols), node(*x[:n])), t)
            for inner in self._bound(v, value, found):
                yield from self._words(node(*rest), node(*x[n:]), inner, cols)
        yield from self._splits(v, t, rest, x, found)
        size = ends(x[0])[0] if x else size
        if size is not None:
            for inner in self._bound(v, identity(size), found):
                yield from self._words(node(*rest), x, inner, size)

    def _splits(self, v: Term, t: int, rest: Any, x: Term, found: Found) -> Iterator[Found]:
        """What comes before a last factor that is known: a chain may be cut there."""
        last = self._variable(rest[0][0]) if len(rest) == 1 and x else None
        word = None
        if last is not None and last[1] in found:
            word = _single(transpose(found[last[1]], rest[0][1]))
        before = None if word is None else self._before(word, x)
        if before:
            rows, cols = ends(before[0])[0], ends(before[-1])[1]
            whole = transpose(of_word(("matrix", rows, cols), before), t)
            yield from self._bound(v, whole, found)

    def _after(self, word: Term, x: Term) -> Term | None:
        """What is left of x after the word at its beginning."""
        if len(word) > len(x):
            return None
        around = cut_at(x[: len(word)], word, self.facts)
        if around is None or around[0]:
            return None
        return node(*around[1], *x[len(word) :])

    def _before(self, word: Term, x: Term) -> Term | None:
        """What is left of x before the word at its end."""
        if len(word) > len(x):
            return None
        around = cut_at(x[len(x) - len(word) :], word, self.facts)
        if around is None or around[1]:
            return None
        return node(*x[: len(x) - len(word)], *around[0])


def _contracted(f: Term) -> Term:
    """The function g, if it was written as x ↦ g(x)."""
    match f[2]:
        case ("num", (((((("at", g, argument), 1),), ()), (1, 1)),)):
            pass
        case ("mat", _, _, ((((), ((("at", g, argument), 0),)), (1, 1)),)):
            pass
        case ("mat", _, _, ((((), ((("chain", g, argument, same), 0),)), (1, 1)),)):
            if argument != same:
                return f
        case ("at", g, argument):
            pass
        case _:
            return f
    here = as_term(node("b", 0), f[1])
    return node(*g) if argument == here and reach(g) == 0 else f


@remembered
def _count(x: Term, name: str) -> int:
    """How often a variable stands in a term."""
    if x[:1] == ("var",):
        return int(x[1] == name)
    return sum(_count(part, name) for part in x if type(part) is tuple)


def _in_pieces(word: Term) -> Term:
    """The word with the chains of two or three factors cut into these."""
    out: list[Any] = []
    for letter, t in word:
        length = constant(minus(letter[2], letter[3])) if letter[0] == "chain" else None
        if length is None or not 1 <= length[0] <= 2:
            out.append(node(letter, t))
            continue
        ends = [plus(letter[3], number(n)) for n in range(length[0] + 1)]
        pieces = [node(node("chain", letter[1], e, e), t) for e in ends]
        out += pieces if t else reversed(pieces)
    return node(*out)


def _monomial(factors: Term) -> Term:
    return total(NUM, [((factors, EMPTY), 1, 1)])


def _single(a: Term) -> Term | None:
    """The word that a matrix is, if it is one."""
    match a[3]:
        case (((((), word), (1, 1))),):
            return node(*word)
    return None


def _ratio(a: Any, b: Any) -> tuple[int, int]:
    """a/b for two coefficients."""
    (r, s), (p, q) = a, b
    return (r * q, s * p) if p > 0 else (-r * q, -s * p)


def ends(letter: Term) -> tuple[Term, Term]:
    """The rows and columns of a letter, plain or transposed."""
    _, rows, cols = PLAIN.read(letter[0])[1]
    return (cols, rows) if letter[1] else (rows, cols)


def cut_at(part: Term, wanted: Term, facts: Facts) -> tuple[Term, Term] | None:
    """What stands before and after a word in one of as many letters, chains cut where needed."""
    before: Term = ()
    after: Term = ()
    for n, ((have, s), (want, t)) in enumerate(zip(part, wanted, strict=True)):
        if have == want and s == t:
            continue
        pieces = _cut(have, want, facts) if s == t else None
        if pieces is None:
            return None
        upper, lower = (reverse(pieces[1]), reverse(pieces[0])) if t else pieces
        if (upper and n > 0) or (lower and n < len(wanted) - 1):
            return None
        before, after = (before or upper), (after or lower)
    return before, after


def _cut(have: Term, want: Term, facts: Facts) -> tuple[Term, Term] | None:
    """have = upper·want·lower for pieces of one chain."""
    if have[0] != "chain" or want[0] != "chain" or have[1] != want[1]:
        return None
    _, family, hi, lo = have
    _, _, a, b = want
    one = number(1)
    if not all(known(e, facts) for e in (minus(hi, a), minus(b, lo), plus(minus(a, b), one))):
        return None
    upper = EMPTY if hi == a else chain(family, hi, plus(a, one))
    lower = EMPTY if b == lo else chain(family, minus(b, one), lo)
    return upper, lower


def _without(x: list[Any], value: Term, power: int) -> list[Any] | None:
    """The factors without those of a value that is a product."""
    if value == number(1):
        return x
    if len(value[1]) != 1 or value[1][0][1] != (1, 1):
        return None
    left = dict(x)
    for atom, k in value[1][0][0][0]:
        if left.get(atom, 0) < k * power:
            return None
        left[atom] -= k * power
    return [(a, k) for a, k in left.items() if k]
