"""Facts of the page of calculus: each holds, and each of its premises is needed."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from proofkit.networks.exact import ExactMatrix

from .harness import (
    I1,
    ZERO1,
    Generator,
    Rng,
    assert_needed,
    assert_true,
    cases,
    column,
    number,
    positive,
    rational,
    size,
)
from .known import (
    Known,
    Linear,
    Smooth,
    added,
    along,
    bent,
    bent_square,
    jump,
    polynomial,
    quadratic,
    sine,
    squares,
    total,
    waves,
)
from .meanings import Junk
from .model import Instance, draw
from .series import plus, times

ZERO = Fraction(0)
ANY = Junk(seed=1)
MOST = 3


# ── Integers, and the real line ────────────────────────────────────────────────────────────────
def natural(rng: Rng) -> Instance:
    return Instance((size(rng),))


def twice_an_integer(rng: Rng) -> Instance:
    return Instance((rng.randint(-9, 9),) * 2)


def twice_a_number(rng: Rng) -> Instance:
    return Instance((rational(rng),) * 2)


def nothing(rng: Rng) -> Instance:
    return Instance(())


def far_above_zero(rng: Rng) -> Instance:
    """So far that what is tried near it is above 0."""
    return Instance((positive(rng),))


def far_from_zero(rng: Rng) -> Instance:
    return Instance((positive(rng) * rng.choice((1, -1)),))


# ── Functions of reals or matrices: B(x) + σ(ℓ(x))·E ───────────────────────────────────────────
Shape = tuple[int, ...]


def element(rng: Rng, shape: Shape) -> Any:
    return draw(rng, *shape) if shape else rational(rng)


def linear(rng: Rng, takes: Shape, gives: Shape) -> Linear:
    """A linear function from reals or matrices to such."""
    if not takes:
        E = element(rng, gives)
        return lambda x: times(x, E)
    if not gives:
        D = draw(rng, *takes)
        return lambda X: Fraction(D.inner(X))
    left, right = draw(rng, gives[0], takes[0]), draw(rng, takes[1], gives[1])
    return lambda X: left @ X @ right


def ridge(B: Linear, sigma: Known, ell: Linear, E: Any) -> Known:
    """x ↦ B(x) + σ(ℓ(x))·E."""

    def slope(x: Any) -> Linear | None:
        rate = sigma.along(ell(x))
        return None if rate is None else lambda h: plus(B(h), times(rate(ell(h)), E))

    return Known(
        lambda x: plus(B(x), times(sigma(ell(x)), E)),
        slope,
        lambda x: sigma.continuous(ell(x)),
    )


def smooth_at(rng: Rng, at: Any, balls: bool = False) -> Known:
    """A function with a derivative at a point; elsewhere it may bend and jump."""
    a, b, c = (rational(rng) for _ in range(3))
    other = rng.choice([y for y in (at - 2, -at, 2 * at, ZERO) if y != at])
    kinds = [polynomial(a, b, c, 1), bent_square(at, a, b), bent(at + 3, b, c)]
    kinds += [jump(other, a, b, c), *((sine(), waves(at)) if balls else ())]
    return added(rng.choice(kinds), rng.choice(kinds))


def far_away(rng: Rng, at: Any) -> Known:
    """0 near a point, and not 0 far away."""
    return jump(at + 5, 0, rational(rng), positive(rng))


def shapes(rng: Rng, kind: str) -> tuple[Shape, Shape]:
    takes = (size(rng, 0, 2), size(rng, 0, MOST)) if kind in ("matrices", "maps") else ()
    gives = (size(rng, 0, 2), size(rng, 0, MOST)) if kind in ("curves", "maps") else ()
    return takes, gives


def with_slope(kind: str, other: bool) -> Generator:
    """A function, a point, its slope there, and another function that agrees with it near it."""

    def generator(rng: Rng) -> Instance:
        takes, gives = shapes(rng, kind)
        x, E = element(rng, takes), element(rng, gives)
        B, ell = linear(rng, takes, gives), linear(rng, takes, ())
        sigma = smooth_at(rng, ell(x), balls=not gives)
        F = ridge(B, sigma, ell, E)
        G = ridge(B, added(sigma, far_away(rng, ell(x))), ell, E)
        return Instance((*takes, *gives, F, x, F.along(x), *((G,) if other else ())))

    return generator


# ── Functions from matrices to reals, and their gradients ──────────────────────────────────────
def place(rng: Rng, least: int = 0) -> tuple[int, int, ExactMatrix, ExactMatrix]:
    """Sizes, a point and a direction."""
    p, q = size(rng, least, 2), size(rng, least, MOST)
    return p, q, draw(rng, p, q), draw(rng, p, q)


def curved(rng: Rng, X: ExactMatrix, D: ExactMatrix, sigma: Known) -> Smooth:
    """A quadratic function plus σ(⟨D, X⟩)."""
    parts = [(rational(rng), draw(rng, *X.shape)) for _ in range(2)]
    return total(squares(0 * X, *parts), along(D, sigma, draw(rng, *X.shape)))


def kinked_elsewhere(rng: Rng) -> tuple[Any, ...]:
    p, q, X, D = place(rng)
    return p, q, curved(rng, X, D, smooth_at(rng, Fraction(D.inner(X)))), X


def with_gradient(rng: Rng) -> Instance:
    p, q, f, X = kinked_elsewhere(rng)
    return Instance((p, q, f, X, f.slope(X)))


def without_gradient(rng: Rng) -> Instance:
    return Instance(kinked_elsewhere(rng))


def smooth(rng: Rng) -> tuple[Any, ...]:
    p, q, X, D = place(rng)
    a, b = rational(rng), rational(rng)
    sigma = rng.choice((polynomial(0, 0, a, b), bent_square(a, b, 1), bent_square(0, a, b)))
    return p, q, curved(rng, X, D, sigma), X


def smooth_function(rng: Rng) -> Instance:
    return Instance(smooth(rng)[:3])


def smooth_function_at(rng: Rng) -> Instance:
    return Instance(smooth(rng))


def map_at(rng: Rng) -> tuple[Known, Fraction]:
    x = rational(rng)
    return smooth_at(rng, x, balls=True), x


def map_with_derivative(rng: Rng) -> Instance:
    sigma, x = map_at(rng)
    slope = sigma.along(x)
    assert slope is not None
    return Instance((sigma, x, slope(Fraction(1))))


def map_without_derivative(rng: Rng) -> Instance:
    return Instance(map_at(rng))


# ── Second derivatives ─────────────────────────────────────────────────────────────────────────
def twice_smooth(rng: Rng) -> tuple[int, int, Smooth, ExactMatrix]:
    """A function with two derivatives at X: a cubic one, or one that has just one elsewhere."""
    p, q, X, D = place(rng)
    a, b, at = rational(rng), rational(rng), Fraction(D.inner(X)) + rng.choice((-1, 2))
    sigma = rng.choice((polynomial(0, 0, a, b), bent_square(at, a, b)))
    return p, q, curved(rng, X, D, sigma), X


def twice(then: Callable[[Rng, Smooth, ExactMatrix], tuple[Any, ...]]) -> Generator:
    def generator(rng: Rng) -> Instance:
        p, q, f, X = twice_smooth(rng)
        return Instance((p, q, f, X, *then(rng, f, X)))

    return generator


def spike(rows: int) -> Smooth:
    """0 but at 0, where it has no derivative; its gradient is called 0 there, as it is near."""
    zero = ExactMatrix.zeros(rows, 1)
    return Smooth(
        lambda X: Fraction(X.is_zero()), lambda X: zero, convex=False, differentiable=False,
        rough=lambda X: X.is_zero(), second=lambda X: lambda H: zero, torn=lambda X: X.is_zero(),
    )  # fmt: skip


# ── Optimisation ───────────────────────────────────────────────────────────────────────────────
def least_where_zero(rng: Rng) -> Instance:
    """g = 0 at A, and f = μg + ag² + a square, 0 at A and not negative where g is 0."""
    p, q, A, D = place(rng, 1)
    g = curved(rng, A, D, polynomial(0, 0, rational(rng), 1))
    if g.slope(A).is_zero():
        g = total(g, along(ExactMatrix.of([[1] * q] * p), polynomial(0, 1), 0 * A))
    level = g(A)
    mu, a = rational(rng), rational(rng)
    bowl = squares(A, (abs(rational(rng)), draw(rng, p, q)))

    def up(X: ExactMatrix) -> Fraction:
        return Fraction(g(X) - level)

    zero_at = Smooth(up, g.slope, False)
    f = Smooth(
        lambda X: mu * up(X) + a * up(X) ** 2 + bowl(X),
        lambda X: (mu + 2 * a * up(X)) * g.slope(X) + bowl.slope(X),
        False,
    )
    return Instance((p, q, f, zero_at, A), (mu,))


def bounded(rng: Rng) -> Instance:
    """f with f′ Lipschitz: c is at least the sum of what each part asks for."""
    p, q, X, D = place(rng)
    a, b, s = rational(rng), rational(rng), rational(rng)
    E, flat = draw(rng, p, q), draw(rng, p, q)
    f = total(squares(flat, (s, E)), along(D, bent_square(rational(rng), a, b), flat))
    c = abs(s) * Fraction(E.inner(E)) + 2 * max(abs(a), abs(b)) * Fraction(D.inner(D))
    if rng.random() < 0.3:
        c = positive(rng)
        f = quadratic(c * ExactMatrix.identity(p * q), flat)
    return Instance((p, q, f, c + rng.choice((0, 1)), X, draw(rng, p, q)))


GENERATORS: dict[str, Generator] = {
    "natural numbers": natural,
    "antisymmetry": twice_an_integer,
    "antisymmetry of reals": twice_a_number,
    "zero is not isolated": nothing,
    "positive numbers are open": far_above_zero,
    "nonzero numbers are open": far_from_zero,
    **{
        f"slopes are {what}: {kind}": with_slope(kind, what == "local")
        for what in ("continuous", "local")
        for kind in ("numbers", "matrices", "curves", "maps")
    },
    "gradient of slope": with_gradient,
    "slope of gradient": without_gradient,
    "differentiable everywhere": smooth_function,
    "differentiable at each point": smooth_function_at,
    "derivative of slope": map_with_derivative,
    "slope of derivative": map_without_derivative,
    "slope of hessian": twice(lambda rng, f, X: ()),
    "hessian of slope": twice(lambda rng, f, X: (f.second(X), draw(rng, *X.shape))),
    "symmetry of hessian": twice(lambda rng, f, X: (draw(rng, *X.shape), draw(rng, *X.shape))),
    "lagrange multiplier": least_where_zero,
    "quadratic upper bound": bounded,
}

SQUARE, UP = quadratic(number(2), ZERO1), polynomial(0, 1)
KINK, STEP = bent(ZERO, -1, 1), jump(ZERO, 0, 0, 1)
FOLD = along(I1, bent_square(ZERO, -1, 1), ZERO1)  # x·|x|, whose derivative has a kink at 0
E1, E2 = column(1, 0), column(0, 1)
ZERO2 = 0 * E1


def first(sigma: Known) -> Smooth:
    """σ of the first of two coordinates."""
    return along(E1, sigma, ZERO2)


def as_matrices(sigma: Known, takes: bool, gives: bool) -> Known:
    """A real function as one of 1×1 matrices, on either side."""
    one = I1 if gives else Fraction(1)
    ell: Linear = (lambda X: Fraction(X.trace())) if takes else (lambda x: x)
    return ridge(lambda x: 0 * one, sigma, ell, one)


def broken_slopes(kind: str) -> dict[str, tuple[Instance, ...]]:
    """At 0 a step has no slope and is not continuous; |x| has none; 2x is not x near 0."""
    takes, gives = kind in ("matrices", "maps"), kind in ("curves", "maps")
    sizes = (1,) * (2 * takes + 2 * gives)
    step, kink, up, steep = (
        as_matrices(sigma, takes, gives) for sigma in (STEP, KINK, UP, polynomial(0, 2))
    )
    at = ZERO1 if takes else ZERO
    return {
        f"slopes are continuous: {kind}": (Instance((*sizes, step, at, up)),),
        f"slopes are local: {kind}": (
            Instance((*sizes, kink, at, up, kink)),
            Instance((*sizes, up, at, up, steep)),
        ),
    }


# g is y, but x² where y = 0: it is 0 at the origin only.
TORN = Smooth(
    lambda X: X.entry(1, 0) or X.entry(0, 0) ** 2, lambda X: E2, convex=False, differentiable=False,
    rough=lambda X: X.entry(1, 0) == 0 != X.entry(0, 0),
    torn=lambda X: X.entry(1, 0) == 0 != X.entry(0, 0),
)  # fmt: skip
Y_AXIS = along(E2, UP, ZERO2)  # (x, y) ↦ y

# For each premise an instance where it alone fails and the conclusion does.  No multiple of
# (0, 1) or of (0, 0) is (1, 0).
BROKEN: dict[str, tuple[Instance, ...]] = {
    "antisymmetry": (Instance((2, 1)), Instance((1, 2))),
    "antisymmetry of reals": (Instance((2, 1)), Instance((1, 2))),
    "positive numbers are open": (Instance((ZERO,)),),
    "nonzero numbers are open": (Instance((ZERO,)),),
    **broken_slopes("numbers"),
    **broken_slopes("matrices"),
    **broken_slopes("curves"),
    **broken_slopes("maps"),
    "gradient of slope": (Instance((1, 1, SQUARE, I1, I1)),),
    "slope of gradient": (Instance((1, 1, along(I1, KINK, ZERO1), ZERO1)),),
    "differentiable everywhere": (Instance((1, 1, along(I1, KINK, ZERO1)), samples=(ZERO1,)),),
    "differentiable at each point": (Instance((1, 1, along(I1, KINK, ZERO1), ZERO1)),),
    "derivative of slope": (Instance((polynomial(0, 0, 1), Fraction(1), Fraction(1))),),
    "slope of derivative": (Instance((KINK, ZERO)),),
    # Where f is not twice differentiable the second differential is some linear function.
    "slope of hessian": (
        Instance((1, 1, spike(1), ZERO1), junk=ANY),
        Instance((1, 1, FOLD, ZERO1), junk=ANY),
    ),
    "hessian of slope": (
        Instance((1, 1, spike(1), ZERO1, lambda H: ZERO1, I1), junk=ANY),
        Instance((1, 1, SQUARE, ZERO1, lambda H: H, I1)),
    ),
    "symmetry of hessian": (
        Instance((2, 1, spike(2), ZERO2, E1, E2), junk=ANY),
        Instance((2, 1, first(bent_square(ZERO, -1, 1)), ZERO2, E1, E2), junk=ANY),
    ),
    "lagrange multiplier": (
        Instance((2, 1, first(UP), along(E2, polynomial(1, 1), ZERO2), ZERO2)),
        Instance((2, 1, first(polynomial(0, -1)), Y_AXIS, ZERO2)),
        # The gradient of |x| at 0 is anyone's choice.
        Instance((2, 1, along(E1, KINK, ZERO2, junk=1), Y_AXIS, ZERO2)),
        Instance((2, 1, first(UP), TORN, ZERO2)),
        Instance((2, 1, first(UP), quadratic(ExactMatrix.identity(2), ZERO2), ZERO2)),
    ),
    "quadratic upper bound": (
        Instance((1, 1, quadratic(I1, ZERO1), -1, ZERO1, I1)),
        # What the gradient of a step is called where it jumps is anyone's choice: 0.
        Instance((1, 1, along(I1, STEP, ZERO1), 0, ZERO1, I1)),
        Instance((1, 1, SQUARE, 1, ZERO1, I1)),
    ),
}


@pytest.mark.parametrize("name", GENERATORS)
def test_fact_holds(name: str) -> None:
    assert_true(name, GENERATORS[name])


@pytest.mark.parametrize(("name", "at"), cases(BROKEN))
def test_premise_is_needed(name: str, at: int) -> None:
    assert_needed(name, at, BROKEN[name][at])
