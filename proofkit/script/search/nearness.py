"""Ways to claims about all values near a point: consequence, and along continuous maps."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from proofkit import kernel
from proofkit.kernel import Theorem
from proofkit.kernel.binding import opened
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.reading import PLAIN, claim, read_by
from proofkit.kernel.terms import as_term
from proofkit.script.search.patterns import Matcher
from proofkit.script.search.state import FAULTS, Found, Search

__all__ = ["along", "consequence", "everywhere"]


def _opened(search: Search, near: Term) -> tuple[list[Term], Term]:
    """The variables of a claim about all values near a point, taken, and the claim about them."""
    xs = [search.fresh(sort) for sort in near[1]]
    values = [as_term(x, x[2]) for x in xs]
    return xs, read_by(PLAIN, opened(near[3], *values))


def everywhere(search: Search, goal: Term, depth: int) -> Iterator[Found]:
    """What holds everywhere holds near each point."""
    wanted = goal[3]
    for sort in reversed(goal[1]):
        wanted = node("forall", sort, wanted)
    found = search.known(claim(wanted))
    if found is not None:
        yield Found("near: consequence", kernel.near_all(goal, found))


def along(search: Search, goal: Term, depth: int) -> Iterator[Found]:
    """What holds near a point, along a continuous map into its neighbourhood."""
    from proofkit.script.centres import at_centres
    from proofkit.script.tactics import _continuities

    nears = [f.theorem for f in search.named if f.theorem.conclusion[0] == "near"]
    if not nears:
        return
    xs, body = _opened(search, goal)
    for theorem in nears:
        target = theorem.conclusion
        ys, inside = _opened(search, target)
        matcher = Matcher(ys, search.proof.ranges.oracle(), search.spend)
        for found in islice(matcher.ways(inside, body, {}), 6):
            if any(y[1] not in found for y in ys):
                continue
            images = [found[y[1]] for y in ys]
            try:
                equal = at_centres(search.proof, xs, goal[2], images, target, search.named)
                continuous = list(_continuities(search.proof, xs, goal[2], images))
                yield Found(
                    "near: along a continuous map",
                    kernel.near_along(theorem, xs, goal[2], images, equal, continuous),
                )
            except FAULTS:
                continue


def consequence(search: Search, goal: Term, depth: int) -> Iterator[Found]:
    """What follows from claims about all values near the same point."""
    point = goal[1:3]
    nears = [f.theorem for f in search.named if f.theorem.conclusion[0] == "near"]
    nears = [th for th in nears if th.conclusion[1:3] == point]
    if not nears and depth:
        return
    xs, body = _opened(search, goal)
    values = [as_term(x, x[2]) for x in xs]
    supposed = [kernel.assume(claim(opened(th.conclusion[3], *values))) for th in nears]
    with search.supposing(*supposed):
        found = search.first(body, depth)
    if found is None:
        return
    theorem: Theorem = found.theorem
    for th in reversed(supposed):
        theorem = kernel.discharge(th.conclusion, theorem)
    for x in reversed(xs):
        theorem = kernel.generalise(x, theorem)
    yield Found("near: consequence", kernel.near_all(goal, theorem, *nears))
