"""Each function a loss may use is one table row: its domain, its value in each arithmetic, slope.

There are four arithmetics, told from the scalar: *exact* (``Fraction`` or SymPy constant),
*running* (``FloatScalar``, floats with an error bound), *array* (plain NumPy floats, for searching)
and *ball* (``flint.arb``, for enclosing whole boxes). Outside a function's domain a
:class:`LossError` names the function and the number; arrays and balls hold NaN there instead,
balls also where a derivative may not exist.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import flint
import numpy as np
import sympy

from proofkit.networks.error_bounds import (
    FUNCTION_ERROR,
    UNIT_ROUNDOFF,
    Array,
    FloatScalar,
    as_floats,
)
from proofkit.networks.matrices import Scalar
from proofkit.networks.scalars import exact, is_zero, sign


class LossError(ValueError):
    """A loss has no value or no derivative at this point; names the operation and the number."""


@dataclass(frozen=True)
class Function:
    """A function of one number: how to compute it and its first two derivatives."""

    exact: Callable[[Any], Any]
    floats: Callable[[FloatScalar], FloatScalar]
    arrays: Callable[[Any], Any]
    balls: Callable[[Any], Any]
    # First and second derivative at x, given the value there.
    first: Callable[[Any, Any], Any]
    second: Callable[[Any, Any], Any]


class Composite(ABC):
    """A scalar made of scalars, such as a power series, that knows its own functions."""

    @abstractmethod
    def evaluated(self, name: str) -> Any:
        """The value of a function of :data:`FUNCTIONS`."""

    @abstractmethod
    def raised(self, exponent: Fraction) -> Any:
        """The power."""


ARRAYS = (np.ndarray, np.floating)
"""The types of plain floats; Python's own ``float`` stands for the rational that it stores."""

INEXACT = (FloatScalar, *ARRAYS, flint.arb, Composite)
"""The types of all scalars that are not exact."""


def evaluate(name: str, x: Any) -> Any:
    """The value of a function of :data:`FUNCTIONS`.

    Raises ``LossError`` outside its domain.

    >>> evaluate("exp", Fraction(0)), evaluate("log", Fraction(2))
    (Fraction(1, 1), log(2))
    """
    if isinstance(x, FloatScalar):
        return FUNCTIONS[name].floats(x)
    if isinstance(x, ARRAYS):
        return FUNCTIONS[name].arrays(x)
    if isinstance(x, flint.arb):
        return FUNCTIONS[name].balls(x)
    if isinstance(x, Composite):
        return x.evaluated(name)
    return _exact_value(name, exact(x))


@lru_cache(maxsize=1 << 14)
def _exact_value(name: str, x: Any) -> Scalar:
    # The same constants come back at every step near a network.
    return simplified(FUNCTIONS[name].exact(x))


def simplified(x: Any) -> Any:
    """The scalar, as a ``Fraction`` where it is a rational number."""
    return x if type(x) is Fraction or isinstance(x, INEXACT) else exact(x)


def divide(x: Any, y: Any, what: str = "division by zero") -> Scalar:
    """The quotient x/y; raises ``LossError`` where y is 0.

    >>> divide(Fraction(1), Fraction(0))
    Traceback (most recent call last):
        ...
    proofkit.networks.elementwise.LossError: division by zero: the divisor is 0
    """
    if isinstance(y, FloatScalar):
        _refuse(y.value == 0, y, f"{what}: the divisor is")
    elif not isinstance(y, INEXACT) and is_zero(y):
        raise LossError(f"{what}: the divisor is {y}")
    return simplified(x / y)


