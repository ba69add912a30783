"""Routine: what a reader supplies unasked, slopes, continuity, signs and the conditions of facts.

`Routine.prove` looks for a proof by known claims, by the ledger's facts about words and by going
into quantifiers; `proofkit.script.slopes` adds the calculus.  Nothing here is trusted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import reduce
from itertools import count
from typing import Any

from proofkit import kernel
from proofkit.kernel import KernelError, Theorem
from proofkit.kernel.binding import opened
from proofkit.kernel.claims import negation, null
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.reading import PLAIN, claim, read_by
from proofkit.kernel.terms import REAL, as_term, minus, number, scaled, times
from proofkit.kernel.words import spine
from proofkit.script.derived import combined, explode
from proofkit.script.entries import Entries
from proofkit.script.matching import applied, fact, used
from proofkit.script.signs import prove_order
from proofkit.symbols.faults import LanguageError

__all__ = ["Routine"]

DEEPEST = 12
"""Conditions of conditions of …: so many."""


class Routine:
    """Proves what is routine from known theorems.

    ``order`` proves relations of indices.  With ``ask`` a condition that is not met is assumed,
    and so becomes a hypothesis of what is proved.
    """

    def __init__(
        self,
        known: Iterable[Theorem],
        order: Callable[[Term], Theorem | None] = lambda claim: None,
        ask: bool = False,
    ) -> None:
        self.known = list(known)
        self.order, self.ask = order, ask
        self._names = count()
        self._depth = 0
        self._failed: set[Term] = set()
        self.unmet: list[Term] = []
        self.squares: dict[Term, Term] = {}  # numbers tr(EᵀE), with E

    def prove(self, goal: Term) -> Theorem | None:
        """⊢ goal, or None."""
        goal = claim(goal)
        for th in self.known:
            if th.conclusion == goal:
                return th
        if self._depth >= DEEPEST or goal in self._failed:
            return None
        self._depth += 1
        try:
            found = self._prove(goal)
        except (KernelError, LanguageError):
            found = None
        finally:
            self._depth -= 1
        if found is None:
            self._failed.add(goal)
        return found

    def meet(self, goal: Term) -> Theorem | None:
        """⊢ goal; assumed if it is asked for and speaks of no variable that was taken here."""
        found = self.prove(goal)
        if found is None and self.ask and not self._is_local(goal):
            simpler = list(self._simpler(claim(goal)))
            if simpler and all(self.meet(part) is not None for part in simpler):
                self._failed.clear()
                found = self.prove(goal)
        if found is None and self.ask and not self._is_local(goal):
            found = kernel.assume(goal)
            self.known.append(found)
        if found is None:
            self.unmet.append(goal)
        return found

    def _simpler(self, goal: Term) -> Iterator[Term]:
        """Conditions that are easier to read and from which the goal follows."""
        match goal:
            case ("rpos", e) if e in self.squares:
                yield node("not", ("null", self.squares[e]))
            case ("not", ("null", ("num", (((monomial, _), _),)))) if len(monomial) > 1:
                yield from (_nonzero(as_term(atom, REAL)) for atom, _ in monomial)
            case ("not", ("null", ("num", ((((((atom, 1),), _), _)),)))):
                head, arguments = spine(atom)
                if head == ("word", "sqrt"):
                    yield node("rpos", arguments[0])
                elif head == ("word", "reciprocal"):
                    yield _nonzero(arguments[0])
                elif as_term(atom, REAL) in self.squares:
                    yield node("rpos", as_term(atom, REAL))

    def fresh(self, sort: Term) -> Term:
        """A variable that nothing speaks of."""
        return node("var", f"_r{next(self._names)}", sort)

    def _is_local(self, goal: Any) -> bool:
        if type(goal) is not tuple:
            return False
        mine = goal[:1] == ("var",) and str(goal[1]).startswith("_r")
        return mine or any(map(self._is_local, goal))

    def also(self, *theorems: Theorem) -> Routine:
        """The same with more that is known, for a supposition."""
        inner = Routine([*theorems, *self.known], self.order)
        inner._names, inner._depth = self._names, self._depth
        return inner

    def _prove(self, goal: Term) -> Theorem | None:
        try:
            found = self._by_form(goal)
        except (KernelError, LanguageError):
            found = None
        return found or self._by_known(goal)

    def _by_known(self, goal: Term) -> Theorem | None:
        for th in self.known:
            if th.conclusion[0] in ("forall", "implies"):
                found = applied(th, goal, self.prove)
                if found is not None and found.conclusion == goal:
                    return found
        return None

    def _by_form(self, goal: Term) -> Theorem | None:
        match goal:
            case ("and", parts):
                found = [self.prove(part) for part in parts]
                return kernel.conjoin(*found) if None not in found else None  # type: ignore[arg-type]
            case ("implies", p, q):
                inside = self.also(*_parts(kernel.assume(p))).prove(q)
                return None if inside is None else kernel.discharge(p, inside)
            case ("forall", sort, body):
                x = self.fresh(sort)
                inside = self.prove(read_by(PLAIN, opened(body, as_term(x, sort))))
                return None if inside is None else kernel.generalise(x, inside)
            case ("inonneg", _):
                return self.order(goal) or kernel.arithmetic(goal, [])
            case ("rnonneg" | "rpos", _):
                return self._order(goal)
            case ("null", _):
                return kernel.algebra(goal)
            case ("not", ("null", e)):
                return self._nonzero(goal, e)
            case ("near", *_):
                return self._near(goal)
            case ("slope", f, x, _):
                return self._slope(goal, f, x)
            case ("continuous", f, x):
                from proofkit.script.slopes import continuity

                return continuity(self, f, x)
            case ("exists", sort, ("slope", _, _, ("b", 0))):
                return self._differentiable(goal)
            case ("differentiable", f):
                return self._everywhere(f)
        return None

    def gradient_of(self, f: Term, goal: Term, same: Callable[[Term, Theorem], Theorem]) -> Theorem:
        """⊢ the goal, if it is about the derivative of f: what it is somewhere, or everywhere.

        ``same`` proves an equation from another; `KernelError` where something is missing.
        """
        if goal[0] == "forall":
            x = self.fresh(goal[1])
            inside = read_by(PLAIN, opened(goal[2], as_term(x, goal[1])))
            return kernel.generalise(x, self.gradient_of(f, inside, same))
        if goal[0] == "and":
            return kernel.conjoin(*(self.gradient_of(f, part, same) for part in goal[1]))
        if goal[0] != "null":
            found = self.prove(goal)
            if found is None:
                raise KernelError("differentiate", "it is not seen to be differentiable", goal)
            return found
        from proofkit.script.slopes import gradient, slope

        at = next(_places(goal, f), None)
        if at is None:
            problem = (
                "the claim does not speak of the derivative of this function\n"
                "  hint: differentiate a function that stands in the claim"
            )
            raise KernelError("differentiate", problem, f, goal)
        return same(goal, gradient(self, slope(self, f, at)))

    # ── Numbers ────────────────────────────────────────────────────────────────────────────────
    def _order(self, goal: Term) -> Theorem | None:
        """An order of numbers, entries of what is given entry by entry looked up."""
        if goal[1] in self.squares:
            square = self.squares[goal[1]]
            norm = used(kernel.textbook(_SQUARE), (*square[1:3], square), self.prove)
            if norm is not None and norm.conclusion == goal:
                return norm
        e, equal = Entries(self.known).value(goal[1])
        found = prove_order(node(goal[0], e), self.known, self.prove)
        if found is None or equal is None:
            return found
        sign = 1 if equal.conclusion[1] == minus(goal[1], e) else -1
        return kernel.arithmetic(goal, [(found, number(1)), (equal, number(sign))])

    def _nonzero(self, goal: Term, e: Term) -> Theorem | None:
        """e ≠ 0 for a number, because it is > 0 or < 0."""
        if e[0] != "num":
            return None
        if len(e[1]) == 1 and (found := self._product(goal, e)) is not None:
            return found
        for sign in (1, -1):
            positive = self.prove(node("rpos", scaled(e, sign)))
            if positive is not None:
                zero = kernel.assume(negation(goal))
                wrong = kernel.arithmetic(
                    ("false",), [(positive, number(1)), (zero, number(-sign))]
                )
                return kernel.reductio(zero.conclusion, wrong)
        return None

    def _product(self, goal: Term, e: Term) -> Theorem | None:
        """A product is not 0 as none of its factors is."""
        (((monomial, _), (p, q)),) = e[1]
        factors = [as_term(a, REAL) for a, n in monomial for _ in range(n)]
        if len(factors) < 2:
            return None
        found = [self.prove(_nonzero(factor)) for factor in factors]
        shown = [theorem for theorem in found if theorem is not None]
        if len(shown) < len(factors):
            return None
        zero = kernel.assume(negation(goal))
        scale = number(q, p) if p > 0 else number(-q, -p)
        rest = combined(null(reduce(times, factors)), [zero], [scale])
        for n, factor in enumerate(factors[:-1]):
            others = reduce(times, factors[n + 1 :])
            either = kernel.modus_ponens(fact("product that is zero", factor, others), rest)
            first, second = either.conclusion[1]
            wrong = kernel.contradiction(kernel.assume(first), shown[n])
            rest = kernel.cases(either, explode(wrong, second), kernel.assume(second))
        return kernel.reductio(zero.conclusion, kernel.contradiction(rest, shown[-1]))

    # ── Near a point ───────────────────────────────────────────────────────────────────────────
    def _near(self, goal: Term) -> Theorem | None:
        """What holds everywhere holds near a point; numbers stay positive, or other than 0."""
        _, sorts, _, everywhere = goal
        for sort in reversed(sorts):
            everywhere = node("forall", sort, everywhere)
        found = self.prove(everywhere)
        return None if found is None else kernel.near_all(goal, found)

    # ── Slopes ─────────────────────────────────────────────────────────────────────────────────
    def _slope(self, goal: Term, f: Term, x: Term) -> Theorem | None:
        from proofkit.script.slopes import slope, with_slope

        found = slope(self, f, x)
        return found if found.conclusion == goal else with_slope(self, found, goal[3])

    def _differentiable(self, goal: Term) -> Theorem | None:
        from proofkit.script.slopes import slope

        _, sort, body = goal
        _, f, x, _ = read_by(PLAIN, opened(body, self.fresh(sort)))
        found = slope(self, f, x)
        return kernel.witness(goal, found.conclusion[3], found)

    def _everywhere(self, f: Term) -> Theorem | None:
        _, sort, _ = PLAIN.read(f)[1]
        theorem = fact("differentiable everywhere", *sort[1:], f)
        premise = self.prove(theorem.conclusion[1])
        return None if premise is None else kernel.modus_ponens(theorem, premise)


_SQUARE = "square norm is positive"


def _nonzero(e: Term) -> Term:
    """The claim e ≠ 0."""
    return node("not", ("null", e))


def _places(x: Any, f: Term) -> Iterator[Term]:
    """Where the gradient or the derivative of f is taken in a claim."""
    if type(x) is tuple:
        if x[:1] in (("grad",), ("at",)) and x[1] in (f, node("at", ("word", "derivative"), f)):
            yield x[2]
        for part in x:
            yield from _places(part, f)


def _parts(theorem: Theorem) -> list[Theorem]:
    """A theorem, and its parts if it is a conjunction."""
    if theorem.conclusion[0] != "and":
        return [theorem]
    parts = (kernel.project(theorem, n) for n in range(len(theorem.conclusion[1])))
    return [theorem, *(p for part in parts for p in _parts(part))]
