"""What a reader may set about documents: titles, authors, course, notation, templates.

The file is TOML::

    title = "Linear networks without bad valleys"
    authors = ["A. Lecturer"]
    course = "Mathematics of Learning, week 7"
    depth = "proof"          # or "idea", or "all"

    [titles]                 # of results
    lemma-1 = "Lemma 1: zero gradient or full rank"

    [notation]               # their name = your name
    M = "W"
    G = "∇"
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from proofkit.trace import ResultTrace

__all__ = ["DEPTHS", "Depth", "Settings", "SettingsError", "read_settings", "settings_from"]

Depth: TypeAlias = Literal["idea", "proof", "all"]
DEPTHS: Final[tuple[Depth, ...]] = ("idea", "proof", "all")
"""How deep a document goes: the beats, the sentences of a printed proof, every inference."""

_NAME = re.compile(r"[^\W\d_](?:[^\W_]*[^\W\d_])?[\u0300-\u036f]?(?:_?\w+)?[′'*]*|[∇∂]")
_KEYS = ("title", "authors", "course", "depth", "titles", "notation")
LONGEST = 300
"""How long a title, a name of an author or of a course may be."""


class SettingsError(ValueError):
    """A file of settings that cannot be used: which file, where in it, and why."""


@dataclass(frozen=True)
class Settings:
    """Titles, authors, course and notation of the documents, and a folder of templates.

    ``notation`` holds pairs of our name for a symbol and the reader's; ``depth`` is how deep the
    documents go, which in HTML is where they open.
    """

    title: str = ""
    authors: tuple[str, ...] = ()
    course: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    notation: tuple[tuple[str, str], ...] = ()
    templates: Path | None = None
    depth: Depth = "proof"

    def dressed(self, trace: ResultTrace) -> ResultTrace:
        """The trace with the title and the notation that are set.

        Raises `SettingsError` when two symbols would have one name.
        """
        taken = {str(getattr(e.term, "name", e.term)) for e in trace.glossary}
        taken |= {name for _, name in trace.notation}
        renamed = dict(self.notation)
        for old, new in self.notation:
            if old in taken and new in taken - renamed.keys():
                raise SettingsError(
                    f"notation: {old} cannot be written {new} in {trace.id}: "
                    f"{new} is the name of something else there"
                )
        return replace(
            trace,
            title=self.titles.get(trace.id, trace.title),
            notation=(*trace.notation, *self.notation),
        )


def read_settings(path: Path) -> Settings:
    """The settings in a TOML file.  Raises `SettingsError` when they are not as they should be."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise SettingsError(f"{path}: {fault}") from fault
    try:
        return settings_from(data)
    except SettingsError as fault:
        raise SettingsError(f"{path}: {fault}") from fault


def settings_from(data: Mapping[str, Any]) -> Settings:
    """Settings from the data of a TOML file.

    >>> settings_from({"course": "Math 1", "notation": {"M": "W"}}).notation
    (('M', 'W'),)
    >>> settings_from({"autors": ["me"]})
    Traceback (most recent call last):
        ...
    proofkit.views.settings.SettingsError: autors is not one of title, authors, course, \
depth, titles, notation
    """
    unknown = [key for key in data if key not in _KEYS]
    if unknown:
        raise SettingsError(f"{unknown[0]} is not one of {', '.join(_KEYS)}")
    authors = data.get("authors", [])
    if not isinstance(authors, list):
        raise SettingsError("authors: expected a list of names")
    depth = data.get("depth", "proof")
    if depth not in DEPTHS:
        raise SettingsError(f"depth: expected one of {', '.join(DEPTHS)}, found {depth!r}")
    return Settings(
        _text("title", data.get("title", "")),
        tuple(_text(f"authors[{n}]", name) for n, name in enumerate(authors)),
        _text("course", data.get("course", "")),
        {k: _text(f"titles.{k}", v) for k, v in _table("titles", data).items()},
        tuple((old, _name(old, new)) for old, new in _table("notation", data).items()),
        depth=depth,
    )


def _table(key: str, data: Mapping[str, Any]) -> dict[str, Any]:
    table = data.get(key, {})
    if not isinstance(table, dict):
        raise SettingsError(f"{key}: expected a table")
    return table


def _text(place: str, value: Any) -> str:
    if not isinstance(value, str):
        raise SettingsError(f"{place}: expected a string")
    if len(value) > LONGEST or any(unicodedata.category(c) == "Cc" for c in value):
        raise SettingsError(f"{place}: expected at most {LONGEST} characters on one line")
    return value


def _name(old: str, new: Any) -> str:
    if not isinstance(new, str) or not _NAME.fullmatch(unicodedata.normalize("NFD", new)):
        raise SettingsError(
            f"notation.{old}: expected a name such as W, x_1 or theta, found {new!r}"
        )
    return new
