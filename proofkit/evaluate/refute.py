"""Refutations: a small concrete instance where the hypotheses of a false claim hold and it fails.

A refutation is certain, because it is checked exactly; the search is bounded, and finding none
says nothing.

>>> from proofkit.claims import Equal
>>> from proofkit.symbols import MatrixVariable, natural
>>> n = natural('n')
>>> A, B = MatrixVariable('A', n, n), MatrixVariable('B', n, n)
>>> print(refute(Equal((A * B).T, A.T * B.T)))
(A·B)ᵀ = Aᵀ·Bᵀ fails for n = 2 and
  A = [[1, 0], [-2, -2]]
  B = [[-2, 1], [1, 1]]
where the left side is [[-2, 2], [1, -4]] and the right side is [[-4, -1], [-2, -2]]
>>> refute(Equal((A * B).T, B.T * A.T)) is None
True
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from proofkit.claims import Claim, Equal, ForAll, Implies, Less, LessEqual, RankBelow, RankIs
from proofkit.evaluate.claims import evaluate
from proofkit.evaluate.environment import Environment, OutOfRange
from proofkit.evaluate.instances import drawn, is_decidable, repaired, variables_of
from proofkit.evaluate.junk import some_junk
from proofkit.evaluate.terms import index_value, matrix_value, real_value
from proofkit.networks.random import generator
from proofkit.networks.scalars import Undecidable
from proofkit.symbols import (
    Family,
    Function,
    Identity,
    MatrixTerm,
    MatrixVariable,
    WidthFunction,
    Zero,
    rank,
)
from proofkit.symbols.encode import is_index
from proofkit.symbols.faults import LanguageError
from proofkit.trace import Quantity
from proofkit.words.reals import Undefined

__all__ = ["Refutation", "refute", "side_quantities"]

TRIES = 60
"""Instances drawn: a third of them with all sizes 1, a third with sizes to 2, the rest to 3."""


@dataclass(frozen=True)
class Refutation:
    """Values for the variables of a claim under which its hypotheses hold and it does not."""

    claim: Claim
    numbers: tuple[tuple[str, str], ...]
    matrices: tuple[tuple[str, str], ...]
    sides: tuple[str, str] | None = None
    quantities: tuple[Quantity, ...] = ()
    """The values again, and of an equation or inequality its sides, for views to print."""
    env: Environment | None = None

    def __str__(self) -> str:
        numbers = ", ".join(f"{name} = {value}" for name, value in self.numbers)
        matrices = [f"  {name} = {value}" for name, value in self.matrices]
        where = " and" if numbers and matrices else ""
        lines = [f"{self.claim} fails for {numbers}{where}".rstrip(), *matrices]
        if self.sides is not None:
            left, right = self.sides
            lines.append(f"where the left side is {left} and the right side is {right}")
        return "\n".join(lines)


def refute(
    claim: Claim,
    given: Sequence[Claim] = (),
    *,
    seed: int = 0,
    tries: int = TRIES,
    junk: bool = False,
) -> Refutation | None:
    """An instance on which all of ``given`` hold and the claim fails, or None if none was found.

    Claims that can only be sampled (about all matrices near a point, say) are never refuted, and
    as hypotheses never taken to hold.  Nor is anything refuted where a word is undefined, unless
    ``junk`` values are wanted there, 0 or random ones: a fact must hold whatever values there are.
    """
    given, goal = _sequent(claim, tuple(given))
    if not is_decidable(goal):
        return None
    variables = variables_of((goal, *given))
    for attempt in range(tries):
        rng = generator((seed, attempt))
        try:
            env = drawn(variables, given, rng, 1 + 3 * attempt // tries)
            env = repaired(env, given, rng)
            if junk:
                env = Environment(env.values, junk=some_junk(attempt))
            if not all(_is_established(h, env) for h in given):
                continue
            outcome = evaluate(goal, env)
        except (OutOfRange, LanguageError, Undecidable, Undefined):
            continue  # a layer, a width, a value or a meaning is missing on this instance
        if not outcome.unknown and not outcome.everywhere:
            return _refutation(goal, variables, env)
    return None


# ── The claim ──────────────────────────────────────────────────────────────────────────────────
def _sequent(claim: Claim, given: tuple[Claim, ...]) -> tuple[tuple[Claim, ...], Claim]:
    """The claim with its outer quantifiers dropped and its premises among the hypotheses."""
    while True:
        if isinstance(claim, Implies):
            *premises, claim = claim.args
            given = (*given, *premises)
        elif isinstance(claim, ForAll):
            taken = {v.name for v in variables_of((claim, *given))}
            if any(v.name in taken for v in claim.variables):
                return given, claim
            claim = claim.body
        else:
            return given, claim


def _is_established(claim: Claim, env: Environment) -> bool:
    outcome = evaluate(claim, env)
    return outcome.everywhere and not outcome.unknown and not outcome.sampled


# ── What is reported ───────────────────────────────────────────────────────────────────────────
def _refutation(goal: Claim, variables: list[Any], env: Environment) -> Refutation:
    numbers, matrices = [], []
    for v in variables:
        value = env[v]
        if isinstance(v, WidthFunction):
            numbers += [(f"{v}({at})", str(width)) for at, width in value.items()]
        elif isinstance(v, Family):
            matrices += [(f"{v}[{at}]", _shown(m)) for at, m in value.members.items() if at > 0]
        elif isinstance(v, MatrixVariable):
            matrices.append((str(v), _shown(value)))
        elif isinstance(v, Function):
            target, weights = _shown(value.target), _shown(value.weights)
            matrices.append((f"{v}(W)", f"the sum of {weights}·(W − {target})², entry by entry"))
        else:
            numbers.append((str(v), str(value)))
    sides = None
    if isinstance(goal, (Equal, LessEqual, Less)):
        left, right = (_side(a, env) for a in goal.args)
        sides = (left, right)
    return Refutation(
        goal, tuple(numbers), tuple(matrices), sides, _quantities(goal, variables, env), env
    )


def _quantities(goal: Claim, variables: list[Any], env: Environment) -> tuple[Quantity, ...]:
    found = []
    for v in variables:
        value = env[v]
        if isinstance(v, Family):
            members = value.members.items()
            found += [Quantity(f"{v}_{at}", _rows(m)) for at, m in members if at > 0]
        elif isinstance(v, MatrixVariable):
            found.append(Quantity(v, _rows(value)))
    return (*found, *side_quantities(goal, env))


def side_quantities(claim: Claim, env: Environment) -> tuple[Quantity, ...]:
    """The two sides of an equation or inequality, or the term of an abbreviation, with values."""
    if isinstance(claim, (Equal, LessEqual, Less)):
        terms = [x for x in claim.args if not getattr(x, "is_number", False)]
        terms = [x for x in terms if not isinstance(x, (Zero, Identity))]
    else:
        terms = [x for x in claim.args[:1] if isinstance(x, MatrixTerm)]
    found = []
    for term in terms:
        if isinstance(term, MatrixTerm):
            found.append(Quantity(term, _rows(matrix_value(term, env))))
            if isinstance(claim, (RankIs, RankBelow)):
                found.append(Quantity(rank(term), ((str(index_value(rank(term), env)),),)))
        else:
            found.append(Quantity(term, ((_side(term, env),),)))
    return tuple(found)


def _rows(matrix: Any) -> tuple[tuple[str, ...], ...]:
    if hasattr(matrix, "entries"):
        return tuple(tuple(map(str, row)) for row in matrix.entries())
    return tuple(tuple(f"{x:.6g}" for x in row) for row in matrix.value[0])


def _side(x: Any, env: Environment) -> str:
    if isinstance(x, MatrixTerm):
        return _shown(matrix_value(x, env))
    return str(index_value(x, env) if is_index(x) else real_value(x, env))


def _shown(matrix: Any) -> str:
    return "[" + ", ".join("[" + ", ".join(map(str, row)) + "]" for row in matrix.entries()) + "]"
