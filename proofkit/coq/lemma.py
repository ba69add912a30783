"""An inference as a lemma of Coq: what it says, and what its premises are there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from proofkit.coq.language import Writer
from proofkit.export import ExportedStep
from proofkit.kernel.binding import closed, free, reach
from proofkit.kernel.nodes import Term

__all__ = ["Lemma"]


class Lemma:
    """The lemma for one step: its variables, hypotheses and conclusion, and how it is proved."""

    def __init__(self, number: int, step: ExportedStep, premises: list[Lemma]) -> None:
        self.number, self.step, self.premises = number, step, premises
        bound = step.data[:1] if step.rule in ("generalise", "obtain") else ()
        kept: list[Term] = [v for p in premises for v in p.variables if v not in bound]
        own = [*step.hypotheses, step.conclusion, *_terms(step)]
        self.variables: list[Term] = [v for v in _variables([*own, *kept]) if v not in bound]
        self.names = {v: _name(v, n) for n, v in enumerate([*self.variables, *bound])}
        self.writer = Writer(free=self.names)
        self.local = {h: f"h{n}" for n, h in enumerate(step.hypotheses)}

    def text(self, tactics: str) -> str:
        """The lemma, proved by these tactics."""
        claim_ = " -> ".join(f"({self.writer.claim(h)})" for h in self.step.hypotheses)
        said = f"({self.writer.claim(self.step.conclusion)})"
        body = f"{claim_} -> {said}" if claim_ else said
        intros = ""
        for v in reversed(self.variables):
            body = f"each {self.writer.sort(v[2])} (fun {self.names[v]} => {body})"
        for v in self.variables:
            intros += f" {self.names[v]} m_{self.names[v]}"
        intros += "".join(f" {name}" for name in self.local.values())
        start = f"intros{intros}. " if intros else ""
        start += self.families()
        return (
            f"(* {self.step.rule} *)\n"
            f"Lemma step{self.number} : {body}.\nProof. {start}{tactics} Qed.\n\n"
        )

    def families(self) -> str:
        """That families which are written out are families, of which there are chains."""
        found: dict[Term, None] = {}
        for said in (self.step.conclusion, *(p.step.conclusion for p in self.premises)):
            _families(said, found)
        out = ""
        written_out = [f for f in found if f[0] != "var" and not reach(f)]
        known = set(self.variables)
        for n, f in enumerate(f for f in written_out if known.issuperset(free(f).values())):
            sort, said = self.writer.sort(self.writer.sort_of(f)), self.writer.function(f)
            out += f"assert (m{n} : {sort} {said} = {said}) by member. "
        return out

    def premise(self, n: int, known: Mapping[Term, str] | None = None) -> str:
        """The n-th premise, of these variables and hypotheses."""
        lemma = self.premises[n]
        known = {**self.local, **(known or {})}
        arguments = []
        for v in lemma.variables:
            arguments += [self.names[v], f"m_{self.names[v]}"]
        arguments += [known[h] for h in lemma.step.hypotheses]
        return f"(step{lemma.number} {' '.join(arguments)})" if arguments else f"step{lemma.number}"

    def conclusion(self, n: int) -> Term:
        """What the n-th premise says."""
        said: Term = self.premises[n].step.conclusion
        return said


def _variables(terms: Iterable[Term]) -> list[Term]:
    """The variables of terms and of their sorts, each after those that its sort has."""
    found: list[Term] = []

    def visit(x: Term) -> None:
        for _, v in sorted(free(x).items()):
            if v not in found:
                visit(v[2])
                found.append(v)

    for x in terms:
        visit(x)
    return found


def _families(x: Term, found: dict[Term, None]) -> None:
    """The families of the chains in a term."""
    if x[:1] == ("chain",):
        found[x[1]] = None
    for part in x:
        if isinstance(part, tuple):
            _families(part, found)


def _terms(step: ExportedStep) -> list[Term]:
    """The terms of the data whose variables the proof speaks of."""
    match step.rule, step.data:
        case "instantiate", (value,):
            return [value]
        case "witness", (_, value):
            return [value]
        case "near: along a continuous map", (xs, centres, terms):
            return [*centres, *(closed(t, *xs) for t in terms)]
        case "rewrite" | "induction" | "differentiate", data:
            return [x for x in data if isinstance(x, tuple)]
    return []


def _name(v: Term, n: int) -> str:
    plain = re.sub(r"[^A-Za-z]", "", v[1]) or "x"
    return f"{plain}_{n}"
