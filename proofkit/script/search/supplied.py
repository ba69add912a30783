"""What the terms that occur bring with them: laws of words such as S·S⁻¹ = I, and gradients."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

from proofkit import kernel
from proofkit.kernel import Theorem
from proofkit.kernel.binding import free, reach
from proofkit.kernel.nodes import Term, node, remembered
from proofkit.kernel.terms import scaled
from proofkit.kernel.words import DOCUMENT, TABLE, spine
from proofkit.script.laws import (
    exp_laws,
    exp_of_opposite,
    log_laws,
    log_of_absolute,
    log_of_reciprocal,
)
from proofkit.script.matching import fact, used
from proofkit.script.search.instances import Level, whole, words_in
from proofkit.script.search.patterns import Matcher
from proofkit.script.search.state import FAULTS, Search

__all__ = ["laws"]

MOST_LAWS = 24
MOST_GRADIENTS = 4

_LAWS_OF_LOG = {"abs": log_of_absolute, "reciprocal": log_of_reciprocal}
"""Laws of the logarithm of a word's value."""

_OF_ENTRIES = ("hadamard", "entrywise", "entry")
"""Words whose terms have one form already (`proofkit.script.entries`)."""


class _Law(NamedTuple):
    """A textbook fact that is an equation, and a value of a word in it that tells all else."""

    name: str
    level: Level
    pattern: Term


def laws(search: Search, terms: Iterable[Term], depth: int) -> list[Theorem]:
    """The laws of the words in the terms, as far as what they ask for can be shown."""
    terms = list(terms)
    found: dict[Term, Theorem] = {}
    letters = dict.fromkeys(x for term in terms for x in _values_of_words(term))
    about = (theorem for letter in letters for theorem in _about_factors(search, letter, depth))
    for theorem in chain(_inverses(search), _gradients(search, terms), about):
        # What a script states is used rather than shown once more.
        found.setdefault(theorem.conclusion, search.scope.get(theorem.conclusion, theorem))
        if len(found) == MOST_LAWS:
            break
    for theorem in _opposites([*terms, *found]):
        found.setdefault(theorem.conclusion, theorem)
    return list(found.values())


def _inverses(search: Search) -> Iterator[Theorem]:
    """What is said to be invertible has an inverse: matrices, and numbers other than 0."""
    for theorem in search.theorems:
        match theorem.conclusion:
            case ("not", ("null", ("num", terms) as number)):
                atom = _alone(terms)
                head, arguments = spine(atom) if atom is not None else (None, ())
                if head == ("word", "determinant"):
                    for side in ("left", "right"):
                        yield kernel.modus_ponens(
                            fact(f"inverse on the {side}", *arguments), theorem
                        )
                else:
                    yield kernel.modus_ponens(fact("quotient", number), theorem)
            case ("rpos", number):
                one = used(kernel.textbook("quotient"), [number], search.routine.prove)
                if one is not None:
                    yield one


def _alone(terms: Any) -> Term | None:
    """The atom that a number is, if it is one, once."""
    match terms:
        case (((((atom, 1),), ()), (1, 1)),):
            return atom  # type: ignore[no-any-return]
    return None


def _opposites(terms: Iterable[Term]) -> Iterator[Theorem]:
    """exp u · exp(−u) = 1, where both occur."""
    letters = dict.fromkeys(x for term in terms for x in _values_of_words(term))
    exps = [spine(x)[1][0] for x in letters if spine(x)[0] == ("word", "exp")]
    for n, u in enumerate(exps):
        if scaled(u, -1) in exps[n + 1 :]:
            yield exp_of_opposite(u)


def _gradients(search: Search, terms: list[Term]) -> Iterator[Theorem]:
    """What the gradients of functions are that are given by a formula."""
    from proofkit.script.slopes import gradient, slope

    places: dict[tuple[Term, Term], None] = {}

    def walk(part: Any) -> None:
        if type(part) is tuple:
            if part[:1] == ("grad",) and part[1][0] == "lam" and not reach(part):
                places.setdefault(part[1:])
            for inner in part:
                walk(inner)

    for term in terms:
        if "grad" in words_in(term):
            walk(term)
    for f, x in list(places)[:MOST_GRADIENTS]:
        stated = _stated(search, node("grad", f, x))
        if stated is not None:
            yield stated
            continue
        search.spend(500)
        with suppress(*FAULTS):
            yield gradient(search.routine, slope(search.routine, f, x))


