"""The claims of the surface; ``p & q``, ``p | q``, ``~p`` and ``p >> q`` join them."""

from __future__ import annotations

from typing import Any

from proofkit.claims import (
    AllPositive,
    And,
    Between,
    Claim,
    Continuous,
    Contradiction,
    Convex,
    Critical,
    Differentiable,
    DifferentiableAt,
    Equal,
    Exists,
    ForAll,
    GlobalMinimum,
    Implies,
    Less,
    LessEqual,
    LocalMinimum,
    Near,
    NonZero,
    Not,
    Or,
    PositiveDefinite,
    PositiveSemidefinite,
    Slope,
    SpuriousLocalMinimum,
    Symmetric,
)
from proofkit.surface.terms import as_number
from proofkit.symbols import FunctionTerm, MatrixTerm, MatrixVariable, Zero, determinant, real

__all__ = [
    "all_of",
    "any_of",
    "between",
    "continuous",
    "contradiction",
    "convex",
    "critical",
    "differentiable",
    "eq",
    "exists",
    "forall",
    "ge",
    "global_minimum",
    "gt",
    "implies",
    "invertible",
    "le",
    "local_minimum",
    "lt",
    "ne",
    "near",
    "positive",
    "positive_definite",
    "positive_semidefinite",
    "slope",
    "spurious_local_minimum",
    "symmetric",
]


# ── Relations ──────────────────────────────────────────────────────────────────────────────────
def eq(a: Any, b: Any) -> Claim:
    """a = b, for matrices of one shape and for numbers; 0 also stands for a zero matrix."""
    return Equal(a, b)


def ne(a: Any, b: Any) -> Claim:
    """a ≠ b.

    >>> from proofkit.surface import matrix, sizes
    >>> n, = sizes("n")
    >>> ne(matrix("X", n, n), 0)
    X ≠ 0
    """
    return NonZero(a) if b == 0 else Not(Equal(a, b))


def le(a: Any, b: Any) -> Claim:
    """a ≤ b."""
    return LessEqual(a, b)


def lt(a: Any, b: Any) -> Claim:
    """a < b."""
    return Less(a, b)


def ge(a: Any, b: Any) -> Claim:
    """a ≥ b, which is b ≤ a."""
    return LessEqual(b, a)


def gt(a: Any, b: Any) -> Claim:
    """a > b, which is b < a."""
    return Less(b, a)


def between(low: Any, at: Any, high: Any) -> Claim:
    """low ≤ at ≤ high, for whole numbers: i is a layer of k where ``between(1, i, k)``."""
    return Between(low, at, high)


# ── Connectives and quantifiers ────────────────────────────────────────────────────────────────
def all_of(*claims: Claim) -> Claim:
    """All of the claims."""
    return And(*claims)


def any_of(*claims: Claim) -> Claim:
    """At least one of the claims."""
    return Or(*claims)


def implies(*claims: Claim) -> Claim:
    """If all but the last of the claims hold, so does the last."""
    return Implies(*claims)


def contradiction() -> Claim:
    """The claim that never holds."""
    return Contradiction()


def forall(*parts: Any) -> Claim:
    """The claim, which comes last, for all values of the variables before it.

    >>> from proofkit.surface import norm2, vector, sizes
    >>> n, = sizes("n")
    >>> v = vector("v", n)
    >>> forall(v, le(0, norm2(v)))
    ∀v. 0 ≤ tr(vᵀ·v)
    """
    return ForAll(*parts)


def exists(*parts: Any) -> Claim:
    """The claim, which comes last, for some values of the variables before it."""
    return Exists(*parts)


def near(*parts: Any) -> Claim:
    """The claim, which comes last, for all values near a point: ``near((X, A), (Y, B), claim)``.

    >>> from proofkit.surface import real
    >>> x = real("x")
    >>> near((x, 0), lt(x, 1))
    for all x near 0: x < 1
    """
    *pairs, claim = parts
    return Near(*((v, _zero_like(v) if at == 0 else at) for v, at in pairs), claim)


def _zero_like(variable: Any) -> Any:
    return Zero(*variable.shape) if isinstance(variable, MatrixTerm) else 0


# ── Functions ──────────────────────────────────────────────────────────────────────────────────
def differentiable(f: FunctionTerm, at: Any = None) -> Claim:
    """f has a derivative everywhere, or at one matrix or number."""
    if at is not None:
        return DifferentiableAt(f, at)
    if f.domain and not f.gives:
        return Differentiable(f)
    x = MatrixVariable("X", *f.domain) if f.domain else real("x")
    return ForAll(x, DifferentiableAt(f, x))


def continuous(f: FunctionTerm, at: Any) -> Claim:
    """f is continuous at a matrix or number."""
    return Continuous(f, at)


def convex(f: FunctionTerm) -> Claim:
    """f, from matrices to numbers, is convex."""
    return Convex(f)


def slope(f: FunctionTerm, at: Any, linear: FunctionTerm) -> Claim:
    """The derivative of f there is the linear function: f(X + H) = f(X) + linear(H) + o(‖H‖)."""
    return Slope(f, at, linear)


def critical(f: FunctionTerm, at: MatrixTerm) -> Claim:
    """f′ = 0 there; of a term write ``eq(grad(loss, W), 0)``."""
    return Critical(f, at)


def local_minimum(objective: Any, *variables: Any, at: Any = None) -> Claim:
    """No value of the objective near the point is smaller.

    The point is that of the variables themselves unless ``at`` gives one, a tuple if there are
    several variables.

    >>> from proofkit.surface import matrices, norm2, sizes
    >>> n, = sizes("n")
    >>> A, B, C = matrices("A B C", n, n)
    >>> local_minimum(norm2(A @ B - C), A, B)
    (A, B) is a local minimum of (A, B) ↦ tr((A·B - C)ᵀ·(A·B - C))
    """
    return LocalMinimum(*_extremum(objective, variables, at))


def global_minimum(objective: Any, *variables: Any, at: Any = None) -> Claim:
    """No value of the objective is smaller than that at the point (see `local_minimum`)."""
    return GlobalMinimum(*_extremum(objective, variables, at))


def spurious_local_minimum(objective: Any, *variables: Any, at: Any = None) -> Claim:
    """The point is a local minimum and not a global one (see `local_minimum`)."""
    return SpuriousLocalMinimum(*_extremum(objective, variables, at))


def _extremum(objective: Any, variables: tuple[Any, ...], at: Any) -> tuple[Any, Any, Any]:
    point = variables if at is None else at if isinstance(at, tuple) else (at,)
    return variables, as_number(objective), point


# ── Matrices ───────────────────────────────────────────────────────────────────────────────────
def invertible(a: MatrixTerm) -> Claim:
    """det a ≠ 0."""
    return NonZero(determinant(a))


def symmetric(a: MatrixTerm) -> Claim:
    """aᵀ = a."""
    return Symmetric(a)


def positive(a: MatrixTerm) -> Claim:
    """Every entry of a is > 0; of a number write ``gt(x, 0)``."""
    return AllPositive(a)


def positive_definite(a: MatrixTerm) -> Claim:
    """vᵀav > 0 for all v ≠ 0; a need not be symmetric."""
    return PositiveDefinite(a)


def positive_semidefinite(a: MatrixTerm) -> Claim:
    """vᵀav ≥ 0 for all v; a need not be symmetric."""
    return PositiveSemidefinite(a)
