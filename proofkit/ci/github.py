"""A check as annotations on a pull request: workflow commands, one a line, escaped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from proofkit.checking import Checked
from proofkit.ci.places import relative
from proofkit.ci.sarif import RULES

__all__ = ["workflow_commands"]


def _message(text: str) -> str:
    """Text after ``::``.

    >>> _message("100 %\\nof it")
    '100 %25%0Aof it'
    """
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """The value of a property.

    >>> _property("a: b, c")
    'a%3A b%2C c'
    """
    return _message(text).replace(":", "%3A").replace(",", "%2C")


def workflow_commands(checked: Sequence[Checked]) -> Iterator[str]:
    """One command for each failure."""
    for one in checked:
        for failure in one.failures:
            level, _ = RULES[failure.kind]
            file, line = failure.place
            properties = [f"title={_property(failure.where)}"]
            if file:
                properties = [f"file={_property(relative(file))}", f"line={line}", *properties]
            yield f"::{level} {','.join(properties)}::{_message(failure.problem)}"
