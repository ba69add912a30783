"""Among finitely many layers one is narrowest."""

from __future__ import annotations

from typing import Any

from proofkit.claims import Claim, Equal, Exists, Less, LessEqual, Or
from proofkit.script import (
    Fact,
    Proof,
    result,
)
from proofkit.symbols import index
from proofkit.trace import prose
from theorems.setting import d, i, j, k, narrowest

n = index("n")


def exists_up_to(depth: Any) -> Claim:
    """Some layer is no wider than any of the layers 0, …, depth."""
    return Exists(j, LessEqual(0, j) & LessEqual(j, depth) & narrowest(j, depth))


narrowest_layer = result(
    "narrowest-layer",
    "Some layer is narrowest",
    variables=(d, k),
    given=((LessEqual(0, k), prose("there is at least the input layer")),),
    claim=exists_up_to(k),
    idea=prose(
        "Go through the layers and keep the narrowest seen so far; replace it whenever the next "
        "layer is narrower still."
    ),
    symbols=(
        (k, prose("the depth: how many factors the network has")),
        (d, prose("the widths: layer {i} has {w} neurons", i=i, w=d(i))),
    ),
)


@narrowest_layer.route()
def by_search(p: Proof, depth: Fact) -> None:
    with p.beat("Look at one layer after the other, and keep the narrowest seen so far."):
        with p.induction(n, 0, exists_up_to(n)) as search:
            with search.base():
                with p.for_all(i, given=[LessEqual(0, i), LessEqual(i, 0)]) as block:
                    trivial = p.have(LessEqual(d(0), d(0)))
                    same = p.have(Equal(0, i))
                    p.have(LessEqual(d(0), d(i)), using=[trivial, same])
                p.have(exists_up_to(0), using=[block.fact])
            with search.step() as step:
                _, _, narrow = p.obtain(step.given[-1], j)
                split = p.have(Or(LessEqual(d(j), d(n + 1)), Less(d(n + 1), d(j))))
                with p.cases(split, exists_up_to(n + 1)) as cases:
                    for best in (j, n + 1):
                        with cases.case() as case:
                            _keep(p, best, narrow, case.given[0])
        p.have(exists_up_to(k), using=[search.fact])


def _keep(p: Proof, best: Any, narrow: Fact, compared: Fact) -> None:
    """Layer ``best`` is narrowest now, as layer n + 1 was compared with the narrowest so far."""
    with p.for_all(i, given=[LessEqual(0, i), LessEqual(i, n + 1)]) as block:
        goal = LessEqual(d(best), d(i))
        with p.cases(p.have(Or(LessEqual(i, n), Less(n, i))), goal) as cases:
            with cases.case():
                old = p.have(LessEqual(d(j), d(i)), using=[narrow])
                p.have(goal, using=[old, compared])
            with cases.case():
                same = p.have(Equal(n + 1, i))
                new = p.have(LessEqual(d(best), d(n + 1)), using=[compared])
                p.have(goal, using=[new, same])
    p.have(exists_up_to(n + 1), using=[block.fact])


__all__ = ["narrowest_layer"]
