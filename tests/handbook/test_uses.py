"""Every tactic and every textbook fact has a use that is printed, and that runs as printed."""

from __future__ import annotations

import pytest

import proofkit as pk
from proofkit.handbook.uses import NAMES, USES, Use, of_fact
from proofkit.textbook import FACTS


def run(use: Use, names: dict[str, object]) -> None:
    proof = pk.Proof()
    given = {name: proof.given(claim) for name, claim in use.given.items()}
    proof.have(use.claim, eval(use.call, {**names, **given}))


def test_every_tactic_has_a_use() -> None:
    assert set(USES) == set(pk.by.__all__) - {"Tactic"}


@pytest.mark.parametrize("name", USES)
def test_a_use_of_a_tactic_runs(name: str) -> None:
    assert USES[name].call.startswith(f"by.{name}(")
    run(USES[name], dict(NAMES))


@pytest.mark.parametrize("name", FACTS)
def test_a_use_of_a_fact_runs(name: str) -> None:
    run(of_fact(name), {"by": pk.by, **{str(v): v for v in FACTS[name].variables}})
