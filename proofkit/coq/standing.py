"""Where a fact stands: proved in Coq, or cited.

``proved.json`` is written by the check of ``tests/coq``, where Coq checks the proofs; a test
compares the two.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from proofkit.coq.statements import identifier

__all__ = ["STATUS", "axioms", "is_proved"]

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
def _status() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(STATUS.read_text(encoding="utf-8"))
    return found


def is_proved(fact: str) -> bool:
    """Whether a fact of the ledger is proved in Coq.

    >>> is_proved("fermat"), is_proved("no such fact")
    (True, False)
    """
    return f"fact_{identifier(fact)}" in _status()["statements"]


def axioms() -> tuple[str, ...]:
    """What the proofs in Coq rest on, in words.

    >>> axioms()
    ("Coq's real numbers", 'excluded middle', 'choice', 'functional extensionality')
    """
    return tuple(dict.fromkeys(_SAID.get(name, name) for name in _status()["axioms"]))
