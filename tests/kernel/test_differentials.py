"""Derivatives as the kernel concludes them, against F(X + εH) worked out exactly."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from typing import Any

import pytest

from proofkit import kernel
from proofkit.kernel import Theorem, analysis
from proofkit.kernel.nodes import node
from proofkit.kernel.reading import PLAIN
from proofkit.script.slopes import sites
from proofkit.symbols import (
    Function,
    FunctionOf,
    Map,
    MatrixVariable,
    determinant,
    diag,
    diagonal,
    encode_term,
    entry,
    frobenius,
    hadamard,
    inverse,
    ones,
    real,
    reciprocal,
    trace,
)

from . import jets
from .jets import Jet, Jets, by, change, constant, plus, slope_at, times, towards, transposed

COUNT = 1000
Rng = random.Random
x, y, s, t = real("x"), real("y"), real("s"), real("t")
A, B, X, Y = (MatrixVariable(name, 2, 2) for name in "ABXY")
f, g = Function("f", 2, 2), Function("g", 2, 2)
S, curve, sigma = Map("S", (2, 2), (2, 2)), Map("c", (), (2, 2)), Map("σ")


# ── Random functions ───────────────────────────────────────────────────────────────────────────
def matrix_of(rng: Rng, X: Any, depth: int) -> Any:
    """A matrix that speaks of X, a matrix or a number."""
    if depth == 0:
        here = X if hasattr(X, "shape") else X * rng.choice((A, B))
        return rng.choice((here, here, here.T, A, B))
    one, two = matrix_of(rng, X, depth - 1), matrix_of(rng, X, rng.randrange(depth))
    return rng.choice(
        (
            lambda: one * two,
            lambda: one + rng.randint(-2, 2) * two,
            lambda: number_of(rng, X, depth - 1) * one,
            lambda: hadamard(one, two),
            lambda: diag(diagonal(one * two)),
            lambda: S(one),
            lambda: inverse(one),
            lambda: curve(number_of(rng, X, depth - 1)),
            lambda: f.gradient(one),
            lambda: (one * two).T,
        )
    )()


def number_of(rng: Rng, X: Any, depth: int) -> Any:
    if depth == 0:
        return rng.choice((trace(X) if hasattr(X, "shape") else X, s, t))
    one = matrix_of(rng, X, depth - 1)
    a, b = number_of(rng, X, depth - 1), number_of(rng, X, rng.randrange(depth))
    return rng.choice(
        (
            lambda: trace(one * A),
            lambda: frobenius(one, one),
            lambda: entry(one, rng.randint(1, 2), rng.randint(1, 2)),
            lambda: f(one) + rng.randint(1, 3) * g(A),
            lambda: g(one * one),
            lambda: sigma(a),
            lambda: a * b,
            lambda: a ** rng.randint(2, 4),
            lambda: determinant(one),
            lambda: reciprocal(a),
            lambda: frobenius(ones(2, 2), one) - a,
        )
    )()


def functions(rng: Rng) -> Iterator[Any]:
    while True:
        variable = rng.choice((X, X, x))
        make = rng.choice((matrix_of, number_of))
        yield variable, make(rng, variable, rng.randint(2, 4))


# ── Random values ──────────────────────────────────────────────────────────────────────────────
def small(rng: Rng) -> Jet:
    return Jet(Fraction(rng.randint(-3, 3), rng.choice((1, 2))))


def drawn(rng: Rng) -> jets.Matrix:
    return tuple(tuple(small(rng) for _ in range(2)) for _ in range(2))


def cubic(rng: Rng) -> jets.Smooth:
    """Z ↦ tr(ZPZZ), with its gradient (PZZ + ZPZ + ZZP)ᵀ."""
    P = drawn(rng)

    def gradient(Z: jets.Matrix) -> jets.Matrix:
        parts = [times(times(a, b), c) for a, b, c in ((P, Z, Z), (Z, P, Z), (Z, Z, P))]
        return transposed(plus(plus(*parts[:2]), parts[2]))

    return jets.Smooth(lambda Z: jets.trace(times(times(Z, P), times(Z, Z))), gradient)


def instance(rng: Rng) -> dict[str, Any]:
    """Values of the variables; those of functions are polynomials."""
    P, Q, R = drawn(rng), drawn(rng), drawn(rng)
    a, b, c = small(rng), small(rng), small(rng)
    return {
        **{name: drawn(rng) for name in "ABXY"},
        **{name: small(rng) for name in "xyst"},
        **{name: cubic(rng) for name in "fg"},
        "S": lambda Z: plus(times(times(P, Z), times(Q, Z)), times(R, transposed(Z))),
        "c": lambda z: plus(by(z, P), by(z * z, Q)),
        "σ": lambda z: a * z * z * z + b * z + c,
    }


# ── Derived and worked out ─────────────────────────────────────────────────────────────────────
def derived(variable: Any, body: Any) -> Theorem:
    """A slope of the function at Y, or at y, from slopes of all the functions in it by name."""
    function = encode_term(FunctionOf(variable, body))
    at = encode_term(Y if hasattr(variable, "shape") else y)
    premises = []
    for n, (h, e) in enumerate(dict.fromkeys(sites(function[2], at))):
        _, domain, there = PLAIN.read(h)[1]
        there = there if there[0] == "matrix" else ("real",)
        slope = node("var", f"L{n}", ("to", domain, there))
        premises.append(kernel.assume(("slope", h, e, slope)))
    return kernel.differentiate(function, at, premises)


def agrees(theorem: Theorem, values: dict[str, Any], rng: Rng) -> bool:
    """Whether F(Y + εH) is F(Y) + εL(H), where the premises are slopes indeed."""
    known = dict(values)
    for h, e, slope in (p[1:] for p in theorem.hypotheses):
        model = Jets(values)
        known[slope[1]] = slope_at(model.term(h), model.term(e))
    return compared(theorem.conclusion, Jets(known), rng)


def compared(said: Any, model: Jets, rng: Rng) -> bool:
    """Whether a claim about a slope is right in one direction."""
    _, function, at, slope = said
    here = model.term(at)
    step = small(rng) if isinstance(here, Jet) else drawn(rng)
    there = model.term(function)(towards(here, step))
    return bool(change(there) == constant(model.term(slope)(step)))


def test_derivatives_are_right() -> None:
    rng, made, met = Rng(1), functions(Rng(2)), 0
    theorems = [derived(*next(made)) for _ in range(250)]
    assert sum(len(theorem.hypotheses) > 1 for theorem in theorems) > 50
    while met < COUNT:
        try:
            assert agrees(theorem := theorems[met % len(theorems)], instance(rng), rng), theorem
        except ZeroDivisionError:  # a matrix that has no inverse
            if rng.random() < 0.9:
                continue
        met += 1


WRONG = {
    "only the first factor": (
        "once",
        lambda once: lambda self, factors: islice(once(self, factors), 1),
    ),
    "twice": (
        "ways",
        lambda ways: lambda self, t: iter(list(ways(self, t)) * (2 if t[0] == "trace" else 1)),
    ),
    "a power's exponent": (
        "ways",
        lambda ways: lambda self, t: (_without_exponents(way) for way in ways(self, t)),
    ),
}


def _without_exponents(way: Any) -> Any:
    if way[0] not in ("num", "mat"):
        return way
    return node(*way[:-1], tuple((key, (1, q)) for key, (_, q) in way[-1]))


@pytest.mark.parametrize(("name", "wrong"), WRONG.values(), ids=WRONG)
def test_wrong_derivatives_would_be_noticed(
    name: str, wrong: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analysis._Change, name, wrong(getattr(analysis._Change, name)))
    rng, made = Rng(1), functions(Rng(2))
    found = []
    for _ in range(60):
        theorem = derived(*next(made))
        try:
            found.append(agrees(theorem, instance(rng), rng))
        except ZeroDivisionError:
            continue
    assert False in found


def test_a_slope_off_by_a_factor_would_be_noticed() -> None:
    for scale, right in ((1, True), (2, False), (-1, False)):
        parts = FunctionOf(X, X * X), FunctionOf(X, scale * (X * Y + Y * X))
        function, slope = map(encode_term, parts)
        theorem = kernel.assume(("slope", function, encode_term(Y), slope))
        assert compared(theorem.conclusion, Jets(instance(Rng(1))), Rng(5)) == right
