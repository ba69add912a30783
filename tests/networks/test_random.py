"""Random networks have the ranks asked for, repeat by seed, and refuse what cannot be had."""

from functools import reduce
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proofkit.networks.matrices import ExactMatrix
from proofkit.networks.random import random_matrix, random_network_layers

SETTINGS = settings(derandomize=True, deadline=None, max_examples=80)


def product(layers, hi, lo):
    return reduce(lambda below, above: above @ below, layers[lo - 1 : hi])


@SETTINGS
@given(st.integers(0, 10**6), st.integers(1, 5), st.integers(1, 5), st.data())
def test_matrices_have_the_rank_asked_for(seed, rows, cols, data):
    rank = data.draw(st.integers(0, min(rows, cols)))
    exact = random_matrix(seed, rows, cols, rank)
    assert (exact.shape, exact.rank()) == ((rows, cols), rank)
    floats = random_matrix(seed, rows, cols, rank, exact=False, count=7)
    assert (floats.shape, floats.batch) == ((rows, cols), 7)
    assert (floats.rank() == rank).all()


@SETTINGS
@given(st.integers(0, 10**6), st.lists(st.integers(1, 4), min_size=2, max_size=5), st.data())
def test_layers_and_products_have_the_ranks_asked_for(seed, dims, data):
    """Any ranks that some layers have can be asked for again."""
    depth = len(dims) - 1
    sides = [min(a, b) for a, b in pairwise(dims)]
    ranks = [data.draw(st.integers(0, side)) for side in sides]
    lo = data.draw(st.integers(1, depth))
    hi = data.draw(st.integers(lo, depth))
    # What Sylvester's inequality leaves, and what the layers allow.
    part = ranks[lo - 1 : hi]
    least = part[0]
    for i in range(1, len(part)):
        least = max(0, least + part[i] - dims[lo - 1 + i])
    target = data.draw(st.integers(least, min(part)))
    wanted = {(hi, lo): target}
    for kind in (True, False):
        layers = random_network_layers(seed, dims, ranks, product_ranks=wanted, exact=kind)
        for rank, layer, (cols, rows) in zip(ranks, layers, pairwise(dims), strict=True):
            assert layer.shape == (rows, cols)
            assert np.all(layer.rank() == rank)
        assert np.all(product(layers, hi, lo).rank() == target)


@SETTINGS
@given(st.integers(0, 10**6), st.lists(st.integers(1, 4), min_size=2, max_size=5), st.data())
def test_products_below_sylvester_are_refused(seed, dims, data):
    sides = [min(a, b) for a, b in pairwise(dims)]
    depth = len(dims) - 1
    least = sides[0]
    for i in range(1, depth):
        least = max(0, least + sides[i] - dims[i])
    if least == 0:
        return
    target = data.draw(st.integers(0, least - 1))
    with pytest.raises(ValueError, match="leave at least"):
        random_network_layers(seed, dims, sides, product_ranks={(depth, 1): target})
    # Without ranks for the layers, they give way.
    layers = random_network_layers(seed, dims, product_ranks={(depth, 1): target})
    assert product(layers, depth, 1).rank() == target


def test_both_halves_of_a_network_at_once():
    dims, wanted = [4, 3, 2, 3, 4], {(4, 3): 1, (2, 1): 2}
    layers = random_network_layers(3, dims, product_ranks=wanted, exact=False, count=50)
    assert all(layer.batch == 50 for layer in layers)
    assert (product(layers, 4, 3).rank() == 1).all()
    assert (product(layers, 2, 1).rank() == 2).all()
    assert product(layers, 4, 3).rank_is_decided().all()


def test_the_same_seed_gives_the_same_network():
    for exact in (True, False):
        first, second, other = (
            random_network_layers(s, [2, 3, 2], [1, 2], exact=exact) for s in (5, 5, 6)
        )
        if exact:
            assert first == second != other
        else:
            assert all(np.array_equal(a.value, b.value) for a, b in zip(first, second, strict=True))
            assert not np.array_equal(first[0].value, other[0].value)
    rng = np.random.default_rng(0)
    assert random_matrix(rng, 3, 3) != random_matrix(rng, 3, 3)


def test_known_draw():
    """The stream of a seed is part of what reports show; it must not drift unnoticed."""
    assert random_matrix(0, 2, 2) == ExactMatrix.of([[2, 1], [0, -2]])


def test_heights_bound_the_entries():
    entries = [
        x for s in range(50) for row in random_matrix(s, 3, 3, height=2).entries() for x in row
    ]
    assert max(abs(x.numerator) for x in entries) == 2
    assert {x.denominator for x in entries} == {1, 2}


def test_impossible_wishes_are_refused():
    cases = [
        (lambda: random_matrix(0, 2, 3, 3), "cannot have rank 3"),
        (lambda: random_matrix(0, 2, 3, -1), "cannot have rank -1"),
        (lambda: random_matrix(0, 2, 3, height=0), "height 0"),
        (lambda: random_matrix(0, 2, 3, exact=False, count=0), "count 0"),
        (lambda: random_network_layers(0, [2]), "at least two sizes"),
        (lambda: random_network_layers(0, [2, 0]), "at least 1"),
        (lambda: random_network_layers(0, [2, 2], [1, 1]), "2 ranks are given for 1 layers"),
        (lambda: random_network_layers(0, [2, 1], [2]), "layer 1 cannot have rank 2"),
        (lambda: random_network_layers(0, [2, 2, 2], [1, 2], product_ranks={(2, 1): 2}), "rank 2"),
        (lambda: random_network_layers(0, [2, 2], product_ranks={(2, 1): 1}), "no product"),
        (
            lambda: random_network_layers(0, [1, 1, 1], product_ranks={(2, 1): 1, (2, 2): 1}),
            "overlap in layer 2",
        ),
    ]
    for call, message in cases:
        with pytest.raises(ValueError, match=message):
            call()
