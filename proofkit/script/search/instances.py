"""Ways by general claims: facts about all values, textbook facts and earlier results.

The conclusion is matched to the goal, the conditions to the facts named; what a condition still
asks for is proved as a goal of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice, product
from typing import Any, NamedTuple

from proofkit import kernel
from proofkit.claims import encode
from proofkit.kernel import LanguageError, Theorem
from proofkit.kernel.binding import free, opened
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.reading import PLAIN, fits, read_by
from proofkit.kernel.terms import INDEX, NUMBERS, as_term, number, plus
from proofkit.kernel.words import DOCUMENT, TABLE, spine
from proofkit.script.search.patterns import Found as Values
from proofkit.script.search.patterns import Matcher, filled
from proofkit.script.search.state import FAULTS, Found, Search

__all__ = ["from_facts", "from_results", "from_textbook"]

MOST_VALUES = 12
"""Values that are tried for variables that neither conclusion nor conditions determine."""


class Level(NamedTuple):
    """A general claim with some of its quantifiers and premises taken off."""

    variables: tuple[Term, ...]
    premises: tuple[Term, ...]
    conclusion: Term
    steps: int


@lru_cache(maxsize=512)
def levels(claim: Term) -> tuple[Level, ...]:
    """The claim with more and more of its quantifiers and premises taken off; at least one."""
    variables: list[Term] = []
    premises: list[Term] = []
    found = []
    steps = 0
    while claim[0] in ("forall", "implies"):
        if claim[0] == "implies":
            premises.append(claim[1])
            claim = claim[2]
        else:
            v = node("var", f"_{len(variables)}", claim[1])
            variables.append(v)
            claim = read_by(PLAIN, opened(claim[2], as_term(v, claim[1])))
        steps += 1
        found.append(Level(tuple(variables), tuple(premises), claim, steps))
    return tuple(reversed(found))


def from_facts(search: Search, goal: Term, depth: int) -> Iterator[Found]:
    """An instance of a fact that is named and speaks of all values."""
    for fact in search.named:
        if fact.theorem.conclusion[0] in ("forall", "implies"):
            for theorem in instances(search, fact.theorem, goal, depth, loose=True):
                yield Found("instance", theorem)


def from_results(search: Search, goal: Term, depth: int) -> Iterator[Found]:
    """An instance of an earlier result."""
    for result, route in search.results:
        statement = encode(result.statement)
        for values in _values(search, statement, goal, depth, True):
            theorem = result.theorem(route)
            for found in _used(search, theorem, [values], goal, depth):
                if result.id not in search.proof.used_results:
                    search.proof.used_results.append(result.id)
                yield Found(f"result: {result.id}", found)


def from_textbook(search: Search, goal: Term, depth: int) -> Iterator[Found]:
    """An instance of a fact of the ledger."""
    for name in _about(goal):
        theorem = kernel.textbook(name)
        if theorem.conclusion[0] not in ("forall", "implies"):
            yield Found(f"textbook: {name}", theorem)
            continue
        for found in instances(search, theorem, goal, depth):
            yield Found(f"textbook: {name}", found)


def _about(goal: Term) -> Iterator[str]:
    """The textbook facts whose conclusion may be the goal, in the order of the ledger."""
    words = _words(goal)
    for name, tag, needed in _conclusions():
        if tag == goal[0] and needed <= words:
            yield name


@lru_cache(maxsize=1)
def _conclusions() -> tuple[tuple[str, str, frozenset[str]], ...]:
    found = []
    for entry in DOCUMENT["facts"]:
        conclusion = TABLE[entry["claim"]]
        while conclusion[0] in ("forall", "implies"):
            conclusion = conclusion[2]
        found.append((entry["name"], conclusion[0], frozenset(_words(conclusion))))
    return tuple(found)


@lru_cache(maxsize=4096)
def _words(x: Any) -> frozenset[str]:
    """The words and other constants that a claim speaks of."""
    found: set[str] = set()
    stack = [x]
    seen: set[int] = set()
    while stack:
        part = stack.pop()
        if type(part) is not tuple or id(part) in seen:
            continue
        seen.add(id(part))
        if part[:1] == ("word",):
            found.add(part[1])
        elif part[:1] in (("rank",), ("grad",), ("slope",)) and len(part) > 1:
            found.add(part[0])
        stack.extend(part)
    return frozenset(found)


# ── Instances ──────────────────────────────────────────────────────────────────────────────────
def instances(
    search: Search, theorem: Theorem, goal: Term, depth: int, loose: bool = False
) -> Iterator[Theorem]:
    """Instances of a theorem that may say the goal, their premises met.

    ``loose`` ones are looked for by the premises alone, too.
    """
    yield from _used(
        search, theorem, _values(search, theorem.conclusion, goal, depth, loose), goal, depth
    )


def _values(
    search: Search, claim: Term, goal: Term, depth: int, loose: bool
) -> Iterator[tuple[Level, list[Term]]]:
    tried: list[Any] = []
    for level in levels(claim):
        aims = [level.conclusion]
        if level.conclusion[0] == "and" and goal[0] != "and":
            aims = list(level.conclusion[1])
        for aim in aims:
            if aim[0] != goal[0]:
                continue
            matcher = Matcher(level.variables, search.proof.ranges.oracle())
            starts: Iterable[Values] = matcher.ways(aim, goal, {})
            for values in _completed(search, matcher, level, starts, loose):
                if (level.steps, values) not in tried:
                    tried.append((level.steps, values))
                    yield level, values
            if loose and level.variables:
                for values in _completed(search, matcher, level, [{}], loose):
                    if (level.steps, values) not in tried and _may(aim, level, values, goal):
                        tried.append((level.steps, values))
                        yield level, values


def _may(aim: Term, level: Level, values: list[Term], goal: Term) -> bool:
    """Whether an instance found by its premises may be the goal: it speaks of the same things."""
    try:
        here = filled(aim, level.variables, dict(zip((v[1] for v in level.variables), values)))
    except LanguageError:
        return False
    return here == goal or set(free(here)) == set(free(goal))


def _completed(
    search: Search, matcher: Matcher, level: Level, starts: Iterable[Values], loose: bool
) -> Iterator[list[Term]]:
    """Values of all variables: from the conclusion, then the premises, then likely ones."""
    names = [v[1] for v in level.variables]
    seen: list[Values] = []
    for start in starts:
        for found in islice(_met(search, matcher, list(level.premises), start), 16):
            if found in seen:
                continue
            seen.append(found)
            missing = [v for v in level.variables if v[1] not in found]
            if missing and not loose:
                continue
            for rest in islice(_guessed(search, matcher, missing, found), MOST_VALUES):
                yield [rest[name] for name in names]


def _met(search: Search, matcher: Matcher, premises: list[Term], found: Values) -> Iterator[Values]:
    """Values under which premises with open variables are facts that are named."""
    open_ = [p for p in premises if matcher.open_in(p, found)]
    if not open_:
        yield found
        return
    premise = min(open_, key=lambda p: (p[0] == "inonneg", premises.index(p)))
    rest = [p for p in premises if p is not premise]
    if premise[0] == "and":
        yield from _met(search, matcher, [*premise[1], *rest], found)
        return
    for fact in search.named:
        if fact.theorem.conclusion[0] == premise[0]:
            for way in islice(matcher.ways(premise, fact.theorem.conclusion, found), 4):
                yield from _met(search, matcher, rest, way)
    yield from _met(search, matcher, rest, found)


def _guessed(
    search: Search, matcher: Matcher, missing: list[Term], found: Values
) -> Iterator[Values]:
    """Values for what is still open: integers that the goal and the facts speak of."""
    if not missing:
        yield found
        return
    if len(missing) > 2 or any(v[2][0] not in ("index", "nat") for v in missing):
        return
    for values in product(*(_candidates(search, v[2]) for v in missing)):
        yield {**found, **{v[1]: x for v, x in zip(missing, values, strict=True)}}


def _candidates(search: Search, sort: Term) -> list[Term]:
    found: dict[Term, None] = {}
    for claim in (search.goal, *(th.conclusion for th in search.theorems)):
        for e in _integers(claim):
            if sort == INDEX or fits(PLAIN.read(e)[1], sort):
                found.setdefault(e)
    for e in list(found):
        for step in (1, -1):
            if sort == INDEX:
                found.setdefault(plus(e, number(step)))
    found.setdefault(number(0))
    found.setdefault(number(1))
    return list(found)[:MOST_VALUES]


@lru_cache(maxsize=4096)
def _integers(x: Term) -> tuple[Term, ...]:
    """The integers that a claim speaks of: ends of chains, arguments of sizes."""
    found: dict[Term, None] = {}

    def walk(part: Any) -> None:
        if type(part) is not tuple:
            return
        if part[:1] in (("chain",), ("sum",)) and len(part) == 4:
            for e in part[2:]:
                if not _loose(e):
                    found.setdefault(e)
        if part[:1] == ("at",) and len(part) == 3 and part[2][:1] == ("num",):
            if not _loose(part[2]) and PLAIN.read(part[2])[1][0] in ("nat", "index"):
                found.setdefault(part[2])
        for inner in part:
            walk(inner)

    walk(x)
    return tuple(found)


def _loose(e: Term) -> bool:
    from proofkit.kernel.binding import reach

    return reach(e) > 0


def _used(
    search: Search,
    theorem: Theorem,
    ways: Iterable[tuple[Level, list[Term]]],
    goal: Term,
    depth: int,
) -> Iterator[Theorem]:
    """The theorem for values of its variables, premises met, as far as the goal wants it."""
    for level, values in ways:
        try:
            conclusion = filled(
                level.conclusion,
                level.variables,
                dict(zip((v[1] for v in level.variables), values, strict=True)),
            )
        except LanguageError:
            continue
        if not _says(search, conclusion, goal):
            continue
        found = _applied(search, theorem, level, values, depth)
        if found is None:
            continue
        if found.conclusion[0] == "and" and goal[0] != "and":
            yield from _parts(found, goal)
        else:
            yield found


def _says(search: Search, conclusion: Term, goal: Term) -> bool:
    """Whether the conclusion is the goal, or a part of it is, once chains are merged."""
    if conclusion == goal:
        return True
    if conclusion[0] == "and" and goal[0] != "and":
        return any(_says(search, part, goal) for part in conclusion[1])
    if conclusion[0] != goal[0]:
        return False
    from proofkit.algebra.cofactors import joined

    oracle = search.proof.ranges.oracle()
    try:
        return joined(conclusion, oracle) == joined(goal, oracle)
    except LanguageError:
        return False


def _parts(theorem: Theorem, goal: Term) -> Iterator[Theorem]:
    for n, part in enumerate(theorem.conclusion[1]):
        if part[0] == goal[0]:
            yield kernel.project(theorem, n)
        elif part[0] == "and":
            yield from _parts(kernel.project(theorem, n), goal)


def _applied(
    search: Search, theorem: Theorem, level: Level, values: list[Term], depth: int
) -> Theorem | None:
    left = iter(values)
    try:
        for _ in range(level.steps):
            if theorem.conclusion[0] == "forall":
                theorem = kernel.instantiate(theorem, next(left))
            else:
                wanted = theorem.conclusion[1]
                premise = search.prove(wanted, depth + 1)
                if premise is None:
                    search.unmet.append(("", wanted))
                    return None
                theorem = kernel.modus_ponens(theorem, premise)
    except FAULTS:
        return None
    return theorem


_ = (NUMBERS, spine)
