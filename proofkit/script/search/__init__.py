"""Finding the inference behind a claim when the script names none: `find`.

The search is deterministic and bounded by counts; what it finds, the kernel checks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from proofkit.claims import Claim, encode
from proofkit.script.proof import Fact, ScriptError
from proofkit.script.search.state import Found, Search

if TYPE_CHECKING:
    from proofkit.script.proof import Proof

__all__ = ["find"]


def find(proof: Proof, claim: Claim, using: Sequence[Any]) -> Found:
    """A theorem for the claim, from what it is said to follow from; `ScriptError` if none is found."""
    facts = [one for one in using if isinstance(one, Fact)]
    results = [one if isinstance(one, tuple) else (one, "") for one in using if not isinstance(one, Fact)]
    goal = encode(claim)
    search = Search(proof, facts, results)
    search.goal, search.claim = goal, claim
    found = search.first(goal, 0)
    if found is None:
        raise ScriptError(claim, "no way was found")
    return found
