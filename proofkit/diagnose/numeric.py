"""A loss in plain NumPy arrays, for searching: nothing here proves anything.

Batches of matrices W have shape (B, m, n). Outside the domain values are NaN.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from proofkit.diagnose.jets import ARRAYS, jet
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.losses import (
    ExpressionLoss,
    HuberLoss,
    LogisticLoss,
    Loss,
    SoftmaxLoss,
    SquaredLoss,
    WeightedSquaredLoss,
)

__all__ = ["NumericLoss", "array"]

Array: TypeAlias = NDArray[np.float64]


def array(matrix: ExactMatrix) -> Array:
    """The nearest floats.

    >>> array(ExactMatrix.identity(1))
    array([[1.]])
    """
    return np.array([[float(x) for x in line] for line in matrix.entries()]).reshape(matrix.shape)


class NumericLoss:
    """Value, gradient and second derivative of a loss on batches.

    >>> one = ExactMatrix.identity(1)
    >>> NumericLoss(SquaredLoss(one, 3 * one)).value(np.ones((2, 1, 1)))
    array([4., 4.])
    """

    def __init__(self, loss: Loss) -> None:
        self.loss = loss
        self.shape = loss.shape
        names = {
            "squared": ("X", "Y"),
            "huber": ("X", "Y"),
            "softmax": ("X",),
            "weighted-squared": ("target", "weights"),
            "logistic": ("positive", "negative"),
        }.get(loss.kind, ())
        self.data = tuple(array(getattr(loss, name)) for name in names)
        if isinstance(loss, SquaredLoss):
            self.gram = 2 * self.data[0] @ self.data[0].T
        if isinstance(loss, HuberLoss):
            self.delta = float(loss.delta)
        if isinstance(loss, SoftmaxLoss):
            self.labels = np.array(loss.labels)
            self.indicator = (self.labels[None, :] == np.arange(loss.classes)[:, None]).astype(
                float
            )

    def value(self, w: Array) -> Array:
        """f(W), (B,)."""
        result: Array = self._value(w)
        return result

    def _value(self, w: Array) -> Any:
        loss = self.loss
        if isinstance(loss, SquaredLoss):
            return ((w @ self.data[0] - self.data[1]) ** 2).sum((1, 2))
        if isinstance(loss, WeightedSquaredLoss):
            return (self.data[1] * (w - self.data[0]) ** 2).sum((1, 2))
        if isinstance(loss, LogisticLoss):
            p, q = self.data
            return (p * np.logaddexp(0, -w) + q * np.logaddexp(0, w)).sum((1, 2))
        if isinstance(loss, HuberLoss):
            r = w @ self.data[0] - self.data[1]
            c = np.clip(r, -self.delta, self.delta)
            return (c * (r - c / 2)).sum((1, 2))
        if isinstance(loss, SoftmaxLoss):
            z = w @ self.data[0]
            top = z.max(axis=1, keepdims=True)
            logs = np.log(np.exp(z - top).sum(axis=1)) + top[:, 0]
            return (logs - z[:, self.labels, np.arange(z.shape[2])]).sum(1)
        if isinstance(loss, ExpressionLoss):
            with np.errstate(all="ignore"):
                value = jet(loss.expression, lambda r, c: w[:, r, c], ARRAYS, 0).value
            return np.broadcast_to(np.asarray(value, dtype=float), w.shape[:1])
        raise TypeError(f"the {loss.kind} loss is not known")

    def gradient(self, w: Array) -> Array:
        """f′(W), (B, m, n)."""
        result: Array = self._gradient(w)
        return result

    def _gradient(self, w: Array) -> Any:
        loss = self.loss
        if isinstance(loss, SquaredLoss):
            return 2 * (w @ self.data[0] - self.data[1]) @ self.data[0].T
        if isinstance(loss, WeightedSquaredLoss):
            return 2 * self.data[1] * (w - self.data[0])
        if isinstance(loss, LogisticLoss):
            p, q = self.data
            return q * _sigma(w) - p * _sigma(-w)
        if isinstance(loss, HuberLoss):
            r = w @ self.data[0] - self.data[1]
            return np.clip(r, -self.delta, self.delta) @ self.data[0].T
        if isinstance(loss, SoftmaxLoss):
            return (self._probabilities(w) - self.indicator) @ self.data[0].T
        if isinstance(loss, ExpressionLoss):
            result = np.zeros_like(w)
            with np.errstate(all="ignore"):
                first = jet(loss.expression, lambda r, c: w[:, r, c], ARRAYS, 1).first
            for (row, col), slope in first.items():
                result[:, row, col] = slope
            return result
        raise TypeError(f"the {loss.kind} loss is not known")

    def _probabilities(self, w: Array) -> Array:
        z = w @ self.data[0]
        e = np.exp(z - z.max(axis=1, keepdims=True))
        result: Array = e / e.sum(axis=1, keepdims=True)
        return result

    def second(self, w: Array, d: Array) -> Array:
        """f″(W)[D], the derivative of f′ in directions D of shape (B, P, m, n)."""
        result: Array = self._second(w, d)
        return result

    def _second(self, w: Array, d: Array) -> Any:
        loss = self.loss
        if isinstance(loss, SquaredLoss):
            return d @ self.gram
        if isinstance(loss, WeightedSquaredLoss):
            return 2 * self.data[1] * d
        if isinstance(loss, LogisticLoss):
            bend = (self.data[0] + self.data[1]) * _sigma(w) * _sigma(-w)
            return bend[:, None] * d
        if isinstance(loss, HuberLoss):
            r = w @ self.data[0] - self.data[1]
            inside = (np.abs(r) <= self.delta).astype(float)
            return (inside[:, None] * (d @ self.data[0])) @ self.data[0].T
        if isinstance(loss, SoftmaxLoss):
            p = self._probabilities(w)[:, None]
            dz = d @ self.data[0]
            return (p * (dz - (p * dz).sum(axis=2, keepdims=True))) @ self.data[0].T
        batch, count = d.shape[:2]
        size = self.shape[0] * self.shape[1]
        flat = d.reshape(batch, count, size) @ self.hessian(w)
        return flat.reshape(d.shape)

    def hessian(self, w: Array) -> Array:
        """f″(W) as (B, mn, mn), rows and columns following W row by row."""
        rows, cols = self.shape
        size = rows * cols
        if isinstance(self.loss, ExpressionLoss):
            result = np.zeros((len(w), size, size))
            with np.errstate(all="ignore"):
                second = jet(self.loss.expression, lambda r, c: w[:, r, c], ARRAYS, 2).second
            for ((a, b), (r, c)), bend in second.items():
                result[:, a * cols + b, r * cols + c] = bend
                result[:, r * cols + c, a * cols + b] = bend
            return result
        units = np.eye(size).reshape(1, size, rows, cols)
        units = np.broadcast_to(units, (len(w), size, rows, cols))
        return self.second(w, units).reshape(len(w), size, size)


def _sigma(x: Array) -> Array:
    small = np.exp(-np.abs(x))
    result: Array = np.where(x >= 0, 1.0, small) / (1 + small)
    return result
