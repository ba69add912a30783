"""``proofkit replay`` and ``python -m proofkit.replay``: what they print, and how they end."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from proofkit import packs
from tests.replay.common import SMALL, Proof, put, text, without
from tests.replay.test_publication import publication, said


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A proof in a file."""
    path = tmp_path / "proof.json"
    path.write_text(text(SMALL), encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def unpublished(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pack has published anything."""
    monkeypatch.setattr(packs, "published", list)


def test_command(run: Any, file: Path) -> None:
    proof = json.loads(text(SMALL))
    first, *lines, published, digest = run("replay", file).out.splitlines()
    assert first == f"accepted: {len(proof['steps'])} inferences; facts: vanishing near zero"
    assert [line.strip() for line in lines] == [
        "for all n, m natural, X real n×m:", "X ≠ 0 →", "for some Y real m×1:", "X·Y ≠ 0",
    ]  # fmt: skip
    assert published == "not a published statement"
    answer = json.loads(run("replay", file, "--json").out)
    assert answer["status"] == "accepted"
    assert answer["inferences"] == len(proof["steps"])
    assert answer["statement"].splitlines() == [line.strip() for line in lines]
    assert digest == f"digest: {answer['digest']}"
    assert (answer["published"], answer["reason"]) == (None, "")


def test_published_statements(run: Any, file: Path, tmp_path: Path) -> None:
    listed, other = tmp_path / "listed.json", tmp_path / "other.json"
    listed.write_bytes(publication(("theorem 1", said(SMALL))))
    other.write_bytes(publication(("theorem 2", ("false",))))
    told = run("replay", file, "--statements", other, "--statements", listed)
    assert told.code == 0
    assert "this is Theorem 1 as published by pages (result theorem 1, route main)" in told.out
    answer = json.loads(run("replay", file, "--statements", listed, "--json").out)
    assert answer["published"] == {
        "pack": "pages", "result": "theorem 1", "route": "main", "title": "Theorem 1",
    }  # fmt: skip
    assert "not a published" in run("replay", file, "--statements", other).out
    broken = tmp_path / "broken.json"
    broken.write_text("{", encoding="utf-8")
    for path in (broken, tmp_path / "none.json", tmp_path):
        told = run("replay", file, "--statements", path)
        assert told.code == 2
        assert path.name in told.err


def test_packs_publish(
    run: Any, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file `statements.json` of an installed pack is used, and the pack is not imported."""
    monkeypatch.undo()
    package = tmp_path / "publishing_pack"
    package.mkdir()
    (package / "__init__.py").write_text("raise RuntimeError('imported')\n", encoding="utf-8")
    (tmp_path / "silent_pack.py").write_text("", encoding="utf-8")
    (package / "statements.json").write_bytes(publication(("theorem 1", said(SMALL))))

    class Point:
        def __init__(self, value: str) -> None:
            self.value = value

    names = ("publishing_pack:PACK", "silent_pack", "missing_pack", "no.such.pack")
    points = [Point(name) for name in names]
    monkeypatch.setattr("proofkit.packs.loading.entry_points", lambda group: points)
    monkeypatch.syspath_prepend(tmp_path)
    assert packs.published() == [package / "statements.json"]
    assert "Theorem 1 as published by pages" in run("replay", file).out


@pytest.mark.parametrize(
    ("damage", "code", "status"),
    [
        (without("steps.-1"), 1, "refused"),
        (put("steps", []), 4, "nothing"),
        (put("format", "x"), 2, "unreadable"),
        (put("format", "proofkit/proof/4"), 2, "unreadable"),
        (put("meta.result", "\x1b[2J"), 0, "accepted"),
    ],
)
def test_exit_codes(
    run: Any, file: Path, damage: Callable[[Proof], None], code: int, status: str
) -> None:
    proof = json.loads(text(SMALL))
    damage(proof)
    file.write_text(json.dumps(proof), encoding="utf-8")
    plain, answer = run("replay", file), run("replay", file, "--json")
    assert plain.code == answer.code == code
    assert "\x1b" not in plain.out + plain.err + answer.out
    assert code == 0 or len((plain.out + plain.err).splitlines()) == 1
    assert json.loads(answer.out)["status"] == status


def test_no_such_file(run: Any, tmp_path: Path) -> None:
    assert run("replay", tmp_path / "none.json").code == 2
    assert run("replay", tmp_path).code == 2


def module(*arguments: object) -> subprocess.CompletedProcess[str]:
    """`python -m proofkit.replay`."""
    command = [sys.executable, "-m", "proofkit.replay", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False
    )


def test_the_module_says_the_same(run: Any, file: Path, tmp_path: Path) -> None:
    listed = tmp_path / "listed.json"
    listed.write_bytes(publication(("theorem 1", said(SMALL))))
    for more in ((), ("--statements", listed)):
        done = module(file, *more)
        assert (done.returncode, done.stdout) == (0, run("replay", file, *more).out)
    assert module(tmp_path / "none.json").returncode == 2
    assert module().returncode == 2
    file.write_text(
        text(SMALL).replace('"proofkit/proof/5"', '"proofkit/proof/4"'), encoding="utf-8"
    )
    done = module(file)
    assert (done.returncode, "export it again" in done.stdout) == (2, True)
    assert done.stderr == ""
