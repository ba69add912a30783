r"""LaTeX documents: one article per result, for pdflatex with Debian's smallest set of packages.

Whatever a template prints is escaped unless it is `Tex`, so no title or sentence of a trace can
smuggle a command in.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from proofkit.basics.drawing import Drawing
from proofkit.basics.identity import Same
from proofkit.trace import Illustration, Prose, Quantity, ResultTrace
from proofkit.views import changes, latex, latex_drawing, reading
from proofkit.views.boxes import Box
from proofkit.views.common import Common, Once, exactly
from proofkit.views.flow import flow
from proofkit.views.glossary import glossary, on_example
from proofkit.views.latex_text import escape
from proofkit.views.layout import Notation
from proofkit.views.needed import NOTHING, counted, needed
from proofkit.views.numerals import is_matrix
from proofkit.views.quoted import quoted
from proofkit.views.settings import Settings
from proofkit.views.stating import stated
from proofkit.views.telling import Telling, references, told
from proofkit.views.templating import faults, latex_environment

__all__ = ["document", "fragment", "result_kind", "style"]

_PLAIN: Final = Settings()
_UNTOLD: Final = Telling(())
_LONG: Final = re.compile(r"\d{12,}(?:/\d+)?|\d+/\d{12,}")


class Tex(str):
    """Text that is LaTeX already."""

    __slots__ = ()


class _Typesetter:
    """What the template calls to print formulas, in the notation of one trace."""

    def __init__(
        self, notation: Notation, id: str, linked: bool = False, telling: Telling = _UNTOLD
    ) -> None:
        self.notation, self._telling = tuple(notation), telling
        self._id, self._linked = id, linked
        self._once = Once()

    def formula(self, x: Any) -> Tex:
        """An expression as text with formulas."""
        return self._once(("formula", exactly(x)), lambda: _loose(latex.sentence(x, self.notation)))

    def box(self, box: Box) -> Tex:
        """Boxes as text with formulas."""
        return self._once(("box", Same(box)), lambda: _loose(latex.sentence_of(box)))

    def name(self, name: str) -> Tex:
        """A name as a formula."""
        return Tex(latex.sentence(name, self.notation))

    def prose(self, words: Prose) -> Tex:
        """A sentence of words and formulas."""
        key = (p if isinstance(p, str) else exactly(p.expression) for p in words.parts)
        return self._once(
            ("prose", *key),
            lambda: _loose(latex.sentence_of(reading.prose_boxes(words, self.notation))),
        )

    def quote(self, text: str) -> Tex:
        """A sentence of the paper, its indices set as indices."""
        return Tex(latex.sentence_of(quoted(text)))

    def picture(self, illustration: Illustration) -> Tex:
        """A drawing."""
        return _picture(Same(illustration.drawing))

    def quantity(self, quantity: Quantity) -> Tex:
        """A term with its value, for mathematics mode."""
        if is_matrix(quantity.term, quantity.rows):
            value = latex.matrix(quantity.rows, quantity.changed)
        else:
            value = latex.number(quantity.rows[0][0])
        term = self._once(
            ("term", exactly(quantity.term)), lambda: latex.show(quantity.term, self.notation)
        )
        return Tex(f"{term}={value}")

    def references(self, numbers: Sequence[str]) -> Tex:
        """Numbers of steps: links into the list of all inferences, where there is one."""
        return self._once(("links", tuple(numbers)), lambda: self._links(numbers))

    def _links(self, numbers: Sequence[str]) -> Tex:
        labels = [escape(self.label(n)) for n in numbers]
        if not self._linked:
            return Tex(", ".join(labels))
        links = (
            rf"\hyperlink{{{self.inference(n)}}}{{{label}}}"
            for n, label in zip(numbers, labels, strict=True)
        )
        return Tex(", ".join(links))

    def inference(self, number: str) -> Tex:
        """Where links to a step in the list of all inferences lead."""
        return self.target(f"all.{number}")

    def beat(self, number: str) -> Tex:
        """A reference to the beat that a step of the proof belongs to."""
        beat = self._telling.beat(number)
        return Tex(rf"\hyperlink{{{self.target(beat)}}}{{{escape(self.label(beat))}}}")

    def label(self, number: str) -> str:
        """The number that readers see of a step."""
        return self._telling.label(number)

    def cited(self, numbers: Sequence[str]) -> Tex:
        """References to numbered displays."""
        return Tex(", ".join(rf"\eqref{{{self.target(n)}}}" for n in numbers))

    def target(self, number: str) -> Tex:
        """Where links to a step lead: a name that no other result's step has."""
        return Tex("".join(c if c.isalnum() else "." for c in f"{self._id}.step.{number}"))


@lru_cache(maxsize=64)
def _picture(drawing: Same[Drawing]) -> Tex:
    return Tex(latex_drawing.drawing(drawing.thing))


def _loose(formula: str) -> Tex:
    """A formula with more places to break a line at, if it must be: between factors and words."""
    for mark, penalty in ((r"\,", 700), (r"\cdots", 900)):
        formula = formula.replace(mark, rf"{mark}\penalty{penalty} ")
    return Tex(formula.replace(r"\text{", r"\penalty700 \text{"))


