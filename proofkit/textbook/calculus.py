"""The page of calculus: slopes, continuity, gradients and second differentials.

A *slope* of F at X is its (Fréchet) derivative there, a linear function.  The chain rule is a rule
of the kernel; what a word's slope is stands on the pages of the words.
"""

from __future__ import annotations

from typing import Any

from proofkit.claims import (
    Claim,
    Continuous,
    Differentiable,
    DifferentiableAt,
    Equal,
    Exists,
    ForAll,
    Implies,
    Less,
    LessEqual,
    Near,
    NonZero,
    Not,
    Slope,
)
from proofkit.symbols import (
    Function,
    FunctionOf,
    FunctionTerm,
    Map,
    MatrixTerm,
    MatrixVariable,
    frobenius,
    hessian,
    index,
    natural,
    norm_squared,
    real,
)
from proofkit.textbook.facts import MAGNUS_NEUDECKER, RUDIN, fact

p, q, r, s, n = (natural(name) for name in "pqrsn")
i, j = index("i"), index("j")
x, y, a, c = (real(name) for name in "xyac")
X, Y, A, G, K = (MatrixVariable(name, p, q) for name in "XYAGK")
f, g = Function("f", p, q), Function("g", p, q)
sigma = Map("σ")


# ── Integers, and the real line ────────────────────────────────────────────────────────────────
@fact("P. Halmos, Naive Set Theory (1960), §13 (the order of the natural numbers, from 0 on)", n)
def natural_numbers(n: Any) -> Claim:
    """A natural number is at least 0."""
    return LessEqual(0, n)


@fact(f"{RUDIN}, Definition 1.5 p. 3", i, j)
def antisymmetry(i: Any, j: Any) -> Claim:
    """Integers with i ≤ j and j ≤ i are equal."""
    return Implies(LessEqual(i, j), LessEqual(j, i), Equal(i, j))


@fact(f"{RUDIN}, Definition 1.5 p. 3", x, y)
def antisymmetry_of_reals(x: Any, y: Any) -> Claim:
    """Real numbers with x ≤ y and y ≤ x are equal."""
    return Implies(LessEqual(x, y), LessEqual(y, x), Equal(x, y))


@fact(f"{RUDIN}, Definition 2.18(b) p. 32 (0 is a limit point of the line)")
def zero_is_not_isolated() -> Claim:
    """Near 0 there are other numbers than 0."""
    return Not(Near((x, 0), Equal(x, 0)))


@fact(f"{RUDIN}, Theorem 4.8 p. 86 (the positive numbers are open)", x)
def positive_numbers_are_open(x: Any) -> Claim:
    """Near a number > 0 all are."""
    return Implies(Less(0, x), Near((y, x), Less(0, y)))


@fact(f"{RUDIN}, Theorem 4.8 p. 86 (the numbers other than 0 are open)", x)
def nonzero_numbers_are_open(x: Any) -> Claim:
    """Near a number other than 0 all are other than 0."""
    return Implies(NonZero(x), Near((y, x), NonZero(y)))


# ── Slopes of functions that are given as variables ────────────────────────────────────────────
def _point(function: FunctionTerm) -> Any:
    return Y if function.domain else y


_PAIRS = (
    ("numbers", Map("F"), x, Map("L"), Map("G")),
    ("matrices", Map("F", (p, q)), X, Map("L", (p, q)), Map("G", (p, q))),
    ("curves", Map("F", (), (r, s)), x, Map("L", (), (r, s)), Map("G", (), (r, s))),
    (
        "maps",
        *(Map("F", (p, q), (r, s)), X),
        *(Map("L", (p, q), (r, s)), Map("G", (p, q), (r, s))),
    ),
)
"""F from reals or matrices to reals or matrices, a point, a slope, and another such function."""


def _sizes(function: FunctionTerm) -> tuple[Any, ...]:
    return (*function.domain, *function.gives)


for _kind, _F, _x, _L, _G in _PAIRS:

    @fact(
        f"{RUDIN}, Remarks 9.13(c) p. 213",
        *_sizes(_F),
        _F,
        _x,
        _L,
        name=f"slopes are continuous: {_kind}",
    )
    def _continuous(F: FunctionTerm, at: Any, L: FunctionTerm) -> Claim:
        """A function with a derivative at a point is continuous there."""
        return Implies(Slope(F, at, L), Continuous(F, at))

    @fact(
        f"{RUDIN}, Definition 9.11 p. 212",
        *(*_sizes(_F), _F, _x, _L, _G),
        name=f"slopes are local: {_kind}",
    )
    def _local(F: FunctionTerm, at: Any, L: FunctionTerm, G: FunctionTerm) -> Claim:
        """Functions that agree near a point have the same derivative there."""
        near = Near((_point(F), at), Equal(F(_point(F)), G(_point(F))))
        return Implies(Slope(F, at, L), near, Slope(G, at, L))


@fact(f"{RUDIN}, Theorem 9.12 p. 213 (uniqueness) and 9.18 (36) p. 217", p, q, f, X, G)
def gradient_of_slope(f: FunctionTerm, X: MatrixTerm, G: MatrixTerm) -> Claim:
    """If H ↦ ⟨G, H⟩ is the derivative of f at X, the gradient of f there is G."""
    H = MatrixVariable("H", *X.shape)
    return Implies(Slope(f, X, FunctionOf(H, frobenius(G, H))), Equal(f.gradient(X), G))


@fact(f"{RUDIN}, 9.18 (36) p. 217", p, q, f, X)
def slope_of_gradient(f: FunctionTerm, X: MatrixTerm) -> Claim:
    """The derivative of f at X, if there is one, is H ↦ ⟨f′(X), H⟩."""
    H = MatrixVariable("H", *X.shape)
    slope = FunctionOf(H, frobenius(f.gradient(X), H))
    return Implies(DifferentiableAt(f, X), Slope(f, X, slope))