def power(x: Any, exponent: Fraction) -> Any:
    """x to a rational power; as in SymPy, a negative x has integer powers only.

    >>> power(Fraction(8), Fraction(1, 3)), power(Fraction(2), Fraction(-1))
    (Fraction(2, 1), Fraction(1, 2))
    """
    if isinstance(x, ARRAYS):
        return np.power(x, float(exponent))
    if isinstance(x, flint.arb):
        return _ball_power(x, exponent)
    if isinstance(x, Composite):
        return x.raised(exponent)
    if exponent.denominator == 1:
        n = int(exponent)
        if n < 0:
            return divide(Fraction(1), power(x, -exponent), f"power {exponent}")
        return simplified(_repeated_product(x, n) if isinstance(x, FloatScalar) else x**n)
    if isinstance(x, FloatScalar):
        _refuse(x.value < 0, x, f"power {exponent} of a negative number: the base is")
        if exponent.denominator == 2:
            return power(_sqrt(x), Fraction(exponent.numerator))
        return _exp(exponent * _log_anywhere(x))
    if sign(x) < 0:
        raise LossError(f"power {exponent} of a negative number: the base is {x}")
    if exponent < 0 and is_zero(x):
        raise LossError(f"power {exponent}: the base is {x}")
    return exact(sympy.sympify(x) ** sympy.Rational(exponent))


def clip(x: Any, bound: Any) -> Any:
    """x, held between −bound and bound. Two clips differ by no more than their arguments do.

    >>> clip(Fraction(-5), 2), clip(Fraction(1), 2)
    (Fraction(-2, 1), Fraction(1, 1))
    """
    if isinstance(x, FloatScalar):
        limit = as_floats(bound)
        return x.map(
            lambda v: np.clip(v, -limit.value, limit.value),
            lambda _, e: np.maximum(e, limit.error),
        )
    if isinstance(x, ARRAYS):
        return np.clip(x, -bound, bound)
    if isinstance(x, flint.arb):
        return x.min(bound).max(-bound)
    if sign(x - bound) > 0:
        return exact(bound)
    if sign(x + bound) < 0:
        return exact(-1 * bound)
    return x


def inside(x: Any, bound: Any) -> Any:
    """1 where |x| < bound, 0 where |x| > bound: the slope of :func:`clip`.

    Where |x| may be the bound, exact numbers and floats with an error bound raise ``LossError``;
    arrays say 1, and balls give [0, 1], which holds the slopes on both sides.

    >>> inside(Fraction(-5), 2), inside(Fraction(1), 2)
    (Fraction(0, 1), Fraction(1, 1))
    """
    if isinstance(x, ARRAYS):
        return (np.abs(x) <= bound) * 1.0
    if isinstance(x, flint.arb):
        if abs(x) < bound:
            return flint.arb(1)
        return flint.arb(0) if abs(x) > bound else flint.arb(0).union(flint.arb(1))
    if isinstance(x, FloatScalar):
        room = as_floats(bound) - x.map(np.abs, lambda _, e: e)
        if room.is_zero().any():
            raise LossError(f"no second derivative exists where the size of a residual is {bound}")
        return FloatScalar.of(room.is_positive())
    side = sign(bound - sign(x) * x)
    if side == 0:
        raise LossError(f"no second derivative exists where the size of a residual is {bound}")
    return Fraction(int(side > 0))


def where(holds: Any, x: Any) -> Any:
    """x where a condition holds, else infinity: for plain floats and, one by one, for balls.

    >>> where(flint.arb(1) < 0, flint.arb(2)) > 10**9
    True
    """
    if isinstance(x, ARRAYS):
        return np.where(holds, x, np.inf)
    return x if holds else flint.arb.pos_inf()


def entropy(x: Any) -> Any:
    """x log x, and infinity where x may be negative: for plain floats and balls.

    >>> entropy(flint.arb(1)), entropy(flint.arb(0)), entropy(flint.arb(-1)) > 10**9
    (0, 0, True)
    """
    if isinstance(x, ARRAYS):
        # Within rounding of 0 nothing is certain.
        certain = x > 1e-15
        return np.where(certain, x * np.log(np.where(certain, x, 1.0)), np.inf)
    if x > 0:
        return x * x.log()
    return x if x == 0 else flint.arb.pos_inf()


def softplus(x: Any) -> Any:
    """log(1 + eˣ), without overflow; its slope is at most 1.

    >>> softplus(Fraction(0)), softplus(FloatScalar.of(1000.0)).value
    (log(2), array(1000.))
    """
    if isinstance(x, FloatScalar):
        return x.map(
            lambda v: np.maximum(v, 0) + np.log1p(np.exp(-np.abs(v))),
            # Both terms are nonnegative: two library calls, one relative to the other's result.
            lambda r, e: e + (2 * FUNCTION_ERROR + 4 * UNIT_ROUNDOFF) * r,
        )
    if isinstance(x, ARRAYS):
        return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))
    if isinstance(x, flint.arb | Composite):
        return evaluate("log", 1 + evaluate("exp", x))
    return exact(sympy.log(1 + sympy.exp(sympy.sympify(x))))


