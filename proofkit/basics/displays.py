"""How things show themselves in a notebook, without knowing how they are shown.

What is shown lies below the views, so it cannot import them; the module that shows things is
imported when a notebook asks for the first time.
"""

from __future__ import annotations

import importlib
from typing import Any

__all__ = ["SHOWN_BY", "TYPESET_BY", "Shown", "Typeset"]

SHOWN_BY = "proofkit.notebook"
"""The module whose ``bundle(thing)`` gives a thing's notations by media type."""


TYPESET_BY = "proofkit.views.latex"
"""The module whose ``show(term)`` gives a term, a claim or a function as LaTeX."""


class Typeset:
    """A SymPy expression that is printed by our own printer where SymPy is asked for LaTeX.

    SymPy goes by the names of classes, so a `Product` of matrices would be taken for its own.
    """

    __slots__ = ()

    def _latex(self, printer: Any, **settings: Any) -> str:
        shown: str = importlib.import_module(TYPESET_BY).show(self)
        return shown


class Shown:
    """Something that a notebook shows as HTML, LaTeX or plain text."""

    __slots__ = ()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """All notations of the thing by media type; a notebook takes the best that it can show."""
        found: dict[str, str] = importlib.import_module(SHOWN_BY).bundle(self)
        wanted = set(include or found) - set(exclude or ())
        return {kind: text for kind, text in found.items() if kind in wanted}
