"""The loss along a polynomial path M(t), and a proof that it falls on an interval (0, t₀].

With W(t) the product along the path, Δ(t) = W(t) − W(0) and G = f′(W(0)):

- exact: for a quadratic f, L(M(t)) − L(M(0)) = ⟨G, Δ⟩ + ½ f″[Δ, Δ], a polynomial in t; for a
  polynomial f with rational coefficients, f(W(t)) − f(W(0)) itself.
- bounded: for any other f, with Δ = t^p·D(t): by Taylor's formula with Lagrange's remainder the
  difference is at most ⟨G, Δ⟩ + ½·C·t^{2p}, where C bounds f″(X)[D, D] for every X between W(0)
  and W(t), 0 ≤ t ≤ t₀; C comes from certified balls over that box.

Either polynomial is shown negative on (0, t₀] by Bernstein coefficients (``polynomials``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import flint
import numpy as np

from proofkit.diagnose.check.point import Point
from proofkit.diagnose.check.polynomials import (
    MatrixPolynomial,
    negative_interval,
    negative_on,
    order,
    trimmed,
)
from proofkit.diagnose.check.rationals import balls, fraction, rational
from proofkit.networks.ast import Apply, Constant, Entry, Node, exponent_of, nodes
from proofkit.networks.ball_matrix import BallMatrix
from proofkit.networks.elementwise import integer_power
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.losses import ExpressionLoss, Loss
from proofkit.networks.scalars import ExactNumber, exact, sign

__all__ = [
    "Descent",
    "bound",
    "change",
    "curvature",
    "descent",
    "norm_bound",
    "product_along",
    "rounded",
    "rounded_up",
    "straight",
]

_BITS = 96
_MAX_DEGREE = 400
_HALVINGS = 40


@dataclass(frozen=True)
class Descent:
    """A path along which the loss is proved lower than at its start for all 0 < t ≤ t₀.

    ``change`` holds the coefficients, constant first, of the exact difference, or of an upper
    bound of it; ``curvature`` is the constant C of a bound by Taylor's formula of second order
    ("bounded"). "series" is proved in :mod:`proofkit.diagnose.check.series_paths`.
    """

    layers: tuple[MatrixPolynomial, ...]
    end: Fraction
    kind: Literal["exact", "bounded", "series"]
    change: tuple[ExactNumber, ...]
    curvature: Fraction | None = None

    @property
    def order(self) -> int:
        """The power of t with which the loss falls at first."""
        power = order(self.change)
        if power is None:
            raise ValueError("a descent has a nonzero change")
        return power


def straight(point: Point, direction: Sequence[ExactMatrix]) -> list[MatrixPolynomial]:
    """The path M + tD."""
    return [MatrixPolynomial([m, d]) for m, d in zip(point.layers, direction, strict=True)]


def product_along(point: Point, layers: Sequence[MatrixPolynomial]) -> MatrixPolynomial:
    """W(t), the sum of the towers' products along the path."""
    total: MatrixPolynomial | None = None
    place = 0
    for tower in point.towers:
        product = layers[place]
        for layer in layers[place + 1 : place + tower.depth]:
            product = layer @ product
        place += tower.depth
        total = product if total is None else total + product
    if total is None:
        raise ValueError("a network has towers")
    return total


def change(point: Point, layers: Sequence[MatrixPolynomial]) -> list[ExactNumber] | None:
    """The coefficients of L(M(t)) − L(M(0)), or ``None`` when it is not known as a polynomial.

    >>> from proofkit.networks.losses import SquaredLoss
    >>> from proofkit.networks.network import Network
    >>> one, zero = ExactMatrix.identity(1), ExactMatrix.zeros(1, 1)
    >>> point = Point(Network.single("", [zero, zero], SquaredLoss(one, 2 * one)))
    >>> change(point, straight(point, [one, one]))
    [Fraction(0, 1), Fraction(0, 1), Fraction(-4, 1), Fraction(0, 1), Fraction(1, 1)]
    """
    return _change(point, product_along(point, layers))


