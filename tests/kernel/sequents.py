"""Sequents of the core language on concrete numbers, apart from proofkit's own evaluator.

Three-valued: True, False, or None where a finite number of samples settles nothing.
"""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

from proofkit.language.binding import open_binder
from proofkit.language.sorts import bound_term

SIZE = 2
Rows = list[list[Fraction]]


class Meaningless(Exception):
    """A term without a value here, such as a chain that runs backwards."""


def identity(n: int) -> Rows:
    return [[Fraction(int(r == c)) for c in range(n)] for r in range(n)]


def product(a: Rows, b: Rows) -> Rows:
    return [
        [sum(x * y for x, y in zip(row, col, strict=True)) for col in zip(*b, strict=True)]
        for row in a
    ]


def transpose(a: Rows) -> Rows:
    return [list(column) for column in zip(*a, strict=True)]


def rank(a: Rows) -> int:
    rows, found = [list(r) for r in a], 0
    for c in range(len(rows[0]) if rows else 0):
        at = next((r for r in range(found, len(rows)) if rows[r][c]), None)
        if at is None:
            continue
        rows[found], rows[at] = rows[at], rows[found]
        for r in range(found + 1, len(rows)):
            f = rows[r][c] / rows[found][c]
            rows[r] = [x - f * y for x, y in zip(rows[r], rows[found], strict=True)]
        found += 1
    return found


