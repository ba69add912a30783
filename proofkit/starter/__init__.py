"""The files that ``proofkit init`` writes: a working pack to change into one's own.

Each ``.tmpl`` file beside this one is written with ``@NAME@`` put for the name of the pack and
``@PROOFKIT@`` for what pip installs proofkit from.
"""

from __future__ import annotations

import json
import keyword
import re
from importlib.metadata import PackageNotFoundError, distribution
from importlib.resources import files
from pathlib import Path

__all__ = ["FILES", "StarterError", "name_of", "requirement", "write"]

FILES = {
    "pyproject.toml": "pyproject.toml.tmpl",
    "@NAME@/__init__.py": "__init__.py.tmpl",
    "@NAME@/ridge.py": "ridge.py.tmpl",
    "tests/test_@NAME@.py": "test_pack.py.tmpl",
    ".github/workflows/proofs.yml": "proofs.yml.tmpl",
}

# Importing a pack of such a name would import something else.
TAKEN = ("proofkit", "theorems", "tests", "test", "sympy", "numpy", "pytest")


class StarterError(ValueError):
    """A folder that a pack cannot be written to, and why."""


def name_of(folder: Path) -> str:
    """The module name for a folder.

    >>> name_of(Path("my-paper"))
    'my_paper'
    """
    name = re.sub(r"\W", "_", folder.resolve().name.lower(), flags=re.ASCII).strip("_")
    if not name.isidentifier() or keyword.iskeyword(name) or name in TAKEN:
        raise StarterError(
            f"{folder}: a pack is a Python module, and {name or 'nothing'!r} cannot be its name; "
            "choose another folder"
        )
    return name


def requirement(direct_url: str | None) -> str:
    """What pip installs this proofkit from elsewhere: the place it came from, or its release.

    ``direct_url`` is what pip noted down; a folder of this machine helps nobody elsewhere.

    >>> requirement('{"url": "https://host/p.git", "vcs_info": {"vcs": "git", "commit_id": "1a"}}')
    'proofkit @ git+https://host/p.git@1a'
    >>> requirement('{"url": "file:///home/me/proofkit", "dir_info": {}}')
    'proofkit'
    """
    noted = json.loads(direct_url) if direct_url else {}
    url = noted.get("url", "")
    if "vcs_info" in noted:
        return f"proofkit @ {noted['vcs_info']['vcs']}+{url}@{noted['vcs_info']['commit_id']}"
    return f"proofkit @ {url}" if url.startswith("https://") else "proofkit"


def _here() -> str:
    try:
        return requirement(distribution("proofkit").read_text("direct_url.json"))
    except (PackageNotFoundError, ValueError, KeyError):
        return "proofkit"


def write(folder: Path) -> list[Path]:
    """Write a pack to a new or empty folder; `StarterError` if something is there already."""
    name = name_of(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StarterError(f"{folder} is not an empty folder; nothing was written")
    source = files("proofkit.starter")
    written = []
    for path, template in FILES.items():
        target = folder / path.replace("@NAME@", name)
        target.parent.mkdir(parents=True, exist_ok=True)
        text = (source / template).read_text(encoding="utf-8")
        text = text.replace("@NAME@", name).replace("@PROOFKIT@", _here())
        target.write_text(text, encoding="utf-8")
        written.append(target)
    return written
