"""Local minima outside the theory: losses that are not differentiable, or not convex.

The paper's theorems do not speak of examples E25, E26 and E31, and `diagnose` leaves them open.
All three stand where A = E₁₁ and B = E₂₂ cross: the product is zero, and near it

    (1 + a)(1 + s) w₂₁ = c (1 + s) w₁₁ + r (1 + a) w₂₂ − c r w₁₂

for W = (A + [a b; c e]) (B + [p q; r s]).  So the entry w₂₁, in which the loss would fall, is small
against the three others, in which it rises; how small is computed here, exactly.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any

from sympy import Matrix, symbols

from proofkit.networks.exact import ExactMatrix
from proofkit.networks.expressions import parse_expression
from proofkit.networks.losses import ExpressionLoss
from proofkit.networks.network import Network

__all__ = ["WHY", "identity_holds", "is_spurious_minimum", "share"]

WHY = "near the product 0, w21 is small against the other entries: an exact identity"

A = ExactMatrix.of([[1, 0], [0, 0]])
B = ExactMatrix.of([[0, 0], [0, 1]])
REACH = Fraction(1, 16)
"""How far the entries of the layers may move."""
SHAPE = (2, 2)


KINKED = "abs(w11) + abs(w12) + abs(w22) + abs(w21 - 1)"
"""With |w₂₁| ≤ γ (|w₁₁| + |w₁₂| + |w₂₂|) it is at least 1 + (1 − γ)(|w₁₁| + |w₁₂| + |w₂₂|)."""
SMOOTH = "w11**2 + w12**2 + w22**2 + (w21**2 - 1)**2"
"""It is at least 1 + (1 − 6γ²)(w₁₁² + w₁₂² + w₂₂²): the square of a sum of three numbers is at most
three times the sum of their squares."""


@cache
def identity_holds() -> bool:
    """Whether the identity holds, multiplied out.

    >>> identity_holds()
    True
    """
    a, b, c, e, p, q, r, s = symbols("a b c e p q r s")
    W = Matrix([[1 + a, b], [c, e]]) * Matrix([[p, q], [r, 1 + s]])
    right = c * (1 + s) * W[0, 0] + r * (1 + a) * W[1, 1] - c * r * W[0, 1]
    return bool(((1 + a) * (1 + s) * W[1, 0] - right).expand() == 0)


def share(above: Fraction, below: Fraction) -> Fraction:
    """γ with |w₂₁| ≤ γ (|w₁₁| + |w₁₂| + |w₂₂|), where A moves by ``above`` and B by ``below``.

    >>> share(Fraction(1, 8), Fraction(1, 8))
    Fraction(1, 7)
    """
    return max(above / (1 - above), below / (1 - below))


def _moved(layers: Any) -> Fraction:
    """How far the product's entries move at most when each layer's move by `REACH`."""

    def product(extra: Fraction) -> list[list[Fraction]]:
        total = ExactMatrix.identity(2)
        for layer in layers:
            grid = [[abs(Fraction(x)) + extra for x in row] for row in layer.entries()]
            total = ExactMatrix.of(grid) @ total
        return [[Fraction(x) for x in row] for row in total.entries()]

    moved, still = product(REACH), product(Fraction(0))
    rows = zip(moved, still, strict=True)
    return max(x - y for row in rows for x, y in zip(*row, strict=True))


def is_spurious_minimum(network: Network) -> bool:
    """Whether this shows the network to be a local minimum and not a global one."""
    if len(network.towers) > 1 or set(network.dims) != {2} or network.depth < 2:
        return False
    *lower, upper = network.layers
    if upper != A or network.chain(network.depth - 1, 1) != B or not identity_holds():
        return False
    below = _moved(lower)
    if below >= 1:
        return False
    part = share(REACH, below)
    enough = {KINKED: part <= 1, SMOOTH: 6 * part**2 <= 1}
    loss: Any = network.loss
    if not any(holds and _is(loss, text) for text, holds in enough.items()):
        return False
    better = ExactMatrix.of([[0, 0], [1, 0]])  # the product of better, …, I
    return bool(loss.value(better) < loss.value(network.product()))


def _is(loss: Any, text: str) -> bool:
    return isinstance(loss, ExpressionLoss) and loss.expression == parse_expression(text, SHAPE)
