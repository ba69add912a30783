"""What a claim of the core language says about exact matrices, numbers and functions.

Written from the meaning of the claims and sharing no code with the kernel.  A universal claim is
tried on samples and a nearness claim at small distances, so a premise may pass that is false (the
generators construct premises that hold) but a conclusion that fails is false.  So it is with
slopes: the function is expanded along some lines through the point, to first order, and compared
with the slope.  The slope, continuity and convexity of a function that is a variable are known by
its construction (`known`); a function that is given by a rule is continuous unless it jumps
very near the point.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache, reduce
from itertools import islice, product
from typing import Any

from proofkit.networks.exact import ExactMatrix

try:
    from tests.kernel import series
    from tests.kernel.known import Known, Smooth
    from tests.kernel.meanings import Junk, word
    from tests.kernel.series import Meaningless, NoSlope, Series
except ImportError:  # run with the folder itself on the path
    import series  # type: ignore[import-not-found,no-redef]
    from known import Known, Smooth  # type: ignore[import-not-found,no-redef]
    from meanings import Junk, word  # type: ignore[import-not-found,no-redef]
    from series import Meaningless, NoSlope, Series  # type: ignore[import-not-found,no-redef]

__all__ = ["Instance", "Meaningless", "Model", "Smooth", "draw", "split", "unit", "verdict"]

SMALL = (Fraction(1, 1000), Fraction(1, 10**6))
TINY, JUMP = Fraction(1, 10**24), Fraction(1, 1000)
"""A function of the instances that is continuous does not change by `JUMP` on a way of `TINY`."""
ENTRIES = (0, 1, -1, 2, Fraction(1, 2))
INDICES = range(-1, 5)
"""The integers that a claim about all of them is tried on; the sizes there are at most 3."""


@dataclass
class Instance:
    """Values of a fact's variables, what exists in it, samples worth trying, and the junk."""

    values: tuple[Any, ...]
    witnesses: tuple[Any, ...] = ()
    samples: tuple[ExactMatrix, ...] = ()
    junk: Junk = field(default_factory=Junk)


