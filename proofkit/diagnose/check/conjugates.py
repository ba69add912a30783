"""Losses f(W) = g(WD) whose convex conjugate g* is known in closed form: bounds from below.

For every S, g(Z) ≥ ⟨S, Z⟩ − g*(S) with g*(S) = sup ⟨S, Z⟩ − g(Z) (Fenchel and Young), and g* is
convex. D is the data, the identity for losses that are sums over the entries of W:

- weighted squared, all weights a > 0: g* = Σ s²/4a + s·t;
- squared: g* = Σ s²/4 + s·y;
- Huber: g* = Σ s²/2 + s·y where every |s| ≤ δ;
- logistic, counts p + q > 0: with c = p + q and π = (s + p)/c in [0, 1],
  g* = Σ c(π log π + (1 − π) log(1 − π));
- softmax: g* = Σ P log P over the columns of probabilities P = S + (indicator of the labels).

Some entries of W do nothing, and are kept 0 here without loss of generality, for a matrix of rank
≤ d is changed by neither to one of higher rank: softmax is invariant under W → W + 1vᵀ, so the last
row of W may be 0 (the last row of P is then 1 minus the others); and with J such that the rows of
D numbered J are a basis of all rows, D = C·D_J, WD = (WC)·D_J, so only the columns J may be used.

Source: R. T. Rockafellar, *Convex Analysis*, 1970, section 12.
"""

from __future__ import annotations

from typing import Any

import flint
import numpy as np

from proofkit.diagnose.check.invariance import kernel_basis
from proofkit.diagnose.check.rationals import is_rational
from proofkit.diagnose.enclosures import BallLoss
from proofkit.diagnose.numeric import Array, NumericLoss
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.losses import (
    HuberLoss,
    LogisticLoss,
    Loss,
    SoftmaxLoss,
    SquaredLoss,
    WeightedSquaredLoss,
)
from proofkit.networks.scalars import enclose, sign

__all__ = ["Conjugate", "conjugate_of"]

Table = list[list[Any]]
_ROUNDING = 1e-15


