"""What is seen of a step does not hang on how its values are remembered or bounded."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from proofkit.evaluate import Environment, evaluate_steps
from proofkit.evaluate.environment import Memo
from proofkit.networks import error_bounds, floating
from proofkit.script import Result
from theorems import PACK

RESULTS = [PACK["lemma-2"], PACK["theorem-2"]]


@cache
def proved(name: str) -> Any:
    result = PACK[name]
    return result.run(next(iter(result.routes)))


def verdicts(result: Result, env: Environment) -> list[tuple[Any, ...]]:
    """Of each step, worked out anew."""
    anew = replace(env, memo=None, tried=None)
    return [
        (v.status, v.instances, v.failed, v.samples, v.detail)
        for _, v in evaluate_steps(result, proved(result.id), anew)
    ]


@pytest.mark.parametrize("result", RESULTS, ids=lambda r: r.id)
def test_nothing_changes_when_nothing_is_remembered(
    result: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    environments = [
        *list(PACK.exact(0, 6, result).values()),
        *list(PACK.batches(0, 100, result).values())[:6],
    ]
    usual = [verdicts(result, env) for env in environments]
    monkeypatch.setattr(Memo, "at", lambda memo, key: None)
    assert [verdicts(result, env) for env in environments] == usual
    assert len({status for one in usual for status, *_ in one}) >= 3


@pytest.mark.parametrize("result", RESULTS, ids=lambda r: r.id)
def test_bounds_by_norm_lead_to_the_verdicts_of_bounds_by_entry(
    result: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    environments = list(PACK.batches(0, 14 * error_bounds.LANES, result).values())[::3]
    assert all(env.batch >= error_bounds.LANES for env in environments)
    by_norm = [verdicts(result, env) for env in environments]
    for module in (error_bounds, floating):
        monkeypatch.setattr(module, "LANES", 1 << 30)
    by_entry = [verdicts(result, env) for env in environments]
    for some, others in zip(by_norm, by_entry, strict=True):
        assert [one[0] for one in some] == [other[0] for other in others]
        # A few networks lie so near a border that wider bounds count them on the other side.
        for (_, instances, failed, *_), (_, instances_, failed_, *_) in zip(
            some, others, strict=True
        ):
            assert abs(instances - instances_) + abs(failed - failed_) <= error_bounds.LANES // 50
