"""A family from an expression template: ``(w11 - {a})**2 + {c}*w12**2`` with ranges for a and c."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from proofkit.sweep.families import Data, Family, dyadic
from proofkit.sweep.jets import Jet, jet
from proofkit.sweep.lanes import Array

if TYPE_CHECKING:
    from proofkit.networks.floating import FloatMatrix
    from proofkit.networks.losses import Loss
    from proofkit.networks.running import FloatScalar

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
        self._tree = parse_expression(filled, (row, max(shape[1], len(self.holes))))

    def draw(self, rng: np.random.Generator) -> dict[str, Array]:
        values = {name: dyadic(rng.uniform(*self.ranges[name])) for name in self.holes}
        # A template without holes still has data, one entry for each problem.
        return values | {"": np.zeros(())}

    def numbers(self, data: Data) -> dict[str, float]:
        return {name: float(data[name]) for name in self.holes}

    def _jet(self, data: Data, w: Array, derivatives: bool = True) -> Jet:
        rows, cols = self.shape
        places = [(r + 1, c + 1) for r in range(rows) for c in range(cols)]
        values = {(r, c): w[r - 1, c - 1] for r, c in places}
        for at, name in enumerate(self.holes, start=1):
            values[rows + 1, at] = data[name]
        return jet(self._tree, values, places if derivatives else [])

    def value(self, data: Data, w: Array) -> Array:
        found = np.broadcast_to(self._jet(data, w, False).value, w.shape[-1:])
        return np.where(np.isnan(found), np.inf, found)

    def slope(self, data: Data, w: Array) -> Array:
        first = self._jet(data, w).first
        return np.zeros(w.shape) if first is None else first.reshape(w.shape)

    def bend(self, data: Data, w: Array) -> Array:
        second = self._jet(data, w).second
        size = w.shape[0] * w.shape[1]
        return np.zeros((size, size, w.shape[-1])) if second is None else second

    def bounds(self, data: Data) -> tuple[Array, Array]:
        raise NotImplementedError("nothing is known about the derivatives of a template")

    def certain(self, data: Data, w: FloatMatrix) -> tuple[FloatScalar, FloatMatrix]:
        raise NotImplementedError("minima of a template are not certified")

    def loss(self, data: Data) -> Loss:
        from proofkit.networks.expression_loss import ExpressionLoss
        from proofkit.networks.expressions import parse_expression
        from proofkit.networks.numbers import format_number
        from proofkit.sweep.families import rationals

        def number(match: re.Match[str]) -> str:
            ((exact,),) = rationals(np.array([[data[match[1]]]]))
            return f"({format_number(exact)})"

        text = _HOLE.sub(number, self.template)
        return ExpressionLoss(self.shape, parse_expression(text, self.shape), self.convex)
