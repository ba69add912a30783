"""Compiles this folder with Coq and says what it proves: ``python tests/coq/compiling.py``.

Written is ``proofkit/coq/proved.json``: the facts of the ledger that have a proof here, and the
axioms that these proofs rest on, as ``coqc`` reports them.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

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
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        raise RuntimeError(f"{name}.v: {done.stderr or done.stdout}")
    return done.stdout


def theorems(source: Path = HERE) -> dict[str, str]:
    """The theorems ``proved_…`` of the folder, and the statement each is said to prove."""
    found: dict[str, str] = {}
    for name in ORDER:
        text = (source / f"{name}.v").read_text(encoding="utf-8")
        for theorem, statement in re.findall(r"^Theorem (proved_\w+) : (\w+)\.", text, re.M):
            assert theorem == f"proved_{statement.removeprefix('fact_')}", theorem
            found[theorem] = statement
    return found


def axioms(folder: Path, proofs: dict[str, str]) -> list[str]:
    """The axioms that any of these proofs rests on; Coq checks that each proves its statement."""
    files = " ".join(name for name in ORDER)
    parts = ",\n  ".join(f"({theorem} : {said})" for theorem, said in sorted(proofs.items()))
    text = f"From Proofkit Require Import {files}.\nDefinition all := (\n  {parts}).\n"
    (folder / "Check.v").write_text(text + "Print Assumptions all.\n", encoding="utf-8")
    printed = coqc(folder, "Check")
    if "Closed under the global context" in printed:
        return []
    return sorted(re.findall(r"^([A-Za-z][\w.]*)\s*(?::|$)", printed.split("Axioms:")[1], re.M))


def record(folder: Path) -> dict[str, object]:
    """What a compiled folder proves."""
    proofs = theorems()
    version = subprocess.run(["coqc", "-print-version"], capture_output=True, text=True, check=True)
    return {
        "coq": version.stdout.split()[0],
        "statements": sorted(proofs.values()),
        "axioms": axioms(folder, proofs),
    }


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        compiled(Path(place))
        json.dump(record(Path(place)), sys.stdout, indent=1)
    print()
