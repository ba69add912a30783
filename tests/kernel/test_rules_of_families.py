"""The rules about indices, families and equals, each on 1,000 random exact instances.

Premises are assumed and their truth is computed; wherever all of them hold, so must the conclusion.
"""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from proofkit import kernel
from proofkit.claims import Equal, Exists, ForAll, Implies, Less, LessEqual, encode
from proofkit.kernel import KernelError, Theorem
from proofkit.kernel.binding import opened
from proofkit.networks.exact import ExactMatrix
from proofkit.script.derived import descent
from proofkit.symbols import (
    Function,
    MatrixVariable,
    Summation,
    encode_term,
    family,
    index,
    rank,
    real,
    replaced,
    tabulated,
    trace,
)

from .given import given
from .model import Meaningless, Model, Smooth, draw

COUNT = 1000
REACH = range(-5, 7)
"""The indices that claims about all indices are tried on."""

Rng = random.Random
i, j, n, lo, hi = (index(name) for name in ("i", "j", "n", "lo", "hi"))
x, y = real("x"), real("y")
A, B, C, X, Y = (MatrixVariable(name, 2, 2) for name in "ABCXY")
Z = MatrixVariable("Z", 1, 1)
F, G, H = (family(name, lambda at: (2, 2)) for name in "FGH")
P, Q = (family(name, lambda at: (1, 1)) for name in "PQ")
T = family("T", lambda tower, at: (2, 2), arity=2)
f, g = Function("f", 2, 2), Function("g", 2, 2)


class Indexed(Model):
    """The model, with claims about all indices, or some, tried on a few."""

    def samples(self, sort: Any) -> Iterable[Any]:
        return REACH if sort[0] == "index" else super().samples(sort)

    def candidates(self, sort: Any) -> Iterator[Any]:
        if sort[0] == "index":
            yield from REACH
        elif sort[0] == "to":  # every family of a few small members
            for entries in product(GRID, repeat=len(FEW)):
                yield lambda at, e=entries: ExactMatrix.of([[e[at % len(FEW)]]])
        else:
            yield from (ExactMatrix.of([[e]]) for e in GRID)


GRID, FEW = (Fraction(0), Fraction(1), Fraction(-1)), range(3)


def members(rng: Rng, zero_from: int | None = None, zero_to: int | None = None) -> Any:
    """Random 2×2 members, drawn when asked for; zero from or up to a given index."""
    seed, table = rng.random(), {}

    def member(at: int) -> ExactMatrix:
        if at not in table:
            zero = (zero_from is not None and at >= zero_from) or (
                zero_to is not None and at <= zero_to
            )
            zeros = ExactMatrix.zeros(2, 2)
            table[at] = zeros if zero else draw(random.Random(f"{seed} {at}"), 2, 2)
        return table[at]

    return member


def zero_at(found: set[int], others: Any) -> Any:
    """The members of a family, but zero at some indices."""
    return lambda at: ExactMatrix.zeros(2, 2) if at in found else others(at)


def follows(theorem: Theorem, values: dict[str, Any]) -> bool:
    """Whether the hypotheses hold; the conclusion must, where they do."""
    model = Indexed(values=values)
    try:
        if not all(model.holds(h) for h in theorem.hypotheses):
            return False
        assert model.holds(theorem.conclusion), f"{values}"
    except Meaningless:
        return False
    return True


def until_met(draws: Iterator[tuple[Theorem, dict[str, Any]]]) -> None:
    """The conclusion follows on ``COUNT`` instances where the premises hold."""
    met = tried = 0
    while met < COUNT:
        met += follows(*next(draws))
        tried += 1
        assert tried < 20 * COUNT, "the premises hardly ever hold"


def numbers(rng: Rng) -> dict[str, Any]:
    return {v: rng.randint(-4, 5) for v in ("i", "j", "n", "lo", "hi")} | {
        v: Fraction(rng.randint(-4, 4), rng.choice((1, 2))) for v in ("x", "y")
    }


def everything(rng: Rng) -> dict[str, Any]:
    towers = [members(rng) for _ in range(3)]
    return numbers(rng) | {
        **{name: draw(rng, 2, 2) for name in "ABCXY"},
        **{name: members(rng) for name in "FGH"},
        "T": lambda tower: towers[tower % 3],
    }


# ── F_i = body(i) ──────────────────────────────────────────────────────────────────────────────
ORDERS = [LessEqual(lo, i), LessEqual(i, hi), Less(i, lo), Less(hi, i), Less(i, n), Less(n, i)]


