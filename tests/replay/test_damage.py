"""Whole files, damaged: each is refused with a reason, and quickly."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proofkit import replay
from tests.replay.common import (
    RULES,
    SMALL,
    Proof,
    proved,
    put,
    statement,
    text,
    verdict,
    without,
)


def entry(proof: Proof, *items: Any) -> int:
    """A new table entry."""
    proof["table"].append(list(items))
    return len(proof["table"]) - 1


def steps(proof: Proof, rule: str) -> list[Proof]:
    """The steps by a rule."""
    return [step for step in proof["steps"] if step["rule"] == rule]


def swapped(a: int, b: int) -> Callable[[Proof], None]:
    """Two steps in each other's place, with the numbers as they were."""

    def damage(proof: Proof) -> None:
        steps = proof["steps"]
        steps[a], steps[b] = steps[b], steps[a]

    return damage


def forged_claim(proof: Proof) -> None:
    proof["ledger"][0]["claim"] = entry(proof, "false")


def forged_fact(proof: Proof) -> None:
    n = entry(proof, "false")
    proof["ledger"].append({"name": "falsity", "source": "me", "claim": n})
    data = entry(proof, "falsity")
    step = {"rule": "textbook", "premises": [], "data": data, "hypotheses": [], "conclusion": n}
    proof.update(statement=n, steps=[step], ledger=proof["ledger"][-1:])


def cut_open(proof: Proof) -> None:
    """The last step assumes what is to be shown."""
    n = proof["statement"]
    data = entry(proof, [n])
    proof["steps"] = [
        {"rule": "assume", "premises": [], "data": data, "hypotheses": [n], "conclusion": n}
    ]
    proof["ledger"] = []


def tower(proof: Proof) -> None:
    """Terms whose size doubles with every entry."""
    last = entry(proof, "false")
    for _ in range(150):
        pair = entry(proof, [last], [last])
        last = entry(proof, "and", [pair])
    proof["steps"][0]["conclusion"] = last


def deep(proof: Proof) -> None:
    last = entry(proof, "false")
    for _ in range(5000):
        last = entry(proof, "not", [last])
    proof["steps"][0]["conclusion"] = last


def empty(proof: Proof) -> int:
    return next(n for n, x in enumerate(proof["table"]) if x == [])


def expanding(proof: Proof) -> None:
    """A sum with a large power, put together as data."""
    x, y = (entry(proof, "var", name, [entry(proof, "real") if name == "u" else real(proof)])
            for name in ("u", "v"))  # fmt: skip
    trace = entry(proof, [x], 999)
    other = entry(proof, [y], 999)
    product = entry(proof, [trace], [other])
    term = entry(proof, [entry(proof, [product], [empty(proof)])], [entry(proof, 7, 1)])
    claim = entry(proof, "rpos", [entry(proof, "num", [entry(proof, [term])])])
    proof["steps"][0]["conclusion"] = claim


def powers(proof: Proof) -> None:
    """A product of many atoms, each to a high power."""
    sort = real(proof)
    atoms = (entry(proof, [entry(proof, "var", f"x{n}", [sort])], 99) for n in range(2000))
    product = entry(proof, *([n] for n in atoms))
    term = entry(proof, [entry(proof, [product], [empty(proof)])], [entry(proof, 10**199, 1)])
    claim = entry(proof, "rpos", [entry(proof, "num", [entry(proof, [term])])])
    proof["steps"][0].update(hypotheses=[claim], conclusion=claim)


def real(proof: Proof) -> int:
    return next(n for n, x in enumerate(proof["table"]) if x == ["real"])


def every(part: str, change: Callable[[Any], Any]) -> Callable[[Proof], None]:
    """Change a part of all steps."""

    def damage(proof: Proof) -> None:
        for step in proof["steps"]:
            step[part] = change(step[part])

    return damage


