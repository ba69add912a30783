"""Depth creates no more spurious local minima in linear networks (ICLR 2020 submission).

Each result of the paper is a module; `PACK` lists them in the order in which they are proved.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from proofkit.packs import Pack
from theorems.about import ABOUT
from theorems.blocks import identity_blocks, no_columns, part_of_total
from theorems.bottleneck import critical_global, flat_or_full, hidden_or_wide, narrowest_end
from theorems.chain_rule import chain_rule
from theorems.corollary_1 import corollary_1
from theorems.corollary_2 import corollary_2
from theorems.correspondence import correspondence, deep_minimum, two_layer_minimum
from theorems.factorisation import factorisation
from theorems.figures import figures
from theorems.inverses import lower_inverse, upper_inverse
from theorems.ky_fan import ky_fan
from theorems.lemma_1 import lemma_1, lost_rank
from theorems.lemma_2 import lemma_2
from theorems.lemma_2_above import lemma_2_above
from theorems.linear_algebra import equal_factors, nonzero_matrix, nonzero_multiple, peeling
from theorems.local_minima import critical_layer, kept_minimum, no_layers
from theorems.narrowest_layer import narrowest_layer
from theorems.pair_to_towers import (
    towers_factorisation,
    towers_minimum,
    two_layers_from_towers,
    wide_pairs,
)
from theorems.perturbation import perturbation
from theorems.renumbering import (
    reversed_gradient,
    reversed_product,
    shifted_product,
    transposition,
)
from theorems.rotation import critical_fit, rotation
from theorems.settled import FINDINGS
from theorems.squared_loss import best_in_subspace, squared_loss
from theorems.squared_loss_minima import full_rank_minimum, spanning_columns
from theorems.sums import factors_out, one_summand, only_summand
from theorems.theorem_1 import theorem_1
from theorems.theorem_2 import theorem_2
from theorems.theorem_3 import theorem_3, theorem_3_gradient, theorem_3_input
from theorems.tower_instances import environment, random_batches, random_environments
from theorems.tower_minima import one_tower, tower_ranks
from theorems.towers import lower_block, stacked_product, upper_block
from theorems.towers_to_pair import stacked_minimum, towers_from_two_layers
from theorems.two_layers import critical_pair, two_layers, wide_middle, wide_pair
from theorems.walkthroughs import WALKTHROUGHS

__all__ = ["PACK"]


def examples() -> dict[str, Any]:
    """The example networks, E01, E02, … to their files."""
    return _data("examples")


def experiments() -> dict[str, Any]:
    """The summaries of sweeps, by name."""
    return _data("experiments")


def _data(name: str) -> dict[str, Any]:
    folder = files("theorems") / name
    return {
        entry.name.removesuffix(".json"): entry
        for entry in sorted(folder.iterdir(), key=lambda e: e.name)
        if entry.name.endswith(".json")
    }


PACK = Pack(
    "theorems",
    "Depth creates no more spurious local minima in linear networks",
    (
        chain_rule,
        perturbation,
        theorem_3,
        lemma_2,
        lemma_1,
        theorem_1,
        theorem_2,
        corollary_1,
        corollary_2,
    ),
    examples,
    environment,
    random_environments,
    random_batches,
    {
        "chain-rule": "E32",
        "perturbation": "E08",
        "theorem-3": "E20",
        "lemma-2": "E02",
        "lemma-1": "E08",
        "theorem-1": "E33",
        "theorem-2": "E01",
        "corollary-1": "E17",
        "corollary-2": "E28",
    },
    auxiliary=(
        critical_layer,
        kept_minimum,
        no_layers,
        reversed_product,
        shifted_product,
        transposition,
        reversed_gradient,
        theorem_3_input,
        theorem_3_gradient,
        lemma_2_above,
        lost_rank,
        factorisation,
        hidden_or_wide,
        narrowest_end,
        flat_or_full,
        critical_global,
        two_layers,
        wide_middle,
        critical_pair,
        wide_pair,
        narrowest_layer,
        equal_factors,
        nonzero_matrix,
        nonzero_multiple,
        peeling,
        upper_inverse,
        lower_inverse,
        two_layer_minimum,
        deep_minimum,
        correspondence,
        squared_loss,
        best_in_subspace,
        critical_fit,
        rotation,
        ky_fan,
        spanning_columns,
        full_rank_minimum,
        factors_out,
        one_summand,
        only_summand,
        no_columns,
        part_of_total,
        identity_blocks,
        upper_block,
        lower_block,
        stacked_product,
        one_tower,
        tower_ranks,
        stacked_minimum,
        towers_minimum,
        towers_factorisation,
        wide_pairs,
        towers_from_two_layers,
        two_layers_from_towers,
    ),
    figures=figures,
    walkthroughs=WALKTHROUGHS,
    experiments=experiments,
    memory=FINDINGS,
    handbook=True,
    about=ABOUT,
)
