"""Exported proofs: they hold every inference, and read back as the tuples the kernel worked on."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from proofkit import export, kernel
from proofkit.basics import tables
from proofkit.ci import rebuild
from proofkit.kernel import Theorem
from proofkit.kernel.terms import INDEX, as_term, number, plus
from theorems import PACK

SHOWN = ("perturbation", "theorem-3", "lemma-1")
ROUTES = [(PACK[id], name) for id in SHOWN for name in PACK[id].routes]


def same(step: export.ExportedStep, theorem: Theorem, steps: tuple[Any, ...]) -> None:
    """That a step is the theorem's last inference, and so on downwards."""
    done: set[int] = set()
    stack = [(step, theorem)]
    while stack:
        found, wanted = stack.pop()
        if id(wanted) in done:
            continue
        done.add(id(wanted))
        rule, premises, data = wanted.inference
        assert found.rule == rule
        assert found.hypotheses == wanted.hypotheses
        assert found.conclusion == wanted.conclusion
        assert found.data == data
        assert len(found.premises) == len(premises)
        stack.extend(zip((steps[n] for n in found.premises), premises, strict=True))


@pytest.mark.parametrize(("result", "route"), ROUTES, ids=lambda x: getattr(x, "id", x))
def test_round_trip(result: Any, route: str) -> None:
    theorem = result.theorem(route)
    recorded = export.record(theorem)
    assert recorded.statement == theorem.conclusion
    same(recorded.steps[-1], theorem, recorded.steps)
    text = tables.dumps(export.document(theorem, {"result": result.id}))
    proof = export.parse(json.loads(text))
    assert proof.meta == {"result": result.id}
    assert proof.statement == recorded.statement
    assert tables.dumps(export.redocument(proof)) == text
    for n, step in enumerate(proof.steps):
        assert all(premise < n for premise in step.premises)
    used = {step.data[0] for step in proof.steps if step.rule == "textbook"}
    assert {name for name, _, _ in proof.ledger} == used
    for name, source, claim in recorded.ledger:
        assert source == kernel.LEDGER[name].source
        assert claim == kernel.textbook(name).conclusion


def test_equal_tuples_and_steps_stand_once() -> None:
    proof = export.document(PACK["lemma-2"].theorem())
    for key in ("table", "steps"):
        rows = [json.dumps(row) for row in proof[key]]
        assert len(rows) == len(set(rows))


def test_size_is_linear_in_shared_terms() -> None:
    """A conjunction of itself with itself, twelve times over, has 2¹² parts and 12 entries."""
    theorem = kernel.arithmetic(("inonneg", number(1)), [])
    before = len(export.document(theorem)["table"])
    for _ in range(12):
        theorem = kernel.conjoin(theorem, theorem)
    assert len(export.document(theorem)["table"]) <= before + 3 * 12


def test_rationals_survive() -> None:
    k = as_term(("var", "k", INDEX), INDEX)
    twice = kernel.assume(("inonneg", plus(number(1), k, 2)))
    once = kernel.arithmetic(("inonneg", k), [(twice, number(1, 2))])
    document = json.loads(tables.dumps(export.document(once)))
    assert export.parse(document).steps[-1].data[1][0][0] == ("num", ((((), ()), (1, 2)),))


def test_deterministic(run: Callable[..., Any], tmp_path: Path) -> None:
    first, second = (run("export", "perturbation").out for _ in range(2))
    assert first == second
    assert run("export", "perturbation", "-o", tmp_path / "p.json").code == 0
    assert (tmp_path / "p.json").read_text(encoding="utf-8") == first
    assert json.loads(first)["meta"]["result"] == "perturbation"


def test_unknown_results_and_routes(run: Callable[..., Any]) -> None:
    assert run("export", "no-such-lemma").code == 2
    assert run("export", "perturbation", "--route", "scenic").code == 2


@pytest.mark.parametrize(
    "spoil",
    [
        lambda d: d.update(format="proofkit/proof/0"),
        lambda d: d.pop("table"),
        lambda d: d["steps"][0].pop("rule"),
        lambda d: d["table"].append([[len(d["table"])]]) or d.update(statement=-0.5),
        lambda d: d["table"].insert(0, [[5]]),
        lambda d: d["table"].insert(0, [[1, 2]]),
        lambda d: d["table"].insert(0, [None]),
    ],
)
def test_other_documents_are_no_proofs(spoil: Callable[[Any], Any]) -> None:
    document = json.loads(tables.dumps(export.document(PACK["perturbation"].theorem())))
    spoil(document)
    with pytest.raises(export.FormatError):
        export.parse(document)


def test_the_format_describes_every_rule() -> None:
    page = (files("proofkit") / "FORMAT.md").read_text(encoding="utf-8")
    assert len(rebuild.RULES) == len(kernel.RULES)
    assert not {rule for rule in rebuild.RULES if f"`{rule}`" not in page}


def test_a_pack_is_published_as_what_it_proves(run: Callable[..., Any], tmp_path: Path) -> None:
    file = tmp_path / "statements.json"
    assert run("export", "--statements", "-o", file).code == 0
    published = json.loads(file.read_text(encoding="utf-8"))
    terms = tables.rebuilt(published["table"])
    rows = {(s["result"], s["route"]): terms[s["statement"]] for s in published["statements"]}
    assert rows["lemma-1", "short"] == PACK["lemma-1"].theorem("short").conclusion
    assert published["pack"] == "theorems"


def test_a_publication_names_no_result_and_no_route(run: Callable[..., Any]) -> None:
    assert run("export", "--statements", "lemma-1").code == 2
    assert run("export").code == 2