def _change(point: Point, product: MatrixPolynomial) -> list[ExactNumber] | None:
    loss = point.loss
    if isinstance(loss, ExpressionLoss):
        return _expression_change(loss, product)
    if not loss.quadratic:
        return None
    delta = _increment(product)
    linear = [point.slope.inner(c) for c in delta.coefficients]
    return trimmed(_added(linear, _quadratic(loss, delta)))


def _increment(product: MatrixPolynomial) -> MatrixPolynomial:
    first, *rest = product.coefficients
    return MatrixPolynomial([ExactMatrix.zeros(*first.shape), *rest])


def _quadratic(loss: Loss, delta: MatrixPolynomial) -> list[ExactNumber]:
    """½ f″[Δ, Δ] of a quadratic loss."""
    half = Fraction(1, 2)
    origin = ExactMatrix.zeros(*delta.shape)
    bent = [half * loss.second(origin, c) for c in delta.coefficients]
    result: list[Any] = [Fraction(0)] * (2 * len(bent) - 1)
    for i, a in enumerate(delta.coefficients):
        if a.is_zero():
            continue
        for j, b in enumerate(bent):
            result[i + j] = result[i + j] + a.inner(b)
    return [exact(x) for x in result]


def _added(left: Sequence[Any], right: Sequence[Any]) -> list[ExactNumber]:
    size = max(len(left), len(right))
    padded = [list(p) + [Fraction(0)] * (size - len(p)) for p in (left, right)]
    return [exact(a + b) for a, b in zip(*padded, strict=True)]


def _expression_change(loss: ExpressionLoss, product: MatrixPolynomial) -> list[ExactNumber] | None:
    """f(W(t)) − f(W(0)) for a polynomial expression and rational entries."""
    table = []
    for r in range(product.shape[0]):
        line = []
        for c in range(product.shape[1]):
            coefficients = product.entry(r, c)
            if not all(isinstance(x, Fraction) for x in coefficients):
                return None
            line.append(flint.fmpq_poly([rational(Fraction(x)) for x in coefficients]))
        table.append(line)
    value = _polynomial(loss.expression, table)
    if value is None:
        return None
    coefficients = [fraction(x) for x in value.coeffs()]
    if coefficients:
        coefficients[0] = Fraction(0)
    return trimmed(coefficients)


def _polynomial(expression: Node, table: list[list[Any]]) -> Any | None:
    stack: list[Any] = []
    for node in nodes(expression):
        if isinstance(node, Constant):
            if not isinstance(node.value, Fraction):
                return None
            stack.append(flint.fmpq_poly([rational(node.value)]))
        elif isinstance(node, Entry):
            stack.append(table[node.row - 1][node.column - 1])
        else:
            count = len(node.args)
            args = stack[len(stack) - count :]
            del stack[len(stack) - count :]
            value = _polynomial_step(node, args)
            if value is None or value.degree() > _MAX_DEGREE:
                return None
            stack.append(value)
    return stack.pop()


def _polynomial_step(node: Apply, args: list[Any]) -> Any | None:
    if node.op == "+":
        return args[0] + args[1]
    if node.op == "-":
        return args[0] - args[1]
    if node.op == "*":
        return args[0] * args[1]
    if node.op == "neg":
        return -args[0]
    if node.op == "/" and args[1].degree() == 0:
        return args[0] * (1 / args[1][0])
    if node.op == "**":
        q = exponent_of(node)
        if q.denominator == 1 and q >= 0 and args[0].degree() * q <= _MAX_DEGREE:
            return args[0] ** int(q)
    return None


def bound(
    point: Point, layers: Sequence[MatrixPolynomial], end: Fraction
) -> tuple[list[ExactNumber], Fraction] | None:
    """An upper bound of L(M(t)) − L(M(0)) on [0, end] as a polynomial, and its constant C.

    ``None`` when f is not seen to be twice differentiable on the box.
    """
    return _bound(point, product_along(point, layers), end)


