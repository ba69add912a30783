"""A pack of one's own derivations, as it was written for version 0.1: now `proofkit.packs.Pack`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from proofkit.networks.network import Network
from proofkit.packs import Pack
from proofkit.script import Result

__all__ = ["derivations"]


def derivations(
    name: str,
    title: str,
    results: Sequence[Result],
    *,
    examples: str | Path | Mapping[Any, Any] | None = None,
    values: Callable[[Network], Mapping[Any, Any]] | None = None,
    auxiliary: Sequence[Result] = (),
) -> Pack:
    """The pack of these results (see `proofkit.packs.Pack`)."""
    return Pack(name, title, results, examples=examples, values=values, auxiliary=auxiliary)