def _stated(search: Search, letter: Term) -> Theorem | None:
    """An equation in scope that says what a gradient is."""
    alone = node(node(), node(node(letter, 0)))
    for p, theorem in search.scope.items():
        if p[0] == "null" and p[1][0] == "mat" and len(p[1][3]) > 1:
            keys = [key for key, _ in p[1][3]]
            others = (x[0] for key in keys if key != alone for x, _ in key[1])
            if alone in keys and "grad" not in others:
                return theorem
    return None


def _about_factors(search: Search, letter: Term, depth: int) -> Iterator[Theorem]:
    """The laws of one value of a word; of the determinant of a product, factor by factor."""
    letters = [letter]
    for x in letters:
        inside: dict[Term, None] = {}
        for theorem in _about(search, x, depth):
            yield theorem
            inside |= dict.fromkeys(_values_of_words(theorem.conclusion))
        if (count := _factors(x)) > 1:
            single = [y for y in inside if _factors(y) == 1]
            rest = [y for y in inside if _factors(y) == count - 1][:1]
            letters += [y for y in dict.fromkeys([*single, *rest]) if y not in letters]


def _factors(letter: Term) -> int:
    """How many factors the product has whose determinant this is; 0 for all else."""
    match spine(letter):
        case (("word", "determinant"), (_, ("mat", _, _, (((_, word), _),)))):
            return len(word)
    return 0


def _about(search: Search, letter: Term, depth: int) -> Iterator[Theorem]:
    """The laws of one value of a word."""
    head, arguments = spine(letter)
    for law in _laws_of(head[1]):
        yield from _instances(search, law, letter, depth)
    if head[1] in ("exp", "log"):
        taken_apart = exp_laws if head[1] == "exp" else log_laws
        for theorem in taken_apart(arguments[0], search.routine.prove):
            yield theorem
            for part in _values_of_words(theorem.conclusion):
                if part != letter and spine(part)[0] == head:  # of a shorter sum or product
                    yield from _about(search, part, depth)
    if head[1] == "log":
        for atom in dict.fromkeys(a for (m, _), _ in arguments[0][1] for a, _ in m):
            inner, of = spine(atom)
            of_log = _LAWS_OF_LOG.get(inner[1]) if inner[0] == "word" else None
            said = of_log(lambda p: search.prove(p, depth + 1), of[0]) if of_log else None
            if said is not None:
                yield said


def _instances(search: Search, law: _Law, letter: Term, depth: int) -> Iterator[Theorem]:
    matcher = Matcher(law.level.variables, search.proof.ranges.oracle(), search.spend)
    for values in matcher.ways(law.pattern, letter, {}):
        if any(v[1] not in values for v in law.level.variables):
            continue
        theorem = used(
            kernel.textbook(law.name),
            [values[v[1]] for v in law.level.variables],
            lambda premise: search.prove(premise, depth + 1),
        )
        if theorem is not None and theorem.conclusion[1][-1]:
            wider = [x for x in _values_of_words(theorem.conclusion) if x != letter]
            if not any(letter in _values_of_words(x) for x in wider):  # exp (log x) says no more
                yield theorem


@lru_cache(maxsize=64)
def _laws_of(word: str) -> tuple[_Law, ...]:
    """The laws of a word, in the order of the ledger."""
    found = []
    for entry in DOCUMENT["facts"] if word not in _OF_ENTRIES else ():
        if not _is_equation_about(word, TABLE[entry["claim"]]):
            continue
        level = whole(kernel.textbook(entry["name"]).conclusion)
        for pattern in _values_of_words(level.conclusion):
            tells = free(pattern).keys() >= {v[1] for v in level.variables}
            if spine(pattern)[0][1] == word and tells:
                found.append(_Law(entry["name"], level, pattern))
    return tuple(found)


def _is_equation_about(word: str, claim: Term) -> bool:
    """Whether a claim, as it stands in the ledger's file, equates something with a word in it."""
    general = claim[0] in ("forall", "implies")
    while claim[0] in ("forall", "implies"):
        claim = claim[2]
    return general and claim[0] == "null" and word in words_in(claim)


@remembered
def _values_of_words(x: Term) -> tuple[Term, ...]:
    """The values of words that stand in a term, without those of bound variables."""
    here: tuple[Term, ...] = ()
    inside = x
    if x[:1] == ("at",) and spine(x)[0][0] == "word" and not reach(x):
        here, inside = (x,), tuple(spine(x)[1])
    parts = (_values_of_words(part) for part in inside if type(part) is tuple)
    return tuple(dict.fromkeys(value for values in (here, *parts) for value in values))