def members_taken() -> list[Theorem]:
    """Whatever the kernel accepts of: this member is that, with two premises, for each family."""
    body = F[j] * A - 2 * G[j + 1].T * G[j]
    families: list[tuple[Any, Any, list[Any]]] = [
        (tabulated(j, body), i, [body, F[j]]),
        (tabulated(j, F[2 * j - n]), i, [F[2 * j - n], F[j]]),
        (replaced(F, lo, hi, j, body), i, [body, F[j]]),
        (replaced(replaced(G, n, n, j, A), lo, hi, j, body), i, [body, A, G[j]]),
        (F.with_layer(i, B), i, [B, F[j]]),
        (F.with_layer(n, B), i, [B, F[j]]),
        (T.with_layer(n, F)[i], lo, [F[j], T[i][j]]),
    ]
    found = []
    for (taken, at, values), first, second in product(families, ORDERS, ORDERS):
        for value in values:
            goal = encode(Equal(taken[at], value.xreplace({j: at})))
            with contextlib.suppress(KernelError):
                found.append(kernel.algebra(goal, (), [given(first), given(second)]))
    return found


def test_members() -> None:
    rng, theorems = random.Random(1), members_taken()
    assert 2 * len(ORDERS) ** 2 < len(theorems) < 7 * len(ORDERS) ** 2
    until_met((rng.choice(theorems), everything(rng)) for _ in iter(int, 1))


# ── Σ(F, hi, lo) = Σ(F, hi − 1, lo) + F_hi ─────────────────────────────────────────────────────
def test_sums() -> None:
    rng, theorems = random.Random(2), []
    families = [F, tabulated(j, F[j] * G[j].T), replaced(F, n, n + 1, j, A * F[j]), T[n]]
    for s, order in product(families, (LessEqual(lo, hi), Less(hi, lo), LessEqual(lo - 1, hi))):
        for value in (Summation(s, hi - 1, lo) + s[hi], 0, s[hi]):
            with contextlib.suppress(KernelError):
                goal = encode(Equal(Summation(s, hi, lo), value))
                theorems.append(kernel.algebra(goal, (), [given(order)]))
    assert len(theorems) == 2 * len(families)
    until_met((rng.choice(theorems), everything(rng)) for _ in iter(int, 1))


# ── F[hi:mid+1]·F[mid:lo] = F[hi:lo] ───────────────────────────────────────────────────────────
def test_chains() -> None:
    rng, theorems = random.Random(10), []
    orders = [LessEqual(lo, n), LessEqual(lo, n + 1), LessEqual(n, hi), LessEqual(n, hi + 1)]
    for s, first, second in product((F, tabulated(j, F[j] * G[j].T)), orders, orders):
        for pieces in (s[hi : n + 1] * s[n:lo], s[hi:n] * s[n:lo], s[hi : n + 2] * s[n + 1 : lo]):
            with contextlib.suppress(KernelError):
                goal = encode(Equal(pieces, s[hi:lo]))
                theorems.append(kernel.algebra(goal, (), [given(first), given(second)]))
    assert len(theorems) > 4
    until_met((rng.choice(theorems), everything(rng)) for _ in iter(int, 1))


# ── p(s) and p(i) → p(i ± 1), so p(i) for all i from s on ──────────────────────────────────────
CLAIMS = [
    Equal(F[i], 0),
    Equal(F[i] * A, A * F[i]),
    LessEqual(rank(F[i]), n),
    Equal(F[i], F[i + 1]),
    Implies(LessEqual(i, hi), Equal(F[i], 0)),
    LessEqual(x, trace(F[i])),
]


@pytest.mark.parametrize("by", [1, -1])
def test_induction_and_descent(by: int) -> None:
    rule = kernel.induction if by > 0 else descent
    rng = random.Random(4 + by)
    theorems = []
    for claim in CLAIMS:
        bound = LessEqual(n, i) if by > 0 else LessEqual(i, n)
        base = given(claim.xreplace({i: n}))
        step = given(ForAll(i, Implies(bound, claim, claim.xreplace({i: i + by}))))
        theorems.append(rule(encode(ForAll(i, claim)), encode_term(n), base, step))

    def draws() -> Iterator[tuple[Theorem, dict[str, Any]]]:
        while True:
            values = everything(rng)
            # zero from somewhere near the start on, now and then a little too late
            edge = values["n"] + by * rng.choice((-1, 0, 0, 1))
            values["F"] = members(rng, **{"zero_from" if by > 0 else "zero_to": edge})
            values["x"] = -abs(values["x"])
            yield rng.choice(theorems), values

    until_met(draws())


