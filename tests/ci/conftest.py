"""A pack with one of each kind of fault, written to a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

FAULTY = """\
from proofkit.claims import Equal
from proofkit.packs import Pack
from proofkit.script import algebra, result
from proofkit.symbols import MatrixVariable, natural

n = natural("n")
A, B = MatrixVariable("A", n, n), MatrixVariable("B", n, n)

right = result(
    "right", "Transposing turns a product round", variables=(n, A, B), given=(),
    claim=Equal((A * B).T, B.T * A.T),
)


@right.route()
def by_algebra(p):
    p.have(right.claim, algebra(), "Multiply out.")


wrong = result(
    "wrong", "100% wrong", variables=(n, A, B), given=(), claim=Equal((A * B).T, A.T * B.T)
)


@wrong.route()
def by_hope(p):
    p.have(wrong.claim, algebra(), "Multiply out.")


bare = result("bare", "No proof", variables=(n, A), given=(), claim=Equal(A.T.T, A))


def batches(seed, count, result):
    from proofkit.evaluate import Environment
    from proofkit.networks.random import random_matrix

    def draw(salt):
        return random_matrix((seed, salt), 2, 2, exact=False, count=count)

    values = {n: 2, A: draw(1), B: draw(2)}
    return {f"{count} random networks": Environment(values, False, count, seed)}


PACK = Pack(
    "faulty",
    "A pack with faults",
    (right, wrong, bare),
    examples=dict,
    environment=lambda network, seed, result: None,
    exact=lambda seed, count, result: {},
    batches=batches,
)
"""


@pytest.fixture
def faulty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the module ``faulty_pack``, made the working directory."""
    (tmp_path / "faulty_pack.py").write_text(FAULTY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(__import__("sys").modules, "faulty_pack", raising=False)
    return tmp_path
