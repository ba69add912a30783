"""Whatever a rule concludes could come through the gate, also where the rule does not ask it."""

from __future__ import annotations

import pytest

from proofkit.kernel import Theorem
from proofkit.kernel.theorem import seal
from proofkit.symbols.faults import LanguageError
from proofkit.language.wellformed import check_claim
from theorems.lemma_1 import lemma_1
from theorems.towers import stacked_product


def inferences(theorem: Theorem) -> dict[int, Theorem]:
    """The theorem and all those it was made from."""
    found: dict[int, Theorem] = {}
    stack = [theorem]
    while stack:
        current = stack.pop()
        if id(current) not in found:
            found[id(current)] = current
            stack.extend(current.inference.premises)
    return found


def check_conclusions(theorem: Theorem) -> set[str]:
    """The rules used; raises `LanguageError` when a conclusion would not pass the gate."""
    made = inferences(theorem).values()
    for one in made:
        check_claim(one.conclusion)
    return {one.inference.rule for one in made}


@pytest.mark.parametrize("proof", [lemma_1, stacked_product], ids=lambda proof: str(proof.id))
def test_every_conclusion_in_a_proof_is_well_formed(proof) -> None:  # type: ignore[no-untyped-def]
    for route in proof.routes:
        assert "generalise" in check_conclusions(proof.theorem(route))


def test_a_conclusion_that_is_not_well_formed_is_found() -> None:
    dangling = seal("generalise", (), ("inonneg", ("lin", 0, ((("b", 0), 1),))))
    with pytest.raises(LanguageError):
        check_conclusions(seal("conjoin", (), ("false",), (dangling,)))
