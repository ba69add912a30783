"""The loss along a polynomial path as a power series, exactly or in balls.

Every function is composed through its Taylor coefficients, which come from its differential
equation. At t = 0 the arithmetic is exact, so a coefficient that vanishes is seen to vanish; over
a whole interval of t it is that of balls, which encloses the remainder of Taylor's formula

    f(W(t)) = c_0 + c_1 t + … + c_{q−1} t^{q−1} + c_q(ξ) t^q,   0 ≤ ξ ≤ t.

Source: A. Griewank and A. Walther, *Evaluating Derivatives*, 2nd ed., SIAM 2008, ch. 13; R. Moore,
*Methods and Applications of Interval Analysis*, 1979, ch. 3.4.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb
from typing import Any

import flint

from proofkit.diagnose.check.polynomials import MatrixPolynomial
from proofkit.diagnose.check.rationals import balls
from proofkit.diagnose.jets import balls_of
from proofkit.networks.ast import Apply, Constant, Entry, Node, exponent_of, nodes
from proofkit.networks.elementwise import evaluate, power
from proofkit.networks.losses import ExpressionLoss, LogisticLoss, Loss, SoftmaxLoss
from proofkit.networks.scalars import exact

__all__ = ["enclosed_series", "exact_series", "has_series"]

Series = list[Any]
Grid = list[list[Series]]


@dataclass(frozen=True)
class _Numbers:
    """How numbers of one kind are made, and their functions."""

    constant: Callable[[Any], Any]
    function: Callable[[str, Any], Any]
    power: Callable[[Any, Fraction], Any]
    tidy: Callable[[Any], Any]


_EXACT = _Numbers(exact, lambda name, x: evaluate(name, exact(x)), lambda x, q: power(x, q), exact)


def _in_balls(bits: int) -> _Numbers:
    arithmetic = balls_of(bits)
    return _Numbers(
        arithmetic.constant,
        lambda name, x: arithmetic.functions[name](flint.arb(x)),
        lambda x, q: arithmetic.power(flint.arb(x), q),
        lambda x: x,
    )


def has_series(loss: Loss) -> bool:
    """Whether the loss is of a kind that this module knows."""
    return isinstance(loss, ExpressionLoss | LogisticLoss | SoftmaxLoss)


def exact_series(loss: Loss, product: MatrixPolynomial, terms: int) -> Series:
    """c_0, …, c_{terms−1} of f(W(t)) at t = 0.

    >>> from proofkit.networks.exact import ExactMatrix
    >>> from proofkit.networks.expressions import parse_expression
    >>> loss = ExpressionLoss((1, 1), parse_expression("exp(w11)", (1, 1)))
    >>> path = MatrixPolynomial([ExactMatrix.of([[0]]), ExactMatrix.of([[1]])])
    >>> exact_series(loss, path, 3)
    [Fraction(1, 1), Fraction(1, 1), Fraction(1, 2)]
    """
    rows, cols = product.shape
    zero: Any = Fraction(0)
    tables = [c.entries() for c in product.coefficients[:terms]]
    tables += [[[zero] * cols] * rows] * (terms - len(tables))
    grid = [[[t[r][c] for t in tables] for c in range(cols)] for r in range(rows)]
    return _of(loss, grid, _EXACT)


def enclosed_series(
    loss: Loss, product: MatrixPolynomial, end: Fraction, terms: int, bits: int
) -> Series:
    """Balls around c_0(ξ), …, c_{terms−1}(ξ), the coefficients at any 0 ≤ ξ ≤ end."""
    with flint.ctx.workprec(bits):
        half = flint.arb(flint.fmpq(end.numerator, end.denominator)) / 2
        xi = half + flint.arb(0, half.upper())
        rows, cols = product.shape
        tables = [balls(c.entries(), bits) for c in product.coefficients]
        grid = [
            [_shifted([t[r][c] for t in tables], xi, terms) for c in range(cols)]
            for r in range(rows)
        ]
        return _of(loss, grid, _in_balls(bits))


def _shifted(coefficients: Sequence[Any], xi: Any, terms: int) -> Series:
    """The coefficients of p(ξ + s) in s."""
    result = []
    for j in range(terms):
        total = flint.arb(0)
        for i in reversed(range(j, len(coefficients))):
            total = total * xi + comb(i, j) * coefficients[i]
        result.append(total)
    return result


def _of(loss: Loss, grid: Grid, numbers: _Numbers) -> Series:
    if isinstance(loss, ExpressionLoss):
        return _expression(loss.expression, grid, numbers)
    size = len(grid[0][0])
    total = _constant(Fraction(0), size, numbers)
    if isinstance(loss, LogisticLoss):
        for line, p, q in zip(grid, loss.positive.entries(), loss.negative.entries(), strict=True):
            for w, a, b in zip(line, p, q, strict=True):
                opposite = [-x for x in w]
                for weight, x in ((a, opposite), (b, w)):
                    term = _softplus(x, numbers)
                    total = _sum(total, _scaled(numbers.constant(weight), term), numbers)
        return total
    if isinstance(loss, SoftmaxLoss):
        X = [[numbers.constant(x) for x in line] for line in loss.X.entries()]
        for s, label in enumerate(loss.labels):
            scores = []
            for line in grid:
                score = _constant(Fraction(0), size, numbers)
                for w, x in zip(line, X, strict=True):
                    score = _sum(score, _scaled(x[s], w), numbers)
                scores.append(score)
            inside = _constant(Fraction(0), size, numbers)
            for score in scores:
                gap = _sum(score, [-x for x in scores[label]], numbers)
                inside = _sum(inside, _apply("exp", gap, numbers), numbers)
            total = _sum(total, _apply("log", inside, numbers), numbers)
        return total
    raise TypeError(f"no series of the {loss.kind} loss is known")


def _softplus(x: Series, numbers: _Numbers) -> Series:
    """log(1 + eˣ)."""
    grown = _apply("exp", x, numbers)
    return _apply("log", [grown[0] + 1, *grown[1:]], numbers)


def _expression(expression: Node, grid: Grid, numbers: _Numbers) -> Series:
    size = len(grid[0][0])
    stack: list[Series] = []
    for node in nodes(expression):
        if isinstance(node, Constant):
            stack.append(_constant(node.value, size, numbers))
        elif isinstance(node, Entry):
            stack.append(grid[node.row - 1][node.column - 1])
        else:
            count = len(node.args)
            args = stack[len(stack) - count :]
            del stack[len(stack) - count :]
            stack.append(_applied(node, args, numbers))
    return stack.pop()


def _applied(node: Apply, args: list[Series], numbers: _Numbers) -> Series:
    x = args[0]
    if node.op == "+":
        return _sum(x, args[1], numbers)
    if node.op == "-":
        return _sum(x, [-y for y in args[1]], numbers)
    if node.op == "neg":
        return [-y for y in x]
    if node.op == "*":
        return _times(x, args[1], numbers)
    if node.op == "/":
        return _times(x, _power(args[1], Fraction(-1), numbers), numbers)
    if node.op == "**":
        return _power(x, exponent_of(node), numbers)
    return _apply(node.op, x, numbers)


def _constant(value: Any, size: int, numbers: _Numbers) -> Series:
    return [numbers.constant(value)] + [numbers.constant(Fraction(0))] * (size - 1)


def _sum(x: Series, y: Series, numbers: _Numbers) -> Series:
    return [numbers.tidy(a + b) for a, b in zip(x, y, strict=True)]


def _scaled(factor: Any, x: Series) -> Series:
    return [factor * a for a in x]


def _times(x: Series, y: Series, numbers: _Numbers) -> Series:
    result = []
    for n in range(len(x)):
        total = x[0] * y[n]
        for i in range(1, n + 1):
            total = total + x[i] * y[n - i]
        result.append(numbers.tidy(total))
    return result


def _power(x: Series, q: Fraction, numbers: _Numbers) -> Series:
    if q.denominator == 1 and q >= 0:
        result = _constant(Fraction(1), len(x), numbers)
        for _ in range(int(q)):
            result = _times(result, x, numbers)
        return result
    taylor, factor = [], Fraction(1)
    for n in range(len(x)):
        taylor.append(numbers.constant(factor) * numbers.power(x[0], q - n))
        factor = factor * (q - n) / (n + 1)
    return _composed(taylor, x, numbers)


def _apply(name: str, x: Series, numbers: _Numbers) -> Series:
    """The series of a function of a series."""
    return _composed(_taylor(name, x[0], len(x), numbers), x, numbers)


def _composed(taylor: Series, x: Series, numbers: _Numbers) -> Series:
    """Σ taylor_n (x − x_0)^n, by Horner's rule."""
    rest = [numbers.constant(Fraction(0)), *x[1:]]
    result = _constant(Fraction(0), len(x), numbers)
    for value in reversed(taylor):
        result = _times(result, rest, numbers)
        result[0] = numbers.tidy(result[0] + value)
    return result


