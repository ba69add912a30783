r"""LaTeX documents: one article per result, for pdflatex with Debian's smallest set of packages.

Whatever a template prints is escaped unless it is `Tex`, so no title or sentence of a trace can
smuggle a command in.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from proofkit.trace import Prose, Quantity, ResultTrace
from proofkit.views import latex, reading
from proofkit.views.boxes import Box
from proofkit.views.latex_text import escape
from proofkit.views.layout import Notation
from proofkit.views.numerals import is_matrix

__all__ = ["document"]


class Tex(str):
    """Text that is LaTeX already."""

    __slots__ = ()


class _Typesetter:
    """What the template calls to print formulas, in the notation of one trace."""

    def __init__(self, notation: Notation) -> None:
        self.notation = tuple(notation)

    def formula(self, x: Any) -> Tex:
        """An expression as text with formulas."""
        return Tex(latex.sentence(x, self.notation))

    def box(self, box: Box) -> Tex:
        """Boxes as text with formulas."""
        return Tex(latex.sentence_of(box))

    def name(self, name: str) -> Tex:
        """A name as a formula."""
        return Tex(latex.sentence(name))

    def prose(self, words: Prose) -> Tex:
        """A sentence of words and formulas."""
        return Tex(latex.sentence_of(reading.prose_boxes(words, self.notation)))

    def quantity(self, quantity: Quantity) -> Tex:
        """A term with its value, for mathematics mode."""
        if is_matrix(quantity.term, quantity.rows):
            value = latex.matrix(quantity.rows, quantity.changed)
        else:
            value = latex.number(quantity.rows[0][0])
        return Tex(f"{latex.show(quantity.term, self.notation)}={value}")

    def references(self, numbers: Sequence[str]) -> Tex:
        """Links to steps."""
        return Tex(", ".join(rf"\hyperlink{{step.{n}}}{{{escape(n)}}}" for n in numbers))


def _finish(x: Any) -> str:
    return x if isinstance(x, Tex) else escape(str(x))


_ENVIRONMENT: Final = Environment(
    loader=PackageLoader("proofkit.views"),
    undefined=StrictUndefined,
    finalize=_finish,
    block_start_string="<%",
    block_end_string="%>",
    variable_start_string="<<",
    variable_end_string=">>",
    comment_start_string="<#",
    comment_end_string="#>",
    trim_blocks=True,
    lstrip_blocks=True,
    autoescape=False,  # `finalize` escapes, and for LaTeX rather than HTML
)


def document(trace: ResultTrace) -> str:
    """The article of one result: LaTeX source that compiles with pdflatex."""
    return _ENVIRONMENT.get_template("document.tex.j2").render(
        trace=trace,
        say=_Typesetter(trace.notation),
        clauses=reading.clauses(trace.statement, trace.notation),
        definitions=reading.definitions(trace),
        used_by=reading.used_by(trace),
        steps=reading.nested(trace),
        shapes=reading.SHAPES,
        kinds=reading.KINDS,
        verdict_label=reading.verdict_label,
        verdict_words=reading.verdict_words,
        batch_words=reading.batch_words,
        status_words=reading.STATUS[trace.status],
    )
