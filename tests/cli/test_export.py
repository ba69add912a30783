"""Exported proofs: they hold every inference, and read back as the tuples the kernel worked on."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

import proofkit.kernel
from proofkit import export, kernel
from proofkit.kernel import Theorem
from theorems import PACK

SHOWN = ("perturbation", "theorem-3", "lemma-1")
ROUTES = [(PACK[id], name) for id in SHOWN for name in PACK[id].routes]


def plain(data: Any) -> Any:
    """Data with booleans as the integers they stand for."""
    if isinstance(data, tuple):
        return tuple(map(plain, data))
    return int(data) if isinstance(data, bool) else data


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
        assert found.rule == ("textbook" if rule.startswith("textbook: ") else rule)
        assert found.hypotheses == wanted.hypotheses
        assert found.conclusion == wanted.conclusion
        assert plain(found.data) == plain(data)
        assert len(found.premises) == len(premises)
        stack.extend(zip((steps[n] for n in found.premises), premises, strict=True))


@pytest.mark.parametrize(("result", "route"), ROUTES, ids=lambda x: getattr(x, "id", x))
def test_round_trip(result: Any, route: str) -> None:
    theorem = result.theorem(route)
    recorded = export.record(theorem)
    assert recorded.statement == theorem.conclusion
    same(recorded.steps[-1], theorem, recorded.steps)
    text = export.dumps(export.document(theorem, {"result": result.id}))
    proof = export.parse(json.loads(text))
    assert proof.meta == {"result": result.id}
    assert proof.statement == export.plain(recorded).statement
    assert export.dumps(export.redocument(proof)) == text
    for number, step in enumerate(proof.steps):
        assert all(premise < number for premise in step.premises)
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
    theorem = kernel.natural(("lin", 1, ()))
    before = len(export.document(theorem)["table"])
    for _ in range(12):
        theorem = kernel.conjoin(theorem, theorem)
    assert len(export.document(theorem)["table"]) <= before + 3 * 12


def test_rationals_survive() -> None:
    k = ("var", "k", ("index",))
    twice = kernel.assume(("inonneg", ("lin", 1, ((k, 2),))))
    once = kernel.linear(("inonneg", ("lin", 0, ((k, 1),))), [twice], [Fraction(1, 2)])
    document = json.loads(export.dumps(export.document(once)))
    assert export.parse(document).steps[-1].data[1][0][0] == ("num", ((((), ()), Fraction(1, 2)),))


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
        lambda d: d["table"].insert(0, [[1, 0]]),
        lambda d: d["table"].insert(0, [None]),
    ],
)
def test_other_documents_are_no_proofs(spoil: Callable[[Any], Any]) -> None:
    document = json.loads(export.dumps(export.document(PACK["perturbation"].theorem())))
    spoil(document)
    with pytest.raises(export.FormatError):
        export.parse(document)


def test_the_shipped_ledger_is_the_kernels() -> None:
    shipped = (files("proofkit") / "ledger.json").read_text(encoding="utf-8")
    now = export.dumps(export.ledger_document())
    assert shipped == now, "run: python -m proofkit.export > proofkit/ledger.json"


def test_the_format_describes_every_rule() -> None:
    """The names of rules stand in the kernel as the first argument of what seals a theorem."""
    page = (files("proofkit") / "FORMAT.md").read_text(encoding="utf-8")
    kernel = Path(next(iter(proofkit.kernel.__path__)))
    source = "".join(f.read_text(encoding="utf-8") for f in sorted(kernel.glob("*.py")))
    rules = set(re.findall(r'(?:seal\(\s*|rule = |_near\()"([a-z: ]+)"', source))
    rules |= set(re.findall(r'_inductive\("(\w+)"', source))
    assert len(rules) > 30
    assert not {rule for rule in rules if f"`{rule}`" not in page}
