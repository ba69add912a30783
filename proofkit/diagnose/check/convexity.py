"""Whether a loss is convex: proved by kind or by rules, believed, or refuted by an example."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import flint
import numpy as np

from proofkit.diagnose.check.dcp import is_convex
from proofkit.diagnose.check.paths import rounded
from proofkit.networks.array_matrix import ArrayMatrix
from proofkit.networks.ball_matrix import BallMatrix
from proofkit.networks.degrees import degree, quadratic_hessian
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.losses import ExpressionLoss, Loss

__all__ = ["Finding", "Violation", "examine", "violation_holds"]

_SAMPLES = 256


@dataclass(frozen=True)
class Violation:
    """f″(W)[D, D] < 0: f is not convex near W."""

    W: ExactMatrix
    D: ExactMatrix


@dataclass(frozen=True)
class Finding:
    """What is known and why.

    ``status``: "proved" · "refuted" (then ``violation`` shows it, or a weight is negative) ·
    "assumed" (the file says so) · "unknown".
    """

    status: Literal["proved", "refuted", "assumed", "unknown"]
    why: str
    violation: Violation | None = None

    @property
    def usable(self) -> bool:
        """Whether conclusions may rest on convexity, if need be as an assumption."""
        return self.status in ("proved", "assumed")


def examine(loss: Loss, seed: int = 0) -> Finding:
    """Check convexity; what a file says of it is never taken for a proof.

    >>> from proofkit.networks.expressions import parse_expression
    >>> saddle = ExpressionLoss((1, 2), parse_expression("w11*w12", (1, 2)), True)
    >>> examine(saddle).status
    'refuted'
    """
    if not isinstance(loss, ExpressionLoss):
        if loss.convexity == "convex":
            return Finding("proved", f"every {loss.kind} loss of this form is convex")
        return Finding("refuted", "a weight is negative", _sampled(loss, seed))
    if is_convex(loss.expression, loss.size):
        return Finding("proved", "by the rules of disciplined convex programming")
    top = degree(loss.expression)
    if top is not None and top <= 2:
        hessian = np.array(quadratic_hessian(loss.expression, loss.size).entries(), dtype=float)
        vector = np.linalg.eigh(hessian)[1][:, 0].reshape(loss.size)
        shown = _checked(loss, ExactMatrix.zeros(*loss.size), vector)
        return Finding("refuted", "its constant Hessian has a negative eigenvalue", shown)
    found = _sampled(loss, seed)
    if found is not None:
        return Finding("refuted", "its second derivative is negative at a sampled point", found)
    if loss.convex:
        return Finding(
            "assumed", f"the file says so; {_SAMPLES} random points do not contradict it"
        )
    return Finding("unknown", "no rule proves it and no sampled point refutes it")


def violation_holds(loss: Loss, violation: Violation) -> bool:
    """Whether f″(W)[D, D] < 0 is certain, in balls."""
    bits = 128
    with flint.ctx.workprec(bits):
        w, d = BallMatrix.converted(violation.W), BallMatrix.converted(violation.D)
        return bool(loss.second(w, d).inner(d) < 0)


def _sampled(loss: Loss, seed: int) -> Violation | None:
    """A point and a direction of negative second derivative, looked for at random points."""
    rng = np.random.default_rng(seed)
    rows, cols = loss.shape
    scales = np.repeat([0.3, 1.0, 3.0, 10.0], _SAMPLES // 4)
    points = rng.standard_normal((_SAMPLES, rows, cols)) * scales[:, None, None]
    bends = loss.hessian(ArrayMatrix(np.round(points * 8) / 8)).value
    usable = np.isfinite(bends).all(axis=(1, 2))
    if not usable.any():
        return None
    values, vectors = np.linalg.eigh(bends[usable])
    sizes = np.abs(values).max(axis=1)
    order: Any = np.argsort(values[:, 0] / np.maximum(sizes, 1e-300))
    for i in order[:5]:
        if values[i, 0] >= 0:
            break
        W = rounded(points[usable][i], 8)
        shown = _checked(loss, W, vectors[i, :, 0].reshape(rows, cols))
        if shown is not None:
            return shown
    return None


def _checked(loss: Loss, W: ExactMatrix, direction: Any) -> Violation | None:
    scaled = direction / np.abs(direction).max()
    for scale in (1, 16, 2**10, 2**20):
        shown = Violation(W, rounded(scaled, scale))
        if violation_holds(loss, shown):
            return shown
    return None
