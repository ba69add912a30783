"""2,000 critical points of known kind, moved and rounded: none is misjudged, few are left open."""

import json
from collections import Counter

import numpy as np
import pytest

from proofkit.diagnose import diagnose
from proofkit.diagnose.check.float_judge import judge
from proofkit.diagnose.check.float_point import start_of
from proofkit.diagnose.check.float_verdict import Found, concluded
from proofkit.diagnose.check.recheck import recheck

from .moved_points import KINDS, moved

COUNT = 100
LEVELS = [("float64", 1e2), ("float64", 1e6), ("float32", 1e1), ("float32", 1e3)]


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize(("precision", "condition"), LEVELS)
def test_none_is_misjudged(precision: str, condition: float, name: str) -> None:
    """The judge alone; whether a minimum is spurious only a search can say."""
    verdict, made = KINDS[name]
    rng = np.random.default_rng(sum(map(ord, name)))
    right = {verdict, "local-minimum"} if verdict == "spurious-local-minimum" else {verdict}
    found: Counter[str] = Counter()
    for _ in range(COUNT):
        network = moved(rng, made(rng), condition, precision)
        start = start_of(network)
        found[concluded(judge(network, start, start), Found())[0]] += 1
    assert set(found) <= {*right, "undecided"}
    assert found["undecided"] < 0.05 * COUNT


@pytest.mark.parametrize("name", KINDS)
def test_the_whole_diagnosis_agrees(name: str) -> None:
    verdict, made = KINDS[name]
    rng = np.random.default_rng(1)
    for precision, condition in LEVELS:
        for _ in range(3):
            found = diagnose(moved(rng, made(rng), condition, precision))
            assert found.verdict == verdict
            assert recheck(json.loads(json.dumps(found.certificate)))
