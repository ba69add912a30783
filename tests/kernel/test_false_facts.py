"""The trial of facts can fail: a law with a condition, sign or transpose lost is refuted."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from proofkit.claims import (
    And,
    Between,
    Claim,
    Continuous,
    DifferentiableAt,
    Equal,
    Exists,
    ForAll,
    Implies,
    Less,
    LessEqual,
    Near,
    NonZero,
    PositiveSemidefinite,
    Slope,
    encode,
)
from proofkit.kernel import textbook
from proofkit.networks.exact import ExactMatrix
from proofkit.symbols import (
    Function,
    FunctionOf,
    FunctionWord,
    Identity,
    Map,
    MatrixVariable,
    absolute,
    cos,
    determinant,
    diag,
    entry,
    exp,
    frobenius,
    hadamard,
    hessian,
    index,
    inverse,
    log,
    logistic,
    natural,
    norm_squared,
    ones,
    rank,
    real,
    reciprocal,
    relu,
    sin,
    sqrt,
    tanh,
    trace,
    vector,
)

from . import test_facts_of_calculus as calculus
from . import test_facts_of_entries as entries
from . import test_facts_of_functions as functions
from . import test_facts_of_matrices as matrices
from .harness import Generator, Rng, assert_true, rational, size
from .known import along, jump, polynomial, quadratic
from .model import Instance, draw

n, p, q, r = (natural(name) for name in "npqr")
i, j = index("i"), index("j")
x, y, h, a, b, c = (real(name) for name in "xyhabc")
X, Y = MatrixVariable("X", p, q), MatrixVariable("Y", p, q)
U, V = MatrixVariable("U", q, r), MatrixVariable("V", q, p)
S, T, G, H = (MatrixVariable(name, n, n) for name in "STGH")
v = vector("v", n)
f, f2, g, sigma, tau = (
    *(Function("f", p, q), Function("f'", p, q), Function("g", n, n)),
    *(Map("σ"), Map("τ")),
)
INVERSE, DETERMINANT = FunctionWord("inverse", n), FunctionWord("determinant", n)


def at_slope(function: Any, factor: Any) -> Claim:
    return Slope(function, x, FunctionOf(h, factor * h))


def along_H(function: Any, change: Any) -> Claim:
    return Slope(function, S, FunctionOf(H, change))


# ── Instances ──────────────────────────────────────────────────────────────────────────────────
def square_inside(rng: Rng) -> Instance:
    m = size(rng, 1, 3)
    return Instance((m, draw(rng, m, m), rng.randint(1, m), rng.randint(1, m)))


def somewhere(rng: Rng) -> Instance:
    return Instance((size(rng, 1), size(rng, 1), rng.randint(-1, 5), rng.randint(-1, 5)))


def one_row_more(rng: Rng) -> Instance:
    p, q = size(rng, 1), size(rng, 1)
    return Instance((p, q, rng.randint(1, p + 1), rng.randint(1, q)))


def two_square(rng: Rng) -> Instance:
    m = size(rng, 1, 3)
    return Instance((m, draw(rng, m, m), draw(rng, m, m)))


def any_two(rng: Rng) -> Instance:
    return Instance((rational(rng), rational(rng)))


def positive_and_any(rng: Rng) -> Instance:
    return Instance((*functions.above(rng).values, rational(rng)))


def with_zero_at(rng: Rng) -> Instance:
    """A continuous function that is 0 at a point and negative on one side of it."""
    at = rational(rng)
    return Instance((polynomial(-at, 1), at))


def square_with_slope(rng: Rng) -> Instance:
    m = size(rng, 1, 3)
    X, D = draw(rng, m, m), draw(rng, m, m)
    f = calculus.curved(rng, X, D, polynomial(0, 0, 1, 1))
    return Instance((m, f, X, f.slope(X)))


def square_twice(rng: Rng) -> Instance:
    m = size(rng, 1, 3)
    X, D = draw(rng, m, m), draw(rng, m, m)
    return Instance((m, calculus.curved(rng, X, D, polynomial(0, 0, 1, 1)), X, draw(rng, m, m)))


def steps(rng: Rng) -> Instance:
    """A function with a slope at x, and one that is equal at x but not near it."""
    p, q = size(rng, 1, 2), size(rng, 1, 2)
    X, D = draw(rng, p, q), draw(rng, p, q)
    there = Fraction(D.inner(X))
    f = along(D, polynomial(0, 0, 1), 0 * D)
    g = along(D, jump(there, 0, there**2, 0), 0 * D)
    return Instance((p, q, f, g, X))


def square_entries(rng: Rng) -> Instance:
    while True:
        instance = entries.smooth_at_entries(rng)
        rows, cols, *rest = instance.values
        if rows == cols > 0:
            return Instance((rows, *rest))


def bent_at_entry(rng: Rng) -> Instance:
    """σ is continuous at the entries of X, and has a kink at one."""
    p, q, sigma, X = entries.continuous_at_entries(rng).values
    return Instance((p, q, sigma, entries.NONE, X))


def flat_directions(rng: Rng) -> Instance:
    m = size(rng, 1, 3)
    R = draw(rng, m - 1, m)
    return Instance((m, R.T @ R))


def with_c(rng: Rng) -> Instance:
    """f = c/2·‖X‖², for which the quadratic bound is an equation."""
    c, p, q = abs(rational(rng)), size(rng, 1, 2), size(rng, 1, 2)
    f = quadratic(c * ExactMatrix.identity(p * q), draw(rng, p, q))
    return Instance((p, q, f, c, draw(rng, p, q), draw(rng, p, q)))


def touching(rng: Rng) -> Instance:
    """f and g at a point where g is 0, f being what it likes."""
    p, q, A, D = calculus.place(rng, 1)
    f = calculus.curved(rng, A, D, polynomial(0, 0, 1))
    return Instance((p, q, f, along(D, polynomial(-Fraction(D.inner(A)), 1), 0 * D), A))


FALSE_FACTS: dict[str, tuple[tuple[Any, ...], Claim, Generator]] = {
    # Matrices
    "rank(XY) = rank X": ((p, q, r, X, U), Equal(rank(X * U), rank(X)), matrices.two_factors),
    "‖X‖² = 0": ((p, q, X), Equal(norm_squared(X), 0), matrices.one_matrix),
    "X has an inverse on the left": (
        (p, q, X),
        Exists(V, And(Equal(X * V * X, X), Equal(V * X, Identity(q)))),
        matrices.inverted,
    ),
    "ab ≥ a for a, b ≥ 0": (
        (a, b),
        Implies(LessEqual(0, a), LessEqual(0, b), LessEqual(a, a * b)),
        matrices.two_numbers,
    ),
    "ab ≥ 0": ((a, b), LessEqual(0, a * b), any_two),
    # Real functions
    "exp(x + y) = exp x + exp y": (
        (x, y),
        Equal(exp(x + y), exp(x) + exp(y)),
        functions.two,
    ),
    "exp decreases": (
        (x, y),
        Implies(LessEqual(x, y), LessEqual(exp(y), exp(x))),
        functions.in_order,
    ),
    "exp′ = x·exp": ((x,), at_slope(exp, x * exp(x)), functions.anywhere),
    "log(xy) = log x + log y for x > 0 and any y": (
        (x, y),
        Implies(Less(0, x), Equal(log(x * y), log(x) + log(y))),
        positive_and_any,
    ),
    "log x ≤ x − 1 for x ≥ 0": (
        (x,),
        Implies(LessEqual(0, x), LessEqual(log(x), x - 1)),
        functions.not_below,
    ),
    "log′ = 1/x for x ≠ 0": (
        (x,),
        Implies(NonZero(x), at_slope(log, reciprocal(x))),
        functions.off_zero,
    ),
    "log′ = 1/x²": (
        (x,),
        Implies(Less(0, x), at_slope(log, reciprocal(x) ** 2)),
        functions.above,
    ),
    "√x·√x = x": ((x,), Equal(sqrt(x) ** 2, x), functions.anywhere),
    "√′ = 1/√": ((x,), Implies(Less(0, x), at_slope(sqrt, reciprocal(sqrt(x)))), functions.above),
    "√σ is continuous where σ is not negative": (
        (sigma, x),
        Implies(
            LessEqual(0, sigma(x)),
            Continuous(sigma, x),
            Continuous(FunctionOf(y, sqrt(sigma(y))), x),
        ),
        with_zero_at,
    ),
    "cos′ = sin": ((x,), at_slope(cos, sin(x)), functions.anywhere),
    "tanh′ = 1 + tanh²": ((x,), at_slope(tanh, 1 + tanh(x) ** 2), functions.anywhere),
    "logistic′ = logistic": ((x,), at_slope(logistic, logistic(x)), functions.anywhere),
    "relu′ = 1 for x ≥ 0": (
        (x,),
        Implies(LessEqual(0, x), at_slope(relu, 1)),
        functions.not_below,
    ),
    "|x|′ = |x|/x": ((x,), at_slope(absolute, absolute(x) * reciprocal(x)), functions.anywhere),
    "(1/x)′ = 1/x²": (
        (x,),
        Implies(NonZero(x), at_slope(reciprocal, reciprocal(x) ** 2)),
        functions.off_zero,
    ),
    "x·(1/x) = 1": ((x,), Equal(x * reciprocal(x), 1), functions.anywhere),
    # Entries and determinants
    "Xᵀ has the entries of X": (
        (n, S, i, j),
        Equal(entry(S.T, i, j), entry(S, i, j)),
        square_inside,
    ),
    "every entry of 𝟏 is 1": ((p, q, i, j), Equal(entry(ones(p, q), i, j), 1), somewhere),
    "𝟏 has p + 1 rows": (
        (p, q, i, j),
        Implies(Between(1, i, p + 1), Between(1, j, q), Equal(entry(ones(p, q), i, j), 1)),
        one_row_more,
    ),
    "X ∘ Y = X·Y": ((n, S, T), Equal(hadamard(S, T), S * T), two_square),
    "diag(v)·X scales columns": (
        (n, v, S),
        Equal(diag(v) * S, hadamard(ones(n, 1) * v.T, S)),
        entries.GENERATORS["trace of diag"],
    ),
    "n ones are 1": ((n,), Equal(ones(1, n) * ones(n, 1), Identity(1)), entries.sizes("n")),
    "S·S⁻¹ = I": ((n, S), Equal(S * inverse(S), Identity(n)), flat_directions),
    "det(S + T) = det S + det T": (
        (n, S, T),
        Equal(determinant(S + T), determinant(S) + determinant(T)),
        two_square,
    ),
    "det(I + UV) = det(I − VU)": (
        (p, q, X, V),
        Equal(determinant(Identity(p) + X * V), determinant(Identity(q) - V * X)),
        entries.GENERATORS["determinant of identity plus"],
    ),
    "det S > 0 if vᵀSv ≥ 0": (
        (n, S),
        Implies(PositiveSemidefinite(S), Less(0, determinant(S))),
        flat_directions,
    ),
    "the slope of the inverse is S⁻¹HS⁻¹": (
        (n, S),
        Implies(NonZero(determinant(S)), along_H(INVERSE, inverse(S) * H * inverse(S))),
        entries.GENERATORS["slope of inverse"],
    ),
    "the slope of the inverse is −S⁻¹HᵀS⁻¹": (
        (n, S),
        Implies(NonZero(determinant(S)), along_H(INVERSE, -(inverse(S) * H.T * inverse(S)))),
        entries.GENERATORS["slope of inverse"],
    ),
    "the slope of the inverse is −HS⁻²": (
        (n, S),
        Implies(NonZero(determinant(S)), along_H(INVERSE, -(H * inverse(S) * inverse(S)))),
        entries.GENERATORS["slope of inverse"],
    ),
    "the slope of det is tr(S⁻¹H)": (
        (n, S),
        Implies(NonZero(determinant(S)), along_H(DETERMINANT, trace(inverse(S) * H))),
        entries.GENERATORS["slope of determinant"],
    ),
    "the slope of det is det S·tr(S⁻ᵀH)": (
        (n, S),
        Implies(
            NonZero(determinant(S)),
            along_H(DETERMINANT, determinant(S) * trace(inverse(S).T * H)),
        ),
        entries.GENERATORS["slope of determinant"],
    ),
    "σ entry by entry has the slope τ(X) ∘ Hᵀ": (
        (n, sigma, tau, S),
        along_H(FunctionWord("entrywise", n, n, sigma), hadamard(tau(S), H.T)),
        square_entries,
    ),
    "σ entry by entry has a slope where σ is continuous": (
        (p, q, sigma, tau, X),
        DifferentiableAt(FunctionWord("entrywise", p, q, sigma), X),
        bent_at_entry,
    ),
    # Calculus
    "numbers near 0 are 0": ((), Near((x, 0), Equal(x, 0)), calculus.nothing),
    "the gradient is twice the slope": (
        (n, g, S, G),
        Implies(along_H(g, frobenius(G, H)), Equal(g.gradient(S), 2 * G)),
        square_with_slope,
    ),
    "the gradient is the slope transposed": (
        (n, g, S, G),
        Implies(along_H(g, frobenius(G, H)), Equal(g.gradient(S), G.T)),
        square_with_slope,
    ),
    "slopes are of what agrees at the point": (
        (p, q, f, f2, X),
        Implies(
            DifferentiableAt(f, X),
            Equal(f(X), f2(X)),
            DifferentiableAt(f2, X),
        ),
        steps,
    ),
    "f″(X)(Kᵀ) = (f″(X)K)ᵀ": (
        (n, g, S, T),
        Equal(hessian(g, S, T.T), hessian(g, S, T).T),
        square_twice,
    ),
    "g = 0 is enough for a multiplier": (
        (p, q, f, f2, X),
        Implies(
            Equal(f2(X), 0),
            Exists(c, Equal(f.gradient(X), c * f2.gradient(X))),
        ),
        touching,
    ),
    "the quadratic bound with c/4": (
        (p, q, f, c, X, Y),
        LessEqual(f(Y), f(X) + frobenius(f.gradient(X), Y - X) + c / 4 * norm_squared(Y - X)),
        with_c,
    ),
}


@pytest.mark.parametrize("name", FALSE_FACTS)
def test_a_false_fact_is_found_out(name: str) -> None:
    variables, statement, generator = FALSE_FACTS[name]
    claim = ForAll(*variables, statement) if variables else statement
    with pytest.raises(AssertionError, match="contradicts"):
        assert_true(encode(claim), generator, count=100)


def test_an_instance_without_the_premises_is_found_out() -> None:
    with pytest.raises(AssertionError, match="misses a premise"):
        assert_true(textbook("product of nonnegatives").conclusion, any_two)