def _refuse(places: Any, x: FloatScalar, message: str) -> None:
    if places.any():
        raise LossError(f"{message} {x.value[places].flat[0]}")


def _repeated_product(x: FloatScalar, n: int) -> FloatScalar:
    result = FloatScalar.of(np.ones(x.shape))
    square = x
    while n:
        if n & 1:
            result = result * square
        n >>= 1
        if n:
            square = square * square
    return result


def _exp(x: FloatScalar) -> FloatScalar:
    # |e^{x+d} − e^x| ≤ e^x (e^{|d|} − 1), and e^x is at most (1 + 2·error) times the computed one.
    return x.map(
        np.exp,
        lambda r, e: r * (1 + 2 * FUNCTION_ERROR) * np.expm1(e) + FUNCTION_ERROR * r,
    )


def _log_anywhere(x: FloatScalar) -> FloatScalar:
    # |log(x+d) − log x| ≤ −log(1 − |d|/x) for |d| < x.
    def error(r: Array, e: Array) -> Array:
        distance = np.where(e < x.value, -np.log1p(-e / x.value), np.inf)
        return distance * (1 + FUNCTION_ERROR) + FUNCTION_ERROR * np.abs(r) + _spread(e, x.value)

    return x.map(np.log, error)


def _spread(error: Array, value: Array) -> Array:
    """What a rounding of e/x makes of log(1 − e/x): a relative u, divided by 1 − e/x."""
    ratio = error / value
    return np.where(ratio < 1, 4 * UNIT_ROUNDOFF * ratio / (1 - ratio), np.inf)


def _log(x: FloatScalar) -> FloatScalar:
    _refuse(x.value <= 0, x, "log of a number that is not positive: the argument is")
    return _log_anywhere(x)


def _log1p(x: FloatScalar) -> FloatScalar:
    _refuse(x.value <= -1, x, "log1p of a number not above -1: the argument is")

    def error(r: Array, e: Array) -> Array:
        room = 1 + x.value
        distance = np.where(e < room, -np.log1p(-e / room), np.inf)
        return distance * (1 + FUNCTION_ERROR) + FUNCTION_ERROR * np.abs(r) + _spread(e, room)

    return x.map(np.log1p, error)


def _sqrt(x: FloatScalar) -> FloatScalar:
    _refuse(x.value < 0, x, "sqrt of a negative number: the argument is")
    # |√a − √b| ≤ √|a−b|, and ≤ |a−b|/√a.
    return x.map(
        np.sqrt,
        lambda r, e: np.fmin(np.sqrt(e), e / r) * (1 + 2 * UNIT_ROUNDOFF) + UNIT_ROUNDOFF * r,
    )


def _array_logistic(x: Any) -> Any:
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, small) / (1 + small)


def _logistic(x: FloatScalar) -> FloatScalar:
    # The slope is at most 1/4; e^{−|x|} enters above and below, then a sum and a quotient.
    return x.map(_array_logistic, lambda r, e: e / 4 + (2 * FUNCTION_ERROR + 4 * UNIT_ROUNDOFF) * r)


def _with_slope_one(function: Callable[[Array], Array]) -> Callable[[FloatScalar], FloatScalar]:
    return lambda x: x.map(function, lambda r, e: e + FUNCTION_ERROR * np.abs(r))


def _exact_log(name: str, below: int) -> Callable[[Any], Any]:
    def value(x: Any) -> Any:
        if sign(x - below) <= 0:
            raise LossError(f"{name} of a number not above {below}: the argument is {x}")
        return sympy.log(sympy.sympify(x - below))

    return value


def _exact_sqrt(x: Any) -> Any:
    if sign(x) < 0:
        raise LossError(f"sqrt of a negative number: the argument is {x}")
    return sympy.sqrt(sympy.sympify(x))


