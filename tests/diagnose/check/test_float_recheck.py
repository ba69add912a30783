"""Numerical verdicts are recomputed from their data by ``recheck``; a changed one is refused."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofkit.diagnose import VERDICTS, diagnose
from proofkit.diagnose.check.certificate import digest
from proofkit.diagnose.check.recheck import Refused, recheck
from proofkit.networks.expressions import parse_expression
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.losses import ExpressionLoss
from proofkit.networks.network import Network

from ..made_points import FAMILIES, descended, dropped_flat, floats, problem


def rounded(family: Callable[[np.random.Generator], Network], rng: np.random.Generator) -> Network:
    """A network in a gauge in which rounding its entries leaves it not exactly critical."""
    while True:
        network = floats(family(rng), rng)
        if diagnose(network).certificate["arithmetic"] == "float":
            return network


def networks() -> dict[str, Network]:
    """One network for each outcome that floats can have."""
    rng = np.random.default_rng(4)
    made = {name: rounded(family, rng) for name, family in FAMILIES.items()}
    made["low rank, strict"] = rounded(dropped_flat, rng)
    trained = problem(rng, "logistic", 3, 3)
    made["trained"] = descended(rng, trained, [[3, 1, 3]])
    made["f' = 0"] = descended(rng, problem(rng, "logistic", 2, 2), [[2, 2, 2]])
    made["moving"] = descended(rng, trained, [[3, 1, 3]], 20)
    text = "(w11-1)**2 + (w11-1)*w22 + w22**2 + 3/2*(w12**2 + w21**2)"
    loss = ExpressionLoss((2, 2), parse_expression(text, (2, 2)))
    layers = [np.array([[0.0, 2**0.5]]), np.array([[0.0], [2**0.5 / 4]])]
    made["degenerate"] = Network.single("", [FloatMatrix.of(m) for m in layers], loss)
    return made


# Descent stops some way before its limit; these are judged by what is around.
TOLERANCE = {"trained": 1e-6, "f' = 0": 1e-6}
MADE = {
    name: diagnose(network, tolerance=TOLERANCE.get(name)) for name, network in networks().items()
}
LOWER = ("lower_point", "layers")
TEXTS = {"title", "why", "digest", "format", "kind"}


@pytest.mark.parametrize("name", MADE)
def test_recheck_comes_to_the_same_verdict(name: str) -> None:
    found = MADE[name]
    assert found.certificate["arithmetic"] == "float"
    done = recheck(json.loads(json.dumps(found.certificate)))
    assert found.verdict in done[-1]
    assert "no proof" in done[-1]


def test_every_outcome_that_needs_evidence_brings_it() -> None:
    seen = {made.certificate["evidence"]["outcome"] for made in MADE.values()}
    assert {"moving", "negative", "deficient", "local", "squared", "stationary"} <= seen
    for made in MADE.values():
        evidence = made.certificate["evidence"]
        if made.verdict == "not-critical":
            assert evidence["step"] is not None
        if made.verdict in {"strict-saddle", "non-strict-saddle"}:
            assert made.escape is not None
        if made.verdict == "spurious-local-minimum":
            assert made.lower_point is not None


def numbers(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        for key, part in value.items():
            if key not in TEXTS:
                yield from numbers(part, (*path, key))
    elif isinstance(value, list):
        for i, part in enumerate(value):
            yield from numbers(part, (*path, i))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield path


@given(st.sampled_from(sorted(MADE)), st.integers(0, 10**6), st.sampled_from([1, -3, 0.5]))
def test_one_changed_number_is_refused(name: str, which: int, by: float) -> None:
    """With the old digest by the digest; with a new one by the numbers themselves."""
    changed = json.loads(json.dumps(MADE[name].certificate))
    # Another lower network, or a looser bound, may prove the same; then only the digest differs.
    places = [p for p in numbers(changed) if not {"lo", "hi"} & {*p} and p[:2] != LOWER]
    path = places[which % len(places)]
    part = changed
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] += by
    with pytest.raises(Refused, match="digest"):
        recheck(changed)
    changed["digest"] = digest(changed)
    with pytest.raises(Refused):
        recheck(changed)


@pytest.mark.parametrize("name", MADE)
def test_other_verdicts_are_refused(name: str) -> None:
    made = MADE[name].certificate
    for verdict in set(VERDICTS) - {made["verdict"]}:
        changed = {**made, "verdict": verdict}
        changed["digest"] = digest(changed)
        with pytest.raises(Refused):
            recheck(changed)
    for key in ("escape", "bound", "lower_point"):
        if made[key] is not None:
            changed = {**made, key: None}
            changed["digest"] = digest(changed)
            # A way down only shows what the second derivative and the ranks have decided.
            if key == "escape" or made["verdict"] == "undecided":
                continue
            with pytest.raises(Refused):
                recheck(changed)


def test_a_kernel_that_no_symmetry_explains_is_said() -> None:
    found = MADE["degenerate"]
    assert found.verdict == "undecided"
    assert any("no symmetry of the loss explains" in line for line in found.why)
