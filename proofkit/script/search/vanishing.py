"""What has a square that is zero is zero: A from ‖A‖² ≤ 0, and x from x² = 0."""

from __future__ import annotations

from collections.abc import Iterator

from proofkit import kernel
from proofkit.kernel.claims import negation, null
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.reading import PLAIN, read_by
from proofkit.kernel.terms import minus, number, times
from proofkit.script.derived import combined
from proofkit.script.matching import fact
from proofkit.script.search.state import Found, Search

__all__ = ["by_its_square"]


def by_its_square(search: Search, goal: Term, depth: int) -> Iterator[Found]:
    """An equation, as the square of the difference of its sides is zero or less."""
    e = goal[1]
    if not search.named or (depth and not _is_letter(e)):
        return
    if e[0] == "num":
        square = search.prove(read_by(PLAIN, null(times(e, e))), depth + 2)
        if square is not None:
            both = kernel.modus_ponens(fact("product that is zero", e, e), square)
            zero = kernel.assume(goal)
            yield Found("textbook: product that is zero", kernel.cases(both, zero, zero))
        return
    opposite = kernel.assume(negation(goal))
    positive = kernel.modus_ponens(fact("square norm is positive", *e[1:3], e), opposite)
    square = positive.conclusion[1]
    for said in (node("rnonneg", minus(number(0), square)), read_by(PLAIN, null(square))):
        none = search.prove(said, depth + 2)
        if none is not None:
            scale = -1 if none.conclusion == ("null", square) else 1
            wrong = combined(("false",), [positive, none], [number(1), number(scale)])
            theorem = kernel.reductio(opposite.conclusion, wrong)
            yield Found("textbook: square norm is positive", theorem)


def _is_letter(e: Term) -> bool:
    """Whether a matrix is one letter: what a condition such as v ≠ 0 is about."""
    return bool(e[0] == "mat" and len(e[3]) == 1 and len(e[3][0][0][1]) == 1)
