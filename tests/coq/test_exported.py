"""Whole proofs in Coq: what ``proofkit export --format coq`` writes is checked there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from proofkit.coq.language import Untold
from proofkit.coq.proof import written
from proofkit.export import ExportedProof, document, parse
from theorems import PACK

from .compiling import axioms_listed, coqc
from .test_coq import ALLOWED, ONCE


def proof(name: str) -> ExportedProof:
    """The proof of a result, as exported."""
    return parse(document(PACK[name].theorem()))


def checked(folder: Path, text: str) -> str:
    """What Coq prints of a file."""
    (folder / "Exported.v").write_text(text, encoding="utf-8")
    return coqc(folder, "Exported")


@ONCE
@pytest.mark.parametrize(
    "name", ["perturbation", "chain-rule", "peeling", "kept-minimum", "lemma-1"]
)
def test_coq_checks_a_proof_and_its_axioms_are_allowed(folder: Path, name: str) -> None:
    found = axioms_listed(checked(folder, written(proof(name))))
    assert found and set(found) <= {axiom.split(".")[-1] for axiom in ALLOWED} | ALLOWED


@ONCE
def test_a_map_that_does_not_go_to_the_point_is_refused(folder: Path) -> None:
    whole = proof("kept-minimum")
    place = next(n for n, s in enumerate(whole.steps) if s.rule == "near: along a continuous map")
    steps = list(whole.steps)
    (x,), centres, ((*changed, (lam, index, (*head, terms))),) = steps[place].data
    assert len(terms) == 2  # M + X in place of M, X near 0; here, X alone
    alone = (*changed, (lam, index, (*head, tuple(t for t in terms if x in t[0][1][0]))))
    steps[place] = replace(steps[place], data=((x,), centres, (alone,)))
    with pytest.raises(RuntimeError, match="No applicable tactic"):
        checked(folder, written(replace(whole, steps=tuple(steps))))


@ONCE
def test_an_inference_that_does_not_follow_is_refused(folder: Path) -> None:
    whole = proof("perturbation")
    place = next(n for n, step in enumerate(whole.steps) if step.rule == "arithmetic")
    _, e = whole.steps[place].conclusion
    steps = list(whole.steps)
    steps[place] = replace(steps[place], conclusion=("not", ("inonneg", e)))
    with pytest.raises(RuntimeError, match="No applicable tactic"):
        checked(folder, written(replace(whole, steps=tuple(steps))))


def test_each_inference_is_a_lemma_and_the_statement_is_the_last() -> None:
    whole = proof("perturbation")
    text = written(whole)
    assert text.count("\nLemma step") == len(whole.steps)
    assert text.rstrip().endswith("Print Assumptions statement.")
    assert "Admitted" not in text and "Axiom" not in text
    assert written(whole) == text


def test_a_rule_that_cannot_be_said_is_refused() -> None:
    whole = proof("perturbation")
    steps = (*whole.steps[:-1], replace(whole.steps[-1], rule="a new rule"))
    with pytest.raises(Untold, match="a new rule"):
        written(replace(whole, steps=steps))
