"""Losses of scores: f(W) = g(𝓛W) for a linear map 𝓛, and sums of one term for each score.

𝓛 is W ↦ W, or W ↦ WX where a loss has inputs X, one column for each sample. What a kind of loss has
to state is the term φ with its two derivatives; everything else follows by the chain rule.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import Any, ClassVar

from proofkit.networks.loss import Loss
from proofkit.networks.matrices import AnyMatrix, ExactMatrix

__all__ = ["ScoreLoss", "SumLoss", "block_diagonal", "scaled_gram"]


class ScoreLoss(Loss):
    """f(W) = g(Z) with the scores Z = WX, or Z = W where there is no field ``X``."""

    @property
    def inputs(self) -> ExactMatrix | None:
        """X, n×N, where f is a function of WX."""
        return getattr(self, "X", None)

    @cached_property
    def has_inputs(self) -> bool:
        """Whether Z = WX and not W."""
        return "X" in (self._batch or ()) or self.inputs is not None

    def scores(self, product: AnyMatrix) -> Any:
        """Z."""
        return product @ self.data("X", product) if self.has_inputs else product

    def back(self, slopes: AnyMatrix) -> Any:
        """SXᵀ or S."""
        return slopes @ self.data("X", slopes).T if self.has_inputs else slopes

    @abstractmethod
    def score_slopes(self, product: AnyMatrix) -> Any:
        """g′ at the scores."""

    def _gradient(self, product: Any) -> Any:
        return self.back(self.score_slopes(product))


class SumLoss(ScoreLoss):
    """f(W) = Σ φ(z; d) over the entries z of Z, with the entries d of matrices of Z's shape."""

    tables: ClassVar[tuple[str, ...]] = ()
    """The fields that hold matrices d; φ gets their entries, then the loss's ``numbers``."""

    def __post_init__(self) -> None:
        """The tables have one shape, and X as many columns."""
        first, *others = ((name, getattr(self, name)) for name in self.tables)
        for name, table in others:
            if table.shape != first[1].shape:
                raise ValueError(
                    f"{first[0]} {first[1].shape} and {name} {table.shape} differ in shape"
                )
        if self.inputs is not None and self.inputs.cols != first[1].cols:
            raise ValueError(
                f"X has {self.inputs.cols} columns and {first[0]} has {first[1].cols}; "
                "one per sample is needed"
            )

    @property
    def shape(self) -> tuple[int, int]:
        """(m, n), from the tables and X."""
        table = getattr(self, self.tables[0])
        return table.rows, table.cols if self.inputs is None else self.inputs.rows

    @abstractmethod
    def term(self, z: Any, *data: Any) -> Any:
        """φ(z)."""

    @abstractmethod
    def slope(self, z: Any, *data: Any) -> Any:
        """φ′(z)."""

    @abstractmethod
    def bend(self, z: Any, *data: Any) -> Any:
        """φ″(z)."""

    def mapped(self, function: Callable[..., Any], scores: Any) -> Any:
        """The matrix of ``function(z, d, …)`` for scores, or other numbers in their places."""
        numbers = [self.data(name, scores) for name in self.numbers]
        data = [self.data(name, scores) for name in self.tables]
        return scores.map(lambda *cell: function(*cell, *numbers), *data)

    def score_slopes(self, product: AnyMatrix) -> Any:
        """φ′ at the scores."""
        return self.mapped(self.slope, self.scores(product))

    def score_bends(self, product: AnyMatrix) -> Any:
        """φ″ at the scores; without inputs the diagonal of f″ as an m×n matrix."""
        return self.mapped(self.bend, self.scores(product))

    @property
    def bend_has_one_peak(self) -> bool:
        """Whether φ″ ≥ 0 rises up to some place and falls from there on, or does one of the two."""
        return False

    @property
    def entrywise(self) -> bool:
        """Without inputs."""
        return not self.has_inputs

    def transposed(self) -> Loss | None:
        """With all data transposed."""
        if not self.entrywise:
            return None
        turned: Any = {name: getattr(self, name).T for name in self.tables}
        return replace(self, **turned)  # type: ignore[type-var]

    def conjugate(self, s: Any, *data: Any) -> Any:
        """φ*(s) = sup sz − φ(z), for plain floats and balls; infinite outside its domain."""
        raise NotImplementedError(f"no conjugate of the {self.kind} loss is known")

    def conjugate_sum(self, slopes: Any) -> Any:
        """g*(S) = Σ φ*(s)."""
        return self.mapped(self.conjugate, slopes).total()

    def _value(self, product: Any) -> Any:
        return self.mapped(self.term, self.scores(product)).total()

    def _second(self, product: Any, direction: Any) -> Any:
        return self.back(self.score_bends(product).hadamard(self.scores(direction)))

    def _hessian(self, product: Any) -> Any:
        bends = self.score_bends(product)
        if not self.has_inputs:
            return bends.diagonal()
        x = self.data("X", product)
        rows = [bends.block([r], range(bends.cols)) for r in range(bends.rows)]
        return block_diagonal([scaled_gram(x, row) for row in rows])


def scaled_gram(x: Any, weights: Any) -> Any:
    """X·diag(a)·Xᵀ for the n×N matrix X and the weights a, a 1×N matrix.

    >>> scaled_gram(ExactMatrix.of([[1, 2]]), ExactMatrix.of([[3, 5]]))
    ExactMatrix([[23]])
    """
    return x.hadamard(type(x).of_blocks([[weights]] * x.rows)) @ x.T


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