def _bound(
    point: Point, product: MatrixPolynomial, end: Fraction
) -> tuple[list[ExactNumber], Fraction] | None:
    delta = _increment(product)
    power = next((p for p, c in enumerate(delta.coefficients) if not c.is_zero()), None)
    if power is None:
        return None
    with flint.ctx.workprec(_BITS):
        t = flint.arb(0).union(flint.arb(rational(end)))
        unit = flint.arb(0).union(flint.arb(1))
        start = balls(point.product.entries(), _BITS)
        tables = [balls(c.entries(), _BITS) for c in delta.coefficients[power:]]
        rows, cols = product.shape
        direction = [
            [_horner([x[r][c] for x in tables], t) for c in range(cols)] for r in range(rows)
        ]
        box = [
            [start[r][c] + unit * integer_power(t, power) * direction[r][c] for c in range(cols)]
            for r in range(rows)
        ]
        along = BallMatrix(direction)
        curvature = point.loss.second(BallMatrix(box), along).inner(along)
        if not curvature.is_finite():
            return None
        C = rounded_up(curvature)
    linear: list[Any] = [point.slope.inner(c) for c in delta.coefficients]
    quadratic: list[Any] = [Fraction(0)] * (2 * power) + [C / 2]
    return trimmed(_added(linear, quadratic)), C


def _horner(coefficients: Sequence[Any], t: Any) -> Any:
    total = flint.arb(0)
    for c in reversed(coefficients):
        total = total * t + c
    return total


def rounded_up(ball: Any) -> Fraction:
    """A rational upper bound of a ball, to about 20 bits."""
    mantissa, power = ball.upper().man_exp()
    value = Fraction(int(mantissa)) * Fraction(2) ** int(power)
    scale = Fraction(2) ** (20 - _exponent(value))
    return Fraction(-((-value * scale) // 1)) / scale


def norm_bound(entries: Iterable[Any]) -> Fraction:
    """A rational bound of the Euclidean norm of every vector in these balls.

    >>> norm_bound([flint.arb(3), flint.arb(-4)])
    Fraction(5, 1)
    """
    total = flint.arb(0)
    for x in entries:
        size = x.abs_upper()
        total += size * size
    return rounded_up(total.sqrt())


def _exponent(value: Fraction) -> int:
    return abs(value.numerator).bit_length() - value.denominator.bit_length()


def descent(point: Point, layers: Sequence[MatrixPolynomial]) -> Descent | None:
    """The path with a proof that the loss falls along it, if one is found."""
    product = product_along(point, layers)
    coefficients = _change(point, product)
    if coefficients is not None:
        end = negative_interval(coefficients, _HALVINGS)
        if end is None:
            return None
        return Descent(tuple(layers), end, "exact", tuple(coefficients))
    delta = _increment(product)
    linear: list[Any] = [point.slope.inner(c) for c in delta.coefficients]
    power = order(linear)
    # Even with C = 0 the bound must fall; with a first power it may only do so together with C.
    if power is None or (sign(linear[power]) > 0):
        return None
    end = Fraction(1)
    for _ in range(_HALVINGS):
        bounded = _bound(point, product, end)
        if bounded is not None:
            start = order(bounded[0])
            if start is not None and sign(bounded[0][start]) < 0 and negative_on(bounded[0], end):
                return Descent(tuple(layers), end, "bounded", tuple(bounded[0]), bounded[1])
        end /= 2
    return None


def rounded(values: np.ndarray[Any, Any], scale: int) -> ExactMatrix:
    """The matrix of multiples of 1/scale next to these floats.

    >>> rounded(np.array([[0.26]]), 4)
    ExactMatrix([[1/4]])
    """
    rows = [[Fraction(int(np.rint(x * scale)), scale) for x in line] for line in values]
    return ExactMatrix.of(rows, shape=(values.shape[0], values.shape[1]))


def curvature(point: Point, direction: Sequence[ExactMatrix]) -> ExactNumber:
    """D²L(M)[D, D] = f″(W)[W₁, W₁] + 2⟨G, W₂⟩ with W(t) = W + tW₁ + t²W₂ + … along M + tD."""
    product = product_along(point, straight(point, direction)).coefficients
    if len(product) == 1:
        return Fraction(0)
    first = product[1]
    total: Any = point.loss.second(point.product, first).inner(first)
    if len(product) > 2:
        total += 2 * point.slope.inner(product[2])
    return exact(total)
