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
    with p.induction(
        n, 0, exists_up_to(n), words="By induction over the last layer looked at, {n}.", n=n
    ) as search:
        with search.base(words="At first only the input layer was seen."):
            with p.for_all(
                i, given=[LessEqual(0, i), LessEqual(i, 0)], words="Let {i} be a layer.", i=i
            ) as block:
                trivial = p.have(
                    LessEqual(d(0), d(0)), arithmetic(), "The layer is as wide as itself."
                )
                same = p.have(Equal(0, i), arithmetic(), "There is no other layer.")
                p.have(LessEqual(d(0), d(i)), rewriting(trivial, same), "So it is narrowest.")
            here = p.have(LessEqual(0, 0), arithmetic(), "The index found is that of a layer.")
            p.have(
                exists_up_to(0),
                witness(0, facts=[here, block.fact]),
                "So among one layer there is a narrowest.",
            )
        with search.step(words="Now layer {next} is seen as well.", next=n + 1) as step:
            _, hypothesis = step.given
            _, _, narrow = p.obtain(
                hypothesis, j, words="Let {j} be the narrowest layer so far.", j=j
            )
            _compare(p, narrow)
    p.have(
        exists_up_to(k),
        from_(search.fact, k, premises=[depth]),
        "After the last layer we are done.",
    )


def _compare(p: Proof, narrow: Fact) -> None:
    split = p.have(
        Or(LessEqual(d(j), d(n + 1)), Less(d(n + 1), d(j))),
        excluded_middle(),
        "Either layer {next} is no narrower than that or it is.",
        next=n + 1,
    )
    with p.cases(split, exists_up_to(n + 1)) as cases:
        for best in (j, n + 1):
            with cases.case(words="Then layer {best} is the narrowest now.", best=best) as case:
                least = _still_narrowest(p, best, narrow, case.given[0])
                layer = p.have(
                    LessEqual(0, best), arithmetic(), "The index found is that of a layer."
                )
                looked_at = p.have(
                    LessEqual(best, n + 1), arithmetic(), "This layer is among those looked at."
                )
                p.have(
                    exists_up_to(n + 1),
                    witness(best, facts=[layer, looked_at, least]),
                    "So there is a narrowest layer among them.",
                )


def _still_narrowest(p: Proof, best: Any, narrow: Fact, compared: Fact) -> Fact:
    with p.for_all(
        i, given=[LessEqual(0, i), LessEqual(i, n + 1)], words="Let {i} be a layer.", i=i
    ) as block:
        goal = LessEqual(d(best), d(i))
        where = p.have(
            Or(LessEqual(i, n), Less(n, i)),
            excluded_middle(),
            "Either layer {i} was seen before, or it is the new one.",
            i=i,
        )
        with p.cases(where, goal) as cases:
            with cases.case(words="Suppose layer {i} was seen before.", i=i) as case:
                old = p.have(
                    LessEqual(d(j), d(i)),
                    from_(narrow, i, premises=[*case.given]),
                    "A layer seen before is no narrower than the narrowest so far.",
                )
                p.have(
                    goal,
                    arithmetic(old, compared),
                    "So neither is it narrower than {best}.",
                    best=d(best),
                )
            with cases.case(words="Suppose layer {i} is the new one.", i=i) as case:
                same = p.have(
                    Equal(n + 1, i),
                    arithmetic(),
                    "Only the new layer is left, so layer {i} is layer {n}.",
                    i=i,
                    n=n + 1,
                )
                new = p.have(
                    LessEqual(d(best), d(n + 1)),
                    arithmetic(compared),
                    "The new layer was compared with the narrowest so far.",
                )
                p.have(
                    goal, rewriting(new, same), "So it is no narrower than {best}.", best=d(best)
                )
    return block.fact


__all__ = ["narrowest_layer"]
