"""Ways by general claims: facts about all values and textbook facts.

The conclusion is matched to the goal, the conditions to the facts named; what a condition still
asks for is proved as a goal of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice, product
from typing import Any, NamedTuple

from proofkit import kernel
from proofkit.kernel import LanguageError, Theorem
from proofkit.kernel.binding import free, reach
from proofkit.kernel.nodes import Term, remembered
from proofkit.kernel.reading import PLAIN, Reading, fits
from proofkit.kernel.terms import INDEX, NUMBERS, number, plus
from proofkit.kernel.words import DOCUMENT, TABLE
from proofkit.script.matching import general, in_normal_form, taken_off
from proofkit.script.search.patterns import Found as Values
from proofkit.script.search.patterns import Matcher, filled
from proofkit.script.search.state import FAULTS, Found, Search

__all__ = [
    "MOST_MET",
    "MOST_VALUES",
    "Level",
    "applied",
    "from_facts",
    "from_textbook",
    "from_textbook_at_once",
    "guessed",
    "levels",
    "met",
    "used",
    "values_of",
    "whole",
    "words_in",
]

ABOUT_ALL = ("forall", "implies")

OF_ENTRIES = frozenset(("diag", "diagonal", "entry", "entrywise", "hadamard", "ones"))
"""Words that are told entry by entry."""

MOST_MET = 8
"""Ways to meet the premises of one claim by facts, for each way to match its conclusion."""

MOST_VALUES = 12
"""Values that are tried for variables that neither conclusion nor conditions determine."""


class Level(NamedTuple):
    """A general claim with some of its quantifiers and premises taken off."""

    variables: tuple[Term, ...]
    premises: tuple[Term, ...]
    conclusion: Term
    steps: int


@remembered
def levels(claim: Term) -> tuple[Level, ...]:
    """The claim with more and more of its quantifiers and premises taken off; at least one."""
    found = [Level(*in_normal_form(one), n) for n, one in enumerate(taken_off(claim)) if n]
    return tuple(reversed(found))


@remembered
def whole(claim: Term) -> Level:
    """The claim without all its quantifiers and premises: the first of its `levels`."""
    found = general(claim)
    return Level(*found, len(found.variables) + len(found.premises))


def from_facts(search: Search, goal: Term, depth: int) -> Iterator[Found]:
    """An instance of a fact that is named and speaks of all values."""
    for fact in search.named:
        if fact.theorem.conclusion[0] in ("forall", "implies"):
            for theorem in instances(search, fact.theorem, goal, depth):
                yield Found("instance", theorem)


def from_textbook(search: Search, goal: Term, depth: int) -> Iterator[Found]:
    """An instance of a fact of the ledger."""
    for name in _about(search, goal):
        theorem = kernel.textbook(name)
        if theorem.conclusion[0] not in ("forall", "implies"):
            yield Found(f"textbook: {name}", theorem)
            continue
        for found in instances(search, theorem, goal, depth):
            yield Found(f"textbook: {name}", found)


def from_textbook_at_once(search: Search, goal: Term, depth: int) -> Iterator[Found]:
    """An instance of a fact of the ledger whose premises are known, or routine."""
    with search.at_once():
        yield from from_textbook(search, goal, depth)


def _about(search: Search, goal: Term) -> Iterator[str]:
    """The textbook facts whose conclusion may be the goal, in the order of the ledger."""
    words = words_in(goal)
    for name, tag, needed, premises, asked in _ledger():
        if tag != goal[0] or not needed <= words or not search.may_meet(premises):
            continue
        # No order is met where none is spoken of, and nothing is said entry by entry.
        spoken = words | search.spoken()
        if not needed and "order" in asked and "order" not in spoken:
            continue
        if "entry" in asked and not spoken & OF_ENTRIES:
            continue
        yield name


Forms = frozenset[str]


@lru_cache(maxsize=1)
def _ledger() -> tuple[tuple[str, str, Forms, Forms, Forms], ...]:
    """The textbook facts as their file has them.

    What form their conclusion has, of which words it speaks, and the same of what they ask for.
    """
    found = []
    for entry in DOCUMENT["facts"]:
        conclusion, premises = TABLE[entry["claim"]], []
        while conclusion[0] in ABOUT_ALL:
            premises += [conclusion[1]] if conclusion[0] == "implies" else []
            conclusion = conclusion[2]
        forms = frozenset(p[0] for p in premises)
        asked = frozenset(word for p in premises for word in words_in(p))
        found.append((entry["name"], conclusion[0], words_in(conclusion), forms, asked))
    return tuple(found)


@remembered
def words_in(x: Any) -> frozenset[str]:
    """The words and other constants that a claim speaks of, and whether of an order."""
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
        elif part[:1] in (("rnonneg",), ("rpos",)):
            found.add("order")
        stack.extend(part)
    return frozenset(found)


# ── Instances ──────────────────────────────────────────────────────────────────────────────────
def instances(search: Search, theorem: Theorem, goal: Term, depth: int) -> Iterator[Theorem]:
    """Instances of a theorem that may say the goal, their premises met."""
    ways = values_of(search, theorem.conclusion, goal, depth)
    yield from used(search, theorem, ways, goal, depth)


def values_of(
    search: Search, claim: Term, goal: Term, depth: int
) -> Iterator[tuple[Level, list[Term]]]:
    """Values of the variables of a general claim under which it may say the goal."""
    tried: list[Any] = []
    ways = levels(claim) if goal[0] in ABOUT_ALL else (whole(claim),)
    for level in ways:
        aims = [level.conclusion]
        if level.conclusion[0] == "and" and goal[0] != "and":
            aims = list(level.conclusion[1])
        for aim in aims:
            if aim[0] != goal[0]:
                continue
            matcher = Matcher(level.variables, search.proof.ranges.oracle(), search.spend)
            for values in _both_ways(search, matcher, level, aim, goal, depth):
                if (level.steps, values) not in tried:
                    tried.append((level.steps, values))
                    yield level, values


def _both_ways(
    search: Search, matcher: Matcher, level: Level, aim: Term, goal: Term, depth: int
) -> Iterator[list[Term]]:
    """From the conclusion and then the premises, or from the premises and then the conclusion."""
    names = [v[1] for v in level.variables]
    premises = list(level.premises)
    for start in matcher.ways(aim, goal, {}):
        for found in islice(met(search, matcher, premises, start), MOST_MET):
            for rest in guessed(search, matcher, level, found, depth):
                yield [rest[name] for name in names]
    if not premises or not names or depth > 1:
        return
    for start in islice(met(search, matcher, premises, {}), MOST_MET):
        if not start:
            continue
        ways = list(matcher.ways(aim, goal, start)) if matcher.open_in(aim, start) else [start]
        for found in ways or [start]:
            for rest in guessed(search, matcher, level, found, depth):
                yield [rest[name] for name in names]


def met(search: Search, matcher: Matcher, premises: list[Term], found: Values) -> Iterator[Values]:
    """Values under which premises with open variables are facts that are named.

    The premise that leaves the fewest possibilities is taken first; orders of integers come last,
    as which of them are meant is better told by the others.
    """
    open_: list[Term] = []
    for p in premises:
        parts = p[1] if p[0] == "and" else (p,)
        open_ += [part for part in parts if matcher.open_in(part, found)]
    best: tuple[Term, list[Values]] | None = None
    for premise in open_:
        if premise[0] == "inonneg":
            continue
        ways = _fitting(search, matcher, premise, found)
        if ways and (best is None or len(ways) < len(best[1])):
            best = premise, ways
            if len(ways) == 1:
                break
    if best is not None:
        rest = [p for p in open_ if p is not best[0]]
        for way in best[1]:
            yield from met(search, matcher, rest, way)
        return
    yield found
    for premise in open_:
        if premise[0] == "inonneg":
            rest = [p for p in open_ if p is not premise]
            for way in _fitting(search, matcher, premise, found):
                yield from met(search, matcher, rest, way)


def _fitting(search: Search, matcher: Matcher, premise: Term, found: Values) -> list[Values]:
    """The values under which a premise may be a fact that is named."""
    ways: list[Values] = []
    for fact in search.named:
        if fact.theorem.conclusion[0] == premise[0]:
            for way in islice(matcher.ways(premise, fact.theorem.conclusion, found), 3):
                if way not in ways:
                    ways.append(way)
    return ways


def guessed(
    search: Search, matcher: Matcher, level: Level, found: Values, depth: int
) -> Iterator[Values]:
    """Values for what is still open: integers that are spoken of, terms as they were written."""
    missing = [v for v in level.variables if v[1] not in found]
    if not missing:
        yield found
        return
    if any(v[1] in free(p) for p in level.premises if p[0] == "near" for v in missing):
        return  # what holds near a point is known, or else not met by a guess
    if depth > 0 or len(missing) > 3:
        return
    indices = [v for v in missing if v[2][0] in ("index", "nat")]
    others = [v for v in missing if v not in indices]
    for start in islice(_written(search, matcher, others, found), MOST_VALUES):
        left = [v for v in indices if v[1] not in start]
        if len(left) > 2:
            continue
        for values in product(*(_candidates(search, v[2]) for v in left)):
            yield {**start, **{v[1]: x for v, x in zip(left, values, strict=True)}}


def _written(
    search: Search, matcher: Matcher, missing: list[Term], found: Values
) -> Iterator[Values]:
    """Values among the parts of the claim as its author wrote it."""
    if not missing:
        yield found
        return
    v, *rest = missing
    for x in search.written:
        if x[:1] == ("num",) if v[2][0] in NUMBERS else x[:1] != ("num",):
            for way in islice(matcher.bound(v, x, found), 1):
                yield from _written(search, matcher, rest, way)


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


def _is_value(x: Term) -> bool:
    """Whether it is the value of a function at a number."""
    return x[:1] == ("at",) and len(x) == 3 and x[2][:1] == ("num",) and reach(x[2]) == 0


@remembered
def _integers(x: Term) -> tuple[Term, ...]:
    """The integers that a claim speaks of: ends of chains, arguments of sizes."""
    found: dict[Term, None] = {}

    def walk(part: Any) -> None:
        if type(part) is not tuple:
            return
        if part[:1] in (("chain",), ("sum",)) and len(part) == 4:
            for e in part[2:]:
                if reach(e) == 0:
                    found.setdefault(e)
        if _is_value(part) and PLAIN.read(part[2])[1][0] in ("nat", "index"):
            found.setdefault(part[2])
        for inner in part:
            walk(inner)

    walk(x)
    return tuple(found)


def used(
    search: Search,
    theorem: Theorem,
    ways: Iterable[tuple[Level, list[Term]]],
    goal: Term,
    depth: int,
) -> Iterator[Theorem]:
    """The theorem for values of its variables, premises met, as far as the goal wants it."""
    for level, values in ways:
        search.spend(20)
        named = dict(zip((v[1] for v in level.variables), values, strict=True))
        try:
            conclusion = filled(level.conclusion, level.variables, named)
            if not _says(search, conclusion, goal):
                continue
            premises = [filled(p, level.variables, named) for p in level.premises]
        except LanguageError:
            continue
        found = applied(search, theorem, level, values, premises, depth)
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
    reading = Reading(search.proof.ranges.oracle())
    try:
        return reading.claim(conclusion) == reading.claim(goal)
    except LanguageError:
        return False


def _parts(theorem: Theorem, goal: Term) -> Iterator[Theorem]:
    for n, part in enumerate(theorem.conclusion[1]):
        if part[0] == goal[0]:
            yield kernel.project(theorem, n)
        elif part[0] == "and":
            yield from _parts(kernel.project(theorem, n), goal)


def applied(
    search: Search,
    theorem: Theorem,
    level: Level,
    values: list[Term],
    premises: list[Term],
    depth: int,
) -> Theorem | None:
    """The theorem for these values, if its premises can be met; those that are known come first."""
    shown: dict[Term, Theorem] = {}
    for premise in sorted(premises, key=lambda p: search.known(p) is None):
        found = search.prove(premise, depth + 1)
        if found is None:
            return None
        shown[premise] = found
    left = iter(values)
    try:
        for _ in range(level.steps):
            if theorem.conclusion[0] == "forall":
                theorem = kernel.instantiate(theorem, next(left))
            else:
                theorem = kernel.modus_ponens(theorem, shown[theorem.conclusion[1]])
    except (*FAULTS, KeyError):
        return None
    return theorem
