"""Checking several results: how many networks are tried, in one process or in several."""

from __future__ import annotations

import importlib
import subprocess
import sys
from typing import Any

import pytest

from proofkit.checking import BATCH, EXACT, Checked, check_all, example_network, networks_of
from proofkit.evaluate.claims import Outcome
from theorems import PACK

CHOSEN = [PACK["chain-rule"], PACK["perturbation"]]


def told(checked: Checked) -> dict[str, Any]:
    return checked.as_json() | {
        "steps": [(one.number, one.evidence, one.problems) for one in checked.by_step]
    }


def test_a_thousand_float_and_fifty_exact_networks_are_tried_by_default() -> None:
    assert BATCH >= 1000
    assert EXACT >= 50
    for result in CHOSEN:
        batches = PACK.batches(0, BATCH, result)
        assert sum(env.batch for env in batches.values()) >= 1000
        assert len(PACK.exact(0, EXACT, result)) >= 50


@pytest.mark.parametrize("name", ["only-summand", "one-summand", "stacked-product"])
def test_auxiliary_results_are_tried_on_as_many_exact_instances(name: str) -> None:
    environments = PACK.exact(0, EXACT, PACK[name])
    assert len(environments) == EXACT
    drawn = [
        [v for v in env.values.values() if hasattr(v, "rows")] for env in environments.values()
    ]
    assert all(len(set(map(str, same))) > 1 for same in zip(*drawn, strict=True))


def test_several_processes_find_what_one_finds() -> None:
    networks = networks_of(PACK, ["E01", "E08"])
    chosen = [(PACK, result, networks) for result in CHOSEN]
    alone = check_all(chosen, batch=100, exact=5, workers=1)
    together = check_all(chosen, batch=100, exact=5, workers=2)
    assert [told(one) for one in alone] == [told(one) for one in together]
    assert all(one.status == "proved" and one.exact == 2 + 5 for one in together)


def test_what_fails_in_another_process_is_told_with_its_step(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    replay = importlib.import_module("proofkit.evaluate.steps")

    def never(claim: Any, env: Any) -> Outcome:
        held = evaluate(claim, env)
        return held._replace(holds=False) if claim == last else held

    evaluate = replay.evaluate
    last = PACK["perturbation"].run().proof.steps[-1].claim
    monkeypatch.setattr(replay, "evaluate", never)
    networks = networks_of(PACK, ["E08"])
    chosen = [(PACK, result, networks) for result in CHOSEN]
    fine, failed = check_all(chosen, batch=0, exact=0, workers=2)
    assert fine.status == "proved"
    assert failed.status == "failed"
    assert [f.kind for f in failed.failures] == ["contradicted"]
    assert "on E08" in failed.failures[0].where


def test_an_example_is_the_same_network_each_time() -> None:
    assert example_network(PACK, "E01") is example_network(PACK, "E01")
    with pytest.raises(KeyError):
        example_network(PACK, "E99")


def test_the_outcome_does_not_depend_on_what_was_checked_before() -> None:
    """What is remembered between results must not change what is found."""
    program = (
        "import json; from proofkit.checking import check_all, networks_of; "
        "from theorems import PACK; networks = networks_of(PACK, ['E01', 'E08', 'E12']); "
        "found = check_all([(PACK, PACK[id], networks) for id in {ids}], batch=50, exact=6, "
        "workers=1); print(json.dumps([found[-1].as_json(), "
        "[(s.number, s.evidence) for s in found[-1].by_step]]))"
    )
    ran = [
        subprocess.run(
            [sys.executable, "-c", program.replace("{ids}", repr(ids))],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for ids in (["lemma-2"], ["theorem-3", "lemma-1", "lemma-2"])
    ]
    assert ran[0] == ran[1]
