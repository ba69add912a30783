"""How things show themselves in a notebook, without knowing how they are shown.

What is shown lies below the views, so it cannot import them; the package names the module that
shows things (`shown_by`), and that module is imported when a notebook asks for the first time.
"""

from __future__ import annotations

import importlib
from typing import Any

__all__ = ["Shown", "shown_by"]

_module: list[str] = []


def shown_by(module: str) -> None:
    """Name the module whose ``bundle(thing)`` gives a thing's notations by media type."""
    _module[:] = [module]


class Shown:
    """Something that a notebook shows as HTML, LaTeX or plain text."""

    __slots__ = ()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """All notations of the thing by media type; a notebook takes the best that it can show."""
        if not _module:
            return {"text/plain": repr(self)}
        found: dict[str, str] = importlib.import_module(_module[0]).bundle(self)
        wanted = set(include or found) - set(exclude or ())
        return {kind: text for kind, text in found.items() if kind in wanted}
