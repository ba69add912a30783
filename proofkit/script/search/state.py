"""A search for a proof of one claim: what may be used, what is asked, and how much was tried.

Nothing here is trusted, and no clock is read: a search ends when `MOST_EFFORT` is
spent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

from sympy import Expr, preorder_traversal

from proofkit import kernel
from proofkit.claims import And, Claim, ForAll, Implies
from proofkit.claims.decode import decode
from proofkit.kernel import KernelError, LanguageError, Theorem
from proofkit.kernel.binding import closed, free, opened
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.reading import PLAIN, read_by
from proofkit.kernel.terms import as_term
from proofkit.script.derived import is_relation_of_indices
from proofkit.script.equations import is_matrix_equation
from proofkit.script.proof import Fact, ScriptError
from proofkit.symbols import encode_variable

if TYPE_CHECKING:
    from proofkit.script.proof import Proof
    from proofkit.script.routine import Routine

__all__ = ["FAULTS", "Exhausted", "Found", "Search", "Way"]

FAULTS = (KernelError, LanguageError, ScriptError)
"""What says that a way does not lead to the goal."""

MOST_EFFORT = 12_000
"""What may be tried for one step: 100 for a goal, 1 for a part of a pattern that is matched.

A step of the packs that come along needs less; a wrong one is given up after it.
"""

MOST_WRITTEN = 16
"""Numbers, and matrices, of the claim as written, tried where nothing else tells a value."""

ROUTINE = frozenset(("inonneg", "rnonneg", "rpos", "not", "differentiable"))
"""Conditions that are seen at once to be met, or not to be."""

DEEPEST = 3
"""Conditions of conditions of …: so many."""


class Exhausted(Exception):
    """More was tried than is allowed for one step."""


class Found(NamedTuple):
    """A theorem and the rule a reader is told."""

    rule: str
    theorem: Theorem


Way = Callable[["Search", Term, int], Iterator[Found]]
"""A way to prove a goal at some depth: candidates, of which any that says the goal will do."""


class Search:
    """What a search for one step knows.

    ``named`` are the facts the step is to follow from, with their parts; what else is in scope
    serves for side conditions.
    """

    def __init__(
        self,
        proof: Proof,
        claim: Claim,
        goal: Term,
        using: Sequence[Fact],
        results: Sequence[tuple[Any, str]] = (),
    ) -> None:
        self.proof, self.claim, self.goal = proof, claim, goal
        self.given = list(using)
        self.named: list[Fact] = [part for fact in using for part in parts(fact)]
        self.results = list(results)
        self.effort = self.inside = 0
        self.plain, self._at_once = True, False
        self._names = count()
        self._failed: set[Any] = set()
        self._tried: dict[tuple[int, ...], tuple[Term, ...]] = {}
        self._scope: dict[Term, Theorem] | None = None
        self._routine: Routine | None = None
        self._written: list[Term] | None = None
        self._spoken: frozenset[str] | None = None
        self._called: list[tuple[Term, Term]] = []

    # ── What is known ──────────────────────────────────────────────────────────────────────────
    @property
    def theorems(self) -> list[Theorem]:
        """The theorems of the facts named."""
        return [fact.theorem for fact in self.named]

    @property
    def equations(self) -> list[Fact]:
        """The facts named that equate matrices."""
        return [fact for fact in self.named if is_matrix_equation(fact.theorem.conclusion)]

    @property
    def indices(self) -> tuple[Theorem, ...]:
        """The facts named that relate indices."""
        return tuple(th for th in self.theorems if is_relation_of_indices(th.conclusion))

    def known(self, goal: Term) -> Theorem | None:
        """A theorem that says just that: a fact named, or else one in scope."""
        for fact in self.named:
            if fact.theorem.conclusion == goal:
                return fact.theorem
        return self.scope.get(goal)

    @property
    def scope(self) -> dict[Term, Theorem]:
        """What is in scope, by what it says."""
        if self._scope is None:
            self._scope = {}
            for fact in self.proof.facts:
                self._scope.setdefault(fact.theorem.conclusion, fact.theorem)
        return self._scope

    def spend(self, effort: int = 1) -> None:
        """Count what is tried; `Exhausted` when that is enough."""
        self.effort += effort
        if self.effort > MOST_EFFORT:
            raise Exhausted

    @property
    def written(self) -> list[Term]:
        """The terms that the claim, and then the facts named, hold as their author wrote them."""
        if self._written is None:
            claims = (self.claim, *(fact.claim for fact in self.given))
            self._written = list(dict.fromkeys(x for claim in claims for x in _terms_in(claim)))
        return [self.as_here(x) for x in self._written]

    def as_here(self, x: Term) -> Term:
        """Something in the claim as written, its variables called as they are at the moment."""
        names = free(x)
        old = [v for v, _ in self._called if names.get(v[1]) == v]
        new = [w for v, w in self._called if names.get(v[1]) == v]
        return read_by(PLAIN, opened(closed(x, *old), *new)) if old else x

    @contextmanager
    def calling(self, variables: Sequence[Term]) -> Iterator[None]:
        """Take these for the variables that the claim, or the rest of it, is about."""
        written = _bound_first(self.claim)[len(self._called) :]
        pairs = [
            (v, as_term(w, w[2])) for v, w in zip(written, variables, strict=False) if v[2] == w[2]
        ]
        before = len(self._called)
        self._called += pairs if len(pairs) == min(len(written), len(variables)) else []
        try:
            yield
        finally:
            del self._called[before:]

    @contextmanager
    def supposing(self, *theorems: Theorem) -> Iterator[None]:
        """Know more for a while."""
        before = len(self.named)
        # New ones come first: they are what the goal is about.
        added = [p for th in theorems for p in parts(Fact(decode(th.conclusion), th))]
        failed, self._failed = self._failed, set()
        self.named[:0] = added
        routine, self._routine, spoken, self._spoken = self._routine, None, self._spoken, None
        orders = [f.theorem for f in added if is_relation_of_indices(f.theorem.conclusion)]
        try:
            with self.proof.ranges.also(*orders):
                yield
        finally:
            del self.named[: len(self.named) - before]
            self._failed, self._routine, self._spoken = failed, routine, spoken

    @property
    def routine(self) -> Routine:
        """What a reader supplies unasked, from all that is known."""
        from proofkit.script.routine import Routine

        if self._routine is None:
            known = [*self.theorems, *self.scope.values()]
            self._routine = Routine(known, self.proof.ranges.prove)
        return self._routine

    def is_new(self, *claims: Term) -> bool:
        """Whether these were not tried together before, by what was known then."""
        claims += tuple(th.conclusion for th in self.theorems)
        return self._tried.setdefault(tuple(map(id, claims)), claims) is claims

    def fresh(self, sort: Term) -> Term:
        """A variable that nothing speaks of."""
        return node("var", f"_s{next(self._names)}", sort)

    @contextmanager
    def thorough(self) -> Iterator[None]:
        """Also try what is dear: textbook facts, cases and contradictions, with a bound anew."""
        self.plain, failed, self._failed = False, self._failed, set()
        self.effort = 0
        try:
            yield
        finally:
            self.plain, self._failed = True, failed

    def may_meet(self, forms: frozenset[str]) -> bool:
        """Whether conditions of these forms may be met at all."""
        if not self._at_once or forms <= ROUTINE:
            return True
        known = {p[0] for p in self.scope} | {th.conclusion[0] for th in self.theorems}
        return forms - ROUTINE <= known

    def spoken(self) -> frozenset[str]:
        """The words that the goal and all that is known speak of."""
        from proofkit.script.search.instances import words_in

        if self._spoken is None:
            known = (th.conclusion for th in self.theorems)
            self._spoken = frozenset().union(*map(words_in, (self.goal, *self.scope, *known)))
        return self._spoken

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Take conditions to be met only if they are known, or are routine relations."""
        before, self._at_once = self._at_once, True
        try:
            yield
        finally:
            self._at_once = before

    # ── Proving ────────────────────────────────────────────────────────────────────────────────
    def prove(self, goal: Term, depth: int) -> Theorem | None:
        """⊢ a condition of something, or None."""
        found = self.known(goal)
        if found is not None:
            return found
        if self._at_once:
            return self.routine.prove(goal) if goal[0] in ROUTINE else None
        if depth > DEEPEST or goal in self._failed:
            return None
        found_by = self.first(goal, depth)
        if found_by is None:
            self._failed.add(goal)
            return None
        return found_by.theorem

    def first(self, goal: Term, depth: int) -> Found | None:
        """The first way that leads to the goal."""
        from proofkit.script.search.ways import ways_to

        self.spend(100)
        for way in ways_to(self, goal, depth):
            candidates = way(self, goal, depth)
            while True:
                try:
                    found = next(candidates, None)
                except FAULTS:
                    break
                if found is None:
                    break
                theorem = self.said(goal, found.theorem)
                if theorem is not None:
                    return Found(found.rule, theorem)
        return None

    def said(self, goal: Term, theorem: Theorem) -> Theorem | None:
        """The theorem in the words of the goal, if it says that; chains merged as ranges allow."""
        found = theorem.conclusion
        if found == goal:
            return theorem
        if found[0] != goal[0]:
            return None
        try:
            return self.proof.ranges.restate(goal, theorem)
        except FAULTS:
            return None


