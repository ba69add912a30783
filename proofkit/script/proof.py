"""A proof under construction: scopes of facts, and blocks that close them by the kernel's rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from copy import copy
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from proofkit import kernel
from proofkit.claims import (
    And,
    Between,
    Claim,
    Contradiction,
    Exists,
    ForAll,
    Implies,
    LessEqual,
    LocalMinimum,
    Near,
    Not,
    Or,
    encode,
)
from proofkit.kernel import KernelError, Theorem
from proofkit.kernel.nodes import Term
from proofkit.script.derived import descent
from proofkit.script.names import spoken
from proofkit.script.places import caller
from proofkit.script.ranges import Ranges, relations_in
from proofkit.script.refusals import ScriptError, refusal, told_with
from proofkit.script.wording import text
from proofkit.symbols import encode_term, encode_variable
from proofkit.symbols.faults import LanguageError
from proofkit.trace import Prose, Remark

if TYPE_CHECKING:
    from proofkit.script.tactics import Tactic

__all__ = ["Block", "Fact", "Proof", "ScriptError", "Step", "Tried"]

__tracebackhide__ = True  # pytest shows the script, not what is beneath it

MOST_BEATS = 9
"""More than nine things nobody keeps in mind (at the blackboard it is seven)."""


@dataclass
class Step:
    """One recorded step; `variables` and `centres` say what a block fixes or obtains."""

    kind: str
    claim: Claim
    rule: str
    uses: tuple[Fact, ...] = ()
    words: Prose = Prose()
    remarks: tuple[Remark, ...] = ()
    variables: tuple[Any, ...] = ()
    centres: tuple[Any, ...] = ()
    children: list[Step] = field(default_factory=list)
    inferences: int = 0
    place: tuple[str, int] = field(default_factory=caller, compare=False)
    """The file and line of the script that states it."""
    proved: Term = ()
    """What the kernel proved, or supposed, there; a page shows the claim only if it says that."""


@dataclass(eq=False)
class Fact:
    """A claim with the theorem that proves it, and the step that states it."""

    claim: Claim
    theorem: Theorem
    step: Step | None = None

    def __repr__(self) -> str:
        return f"Fact({self.claim})"


@dataclass
class _Scope:
    steps: list[Step]
    facts: list[Fact] = field(default_factory=list)
    relations: list[Theorem] = field(default_factory=list)  # those of the facts between indices
    obtained: list[tuple[Theorem, Term]] = field(default_factory=list)
    place: tuple[str, int] = ("", 0)

    def enter(self, fact: Fact) -> None:
        self.facts.append(fact)
        if not isinstance(fact.claim, Between):  # whose halves are facts of their own
            self.relations.extend(relations_in(fact.theorem))

    def forget(self, step: Step | None) -> None:
        """Let no tactic find what the step states; a script may still name it."""
        kept = [fact for fact in self.facts if fact.step is not step]
        self.facts, self.relations = [], []
        for fact in kept:
            self.enter(fact)


@dataclass(frozen=True)
class Tried:
    """A step that was refused, with the proof as it stood, so that it can be tried otherwise."""

    proof: Proof
    by: Tactic
    claim: Claim

    @property
    def others(self) -> list[Fact]:
        """The facts in scope that the step was not given."""
        given = {id(fact) for fact in self.by.uses}
        return [fact for fact in self.proof.facts if id(fact) not in given]

    def missing(self) -> list[Fact]:
        """Facts in scope that the step was not given and with which it follows, if there are any.

        The last `MOST_TRIED` of its kind are tried, first together, then fewer.
        """
        wanted = encode(self.claim)
        kept = [f for f in self.others if _is_like(f.theorem.conclusion, wanted)][-MOST_TRIED:]
        if getattr(self.by, "more", None) is None or not kept or not self._follows(kept):
            return []
        for fact in list(kept):
            fewer = [one for one in kept if one is not fact]
            if fewer and self._follows(fewer):
                kept = fewer
        return kept

    def _follows(self, facts: Sequence[Fact]) -> bool:
        by = self.by.more(*facts) if self.by.more is not None else self.by
        with suppress(KernelError, LanguageError, ScriptError):
            self.proof.prove(self.claim, by)
            return True
        return False


def _is_like(claim: Term, wanted: Term) -> bool:
    """Whether both are equations between matrices, or both between numbers."""
    return claim[0] == wanted[0] == "null" and bool(claim[1][0] == wanted[1][0])


MOST_TRIED = 8
"""Facts that may have been forgotten and are tried."""


class Block:
    """A closed part of a proof; ``fact`` is what it proved, once it is closed."""

    def __init__(self) -> None:
        self.fact: Fact = None  # type: ignore[assignment]
        self.given: tuple[Fact, ...] = ()


class Proof:
    """The record of a proof while a script writes it."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self._scopes = [_Scope(self.steps)]
        self.hypotheses: list[Fact] = []
        self.used_results: list[str] = []
        self.record: list[Fact] = []
        self.by_step: dict[int, list[Fact]] = {}
        self.ranges = Ranges(self)
        self._beats, self._beating = 0, False

    # ── Stating ────────────────────────────────────────────────────────────────────────────────
    @property
    def facts(self) -> Iterator[Fact]:
        """All facts in scope, the oldest first."""
        for scope in self._scopes:
            yield from scope.facts

    @property
    def relations(self) -> Iterator[Theorem]:
        """The relations between indices among the facts in scope, the oldest first."""
        for scope in self._scopes:
            yield from scope.relations

    def given(self, claim: Claim, words: Prose = Prose()) -> Fact:
        """State a hypothesis of the result."""
        fact = self._assume(claim, "given", words)
        self.hypotheses.append(fact)
        return fact

    def have(
        self,
        claim: Claim,
        *told: str | Tactic,
        words: str = "",
        using: Sequence[Any] = (),
        by: Tactic | None = None,
        remarks: Sequence[Remark] = (),
        **formulas: Any,
    ) -> Fact:
        """State a claim that follows, with words for the reader: ``have(claim, words, using=[…])``.

        What lies behind it is looked for (`proofkit.script.search`): from the facts and earlier
        results ``using`` names, and otherwise from those in scope.  ``by`` names a tactic instead,
        which may also stand before the words.  `ScriptError` where nothing is found.

        >>> from proofkit.claims import Equal
        >>> from proofkit.script import Proof
        >>> from proofkit.symbols import Identity, MatrixVariable, natural
        >>> n = natural("n")
        >>> A, B, C = (MatrixVariable(name, n, n) for name in "ABC")
        >>> proof = Proof()
        >>> left = proof.given(Equal(B * A, Identity(n)))
        >>> right = proof.given(Equal(A * C, Identity(n)))
        >>> fact = proof.have(Equal(B, C), "Two-sided inverses agree.", using=[left, right])
        >>> fact.claim, fact.step.rule
        (B = C, 'algebra')
        """
        by, words = _arguments(claim, told, words, by, using)
        theorem = self.prove(claim, by)
        step = Step("have", claim, by.rule, by.uses, spoken(words, formulas), tuple(remarks))
        return self._add(Fact(claim, theorem, step))

    def prove(self, claim: Claim, by: Tactic) -> Theorem:
        """The theorem the tactic finds for the claim; `ScriptError` if it finds none."""
        goal = encode(claim)
        try:
            theorem = by.find(self, claim, goal)
            if theorem.conclusion != goal:
                theorem = self.ranges.restate(goal, theorem)
        except (KernelError, LanguageError, ScriptError) as fault:
            problem, tried = refusal(by.rule, goal, fault), Tried(self._as_it_stands(), by, claim)
            raise ScriptError(claim, problem, self._given(by), tried, fault) from None
        return theorem

    def _as_it_stands(self) -> Proof:
        """A copy that stays as it is when blocks are left."""
        other = copy(self)
        other._scopes = [
            replace(s, facts=[*s.facts], relations=[*s.relations]) for s in self._scopes
        ]
        other.used_results, other.ranges = [*self.used_results], Ranges(other)
        return other

    def _given(self, by: Tactic) -> list[Claim]:
        """What a tactic may use: the facts it names, and all relations between indices.

        Another result takes what it needs from everything in scope.
        """
        if by.rule.startswith("result: "):
            return [fact.claim for fact in (*by.uses, *self.facts)]
        ranges = [f for f in self.facts if relations_in(f.theorem)]
        return [fact.claim for fact in (*by.uses, *ranges)]

    def obtain(
        self,
        existence: Fact,
        *variables: Any,
        words: str = "",
        remarks: Sequence[Remark] = (),
        **formulas: Any,
    ) -> tuple[Fact, ...]:
        """Name witnesses of an existential fact; gives the claims they satisfy, one by one."""
        claim = existence.claim
        things = claim.variables if isinstance(claim, Exists) else ()
        if len(things) != len(variables):
            raise ScriptError(
                claim,
                told_with(
                    "obtain names each thing that exists, in order, and no other",
                    f"{len(things)} ({', '.join(map(str, things)) or 'it does not say so of any'})",
                    f"{len(variables)} ({', '.join(map(str, variables)) or 'none'})",
                    f"write obtain(…, {', '.join(map(str, things))})"
                    if things
                    else "state that it exists, with witness(…)",
                ),
            )
        body = claim.body.xreplace(dict(zip(claim.variables, variables, strict=True)))
        scope = self._scopes[-1]
        theorem = existence.theorem
        for n, variable in enumerate(variables):
            rest = variables[n + 1 :]
            opened = Exists(*rest, body) if rest else body
            scope.obtained.append((theorem, encode_variable(variable)))
            theorem = kernel.assume(encode(opened))
        step = Step(
            "obtain",
            body,
            "obtain",
            (existence,),
            spoken(words, formulas),
            tuple(remarks),
            variables=variables,
        )
        step.proved = theorem.conclusion
        scope.steps.append(step)
        return self._split(body, theorem, step)

    def _split(self, claim: Claim, theorem: Theorem, step: Step) -> tuple[Fact, ...]:
        parts = claim.args if isinstance(claim, And) else (claim,)
        facts = []
        for n, part in enumerate(parts):
            proved = theorem if len(parts) == 1 else kernel.project(theorem, n)
            facts.append(self._with_bounds(Fact(part, proved, step)))
        return tuple(facts)

    def _with_bounds(self, fact: Fact) -> Fact:
        """The fact in scope; of a conjunction, such as lo ≤ i ≤ hi, also its parts."""
        self._enter(fact)
        claim = fact.claim.meaning() if isinstance(fact.claim, Between) else fact.claim
        if isinstance(claim, And):
            for n, half in enumerate(claim.args):
                self._enter(Fact(half, kernel.project(fact.theorem, n), fact.step))
        return fact

    def _enter(self, fact: Fact) -> None:
        self._scopes[-1].enter(fact)
        self.record.append(fact)
        self.by_step.setdefault(id(fact.step), []).append(fact)

    def _add(self, fact: Fact) -> Fact:
        if fact.step is not None:
            fact.step.proved = fact.theorem.conclusion
            self._scopes[-1].steps.append(fact.step)
        return self._with_bounds(fact)

    def _assume(self, claim: Claim, kind: str, words: Prose = Prose()) -> Fact:
        step = Step(kind, claim, kind, (), words)
        return self._add(Fact(claim, kernel.assume(encode(claim)), step))

    # ── Beats ──────────────────────────────────────────────────────────────────────────────────
    @contextmanager
    def beat(
        self,
        words: str,
        *,
        show: Claim | None = None,
        remarks: Sequence[Remark] = (),
        **formulas: Any,
    ) -> Iterator[None]:
        """Say in a sentence, as at the blackboard, what the steps inside come to.

        A beat closes nothing: what is stated inside stays in scope after it.  Its claim is that of
        its last step, which ``show`` may say in other words.  Beats hold no beats, and a route has
        at most nine; `ScriptError` otherwise.
        """
        scope = self._scopes[-1]
        if self._beating:
            raise ScriptError(show, "a beat is begun inside a beat: end the one before first")
        if self._beats == MOST_BEATS:
            raise ScriptError(show, f"a route has at most {MOST_BEATS} beats: join some of them")
        outer, step = scope.steps, Step("beat", show or Contradiction(), "beat")
        step.words, step.remarks = spoken(words, formulas), tuple(remarks)
        outer.append(step)
        self._beats += 1
        scope.steps, self._beating = step.children, True
        try:
            yield
        finally:
            scope.steps, self._beating = outer, False
        if not step.children:
            raise ScriptError(show, f"the beat {words!r} holds no step")
        step.claim = self._expect(self._last_claim(step), show)
        step.proved = step.children[-1].proved

    # ── Blocks ─────────────────────────────────────────────────────────────────────────────────
    @contextmanager
    def _scope(self, step: Step) -> Iterator[list[Theorem]]:
        """Open a scope below the step; on leaving, the theorem its last fact gives is put out."""
        self._scopes[-1].steps.append(step)
        self._scopes.append(_Scope(step.children, place=step.place))
        out: list[Theorem] = []
        try:
            yield out
            scope = self._scopes[-1]
            out.append(self._closed(scope))
        finally:
            self._scopes.pop()

    def _closed(self, scope: _Scope) -> Theorem:
        steps = scope.steps
        while steps and steps[-1].kind == "beat":
            steps = steps[-1].children
        last = next((f for f in scope.facts if steps and f.step is steps[-1]), None)
        if last is None:
            problem = "a block must end with a fact\n  hint: state what it shows with have(…)"
            raise ScriptError(
                None, problem, place=scope.steps[-1].place if scope.steps else scope.place
            )
        theorem = last.theorem
        for existence, variable in reversed(scope.obtained):
            try:
                theorem = kernel.obtain(existence, variable, theorem)
            except KernelError as fault:
                name = text(variable)
                raise ScriptError(
                    last.claim,
                    told_with(
                        f"ends a block in which {name} was obtained, so it may not speak of {name}",
                        hint=f"end with a claim without {name}: that something exists, by "
                        "witness(…)",
                    ),
                    place=scope.steps[-1].place,
                    cause=fault,
                ) from None
        return theorem

    def _last_claim(self, step: Step) -> Claim:
        return step.children[-1].claim

    @contextmanager
    def for_all(
        self,
        *variables: Any,
        given: Sequence[Claim] = (),
        show: Claim | None = None,
        words: str = "",
        remarks: Sequence[Remark] = (),
        **formulas: Any,
    ) -> Iterator[Block]:
        """Fix variables and suppose claims about them; proves ∀ variables. given → last claim.

        ``show`` says the same in other words, those a reader is told: "M is a global minimum".
        """
        block = Block()
        step = Step(
            "fix",
            show or Contradiction(),
            "generalise",
            (),
            spoken(words, formulas),
            tuple(remarks),
            variables=variables,
        )
        with self._scope(step) as out:
            block.given = tuple(self._assume(claim, "suppose") for claim in given)
            yield block
        theorem = out[0]
        for claim in reversed(given):
            theorem = kernel.discharge(encode(claim), theorem)
        theorem = _generalised(variables, theorem, step)
        step.claim = self._expect(ForAll(*variables, Implies(*given, self._last_claim(step))), show)
        block.fact = self._closing(step, theorem)

    def _expect(self, found: Claim, wanted: Claim | None) -> Claim:
        """What a block proves, in the words it was announced in, if it was."""
        if wanted is not None and encode(found) != encode(wanted):
            raise ScriptError(wanted, f"was announced, but the block proves {found}")
        return wanted or found

    def _closing(self, step: Step, theorem: Theorem) -> Fact:
        if theorem.conclusion != encode(step.claim):
            theorem = self.ranges.restate(encode(step.claim), theorem)
        step.proved = theorem.conclusion
        fact = Fact(step.claim, theorem, step)
        self._enter(fact)
        return fact

    @contextmanager
    def contradicting(
        self,
        goal: Claim,
        suppose: Claim | None = None,
        words: str = "",
        remarks: Sequence[Remark] = (),
        **formulas: Any,
    ) -> Iterator[Block]:
        """Suppose the opposite and reach a contradiction; proves the goal."""
        block = Block()
        opposite = suppose if suppose is not None else Not(goal)
        step = Step("suppose", goal, "reductio", (), spoken(words, formulas), tuple(remarks))
        with self._scope(step) as out:
            block.given = (self._assume(opposite, "suppose"),)
            yield block
        block.fact = self._closing(step, kernel.reductio(encode(opposite), out[0]))

    @contextmanager
    def cases(
        self,
        disjunction: Fact,
        show: Claim,
        words: str = "",
        remarks: Sequence[Remark] = (),
        **formulas: Any,
    ) -> Iterator[_Cases]:
        """Prove ``show`` in each case of a disjunction; open each with ``case()``, in order."""
        step = Step("cases", show, "cases", (disjunction,), spoken(words, formulas), tuple(remarks))
        self._scopes[-1].steps.append(step)
        cases = _Cases(self, disjunction, show, step)
        yield cases
        theorem = kernel.cases(disjunction.theorem, *cases.branches)
        cases.fact = self._closing(step, theorem)

    @contextmanager
    def induction(
        self,
        variable: Any,
        start: Any,
        claim: Claim,
        *,
        down: bool = False,
        until: Any = None,
        words: str = "",
        remarks: Sequence[Remark] = (),
        **formulas: Any,
    ) -> Iterator[_Induction]:
        """Prove the claim for all ``variable`` ≥ start (≤ start when ``down``) by induction.

        With ``until`` the claim is for the indices from ``start`` to ``until`` only.
        """
        bound = LessEqual(variable, start) if down else LessEqual(start, variable)
        end = None
        if until is not None:
            end = LessEqual(until, variable) if down else LessEqual(variable, until)
        inner = claim if end is None else Implies(end, claim)
        whole = ForAll(variable, Implies(bound, inner))
        shown = whole if end is None else ForAll(variable, Implies(bound, end, claim))
        step = Step(
            "induction",
            shown,
            "descent" if down else "induction",
            (),
            spoken(words, formulas),
            tuple(remarks),
            variables=(variable,),
        )
        self._scopes[-1].steps.append(step)
        parts = _Induction(self, variable, start, claim, bound, end, -1 if down else 1, step)
        yield parts
        rule = descent if down else kernel.induction
        predicate = encode(ForAll(variable, inner))
        theorem = rule(predicate, encode_term(start), parts.base_theorem, parts.step_theorem)
        parts.fact = self._closing(step, theorem)

    @contextmanager
    def near(
        self,
        *pairs: tuple[Any, Any],
        using: Sequence[Fact] = (),
        show: Claim | None = None,
        words: str = "",
        remarks: Sequence[Remark] = (),
        **formulas: Any,
    ) -> Iterator[Block]:
        """Fix variables near their centres, where the facts ``using`` hold; proves Near last.

        ``show`` says the same in other words, those a reader is told: "M is a local minimum".
        """
        block = Block()
        variables = tuple(v for v, _ in pairs)
        step = Step(
            "near",
            show or Contradiction(),
            "near: consequence",
            tuple(using),
            spoken(words, formulas),
            tuple(remarks),
            variables=variables,
            centres=tuple(c for _, c in pairs),
        )
        bodies = [self._near_body(fact, variables) for fact in using]
        with self._scope(step) as out:
            block.given = tuple(self._assume(body, "suppose") for body in bodies)
            yield block
        step.claim = self._expect(Near(*pairs, self._last_claim(step)), show)
        theorem = out[0]
        for body in reversed(bodies):
            theorem = kernel.discharge(encode(body), theorem)
        theorem = _generalised(variables, theorem, step)
        goal = encode(step.claim)
        block.fact = self._closing(
            step, kernel.near_all(goal, theorem, *(fact.theorem for fact in using))
        )

    def _near_body(self, fact: Fact, variables: tuple[Any, ...]) -> Claim:
        claim = fact.claim.meaning() if isinstance(fact.claim, LocalMinimum) else fact.claim
        if not isinstance(claim, Near):
            raise ScriptError(claim, "is not a claim about all values near a point")
        bound = tuple(v for v, _ in claim.pairs)
        body: Claim = claim.body.xreplace(dict(zip(bound, variables, strict=True)))
        return body

    # ── The end ────────────────────────────────────────────────────────────────────────────────
    def conclude(self, variables: Sequence[Any] = ()) -> Theorem:
        """The theorem of the whole script, hypotheses discharged and variables generalised."""
        theorem = self._closed(self._scopes[0])
        for fact in reversed(self.hypotheses):
            theorem = kernel.discharge(encode(fact.claim), theorem)
        for variable in reversed(variables):
            theorem = kernel.generalise(encode_variable(variable), theorem)
        return theorem


