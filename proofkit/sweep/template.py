"""A family from an expression template: ``(w11 - {a})**2 + {c}*w12**2`` with ranges for a and c."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from proofkit.sweep.families import Data, Family, dyadic, rationals
from proofkit.sweep.lanes import Array

if TYPE_CHECKING:
    from proofkit.networks.losses import Loss

__all__ = ["Template"]

_HOLE = re.compile(r"\{([A-Za-z][A-Za-z0-9_]*)\}")


class Template(Family):
    """f(W) is the template with its holes filled by uniform draws from the ranges.

    Nothing is known about derivatives beyond the second, so minima are numerical until
    ``proofkit diagnose`` is asked about them and proves them.
    """

    name: ClassVar[str] = "expression"
    words: ClassVar[str] = "an expression template"
    certifies: ClassVar[bool] = False

    def __init__(
        self,
        shape: tuple[int, int],
        ranges: Mapping[str, tuple[float, float]],
        template: str,
        convex: bool | None,
    ) -> None:
        from proofkit.networks.expression_loss import ExpressionLoss
        from proofkit.networks.expressions import parse_expression

        super().__init__(shape, ranges)
        self.template, self.convex = template, convex
        self.holes = tuple(dict.fromkeys(_HOLE.findall(template)))
        missing = [h for h in self.holes if h not in ranges]
        if missing:
            raise ValueError(f"the template's {{{missing[0]}}} has no range")
        unused = [name for name in ranges if name not in self.holes]
        if unused:
            raise ValueError(f"there is no {{{unused[0]}}} in the template")
        self.parameter = self.holes[0] if len(self.holes) == 1 else ""
        # The user's own text must stay inside W: the parameters' row is added behind it.
        parse_expression(_HOLE.sub("1", template), shape)
        row = shape[0] + 1
        filled = _HOLE.sub(lambda m: f"w[{row},{self.holes.index(m[1]) + 1}]", template)
        size = row, max(shape[1], len(self.holes))
        self._loss = ExpressionLoss(size, parse_expression(filled, size))

    def draw(self, rng: np.random.Generator) -> dict[str, Array]:
        values = {name: dyadic(rng.uniform(*self.ranges[name])) for name in self.holes}
        # A template without holes still has data, one entry for each problem.
        return values | {"": np.zeros(())}

    def numbers(self, data: Data) -> dict[str, float]:
        return {name: float(data[name]) for name in self.holes}

    def losses(self, data: Data) -> Loss:
        """The template with its holes as entries of one more row, see ``_with_holes``."""
        return self._loss

    def _with_holes(self, data: Data, w: Array) -> Array:
        rows, cols = self.shape
        whole = np.zeros((*self._loss.shape, w.shape[-1]))
        whole[:rows, :cols] = w
        for at, name in enumerate(self.holes):
            whole[rows, at] = data[name]
        return whole

    def value(self, data: Data, w: Array) -> Array:
        found = super().value(data, self._with_holes(data, w))
        return np.where(np.isnan(found), np.inf, found)

    def slope(self, data: Data, w: Array) -> Array:
        rows, cols = self.shape
        return super().slope(data, self._with_holes(data, w))[:rows, :cols]

    def bend(self, data: Data, w: Array) -> Array:
        rows, cols = self.shape
        whole = super().bend(data, self._with_holes(data, w))
        blocks = whole.reshape(*self._loss.shape, *self._loss.shape, -1)[:rows, :cols, :rows, :cols]
        return blocks.reshape(rows * cols, rows * cols, -1)

    def bounds(self, data: Data) -> tuple[Array, Array]:
        raise NotImplementedError("nothing is known about the derivatives of a template")

    def loss(self, data: Data) -> Loss:
        from proofkit.networks.expression_loss import ExpressionLoss
        from proofkit.networks.expressions import parse_expression
        from proofkit.networks.numbers import format_number

        def number(match: re.Match[str]) -> str:
            ((exact,),) = rationals(np.array([[data[match[1]]]]))
            return f"({format_number(exact)})"

        text = _HOLE.sub(number, self.template)
        return ExpressionLoss(self.shape, parse_expression(text, self.shape), self.convex)
