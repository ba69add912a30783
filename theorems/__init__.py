"""Depth creates no more spurious local minima in linear networks (ICLR 2020 submission).

Each result of the paper is a module; `PACK` lists them.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from proofkit.script import Pack
from theorems.chain_rule import chain_rule
from theorems.instances import environment, random_batch
from theorems.perturbation import perturbation

__all__ = ["PACK"]


def examples() -> dict[str, Any]:
    """The example networks, E01, E02, … to their files."""
    folder = files("theorems") / "examples"
    return {
        entry.name.removesuffix(".json"): entry
        for entry in sorted(folder.iterdir(), key=lambda e: e.name)
        if entry.name.endswith(".json")
    }


PACK = Pack(
    "theorems",
    "Depth creates no more spurious local minima in linear networks",
    (chain_rule, perturbation),
    examples,
    environment,
    random_batch,
    {"chain-rule": "E08", "perturbation": "E08"},
)
