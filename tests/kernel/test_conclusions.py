"""Whatever a rule concludes could come through the gate, also where the rule does not ask it."""

from __future__ import annotations

import pytest

from proofkit.kernel import Theorem, nodes
from proofkit.kernel.nodes import Term
from proofkit.kernel.reading import claim
from proofkit.kernel.theorem import seal
from proofkit.script import Result
from proofkit.symbols.faults import LanguageError
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
    """The rules used; what each theorem says, it says in normal form."""
    made = inferences(theorem).values()
    for one in made:
        for p in (one.conclusion, *one.hypotheses):
            assert claim(p) == p
        assert len(set(one.hypotheses)) == len(one.hypotheses)
    return {one.inference.rule for one in made}


@pytest.mark.parametrize("proof", [lemma_1, stacked_product], ids=lambda proof: str(proof.id))
def test_every_conclusion_in_a_proof_is_well_formed(proof: Result) -> None:
    for route in proof.routes:
        assert "generalise" in check_conclusions(proof.theorem(route))


def test_a_conclusion_that_is_not_well_formed_is_found() -> None:
    dangling = ("inonneg", ("num", (((((("b", 0), 1),), ()), (1, 1)),)))
    with pytest.raises(LanguageError):
        seal("generalise", (), (), dangling)


def told(theorem: Theorem) -> list[tuple[str, tuple[Term, ...], Term]]:
    return [
        (one.inference.rule, one.hypotheses, one.conclusion) for one in inferences(theorem).values()
    ]


@pytest.mark.parametrize("proof", [lemma_1, stacked_product], ids=lambda proof: str(proof.id))
def test_forgetting_nodes_changes_nothing(proof: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    route = next(iter(proof.routes))
    before = told(proof.run(route).theorem)
    monkeypatch.setattr(nodes, "MOST", 0)
    after = proof.run(route).theorem
    assert told(after) == before
    check_conclusions(after)
    monkeypatch.undo()
    assert told(proof.run(route).theorem) == before
