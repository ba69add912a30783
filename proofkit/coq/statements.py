"""The statements: every fact of the kernel's ledger, and every word's linearity, in Coq."""

from __future__ import annotations

import re
from collections.abc import Mapping
from textwrap import fill

from proofkit.coq.language import Writer
from proofkit.kernel import LEDGER
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.words import WORDS

__all__ = ["identifier", "propositions", "statements"]

_HEAD = """\
(** The facts of proofkit/kernel/ledger.json, in the words of Language.v.

    Generated: [python -m proofkit.coq > tests/coq/Statements.v].  Do not edit. *)
From Coq Require Import Reals ZArith.
From Proofkit Require Import Language.
Open Scope R_scope.
"""

_WITHOUT = {
    "fermat": 1,
    "kernel vector": 0,
    "left inverse": 0,
    "log determinant below tangent": 0,
    "quotient": 0,
}
"""Facts that are also stated without one of their hypotheses, counted from 0; those are false."""


def identifier(fact: str) -> str:
    """The name of a fact in Coq.

    >>> identifier("slopes are local: maps")
    'slopes_are_local_maps'
    """
    return re.sub(r"[^a-z0-9]+", "_", fact)


def statements() -> str:
    """The file ``Statements.v``."""
    out = [_HEAD]
    for name, (text, said) in propositions().items():
        definition = fill(f"Definition {name} : Prop := {said}.", 99, subsequent_indent="  ")
        out.append(f"(* {text} *)\n{definition}\n")
    return "\n".join(out)


def propositions() -> Mapping[str, tuple[str, str]]:
    """What is said of each fact and word, by its name in Coq, with the name that it has here."""
    found: dict[str, tuple[str, str]] = {}
    for name in LEDGER:
        found[f"fact_{identifier(name)}"] = (name, Writer().claim(LEDGER[name].claim))
    for name, word in WORDS.items():
        for place in word.linear:
            said = _linearity(name, word.sort, place)
            found[f"linear_{identifier(name)}_{place}"] = (f"{name} is linear: {place}", said)
    for name, dropped in _WITHOUT.items():
        said = Writer().claim(_without(LEDGER[name].claim, dropped))
        text = f"{name}, without hypothesis {dropped}: false"
        found[f"without_{identifier(name)}_{dropped}"] = (text, said)
    linear = sum(len(word.linear) for word in WORDS.values())
    if len(found) != len(LEDGER) + linear + len(_WITHOUT):
        raise ValueError("two facts have one name in Coq")
    return found


def _without(claim: Term, dropped: int) -> Term:
    """A claim ∀…, p₀ → p₁ → … → q without the hypothesis p of that number."""
    if claim[0] == "forall":
        return node("forall", claim[1], _without(claim[2], dropped))
    _, first, rest = claim
    return node("implies", first, _without(rest, dropped - 1)) if dropped else rest


def _linearity(name: str, sort: Term, place: int) -> str:
    """The claim that a word is linear in an argument, for all the others."""
    writer = Writer()
    quantifiers: list[str] = []
    arguments: list[str] = []
    while sort[0] == "to":
        domain = sort[1]
        here = len(arguments) == place
        if here:
            space = writer.space(domain)
        else:
            said = writer.sort(domain)
        writer, variable = writer.below(domain)
        if not here:
            quantifiers.append(f"each {said} (fun {variable} =>")
        else:
            linear = variable
        arguments.append(variable)
        sort = sort[2]
    value = writer.space(sort)
    body = f"linear {space} {value} (fun {linear} => word_{name} {' '.join(arguments)})"
    return " ".join([*quantifiers, body]) + ")" * len(quantifiers)
