"""The page of real functions: exp, log, roots, sines, activations, reciprocals.

Outside its domain a function has some value, of which nothing is said here: each law carries its
condition.
"""

from __future__ import annotations

from typing import Any

from proofkit.claims import (
    And,
    Claim,
    Continuous,
    Equal,
    Implies,
    Less,
    LessEqual,
    Near,
    NonZero,
    Or,
    Slope,
)
from proofkit.symbols import (
    Function,
    FunctionOf,
    FunctionTerm,
    Map,
    MatrixTerm,
    MatrixVariable,
    absolute,
    cos,
    exp,
    log,
    logistic,
    natural,
    real,
    reciprocal,
    relu,
    sin,
    sqrt,
    tanh,
)
from proofkit.textbook.facts import GOODFELLOW, RUDIN, fact

x, y, h = real("x"), real("y"), real("h")
p, q = natural("p"), natural("q")


def _slope(function: FunctionTerm, x: Any, factor: Any) -> Claim:
    """The slope of the function at x is h ↦ factor·h."""
    return Slope(function, x, FunctionOf(h, factor * h))


# ── exp and log ────────────────────────────────────────────────────────────────────────────────
@fact(f"{RUDIN}, Theorem 8.6(b) p. 180", x)
def slope_of_exp(x: Any) -> Claim:
    """The derivative of exp is exp."""
    return _slope(exp, x, exp(x))


@fact(f"{RUDIN}, Theorem 8.6(c) p. 180", x)
def exp_is_positive(x: Any) -> Claim:
    """exp x > 0."""
    return Less(0, exp(x))


@fact(f"{RUDIN}, 8.6 (26)", x, y)
def exp_of_sum(x: Any, y: Any) -> Claim:
    """exp(x + y) = exp x · exp y."""
    return Equal(exp(x + y), exp(x) * exp(y))


@fact(f"{RUDIN}, 8.6 (27)")
def exp_of_zero() -> Claim:
    """exp 0 = 1."""
    return Equal(exp(0), 1)


@fact(f"{RUDIN}, Theorem 8.6(c) p. 180", x, y)
def exp_is_monotone(x: Any, y: Any) -> Claim:
    """If x ≤ y, then exp x ≤ exp y."""
    return Implies(LessEqual(x, y), LessEqual(exp(x), exp(y)))


@fact(f"{RUDIN}, 8.6 (38)", x)
def slope_of_log(x: Any) -> Claim:
    """The derivative of log at x > 0 is 1/x."""
    return Implies(Less(0, x), _slope(log, x, reciprocal(x)))


@fact(f"{RUDIN}, 8.6 (36)", x)
def exp_of_log(x: Any) -> Claim:
    """exp(log x) = x for x > 0."""
    return Implies(Less(0, x), Equal(exp(log(x)), x))


@fact(f"{RUDIN}, 8.6 (37)", x)
def log_of_exp(x: Any) -> Claim:
    """log(exp x) = x."""
    return Equal(log(exp(x)), x)


@fact(f"{RUDIN}, 8.6 (40) p. 181", x, y)
def log_of_product(x: Any, y: Any) -> Claim:
    """log(xy) = log x + log y for x, y > 0."""
    return Implies(Less(0, x), Less(0, y), Equal(log(x * y), log(x) + log(y)))


@fact(f"{RUDIN}, 8.6 (the inverse of exp, which is strictly increasing)", x, y)
def log_is_monotone(x: Any, y: Any) -> Claim:
    """If 0 < x ≤ y, then log x ≤ log y."""
    return Implies(Less(0, x), LessEqual(x, y), LessEqual(log(x), log(y)))


@fact("S. Boyd, L. Vandenberghe, Convex Optimization (2004), §3.1.3 and §3.1.5 (log is concave)", x)
def log_below_tangent(x: Any) -> Claim:
    """log x ≤ x − 1 for x > 0."""
    return Implies(Less(0, x), LessEqual(log(x), x - 1))


# ── Roots ──────────────────────────────────────────────────────────────────────────────────────
@fact(f"{RUDIN}, Theorem 1.21 p. 10", x)
def square_of_root(x: Any) -> Claim:
    """√x·√x = x for x ≥ 0."""
    return Implies(LessEqual(0, x), Equal(sqrt(x) ** 2, x))


@fact(f"{RUDIN}, Theorem 1.21 p. 10", x)
def root_is_nonnegative(x: Any) -> Claim:
    """√x ≥ 0 for x ≥ 0."""
    return Implies(LessEqual(0, x), LessEqual(0, sqrt(x)))


@fact(f"{RUDIN}, Theorem 1.21 p. 10", x)
def root_is_positive(x: Any) -> Claim:
    """√x > 0 for x > 0."""
    return Implies(Less(0, x), Less(0, sqrt(x)))


@fact(f"{RUDIN}, Theorem 5.5 p. 105 (from the square, by the chain rule)", x)
def slope_of_root(x: Any) -> Claim:
    """The derivative of √ at x > 0 is 1/(2√x)."""
    return Implies(Less(0, x), _slope(sqrt, x, reciprocal(2 * sqrt(x))))


