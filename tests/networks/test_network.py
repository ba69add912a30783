"""Towers know their chains and bottlenecks; networks sum towers and refuse what does not fit."""

import dataclasses
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofkit.networks.losses import SquaredLoss
from proofkit.networks.matrices import ExactMatrix, FloatMatrix
from proofkit.networks.network import Network, Tower

M1 = ExactMatrix.of([[1, 2], [3, 4], [5, 6]])
M2 = ExactMatrix.of([[1, 0, Fraction(1, 3)]])
M3 = ExactMatrix.of([[2], [7]])
TOWER = Tower.of([M1, M2, M3])
LOSS = SquaredLoss(ExactMatrix.identity(2), ExactMatrix.zeros(2, 2))


def test_widths_layers_and_chains() -> None:
    assert TOWER.dims == (2, 3, 1, 2)
    assert TOWER.depth == 3
    assert TOWER.bottleneck() == 2
    assert TOWER.exact
    assert TOWER.layer(1) == M1
    assert TOWER.chain(3, 1) == M3 @ M2 @ M1 == TOWER.product()
    assert TOWER.chain(2, 2) == M2
    assert TOWER.chain(3, 2) == M3 @ M2
    assert TOWER.chain(0, 1) == ExactMatrix.identity(2)
    assert TOWER.chain(1, 2) == ExactMatrix.identity(3)
    assert TOWER.chain(3, 4) == ExactMatrix.identity(2)


@pytest.mark.parametrize(("hi", "lo"), [(4, 1), (3, 0), (1, 3), (-1, 0), (4, 5)])
def test_chains_that_do_not_exist(hi: int, lo: int) -> None:
    with pytest.raises(IndexError, match=f"M_{hi}⋯M_{lo}"):
        TOWER.chain(hi, lo)


@pytest.mark.parametrize("i", [0, 4, -1])
def test_layers_that_do_not_exist(i: int) -> None:
    with pytest.raises(IndexError, match=f"there is no M_{i}"):
        TOWER.layer(i)


@pytest.mark.parametrize(
    ("dims", "layers", "message"),
    [
        ((), (), "k ≥ 1"),
        ((2,), (), "k ≥ 1"),
        ((2, 3), (M1, M2), "2 layers has not 2 widths"),
        ((2, 3, 2), (M1, M2), "M_2 is 1×3, but the widths say 2×3"),
        ((2, 0), (ExactMatrix.zeros(0, 2),), "at least 1"),
        ((2, 3, 1), (M1, FloatMatrix.zeros(1, 3)), "partly exact and partly float"),
    ],
)
def test_towers_that_do_not_fit(
    dims: tuple[int, ...], layers: tuple[Any, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Tower(dims, layers)


def test_the_first_narrowest_layer_is_the_bottleneck() -> None:
    assert Tower.of([ExactMatrix.identity(2), ExactMatrix.identity(2)]).bottleneck() == 0
    assert Tower.of([M2, M3]).bottleneck() == 1


def test_a_network_sums_its_towers() -> None:
    direct = Tower.of([ExactMatrix.of([[1, 0], [0, 5]])])
    network = Network("two", (TOWER, direct), LOSS)
    assert network.product() == TOWER.product() + direct.layers[0]
    assert network.shape == (2, 2)
    for name in ("dims", "layers", "depth"):
        with pytest.raises(ValueError, match="has 2 towers"):
            getattr(network, name)
    with pytest.raises(ValueError, match="at least one tower"):
        Network("none", (), LOSS)
    with pytest.raises(ValueError, match="differ"):
        Network("different ends", (TOWER, Tower.of([M1])), LOSS)
    with pytest.raises(ValueError, match="partly exact"):
        Network("mixed", (TOWER, direct.as_float()), LOSS)


def test_a_single_tower_lends_its_names() -> None:
    network = Network.single("one", [M1, M2, M3], LOSS)
    assert (network.dims, network.depth, network.bottleneck()) == ((2, 3, 1, 2), 3, 2)
    assert network.layers == (M1, M2, M3)
    assert network.layer(2) == M2
    assert network.chain(3, 2) == M3 @ M2
    assert network.product() == TOWER.product()


def test_floats_enclose_the_exact_layers() -> None:
    network = Network.single("one", [M1, M2, M3], LOSS).as_float()
    assert not network.exact
    assert all(isinstance(layer, FloatMatrix) for layer in network.layers)
    product: Any = network.product()
    for (i, j), exact in np.ndenumerate(np.array(TOWER.product().entries(), object)):
        distance = abs(Fraction(float(product.value[0, i, j])) - exact)
        assert distance <= Fraction(float(product.error[0, i, j]))
    assert network.as_float() == network
    assert network.chain(0, 1).shape == (2, 2)


def test_equality_looks_at_the_entries() -> None:
    same = Tower.of([ExactMatrix.of(M1.entries()), M2, M3])
    assert same == TOWER
    assert hash(same) == hash(TOWER)
    assert Tower.of([M1, M2, 2 * M3]) != TOWER
    assert Tower.of([M2, M3]) != TOWER
    assert TOWER.as_float() != TOWER
    assert TOWER.as_float() == TOWER.as_float()
    assert TOWER.as_float() != Tower.of([M1, M2, 2 * M3]).as_float()
    assert TOWER != "a tower"
    assert Network("one", (TOWER,), LOSS, "a") == Network("one", (TOWER,), LOSS, "b")
    assert Network("one", (TOWER,), LOSS) != Network("two", (TOWER,), LOSS)


def test_nothing_can_be_changed() -> None:
    network = Network("one", (TOWER,), LOSS, expect={"verdict": "x", "rows": [[1]]})
    assert network.expect == {"verdict": "x", "rows": ((1,),)}
    with pytest.raises(dataclasses.FrozenInstanceError):
        network.title = "other"  # type: ignore[misc]
    with pytest.raises(TypeError):
        network.expect["verdict"] = "y"  # type: ignore[index]
    assert network != Network("one", (TOWER,), LOSS)
    assert hash(network) == hash(Network("one", (TOWER,), LOSS))


@given(st.lists(st.integers(1, 4), min_size=2, max_size=6), st.data())
def test_chains_compose(dims: list[int], data: st.DataObject) -> None:
    layers = [
        ExactMatrix.of([[(i + 2 * r - 3 * c) % 5 - 2 for c in range(cols)] for r in range(rows)])
        for i, (cols, rows) in enumerate(pairwise(dims))
    ]
    tower = Tower.of(layers)
    hi = data.draw(st.integers(0, tower.depth))
    lo = data.draw(st.integers(1, hi + 1))
    middle = data.draw(st.integers(lo - 1, hi))
    upper: Any = tower.chain(hi, middle + 1)
    lower: Any = tower.chain(middle, lo)
    assert upper @ lower == tower.chain(hi, lo)
    assert tower.chain(hi, lo).shape == (dims[hi], dims[lo - 1])
