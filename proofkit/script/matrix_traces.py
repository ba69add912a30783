"""Relations between traces on demand: from equations between matrices and from one another."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from proofkit.algebra.cofactors import Effort, Step, find_cofactors, normal_forms
from proofkit.algebra.raw import raw
from proofkit.claims import Claim
from proofkit.kernel import KernelError, Theorem
from proofkit.kernel.nodes import Term
from proofkit.kernel.terms import ONE, number, plus, scaled
from proofkit.script.derived import combined, scalar
from proofkit.script.equations import is_matrix_equation
from proofkit.script.matching import fact as textbook_fact
from proofkit.script.products import scaled_number
from proofkit.script.tactics import Tactic
from proofkit.script.wording import text

if TYPE_CHECKING:
    from proofkit.script.proof import Fact, Proof

__all__ = ["traces"]


def traces(*facts: Fact) -> Tactic:
    """A relation between real numbers, from matrix equations inside traces and real relations.

    Matrix equations are used as rewriting rules, also around the end of a trace; of the real
    relations a linear combination is sought.
    """

    def find(proof: Proof, claim: Claim, goal: Term) -> Theorem:
        equations = [f.theorem for f in facts if is_matrix_equation(f.theorem.conclusion)]
        relations = [f.theorem for f in facts if not is_matrix_equation(f.theorem.conclusion)]
        for term in (goal, *(theorem.conclusion for theorem in relations)):
            if term[0] not in ("rnonneg", "rpos", "null", "false") or is_matrix_equation(term):
                raise KernelError("traces", "not a relation between real numbers", found=term)
        oracle = proof.ranges.oracle()
        zeros = [(theorem.conclusion[1], None) for theorem in equations]
        wanted = number(-1) if goal[0] == "false" else goal[1]
        numbers = [wanted, *(theorem.conclusion[1] for theorem in relations)]
        for effort in (Effort.REDUCING, Effort.COMPLETING):
            reduced = normal_forms(numbers, zeros, oracle, effort)
            multipliers = _combination(reduced[0], reduced[1:], goal[0] in ("rnonneg", "rpos"))
            if multipliers is None and goal[0] == "false":
                multipliers = _absurd(relations, reduced[1:])
            if multipliers is not None:
                break
        else:
            raise KernelError(
                "traces",
                f"no combination of the facts gives the goal\n  this is left: {text(reduced[0])}",
                goal,
            )
        total, rest = wanted, reduced[0]
        for n, m in enumerate(multipliers, 1):
            total = plus(total, numbers[n], -m.numerator, m.denominator)
            rest = plus(rest, reduced[n], -m.numerator, m.denominator)
        found = find_cofactors(plus(total, rest, -1), zeros, oracle, effort)
        equations += [textbook_fact("one by one", word) for word in found.words]
        inside = [
            scaled_number(t, equations[t.equation]) for t in found.terms if not isinstance(t, Step)
        ]
        premises = [*relations, *(theorem for theorem, _ in inside)]
        scales = [*map(scalar, multipliers), *(scale for _, scale in inside)]
        return combined(goal, premises, scales, oracle.theorems())

    return Tactic("traces", facts, find)


def _absurd(relations: Sequence[Theorem], given: Sequence[Term]) -> list[Fraction] | None:
    """Multipliers under which the relations say 0 > 0."""
    for n, theorem in enumerate(relations):
        if theorem.conclusion[0] == "rpos":
            others = [*given[:n], *given[n + 1 :]]
            found = _combination(scaled(given[n], -1), others, False)
            if found is not None:
                return [*found[:n], Fraction(1), *found[n:]]
    return None


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
