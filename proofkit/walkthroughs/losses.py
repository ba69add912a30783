"""Losses as data, for a page that computes their values and gradients itself."""

from __future__ import annotations

from typing import Any

from proofkit.networks.ast import Apply, Constant, Entry, constant_value, nodes
from proofkit.networks.expression_loss import ExpressionLoss
from proofkit.networks.losses import (
    HuberLoss,
    LogisticLoss,
    Loss,
    SoftmaxLoss,
    SquaredLoss,
    WeightedSquaredLoss,
)
from proofkit.walkthroughs.program import numbers

__all__ = ["loss_data"]

LONGEST = 2_000
"""Nodes of an expression that a page still computes while a slider moves."""


def loss_data(loss: Loss) -> dict[str, Any] | None:
    """The loss as data, or None for one that a page cannot compute.

    An expression becomes its nodes in the order in which a stack computes them.

    >>> from proofkit.networks.expressions import parse_expression
    >>> loss_data(ExpressionLoss((1, 1), parse_expression("w11**2", (1, 1))))
    {'kind': 'expression', 'nodes': [['w', 0, 0], ['c', 2.0], ['**']]}
    """
    if isinstance(loss, (SquaredLoss, HuberLoss)):
        data = {"kind": loss.kind, "X": numbers(loss.X), "Y": numbers(loss.Y)}
        return data | ({"delta": float(loss.delta)} if isinstance(loss, HuberLoss) else {})
    if isinstance(loss, WeightedSquaredLoss):
        return {"kind": loss.kind, "target": numbers(loss.target), "weights": numbers(loss.weights)}
    if isinstance(loss, LogisticLoss):
        positive, negative = numbers(loss.positive), numbers(loss.negative)
        return {"kind": loss.kind, "positive": positive, "negative": negative}
    if isinstance(loss, SoftmaxLoss):
        return {"kind": loss.kind, "X": numbers(loss.X), "labels": list(loss.labels)}
    if isinstance(loss, ExpressionLoss) and loss.differentiable:
        listed = [_node(node) for node in nodes(loss.expression)]
        if len(listed) <= LONGEST:
            return {"kind": loss.kind, "nodes": listed}
    return None


def _node(node: Any) -> list[Any]:
    if isinstance(node, Constant):
        return ["c", float(constant_value(node))]
    if isinstance(node, Entry):
        return ["w", node.row - 1, node.column - 1]
    if isinstance(node, Apply):
        return [node.op]
    raise TypeError(f"{type(node).__name__} is no node of an expression")
