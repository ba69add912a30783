"""The handbook as a page: the guide, then every name, claim, word, tactic and textbook fact."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from typing import Any, Final

from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from proofkit.handbook.entries import claims, facts, tactics, terms, words
from proofkit.views import fonts, reading
from proofkit.views.html import Typesetter
from proofkit.views.settings import Settings
from proofkit.views.templating import faults, html_environment

__all__ = ["Guide", "guide", "handbook_page"]

_FONT: Final = "data:font/woff;base64,AA=="
_PLAIN: Final = Settings()


@dataclass(frozen=True)
class Guide:
    """The guide as markup, and its sections: titles and anchors."""

    text: Markup
    titles: tuple[tuple[str, str], ...]


def guide() -> Guide:
    """The guide, ``guide.md``, as it stands on a page among the reports."""
    source = files("proofkit.handbook").joinpath("guide.md").read_text(encoding="utf-8")
    body = source.partition("\n## ")[2]
    markdown = MarkdownIt("commonmark").enable("table")
    tokens = markdown.parse(f"## {body}")
    titles = []
    for token, inside in pairwise(tokens):
        if token.type == "heading_open":
            anchor = re.sub(r"\W+", "-", inside.content.casefold()).strip("-")
            token.attrSet("id", anchor)
            titles.append((inside.content, anchor))
        for child in inside.children or ():
            if child.type == "link_open":
                child.attrSet("href", _among_reports(str(child.attrGet("href"))))
    markup = markdown.renderer.render(tokens, markdown.options, {})
    # What is too wide is scrolled, and must be reached with the keyboard.
    markup = markup.replace("<pre>", '<pre tabindex="0">')
    markup = markup.replace("<table>", '<div class="scroll" tabindex="0"><table>')
    return Guide(Markup(markup.replace("</table>", "</table></div>")), tuple(titles))


def _among_reports(address: str) -> str:
    """Where a link of the guide leads from the folder of the reports."""
    found = address.removeprefix("../../reports").removeprefix("/")
    return found or "index.html"


def handbook_page(*, settings: Settings = _PLAIN, index: str = "") -> str:
    """The page; ``index`` is the address of the page that lists others, where there is one."""
    context: dict[str, Any] = {
        "guide": guide(),
        "parts_of": (
            ("Names", "name", terms()),
            ("Claims", "claim", claims()),
            ("Words", "word", words()),
            ("Tactics", "tactic", tactics()),
            ("Textbook facts", "fact", facts()),
        ),
        "say": Typesetter(()),
        "clauses": reading.clauses,
        "told": _told,
    }
    with faults(settings.templates):
        template = html_environment(settings.templates).get_template("handbook.html.j2")
        page = template.render(font=_FONT, theme="auto", settings=settings, index=index, **context)
    return page.replace(_FONT, fonts.data_url(page), 1)


def _told(paragraph: str) -> Markup:
    """A paragraph of a docstring: what stands in backticks is code."""
    parts = re.split(r"``(.+?)``|`(.+?)`", paragraph)
    out = Markup()
    for n, part in enumerate(parts):
        if part is not None:
            out += Markup("<code>{}</code>").format(part) if n % 3 else escape(part)
    return out
