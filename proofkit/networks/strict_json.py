"""Parse JSON strictly and within bounds, and find the line of any value again.

Python's parser does the work; what it would let pass is refused: duplicate keys, NaN and
Infinity, integers and nesting without bound, control characters in texts. Positions are looked
for only once there is a fault to report, by walking over the tokens.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from proofkit.networks.faults import Fault, Path, shown
from proofkit.networks.tokens import MAX_DIGITS

MAX_DEPTH: Final = 32
"""The deepest nesting of lists and objects."""

_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_NOT_BRACKET = re.compile(r"[^\[\]{}]+")
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}:,]|[^\s\[\]{}:,"]+', re.DOTALL)
# Control characters, direction overrides and lone halves of pairs; as escapes, and bare.
_UNFIT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_PERHAPS_UNFIT = re.compile(
    _UNFIT.pattern + r"|\\[bfr]|\\u(?:00[01789]|20[26]|d[89a-f])", re.IGNORECASE
)


class _Refused(Exception):
    """A hook of Python's parser met a token that is not accepted."""


def parse_json(text: str) -> Any:
    """The value that the JSON text writes.

    Args:
        text: one JSON document.

    Returns:
        Dicts, lists, texts, ints, finite floats, booleans and None.

    Raises:
        Fault: a syntax error, a duplicate key, NaN or Infinity, a float beyond the double range,
            an integer of more than ``MAX_DIGITS`` digits, nesting deeper than ``MAX_DEPTH``, or
            a control character in a text; with its line and column.

    >>> parse_json('{"dims": [2, 1]}')
    {'dims': [2, 1]}
    """
    _refuse_depth(text)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_int=_integer,
            parse_float=_float,
        )
    except _Refused:
        raise _first_refusal(text) from None
    except json.JSONDecodeError as error:
        raise Fault(
            None,
            "this is not JSON",
            expected=_expected(error.msg),
            found=_found(text, error.pos),
            position=(error.lineno, error.colno),
        ) from None
    if _PERHAPS_UNFIT.search(text):
        _refuse_unfit_texts(text)
    return value


def locate(text: str, path: Path) -> tuple[int, int] | None:
    """The line and column, from 1, where the value at the path begins.

    Args:
        text: a JSON document without syntax errors.
        path: keys and indices from the root. If a key is absent, the place of its object is told.

    >>> locate('{"dims":\\n  [2, 1]}', ("dims", 1))
    (2, 7)
    """
    best: tuple[int, int] | None = None
    for piece in _walk(text):
        if not piece.is_key and piece.path == path[: len(piece.path)]:
            best = _position(text, piece.start)
            if len(piece.path) == len(path):
                break
    return best


@dataclass(frozen=True, slots=True)
class _Piece:
    """A key or the beginning of a value: its path, its first token and where that starts."""

    path: Path
    token: str
    start: int
    is_key: bool


def _walk(text: str) -> Iterator[_Piece]:
    """The keys and values of the document in order, as far as its syntax is right."""
    steps: list[str | int | None] = []
    in_list: list[bool] = []
    awaits_key = False
    for match in _TOKEN.finditer(text):
        token = match.group()
        if token == ",":
            awaits_key = bool(in_list) and not in_list[-1]
            if in_list and in_list[-1]:
                steps[-1] = int(steps[-1] or 0) + 1
        elif token in {"]", "}"}:
            if not steps:
                return
            steps.pop()
            in_list.pop()
            awaits_key = False
        elif token == ":":
            continue
        elif awaits_key:
            try:
                steps[-1] = json.loads(token)
            except json.JSONDecodeError:
                return
            yield _Piece(_as_path(steps), token, match.start(), is_key=True)
            awaits_key = False
        else:
            yield _Piece(_as_path(steps), token, match.start(), is_key=False)
            if token in {"[", "{"}:
                steps.append(0 if token == "[" else None)
                in_list.append(token == "[")
                awaits_key = token == "{"


def _as_path(steps: list[str | int | None]) -> Path:
    return tuple(step for step in steps if step is not None)


def _position(text: str, start: int) -> tuple[int, int]:
    return text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)


def _refuse_depth(text: str) -> None:
    depth = 0
    for bracket in _NOT_BRACKET.sub("", _STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        if depth > MAX_DEPTH:
            raise Fault(
                None, "lists and objects nest too deeply", expected=f"at most {MAX_DEPTH} levels"
            )


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise _Refused
    return value


def _constant(token: str) -> Any:
    raise _Refused


def _integer(token: str) -> int:
    if len(token) > MAX_DIGITS:
        raise _Refused
    return int(token)


def _float(token: str) -> float:
    value = float(token)
    if not math.isfinite(value):
        raise _Refused
    return value


def _first_refusal(text: str) -> Fault:
    """The fault that made a hook refuse: the first token that is not accepted."""
    keys: set[Path] = set()
    for piece in _walk(text):
        if piece.is_key:
            if piece.path in keys:
                return Fault(
                    piece.path,
                    "this key stands here twice",
                    remedy="Keep one of them.",
                    position=_position(text, piece.start),
                )
            keys.add(piece.path)
        elif piece.token[0] not in '"[{tfn' and (problem := _number_problem(piece.token)):
            return Fault(
                piece.path,
                problem,
                expected="a finite number; a long exact one as a text in quotes",
                found=shown(piece.token)[1:-1],
                position=_position(text, piece.start),
            )
    return Fault(None, "this JSON is not accepted")


def _number_problem(token: str) -> str | None:
    if token in {"NaN", "Infinity", "-Infinity"}:
        return "the number is not finite"
    if re.fullmatch(r"-?[0-9]+", token):
        return "the integer has too many digits" if len(token) > MAX_DIGITS else None
    try:
        return None if math.isfinite(float(token)) else "the number is beyond the double range"
    except ValueError:
        return None


def _refuse_unfit_texts(text: str) -> None:
    for piece in _walk(text):
        if piece.token.startswith('"') and (unfit := _UNFIT.search(json.loads(piece.token))):
            raise Fault(
                piece.path,
                "a text holds a character that does not print",
                found=f"U+{ord(unfit.group()):04X}",
                remedy="Remove it.",
                position=_position(text, piece.start),
            )


def _expected(message: str) -> str:
    """What Python's parser says that it missed, as the end of "expected …"."""
    lowered = message[0].lower() + message[1:]
    known = {
        "expecting value": "a value",
        "extra data": "nothing more: one JSON document",
        "expecting property name enclosed in double quotes": "a key in double quotes",
        "illegal trailing comma before end of object": "no comma before the closing brace",
        "illegal trailing comma before end of array": "no comma before the closing bracket",
    }
    if lowered.startswith("unterminated string"):
        return "a closing double quote"
    if lowered.startswith(("invalid", "bad")):
        return "a text without raw control characters and with valid escapes"
    return known.get(lowered, lowered.removeprefix("expecting "))


def _found(text: str, position: int) -> str:
    return shown(text[position : position + 12]) if position < len(text) else "the end of the file"
