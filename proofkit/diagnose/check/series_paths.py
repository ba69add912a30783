"""Descending paths of order up to 4 for losses that are no polynomials, proved by power series.

Along a path from a critical point let c_q t^q be the first term of L(M(t)) − L(M(0)) that is not
exactly 0. If the ball around c_q(ξ), 0 ≤ ξ ≤ t₀, lies below a number C < 0, the difference is at
most C·t^q for all 0 < t ≤ t₀ (Taylor's formula, :mod:`proofkit.diagnose.check.series`).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import flint

from proofkit.diagnose.check.paths import Descent, product_along, rounded_up
from proofkit.diagnose.check.point import Point
from proofkit.diagnose.check.polynomials import MatrixPolynomial
from proofkit.diagnose.check.series import enclosed_series, exact_series
from proofkit.networks.elementwise import LossError
from proofkit.networks.scalars import ExactNumber, Undecidable, is_zero, sign

__all__ = ["series_change", "series_descent"]

_TERMS = 5
_BITS = 128
_HALVINGS = 24


def series_change(
    point: Point, layers: Sequence[MatrixPolynomial], end: Fraction
) -> tuple[ExactNumber, ...] | None:
    """(0, …, 0, C) as above; ``None`` when the loss is not shown to fall up to ``end``."""
    if not point.loss.analytic:
        return None
    product = product_along(point, layers)
    power = _first(point, product)
    return None if power is None else _bound(point, product, end, power)


def _first(point: Point, product: MatrixPolynomial) -> int | None:
    """The first power whose coefficient is not exactly 0, if it is negative."""
    try:
        terms = exact_series(point.loss, product, _TERMS)
        power = next((q for q in range(1, _TERMS) if not is_zero(terms[q])), None)
        return power if power is not None and sign(terms[power]) < 0 else None
    except (LossError, Undecidable):
        return None


def _bound(
    point: Point, product: MatrixPolynomial, end: Fraction, power: int
) -> tuple[ExactNumber, ...] | None:
    with flint.ctx.workprec(_BITS):
        ball = enclosed_series(point.loss, product, end, power + 1, _BITS)[power]
        if not (ball.is_finite() and ball < 0):
            return None
        return (*[Fraction(0)] * power, rounded_up(ball))


def series_descent(point: Point, layers: Sequence[MatrixPolynomial]) -> Descent | None:
    """The path with its proof, if it descends.

    >>> from proofkit.diagnose.check.paths import straight
    >>> from proofkit.networks.exact import ExactMatrix
    >>> from proofkit.networks.expressions import parse_expression
    >>> from proofkit.networks.losses import ExpressionLoss
    >>> from proofkit.networks.network import Network
    >>> loss = ExpressionLoss((1, 1), parse_expression("cos(w11) + w11**2/2", (1, 1)))
    >>> point = Point(Network.single("", [ExactMatrix.zeros(1, 1)], loss))
    >>> series_descent(point, straight(point, [ExactMatrix.identity(1)])) is None
    True
    """
    if not point.loss.analytic:
        return None
    product = product_along(point, layers)
    power = _first(point, product)
    if power is None:
        return None
    end = Fraction(1)
    for _ in range(_HALVINGS):
        change = _bound(point, product, end, power)
        if change is not None and sign(change[-1]) < 0:
            return Descent(tuple(layers), end, "series", change)
        end /= 2
    return None
