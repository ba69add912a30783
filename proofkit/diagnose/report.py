"""The HTML page of a diagnosis: one file, no request, readable in dark and light."""

from __future__ import annotations

from typing import Any, Final

from markupsafe import Markup

from proofkit.diagnose.check.verdicts import Diagnosis, named
from proofkit.diagnose.figures import contour_svg, path_svg
from proofkit.diagnose.summary import Figures, facts, lower_lines, told
from proofkit.views import fonts
from proofkit.views.settings import Settings
from proofkit.views.templating import html_environment

__all__ = ["page"]

_FONT: Final = "data:font/woff;base64,AA=="
_STATUS: Final = {
    "global-minimum": "proved",
    "local-minimum": "proved",
    "spurious-local-minimum": "failed",
}


def page(found: Diagnosis) -> str:
    """The page; deterministic, without a date."""
    figures = Figures()
    escape = found.escape if found.escape and "layers" in found.escape else None
    context: dict[str, Any] = {
        "title": found.network.title or "A network",
        "verdict": found.verdict,
        "status": _STATUS.get(found.verdict, "incomplete"),
        "arithmetic": found.certificate["arithmetic"],
        "facts": facts(told(found), figures),
        "theorem": None if found.theorem is None else named(found.theorem),
        "ranks": found.ranks or [],
        "why": [figures.text(line) for line in found.why],
        "escape": escape,
        "table": [[figures(x) for x in row] for row in escape["table"]] if escape else [],
        "lower": None if found.lower_point is None else figures(found.lower_point["value"]),
        "lower_lines": lower_lines(found.lower_point, figures) if found.lower_point else [],
        "path": _markup(path_svg(found)),
        "contour": _markup(contour_svg(found)),
    }
    template = html_environment(None).get_template("diagnosis.html.j2")
    text = template.render(font=_FONT, theme="auto", settings=Settings(), **context)
    return str(text.replace(_FONT, fonts.data_url(text), 1))


def _markup(svg: str | None) -> Markup | None:
    # Made here from numbers only; nothing of it is a user's text.
    return None if svg is None else Markup(svg)
