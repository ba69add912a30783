"""What the kernel proved the second checker accepts, on its own."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from proofkit import replay
from tests.replay.common import NAMED, Claim, meaning, rebuilt, statement, text


@pytest.mark.parametrize("name", NAMED)
def test_every_result_is_accepted(name: str) -> None:
    found = replay.replay(text(name).encode())
    proof = json.loads(text(name))
    assert found.inferences == len(proof["steps"])
    assert list(found.facts) == [fact["name"] for fact in proof["ledger"]]
    assert found.digest == replay.digest(statement(proof))
    assert found.statement == replay.plain(statement(proof))


def test_a_statement_reads_as_the_paper_s() -> None:
    """For all n, m and X of that shape: if X is not 0, then Xv is not 0 for some v."""

    def size(n: int) -> Claim:
        return ("num", (((((("b", n), 1),), ()), (1, 1)),))

    def product(rows: Claim, cols: Claim, *word: Claim) -> Claim:
        return ("mat", rows, cols, (((((), tuple((x, 0) for x in word))), (1, 1)),))

    one, nat = ("num", ((((), ()), (1, 1)),)), ("nat",)
    some = ("not", ("null", product(size(3), one, ("b", 1), ("b", 0))))
    given = ("not", ("null", product(size(2), size(1), ("b", 0))))
    claim = ("implies", given, ("exists", ("matrix", size(1), one), some))
    wanted = ("forall", nat, ("forall", nat, ("forall", ("matrix", size(1), size(0)), claim)))
    found = replay.replay(text("nonzero-matrix--main").encode())
    assert found.digest == replay.digest(meaning(wanted))
    assert found.statement.splitlines() == [
        "for all n, m natural, X real n×m:", "X ≠ 0 →", "for some Y real m×1:", "X·Y ≠ 0",
    ]  # fmt: skip


def test_nothing_but_the_standard_library(tmp_path: Path) -> None:
    file = tmp_path / "proof.json"
    file.write_text(text("chain-rule--main"), encoding="utf-8")
    code = (
        "import sys\nfrom pathlib import Path\nbefore = set(sys.modules)\n"
        "from proofkit.replay import replay\n"
        f"assert replay(Path({str(file)!r}).read_bytes()).inferences\n"
        "print(*sorted({m.partition('.')[0] for m in sys.modules.keys() - before}))\n"
        "print(*sorted(m for m in sys.modules if m.partition('.')[0] == 'proofkit'))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    first, second = run.stdout.splitlines()
    assert set(first.split()) - {"proofkit"} <= sys.stdlib_module_names
    assert set(second.split()) <= {"proofkit", "proofkit.replay"}


def test_it_is_small_enough_to_read() -> None:
    source = Path(replay.__file__).read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 1150


def test_the_ledger_s_claims_are_well_formed() -> None:
    own = json.loads((files("proofkit") / "kernel" / "ledger.json").read_text(encoding="utf-8"))
    terms = rebuilt(own["table"])
    for fact in own["facts"]:
        assert meaning(terms[fact["claim"]])