def _taylor(name: str, x: Any, size: int, numbers: _Numbers) -> Series:
    """The Taylor coefficients of a function at x."""
    constant = numbers.constant
    if name in {"log", "log1p"}:
        base = x if name == "log" else 1 + x
        result = [numbers.function("log", base)]
        for n in range(1, size):
            factor = constant(Fraction((-1) ** (n - 1), n))
            result.append(factor * numbers.power(base, Fraction(-n)))
        return result
    if name == "sqrt":
        half, factor, result = Fraction(1, 2), Fraction(1), []
        for n in range(size):
            result.append(constant(factor) * numbers.power(x, half - n))
            factor = factor * (half - n) / (n + 1)
        return result
    if name == "abs":
        size_of = numbers.function("abs", x)
        side = size_of * numbers.power(x, Fraction(-1))
        return [size_of, side, *[constant(Fraction(0))] * size][:size]
    if name in {"sin", "cos"}:
        s, c = numbers.function("sin", x), numbers.function("cos", x)
        cycle = [s, c, -s, -c] if name == "sin" else [c, -s, -c, s]
        result, factorial = [], 1
        for n in range(size):
            factorial *= max(n, 1)
            result.append(constant(Fraction(1, factorial)) * cycle[n % 4])
        return result
    # y′ = y, y(1 − y) or 1 − y²: (n+1)·y_{n+1} is the n-th coefficient of the right side.
    y = [numbers.function(name, x)]
    for n in range(size - 1):
        square = y[0] * y[n]
        for i in range(1, n + 1):
            square = square + y[i] * y[n - i]
        if name == "exp":
            right = y[n]
        elif name == "logistic":
            right = y[n] - square
        else:
            right = (1 if n == 0 else 0) - square
        y.append(numbers.tidy(constant(Fraction(1, n + 1)) * right))
    return y
