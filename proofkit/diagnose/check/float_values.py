"""The loss of float products with running error bounds, without what only a Hessian needs.

``Loss.value`` of the quadratic losses prepares the constant mn×mn second derivative in exact
numbers, which for large products takes minutes; here only the data that the value needs are
converted.
"""

from __future__ import annotations

from typing import Any

from proofkit.networks.floating import FloatMatrix
from proofkit.networks.losses import Loss, SquaredLoss, WeightedSquaredLoss
from proofkit.networks.running import FloatScalar

__all__ = ["float_value"]


def float_value(loss: Loss, product: Any) -> FloatScalar:
    """f(W) for a batch of products; ``LossError`` where f has no value.

    >>> from proofkit.networks.exact import ExactMatrix
    >>> one = ExactMatrix.identity(1)
    >>> float_value(SquaredLoss(one, 3 * one), FloatMatrix.of([[1.0]])).value
    array([4.])
    """
    if isinstance(loss, SquaredLoss):
        residual = product @ FloatMatrix.of_exact([loss.X]) - FloatMatrix.of_exact([loss.Y])
        result: FloatScalar = residual.inner(residual)
        return result
    if isinstance(loss, WeightedSquaredLoss):
        difference = product.numbers - FloatMatrix.of_exact([loss.target]).numbers
        terms: FloatScalar = FloatMatrix.of_exact([loss.weights]).numbers * difference * difference
        return terms.sum((1, 2))
    value: Any = loss.value(product)
    if not isinstance(value, FloatScalar):
        raise TypeError("float products give floats")
    return value
