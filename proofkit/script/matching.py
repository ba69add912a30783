"""Matching: known claims about all values, used for one at hand.

Nothing here is trusted: what it finds is proved by `kernel.instantiate` and `modus_ponens`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from proofkit import kernel
from proofkit.kernel import KernelError, Theorem
from proofkit.kernel.binding import opened, reach
from proofkit.kernel.nodes import Term, node, remembered
from proofkit.kernel.reading import PLAIN, read_by
from proofkit.kernel.terms import as_term
from proofkit.kernel.words import DOCUMENT, TABLE, spine
from proofkit.symbols.faults import LanguageError

__all__ = [
    "General",
    "applied",
    "fact",
    "general",
    "in_normal_form",
    "ledger_about",
    "match",
    "taken_off",
]


class General(NamedTuple):
    """A claim ∀x… p → … → q taken apart: its variables, in order, its premises and q."""

    variables: tuple[Term, ...]
    premises: tuple[Term, ...]
    conclusion: Term


@remembered
def general(claim: Term) -> General:
    """The claim without its outer quantifiers and premises, as they come; variables are fresh."""
    *_, last = taken_off(claim)
    return in_normal_form(last)


def taken_off(claim: Term) -> Iterator[General]:
    """The claim with none of its outer quantifiers and premises taken off, with one, and so on.

    Read once, in the end, what is left takes less than after each variable.
    """
    variables: list[Term] = []
    premises: list[Term] = []
    yield General((), (), claim)
    while claim[0] in ("forall", "implies"):
        if claim[0] == "implies":
            premises.append(claim[1])
            claim = claim[2]
        else:
            v = PLAIN.variable(node("var", f"_{len(variables)}", claim[1]))
            variables.append(v)
            claim = opened(claim[2], as_term(v, v[2]))
        yield General(tuple(variables), tuple(premises), claim)


def in_normal_form(claim: General) -> General:
    """What was taken apart, its premises and its conclusion read."""
    parts = [read_by(PLAIN, part) for part in (*claim.premises, claim.conclusion)]
    return General(claim.variables, tuple(parts[:-1]), parts[-1])


def match(pattern: Any, x: Any, variables: Iterable[Term]) -> dict[Term, Term] | None:
    """Values of the variables under which the pattern is x by its form, or None."""
    found: dict[Term, Term] = {}
    return found if _match(pattern, x, frozenset(variables), found) else None


def _match(pattern: Any, x: Any, variables: frozenset[Term], found: dict[Term, Term]) -> bool:
    if type(pattern) is not tuple or type(x) is not tuple:
        return type(pattern) is type(x) and bool(pattern == x)
    v = _variable(pattern)
    if v in variables:
        value = (
            as_term(x, PLAIN.read(x)[1]) if v is not pattern and x[0] not in ("num", "mat") else x
        )
        if v in found:
            return found[v] == value
        if reach(value):
            return False
        found[v] = value
        return True
    return len(pattern) == len(x) and all(
        _match(a, b, variables, found) for a, b in zip(pattern, x, strict=True)
    )


def _variable(pattern: Term) -> Term:
    """The variable that a pattern just is, as itself or as a number or matrix."""
    match pattern:
        case ("num", ((((((v, 1),), ()), (1, 1)),))):
            return node(*v)
        case ("mat", _, _, ((((), ((v, 0),)), (1, 1)),)):
            return node(*v)
    return pattern


def applied(
    theorem: Theorem,
    goal: Term,
    meet: Callable[[Term], Theorem | None],
    part: Callable[[Term], Term] = lambda claim: claim,
) -> Theorem | None:
    """The theorem for the values under which a part of its conclusion is the goal, or None.

    Its premises have to be met.
    """
    whole = general(theorem.conclusion)
    values = match(part(whole.conclusion), goal, whole.variables)
    if values is None or len(values) < len(whole.variables):
        return None
    return used(theorem, [values[v] for v in whole.variables], meet)


def used(
    theorem: Theorem, values: Iterable[Term], meet: Callable[[Term], Theorem | None]
) -> Theorem | None:
    """The theorem for these values of its variables, its premises met, or None."""
    left = iter(values)
    try:
        while theorem.conclusion[0] in ("forall", "implies"):
            if theorem.conclusion[0] == "forall":
                theorem = kernel.instantiate(theorem, next(left))
            else:
                premise = meet(theorem.conclusion[1])
                if premise is None:
                    return None
                theorem = kernel.modus_ponens(theorem, premise)
    except (KernelError, LanguageError):
        return None
    return theorem


def fact(name: str, *values: Term) -> Theorem:
    """A textbook fact for the values of its variables, sizes first; premises are left."""
    theorem = kernel.textbook(name)
    for value in values:
        theorem = kernel.instantiate(theorem, value)
    return theorem


@lru_cache(maxsize=64)
def ledger_about(tag: str, word: str) -> tuple[str, ...]:
    """The facts whose conclusion is a claim of that kind about a word: slope of exp, and so on."""
    return tuple(_about(tag, word))


def _about(tag: str, word: str) -> Iterator[str]:
    # As the file has them, in normal form: reading all of them takes as long as a derivative.
    for entry in DOCUMENT["facts"]:
        conclusion = TABLE[entry["claim"]]
        while conclusion[0] in ("forall", "implies"):
            conclusion = conclusion[2]
        if conclusion[0] == tag and spine(conclusion[1])[0] == ("word", word):
            yield entry["name"]
