"""Linear measurements of W: matrix sensing."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from proofkit.networks.exact import ExactMatrix
from proofkit.networks.loss import rows_json
from proofkit.networks.matrices import AnyMatrix
from proofkit.networks.numbers import format_number
from proofkit.networks.regression_losses import Squares
from proofkit.networks.scalars import Number
from proofkit.networks.sum_loss import scaled_gram

__all__ = ["MeasurementLoss"]


@dataclass(frozen=True)
class MeasurementLoss(Squares):
    """f(W) = Σ_i (⟨A_i, W⟩ − y_i)² with ⟨A, W⟩ = tr(AᵀW): squares of linear measurements.

    ``A`` holds the A_i, row by row, as its rows, N×mn; ``y`` is N×1 and ``size`` is (m, n). The
    scores are the ⟨A_i, W⟩, f′ = 2 Σ (⟨A_i, W⟩ − y_i) A_i and f″ = 2AᵀA. Raises ``ValueError``
    when the shapes do not fit.

    >>> loss = MeasurementLoss.of([ExactMatrix.of([[1, 2]]), ExactMatrix.of([[0, 1]])], [3, 1])
    >>> loss.value(ExactMatrix.of([[1, 0]])), loss.gradient(ExactMatrix.of([[1, 0]]))
    (Fraction(5, 1), ExactMatrix([[-4, -10]]))
    """

    A: ExactMatrix
    y: ExactMatrix
    size: tuple[int, int]
    kind: ClassVar[str] = "measurements"
    tables: ClassVar[tuple[str, ...]] = ("y",)

    def __post_init__(self) -> None:
        """A and y fit the size."""
        wanted = self.A.rows, self.size[0] * self.size[1]
        if self.A.shape != wanted or self.y.shape != (self.A.rows, 1):
            raise ValueError(f"A {self.A.shape} and y {self.y.shape} do not measure {self.size}")

    @classmethod
    def of(cls, matrices: Sequence[ExactMatrix], values: Sequence[Number]) -> "MeasurementLoss":
        """The loss of these A_i and y_i; ``ValueError`` unless all A_i have one shape."""
        if len({m.shape for m in matrices}) != 1:
            raise ValueError("the measurements need one shape, and there is at least one")
        rows = [m.reshaped(1, m.rows * m.cols) for m in matrices]
        column = ExactMatrix.of([[x] for x in values])
        return cls(ExactMatrix.of_blocks([[row] for row in rows]), column, matrices[0].shape)

    @property
    def shape(self) -> tuple[int, int]:
        """(m, n)."""
        return self.size

    @property
    def entrywise(self) -> bool:
        """A measurement sees several entries."""
        return False

    @property
    def has_conjugate(self) -> bool:
        """The scores are no rows and columns of WX, of which the global proofs speak."""
        return False

    def to_json(self) -> dict[str, Any]:
        """``{"kind": "measurements", "A": [A_1, …], "y": [y_1, …]}``."""
        each = [self.A.block([i], range(self.A.cols)).reshaped(*self.size) for i in self.places]
        values = [format_number(x) for (x,) in self.y.entries()]
        return {"kind": self.kind, "A": [rows_json(m) for m in each], "y": values}

    @property
    def places(self) -> range:
        """The numbers i, counted from 0."""
        return range(self.A.rows)

    def scores(self, product: AnyMatrix) -> Any:
        """The column of the ⟨A_i, W⟩."""
        return self.data("A", product) @ product.reshaped(product.rows * product.cols, 1)

    def back(self, slopes: AnyMatrix) -> Any:
        """Σ s_i A_i."""
        return (self.data("A", slopes).T @ slopes).reshaped(*self.size)

    def _hessian(self, product: Any) -> Any:
        if self._batch is None:
            return self.data("_constant", product)
        bends = self.score_bends(product)
        return scaled_gram(self.data("A", product).T, bends.T)

    @cached_property
    def _constant(self) -> ExactMatrix:
        return 2 * (self.A.T @ self.A)

    def minimiser(self, product: ExactMatrix) -> ExactMatrix | None:
        """The minimiser next to W: W + 𝒜⁺(y − 𝒜W)."""
        step = self.A.pseudo_inverse() @ (self.y - self.scores(product))
        minimiser: ExactMatrix = product + step.reshaped(*self.size)
        return minimiser
