"""Where a fact or a rule stands: proved in Coq, on which axioms, or cited.

``proved.json`` is written by the check of ``tests/coq``, where Coq checks the proofs; a test
compares the two.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from proofkit.coq.rules import RULES
from proofkit.coq.statements import identifier

__all__ = ["STATUS", "axioms", "axioms_of_rule", "is_proved", "rests_on"]

STATUS = Path(__file__).with_name("proved.json")

_SAID = {
    "ClassicalDedekindReals.sig_forall_dec": "Coq's real numbers",
    "ClassicalDedekindReals.sig_not_dec": "Coq's real numbers",
    "FunctionalExtensionality.functional_extensionality_dep": "functional extensionality",
    "Classical_Prop.classic": "excluded middle",
    "ClassicalEpsilon.constructive_indefinite_description": "choice",
    "Epsilon.epsilon_statement": "choice",
}


@cache
def _theorems() -> Mapping[str, tuple[str, ...]]:
    """The theorems, with their axioms in words."""
    status = json.loads(STATUS.read_text(encoding="utf-8"))
    return {
        theorem: _in_words(group["axioms"])
        for group in status["proved"]
        for theorem in group["theorems"]
    }


def _in_words(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_SAID.get(name, name) for name in names))


def is_proved(fact: str) -> bool:
    """Whether a fact of the ledger is proved in Coq.

    >>> is_proved("fermat"), is_proved("no such fact")
    (True, False)
    """
    return f"proved_{identifier(fact)}" in _theorems()


def axioms(fact: str) -> tuple[str, ...]:
    """What the proof of a fact in Coq rests on, in words; nothing, where it has none.

    >>> axioms("fermat")
    ("Coq's real numbers", 'choice', 'excluded middle', 'functional extensionality')
    >>> axioms("natural numbers")
    ()
    """
    return _theorems().get(f"proved_{identifier(fact)}", ())


def axioms_of_rule(rule: str) -> tuple[str, ...]:
    """What the theorems about a rule of the kernel rest on.

    >>> axioms_of_rule("induction")
    ()
    """
    names = RULES[rule].theorems if rule in RULES else ()
    return tuple(sorted({said for name in names for said in _theorems()[name]}))


def rests_on(facts: Iterable[str], rules: Iterable[str]) -> tuple[str, ...]:
    """What all that is proved of these facts and rules rests on."""
    found = {said for fact in facts for said in axioms(fact)}
    return tuple(sorted(found.union(*map(axioms_of_rule, rules))))
