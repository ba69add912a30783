"""The second page of textbook facts: projections, quadratic forms, tangents and curvature.

Used where a loss is a squared distance.  As on the first page each fact is one function whose
body *is* the statement, and nothing here is about one paper.
"""

from __future__ import annotations

from typing import Any

from proofkit.claims import (
    And,
    Claim,
    Convex,
    Equal,
    Exists,
    ForAll,
    Implies,
    Less,
    LessEqual,
    Near,
    NonZero,
    RankBelow,
)
from proofkit.symbols import (
    Function,
    Identity,
    MatrixTerm,
    MatrixVariable,
    frobenius,
    norm_squared,
    rank,
    real,
    tr,
    vector,
)
from proofkit.textbook.facts import HORN_JOHNSON, RUDIN, fact
from proofkit.textbook.matrices import X_pq, p, q

_S, _C, _N = MatrixVariable("S", q, q), MatrixVariable("C", p, q), MatrixVariable("N", q, p)
_P, _Q = MatrixVariable("P", p, p), MatrixVariable("Q", p, p)
_a, _b, _c = real("a"), real("b"), real("c")


@fact(f"{HORN_JOHNSON}, 7.3.P7 (Moore–Penrose)", p, q, X_pq)
def pseudo_inverse(X: MatrixTerm) -> Claim:
    """Every matrix X has a Y with XYX = X and YXY = Y for which XY and YX are symmetric."""
    Y = MatrixVariable("Y", X.cols, X.rows)
    equations = And(
        Equal(X * Y * X, X),
        Equal(Y * X * Y, Y),
        Equal((X * Y).T, X * Y),
        Equal((Y * X).T, Y * X),
    )
    return Exists(Y, equations)


@fact(f"{HORN_JOHNSON}, §0.2.5 (tr XᵀX is the sum of the squared entries)", p, q, X_pq)
def square_norm(X: MatrixTerm) -> Claim:
    """0 ≤ tr(XᵀX)."""
    return LessEqual(0, norm_squared(X))


@fact(f"{HORN_JOHNSON}, §0.2.5 (tr XᵀX is the sum of the squared entries)", p, q, X_pq)
def square_norm_is_positive(X: MatrixTerm) -> Claim:
    """0 < tr(XᵀX) for X ≠ 0."""
    return Implies(NonZero(X), Less(0, norm_squared(X)))


@fact(f"{HORN_JOHNSON}, Observations 7.1.8 and 7.1.2 (column by column)", p, q, _S, _N)
def trace_of_semidefinite(S: MatrixTerm, N: MatrixTerm) -> Claim:
    """If wᵀSw ≥ 0 for all vectors w, then tr(NᵀSN) ≥ 0."""
    w = vector("w", S.rows)
    return Implies(
        ForAll(w, LessEqual(0, tr(w.T * S * w))),
        LessEqual(0, tr(N.T * S * N)),
    )


@fact(
    f"{RUDIN}, Theorem 4.16 p. 89 (maximum over the unit sphere of ker C, which is compact); "
    f"{HORN_JOHNSON}, Theorem 4.2.2 p. 234 (Rayleigh)",
    p,
    q,
    _S,
    _C,
)
def rayleigh_maximum(S: MatrixTerm, C: MatrixTerm) -> Claim:
    """If Cv = 0 for some v ≠ 0, then vᵀSv has a maximum over the unit vectors among these v."""
    v, w, top = vector("v", S.rows), vector("w", S.rows), real("top")
    one = Identity(1)
    bound = ForAll(
        w,
        Implies(Equal(C * w, 0), LessEqual(tr(w.T * S * w), top * tr(w.T * w))),
    )
    attained = And(Equal(C * v, 0), Equal(v.T * v, one), Equal(v.T * S * v, top * one), bound)
    return Implies(RankBelow(C, C.cols), Exists(v, top, attained))


@fact(
    "D. Harville, Matrix Algebra From a Statistician's Perspective (1997), Corollary 10.2.2 "
    "(the trace of an idempotent matrix is its rank)",
    p,
    _P,
    _Q,
)
def traces_of_projections(P: MatrixTerm, Q: MatrixTerm) -> Claim:
    """Idempotent matrices P and Q with rank P ≤ rank Q have tr P ≤ tr Q."""
    return Implies(
        Equal(P * P, P),
        Equal(Q * Q, Q),
        LessEqual(rank(P), rank(Q)),
        LessEqual(tr(P), tr(Q)),
    )


@fact(f"{RUDIN}, Definition 1.17(ii) p. 7", _a, _b)
def product_of_nonnegatives(a: Any, b: Any) -> Claim:
    """If a ≥ 0 and b ≥ 0, then ab ≥ 0."""
    return Implies(LessEqual(0, a), LessEqual(0, b), LessEqual(0, a * b))


@fact(
    "J. Nocedal, S. Wright, Numerical Optimization, 2nd ed. 2006, Theorem 2.3 "
    "(second-order necessary condition), for a polynomial on the line",
    _a,
    _b,
    _c,
)
def second_order_condition(a: Any, b: Any, c: Any) -> Claim:
    """If at² + bt³ + ct⁴ ≥ 0 for all small t, then a ≥ 0."""
    t = real("t")
    return Implies(
        Near((t, 0), LessEqual(0, a * t**2 + b * t**3 + c * t**4)),
        LessEqual(0, a),
    )


@fact(
    "S. Boyd, L. Vandenberghe, Convex Optimization (2004), §3.1.3 p. 69",
    p,
    q,
    Function("f", p, q),
)
def convex_above_tangents(f: Function) -> Claim:
    """A function that lies above all its tangents is convex."""
    X, Y = MatrixVariable("X", *f.domain), MatrixVariable("Y", *f.domain)
    tangent = f(X) + frobenius(f.gradient(X), Y - X)
    return Implies(ForAll(X, Y, LessEqual(tangent, f(Y))), Convex(f))
