"""Paths of scripts as reports on a repository write them."""

from __future__ import annotations

from pathlib import Path

__all__ = ["relative"]


def relative(file: str) -> str:
    """The path from the working directory with forward slashes; an absolute one if outside."""
    if not file:
        return ""
    path = Path(file).resolve()
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()
