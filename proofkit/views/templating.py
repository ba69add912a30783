"""Jinja environments: our templates, and a reader's own before them, block by block.

A reader's ``page.html.j2`` may begin with ``{% extends "proofkit/page.html.j2" %}`` and fill some
of its blocks; it is used wherever ours would be.  With a reader's templates everything runs in
Jinja's sandbox, which takes its time, and a name they do not know is an error, not an empty place.
They are still programs of the reader's own: the sandbox keeps accidents small, it is no reason to
use a stranger's templates unread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment

__all__ = ["TemplateFault", "faults", "html_environment", "latex_environment"]

_OURS: Final = PackageLoader("proofkit.views")


class TemplateFault(ValueError):
    """A template of the reader's that cannot be used: which one, where in it, and why."""


def _loader(folder: Path | None) -> BaseLoader:
    under_name = PrefixLoader({"proofkit": _OURS})
    if folder is None:
        return ChoiceLoader([_OURS, under_name])
    return ChoiceLoader([FileSystemLoader(folder), _OURS, under_name])


def _kind(folder: Path | None) -> type[Environment]:
    return Environment if folder is None else ImmutableSandboxedEnvironment


@lru_cache(maxsize=8)
def html_environment(folder: Path | None = None) -> Environment:
    """The environment of pages: everything is escaped that is not markup already."""
    return _kind(folder)(
        loader=_loader(folder),
        # Ours stay as they are while a process runs.
        auto_reload=folder is not None,
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@lru_cache(maxsize=8)
def latex_environment(finish: Callable[[Any], str], folder: Path | None = None) -> Environment:
    """The environment of LaTeX, whose braces are not Jinja's; ``finish`` escapes values."""
    return _kind(folder)(
        loader=_loader(folder),
        auto_reload=folder is not None,
        undefined=StrictUndefined,
        finalize=finish,
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # `finish` escapes, and for LaTeX rather than HTML
    )


@contextmanager
def faults(folder: Path | None) -> Iterator[None]:
    """Say where a reader's template goes wrong; faults in our own are left as they are."""
    if folder is None:
        yield
        return
    if not folder.is_dir():
        raise TemplateFault(f"{folder}: is not a folder of templates")
    try:
        yield
    except TemplateSyntaxError as fault:
        raise TemplateFault(f"{fault.filename or fault.name}:{fault.lineno}: {fault}") from fault
    except TemplateError as fault:
        raise TemplateFault(f"{_place(fault) or folder}: {fault}") from fault


def _place(fault: BaseException) -> str:
    """The last line of a template that the fault came through."""
    place, at = "", fault.__traceback__
    while at is not None:
        name = at.tb_frame.f_code.co_filename
        if name.endswith((".j2", ".css", ".js")):
            place = f"{name}:{at.tb_lineno}"
        at = at.tb_next
    return place
