"""Every float carries a bound on its own error, updated by each operation: running error analysis.

Source: N. Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd ed., SIAM 2002: the
model fl(a∘b) = (a∘b)(1+δ), |δ| ≤ u (§2.2), running error analysis (§3.3), the constant
γ_n = nu/(1−nu) (Lemma 3.1).
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from numbers import Rational
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from sympy import Basic

from proofkit.networks.scalars import Number, enclose, exact

Array: TypeAlias = NDArray[np.float64]

UNIT_ROUNDOFF = float(np.finfo(np.float64).eps) / 2
"""u: half the gap between 1 and the next float."""

# What a product that underflows may lose (Higham, (2.8)); half of it, rounded up to a float.
UNDERFLOW = float(np.finfo(np.float64).smallest_subnormal)

# NumPy's own accuracy tests hold exp, log and the like to this many units in the last place
# (numpy/_core/tests/test_umath_accuracy.py).
FUNCTION_ULPS = 4
FUNCTION_ERROR = 2 * FUNCTION_ULPS * UNIT_ROUNDOFF
"""The relative error of one call of a library function: an ulp is at most 2u of the result."""

# The error formulas of functions have at most 8 operations, two of them library calls.
FORMULA_ROUNDINGS = 8 + 2 * 2 * FUNCTION_ULPS


def gamma(terms: int) -> float:
    """γ_n = nu/(1−nu), which bounds n compounded roundings; ``ValueError`` unless nu < 1.

    >>> gamma(1) > UNIT_ROUNDOFF
    True
    """
    if terms * UNIT_ROUNDOFF >= 1:
        raise ValueError(f"{terms} roundings cannot be bounded in double precision")
    return terms * UNIT_ROUNDOFF / (1 - terms * UNIT_ROUNDOFF)


def widened(error: Array, operations: int) -> Array:
    """An upper bound for an error formula that itself was evaluated in floats.

    All terms of such a formula are nonnegative, so ``operations`` roundings lose a relative
    amount of at most γ, and each underflow at most ``UNDERFLOW``. The products and the sum made
    here are three more roundings.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        # One array for all steps: on batches, passes over memory are what costs.
        wide: Array = np.asarray(error * (1 + 2 * gamma(operations + 3)))
        wide += operations * UNDERFLOW
    # 0·∞ in an error formula says that nothing is known.
    unknown = np.isnan(wide)
    if unknown.any():
        wide[unknown] = np.inf
    return wide


def nearest_float(number: Number) -> tuple[float, float]:
    """The float next to an exact number, and a bound on the distance (0 if it is the number).

    Raises ``ValueError`` when the number is too large for a float.

    >>> nearest_float(Fraction(1, 4))
    (0.25, 0.0)
    >>> value, error = nearest_float(Fraction(1, 3))
    >>> 0 < error <= UNIT_ROUNDOFF * value
    True
    """
    x = exact(number)
    try:
        if isinstance(x, Fraction):
            value = float(x)
            distance = abs(x - Fraction(value))
            if distance == 0:
                return value, 0.0
            return value, float(np.nextafter(float(distance), np.inf))
        # Twice the precision of a float: the ball adds next to nothing to the distance.
        surrounding = enclose(x, 128)
        value = float(surrounding.mid())
        bound = float((surrounding - value).abs_upper())
    except OverflowError as error:
        raise ValueError(f"{x} does not fit into a float") from error
    return value, float(np.nextafter(bound, np.inf))


