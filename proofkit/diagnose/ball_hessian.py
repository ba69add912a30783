"""The whole second derivative of a loss in certified balls, by kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import flint

from proofkit.diagnose.jets import balls_of, jet
from proofkit.networks.losses import (
    ExpressionLoss,
    HuberLoss,
    LogisticLoss,
    SoftmaxLoss,
    SquaredLoss,
    WeightedSquaredLoss,
)
from proofkit.networks.scalars import enclose

if TYPE_CHECKING:
    from proofkit.diagnose.enclosures import BallLoss

__all__ = ["ball_hessian", "huber_bend", "sigma"]

Table = list[list[Any]]


def huber_bend(r: Any, delta: Any) -> Any:
    """h″ of Huber's function over a ball of residuals: 1 inside, 0 outside, [0, 1] where unsure.

    h′ is Lipschitz with h″ in [0, 1] almost everywhere, which is all that Taylor's inequality
    needs.
    """
    size = abs(r)
    if size < delta:
        return flint.arb(1)
    return flint.arb(0) if size > delta else flint.arb(0).union(flint.arb(1))


def sigma(x: Any) -> Any:
    """The logistic function."""
    return 1 / (1 + (-x).exp())


def ball_hessian(ball: BallLoss, w: Table) -> Table:
    """f″(W): diagonal, one block per pair of rows, or from an expression's partials."""
    rows, cols = ball.rows, ball.cols
    size = rows * cols
    result = [[flint.arb(0)] * size for _ in range(size)]
    loss = ball.loss
    if isinstance(loss, WeightedSquaredLoss | LogisticLoss):
        if isinstance(loss, WeightedSquaredLoss):
            diagonal = [[2 * a for a in line] for line in ball.data("weights")]
        else:
            counts = zip(w, ball.data("positive"), ball.data("negative"), strict=True)
            diagonal = [
                [(p + q) * sigma(z) * sigma(-z) for z, p, q in zip(*lines, strict=True)]
                for lines in counts
            ]
        for r in range(rows):
            for c in range(cols):
                result[r * cols + c][r * cols + c] = diagonal[r][c]
        return result
    if isinstance(loss, ExpressionLoss):
        second = jet(loss.expression, lambda r, c: w[r][c], balls_of(ball.bits), 2).second
        for ((a, b), (r, c)), bend in second.items():
            result[a * cols + b][r * cols + c] = result[r * cols + c][a * cols + b] = bend
        return result
    X = ball.data("X")
    for i, scores in enumerate(_per_sample(ball, w)):
        x = [line[i] for line in X]
        outer = [[a * b for b in x] for a in x]
        for r, line in enumerate(scores):
            for s, bend in enumerate(line):
                if bend == 0:
                    continue
                for c in range(cols):
                    target = result[r * cols + c]
                    for e in range(cols):
                        target[s * cols + e] = target[s * cols + e] + bend * outer[c][e]
    return result


def _per_sample(ball: BallLoss, w: Table) -> Any:
    """Per column of X, the second derivative in the scores of that sample."""
    loss, rows = ball.loss, range(ball.rows)
    if isinstance(loss, SoftmaxLoss):
        for p in ball.probabilities(w):
            yield [[(p[r] if r == s else 0) - p[r] * p[s] for s in rows] for r in rows]
    elif isinstance(loss, SquaredLoss):
        two, zero = flint.arb(2), flint.arb(0)
        for _ in range(loss.X.cols):
            yield [[two if r == s else zero for s in rows] for r in rows]
    elif isinstance(loss, HuberLoss):
        delta, residual = enclose(loss.delta, ball.bits), ball.residual(w)
        for i in range(loss.X.cols):
            yield [
                [huber_bend(residual[r][i], delta) if r == s else flint.arb(0) for s in rows]
                for r in rows
            ]
    else:
        raise TypeError(f"no enclosure of the {loss.kind} loss is known")