@fact(f"{RUDIN}, Definition 9.11 p. 212", p, q, f)
def differentiable_everywhere(f: FunctionTerm) -> Claim:
    """A function with a derivative at every point is differentiable."""
    return Implies(ForAll(X, DifferentiableAt(f, X)), Differentiable(f))


@fact(f"{RUDIN}, Definition 9.11 p. 212", p, q, f, X)
def differentiable_at_each_point(f: FunctionTerm, X: MatrixTerm) -> Claim:
    """A differentiable function has a derivative at every point."""
    return Implies(Differentiable(f), DifferentiableAt(f, X))


@fact(f"{RUDIN}, Definition 5.1 p. 103 and 9.12 p. 213", sigma, x, c)
def derivative_of_slope(σ: FunctionTerm, x: Any, c: Any) -> Claim:
    """If h ↦ c·h is the slope of σ at x, then σ′(x) = c."""
    h = real("h")
    return Implies(Slope(σ, x, FunctionOf(h, c * h)), Equal(σ.derivative(x), c))


@fact(f"{RUDIN}, Definition 5.1 p. 103", sigma, x)
def slope_of_derivative(σ: FunctionTerm, x: Any) -> Claim:
    """The slope of σ at x, if there is one, is h ↦ σ′(x)·h."""
    h = real("h")
    return Implies(DifferentiableAt(σ, x), Slope(σ, x, FunctionOf(h, σ.derivative(x) * h)))


# ── Second differentials ───────────────────────────────────────────────────────────────────────
def _gradient(f: FunctionTerm) -> FunctionTerm:
    return FunctionOf(Y, f.gradient(Y))


def _smooth_near(f: FunctionTerm, X: Any) -> Claim:
    return Near((Y, X), DifferentiableAt(f, Y))


@fact(f"{MAGNUS_NEUDECKER}, ch. 6 (the second differential)", p, q, f, X)
def slope_of_hessian(f: FunctionTerm, X: MatrixTerm) -> Claim:
    """The derivative of f′ at X, if there is one, is the second differential of f."""
    H = MatrixVariable("H", *X.shape)
    slope = FunctionOf(H, hessian(f, X, H))
    twice = DifferentiableAt(_gradient(f), X)
    return Implies(_smooth_near(f, X), twice, Slope(_gradient(f), X, slope))


@fact(
    f"{RUDIN}, Theorem 9.12 p. 213 (uniqueness)",
    *(p, q, f, X, Map("L", (p, q), (p, q)), K),
)
def hessian_of_slope(f: FunctionTerm, X: MatrixTerm, L: FunctionTerm, K: MatrixTerm) -> Claim:
    """If L is the derivative of f′ at X, the second differential of f there is L."""
    return Implies(_smooth_near(f, X), Slope(_gradient(f), X, L), Equal(hessian(f, X, K), L(K)))


@fact(
    "H. Cartan, Differential Calculus (1971), Theorem 5.1.1 (a second derivative is symmetric)",
    *(p, q, f, X, K, G),
)
def symmetry_of_hessian(f: FunctionTerm, X: MatrixTerm, K: MatrixTerm, G: MatrixTerm) -> Claim:
    """The second differential is symmetric: ⟨G, f″(X)K⟩ = ⟨K, f″(X)G⟩."""
    return Implies(
        _smooth_near(f, X),
        DifferentiableAt(_gradient(f), X),
        Equal(frobenius(G, hessian(f, X, K)), frobenius(K, hessian(f, X, G))),
    )


# ── Optimisation ───────────────────────────────────────────────────────────────────────────────
@fact(
    "H. Halkin, Implicit functions and optimization problems without continuous differentiability "
    "of the data, SIAM J. Control 12 (1974), for one equality; with f and g continuously "
    "differentiable J. Nocedal, S. Wright, Numerical Optimization, 2nd ed. 2006, Theorem 12.1",
    *(p, q, f, g, A),
)
def lagrange_multiplier(f: FunctionTerm, g: FunctionTerm, A: MatrixTerm) -> Claim:
    """Where f is least near A among the points with g = 0, its gradient is a multiple of g′."""
    multiplier = real("μ")
    return Implies(
        Equal(g(A), 0),
        Near((X, A), Implies(Equal(g(X), 0), LessEqual(f(A), f(X)))),
        DifferentiableAt(f, A),
        Near((X, A), DifferentiableAt(g, X)),
        NonZero(g.gradient(A)),
        Exists(multiplier, Equal(f.gradient(A), multiplier * g.gradient(A))),
    )


@fact(
    "Y. Nesterov, Lectures on Convex Optimization, 2nd ed. 2018, Lemma 1.2.3",
    *(p, q, f, c, X, Y),
)
def quadratic_upper_bound(f: FunctionTerm, c: Any, X: MatrixTerm, Y: MatrixTerm) -> Claim:
    """If f′ is Lipschitz with constant c, then f(Y) ≤ f(X) + ⟨f′(X), Y − X⟩ + c/2·‖Y − X‖²."""
    U, V = MatrixVariable("U", *X.shape), MatrixVariable("V", *X.shape)
    change = norm_squared(f.gradient(U) - f.gradient(V))
    bound = f(X) + frobenius(f.gradient(X), Y - X) + c / 2 * norm_squared(Y - X)
    return Implies(
        LessEqual(0, c),
        Differentiable(f),
        ForAll(U, V, LessEqual(change, c**2 * norm_squared(U - V))),
        LessEqual(f(Y), bound),
    )
