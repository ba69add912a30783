"""Losses at matrices that are exact, enclosed, floats, or dual: values and gradients."""

from __future__ import annotations

from typing import Any

from proofkit.evaluate.environment import Environment
from proofkit.networks.ball_matrix import BallMatrix
from proofkit.networks.duals import Dual
from proofkit.networks.enclosures import EnclosedMatrix, Enclosure, enclosing

__all__ = ["loss_gradient", "loss_value"]


def loss_value(loss: Any, env: Environment, at: Any) -> Any:
    """The value of a loss at a matrix."""
    if isinstance(at, Dual):
        value = loss_value(loss, env, at.value)
        slope = None
        if at.slope is not None:
            slope = (loss_gradient(loss, env, at.value).T @ at.slope).trace()
        return Dual(value, slope, at.tag, at.smooth)
    if isinstance(at, EnclosedMatrix):
        with enclosing():
            return Enclosure.of(loss.value(BallMatrix(at.body)))
    return loss.value(at)


def loss_gradient(loss: Any, env: Environment, at: Any) -> Any:
    """The gradient of a loss at a matrix."""
    found = env.memo.get("gradient", (loss, at))
    if found is None:
        if isinstance(at, Dual):
            value = loss_gradient(loss, env, at.value)
            slope = None if at.slope is None else _second(loss, at.value, at.slope)
            found = Dual(value, slope, at.tag, at.smooth)
        elif isinstance(at, EnclosedMatrix):
            with enclosing():
                found = EnclosedMatrix.of(loss.gradient(BallMatrix(at.body)).entries())
        else:
            found = loss.gradient(at)
        env.memo.put("gradient", (loss, at), found)
    return found


def _second(loss: Any, at: Any, change: Any) -> Any:
    """The second differential of a loss."""
    if isinstance(at, EnclosedMatrix) or isinstance(change, EnclosedMatrix):
        with enclosing():
            balls = (
                BallMatrix(x.body) if isinstance(x, EnclosedMatrix) else BallMatrix.converted(x)
                for x in (at, change)
            )
            return EnclosedMatrix.of(loss.second(*balls).entries())
    return loss.second(at, change)
