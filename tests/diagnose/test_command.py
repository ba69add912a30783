"""The command: stable keys, exit codes, bad input, limits, whole files or none."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

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
    assert "theorem-1" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def long_sum() -> str:
    return " + ".join(f"(w11 - {i})**2*(w11 + {i})**2" for i in range(1, 60))


BAD = {
    "weight decay": (document(loss={**LOSS, "weight_decay": 0.1}), "not hold"),
    "zero width": (document(layers=[[[]], [[2]]]), "empty"),
    "widths that do not fit": (document(layers=[[[1, 2]], [[2], [1]], [[1]]]), "shape"),
    "an infinite entry": (document(layers=[[["1/0"]], [[2]]]), "zero"),
    "a huge header": (document(dims=[1, 10**6 * 10**6, 1]), "width"),
    "an unknown loss": (document(loss={"kind": "hinge"}), "unknown"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_networks_are_refused_in_one_message(name: str, tmp_path: Path) -> None:
    content, words = BAD[name]
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    page = tmp_path / "page.html"
    done = run(str(path), "--report", str(page))
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not page.exists()


def test_hostile_archives(tmp_path: Path) -> None:
    (tmp_path / "bad.loss.json").write_text(json.dumps(LOSS), encoding="utf-8")
    path = tmp_path / "bad.npz"
    np.savez(path, M1=np.array([[{}]], dtype=object))
    assert run(str(path)).returncode == 2
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": "<f8", "fortran_order": False, "shape": (10**6, 10**6)}
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("M1.npy", header.getvalue())
    assert run(str(path)).returncode == 2
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("M1.npy", b"\0" * (200 * 2**20))
    assert run(str(path)).returncode == 2


def test_a_huge_text(tmp_path: Path) -> None:
    path = tmp_path / "huge.json"
    path.write_bytes(b"[" * (100 * 2**20))
    done = run(str(path))
    assert done.returncode == 2
    assert "too large" in done.stderr


def test_depth_1_and_one_row(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    path.write_text(json.dumps(document(layers=[[[3]]])), encoding="utf-8")
    assert json.loads(run(str(path), "--json").stdout)["verdict"] == "global-minimum"


def test_huge_rationals(tmp_path: Path) -> None:
    path = tmp_path / "huge.json"
    number = f"{7**300}/{5**300}"
    path.write_text(json.dumps(document(layers=[[[number]], [[number]]])), encoding="utf-8")
    assert json.loads(run(str(path), "--json").stdout)["verdict"] == "not-critical"


def test_the_limit_of_time(tmp_path: Path) -> None:
    rows = [[f"exp({i}/7) + log({i + 2})" for i in range(j, j + 12)] for j in range(12)]
    path = tmp_path / "slow.json"
    loss = {"kind": "expression", "expression": long_sum(), "convex": True}
    path.write_text(json.dumps(document(layers=[rows, rows], loss=loss)), encoding="utf-8")
    done = run(str(path), "--timeout", "1.5")
    assert done.returncode == 2
    assert "within 1.5 s" in done.stderr
    assert "Traceback" not in done.stderr


def test_wrong_usage() -> None:
    assert run().returncode == 2
    assert run("E01", "--recheck", "x.json").returncode == 2
    assert run("E999").returncode == 2
    assert run("--recheck", "/nowhere.json").returncode == 2
