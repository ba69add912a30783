"""A result that no instance exercises is proved and may say nothing: every output says so."""

from __future__ import annotations

import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from proofkit.checking import Checked, check
from proofkit.claims import And, Claim, Equal, ForAll, Implies, Less, NonZero
from proofkit.derivations import derivations
from proofkit.packs import Pack
from proofkit.script import Fact, Proof, algebra, part, result
from proofkit.symbols import MatrixVariable, natural, norm_squared

Run = Callable[..., Any]
n = natural("n")
A, B, X = (MatrixVariable(name, n, n) for name in "ABX")
ZERO, NONZERO = Equal(A, 0), NonZero(A)

VACUOUS = """\
from proofkit.claims import Equal, NonZero
from proofkit.derivations import derivations
from proofkit.script import algebra, result
from proofkit.symbols import MatrixVariable, natural

n = natural("n")
A, B = MatrixVariable("A", n, n), MatrixVariable("B", n, n)
vacuous = result(
    "vacuous", "Nothing at all", variables=(n, A, B), claim=Equal(A * B, 0),
    given=[(Equal(A, 0), "it is zero"), (NonZero(A), "it is not")],
)


@vacuous.route()
def by_hope(p, zero, nonzero):
    p.have(vacuous.claim, algebra(zero), "Multiply out.")


sound = result(
    "sound", "Something", variables=(n, A, B), claim=Equal(A * B, 0),
    given=[(Equal(A, 0), "it is zero")],
)


@sound.route()
def by_algebra(p, zero):
    p.have(sound.claim, algebra(zero), "Multiply out.")


def values(network):
    (layer,) = network.layers
    return {n: 1, A: layer, B: layer}


PACK = derivations(
    "vacuous", "Hypotheses that contradict each other", [vacuous, sound],
    examples="small.json", values=values,
)
"""
EXAMPLE = {
    "format": "proofkit/network/1",
    "title": "One number",
    "dims": [1, 1],
    "layers": [[[3]]],
    "loss": {"kind": "squared", "X": [[1]], "Y": [[2]]},
}
PACKED = ("--pack", "vacuous_pack")
NONE = "no instance exercises it: on none are all hypotheses true and the conclusion evaluated"
WHY = "H2, A ≠ 0, is false where H1 holds"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "vacuous_pack.py").write_text(VACUOUS, encoding="utf-8")
    (tmp_path / "small.json").write_text(json.dumps(EXAMPLE), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "vacuous_pack", raising=False)
    return tmp_path


# ── What exercises a result ────────────────────────────────────────────────────────────────────
def checked(claim: Claim, *given: Claim) -> Checked:
    """A statement that is proved from a hypothesis A = 0, wherever that stands."""
    stated = result("stated", "S", variables=(n, A, B), given=[(g, "") for g in given], claim=claim)

    def script(p: Proof, *facts: Fact) -> None:
        if facts:
            zero = p.have(ZERO, part(facts[0]))
            p.have(claim, algebra(zero))
        else:
            with p.for_all(given=claim.args[:-1]) as block:
                p.have(claim.args[-1], algebra(block.given[0]))

    stated.route()(script)
    pack: Pack = derivations("p", "P", [stated])
    return check(pack, stated, networks={}, batch=0, exact=20)


def test_an_instance_on_which_all_hypotheses_hold_exercises_a_result() -> None:
    found = checked(Equal(A * B, 0), ZERO)
    assert (found.status, found.exercised, found.failures) == ("proved", 20, [])


def test_a_quadratic_claim_for_all_values_is_decided() -> None:
    shrinks = ForAll(X, Implies(NonZero(X), Less(norm_squared(A * X), norm_squared(X))))
    assert checked(Equal(A * B, 0), ZERO, shrinks).exercised == 20
    grows = ForAll(X, Less(norm_squared(X), norm_squared(A * X)))
    assert checked(Equal(A * B, 0), ZERO, grows).exercised == 0


@pytest.mark.parametrize(
    ("claim", "given", "why"),
    [
        (Equal(A * B, 0), (ZERO, NONZERO), "H2, A ≠ 0, is false where H1 holds (on 60)"),
        (Equal(A * B, 0), (And(ZERO, NONZERO),), "H1, A = 0 ∧ A ≠ 0, is false (on 60)"),
        (Implies(ZERO, NONZERO, Equal(A * B, 0)), (), "is false (on "),
        # What is only tried on samples is not decided.
        (
            Equal(A * B, 0),
            (
                ZERO,
                ForAll(X, Implies(NonZero(X), Less(norm_squared(A * X), norm_squared(X * X.T)))),
            ),
            "is only tried on samples where H1 holds",
        ),
    ],
)
def test_a_result_without_one_has_a_gap(claim: Claim, given: tuple[Claim, ...], why: str) -> None:
    found = checked(claim, *given)
    assert (found.status, found.exercised) == ("incomplete", 0)
    (failure,) = found.failures
    assert failure.kind == "unexercised"
    assert failure.problem.startswith(NONE)
    assert why in failure.problem
    assert failure.place[0] == __file__
    assert found.as_json()["instances"]["exercised"] == 0


