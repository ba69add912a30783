"""Walkthroughs: a proof to be worked through, with an experiment, exercises, and what breaks it.

Packs import what they state from ``proofkit.walkthroughs.data``; the pages, which need much more,
are loaded when they are asked for.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from proofkit.walkthroughs.page import Setup, quiz_of, resting, static_page, verdict, walk_page

__all__ = ["Setup", "quiz_of", "resting", "static_page", "verdict", "walk_page"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.page"), name)
