"""HTML for notebooks: small pieces that live in a page of somebody else's, folded or stepped.

Nothing here needs a script or a server.  A walk is a group of radio buttons of which the checked
one shows its step, so links and arrow keys move through it.  Colours are the notebook's own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import count
from typing import Any, Final

from proofkit.trace import Instance, ResultTrace, StepTrace
from proofkit.views import fonts, reading, terminal
from proofkit.views.html import Typesetter
from proofkit.views.layout import Notation
from proofkit.views.telling import told
from proofkit.views.templating import html_environment

__all__ = ["diagnosis", "folded", "network", "statement", "stepped"]

_FONT: Final = "data:font/woff;base64,AA=="
_SCOPE: Final = "proofkit-scope"
_KEY: Final = "proofkit-key"
_shown = count(1)


def statement(claim: Any, notation: Notation = (), title: str = "", note: str = "") -> str:
    """A claim taken apart as a paper states it."""
    return _render(
        "statement",
        notation,
        clauses=reading.clauses(claim, notation),
        title=title,
        note=note,
    )


def network(instance: Instance) -> str:
    """A network: its facts, its matrices, its product."""
    return _render("network", (), instance=instance)


def diagnosis(
    verdict: str, why: Sequence[str], rows: Sequence[tuple[str, str]], instance: Instance
) -> str:
    """What kind of point a network is, and why."""
    context = {"verdict_text": verdict, "why": why, "rows": rows, "instance": instance}
    return _render("diagnosis", (), **context)


def folded(trace: ResultTrace) -> str:
    """A trace whose steps unfold where they stand."""
    return _render("trace", trace.notation, **_parts(trace), open=False)


def stepped(trace: ResultTrace) -> str:
    """A trace that shows one step at a time."""
    steps = trace.walk()
    known = {step.number: step for step in steps}

    def around(step: StepTrace) -> list[StepTrace]:
        parts = step.number.split(".")
        outer = (".".join(parts[:n]) for n in range(1, len(parts)))
        return [known[number] for number in outer if number in known]

    page = _render(
        "walk", trace.notation, **_parts(trace), open=True, steps=steps, around=around, key=_KEY
    )
    # Two walks in one notebook must not share their buttons, even if they show the same proof.
    return page.replace(_KEY, f"pk{next(_shown)}-{_digest(page)}")


def _parts(trace: ResultTrace) -> dict[str, Any]:
    return {
        "trace": trace,
        "clauses": reading.clauses(trace.statement, trace.notation),
        "label": told(trace).label,
        "used_by": reading.used_by(trace),
        "status_words": reading.status_words(trace),
    }


def _render(kind: str, notation: Notation, **context: Any) -> str:
    page = (
        html_environment(None)
        .get_template("notebook.html.j2")
        .render(
            kind=kind,
            say=Typesetter(notation),
            scope=_SCOPE,
            font=_FONT,
            shapes=reading.SHAPES,
            word=reading.opening,
            verdict_label=reading.verdict_label,
            verdict_detail=reading.verdict_detail,
            batch_words=reading.batch_words,
            reason=terminal.reason,
            **context,
        )
    )
    page = page.replace(_FONT, fonts.data_url(page), 1)
    # Each piece brings a font with its own characters, so each has a name of its own.
    return page.replace(_SCOPE, f"pk-{_digest(page)}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:10]
