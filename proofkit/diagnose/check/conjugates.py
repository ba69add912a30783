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

from proofkit.diagnose.check.invariance import kernel_basis
from proofkit.diagnose.check.rationals import is_rational
from proofkit.networks.array_matrix import Array, ArrayMatrix, array
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.losses import Loss

__all__ = ["Conjugate", "conjugate_of"]


class Conjugate:
    """g and g* of a loss, with the entries of W that matter.

    Attributes:
        rows: how many rows of W matter, the first ones.
        columns: J, the columns of W that matter.
        samples: N, the columns of D.
        kernel: rows that span {k : D_J kᵀ = 0}, (N − |J|)×N.
    """

    def __init__(self, loss: Loss) -> None:
        self.loss: Any = loss
        m, n = loss.shape
        self.rows = m - 1 if loss.shifted else m
        self.columns, self.samples, self.kernel = list(range(n)), n, ExactMatrix.zeros(0, n)
        if loss.inputs is not None:
            self.columns, self.samples = _basis(loss.inputs), loss.inputs.cols
            self.kernel = kernel_basis(loss.inputs.block(self.columns, range(self.samples))).T

    def spread(self) -> ExactMatrix:
        """C with D = C·D_J, so that WD = (WC)·D_J."""
        data = self.loss.inputs
        if data is None:
            return ExactMatrix.identity(self.samples)
        spread: ExactMatrix = data @ data.block(self.columns, range(data.cols)).pseudo_inverse()
        return spread

    @property
    def chances(self) -> Array:
        """Where the labels are, on the rows that matter: softmax only."""
        return array(self.loss.Y)[: self.rows]

    def slope(self, w: Array) -> Array:
        """g′(WD) on the rows that matter, (B, rows, N), in floats."""
        with ArrayMatrix.working():
            slopes: Array = self.loss.score_slopes(ArrayMatrix(w)).value
        return slopes[:, : self.rows]

    def value(self, slopes: Any) -> Any:
        """g*(S) for S on the rows that matter, plain floats or balls; infinite outside its domain.

        Balls are also infinite where S may lie outside.
        """
        with slopes.working():
            return self.loss.conjugate_sum(slopes)

    def floats(self, s: Array) -> Array:
        """g*(S) for arrays (…, rows, N)."""
        value: Array = self.value(ArrayMatrix(s))
        return value


def conjugate_of(loss: Loss) -> Conjugate | None:
    """The conjugate, or ``None`` where none of the forms above fits.

    >>> from proofkit.networks.losses import SoftmaxLoss
    >>> conjugate_of(SoftmaxLoss(ExactMatrix.of([[1, 2], [2, 4]]), (0, 1), 3)).columns
    [0]
    """
    if not loss.has_conjugate:
        return None
    X = loss.inputs
    if X is not None and (not is_rational(X) or X.is_zero() or loss.shape[0] == 1):
        return None
    return Conjugate(loss)


def _basis(matrix: ExactMatrix) -> list[int]:
    """The first rows that span all rows."""
    kept: list[int] = []
    for row in range(matrix.rows):
        if int(matrix.block([*kept, row], range(matrix.cols)).rank()) == len(kept) + 1:
            kept.append(row)
    return kept