@dataclass
class Model:
    """An evaluator; the values of bound variables are kept innermost last, free ones by name.

    The value of a function, a family among them, is a Python function.
    """

    instance: Instance = field(default_factory=lambda: Instance(()))
    rng: random.Random = field(default_factory=lambda: random.Random(0))
    bound: list[Any] = field(default_factory=list)
    witnesses: list[Any] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)

    # Terms
    def term(self, term: Any) -> Any:
        """The value of a number, a matrix or a function."""
        by_tag = {"num": self.number, "mat": self.matrix}
        return by_tag.get(term[0], self.function)(term)

    def number(self, term: Any) -> Any:
        total: Any = None
        for (monomial, _), coefficient in term[1]:
            part = self.scale(monomial, coefficient)
            total = part if total is None else series.plus(total, part)
        return Fraction(0) if total is None else total

    def scale(self, monomial: Any, coefficient: Any) -> Any:
        """A coefficient times a monomial."""
        if not monomial:
            return constant(*coefficient)
        value = self.monomial(monomial)
        return value if coefficient == (1, 1) else series.times(constant(*coefficient), value)

    def index(self, term: Any) -> int:
        value = self.number(term)
        assert value.denominator == 1, term
        return int(value)

    def monomial(self, monomial: Any) -> Any:
        parts = [series.power(self._atom(atom), power) for atom, power in monomial]
        return reduce(series.times, parts) if len(parts) > 1 else parts[0]

    def _atom(self, atom: Any) -> Any:
        if atom[0] == "rank":
            return Fraction(self.matrix(atom[1]).rank())
        if atom[0] == "trace":
            value = self.word(atom[1]).trace()
        else:
            value = self.function(atom) if atom[0] == "at" else self.variable(atom)
        return constant(value) if isinstance(value, int) else value

    def variable(self, atom: Any) -> Any:
        if atom[0] == "var":
            return self.values[atom[1]]
        assert atom[0] == "b", f"{atom} is no variable"
        return self.bound[-1 - atom[1]]

    def function(self, term: Any) -> Any:
        """The value of a function, or of what is the value of one."""
        tag = term[0]
        if tag == "at":
            x = self.term(term[2])
            whole = isinstance(x, Fraction) and x.denominator == 1
            return self.function(term[1])(int(x) if whole else x)
        if tag == "lam":
            around = list(self.bound)
            return lambda x: self.having([*around, x], lambda: self.term(term[2]))
        if tag == "changed":
            _, old, lo, hi, new = term
            first, last = self.index(lo), self.index(hi)
            before, there = self.function(old), self.function(new)
            return lambda at: there(at) if first <= at <= last else before(at)
        if tag == "word":
            return word(term[1], self.instance.junk)
        return self.variable(term)

    def matrix(self, term: Any) -> Any:
        rows, cols = self.index(term[1]), self.index(term[2])
        total: Any = ExactMatrix.zeros(rows, cols)
        for (monomial, word), coefficient in term[3]:
            part = self.word(word) if word else ExactMatrix.identity(rows)
            if monomial or coefficient != (1, 1):
                part = series.times(self.scale(monomial, coefficient), part)
            total = series.plus(total, part)
        return total

    def word(self, word: Any) -> Any:
        """The product of the letters of a word."""
        value: Any = None
        for letter, transposed in word:
            x = self._letter(letter)
            x = x.T if transposed else x
            value = x if value is None else series.after(value, x)
        assert value is not None
        return value

    def _letter(self, letter: Any) -> Any:
        if letter[0] in ("chain", "sum"):
            tag, family, last, first = letter
            members, hi, lo = self.function(family), self.index(last), self.index(first)
            if tag == "chain":
                if hi < lo - 1:
                    raise Meaningless("a chain that runs backwards")
                total = ExactMatrix.identity(members(lo).cols) if hi < lo else members(lo)
            else:
                total = members(lo) if hi >= lo else ExactMatrix.zeros(*members(lo).shape)
            for at in range(lo + 1, hi + 1):
                total = members(at) @ total if tag == "chain" else total + members(at)
            return total
        if letter[0] == "grad":
            return self.function(letter[1]).gradient(self.matrix(letter[2]))
        return self.function(letter) if letter[0] == "at" else self.variable(letter)

    # Claims
    def holds(self, claim: Any) -> bool:
        return bool(getattr(self, f"_{claim[0]}")(*claim[1:]))

    def _inonneg(self, term: Any) -> bool:
        return self.index(term) >= 0

    def _rnonneg(self, term: Any) -> bool:
        return series.sign(self.number(term)) >= 0

    def _rpos(self, term: Any) -> bool:
        return series.sign(self.number(term)) > 0

    def _null(self, term: Any) -> bool:
        if term[0] == "num":
            return series.is_zero(self.number(term))
        return bool(self.matrix(term).is_zero())

    def _false(self) -> bool:
        return False

    def _and(self, parts: Any) -> bool:
        return all(self.holds(part) for part in parts)

    def _or(self, parts: Any) -> bool:
        return any(self.holds(part) for part in parts)

    def _not(self, part: Any) -> bool:
        return not self.holds(part)

    def _implies(self, premise: Any, conclusion: Any) -> bool:
        return not self.holds(premise) or self.holds(conclusion)

    def _differentiable(self, function: Any) -> bool:
        return bool(self.function(function).differentiable)

    def _convex(self, function: Any) -> bool:
        return bool(self.function(function).convex)

    def _slope(self, function: Any, point: Any, slope: Any) -> bool:
        F, x, linear = self.function(function), self.term(point), self.function(slope)
        h, k = (self.drawn_like(x) for _ in range(2))
        less = Fraction(-1)
        try:
            for way in (h, k, series.times(less, h)):
                if not series.same(series.change(F(Series(x, way))), linear(way)):
                    return False
            both = linear(series.plus(series.times(less, h), k))
            return series.same(both, series.plus(series.times(less, linear(h)), linear(k)))
        except NoSlope:
            return False

    def _continuous(self, function: Any, point: Any) -> bool:
        F, x = self.function(function), self.term(point)
        if isinstance(F, Known | Smooth):
            return F.continuous(x)
        ways = [self.drawn_like(x) for _ in range(2)]
        here = F(x)
        return not any(
            series.apart(F(series.plus(x, series.times(step, h))), here, JUMP)
            for h in ways
            for step in (TINY, -TINY)
        )

    def drawn_like(self, x: Any) -> Any:
        """A number, or a matrix of the shape, by chance; no number is 0."""
        if isinstance(x, ExactMatrix):
            return draw(self.rng, *x.shape)
        return Fraction(self.rng.choice((-5, -3, -1, 1, 2, 7)), self.rng.randint(1, 3))

    def _forall(self, sort: Any, body: Any) -> bool:
        return all(self.under([value], body) for value in self.samples(sort))

    def _exists(self, sort: Any, body: Any) -> bool:
        if self.witnesses:
            return self.under([self.witnesses.pop(0)], body)
        if sort[0] == "to" and body[0] == "slope" and body[3] == ("b", 0):
            return self.has_slope(body)
        return any(self.under([value], body) for value in self.candidates(sort))

    def has_slope(self, claim: Any) -> bool:
        """Whether F has a slope at x; the claim that it is L stands below the binder of L."""
        _, function, point, _ = claim

        def look() -> bool:
            F, x = self.function(function), self.term(point)
            if isinstance(F, Known | Smooth):
                return F.smooth(x)
            self.bound[-1] = lambda H: series.change(F(Series(x, H)))  # nothing else may be it
            return self.holds(claim)

        return bool(self.having([*self.bound, None], look))

    def _near(self, sorts: Any, centres: Any, body: Any) -> bool:
        return all(self.under(values, body) for values in self.nearby(sorts, centres))

    def under(self, values: Sequence[Any], body: Any) -> bool:
        return bool(self.having([*self.bound, *values], lambda: self.holds(body)))

    def having(self, bound: list[Any], look: Callable[[], Any]) -> Any:
        """What one finds when the bound variables have these values."""
        self.bound, kept = bound, self.bound
        try:
            return look()
        finally:
            self.bound = kept

    # Values to try
    def samples(self, sort: Any) -> Iterable[Any]:
        if sort[0] == "real":
            return [Fraction(self.rng.randint(-9, 9), self.rng.randint(1, 4)) for _ in range(4)]
        if sort[0] == "index":
            return INDICES
        assert sort[0] == "matrix", sort
        shape = self.index(sort[1]), self.index(sort[2])
        chosen = [x for x in self.instance.samples if x.shape == shape]
        return [*chosen, *(draw(self.rng, *shape) for _ in range(3))]

    def candidates(self, sort: Any) -> Iterator[Any]:
        """A grid: what may exist is looked for here when no witness is given."""
        if sort[0] == "real":
            yield from ENTRIES
            return
        rows, cols = self.index(sort[1]), self.index(sort[2])
        for entries in islice(product(ENTRIES, repeat=rows * cols), 1000):
            grid = [list(entries[r * cols : (r + 1) * cols]) for r in range(rows)]
            yield ExactMatrix.of(grid, shape=(rows, cols))

    def nearby(self, sorts: Any, centres: Any) -> Iterator[list[Any]]:
        yield [self.term(centre) for centre in centres]
        for step in SMALL:
            for sign in (1, -1):
                point = []
                for sort, centre in zip(sorts, centres, strict=True):
                    if sort[0] == "real":
                        point.append(self.number(centre) + sign * step)
                    else:
                        at = self.matrix(centre)
                        point.append(at + (sign * step) * draw(self.rng, *at.shape))
                yield point
        if len(sorts) == 1 and sorts[0][0] == "matrix":
            at = self.matrix(centres[0])
            for r, c in product(range(at.rows), range(at.cols)):
                yield [at + SMALL[0] * unit(at.rows, at.cols, r, c)]


