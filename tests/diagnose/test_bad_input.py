"""Bad input: one clear message, exit 2, no traceback, no hang, no half-written file.

What a file holds is tried in this process, through the worker's own function; limits of time and
memory, and files that never end, are tried through the command.
"""

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from proofkit.diagnose.worker import _diagnosed, _rechecked

LOSS = {"kind": "squared", "X": [[1]], "Y": [[3]]}


def document(**changes: Any) -> dict[str, Any]:
    return {
        "format": "proofkit/network/1",
        "title": "a network",
        "layers": [[[1]], [[2]]],
        "loss": LOSS,
        **changes,
    }


def expression(text: str) -> dict[str, Any]:
    return {"kind": "expression", "expression": text, "convex": True}


def asked(path: Path) -> dict[str, Any]:
    job = {"task": "diagnose", "path": str(path), "loss": None, "seed": 0, "certify": False}
    return _diagnosed(job)


def said(tmp_path: Path, content: Any, name: str = "network.json") -> dict[str, Any]:
    path = tmp_path / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return asked(path)


DECAY = "weight decay, is no function of the product"
REFUSED = {
    "weight decay in the loss": (document(loss={**LOSS, "weight_decay": 0.1}), DECAY),
    "a ridge term": (document(loss={**LOSS, "l2": 0.1}), DECAY),
    "weight decay beside the loss": (document(weight_decay=0.1), DECAY),
    "a loss of the kind weight decay": (document(loss={"kind": "weight-decay"}), DECAY),
    "a row of width 0": (document(layers=[[[]], [[2]]]), "empty"),
    "a hidden layer of width 0": (document(layers=[[], [[2]]]), "empty"),
    "a width of 0": (document(dims=[1, 0, 1]), "dims[1]"),
    "no layers": (document(layers=[]), "at least one"),
    "no layers that fit": (document(layers=[[[1, 2]], [[2], [1]], [[1]]]), "shape"),
    "a header of 10⁶ × 10⁶": (document(dims=[10**6, 10**6, 1]), "1000000 × 1000000"),
    "division by zero": (document(layers=[[["1/0"]], [[2]]]), "divides by zero"),
    "a number that is none": (document(layers=[[[float("nan")]], [[2]]]), "not finite"),
    "an unknown loss": (document(loss={"kind": "hinge"}), "unknown"),
    "a rational of 10⁵ digits": (document(layers=[[["1/" + "7" * 10**5]], [[2]]]), "too long"),
    "a rational of 10⁹ digits": (document(layers=[[["1e999999999"]], [[2]]]), "too many digits"),
    "a tower of powers": (document(layers=[[["9**9**9"]], [[2]]]), "parentheses"),
    "a huge exponent": (document(loss=expression("w11**1000000")), "exponent is too large"),
    "10⁵ parentheses": (document(loss=expression("(" * 10**5 + "w11" + ")" * 10**5)), "too long"),
    "10³ parentheses": (document(loss=expression("(" * 1000 + "w11" + ")" * 1000)), "nest"),
    "a sum of 10⁵ terms": (document(loss=expression("+".join(["w11"] * 10**5))), "too long"),
    "a call": (document(loss=expression("__import__('os').system('true')")), "expression"),
    "rationals beyond doubles": (
        document(layers=[[[f"{7**900}/{5**800}"]], [[2]]]),
        "beyond the range of doubles",
    ),
    "outside the loss's domain": (document(loss=expression("log(w11 - 5)")), "no value"),
    "a division by 0": (
        document(layers=[[[0]], [[2]]], loss=expression("1/w11")),
        "no value at this network",
    ),
    "a division by 0, floats": (
        document(layers=[[[0.0]], [[2.5]]], loss=expression("1/w11")),
        "no value at this network",
    ),
    "half a file": ('{"format": "proofkit/network/1", ', "not JSON"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_is_refused_with_the_reason(name: str, tmp_path: Path) -> None:
    content, words = REFUSED[name]
    answer = said(tmp_path, content)
    assert set(answer) == {"fault"}
    assert words in answer["fault"]
    assert "network.json" in answer["fault"]


UNDECIDED = {
    "an expression beyond all numbers": (
        document(loss=expression("exp(exp(exp(exp(w11*1000))))")),
        "overflows",
    ),
    "an infimum far away": (
        document(
            layers=[[[40.0]], [[20.0]]],
            loss={"kind": "logistic", "positive": [[1]], "negative": [[0]]},
        ),
        "infimum",
    ),
    "labels predicted for certain": (
        document(
            layers=[[[1.0, 1.0]], [[-400.0], [400.0]]],
            loss={"kind": "softmax", "X": [[1], [1]], "labels": [1]},
        ),
        "infimum",
    ),
    "a flat tail": (document(layers=[[[40.0]], [[20.0]]], loss=expression("exp(-w11)")), "flat"),
    "a degenerate point that no float shows": (
        document(
            layers=[[[0.0, 2**0.5]], [[0.0], [2**0.5 / 4]]],
            loss=expression("(w11-1)**2 + (w11-1)*w22 + w22**2 + 3/2*(w12**2 + w21**2)"),
        ),
        "does not decide",
    ),
}


@pytest.mark.parametrize("name", UNDECIDED)
def test_is_undecided_and_says_why(name: str, tmp_path: Path) -> None:
    content, words = UNDECIDED[name]
    with np.errstate(all="ignore"):
        found = said(tmp_path, content)
    assert found["diagnosis"]["verdict"] == "undecided"
    assert words in " ".join(found["why"])


ONE_ROW = {"kind": "squared", "X": [[1, 2, 3]], "Y": [[2, 4, 7]]}
SCORES = {"kind": "softmax", "X": [[1], [2]]}
ANSWERED = {
    "depth 1": (document(layers=[[[3]]]), "global-minimum"),
    "depth 1, not critical": (document(layers=[[[2]]]), "not-critical"),
    "depth 1, floats": (document(layers=[[[2.9999999999]]]), "not-critical"),
    "overflowing products": (document(layers=[[[1e308]], [[1e308]]]), "not-critical"),
    "small singular values that are not 0": (
        document(
            layers=[np.diag([1.0, 1e-9]).tolist()] * 2 + [np.diag([2.0, 1e-9]).tolist()],
            loss={"kind": "squared", "X": [[1, 0], [0, 1]], "Y": [[2, 0], [0, 1]]},
        ),
        "not-critical",
    ),
    "depth 1, not convex": (
        document(layers=[[[0]]], loss={**expression("w11**2*(w11 - 1)"), "convex": False}),
        "strict-saddle",
    ),
    "one row of data": (document(layers=[[["31/14"]], [[1]]], loss=ONE_ROW), "global-minimum"),
    "one row, a saddle": (document(layers=[[[0]], [[0]]], loss=ONE_ROW), "strict-saddle"),
    "one row, three layers": (
        document(layers=[[[0]], [[0]], [[0]]], loss=ONE_ROW),
        "non-strict-saddle",
    ),
    "one row, floats": (document(layers=[[[31 / 14]], [[1.0]]], loss=ONE_ROW), "global-minimum"),
    "one row of scores": (
        document(
            layers=[[[1, 0]], [[1]]], loss={"kind": "softmax", "X": [[1], [2]], "labels": [0]}
        ),
        "global-minimum",
    ),
    "long rationals": (
        document(layers=[[[f"{7**300}/{5**300}"]], [[f"{5**300}/{7**299}"]]]),
        "not-critical",
    ),
    "long rationals that cancel": (
        document(layers=[[[f"{7**300}/{5**300}"]], [[f"{3 * 5**300}/{7**300}"]]]),
        "global-minimum",
    ),
    "400 layers": (document(layers=[[[1]]] * 400, loss={**LOSS, "Y": [[1]]}), "global-minimum"),
}


@pytest.mark.parametrize("name", ANSWERED)
def test_is_answered(name: str, tmp_path: Path) -> None:
    content, verdict = ANSWERED[name]
    assert said(tmp_path, content)["diagnosis"]["verdict"] == verdict


def archive(path: Path, content: bytes, kind: int = zipfile.ZIP_STORED) -> None:
    path.with_suffix(".loss.json").write_text(json.dumps(LOSS), encoding="utf-8")
    with zipfile.ZipFile(path, "w", kind) as out:
        out.writestr("M1.npy", content)


def test_archives_that_would_run_code_or_fill_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "bad.npz"
    pickled = io.BytesIO()
    np.save(pickled, np.array([[{}]], dtype=object), allow_pickle=True)
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": "<f8", "fortran_order": False, "shape": (10**6, 10**6)}
    )
    empty = io.BytesIO()
    np.save(empty, np.zeros((0, 1)))
    for content, kind, words in (
        (pickled.getvalue(), zipfile.ZIP_STORED, "object"),
        (header.getvalue(), zipfile.ZIP_STORED, "1000000"),
        (b"\0" * (200 * 2**20), zipfile.ZIP_DEFLATED, "bytes"),
        (empty.getvalue(), zipfile.ZIP_STORED, "M1"),
        (b"", zipfile.ZIP_STORED, "M1"),
    ):
        archive(path, content, kind)
        answer = asked(path)
        assert set(answer) == {"fault"}
        assert words in answer["fault"]


def test_texts_of_100_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "huge.json"
    path.write_bytes(b"[" * (100 * 2**20))
    assert "too large" in asked(path)["fault"]
    assert "too large" in _rechecked({"path": str(path)})["fault"]


@pytest.mark.parametrize("radius", ["1e999999999", "1/0", "-1", 3, None])
def test_certificates_with_odd_numbers(radius: Any, tmp_path: Path) -> None:
    certificate = {
        "format": "proofkit/diagnosis/1",
        "arithmetic": "balls",
        "network": document(layers=[[[1.5]], [[2.0]]]),
        "evidence": {"kind": "krawczyk", "A": [[2]], "B": [[1.5]], "frozen": [0], "radius": radius},
    }
    path = tmp_path / "certificate.json"
    path.write_text(json.dumps(certificate), encoding="utf-8")
    assert "refused" in _rechecked({"path": str(path)})


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "proofkit", "diagnose", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_limit_of_memory(tmp_path: Path) -> None:
    """A Hessian of 5,000 parameters needs more than what the interpreter leaves of 300 MB."""
    path, page = tmp_path / "large.json", tmp_path / "page.html"
    layers = [np.diag([1.0] * 30 + [0.0] * 20).tolist()] * 2
    target = np.diag([1.0] * 30 + [2.0] * 20).tolist()
    loss = {"kind": "squared", "X": np.eye(50).tolist(), "Y": target}
    path.write_text(json.dumps(document(layers=layers, loss=loss)), encoding="utf-8")
    done = command(str(path), "--memory", "300", "--report", str(page))
    assert done.returncode == 2
    assert "300 MB of memory" in done.stderr
    assert "Traceback" not in done.stderr
    assert not page.exists()


def test_the_limit_of_time(tmp_path: Path) -> None:
    path, page = tmp_path / "slow.json", tmp_path / "page.html"
    power = "(((((w11+1)**64)**64)**64)**64)**64"
    path.write_text(json.dumps(document(loss=expression(power))), encoding="utf-8")
    done = command(str(path), "--timeout", "4", "--report", str(page))
    assert done.returncode == 2
    assert "within 4 s" in done.stderr
    assert "Traceback" not in done.stderr
    assert not page.exists()


def test_files_that_never_end(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.json"
    os.mkfifo(pipe)
    for path in (pipe, tmp_path):
        assert "fault" in asked(path)
        assert "fault" in _rechecked({"path": str(path)})
