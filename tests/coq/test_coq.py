"""What the kernel takes as known is proved in Coq: the statements are the ledger's own."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from proofkit.ci import rebuild
from proofkit.coq import RULES, STATUS, identifier, is_proved, propositions, statements
from proofkit.coq.language import Untold, Writer
from proofkit.kernel import LEDGER
from proofkit.kernel.terms import number

from .compiling import HERE, ORDER, axioms, coqc, theorems, version

ALLOWED = {
    # Coq's real numbers.
    "ClassicalDedekindReals.sig_forall_dec",
    "ClassicalDedekindReals.sig_not_dec",
    # Functions with the same values are equal.
    "FunctionalExtensionality.functional_extensionality_dep",
    # Excluded middle, and choice: the value that has a property.
    "Classical_Prop.classic",
    "ClassicalEpsilon.constructive_indefinite_description",
    "Epsilon.epsilon_statement",
}
"""The axioms that a proof may rest on."""

ONCE = pytest.mark.xdist_group("coq")


def test_the_statements_are_those_of_the_ledger() -> None:
    assert (HERE / "Statements.v").read_bytes() == statements().encode("utf-8"), (
        "the ledger has changed: python -m proofkit.coq > tests/coq/Statements.v"
    )


@pytest.mark.parametrize("name", ["fermat", "kernel vector", "slope of log"])
def test_another_claim_is_another_statement(name: str) -> None:
    claim = LEDGER[name].claim
    weaker = claim
    path = []
    while weaker[0] == "forall":
        path.append(weaker[1])
        weaker = weaker[2]
    weaker = weaker[2]  # without its first hypothesis
    for sort in reversed(path):
        weaker = ("forall", sort, weaker)
    assert Writer().claim(weaker) != Writer().claim(claim)


def test_every_fact_and_every_linear_word_is_stated() -> None:
    stated = propositions()
    assert {f"fact_{identifier(name)}" for name in LEDGER} <= set(stated)
    assert len(stated) > len(LEDGER)


def test_what_cannot_be_said_is_refused() -> None:
    one = number(1)
    family = ("var", "F", ("to", ("index",), ("matrix", one, one)))
    chain = ("chain", family, number(3), one)
    claims = (
        ("null", ("mat", one, one, ((((), ((chain, 0),)), (1, 1)),))),
        ("null", ("mat", one, one, ((((), ((("sum", family, number(3), one), 0),)), (1, 1)),))),
    )
    for claim in claims:
        with pytest.raises(Untold):
            Writer().claim(claim)
    with pytest.raises(Untold):
        Writer().number(number(1, 2), "index")


@ONCE
def test_each_proof_proves_its_statement_and_rests_on_the_axioms_recorded(folder: Path) -> None:
    recorded = json.loads(STATUS.read_text(encoding="utf-8"))
    found = theorems()
    named = [name for group in recorded["proved"] for name in group["theorems"]]
    assert sorted(named) == sorted(found) and recorded["coq"] == version(), (
        "proofs were added or lost: python -m tests.coq.compiling > proofkit/coq/proved.json"
    )
    proofs = [[found[name] for name in group["theorems"]] for group in recorded["proved"]]
    for group, rests in zip(recorded["proved"], axioms(folder, proofs), strict=True):
        assert set(rests) <= set(group["axioms"]) <= ALLOWED, group["theorems"]


def test_every_fact_of_the_ledger_is_proved() -> None:
    assert [name for name in LEDGER if not is_proved(name)] == []


def test_every_rule_has_a_standing() -> None:
    assert {*RULES, "textbook"} == set(rebuild.RULES)


@ONCE
def test_a_gap_is_seen(folder: Path) -> None:
    text = (
        "From Proofkit Require Import Language Statements.\n"
        "Theorem gap : fact_fermat.\nProof. Admitted.\n"
        "Print Assumptions gap.\n"
    )
    (folder / "Gap.v").write_text(text, encoding="utf-8")
    assert "gap : fact_fermat" in coqc(folder, "Gap")


@ONCE
def test_without_one_of_its_hypotheses_a_fact_is_refuted(folder: Path) -> None:
    text = (HERE / "Counterexamples.v").read_text(encoding="utf-8")
    refuted = re.findall(r"^Theorem refuted_(\w+) : ~ without_(\w+)\.", text, re.M)
    assert {first for first, _ in refuted} == {second for _, second in refuted}
    stated = {name for name in propositions() if name.startswith("without_")}
    assert {f"without_{name}" for name, _ in refuted} == stated
    assert len(stated) >= 3
    assert (folder / "Counterexamples.vo").exists()


@ONCE
def test_a_proof_of_something_else_is_refused(folder: Path) -> None:
    with pytest.raises(RuntimeError, match="expected to have type"):
        axioms(folder, [["(proved_exp_of_zero : fact_exp_of_log)"]])


def test_nothing_is_assumed_in_the_files() -> None:
    for name in ORDER:
        text = re.sub(
            r"\(\*.*?\*\)", "", (HERE / f"{name}.v").read_text(encoding="utf-8"), flags=re.S
        )
        words = (
            r"\b(Axioms?|Parameters?|Admitted|admit|Conjecture|Unset Guard Checking|bypass_check)\b"
        )
        assert not re.search(words, text), name


def test_every_proof_is_of_a_statement() -> None:
    of_facts = {name.removeprefix("proved_") for name in theorems() if name.startswith("proved_")}
    assert of_facts <= {name.removeprefix("fact_") for name in propositions()}
