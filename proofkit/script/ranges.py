"""Index inequalities on demand: what the facts in scope say about ranges of layers.

Merging the pieces of a chain needs to know that its layers are in order.  While cofactors are
looked for, `Ranges` answers such questions by searching the facts in scope, and remembers what
it was asked, so that the kernel can be given exactly those theorems.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from proofkit import kernel
from proofkit.algebra.order import farkas
from proofkit.kernel import KernelError, Theorem
from proofkit.kernel.binding import reach
from proofkit.kernel.nodes import Term
from proofkit.kernel.reading import Reading
from proofkit.kernel.terms import NAT, NUM, number, plus, scaled, split, total
from proofkit.script.derived import combined, is_relation_of_indices, natural, sort_of, squeeze

if TYPE_CHECKING:
    from proofkit.script.proof import Proof

__all__ = ["Oracle", "Ranges", "relations_in"]

_TRIED = (-2, -1, 0, 1, 2)
"""Constants c for which c + p ≥ 0 is tried: chains are cut within two layers of a bound."""


def relations_in(theorem: Theorem) -> list[Theorem]:
    """The index relation that a theorem is, or those that are parts of it.

    >>> from proofkit.claims import And, Equal, LessEqual, encode
    >>> from proofkit.symbols import MatrixVariable, index, natural
    >>> i, A = index("i"), MatrixVariable("A", natural("n"), natural("n"))
    >>> both = kernel.assume(encode(And(Equal(A, 0), LessEqual(1, i))))
    >>> relations_in(both)
    [(A = 0 ∧ 0 ≤ −1 + i) ⊢ 0 ≤ −1 + i]
    """
    claim = theorem.conclusion
    if claim[0] == "and" and _has_relation(claim):
        parts = [kernel.project(theorem, n) for n, p in enumerate(claim[1]) if _has_relation(p)]
        return [relation for part in parts for relation in relations_in(part)]
    return [theorem] if is_relation_of_indices(claim) else []


def _has_relation(claim: Term) -> bool:
    return is_relation_of_indices(claim) or (
        claim[0] == "and" and any(map(_has_relation, claim[1]))
    )


class Ranges:
    """What the facts of a proof say about indices."""

    def __init__(self, proof: Proof) -> None:
        self._proof = proof
        self._cache: dict[Any, Theorem | None] = {}
        self._also: list[Theorem] = []

    @contextmanager
    def also(self, *theorems: Theorem) -> Iterator[None]:
        """Count the index relations as known for a while, as in a case of a proof by cases."""
        self._also.extend(theorems)
        try:
            yield
        finally:
            del self._also[len(self._also) - len(theorems) :]

    def known(self) -> list[tuple[Term, bool, Theorem]]:
        """The index relations in scope: (term, is it an equation, theorem)."""
        theorems = (*self._proof.relations, *self._also)
        return [
            _relation(theorem) for theorem in theorems if is_relation_of_indices(theorem.conclusion)
        ]

    def prove(self, goal: Term, extra: tuple[Theorem, ...] = ()) -> Theorem | None:
        """A theorem for an index relation (or a contradiction), if the facts in scope give one."""
        known = self.known()
        known += [_relation(theorem) for theorem in extra]
        # Remembered for these very theorems: a like supposition elsewhere is another step.
        key = (goal, tuple(theorem for _, _, theorem in known))
        if key not in self._cache:
            self._cache[key] = self._search(goal, known)
        return self._cache[key]

    def _search(self, goal: Term, known: list[tuple[Term, bool, Theorem]]) -> Theorem | None:
        if goal[0] == "null":
            return self._equation(goal, known) or self._squeezed(goal, known)
        wanted = number(-1) if goal[0] == "false" else goal[1]
        premises = [*known]
        terms = (wanted, *(term for term, _, _ in known))
        for key in sorted({key for term in terms for key, _ in split(term)[0]}):
            single = total(NUM, [(key, 1, 1)])
            if sort_of(single) == NAT:
                premises.append((single, False, natural(single)))
        multipliers = farkas(wanted, [(term, eq) for term, eq, _ in premises])
        if multipliers is None:
            return None
        used = [(th, m) for (_, _, th), m in zip(premises, multipliers, strict=True) if m]
        return combined(goal, [th for th, _ in used], [m for _, m in used])

    def _squeezed(self, goal: Term, known: list[tuple[Term, bool, Theorem]]) -> Theorem | None:
        """An equation between indices from the two inequalities."""
        at_least = self._search(("inonneg", goal[1]), known)
        if at_least is None:
            return None
        at_most = self._search(("inonneg", scaled(goal[1], -1)), known)
        return None if at_most is None else squeeze(at_least, at_most)

    def _equation(self, goal: Term, known: list[tuple[Term, bool, Theorem]]) -> Theorem | None:
        """An equation between indices from equations in scope, by elimination."""
        equations = [(term, th) for term, eq, th in known if eq]
        rows = [(*_parts(term), {n: Fraction(1)}) for n, (term, _) in enumerate(equations)]
        rest = _parts(goal[1])
        used: dict[int, Fraction] = {}
        pivots: list[Any] = []
        for coefficients, constant, combination in rows:
            row = (coefficients, constant, combination)
            for atom, pivot in pivots:
                row = _reduced(row, pivot, atom)
            lead = next(iter(sorted(a for a, k in row[0].items() if k)), None)
            if lead is not None:
                pivots.append((lead, row))
        target = (rest[0], rest[1], used)
        for atom, pivot in pivots:
            target = _reduced(target, pivot, atom)
        if any(target[0].values()) or target[1]:
            return None
        chosen = [(n, -m) for n, m in target[2].items() if m]
        return combined(goal, [equations[n][1] for n, _ in chosen], [m for _, m in chosen])

    def oracle(self) -> Oracle:
        """A fresh view that answers the algebra's questions and remembers them."""
        return Oracle(self)

    def restate(self, goal: Term, theorem: Theorem) -> Theorem:
        """The theorem in the words of the goal, chains merged as the facts in scope allow."""
        oracle = self.oracle()
        reading = Reading(oracle)
        reading.claim(goal)
        reading.claim(theorem.conclusion)
        return kernel.restate(goal, theorem, oracle.theorems())


