"""Lemma 1's whole trace on batches of random networks."""

from __future__ import annotations

from typing import Any

from proofkit.evaluate import replay_batch
from tests.benchmarks.harness import Size, Table, duration, race, ratio
from theorems.draws import random_batches
from theorems.lemma_1 import lemma_1
from theorems.setting import M


def run(size: Size) -> list[Table]:
    """The batches at once, one network at a time, and the bare matrix products of the batches."""
    table = Table(
        "5. Lemma 1's whole trace on random networks of every kind that `check` draws",
        ("networks", "at once", "each", "one at a time", "bare products", "at once / bare"),
    )
    proved = lemma_1.run(next(iter(lemma_1.routes)))
    singles = list(random_batches(0, 1, lemma_1).values())
    for count in size.of((1_000, 10_000, 100_000), (10,)):
        batches = list(random_batches(0, count, lemma_1).values())
        networks = sum(batch.batch for batch in batches)
        found = race(
            {
                "batch": lambda batches=batches: replay(proved, batches),  # type: ignore[misc]
                "single": lambda: replay(proved, singles),
                "bare": lambda batches=batches: [products(batch) for batch in batches],  # type: ignore[misc]
            },
            size.rounds,
        )
        at_once, one, bare = (found[name] for name in ("batch", "single", "bare"))
        each = one.seconds / len(singles)
        table.add(
            f"{networks:,}",
            at_once,
            duration(at_once.seconds / networks),
            f"{duration(each)} ({ratio(each * networks, at_once)})",
            bare,
            ratio(at_once, bare),
        )
    steps = len(replay_batch(lemma_1, proved, singles[0]))
    table.notes.append(f"The trace has {steps} steps. Aim of the last column: 5×.")
    return [table]


def replay(proved: Any, batches: list[Any]) -> None:
    """The verdict of every step on every batch."""
    for batch in batches:
        replay_batch(lemma_1, proved, batch)


def products(batch: Any) -> Any:
    """M_k⋯M_1 of every network, by NumPy alone."""
    members = batch[M].members
    first, *rest = sorted(members)
    whole = members[first].value
    for at in rest:
        whole = members[at].value @ whole
    return whole
