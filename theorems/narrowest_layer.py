"""Among finitely many layers one is narrowest."""

from __future__ import annotations

from typing import Any

from proofkit.claims import Claim, Equal, Exists, Less, LessEqual, Or
from proofkit.script import (
    Fact,
    Proof,
    arithmetic,
    excluded_middle,
    from_,
    result,
    rewriting,
    witness,
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
                    trivial = p.have(LessEqual(d(0), d(0)), arithmetic())
                    same = p.have(Equal(0, i), arithmetic())
                    p.have(LessEqual(d(0), d(i)), rewriting(trivial, same))
                here = p.have(LessEqual(0, 0), arithmetic())
                p.have(exists_up_to(0), witness(0, facts=[here, block.fact]))
            with search.step() as step:
                _, _, narrow = p.obtain(step.given[-1], j)
                split = p.have(
                    Or(LessEqual(d(j), d(n + 1)), Less(d(n + 1), d(j))), excluded_middle()
                )
                with p.cases(split, exists_up_to(n + 1)) as cases:
                    for best in (j, n + 1):
                        with cases.case() as case:
                            _keep(p, best, narrow, case.given[0])
        p.have(exists_up_to(k), from_(search.fact, k, premises=[depth]))


def _keep(p: Proof, best: Any, narrow: Fact, compared: Fact) -> None:
    """Layer ``best`` is narrowest now, as layer n + 1 was compared with the narrowest so far."""
    with p.for_all(i, given=[LessEqual(0, i), LessEqual(i, n + 1)]) as block:
        goal = LessEqual(d(best), d(i))
        where = p.have(Or(LessEqual(i, n), Less(n, i)), excluded_middle())
        with p.cases(where, goal) as cases:
            with cases.case() as case:
                old = p.have(LessEqual(d(j), d(i)), from_(narrow, i, premises=[*case.given]))
                p.have(goal, arithmetic(old, compared))
            with cases.case():
                same = p.have(Equal(n + 1, i), arithmetic())
                new = p.have(LessEqual(d(best), d(n + 1)), arithmetic(compared))
                p.have(goal, rewriting(new, same))
    layer = p.have(LessEqual(0, best), arithmetic())
    looked_at = p.have(LessEqual(best, n + 1), arithmetic())
    p.have(exists_up_to(n + 1), witness(best, facts=[layer, looked_at, block.fact]))


__all__ = ["narrowest_layer"]
