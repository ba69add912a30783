"""Minima and maxima: descent, the Kalman gain, the Rayleigh quotient, principal components."""

from __future__ import annotations

from typing import Any

import proofkit as pk

m, n = pk.sizes("m n")

# ── Gradient descent ───────────────────────────────────────────────────────────────────────────
f, c = pk.function("f", m, n), pk.real("c")
X, U, V = pk.matrices("X U V", m, n)
G = pk.grad(f, X)
change = pk.norm2(pk.grad(f, U) - pk.grad(f, V))


@pk.theorem(
    "descent-lemma",
    given=[
        pk.gt(c, 0),
        pk.differentiable(f),
        (pk.forall(U, V, pk.le(change, c**2 * pk.norm2(U - V))), "{f}' is Lipschitz, with {c}"),
    ],
    claim=pk.le(f(X - G / c), f(X) - pk.norm2(G) / (2 * c)),
)
def descent_lemma(proof: pk.Proof, positive: pk.Fact, smooth: pk.Fact, lipschitz: pk.Fact) -> None:
    "A step against the gradient goes down"
    Y = X - G / c
    bound = f(X) + pk.inner(G, Y - X) + c / 2 * pk.norm2(Y - X)
    proof.have(pk.le(f(Y), bound), "A smooth function lies below this parabola.")
    proof.have(descent_lemma.claim, "Put in the step.")


# ── The Kalman gain ────────────────────────────────────────────────────────────────────────────
P, R, H = pk.matrix("P", n, n), pk.matrix("R", m, m), pk.matrix("H", m, n)
K, L = pk.matrix("K", n, m), pk.matrix("L", n, m)
S = H @ P @ H.T + R
gain = P @ H.T @ S.I


def uncertainty(gain: Any) -> Any:
    "The trace of the covariance after an observation is taken in with the gain"
    left = pk.eye(n) - gain @ H
    return pk.tr(left @ P @ left.T + gain @ R @ gain.T)


@pk.theorem(
    "kalman-gain",
    given=[
        (pk.symmetric(P), "{P} is a covariance"),
        pk.positive_semidefinite(P),
        (pk.symmetric(R), "{R} is one, too"),
        pk.positive_semidefinite(R),
        (pk.invertible(S), "the innovation's covariance is invertible"),
    ],
    claim=pk.global_minimum(uncertainty(K), K, at=gain),
)
def kalman_gain(
    proof: pk.Proof, p: pk.Fact, p0: pk.Fact, r: pk.Fact, r0: pk.Fact, invertible: pk.Fact
) -> None:
    "The Kalman gain leaves the least uncertainty"
    proof.have(pk.positive_semidefinite(S), "A sum of two.", using=[p0, r0])
    with proof.for_all(L, show=kalman_gain.claim):
        more = pk.tr((L - gain) @ S @ (L - gain).T)
        proof.have(pk.eq(uncertainty(L), uncertainty(gain) + more), "Complete the square.")
        proof.have(pk.le(uncertainty(gain), uncertainty(L)), "What is added is not negative.")


# ── Eigenvectors ───────────────────────────────────────────────────────────────────────────────
C, x, v = pk.matrix("C", n, n), pk.vector("x", n), pk.vector("v", n)
rayleigh = pk.inner(x, C @ x) / pk.norm2(x)


@pk.theorem(
    "rayleigh",
    given=[
        pk.symmetric(C),
        pk.ne(x, 0),
        (pk.eq(pk.grad(rayleigh, x), 0), "{x} is critical for the Rayleigh quotient"),
    ],
    claim=pk.eq(C @ x, rayleigh * x),
)
def rayleigh_quotient(
    proof: pk.Proof, symmetric: pk.Fact, nonzero: pk.Fact, critical: pk.Fact
) -> None:
    "Critical points of the Rayleigh quotient are eigenvectors"
    slope = 2 / pk.norm2(x) * (C @ x - rayleigh * x)
    proof.have(pk.eq(pk.grad(rayleigh, x), slope), "The quotient rule.")
    proof.have(rayleigh_quotient.claim, "It is zero.")


objective, constraint = -pk.inner(x, C @ x), pk.norm2(x) - 1
best = pk.implies(pk.eq(pk.norm2(v), 1), pk.le(pk.inner(v, C @ v), pk.inner(x, C @ x)))
mu = pk.real("μ")


@pk.theorem(
    "principal-component",
    given=[
        (pk.symmetric(C), "{C} is a covariance"),
        (pk.eq(pk.norm2(x), 1), "{x} is a unit vector"),
        (pk.forall(v, best), "of the greatest variance"),
    ],
    claim=pk.eq(C @ x, pk.inner(x, C @ x) * x),
)
def principal_component(
    proof: pk.Proof, symmetric: pk.Fact, unit: pk.Fact, greatest: pk.Fact
) -> None:
    "The first principal component is an eigenvector"
    proof.have(pk.eq(pk.grad(constraint, x), 2 * x), "The constraint's gradient")
    proof.have(pk.ne(pk.grad(constraint, x), 0), "is not zero.")
    lagrange = pk.eq(pk.grad(objective, x), mu * pk.grad(constraint, x))
    multiplier = proof.have(pk.exists(mu, lagrange), "So there is a multiplier.")
    proof.obtain(multiplier, mu)
    proof.have(principal_component.claim, "Multiplied by {x} from the left: the value of {mu}.")


RESULTS = [descent_lemma, kalman_gain, rayleigh_quotient, principal_component]
