"""Packs of results: found through the entry-point group ``proofkit.packs``, or by module name."""

from __future__ import annotations

import importlib
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from proofkit.script import Pack, Result

__all__ = ["PackError", "load_packs", "select"]

GROUP = "proofkit.packs"


class PackError(ValueError):
    """A pack or a result that cannot be found or loaded."""


def load_packs(modules: tuple[str, ...] = ()) -> list[Pack]:
    """All packs: the installed ones, or those of the given modules (each with a ``PACK``).

    Raises `PackError` when a module cannot be imported or has no pack.
    """
    names = modules or tuple(sorted({e.value for e in entry_points(group=GROUP)}))
    return [_load(name) for name in names]


def _load(name: str) -> Pack:
    from proofkit.script import Pack

    module_name, _, attribute = name.partition(":")
    try:
        module = importlib.import_module(module_name)
    except ImportError as fault:
        raise PackError(f"the pack {module_name!r} cannot be imported: {fault}") from fault
    except Exception as fault:  # whatever the module does wrong, in words
        raise PackError(
            f"the pack {module_name!r} cannot be imported: {type(fault).__name__}: {fault}"
            f"{_place(fault)}"
        ) from fault
    pack = getattr(module, attribute or "PACK", None)
    if not isinstance(pack, Pack):
        raise PackError(f"the module {module_name!r} has no pack named {attribute or 'PACK'}")
    return pack


def _place(fault: BaseException) -> str:
    """The line of the pack where it went wrong."""
    from proofkit.script.places import raised_at

    file, line = raised_at(fault)
    if isinstance(fault, SyntaxError):
        file, line = fault.filename or file, fault.lineno or line
    return f"\n  {file}, line {line}" if file else ""


def select(packs: list[Pack], ids: tuple[str, ...]) -> list[tuple[Pack, Result]]:
    """The named results with their packs, or all that are not auxiliary.

    The name ``all`` stands for all results, auxiliary ones too.  Raises `PackError` for an
    unknown name.
    """
    every = [(pack, result) for pack in packs for result in pack.everything]
    if not ids:
        return [(pack, result) for pack in packs for result in pack.results]
    if ids == ("all",):
        return every
    known = {result.id: (pack, result) for pack, result in every}
    missing = [name for name in ids if name not in known]
    if missing:
        raise PackError(f"no result is called {missing[0]!r}; there are {', '.join(known)}")
    return [known[name] for name in ids]
