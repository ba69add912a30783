"""Mutants of proofs and scripts: every change is noticed, or shown to change nothing."""

from __future__ import annotations

import ast
import inspect
import json
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from proofkit.ci import mutants as m
from proofkit.ci.rebuild import rebuild
from proofkit.ci.script_changes import Changer
from proofkit.ci.script_mutants import OPERATORS, script_mutants
from proofkit.export import document, parse, record, redocument
from proofkit.kernel import KernelError
from tests.words_pack import gelu_slope, log_determinant
from theorems import PACK

Run = Callable[..., Any]


@pytest.mark.parametrize("id", ["perturbation", "theorem-3"])
def test_the_kernel_accepts_what_it_exported(id: str) -> None:
    theorem = PACK[id].theorem()
    assert rebuild(record(theorem))[-1].conclusion == theorem.conclusion
    proof = parse(document(theorem))
    assert redocument(proof)["steps"][-1]["rule"] == proof.steps[-1].rule
    assert parse(redocument(proof)) == proof


def test_no_mutant_of_a_proof_survives() -> None:
    found = [x for id in ("perturbation", "chain-rule") for x in m.mutants(PACK[id], 45)]
    assert len(found) == 90
    assert set(m.STEP_OPERATORS) - {x.operator for x in found} <= {
        "weakened witness",
        "swapped premises",
        "another word",
    }
    outcomes = Counter(x.outcome for x in found)
    assert outcomes["survivor"] == 0, [x for x in found if x.outcome == "survivor"]
    assert sum(x.caught for x in found) > 80
    assert outcomes["both checkers"] == sum(x.caught for x in found)


def test_no_mutant_of_a_longer_proof_survives() -> None:
    found = m.mutants(PACK["theorem-3"], 8)
    assert not [x for x in found if x.outcome == "survivor"]
    assert sum(x.caught for x in found) > 5


def test_no_mutant_of_a_proof_about_words_survives() -> None:
    found = [x for r in (log_determinant, gelu_slope) for x in m.mutants(r, 30)]
    assert len(found) == 60
    assert "another word" in {x.operator for x in found}
    assert not [x for x in found if x.outcome == "survivor"]
    assert sum(x.caught for x in found) > 50


def test_no_mutant_of_a_script_about_words_survives() -> None:
    found = script_mutants(log_determinant, 20)
    assert "another word" in {x.operator for x in found}
    assert not [x for x in found if x.outcome == "survivor"]


