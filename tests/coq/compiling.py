"""Compiles this folder with Coq and says what it proves: ``python -m tests.coq.compiling``.

Printed is ``proofkit/coq/proved.json``: the theorems about facts and rules, by the axioms that each
rests on, as ``coqc`` reports them.  That takes minutes; whether a record is right is seen faster.
With a folder named, the files are only compiled there: exported proofs are checked against them,
``coqc -Q FOLDER Proofkit FOLDER/Proof.v``.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from proofkit.coq import RULES

HERE = Path(__file__).parent
ORDER = (
    "Language",
    "Statements",
    "Base",
    "ProofsReals",
    "ProofsEntries",
    "Calculus",
    "ProofsCalculus",
    "Curves",
    "Bridge",
    "ProofsMatrices",
    "ProofsDeterminants",
    "ProofsForms",
    "Counterexamples",
    "Algebra",
    "Rules",
    "Differentiation",
    "Continuity",
    "Tactics",
)
"""The files, each after those that it uses."""

QUIET = "-notation-overridden,-ambiguous-paths"


def compiled(folder: Path, names: tuple[str, ...] = ORDER, source: Path = HERE) -> None:
    """Compile these files of a folder in another; `RuntimeError` says what Coq said."""
    for name in names:
        shutil.copy(source / f"{name}.v", folder)
        coqc(folder, name)


def coqc(folder: Path, name: str) -> str:
    """Compile one file, and return what it printed."""
    command = ["coqc", "-w", QUIET, "-Q", str(folder), "Proofkit", str(folder / f"{name}.v")]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=600, check=False, cwd=folder
    )
    if done.returncode:
        raise RuntimeError(f"{name}.v: {done.stderr or done.stdout}")
    return done.stdout


def theorems(source: Path = HERE) -> dict[str, str]:
    """The theorems about facts and rules, each with what Coq is asked to check: that it proves its
    statement, where it is about a fact."""
    found: dict[str, str] = {}
    written: set[str] = set()
    for name in ORDER:
        text = (source / f"{name}.v").read_text(encoding="utf-8")
        written.update(re.findall(r"^Theorem (\w+)", text, re.M))
        for theorem, statement in re.findall(r"^Theorem (proved_\w+) : (\w+)\.", text, re.M):
            assert theorem == f"proved_{statement.removeprefix('fact_')}", theorem
            found[theorem] = f"({theorem} : {statement})"
    for rule in RULES.values():
        for theorem in rule.theorems:
            assert theorem in written, theorem
            found[theorem] = f"@{theorem}"
    return found


def axioms(folder: Path, groups: Iterable[Iterable[str]]) -> list[tuple[str, ...]]:
    """The axioms that any of the terms in each group rests on; Coq checks the terms."""
    lines = [f"From Proofkit Require Import {' '.join(ORDER)}."]
    for n, parts in enumerate(groups):
        term = ",\n  ".join(parts)
        lines += [
            f"Definition group{n} := (\n  {term}).",
            f'Redirect "{n}" Print Assumptions group{n}.',
        ]
    (folder / "Check.v").write_text("\n".join(lines) + "\n", encoding="utf-8")
    coqc(folder, "Check")
    return [axioms_listed((folder / f"{at}.out").read_text("utf-8")) for at in range(n + 1)]


def axioms_listed(printed: str) -> tuple[str, ...]:
    """The axioms in what ``Print Assumptions`` printed."""
    _, _, listed = printed.partition("Axioms:")
    return tuple(sorted(re.findall(r"^([A-Za-z][\w.]*)\s*(?::|$)", listed, re.M)))


def version() -> str:
    """Coq's."""
    command = ["coqc", "-print-version"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()[0]


def record(folder: Path) -> dict[str, object]:
    """What a compiled folder proves, theorem by theorem."""
    proofs = sorted(theorems().items())
    groups: dict[tuple[str, ...], list[str]] = {}
    found = axioms(folder, [[proof] for _, proof in proofs])
    for (theorem, _), rests in zip(proofs, found, strict=True):
        groups.setdefault(rests, []).append(theorem)
    proved = [{"axioms": list(rests), "theorems": names} for rests, names in sorted(groups.items())]
    return {"coq": version(), "proved": proved}


if __name__ == "__main__" and sys.argv[1:]:
    Path(sys.argv[1]).mkdir(parents=True, exist_ok=True)
    compiled(Path(sys.argv[1]))
elif __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        compiled(Path(place))
        json.dump(record(Path(place)), sys.stdout, indent=1)
    print()
