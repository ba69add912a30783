"""Packs: results with their examples, found by entry point or by module name."""

from proofkit.packs.faults import PackError
from proofkit.packs.loading import load_packs, published, select
from proofkit.packs.pack import Example, Pack
from proofkit.packs.values import Values

__all__ = ["Example", "Pack", "PackError", "Values", "load_packs", "published", "select"]
