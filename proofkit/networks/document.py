"""Read the parts that documents are made of: objects with known keys, texts, matrices, numbers.

Every reader takes a parsed JSON value and its path, and raises a ``Fault`` at that path when the
value is not what the format asks for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import numpy as np

from proofkit.networks.error_bounds import nearest_float
from proofkit.networks.faults import Fault, Path, nearest, shown
from proofkit.networks.matrices import ExactMatrix, FloatMatrix, Matrix
from proofkit.networks.numbers import parse_number
from proofkit.networks.scalars import ExactNumber
from proofkit.networks.tokens import NotationError

Rows: TypeAlias = list[list[ExactNumber | float]]
"""The rows of a matrix, as numbers; not empty, all equally long."""

MAX_ENTRIES: Final = 1_000_000
"""The most entries of one matrix."""

MAX_TEXT: Final = 1_000


def read_object(
    value: Any, path: Path, *, required: Sequence[str], optional: Sequence[str] = ()
) -> dict[str, Any]:
    """The value, an object with all the required keys and no key that is not known.

    Raises:
        Fault: it is no object, or a key is missing or unknown.

    >>> read_object({"kind": "squared"}, (), required=["kind"])
    {'kind': 'squared'}
    """
    known = [*required, *optional]
    if not isinstance(value, dict):
        raise Fault(
            path,
            "an object is needed here",
            expected=f"an object with the keys {', '.join(known)}",
            found=shown(value),
        )
    # The unknown key comes first: it is often the missing one, misspelt.
    for key in value:
        if key not in known:
            raise Fault(
                (*path, key),
                "this key is unknown",
                expected=f"one of {', '.join(known)}",
                found=shown(key),
                remedy=nearest(key, known),
            )
    for key in required:
        if key not in value:
            raise Fault(
                path, f'the key "{key}" is missing', expected=f"the keys {', '.join(required)}"
            )
    return value


def read_list(value: Any, path: Path, what: str) -> list[Any]:
    """The value, a list that is not empty; ``what`` says of what.

    >>> read_list([1], (), "widths")
    [1]
    """
    if not isinstance(value, list):
        raise Fault(path, "a list is needed here", expected=f"a list of {what}", found=shown(value))
    if not value:
        raise Fault(path, "the list is empty", expected=f"at least one of {what}")
    return value


def read_text(value: Any, path: Path) -> str:
    """The value, a text of one line and at most 1,000 characters.

    >>> read_text("a title", ())
    'a title'
    """
    if not isinstance(value, str):
        raise Fault(path, "a text is needed here", expected="a text in quotes", found=shown(value))
    if len(value) > MAX_TEXT or "\n" in value:
        raise Fault(
            path,
            "the text is too long",
            expected=f"one line of at most {MAX_TEXT:,} characters",
            found=f"{len(value):,} characters",
        )
    return value


def read_flag(value: Any, path: Path) -> bool:
    """The value, true or false.

    >>> read_flag(True, ())
    True
    """
    if not isinstance(value, bool):
        raise Fault(
            path, "a yes or no is needed here", expected="true or false", found=shown(value)
        )
    return value


def read_count(value: Any, path: Path, what: str, least: int = 1) -> int:
    """The value, an integer of at least ``least`` and at most a million.

    >>> read_count(2, (), "a width")
    2
    """
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= MAX_ENTRIES:
        raise Fault(
            path,
            f"{what} is needed here",
            expected=f"an integer from {least} to {MAX_ENTRIES:,}",
            found=shown(value),
        )
    return value


def read_number(value: Any, path: Path) -> ExactNumber | float:
    """The number that the value writes, as ``parse_number`` says.

    >>> read_number("3/5", ())
    Fraction(3, 5)
    """
    try:
        return parse_number(value)
    except NotationError as error:
        problem = error.problem
        if isinstance(value, str):
            problem = f"the text {shown(value)} is not a number of this format: {problem}"
        if error.column is not None:
            problem += f" (column {error.column} of the text)"
        raise Fault(path, problem, expected=error.expected, found=error.found) from error


def read_rows(value: Any, path: Path) -> Rows:
    """The rows of numbers of a matrix.

    Raises:
        Fault: not a list of rows, an empty or ragged one, more than ``MAX_ENTRIES`` entries, or an
            entry that is no number.

    >>> read_rows([[1, "1/2"]], ())
    [[Fraction(1, 1), Fraction(1, 2)]]
    """
    lines = [
        read_list(line, (*path, i), "numbers, one row of the matrix")
        for i, line in enumerate(read_list(value, path, "rows"))
    ]
    width = len(lines[0])
    for i, line in enumerate(lines):
        if len(line) != width:
            raise Fault(
                (*path, i),
                "the rows of a matrix are equally long",
                expected=f"{width} entries, as in the first row",
                found=f"{len(line)} entries",
            )
    if len(lines) * width > MAX_ENTRIES:
        raise Fault(
            path,
            "the matrix is too large",
            expected=f"at most {MAX_ENTRIES:,} entries",
            found=f"{len(lines)} × {width}",
        )
    return [
        [read_number(x, (*path, i, c)) for c, x in enumerate(line)] for i, line in enumerate(lines)
    ]


def exact_matrix(rows: Rows) -> ExactMatrix:
    """The matrix of these rows, each float standing for the rational number that it stores.

    >>> exact_matrix(read_rows([[0.5, "1/3"]], ()))
    ExactMatrix([[1/2, 1/3]])
    """
    return ExactMatrix.of(rows)


def has_float(rows: Rows) -> bool:
    """Whether an entry is a float."""
    return any(isinstance(x, float) for line in rows for x in line)


def float_matrix(rows: Rows, path: Path) -> FloatMatrix:
    """The batch of one matrix with the doubles nearest to these numbers, meant exactly.

    Raises:
        Fault: a number is beyond the range of doubles.

    >>> float_matrix(read_rows([["1/2", 0.1]], ()), ()).value.tolist()
    [[[0.5, 0.1]]]
    """
    values = np.empty((1, len(rows), len(rows[0])))
    for i, line in enumerate(rows):
        for c, number in enumerate(line):
            values[0, i, c] = _nearest(number, (*path, i, c))
    return FloatMatrix.of(values)


def _nearest(number: ExactNumber | float, path: Path) -> float:
    if isinstance(number, float):
        return number
    try:
        return nearest_float(number)[0]
    except ValueError as error:
        raise Fault(
            path,
            "the number is beyond the range of doubles",
            remedy="Another entry is a float, so all are; write all entries exactly.",
        ) from error


def matrices(tables: Sequence[tuple[Rows, Path]]) -> tuple[Matrix, ...]:
    """All these tables as exact matrices, or all as float ones if a single entry is a float."""
    if any(has_float(rows) for rows, _ in tables):
        return tuple(float_matrix(rows, path) for rows, path in tables)
    return tuple(exact_matrix(rows) for rows, _ in tables)
