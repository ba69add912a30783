"""Lemma 2: its statement, its proof, and the variants that are refused."""

from __future__ import annotations

from typing import Any

from proofkit.claims import And, Convex, Differentiable, Equal, Less, LessEqual
from theorems.lemma_2 import lemma_2
from theorems.setting import M, d, f, j, k, local_minimum, narrowest


def test_proved(proved: Any) -> None:
    proved(lemma_2, "main")


def test_every_hypothesis_is_needed(needs_every_hypothesis: Any) -> None:
    # With j = k the upper half is empty and Theorem 3 is not about it; with j = 0 the lower one.
    needs_every_hypothesis(lemma_2, "main")


def test_the_statement_is_the_papers_without_convexity() -> None:
    G = f.gradient(M[k:1])
    assert lemma_2.variables == (d, k, j, f, M)
    assert [h.claim for h in lemma_2.given] == [
        Less(0, j),
        Less(j, k),
        narrowest(j),
        Differentiable(f),
        local_minimum(M),
    ]
    assert Convex(f) not in [h.claim for h in lemma_2.given]
    assert lemma_2.claim == And(Equal(G * M[j:1].T, 0), Equal(M[k : j + 1].T * G, 0))


def test_a_bottleneck_at_an_end_is_refused(refused: Any) -> None:
    refused(lemma_2, "main", 0, LessEqual(0, j))
    refused(lemma_2, "main", 1, LessEqual(j, k))


def test_another_layer_being_narrowest_is_refused(refused: Any) -> None:
    refused(lemma_2, "main", 2, narrowest(j - 1))
    refused(lemma_2, "main", 2, narrowest(0))


def test_the_remark_about_one_layer_stands_at_theorem_3() -> None:
    steps = lemma_2.run().proof.steps
    remarked = [s for s in steps if any(r.id == "theorem-3-with-one-layer" for r in s.remarks)]
    assert [s.rule for s in remarked] == ["result: theorem-3-gradient"]
