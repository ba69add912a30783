"""The quiz for Moodle: well-formed, one right answer each, feedback and hints, and small."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.second_pack import PACK as SECOND
from theorems import PACK


@pytest.mark.parametrize("id", ["lemma-1", "corollary-2"])
def test_a_quiz_is_read_by_a_parser(run: Callable[..., Any], tmp_path: Path, id: str) -> None:
    path = tmp_path / "quiz.xml"
    done = run("walk", id, "--quiz", path)
    assert (done.code, done.out) == (0, f"Import {path}\n")
    root = ElementTree.parse(path).getroot()
    category, *questions = root
    assert root.tag == "quiz" and category.get("type") == "category"
    assert len(questions) == len(PACK.walkthroughs[id].questions)
    assert len({one.findtext("name/text") for one in questions}) == len(questions)
    for one in questions:
        assert one.get("type") == "multichoice" and one.findtext("single") == "true"
        assert one.find("questiontext").get("format") == "html"
        answers = one.findall("answer")
        assert sorted(answer.get("fraction") for answer in answers) == ["0", "0", "100"]
        assert all(answer.findtext("feedback/text") for answer in answers)
        assert len(one.findall("hint")) >= 2 and one.findtext("generalfeedback/text")
        for text in one.iter("text"):
            inside = text.text
            assert inside.count("\\(") == inside.count("\\)")
            if inside.startswith("<"):
                ElementTree.fromstring(inside)
    assert path.stat().st_size < 40_000
    again = tmp_path / "again.xml"
    run("walk", id, "--quiz", again)
    assert again.read_bytes() == path.read_bytes()


def test_without_questions_there_is_no_quiz(run: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "quiz.xml"
    done = run("walk", SECOND.results[0].id, "--pack", "tests.second_pack", "--quiz", path)
    assert done.code == 4 and "no questions" in done.err and not path.exists()
    assert run("walk", "lemma-1", "--quiz", path, "--html", tmp_path / "page.html").code == 2
