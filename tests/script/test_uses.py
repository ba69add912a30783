"""What a step is said to use: facts in scope at that step, and the first that states them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from proofkit.claims import And, ForAll, Implies, LessEqual
from proofkit.script import Proof, Result, Step, arithmetic, both, the
from proofkit.script.results import examine
from proofkit.symbols import index
from theorems.lemma_1 import lemma_1
from theorems.lemma_2 import lemma_2
from theorems.theorem_1 import theorem_1

i, k = index("i"), index("k")


def walk(steps: list[Step], above: tuple[int, ...] = ()) -> Iterator[tuple[Step, tuple[int, ...]]]:
    for step in steps:
        yield step, above
        yield from walk(step.children, above if step.kind == "beat" else (*above, id(step)))


@pytest.mark.parametrize("result", [lemma_1, lemma_2, theorem_1], ids=lambda r: r.id)
def test_only_steps_in_scope_are_used(result: Result) -> None:
    for route in result.routes:
        steps = list(walk(result.run(route).proof.steps))
        scopes: dict[int, Any] = {id(step): above for step, above in steps}
        for step, above in steps:
            for fact in step.uses:
                scope = scopes[id(fact.step)]
                enclosing = scope == above[: len(scope)]
                assert enclosing or id(step) in scope, f"{step.claim} uses {fact.claim}"


def test_a_like_supposition_in_another_block_is_not_used() -> None:
    p = Proof()
    with p.for_all(k, given=[LessEqual(1, k)]) as first:
        p.have(LessEqual(0, k), arithmetic())
    with p.for_all(k, given=[LessEqual(1, k)]) as second:
        again = p.have(LessEqual(0, k), arithmetic())
        p.have(And(LessEqual(0, k), LessEqual(1, k)), both(again, *second.given))
    p.have(And(first.fact.claim, second.fact.claim), both(first.fact, second.fact))
    examine(p, p.conclude())
    assert again.step is not None
    assert [fact.step for fact in again.step.uses] == [second.given[0].step]


def test_a_restated_fact_uses_the_one_it_restates() -> None:
    p = Proof()
    given = p.given(ForAll(i, Implies(LessEqual(0, i), LessEqual(i, k))))
    said = p.have(given.claim, the(given))
    examine(p, p.conclude())
    assert said.step is not None
    assert [fact.step for fact in said.step.uses] == [given.step]
