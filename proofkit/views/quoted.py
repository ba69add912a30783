"""Sentences of a paper as they were typed, M_{j+1} and all, with their indices set as indices.

Letters that stand alone are set as mathematics, all but the article a, and so is AB.  Only scripts
are understood: no commands, and nothing that could fail.
"""

from __future__ import annotations

import re
from typing import Final

from proofkit.views.boxes import Box, Level, Name, Number, Op, Row, Script, Words
from proofkit.views.names import name_box

__all__ = ["quoted"]

_MARKED: Final = re.compile(r"[^\W\d_]{2,}(?=_\{)|[^\W\d_][\u0300-\u036f]*['′]*(?=[_^])")
_LETTER: Final = re.compile(r"(?<![\w'’\\-])(?:[A-Zb-zα-ωℓ]|AB)['′*ᵀ]?(?![\w'’\\-])")
_PLAIN: Final = re.compile(r"\d+|.", re.DOTALL)


def quoted(text: str) -> Box:
    """A sentence with scripts where it has ``_`` and ``^``.

    >>> from proofkit.views.text import show_box
    >>> show_box(quoted('where v_i ∈ R^{d_{i−1}}, and snake_case')).replace('\\n', ' ')
    'where vᵢ ∈ ℝ^{dᵢ₋₁}, and snake_case'
    >>> [type(box).__name__ for box in quoted('A layer A').items]
    ['Words', 'Name']
    """
    out: list[Box] = []
    at = 0
    for match in _MARKED.finditer(text):
        before = text[match.start() - 1 : match.start()]
        if match.start() < at or (before.isalnum() and not before.isdigit() and before not in "ᵀ"):
            continue
        scripts, end = _scripts(text, match.end())
        if not scripts:
            continue
        out += _plain(text[at : match.start()])
        letter = match[0]
        word = letter.isalpha() and len(letter) > 1
        base: Box = Name(letter, upright=True) if word else name_box(letter)
        if letter == "R" and "^" in scripts:
            base = Name("ℝ", upright=True)
        out.append(Script(base, scripts.get("_"), scripts.get("^")))
        at = end
    out += _plain(text[at:])
    return Row(tuple(out), Level.SENTENCE)


def _plain(text: str) -> list[Box]:
    """Words, with the letters among them as names."""
    out: list[Box] = []
    at = 0
    for match in _LETTER.finditer(text):
        if _is_article(text, match.start()):
            continue
        out += [Words(text[at : match.start()])] if at < match.start() else []
        letters, turned = match[0].rstrip("'′*ᵀ"), match[0].endswith("ᵀ")
        out += map(name_box, letters[:-1])
        last = name_box(letters[-1] + match[0][len(letters) :].rstrip("ᵀ"))
        out.append(Script(last, None, Op("⊤", "prefix")) if turned else last)
        at = match.end()
    return [*out, Words(text[at:])] if at < len(text) else out


def _is_article(text: str, at: int) -> bool:
    """Whether an A begins a sentence that goes on with a word."""
    before, after = text[:at].rstrip(), text[at : at + 3]
    return bool(re.fullmatch("A [a-z]", after)) and before[-1:] in ("", ".", ":", "?", "!")


def _scripts(text: str, at: int) -> tuple[dict[str, Box], int]:
    """The scripts from a place on, each kind once, and where they end."""
    found: dict[str, Box] = {}
    while at < len(text) and text[at] in "_^" and text[at] not in found:
        group, end = _group(text, at + 1)
        if not group:
            break
        found[text[at]] = _inside(group)
        at = end
    return found, at


def _group(text: str, at: int) -> tuple[str, int]:
    """What one script holds: a braced group, a number or a letter."""
    if text[at : at + 1] != "{":
        match = re.compile(r"\d+|[^\W_]|[⊤ᵀ*′+]").match(text, at)
        return (match[0], match.end()) if match else ("", at)
    depth = 0
    for end in range(at, len(text)):
        depth += {"{": 1, "}": -1}.get(text[end], 0)
        if depth == 0:
            return text[at + 1 : end], end + 1
    return "", at


def _inside(text: str) -> Box:
    """The content of a script: letters, numbers and signs, and scripts of their own."""
    out: list[Box] = []
    at = 0
    while at < len(text):
        match = _PLAIN.match(text, at)
        token = match[0] if match else text[at]
        at += len(token)
        if token.isdigit():
            box: Box = Number(token)
        elif token.isalpha():
            scripts, at = _scripts(text, at)
            box = Name(token)
            box = Script(box, scripts.get("_"), scripts.get("^")) if scripts else box
        elif token == ",":
            box = Op(",", "comma")
        elif token in "+-−×=<>≤≥":
            box = Op("−" if token == "-" else token, "binary")
        else:
            box = Words(token)
        out.append(box)
    return out[0] if len(out) == 1 else Row(tuple(out), Level.SUM)
