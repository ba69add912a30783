"""Refusals in the words of a script: what was expected, what came, and what to do about it.

A tactic or a rule that gives up says what is wrong in the kernel's terms.  Here that becomes a
message to the author of the step, whose claim and rule are told before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from difflib import get_close_matches
from typing import Any

from proofkit.claims import Claim, encode
from proofkit.claims.decode import decode
from proofkit.kernel import KernelError, LanguageError
from proofkit.kernel.nodes import Term
from proofkit.kernel.terms import EMPTY, each, minus, scaled
from proofkit.script.wording import explained, side, text
from proofkit.symbols import FamilyTerm, FunctionTerm, MatrixTerm, WidthFunction, encode_variable
from proofkit.symbols.scalars import WidthEnds, WidthOf, WidthTable

__all__ = [
    "ScriptError",
    "check_arguments",
    "fitting",
    "other_derivative",
    "refusal",
    "told_with",
    "unknown_name",
]

__tracebackhide__ = True  # pytest shows the script, not what is beneath it


class ScriptError(ValueError):
    """A script that does not prove what it says: the step concerned and the reason.

    ``given`` are the claims the step was to follow from, ``place`` the file and line to look at,
    ``step`` what was tried there (a `Tried`), and ``cause`` what was refused, where these are
    known.
    """

    def __init__(
        self,
        claim: Any,
        problem: str,
        given: Sequence[Any] | None = None,
        tried: Any = None,
        cause: BaseException | None = None,
        place: tuple[str, int] = ("", 0),
    ) -> None:
        self.claim, self.problem, self.given = claim, problem, given
        self.tried, self.cause = tried, cause
        self.place = place if place[0] else getattr(cause, "place", place)
        super().__init__(f"{claim}\n{problem}" if claim is not None else problem)


ScriptError.__module__ = "proofkit.script"  # where one imports it from


def refusal(rule: str, goal: Term, fault: BaseException) -> str:
    """Why a step is refused; the author's own claim is not told again.

    >>> print(refusal("algebra", ("false",), KernelError("algebra", "no way", ("false",))))
    by algebra: no way
    """
    if isinstance(fault, ScriptError):
        is_said = fault.claim is None or _is_claim(fault.claim, goal)
        words = fault.problem if is_said else str(fault)
        return words if words.startswith("by ") else f"by {rule}: {words}"
    if isinstance(fault, KernelError):
        # The author's claim alone is told before: it is no news.
        expected = fault.expected if fault.found is not None or fault.expected != goal else None
        found = fault.found if expected is not None or fault.found != goal else None
        is_other = fault.problem == "the two claims do not agree"
        hint = "state what is found, or take what says what is expected" if is_other else ""
        words = told_with(fault.problem, expected, found, hint)
    else:
        words = explained(fault)
    return f"by {rule}: {words}"


def told_with(problem: str, expected: Any = None, found: Any = None, hint: str = "") -> str:
    """A problem with what was expected and what came, the one below the other, hints last.

    >>> print(told_with("wrong", "this", "that", "turn it round"))
    wrong
      expected: this
      found:    that
      hint: turn it round
    """
    head, *hints = problem.split("\n  hint: ")
    sides = (("expected", expected), ("found", found))
    lines = [f"  {name + ':':10}{_shown(x)}" for name, x in sides if x is not None]
    return "\n".join([head, *lines, *(f"  hint: {one}" for one in (*hints, hint) if one)])


def _shown(x: Any) -> str:
    """A claim of the kernel as one would write it, as far as it can be read back."""
    with suppress(Exception):  # what the kernel refused may be anything
        return str(decode(x))
    return side(x)


def _is_claim(claim: Any, goal: Term) -> bool:
    return isinstance(claim, Claim) and encode(claim) == goal


# ── Derivatives ────────────────────────────────────────────────────────────────────────────────
MOST = 4
"""Words whose coefficients are told one by one."""


def other_derivative(goal: Term, found: Term) -> str:
    """That a gradient is another one than was stated: what it is, and how the stated one differs.

    Both are equations c·F′(X) + … = 0 between matrices.
    """
    lead = next((word for (_, word), _ in found[1][3] if _is_gradient(word)), None)
    it, yours = (_solved(equation[1], lead) for equation in (found, goal))
    if lead is None or it is None or yours is None:
        return f"it does not follow from the derivative\n  expected: {text(found)}"
    lines = [
        "the gradient is another one",
        f"  the gradient is   {text(it)}",
        f"  yours differs by  {text(minus(yours, it))}",
    ]
    lines += [f"  {line}" for line in _differences(it, yours)]
    return "\n".join([*lines, "  hint: correct the claim, or the function that is differentiated"])


def _is_gradient(word: Term) -> bool:
    return len(word) == 1 and word[0][0][0] == "grad"


def _solved(term: Term, lead: Term | None) -> Term | None:
    """What the leading word is, where a term is zero; None if it does not stand there."""
    for (monomial, word), (p, q) in term[3]:
        if word == lead and not monomial:
            whole = ("mat", term[1], term[2], (((EMPTY, word), (p, q)),))
            rest = minus(term, whole)
            return scaled(rest, -q if p > 0 else q, abs(p))
    return None


def _differences(it: Term, yours: Term) -> Iterator[str]:
    """The words whose coefficients differ, if they are few."""
    one, other = ({key: (p, q) for key, p, q in each(term)} for term in (it, yours))
    keys = [key for key in dict.fromkeys((*one, *other)) if one.get(key) != other.get(key)]
    if len(keys) > MOST:
        return
    for key in keys:
        alone = text(("mat", it[1], it[2], ((key, (1, 1)),)))
        expected, came = (_fraction(terms.get(key, (0, 1))) for terms in (one, other))
        yield f"expected {expected} times {alone}, found {came}"


def _fraction(coefficient: tuple[int, int]) -> str:
    p, q = coefficient
    return (f"{p}" if q == 1 else f"{p}/{q}").replace("-", "−")


# ── Names and arguments ────────────────────────────────────────────────────────────────────────
def unknown_name(what: str, name: Any, names: Sequence[str]) -> str:
    """That nothing is called so, and what may have been meant.

    >>> print(unknown_name("textbook fact", "squared norm", ["square norm", "fermat"]))
    no textbook fact is called 'squared norm'
      hint: did you mean 'square norm'?
    """
    words = {part for part in str(name).split() if len(part) > 3}
    near = get_close_matches(str(name), names, n=3, cutoff=0.6)
    near = near or [one for one in names if words & set(one.split())][:3]
    meant = " or ".join(map(repr, near))
    hint = f"\n  hint: did you mean {meant}?" if near else f"\n  there are {len(names)} of them"
    return f"no {what} is called {name!r}{hint}"


@contextmanager
def fitting(variables: Sequence[Any]) -> Iterator[None]:
    """Say what the terms of an instance stand for where one does not fit."""
    try:
        yield
    except LanguageError as fault:
        raise ScriptError(None, f"{explained(fault)}\n  hint: {_in_order(variables)}") from fault


def _in_order(variables: Sequence[Any]) -> str:
    listed = "; ".join(f"{v}, which is {_sort(v)}" for v in variables)
    return f"the terms stand, in this order, for {listed}"


def check_arguments(call: str, variables: Sequence[Any], terms: Sequence[Any]) -> None:
    """`ScriptError` unless there is a term for each variable, of its kind.

    >>> from proofkit.symbols import MatrixVariable, natural
    >>> n = natural("n")
    >>> check_arguments("result_(r, …)", [n, MatrixVariable("A", n, n)], [n])
    Traceback (most recent call last):
        ...
    proofkit.script.ScriptError: result_(r, …) takes a term for each variable
      expected: n, A
      found:    n
      hint: there is none for A, which is n×n
    """
    for variable, term in zip(variables, terms, strict=False):
        if (kind := _kind(variable)) != (came := _kind(term)):
            raise ScriptError(
                None,
                told_with(
                    f"{call}: {term} stands for {variable}", kind, came, _in_order(variables)
                ),
            )
    if len(variables) == len(terms):
        return
    if len(terms) > len(variables):
        hint = f"leave out {_listed(terms[len(variables) :])}"
    else:
        left = [f"{v}, which is {_sort(v)}" for v in variables[len(terms) :]]
        hint = f"there is none for {'; '.join(left)}"
    problem = f"{call} takes a term for each variable"
    raise ScriptError(None, told_with(problem, _listed(variables), _listed(terms), hint))


def _listed(terms: Sequence[Any]) -> str:
    return ", ".join(map(str, terms)) or "none"


def _sort(variable: Any) -> str:
    return text(encode_variable(variable)[2])


def _kind(x: Any) -> str:
    """What sort of thing a term is, sizes left aside."""
    if isinstance(x, MatrixTerm):
        return "a matrix"
    for kinds, words in _KINDS:
        if isinstance(x, kinds):
            return words
    return "a number"


_KINDS: tuple[tuple[Any, str], ...] = (
    (FamilyTerm, "a family of matrices"),
    ((WidthFunction, WidthOf, WidthTable, WidthEnds), "widths"),
    (FunctionTerm, "a function"),
    (Claim, "a claim"),
)
