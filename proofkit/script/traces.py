"""Relations between traces on demand: from equations between matrices and from one another."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from proofkit.algebra.raw import raw
from proofkit.algebra.traces import find_trace_cofactors
from proofkit.claims import Claim
from proofkit.kernel import KernelError, Theorem
from proofkit.kernel.nodes import Term
from proofkit.kernel.terms import ONE, number, plus
from proofkit.script.certificates import is_matrix_equation, left_word
from proofkit.script.derived import combined, scalar, trace_of_null
from proofkit.script.tactics import Tactic
from proofkit.wording import text

if TYPE_CHECKING:
    from proofkit.script.proof import Fact, Proof

__all__ = ["traces"]


def traces(*facts: Fact) -> Tactic:
    """A relation between real numbers, from matrix equations inside traces and real relations.

    Matrix equations are used as rewriting rules, also around the end of a trace; of the real
    relations a linear combination is sought.
    """

    def find(proof: Proof, claim: Claim, goal: Term) -> Theorem:
        equations = [f for f in facts if is_matrix_equation(f.theorem.conclusion)]
        relations = [f.theorem for f in facts if f not in equations]
        for term in (goal, *(theorem.conclusion for theorem in relations)):
            if term[0] not in ("rnonneg", "rpos", "null", "false") or is_matrix_equation(term):
                raise KernelError("traces", "not a relation between real numbers", found=term)
        oracle = proof.ranges.oracle()
        pairs = [(f.theorem.conclusion[1], left_word(f, oracle)) for f in equations]
        wanted = number(-1) if goal[0] == "false" else goal[1]
        reduced = [
            find_trace_cofactors(real, pairs, oracle)[1]
            for real in (wanted, *(theorem.conclusion[1] for theorem in relations))
        ]
        multipliers = _combination(reduced[0], reduced[1:], goal[0] != "null")
        if multipliers is None:
            raise KernelError(
                "traces",
                f"no combination of the facts gives the goal\n  this is left: {text(reduced[0])}",
                goal,
            )
        total = wanted
        for theorem, multiplier in zip(relations, multipliers, strict=True):
            total = plus(
                total, theorem.conclusion[1], -multiplier.numerator, multiplier.denominator
            )
        cofactors, _ = find_trace_cofactors(total, pairs, oracle)
        premises = list(relations)
        scales = [scalar(m) for m in multipliers]
        for n, cofactor in cofactors.items():
            theorem, sign = trace_of_null(equations[n].theorem, cofactor)
            premises.append(theorem)
            scales.append(number(sign))
        return combined(goal, premises, scales, oracle.theorems())

    return Tactic("traces", facts, find)


def _combination(goal: Term, given: Sequence[Term], slack: bool) -> list[Fraction] | None:
    """Multipliers λ with goal = Σ λ·given (up to a constant if ``slack``), by elimination."""
    columns = [raw(e) for e in given]
    if slack:
        columns.append({ONE: 1})
    wanted = raw(goal)
    rows = sorted({m for column in (*columns, wanted) for m in column})
    table = [
        [Fraction(col.get(m, 0)) for col in columns] + [Fraction(wanted.get(m, 0))] for m in rows
    ]
    pivots: list[int] = []
    for n in range(len(columns)):
        row = next((r for r in range(len(pivots), len(table)) if table[r][n]), None)
        if row is None:
            continue
        at = len(pivots)
        table[at], table[row] = table[row], table[at]
        table[at] = [x / table[at][n] for x in table[at]]
        for r, line in enumerate(table):
            if r != at and line[n]:
                table[r] = [x - line[n] * y for x, y in zip(line, table[at], strict=True)]
        pivots.append(n)
    if any(line[-1] for line in table[len(pivots) :]):
        return None
    found = dict(zip(pivots, (line[-1] for line in table), strict=False))
    return [found.get(n, Fraction(0)) for n in range(len(given))]
