"""That one name stands for one variable in a statement: a reader cannot tell two of them apart."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from proofkit.claims.variables import VARIABLES, scopes
from proofkit.kernel.nodes import Term
from proofkit.script.proof import ScriptError
from proofkit.script.wording import text
from proofkit.symbols import Family, encode_variable

__all__ = ["refuse_shared_names"]


def refuse_shared_names(whose: str, variables: Iterable[Any], claims: Iterable[Any]) -> None:
    """`ScriptError` if somewhere in the claims one name stands for two variables.

    Variables bound in different places may share a name, as may a variable and what it is varied
    to: "(A, B) is a local minimum of (A, B) ↦ f(AB)".

    >>> from proofkit.claims import Equal, ForAll
    >>> from proofkit.symbols import MatrixVariable, natural
    >>> n, p = natural("n"), natural("p")
    >>> A, other = MatrixVariable("A", n, n), MatrixVariable("A", p, p)
    >>> refuse_shared_names("it", [A], [ForAll(other, Equal(A, 0))])
    Traceback (most recent call last):
        ...
    proofkit.script.ScriptError: it: two variables are called A, one n×n and one p×p
      hint: give one of them another name, or make it once and use it in both places
    """
    seen: dict[str, Term] = {}
    for variable in variables:
        _enter(whose, variable, seen)
    for claim in claims:
        _walk(whose, claim, seen)


def _walk(whose: str, x: Any, seen: dict[str, Term]) -> None:
    """Enter the free variables of a claim or term into those seen."""
    if isinstance(x, VARIABLES):
        _enter(whose, x, seen)
    if isinstance(x, Family):
        return  # its parameters are its own
    bound, _, _ = scopes(x)
    if not bound:
        for part in x.args:
            _walk(whose, part, seen)
        return
    inside = dict(seen)
    for variable in bound:
        _enter(whose, variable, inside)
    for part in x.args:
        _walk(whose, part, inside)
    names = {encode_variable(variable)[1] for variable in bound}
    seen |= {name: variable for name, variable in inside.items() if name not in names}


def _enter(whose: str, x: Any, seen: dict[str, Term]) -> None:
    variable = encode_variable(x)
    known = seen.setdefault(variable[1], variable)
    if known != variable:
        one, other = (text(v[2]) for v in (known, variable))
        raise ScriptError(
            None,
            f"{whose}: two variables are called {variable[1]}, one {one} and one {other}\n"
            "  hint: give one of them another name, or make it once and use it in both places",
        )
