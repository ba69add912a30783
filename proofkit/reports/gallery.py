"""Whether a folder of documents is current: what building them anew would change, file by file.

Fonts and drawings are compared by what they say rather than by their bytes, which depend on the
versions of fontTools and matplotlib: a font by the characters that the page needs from it, a
drawing by its labels.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from proofkit.reports.planning import Job
from proofkit.reports.writing import Outcome, documents

__all__ = ["FORMATS", "Difference", "comparable", "differences"]

FORMATS: Final = ("html", "latex")
"""What a gallery holds."""

_KINDS: Final = (".html", ".tex")
_FONT: Final = re.compile(r"data:font/[a-z]+;base64,[A-Za-z0-9+/=]*")
_DRAWING: Final = re.compile(r"<svg class=\"drawing\".*?</svg>", re.DOTALL)
_STROKES: Final = re.compile(r"\\put\([^)]*\)\{\\pkstrokes\{[^}]*\}\}\n?")
_PLACE: Final = re.compile(r"\\(put|begin\{picture\})\([^)]*\)")
_SHOWN: Final = 160


@dataclass(frozen=True)
class Difference:
    """A file that is not what it would be, and where the two first differ."""

    name: str
    problem: str

    def __str__(self) -> str:
        return f"{self.name}: {self.problem}"


def differences(
    jobs: Sequence[Job],
    folder: Path,
    *,
    seed: int = 0,
    done: Callable[[Outcome], None] = lambda outcome: None,
) -> tuple[list[Difference], list[Outcome]]:
    """How the folder differs from what the jobs would write, and the outcomes of the jobs."""
    found: dict[str, Difference | None] = {}

    def compare(files: Mapping[str, bytes]) -> None:
        for name, data in files.items():
            found[name] = _difference(name, folder / name, data.decode())

    def look(outcome: Outcome) -> None:
        compare(outcome.files)
        done(outcome)

    outcomes, shared = documents(jobs, FORMATS, seed=seed, done=look)
    compare(shared)
    extra = [
        Difference(path.name, "is there, but no result is reported under this name")
        for path in sorted(folder.iterdir())
        if path.suffix in _KINDS and path.name not in found
    ]
    return [one for one in found.values() if one is not None] + extra, outcomes


def _difference(name: str, path: Path, wanted: str) -> Difference | None:
    try:
        present = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Difference(name, "is missing")
    old, new = comparable(present).splitlines(), comparable(wanted).splitlines()
    if old == new:
        return None
    line = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), None)
    if line is None:
        line = min(len(old), len(new))
    return Difference(name, f"line {line + 1} is not current\n{_pair(old, new, line)}")


def _pair(old: Sequence[str], new: Sequence[str], line: int) -> str:
    """The two lines from where they differ."""
    a = old[line] if line < len(old) else ""
    b = new[line] if line < len(new) else ""
    at = next(
        (n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
    )
    start = max(at - 40, 0)
    shown = [
        ("…" if start else "")
        + text[start : start + _SHOWN]
        + ("…" if text[start + _SHOWN :] else "")
        for text in (a, b)
    ]
    return f"  there:  {shown[0]}\n  wanted: {shown[1]}"


def comparable(text: str) -> str:
    """A document without what may differ from machine to machine.

    >>> comparable('a url("data:font/woff;base64,AAAA==") b')
    'a url("font") b'
    """
    text = _DRAWING.sub(lambda found: _labels(found[0]), _FONT.sub("font", text))
    return _PLACE.sub(r"\\\1", _STROKES.sub("", text))


def _labels(drawing: str) -> str:
    """What a drawing says: its description and its labels."""
    words = re.findall(r'aria-label="([^"]*)"', drawing)
    return "drawing: " + "; ".join([*words, *re.findall(r">([^<>]+)<", drawing)])
