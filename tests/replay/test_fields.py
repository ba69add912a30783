"""Every field of every file, changed at random: nothing changes unnoticed."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from typing import Any

import pytest

from tests.replay.common import RULES, Claim, Proof, meant, rebuilt, statement, text, verdict

MUTATIONS = int(os.environ.get("PROOFKIT_MUTATIONS", "80"))  # of each result
ATTACKED = ("nonzero-matrix", "equal-factors", "narrowest-layer", "two-layers", "no-columns",
            "chain-rule", "squared-loss", "factors-out-of-sums", "part-of-total",
            "upper-inverse")  # fmt: skip


def places(x: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to each value in a document, containers and leaves, what is for readers left out."""
    if path:
        yield path
    items = x.items() if isinstance(x, dict) else enumerate(x) if isinstance(x, list) else ()
    for key, part in items:
        if key not in ("meta", "source"):
            yield from places(part, (*path, key))


def mutated(proof: Proof, path: tuple[Any, ...], rng: random.Random) -> None:
    """Change the value there: a number moved, a name or a part taken from elsewhere, …"""
    *way, last = path
    parent = proof
    for key in way:
        parent = parent[key]
    old = parent[last]
    size, count = len(proof["table"]), len(proof["steps"])
    options: list[Any] = [rng.randrange(size), rng.randrange(count), None, [], "false"]
    if type(old) is int:
        options += [old - 1, old + 1, -old, 0, 1, old + 2, [old, 2]] * 2
    elif type(old) is str:
        names = [item for entry in proof["table"] for item in entry if type(item) is str]
        options += [*rng.sample(names, min(8, len(names))), *sorted(RULES), old + "x"]
    elif type(old) is list:
        options += [old[::-1], old[1:], old[:-1], old + old[:1], rng.choice(proof["table"])] * 4
        if len(old) == 1 and type(old[0]) is int:
            options += [[rng.randrange(max(1, old[0] + 1))], [max(0, old[0] - 1)], [old[0] + 1]] * 6
    else:
        options += [rng.choice(proof["steps"]), {}] * 4
    new = rng.choice(options)
    if rng.random() < 0.1 and isinstance(parent, list):
        del parent[last]
    else:
        parent[last] = new


def sequents(proof: Proof) -> set[Any]:
    """What the steps of a document say, as the checker reads it, under other names."""
    terms, found = rebuilt(proof["table"]), set()
    for step in proof["steps"]:
        names: dict[Claim, str] = {}
        in_order = tuple(sorted((terms[n] for n in step["hypotheses"]), key=repr))  # they are a set
        hypotheses, claim = renamed((in_order, terms[step["conclusion"]]), names)
        found.add((frozenset(plain(meant(h)) for h in hypotheses), plain(meant(claim))))
    return found


def plain(x: Any) -> Any:
    """The same in plain tuples, which are equal where their items are."""
    return tuple(plain(part) for part in x) if isinstance(x, tuple) else x


def renamed(x: Any, names: dict[Claim, str]) -> Any:
    """The same with free variables called v0, v1, … as they come."""
    if not isinstance(x, tuple):
        return x
    if x[:1] == ("var",):
        return ("var", names.setdefault(x, f"v{len(names)}"), renamed(x[2], names))
    return tuple(renamed(part, names) for part in x)


@pytest.mark.parametrize("id", ATTACKED)
def test_no_field_can_be_changed_unnoticed(id: str) -> None:
    """Changed files are refused, or prove the very statement by sequents the kernel proved too.

    That happens: another name for a variable, a range more than needed, a table entry that is no
    longer used.
    """
    original = json.loads(text(f"{id}--main"))
    wanted, known = plain(statement(original)), sequents(original)
    ways = list(places(original))
    rng = random.Random(f"fields {id}")
    refused = 0
    for _ in range(MUTATIONS):
        proof = json.loads(text(f"{id}--main"))
        mutated(proof, rng.choice(ways), rng)
        if verdict(json.dumps(proof).encode()) == "accepted":
            assert plain(statement(proof)) == wanted
            assert sequents(proof) <= known
        else:
            refused += 1
    assert refused > 0.8 * MUTATIONS
