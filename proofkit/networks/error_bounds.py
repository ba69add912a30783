"""Every float carries a bound on its own error, updated by each operation: running error analysis.

Source: N. Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd ed., SIAM 2002: the
model fl(a∘b) = (a∘b)(1+δ), |δ| ≤ u (§2.2), running error analysis (§3.3), the constant
γ_n = nu/(1−nu) (Lemma 3.1).
"""

from collections.abc import Callable
from contextvars import ContextVar
from fractions import Fraction
from functools import lru_cache
from math import prod, sqrt
from numbers import Rational
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray
from sympy import Basic

from proofkit.networks.scalars import Number, enclose, exact

Array: TypeAlias = NDArray[np.float64]
T = TypeVar("T")

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


_is_quiet: ContextVar[bool] = ContextVar("_is_quiet", default=False)


class Quiet:
    """A block in which NumPy does not warn of infinities and NaNs, which the bounds account for.

    Inside another such block it does nothing: `numpy.errstate` takes as long as a small product.

    >>> with Quiet():
    ...     float(np.float64(1e308) * 10)
    inf
    """

    __slots__ = ("_state", "_token")

    def __enter__(self) -> None:
        self._token = None if _is_quiet.get() else _is_quiet.set(True)
        if self._token is not None:
            self._state = np.errstate(invalid="ignore", over="ignore")
            self._state.__enter__()

    def __exit__(self, *_: object) -> None:
        if self._token is not None:
            self._state.__exit__(None, None, None)
            _is_quiet.reset(self._token)


