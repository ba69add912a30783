"""The experiment of Lemma 1: what the page computes with is what the library computes."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from proofkit.evaluate.terms import matrix_value
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.files import parse_network, read_network
from proofkit.walkthroughs.lab import lab
from proofkit.walkthroughs.losses import loss_data
from theorems import PACK
from theorems.walkthroughs import experiment

EXAMPLES = {name: read_network(path) for name, path in PACK.examples().items()}
OFFERED = [
    name for name, network in EXAMPLES.items() if not isinstance(experiment(network, 0), str)
]
WALK = PACK.walkthroughs["lemma-1"]


@pytest.mark.parametrize("name", OFFERED)
def test_the_product_never_moves(name: str) -> None:
    found = experiment(EXAMPLES[name], 3)
    for size in (Fraction(1, 16), Fraction(1), Fraction(1000)):
        env = found.env.having({found.size: size})
        (still,) = (one for one in found.shown if one.role == "still")
        assert matrix_value(still.term, env).equals(matrix_value(still.before, env))


@pytest.mark.parametrize(("name", "moves"), [("E08", True), ("E10", True), ("E02", False)])
def test_the_test_of_lemma_2_fails_where_rank_was_lost_and_only_there(
    name: str, moves: bool
) -> None:
    found = experiment(EXAMPLES[name], 0)
    (test,) = (one for one in found.shown if one.role == "test")
    assert matrix_value(test.before, found.env).is_zero()
    assert matrix_value(test.term, found.env).is_zero() == (not moves)


def test_the_slopes_are_the_derivative_of_the_loss() -> None:
    network = EXAMPLES["E08"]
    found = experiment(network, 0)
    layers = [matrix_value(x, found.env) for x in found.layers]
    slopes = [matrix_value(x, found.env) for x in found.slopes]

    def value(t: Fraction) -> Fraction:
        product = ExactMatrix.identity(3)
        for layer, slope in zip(layers, slopes, strict=True):
            product = (layer + t * slope) @ product
        return network.loss.value(product)

    # The derivative of a polynomial of degree 6 at 0, exactly, from its values at ±1, ±2, ±3.
    weights = {1: Fraction(3, 4), 2: Fraction(-3, 20), 3: Fraction(1, 60)}
    derivative = sum(c * (value(Fraction(h)) - value(Fraction(-h))) for h, c in weights.items())
    assert derivative == sum(slope.inner(slope) for slope in slopes) > 0


def test_where_b_has_lost_rank_the_upper_half_is_perturbed() -> None:
    text = """{"format": "proofkit/network/1", "title": "B = 0", "layers": [[[0, 0]], [[1], [0]]],
        "loss": {"kind": "squared", "X": [[1, 0], [0, 1]], "Y": [[0, 0], [0, 1]]}}"""
    found = experiment(parse_network(text), 0)
    assert [str(knob.family) for knob in found.knobs] == ["y"]
    (test,) = (one for one in found.shown if one.role == "test")
    assert test.words == "Ãᵀ·G"
    assert not matrix_value(test.term, found.env).is_zero()


def test_a_full_rank_minimum_shows_why_nothing_is_killed_and_its_basin() -> None:
    found = experiment(EXAMPLES["E01"], 0)
    assert found.knobs == ()
    for obstacle in found.obstacles:
        value, inverse, product = (one.rows for one in obstacle.quantities)
        assert product == (("1",),)
        assert len(value) == len(inverse[0])
    assert [picture.id for picture in found.pictures] == ["landscape"]
    assert [picture.id for picture in experiment(EXAMPLES["E03"], 0).pictures] == ["basin"]


def test_long_vectors_have_one_slider() -> None:
    rows = [[int(r == c == 0) for c in range(8)] for r in range(8)]
    text = {
        "format": "proofkit/network/1",
        "title": "wide",
        "layers": [rows, rows[:2], [row[:2] for row in rows]],
        "loss": {"kind": "squared", "X": rows, "Y": rows},
    }
    found = lab(WALK, parse_network(json.dumps(text)), 0)
    assert found is not None and {group.single for group in found.groups} == {True}


@pytest.mark.parametrize("name", ["E20", "E28"])
def test_where_there_is_nothing_to_try_it_says_why(name: str) -> None:
    found = lab(WALK, EXAMPLES[name], 0)
    assert found is not None and found.data is None
    assert str(found.words).endswith(".")


def test_a_loss_with_corners_is_not_computed_in_a_page() -> None:
    assert loss_data(EXAMPLES["E25"].loss) is None


def test_the_seed_draws_the_vectors() -> None:
    first, other = experiment(EXAMPLES["E08"], 0), experiment(EXAMPLES["E08"], 1)
    assert [k.values for k in first.knobs] != [k.values for k in other.knobs]
    assert first.knobs == experiment(EXAMPLES["E08"], 0).knobs


def test_floats_are_taken_too() -> None:
    text = """{"format": "proofkit/network/1", "title": "floats", "layers": [[[0.0, 0.5]], [[0.0],
        [0.0]]], "loss": {"kind": "squared", "X": [[1, 0], [0, 1]], "Y": [[1, 0], [0, 1]]}}"""
    found = lab(WALK, parse_network(text), 0)
    assert found is not None and found.data is not None and found.groups
