"""Families of losses to draw problems from, each a few array formulas.

The data of a batch of problems is a mapping from names to arrays with the batch last. Drawn
numbers are multiples of 2⁻¹⁰, so the problem that is searched in floats is exactly the one that
an exported file states.
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import fields
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

import numpy as np

from proofkit.sweep.lanes import Array

if TYPE_CHECKING:
    from proofkit.networks.array_matrix import LaneMatrix
    from proofkit.networks.error_bounds import FloatScalar
    from proofkit.networks.floating import FloatMatrix
    from proofkit.networks.losses import Loss

__all__ = ["Data", "Family", "dyadic", "generator", "lane", "lanes", "rationals", "stacked"]

Data: TypeAlias = Mapping[str, Array]

GRAIN = 2.0**-10


def generator(label: str, index: int) -> np.random.Generator:
    """The generator that the label and the index alone determine.

    >>> generator("a", 3).integers(10**6) == generator("a", 3).integers(10**6)
    np.True_
    """
    return np.random.Generator(np.random.Philox(key=(_word(label) << 64) | index))


@lru_cache(maxsize=64)
def _word(label: str) -> int:
    return int.from_bytes(hashlib.sha256(label.encode()).digest()[:8], "big")


def dyadic(x: Any) -> Array:
    """The nearest multiples of 2⁻¹⁰.

    >>> dyadic([0.3]).tolist()
    [0.2998046875]
    """
    return np.asarray(np.rint(np.asarray(x) / GRAIN) * GRAIN)


def stacked(problems: list[dict[str, Array]]) -> dict[str, Array]:
    """The data of a batch from the data of its problems."""
    return {key: np.stack([p[key] for p in problems], axis=-1) for key in problems[0]}


def lane(data: Data, at: Any) -> dict[str, Array]:
    """The data of some problems of a batch, in the order of ``at``."""
    return {key: array[..., at] for key, array in data.items()}


def lanes(w: Array) -> LaneMatrix:
    """Matrices with the batch last as those with the batch first that losses take."""
    from proofkit.networks.array_matrix import LaneMatrix

    return LaneMatrix(np.moveaxis(w, -1, 0))


class Family(ABC):
    """Losses f on m×n matrices W; all methods but ``draw`` and ``loss`` work on a batch.

    The formulas are those of the kind of loss, on plain floats.
    """

    name: ClassVar[str]
    words: ClassVar[str]
    loss_kind: ClassVar[str] = ""
    """The name of its kind of loss, where that is another."""
    certifies: ClassVar[bool] = True
    """Whether `bounds` and `certain` are known, so that minima can be certified."""
    shift_invariant: ClassVar[bool] = False
    """Whether f stays the same when one row is added to all rows of W."""
    parameter: str = ""
    """The number that ``summarise`` groups by, if the family has one."""
    default_range: ClassVar[tuple[float, float]] = (0.0, 1.0)
    """Where that number is drawn from unless a range is given."""
    logarithmic: ClassVar[bool] = False
    """Whether it is the number's logarithm that is uniform."""

    def __init__(self, shape: tuple[int, int], ranges: Mapping[str, tuple[float, float]]) -> None:
        self.shape = shape
        self.ranges = dict(ranges)

    def draw_parameter(self, rng: np.random.Generator) -> float:
        """The parameter of one problem, a multiple of 2⁻¹⁰."""
        low, high = self.ranges.get(self.parameter, self.default_range)
        if self.logarithmic:
            return float(dyadic(np.exp(rng.uniform(np.log(low), np.log(high)))))
        return float(dyadic(rng.uniform(low, high)))

    @abstractmethod
    def draw(self, rng: np.random.Generator) -> dict[str, Array]:
        """The data of one problem."""

    @property
    def kind(self) -> type[Loss]:
        """The kind of loss; the data have the names of its fields."""
        from proofkit.networks.losses import KINDS

        return KINDS[self.loss_kind or self.name]

    def losses(self, data: Data) -> Loss:
        """The losses of a batch of problems, for arrays and floats with the batch first."""
        kind = self.kind
        return kind.of_batch(
            {
                name: array[:, None, None] if name in kind.numbers else np.moveaxis(array, -1, 0)
                for name, array in data.items()
            },
            self.shape,
        )

    def value(self, data: Data, w: Array) -> Array:
        """f(W), (N,)."""
        return np.asarray(self.losses(data).value(lanes(w)))

    def slope(self, data: Data, w: Array) -> Array:
        """f′(W), (m, n, N)."""
        return np.asarray(np.moveaxis(self.losses(data).gradient(lanes(w)).value, 0, -1))

    def bend(self, data: Data, w: Array) -> Array:
        """f″(W), (mn, mn, N), or its diagonal (mn, N) where it is diagonal."""
        losses: Any = self.losses(data)
        if not losses.entrywise:
            return np.moveaxis(losses.hessian(lanes(w)).value, 0, -1)
        bends: Array = np.moveaxis(losses.score_bends(lanes(w)).value, 0, -1)
        return bends.reshape(-1, w.shape[-1])

    @abstractmethod
    def bounds(self, data: Data) -> tuple[Array, Array]:
        """Bounds of ‖f″‖ and ‖f‴‖ wherever these exist, (N,) each; NaN where none is known."""

    def smooth_radius(self, data: Data, w: Array) -> Array:
        """How far from W, in the Frobenius norm, f is three times differentiable: (N,)."""
        return np.full(w.shape[-1], np.inf)

    def certain(self, data: Data, w: FloatMatrix) -> tuple[FloatScalar, FloatMatrix]:
        """f(W) and f′(W) with error bounds, for a batch of matrices with the batch first."""
        losses = self.losses(data)
        return losses.value(w), losses.gradient(w)

    def loss(self, data: Data) -> Loss:
        """The exact loss of one problem, its data without a batch axis."""
        from proofkit.networks.exact import ExactMatrix

        made: dict[str, Any] = {}
        for name in (field.name for field in fields(self.kind)):  # type: ignore[arg-type]
            if name == "size":
                made[name] = self.shape
            elif name in data:
                is_number = name in self.kind.numbers
                made[name] = (
                    data[name].item() if is_number else ExactMatrix.of(rationals(data[name]))
                )
        return self.kind(**made)

    def numbers(self, data: Data) -> dict[str, float]:
        """What a row tells of one problem: the parameter, where there is one."""
        return {self.parameter: float(data[self.parameter])} if self.parameter else {}


def rationals(array: Array) -> list[list[Fraction]]:
    """The rows of a matrix as the rational numbers that its floats are."""
    return [[Fraction(float(x)) for x in line] for line in array]
