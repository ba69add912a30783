"""Titles, authors, notation and templates of the reader's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from proofkit.views import html, latex_document, terminal
from proofkit.views.settings import Settings, SettingsError, read_settings, settings_from
from proofkit.views.templating import TemplateFault

from . import samples

HOSTILE = r"<script>alert(1)</script> \input{/etc/passwd}"


def test_titles_authors_and_course_are_shown() -> None:
    settings = Settings("My collection", ("Ada", "Emmy"), "Algebra", {"chain-rule": "Kette"})
    for shown in (
        html.page(samples.chain_rule(), settings=settings),
        latex_document.document(samples.chain_rule(), settings=settings),
    ):
        assert "Ada, Emmy" in shown and "Algebra" in shown and "Kette" in shown
        assert "The chain rule for one layer" not in shown
    page = html.index([samples.chain_rule()], links={}, settings=settings)
    assert "<h1>My collection</h1>" in page


def test_settings_cannot_become_markup_or_commands() -> None:
    settings = Settings(HOSTILE, (HOSTILE,), HOSTILE, {"chain-rule": HOSTILE})
    trace = samples.chain_rule()
    pages = [html.page(trace, settings=settings), html.index([trace], links={}, settings=settings)]
    assert all(page.count("<script>") == 1 for page in pages)
    source = latex_document.document(trace, settings=settings)
    assert r"\input{" not in source and r"\textbackslash{}input\{/etc/passwd\}" in source


def test_notation_is_changed_everywhere() -> None:
    settings = Settings(notation=(("M", "W"), ("w", "x_0")))
    trace = samples.perturbation()
    page = html.page(trace, settings=settings)
    assert "<mi>M</mi>" not in page and ">W</mi>" in page
    source = latex_document.document(trace, settings=settings)
    assert "W_{k}" in source and "M_{" not in source.replace(r"\widetilde{M}", "")
    assert r"\widetilde{W}_{" in source
    shown = terminal.render(settings.dressed(trace))
    assert "Wₖ⋯W" in shown and "M₂" not in shown


def test_two_symbols_cannot_get_one_name() -> None:
    trace = samples.perturbation()
    with pytest.raises(SettingsError, match="A is the name of something else"):
        html.page(trace, settings=Settings(notation=(("B", "A"),)))
    # Exchanging two names is fine.
    assert html.page(trace, settings=Settings(notation=(("A", "B"), ("B", "A"))))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("title = 3", "title: expected a string"),
        ("autor = 'x'", "autor is not one of"),
        ("authors = 'x'", "expected a list"),
        ("[notation]\nM = 'a b'", "notation.M: expected a name"),
        (r"[notation]" + "\nM = '\\\\input{x}'", "notation.M: expected a name"),
        ("title = '" + "x" * 301 + "'", "at most 300"),
        ("title = ", "Invalid value"),
        ("depth = 'deep'", "depth: expected one of idea, proof, all, found 'deep'"),
        ("titles = 3", "titles: expected a table"),
    ],
)
def test_faulty_files_are_refused_with_their_place(tmp_path: Path, text: str, problem: str) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"settings\.toml") as fault:
        read_settings(file)
    assert problem in str(fault.value)


def test_a_good_file_is_read() -> None:
    settings = settings_from({"title": "T", "authors": ["A"], "titles": {"x": "X"}})
    assert settings == Settings("T", ("A",), "", {"x": "X"})


def test_a_template_overrides_one_block_and_keeps_the_rest(tmp_path: Path) -> None:
    (tmp_path / "page.html.j2").write_text(
        '{% extends "proofkit/page.html.j2" %}{% block idea %}<p>MY IDEA {{ trace.id }}</p>'
        "{% endblock %}{% block footprint %}{{ super() }}<p>AFTER</p>{% endblock %}",
        encoding="utf-8",
    )
    (tmp_path / "document.tex.j2").write_text(
        '<% extends "proofkit/document.tex.j2" %><% block idea %>MY IDEA << trace.id >>'
        "<% endblock %>",
        encoding="utf-8",
    )
    settings = Settings(templates=tmp_path)
    page = html.page(samples.chain_rule(), settings=settings)
    assert "MY IDEA chain-rule" in page and "AFTER" in page and "What this rests on" in page
    assert "only through" not in page
    for make in (latex_document.document, latex_document.fragment):
        assert "MY IDEA chain-rule" in make(samples.chain_rule(), settings=settings)
    # Ours are as they were.
    assert "MY IDEA" not in html.page(samples.chain_rule())


@pytest.mark.parametrize(
    ("template", "problem"),
    [
        ("\n{{ nothing }}", "page.html.j2:2: 'nothing' is undefined"),
        ("{% if %}", "page.html.j2:1"),
        ("{{ trace.__class__.__mro__ }}", "unsafe"),
        ('{% extends "no/such.j2" %}', "no/such.j2"),
    ],
)
def test_a_faulty_template_is_refused_with_its_place(
    tmp_path: Path, template: str, problem: str
) -> None:
    (tmp_path / "page.html.j2").write_text(template, encoding="utf-8")
    with pytest.raises(TemplateFault) as fault:
        html.page(samples.chain_rule(), settings=Settings(templates=tmp_path))
    assert problem in str(fault.value)