# ── Every output says so ───────────────────────────────────────────────────────────────────────
def test_only_strict_fails(run: Run, folder: Path) -> None:
    assert run("check", *PACKED).code == 0
    assert run("check", *PACKED, "--strict").code == 3
    assert run("check", *PACKED, "sound", "--strict").code == 0


def test_the_terminal(run: Run, folder: Path) -> None:
    told = run("check", *PACKED).out
    assert "… incomplete  vacuous" in told
    assert "✓ proved      sound" in told
    assert NONE in " ".join(told.split())
    assert WHY in told
    assert all(len(line) <= 80 for line in told.splitlines())


def test_json_junit_sarif_and_annotations(run: Run, folder: Path) -> None:
    out = run("check", *PACKED, "--json", "--junit", "o.xml", "--sarif", "o.sarif", "--github")
    rows = {row["id"]: row for row in json.loads(out.out)["results"]}
    assert rows["vacuous"]["status"] == "incomplete"
    assert [f["kind"] for f in rows["vacuous"]["failures"]] == ["unexercised"]
    assert rows["vacuous"]["instances"]["exercised"] == 0 < rows["sound"]["instances"]["exercised"]
    failures = list(ET.parse("o.xml").getroot().iter("failure"))
    assert [f.get("type") for f in failures] == ["unexercised"]
    assert WHY in (failures[0].text or "")
    (alert,) = json.loads(Path("o.sarif").read_text(encoding="utf-8"))["runs"][0]["results"]
    assert (alert["ruleId"], alert["level"]) == ("proofkit/unexercised", "warning")
    assert alert["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "vacuous_pack.py"
    annotations = [line for line in out.err.splitlines() if line.startswith("::")]
    assert len(annotations) == 1
    assert annotations[0].startswith("::warning file=vacuous_pack.py,line=")
    assert NONE in annotations[0]


def test_a_baseline_in_which_it_was_exercised(run: Run, folder: Path) -> None:
    before = run("check", *PACKED, "--json").out.replace('"incomplete"', '"proved"')
    Path("before.json").write_text(before, encoding="utf-8")
    ran = run("check", *PACKED, "--baseline", "before.json")
    assert ran.code == 1
    assert "✗ vacuous: status: proved → incomplete" in ran.out


def test_reports(run: Run, folder: Path) -> None:
    ran = run("report", *PACKED, "-o", "out", "--format", "html,latex,json,fragment,markdown")
    assert ran.code == 0
    assert "… vacuous: incomplete" in ran.out
    for name in (
        "vacuous.html",
        "vacuous.tex",
        "vacuous.fragment.tex",
        "vacuous.json",
        "vacuous.md",
    ):
        assert NONE[1:] in Path("out", name).read_text(encoding="utf-8"), name
        other = Path("out", name.replace("vacuous", "sound"))
        assert NONE[1:] not in other.read_text(encoding="utf-8"), name
    assert Path("out", "index.html").read_text(encoding="utf-8").count(NONE[1:]) == 1
    assert json.loads(Path("out", "vacuous.json").read_text(encoding="utf-8"))["status"] == (
        "incomplete"
    )


def test_show_and_the_notebook(run: Run, folder: Path) -> None:
    from proofkit.notebook import trace

    assert NONE[1:] in " ".join(run("show", *PACKED, "vacuous").out.split())
    shown = trace("vacuous", "vacuous_pack", example="small")
    for thing in (shown, shown.walk()):
        bundle = thing._repr_mimebundle_()
        for kind in ("text/html", "text/plain"):
            assert NONE[1:] in " ".join(bundle[kind].split())


def test_pytest(folder: Path) -> None:
    command = [sys.executable, "-m", "pytest", "--proofs", "vacuous_pack", "-p", "no:randomly"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert "1 skipped" in ran.stdout
    assert "= proved, and exercised by no instance =" in ran.stdout
    assert f"vacuous: {NONE}" in ran.stdout
    assert "sound: no instance" not in ran.stdout
