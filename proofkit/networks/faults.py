"""Say what is wrong with a file so that its author can mend it: where, what, and what instead."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from typing import Final, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""The keys and indices that lead from the root of a JSON document to a value."""

_SHOWN: Final = 60


class Fault(ValueError):
    """Something is wrong at a place of a JSON document; the file is not known yet.

    Attributes:
        path: where, as keys and indices from the root; None for the file as a whole.
        problem: what is wrong, as a clause without a full stop.
        expected: what could have stood there, or None.
        found: what stood there, or None.
        remedy: what to do about it, as a sentence, or None.
        position: the line and column, both from 1, when they are known already.
    """

    def __init__(
        self,
        path: Path | None,
        problem: str,
        *,
        expected: str | None = None,
        found: str | None = None,
        remedy: str | None = None,
        position: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(problem)
        self.path = path
        self.problem = problem
        self.expected = expected
        self.found = found
        self.remedy = remedy
        self.position = position


class NetworkFileError(ValueError):
    """A file cannot be read as a network, or a network not written; ``str()`` tells it all.

    Attributes:
        file: the file's name.
        place: the JSON path (``$.layers[1][0][2]``) or the member of an archive; ``""`` when the
            fault is the file's as a whole.
        problem, expected, found, remedy: as in ``Fault``.
        line, column: both from 1, or None where they are not known.

    >>> error = NetworkFileError("a.json", Fault(("dims", 0), "a width is at least 1", found="0"))
    >>> print(error)
    a.json: $.dims[0]: a width is at least 1; found 0
    """

    def __init__(self, file: str, fault: Fault, *, place: str = "") -> None:
        self.file = file
        self.place = place
        if fault.path is not None:
            self.place += json_path(fault.path)
        self.problem = fault.problem
        self.expected = fault.expected
        self.found = fault.found
        self.remedy = fault.remedy
        self.line = fault.position[0] if fault.position else None
        self.column = fault.position[1] if fault.position else None
        where = [self.place] if self.place else []
        if self.line is not None:
            where.append(f"(line {self.line}, column {self.column})")
        text = f"{file}: {' '.join(where)}: " if where else f"{file}: "
        text += self.problem
        if self.expected is not None:
            text += f"; expected {self.expected}"
        if self.found is not None:
            text += f"; found {self.found}"
        if self.remedy is not None:
            text += f". {self.remedy}"
        super().__init__(text)


def json_path(path: Path) -> str:
    """The path in the usual notation.

    >>> json_path(("layers", 1, 0)), json_path(("odd key",)), json_path(())
    ('$.layers[1][0]', '$["odd key"]', '$')
    """
    text = "$"
    for step in path:
        if isinstance(step, str) and step.isidentifier() and step.isascii():
            text += f".{_cut(step)}"
        else:
            text += f"[{json.dumps(_cut(step) if isinstance(step, str) else step)}]"
    return text


def shown(value: object) -> str:
    """A JSON value as a message shows it: on one line, in ASCII, shortened.

    >>> shown([1, 2]), shown({"a": 1}), shown("né"), shown(None)
    ('a list of 2', 'an object', '"n\\\\u00e9"', 'null')
    """
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}"
    if isinstance(value, int) and value.bit_length() > 256:
        return "a very large integer"
    return json.dumps(_cut(value) if isinstance(value, str) else value)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The remedy for an unknown name: the known one that it resembles, if any.

    >>> nearest("layer", ["dims", "layers"])
    'Did you mean "layers"?'
    """
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f'Did you mean "{close[0]}"?' if close else None


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
