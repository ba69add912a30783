"""A loss is a function f of the product W that knows its value, gradient and Hessian.

Concrete kinds are in :mod:`proofkit.networks.losses`. Everything works on one exact matrix, and on
a batch of float matrices at once.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar, Literal, TypeAlias

from proofkit.networks.elementwise import simplified
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.matrices import Matrix, Scalar
from proofkit.networks.numbers import format_number
from proofkit.networks.running import FloatScalar
from proofkit.networks.scalars import ExactNumber

Convexity: TypeAlias = Literal["convex", "not convex", "assumed", "unknown"]
"""Known by the kind of loss · known not to be · the user says convex · nothing is known."""


class Loss(ABC):
    """f: R^{m×n} → R.

    ``value``, ``gradient`` and ``hessian`` take an m×n matrix W, exact or float, and raise
    ``ValueError`` for another shape and :class:`~proofkit.networks.elementwise.LossError` where f
    or the derivative does not exist. Exact in, exact out; float results carry error bounds.
    """

    kind: ClassVar[str]

    @property
    @abstractmethod
    def shape(self) -> tuple[int, int]:
        """(m, n): the rows and columns of W."""

    @property
    def differentiable(self) -> bool:
        """Whether f has a derivative wherever it has a value."""
        return True

    @property
    def convexity(self) -> Convexity:
        """What is known about convexity."""
        return "convex"

    def value(self, product: Matrix) -> Scalar:
        """f(W): an exact number, or a ``FloatScalar`` (B,)."""
        self._check(product)
        return simplified(self._value(product))

    def gradient(self, product: Matrix) -> Matrix:
        """f′(W), the m×n matrix of partial derivatives."""
        self._check(product)
        gradient: Matrix = self._gradient(product)
        return gradient

    def hessian(self, product: Matrix) -> Matrix:
        """f″(W), the symmetric mn×mn matrix of second partial derivatives.

        Rows and columns follow W row by row: entry w_rc, counted from 0, is number r·n + c.
        """
        self._check(product)
        hessian: Matrix = self._hessian(product)
        if isinstance(hessian, FloatMatrix) and isinstance(product, FloatMatrix):
            # A Hessian that does not depend on W is computed once.
            return hessian.repeated(product.batch)
        return hessian

    @abstractmethod
    def to_json(self) -> dict[str, Any]:
        """The ``loss`` object of the file format ``proofkit/network/1``."""

    @abstractmethod
    def _value(self, product: Any) -> Any: ...

    @abstractmethod
    def _gradient(self, product: Any) -> Any: ...

    @abstractmethod
    def _hessian(self, product: Any) -> Any: ...

    def _check(self, product: Matrix) -> None:
        if product.shape != self.shape:
            raise ValueError(
                f"the {self.kind} loss takes a {self.shape[0]}×{self.shape[1]} matrix, "
                f"not {product.rows}×{product.cols}"
            )


class Data:
    """A matrix of data: exact, and as floats for float arguments, converted once.

    >>> data = Data(ExactMatrix.identity(2))
    >>> data.like(FloatMatrix.zeros(2, 2))
    <FloatMatrix 2×2, batch of 1>
    """

    def __init__(self, matrix: ExactMatrix) -> None:
        self.exact = matrix

    @cached_property
    def floats(self) -> FloatMatrix:
        """The nearest floats, with their distances as errors."""
        return FloatMatrix.of_exact([self.exact])

    def like(self, other: Matrix) -> Any:
        """The data in the arithmetic of the other matrix."""
        return self.exact if isinstance(other, ExactMatrix) else self.floats


def entrywise(function: Callable[..., Scalar], *matrices: Matrix) -> Any:
    """The matrix of f(x_ij, y_ij, …) for matrices of one shape.

    ``function`` gets exact numbers one by one, or ``FloatScalar`` arrays (B, r, c) at once.

    >>> entrywise(lambda x: x * x, ExactMatrix.of([[2, 3]]))
    ExactMatrix([[4, 9]])
    """
    first = matrices[0]
    if isinstance(first, FloatMatrix):
        result = function(*(m.numbers for m in matrices if isinstance(m, FloatMatrix)))
        if not isinstance(result, FloatScalar):
            result = FloatScalar.of(first.value * 0) + result
        return FloatMatrix(result)
    tables = [m.entries() for m in matrices if isinstance(m, ExactMatrix)]
    rows = [
        [_number(function(*values)) for values in zip(*lines, strict=True)]
        for lines in zip(*tables, strict=True)
    ]
    return ExactMatrix.of(rows, shape=first.shape)


def total(matrix: Matrix) -> Scalar:
    """The sum of all entries.

    >>> total(ExactMatrix.of([[1, 2], [3, 4]]))
    Fraction(10, 1)
    """
    if isinstance(matrix, FloatMatrix):
        return matrix.numbers.sum((1, 2))
    return simplified(sum((x for line in matrix.entries() for x in line), Fraction(0)))


def diagonal(matrix: Matrix) -> Any:
    """The diagonal matrix of the entries, row by row.

    >>> diagonal(ExactMatrix.of([[1], [2]]))
    ExactMatrix([[1, 0], [0, 2]])
    """
    places = [(r, c) for r in range(matrix.rows) for c in range(matrix.cols)]
    return assemble(
        [
            [matrix.entry(*p) if i == j else Fraction(0) for j in range(len(places))]
            for i, p in enumerate(places)
        ],
        matrix,
    )


def assemble(grid: Sequence[Sequence[Any]], like: Matrix) -> Matrix:
    """The matrix with these scalars as entries, in the arithmetic of ``like``."""
    if isinstance(like, ExactMatrix):
        return ExactMatrix.of(grid)
    # The batch of ``like``, also where no scalar depends on it.
    zero = FloatScalar.of([0.0] * like.batch)
    return FloatMatrix.of_scalars([[zero if _absent(x) else x for x in line] for line in grid])


def rows_json(matrix: ExactMatrix) -> list[list[int | float | str]]:
    """The rows as the file format writes numbers.

    >>> rows_json(ExactMatrix.of([[1, 0.5]]))
    [[1, '1/2']]
    """
    return [[format_number(x) for x in line] for line in matrix.entries()]


def _absent(x: Any) -> bool:
    return isinstance(x, Fraction) and x == 0


def _number(x: Scalar) -> ExactNumber:
    if isinstance(x, FloatScalar):
        raise TypeError("exact data gave a float")
    return x
