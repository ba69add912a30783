"""The command: stable keys, exit codes, bad input, limits, whole files or none."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

from proofkit.diagnose import KEYS

LOSS = {"kind": "squared", "X": [[1]], "Y": [[3]]}


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "proofkit", "diagnose", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def document(**changes: Any) -> dict[str, Any]:
    return {
        "format": "proofkit/network/1",
        "title": "a network",
        "layers": [[[1]], [[2]]],
        "loss": LOSS,
        **changes,
    }


def test_json_report_save_and_recheck(tmp_path: Path) -> None:
    page, saved = tmp_path / "page.html", tmp_path / "certificate.json"
    done = run("E10", "--json", "--report", str(page), "--save", str(saved))
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert tuple(answer) == KEYS
    assert answer["verdict"] == "non-strict-saddle"
    html = page.read_text(encoding="utf-8")
    assert html.count("<svg") == 2
    assert "http" not in html.replace("http://www.w3.org", "")
    assert "non-strict-saddle" in html
    assert run("--recheck", str(saved)).returncode == 0
    changed = json.loads(saved.read_text(encoding="utf-8"))
    changed["value"] = 2
    saved.write_text(json.dumps(changed), encoding="utf-8")
    refused = run("--recheck", str(saved))
    assert refused.returncode == 1
    assert "refused" in refused.stdout


def test_the_summary_fits_80_columns() -> None:
    done = run("E02")
    assert done.returncode == 0, done.stderr
    assert "spurious-local-minimum" in done.stdout
    assert "Theorem 1" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_bad_input_is_one_message_and_no_file(tmp_path: Path) -> None:
    """What else is refused, and in which words: test_bad_input."""
    path, page = tmp_path / "bad.json", tmp_path / "page.html"
    path.write_text(json.dumps(document(loss={**LOSS, "weight_decay": 0.1})), encoding="utf-8")
    done = run(str(path), "--report", str(page))
    assert done.returncode == 2
    assert "do not hold" in done.stderr
    assert "Traceback" not in done.stderr
    assert not page.exists()


def test_wrong_usage() -> None:
    assert run().returncode == 2
    assert run("E01", "--recheck", "x.json").returncode == 2
    assert run("E999").returncode == 2
    assert run("--recheck", "/nowhere.json").returncode == 2


def test_arrays_with_any_names(tmp_path: Path) -> None:
    path = tmp_path / "net.npz"
    data = {"X": np.eye(2), "Y": np.diag([2.0, 1.0])}
    np.savez(path, enc=np.array([[1.0], [0.0]]), dec=np.array([[2.0, 0.0]]), **data)
    undecided = run(str(path))
    assert undecided.returncode == 2
    assert "--layers dec,enc" in undecided.stderr
    done = run(str(path), "--layers", "enc, dec", "--convention", "x@W", "--loss", "squared")
    assert done.returncode == 0, done.stderr
    assert "✓ global-minimum" in done.stdout
    refused = run(str(tmp_path / "net.pt"))
    assert refused.returncode == 2
    assert "torch.load('net.pt'" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_exact_digits_on_request(tmp_path: Path) -> None:
    path = tmp_path / "net.json"
    path.write_text(json.dumps(document(layers=[[["1/1234567891011"]], [[1]]])), encoding="utf-8")
    assert "1234567891011" not in run(str(path)).stdout
    assert "1234567891011" in "".join(run(str(path), "--exact").stdout.split())
