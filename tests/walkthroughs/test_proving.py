"""What a reader tries is what the kernel says: each choice of facts, and what stands against it."""

from __future__ import annotations

import pytest

from proofkit.claims import RankBelow
from proofkit.evaluate import evaluate
from proofkit.reports.tracing import plain_trace
from proofkit.walkthroughs.data import Facts
from proofkit.walkthroughs.page import on_example
from proofkit.walkthroughs.proving import accepted, proving
from theorems import PACK
from theorems.lemma_2 import A
from theorems.questions_lemma_1 import KILLED
from theorems.setting import d, j

LEMMA = PACK["lemma-1"]


def test_the_kernel_accepts_what_suffices_and_nothing_else() -> None:
    found = dict(zip([f"{n:04b}" for n in range(16)], accepted(KILLED), strict=True))
    assert [bits for bits, rule in found.items() if rule] == ["1110", "1111"]
    assert found["1110"] == "textbook: kernel vector"


@pytest.mark.parametrize("example", ["E01", "E08"])
def test_what_does_not_suffice_is_refuted(example: str) -> None:
    env = on_example(PACK, LEMMA, example)
    (trying,) = proving(plain_trace(LEMMA, "paper"), [KILLED], env)
    here = 0
    for one in trying.tried:
        assert bool(one.rule) != bool(one.where and one.quantities)
        if one.where == "On this network it fails":
            here += 1
            chosen = [f for f, bit in zip(KILLED.offered, one.bits, strict=True) if bit == "1"]
            assert all(evaluate(fact, env).everywhere for fact in chosen)
            assert not evaluate(KILLED.read, env).everywhere
    # E01 has full rank: there no vector is killed.
    assert bool(here) == (example == "E01")


def test_what_is_not_in_the_proof_or_cannot_be_proved_is_not_asked() -> None:
    trace = plain_trace(LEMMA, "paper")
    assert proving(trace, [Facts("none", RankBelow(A, d(j)), ())], None) == ()
    assert proving(plain_trace(PACK["theorem-2"]), [KILLED], None) == ()
