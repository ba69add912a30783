"""Likelihoods: the Gaussian and its maximiser, logistic regression, softmax."""

from __future__ import annotations

from typing import Any

import proofkit as pk

n, p, q = pk.sizes("n p q")

# ── The Gaussian, in its precision ─────────────────────────────────────────────────────────────
S, K = pk.matrix("S", n, n), pk.matrix("K", n, n)
likelihood = pk.logdet(K) - pk.tr(S @ K)


@pk.theorem(
    "gaussian-score",
    given=[(pk.invertible(K), "the precision is invertible")],
    claim=pk.eq(pk.grad(likelihood, K), (K.I - S).T),
)
def gaussian_score(proof: pk.Proof, invertible: pk.Fact) -> None:
    "The gradient of the Gaussian log-likelihood in the precision"
    proof.have(gaussian_score.claim, "Jacobi's formula.")


@pk.theorem(
    "gaussian-covariance",
    given=[pk.invertible(K), (pk.eq(pk.grad(likelihood, K), 0), "the likelihood is stationary")],
    claim=pk.eq(K.I, S),
)
def gaussian_covariance(proof: pk.Proof, invertible: pk.Fact, stationary: pk.Fact) -> None:
    "Where the likelihood is stationary, the covariance is the sample's"
    using = [gaussian_score, invertible, stationary]
    proof.have(gaussian_covariance.claim, "The gradient is zero.", using=using)


# ── Its maximum over all precisions, by a root of the sample's covariance ──────────────────────
T, u = pk.matrix("T", n, n), pk.vector("u", n)
roots = [
    (pk.invertible(T), "{T} is invertible"),
    (pk.eq(S, T @ T.T), "and a root of the covariance"),
    (pk.symmetric(K), "{K} is a precision"),
    pk.positive_definite(K),
]


@pk.theorem("gaussian-bound", given=roots, claim=pk.le(likelihood, -pk.logdet(S) - n))
def gaussian_bound(
    proof: pk.Proof, invertible: pk.Fact, root: pk.Fact, symmetric: pk.Fact, definite: pk.Fact
) -> None:
    "No precision has a greater Gaussian log-likelihood"
    A, whole = T.T @ K @ T, pk.det(T.T @ K @ T)
    also = pk.all_of(pk.symmetric(A), pk.positive_definite(A), pk.positive_definite(T @ T.T))
    proof.have(also, "As {K} is, and {T} is invertible.")
    proof.have(pk.le(pk.log(whole), pk.tr(A) - n), "log det is below its tangent at I.")
    both = pk.all_of(pk.eq(whole, pk.det(K) * pk.det(S)), pk.gt(pk.det(S), 0))
    proof.have(both, "Determinants multiply.")
    proof.have(pk.eq(pk.log(whole), pk.logdet(K) + pk.logdet(S)), "So logarithms add.")
    proof.have(gaussian_bound.claim, "The trace turns.")


@pk.theorem(
    "logdet-inverse",
    given=[(pk.gt(pk.det(S), 0), "the determinant is positive")],
    claim=pk.eq(pk.logdet(S.I), -pk.logdet(S)),
)
def logdet_inverse(proof: pk.Proof, positive: pk.Fact) -> None:
    "The logarithm of the determinant of an inverse"
    proof.have(pk.eq(S @ S.I, pk.eye(n)), "There is an inverse.")
    proof.have(pk.eq(pk.det(S @ S.I), 1), "The determinant of I.")
    one = pk.eq(pk.det(S.I), 1 / pk.det(S))
    proof.have(pk.all_of(one, pk.gt(pk.det(S.I), 0)), "Determinants multiply.")
    proof.have(pk.eq(pk.log(pk.det(S.I)), -pk.log(pk.det(S))), "So logarithms add.")
    proof.have(logdet_inverse.claim, "Both determinants are positive.")


best = pk.logdet(S.I) - pk.tr(S @ S.I)


@pk.theorem(
    "gaussian-precision",
    given=roots,
    claim=pk.all_of(pk.symmetric(S.I), pk.positive_definite(S.I), pk.le(likelihood, best)),
)
def gaussian_precision(
    proof: pk.Proof, invertible: pk.Fact, root: pk.Fact, symmetric: pk.Fact, definite: pk.Fact
) -> None:
    "The inverse of the sample's covariance is the precision of the greatest likelihood"
    squares = pk.all_of(pk.positive_definite(T @ T.T), pk.positive_definite(T.I.T @ T.I))
    proof.have(squares, "{T} is invertible.")
    positive = proof.have(pk.gt(pk.det(S), 0), "The first is {S}.")
    proof.have(pk.eq(S.I, T.I.T @ T.I), "The second is its inverse.")
    proof.have(pk.symmetric(S.I), "So it is symmetric.")
    with proof.for_all(u, given=[pk.ne(u, 0)], show=pk.positive_definite(S.I)):
        proof.have(pk.gt(pk.tr(u.T @ S.I @ u), 0), "So it is positive definite.")
    using = [logdet_inverse, positive]
    proof.have(pk.eq(best, -pk.logdet(S) - n), "The trace of I is n.", using=using)
    using = [gaussian_bound, invertible, root, symmetric, definite]
    proof.have(gaussian_bound.claim, "No precision has more.", using=using)
    proof.have(gaussian_precision.claim, "The inverse of {S} has as much.")