_f, _X, _Y = Function("f", p, q), MatrixVariable("X", p, q), MatrixVariable("Y", p, q)


@fact(f"{RUDIN}, Theorem 4.7 p. 86 and 4.17 p. 90 (√ is continuous on [0, ∞))", p, q, _f, _X)
def continuity_of_roots(f: FunctionTerm, X: MatrixTerm) -> Claim:
    """The root of a continuous function that is not negative is continuous."""
    Y = MatrixVariable("Y", *X.shape)
    near = Near((Y, X), LessEqual(0, f(Y)))
    return Implies(near, Continuous(f, X), Continuous(FunctionOf(Y, sqrt(f(Y))), X))


@fact(f"{RUDIN}, Theorem 4.7 p. 86 and 4.17 p. 90 (√ is continuous on [0, ∞))", Map("σ"), x)
def continuity_of_roots_of_numbers(σ: FunctionTerm, x: Any) -> Claim:
    """The root of a continuous function on the line that is not negative is continuous."""
    near = Near((y, x), LessEqual(0, σ(y)))
    return Implies(near, Continuous(σ, x), Continuous(FunctionOf(y, sqrt(σ(y))), x))


# ── Sine and cosine ────────────────────────────────────────────────────────────────────────────
@fact(f"{RUDIN}, 8.7 (49)", x)
def slope_of_sin(x: Any) -> Claim:
    """The derivative of sin is cos."""
    return _slope(sin, x, cos(x))


@fact(f"{RUDIN}, 8.7 (49)", x)
def slope_of_cos(x: Any) -> Claim:
    """The derivative of cos is −sin."""
    return _slope(cos, x, -sin(x))


@fact(f"{RUDIN}, 8.7 (47) and (48)", x)
def sum_of_squares_of_sin_and_cos(x: Any) -> Claim:
    """sin² x + cos² x = 1."""
    return Equal(sin(x) ** 2 + cos(x) ** 2, 1)


# ── Activations ────────────────────────────────────────────────────────────────────────────────
@fact(f"{GOODFELLOW}, §6.3.2", x)
def tanh_from_exp(x: Any) -> Claim:
    """tanh x·(eˣ + e⁻ˣ) = eˣ − e⁻ˣ."""
    return Equal(tanh(x) * (exp(x) + exp(-x)), exp(x) - exp(-x))


@fact(f"{RUDIN}, Theorem 5.3(c) p. 104 (the derivative of a quotient)", x)
def slope_of_tanh(x: Any) -> Claim:
    """The derivative of tanh is 1 − tanh²."""
    return _slope(tanh, x, 1 - tanh(x) ** 2)


@fact(f"{GOODFELLOW}, §6.3.2", x)
def bounds_of_tanh(x: Any) -> Claim:
    """−1 < tanh x < 1."""
    return And(Less(-1, tanh(x)), Less(tanh(x), 1))


@fact(f"{GOODFELLOW}, §3.10 (3.30)", x)
def logistic_from_exp(x: Any) -> Claim:
    """logistic x·(1 + e⁻ˣ) = 1."""
    return Equal(logistic(x) * (1 + exp(-x)), 1)


@fact(f"{GOODFELLOW}, §3.10 (3.34)", x)
def slope_of_logistic(x: Any) -> Claim:
    """The derivative of logistic is logistic·(1 − logistic)."""
    return _slope(logistic, x, logistic(x) * (1 - logistic(x)))


@fact(f"{GOODFELLOW}, §3.10", x)
def bounds_of_logistic(x: Any) -> Claim:
    """0 < logistic x < 1."""
    return And(Less(0, logistic(x)), Less(logistic(x), 1))


@fact(f"{GOODFELLOW}, §3.10 (3.35)", x)
def logistic_of_opposite(x: Any) -> Claim:
    """logistic(−x) = 1 − logistic x."""
    return Equal(logistic(-x), 1 - logistic(x))


@fact(f"{GOODFELLOW}, §3.10 (3.33)", x)
def logistic_as_quotient(x: Any) -> Claim:
    """eˣ·1/(1 + eˣ) = logistic x."""
    return Equal(exp(x) * reciprocal(1 + exp(x)), logistic(x))


@fact(f"{GOODFELLOW}, §3.10 (3.30)", x)
def logistic_as_reciprocal(x: Any) -> Claim:
    """1/(1 + eˣ) = logistic(−x)."""
    return Equal(reciprocal(1 + exp(x)), logistic(-x))


@fact(f"{GOODFELLOW}, §6.3", x)
def relu_of_nonnegative(x: Any) -> Claim:
    """relu x = x for x ≥ 0."""
    return Implies(LessEqual(0, x), Equal(relu(x), x))


@fact(f"{GOODFELLOW}, §6.3", x)
def relu_of_nonpositive(x: Any) -> Claim:
    """relu x = 0 for x ≤ 0."""
    return Implies(LessEqual(x, 0), Equal(relu(x), 0))


