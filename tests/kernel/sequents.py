"""Sequents of the core language on concrete numbers, apart from proofkit's own evaluator.

Three-valued: True, False, or None where a finite number of samples settles nothing.  Variables get
their values when first asked for.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from proofkit.networks.exact import ExactMatrix

try:
    from tests.kernel.known import polynomial
    from tests.kernel.meanings import Junk
    from tests.kernel.model import Instance, Meaningless, Model, Smooth
    from tests.kernel.series import NoSlope, Undecided
except ImportError:  # run with the folder itself on the path
    from known import polynomial  # type: ignore[import-not-found,no-redef]
    from meanings import Junk  # type: ignore[import-not-found,no-redef]
    from model import (  # type: ignore[import-not-found,no-redef]
        Instance,
        Meaningless,
        Model,
        Smooth,
    )
    from series import NoSlope, Undecided  # type: ignore[import-not-found,no-redef]

NORM = Smooth(lambda X: Fraction(X.inner(X)), lambda X: 2 * X, convex=True)


class Drawn(Model):
    """The model with values drawn for free variables, and three values for claims."""

    def __init__(self, seed: int, values: Mapping[str, Any] | None = None) -> None:
        junk = Junk(seed=seed) if seed % 2 else Junk(Fraction(seed % 3))
        super().__init__(Instance((), junk=junk), values=dict(values or {}))
        self.seed = seed

    def drawn(self, sort: Any, salt: Any) -> Any:
        rng = random.Random(f"{self.seed} {salt}")
        tag = sort[0]
        if tag in ("index", "nat"):
            return rng.randint(0 if tag == "nat" else -2, 3)
        if tag == "real":
            return Fraction(rng.randint(-3, 3), rng.randint(1, 2))
        if tag == "matrix":
            rows, cols = self.index(sort[1]), self.index(sort[2])
            low = rng.choice((0, 0, -1, -2))
            entries = [
                [rng.randint(low, 2) if low else 0 for _ in range(cols)] for _ in range(rows)
            ]
            return ExactMatrix.of(entries, shape=(rows, cols))
        if tag == "to" and sort[1] == ("index",):
            around, values = list(self.bound), {}

            def member(at: int) -> Any:
                if at not in values:
                    values[at] = self.having([*around, at], lambda: self.drawn(sort[2], (salt, at)))
                return values[at]

            return member
        if tag == "to" and sort[1][0] == "matrix" and sort[2] == ("real",):
            return NORM
        if tag == "to" and sort[1] == sort[2] == ("real",):
            return polynomial(*(rng.randint(-2, 2) for _ in range(3)))
        raise Meaningless(tag)

    def variable(self, atom: Any) -> Any:
        if atom[0] == "var" and atom[1] not in self.values:
            self.values[atom[1]] = self.having([], lambda: self.drawn(atom[2], atom[1]))
        return super().variable(atom)

    def _letter(self, letter: Any) -> ExactMatrix:
        if letter[0] == "grad" and letter[1][0] not in ("var", "b"):
            raise Meaningless("the gradient of a function given by a rule")
        return super()._letter(letter)

    # Claims: True, False or None
    def holds(self, p: Any) -> Any:
        try:
            return getattr(self, f"_{p[0]}")(*p[1:])
        except (Meaningless, NoSlope, Undecided):
            return None

    def _not(self, p: Any) -> Any:
        inner = self.holds(p)
        return None if inner is None else not inner

    def _implies(self, premise: Any, goal: Any) -> Any:
        return self._or((("not", premise), goal))

    def _and(self, parts: Any) -> Any:
        values = [self.holds(q) for q in parts]
        return False if False in values else None if None in values else True

    def _or(self, parts: Any) -> Any:
        values = [self.holds(q) for q in parts]
        return True if True in values else None if None in values else False

    def _forall(self, sort: Any, body: Any) -> Any:
        return False if False in self.sampled(sort, body) else None

    def _exists(self, sort: Any, body: Any) -> Any:
        return True if True in self.sampled(sort, body) else None

    def sampled(self, sort: Any, body: Any) -> list[Any]:
        """What the body says of a few values."""
        found = []
        for n in range(3 if len(self.bound) < 2 else 1):
            value = self.drawn(sort, (len(self.bound), n))
            found.append(self.having([*self.bound, value], lambda: self.holds(body)))
        return found

    def _near(self, sorts: Any, centres: Any, body: Any) -> Any:
        """It says something of the centres, and of what is near them who knows."""
        point = [self.term(centre) for centre in centres]
        here = self.having([*self.bound, *point], lambda: self.holds(body))
        return False if here is False else None

    def _differentiable(self, function: Any) -> Any:
        return True if function[0] in ("var", "b") else None

    def _slope(self, function: Any, point: Any, slope: Any) -> Any:
        """A few ways through the point can only refute it."""
        return None if super()._slope(function, point, slope) else False

    def _continuous(self, function: Any, point: Any) -> Any:
        return None if super()._continuous(function, point) else False

    def _convex(self, function: Any) -> Any:
        return self._differentiable(function)


def refuted(hypotheses: Any, conclusion: Any, seeds: range) -> Drawn | None:
    """An instance on which all hypotheses hold and the conclusion does not."""
    for seed in seeds:
        instance = Drawn(seed)
        if instance.holds(conclusion) is False and all(
            instance.holds(h) is True for h in hypotheses
        ):
            return instance
    return None