DAMAGE: dict[str, Callable[[Proof], None]] = {
    "no format": without("format"),
    "another format": put("format", "proofkit/proof/4"),
    "a ledger's format": put("format", "proofkit/ledger/5"),
    "format a list": put("format", []),
    "no meta": without("meta"),
    "meta a number": put("meta", 1),
    "meta of numbers": put("meta", {"result": 1}),
    "meta of more": put("meta.author", "me"),
    "a key more": put("trusted", "yes"),
    "no statement": without("statement"),
    "no steps": without("steps"),
    "no ledger": without("ledger"),
    "no table": without("table"),
    "table empty": put("table", []),
    "table an object": put("table", {}),
    "steps an object": put("steps", {"0": 1}),
    "steps of null": put("steps", [None]),
    "steps of lists": put("steps", [[1]]),
    "statement another": put("statement", 0),
    "statement beyond": put("statement", 10**6),
    "statement negative": put("statement", -1),
    "statement a boolean": put("statement", True),
    "statement a string": put("statement", "0"),
    "statement null": put("statement", None),
    "statement a list": put("statement", [0]),
    "ledger null": put("ledger", None),
    "ledger of a string": put("ledger", ["kernel vector"]),
    "ledger empty": put("ledger", []),
    "ledger twice": lambda p: p["ledger"].append(p["ledger"][0]),
    "ledger claim beyond": put("ledger.0.claim", 10**6),
    "ledger claim a boolean": put("ledger.0.claim", True),
    "ledger claim false": forged_claim,
    "ledger claim another": put("ledger.0.claim", 0),
    "ledger name another": put("ledger.0.name", "kernel vector"),
    "ledger name unknown": put("ledger.0.name", "everything"),
    "ledger name a list": put("ledger.0.name", []),
    "ledger source a number": put("ledger.0.source", 1),
    "ledger key renamed": put("ledger.0.trust", "me"),
    "a fact of one's own": forged_fact,
    "the statement assumed": cut_open,
    "last step dropped": without("steps.-1"),
    "first step dropped": without("steps.0"),
    "step in the middle dropped": without("steps.9"),
    "last step twice": lambda p: p["steps"].append(dict(p["steps"][-1])),
    "first step twice": lambda p: p["steps"].insert(0, dict(p["steps"][0])),
    "steps reversed": lambda p: p["steps"].reverse(),
    "first and last swapped": swapped(0, -1),
    "last two swapped": swapped(-2, -1),
    "premise itself": lambda p: p["steps"][-1].update(premises=[len(p["steps"]) - 1]),
    "premise ahead": lambda p: p["steps"][3].update(premises=[len(p["steps"]) - 1]),
    "premise negative": put("steps.-1.premises", [-2]),
    "premise a boolean": put("steps.-1.premises", [True]),
    "premise a string": put("steps.-1.premises", ["0"]),
    "premises null": put("steps.-1.premises", None),
    "premises an object": put("steps.-1.premises", {}),
    "all premises the first": every("premises", lambda x: [0] * len(x)),
    "all premises gone": every("premises", lambda x: []),
    "all premises earlier": every("premises", lambda x: [max(0, n - 1) for n in x]),
    "all hypotheses gone": every("hypotheses", lambda x: []),
    "hypotheses null": put("steps.0.hypotheses", None),
    "hypotheses of strings": put("steps.0.hypotheses", ["0"]),
    "hypotheses twice": every("hypotheses", lambda x: x + x),
    "a hypothesis at the end": lambda p: p["steps"][-1].update(hypotheses=[p["statement"]]),
    "all conclusions one": lambda p: every("conclusion", lambda x: p["statement"])(p),
    "conclusion no claim": put("steps.0.conclusion", 0),
    "conclusion beyond": put("steps.0.conclusion", 10**9),
    "rule unknown": put("steps.-1.rule", "believe"),
    "rule null": put("steps.-1.rule", None),
    "rule a list": put("steps.-1.rule", ["assume"]),
    "all rules assume": every("rule", lambda x: "assume"),
    "rule key renamed": lambda p: p["steps"][-1].update(Rule=p["steps"][-1].pop("rule")),
    "step key more": put("steps.-1.trust", 1),
    "data beyond": put("steps.-1.data", 10**9),
    "data null": put("steps.-1.data", None),
    "data another": put("steps.-1.data", 0),
    "table entry twice": lambda p: p["table"].append(list(p["table"][0])),
    "table entry null": lambda p: p["table"].append([None]),
    "table entry a boolean": lambda p: p["table"].append([True]),
    "table entry a float": lambda p: p["table"].append([1.0]),
    "table entry a string": lambda p: p["table"].append("x"),
    "table entry an object": lambda p: p["table"].append([{}]),
    "table entry ahead": lambda p: p["table"].insert(0, [[5]]),
    "table entry itself": lambda p: p["table"].append([[len(p["table"])]]),
    "table entry empty list": lambda p: p["table"].append([[]]),
    "table fraction": lambda p: p["table"].append([[1, 2]]),
    "table index a boolean": lambda p: p["table"].append([[False]]),
    "table moved": lambda p: p["table"].insert(0, ["moved"]),
    "table shuffled": lambda p: p["table"].reverse(),
    "huge integer": lambda p: p["table"].append([10**500]),
    "doubling terms": tower,
    "deep terms": deep,
    "large powers": expanding,
    "many large powers": powers,
    "NaN": lambda p: p["table"].append([float("nan")]),
    "infinity": put("statement", float("inf")),
    "a lone surrogate": put("meta.title", "\ud800"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_file_is_refused(name: str) -> None:
    proof = json.loads(text("theorem-3-gradient--main" if "ledger" in name else SMALL))
    if "a fact of" in name:
        proof = json.loads(text("theorem-3-gradient--main"))
    if "large powers" in name:
        proof["table"].append(["real"])
        proof["table"] = [*proof["table"]]
    DAMAGE[name](proof)
    assert verdict(json.dumps(proof).encode()) != "accepted"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "Unreadable"),
        (b"\xff\xfe", "Unreadable"),
        (b"[" * 100_000, "Unreadable"),
        (b'{"a":' * 100_000, "Unreadable"),
        (b"null", "Unreadable"),
        (b"{}", "Unreadable"),
        (b'{"format":"proofkit/proof/5","format":"proofkit/proof/5"}', "Unreadable"),
        (b'{"format":"proofkit/proof/5"}', "Refused"),
        (b"1" * 10_000, "Unreadable"),
        (
            b'{"format":"proofkit/proof/5","meta":{},"statement":0,"ledger":[],"steps":[],"table":[]}',
            "NoProof",
        ),
    ],
)
def test_a_file_that_is_no_proof(data: bytes, kind: str) -> None:
    assert verdict(data).startswith(kind)


