"""What changed between two checks: a file of ``check --json`` against another, or against now."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from proofkit.trace import TIERS

__all__ = ["BaselineError", "Change", "compare", "read"]

FORMAT = "proofkit/check/2"
"""Of the object that ``check --json`` prints; another one's digests are made otherwise."""

STATUSES = ("proved", "incomplete", "failed")
NAMES = ("rules", "results", "cited", "admitted")
KEYS = ("id", "status", "tier", "digest", *NAMES)


class BaselineError(ValueError):
    """A file that is no output of ``proofkit check --json``: which one, and why."""


@dataclass(frozen=True)
class Change:
    """One difference in a result; ``worse`` ones fail a check against a baseline."""

    id: str
    what: str
    worse: bool

    def __str__(self) -> str:
        return f"{'✗' if self.worse else '·'} {self.id}: {self.what}"


def read(path: Path) -> list[dict[str, Any]]:
    """The results in a file that ``proofkit check --json`` wrote; `BaselineError` if it is none."""
    hint = f"make it with: proofkit check --json > {path}"
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise BaselineError(f"{path}: {fault.strerror}; {hint}") from fault
    except ValueError as fault:
        raise BaselineError(f"{path}: not JSON ({fault}); {hint}") from fault
    except RecursionError as fault:
        raise BaselineError(f"{path}: nested too deeply; {hint}") from fault
    rows = document.get("results") if isinstance(document, dict) else None
    if not isinstance(rows, list):
        raise BaselineError(f"{path}: not the output of a check, which has results; {hint}")
    if document.get("format") != FORMAT:
        found = document.get("format", "none, as before proofkit/check/2")
        raise BaselineError(
            f"{path}: written by another proofkit (its format is {found}, this one's {FORMAT}), "
            f"so its digests say nothing here; {hint}"
        )
    for number, row in enumerate(rows, start=1):
        if problem := _problem(row):
            raise BaselineError(f"{path}: result {number} {problem}; {hint}")
    if len({row["id"] for row in rows}) != len(rows):
        raise BaselineError(f"{path}: a result is there twice; {hint}")
    return rows


def _problem(row: Any) -> str:
    """What keeps an entry from being a result that a check wrote."""
    if not isinstance(row, dict):
        return "is no object"
    for key in KEYS:
        if key not in row:
            return f"has no {key!r}"
        names = row[key] if key in NAMES else [row[key]]
        if not isinstance(names, (list, dict)) or not all(isinstance(n, str) for n in names):
            return f"has another {key!r} than a check writes"
    return ""


def compare(
    before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]
) -> list[Change]:
    """What changed, result by result.

    >>> row = {"id": "a", "status": "proved", "tier": "proved", "digest": "1", "statement": "p",
    ...        "rules": {}, "results": [], "cited": [], "admitted": []}
    >>> for change in compare([row], [{**row, "rules": {"fermat": 1}}]):
    ...     print(change)
    ✗ a: rests on the textbook fact 'fermat', which it did not
    """
    old, new = ({row["id"]: row for row in rows} for rows in (before, after))
    changes = [Change(id, "is gone", True) for id in old if id not in new]
    changes += [Change(id, "is new", False) for id in new if id not in old]
    for id in new:
        if id in old:
            changes += _changes(id, old[id], new[id])
    return changes


def _changes(id: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    found = []
    for key, order in (("status", STATUSES), ("tier", TIERS)):
        if old[key] != new[key]:
            worse = _rank(order, new[key]) > _rank(order, old[key])
            found.append(Change(id, f"{key}: {old[key]} → {new[key]}", worse))
    if old["digest"] != new["digest"]:
        was, now = old.get("statement", "?"), new.get("statement", "?")
        words = f"the statement changed\n    was {was}\n    now {now}"
        if was == now:
            words = f"the statement changed in the sorts of its variables\n    {now}"
        found.append(Change(id, words, True))
    for key, words in (
        ("rules", "the textbook fact"),
        ("results", "the result"),
        ("cited", "the citation"),
        ("admitted", "the unproved step"),
    ):
        for name in sorted(set(new[key]) - set(old[key])):
            found.append(Change(id, f"rests on {words} {name!r}, which it did not", True))
        for name in sorted(set(old[key]) - set(new[key])):
            found.append(Change(id, f"no longer rests on {words} {name!r}", False))
    return found


def _rank(order: Sequence[str], value: str) -> int:
    return order.index(value) if value in order else len(order)
