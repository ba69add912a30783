"""The page of an experiment: question, method, figure and table, in one HTML file."""

from __future__ import annotations

import re
from typing import Any, Final

from markupsafe import Markup

from proofkit.sweep.picture import drawing
from proofkit.sweep.second import OPINIONS
from proofkit.sweep.spec import Spec
from proofkit.sweep.summary import Group, Summary, family_words
from proofkit.views import fonts, mathml, svg
from proofkit.views.quoted import quoted
from proofkit.views.settings import Settings
from proofkit.views.templating import faults, html_environment

__all__ = ["experiment_page"]

_FONT: Final = "data:font/woff;base64,AA=="
_PLAIN: Final = Settings()


def experiment_page(summary: Summary, *, settings: Settings = _PLAIN, index: str = "") -> str:
    """The page; it makes no network request and needs no scripts.

    ``index`` is the address of the page that lists others, where there is one.

    >>> "<svg" in experiment_page(Summary(sweeps=[Group("E01", (2, 1, 2), 16)]))
    True
    """
    opinions = {name: sum(g.opinions[name] for g in summary.sweeps) for name in OPINIONS}
    along: dict[tuple[str, str], list[Group]] = {}
    for group in summary.along:
        along.setdefault((group.family, group.label), []).append(group)
    context: dict[str, Any] = {
        "title": summary.title,
        "quote": lambda words: mathml.sentence_of(quoted(words)),
        "summary": summary,
        "families": [(f, _formulas(f)) for f in dict.fromkeys(g.family for g in summary.sweeps)],
        "total": sum(g.problems for g in summary.sweeps),
        "along": list(along.items()),
        "figure": svg.drawing(drawing(summary), _spoken(summary)),
        "opinions": opinions,
        "asked": sum(opinions.values()),
        "commands": [Spec.from_json(g.spec).command for g in summary.sweeps if g.spec],
    }
    with faults(settings.templates):
        template = html_environment(settings.templates).get_template("experiment.html.j2")
        text = template.render(font=_FONT, theme="auto", settings=settings, index=index, **context)
    return str(text.replace(_FONT, fonts.data_url(text), 1))


def _formulas(family: str) -> Markup:
    """What is drawn in a family, its letters as mathematics and its entries with indices."""
    return mathml.sentence_of(quoted(re.sub(r"\bw(\d\d)", r"w_{\1}", family_words(family))))


def _spoken(summary: Summary) -> str:
    """The figure in words."""
    return "; ".join(
        f"{g.family} with widths {g.label}: {100 * g.share:.2f} percent of {g.problems} problems"
        for g in summary.sweeps
    )
