"""Exported proofs: every inference of a proof as plain JSON, for other checkers to check again.

The format ``proofkit/proof/5`` is described completely in ``FORMAT.md`` beside this module: the
file, the language of terms and claims with its normal form, and each rule with its inference,
side conditions and data.  An independent checker can be written from that page alone.

`record` takes a proof down, `redocument` writes it and `parse` reads it back; `document` does the
first two.  None checks anything.  Output is deterministic: the same proof gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from proofkit.basics.tables import Table, rebuilt
from proofkit.kernel import LEDGER, Theorem
from proofkit.packs import Pack

__all__ = [
    "FORMAT",
    "ExportedProof",
    "ExportedStep",
    "FormatError",
    "document",
    "parse",
    "publication",
    "record",
    "redocument",
]

FORMAT = "proofkit/proof/5"
PUBLICATION_FORMAT = "proofkit/statements/1"


class FormatError(ValueError):
    """A document that is not an exported proof: where, and what is wrong."""


@dataclass(frozen=True)
class ExportedStep:
    """One inference: its rule, the numbers of its premises, its data, and what it says."""

    rule: str
    premises: tuple[int, ...]
    data: tuple[Any, ...]
    hypotheses: tuple[Any, ...]
    conclusion: Any


@dataclass(frozen=True)
class ExportedProof:
    """A proof in tuples."""

    meta: Mapping[str, str]
    statement: Any
    ledger: tuple[tuple[str, str, Any], ...]
    steps: tuple[ExportedStep, ...]


def record(theorem: Theorem) -> ExportedProof:
    """The proof of a theorem, step by step."""
    steps: list[ExportedStep] = []
    numbers: dict[int, int] = {}
    ledger: dict[str, tuple[str, str, Any]] = {}
    for current in _in_order(theorem):
        rule, premises, data = current.inference
        if rule == "textbook":
            (name,) = data
            ledger[name] = (name, LEDGER[name].source, current.conclusion)
        found = tuple(numbers[id(premise)] for premise in premises)
        parts = (data, current.hypotheses, current.conclusion)
        numbers[id(current)] = len(steps)
        steps.append(ExportedStep(rule, found, *parts))
    facts = tuple(ledger[name] for name in sorted(ledger))
    return ExportedProof({}, theorem.conclusion, facts, tuple(steps))


def document(theorem: Theorem, meta: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The proof of a theorem as a JSON object.

    >>> from proofkit import kernel
    >>> proof = document(kernel.algebra(("null", ("num", ()))))
    >>> [step["rule"] for step in proof["steps"]]
    ['algebra']
    """
    return redocument(replace(record(theorem), meta=dict(sorted((meta or {}).items()))))


def redocument(proof: ExportedProof) -> dict[str, Any]:
    """The document of a proof, one that was read and perhaps changed.

    Steps that its last step no longer rests on are left out, and facts that no step uses.
    """
    table = Table()
    proof = _pruned(proof)
    ledger = [{"name": n, "source": s, "claim": table.add(claim)} for n, s, claim in proof.ledger]
    steps: list[dict[str, Any]] = []
    known: dict[str, int] = {}
    position: dict[int, int] = {}  # of steps, where those that are there already count once
    for place, step in enumerate(proof.steps):
        row = {
            "rule": step.rule,
            "premises": [position.get(n, n) for n in step.premises],
            "data": table.add(step.data),
            "hypotheses": [table.add(claim) for claim in step.hypotheses],
            "conclusion": table.add(step.conclusion),
        }
        position[place] = known.setdefault(json.dumps(row), len(steps))
        if position[place] == len(steps):
            steps.append(row)
    return {
        "format": FORMAT,
        "meta": dict(proof.meta),
        "statement": table.add(proof.statement),
        "ledger": ledger,
        "steps": steps,
        "table": table.entries,
    }


def publication(pack: Pack) -> dict[str, Any]:
    """The statements that a pack has proved, as it publishes them (FORMAT.md, section 10)."""
    table = Table()
    rows = [
        {
            "result": result.id,
            "route": route,
            "title": result.title,
            "statement": table.add(result.theorem(route).conclusion),
        }
        for result in pack.everything
        for route in result.routes
    ]
    return {
        "format": PUBLICATION_FORMAT,
        "pack": pack.name,
        "statements": rows,
        "table": table.entries,
    }


def _pruned(proof: ExportedProof) -> ExportedProof:
    needed = {len(proof.steps) - 1}
    for number in range(len(proof.steps) - 1, -1, -1):
        if number in needed:
            needed.update(proof.steps[number].premises)
    kept = [n for n in range(len(proof.steps)) if n in needed]
    if len(kept) == len(proof.steps):
        return proof
    position = {number: at for at, number in enumerate(kept)}
    steps = tuple(
        replace(step, premises=tuple(position.get(p, p) for p in step.premises))
        for step in (proof.steps[n] for n in kept)
    )
    used = {step.data[0] for step in steps if step.rule == "textbook" and step.data}
    ledger = tuple(fact for fact in proof.ledger if fact[0] in used)
    return replace(proof, steps=steps, ledger=ledger)


def _in_order(theorem: Theorem) -> list[Theorem]:
    """The theorems the proof is made of, premises first, each once."""
    order: list[Theorem] = []
    done: set[int] = set()
    stack: list[tuple[Theorem, bool]] = [(theorem, False)]
    while stack:
        current, expanded = stack.pop()
        if id(current) in done:
            continue
        if expanded:
            done.add(id(current))
            order.append(current)
        else:
            stack.append((current, True))
            stack.extend((p, False) for p in reversed(current.inference.premises))
    return order


def parse(proof: Mapping[str, Any]) -> ExportedProof:
    """The proof a document holds, its tuples rebuilt; `FormatError` if it is not one.

    Rebuilding is all this does: the inferences are not checked.
    """
    if not isinstance(proof, Mapping) or proof.get("format") != FORMAT:
        raise FormatError(f"not a document of the format {FORMAT}")
    try:
        terms = rebuilt(proof["table"])
        ledger = tuple((f["name"], f["source"], terms[f["claim"]]) for f in proof["ledger"])
        steps = tuple(
            ExportedStep(
                step["rule"],
                tuple(step["premises"]),
                terms[step["data"]],
                tuple(terms[n] for n in step["hypotheses"]),
                terms[step["conclusion"]],
            )
            for step in proof["steps"]
        )
        return ExportedProof(proof["meta"], terms[proof["statement"]], ledger, steps)
    except (KeyError, IndexError, TypeError, ValueError) as fault:
        raise FormatError(f"not an exported proof: {type(fault).__name__}: {fault}") from fault
