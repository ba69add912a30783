"""The HTML page of a diagnosis: one file, no request, readable in dark and light."""

from __future__ import annotations

from typing import Any, Final

from markupsafe import Markup

from proofkit.diagnose.check.verdicts import Diagnosis, named
from proofkit.diagnose.figures import contour_svg, path_svg
from proofkit.diagnose.summary import figure, lower_lines
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
    escape = found.escape if found.escape and "layers" in found.escape else None
    context: dict[str, Any] = {
        "title": found.network.title or "A network",
        "verdict": found.verdict,
        "status": _STATUS.get(found.verdict, "incomplete"),
        "arithmetic": found.certificate["arithmetic"],
        "widths": " + ".join("→".join(map(str, t.dims)) for t in found.network.towers),
        "loss": found.network.loss.kind,
        "value": None if found.value is None else figure(found.value),
        "gradient": None if found.gradient_norm is None else figure(found.gradient_norm),
        "inertia": found.hessian_inertia,
        "theorem": None if found.theorem is None else named(found.theorem),
        "ranks": found.ranks or [],
        "why": found.why,
        "escape": escape,
        "table": [[figure(x) for x in row] for row in escape["table"]] if escape else [],
        "lower": None if found.lower_point is None else figure(found.lower_point["value"]),
        "lower_lines": lower_lines(found.lower_point) if found.lower_point else [],
        "path": _markup(path_svg(found)),
        "contour": _markup(contour_svg(found)),
    }
    template = html_environment(None).get_template("diagnosis.html.j2")
    text = template.render(font=_FONT, theme="auto", settings=Settings(), **context)
    return str(text.replace(_FONT, fonts.data_url(text), 1))


def _markup(svg: str | None) -> Markup | None:
    # Made here from numbers only; nothing of it is a user's text.
    return None if svg is None else Markup(svg)
