"""Which steps of the proofs some network reaches, and that those it does not reach are reported.

A step inside a proof by contradiction can hold nowhere; on a network that is no local minimum it
is reached all the same, with a witness for a part of what was supposed.  Steps that only a claim
like "there is v with …" keeps from being decided remain, and `check -v` names them.
"""

from __future__ import annotations

from typing import Any

import pytest

from proofkit.checking import check, networks_of, numbered
from proofkit.evaluate.replay import replay_batch
from proofkit.networks.files import read_network
from theorems import PACK

UNREACHED = {"lemma-1": 21, "theorem-2": 6, "corollary-1": 1}
"""How many steps of a result's routes no network decides; 0 where nothing is said."""


@pytest.mark.parametrize("result", PACK.results, ids=lambda r: r.id)
def test_few_steps_are_reached_by_no_network_and_those_are_reported(result: Any) -> None:
    found = check(PACK, result, networks=networks_of(PACK))
    assert found.failures == []
    decided = {"holds", "not refuted", "fails"}
    unreached = [row for row in found.by_step if not decided & set(row.verdicts)]
    assert len(unreached) <= UNREACHED.get(result.id, 0), [row.number for row in unreached]
    told = set(found.unexercised)
    assert told >= {str(row.step.claim) for row in unreached}
    for row in found.by_step:
        if not {"holds", "not refuted"} & set(row.verdicts):
            assert str(row.step.claim) in told


def verdicts(id: str, route: str, example: str) -> dict[str, str]:
    result = PACK[id]
    run = result.run(route)
    network = read_network(PACK.examples()[example])
    env = PACK.environment(network, 0, result)
    seen = [verdict.status for _, verdict in replay_batch(result, run, env)]
    numbers = [number for number, _ in numbered(run.proof.steps)]
    return dict(zip(numbers, seen, strict=True))


def test_the_papers_induction_is_walked_through_on_a_saddle() -> None:
    """E09, where layer 2 takes the rows back: the rows are turned out of V, as in the paper."""
    seen = verdicts("lemma-1", "paper", "E09")
    turned = {n: v for n, v in seen.items() if n.startswith("2.2.3.9.2.3.5.1.")}
    assert len(turned) > 20
    assert sum(v == "holds" for v in turned.values()) > 10
    # Only layers below layer i are compared with the others, and here i is 0.
    stopped = [n for n, v in turned.items() if v == "not applicable"]
    assert all(n.startswith("2.2.3.9.2.3.5.1.8.") for n in stopped)
    # The supposition that fails is the one about all v near: equation (2).
    assert seen["2.2.3.8"] == "fails"
    assert seen["2.2.3.13"] == "fails"  # and so there is no contradiction


def test_on_a_spurious_minimum_the_same_steps_do_not_apply() -> None:
    seen = verdicts("lemma-1", "paper", "E02")
    assert {v for n, v in seen.items() if n.startswith("2.2.3.9")} == {"not applicable"}
    assert seen["2"] == "holds"
