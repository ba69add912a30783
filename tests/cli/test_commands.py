"""``list``, ``show``, ``check``, ``axioms`` and ``report``: output, JSON and exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.cells import cell_len

from proofkit import replay
from proofkit.checking import BATCH, EXACT, Checked, Failure
from proofkit.cli.check import exit_code
from theorems import PACK

Run = Callable[..., object]


def test_list_names_every_result(run: Run) -> None:
    ran = run("list")
    assert ran.code == 0
    for result in PACK.results:
        assert result.id in ran.out


def test_list_json(run: Run) -> None:
    rows = json.loads(run("list", "--json").out)["results"]
    assert [row["id"] for row in rows] == [result.id for result in PACK.results]


def test_show_prints_statement_steps_and_numbers(run: Run) -> None:
    ran = run("show", "perturbation", "--example", "E09")
    assert ran.code == 0
    for expected in ("STATEMENT", "1.2", "E09", "holds exactly", "Mₖ⋯M₁"):
        assert expected in ran.out
    assert max(map(cell_len, ran.out.splitlines())) <= 80


def test_show_json_has_every_step(run: Run) -> None:
    data = json.loads(run("show", "chain-rule", "--json").out)
    assert data["id"] == "chain-rule"
    assert data["status"] == "proved"
    assert [s["number"] for s in data["steps"]] == ["H1", "H2", "1", "2", "3"]


def test_show_remarks_lists_each_gap_of_the_paper_once(run: Run) -> None:
    rows = json.loads(run("show", "--remarks", "--json").out)["remarks"]
    ids = [row["id"] for row in rows]
    assert len(ids) == len(set(ids)) >= 12
    assert {"scaled-small", "each-layer", "which-layer", "both-at-once"} <= set(ids)
    assert all(row["paper"] and row["truth"] for row in rows)
    assert "E04" in run("show", "theorem-2", "--remarks").out


def test_check_strict_replays_each_proof(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("check", "nonzero-matrix", "--strict").code == 0

    def refuses(data: bytes) -> None:
        raise replay.Refused("step 3: no")

    monkeypatch.setattr(replay, "replay", refuses)
    assert run("check", "nonzero-matrix").code == 0
    ran = run("check", "nonzero-matrix", "--strict")
    assert ran.code == 1
    assert "the second checker does not accept the proof: step 3: no" in ran.out


def test_check_json_has_the_documented_keys(run: Run) -> None:
    ran = run("check", "perturbation", "--example", "E08", "--json")
    assert ran.code == 0
    (row,) = json.loads(ran.out)["results"]
    assert {"id", "status", "tier", "cited", "admitted", "rules", "steps", "instances"} <= set(row)
    assert (row["status"], row["tier"]) == ("proved", "proved")
    assert row["cited"] == row["admitted"] == []
    instances = row["instances"]
    assert instances["exact"] == 1 + EXACT
    assert instances["float"] >= BATCH
    assert instances["failed"] == 0


def test_axioms_names_gaps_and_inferences(run: Run) -> None:
    ran = run("axioms", "perturbation")
    assert ran.code == 0
    assert "admitted: nothing" in ran.out
    data = json.loads(run("axioms", "perturbation", "--json").out)
    assert data["structural"]["algebra"] == 2


def test_axioms_names_what_coq_proves_and_what_that_rests_on(run: Run) -> None:
    out = " ".join(run("axioms", "chain-rule").out.split())
    assert "gradient of slope proved in Coq" in out
    assert "differentiate proved in Coq left to believe" in out
    assert "modus ponens Coq's own logic" in out
    assert "rests on Coq's real numbers, choice, excluded middle" in out
    assert "its normal form say the same is left to believe" in out
    data = json.loads(run("axioms", "perturbation", "--json").out)
    assert data["rules_in_coq"]["induction"] == {
        "theorems": ["rule_induction"],
        "axioms": [],
        "left": "",
    }


def test_report_writes_documents_and_says_where(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "report"
    ran = run("report", "perturbation", "-o", out, "--format", "html,latex,json")
    assert ran.code == 0
    assert "index.html" in ran.out
    names = {path.name for path in out.iterdir()}
    assert names == {
        "handbook.html",
        "index.html",
        "perturbation.html",
        "perturbation.tex",
        "perturbation.json",
    }


def test_report_is_the_same_twice(run: Run, tmp_path: Path) -> None:
    for name in ("a", "b"):
        run("report", "chain-rule", "-o", tmp_path / name, "--format", "html,latex,json")
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("check", "no-such-result"), "no result is called 'no-such-result'; there are"),
        (("check", "lema-1"), "did you mean lemma-1"),
        (("check", "theorems"), "are checked with --pack theorems"),
        (("check", "--pack", "no-pack"), "in the folder that holds no_pack.py"),
        (("nonsense",), "no command is called 'nonsense'"),
        (("show",), "Missing argument"),
        (("show", "perturbation", "--route", "scenic"), "--route"),
        (("report", "perturbation", "--route", "scenic"), "no result here has a route 'scenic'"),
        (("show", "perturbation", "--example", "E99"), "neither an example"),
        (("show", "perturbation", "--example", "no/such/file.json"), "no/such/file.json"),
        (("report", "--format", "docx"), "'docx' is not one of"),
        (("check", "--pack", "no_such_module"), "cannot be imported"),
        (("check", "--pack", "json"), "has no pack"),
        (("check", "--seed", "-1"), "--seed"),
        (("show", "perturbation", "--example", "E28"), "2 towers"),
    ],
)
def test_wrong_usage_is_exit_2_with_one_message(
    run: Run, arguments: tuple[str, ...], words: str
) -> None:
    ran = run(*arguments)
    assert ran.code == 2
    assert words in ran.err


BAD_FILES = {
    "malformed": ('{"format": "proofkit/network/1",', "line"),
    "not-rectangular": (
        '{"format": "proofkit/network/1", "title": "t", "dims": [2, 1, 2], '
        '"layers": [[[1, 2]], [[1], [2, 3]]], '
        '"loss": {"kind": "weighted-squared", "target": [[1,0],[0,1]], "weights": [[1,1],[1,1]]}}',
        "$.layers[1]",
    ),
    "nan": (
        '{"format": "proofkit/network/1", "title": "t", "dims": [1, 1], "layers": [[[NaN]]], '
        '"loss": {"kind": "weighted-squared", "target": [[1]], "weights": [[1]]}}',
        "NaN",
    ),
    "wrong-dims": (
        '{"format": "proofkit/network/1", "title": "t", "dims": [2, 2], "layers": [[[1]]], '
        '"loss": {"kind": "weighted-squared", "target": [[1]], "weights": [[1]]}}',
        "dims",
    ),
    "unknown-kind": (
        '{"format": "proofkit/network/1", "title": "t", "dims": [1, 1], "layers": [[[1]]], '
        '"loss": {"kind": "sqaured", "X": [[1]], "Y": [[1]]}}',
        "squared",
    ),
    "calls": (
        '{"format": "proofkit/network/1", "title": "t", "dims": [1, 1], "layers": [[[1]]], '
        '"loss": {"kind": "expression", "expression": "__import__(w11)"}}',
        "__import__",
    ),
    "division": (
        '{"format": "proofkit/network/1", "title": "t", "dims": [1, 1], "layers": [[[0]]], '
        '"loss": {"kind": "expression", "expression": "1/w11"}}',
        "$.loss",
    ),
}


@pytest.mark.parametrize("name", sorted(BAD_FILES))
def test_bad_files_are_refused_and_nothing_is_written(run: Run, tmp_path: Path, name: str) -> None:
    text, words = BAD_FILES[name]
    path, out = tmp_path / f"{name}.json", tmp_path / "out"
    path.write_text(text)
    ran = run("report", "perturbation", "--example", path, "-o", out)
    assert ran.code == 2
    assert path.name in ran.err
    assert words in ran.err
    assert not out.exists()


def test_a_folder_that_cannot_be_written_is_exit_2(run: Run, tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("")
    ran = run("report", "perturbation", "-o", blocker / "sub")
    assert ran.code == 2


# 0 all holds · 1 something fails · 3 incomplete under --strict · 4 nothing was checked
def test_exit_codes() -> None:
    result = PACK["perturbation"]
    good = Checked(result, PACK, footprint=result.run().footprint)
    failed = Checked(result, PACK, "failed", failures=[Failure("x", "y")])
    gap = Checked(result, PACK, "incomplete")
    assert exit_code([good], strict=True) == 0
    assert exit_code([good, failed], strict=False) == 1
    assert exit_code([good, gap], strict=True) == 3
    assert exit_code([good, gap], strict=False) == 0
    assert exit_code([], strict=False) == 4


def test_an_empty_pack_checks_nothing(run: Run, tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "empty_pack.py").write_text(
        "from proofkit.packs import Pack\n"
        "PACK = Pack('empty', 'nothing', (), dict, None, None, None)\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    assert run("check", "--pack", "empty_pack").code == 4


def test_python_m_proofkit_and_help() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "proofkit", "--help"], capture_output=True, text=True, check=True
    )
    assert "check" in ran.stdout


# --help imports neither SymPy nor NumPy: that is what keeps it quick.
def test_help_does_not_import_sympy() -> None:
    code = (
        "import sys; sys.argv=['proofkit','--help']\n"
        "from proofkit.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "assert not {'sympy', 'numpy', 'matplotlib', 'rich'} & set(sys.modules), 'heavy imports'"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


def test_output_into_a_closed_pipe_is_quiet() -> None:
    ran = subprocess.run(
        f"{sys.executable} -m proofkit show perturbation | head -1",
        shell=True,
        capture_output=True,
        text=True,
        env={**os.environ, "COLUMNS": "80"},
    )
    assert "Traceback" not in ran.stderr