def test_a_kernel_with_a_hole_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Survivors are possible: a kernel that accepts any algebra lets mutants through."""
    from proofkit.ci import rebuild as r
    from proofkit.kernel import theorem

    real = r.infer

    def hole(step: Any, premises: Any) -> Any:
        try:
            return real(step, premises)
        except ValueError:
            if step.rule != "algebra":
                raise
            return theorem.seal("algebra", (), (), step.conclusion, step.hypotheses)

    def equivalent() -> int:
        return Counter(x.outcome for x in m.mutants(PACK["perturbation"], 60))["equivalent"]

    monkeypatch.setattr(m, "second_checker", lambda: None)
    before = equivalent()
    monkeypatch.setattr(r, "infer", hole)
    proof = record(PACK["perturbation"].theorem())
    at = next(n for n, s in enumerate(proof.steps) if s.rule == "algebra")
    with pytest.raises(KernelError):
        wrong = replace(proof.steps[at], conclusion=("false",))
        real(wrong, [])
    assert equivalent() > before


def test_a_statement_with_an_equation_turned_round_is_the_same_statement() -> None:
    # −p = 0 for p = 0: both checkers bring it to normal form.
    proof = record(PACK["no-columns"].theorem())

    def turned(term: Any, sign: int) -> Any:
        match term:
            case ("null", ("num", ((key, (p, q)),))):
                return ("null", ("num", ((key, (sign * p, q)),)))
        return tuple(turned(part, sign) for part in term) if isinstance(term, tuple) else term

    other = replace(proof, statement=turned(proof.statement, -1))
    assert other.statement != proof.statement
    assert rebuild(other)
    assert m.second_checker()(redocument(other)) is None
    twice = replace(proof, statement=turned(proof.statement, 2))
    with pytest.raises(KernelError):
        rebuild(twice)
    assert m.second_checker()(redocument(twice)) is not None


def test_operators_change_something() -> None:
    proofs = [record(PACK["perturbation"].theorem()), record(log_determinant.theorem())]
    steps = [step for proof in proofs for step in proof.steps]
    rng = random.Random(0)
    for name, change in m.OPERATORS.items():
        changed = [change(s.conclusion, rng) for s in steps]
        assert any(c not in (None, s.conclusion) for c, s in zip(changed, steps, strict=True)), name


def test_no_mutant_of_a_script_survives() -> None:
    found = script_mutants(PACK["perturbation"], 30)
    assert len(found) == 30
    outcomes = Counter(x.outcome for x in found)
    assert outcomes["survivor"] == 0
    assert outcomes["kernel"] > 15
    assert len({x.operator for x in found}) >= len(OPERATORS) - 4
    again = script_mutants(PACK["perturbation"], 30)
    assert again == found


def test_only_what_the_result_is_made_of_is_changed() -> None:
    """Not the other results of its module; but the functions it calls in the modules beside it."""
    places = [x.where for x in script_mutants(PACK["nonzero-matrix"], 40)]
    assert {where.split(",")[0] for where in places} == {"theorems.linear_algebra"}
    changed = {int(where.split()[-1]) for where in places}
    for other in ("nonzero-multiple", "equal-factors"):
        lines, first = inspect.getsourcelines(PACK[other].routes["main"].script)
        assert not changed & set(range(first, first + len(lines)))
    lines, first = inspect.getsourcelines(PACK["nonzero-matrix"].routes["main"].script)
    assert changed & set(range(first, first + len(lines)))
    homes = {x.where.split(",")[0] for x in script_mutants(PACK["lemma-1"], 14)}
    assert {"theorems.lemma_1", "theorems.lemma_1_perturbed"} <= homes


def test_formulas_for_the_words_are_no_mutants() -> None:
    source = (
        "p.have(Equal(A, B), algebra(), 'See {x}.', x=A * B)\n"
        "result('a', 'A', claim=Equal(A, B), symbols=((A * B, 'C'),))\n"
        "p.have(Equal(A * B, C), algebra(), 'See {x}.', x=A)\n"
    )
    counter = Changer()
    counter.visit(ast.parse(source))
    assert [place for place in counter.places if place[0] != "wrong rule"] == [
        ("order of factors", 3)
    ]


def test_a_mutant_that_is_no_program_counts_for_nothing() -> None:
    found = script_mutants(PACK["theorem-3"], 12)
    broken = [x for x in found if x.outcome == "no program"]
    assert broken
    assert not any(x.caught for x in broken)
    assert all("Error: " in x.reason for x in broken)


def test_a_second_checker_that_refuses_what_the_kernel_accepts_is_a_survivor(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from proofkit.ci import script_mutants as s

    before = Counter(x.outcome for x in script_mutants(PACK["only-summand"], 12))
    assert before["equivalent"] + before["baseline"] > 0
    monkeypatch.setattr(s, "second_checker", lambda: lambda document: "not today")
    after = Counter(x.outcome for x in script_mutants(PACK["only-summand"], 12))
    assert after["survivor"] == before["equivalent"] + before["baseline"]


@pytest.mark.parametrize("id", [r.id for r in PACK.results])
def test_no_mutant_of_the_paper_survives(id: str) -> None:
    """A few of each result here; `proofkit check all --mutants N` makes more."""
    found = script_mutants(PACK[id], 3, seed=1) + m.mutants(PACK[id], 1, seed=1)
    assert not [x for x in found if x.outcome == "survivor"]
    assert any(x.caught for x in found)


def test_the_original_is_untouched() -> None:
    before = PACK["perturbation"].theorem().conclusion
    script_mutants(PACK["perturbation"], 5)
    assert PACK["perturbation"].theorem().conclusion == before


def test_on_the_command_line(run: Run, faulty: Any) -> None:
    pack = ("--pack", "faulty_pack")
    ran = run("check", *pack, "right", "--mutants", "12", "--json")
    assert ran.code == 0
    body = json.loads(ran.out)
    assert body["mutants"] >= 10
    assert body["outcomes"].get("survivor", 0) == 0
    ran = run("check", *pack, "right", "--mutants", "12")
    assert "0 survivors" in ran.out
    assert run("check", *pack, "wrong", "--mutants", "2").code == 1
    assert run("check", *pack, "bare", "--mutants", "2").code == 4
    assert run("check", *pack, "right", "--mutants", "0").code == 2
