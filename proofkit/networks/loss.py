"""A loss is a function f of the product W that knows its value, gradient and Hessian.

It is written once, over the methods that matrices of all four arithmetics share
(:mod:`proofkit.networks.matrices`): exact numbers, floats with error bounds, plain floats, balls.
Concrete kinds are in :mod:`proofkit.networks.losses`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import fields
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar, Literal, Self, TypeAlias

import flint
import numpy as np

from proofkit.networks.elementwise import simplified
from proofkit.networks.matrices import AnyMatrix, ArrayMatrix, BallMatrix, ExactMatrix, FloatMatrix
from proofkit.networks.numbers import format_number
from proofkit.networks.scalars import MAX_BITS, exact, sign

__all__ = ["Convexity", "Loss", "rows_json"]

Convexity: TypeAlias = Literal["convex", "not convex", "assumed", "unknown"]
"""Known by the kind of loss · known not to be · the user says convex · nothing is known."""


class Loss(ABC):
    """f: R^{m×n} → R.

    ``value``, ``gradient``, ``second`` and ``hessian`` take an m×n matrix W in any arithmetic.
    They raise ``ValueError`` for another shape and, exact or with error bounds,
    :class:`~proofkit.networks.elementwise.LossError` where f or the derivative does not exist;
    plain floats and balls hold NaN there. The answer is in the arithmetic of W.
    """

    kind: ClassVar[str]
    _batch: ClassVar[Mapping[str, Any] | None] = None
    numbers: ClassVar[tuple[str, ...]] = ()
    """The fields that hold a number; other data are matrices."""

    @property
    @abstractmethod
    def shape(self) -> tuple[int, int]:
        """(m, n): the rows and columns of W."""

    @property
    def quadratic(self) -> bool:
        """Whether f is seen to be a polynomial of degree at most 2."""
        return False

    @property
    def rational(self) -> bool:
        """Whether f takes rational numbers to rational numbers where its data are rational."""
        return self.quadratic

    @property
    def analytic(self) -> bool:
        """Whether f is made of functions that have power series, and is no quadratic."""
        return False

    @property
    def entrywise(self) -> bool:
        """Whether f is a sum of functions of the single entries of W, so that f″ is diagonal."""
        return False

    @property
    def inputs(self) -> ExactMatrix | None:
        """X, n×N, where f is a function of WX."""
        return None

    def scores(self, product: AnyMatrix) -> Any:
        """Z = 𝓛W, what f sees of W, linear in it."""
        return product

    def back(self, slopes: AnyMatrix) -> Any:
        """The adjoint: the W with ⟨W, D⟩ = ⟨slopes, 𝓛D⟩ for all D."""
        return slopes

    def seen(self) -> list[tuple[int, int]]:
        """The places of Z that f depends on, so that f′ is spanned by what ``back`` makes of them.

        >>> from proofkit.networks.losses import SquaredLoss
        >>> SquaredLoss(ExactMatrix.identity(2), ExactMatrix.of([[3, 4]])).seen()
        [(0, 0), (0, 1)]
        """
        rows, cols = self.scores(ExactMatrix.zeros(*self.shape)).shape
        return [(r, c) for r in range(rows) for c in range(cols)]

    @property
    def shifted(self) -> bool:
        """Whether f(W + 1vᵀ) = f(W) for every v."""
        return False

    @property
    def gram(self) -> ExactMatrix | None:
        """K where f″(W)[D] = DK for all W and D."""
        return None

    @property
    def has_conjugate(self) -> bool:
        """Whether the loss knows the convex conjugate of its function of the scores."""
        return False

    def transposed(self) -> Loss | None:
        """The loss as a function of Wᵀ, where it is of the same kind."""
        return None

    def plain_squares(self) -> tuple[ExactMatrix, ExactMatrix] | None:
        """(X, Y) when f is ‖WX − Y‖² up to a positive factor."""
        return None

    def minimiser(self, product: ExactMatrix) -> ExactMatrix | None:
        """An exact minimiser of f, where one is known; what f does not see of it is as in W."""
        return None

    @property
    def differentiable(self) -> bool:
        """Whether f has a derivative wherever it has a value."""
        return True

    @property
    def convexity(self) -> Convexity:
        """What is known about convexity."""
        return "convex"

    def value(self, product: AnyMatrix) -> Any:
        """f(W): an exact number, a ``FloatScalar`` (B,), an array or a ball."""
        self._check(product)
        with product.working():
            return simplified(self._value(product))

    def gradient(self, product: AnyMatrix) -> Any:
        """f′(W), the m×n matrix of partial derivatives."""
        self._check(product)
        with product.working():
            return self._gradient(product)

    def second(self, product: AnyMatrix, direction: AnyMatrix) -> Any:
        """f″(W)[D], the derivative of f′ at W in the direction D, an m×n matrix.

        >>> from proofkit.networks.losses import SquaredLoss
        >>> one = ExactMatrix.identity(1)
        >>> SquaredLoss(one, one).second(one, 3 * one)
        ExactMatrix([[6]])
        """
        self._check(product)
        with product.working():
            return self._second(product, direction)

    def hessian(self, product: AnyMatrix) -> Any:
        """f″(W), the symmetric mn×mn matrix of second partial derivatives.

        Rows and columns follow W row by row: entry w_rc, counted from 0, is number r·n + c.
        """
        self._check(product)
        with product.working():
            hessian = self._hessian(product)
        # A Hessian that does not depend on W is computed once.
        if isinstance(product, FloatMatrix):
            return hessian.repeated(product.batch)
        if isinstance(product, ArrayMatrix):
            batch = product.value.shape[:-2]
            return ArrayMatrix(np.broadcast_to(hessian.value, (*batch, *hessian.shape)))
        return hessian

    def compare(self, left: ExactMatrix, right: ExactMatrix) -> int | None:
        """The sign of f(left) − f(right), certified; ``None`` when no precision tells it from 0.

        >>> from proofkit.networks.losses import SquaredLoss
        >>> one = ExactMatrix.identity(1)
        >>> SquaredLoss(one, 3 * one).compare(one, 2 * one)
        1
        """
        if self.rational:
            difference = self.value(left) - self.value(right)
            if isinstance(difference, Fraction):
                return sign(difference)
        bits = 64
        while bits <= MAX_BITS:
            with flint.ctx.workprec(bits):
                there, here = (self.value(BallMatrix.converted(w)) for w in (left, right))
                gap = there - here
            if gap > 0:
                return 1
            if gap < 0:
                return -1
            bits *= 4
        return 0 if left == right else None

    def to_json(self) -> dict[str, Any]:
        """The ``loss`` object of the file format ``proofkit/network/1``: its kind and fields."""
        data: dict[str, Any] = {"kind": self.kind}
        for field in fields(self):  # type: ignore[arg-type]
            value = getattr(self, field.name)
            if isinstance(value, ExactMatrix):
                data[field.name] = rows_json(value)
            elif value is not None:
                data[field.name] = format_number(exact(value))
        return data

    @abstractmethod
    def _value(self, product: Any) -> Any: ...

    @abstractmethod
    def _gradient(self, product: Any) -> Any: ...

    @abstractmethod
    def _second(self, product: Any, direction: Any) -> Any: ...

    @abstractmethod
    def _hessian(self, product: Any) -> Any: ...

    @classmethod
    def of_batch(cls, data: Mapping[str, Any], size: tuple[int, int]) -> Self:
        """The losses of a batch of problems whose data are float arrays with the batch first.

        ``size`` is (m, n).

        Matrices are arrays (B, r, c), numbers (B, 1, 1), under the names of the loss's fields.
        They have values and derivatives in floats only, of which each instance has its own.
        """
        loss = object.__new__(cls)
        loss.__dict__.update(_batch=data, size=size)
        return loss

    def data(self, name: str, like: AnyMatrix) -> Any:
        """A field of the loss, a matrix or a number, in the arithmetic of another matrix.

        It is converted once for each arithmetic, and for each precision of balls.
        """
        if self._batch is not None:
            array = self._batch[name]
            if name in self.numbers:
                return array
            floats: Any = type(like)
            return floats.of(array)
        key = name, like.arithmetic
        if key not in self._converted:
            field = getattr(self, name)
            is_matrix = isinstance(field, ExactMatrix)
            self._converted[key] = like.converted(field) if is_matrix else like.number(exact(field))
        return self._converted[key]

    @cached_property
    def _converted(self) -> dict[Any, Any]:
        return {}

    def __getstate__(self) -> dict[str, Any]:
        # Balls do not pickle; what was converted is converted anew.
        return {k: v for k, v in self.__dict__.items() if k != "_converted"}

    def _check(self, product: AnyMatrix) -> None:
        if self._batch is None and product.shape != self.shape:
            raise ValueError(
                f"the {self.kind} loss takes a {self.shape[0]}×{self.shape[1]} matrix, "
                f"not {product.rows}×{product.cols}"
            )


def rows_json(matrix: ExactMatrix) -> list[list[int | float | str]]:
    """The rows as the file format writes numbers.

    >>> rows_json(ExactMatrix.of([[1, 0.5]]))
    [[1, '1/2']]
    """
    return [[format_number(x) for x in line] for line in matrix.entries()]
