"""Stating a theorem over its proof: ``@theorem("its-name", given=[…], claim=…)``."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from proofkit.claims import Claim, Implies, encode
from proofkit.claims.variables import free_variables
from proofkit.script import Result, result
from proofkit.script.names import spoken
from proofkit.symbols import WidthFunction
from proofkit.symbols.encode import is_index
from proofkit.trace import Prose, Source

__all__ = ["theorem"]


def theorem(
    id: str,
    title: str = "",
    *,
    given: Sequence[Claim | tuple[Claim, str | Prose]] = (),
    claim: Claim,
    idea: str | Prose = "",
    symbols: Sequence[tuple[Any, str | Prose]] = (),
    notation: Sequence[tuple[Any, str]] = (),
    source: Source | None = None,
    comparison: Prose | None = None,
    without: Sequence[Any] = (),
    parts: Sequence[str] = (),
) -> Callable[[Callable[..., None]], Result]:
    """State a theorem over the script that proves it; the script's name becomes the `Result`.

    Each of ``given`` is a claim or a pair of a claim and words, in which ``{W}`` is the formula
    called W where the theorem is stated.  The script is handed the proof and a fact for each.  The
    statement is for all values of the variables in it, sizes and indices first, each kind in the
    order in which they are met.  Without a title, the first line of the script's docstring is it,
    or the name.  Further proofs are entered with ``@name.route("another way")``.

    For the reader of a page: ``idea`` is that of the proof, ``symbols`` say what symbols mean,
    ``notation`` gives terms names, ``source`` and ``comparison`` tell where the statement stands
    in a paper and how it compares with it, ``without`` what breaks without a hypothesis, and
    ``parts`` are auxiliary results whose proofs are shown, too (see `proofkit.script.result`).

    >>> from proofkit.surface import by, eq, matrices, sizes
    >>> n, = sizes("n")
    >>> A, B, C = matrices("A B C", n, n)
    >>> @theorem("one-inverse", given=[eq(B @ A, 1 * A.I @ A), eq(A @ C, A.I @ A)], claim=eq(B, B))
    ... def one_inverse(proof, left, right):
    ...     "A matrix has one inverse"
    ...     proof.have(one_inverse.claim, by.algebra(), "It is what it is.")
    >>> one_inverse.title, one_inverse.variables
    ('A matrix has one inverse', (n, B, A, C))

    Raises:
        ScriptError: the claims are none of proofkit, or two variables have one name.
    """
    hypotheses = [_with_words(one) for one in given]
    told = spoken(idea, {}) if isinstance(idea, str) else idea
    meanings = tuple(_with_words(one) for one in symbols)

    def stated(script: Callable[..., None]) -> Result:
        first = (inspect.getdoc(script) or "").partition("\n")[0].rstrip(".")
        words = id.replace("-", " ")
        found = result(
            id,
            title or first or words[:1].upper() + words[1:],
            variables=_quantified([*(one[0] for one in hypotheses), claim]),
            given=hypotheses,
            claim=claim,
            idea=told,
            symbols=meanings,
            notation=tuple(notation),
            source=source,
            comparison=comparison,
            without=without,
            parts=tuple(parts),
        )
        found.route()(script)
        return found

    return stated


def _with_words(one: Any) -> Any:
    """A hypothesis as a pair of its claim and words; `result` refuses what is none."""
    if not isinstance(one, tuple):
        return one, Prose()
    return tuple(spoken(part, {}) if isinstance(part, str) else part for part in one)


def _quantified(claims: Sequence[Claim]) -> tuple[Any, ...]:
    """The variables of a statement: sizes and indices first, each kind in the order met."""
    encode(Implies(*claims))  # refuses what is no claim, and two variables of one name
    found = free_variables(claims)
    first = [v for v in found if isinstance(v, WidthFunction) or is_index(v)]
    return (*first, *(v for v in found if v not in first))