def _generalised(variables: Sequence[Any], theorem: Theorem, step: Step) -> Theorem:
    """The theorem for all values of what a block fixes, which nothing outside may speak of."""
    for variable in reversed(variables):
        try:
            theorem = kernel.generalise(encode_variable(variable), theorem)
        except KernelError as fault:
            raise ScriptError(
                None,
                told_with(
                    f"the block fixes {variable}, and what it shows rests on a fact about this "
                    f"very {variable}, so it is not shown for every {variable}",
                    f"no fact from outside speaks of {variable}",
                    fault.found,
                    "fix a variable of another name",
                ),
                place=step.place,
                cause=fault,
            ) from None
    return theorem


def _arguments(
    claim: Claim,
    told: tuple[str | Tactic, ...],
    words: str,
    by: Tactic | None,
    using: Sequence[Any],
) -> tuple[Any, str]:
    """The tactic and the words that `Proof.have` was given, in either order of old and new."""
    if told and hasattr(told[0], "rule") and by is None:
        by, told = told[0], told[1:]  # type: ignore[assignment]
    if told and isinstance(told[0], str) and not words:
        words, told = told[0], told[1:]
    if told or not isinstance(words, str) or not (by is None or hasattr(by, "rule")):
        problem = "have takes a claim and words for the reader, then using=[facts] or by=a tactic"
        raise ScriptError(claim, problem)
    if by is not None:
        if using:
            raise ScriptError(claim, f"by {by.rule}: the tactic names its facts itself, not using")
        return by, words
    from proofkit.script.search import searching

    return searching(*([using] if isinstance(using, Fact) else using)), words


