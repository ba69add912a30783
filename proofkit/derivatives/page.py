"""A page about a derivative: the formula, why it is so, where it holds, the code.

Where a server answers it has fields to ask for another.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from proofkit.derivatives.conditions import said
from proofkit.derivatives.explained import sentences
from proofkit.derivatives.source import DIALECTS
from proofkit.derivatives.syntax import FormulaError
from proofkit.views import fonts, mathml
from proofkit.views.settings import Settings
from proofkit.views.templating import html_environment

if TYPE_CHECKING:
    from proofkit.derivatives.result import Derived

__all__ = ["Field", "asking_page", "page"]

_FONT: Final = "data:font/woff;base64,AA=="


class Field(NamedTuple):
    """A field of the form: what is said of it, what was typed into it, and what is wrong."""

    name: str
    label: str
    hint: str
    value: str = ""
    fault: str = ""


def page(derived: Sequence[Derived], seed: int = 0) -> str:
    """One HTML file about derivatives of one formula; deterministic, without a date."""
    title = derived[0].formula or str(derived[0].expression)
    return _rendered("derivative.html.j2", title=title, derived=[_about(d, seed) for d in derived])


def asking_page(
    fields: Sequence[Field],
    derived: Sequence[Derived] = (),
    examples: Sequence[tuple[str, str]] = (),
) -> str:
    """A page with a form and what was asked for with it; ``examples`` are texts and addresses."""
    title = derived[0].formula if derived else "Derivatives of matrix formulas"
    answers = [_about(d, 0) for d in derived]
    return _rendered(
        "derive.html.j2", title=title, derived=answers, fields=fields, examples=examples
    )


def _rendered(name: str, **context: Any) -> str:
    template = html_environment(None).get_template(name)
    text = template.render(font=_FONT, theme="auto", settings=Settings(), **context)
    return str(text.replace(_FONT, fonts.data_url(text), 1))


def _about(d: Derived, seed: int) -> dict[str, Any]:
    return {
        "name": str(d.wrt),
        "kind": "Jacobian" if d.is_jacobian else "gradient",
        "wrt": mathml.show(d.wrt),
        "expression": mathml.show(d.expression),
        "gradient": mathml.show(d.gradient),
        "text": d.text,
        "sentences": sentences(d),
        "conditions": [(mathml.sentence(c), said(c)) for c in (*d.assumed, *d.conditions)],
        "codes": [(name, d.source(name)) for name in DIALECTS],
        "inferences": d.inferences,
        "check": _tried(d, seed),
    }


def _tried(d: Derived, seed: int) -> Any:
    """What central differences say; None where no instance is found: it is proved all the same."""
    try:
        tried = d.check(seed)
    except FormulaError:
        return None
    return tried if tried.instances else None