constant = lru_cache(maxsize=None)(Fraction)


def draw(rng: random.Random, rows: int, cols: int, rank: int | None = None) -> ExactMatrix:
    """A matrix of small rationals, of at most the given rank."""
    if rank is not None and rank < min(rows, cols):
        return draw(rng, rows, rank) @ draw(rng, rank, cols)
    grid = [
        [Fraction(rng.randint(-4, 4), rng.choice((1, 1, 2, 3))) for _ in range(cols)]
        for _ in range(rows)
    ]
    return ExactMatrix.of(grid, shape=(rows, cols))


def unit(rows: int, cols: int, r: int, c: int) -> ExactMatrix:
    """The matrix with a single 1."""
    grid = [[int((i, j) == (r, c)) for j in range(cols)] for i in range(rows)]
    return ExactMatrix.of(grid, shape=(rows, cols))


def split(claim: Any, count: int) -> tuple[list[Any], Any]:
    """The premises and the conclusion of ∀x₁…x_count. p₁ → p₂ → … → q."""
    for _ in range(count):
        assert claim[0] == "forall"
        claim = claim[2]
    premises = []
    while claim[0] == "implies":
        premises.append(claim[1])
        claim = claim[2]
    return premises, claim


def verdict(claim: Any, instance: Instance) -> tuple[list[bool], bool]:
    """Which premises of the closed fact hold on the instance, and whether its conclusion does."""
    premises, conclusion = split(claim, len(instance.values))

    def check(part: Any, witnesses: Sequence[Any]) -> bool:
        model = Model(instance, bound=list(instance.values), witnesses=list(witnesses))
        with series.enclosing():
            return model.holds(part)

    return [check(p, ()) for p in premises], check(conclusion, instance.witnesses)