def _relation(theorem: Theorem) -> tuple[Term, bool, Theorem]:
    return theorem.conclusion[1], theorem.conclusion[0] == "null", theorem


def _parts(e: Term) -> tuple[dict[Term, Fraction], Fraction]:
    """The coefficients of an integer term, and its constant."""
    rest, (p, q) = split(e)
    return {key: Fraction(*n) for key, n in rest}, Fraction(p, q)


def _reduced(row: Any, pivot: Any, atom: Term) -> Any:
    factor = row[0].get(atom, Fraction(0))
    if not factor:
        return row
    scale = factor / pivot[0][atom]
    coefficients = dict(row[0])
    for a, k in pivot[0].items():
        coefficients[a] = coefficients.get(a, Fraction(0)) - scale * k
    combination = dict(row[2])
    for n, k in pivot[2].items():
        combination[n] = combination.get(n, Fraction(0)) - scale * k
    return coefficients, row[1] - scale * pivot[1], combination


class Oracle(Mapping[Term, int]):
    """Facts about ranges, looked up when asked for: linear part p ↦ least c with c + p ≥ 0."""

    def __init__(self, ranges: Ranges, found: dict[Term, Any] | None = None) -> None:
        self._ranges = ranges
        self._found: dict[Term, tuple[int, Theorem] | None] = {} if found is None else found
        self._given: dict[Term, Theorem] = {}

    def aside(self) -> Oracle:
        """A view for a search, whose questions do not count as asked here."""
        return Oracle(self._ranges, self._found)

    def _look(self, parts: Term) -> tuple[int, Theorem] | None:
        if parts not in self._found:
            self._found[parts] = None
            whole = ("num", parts)
            for constant in () if reach(parts) else _TRIED:  # theorems bind all their variables
                try:
                    theorem = self._ranges.prove(("inonneg", plus(whole, number(constant))))
                except KernelError:
                    theorem = None
                if theorem is not None:
                    self._found[parts] = (constant, theorem)
                    break
        return self._found[parts]

    def __getitem__(self, parts: Term) -> int:
        found = self._look(parts)
        if found is None:
            raise KeyError(parts)
        self._given[parts] = found[1]
        return found[0]

    def __iter__(self) -> Iterator[Term]:
        return iter(self._given)

    def __len__(self) -> int:
        return len(self._given)

    def theorems(self) -> list[Theorem]:
        """The theorems behind the answers given so far."""
        return list(self._given.values())
