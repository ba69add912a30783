"""A page about a derivative: the formula, why it is so, where it holds, the code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from proofkit.derivatives.explained import sentences
from proofkit.derivatives.source import DIALECTS
from proofkit.views import fonts, mathml
from proofkit.views.settings import Settings
from proofkit.views.templating import html_environment

if TYPE_CHECKING:
    from proofkit.derivatives.result import Derived

__all__ = ["page"]

_FONT: Final = "data:font/woff;base64,AA=="


def page(derived: Sequence[Derived], seed: int = 0) -> str:
    """One HTML file about derivatives of one formula; deterministic, without a date."""
    context: dict[str, Any] = {
        "title": derived[0].formula or str(derived[0].expression),
        "derived": [_about(d, seed) for d in derived],
    }
    template = html_environment(None).get_template("derivative.html.j2")
    text = template.render(font=_FONT, theme="auto", settings=Settings(), **context)
    return str(text.replace(_FONT, fonts.data_url(text), 1))


def _about(d: Derived, seed: int) -> dict[str, Any]:
    return {
        "name": str(d.wrt),
        "wrt": mathml.show(d.wrt),
        "expression": mathml.show(d.expression),
        "gradient": mathml.show(d.gradient),
        "text": d.text,
        "sentences": sentences(d),
        "conditions": [mathml.sentence(c) for c in d.conditions],
        "codes": [(name, d.source(name)) for name in DIALECTS],
        "inferences": d.inferences,
        "check": d.check(seed),
    }
