"""Which results and steps some network exercises, and that those it does not reach are reported.

A step inside a proof by contradiction can hold nowhere; on a network that is no local minimum it
is reached all the same, with a witness for a part of what was supposed.  Steps that only a claim
like "there is v with …" keeps from being decided remain, and `check -v` names them.
"""

from __future__ import annotations

from typing import Any

import pytest

from proofkit.checking import check, networks_of, numbered
from proofkit.evaluate.steps import evaluate_steps
from proofkit.networks.files import read_network
from proofkit.reports.tracing import asked_of_instances, plain_trace
from proofkit.script import Step
from theorems import PACK

UNEXERCISED = {
    "deep-minimum",  # that the pair is a local minimum is only tried on samples
    "squared-loss",  # that a function of all matrices is convex is not decided
    "ky-fan",  # that u ↦ uᵀSu is large on a whole subspace is only tried on samples
    "no-columns",  # there is no network without inputs
    "identity-blocks",  # no family of matrices is found that is said to exist
    "towers-minimum",  # as deep-minimum
    "peeling",  # that Z·(L + x·yᵀ) = 0 for all x near 0 is only tried on samples
    "wide-pair",  # as deep-minimum
    "wide-pairs",  # no local minimum is known that the conclusion speaks of
    "towers-from-two-layers",  # that all local minima are global is only tried on samples
    "two-layers-from-towers",  # likewise
}
"""Auxiliary results whose hypotheses and conclusion are decided on no network."""


def exercised(result: Any) -> bool:
    """Whether an example or a random network exercises a result."""
    return not asked_of_instances(plain_trace(result), PACK, result, 0).unexercised


@pytest.mark.parametrize("result", PACK.results, ids=lambda r: r.id)
def test_each_result_of_the_paper_is_exercised(result: Any) -> None:
    assert exercised(result)


def test_auxiliary_results_that_are_not_are_known() -> None:
    assert {result.id for result in PACK.auxiliary if not exercised(result)} == UNEXERCISED


UNREACHED = {"lemma-1": 21, "theorem-2": 6, "corollary-1": 2}
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


Seen = list[tuple[str, Step, str]]
"""The steps of a proof, with their numbers and what was said of them on a network."""


def replayed(id: str, route: str, example: str) -> Seen:
    result = PACK[id]
    run = result.run(route)
    network = read_network(PACK.examples()[example])
    env = PACK.environment(network, 0, result)
    seen = [verdict.status for _, verdict in evaluate_steps(result, run, env)]
    steps = numbered(run.proof.steps)
    return [(number, step, said) for (number, step), said in zip(steps, seen, strict=True)]


def at(seen: Seen, words: str) -> tuple[str, Step, str]:
    """The step with words that begin like this."""
    (found,) = (row for row in seen if str((*row[1].words.parts, "")[0]).startswith(words))
    return found


def below(seen: Seen, words: str) -> Seen:
    """The steps inside that step."""
    number, _, _ = at(seen, words)
    return [row for row in seen if row[0].startswith(f"{number}.")]


def test_the_papers_induction_is_walked_through_on_a_saddle() -> None:
    """E09, where layer 2 takes the rows back: the rows are turned out of V, as in the paper."""
    seen = replayed("lemma-1", "paper", "E09")
    turned = below(seen, "Suppose layer ")
    assert len(turned) > 20
    assert sum(said == "holds" for *_, said in turned) > 10
    # The supposition that fails is the one about all v near: equation (2).
    assert at(seen, "Lemma 2 holds at each")[2] == "fails"
    # And so there is no contradiction.
    assert at(seen, "At the bottleneck equation (2)")[2] == "fails"


def test_on_a_spurious_minimum_the_same_steps_do_not_apply() -> None:
    seen = replayed("lemma-1", "paper", "E02")
    assert {said for *_, said in below(seen, "Suppose first that ")} == {"not applicable"}
    assert seen[-1][2] == "holds"