def quietly(compute: Callable[..., T], *arguments: Any) -> T:
    """What is computed in a `Quiet` block, which is entered only where it is not there yet."""
    if _is_quiet.get():
        return compute(*arguments)
    with Quiet():
        return compute(*arguments)


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
    here are three more roundings. An array that may be written to is used up: it becomes the bound.
    """
    return quietly(_widened, error, operations)


def _widened(error: Array, operations: int) -> Array:
    # One array for all steps: on batches, passes over memory are what costs.
    free = isinstance(error, np.ndarray) and error.flags.writeable
    wide: Array = np.multiply(error, _margin(operations), out=error if free else None)
    wide = np.asarray(wide)
    wide += operations * UNDERFLOW
    # 0·∞ in an error formula says that nothing is known.  No term is negative, so the sum tells.
    total = np.add.reduce(wide, axis=None)
    if total != total:
        wide[np.isnan(wide)] = np.inf
    return wide


@lru_cache(maxsize=1024)
def _margin(operations: int) -> float:
    return 1 + 2 * gamma(operations + 3)


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
            # Data that were floats are floats, and no fraction need be computed to see it.
            if value.as_integer_ratio() == (x.numerator, x.denominator):
                return value, 0.0
            distance = abs(x - Fraction(value))
            return value, float(np.nextafter(float(distance), np.inf))
        # Twice the precision of a float: the ball adds next to nothing to the distance.
        surrounding = enclose(x, 128)
        value = float(surrounding.mid())
        bound = float((surrounding - value).abs_upper())
    except OverflowError as error:
        raise ValueError(f"{x} does not fit into a float") from error
    return value, float(np.nextafter(bound, np.inf))


Bound: TypeAlias = Callable[[], Array]
"""An error bound that is computed when somebody asks for it."""

DEEPEST = 60
"""Bounds resting on bounds that nobody has asked for yet; more could exhaust the stack."""

LARGEST = 1 << 18
"""Numbers in an array whose bound may wait; for larger ones what it is made of is not kept."""


LANES = 512
"""Matrices in a batch that is laid out in memory with the batch axis last."""


def laid_out(array: Array) -> Array:
    """The array; a large batch of matrices with its first axis last in memory.

    Loops then run along the batch and not along the rows of small matrices.  What is computed
    from such arrays is laid out likewise, as NumPy keeps the order of its operands.

    >>> laid_out(np.zeros((1000, 2, 3))).strides
    (8, 24000, 8000)
    """
    if array.ndim != 3 or array.shape[0] < LANES:
        return array
    return np.moveaxis(np.ascontiguousarray(np.moveaxis(array, 0, -1)), -1, 0)


def frobenius(matrices: Array) -> Array:
    """Upper bounds of the Frobenius norms, (B,), of a batch (B, r, c).

    Added are the rounding of the sum, and what squares lose that underflow.

    >>> bool(5 <= frobenius(np.array([[[3.0, 4.0]]]))[0] < 5.00001)
    True
    """
    terms = matrices.shape[1] * matrices.shape[2]
    norm: Array = np.sqrt(np.einsum("bij,bij->b", matrices, matrices))
    norm *= 1 + gamma(terms + 4)
    norm += sqrt(terms) * LOST_SQUARE
    return norm


NONE: Array = np.zeros(())
NOTHING: Array = np.zeros((1, 1, 1))
NOTHING.flags.writeable = False

# The root of the smallest float.
LOST_SQUARE = 2.0**-537


class Reflected:
    """A number of another make that knows itself how it is combined with these."""

    __slots__ = ()


class FloatScalar:
    """Real numbers known up to an error: ``value`` and ``error``, arrays of one shape.

    The number meant by each place lies within ``error`` of ``value``. What comes out of a batch
    of B matrices has shape (B,). Supports ``+ - * /`` among themselves and with exact numbers,
    elementwise with NumPy's broadcasting.

    The error bound may be given as a function: many are never asked for, since a value far from
    zero tells its sign without.  ``parts`` are the numbers it is computed from.

    With ``by_norm`` the bound is one number for each matrix of a batch (B, r, c), of shape
    (B, 1, 1), and bounds the Frobenius norm of its errors.  What is computed from large batches of
    matrices has such bounds: those for each entry take several times as long as the values.
    ``size`` may then bound the norms of the values where that is quicker than to look at them.

    >>> x = FloatScalar.of([1.0, 2.0]) - Fraction(1, 3)
    >>> x.is_positive().tolist(), (3 * x - [2.0, 5.0]).is_zero().tolist()
    ([True, True], [True, True])
    """

    __slots__ = (
        "_bound",
        "_error",
        "_size",
        "_sizing",
        "_spread",
        "_waiting",
        "by_norm",
        "is_exact",
        "value",
    )

    # NumPy must leave ``array * FloatScalar`` to this class.
    __array_priority__ = 1000

    def __init__(
        self,
        value: Array,
        error: Array | Bound,
        parts: tuple["FloatScalar", ...] = (),
        by_norm: bool = False,
        size: Bound | None = None,
    ) -> None:
        # NumPy gives scalars, not arrays, for results without axes.
        self.value: Array = np.asarray(value)
        self.value.flags.writeable = False
        self.by_norm = by_norm
        self._error: Array | None = None
        self._spread: Array | None = None
        self._size: Array | None = None
        self._sizing = size
        self._bound: Bound | None = None
        self._waiting = 0
        self.is_exact = False
        """Whether the floats are known to be meant exactly: all errors are 0."""
        if not callable(error):
            self._keep(error)
            return
        self._bound = error
        for part in parts:
            if part._waiting >= self._waiting:
                self._waiting = part._waiting + 1
        if self._waiting > DEEPEST or self.value.size > LARGEST:
            self._keep(quietly(error))

    def _keep(self, error: Array) -> None:
        array: Array = np.asarray(error)
        shape = (self.value.shape[0], 1, 1) if self.by_norm else self.value.shape
        if self.by_norm and array is NOTHING:
            # That of numbers meant exactly, however many matrices there are.
            array = np.broadcast_to(array, shape)
        if shape != array.shape:
            raise ValueError(
                f"values of shape {self.value.shape} with errors of shape {array.shape}"
            )
        array.flags.writeable = False
        if self.by_norm:
            self._spread = array
        else:
            self._error = array
        self._bound, self._waiting = None, 0

    @property
    def error(self) -> Array:
        """The error bounds, computed when first asked for."""
        if self._error is None:
            self._ask()
        if self._error is None:
            # One bound for each matrix, which is shown in all its entries.
            return np.broadcast_to(self.spread, self.value.shape)
        return self._error

    def _ask(self) -> None:
        if self._bound is not None:
            self._keep(quietly(self._bound))

    @property
    def spread(self) -> Array:
        """Bounds on the Frobenius norms of the errors of the matrices of a batch, (B, 1, 1).

        A single number counts as a 1×1 matrix.
        """
        if self._spread is None:
            if self.is_exact:
                self._spread = NOTHING
                return NOTHING
            self._ask()
        if self._spread is None:
            error = self.error
            self._spread = error.reshape(-1, 1, 1) if error.size == 1 else _norms(error)
        return self._spread

    @property
    def size(self) -> Array:
        """The Frobenius norms of the matrices of a batch, rounded up, (B, 1, 1)."""
        if self._size is None:
            value = self.value
            if self._sizing is not None:
                self._size, self._sizing = quietly(self._sizing), None
            else:
                self._size = abs(value).reshape(-1, 1, 1) if value.size == 1 else _norms(value)
        return self._size

    @classmethod
    def of(cls, value: Any, error: Any = 0.0) -> "FloatScalar":
        """Numbers with these values and error bounds; both are copied and broadcast."""
        values = laid_out(np.array(value, dtype=np.float64))
        if type(error) is float and error == 0.0:
            exactly = cls(values, np.broadcast_to(NONE, values.shape))
            exactly.is_exact = True
            return exactly
        errors = np.asarray(error, dtype=np.float64)
        errors = laid_out(np.array(np.broadcast_to(errors, values.shape)))
        if (errors < 0).any():
            raise ValueError("error bounds are nonnegative")
        numbers = cls(values, errors)
        numbers.is_exact = not errors.any()
        return numbers

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of ``value`` and of ``error``."""
        return self.value.shape

    def __add__(self, other: Any) -> "FloatScalar":
        if isinstance(other, Reflected):
            return NotImplemented
        return self._plus(as_floats(other), np.add)

    __radd__ = __add__

    def _plus(self, y: "FloatScalar", combine: Callable[[Array, Array], Array]) -> "FloatScalar":
        """The sum or the difference, which round alike."""
        value = np.asarray(quietly(combine, self.value, y.value))
        if _is_large(value) and self.shape[1:] == y.shape[1:]:
            return FloatScalar(
                value,
                lambda: widened(UNIT_ROUNDOFF * (self.size + y.size) + (self.spread + y.spread), 4),
                (self, y),
                by_norm=True,
            )

        def bound() -> Array:
            error = np.abs(value)
            error *= UNIT_ROUNDOFF
            for x in (self, y):
                if not x.is_exact:
                    error += x.error
            return widened(error, 3)

        return FloatScalar(value, bound, (self, y))

    def __neg__(self) -> "FloatScalar":
        return self._turned(-self.value, lambda error: error)

    def _moved(self, value: Array, move: Callable[[Array], Array]) -> "FloatScalar":
        """The same numbers in other places, or with the opposite sign."""
        moved = FloatScalar(value, lambda: move(self.error), (self,))
        moved.is_exact = self.is_exact
        return moved

    def _turned(self, value: Array, turn: Callable[[Array], Array]) -> "FloatScalar":
        """The same numbers moved about within each matrix: the norms stay."""
        if not self.by_norm and not (self.is_exact and _is_large(value)):
            return self._moved(value, turn)
        spread, size = (lambda: self.spread), (lambda: self.size)
        turned = FloatScalar(value, spread, (self,), by_norm=True, size=size)
        turned.is_exact = self.is_exact
        return turned

    def __sub__(self, other: Any) -> "FloatScalar":
        if isinstance(other, Reflected):
            return NotImplemented
        return self._plus(as_floats(other), np.subtract)

    def __rsub__(self, other: Any) -> "FloatScalar":
        return as_floats(other)._plus(self, np.subtract)

    def __mul__(self, other: Any) -> "FloatScalar":
        if not isinstance(other, _FACTORS):
            # A matrix knows how to be multiplied by a number.
            return NotImplemented
        y = as_floats(other)
        value = np.asarray(quietly(np.multiply, self.value, y.value))
        if _is_large(value) and _scales(self, y):
            # ‖x∘e‖ ≤ ‖x‖‖e‖ for the products entry by entry, and for a number and a matrix.
            roundings = value[0].size + 6
            return FloatScalar(
                value,
                lambda: widened(
                    UNIT_ROUNDOFF * self.size * y.size
                    + (self.size * y.spread + self.spread * (y.size + y.spread)),
                    roundings,
                ),
                (self, y),
                by_norm=True,
                size=lambda: widened(self.size * y.size, 2),
            )

        def bound() -> Array:
            error = np.abs(value)
            error *= UNIT_ROUNDOFF
            # Floats that are meant exactly need no terms for their errors.
            if not y.is_exact:
                error += np.abs(self.value) * y.error
            if not self.is_exact:
                error += self.error * (np.abs(y.value) + y.error)
            return widened(error, 6)

        return FloatScalar(value, bound, (self, y))

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
        return self._moved(self.value[place], lambda error: error[place])

    def swapped(self, first: int, second: int) -> "FloatScalar":
        """The numbers with two axes exchanged."""
        move = self._moved if 0 in (first, second) else self._turned
        return move(
            np.swapaxes(self.value, first, second), lambda error: np.swapaxes(error, first, second)
        )

    def broadcast(self, shape: tuple[int, ...]) -> "FloatScalar":
        """The numbers repeated to fill the shape."""
        return self._moved(
            np.broadcast_to(self.value, shape), lambda error: np.broadcast_to(error, shape)
        )

    def sum(self, axis: int | tuple[int, ...]) -> "FloatScalar":
        """The sums along an axis: n terms lose at most γ_{n−1}Σ|x| in any order (Higham §4.2)."""
        axes = (axis,) if isinstance(axis, int) else axis
        terms = prod([self.shape[a] for a in axes])
        with Quiet():
            value = np.asarray(self.value.sum(axis=axes))

        def bound() -> Array:
            rounding = gamma(max(terms - 1, 0)) * np.abs(self.value).sum(axis=axes)
            return widened(np.asarray(self.error.sum(axis=axes) + rounding), terms + 2)

        return FloatScalar(value, bound, (self,))

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
        return np.asarray(np.abs(self.value) <= self.error)

    def is_nonnegative(self) -> NDArray[np.bool_]:
        """Whether a number ≥ 0 lies within the error: value ≥ −error."""
        signs: NDArray[np.bool_] = np.asarray(self.value >= 0)
        return signs if signs.all() else np.asarray(self.value >= -self.error)

    def is_positive(self) -> NDArray[np.bool_]:
        """Whether the number is certainly positive: value > error."""
        signs: NDArray[np.bool_] = np.asarray(self.value > 0)
        return np.asarray(self.value > self.error) if signs.any() else signs