class _Cases(Block):
    """The cases of a disjunction, proved one after the other."""

    def __init__(self, proof: Proof, disjunction: Fact, show: Claim, step: Step) -> None:
        super().__init__()
        self._proof, self._show, self._step = proof, show, step
        claim = disjunction.claim
        self._claims = claim.args if isinstance(claim, Or) else (claim,)
        self.branches: list[Theorem] = []

    @contextmanager
    def case(
        self, words: str = "", remarks: Sequence[Remark] = (), **formulas: Any
    ) -> Iterator[Block]:
        """The next case: its claim is supposed, and the block must end with the goal."""
        if len(self.branches) >= len(self._claims):
            raise ScriptError(self._show, "there is no further case")
        claim = self._claims[len(self.branches)]
        block = Block()
        proof = self._proof
        step = Step("case", claim, "case", (), spoken(words, formulas), tuple(remarks))
        proof._scopes.append(_Scope(self._step.children))
        try:
            with proof._scope(step) as out:
                block.given = (proof._assume(claim, "suppose"),)
                step.proved = block.given[0].theorem.conclusion
                yield block
            goal = encode(self._show)
            theorem = out[0]
            if theorem.conclusion != goal:
                theorem = proof.ranges.restate(goal, theorem)
            self.branches.append(theorem)
        finally:
            proof._scopes.pop()


