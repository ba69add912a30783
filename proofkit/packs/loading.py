"""Finding packs: through the entry-point group ``proofkit.packs``, or by module name."""

from __future__ import annotations

import importlib
import importlib.util
from difflib import get_close_matches
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING

from proofkit.packs.faults import PackError
from proofkit.packs.pack import Pack

if TYPE_CHECKING:
    from proofkit.script import Result

__all__ = ["load_packs", "published", "select"]

GROUP = "proofkit.packs"


def load_packs(modules: tuple[str, ...] = ()) -> list[Pack]:
    """All packs: the installed ones, or those of the given modules (each with a ``PACK``).

    Raises `PackError` when a module cannot be imported or has no pack, or when one name stands
    for two results.
    """
    names = modules or tuple(sorted({e.value for e in entry_points(group=GROUP)}))
    packs = [_load(name) if modules else _installed(name) for name in dict.fromkeys(names)]
    owners: dict[str, str] = {}
    for name, pack in zip(dict.fromkeys(names), packs, strict=True):
        for result in pack.everything:
            if result.id in owners:
                raise PackError(_twice(result.id, owners[result.id], name))
            owners[result.id] = name
    return packs


def published() -> list[Path]:
    """The files ``statements.json`` of the installed packs that have one; none is imported.

    (`importlib` imports what a dotted name stands in.)
    """
    found: list[Path] = []
    for name in sorted({e.value.partition(":")[0] for e in entry_points(group=GROUP)}):
        try:
            spec = importlib.util.find_spec(name)
        except (ImportError, ValueError):
            continue  # what is wrong with a pack, `load_packs` says
        places = list(spec.submodule_search_locations or ()) if spec else []
        found += [path for place in places if (path := Path(place) / "statements.json").is_file()]
    return found


def _twice(id: str, first: str, second: str) -> str:
    if first == second:
        return f"the pack {first} has two results called {id}: give one of them another name"
    return (
        f"two packs have a result called {id}: {first} and {second}; "
        f"name one of them, --pack {second}, or give a result another name"
    )


def _installed(name: str) -> Pack:
    """The pack of an entry point, which a fault names together with who installed it."""
    try:
        return _load(name)
    except PackError as fault:
        (point, *_) = (e for e in entry_points(group=GROUP) if e.value == name)
        by = f" by {point.dist.name}" if point.dist is not None else ""
        raise PackError(
            f"{fault}\n  It is the entry point {point.name} = {name!r} of {GROUP}, installed{by}: "
            "correct it there, or name the packs to use with --pack."
        ) from fault


def _load(name: str) -> Pack:
    module_name, _, attribute = name.partition(":")
    if not all(part.isidentifier() for part in module_name.split(".")):
        raise PackError(f"{module_name!r} is not the name of a module{_hint(module_name)}")
    try:
        module = importlib.import_module(module_name)
    except ImportError as fault:
        raise PackError(
            f"the pack {module_name!r} cannot be imported: {fault}{_hint(module_name, fault)}"
        ) from fault
    except (Exception, SystemExit) as fault:  # whatever the module does wrong, in words
        from proofkit.script.places import told

        raise PackError(
            f"the pack {module_name!r} cannot be imported: {told(fault)}{_place(fault)}"
        ) from fault
    pack = getattr(module, attribute or "PACK", None)
    if not isinstance(pack, Pack):
        name = attribute or "PACK"
        raise PackError(
            f"the module {module_name!r} has no pack named {name}; it ends with "
            f'{name} = proofkit.Pack("{module_name}", "its title", [its results])'
        )
    return pack


def _hint(name: str, fault: ImportError | None = None) -> str:
    """What may have been meant, when there is no module of this name."""
    missing = fault.name if isinstance(fault, ModuleNotFoundError) else None
    if fault is not None and missing not in (name, name.partition(".")[0]):
        return _place(fault)  # it is there, and what it imports is not
    other = name.removesuffix(".py").replace("-", "_").replace("/", ".").strip(".")
    if other != name and _is_there(other):
        return f"\n  hint: --pack takes the name of a module: --pack {other}"
    other = other or "ridge"
    near = get_close_matches(name, _modules_here(), n=1)
    if near:
        return f"\n  hint: did you mean --pack {near[0]}?"
    return (
        f"\n  hint: --pack takes the name of a Python module; run it in the folder that holds "
        f"{other}.py or {other}/, or install the pack"
    )


def _is_there(name: str) -> bool:
    """Whether there is a module of this name."""
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError, AttributeError):
        return False


def _modules_here() -> list[str]:
    """The modules in the working directory."""
    here = Path.cwd()
    files = [path.stem for path in here.glob("*.py")]
    return sorted({*files, *(path.parent.name for path in here.glob("*/__init__.py"))})


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
        raise PackError(_unknown(missing[0], packs, list(known)))
    return [known[name] for name in ids]


def _unknown(name: str, packs: list[Pack], known: list[str]) -> str:
    said = f"no result is called {name!r}"
    if name in _modules_here() or _is_there(name):
        return f"{said}; results of the module {name} are checked with --pack {name}"
    if near := get_close_matches(name, known, n=3):
        return f"{said}; did you mean {' or '.join(near)}?"
    results = ", ".join(r.id for pack in packs for r in pack.results) or "none"
    return f"{said}; there are {results} (the name all stands for all of them)"