def _norms(matrices: Array) -> Array:
    """The Frobenius norms of a batch of matrices, (B, 1, 1)."""
    return quietly(frobenius, matrices)[:, None, None]


def _is_large(value: Array) -> bool:
    """Whether this is a batch of matrices so large that their errors are bounded by norm."""
    return value.ndim == 3 and value.shape[0] >= LANES


def _scales(x: FloatScalar, y: FloatScalar) -> bool:
    """Whether x and y are matrices of one shape, or one of them a number for each matrix."""
    shapes = [n.shape[1:] if len(n.shape) == 3 else (1, 1) for n in (x, y) if n.shape != ()]
    return (
        all(len(n.shape) in (0, 3) for n in (x, y))
        and len({shape for shape in shapes if shape != (1, 1)}) <= 1
    )


# Asked in this order, as an abstract class takes long to say whether something is one of it.
_FACTORS = (FloatScalar, Fraction, int, float, np.ndarray, list, Rational, Basic)


def as_floats(x: Any) -> FloatScalar:
    """A ``FloatScalar`` for a number, an array of floats, or itself.

    >>> as_floats(Fraction(1, 2)).value
    array(0.5)
    """
    if isinstance(x, FloatScalar):
        return x
    if isinstance(x, np.ndarray | list):
        return FloatScalar.of(x)
    return _constant(x)


# Exact constants come back: the steps along directions, say.
@lru_cache(maxsize=1 << 12, typed=True)
def _constant(x: Number) -> FloatScalar:
    value, error = nearest_float(x)
    return FloatScalar.of(value, error)
