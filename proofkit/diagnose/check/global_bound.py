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
- another quadratic f: ½f″ − P ⊗ Q positive semidefinite is asked for itself;
- other sums of terms φ(w_rc) with a least value, logistic for example: f(V) ≤ f(W) confines V_rc
  to [lo, hi], since every other entry's term is at least its own minimum −φ*(0). For a term φ the
  quotient (φ(v) − φ(w) − φ′(w)(v − w))/(v − w)² is ∫ (1−τ) φ″(w + τ(v−w)) dτ; φ‴ changes its sign
  at most once, from + to −, so by the variation-diminishing property of the kernel y·(Δ−y)₊ the
  quotient rises, then falls, on either side of w: its least value is ½φ″(w), or stands at lo or hi.

Sources: C. Eckart and G. Young, Psychometrika 1, 1936; L. Mirsky, Quart. J. Math. 11, 1960;
S. Karlin, *Total Positivity*, 1968, ch. 5. All is checked in balls. Cost: O((m+n+d)³).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import flint
import numpy as np

from proofkit.diagnose.check.certificate import Json, number_json, read_number
from proofkit.diagnose.check.rationals import is_rational, rational
from proofkit.networks.array_matrix import Array, ArrayMatrix
from proofkit.networks.ball_matrix import BallMatrix, product_of_balls
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.losses import Loss, SumLoss

__all__ = ["bound_holds", "propose_bound"]

_BITS = 128
_TRIES = 400
_FAR = 700.0
Table = list[list[Any]]


def propose_bound(loss: Loss, A: Array, B: Array) -> Json | None:
    """p, q, s (and for logistic losses lo, hi) that may do, by random search in floats.

    >>> from proofkit.networks.exact import ExactMatrix
    >>> T = ExactMatrix.of([[3, 0], [0, 1]])
    >>> from proofkit.networks.losses import WeightedSquaredLoss
    >>> loss = WeightedSquaredLoss(T, ExactMatrix.of([[1, 1], [1, 1]]))
    >>> found = propose_bound(loss, np.array([[1.0], [0.0]]), np.array([[3.0, 0.0]]))
    >>> found["p"], found["q"]
    ([1, 1], [1, 1])
    """
    W = A @ B
    width = A.shape[1]
    if width == 0 or width >= min(W.shape):
        return None
    G = loss.gradient(ArrayMatrix(W)).value
    with ArrayMatrix.working():
        curved = _curvatures(loss, W, G)
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
    """a_rc of a loss Σ a_rc (w_rc − t_rc)², if it is one and they are rational."""
    if not (loss.quadratic and isinstance(loss, SumLoss) and loss.entrywise):
        return None
    bends = loss.score_bends(ExactMatrix.zeros(*loss.shape))
    return [[x / 2 for x in line] for line in bends.entries()] if is_rational(bends) else None


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


def _curvatures(loss: Loss, W: Array, G: Array) -> tuple[Array, tuple[Array, Array] | None] | None:
    """c_rc in floats, and for sums of other terms than squares (lo, hi)."""
    whole = ArrayMatrix(W)
    if isinstance(loss, SumLoss) and loss.entrywise and loss.has_conjugate:
        bends = loss.score_bends(whole).value
        if loss.quadratic:
            return bends / 2, None
        return _by_terms(loss, W, G, bends) if loss.bend_has_one_peak else None
    if not loss.quadratic:
        return None
    half = loss.hessian(whole).value / 2
    diagonal = np.diag(half).reshape(W.shape)
    apart = np.allclose(half, np.diag(np.diag(half)))
    least = float(np.linalg.eigvalsh(half)[0])
    if least <= 0:
        return None
    return (diagonal if apart else np.full(W.shape, least * (1 - 1e-9)), None)


def _by_terms(
    loss: SumLoss, W: Array, G: Array, bends: Array
) -> tuple[Array, tuple[Array, Array]] | None:
    def mapped(function: Callable[..., Any], z: Array) -> Array:
        values: Array = loss.mapped(function, ArrayMatrix(z)).value
        return values

    def sought(low: Array, high: Array, holds: Callable[[Array], Any]) -> tuple[Array, Array]:
        """Where something that holds below ceases to hold."""
        for _ in range(80):
            middle = (low + high) / 2
            below = holds(middle)
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return low, high

    ends = np.full_like(W, _FAR)
    rest, _ = sought(-ends, ends, lambda z: mapped(loss.slope, z) < 0)
    least_terms = mapped(loss.term, rest)
    if not (np.abs(rest) < _FAR / 2).all():
        return None
    slack = float((mapped(loss.term, W) - least_terms).sum()) * (1 + 1e-9) + 1e-12
    limits = []
    for side in (-1.0, 1.0):

        def near(z: Array, side: float = side) -> Any:
            return mapped(loss.term, rest + side * z) - least_terms <= slack

        far = sought(np.zeros_like(rest), ends, near)[1]
        limits.append(rest + side * (far * (1 + 1e-9) + 1e-9))
    curves = bends / 2
    for v in limits:
        step = v - W
        quotient = (mapped(loss.term, v) - mapped(loss.term, W) - G * step) / step**2
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
    W = BallMatrix(product_of_balls(A, B))
    G = loss.gradient(W).entries()
    if not _curved(loss, W, G, p, q, data):
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


def _curved(loss: Loss, W: BallMatrix, G: Table, p: list[Any], q: list[Any], data: Json) -> bool:
    """Whether (*) is certain."""
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
    if loss.quadratic:
        half = [[x / 2 for x in line] for line in loss.hessian(W).entries()]
        for r, x in enumerate(p):
            for c, y in enumerate(q):
                half[r * len(q) + c][r * len(q) + c] -= x * y
        return _definite(half)
    if isinstance(loss, SumLoss) and loss.entrywise and loss.bend_has_one_peak:
        return loss.has_conjugate and _terms_curve(loss, W, G, p, q, data)
    return False


def _terms_curve(
    loss: SumLoss, W: BallMatrix, G: Table, p: list[Any], q: list[Any], data: Json
) -> bool:
    zeros = BallMatrix.zeros(*W.shape)
    least = (-1 * loss.mapped(loss.conjugate, zeros)).entries()
    terms = loss.mapped(loss.term, W).entries()
    bends = loss.score_bends(W).entries()
    slack = flint.arb(0)
    for line, others in zip(terms, least, strict=True):
        for x, y in zip(line, others, strict=True):
            if not y.is_finite():
                return False
            slack += x - y
    limits = []
    for side, name in ((-1, "lo"), (1, "hi")):
        limit = BallMatrix([[flint.arb(float(x)) for x in line] for line in data[name]])
        slopes = loss.score_slopes(limit).entries()
        limits.append((side, limit.entries(), loss.mapped(loss.term, limit).entries(), slopes))
    for r, x in enumerate(p):
        for c, y in enumerate(q):
            curves = [bends[r][c] / 2]
            for side, far, there, slopes in limits:
                if not side * slopes[r][c] > 0 or not there[r][c] - least[r][c] > slack:
                    return False
                step = far[r][c] - W.entry(r, c)
                if not side * step > 0:
                    return False
                rise = there[r][c] - terms[r][c] - G[r][c] * step
                curves.append(rise / (step * step))
            if not all(curve > x * y for curve in curves):
                return False
    return True
