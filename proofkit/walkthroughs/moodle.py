"""A walkthrough's questions as a quiz in Moodle's XML format, formulas as LaTeX.

Moodle writes formulas between ``\\(`` and ``\\)`` with MathJax.  See "Moodle XML format" in its
documentation: https://docs.moodle.org/en/Moodle_XML_format
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any
from xml.etree import ElementTree

from proofkit.trace import Formula, Prose, Quantity, ResultTrace
from proofkit.views import latex
from proofkit.views.numerals import is_matrix
from proofkit.walkthroughs.exercises import Answer, Asked

__all__ = ["quiz"]


def quiz(trace: ResultTrace, questions: Sequence[Asked]) -> str:
    """The questions as a category of multiple-choice questions with feedback and hints."""
    root = ElementTree.Element("quiz")
    category = ElementTree.SubElement(root, "question", type="category")
    _text(ElementTree.SubElement(category, "category"), f"$course$/proofkit/{trace.title}")
    for question in questions:
        one = ElementTree.SubElement(root, "question", type="multichoice")
        _text(ElementTree.SubElement(one, "name"), f"{trace.id}: {question.id}")
        _html(one, "questiontext", _words(question.asks, trace))
        _html(one, "generalfeedback", _words(question.after, trace))
        for tag, text in (
            ("defaultgrade", "1"),
            ("penalty", "0.3333333"),
            ("single", "true"),
            ("shuffleanswers", "true"),
            ("answernumbering", "abc"),
        ):
            ElementTree.SubElement(one, tag).text = text
        for answer in question.answers:
            fraction = "100" if answer.right else "0"
            choice = ElementTree.SubElement(one, "answer", fraction=fraction, format="html")
            _text(choice, f"<p>{_words(answer.words, trace)}</p>")
            _html(choice, "feedback", _refuted(answer, trace))
        for hint in question.hints:
            _html(one, "hint", _words(hint, trace))
    ElementTree.indent(root, " ")
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _refuted(answer: Answer, trace: ResultTrace) -> str:
    """What is told who chose an answer: a wrong one with the instance on which it fails."""
    if answer.right:
        return "Right."
    told = f"It would mean {_formula(answer.claim, trace)}. {escape(answer.where)}"
    values = [f"{_formula(one.term, trace, False)} = {_value(one)}" for one in answer.quantities]
    return told + (": " + ", ".join(rf"\({value}\)" for value in values) + "." if values else ".")


def _value(quantity: Quantity) -> str:
    if not is_matrix(quantity.term, quantity.rows):
        return latex.number(quantity.rows[0][0])
    # The environments of amsmath, which every Moodle knows.
    plain = latex.matrix(quantity.rows).replace("bmatrix*}[r]", "bmatrix}").replace("*}", "}")
    return escape(plain, quote=False)


def _words(words: Prose, trace: ResultTrace) -> str:
    return "".join(
        _formula(part.expression, trace) if isinstance(part, Formula) else escape(part)
        for part in words.parts
    )


def _formula(x: Any, trace: ResultTrace, framed: bool = True) -> str:
    found = escape(latex.show(x, trace.notation), quote=False)
    return rf"\({found}\)" if framed else found


def _html(parent: ElementTree.Element, tag: str, content: str) -> None:
    _text(ElementTree.SubElement(parent, tag, format="html"), f"<p>{content}</p>")


def _text(parent: ElementTree.Element, content: str) -> None:
    ElementTree.SubElement(parent, "text").text = content
