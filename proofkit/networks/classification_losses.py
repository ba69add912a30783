"""Losses of class scores: logistic counts per entry, and softmax cross-entropy per sample."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from proofkit.networks.elementwise import divide, evaluate, softplus
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.loss import Data, Loss, diagonal, entrywise, rows_json, total
from proofkit.networks.regression_losses import scaled_gram
from proofkit.networks.running import FloatScalar
from proofkit.networks.scalars import exact, sign


@dataclass(frozen=True)
class LogisticLoss(Loss):
    """f(W) = Σ p_rc·log(1 + e^{−w_rc}) + q_rc·log(1 + e^{w_rc}) with counts p and q, both m×n.

    With σ(w) = 1/(1 + e^{−w}): f′ = q·σ(w) − p·σ(−w) and f″ = (p + q)·σ(w)σ(−w), entrywise.
    Raises ``ValueError`` when the shapes differ or a count is negative.

    >>> loss = LogisticLoss(ExactMatrix.of([[1]]), ExactMatrix.of([[0]]))
    >>> loss.value(ExactMatrix.of([[0]])), loss.gradient(ExactMatrix.of([[0]]))
    (log(2), ExactMatrix([[-1/2]]))
    """

    positive: ExactMatrix
    negative: ExactMatrix
    kind: ClassVar[str] = "logistic"

    def __post_init__(self) -> None:
        if self.positive.shape != self.negative.shape:
            raise ValueError(
                f"positive {self.positive.shape} and negative {self.negative.shape} differ in shape"
            )
        for counts in (self.positive, self.negative):
            for line in counts.entries():
                for x in line:
                    if sign(x) < 0:
                        raise ValueError(f"a count cannot be negative: {x}")

    @property
    def shape(self) -> tuple[int, int]:
        """(m, n)."""
        return self.positive.shape

    def to_json(self) -> dict[str, Any]:
        """``{"kind": "logistic", "positive": …, "negative": …}``."""
        return {
            "kind": self.kind,
            "positive": rows_json(self.positive),
            "negative": rows_json(self.negative),
        }

    @cached_property
    def _data(self) -> tuple[Data, Data]:
        return Data(self.positive), Data(self.negative)

    def _parts(self, product: Any) -> tuple[Any, Any, Any]:
        positive, negative = self._data
        return product, positive.like(product), negative.like(product)

    def _value(self, product: Any) -> Any:
        return total(
            entrywise(lambda w, p, q: p * softplus(-w) + q * softplus(w), *self._parts(product))
        )

    def _gradient(self, product: Any) -> Any:
        def slope(w: Any, p: Any, q: Any) -> Any:
            return q * evaluate("logistic", w) - p * evaluate("logistic", -w)

        return entrywise(slope, *self._parts(product))

    def _hessian(self, product: Any) -> Any:
        def bend(w: Any, p: Any, q: Any) -> Any:
            return (p + q) * (evaluate("logistic", w) * evaluate("logistic", -w))

        return diagonal(entrywise(bend, *self._parts(product)))


@dataclass(frozen=True)
class SoftmaxLoss(Loss):
    """f(W) = Σ_i log Σ_r e^{z_ri} − z_{y_i, i} with Z = WX: cross-entropy of m classes.

    X is n×N, ``labels`` holds the class y_i ∈ {0, …, m−1} of each column of X, and ``classes`` is
    m. With P the column-wise softmax of Z and Y the indicator matrix of the labels,
    f′ = (P − Y)Xᵀ and f″ = Σ_i (diag(p_i) − p_i p_iᵀ) ⊗ x_i x_iᵀ. Raises ``ValueError`` for a
    label out of range or a wrong number of labels.

    >>> loss = SoftmaxLoss(ExactMatrix.identity(1), (0,), 2)
    >>> W = ExactMatrix.zeros(2, 1)
    >>> loss.value(W), loss.gradient(W)
    (log(2), ExactMatrix([[-1/2], [1/2]]))
    """

    X: ExactMatrix
    labels: tuple[int, ...]
    classes: int
    kind: ClassVar[str] = "softmax"

    def __post_init__(self) -> None:
        object.__setattr__(self, "labels", tuple(self.labels))
        if len(self.labels) != self.X.cols:
            raise ValueError(f"X has {self.X.cols} columns but there are {len(self.labels)} labels")
        for label in self.labels:
            if not 0 <= label < self.classes:
                raise ValueError(f"label {label} is not one of 0 … {self.classes - 1}")

    @property
    def shape(self) -> tuple[int, int]:
        """(m, n)."""
        return self.classes, self.X.rows

    def to_json(self) -> dict[str, Any]:
        """``{"kind": "softmax", "X": …, "labels": …}``."""
        return {"kind": self.kind, "X": rows_json(self.X), "labels": list(self.labels)}

    @cached_property
    def _data(self) -> tuple[Data, Data]:
        indicator = [[int(label == r) for label in self.labels] for r in range(self.classes)]
        return Data(self.X), Data(ExactMatrix.of(indicator, shape=(self.classes, self.X.cols)))

    def _value(self, product: Any) -> Any:
        scores = product @ self._data[0].like(product)
        if isinstance(scores, FloatMatrix):
            return self._float_value(scores)
        result: Any = Fraction(0)
        for column, label in zip(scores.T.entries(), self.labels, strict=True):
            # Shifted by the label's score, so that equal scores give log of an integer.
            result += evaluate("log", _sum_of_exponentials(column, column[label]))
        return result

    def _float_value(self, scores: FloatMatrix) -> FloatScalar:
        z = scores.numbers
        chosen = z[:, list(self.labels), range(scores.cols)]
        # Any constant may be taken out; the largest score keeps exp from overflowing.
        shift = z.value.max(axis=1)
        exponentials = evaluate("exp", z - shift[:, None, :])
        if not isinstance(exponentials, FloatScalar):
            raise TypeError("float scores gave an exact number")
        losses = evaluate("log", exponentials.sum(1)) + FloatScalar.of(shift) - chosen
        return losses.sum(1)

    def _probabilities(self, product: Any) -> Any:
        scores = product @ self._data[0].like(product)
        if isinstance(scores, FloatMatrix):
            z = scores.numbers
            exponentials = evaluate("exp", z - z.value.max(axis=1, keepdims=True))
            if not isinstance(exponentials, FloatScalar):
                raise TypeError("float scores gave an exact number")
            return FloatMatrix(exponentials / exponentials.sum(1)[:, np.newaxis, :])
        columns = [
            [divide(Fraction(1), _sum_of_exponentials(column, score)) for score in column]
            for column in scores.T.entries()
        ]
        return ExactMatrix.of(
            [[column[r] for column in columns] for r in range(self.classes)],
            shape=scores.shape,
        )

    def _gradient(self, product: Any) -> Any:
        x, indicator = (d.like(product) for d in self._data)
        return (self._probabilities(product) - indicator) @ x.T

    def _hessian(self, product: Any) -> Any:
        x = self._data[0].like(product)
        p = self._probabilities(product)
        rows = [p.block([r], range(p.cols)) for r in range(self.classes)]

        def block(r: int, s: int) -> Any:
            same = entrywise(lambda a, b: (a if r == s else 0) - a * b, rows[r], rows[s])
            return scaled_gram(x, same)

        places = range(self.classes)
        return type(p).of_blocks([[block(r, s) for s in places] for r in places])


def _sum_of_exponentials(column: list[Any], shift: Any) -> Any:
    return exact(sum((evaluate("exp", exact(z - shift)) for z in column), Fraction(0)))
