"""What a claim of the core language says about exact matrices, numbers and functions.

Written from the meaning of the claims and sharing no code with the kernel.  A universal claim is
tried on samples and a nearness claim at small distances, so a premise may pass that is false (the
generators construct premises that hold) but a conclusion that fails is false.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice, product
from typing import Any

from proofkit.networks.exact import ExactMatrix

SMALL = (Fraction(1, 1000), Fraction(1, 10**6))
ENTRIES = (0, 1, -1, 2, Fraction(1, 2))


@dataclass(frozen=True)
class Smooth:
    """A function of matrices with its gradient and whether it is convex and differentiable."""

    value: Callable[[ExactMatrix], Fraction]
    slope: Callable[[ExactMatrix], ExactMatrix]
    convex: bool
    differentiable: bool = True


@dataclass
class Instance:
    """Values of a fact's variables, what exists in it, and samples worth trying."""

    values: tuple[Any, ...]
    witnesses: tuple[Any, ...] = ()
    samples: tuple[ExactMatrix, ...] = ()


@dataclass
class Model:
    """An evaluator; the values of bound variables are kept innermost last."""

    instance: Instance
    rng: random.Random = field(default_factory=lambda: random.Random(0))
    bound: list[Any] = field(default_factory=list)
    witnesses: list[Any] = field(default_factory=list)

    # Terms
    def index(self, term: Any) -> int:
        return int(term[1] + sum(k * self._index_atom(atom) for atom, k in term[2]))

    def _index_atom(self, atom: Any) -> int:
        return int(self.matrix(atom[1]).rank() if atom[0] == "rank" else self.variable(atom))

    def variable(self, atom: Any) -> Any:
        assert atom[0] == "b", f"{atom} is not bound"
        return self.bound[-1 - atom[1]]

    def real(self, term: Any) -> Fraction:
        return sum((k * self.monomial(m) for m, k in term[1]), Fraction(0))

    def monomial(self, monomial: Any) -> Fraction:
        value = Fraction(1)
        for atom, power in monomial:
            value *= self._real_atom(atom) ** power
        return value

    def _real_atom(self, atom: Any) -> Fraction:
        if atom[0] == "trace":
            return Fraction(self.word(atom[1]).trace())
        if atom[0] == "value":
            return self.variable(atom[1]).value(self.matrix(atom[2]))  # type: ignore[no-any-return]
        return Fraction(self._index_atom(atom[1]) if atom[0] == "int" else self.variable(atom))

    def matrix(self, term: Any) -> ExactMatrix:
        rows, cols = self.index(term[1]), self.index(term[2])
        total = ExactMatrix.zeros(rows, cols)
        for (monomial, word), k in term[3]:
            part = self.word(word) if word else ExactMatrix.identity(rows)
            total = total + (k * self.monomial(monomial)) * part
        return total

    def word(self, word: Any) -> ExactMatrix:
        value: ExactMatrix | None = None
        for letter, transposed in word:
            x = self._letter(letter)
            x = x.T if transposed else x
            value = x if value is None else value @ x
        assert value is not None
        return value

    def _letter(self, letter: Any) -> ExactMatrix:
        if letter[0] == "grad":
            return self.variable(letter[1]).slope(self.matrix(letter[2]))  # type: ignore[no-any-return]
        return self.variable(letter)  # type: ignore[no-any-return]

    # Claims
    def holds(self, claim: Any) -> bool:
        return bool(getattr(self, f"_{claim[0]}")(*claim[1:]))

    def _inonneg(self, term: Any) -> bool:
        return self.index(term) >= 0

    def _inull(self, term: Any) -> bool:
        return self.index(term) == 0

    def _rnonneg(self, term: Any) -> bool:
        return self.real(term) >= 0

    def _rpos(self, term: Any) -> bool:
        return self.real(term) > 0

    def _rnull(self, term: Any) -> bool:
        return self.real(term) == 0

    def _mnull(self, term: Any) -> bool:
        return self.matrix(term).is_zero()

    def _and(self, parts: Any) -> bool:
        return all(self.holds(part) for part in parts)

    def _or(self, parts: Any) -> bool:
        return any(self.holds(part) for part in parts)

    def _not(self, part: Any) -> bool:
        return not self.holds(part)

    def _implies(self, premise: Any, conclusion: Any) -> bool:
        return not self.holds(premise) or self.holds(conclusion)

    def _differentiable(self, function: Any) -> bool:
        return bool(self.variable(function).differentiable)

    def _convex(self, function: Any) -> bool:
        return bool(self.variable(function).convex)

    def _forall(self, sort: Any, body: Any) -> bool:
        return all(self.under([value], body) for value in self.samples(sort))

    def _exists(self, sort: Any, body: Any) -> bool:
        if self.witnesses:
            return self.under([self.witnesses.pop(0)], body)
        return any(self.under([value], body) for value in self.candidates(sort))

    def _near(self, sorts: Any, centres: Any, body: Any) -> bool:
        return all(self.under(values, body) for values in self.nearby(sorts, centres))

    def under(self, values: Sequence[Any], body: Any) -> bool:
        kept = len(self.bound)
        self.bound.extend(values)
        try:
            return self.holds(body)
        finally:
            del self.bound[kept:]

    # Values to try
    def samples(self, sort: Any) -> Iterable[Any]:
        if sort[0] == "real":
            return [Fraction(self.rng.randint(-9, 9), self.rng.randint(1, 4)) for _ in range(4)]
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
        for step in SMALL:
            for sign in (1, -1):
                point = []
                for sort, centre in zip(sorts, centres, strict=True):
                    if sort[0] == "real":
                        point.append(self.real(centre) + sign * step)
                    else:
                        at = self.matrix(centre)
                        point.append(at + (sign * step) * draw(self.rng, *at.shape))
                yield point
        if len(sorts) == 1 and sorts[0][0] == "matrix":
            at = self.matrix(centres[0])
            for r, c in product(range(at.rows), range(at.cols)):
                yield [at + SMALL[0] * unit(at.rows, at.cols, r, c)]


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
        return model.holds(part)

    return [check(p, ()) for p in premises], check(conclusion, instance.witnesses)
