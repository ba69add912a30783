"""The statements: every fact of the kernel's ledger, and every word's linearity, in Coq."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from textwrap import fill

from proofkit.coq.language import Writer
from proofkit.kernel import LEDGER
from proofkit.kernel.binding import opened
from proofkit.kernel.nodes import Term
from proofkit.kernel.terms import EMPTY
from proofkit.kernel.words import WORDS

__all__ = ["identifier", "propositions", "statements"]

_HEAD = """\
(** The facts of proofkit/kernel/ledger.json, in the words of Language.v.

    Generated: [python -m proofkit.coq > tests/coq/Statements.v].  Do not edit. *)
From Coq Require Import Reals ZArith.
From Proofkit Require Import Language.
Open Scope R_scope.
"""


def identifier(fact: str) -> str:
    """The name of a fact in Coq.

    >>> identifier("slopes are local: maps")
    'slopes_are_local_maps'
    """
    return re.sub(r"[^a-z0-9]+", "_", fact)


def statements() -> str:
    """The file ``Statements.v``."""
    written = [
        f"(* {text} *)\n{fill(f'Definition {name} : Prop := {said}.', 99, subsequent_indent='  ')}\n"
        for name, (text, said) in propositions().items()
    ]
    return "\n".join([_HEAD, *written])


def propositions() -> Mapping[str, tuple[str, str]]:
    """What is said of each fact and word, by its name in Coq, with the name that it has here."""
    found: dict[str, tuple[str, str]] = {}
    for name in LEDGER:
        found[f"fact_{identifier(name)}"] = (name, Writer().claim(LEDGER[name].claim))
    for name, word in WORDS.items():
        for place in word.linear:
            said = _linearity(name, word.sort, place)
            found[f"linear_{identifier(name)}_{place}"] = (f"{name} is linear: {place}", said)
    if len(found) != len(LEDGER) + sum(len(word.linear) for word in WORDS.values()):
        raise ValueError("two facts have one name in Coq")
    return found


def _linearity(name: str, sort: Term, place: int) -> str:
    """The claim that a word is linear in an argument, for all the others."""
    writer, quantifiers, arguments = Writer(), [], []
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
