"""Matching up to the order of sums and factors: which values make a general claim the one at hand.

`ways` gives candidates only: where a pattern leaves several possibilities, or none that can be seen
by its form, it goes on, and whoever uses a candidate compares normal forms in the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, permutations
from typing import Any

from proofkit.algebra.cofactors import match_at
from proofkit.kernel import LanguageError
from proofkit.kernel.binding import closed, free, opened, reach
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.reading import PLAIN, fits, read_by
from proofkit.kernel.terms import (
    EMPTY,
    NO_FACTS,
    NUM,
    NUMBERS,
    Facts,
    as_term,
    each,
    identity,
    join,
    number,
    of_word,
    reverse,
    scaled,
    total,
    transpose,
)

__all__ = ["Found", "Matcher", "filled"]

Found = dict[str, Term]
"""Values by the names of the variables."""

MOST_WAYS = 24
"""Ways in which one pattern is matched, so that sums of many terms are not turned over and over."""


def filled(pattern: Term, variables: Iterable[Term], found: Mapping[str, Term]) -> Term:
    """The pattern in normal form with the values found put in; the others stay."""
    known = [v for v in variables if v[1] in found and v[1] in free(pattern)]
    if not known:
        return pattern
    # The last are put in first: the sorts of some speak of those before.
    return read_by(PLAIN, opened(closed(pattern, *known), *(found[v[1]] for v in known)))


class Matcher:
    """Matches patterns in some variables; chains are split as the facts allow."""

    def __init__(self, variables: Iterable[Term], facts: Facts = NO_FACTS) -> None:
        self.variables = {str(v[1]): v for v in variables}
        self.facts = facts

    def ways(self, pattern: Term, x: Term, found: Found) -> Iterator[Found]:
        """Values under which the pattern may be x, at most `MOST_WAYS`, likely ones first."""
        try:
            yield from islice(self._ways(pattern, x, found), MOST_WAYS)
        except LanguageError:
            return

    def open_in(self, pattern: Term, found: Found) -> list[str]:
        """The variables of a pattern that have no value yet, in order."""
        return [name for name in self.variables if name in free(pattern) and name not in found]

    # ── Any term ───────────────────────────────────────────────────────────────────────────────
    def _ways(self, p: Any, x: Any, found: Found) -> Iterator[Found]:
        if type(p) is not tuple or type(x) is not tuple:
            if p == x:
                yield found
            return
        if self._closed(p) or (reach(p) == 0 and not self.open_in(p, found)):
            if p == x or (not self._closed(p) and self._filled(p, found) == x):
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
            for sizes in self._parts(p[1:3], x[1:3], found):
                yield from self._sums(p, x, sizes)
        elif p[0] == "null" and x[0] == "null":
            yield from self._ways(p[1], x[1], found)
            yield from self._ways(p[1], scaled(x[1], -1), found)
        elif p[0] == "trace" and x[0] == "trace":
            yield from self._traces(p[1], x[1], found)
        elif p[0] == x[0] and len(p) == len(x):
            yield from self._parts(p, x, found)

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
        if reach(x):
            return
        if x[0] not in ("num", "mat"):
            x = as_term(x, PLAIN.read(x)[1])
        sort = ("matrix", *x[1:3]) if x[0] == "mat" else PLAIN.read(x)[1]
        if v[2][0] in NUMBERS:
            if fits(sort, v[2]):
                yield {**found, v[1]: x}
            return
        for sized in self._sorts(v[2], sort, found):
            yield {**sized, v[1]: x}

    def _sorts(self, p: Term, sort: Term, found: Found) -> Iterator[Found]:
        if p[0] in NUMBERS and sort[0] in NUMBERS:
            if fits(sort, p):
                yield found
        elif p[0] == sort[0] == "to":
            for domain in self._ways(p[1], sort[1], found):
                yield from self._sorts(p[2], sort[2], domain)
        else:
            yield from self._ways(p, sort, found)

    # ── Sums ───────────────────────────────────────────────────────────────────────────────────
    def _sums(self, p: Term, x: Term, found: Found) -> Iterator[Found]:
        """Terms one by one; what stands alone as a variable takes the rest."""
        head = x[:-1]
        rigid: list[Any] = []
        alone: list[Any] = []
        for term in p[-1]:
            v = self._variable(node(*p[:-1], node(node(term[0], node(1, 1)))))
            (alone if v is not None and v[1] not in found else rigid).append((term, v))
        if len(rigid) == 1 and not alone and len(x[-1]) > 1:
            yield from self._linear(rigid[0][0], x, found)
        rigid.sort(key=lambda item: len(str(item[0])))
        yield from self._terms([t for t, _ in rigid], alone, list(x[-1]), head, found)

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
        elif len(alone) == len(left):
            for order in permutations(left):
                yield from self._each_alone(alone, order, head, found)
        else:
            yield found

    def _known(self, term: Any, head: Any, found: Found) -> list[Any] | None:
        """Minus a term of the pattern, once all its variables have values."""
        key, size = term
        if self.open_in(node(*key), found) or (key == (EMPTY, EMPTY)):
            return None
        if reach(node(*key)):
            return None
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
        unknown = [n for n in self.open_in(node(monomial, word), found)]
        matrices = [n for n in unknown if self.variables[n][2][0] == "matrix"]
        if not matrices or len(matrices) > 2:
            return
        for name in matrices:
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

    # ── Products ───────────────────────────────────────────────────────────────────────────────
    def _keys(self, m: Term, w: Term, n: Term, v: Term, found: Found) -> Iterator[Found]:
        for inner in self._words(w, v, found):
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
        free_ = [f for f in alone if self._variable(f[0])[1] not in found]  # type: ignore[index]
        if len(free_) < len(alone):
            fixed = next(f for f in alone if f not in free_)
            value = found[self._variable(fixed[0])[1]]  # type: ignore[index]
            rest = [f for f in alone if f is not fixed]
            left = _without(x, value, fixed[1])
            if left is not None:
                yield from self._monomials(rest, left, found)
            return
        if not alone:
            if not x:
                yield found
        elif len(alone) == 1:
            atom, power = alone[0]
            if all(k % power == 0 for _, k in x):
                root = node(*(node(a, k // power) for a, k in x))
                value = total(NUM, [((root, EMPTY), 1, 1)])
                yield from self._bound(self._variable(atom), value, found)  # type: ignore[arg-type]
        elif len(alone) == 2 and all(k == 1 for _, k in alone):
            factors = [(a, 1) for a, k in x for _ in range(k)]
            if len(factors) == 2:
                for one, two in permutations(factors):
                    first, second = (
                        total(NUM, [((node(node(*f)), EMPTY), 1, 1)]) for f in (one, two)
                    )
                    for inner in self._bound(self._variable(alone[0][0]), first, found):  # type: ignore[arg-type]
                        yield from self._bound(self._variable(alone[1][0]), second, inner)  # type: ignore[arg-type]

    def _traces(self, p: Term, x: Term, found: Found) -> Iterator[Found]:
        seen = set()
        for word in (x, reverse(x)):
            for cut in range(len(word)):
                turn = join(node(*word[cut:]), node(*word[:cut]), self.facts)
                if turn not in seen:
                    seen.add(turn)
                    yield from self._words(p, turn, found)

    def _words(self, p: Term, x: Term, found: Found) -> Iterator[Found]:
        """Letters from the left; a variable takes one letter or more, or as much as it is known to be."""
        if not p:
            if not x:
                yield found
            return
        (letter, t), *rest = p
        v = self._variable(letter)
        if v is None:
            if x and x[0][1] == t:
                for inner in self._ways(letter, x[0][0], found):
                    yield from self._words(node(*rest), node(*x[1:]), inner)
            elif x and self.open_in(letter, found) and letter[0] != "chain":
                return
            return
        if v[1] in found:
            value = transpose(found[v[1]], t)
            if len(value[3]) != 1 or value[3][0][0][0] or value[3][0][1] != (1, 1):
                return
            after = self._after(value[3][0][0][1], x)
            if after is not None:
                yield from self._words(node(*rest), after, found)
            return
        if not rest:
            lengths: Iterable[int] = (len(x),)
        else:
            lengths = range(1, len(x) + 1)
        for n in lengths:
            part = x[:n]
            if not part:
                continue
            rows, _ = _ends(part[0])
            _, cols = _ends(part[-1])
            value = transpose(of_word(("matrix", rows, cols), node(*part)), t)
            for inner in self._bound(v, value, found):
                yield from self._words(node(*rest), node(*x[n:]), inner)
        if not x and not rest:
            yield from self._identity(v, found)
        yield from self._splits(v, t, rest, x, found)

    def _splits(self, v: Term, t: int, rest: Any, x: Term, found: Found) -> Iterator[Found]:
        """Nothing is guessed about where a chain is cut: what comes first is left open."""
        if len(rest) == 1 and len(x) >= 1 and self._variable(rest[0][0]) is not None:
            last = self._variable(rest[0][0])
            if last is not None and last[1] in found:
                value = transpose(found[last[1]], rest[0][1])
                if len(value[3]) == 1 and not value[3][0][0][0] and value[3][0][1] == (1, 1):
                    before = self._before(value[3][0][0][1], x)
                    if before:
                        rows, _ = _ends(before[0])
                        _, cols = _ends(before[-1])
                        whole = transpose(of_word(("matrix", rows, cols), before), t)
                        yield from self._bound(v, whole, found)

    def _identity(self, v: Term, found: Found) -> Iterator[Found]:
        size = v[2][1]
        if v[2][0] == "matrix" and not self.open_in(size, found):
            yield from self._bound(v, identity(self._filled(size, found)), found)

    def _after(self, word: Term, x: Term) -> Term | None:
        """What is left of x after the word at its beginning."""
        if len(word) > len(x):
            return None
        around = match_at(x[: len(word)], word, self.facts)
        if around is None or around[0]:
            return None
        return node(*around[1], *x[len(word) :])

    def _before(self, word: Term, x: Term) -> Term | None:
        """What is left of x before the word at its end."""
        if len(word) > len(x):
            return None
        around = match_at(x[len(x) - len(word) :], word, self.facts)
        if around is None or around[1]:
            return None
        return node(*x[: len(x) - len(word)], *around[0])


def _ratio(a: Any, b: Any) -> tuple[int, int]:
    """a/b for two coefficients."""
    (r, s), (p, q) = a, b
    return (r * q, s * p) if p > 0 else (-r * q, -s * p)


def _ends(letter: Term) -> tuple[Term, Term]:
    """The rows and columns of a letter, plain or transposed."""
    _, rows, cols = PLAIN.read(letter[0])[1]
    return (cols, rows) if letter[1] else (rows, cols)


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
