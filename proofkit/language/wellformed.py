"""The gate through which every claim, term and variable enters the kernel.

What passes is built of tuples, strings, integers and fractions and nothing else (so nobody can
change it later, and `==` means what it says), is in normal form, fits in every shape and sort,
and uses no name beginning with ``?``: those are the kernel's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from functools import lru_cache

from proofkit.language.binding import Rebuild, rejoin
from proofkit.language.errors import LanguageError, SortError
from proofkit.language.occurrences import free_variables
from proofkit.language.sorts import Check
from proofkit.language.terms import NO_FACTS, Term, show

__all__ = ["RESERVED", "check_claim", "check_conclusion", "check_term", "check_variable"]

RESERVED = "?"
"""Names that begin so are the kernel's own; from outside they are refused."""

MAX_NESTING = 300
"""Tuples within tuples; more is refused rather than risked on the interpreter's stack."""

REMEMBERED = 1 << 13
"""How many claims and terms found well formed are remembered."""


def check_claim(claim: Term) -> None:
    """Raise a `LanguageError` unless the claim is well formed and in normal form."""
    with _sense(claim):
        _plain(claim)
        _check_claim(claim)


def check_conclusion(claim: Term) -> None:
    """Raise a `LanguageError` unless a claim that a rule built is plain and fits everywhere.

    To be used where parts that passed the gate were put together by `binding` and `terms`: these
    build normal forms, but a term put in for a variable may not fit in every shape and sort.
    """
    with _sense(claim):
        _plain(claim)
        _fits(claim)


def check_term(term: Term, sort: Term) -> None:
    """Raise a `LanguageError` unless the term is well formed, in normal form and of the sort."""
    with _sense(term):
        _plain(term)
        _plain(sort)
        _check_term(term, sort)


def check_variable(variable: Term) -> None:
    """Raise a `LanguageError` unless this is a variable that an author may use."""
    with _sense(variable):
        _plain(variable)
        if len(variable) != 3 or variable[0] != "var":
            raise SortError(f"a variable was expected, not {show(variable)}")
        _names(variable)
        Check().variable(variable, variable[2][0])


@lru_cache(maxsize=REMEMBERED)
def _check_claim(claim: Term) -> None:
    _fits(claim)
    _normal(claim)


@lru_cache(maxsize=REMEMBERED)
def _fits(claim: Term) -> None:
    _names(claim)
    Check().claim(claim)


@lru_cache(maxsize=REMEMBERED)
def _check_term(term: Term, sort: Term) -> None:
    _names((term, sort))
    check = Check()
    check.sort(sort)
    check.term(term, sort)
    _normal(term)


@contextmanager
def _sense(x: object) -> Iterator[None]:
    """Faults that only a malformed tuple can cause, as faults of the language."""
    try:
        yield
    except LanguageError:
        raise
    except (AttributeError, IndexError, RecursionError, TypeError, ValueError) as fault:
        raise LanguageError(f"this means nothing in the core language: {x!r:.300}") from fault


_found_plain: dict[int, object] = {}
"""Tuples found plain, by identity: kept, so that no other takes their identity."""


def _plain(x: object) -> None:
    """That it is built of tuples, strings, integers and proper fractions only, exactly these."""
    if id(x) in _found_plain:
        return
    _look_through(x)
    if len(_found_plain) >= REMEMBERED:
        _found_plain.clear()
    _found_plain[id(x)] = x


def _look_through(x: object) -> None:
    if type(x) is not tuple:
        _look_at_leaf(x)
        return
    level: list[tuple[object, ...]] = [x]
    seen: set[int] = {id(x)}
    for _ in range(MAX_NESTING):
        inside: list[tuple[object, ...]] = []
        for whole in level:
            if len(whole) != 2 and whole[:1] == ("b",):
                raise LanguageError(f"a bound variable is ('b', n), not {whole!r:.60}")
            for part in whole:
                kind = type(part)
                if kind is tuple:
                    if id(part) not in seen:
                        seen.add(id(part))
                        inside.append(part)  # type: ignore[arg-type]
                elif kind is not str and kind is not int:
                    _look_at_leaf(part)
        if not inside:
            return
        level = inside
    raise LanguageError(f"tuples are nested more than {MAX_NESTING} deep")


def _look_at_leaf(x: object) -> None:
    if type(x) is Fraction:
        if x.denominator == 1:
            raise LanguageError(f"the whole number {x} must be given as an integer")
    elif type(x) is not str and type(x) is not int:
        raise LanguageError(
            f"terms are made of tuples, strings, integers and fractions; "
            f"found {type(x).__name__} {x!r:.60}"
        )


def _names(x: Term) -> None:
    """That each name stands for one variable, none of them the kernel's, in a normal sort."""
    for name, variable in free_variables(x).items():
        if name.startswith(RESERVED):
            raise LanguageError(f"the name {name!r} is the kernel's; use one without {RESERVED!r}")
        if _normal_sort(variable[2]) != variable[2]:
            raise LanguageError(f"the sort of {name!r} is not in normal form: {variable[2]!r:.300}")


@lru_cache(maxsize=REMEMBERED)
def _normal_sort(sort: Term) -> Term:
    return Rebuild(lambda atom, depth: None).sort(sort, 0)


def _normal(x: Term) -> None:
    normal = rejoin(x, NO_FACTS)
    if normal != x:
        raise LanguageError(
            f"not in normal form\n  expected: {show(normal)}\n  found:    {show(x)}"
        )