@fact(f"{GOODFELLOW}, §6.3 (relu is linear on either side of 0)", x)
def slope_of_relu(x: Any) -> Claim:
    """The derivative of relu at x ≠ 0 is relu(x)/x."""
    return Implies(NonZero(x), _slope(relu, x, relu(x) * reciprocal(x)))


@fact(f"{GOODFELLOW}, §6.3", x)
def slope_of_relu_above(x: Any) -> Claim:
    """The derivative of relu at x > 0 is 1."""
    return Implies(Less(0, x), _slope(relu, x, 1))


@fact(f"{GOODFELLOW}, §6.3", x)
def slope_of_relu_below(x: Any) -> Claim:
    """The derivative of relu at x < 0 is 0."""
    return Implies(Less(x, 0), _slope(relu, x, 0))


@fact(f"{RUDIN}, Definition 4.5 p. 85 (|relu x − relu y| ≤ |x − y|)", x)
def continuity_of_relu(x: Any) -> Claim:
    """relu is continuous, at its kink too."""
    return Continuous(relu, x)


@fact(f"{RUDIN}, Definition 1.32 p. 14", x)
def abs_of_nonnegative(x: Any) -> Claim:
    """|x| = x for x ≥ 0."""
    return Implies(LessEqual(0, x), Equal(absolute(x), x))


@fact(f"{RUDIN}, Definition 1.32 p. 14", x)
def abs_of_nonpositive(x: Any) -> Claim:
    """|x| = −x for x ≤ 0."""
    return Implies(LessEqual(x, 0), Equal(absolute(x), -x))


@fact(f"{RUDIN}, Theorem 1.33(a) p. 14", x)
def abs_is_nonnegative(x: Any) -> Claim:
    """|x| ≥ 0."""
    return LessEqual(0, absolute(x))


@fact(f"{RUDIN}, Theorem 1.33(a) p. 14", x)
def abs_is_positive(x: Any) -> Claim:
    """|x| > 0 for x ≠ 0."""
    return Implies(NonZero(x), Less(0, absolute(x)))


@fact(f"{RUDIN}, Definition 5.1 p. 103 (|x| is linear on either side of 0)", x)
def slope_of_abs(x: Any) -> Claim:
    """The derivative of |x| at x ≠ 0 is |x|/x."""
    return Implies(NonZero(x), _slope(absolute, x, absolute(x) * reciprocal(x)))


@fact(f"{RUDIN}, Definition 4.5 p. 85 (||x| − |y|| ≤ |x − y|)", x)
def continuity_of_abs(x: Any) -> Claim:
    """|x| is continuous, at its kink too."""
    return Continuous(absolute, x)


@fact(f"{RUDIN}, 8.6 (38) and Theorem 5.5 p. 105", x)
def slope_of_log_abs(x: Any) -> Claim:
    """The derivative of log |x| at x ≠ 0 is 1/x."""
    return Implies(NonZero(x), _slope(FunctionOf(y, log(absolute(y))), x, reciprocal(x)))


# ── Quotients and signs ────────────────────────────────────────────────────────────────────────
@fact(f"{RUDIN}, Definition 1.12 (M5) p. 5", x)
def quotient(x: Any) -> Claim:
    """x·(1/x) = 1 for x ≠ 0."""
    return Implies(NonZero(x), Equal(x * reciprocal(x), 1))


@fact(f"{RUDIN}, Theorem 5.3(c) p. 104", x)
def slope_of_reciprocal(x: Any) -> Claim:
    """The derivative of 1/x at x ≠ 0 is −1/x²."""
    return Implies(NonZero(x), _slope(reciprocal, x, -(reciprocal(x) ** 2)))


@fact(f"{RUDIN}, Proposition 1.15 p. 6 (from the axioms of a field)", x, y)
def reciprocal_of_product(x: Any, y: Any) -> Claim:
    """1/(xy) = 1/x·1/y for x, y ≠ 0."""
    product = reciprocal(x) * reciprocal(y)
    return Implies(NonZero(x), NonZero(y), Equal(reciprocal(x * y), product))


@fact(f"{RUDIN}, Proposition 1.18(e)", x)
def reciprocal_is_positive(x: Any) -> Claim:
    """1/x > 0 for x > 0."""
    return Implies(Less(0, x), Less(0, reciprocal(x)))


@fact(f"{RUDIN}, Definition 1.17(ii) p. 7", x, y)
def product_of_positives(x: Any, y: Any) -> Claim:
    """If x > 0 and y > 0, then xy > 0."""
    return Implies(Less(0, x), Less(0, y), Less(0, x * y))


@fact(f"{RUDIN}, Proposition 1.18(d)", x)
def square_is_nonnegative(x: Any) -> Claim:
    """x² ≥ 0."""
    return LessEqual(0, x**2)


@fact(f"{RUDIN}, Proposition 1.16(b)", x, y)
def product_that_is_zero(x: Any, y: Any) -> Claim:
    """If xy = 0, then x = 0 or y = 0."""
    return Implies(Equal(x * y, 0), Or(Equal(x, 0), Equal(y, 0)))
