"""An environment gives every symbol of a proof a concrete value.

Indices are integers, widths a function of the layer, families their layers, functions losses,
matrices `ExactMatrix` or (batches of) `FloatMatrix`, reals exact numbers or `FloatScalar`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from proofkit.networks.exact import ExactMatrix
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.matrices import Matrix

__all__ = ["Environment", "Layers", "OutOfRange", "Unsuitable"]


class OutOfRange(IndexError):
    """A layer, width or chain that the concrete network does not have."""


class Unsuitable(ValueError):
    """A network that a result does not speak about, such as several towers for one."""


@dataclass(frozen=True)
class Layers:
    """A concrete family: its members by index.

    >>> Layers({1: ExactMatrix.identity(2)}).member(1).shape
    (2, 2)
    """

    members: Mapping[Any, Matrix]

    def member(self, at: Any) -> Matrix:
        """The member at an index; `OutOfRange` when there is none."""
        if at not in self.members:
            raise OutOfRange(f"no member {at}; there are {sorted(self.members)}")
        return self.members[at]


@dataclass(frozen=True)
class Environment:
    """Values for symbols, the arithmetic (exact or float), and the number of instances."""

    values: Mapping[Any, Any]
    exact: bool = True
    batch: int = 1
    seed: int = 0
    notes: Mapping[str, str] = field(default_factory=dict)

    def having(self, values: Mapping[Any, Any]) -> Environment:
        """The environment with more symbols, or others of the same name, given values."""
        return replace(self, values={**self.values, **values})

    def __getitem__(self, symbol: Any) -> Any:
        if symbol not in self.values:
            raise OutOfRange(f"{symbol} has no value here")
        return self.values[symbol]

    @property
    def kind(self) -> Callable[..., Matrix]:
        """The matrix class of this arithmetic."""
        return ExactMatrix if self.exact else FloatMatrix  # type: ignore[return-value]

    def identity(self, n: int) -> Matrix:
        """The n×n identity."""
        return self.kind.identity(n)  # type: ignore[attr-defined,no-any-return]

    def zeros(self, rows: int, cols: int) -> Matrix:
        """The zero matrix."""
        return self.kind.zeros(rows, cols)  # type: ignore[attr-defined,no-any-return]
