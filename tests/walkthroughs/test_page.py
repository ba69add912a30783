"""Walkthroughs of a pack that offers nothing to work with, and of every result of the paper."""

from __future__ import annotations

import time

import pytest
from sympy import log

from proofkit.networks.exact import ExactMatrix
from proofkit.networks.files import read_network
from proofkit.networks.losses import LogisticLoss, SquaredLoss
from proofkit.networks.network import Network
from proofkit.networks.resize import resized
from proofkit.walkthroughs import Setup, static_page, walk_page
from tests.second_pack import PACK as SECOND
from theorems import PACK


def test_another_pack_can_be_walked_as_it_is() -> None:
    result = SECOND.results[0]
    files = SECOND.examples()
    network = read_network(files[SECOND.main.get(result.id) or next(iter(files))])
    page = static_page(SECOND, result, "", network, 0, "an example")
    assert result.title in page
    assert 'id="experiment"' not in page and 'class="quiz"' not in page


@pytest.mark.parametrize("id", ["chain-rule", "corollary-2"])
def test_a_result_without_an_experiment_is_walked_with_what_it_has(id: str) -> None:
    network = read_network(PACK.examples()[PACK.main[id]])
    page = static_page(PACK, PACK[id], "", network, 0)
    assert 'id="what-if"' in page and 'id="experiment"' not in page


def test_the_same_walkthrough_is_the_same_file() -> None:
    network = read_network(PACK.examples()["E10"])
    pages = [static_page(PACK, PACK["lemma-1"], "short", network, 3) for _ in range(2)]
    assert pages[0] == pages[1]
    assert "http:" not in pages[0].replace("http://www.w3.org/1998/Math/MathML", "")
    assert "https:" not in pages[0]


def test_a_page_with_a_fresh_seed_takes_little() -> None:
    """What does not depend on the seed was computed for the page before: 16 readers, two cores."""
    network = read_network(PACK.examples()["E08"])
    setup = Setup((), (), "lemma-1", "paper", "E08", 0, {"dims": []})

    def page(seed: int) -> float:
        start = time.process_time()
        walk_page(PACK, PACK["lemma-1"], "paper", network, seed, "E08", setup)
        return time.process_time() - start

    page(0)
    assert min(page(seed) for seed in (801, 802, 803)) < 0.8


# ── Other widths ───────────────────────────────────────────────────────────────────────────────
def test_other_widths_keep_what_fits() -> None:
    network = read_network(PACK.examples()["E08"])
    wider, _ = resized(network, (3, 4, 3, 3))
    assert wider.dims == (3, 4, 3, 3)
    assert wider.product().equals(network.product()) and wider.loss == network.loss
    deeper, _ = resized(network, (3, 3, 2, 3, 3))
    assert deeper.product().equals(network.product())
    back, _ = resized(wider, network.dims)
    assert back.layers == network.layers


def test_other_ends_have_another_loss() -> None:
    network = read_network(PACK.examples()["E01"])
    first, told = resized(network, (3, 1, 2), seed=1)
    again, _ = resized(network, (3, 1, 2), seed=1)
    assert first == again and first.loss.shape == (2, 3)
    assert "squared loss" in told


# ── What once failed ───────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("id", "seed"), [("theorem-3", 1), ("lemma-2", 47)])
def test_seeds_on_which_an_answer_was_not_refuted(id: str, seed: int) -> None:
    network = read_network(PACK.examples()[PACK.main[id]])
    page = static_page(PACK, PACK[id], "", network, seed)
    assert page.count('class="quiz" data-step') == len(PACK.walkthroughs[id].questions)


def test_an_exact_logistic_minimum_of_full_rank_is_shown() -> None:
    twos, ones = ExactMatrix.of([[2, 2], [2, 2]]), ExactMatrix.of([[1, 1], [1, 1]])
    layers = [ExactMatrix.of([[log(2), log(2)]]), ExactMatrix.of([[1], [1]])]
    network = Network.single("a minimum", layers, LogisticLoss(twos, ones))
    page = static_page(PACK, PACK["lemma-1"], "", network, 0)
    assert "the basin that the network lies in" in page


def test_a_strict_saddle_of_full_rank_has_no_basin() -> None:
    loss = SquaredLoss(ExactMatrix.identity(2), ExactMatrix.of([[2, 0], [0, 1]]))
    layers = [ExactMatrix.of([[0, 1]]), ExactMatrix.of([[0], [1]])]
    network = Network.single("a saddle", layers, loss)
    page = static_page(PACK, PACK["lemma-1"], "", network, 0)
    assert "nothing to slide" in page
    assert "basin" not in page.split('id="experiment"')[1].split('id="proof"')[0]
    assert "No way down opens here" not in page
