"""Exported proofs, verdicts and claims that the tests of the second checker share."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

from proofkit import export, replay
from proofkit.basics.tables import dumps
from theorems import PACK

Claim = tuple[Any, ...]
Proof = dict[str, Any]

ROUTES = [(result, route) for result in PACK.everything for route in result.routes]
NAMED = {f"{result.id}--{route}": (result, route) for result, route in ROUTES}
SMALL = "nonzero-matrix--main"
RULES = {
    "assume", "discharge", "modus ponens", "conjoin", "project", "either", "cases",
    "contradiction", "reductio", "generalise", "instantiate", "witness", "obtain", "induction",
    "choose", "rewrite", "algebra", "restate", "arithmetic", "near: consequence",
    "near: at the point", "near: around near points", "near: along a continuous map",
    "continuous", "differentiate", "textbook",
}  # fmt: skip
INDEX, NAT, REAL = ("index",), ("nat",), ("real",)
UNIT = ("num", ((((), ()), (1, 1)),))


@cache
def text(name: str) -> str:
    """An exported proof."""
    result, route = NAMED[name]
    meta = {"pack": "theorems", "result": result.id, "route": route, "title": result.title}
    return dumps(export.document(result.theorem(route), meta))


def verdict(data: bytes) -> str:
    """``accepted``, or the kind of refusal with its reason; nothing else may happen."""
    try:
        replay.replay(data)
    except (replay.Refused, replay.Unreadable, replay.NoProof) as fault:
        assert str(fault)
        assert "\n" not in str(fault)
        return f"{type(fault).__name__}: {fault}"
    return "accepted"


def spent(data: bytes) -> int:
    """How much work a file is."""
    verdict(data)
    return replay.WORK - replay.LEFT[0]


replay.trusted()  # the words, without which no claim about them is read


def meaning(claim: Claim) -> Claim:
    """What the checker reads a claim as."""
    replay.LEFT[0] = replay.WORK
    return replay.Reader().claim(claim)


def meant(x: Any) -> Any:
    """A claim, term or variable as the checker reads it, or a tuple of such."""
    if not isinstance(x, tuple):
        return (type(x), x)
    read = replay.Reader()
    for reading in (read.claim, lambda x: read.read(x, ()), replay.variable):
        replay.LEFT[0] = replay.WORK
        try:
            return reading(replay.the(x))
        except (replay.Refused, TypeError, ValueError, LookupError, AttributeError):
            continue
    return tuple(meant(part) for part in x)


def rebuilt(table: list[list[Any]]) -> list[Claim]:
    """The tuples of a table."""
    terms: list[Claim] = []
    for row in table:
        terms.append(tuple(terms[x[0]] if isinstance(x, list) else x for x in row))
    return terms


def statement(proof: Proof) -> Claim:
    """What a document says that it proves."""
    return meaning(rebuilt(proof["table"])[proof["statement"]])


class Table:
    """A table under construction: equal tuples once, parts before wholes."""

    def __init__(self) -> None:
        self.entries: list[list[Any]] = []
        self.known: dict[Claim, int] = {}

    def place(self, x: Claim) -> int:
        """The number of a tuple's entry."""
        if x not in self.known:
            entry = [[self.place(part)] if isinstance(part, tuple) else part for part in x]
            self.known[x] = len(self.entries)
            self.entries.append(entry)
        return self.known[x]


def assumed(*claims: Claim) -> bytes:
    """A file that assumes the claims, one a step; so it is refused, at the latest at its end."""
    table = Table()
    numbers = [(table.place((c,)), table.place(c)) for c in claims]
    steps = [
        {"rule": "assume", "premises": [], "data": data, "hypotheses": [n], "conclusion": n}
        for data, n in numbers
    ]
    return document(table, claims[-1], steps)


def proved(p: Claim) -> bytes:
    """A file that proves p → p."""
    table = Table()
    whole = ("implies", p, p)
    data, h, c = table.place((p,)), table.place(p), table.place(whole)
    steps = [
        {"rule": "assume", "premises": [], "data": data, "hypotheses": [h], "conclusion": h},
        {"rule": "discharge", "premises": [0], "data": data, "hypotheses": [], "conclusion": c},
    ]
    return document(table, whole, steps)


def document(table: Table, claim: Claim, steps: list[Proof]) -> bytes:
    """A file of these steps, without facts."""
    head = {"format": replay.FORMAT, "meta": {}, "statement": table.place(claim), "ledger": []}
    return json.dumps({**head, "steps": steps, "table": table.entries}).encode()


def number(constant: int, *terms: tuple[Claim, int]) -> Claim:
    """constant + Σ coefficient·atom."""
    atoms = (((((x, 1),), ()), (n, 1)) for x, n in terms)
    return ("num", ((((), ()), (constant, 1)), *atoms))


def atom(x: Claim) -> Claim:
    """The number that is just the atom."""
    return ("num", (((((x, 1),), ()), (1, 1)),))


def letters(rows: Claim, cols: Claim, *word: Claim | tuple[Claim, int]) -> Claim:
    """The matrix of one word; letters are plain unless they come with a 1."""
    pairs = tuple(x if len(x) == 2 and x[1] in (0, 1) and x[0] != "b" else (x, 0) for x in word)
    return ("mat", rows, cols, ((((), pairs), (1, 1)),))


def put(path: str, value: Any) -> Callable[[Proof], None]:
    """Set what the dotted path leads to."""

    def damage(proof: Proof) -> None:
        *parents, last = [int(x) if x.lstrip("-").isdigit() else x for x in path.split(".")]
        at: Any = proof
        for name in parents:
            at = at[name]
        at[last] = value

    return damage


def without(path: str) -> Callable[[Proof], None]:
    """Leave out what the dotted path leads to."""

    def damage(proof: Proof) -> None:
        *parents, last = [int(x) if x.lstrip("-").isdigit() else x for x in path.split(".")]
        at: Any = proof
        for name in parents:
            at = at[name]
        del at[last]

    return damage
