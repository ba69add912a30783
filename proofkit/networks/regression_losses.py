"""Losses that measure how far W, or WX, is from a target: squared, weighted-squared, Huber."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

from proofkit.networks.elementwise import LossError, clip
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.loss import Convexity, Data, Loss, diagonal, entrywise, rows_json, total
from proofkit.networks.numbers import format_number
from proofkit.networks.running import FloatScalar
from proofkit.networks.scalars import Number, exact, sign


@dataclass(frozen=True)
class SquaredLoss(Loss):
    """f(W) = ‖WX − Y‖², the squared Frobenius norm, with X n×N and Y m×N.

    f′ = 2(WX − Y)Xᵀ and f″ = I_m ⊗ 2XXᵀ. Raises ``ValueError`` when X and Y differ in columns.

    >>> loss = SquaredLoss(ExactMatrix.identity(1), ExactMatrix.of([[3]]))
    >>> W = ExactMatrix.of([[1]])
    >>> loss.value(W), loss.gradient(W)
    (Fraction(4, 1), ExactMatrix([[-4]]))
    """

    X: ExactMatrix
    Y: ExactMatrix
    kind: ClassVar[str] = "squared"

    def __post_init__(self) -> None:
        _same_columns(self.X, self.Y)

    @property
    def shape(self) -> tuple[int, int]:
        """(m, n)."""
        return self.Y.rows, self.X.rows

    def to_json(self) -> dict[str, Any]:
        """``{"kind": "squared", "X": …, "Y": …}``."""
        return {"kind": self.kind, "X": rows_json(self.X), "Y": rows_json(self.Y)}

    @cached_property
    def _data(self) -> tuple[Data, Data, Data]:
        bend = ExactMatrix.identity(self.Y.rows).kron(2 * self.X @ self.X.T)
        return Data(self.X), Data(self.Y), Data(bend)

    def _residual(self, product: Any) -> Any:
        x, y, _ = self._data
        return product @ x.like(product) - y.like(product)

    def _value(self, product: Any) -> Any:
        residual = self._residual(product)
        return residual.inner(residual)

    def _gradient(self, product: Any) -> Any:
        return 2 * self._residual(product) @ self._data[0].like(product).T

    def _hessian(self, product: Any) -> Any:
        return self._data[2].like(product)


@dataclass(frozen=True)
class WeightedSquaredLoss(Loss):
    """f(W) = Σ a_rc (w_rc − t_rc)² with ``target`` t and ``weights`` a, both m×n.

    Convex when no weight is negative. Raises ``ValueError`` when the shapes differ.

    >>> loss = WeightedSquaredLoss(ExactMatrix.of([[2, 0]]), ExactMatrix.of([[1, 3]]))
    >>> loss.value(ExactMatrix.of([[0, 1]]))
    Fraction(7, 1)
    """

    target: ExactMatrix
    weights: ExactMatrix
    kind: ClassVar[str] = "weighted-squared"

    def __post_init__(self) -> None:
        if self.target.shape != self.weights.shape:
            raise ValueError(
                f"target {self.target.shape} and weights {self.weights.shape} differ in shape"
            )

    @property
    def shape(self) -> tuple[int, int]:
        """(m, n)."""
        return self.target.shape

    @cached_property
    def convexity(self) -> Convexity:
        """Convex if and only if every weight is ≥ 0."""
        signs = [sign(x) for line in self.weights.entries() for x in line]
        return "not convex" if -1 in signs else "convex"

    def to_json(self) -> dict[str, Any]:
        """``{"kind": "weighted-squared", "target": …, "weights": …}``."""
        return {
            "kind": self.kind,
            "target": rows_json(self.target),
            "weights": rows_json(self.weights),
        }

    @cached_property
    def _data(self) -> tuple[Data, Data, Data]:
        return Data(self.target), Data(self.weights), Data(2 * diagonal(self.weights))

    def _parts(self, product: Any) -> tuple[Any, Any]:
        target, weights, _ = self._data
        return product - target.like(product), weights.like(product)

    def _value(self, product: Any) -> Any:
        away, weights = self._parts(product)
        return away.hadamard(weights).inner(away)

    def _gradient(self, product: Any) -> Any:
        away, weights = self._parts(product)
        return 2 * away.hadamard(weights)

    def _hessian(self, product: Any) -> Any:
        return self._data[2].like(product)


@dataclass(frozen=True)
class HuberLoss(Loss):
    """f(W) = Σ h((WX − Y)_ij) with h(r) = r²/2 for |r| ≤ δ and δ(|r| − δ/2) beyond.

    With c = r held between −δ and δ: h(r) = c(r − c/2) and h′(r) = c. The second derivative is 1
    inside, 0 outside and does not exist at |r| = δ, where ``hessian`` raises ``LossError``.
    Source: P. Huber, "Robust estimation of a location parameter", Ann. Math. Stat. 35, 1964.
    Raises ``ValueError`` when δ ≤ 0 or X and Y differ in columns.

    >>> loss = HuberLoss(ExactMatrix.identity(1), ExactMatrix.of([[0]]), 1)
    >>> [loss.value(ExactMatrix.of([[w]])) for w in (1, 3)]
    [Fraction(1, 2), Fraction(5, 2)]
    """

    X: ExactMatrix
    Y: ExactMatrix
    delta: Number
    kind: ClassVar[str] = "huber"

    def __post_init__(self) -> None:
        _same_columns(self.X, self.Y)
        if sign(self.delta) <= 0:
            raise ValueError(f"delta must be positive, not {self.delta}")
        object.__setattr__(self, "delta", exact(self.delta))

    @property
    def shape(self) -> tuple[int, int]:
        """(m, n)."""
        return self.Y.rows, self.X.rows

    def to_json(self) -> dict[str, Any]:
        """``{"kind": "huber", "X": …, "Y": …, "delta": …}``."""
        return {
            "kind": self.kind,
            "X": rows_json(self.X),
            "Y": rows_json(self.Y),
            "delta": format_number(exact(self.delta)),
        }

    @cached_property
    def _data(self) -> tuple[Data, Data]:
        return Data(self.X), Data(self.Y)

    def _residual(self, product: Any) -> Any:
        x, y = self._data
        return product @ x.like(product) - y.like(product)

    def _value(self, product: Any) -> Any:
        def huber(r: Any) -> Any:
            c = clip(r, self.delta)
            return c * (r - Fraction(1, 2) * c)

        return total(entrywise(huber, self._residual(product)))

    def _gradient(self, product: Any) -> Any:
        slopes = entrywise(lambda r: clip(r, self.delta), self._residual(product))
        return slopes @ self._data[0].like(product).T

    def _hessian(self, product: Any) -> Any:
        x = self._data[0].like(product)
        bends = entrywise(self._bend, self._residual(product))
        return block_diagonal(
            [scaled_gram(x, bends.block([i], range(bends.cols))) for i in range(bends.rows)]
        )

    def _bend(self, r: Any) -> Any:
        """h″: 1 inside, 0 outside."""
        if isinstance(r, FloatScalar):
            size = r.map(abs, lambda _, e: e)
            room = FloatScalar.of(size.value * 0) + exact(self.delta) - size
            if room.is_zero().any():
                raise LossError(f"huber has no second derivative where |WX − Y| is {self.delta}")
            return FloatScalar.of(room.is_positive())
        inside = sign(self.delta - sign(r) * r)
        if inside == 0:
            raise LossError(f"huber has no second derivative where |WX − Y| is {self.delta}")
        return Fraction(int(inside > 0))


def scaled_gram(x: Any, weights: Any) -> Any:
    """X·diag(a)·Xᵀ for the n×N matrix X and the weights a, a 1×N matrix.

    >>> scaled_gram(ExactMatrix.of([[1, 2]]), ExactMatrix.of([[3, 5]]))
    ExactMatrix([[23]])
    """
    ones = type(x).of([[1]] * x.rows)
    return entrywise(lambda a, b: a * b, x, ones @ weights) @ x.T


def block_diagonal(blocks: list[Any]) -> Any:
    """The block diagonal matrix of square blocks of one size.

    >>> block_diagonal([ExactMatrix.of([[1]]), ExactMatrix.of([[2]])])
    ExactMatrix([[1, 0], [0, 2]])
    """
    zero = type(blocks[0]).zeros(*blocks[0].shape)
    places = range(len(blocks))
    return type(blocks[0]).of_blocks(
        [[blocks[i] if i == j else zero for j in places] for i in places]
    )


def _same_columns(x: ExactMatrix, y: ExactMatrix) -> None:
    if x.cols != y.cols:
        raise ValueError(f"X has {x.cols} columns and Y has {y.cols}; one per sample is needed")