def integer_power(x: Any, n: int) -> Any:
    """A ball to an integer power by squaring: ``arb`` itself gives up where a ball contains 0.

    >>> bool(integer_power(flint.arb(0, 1e-10), 2) < 1e-19)
    True
    """
    if n < 0:
        return 1 / integer_power(x, -n)
    result = flint.arb(1)
    while n:
        if n & 1:
            result = result * x
        x = x * x
        n >>= 1
    return result


def _ball_power(x: Any, q: Fraction) -> Any:
    if q.denominator == 1:
        return integer_power(x, int(q))
    if not x > 0:
        # On the border of the domain nothing is smooth.
        return flint.arb.nan()
    return (x.log() * flint.arb(flint.fmpq(q.numerator, q.denominator))).exp()


def _sign_of(x: Any) -> Any:
    if isinstance(x, ARRAYS):
        return np.sign(x)
    if isinstance(x, flint.arb):
        if x > 0:
            return flint.arb(1)
        return flint.arb(-1) if x < 0 else flint.arb.nan()
    if isinstance(x, FloatScalar):
        _refuse(x.is_zero(), x, "abs is not differentiable at 0, and within rounding of 0 is")
        return FloatScalar.of(np.sign(x.value))
    if is_zero(x):
        raise LossError("abs is not differentiable at 0")
    return Fraction(sign(x))


def _not_smooth(name: str) -> str:
    return f"{name} is not differentiable at 0"


FUNCTIONS: dict[str, Function] = {
    "neg": Function(
        lambda x: -x, lambda x: -x, np.negative, lambda x: -x, lambda x, v: -1, lambda x, v: 0
    ),
    "exp": Function(
        lambda x: sympy.exp(sympy.sympify(x)),
        _exp,
        np.exp,
        lambda x: x.exp(),
        lambda x, v: v,
        lambda x, v: v,
    ),
    "log": Function(
        _exact_log("log", 0),
        _log,
        np.log,
        lambda x: x.log(),
        lambda x, v: divide(1, x),
        lambda x, v: divide(-1, x * x),
    ),
    "log1p": Function(
        _exact_log("log1p", -1),
        _log1p,
        np.log1p,
        lambda x: (1 + x).log(),
        lambda x, v: divide(1, 1 + x),
        lambda x, v: divide(-1, (1 + x) * (1 + x)),
    ),
    "sqrt": Function(
        _exact_sqrt,
        _sqrt,
        np.sqrt,
        lambda x: x.sqrt(),
        lambda x, v: divide(1, 2 * v, _not_smooth("sqrt")),
        lambda x, v: divide(-1, 4 * x * v, _not_smooth("sqrt")),
    ),
    "abs": Function(
        lambda x: sign(x) * x,
        lambda x: x.map(np.abs, lambda r, e: e),
        np.abs,
        abs,
        lambda x, v: _sign_of(x),
        # Not a number where there is no slope.
        lambda x, v: 0 * _sign_of(x),
    ),
    "logistic": Function(
        lambda x: 1 / (1 + sympy.exp(-sympy.sympify(x))),
        _logistic,
        _array_logistic,
        lambda x: 1 / (1 + (-x).exp()),
        lambda x, v: v * evaluate("logistic", -x),
        lambda x, v: v * evaluate("logistic", -x) * (1 - 2 * v),
    ),
    "tanh": Function(
        lambda x: sympy.tanh(sympy.sympify(x)),
        _with_slope_one(np.tanh),
        np.tanh,
        lambda x: x.tanh(),
        lambda x, v: 1 - v * v,
        lambda x, v: -2 * v * (1 - v * v),
    ),
    "sin": Function(
        lambda x: sympy.sin(sympy.sympify(x)),
        _with_slope_one(np.sin),
        np.sin,
        lambda x: x.sin(),
        lambda x, v: evaluate("cos", x),
        lambda x, v: -1 * v,
    ),
    "cos": Function(
        lambda x: sympy.cos(sympy.sympify(x)),
        _with_slope_one(np.cos),
        np.cos,
        lambda x: x.cos(),
        lambda x, v: -1 * evaluate("sin", x),
        lambda x, v: -1 * v,
    ),
}
"""The functions by name."""
