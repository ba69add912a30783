"""Exported proofs: every inference of a proof as plain JSON, for other checkers to check again.

The format ``proofkit/proof/3`` is described completely in ``FORMAT.md`` beside this module: the
file, the language of terms and claims with its normal form, and each rule with its inference,
side conditions and data.  An independent checker can be written from that page alone.

`record` takes a proof down in the kernel's words, `plain` says it in the format's, `redocument`
writes it and `parse` reads it back; `document` does the first three.  None checks anything.
Output is deterministic: the same proof gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from proofkit.kernel import LEDGER, Theorem, textbook
from proofkit.language.claims import negation
from proofkit.plainer import Plainer, constant

__all__ = [
    "FORMAT",
    "LEDGER_FORMAT",
    "ExportedProof",
    "ExportedStep",
    "FormatError",
    "document",
    "dumps",
    "ledger_document",
    "parse",
    "plain",
    "record",
    "redocument",
]

FORMAT = "proofkit/proof/3"
LEDGER_FORMAT = "proofkit/ledger/3"
TEXTBOOK = "textbook: "


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
    """A proof in tuples, in the kernel's words or the format's."""

    meta: Mapping[str, str]
    statement: Any
    ledger: tuple[tuple[str, str, Any], ...]
    steps: tuple[ExportedStep, ...]


class _Table:
    """Equal tuples once each, in the order in which they are first met, parts before wholes."""

    def __init__(self) -> None:
        self.entries: list[list[Any]] = []
        self._known: dict[tuple[Any, ...], int] = {}
        # By identity as well, so that a shared part is walked once; the objects are kept alive.
        self._seen: dict[int, tuple[object, int]] = {}

    def add(self, term: tuple[Any, ...]) -> int:
        """The number of the tuple's entry."""
        seen = self._seen.get(id(term))
        if seen is not None:
            return seen[1]
        entry = [self._item(part) for part in term]
        key = tuple((type(item), tuple(item) if type(item) is list else item) for item in entry)
        number = self._known.setdefault(key, len(self.entries))
        if number == len(self.entries):
            self.entries.append(entry)
        self._seen[id(term)] = (term, number)
        return number

    def _item(self, part: Any) -> Any:
        if isinstance(part, tuple):
            return [self.add(part)]
        if isinstance(part, str):
            return part
        if isinstance(part, (int, Fraction)):
            numerator, denominator = part.numerator, part.denominator
            return numerator if denominator == 1 else [numerator, denominator]
        raise FormatError(f"{part!r} is no part of a term")


def record(theorem: Theorem) -> ExportedProof:
    """The proof of a theorem, step by step, in the kernel's own words."""
    steps: list[ExportedStep] = []
    numbers: dict[int, int] = {}
    ledger: dict[str, tuple[str, str, Any]] = {}
    for current in _in_order(theorem):
        rule, premises, data = current.inference
        if rule.startswith(TEXTBOOK):
            name = rule.removeprefix(TEXTBOOK)
            rule = "textbook"
            ledger[name] = (name, LEDGER[name].source, current.conclusion)
        found = tuple(numbers[id(premise)] for premise in premises)
        parts = (tuple(data), tuple(current.hypotheses), current.conclusion)
        numbers[id(current)] = len(steps)
        steps.append(ExportedStep(rule, found, *parts))
    facts = tuple(ledger[name] for name in sorted(ledger))
    return ExportedProof({}, theorem.conclusion, facts, tuple(steps))


def plain(proof: ExportedProof) -> ExportedProof:
    """A proof in the kernel's words, in the words of the format."""
    say = Plainer()
    claims = [say(step.conclusion) for step in proof.steps]
    return ExportedProof(
        proof.meta,
        say(proof.statement),
        tuple((name, source, say(claim)) for name, source, claim in proof.ledger),
        tuple(_plain_step(step, say, claims) for step in proof.steps),
    )


