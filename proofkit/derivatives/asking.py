"""A question about a derivative as one types it into fields, and what is wrong with which field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from proofkit.derivatives.result import ASSUMPTIONS, AssumptionError, Derived, from_formula
from proofkit.derivatives.shapes import Shape, ShapeMissing, inferred, parsed
from proofkit.derivatives.syntax import FormulaError, read
from proofkit.kernel import KernelError

__all__ = ["FIELDS", "FieldFault", "Question", "answered", "pairs", "refused"]

FIELDS: Final = ("formula", "wrt", "shapes", "assume")
LONGEST: Final = 500
"""Characters of a field other than the formula, whose length is limited where it is read."""
MOST: Final = 4
"""Variables that can be asked for at once."""


class FieldFault(ValueError):
    """What is wrong with a field of a question, in words for who typed it."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


@dataclass(frozen=True)
class Question:
    """A formula, the variables in which its gradient is asked for, shapes and assumptions.

    >>> question = Question("norm(A @ x - b)**2", "x", "A=m,n x=n b=m")
    >>> [found.text for found in answered(question)]
    ['2 * A.T @ (A @ x - b)']
    """

    formula: str = ""
    wrt: str = ""
    shapes: str = ""
    assume: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        return not any((self.formula, self.wrt, self.shapes, self.assume))


def answered(question: Question) -> list[Derived]:
    """The derivatives that are asked for.  Raises `FieldFault`."""
    for name in FIELDS[1:]:
        length = len(getattr(question, name))
        if length > LONGEST:
            raise FieldFault(name, f"at most {LONGEST} characters are read here, not {length:,}")
    with _said_at("formula"):
        tree = read(question.formula)
    with _said_at("shapes"):
        shapes = _shapes(question.shapes)
    try:
        found = inferred(tree, shapes)
    except ShapeMissing as fault:
        raise FieldFault(
            "shapes",
            f"what is {fault.name}? Write {fault.name}=n,p for a matrix, {fault.name}=n for a "
            f"column, {fault.name}=1 for a number",
        ) from None
    except FormulaError as fault:
        raise FieldFault("formula" if fault.text else "shapes", str(fault)) from None
    assumed = _assumed(question.assume)
    out = []
    for name in _wanted(question.wrt):
        if name not in found:
            known = ", ".join(found) or "none"
            raise FieldFault("wrt", f"{name} is no variable of the formula; there are: {known}")
        try:
            out.append(from_formula(question.formula, name, shapes, assumed))
        except AssumptionError as fault:
            raise FieldFault("assume", str(fault)) from None
        except FormulaError as fault:
            raise FieldFault("formula", str(fault)) from None
        except KernelError as fault:
            raise FieldFault("formula", refused(fault)) from None
    return out


def refused(fault: Any) -> str:
    """Why the kernel gives no derivative."""
    from proofkit.script.wording import text

    lines = [f"no derivative is known: {fault.problem}"]
    if isinstance(fault.expected, tuple):
        lines.append(f"  of: {text(fault.expected)}")
    if isinstance(fault.found, tuple):
        lines.append(f"  at: {text(fault.found)}")
    return "\n".join(lines)


def pairs(text: str) -> list[str]:
    """What is given as name=value, divided by spaces, commas or semicolons.

    >>> pairs("X=n, p  y = n; A=positive definite")
    ['X=n,p', 'y=n', 'A=positive definite']
    """
    text = re.sub(r"\s*([=,;])\s*", r"\1", text.strip(" \t,;"))
    return [part for part in re.split(r"[\s,;]+(?=[^\s,;=]+=)", text) if part]


def _shapes(text: str) -> dict[str, Shape]:
    found: dict[str, Shape] = {}
    for part in pairs(text):
        name, shape = parsed(part)
        if found.setdefault(name, shape) != shape:
            raise FormulaError(f"two shapes are given for {name}")
    return found


def _assumed(text: str) -> dict[str, str]:
    found = {}
    for part in pairs(text):
        name, equals, what = part.partition("=")
        if not equals or what.lower() not in ASSUMPTIONS:
            known = ", ".join(ASSUMPTIONS)
            raise FieldFault("assume", f"write A=symmetric, not {part!r}; there are: {known}")
        found[name] = what.lower()
    return found


def _wanted(text: str) -> list[str]:
    names = list(dict.fromkeys(part for part in re.split(r"[\s,;]+", text) if part))
    if not names:
        raise FieldFault("wrt", "name the variable, such as x")
    if len(names) > MOST:
        raise FieldFault("wrt", f"at most {MOST} variables at once, not {len(names)}")
    return names


@contextmanager
def _said_at(field: str) -> Iterator[None]:
    """A `FormulaError` as one of this field."""
    try:
        yield
    except FormulaError as fault:
        raise FieldFault(field, str(fault)) from None
