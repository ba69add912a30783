"""Instances on which all hypotheses of a result but one hold, and its conclusion does not.

Where all of them hold, one variable is moved: an index by a few, a matrix to zero, to a multiple,
to its transpose, to small random and, where it is small, to all small values; layers that a
network does not have are added as zeros or at random.  Variables that a hypothesis defines
(Q = A·A⁺) follow the others.  One search serves all hypotheses of a result.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
from sympy import Integer, Symbol

from proofkit.ci.certain import certain
from proofkit.claims import Equal
from proofkit.evaluate import Environment, Layers, Outcome, evaluate
from proofkit.evaluate.environment import OutOfRange
from proofkit.evaluate.instances import variables_of
from proofkit.evaluate.terms import index_value, matrix_value
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.random import generator
from proofkit.networks.scalars import Undecidable
from proofkit.script import Result
from proofkit.symbols import Family, MatrixVariable, WidthFunction
from proofkit.symbols.encode import is_index
from proofkit.symbols.faults import LanguageError

__all__ = ["Found", "search"]

Named = tuple[str, Environment]

BASES = 12
"""Instances whose variables are moved, those with the fewest numbers first."""

REALS = tuple(Fraction(n, 2) for n in (-4, -1, 0, 1, 2, 4))
SMALL = 4
"""Matrices of up to so many entries are tried with all entries −1, 0, 1."""


@dataclass(frozen=True)
class Found:
    """An instance that shows a hypothesis needed, in words; ``sampled`` says what was only tried.

    A claim about all values or all near points that was tried on samples is not settled.  An
    instance on which the conclusion does not ``fail`` but speaks of layers that are not there
    shows nothing, and says why.
    """

    words: str
    sampled: tuple[str, ...] = ()
    fails: bool = True

    @property
    def settled(self) -> bool:
        """Whether it shows the hypothesis needed."""
        return self.fails and not self.sampled


def search(result: Result, instances: Sequence[Named], seed: int = 0) -> dict[int, Found]:
    """What was found, by the number of the hypothesis (from 0); settled instances go first."""
    finds: dict[int, Found] = {}
    bases = []
    for name, env in instances:
        if env.exact:
            failing = _note(result, finds, name, env)
            if failing == []:
                bases.append((name, env))
    bases.sort(key=lambda named: _size(named[1]))
    bases = bases[:BASES]
    for name, env in [*bases, *_extended(result, bases, seed)]:
        for variable in result.variables:
            for words, moved in _moves(variable, env, seed):
                if not _open(result, finds):
                    return finds
                _note(result, finds, f"{name} with {words}", moved)
                if followed := _followed(result, moved, variable):
                    _note(result, finds, f"{name} with {words} and what it defines", followed)
    return finds


def _open(result: Result, finds: dict[int, Found]) -> bool:
    """Whether a settled instance is still wanted."""
    return any(n not in finds or not finds[n].settled for n in range(len(result.given)))


def _note(result: Result, finds: dict[int, Found], name: str, env: Environment) -> list[int] | None:
    """Which hypotheses fail, None for more than one; an instance for the one that does is noted."""
    if not _fits(result, env):
        return None
    failing, tried = [], []
    for number, hypothesis in enumerate(result.given):
        outcome = outcome_of(hypothesis.claim, env)
        if outcome is None:
            return None
        if not outcome.everywhere:
            failing.append(number)
            if len(failing) > 1:
                return None
        elif outcome.sampled:
            tried.append(number)
    wanted = [*failing, *([] if failing else tried)]
    if not any(n not in finds or not finds[n].settled for n in wanted):
        return failing
    outcome = outcome_of(result.claim, env)
    if outcome is not None and outcome.everywhere and not outcome.sampled:
        return failing
    surely = certain(result.claim, env) is False
    if not surely and (outcome is None or outcome.everywhere):
        if failing and not tried and failing[0] not in finds and means_nothing(result.claim, env):
            finds[failing[0]] = Found(f"the conclusion means nothing on {name}", (), False)
        return failing
    # The result is proved: where it fails, a hypothesis does.
    tried = [n for n in tried if certain(result.given[n].claim, env) is not True]
    open_ = [f"H{n + 1}" for n in tried]
    if not surely:
        open_.append("the conclusion")
    dropped = failing or tried
    if not failing:
        open_ = open_[1:]
    better = len(dropped) == 1 and (
        not open_ or dropped[0] not in finds or not finds[dropped[0]].fails
    )
    if better:
        words = f"{name} satisfies the others and not the conclusion"
        finds[dropped[0]] = Found(words, tuple(open_))
    return failing


def outcome_of(claim: Any, env: Environment) -> Outcome | None:
    """What the claim says on the instance; None where it says nothing certain."""
    try:
        outcome = evaluate(claim, env)
    except (OutOfRange, LanguageError, Undecidable, TypeError, ValueError, ArithmeticError):
        return None
    return None if outcome.unknown else outcome


def means_nothing(claim: Any, env: Environment) -> bool:
    """Whether the claim speaks of layers that the instance does not have, or of log (−2) say."""
    try:
        outcome = evaluate(claim, env)
        return bool(outcome.unknown) and outcome.undefined is not False
    except OutOfRange:
        return True
    except (LanguageError, Undecidable, TypeError, ValueError, ArithmeticError):
        pass
    return False


# ── Instances ──────────────────────────────────────────────────────────────────────────────────
def _size(env: Environment) -> int:
    total = 0
    for value in env.values.values():
        members = value.members.values() if isinstance(value, Layers) else (value,)
        total += sum(int(np.prod(m.shape)) for m in members if hasattr(m, "shape"))
    return total


def _fits(result: Result, env: Environment) -> bool:
    """Whether all variables have values of their sorts and shapes."""
    for v in result.variables:
        if v not in env.values:
            return False
        value = env[v]
        if isinstance(v, Symbol) and v.is_nonnegative and is_index(v) and value < 0:
            return False
        with suppress(OutOfRange, LanguageError):
            if isinstance(v, MatrixVariable) and value.shape != _shape(v.shape, env):
                return False
        if isinstance(v, Family) and isinstance(value, Layers):
            for at, member in value.members.items():
                place = at if isinstance(at, tuple) else (at,)
                with suppress(OutOfRange, LanguageError):
                    wanted = _shape(v.shape_at(*map(Integer, place)), env)
                    if member.shape != wanted:
                        return False
    return True


def _shape(sides: Any, env: Environment) -> tuple[int, int]:
    rows, cols = (int(index_value(side, env)) for side in sides)
    return rows, cols


def _extended(result: Result, bases: Sequence[Named], seed: int) -> Iterator[Named]:
    """The instances with a layer more at either end, zero or random.

    What is known of a network does not depend on layers that it does not have.
    """
    for name, env in bases:
        for how in ("zero", "random"):
            values = dict(env.values)
            for v in result.variables:
                if (
                    isinstance(v, WidthFunction)
                    and all(type(at) is int for at in env[v])
                    and env[v]
                ):
                    ends = (min(env[v]) - 2, max(env[v]) + 3)
                    values[v] = {at: env[v].get(at, 1) for at in range(*ends)}
            wider = replace(env, values=values)
            for v in result.variables:
                if isinstance(v, Family) and v.arity == 1 and isinstance(env[v], Layers):
                    members = dict(env[v].members)
                    if not members:
                        continue
                    for at in range(min(members) - 1, max(members) + 2):
                        if at not in members:
                            with suppress(OutOfRange):
                                rows, cols = _shape(v.shape_at(Integer(at)), wider)
                                members[at] = _filled(rows, cols, how, (seed, at + 9))
                    values[v] = Layers(members)
            if values != env.values:
                yield f"{name} with {how} layers beyond its ends", replace(env, values=values)


def _filled(rows: int, cols: int, how: str, seed: tuple[int, ...]) -> ExactMatrix:
    if how == "zero":
        return ExactMatrix.zeros(rows, cols)
    entries = generator(seed).integers(-2, 3, (rows, cols)).tolist()
    return ExactMatrix.of(entries, shape=(rows, cols))


# ── Moves ──────────────────────────────────────────────────────────────────────────────────────
def _moves(variable: Any, env: Environment, seed: int) -> Iterator[tuple[str, Environment]]:
    """The instance with one variable moved, and what was done in words."""
    for words, value in _values(variable, env[variable], env, seed):
        yield words, _put(variable, value, env)


def _put(variable: Any, value: Any, env: Environment) -> Environment:
    """Another value for a variable; what was known of claims about it is known no longer."""
    known = {c: fact for c, fact in env.known.items() if variable not in variables_of((c,))}
    return replace(env.having({variable: value}), known=known, descents=tuple)


def _values(variable: Any, value: Any, env: Environment, seed: int) -> Iterator[tuple[str, Any]]:
    if isinstance(variable, MatrixVariable):
        for words, matrix in _matrices(value, seed):
            yield f"{variable} {words}", matrix
    elif isinstance(variable, WidthFunction):
        for at, width in value.items():
            for other in (width - 1, width + 1, 0):
                if other >= 0 and other != width:
                    yield f"{variable}({at}) = {other}", {**value, at: other}
    elif isinstance(variable, Family) and isinstance(value, Layers):
        for at, member in value.members.items():
            for words, matrix in _matrices(member, seed, few=True):
                yield f"{variable}[{at}] {words}", Layers({**value.members, at: matrix})
    elif isinstance(variable, Symbol) and is_index(variable):
        top = max((v for v in env.values.values() if isinstance(v, int)), default=0)
        for other in sorted(range(-2, top + 3), key=lambda n: (abs(n - value), n)):
            if other != value:
                yield f"{variable} = {other}", other
    elif isinstance(variable, Symbol):
        for number in REALS:
            if number != value:
                yield f"{variable} = {number}", number


def _matrices(m: Any, seed: int, few: bool = False) -> Iterator[tuple[str, ExactMatrix]]:
    """Other matrices of the same shape."""
    rows, cols = m.shape
    if not rows * cols:
        return
    yield "= 0", ExactMatrix.zeros(rows, cols)
    yield "doubled", m * 2
    yield "negated", m * -1
    for n in range(2 if few else 6):
        changed = _filled(rows, cols, "random", (seed, n))
        yield f"= {_shown(changed)}", changed
        yield f"moved by {_shown(changed)}", m + changed
    if few:
        return
    if rows == cols:
        one = ExactMatrix.identity(rows)
        yield "= I", one
        yield "transposed", m.T
        yield "taken from I", one - m
        for n in range(4):
            shear = _filled(rows, cols, "random", (seed, 20 + n))
            yield "moved by a symmetric matrix", m + shear + shear.T
            with suppress(ValueError, ArithmeticError):
                yield "in other coordinates", shear @ m @ shear.inverse()
            yield f"= a symmetric matrix, {_shown(shear + shear.T)}", shear + shear.T
    if rows * cols <= SMALL:
        for entries in product((0, 1, -1), repeat=rows * cols):
            grid = [list(entries[r * cols : (r + 1) * cols]) for r in range(rows)]
            small = ExactMatrix.of(grid, shape=(rows, cols))
            yield f"= {_shown(small)}", small


def _shown(matrix: Any) -> str:
    return "[" + ", ".join("[" + ", ".join(map(str, row)) + "]" for row in matrix.entries()) + "]"


def _followed(result: Result, env: Environment, moved: Any) -> Environment | None:
    """The instance with the variables that hypotheses define worked out again."""
    before = env
    for hypothesis in result.given:
        claim = hypothesis.claim
        if isinstance(claim, Equal) and isinstance(claim.args[0], MatrixVariable):
            defined, meaning = claim.args
            about = variables_of((meaning,))
            if defined != moved and defined not in about:
                try:
                    value = matrix_value(meaning, env)
                except (OutOfRange, LanguageError, TypeError, ValueError):
                    return None
                if value != env[defined]:
                    env = _put(defined, value, env)
    return None if env is before else env