def _plain_step(step: ExportedStep, say: Plainer, claims: Sequence[Any]) -> ExportedStep:
    rule, data, conclusion = step.rule, say(step.data), say(step.conclusion)
    about = [claims[n][1] if len(claims[n]) > 1 else () for n in step.premises]
    match rule, data:
        case "assume", _:
            data = (conclusion,)
        case "layer" | "summation", _:
            rule, data = "algebra", (conclusion, ())
        case "algebra", (goal, tuple(triples)):
            terms = zip(triples, about, strict=False)
            words = ((e, ((left, 0), (e, t), (right, 0))) for (left, t, right), e in terms)
            data = (goal, tuple((e, ((), word)) for e, word in words))
        case "linear arithmetic" | "real arithmetic", (goal, tuple(scales)):
            numbers = (constant(n) if isinstance(n, (int, Fraction)) else n for n in scales)
            scaled = tuple(zip(numbers, about, strict=False))
            if goal[0] == "null":
                products = tuple((e, (((n, 1), (e, 1)), ())) for n, e in scaled)
                rule, data = "algebra", (goal, products)
            else:
                rule, data = "arithmetic", (goal, scaled)
        case "explode", (_,):
            rule, data = "reductio", (say(negation(step.data[0])),)
        case "squeeze", _:
            data = ()
    return ExportedStep(rule, step.premises, data, say(step.hypotheses), conclusion)


def document(theorem: Theorem, meta: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The proof of a theorem as a JSON object.

    >>> from proofkit import kernel
    >>> proof = document(kernel.natural(("lin", 2, ())))
    >>> [step["rule"] for step in proof["steps"]]
    ['natural']
    """
    return redocument(replace(plain(record(theorem)), meta=dict(sorted((meta or {}).items()))))


def redocument(proof: ExportedProof) -> dict[str, Any]:
    """The document of a proof in the words of the format, one that was read and perhaps changed.

    Steps that its last step no longer rests on are left out, and facts that no step uses.
    """
    table = _Table()
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


def dumps(proof: Mapping[str, Any]) -> str:
    """The document as text: one table entry and one step a line."""
    members = []
    for key, value in proof.items():
        if isinstance(value, list) and value:
            rows = ",\n".join(_compact(item) for item in value)
            members.append(f"{json.dumps(key)}: [\n{rows}\n]")
        else:
            members.append(f"{json.dumps(key)}: {_compact(value)}")
    return "{\n" + ",\n".join(members) + "\n}\n"


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def parse(proof: Mapping[str, Any]) -> ExportedProof:
    """The proof a document holds, its tuples rebuilt; `FormatError` if it is not one.

    Rebuilding is all this does: the inferences are not checked.
    """
    if not isinstance(proof, Mapping) or proof.get("format") != FORMAT:
        raise FormatError(f"not a document of the format {FORMAT}")
    try:
        terms = _rebuilt(proof["table"])
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
    except (KeyError, IndexError, TypeError, ValueError, ZeroDivisionError) as fault:
        raise FormatError(f"not an exported proof: {type(fault).__name__}: {fault}") from fault


def _rebuilt(table: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
    terms: list[tuple[Any, ...]] = []
    for entry in table:
        terms.append(tuple(_part(item, terms) for item in entry))
    return terms


def _part(item: Any, terms: list[tuple[Any, ...]]) -> Any:
    if type(item) in (str, int):
        return item
    if type(item) is list and all(type(number) is int for number in item):
        if len(item) == 1 and 0 <= item[0] < len(terms):
            return terms[item[0]]
        if len(item) == 2 and item[1] > 1:
            return Fraction(item[0], item[1])
    raise FormatError(f"{item!r} is no part of a term")


def ledger_document() -> dict[str, Any]:
    """All textbook facts, as the file ``ledger.json`` holds them for other checkers."""
    table, say = _Table(), Plainer()
    facts = [
        {"name": name, "source": fact.source, "claim": table.add(say(textbook(name).conclusion))}
        for name, fact in sorted(LEDGER.items())
    ]
    return {"format": LEDGER_FORMAT, "facts": facts, "table": table.entries}


if __name__ == "__main__":  # python -m proofkit.export > proofkit/ledger.json
    print(dumps(ledger_document()), end="")