class _Induction(Block):
    """The two parts of an induction over a layer index."""

    base_theorem: Theorem
    step_theorem: Theorem

    def __init__(
        self,
        proof: Proof,
        variable: Any,
        start: Any,
        claim: Claim,
        bound: Claim,
        end: Claim | None,
        by: int,
        step: Step,
    ) -> None:
        super().__init__()
        self._proof, self._variable, self._start = proof, variable, start
        self._claim, self._bound, self._end, self._by, self._step = claim, bound, end, by, step

    def _at(self, claim: Claim, index: Any) -> Claim:
        moved: Claim = claim.xreplace({self._variable: index})
        return moved

    @contextmanager
    def _part(
        self, title: str, goal: Claim, words: Prose, remarks: Sequence[Remark]
    ) -> Iterator[tuple[Block, list[Theorem]]]:
        block = Block()
        proof = self._proof
        variables = (self._variable,) if title == "step" else ()
        step = Step("case", goal, title, (), words, tuple(remarks), variables=variables)
        proof._scopes.append(_Scope(self._step.children))
        theorems: list[Theorem] = []
        try:
            with proof._scope(step) as out:
                yield block, theorems
            theorem = out[0]
            if theorem.conclusion != encode(goal):
                theorem = proof.ranges.restate(encode(goal), theorem)
            step.proved = theorem.conclusion
            theorems.append(theorem)
        finally:
            proof._scopes.pop()

    @contextmanager
    def base(
        self, words: str = "", remarks: Sequence[Remark] = (), **formulas: Any
    ) -> Iterator[Block]:
        """The claim at the start; with an end, it may be supposed that the start is before it."""
        proof, goal = self._proof, self._at(self._claim, self._start)
        with self._part("base", goal, spoken(words, formulas), remarks) as (block, theorems):
            if self._end is not None:
                block.given = (proof._assume(self._at(self._end, self._start), "suppose"),)
            yield block
        theorem = theorems[0]
        if self._end is not None:
            theorem = kernel.discharge(encode(self._at(self._end, self._start)), theorem)
        self.base_theorem = theorem

    @contextmanager
    def step(
        self, words: str = "", remarks: Sequence[Remark] = (), **formulas: Any
    ) -> Iterator[Block]:
        """The claim at the next index; ``given`` ends with the induction hypothesis.

        It begins with the range: the index is not before the start, and with an end the next
        index is not beyond it.
        """
        proof, here, there = self._proof, self._variable, self._variable + self._by
        goal = self._at(self._claim, there)
        with self._part("step", goal, spoken(words, formulas), remarks) as (block, theorems):
            bound = proof._assume(self._bound, "suppose")
            if self._end is None:
                hypothesis = proof._assume(self._claim, "suppose", INDUCTION_HYPOTHESIS)
                block.given = (bound, hypothesis)
            else:
                last = proof._assume(self._at(self._end, there), "suppose")
                block.given = (bound, last, self._hypothesis(here))
            yield block
        theorem = theorems[0]
        supposed = [self._bound, self._claim]
        if self._end is not None:
            supposed[1] = Implies(self._end, self._claim)
            theorem = kernel.discharge(encode(self._at(self._end, there)), theorem)
        for claim in reversed(supposed):
            theorem = kernel.discharge(encode(claim), theorem)
        self.step_theorem = kernel.generalise(encode_variable(self._variable), theorem)

    def _hypothesis(self, here: Any) -> Fact:
        """The induction hypothesis, its bound met from the range."""
        proof, end = self._proof, self._at(self._end, here) if self._end is not None else None
        supposed = kernel.assume(encode(Implies(*((end,) if end else ()), self._claim)))
        within = proof.ranges.prove(encode(end))
        if within is None:
            raise ScriptError(end, "does not follow from the range of the induction")
        step = Step("suppose", self._claim, "suppose", (), INDUCTION_HYPOTHESIS)
        return proof._add(Fact(self._claim, kernel.modus_ponens(supposed, within), step))


INDUCTION_HYPOTHESIS = Prose(("The induction hypothesis.",))