class Conjugate:
    """g and g* of a loss, with the entries of W that matter.

    Attributes:
        rows: how many rows of W matter, the first ones.
        columns: J, the columns of W that matter.
        samples: N, the columns of D.
        kernel: rows that span {k : D_J kᵀ = 0}, (N − |J|)×N.
    """

    def __init__(self, loss: Loss) -> None:
        self.loss = loss
        m, n = loss.shape
        self.rows = m - 1 if isinstance(loss, SoftmaxLoss) else m
        self.columns, self.samples, self.kernel = list(range(n)), n, ExactMatrix.zeros(0, n)
        if isinstance(loss, SquaredLoss | HuberLoss | SoftmaxLoss):
            self.columns, self.samples = _basis(loss.X), loss.X.cols
            self.kernel = kernel_basis(loss.X.block(self.columns, range(self.samples))).T

    def spread(self) -> ExactMatrix:
        """C with D = C·D_J, so that WD = (WC)·D_J."""
        if not isinstance(self.loss, SquaredLoss | HuberLoss | SoftmaxLoss):
            return ExactMatrix.identity(self.samples)
        data = self.loss.X
        return data @ data.block(self.columns, range(data.cols)).pseudo_inverse()

    def slope(self, numeric: NumericLoss, w: Array) -> Array:
        """g′(WD) on the rows that matter, (B, rows, N), in floats."""
        loss = self.loss
        if isinstance(loss, SoftmaxLoss):
            z = w @ numeric.data[0]
            e = np.exp(z - z.max(axis=1, keepdims=True))
            chances: Array = e / e.sum(axis=1, keepdims=True) - numeric.indicator
            return chances[:, :-1]
        if isinstance(loss, SquaredLoss | HuberLoss):
            r = w @ numeric.data[0] - numeric.data[1]
            return 2 * r if isinstance(loss, SquaredLoss) else np.clip(r, *_ends(numeric.delta))
        return numeric.gradient(w)

    def floats(self, numeric: NumericLoss, s: Array) -> Array:
        """g*(S) for arrays (…, rows, N), in floats; infinite outside its domain."""
        loss = self.loss
        if isinstance(loss, WeightedSquaredLoss):
            target, weights = numeric.data
            terms = s * s / (4 * weights) + s * target
        elif isinstance(loss, SquaredLoss):
            terms = s * s / 4 + s * numeric.data[1]
        elif isinstance(loss, HuberLoss):
            terms = s * s / 2 + s * numeric.data[1]
            terms = np.where(np.abs(s) <= numeric.delta, terms, np.inf)
        elif isinstance(loss, LogisticLoss):
            p, q = numeric.data
            chance = (s + p) / (p + q)
            terms = (p + q) * (_entropy(chance) + _entropy(1 - chance))
        else:
            chances = s + numeric.indicator[:-1]
            terms = _entropy(chances).sum(axis=-2) + _entropy(1 - chances.sum(axis=-2))
            return np.asarray(terms.sum(axis=-1))
        return np.asarray(terms.sum(axis=(-2, -1)))

    def ball(self, loss: BallLoss, s: Table) -> Any:
        """g*(S) as a ball at the current precision; ``None`` where S may lie outside the domain."""
        own = self.loss
        if isinstance(own, LogisticLoss):
            return _total(
                _scaled(p + q, _ball_entropy((x + p) / (p + q)), _ball_entropy((q - x) / (p + q)))
                for x, p, q in _cells(s, loss.data("positive"), loss.data("negative"))
            )
        if isinstance(own, SoftmaxLoss):
            return _total(self._column(column, i) for i, column in enumerate(zip(*s, strict=True)))
        if isinstance(own, WeightedSquaredLoss):
            cells = _cells(s, loss.data("target"), loss.data("weights"))
            return _total(x * x / (4 * a) + x * t for x, t, a in cells)
        if isinstance(own, SquaredLoss):
            return _total(x * x / 4 + x * y for x, y in _cells(s, loss.data("Y")))
        if isinstance(own, HuberLoss):
            delta = enclose(own.delta, loss.bits)
            return _total(
                x * x / 2 + x * y if abs(x) <= delta else None for x, y in _cells(s, loss.data("Y"))
            )
        return None

    def _column(self, column: Any, i: int) -> Any:
        label = self.loss.labels[i] if isinstance(self.loss, SoftmaxLoss) else 0
        chances = [x + int(r == label) for r, x in enumerate(column)]
        last = flint.arb(1)
        for x in chances:
            last -= x
        return _total(_ball_entropy(x) for x in (*chances, last))


def conjugate_of(loss: Loss) -> Conjugate | None:
    """The conjugate, or ``None`` where none of the forms above fits.

    >>> conjugate_of(SoftmaxLoss(ExactMatrix.of([[1, 2], [2, 4]]), (0, 1), 3)).columns
    [0]
    """
    if isinstance(loss, SquaredLoss | HuberLoss | SoftmaxLoss):
        usable = is_rational(loss.X) and not loss.X.is_zero() and loss.shape[0] > 1
        return Conjugate(loss) if usable else None
    if isinstance(loss, WeightedSquaredLoss):
        positive = loss.weights
    elif isinstance(loss, LogisticLoss):
        positive = loss.positive + loss.negative
    else:
        return None
    entries = (x for line in positive.entries() for x in line)
    return Conjugate(loss) if all(sign(x) > 0 for x in entries) else None


def _basis(matrix: ExactMatrix) -> list[int]:
    """The first rows that span all rows."""
    kept: list[int] = []
    for row in range(matrix.rows):
        if int(matrix.block([*kept, row], range(matrix.cols)).rank()) == len(kept) + 1:
            kept.append(row)
    return kept


def _ends(delta: float) -> tuple[float, float]:
    return -delta, delta


def _entropy(x: Array) -> Array:
    """x log x, infinite where x > 0 is not certain."""
    inside = x > _ROUNDING
    return np.where(inside, x * np.log(np.where(inside, x, 1.0)), np.inf)


def _ball_entropy(x: Any) -> Any:
    if x > 0:
        return x * x.log()
    return x if x == 0 else None


def _scaled(factor: Any, *parts: Any) -> Any:
    whole = _total(parts)
    return None if whole is None else factor * whole


def _total(terms: Any) -> Any:
    total = flint.arb(0)
    for term in terms:
        if term is None:
            return None
        total += term
    return total


def _cells(*tables: Table) -> Any:
    return (cell for lines in zip(*tables, strict=True) for cell in zip(*lines, strict=True))
