"""Routine: what a reader supplies unasked, slopes, continuity, signs and the conditions of facts.

`Routine.prove` looks for a proof by known claims, by the ledger's facts about words and by going
into quantifiers; `proofkit.script.slopes` adds the calculus.  Nothing here is trusted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import count
from typing import Any

from proofkit import kernel
from proofkit.kernel import KernelError, Theorem
from proofkit.kernel.binding import closed, opened
from proofkit.kernel.claims import negation
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.reading import PLAIN, claim, read_by
from proofkit.kernel.terms import REAL, as_term, number, plus, scaled
from proofkit.kernel.words import spine
from proofkit.script.matching import applied, fact
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
            found = kernel.assume(goal)
            self.known.append(found)
        return found

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
                return self.order(goal)
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

    def gradient_of(self, f: Term, goal: Term) -> Theorem | None:
        """⊢ the goal, if it is about the derivative of f: what it is somewhere, or everywhere."""
        if goal[0] == "forall":
            x = self.fresh(goal[1])
            inside = read_by(PLAIN, opened(goal[2], as_term(x, goal[1])))
            found = self.gradient_of(f, inside)
            return None if found is None else kernel.generalise(x, found)
        if goal[0] == "and":
            parts = [self.gradient_of(f, part) for part in goal[1]]
            return kernel.conjoin(*parts) if None not in parts else None  # type: ignore[arg-type]
        if goal[0] != "null":
            return self.prove(goal)
        from proofkit.script.slopes import gradient, slope

        for at in dict.fromkeys(_places(goal, f)):
            return gradient(self, slope(self, f, at))
        raise KernelError("differentiate", "the claim does not speak of this derivative", f, goal)

    # ── Numbers ────────────────────────────────────────────────────────────────────────────────
    def _order(self, goal: Term) -> Theorem | None:
        """An order of numbers, entries of what is given entry by entry looked up."""
        equations = list(self._entries(goal[1]))
        e = goal[1]
        for _, atom, value in equations:
            e = _put(e, atom, value)
        wanted = node(goal[0], e)
        found = prove_order(wanted, self.known, self.prove)
        if found is None or not equations:
            return found
        scales = [(found, number(1))]
        rest = plus(goal[1], e, -1)
        for theorem, atom, _ in equations:
            scales += _share(theorem, atom, rest)
        try:
            return kernel.arithmetic(goal, scales)
        except KernelError:
            return None

    def _entries(self, e: Term) -> Iterator[tuple[Theorem, Term, Term]]:
        """What the entries in a number are, as facts tell: the fact, the entry, and its value."""
        for (monomial, _), _ in e[1]:
            for atom, _ in monomial:
                found = self.entry(atom)
                if found is not None:
                    yield found, atom, _other_side(found, atom)

    def entry(self, atom: Term) -> Theorem | None:
        """⊢ the entry of a matrix that is given entry by entry = its value."""
        if spine(atom)[0] != ("word", "entry"):
            return None
        for name in _ENTRIES:
            theorem = kernel.textbook(name)
            found = applied(
                theorem, as_term(atom, REAL), self.prove, lambda c: as_term(_entry_of(c), REAL)
            )
            if found is not None:
                return found
        return None

    def _nonzero(self, goal: Term, e: Term) -> Theorem | None:
        """e ≠ 0 for a number, because it is > 0 or < 0."""
        if e[0] != "num":
            return None
        for sign in (1, -1):
            positive = self.prove(node("rpos", scaled(e, sign)))
            if positive is not None:
                zero = kernel.assume(negation(goal))
                wrong = kernel.arithmetic(
                    ("false",), [(positive, number(1)), (zero, number(-sign))]
                )
                return kernel.reductio(zero.conclusion, wrong)
        return None

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


_ENTRIES = (
    *("entry of ones", "entry of hadamard", "entry of entrywise", "diagonal of diag"),
    *("entry of diagonal", "diagonal of identity", "entry of transpose"),
)


def _entry_of(equation: Term) -> Term:
    """The entry of a word in an equation of a fact about it: the atom that is longest."""
    atoms = [a for (m, _), _ in equation[1][1] for a, _ in m if spine(a)[0] == ("word", "entry")]
    return max(atoms, key=lambda atom: len(str(atom)))


def _other_side(theorem: Theorem, atom: Term) -> Term:
    """What the atom is equal to."""
    e = theorem.conclusion[1]
    value = as_term(atom, REAL)
    sign = next(p for (m, _), (p, _) in e[1] if m == ((atom, 1),))
    return plus(value, e, -sign)


def _put(e: Term, atom: Term, value: Term) -> Term:
    """The number with a value for the atom."""
    x = node("var", "_put", REAL)
    names = {atom: x}

    def walk(part: Any) -> Any:
        if type(part) is not tuple:
            return part
        return names[part] if part in names else node(*map(walk, part))

    return read_by(PLAIN, opened(closed(walk(e), x), value))


def _share(theorem: Theorem, atom: Term, rest: Term) -> list[tuple[Theorem, Term]]:
    """How often an equation of an atom is to be used: as often as the atom stands in the rest."""
    sign = next(p for (m, _), (p, _) in theorem.conclusion[1][1] if m == ((atom, 1),))
    times_ = [(p, q) for (m, _), (p, q) in rest[1] if m == ((atom, 1),)]
    return [(theorem, number(sign * p, q)) for p, q in times_]