class Instance:
    """Values for variables by name; drawn when first asked for."""

    def __init__(self, seed: int, values: dict[str, Any] | None = None) -> None:
        self.seed, self.values = seed, values or {}

    def having(self, name: str, value: Any) -> Instance:
        return Instance(self.seed, {**self.values, name: value})

    def drawn(self, sort: Any, salt: Any) -> Any:
        rng = random.Random(f"{self.seed} {salt}")
        tag = sort[0]
        if tag in ("index", "nat"):
            return rng.randint(0 if tag == "nat" else -2, 3)
        if tag == "real":
            return Fraction(rng.randint(-3, 3), rng.randint(1, 2))
        if tag == "matrix":
            low = rng.choice((0, 0, -1, -2))
            return [
                [Fraction(rng.randint(low, 2) if low else 0) for _ in range(self.index(sort[2]))]
                for _ in range(self.index(sort[1]))
            ]
        if tag == "family" and sort[1] == 1:
            members = {}
            for at in range(-4, 6):
                shape = [open_binder(s, (("lin", at, ()),)) for s in sort[2:4]]
                members[at] = self.drawn(("matrix", *shape), (salt, at))
            return members
        if tag == "function":
            return "norm squared"
        raise Meaningless(tag)

    def __getitem__(self, variable: Any) -> Any:
        _, name, sort = variable
        if name not in self.values:
            self.values[name] = self.drawn(sort, name)
        return self.values[name]

    # Terms
    def index(self, e: Any) -> int:
        return e[1] + sum(c * self.index_atom(a) for a, c in e[2])

    def index_atom(self, a: Any) -> int:
        if a[0] == "rank":
            return rank(self.matrix(a[1]))
        if a[0] == "var":
            return int(self[a])
        raise Meaningless(a[0])

    def real(self, e: Any) -> Fraction:
        return sum((c * self.monomial(m) for m, c in e[1]), Fraction(0))

    def monomial(self, m: Any) -> Fraction:
        value = Fraction(1)
        for atom, power in m:
            value *= self.real_atom(atom) ** power
        return value

    def real_atom(self, a: Any) -> Fraction:
        if a[0] == "var":
            return Fraction(self[a])
        if a[0] == "int":
            return Fraction(self.index_atom(a[1]))
        if a[0] == "trace":
            word = self.word(a[1])
            return sum((word[n][n] for n in range(len(word))), Fraction(0))
        if a[0] == "value" and a[1][0] == "var":
            x = self.matrix(a[2])
            return sum((y * y for row in x for y in row), Fraction(0))
        raise Meaningless(a[0])

    def matrix(self, x: Any) -> Rows:
        rows, cols = self.index(x[1]), self.index(x[2])
        total = [[Fraction(0)] * cols for _ in range(rows)]
        for (m, w), c in x[3]:
            scale = c * self.monomial(m)
            part = self.word(w) if w else identity(rows)
            total = [
                [t + scale * p for t, p in zip(a, b, strict=True)]
                for a, b in zip(total, part, strict=True)
            ]
        return total

    def word(self, w: Any) -> Rows:
        value: Rows | None = None
        for letter, t in w:
            x = self.letter(letter)
            x = transpose(x) if t else x
            value = x if value is None else product(value, x)
        assert value is not None
        return value

    def letter(self, a: Any) -> Rows:
        if a[0] == "var":
            return self[a]  # type: ignore[no-any-return]
        if a[0] == "chain":
            hi, lo = self.index(a[2]), self.index(a[3])
            if hi < lo:
                raise Meaningless("an empty chain")
            value = self.member(a[1], hi)
            for at in range(hi - 1, lo - 1, -1):
                value = product(value, self.member(a[1], at))
            return value
        if a[0] == "grad" and a[1][0] == "var":
            return [[2 * y for y in row] for row in self.matrix(a[2])]
        raise Meaningless(a[0])

    def member(self, family: Any, at: int) -> Rows:
        if family[0] == "var":
            members = self[family]
            if at not in members:
                raise Meaningless("no member")
            return members[at]  # type: ignore[no-any-return]
        if family[0] == "tab":
            body = open_binder(family[1], (("lin", at, ()),))
            return self.matrix(body)
        if family[0] == "listed" and 1 <= at <= len(family[1]):
            return self.matrix(family[1][at - 1])
        raise Meaningless(family[0])

    # Claims
    def holds(self, p: Any, depth: int = 0) -> bool | None:
        try:
            return self._holds(p, depth)
        except Meaningless:
            return None

    def _holds(self, p: Any, depth: int) -> bool | None:
        tag = p[0]
        if tag in ("inonneg", "inull"):
            value = self.index(p[1])
            return value >= 0 if tag == "inonneg" else value == 0
        if tag in ("rnonneg", "rpos", "rnull"):
            number = self.real(p[1])
            return number == 0 if tag == "rnull" else number > 0 if tag == "rpos" else number >= 0
        if tag == "mnull":
            return not any(y for row in self.matrix(p[1]) for y in row)
        if tag == "false":
            return False
        if tag == "not":
            inner = self.holds(p[1], depth)
            return None if inner is None else not inner
        if tag == "implies":
            premise, goal = self.holds(p[1], depth), self.holds(p[2], depth)
            if premise is False or goal is True:
                return True
            return False if premise is True and goal is False else None
        if tag in ("and", "or"):
            values = [self.holds(q, depth) for q in p[1]]
            decisive = tag == "or"
            return decisive if decisive in values else None if None in values else not decisive
        if tag in ("forall", "exists"):
            decisive = tag == "exists"
            found = [self.sampled(p, depth, n) for n in range(3 if depth < 2 else 1)]
            return decisive if decisive in found else None
        if tag in ("differentiable", "convex") and p[1][0] == "var":
            return True
        return None

    def sampled(self, p: Any, depth: int, n: int) -> bool | None:
        name = f"sample{depth}_{n}"
        variable = ("var", name, p[1])
        body = open_binder(p[2], (bound_term(variable),))
        return self.having(name, self.drawn(p[1], (name, self.seed))).holds(body, depth + 1)


def refuted(hypotheses: Any, conclusion: Any, seeds: range) -> Instance | None:
    """An instance on which all hypotheses hold and the conclusion does not."""
    for seed in seeds:
        instance = Instance(seed)
        if instance.holds(conclusion) is False and all(
            instance.holds(h) is True for h in hypotheses
        ):
            return instance
    return None
