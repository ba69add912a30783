"""HTML: one self-contained file per result that opens from disk and reads well without scripts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, TypeAlias

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from proofkit.trace import Prose, Quantity, ResultTrace
from proofkit.views import fonts, mathml, reading
from proofkit.views.boxes import Box
from proofkit.views.layout import Notation, lay_out
from proofkit.views.numerals import is_matrix

__all__ = ["Theme", "index", "page"]

Theme: TypeAlias = Literal["auto", "light", "dark"]

_FONT: Final = "data:font/ttf;base64,AA=="

_ENVIRONMENT: Final = Environment(
    loader=PackageLoader("proofkit.views"),
    undefined=StrictUndefined,
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)


class _Typesetter:
    """What the templates call to print formulas, in the notation of one trace."""

    def __init__(self, notation: Notation) -> None:
        self.notation = tuple(notation)

    def formula(self, x: Any) -> Markup:
        """An expression as text with formulas."""
        return mathml.sentence(x, self.notation)

    def box(self, box: Box) -> Markup:
        """Boxes as text with formulas."""
        return mathml.sentence_of(box)

    def name(self, name: str) -> Markup:
        """A name as a formula."""
        return mathml.show(name)

    def prose(self, words: Prose) -> Markup:
        """A sentence of words and formulas."""
        return mathml.sentence_of(reading.prose_boxes(words, self.notation))

    def quantity(self, quantity: Quantity) -> Markup:
        """A term with its value, as one formula."""
        if is_matrix(quantity.term, quantity.rows):
            value = mathml.matrix(quantity.rows, quantity.changed)
        else:
            value = mathml.number(quantity.rows[0][0])
        term = mathml.show_box(lay_out(quantity.term, self.notation))
        return mathml.math(Markup('<mrow>{}</mrow><mo form="infix">=</mo>{}').format(term, value))


def _render(template: str, **context: Any) -> str:
    """The page, with the font for what it shows: known only once all else is written."""
    text = _ENVIRONMENT.get_template(template).render(
        font=_FONT,
        shapes=reading.SHAPES,
        kinds=reading.KINDS,
        **context,
    )
    return text.replace(_FONT, fonts.data_url(text), 1)


def page(
    trace: ResultTrace,
    *,
    links: Mapping[str, str] | None = None,
    theme: Theme = "auto",
) -> str:
    """The page of one result.

    ``links`` maps the ids of other results, and `index`, to the addresses of their pages,
    relative to this one; a result without an address is named but not linked.
    """
    return _render(
        "page.html.j2",
        trace=trace,
        theme=theme,
        links=dict(links or {}),
        say=_Typesetter(trace.notation),
        clauses=reading.clauses(trace.statement, trace.notation),
        definitions=reading.definitions(trace),
        used_by=reading.used_by(trace),
        steps=trace.walk(),
        verdict_label=reading.verdict_label,
        verdict_words=reading.verdict_words,
        batch_words=reading.batch_words,
        status_words=reading.STATUS[trace.status],
    )


def index(
    traces: Sequence[ResultTrace],
    *,
    links: Mapping[str, str],
    title: str = "Proof reports",
    theme: Theme = "auto",
) -> str:
    """The page that lists results, each linked to the address that ``links`` has for its id."""
    entries = [
        {
            "trace": trace,
            "say": _Typesetter(trace.notation),
            "clauses": reading.clauses(trace.statement, trace.notation),
        }
        for trace in traces
    ]
    return _render("index.html.j2", title=title, entries=entries, links=dict(links), theme=theme)
