"""``proofkit facts`` and ``tactics``, the guide and the page that holds all of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import proofkit as pk
from proofkit.checking import check_all
from proofkit.handbook.entries import Entry, claims, facts, tactics, terms, words
from proofkit.handbook.page import guide, handbook_page
from proofkit.textbook import FACTS

Run = Callable[..., Any]
GUIDE = Path(pk.__file__).parent / "handbook" / "guide.md"


# ── On the terminal ────────────────────────────────────────────────────────────────────────────
def test_facts_are_listed_with_what_they_say(run: Run) -> None:
    out = run("facts").out
    assert all(name in out for name in FACTS)
    assert "proofkit facts WORD" in out


def test_facts_about_a_word_have_statement_source_and_use(run: Run) -> None:
    out = run("facts", "determinant").out
    assert "inverse on the left" in out  # whose condition speaks of the determinant
    assert "exp is positive" not in out
    assert re.search(r"Suppose +det S ≠ 0\s+Then +S⁻¹S = I", out)
    assert 'by.known("inverse on the left", S, premises=[h1])' in out


def test_tactics_have_a_use(run: Run) -> None:
    out = run("tactics", "rewriting").out
    assert re.search(r"From +fact: AC ≠ 0\s+same: A = B|From +same: A = B", out)
    assert "by.rewriting(fact, same)" in out
    assert all(name in run("tactics").out for name in pk.by.__all__ if name != "Tactic")


def test_a_word_that_nothing_is_about(run: Run) -> None:
    ran = run("facts", "determinnt")
    assert ran.code == 2
    assert "there are no facts about 'determinnt'; did you mean determinant" in ran.err


def test_one_json_object(run: Run) -> None:
    (row,) = json.loads(run("facts", "square norm is", "--json").out)["facts"]
    assert row["name"] == "square norm is positive"
    assert row["statement"].startswith("for all")
    assert row["use"]["by"].startswith('by.known("square norm is positive"')


# ── The handbook ───────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("entries", [facts, tactics, words, claims, terms])
def test_everything_says_what_it_is(entries: Callable[[], list[Entry]]) -> None:
    for entry in entries():
        assert entry.says.endswith((".", "…")), entry.name
        assert entry.call


def test_the_surface_is_listed_whole() -> None:
    listed = [entry.name for entry in (*terms(), *claims())]
    assert sorted(listed) == sorted(set(pk.__all__) - {"by"})


def test_the_page_holds_all_of_it_and_needs_no_network() -> None:
    page = handbook_page(index="index.html")
    for entry in (*facts(), *tactics(), *words(), *claims(), *terms()):
        assert entry.name in page
    anchors = re.findall(r' id="([^"]+)"', page)
    assert len(anchors) == len(set(anchors))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(anchors)
    links = set(re.findall(r'href="([^#"]+)"', page))
    assert links <= {"index.html", "experiment-weighted-squared.html"}
    assert page == handbook_page(index="index.html")


def test_the_guides_derivation_runs_as_it_is_printed() -> None:
    blocks = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    for block in blocks[:2]:
        exec(compile(block, "guide.md", "exec"), names)
    pack = names["PACK"]
    assert pack.results[0].title == "The inverse of a product"
    (outcome,) = check_all([(pack, pack.results[0], pack.examples())], exact=3, workers=1)
    assert (outcome.status, outcome.exact) == ("proved", 4)


def test_the_guide_has_a_section_for_each_use() -> None:
    titles = [title for title, _ in guide().titles]
    assert titles[:2] == ["A derivation", "The commands"]
    assert "What kind of point is this network?" in titles