def parts(fact: Fact) -> list[Fact]:
    """A fact, and the parts of a conjunction."""
    conclusion = fact.theorem.conclusion
    if conclusion[0] != "and":
        return [fact]
    whole = fact.claim.meaning() if hasattr(fact.claim, "meaning") else fact.claim
    claims: Sequence[Any] = ()
    if isinstance(whole, And) and len(whole.args) == len(conclusion[1]):
        claims = whole.args
    else:
        claims = [decode(p) for p in conclusion[1]]
    inner = [
        Fact(claim, kernel.project(fact.theorem, n), fact.step) for n, claim in enumerate(claims)
    ]
    return [fact, *(p for one in inner for p in parts(one))]


def _bound_first(claim: Claim) -> list[Term]:
    """The variables that a claim is about first: ∀x. p → ∀y. …"""
    found: list[Term] = []
    inner: Any = claim
    while True:
        if hasattr(inner, "meaning"):
            inner = inner.meaning()
        if isinstance(inner, ForAll):
            found += map(encode_variable, inner.variables)
            inner = inner.body
        elif isinstance(inner, Implies):
            inner = inner.args[-1]
        else:
            return found


def _terms_in(claim: Claim) -> list[Term]:
    """The matrices and numbers in a claim, as written, without variables of its own."""
    from proofkit.symbols import MatrixTerm, encode_term

    found: dict[Term, None] = {}
    for part in preorder_traversal(claim):
        if isinstance(part, MatrixTerm) or (isinstance(part, Expr) and not part.is_Integer):
            with suppress(*FAULTS, ValueError, TypeError):
                term = encode_term(part)
                if term[0] in ("num", "mat"):
                    found.setdefault(term)
    numbers = [x for x in found if x[0] == "num"][:MOST_WRITTEN]
    return numbers + [x for x in found if x[0] == "mat"][:MOST_WRITTEN]
