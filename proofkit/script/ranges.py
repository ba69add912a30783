"""Index inequalities on demand: what the facts in scope say about ranges of layers.

Merging the pieces of a chain needs to know that its layers are in order.  While a certificate is
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
from proofkit.language import terms as t
from proofkit.language.terms import Term

if TYPE_CHECKING:
    from proofkit.script.proof import Proof

__all__ = ["Oracle", "Ranges"]

_TRIED = (-2, -1, 0, 1, 2)
"""Constants c for which c + p ≥ 0 is tried: chains are cut within two layers of a bound."""


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
        claims = [(theorem.conclusion, theorem) for theorem in theorems]
        return [
            (claim[1], claim[0] == "inull", theorem)
            for claim, theorem in claims
            if claim[0] in ("inonneg", "inull")
        ]

    def prove(self, goal: Term, extra: tuple[Theorem, ...] = ()) -> Theorem | None:
        """A theorem for an index relation (or a contradiction), if the facts in scope give one."""
        known = self.known()
        known += [(th.conclusion[1], th.conclusion[0] == "inull", th) for th in extra]
        # Remembered for these very theorems: a like supposition elsewhere is another step.
        key = (goal, tuple(theorem for _, _, theorem in known))
        if key not in self._cache:
            self._cache[key] = self._search(goal, known)
        return self._cache[key]

    def _search(self, goal: Term, known: list[tuple[Term, bool, Theorem]]) -> Theorem | None:
        if goal[0] == "inull":
            return self._equation(goal, known) or self._squeezed(goal, known)
        wanted = t.lin(-1) if goal[0] == "false" else goal[1]
        premises = [*known]
        atoms = {a for term, _, _ in known for a, _ in term[2]} | {a for a, _ in wanted[2]}
        for atom in sorted(atoms):
            single = t.lin(0, {atom: 1})
            if t.is_natural(single):
                premises.append((single, False, kernel.natural(single)))
        multipliers = farkas(wanted, [(term, eq) for term, eq, _ in premises])
        if multipliers is None:
            return None
        used = [(th, m) for (_, _, th), m in zip(premises, multipliers, strict=True) if m]
        return kernel.linear(goal, [th for th, _ in used], [m for _, m in used])

    def _squeezed(self, goal: Term, known: list[tuple[Term, bool, Theorem]]) -> Theorem | None:
        """An equation between indices from the two inequalities."""
        at_least = self._search(("inonneg", goal[1]), known)
        if at_least is None:
            return None
        at_most = self._search(("inonneg", t.index_sum(t.lin(0), goal[1], -1)), known)
        return None if at_most is None else kernel.squeeze(goal, at_least, at_most)

    def _equation(self, goal: Term, known: list[tuple[Term, bool, Theorem]]) -> Theorem | None:
        """An equation between indices from equations in scope, by elimination."""
        equations = [(term, th) for term, eq, th in known if eq]
        rows = [
            (dict(term[2]), Fraction(term[1]), {n: Fraction(1)})
            for n, (term, _) in enumerate(equations)
        ]
        rest = ({a: Fraction(k) for a, k in goal[1][2]}, Fraction(goal[1][1]))
        used: dict[int, Fraction] = {}
        pivots: list[Any] = []
        for coefficients, constant, combination in rows:
            row = ({a: Fraction(k) for a, k in coefficients.items()}, constant, combination)
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
        return kernel.linear(goal, [equations[n][1] for n, _ in chosen], [m for _, m in chosen])

    def oracle(self) -> Oracle:
        """A fresh view that answers the algebra's questions and remembers them."""
        return Oracle(self)

    def restate(self, goal: Term, theorem: Theorem) -> Theorem:
        """The theorem in the words of the goal, chains merged as the facts in scope allow."""
        from proofkit.language.binding import rejoin

        oracle = self.oracle()
        rejoin(goal, oracle)
        rejoin(theorem.conclusion, oracle)
        return kernel.restate(goal, theorem, oracle.theorems())


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

    def __init__(self, ranges: Ranges) -> None:
        self._ranges = ranges
        self._found: dict[Term, tuple[int, Theorem] | None] = {}

    def _look(self, parts: Term) -> tuple[int, Theorem] | None:
        if parts not in self._found:
            self._found[parts] = None
            for constant in _TRIED:
                try:
                    theorem = self._ranges.prove(("inonneg", ("lin", constant, parts)))
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
        return found[0]

    def __iter__(self) -> Iterator[Term]:
        return iter(parts for parts, found in self._found.items() if found)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def theorems(self) -> list[Theorem]:
        """The theorems behind the answers given so far."""
        return [found[1] for found in self._found.values() if found]