# ── Its mean: n samples, p features ────────────────────────────────────────────────────────────
X, m, P = pk.matrix("X", p, n), pk.vector("m", p), pk.matrix("P", p, p)
ones = pk.ones(n, 1)
mean = X @ ones / n


def distance(at: Any) -> Any:
    "Up to a factor and a constant, minus the log-likelihood of a mean for the precision P"
    return pk.tr((X - at @ ones.T).T @ P @ (X - at @ ones.T))


@pk.theorem(
    "gaussian-mean",
    given=[
        (pk.le(1, n), "there is a sample"),
        (pk.symmetric(P), "{P} is a precision"),
        pk.positive_semidefinite(P),
    ],
    claim=pk.global_minimum(distance(m), m, at=mean),
)
def gaussian_mean(
    proof: pk.Proof, some: pk.Fact, symmetric: pk.Fact, semidefinite: pk.Fact
) -> None:
    "The mean of the samples has the greatest likelihood, whatever the precision"
    with proof.for_all(m, show=gaussian_mean.claim):
        more = n * pk.tr((m - mean).T @ P @ (m - mean))
        proof.have(pk.eq(distance(m), distance(mean) + more), "Pythagoras.")
        proof.have(pk.le(distance(mean), distance(m)), "What is added is not negative.")


# ── The Gaussian of one variance ───────────────────────────────────────────────────────────────
s, v = pk.reals("s v")
spread = pk.norm2(X - mean @ ones.T)


def log_likelihood(at: Any, variance: Any) -> Any:
    "Up to a constant"
    return -n * p * pk.log(variance) / 2 - pk.norm2(X - at @ ones.T) / (2 * variance)


@pk.theorem(
    "gaussian-maximiser",
    given=[
        (pk.le(1, n), "there is a sample"),
        (pk.le(1, p), "and a feature"),
        (pk.eq(v, spread / (n * p)), "{v} is the variance of the samples"),
        (pk.gt(v, 0), "they are not all the same"),
        (pk.gt(s, 0), "{s} is another variance, {m} another mean"),
    ],
    claim=pk.le(log_likelihood(m, s), log_likelihood(mean, v)),
)
def gaussian_maximiser(
    proof: pk.Proof, n1: pk.Fact, p1: pk.Fact, spread: pk.Fact, v0: pk.Fact, s0: pk.Fact
) -> None:
    "Mean and variance of the samples have the greatest likelihood"
    apart = n * p * v + n * pk.norm2(m - mean)
    proof.have(pk.eq(pk.norm2(X - m @ ones.T), apart), "Pythagoras, around the mean.")
    proof.have(pk.le(pk.log(v / s), v / s - 1), "The logarithm is below its tangent.")
    proof.have(gaussian_maximiser.claim, "Put both in; a square is left.")


# ── Logistic regression and softmax ────────────────────────────────────────────────────────────
A, w, y = pk.matrix("A", n, p), pk.vector("w", p), pk.vector("y", n)
softplus = pk.entrywise(lambda z: pk.log(1 + pk.exp(z)), A @ w)
logistic_loss = pk.total(softplus) - pk.inner(y, A @ w)


@pk.theorem("logistic", claim=pk.eq(pk.grad(logistic_loss, w), A.T @ (pk.sigmoid(A @ w) - y)))
def logistic(proof: pk.Proof) -> None:
    "The gradient of logistic regression"
    proof.have(logistic.claim, "The derivative of log(1 + eᶻ) is σ(z).")


W, x, t = pk.matrix("W", p, q), pk.vector("x", q), pk.vector("t", p)
scores = W @ x
softmax_loss = pk.log(pk.total(pk.exp(scores))) - pk.inner(t, scores)
softmax = pk.exp(scores) / pk.total(pk.exp(scores))


@pk.theorem(
    "softmax",
    given=[(pk.le(1, p), "there is a class")],
    claim=pk.eq(pk.grad(softmax_loss, W), (softmax - t) @ x.T),
)
def softmax_gradient(proof: pk.Proof, some: pk.Fact) -> None:
    "The gradient of softmax regression"
    proof.have(softmax_gradient.claim, "The derivative of log Σ eᶻ is softmax.")


EXAMPLES = {"precision": {K: [[0.25]], S: [[4.0]], T: [[2.0]]}}

RESULTS = [
    *(gaussian_score, gaussian_covariance, gaussian_bound, logdet_inverse, gaussian_precision),
    *(gaussian_mean, gaussian_maximiser, logistic, softmax_gradient),
]
