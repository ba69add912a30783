"""Relations between traces on demand: from equations between matrices and from one another."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from proofkit import kernel
from proofkit.algebra.traces import find_trace_cofactors
from proofkit.claims import Claim
from proofkit.kernel import KernelError, Theorem
from proofkit.language import claims as c
from proofkit.language import terms as t
from proofkit.language.binding import close_binder, open_binder
from proofkit.language.sorts import bound_term
from proofkit.language.terms import Real, Term
from proofkit.script.certificates import left_word
from proofkit.script.tactics import Tactic

if TYPE_CHECKING:
    from proofkit.script.proof import Fact, Proof

__all__ = ["traces"]


def traces(*facts: Fact) -> Tactic:
    """A relation between real numbers, from matrix equations inside traces and real relations.

    Matrix equations are used as rewriting rules, also around the end of a trace; of the real
    relations a linear combination is sought.
    """

    def find(proof: Proof, claim: Claim, goal: Term) -> Theorem:
        equations = [f for f in facts if f.theorem.conclusion[0] == "mnull"]
        relations = [f.theorem for f in facts if f.theorem.conclusion[0] != "mnull"]
        for term in (goal, *(theorem.conclusion for theorem in relations)):
            if term[0] not in ("rnonneg", "rpos", "rnull", "false"):
                raise KernelError("traces", "not a relation between real numbers", found=term)
        oracle = proof.ranges.oracle()
        pairs = [(f.theorem.conclusion[1], left_word(f, oracle)) for f in equations]
        wanted = t.constant(-1) if goal[0] == "false" else goal[1]
        reduced = [
            find_trace_cofactors(real, pairs, oracle)[1]
            for real in (wanted, *(theorem.conclusion[1] for theorem in relations))
        ]
        multipliers = _combination(reduced[0], reduced[1:], goal[0] != "rnull")
        if multipliers is None:
            raise KernelError(
                "traces",
                "no combination of the facts gives the goal",
                goal,
                f"this is left: {t.show(reduced[0])}",
            )
        total = wanted
        for theorem, multiplier in zip(relations, multipliers, strict=True):
            total = t.real_sum(total, theorem.conclusion[1], -multiplier)
        cofactors, _ = find_trace_cofactors(total, pairs, oracle)
        premises = list(relations)
        scales = [t.constant(m) for m in multipliers]
        for number, cofactor in cofactors.items():
            theorem, sign = trace_of_null(equations[number].theorem, cofactor)
            premises.append(theorem)
            scales.append(t.constant(sign))
        return kernel.real_linear(goal, premises, scales)

    return Tactic("traces", facts, find)


def trace_of_null(equation: Theorem, cofactor: Term) -> tuple[Theorem, int]:
    """⊢ tr(X·C) = 0 from ⊢ X = 0, and the sign under which the claim holds tr(X·C)."""
    null = equation.conclusion[1]
    sort = ("matrix", null[1], null[2])
    variable: Term = ("var", "_z", sort)
    body = c.real_null(t.trace(t.matrix_product(bound_term(variable), cofactor)))
    template = ("forall", sort, close_binder(body, [variable]))
    zero = t.zero(null[1], null[2])
    trivial = kernel.real_linear(open_binder(template[2], (zero,)), [], [])
    theorem = kernel.rewrite(template, zero, null, equation, trivial)
    value = t.trace(t.matrix_product(null, cofactor))
    return theorem, 1 if theorem.conclusion[1] == value else -1


def _combination(goal: Real, given: Sequence[Real], slack: bool) -> list[Fraction] | None:
    """Multipliers λ with goal = Σ λ·given (up to a constant if ``slack``), by elimination."""
    columns = [dict(real[1]) for real in given]
    if slack:
        columns.append({t.ONE: 1})
    rows = sorted({m for column in (*columns, dict(goal[1])) for m in column})
    table = [
        [Fraction(col.get(m, 0)) for col in columns] + [Fraction(dict(goal[1]).get(m, 0))]
        for m in rows
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
