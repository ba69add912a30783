"""How far a refused script came: the steps the kernel accepted, the one it refused, the rest."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from proofkit import kernel
from proofkit.claims import Claim, encode
from proofkit.script.proof import Fact, Proof, ScriptError, Step
from proofkit.script.results import Result

__all__ = ["Attempt", "attempt"]


class Attempt(Proof):
    """The record of a script whose first refused claim is supposed, so that it can go on.

    Nothing here proves anything: what comes after the refused step still supposes it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.refused: Step | None = None
        self._before: frozenset[int] | None = None

    def accepted(self, step: Step) -> bool:
        """Whether the kernel accepted the step before anything was refused."""
        return id(step) in (self.by_step if self._before is None else self._before)

    def have(self, claim: Claim, *told: Any, **named: Any) -> Fact:
        """State a claim; one that is not proved is noted as refused, and supposed."""
        try:
            return super().have(claim, *told, **named)
        except ScriptError:
            tactics = (x.rule for x in (*told, named.get("by")) if hasattr(x, "rule"))
            step = Step("have", claim, next(tactics, "search"))
            if self.refused is None:
                self.refused, self._before = step, frozenset(self.by_step)
            return self._add(Fact(claim, kernel.assume(encode(claim)), step))


def attempt(result: Result, route: str) -> Attempt:
    """The steps of a route's script up to a refused one, and those it would go on with.

    >>> from proofkit.claims import Equal
    >>> from proofkit.script import algebra, result
    >>> from proofkit.symbols import MatrixVariable, natural
    >>> A = MatrixVariable("A", natural("n"), natural("n"))
    >>> wrong = result("wrong", "Wrong", variables=(), given=(), claim=Equal(A, A.T))
    >>> @wrong.route()
    ... def by_hope(p):
    ...     p.have(Equal(A.T.T, A), algebra())
    ...     p.have(Equal(A, A.T), algebra())
    >>> found = attempt(wrong, "main")
    >>> [found.accepted(step) for step in found.steps], found.refused is found.steps[1]
    ([True, False], True)
    """
    script = result.routes[route].script
    proof = Attempt()
    # Whatever goes wrong later has no bearing on how far the script came.
    with suppress(Exception, SystemExit):
        given = [proof.given(h.claim, h.words) for h in result.given]
        script(proof, *given)
    return proof
