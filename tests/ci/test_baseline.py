"""Baselines: what counts as worse, and the two ways to ask."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from proofkit.ci.baseline import compare

Run = Callable[..., Any]
ROW = {
    "id": "a",
    "status": "proved",
    "tier": "proved",
    "statement": "p",
    "digest": "1",
    "rules": {"fermat": 1},
    "results": ["b"],
    "cited": [],
    "admitted": [],
}


@pytest.mark.parametrize(
    ("change", "worse", "words"),
    [
        ({"status": "incomplete"}, True, "status: proved → incomplete"),
        ({"status": "failed"}, True, "status: proved → failed"),
        ({"tier": "sampled"}, True, "tier: proved → sampled"),
        ({"digest": "2", "statement": "q"}, True, "the statement changed"),
        ({"digest": "2"}, True, "sorts of its variables"),
        ({"rules": {"fermat": 1, "left inverse": 2}}, True, "'left inverse'"),
        ({"rules": {}}, False, "no longer rests on the textbook fact 'fermat'"),
        ({"results": ["b", "c"]}, True, "the result 'c'"),
        ({"cited": ["Smith 1999"]}, True, "the citation 'Smith 1999'"),
        ({"admitted": ["p"]}, True, "the unproved step 'p'"),
    ],
)
def test_what_is_worse(change: dict[str, Any], worse: bool, words: str) -> None:
    (found,) = compare([ROW], [{**ROW, **change}])
    assert found.worse is worse
    assert words in str(found)
    back = compare([{**ROW, **change}], [ROW])
    assert [c.worse for c in back] == [not worse if "digest" not in change else True]


def test_same_is_nothing() -> None:
    assert compare([ROW], [dict(ROW)]) == []


def test_gone_is_worse_and_new_is_not() -> None:
    assert [c.worse for c in compare([ROW], [])] == [True]
    assert [c.worse for c in compare([], [ROW])] == [False]


@pytest.mark.parametrize("format", [None, "proofkit/check/1"])
def test_a_file_of_another_proofkit_is_called_old(run: Run, tmp_path: Path, format: Any) -> None:
    # Digests were made otherwise: that they differ says nothing of the statements.
    document = {"results": [ROW]} if format is None else {"format": format, "results": [ROW]}
    file = tmp_path / "before.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    ran = run("check", "--diff", file, file)
    assert ran.code == 2
    assert "written by another proofkit" in ran.err
    assert "proofkit check --json >" in ran.err


def test_against_a_file(run: Run, faulty: Path) -> None:
    pack = ("--pack", "faulty_pack", "right")
    Path("base.json").write_text(run("check", *pack, "--json").out, encoding="utf-8")
    assert run("check", *pack, "--baseline", "base.json").code == 0
    base = json.loads(Path("base.json").read_text(encoding="utf-8"))
    base["results"][0]["digest"] = "0" * 64
    base["results"][0]["statement"] = "something else"
    Path("drift.json").write_text(json.dumps(base), encoding="utf-8")
    ran = run("check", *pack, "--baseline", "drift.json")
    assert ran.code == 1
    assert "was something else" in ran.out
    ran = run("check", *pack, "--baseline", "drift.json", "--json")
    assert json.loads(ran.out)["results"][0]["id"] == "right"
    assert run("check", "--diff", "base.json", "base.json").out == "Nothing changed.\n"
    ran = run("check", "--diff", "base.json", "drift.json", "--json")
    assert ran.code == 1
    assert json.loads(ran.out)["changes"][0]["worse"] is True


def test_of_all_results_what_vanished_is_missed(run: Run, faulty: Path) -> None:
    """The name ``all`` is no result: nothing was compared, and what had gone was not missed."""
    base = json.loads(run("check", "all", "--pack", "faulty_pack", "--json").out)
    base["results"].append({**base["results"][0], "id": "vanished"})
    Path("base.json").write_text(json.dumps(base), encoding="utf-8")
    said = run("check", "all", "--pack", "faulty_pack", "--baseline", "base.json").out
    assert "✗ vanished: is gone" in said
    assert "is new" not in said
    named = run("check", "right", "--pack", "faulty_pack", "--baseline", "base.json")
    assert (named.code, "gone" in named.out) == (0, False)


def entries(*changes: dict[str, Any]) -> str:
    return json.dumps({"results": [{**ROW, **change} for change in changes]})


NO_BASELINES = [
    None, "", "{}", '{"results": [1]}', '{"results": [{"id": "a"}]}', "[" * 100_000,
    entries({"rules": 5}), entries({"cited": [[]]}), entries({"id": []}), entries({"tier": None}),
    entries({}, {}),
]  # fmt: skip


@pytest.mark.parametrize("text", NO_BASELINES)
def test_no_baseline(run: Run, faulty: Path, text: str | None) -> None:
    if text is not None:
        Path("base.json").write_text(text, encoding="utf-8")
    ran = run("check", "--pack", "faulty_pack", "right", "--baseline", "base.json")
    assert ran.code == 2
    assert "proofkit check --json > base.json" in ran.err


def test_diff_takes_no_names(run: Run) -> None:
    assert run("check", "lemma-1", "--diff", "a.json", "b.json").code == 2


@pytest.mark.parametrize(
    "options",
    [
        ("--strict",),
        ("--junit", "x.xml"),
        ("--baseline", "b.json"),
        ("--mutants", "2"),
        ("--github",),
    ],
)
def test_ablation_goes_alone(run: Run, faulty: Path, options: tuple[str, ...]) -> None:
    ran = run("check", "--pack", "faulty_pack", "right", "--ablate", *options)
    assert ran.code == 2
    assert f"--ablate does not go together with {options[0]}" in ran.err
    assert not Path("x.xml").exists()
