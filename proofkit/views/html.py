"""HTML: one self-contained file per result that opens from disk and reads well without scripts."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias, TypeVar

from markupsafe import Markup

from proofkit.basics.drawing import Drawing
from proofkit.basics.identity import Same
from proofkit.packs.about import About, Work
from proofkit.trace import Illustration, Prose, Quantity, ResultTrace
from proofkit.views import changes, fonts, graph, latex, mathml, reading, svg, text
from proofkit.views.boxes import Box
from proofkit.views.common import Common, Once, exactly
from proofkit.views.glossary import Listed, glossary, on_example
from proofkit.views.layout import Notation, lay_out
from proofkit.views.needed import NOTHING, counted, needed
from proofkit.views.numerals import is_matrix
from proofkit.views.quoted import quoted
from proofkit.views.settings import Settings
from proofkit.views.stating import stated
from proofkit.views.telling import told
from proofkit.views.templating import faults, html_environment

__all__ = ["Theme", "Typesetter", "fault", "index", "page", "piece", "prepare"]

T = TypeVar("T")
Theme: TypeAlias = Literal["auto", "light", "dark"]

_FONT: Final = "data:font/woff;base64,AA=="
_PLAIN: Final = Settings()
_WIDE: Final = 28
"""A term of more characters than this does not stand on one line with its value."""
_NARROW: Final = 10
"""Characters in a line that fit on a phone, however deep in a proof."""
_FIRST_TAG: Final = re.compile(r"<(\w+)")


class Typesetter:
    """What the templates call to print formulas, in the notation of one trace.

    Symbols of the glossary get its keys as classes, by which a page shows their meaning.  What was
    printed once is remembered.
    """

    def __init__(self, notation: Notation, symbols: Sequence[Listed] = ()) -> None:
        self.notation = tuple(notation)
        self._once = Once()
        # An accented letter stands before the bare one that it contains.
        forms = [(str(mathml.show_box(s.name)), s.key) for s in symbols]
        self._keys = dict(sorted(forms, key=lambda pair: -len(pair[0])))
        parts = "|".join(map(re.escape, self._keys))
        self._symbol = re.compile(parts) if parts else None

    def formula(self, x: Any) -> Markup:
        """An expression as text with formulas."""
        return self._once(("formula", exactly(x)), lambda: self.box(lay_out(x, self.notation)))

    def box(self, box: Box) -> Markup:
        """Boxes as text with formulas."""
        return self._linked(mathml.sentence_of(box))

    def first(self, box: Box, seen: str = "") -> Markup:
        """Boxes whose symbols can be reached with the keyboard."""
        return Markup(  # our own markup, with our own attributes added
            re.sub(
                r'<(\w+)((?: [^>]*)?) class="(y\d+)"',
                r'<\1\2 class="\3" tabindex="0" aria-describedby="about-\3"',
                str(self.box(box)),
            )
        )

    def name(self, name: str) -> Markup:
        """A name as a formula."""
        return self._linked(mathml.show(name, self.notation))

    def prose(self, words: Prose) -> Markup:
        """A sentence of words and formulas."""
        key = (p if isinstance(p, str) else exactly(p.expression) for p in words.parts)
        return self._once(
            ("prose", *key), lambda: self.box(reading.prose_boxes(words, self.notation))
        )

    def quote(self, text: str) -> Markup:
        """A sentence of the paper, its indices set as indices."""
        return self._once(("quote", text), lambda: mathml.sentence_of(quoted(text)))

    def quantity(self, quantity: Quantity) -> Markup:
        """A term with its value, as one formula."""
        if is_matrix(quantity.term, quantity.rows):
            value = mathml.matrix(quantity.rows, quantity.changed)
            source = latex.matrix(quantity.rows)
        else:
            value = mathml.number(quantity.rows[0][0])
            source = latex.number(quantity.rows[0][0])
        if self._width(quantity.term) > _WIDE:
            # So long a term has lines of its own.
            equals = Markup('<mo form="infix">=</mo>{}').format(value)
            return self.formula(quantity.term) + Markup(" ") + mathml.math(equals, f"={source}")
        box = lay_out(quantity.term, self.notation)
        term = self._once(
            ("term", exactly(quantity.term)), lambda: self._linked(mathml.show_box(box))
        )
        formula = Markup('<mrow>{}</mrow><mo form="infix">=</mo>{}').format(term, value)
        return mathml.math(formula, f"{latex.show_box(box)}={source}")

    def matrix(self, quantity: Quantity) -> Markup:
        """The value of a quantity alone, between brackets."""
        value = mathml.matrix(quantity.rows, quantity.changed)
        return mathml.math(value, latex.matrix(quantity.rows))

    def is_wide(self, quantity: Quantity) -> bool:
        """Whether a value may have to be scrolled on a phone, and so be reached by keyboard."""
        columns = zip(*quantity.rows, strict=True)
        matrix = sum(max(map(len, column)) + 2 for column in columns)
        return matrix + self._width(quantity.term) > _NARROW

    def _width(self, term: Any) -> int:
        """How many characters a term takes."""
        return self._once(("width", exactly(term)), lambda: len(text.show(term, self.notation)))

    def picture(self, illustration: Illustration) -> Markup:
        """A drawing."""
        return _picture(Same(illustration.drawing), illustration.words)

    def _linked(self, markup: Markup) -> Markup:
        """The markup with the keys of the glossary as classes of its symbols."""
        if self._symbol is None:
            return markup

        def keyed(found: re.Match[str]) -> str:
            return _FIRST_TAG.sub(rf'<\1 class="{self._keys[found[0]]}"', found[0], count=1)

        # Markup that `mathml` wrote, so that what is put in is all that changes.
        return Markup(self._symbol.sub(keyed, str(markup)))


@lru_cache(maxsize=64)
def _picture(drawing: Same[Drawing], words: str) -> Markup:
    return svg.drawing(drawing.thing, words)


def prepare(*templates: str) -> None:
    """Do now what all pages, and those of other ``templates``, need done once."""
    fonts.prepare()
    usual = ("page.html.j2", "base.html.j2", "parts.html.j2", "page.css", "page.js")
    for name in (*usual, *templates):
        html_environment().get_template(name)


def _render(template: str, folder: Path | None, **context: Any) -> str:
    """The page, with the font for what it shows: known only once all else is written."""
    with faults(folder):
        page = (
            html_environment(folder)
            .get_template(template)
            .render(
                font=_FONT,
                shapes=reading.SHAPES,
                opening=reading.opening,
                relations=reading.RELATIONS,
                **context,
            )
        )
    return page.replace(_FONT, fonts.data_url(page), 1)


def page(
    trace: ResultTrace,
    *,
    links: Mapping[str, str] | None = None,
    theme: Theme = "auto",
    settings: Settings = _PLAIN,
    routes: Sequence[ResultTrace] = (),
    others: Sequence[ResultTrace] = (),
    parts: Collection[str] = (),
    auxiliary: Collection[str] = (),
    elsewhere: Mapping[str, str] = NOTHING,
    about: About | None = None,
    template: str = "page.html.j2",
    common: Common | None = None,
    **more: Any,
) -> str:
    """The page of one result.

    ``links`` maps the ids of other results, and `index`, to the addresses of their pages,
    relative to this one; a result without an address is named but not linked.  ``routes`` are
    other proofs of the same result, shown beside this one; ``others`` are results that the proof
    may apply, whose statements are then shown after it, and the proofs of those among them that
    are its ``parts``.  Those that are ``auxiliary`` are printed where they are first needed;
    ``elsewhere`` names the results with which other such ones are printed.  The page opens at the
    depth of the settings.  Another ``template`` is given whatever ``more`` it needs.  Pages of the
    same result on several examples are made faster with one thing in ``common``.
    """
    trace = settings.dressed(trace)
    common = common or Common()
    symbols = common.once("symbols", lambda: glossary(trace))
    return _render(
        template,
        settings.templates,
        trace=trace,
        theme=theme,
        settings=settings,
        links=dict(links or {}),
        kept=common.piece,
        say=common.once("say", lambda: Typesetter(trace.notation, symbols)),
        plainly=common.once("plainly", lambda: Typesetter(trace.notation)),
        glossary=on_example(symbols, trace),
        claims=common.once("claims", lambda: changes.claims(trace)),
        clauses=common.once("clauses", lambda: reading.clauses(trace.statement, trace.notation)),
        stated=common.once("stated", lambda: stated(trace)),
        telling=told(trace),
        depth=settings.depth,
        hypotheses=reading.hypotheses(trace),
        broken_words=reading.broken_words,
        remarks=reading.remarks(trace),
        used_by=common.once("used by", lambda: reading.used_by(trace)),
        used_result=reading.used_result,
        used_results=common.once(
            "used",
            lambda: [
                (used, Typesetter(used.trace.notation))
                for used in reading.used_results(trace, [*map(settings.dressed, others)], parts)
            ],
        ),
        needed=common.once(
            "needed",
            lambda: {
                number: [(one, Typesetter(one.trace.notation)) for one in several]
                for number, several in needed(
                    trace, [*map(settings.dressed, others)], auxiliary
                ).items()
            },
        ),
        counted=common.once(
            "counted",
            lambda: counted(needed(trace, [*map(settings.dressed, others)], auxiliary), elsewhere),
        ),
        steps=trace.walk(),
        routes=common.once(
            "routes",
            lambda: reading.side_by_side([trace, *map(settings.dressed, routes)]) if routes else (),
        ),
        verdict_label=reading.verdict_label,
        verdict_detail=reading.verdict_detail,
        batch_words=reading.batch_words,
        parting=reading.parting(trace),
        way_down=reading.way_down_words(trace.way_down) if trace.way_down else (),
        status_words=reading.status_words(trace),
        citations=_citations(trace, about),
        **more,
    )


def _citations(trace: ResultTrace, about: About | None) -> tuple[str, ...]:
    """Entries for a bibliography: the paper, and this page."""
    if about is None:
        return ()
    paper = about.paper
    key, note = f"{paper.key}-{trace.id}", f"A proof companion to {paper.key}, made with proofkit"
    return (paper.bibtex(), Work(key, (), trace.title, paper.year, note).bibtex("proofkit"))


def fault(words: str) -> str:
    """A page that says what is wrong, for a server to answer with."""
    return _render("fault.html.j2", None, words=words, theme="auto", settings=_PLAIN)


def piece(template: str, trace: ResultTrace, **context: Any) -> str:
    """A piece to be put into a page of the trace, whose style and font it takes."""
    say = Typesetter(trace.notation)
    return html_environment().get_template(template).render(say=say, **context)


def index(
    traces: Sequence[ResultTrace],
    *,
    links: Mapping[str, str],
    title: str = "",
    theme: Theme = "auto",
    settings: Settings = _PLAIN,
    rests_on: Mapping[str, Sequence[str]] | None = None,
    examples: Mapping[str, Sequence[tuple[str, str]]] | None = None,
    experiments: Sequence[tuple[str, str]] = (),
    handbook: str = "",
    about: About | None = None,
) -> str:
    """The page that lists results, each linked to the address that ``links`` has for its id.

    ``rests_on`` says which other results each of them uses (by default, what their footprints
    say), ``examples`` on which examples it is shown, and where; ``experiments`` are titles and
    addresses of further pages, ``handbook`` the address of proofkit's.  ``about`` tells what the
    paper is, and in which order to read; its main result then stands first.
    """
    traces = [settings.dressed(trace) for trace in traces]
    uses = rests_on or {trace.id: trace.footprint.results for trace in traces}
    entries: list[dict[str, Any]] = [
        {
            "trace": trace,
            "say": Typesetter(trace.notation),
            "stated": stated(trace),
            "rests_on": [id for id in uses.get(trace.id, ()) if id in links],
            "examples": (examples or {}).get(trace.id, ()),
        }
        for trace in traces
    ]
    if about is not None:
        entries.sort(key=lambda entry: entry["trace"].id != about.headline)
    return _render(
        "index.html.j2",
        settings.templates,
        title=settings.title or title or "Proof reports",
        settings=settings,
        entries=entries,
        names={trace.id: graph.short(trace.title) for trace in traces},
        graph=graph.arrange(
            [(t.id, graph.short(t.title), t.status) for t in traces],
            {id: tuple(used) for id, used in uses.items()},
        ),
        links=dict(links),
        experiments=experiments,
        handbook=handbook,
        about=about,
        theme=theme,
    )
