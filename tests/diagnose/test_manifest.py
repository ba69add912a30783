"""Networks on which floats once misled: each gets the right verdict, which ``recheck`` confirms."""

import json
from pathlib import Path

import pytest

from proofkit.diagnose import diagnose
from proofkit.diagnose.check.recheck import recheck
from proofkit.networks.files import read_network

POINTS = Path(__file__).parent / "points"
EXPECTED = json.loads((POINTS / "manifest.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", EXPECTED)
def test_the_verdict_is_the_right_one(name: str) -> None:
    path = POINTS / name
    loss = str(path.with_suffix(".loss.json")) if path.suffix == ".npz" else None
    found = diagnose(read_network(str(path), loss))
    assert found.verdict == EXPECTED[name]
    assert recheck(json.loads(json.dumps(found.certificate)))


def test_newton_is_not_mentioned_where_it_did_not_move() -> None:
    found = diagnose(read_network(str(POINTS / "min_moving.json")))
    assert not any("Newton" in line or "distance 0" in line for line in found.why)
