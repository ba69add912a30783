"""A loss and a critical point as the global proofs look at them: only what matters to f is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import flint

from proofkit.diagnose.check.conjugates import Conjugate, conjugate_of
from proofkit.diagnose.check.rationals import balls
from proofkit.networks.ball_matrix import product_of_balls
from proofkit.networks.losses import Loss

__all__ = ["BITS", "Case", "Table", "case_of", "padded", "transposed"]

BITS = 96
"""The working precision."""

Table = list[list[Any]]


@dataclass(frozen=True)
class Case:
    """A loss on the side of W that has the smaller charts, and (A, B) as it is seen from there.

    Only the entries of W that matter are kept (``conjugates``): A has ``conjugate.rows`` rows, B
    the columns ``conjugate.columns``. ``turned``: the loss is that of Wᵀ.
    """

    loss: Loss
    conjugate: Conjugate
    A: Table
    B: Table
    turned: bool

    @property
    def width(self) -> int:
        """d."""
        return len(self.B)

    @property
    def narrow(self) -> bool:
        """Whether d is a bottleneck: less than the rows and columns that matter."""
        return self.width < min(self.conjugate.rows, len(self.conjugate.columns))


def case_of(loss: Loss, A: Table, B: Table) -> Case | None:
    """The case of (A, B), tables of balls; ``None`` where no conjugate is known or d = 0."""
    if not B or not B[0] or conjugate_of(loss) is None:
        return None
    other = loss.transposed() if loss.shape[1] < loss.shape[0] else None
    if other is not None:
        loss, A, B = other, transposed(B), transposed(A)
    conjugate = conjugate_of(loss)
    if conjugate is None:
        return None
    with flint.ctx.workprec(BITS):
        if conjugate.rows < len(A):
            A = [[x - y for x, y in zip(line, A[-1], strict=True)] for line in A[:-1]]
        if len(conjugate.columns) < len(B[0]):
            B = product_of_balls(B, balls(conjugate.spread().entries(), BITS))
    return Case(loss, conjugate, A, B, other is not None)


def padded(case: Case, A: Table, B: Table) -> tuple[Table, Table]:
    """(A, B) with zeros in the entries that do not matter."""
    rows, cols = case.loss.shape
    zero = flint.arb(0)
    above = [*A, *([zero] * case.width for _ in range(rows - len(A)))]
    places = {c: i for i, c in enumerate(case.conjugate.columns)}
    return above, [[line[places[c]] if c in places else zero for c in range(cols)] for line in B]


def transposed(table: Table) -> Table:
    """The rows as columns."""
    return [list(column) for column in zip(*table, strict=True)]
