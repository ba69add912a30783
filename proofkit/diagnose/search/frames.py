"""Propose the frames of a low-rank lift from floats; ``lifts`` tests them.

With W_t ≈ A′B′ of rank r the product of a tower, P_i = M_i⋯M_1B′⁺ and Q_i = A′⁺M_k⋯M_{i+1} satisfy
Q_iP_i ≈ I; exactly so after Q_i is divided by Q_iP_i in rational arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from proofkit.diagnose.check.certificate import Json, matrix_json
from proofkit.diagnose.check.float_point import FloatPoint
from proofkit.diagnose.check.lifts import Frame
from proofkit.networks.array_matrix import Array
from proofkit.networks.error_bounds import UNIT_ROUNDOFF
from proofkit.networks.exact import ExactMatrix

__all__ = ["faint_rest", "frame_json", "framed", "halves"]


def halves(point: FloatPoint, ranks: Sequence[int]) -> tuple[Array, Array, list[int]]:
    """A′ and B′, all towers side by side, with A′_tB′_t the rank-r_t part of W_t; and the r_t."""
    A, B = [], []
    for tower, sides, r in zip(point.towers, point.sides, ranks, strict=True):
        left, sigma, right = np.linalg.svd(sides[0][0] @ tower[0])
        roots = np.sqrt(sigma[:r])
        A.append(left[:, :r] * roots)
        B.append(roots[:, None] * right[:r])
    return np.concatenate(A, axis=1), np.concatenate(B), list(ranks)


def framed(point: FloatPoint, A: Array, B: Array, ranks: Sequence[int]) -> list[Frame] | None:
    """Frames of all towers, ``None`` where Q_iP_i cannot be inverted."""
    frames = []
    start = 0
    for tower, sides, r in zip(point.towers, point.sides, ranks, strict=True):
        own = slice(start, start + r)
        start += r
        P, Q, N = [], [], []
        for i in range(1, len(tower)):
            p = _exact(sides[i][1] @ np.linalg.pinv(B[own]))
            rough = _exact(np.linalg.pinv(A[:, own]) @ sides[i - 1][0])
            middle = rough @ p
            if int(middle.rank()) < r:
                return None
            P.append(p)
            Q.append(middle.inverse() @ rough if r else rough)
            N.append(np.eye(p.rows) - _floats(P[-1]) @ _floats(Q[-1]))
        dropped = []
        scale = max(float(np.linalg.norm(point.vector)), 1.0)
        for i, layer in enumerate(tower):
            rest = layer if i == 0 else layer @ N[i - 1]
            rest = N[i] @ rest if i < len(tower) - 1 else rest
            dropped.append(bool(np.linalg.norm(rest) <= UNIT_ROUNDOFF ** (1 / 3) * scale))
        frames.append(Frame(r, P, Q, dropped))
    return frames


def faint_rest(point: FloatPoint, frames: Sequence[Frame]) -> bool:
    """Whether ρ(k−1, 2) of some tower is neither 0 nor large enough to count: see ``lifts``."""
    tolerance = UNIT_ROUNDOFF ** (1 / 3) * max(float(np.linalg.norm(point.vector)), 1.0)
    for tower, frame in zip(point.towers, frames, strict=True):
        if len(tower) < 3 or any(frame.dropped[1:-1]):
            continue
        N = [
            np.eye(p.rows) - _floats(p) @ _floats(q) for p, q in zip(frame.P, frame.Q, strict=True)
        ]
        chain = N[0]
        for i in range(1, len(tower) - 1):
            chain = N[i] @ tower[i] @ chain
        if 0 < float(np.linalg.norm(chain)) <= tolerance:
            return True
    return False


def _exact(values: Array) -> ExactMatrix:
    rows = [[float(x) for x in line] for line in values]
    return ExactMatrix.of(rows, shape=(values.shape[0], values.shape[1]))


def _floats(matrix: ExactMatrix) -> Array:
    table = [[float(x) for x in line] for line in matrix.entries()]
    return np.array(table, dtype=float).reshape(matrix.shape)


def frame_json(frame: Frame) -> Json:
    """A frame as data; Q is written as the exact rationals it consists of."""
    return {
        "rank": frame.rank,
        "P": [matrix_json(p) for p in frame.P],
        "Q": [matrix_json(q) for q in frame.Q],
        "dropped": frame.dropped,
    }
