"""The first page of textbook facts: ranks, inverses, gradients and blocks.

Each fact is one function whose body *is* the statement and whose docstring says it in a line.
Nothing here is about one paper.
"""

from __future__ import annotations

from typing import Any

from proofkit.claims import (
    And,
    Claim,
    Convex,
    Differentiable,
    Equal,
    Exists,
    ForAll,
    Implies,
    LessEqual,
    Near,
    NonZero,
    RankBelow,
    RankIs,
)
from proofkit.symbols import (
    Function,
    Identity,
    MatrixTerm,
    MatrixVariable,
    Zero,
    natural,
    rank,
    vector,
)
from proofkit.textbook.facts import HORN_JOHNSON, RUDIN, fact

p, q, r = natural("p"), natural("q"), natural("r")
X_pq, Y_qr = MatrixVariable("X", p, q), MatrixVariable("Y", q, r)


@fact(f"{HORN_JOHNSON}, §0.4.5(c)", p, q, r, X_pq, Y_qr)
def rank_of_product_left(X: MatrixTerm, Y: MatrixTerm) -> Claim:
    """rank(XY) ≤ rank X."""
    return LessEqual(rank(X * Y), rank(X))


@fact(f"{HORN_JOHNSON}, §0.4.5(c)", p, q, r, X_pq, Y_qr)
def rank_of_product_right(X: MatrixTerm, Y: MatrixTerm) -> Claim:
    """rank(XY) ≤ rank Y."""
    return LessEqual(rank(X * Y), rank(Y))


@fact(f"{HORN_JOHNSON}, §0.4.1", p, q, X_pq)
def rank_of_transpose(X: MatrixTerm) -> Claim:
    """rank Xᵀ = rank X."""
    return Equal(rank(X.T), rank(X))


@fact(f"{HORN_JOHNSON}, §0.4.4", p, q, X_pq)
def rank_at_most_columns(X: MatrixTerm) -> Claim:
    """rank X is at most the number of columns of X."""
    return LessEqual(rank(X), X.cols)


@fact(f"{HORN_JOHNSON}, §0.2.3 (rank–nullity)", p, q, X_pq)
def kernel_vector(X: MatrixTerm) -> Claim:
    """A matrix of rank less than its number of columns kills some nonzero vector."""
    w = vector("w", X.cols)
    return Implies(RankBelow(X, X.cols), Exists(w, And(NonZero(w), Equal(X * w, Zero(X.rows, 1)))))


@fact(f"{HORN_JOHNSON}, §0.4.4(f)", p, q, X_pq)
def left_inverse(X: MatrixTerm) -> Claim:
    """A matrix of full column rank has a left inverse."""
    Y = MatrixVariable("Y", X.cols, X.rows)
    return Implies(RankIs(X, X.cols), Exists(Y, Equal(Y * X, Identity(X.cols))))


@fact(f"{HORN_JOHNSON}, §0.6.1 (wᵀw > 0)", p, vector("w", p))
def nonzero_vector(w: MatrixTerm) -> Claim:
    """A nonzero vector w has a vector u with uᵀw = 1."""
    u = vector("u", w.rows)
    return Implies(NonZero(w), Exists(u, Equal(u.T * w, Identity(1))))


@fact(f"{HORN_JOHNSON}, §0.2.1 (a linear map is determined on a basis)", p, q, X_pq)
def vanishing_near_zero(X: MatrixTerm) -> Claim:
    """A matrix that kills all small vectors is zero."""
    x = vector("x", X.cols)
    near_zero = Near((x, Zero(X.cols, 1)), Equal(X * x, Zero(X.rows, 1)))
    return Implies(near_zero, Equal(X, Zero(*X.shape)))


_f, _A = Function("f", p, q), MatrixVariable("A", p, q)


@fact(
    f"{RUDIN}, Theorem 5.8 p. 107 (Fermat), along each coordinate line",
    p,
    q,
    _f,
    _A,
)
def fermat(f: Function, A: MatrixTerm) -> Claim:
    """A differentiable function has gradient zero at a local minimum."""
    X = MatrixVariable("X", *A.shape)
    return Implies(
        Differentiable(f),
        Near((X, A), LessEqual(f(A), f(X))),
        Equal(f.gradient(A), Zero(*A.shape)),
    )


@fact("S. Boyd, L. Vandenberghe, Convex Optimization (2004), §3.1.3 p. 69", p, q, _f, _A)
def convex_critical_point(f: Function, A: MatrixTerm) -> Claim:
    """A convex differentiable function is least where its gradient is zero."""
    X = MatrixVariable("X", *A.shape)
    return Implies(
        Convex(f),
        Differentiable(f),
        Equal(f.gradient(A), Zero(*A.shape)),
        ForAll(X, LessEqual(f(A), f(X))),
    )


@fact(f"{HORN_JOHNSON}, §0.6.5 (the first p columns of the identity)", p, q)
def embedding(p: Any, q: Any) -> Claim:
    """For p ≤ q there is a q×p matrix E with EᵀE = I."""
    E = MatrixVariable("E", q, p)
    return Implies(LessEqual(p, q), Exists(E, Equal(E.T * E, Identity(p))))


@fact(f"{HORN_JOHNSON}, §0.7.1 (the identity cut into its first p and its last q columns)", p, q, r)
def two_blocks(p: Any, q: Any, r: Any) -> Claim:
    """For r = p + q the r×r identity is cut into F and E, of p and of q columns."""
    F, E = MatrixVariable("F", r, p), MatrixVariable("E", r, q)
    orthonormal = (
        Equal(F.T * F, Identity(p)),
        Equal(E.T * E, Identity(q)),
        Equal(F.T * E, Zero(p, q)),
        Equal(F * F.T + E * E.T, Identity(r)),
    )
    return Implies(Equal(r, p + q), Exists(F, E, And(*orthonormal)))
