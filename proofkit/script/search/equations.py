"""Ways to equations of matrices, and to claims with equals put for equals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext, suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from proofkit import kernel
from proofkit.algebra.cofactors import Effort
from proofkit.claims import Equal
from proofkit.kernel import KernelError, Theorem
from proofkit.kernel.binding import closed, opened, reach
from proofkit.kernel.claims import null
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.reading import PLAIN, claim, read_by
from proofkit.kernel.terms import as_term, minus
from proofkit.script.derived import at_most, less, summation
from proofkit.script.equations import layer_equation, prove_equation
from proofkit.script.proof import Fact
from proofkit.script.search.instances import OF_ENTRIES
from proofkit.script.search.state import FAULTS, Found, Search
from proofkit.script.search.supplied import laws

if TYPE_CHECKING:
    from proofkit.script.routine import Routine

__all__ = ["algebra", "congruence", "gradients", "rewriting", "sums"]

MOST_PAIRS = 12

CONDITIONS: Term = ("conditions",)
"""Stands with what was tried for that conditions were looked at, too."""


def algebra(search: Search, goal: Term, depth: int) -> Iterator[Found]:
    """An equation from those named; those between numbers serve where the others do not do."""
    matrices = search.equations
    every = [f for f in search.named if f.theorem.conclusion[0] == "null"]
    known = laws(search, [goal, *(f.theorem.conclusion for f in every)], depth)
    # Where there are laws, what takes completion is left to the equations together with them.
    most = Effort.REDUCING if known else Effort.COMPLETING
    for equations in (matrices, every) if len(every) > len(matrices) else (matrices,):
        with suppress(*FAULTS):
            yield Found("algebra", _from_equations(search, goal, equations, most=most))
    if known or search.spoken() & OF_ENTRIES:
        theorem = _from_equations(search, goal, every, known, search.routine)
        yield Found("algebra", theorem)


def _from_equations(
    search: Search,
    goal: Term,
    equations: Sequence[Fact],
    laws: Sequence[Theorem] = (),
    routine: Routine | None = None,
    most: Effort = Effort.COMPLETING,
) -> Theorem:
    """⊢ goal, an equation, from equations and laws, if that was not tried before."""
    claims = [th.conclusion for th in (*(f.theorem for f in equations), *laws)]
    claims += [CONDITIONS] if routine is not None else []
    if not search.is_new(goal, *claims):
        raise KernelError("algebra", "this was tried before", goal)
    search.spend(500)
    return prove_equation(
        search.proof, goal, equations, (), laws=laws, routine=routine, most=most, sought=True
    )


def gradients(search: Search, goal: Term, depth: int) -> Iterator[Found]:
    """What the derivative of a function is, by the chain rule."""
    for f in _functions(goal):
        with suppress(*FAULTS):
            theorem = search.routine.gradient_of(f, goal, partial(_same, search, depth))
            yield Found("differential", theorem)


def _same(search: Search, depth: int, goal: Term, theorem: Theorem) -> Theorem:
    """An equation said in another way, to which algebra leads, what is named, and laws of words."""
    from proofkit.script.tactics import same

    try:
        return same(search.proof, goal, theorem, Effort.REDUCING)
    except FAULTS:
        if not theorem.conclusion[1][-1]:  # f' is f': nothing was differentiated
            raise
        every = [f for f in search.named if f.theorem.conclusion[0] == "null"]
        known = [theorem, *laws(search, [goal, theorem.conclusion], depth)]
        return _from_equations(search, goal, every, known, search.routine)


def _functions(goal: Term) -> list[Term]:
    """The functions whose derivatives a claim speaks of."""
    found: dict[Term, None] = {}

    def walk(x: Any) -> None:
        if type(x) is tuple:
            if x[:1] == ("grad",):
                found.setdefault(x[1])
            elif x[:1] == ("at",) and x[1] == ("word", "derivative"):
                found.setdefault(x[2])
            elif x[:1] in (("differentiable",), ("slope",), ("continuous",)):
                found.setdefault(x[1])
            for part in x:
                walk(part)

    walk(goal)
    return [f for f in found if reach(f) == 0]


def sums(search: Search, goal: Term, depth: int) -> Iterator[Found]:
    """Members of families and the last terms of sums, looked up."""
    proof = search.proof
    letters = [x for (_, word), _ in goal[1][-1] for x, _ in word]
    for letter in letters:
        if letter[0] == "chain" and letter[2] == letter[3]:
            with suppress(*FAULTS):
                yield Found("member of a family", layer_equation(proof, letter[1], letter[2]))
        if letter[0] == "sum":
            _, _, hi, lo = letter
            orders = (at_most(lo, hi), less(hi, lo))
            order = next(filter(None, map(proof.ranges.prove, orders)), None)
            if order is not None:
                sort = PLAIN.read(letter)[1]
                yield Found("summation", summation(as_term(letter, sort), order))


# ── Equals for equals ──────────────────────────────────────────────────────────────────────────
def rewriting(search: Search, goal: Term, depth: int) -> Iterator[Found]:
    """A fact that is named, with one side of an equation that is named put for the other."""
    equalities = [fact for fact in search.named if _sides(fact) is not None]
    for equation in equalities:
        for old, new in _sides(equation) or ():
            for theorem in _replaced(search, equation.theorem, old, new, goal, depth):
                yield Found("equals for equals", theorem)


def _sides(fact: Fact) -> list[tuple[Term, Term]] | None:
    """Both ways to read an equation, as its author wrote it."""
    if fact.theorem.conclusion[0] != "null" or not isinstance(fact.claim, Equal):
        return None
    from proofkit.symbols import encode_term

    e = fact.theorem.conclusion[1]
    left, right = fact.claim.args
    sort = ("matrix", *e[1:3]) if e[0] == "mat" else None
    try:
        a, b = (encode_term(x, sort) if sort else encode_term(x) for x in (left, right))
    except FAULTS:
        return None
    return [(a, b), (b, a)]


def _replaced(
    search: Search, equal: Theorem, old: Term, new: Term, goal: Term, depth: int
) -> Iterator[Theorem]:
    """The goal from p(old), where the goal is p(new)."""
    sort = PLAIN.read(new)[1]
    hole = node("var", "_z", sort)
    body = _put(goal, new, as_term(hole, sort))
    if body == goal:
        return
    with suppress(*FAULTS):
        body = read_by(PLAIN, body)
        template = node("forall", sort, closed(body, hole))
        before = claim(opened(template[2], old))
        if before == goal:
            return
        # What is equal once equals are put for equals, but inside words, algebra knows.
        with search.at_once() if goal[0] == "null" and search.plain else nullcontext():
            theorem = search.prove(before, depth + 1)
        if theorem is not None:
            yield kernel.rewrite(template, old, new, equal, theorem)


def _put(x: Any, old: Term, new: Term) -> Any:
    """The term with one put for the other wherever it stands, as itself or in a product."""
    if type(x) is not tuple:
        return x
    if x == old:
        return new
    parts = [_put(part, old, new) for part in x]
    if all(a is b for a, b in zip(parts, x, strict=True)):
        here: Any = x
    else:
        here = node(*parts)
    if old[0] == "mat" and here[:1] == ("mat",):
        return _in_words(here, old, new)
    if old[0] == "num" and here[:1] == ("num",):
        return _in_monomials(here, old, new)
    return here


def _in_words(x: Term, old: Term, new: Term) -> Term:
    """A matrix with one put for the other where it is a factor."""
    if len(old[3]) != 1 or old[3][0][0][0] or old[3][0][1] != (1, 1) or not old[3][0][0][1]:
        return x
    word = old[3][0][0][1]
    from proofkit.kernel.terms import reverse

    changed = False
    terms = []
    for (m, w), c in x[3]:
        out: list[Any] = []
        n = 0
        while n < len(w):
            for pattern, t in ((word, 0), (reverse(word), 1)):
                if w[n : n + len(pattern)] == pattern:
                    out.append(node(new, t))
                    n += len(pattern)
                    changed = True
                    break
            else:
                out.append(w[n])
                n += 1
        terms.append(node(node(m, node(*out)), c))
    return node("mat", x[1], x[2], node(*terms)) if changed else x


def _in_monomials(x: Term, old: Term, new: Term) -> Term:
    """A number with one put for the other where it is a factor."""
    if len(old[1]) != 1 or old[1][0][1] != (1, 1) or len(old[1][0][0][0]) != 1:
        return x
    ((atom, power),) = old[1][0][0][0]
    if power != 1:
        return x
    changed = False
    terms = []
    for (m, w), c in x[1]:
        out = []
        for a, k in m:
            if a == atom:
                out.append(node(new, k))
                changed = True
            else:
                out.append(node(a, k))
        terms.append(node(node(node(*out), w), c))
    return node("num", node(*terms)) if changed else x


def congruence(search: Search, goal: Term, depth: int) -> Iterator[Found]:
    """A fact that is named, in which something stands that algebra shows to be the same."""
    if depth > 2:
        return
    mine = _arguments(goal)
    tried = 0
    for fact in search.named:
        theirs = _arguments(fact.theorem.conclusion)
        for place, y in mine:
            for other, x in theirs:
                if other != place or x == y or x[:3] != y[:3] or (place, y) in theirs:
                    continue
                tried += 1
                if tried > MOST_PAIRS:
                    return
                equal = _equal(search, x, y)
                if equal is not None:
                    for theorem in _replaced(search, equal, x, y, goal, depth):
                        yield Found("equals for equals", theorem)


def _equal(search: Search, x: Term, y: Term) -> Theorem | None:
    goal = claim(null(minus(x, y)))
    found = search.known(goal)
    if found is not None:
        return found
    if x[0] == "num":
        return search.proof.ranges.prove(goal, search.indices)
    with suppress(*FAULTS):
        return _from_equations(search, goal, search.equations)
    return None


def _arguments(x: Term) -> list[tuple[Any, Term]]:
    """The matrices that stand in something other than a product, and in what."""
    found: dict[tuple[Any, Term], None] = {}

    def walk(part: Any) -> None:
        if type(part) is not tuple or not part:
            return
        place = None
        if part[0] in ("grad", "at") and len(part) == 3:
            place = (part[0], part[1], part[2])
        elif part[0] == "rank":
            place = ("rank", "", part[1])
        if place is not None and place[2][:1] == ("mat",) and reach(place[2]) == 0:
            found.setdefault((place[:2], place[2]))
        if part[0] == "near":
            for c in part[2]:
                if c[:1] == ("mat",) and reach(c) == 0:
                    found.setdefault((("near", ""), c))
        for inner in part:
            walk(inner)

    walk(x)
    return list(found)