def _finish(x: Any) -> str:
    return x if isinstance(x, Tex) else _LONG.sub(_breakable, escape(str(x)))


def _breakable(number: re.Match[str]) -> str:
    """A number of many digits with places to break it."""
    groups = re.findall(r"\d{1,6}/?|/", number[0])
    return r"\allowbreak{}".join(groups)


_KINDS: Final = ("theorem", "lemma", "corollary", "proposition", "definition", "remark")
_TITLE: Final = re.compile(r"(\w+) (\d+): (.+)")


def result_kind(trace: ResultTrace) -> tuple[str, str, str, str]:
    """The theorem environment of a result, its name, its number and its title."""
    found = _TITLE.fullmatch(trace.title)
    if found is not None and found[1].lower() in _KINDS:
        return found[1].lower(), f"{found[1]} {found[2]}", found[2], found[3]
    name, _, note = trace.title.partition(": ")
    return "pkproposition", name, "", note


def document(
    trace: ResultTrace,
    *,
    settings: Settings = _PLAIN,
    routes: Sequence[ResultTrace] = (),
    others: Sequence[ResultTrace] = (),
    parts: Collection[str] = (),
    auxiliary: Collection[str] = (),
    elsewhere: Mapping[str, str] = NOTHING,
    common: Common | None = None,
) -> str:
    """The article of one result: LaTeX source that compiles with pdflatex.

    Articles on one result with several examples are made faster with one thing in ``common``.
    """
    return _render(
        "document.tex.j2", trace, settings, routes, others, parts, auxiliary, elsewhere, common
    )


def fragment(
    trace: ResultTrace,
    *,
    settings: Settings = _PLAIN,
    routes: Sequence[ResultTrace] = (),
    others: Sequence[ResultTrace] = (),
    parts: Collection[str] = (),
    auxiliary: Collection[str] = (),
    elsewhere: Mapping[str, str] = NOTHING,
    common: Common | None = None,
) -> str:
    """The same for a document of the reader's own: to be put in by ``\\input``, with `style`."""
    return _render(
        "fragment.tex.j2", trace, settings, routes, others, parts, auxiliary, elsewhere, common
    )


def style(settings: Settings = _PLAIN) -> str:
    """The package that fragments need: ``proofkit.sty``."""
    environment = latex_environment(_finish, settings.templates)
    with faults(settings.templates):
        return environment.get_template("style.tex.j2").render(load=Tex(r"\RequirePackage"))


def _render(
    template: str,
    trace: ResultTrace,
    settings: Settings,
    routes: Sequence[ResultTrace],
    others: Sequence[ResultTrace],
    parts: Collection[str],
    auxiliary: Collection[str],
    elsewhere: Mapping[str, str],
    common: Common | None,
) -> str:
    trace = settings.dressed(trace)
    once = (common or Common()).once
    telling = told(trace)
    cited = references(telling)
    kind, name, numeral, note = result_kind(trace)
    deep = settings.depth == "all"
    say = once("say in LaTeX", lambda: _Typesetter(trace.notation, trace.id, deep, telling))

    def apart(other: ResultTrace) -> _Typesetter:
        """What prints an auxiliary result, in its own notation."""
        return once(("say", other.id), lambda: _Typesetter(other.notation, other.id))

    printed = needed(trace, [*map(settings.dressed, others)], auxiliary)
    environment = latex_environment(_finish, settings.templates)
    with faults(settings.templates):
        return environment.get_template(template).render(
            load=Tex(r"\usepackage"),
            settings=settings,
            trace=trace,
            say=say,
            glossary=on_example(once("symbols", lambda: glossary(trace)), trace),
            claims=once("claims", lambda: changes.claims(trace)),
            clauses=once("clauses", lambda: reading.clauses(trace.statement, trace.notation)),
            relations=reading.RELATIONS,
            kind=kind,
            name=name,
            numeral=numeral,
            note=note,
            stated=once("stated", lambda: stated(trace)),
            telling=telling,
            cited=cited,
            numbered={number for numbers in cited.values() for number in numbers},
            flow=[
                (piece, say if piece.of is None else apart(piece.of.trace))
                for piece in flow(telling, printed, settings.depth)
            ],
            counted=counted(printed, elsewhere),
            hypotheses=reading.hypotheses(trace),
            broken_words=reading.broken_words,
            used_by=once("used by", lambda: reading.used_by(trace)),
            used_result=reading.used_result,
            used_results=once(
                "used in LaTeX",
                lambda: [
                    (used, _Typesetter(used.trace.notation, trace.id, deep))
                    for used in reading.used_results(
                        trace, [settings.dressed(o) for o in others], parts
                    )
                ],
            ),
            steps=reading.nested(trace),
            routes=once(
                "routes",
                lambda: (
                    reading.side_by_side([trace, *map(settings.dressed, routes)]) if routes else ()
                ),
            ),
            shapes=reading.SHAPES,
            opening=reading.opening,
            verdict_label=reading.verdict_label,
            verdict_detail=reading.verdict_detail,
            batch_words=reading.batch_words,
            parting=reading.parting(trace),
            way_down=reading.way_down_words(trace.way_down) if trace.way_down else (),
            status_words=reading.status_words(trace),
        )
