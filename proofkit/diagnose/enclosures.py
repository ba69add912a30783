"""A loss in certified balls: its value, gradient and second derivative over a whole box.

W is a table of ``flint.arb``: any matrix inside the balls is meant. What comes out certainly
contains the values at all of them; a result that is not finite says that the loss may not be
smooth there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import flint

from proofkit.diagnose.ball_hessian import ball_hessian, huber_bend, sigma
from proofkit.diagnose.check.rationals import balls
from proofkit.diagnose.jets import balls_of, jet
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
from proofkit.networks.scalars import MAX_BITS, enclose, sign

__all__ = ["BallLoss", "compare_values", "product_of_balls"]

Table = list[list[Any]]


class BallLoss:
    """A loss whose data are balls of ``bits`` bits.

    >>> from proofkit.networks.exact import ExactMatrix
    >>> one = ExactMatrix.identity(1)
    >>> loss = BallLoss(SquaredLoss(one, 3 * one), 64)
    >>> bool(loss.value([[flint.arb(1)]]) == 4)
    True
    """

    def __init__(self, loss: Loss, bits: int) -> None:
        self.loss = loss
        self.bits = bits
        self.rows, self.cols = loss.shape
        self._tables: dict[str, Table] = {}

    def data(self, name: str) -> Table:
        """A matrix of the loss as balls."""
        if name not in self._tables:
            self._tables[name] = balls(getattr(self.loss, name).entries(), self.bits)
        return self._tables[name]

    def value(self, w: Table) -> Any:
        """f(W)."""
        with flint.ctx.workprec(self.bits):
            return self._value(w)

    def gradient(self, w: Table) -> Table:
        """f′(W), m×n."""
        with flint.ctx.workprec(self.bits):
            return self._gradient(w)

    def second(self, w: Table, d: Table, e: Table) -> Any:
        """f″(W)[D, E], the second derivative in the directions D and E."""
        with flint.ctx.workprec(self.bits):
            return self._second(w, d, e)

    def hessian(self, w: Table) -> Table:
        """f″(W), mn×mn, rows and columns following W row by row."""
        with flint.ctx.workprec(self.bits):
            return ball_hessian(self, w)

    def residual(self, w: Table) -> Table:
        """WX − Y."""
        wx = product_of_balls(w, self.data("X"))
        return [
            [a - b for a, b in zip(*p, strict=True)] for p in zip(wx, self.data("Y"), strict=True)
        ]

    def _value(self, w: Table) -> Any:
        loss = self.loss
        if isinstance(loss, SquaredLoss):
            return _sum(x * x for line in self.residual(w) for x in line)
        if isinstance(loss, WeightedSquaredLoss):
            return _sum(
                a * (x - t) * (x - t)
                for x, t, a in _cells(w, self.data("target"), self.data("weights"))
            )
        if isinstance(loss, LogisticLoss):
            return _sum(
                p * (1 + (-x).exp()).log() + q * (1 + x.exp()).log()
                for x, p, q in _cells(w, self.data("positive"), self.data("negative"))
            )
        if isinstance(loss, SoftmaxLoss):
            scores = _transposed(product_of_balls(w, self.data("X")))
            return _sum(
                _sum((z - column[label]).exp() for z in column).log()
                for column, label in zip(scores, loss.labels, strict=True)
            )
        if isinstance(loss, HuberLoss):
            delta = enclose(loss.delta, self.bits)
            total = flint.arb(0)
            for line in self.residual(w):
                for r in line:
                    c = r.min(delta).max(-delta)
                    total += c * (r - c / 2)
            return total
        if isinstance(loss, ExpressionLoss):
            tree = loss.expression
            return flint.arb(jet(tree, lambda r, c: w[r][c], balls_of(self.bits), 0).value)
        raise TypeError(f"no enclosure of the {loss.kind} loss is known")

    def _gradient(self, w: Table) -> Table:
        loss = self.loss
        if isinstance(loss, SquaredLoss | HuberLoss):
            residual = self.residual(w)
            if isinstance(loss, SquaredLoss):
                slopes = [[2 * x for x in line] for line in residual]
            else:
                delta = enclose(loss.delta, self.bits)
                slopes = [[r.min(delta).max(-delta) for r in line] for line in residual]
            return product_of_balls(slopes, _transposed(self.data("X")))
        if isinstance(loss, SoftmaxLoss):
            columns = []
            for p, label in zip(self.probabilities(w), loss.labels, strict=True):
                columns.append([x - int(r == label) for r, x in enumerate(p)])
            return product_of_balls(_transposed(columns), _transposed(self.data("X")))
        if isinstance(loss, WeightedSquaredLoss):
            names = ("target", "weights")
            slope: Callable[..., Any] = _weighted_slope
        elif isinstance(loss, LogisticLoss):
            names, slope = ("positive", "negative"), _logistic_slope
        elif isinstance(loss, ExpressionLoss):
            first = jet(loss.expression, lambda r, c: w[r][c], balls_of(self.bits), 1).first
            return [
                [flint.arb(first.get((r, c), 0)) for c in range(self.cols)]
                for r in range(self.rows)
            ]
        else:
            raise TypeError(f"no enclosure of the {loss.kind} loss is known")
        tables = [self.data(name) for name in names]
        return [
            [slope(*cell) for cell in zip(*lines, strict=True)]
            for lines in zip(w, *tables, strict=True)
        ]

    def probabilities(self, w: Table) -> Table:
        """Per sample, the class probabilities; 1/Σ e^{z_s − z_r} never overflows a sum."""
        scores = _transposed(product_of_balls(w, self.data("X")))
        return [[1 / _sum((z - y).exp() for z in column) for y in column] for column in scores]

    def _second(self, w: Table, d: Table, e: Table) -> Any:
        loss = self.loss
        if isinstance(loss, WeightedSquaredLoss):
            return 2 * _sum(a * x * y for x, y, a in _cells(d, e, self.data("weights")))
        if isinstance(loss, LogisticLoss):
            tables = (self.data("positive"), self.data("negative"))
            return _sum(
                (p + q) * sigma(z) * sigma(-z) * x * y for z, x, y, p, q in _cells(w, d, e, *tables)
            )
        if isinstance(loss, ExpressionLoss):
            second = jet(loss.expression, lambda r, c: w[r][c], balls_of(self.bits), 2).second
            total = flint.arb(0)
            for ((a, b), (r, c)), bend in second.items():
                if (a, b) == (r, c):
                    total += bend * d[a][b] * e[a][b]
                else:
                    total += bend * (d[a][b] * e[r][c] + d[r][c] * e[a][b])
            return total
        x = self.data("X")
        dx, ex = product_of_balls(d, x), product_of_balls(e, x)
        if isinstance(loss, SquaredLoss):
            return 2 * _sum(a * b for a, b in _cells(dx, ex))
        if isinstance(loss, HuberLoss):
            delta = enclose(loss.delta, self.bits)
            return _sum(
                huber_bend(r, delta) * a * b for r, a, b in _cells(self.residual(w), dx, ex)
            )
        if isinstance(loss, SoftmaxLoss):
            total = flint.arb(0)
            for p, y, z in zip(
                self.probabilities(w), _transposed(dx), _transposed(ex), strict=True
            ):
                mean_y = _sum(a * b for a, b in zip(p, y, strict=True))
                mean_z = _sum(a * b for a, b in zip(p, z, strict=True))
                total += _sum(
                    a * (b - mean_y) * (c - mean_z) for a, b, c in zip(p, y, z, strict=True)
                )
            return total
        raise TypeError(f"no enclosure of the {loss.kind} loss is known")


def _weighted_slope(x: Any, t: Any, a: Any) -> Any:
    return 2 * a * (x - t)


def _logistic_slope(x: Any, p: Any, q: Any) -> Any:
    return q * sigma(x) - p * sigma(-x)


def _sum(terms: Any) -> Any:
    total = flint.arb(0)
    for term in terms:
        total += term
    return total


def _cells(*tables: Table) -> Any:
    return (cell for lines in zip(*tables, strict=True) for cell in zip(*lines, strict=True))


def _transposed(table: Sequence[Sequence[Any]]) -> Table:
    return [list(column) for column in zip(*table, strict=True)]


def product_of_balls(left: Table, right: Table) -> Table:
    """The matrix product of two tables of balls, at the current precision.

    >>> product_of_balls([[flint.arb(2)]], [[flint.arb(3)]])
    [[6.00000000000000]]
    """
    result: Table = (flint.arb_mat(left) * flint.arb_mat(right)).tolist()
    return result


def compare_values(loss: Loss, left: ExactMatrix, right: ExactMatrix) -> int | None:
    """The sign of f(left) − f(right), certified; ``None`` when no precision tells it from 0.

    >>> from proofkit.networks.exact import ExactMatrix
    >>> one = ExactMatrix.identity(1)
    >>> compare_values(SquaredLoss(one, 3 * one), one, 2 * one)
    1
    """
    if isinstance(loss, SquaredLoss | WeightedSquaredLoss | HuberLoss):
        difference: Any = loss.value(left)
        difference -= loss.value(right)
        if isinstance(difference, Fraction):
            return sign(difference)
    bits = 64
    while bits <= MAX_BITS:
        ball = BallLoss(loss, bits)
        gap = ball.value(balls(left.entries(), bits)) - ball.value(balls(right.entries(), bits))
        if gap > 0:
            return 1
        if gap < 0:
            return -1
        bits *= 4
    return 0 if left == right else None