# ── For each i some X, so one family of them ───────────────────────────────────────────────────
def test_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{__name__}.REACH", FEW)
    rng = random.Random(7)
    theorems = [
        kernel.choose(given(ForAll(i, claim)))
        for claim in (
            Exists(Z, Equal(P[i] * Z, Q[i])),
            Implies(LessEqual(lo, i), Exists(Z, Equal(P[i] * Z, Q[i]))),
            Implies(LessEqual(lo, i), LessEqual(i, hi), Exists(Z, Equal(Z * Z, P[i] * P[i]))),
        )
    ]

    def draws() -> Iterator[tuple[Theorem, dict[str, Any]]]:
        while True:
            ps, qs = ([rng.choice(GRID) for _ in FEW] for _ in "PQ")
            values = numbers(rng) | {
                name: lambda at, e=tuple(entries): ExactMatrix.of([[e[at]]])
                for name, entries in (("P", ps), ("Q", qs))
            }
            values["lo"], values["hi"] = rng.randint(-1, 3), rng.randint(-1, 3)
            yield rng.choice(theorems), values

    until_met(draws())


# ── old = new and p(old), so p(new) ────────────────────────────────────────────────────────────
def test_rewriting_matrices_and_numbers() -> None:
    rng = random.Random(8)
    matrices = [A * B, A + 2 * B.T, C, F[n] * A]
    reals = [x * y, trace(A * B), x + 1]
    indices = [2 * n - lo, rank(A * B), i]
    claims: list[tuple[Any, Any, list[Any]]] = [
        (X, Equal(A * X, X * A), matrices),
        (X, LessEqual(trace(X * B), x), matrices),
        (X, LessEqual(rank(X), 1), matrices),
        (y, LessEqual(x * y, y * y), [trace(A * B), x + 1]),
        (x, Equal(x * A, A * (x * B)), reals[1:2]),
        (j, LessEqual(j, hi), indices),
        (j, Equal(F[j], Summation(F, j, j)), indices),
    ]

    def draws() -> Iterator[tuple[Theorem, dict[str, Any]]]:
        while True:
            variable, claim, olds = rng.choice(claims)
            old = rng.choice(olds)
            values = everything(rng)
            values["A"] = draw(rng, 2, 2, rng.randint(0, 2))
            if rng.random() < 0.5:
                values["A"] = rng.randint(-2, 2) * ExactMatrix.identity(2)
            model = Indexed(values=values)
            # The new name has the old term's value, now and then another.
            if variable is X:
                new = Y
                values["Y"] = model.matrix(encode_term(old))
            elif variable is j:
                new = index("new")
                values["new"] = model.index(encode_term(old)) + rng.choice((0, 0, 0, 1))
            else:
                new = real("new")
                values["new"] = model.number(encode_term(old)) + rng.choice((0, 0, 0, 1))
            # Mostly an equation; the kernel must refuse the others.
            related = rng.choice((Equal, Equal, LessEqual)) if variable is not X else Equal
            with contextlib.suppress(KernelError):
                theorem = kernel.rewrite(
                    encode(ForAll(variable, claim)),
                    encode_term(old),
                    encode_term(new),
                    given(related(old, new)),
                    given(claim.xreplace({variable: old})),
                )
                yield theorem, values

    until_met(draws())


def test_rewriting_families_and_functions() -> None:
    rng = random.Random(9)
    body = tabulated(j, G[j] * C)
    same_members = given(ForAll(i, Equal(body[i], H[i])))
    same_values = given(ForAll(X, Equal(f(X), g(X))))
    theorems = []
    for variable, claim in (
        (F, Equal(F[hi:lo] * A, A * F[hi:lo])),
        (F, LessEqual(rank(F[n]), 1)),
        (f, LessEqual(f(A), f(B))),
        (f, Equal(f(A + C), f(C))),
    ):
        template = encode(ForAll(variable, claim))
        if variable is F:
            old, new, equation = encode_term(body), encode_term(H), same_members
        else:
            old, new, equation = encode_term(f), encode_term(g), same_values
        premise = kernel.assume(opened(template[2], old))
        theorems.append(kernel.rewrite(template, old, new, equation, premise))

    def draws() -> Iterator[tuple[Theorem, dict[str, Any]]]:
        while True:
            values = everything(rng)
            values["lo"], values["hi"] = rng.randint(-2, 2), rng.randint(-2, 4)
            values["A"] = rng.choice((0, 1, 2)) * ExactMatrix.identity(2)
            values["C"] = draw(rng, 2, 2, rng.randint(1, 2))
            values["H"] = times(values["G"], values["C"])
            if rng.random() < 0.2:
                values["H"] = zero_at({2}, values["H"])
            values["f"] = quadratic(draw(rng, 2, 2))
            values["g"] = values["f"] if rng.random() < 0.8 else quadratic(draw(rng, 2, 2))
            yield rng.choice(theorems), values

    until_met(draws())


def times(family: Any, right: ExactMatrix) -> Any:
    return lambda at: family(at) @ right


def quadratic(w: ExactMatrix) -> Smooth:
    """Z ↦ tr(ZᵀwZ)."""
    return Smooth(lambda Z: Fraction((Z.T @ w @ Z).trace()), lambda Z: (w + w.T) @ Z, False)