@dataclass(frozen=True, eq=False)
class FloatScalar:
    """Real numbers known up to an error: ``value`` and ``error``, arrays of one shape.

    The number meant by each place lies within ``error`` of ``value``. What comes out of a batch
    of B matrices has shape (B,). Supports ``+ - * /`` among themselves and with exact numbers,
    elementwise with NumPy's broadcasting.

    >>> x = FloatScalar.of([1.0, 2.0]) - Fraction(1, 3)
    >>> x.is_positive().tolist(), (3 * x - [2.0, 5.0]).is_zero().tolist()
    ([True, True], [True, True])
    """

    value: Array
    error: Array

    # NumPy must leave ``array * FloatScalar`` to this class.
    __array_priority__ = 1000

    def __post_init__(self) -> None:
        # NumPy gives scalars, not arrays, for results without axes.
        value, error = np.asarray(self.value), np.asarray(self.error)
        if value.shape != error.shape:
            raise ValueError(f"values of shape {value.shape} with errors of shape {error.shape}")
        for name, array in (("value", value), ("error", error)):
            array.flags.writeable = False
            object.__setattr__(self, name, array)

    @classmethod
    def of(cls, value: Any, error: Any = 0.0) -> "FloatScalar":
        """Numbers with these values and error bounds; both are copied and broadcast."""
        values = np.array(value, dtype=np.float64)
        errors = np.array(np.broadcast_to(np.asarray(error, dtype=np.float64), values.shape))
        if (errors < 0).any():
            raise ValueError("error bounds are nonnegative")
        return cls(values, errors)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of ``value`` and of ``error``."""
        return self.value.shape

    def __add__(self, other: Any) -> "FloatScalar":
        y = as_floats(other)
        with np.errstate(invalid="ignore", over="ignore"):
            value = np.asarray(self.value + y.value)
            error = np.abs(value)
            error *= UNIT_ROUNDOFF
            error += self.error
            error += y.error
        return FloatScalar(value, widened(error, 3))

    __radd__ = __add__

    def __neg__(self) -> "FloatScalar":
        return FloatScalar(-self.value, self.error)

    def __sub__(self, other: Any) -> "FloatScalar":
        return self + (-as_floats(other))

    def __rsub__(self, other: Any) -> "FloatScalar":
        return as_floats(other) + (-self)

    def __mul__(self, other: Any) -> "FloatScalar":
        if not isinstance(other, FloatScalar | np.ndarray | list | int | float | Rational | Basic):
            # A matrix knows how to be multiplied by a number.
            return NotImplemented
        y = as_floats(other)
        with np.errstate(invalid="ignore", over="ignore"):
            value = np.asarray(self.value * y.value)
            error = np.abs(value)
            error *= UNIT_ROUNDOFF
            # Floats that are meant exactly need no terms for their errors.
            if y.error.any():
                error += np.abs(self.value) * y.error
            if self.error.any():
                error += self.error * (np.abs(y.value) + y.error)
        return FloatScalar(value, widened(error, 6))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> "FloatScalar":
        """The quotient; where the divisor may be 0 the error is infinite.

        |x̂/ŷ − x/y| ≤ (e_x + |x̂/ŷ| e_y) / (|ŷ| − e_y), and the division rounds once more.
        """
        y = as_floats(other)
        with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
            value = self.value / y.value
            # Rounding down: the subtraction may come out too large by half a gap.
            room = np.nextafter(np.abs(y.value) - y.error, -np.inf)
            size = np.abs(value) * (1 + 2 * UNIT_ROUNDOFF)
            error = (self.error + size * y.error) / room + UNIT_ROUNDOFF * size
            error = np.where(room > 0, error, np.inf)
        return FloatScalar(value, widened(error, 8))

    def __rtruediv__(self, other: Any) -> "FloatScalar":
        return as_floats(other) / self

    def __getitem__(self, place: Any) -> "FloatScalar":
        """The numbers at a place, indexed as NumPy does."""
        return FloatScalar(self.value[place], self.error[place])

    def sum(self, axis: int | tuple[int, ...]) -> "FloatScalar":
        """The sums along an axis: n terms lose at most γ_{n−1}Σ|x| in any order (Higham §4.2)."""
        axes = (axis,) if isinstance(axis, int) else axis
        terms = int(np.prod([self.shape[a] for a in axes]))
        with np.errstate(invalid="ignore", over="ignore"):
            value = np.asarray(self.value.sum(axis=axes))
            rounding = gamma(max(terms - 1, 0)) * np.abs(self.value).sum(axis=axes)
            error = np.asarray(self.error.sum(axis=axes) + rounding)
        return FloatScalar(value, widened(error, terms + 2))

    def map(
        self, function: Callable[[Array], Array], error: Callable[[Array, Array], Array]
    ) -> "FloatScalar":
        """The values of a function, given its computed values and its error bound.

        ``error(result, own_error)`` may round up to ``FORMULA_ROUNDINGS`` times.
        """
        with np.errstate(all="ignore"):
            result = function(self.value)
            bound = error(result, self.error)
        return FloatScalar(result, widened(bound, FORMULA_ROUNDINGS))

    def is_zero(self) -> NDArray[np.bool_]:
        """Whether 0 lies within the error: |value| ≤ error. The bound needs no safety factor."""
        return np.abs(self.value) <= self.error

    def is_nonnegative(self) -> NDArray[np.bool_]:
        """Whether a number ≥ 0 lies within the error: value ≥ −error."""
        return self.value >= -self.error

    def is_positive(self) -> NDArray[np.bool_]:
        """Whether the number is certainly positive: value > error."""
        return self.value > self.error


def as_floats(x: Any) -> FloatScalar:
    """A ``FloatScalar`` for a number, an array of floats, or itself.

    >>> as_floats(Fraction(1, 2)).value
    array(0.5)
    """
    if isinstance(x, FloatScalar):
        return x
    if isinstance(x, np.ndarray | list):
        return FloatScalar.of(x)
    value, error = nearest_float(x)
    return FloatScalar.of(value, error)
