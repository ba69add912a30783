"""Lemma 1's whole trace on batches of random networks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from unittest import mock

import numpy as np

from proofkit.evaluate import evaluate_steps
from proofkit.networks.floating import FloatMatrix
from tests.benchmarks.harness import CPU, Size, Table, duration, race, ratio
from theorems.draws import DIRECTIONS, random_batches
from theorems.lemma_1 import lemma_1
from theorems.setting import M


def run(size: Size) -> list[Table]:
    """The batches at once, one network at a time, and the bare matrix products of the batches."""
    table = Table(
        "5. Lemma 1's whole trace on random networks of every kind that `check` draws",
        (
            "networks",
            "at once",
            "each",
            "one at a time",
            "M_k⋯M_1 alone",
            "at once / M_k⋯M_1",
            "all its products",
            "at once / products",
        ),
    )
    proved = lemma_1.run(next(iter(lemma_1.routes)))
    singles = list(random_batches(0, 1, lemma_1).values())
    for count in size.of((1_000, 10_000, 100_000), (10,)):
        batches = list(random_batches(0, count, lemma_1).values())
        networks = sum(batch.batch for batch in batches)
        shapes = [shape for batch in batches for shape in multiplied(proved, batch)]
        factors = {shape: random_factors(shape) for shape in set(shapes)}
        found = race(
            {
                "batch": lambda batches=batches: replay(proved, batches),  # type: ignore[misc]
                "single": lambda: replay(proved, singles),
                "bare": lambda batches=batches: [products(batch) for batch in batches],  # type: ignore[misc]
                "all": lambda s=shapes, f=factors: multiply([f[x] for x in s]),  # type: ignore[misc]
            },
            size.rounds,
            clock=CPU,
        )
        at_once, one, bare, every = (found[name] for name in ("batch", "single", "bare", "all"))
        each = one.seconds / len(singles)
        table.add(
            f"{networks:,}",
            at_once,
            duration(at_once.seconds / networks),
            f"{duration(each)} ({ratio(each * networks, at_once)})",
            bare,
            ratio(at_once, bare),
            every,
            ratio(at_once, every),
        )
    steps = len(evaluate_steps(lemma_1, proved, singles[0]))
    table.notes.append(
        f"The trace has {steps} steps, some about all networks near the one at hand, which are "
        f"tried on {max(DIRECTIONS)} directions each; {len(shapes):,} matrix products of whole "
        "batches occur in it ('all its products', by NumPy alone, none of them kept, without error "
        "bounds). The aim was 5× the bare products. CPU time."
    )
    return [table]


def replay(proved: Any, batches: list[Any]) -> None:
    """The verdict of every step on every batch; nothing is remembered from another time."""
    for batch in batches:
        evaluate_steps(lemma_1, proved, replace(batch, memo=None, tried=None))


Shape = tuple[tuple[int, ...], tuple[int, ...]]


def multiplied(proved: Any, batch: Any) -> list[Shape]:
    """The shapes of the matrices that the trace multiplies on the batch."""
    found: list[Shape] = []
    multiply = FloatMatrix.__matmul__

    def noted(self: FloatMatrix, other: FloatMatrix) -> FloatMatrix:
        found.append((self.value.shape, other.value.shape))
        return multiply(self, other)

    with mock.patch.object(FloatMatrix, "__matmul__", noted):
        replay(proved, [batch])
    return found


def random_factors(shape: Shape) -> tuple[Any, Any]:
    """Two batches of matrices of these shapes."""
    rng = np.random.default_rng(0)
    return rng.standard_normal(shape[0]), rng.standard_normal(shape[1])


def multiply(pairs: list[tuple[Any, Any]]) -> None:
    """All the products, one after the other, none of them kept."""
    for left, right in pairs:
        left @ right


def products(batch: Any) -> Any:
    """M_k⋯M_1 of every network, by NumPy alone."""
    members = batch[M].members
    first, *rest = sorted(members)
    whole = members[first].value
    for at in rest:
        whole = members[at].value @ whole
    return whole
