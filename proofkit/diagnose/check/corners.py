"""Convex losses with corners: 0 in the subdifferential, shown by multipliers.

Let f be convex and f = g + Σ c_k|h_k| near W, with g and the h_k differentiable at W, c_k > 0 and
h_k(W) = 0. Its directional derivative is f′(W; D) = ⟨∇g, D⟩ + Σ c_k|⟨∇h_k, D⟩|, so for all s_k in
[−1, 1] the matrix ∇g + Σ s_k c_k∇h_k is in ∂f(W). If it is 0 for some s, then f(W) ≤ f(V) for all
V, whatever their ranks: (f(W + tD) − f(W))/t ≥ f′(W; D) ≥ ⟨0, D⟩ = 0.
Source: R. T. Rockafellar, *Convex Analysis*, 1970, Theorem 23.2 and §27.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from proofkit.networks.array_matrix import Array
from proofkit.networks.ast import Apply, Constant, Node
from proofkit.networks.elementwise import LossError
from proofkit.networks.error_bounds import FloatScalar
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.losses import AbsoluteLoss, ExpressionLoss, Loss
from proofkit.networks.matrices import Matrix
from proofkit.networks.scalars import is_zero, sign

__all__ = ["Corner", "corner_of", "has_zero", "multipliers_of", "sharp"]

_SWEEPS = 400


@dataclass(frozen=True)
class Corner:
    """∇g, and c_k∇h_k for the terms |h_k| with h_k(W) = 0, each of the shape of W."""

    slope: Matrix
    turns: tuple[Matrix, ...]


def corner_of(loss: Loss, product: Matrix) -> Corner | None:
    """The parts of an expression at W; ``None`` where it is not of the form above.

    >>> from proofkit.networks.expressions import parse_expression
    >>> loss = ExpressionLoss((1, 1), parse_expression("3*abs(w11 - 1) + w11", (1, 1)))
    >>> corner_of(loss, ExactMatrix.identity(1))
    Corner(slope=ExactMatrix([[1]]), turns=(ExactMatrix([[3]]),))
    """
    if isinstance(loss, AbsoluteLoss):
        return _of_residuals(loss, product)
    if not isinstance(loss, ExpressionLoss):
        return None
    slope: Any = None
    turns: list[Matrix] = []
    stack: list[tuple[Node, Fraction]] = [(loss.expression, Fraction(1))]
    try:
        while stack:
            node, factor = stack.pop()
            parts = _parts(node, factor)
            if parts:
                stack.extend(parts)
                continue
            term = ExpressionLoss(loss.size, node)
            if isinstance(node, Apply) and node.op == "abs":
                inner = ExpressionLoss(loss.size, node.args[0])
                if _vanishes(inner.value(product)):
                    if factor < 0:
                        return None
                    turns.append(inner.gradient(product) * factor)
                    continue
            part: Any = term.gradient(product) * factor
            slope = part if slope is None else slope + part
    except LossError:
        return None
    return Corner(0 * turns[0] if slope is None else slope, tuple(turns))


def _of_residuals(loss: AbsoluteLoss, product: Any) -> Corner:
    """The corner of Σ|z − y|: signs where a residual is not 0, a turn where it is."""
    away = loss.scores(product) - loss.data("Y", product)
    rows, cols = away.shape
    signs = [[0] * cols for _ in range(rows)]
    turns = []
    for r in range(rows):
        for c in range(cols):
            x = away.entry(r, c)
            if _vanishes(x):
                unit = [[int((i, j) == (r, c)) for j in range(cols)] for i in range(rows)]
                turns.append(loss.back(away.converted(ExactMatrix.of(unit))))
            else:
                signs[r][c] = _sign_of(x)
    return Corner(loss.back(away.converted(ExactMatrix.of(signs))), tuple(turns))


def _sign_of(x: Any) -> int:
    return int(np.sign(x.value[0])) if isinstance(x, FloatScalar) else sign(x)


def _parts(node: Node, factor: Fraction) -> list[tuple[Node, Fraction]]:
    """The addends of factor·node; empty where it is none of sum, difference and multiple."""
    if not isinstance(node, Apply) or factor == 0:
        return []
    args = node.args
    if node.op == "+":
        return [(args[0], factor), (args[1], factor)]
    if node.op == "-":
        return [(args[0], factor), (args[1], -factor)]
    if node.op == "neg":
        return [(args[0], -factor)]
    for number, other in ((args[0], args[-1]), (args[-1], args[0])):
        if isinstance(number, Constant) and isinstance(number.value, Fraction):
            if node.op == "*":
                return [(other, factor * number.value)]
            if node.op == "/" and number is args[1] and number.value != 0:
                return [(other, factor / number.value)]
    return []


def _vanishes(value: Any) -> bool:
    return bool(value.is_zero().all()) if isinstance(value, FloatScalar) else is_zero(value)


def multipliers_of(corner: Corner) -> list[Fraction] | None:
    """Numbers s_k in [−1, 1] with ∇g + Σ s_k c_k∇h_k = 0, exactly, or ``None``.

    >>> one = ExactMatrix.identity(1)
    >>> multipliers_of(Corner(one, (3 * one,)))
    [Fraction(-1, 3)]
    """
    if not corner.turns:
        return None
    table, goal = _floats(corner)
    s = _least_squares(table, goal)
    held = np.abs(s) > 1 - 1e-7
    fixed = [Fraction(int(np.sign(x))) if h else Fraction(0) for x, h in zip(s, held, strict=True)]
    free = [k for k in range(len(s)) if not held[k]]
    turns: list[Any] = list(corner.turns)
    rest: Any = corner.slope
    for k, x in enumerate(fixed):
        rest = rest + turns[k] * x
    result = list(fixed)
    if free:
        near = [Fraction(float(s[k])).limit_denominator(10**6) for k in free]
        for k, x in zip(free, near, strict=True):
            rest = rest + turns[k] * x
        columns = ExactMatrix.of([[x for line in turns[k].entries() for x in line] for k in free]).T
        column = ExactMatrix.of([[x] for line in rest.entries() for x in line])
        fix = columns.pseudo_inverse() @ column
        for k, x, (y,) in zip(free, near, fix.entries(), strict=True):
            if not isinstance(y, Fraction):
                return None
            result[k] = x - y
    return result if has_zero(corner, result) else None


def has_zero(corner: Corner, multipliers: Sequence[Any]) -> bool:
    """Whether the multipliers are in [−1, 1] and show that 0 is in ∂f(W).

    >>> one = ExactMatrix.identity(1)
    >>> has_zero(Corner(one, (3 * one,)), [Fraction(1, 3)])
    False
    """
    if len(multipliers) != len(corner.turns):
        return False
    total: Any = corner.slope
    for s, turn in zip(multipliers, corner.turns, strict=True):
        if sign(1 - s) < 0 or sign(1 + s) < 0:
            return False
        total = total + turn * s
    return bool(total.is_zero())


def sharp(corner: Corner) -> bool:
    """For floats: whether 0 is in the interior of ∂f for all of the surroundings.

    The turns c_k∇h_k span all matrices, and some multipliers stay within (−1, 1) under every
    change by the errors: by Cauchy's inequality s moves by at most ‖V⁺‖(‖ΔG‖ + ‖ΔV‖‖s‖).
    """
    if not corner.turns or not isinstance(corner.slope, FloatMatrix):
        return False
    table, goal = _floats(corner)
    sigma = np.linalg.svd(table, compute_uv=False)
    if table.shape[1] < table.shape[0] or not sigma[-1] > 0:
        return False
    s = _least_squares(table, goal)
    errors = [float(np.linalg.norm(m.error)) for m in (corner.slope, *corner.turns)]  # type: ignore[union-attr]
    off = errors[0] + float(np.linalg.norm(errors[1:])) * float(np.linalg.norm(s))
    off += float(np.linalg.norm(table @ s + goal))
    return bool(np.abs(s).max() + 2 * off / sigma[-1] < 1)


def _floats(corner: Corner) -> tuple[Array, Array]:
    def flat(matrix: Any) -> Array:
        if isinstance(matrix, FloatMatrix):
            return np.asarray(matrix.value[0].ravel())
        return np.array([float(x) for line in matrix.entries() for x in line])

    return np.stack([flat(m) for m in corner.turns], axis=1), flat(corner.slope)


def _least_squares(table: Array, goal: Array) -> Array:
    """Minimise ‖Vs + g‖² over −1 ≤ s ≤ 1: the unbounded solution if it fits, else by turns."""
    plain: Array = -np.linalg.pinv(table) @ goal
    if np.abs(plain).max() <= 1:
        return plain
    s = np.clip(plain, -1, 1)
    squares = (table**2).sum(axis=0)
    rest = table @ s + goal
    for _ in range(_SWEEPS):
        for k in np.flatnonzero(squares):
            new = float(np.clip(s[k] - table[:, k] @ rest / squares[k], -1, 1))
            rest = rest + table[:, k] * (new - s[k])
            s[k] = new
    return s
