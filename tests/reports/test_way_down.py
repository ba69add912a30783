"""The witness handed over where a proof by contradiction breaks, recomputed from what is shown."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from proofkit.networks.files import read_network
from proofkit.networks.gradients import layer_gradients
from proofkit.networks.matrices import ExactMatrix
from proofkit.networks.network import Network, Tower
from proofkit.networks.numbers import parse_number
from proofkit.networks.scalars import exact, sign
from proofkit.reports import tracing
from proofkit.reports import way_down as module
from proofkit.reports.way_down import way_down
from proofkit.trace import Quantity, WayDown
from theorems import PACK

EXAMPLES = {name: read_network(file) for name, file in PACK.examples().items()}
SADDLES = {"strict_saddle", "nonstrict_saddle"}
SADDLE = [n for n, e in EXAMPLES.items() if e.expect["verdict"] in SADDLES]
MINIMUM = [n for n in EXAMPLES if n not in SADDLE]
# Where A and B have full rank nothing can be perturbed with the product kept.
FULL_RANK = {"E05", "E17"}


def shown(network: Network, layers: tuple[Quantity, ...]) -> Network:
    """The network that is shown."""
    rows = [[[parse_number(x) for x in line] for line in q.rows] for q in layers]
    towers, place = [], 0
    for tower in network.towers:
        towers.append(Tower.of([ExactMatrix.of(r) for r in rows[place : place + tower.depth]]))
        place += tower.depth
    return Network("shown", tuple(towers), network.loss)


def value(network: Network) -> Any:
    number: Any = network.loss.value(network.product())
    return exact(number)


@pytest.mark.parametrize("name", SADDLE)
def test_a_saddle_has_a_way_down(name: str) -> None:
    network, way = EXAMPLES[name], way_down(EXAMPLES[name])
    assert isinstance(way, WayDown)
    below = shown(network, way.below)
    assert sign(value(below) - value(network)) < 0
    assert (way.before, way.after) == (str(value(network)), str(value(below)))
    assert way.product_kept == (name not in FULL_RANK)


@pytest.mark.parametrize("name", [n for n in SADDLE if n not in FULL_RANK])
def test_it_begins_with_the_same_product_and_a_gradient(name: str) -> None:
    network, way = EXAMPLES[name], way_down(EXAMPLES[name])
    assert way is not None
    assert all(part.is_zero() for tower in layer_gradients(network) for part in tower)
    near = shown(network, way.near)
    assert near.product() == network.product()
    slopes = [part for tower in layer_gradients(near) for part in tower if not part.is_zero()]
    (stated,) = way.gradient
    rows = [[parse_number(x) for x in line] for line in stated.rows]
    assert slopes[0] == ExactMatrix.of(rows)


def test_below_the_bottleneck_alone_is_not_enough_for_e10() -> None:
    """Perturbed up to the bottleneck only, as Lemma 1 does, E10 stays critical."""
    network, way = EXAMPLES["E10"], way_down(EXAMPLES["E10"])
    assert way is not None
    changed = [quantity.term for quantity in way.near if quantity.changed]
    assert changed == ["M̃_1", "M̃_3"]
    first, second, third = network.layers
    lemma = Network.single("", [shown(network, way.near).layers[0], second, third], network.loss)
    assert lemma.product() == network.product()
    assert all(part.is_zero() for part in layer_gradients(lemma)[0])
    # Nor is a change above it alone.
    other = Network.single("", [first, second, shown(network, way.near).layers[2]], network.loss)
    assert all(part.is_zero() for part in layer_gradients(other)[0])


@pytest.mark.parametrize("name", MINIMUM)
def test_a_minimum_has_none(name: str) -> None:
    assert way_down(EXAMPLES[name]) is None


def test_a_wrong_perturbation_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    real = module.escape

    def wrong(point: Any, seed: int = 0) -> Any:
        found = real(point, seed)
        found.moves[1] = found.moves[1] + ExactMatrix.identity(1)
        return found

    monkeypatch.setattr(module, "escape", wrong)
    with pytest.raises(ArithmeticError, match="perturbation"):
        way_down(EXAMPLES["E10"])


def test_a_trace_has_it_only_where_a_hypothesis_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    lemma = PACK["lemma-1"]
    assert tracing.trace_of(PACK, lemma, "E10", EXAMPLES["E10"]).way_down is not None
    assert tracing.trace_of(PACK, lemma, "E02", EXAMPLES["E02"]).way_down is None


def test_on_the_command_line(run: Callable[..., Any]) -> None:
    out = run("show", "lemma-1", "--example", "E10").out
    assert "THE WAY DOWN" in out
    assert "exactly the same product" in out
    assert "The example leaves the proof at step" in " ".join(out.split())
    assert "lowers the loss from 1 to" in out
    assert Fraction(way_down(EXAMPLES["E10"]).after) < 1  # type: ignore[union-attr]