def test_a_file_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "MOST_BYTES", 1000)
    assert verdict(text(SMALL).encode()) == "Unreadable: it is too large"


def test_work_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "WORK", 100)
    assert "more work" in verdict(text(SMALL).encode())


def test_truncated_anywhere() -> None:
    data = text(SMALL).rstrip().encode()
    for end in range(0, len(data), 37):
        assert verdict(data[:end]).startswith("Unreadable")


def same_proof(data: bytes, digest: str) -> bool:
    """Refused; or accepted, and then with the statement as it was or truly another table."""
    try:
        return replay.replay(data).digest == digest
    except (replay.Refused, replay.Unreadable, replay.NoProof) as fault:
        return bool(str(fault))


@settings(max_examples=400)
@given(st.data())
def test_random_bytes_change_nothing_silently(data: st.DataObject) -> None:
    raw = bytearray(text(SMALL).encode())
    start = raw.index(b'"statement"')  # what stands before is for readers only
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(start, len(raw) - 1))
        raw[place] = data.draw(st.sampled_from(b'0123456789-+[]{},:"abfx .e') | st.integers(0, 255))
    assert same_proof(bytes(raw), replay.digest(statement(json.loads(text(SMALL)))))


@settings(max_examples=300)
@given(st.data())
def test_random_numbers_change_nothing_silently(data: st.DataObject) -> None:
    proof = json.loads(text(SMALL))
    digest = replay.digest(statement(proof))
    size = len(proof["table"])
    step = data.draw(st.sampled_from(proof["steps"]))
    part = data.draw(st.sampled_from(("premises", "data", "hypotheses", "conclusion", "rule")))
    match part:
        case "premises":
            step[part] = data.draw(st.lists(st.integers(0, len(proof["steps"]) - 1), max_size=3))
        case "hypotheses":
            step[part] = data.draw(st.lists(st.integers(0, size - 1), max_size=3))
        case "rule":
            step[part] = data.draw(st.sampled_from(sorted(RULES)))
        case _:
            step[part] = data.draw(st.integers(0, size - 1))
    assert same_proof(json.dumps(proof).encode(), digest)


@pytest.mark.parametrize("pair", [(1, 1), (-1, 2), (0, 1), (10**199, 3)])
def test_coefficients(pair: Any) -> None:
    assert verdict(proved(("rpos", ("num", ((((), ()), pair),))))) == "accepted"


@pytest.mark.parametrize(
    "pair",
    [(2, 4), (1, 0), (0, 0), (0, 2), (1, -2), (-1, -1), (1, 2, 3), (1,), (), 1, "1", ("1", "2")],
)
def test_coefficients_of_another_form(pair: Any) -> None:
    said = verdict(proved(("rpos", ("num", ((((), ()), pair),)))))
    assert "lowest terms" in said or "not the form" in said
