"""A proof that a critical point of full rank is global, for losses that curve enough.

Let (A, B) be critical for f(AB), rank A = rank B = d, W = AB, G = f′(W). Suppose that p, q > 0 and

    f(V) ≥ f(W) + ⟨G, V − W⟩ + Σ p_r q_c (V − W)_rc²   for every V with f(V) ≤ f(W).       (*)

With P = diag(p), Q = diag(q), W̃ = √P·W·√Q and G̃ = √P⁻¹·G·√Q⁻¹ the right side is
f(W) − |G̃|²/4 + |Ṽ − (W̃ − G̃/2)|². As AᵀG = 0 = GBᵀ, the singular values of W̃ − G̃/2 are those of
W̃ together with those of G̃/2. If the d of W̃ are the larger ones, σ_d(W̃) ≥ σ_1(G̃)/2, then W̃ is the
best approximation of rank d (Eckart–Young–Mirsky), the minimum over all V of rank ≤ d is f(W), and
no such V has a lower loss. With a number s between the two the condition is that

    [[BQBᵀ, sI], [sI, AᵀPA]]  and  [[2sP, G], [Gᵀ, 2sQ]]   are positive definite.

(*) holds when c_rc ≥ p_r q_c, c_rc being the curvature that f certainly has in an entry:

- weighted squared: the weight a_rc;
- a quadratic expression: ½f″ − P ⊗ Q positive semidefinite is asked for itself;
- logistic, counts > 0: f(V) ≤ f(W) confines V_rc to [lo, hi], since every other entry's term is at
  least its own minimum. For a term g the quotient (g(v) − g(w) − g′(w)(v − w))/(v − w)² is
  ∫ (1−τ) g″(w + τ(v−w)) dτ; g‴ changes its sign once, from + to −, so by the variation-diminishing
  property of the kernel y·(Δ−y)₊ the quotient rises, then falls, on either side of w: its least
  value is ½g″(w), or stands at lo or hi.

Sources: C. Eckart and G. Young, Psychometrika 1, 1936; L. Mirsky, Quart. J. Math. 11, 1960;
S. Karlin, *Total Positivity*, 1968, ch. 5. All is checked in balls. Cost: O((m+n+d)³).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import flint
import numpy as np

from proofkit.diagnose.check.certificate import Json, number_json, read_number
from proofkit.diagnose.check.quadratics import degree
from proofkit.diagnose.check.rationals import is_rational, rational
from proofkit.diagnose.enclosures import BallLoss, product_of_balls
from proofkit.diagnose.numeric import Array, NumericLoss
from proofkit.networks.losses import ExpressionLoss, LogisticLoss, Loss, WeightedSquaredLoss

__all__ = ["bound_holds", "propose_bound"]

_BITS = 128
_TRIES = 400
_FAR = 700.0
Table = list[list[Any]]


def propose_bound(loss: Loss, A: Array, B: Array) -> Json | None:
    """p, q, s (and for logistic losses lo, hi) that may do, by random search in floats.

    >>> from proofkit.networks.exact import ExactMatrix
    >>> T = ExactMatrix.of([[3, 0], [0, 1]])
    >>> loss = WeightedSquaredLoss(T, ExactMatrix.of([[1, 1], [1, 1]]))
    >>> found = propose_bound(loss, np.array([[1.0], [0.0]]), np.array([[3.0, 0.0]]))
    >>> found["p"], found["q"]
    ([1, 1], [1, 1])
    """
    numeric = NumericLoss(loss)
    W = A @ B
    width = A.shape[1]
    if width == 0 or width >= min(W.shape):
        return None
    with np.errstate(all="ignore"):
        G = numeric.gradient(W[None])[0]
        curved = _curvatures(numeric, W, G)
    if curved is None or not np.isfinite(G).all():
        return None
    curves, limits = curved
    p = _searched(curves, W, G, width)
    p_exact = [Fraction(f"{x:.3g}") for x in p / p.max()]
    columns = [
        min(Fraction(float(curves[r, c])) / p_exact[r] for r in range(len(p)))
        for c in range(W.shape[1])
    ]
    # Rounded down, by a little more than the bounds of the curvature are rounded.
    q_exact = [Fraction(int(x * 2**40 * (1 - 2**-20)), 2**40) for x in columns]
    if not all(x > 0 for x in (*p_exact, *q_exact)):
        return None
    weights = _rational_weights(loss)
    if weights is not None:
        q_exact = [
            min(a / x for a, x in zip(c, p_exact, strict=True)) for c in zip(*weights, strict=True)
        ]
    low, high = _sizes(np.array(p_exact, float), np.array(q_exact, float), W, G, width)
    if not low < high:
        return None
    s = Fraction(float((low + high) / 2)).limit_denominator(10**6)
    found: Json = {
        "p": [number_json(x) for x in p_exact],
        "q": [number_json(x) for x in q_exact],
        "s": number_json(s),
    }
    if limits is not None:
        found["lo"], found["hi"] = limits[0].tolist(), limits[1].tolist()
    return found


def _rational_weights(loss: Loss) -> list[list[Fraction]] | None:
    """The weights of a weighted squared loss, if it is one and they are rational."""
    if not isinstance(loss, WeightedSquaredLoss) or not is_rational(loss.weights):
        return None
    return [[Fraction(x) for x in line] for line in loss.weights.entries()]


def _sizes(p: Array, q: Array, W: Array, G: Array, width: int) -> tuple[float, float]:
    """σ_1(G̃)/2 and σ_d(W̃)."""
    left, right = np.sqrt(p)[:, None], np.sqrt(q)
    sigma = np.linalg.svd(left * W * right, compute_uv=False)
    slope = np.linalg.svd(G / left / right, compute_uv=False)
    return float(slope[0]) / 2, float(sigma[width - 1])


def _searched(curves: Array, W: Array, G: Array, width: int) -> Array:
    """p for which, with q as large as it may be, σ_d(W̃)/σ_1(G̃) is large."""

    def tight(logs: Array) -> tuple[Array, Array]:
        p = np.exp(logs - logs.max())
        q = (curves / p[:, None]).min(axis=0)
        return (curves / q).min(axis=1), q

    def ratio(logs: Array) -> float:
        low, high = _sizes(*tight(logs), W, G, width)
        return high / max(low, 1e-300)

    rng = np.random.default_rng(0)
    best, step = np.zeros(len(W)), 1.0
    value = ratio(best)
    for _ in range(_TRIES):
        trial = best + step * rng.standard_normal(len(W))
        there = ratio(trial)
        if there > value:
            best, value = trial, there
        else:
            step = max(0.98 * step, 0.01)
    return tight(best)[0]


def _curvatures(
    numeric: NumericLoss, W: Array, G: Array
) -> tuple[Array, tuple[Array, Array] | None] | None:
    """c_rc in floats, and for logistic losses (lo, hi)."""
    loss = numeric.loss
    if isinstance(loss, WeightedSquaredLoss):
        return (numeric.data[1], None) if (numeric.data[1] > 0).all() else None
    if isinstance(loss, ExpressionLoss):
        top = degree(loss.expression)
        if top is None or top > 2:
            return None
        half = numeric.hessian(W[None])[0] / 2
        diagonal = np.diag(half).reshape(W.shape)
        apart = np.allclose(half, np.diag(np.diag(half)))
        least = float(np.linalg.eigvalsh(half)[0])
        if least <= 0:
            return None
        return (diagonal if apart else np.full(W.shape, least * (1 - 1e-9)), None)
    if not isinstance(loss, LogisticLoss) or not all((x > 0).all() for x in numeric.data):
        return None
    p, q = numeric.data

    def term(v: Array) -> Array:
        result: Array = p * np.logaddexp(0, -v) + q * np.logaddexp(0, v)
        return result

    rest = np.log(p / q)
    least_terms = term(rest)
    slack = float((term(W) - least_terms).sum()) * (1 + 1e-9) + 1e-12
    limits = []
    for side in (-1.0, 1.0):
        near, far = np.zeros_like(rest), np.full_like(rest, _FAR)
        for _ in range(80):
            middle = (near + far) / 2
            inside = term(rest + side * middle) - least_terms <= slack
            near, far = np.where(inside, middle, near), np.where(inside, far, middle)
        limits.append(rest + side * (far * (1 + 1e-9) + 1e-9))
    bend = (p + q) / (2 + 2 * np.cosh(np.minimum(np.abs(W), _FAR)))
    curves = bend / 2
    for v in limits:
        step = v - W
        quotient = (term(v) - term(W) - G * step) / step**2
        curves = np.where(np.abs(step) > 1e-6, np.minimum(curves, quotient), curves)
    return curves * (1 - 1e-7), (limits[0], limits[1])


def bound_holds(loss: Loss, A: Table, B: Table, data: Json) -> bool:
    """Whether the numbers prove, in balls, that no V of rank ≤ d has f(V) < f(AB).

    A and B are tables of balls around a critical point: that it is one is not checked here.
    """
    with flint.ctx.workprec(_BITS):
        return _holds(loss, A, B, data)


def _holds(loss: Loss, A: Table, B: Table, data: Json) -> bool:
    p = [flint.arb(rational(Fraction(read_number(x)))) for x in data["p"]]
    q = [flint.arb(rational(Fraction(read_number(x)))) for x in data["q"]]
    s = flint.arb(rational(Fraction(read_number(data["s"]))))
    rows, cols = loss.shape
    if (len(p), len(q)) != (rows, cols) or not all(x > 0 for x in (*p, *q, s)):
        return False
    ball = BallLoss(loss, _BITS)
    W = product_of_balls(A, B)
    G = ball.gradient(W)
    if not _curved(ball, W, G, p, q, data):
        return False
    width = len(B)
    columns = [list(c) for c in zip(*A, strict=True)]
    first = _bordered(_gram(B, q), [[s * int(i == j) for j in range(width)] for i in range(width)])
    _fill(first, _gram(columns, p), width)
    second = _bordered([[2 * s * x * int(i == j) for j in range(rows)] for i, x in enumerate(p)], G)
    _fill(second, [[2 * s * x * int(i == j) for j in range(cols)] for i, x in enumerate(q)], rows)
    return _definite(first) and _definite(second)


def _gram(rows: Table, weights: list[Any]) -> Table:
    """R·diag(w)·Rᵀ."""
    scaled = [[x * w for x, w in zip(line, weights, strict=True)] for line in rows]
    return product_of_balls(scaled, [list(c) for c in zip(*rows, strict=True)])


def _bordered(corner: Table, right: Table) -> Table:
    """[[corner, right], [rightᵀ, 0]]."""
    low = [list(c) for c in zip(*right, strict=True)]
    zero = flint.arb(0)
    return [
        *([*a, *b] for a, b in zip(corner, right, strict=True)),
        *([*line, *[zero] * len(low)] for line in low),
    ]


def _fill(table: Table, corner: Table, start: int) -> None:
    for i, line in enumerate(corner):
        table[start + i][start : start + len(line)] = line


def _definite(table: Table) -> bool:
    """Whether every symmetric matrix in the balls is positive definite: all pivots are positive."""
    rest = [list(line) for line in table]
    for i in range(len(rest)):
        pivot = rest[i][i]
        if not pivot > 0:
            return False
        for j in range(i + 1, len(rest)):
            factor = rest[j][i] / pivot
            for k in range(i + 1, len(rest)):
                rest[j][k] -= factor * rest[i][k]
    return True


def _curved(ball: BallLoss, W: Table, G: Table, p: list[Any], q: list[Any], data: Json) -> bool:
    """Whether (*) is certain."""
    loss = ball.loss
    weights = _rational_weights(loss)
    if weights is not None:
        # Compared as rationals: an equality p_r q_c = a_rc is wanted, and no ball sees it.
        left = [Fraction(read_number(x)) for x in data["p"]]
        right = [Fraction(read_number(x)) for x in data["q"]]
        return all(
            a >= x * y
            for line, x in zip(weights, left, strict=True)
            for a, y in zip(line, right, strict=True)
        )
    if isinstance(loss, WeightedSquaredLoss):
        return all(
            a > x * y
            for line, x in zip(ball.data("weights"), p, strict=True)
            for a, y in zip(line, q, strict=True)
        )
    if isinstance(loss, ExpressionLoss):
        top = degree(loss.expression)
        if top is None or top > 2:
            return False
        half = [[x / 2 for x in line] for line in ball.hessian(W)]
        for r, x in enumerate(p):
            for c, y in enumerate(q):
                half[r * len(q) + c][r * len(q) + c] -= x * y
        return _definite(half)
    if isinstance(loss, LogisticLoss):
        return _logistic(ball, W, G, p, q, data)
    return False


def _logistic(ball: BallLoss, W: Table, G: Table, p: list[Any], q: list[Any], data: Json) -> bool:
    positive, negative = ball.data("positive"), ball.data("negative")
    places = [(r, c) for r in range(len(p)) for c in range(len(q))]

    def term(r: int, c: int, v: Any) -> Any:
        return positive[r][c] * (1 + (-v).exp()).log() + negative[r][c] * (1 + v.exp()).log()

    least = {}
    for r, c in places:
        a, b = positive[r][c], negative[r][c]
        if not (a > 0 and b > 0):
            return False
        least[r, c] = a * (1 + b / a).log() + b * (1 + a / b).log()
    slack = flint.arb(0)
    for r, c in places:
        slack += term(r, c, W[r][c]) - least[r, c]
    for r, c in places:
        w, g = W[r][c], G[r][c]
        a, b = positive[r][c], negative[r][c]
        curves = [(a + b) / (2 + w.exp() + (-w).exp()) / 2]
        for side, limit in ((-1, data["lo"][r][c]), (1, data["hi"][r][c])):
            v = flint.arb(float(limit))
            slope = b / (1 + (-v).exp()) - a / (1 + v.exp())
            if not side * slope > 0 or not term(r, c, v) - least[r, c] > slack:
                return False
            step = v - w
            if not side * step > 0:
                return False
            curves.append((term(r, c, v) - term(r, c, w) - g * step) / (step * step))
        if not all(x > p[r] * q[c] for x in curves):
            return False
    return True
