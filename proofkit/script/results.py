"""Results of a paper: a statement as data, and one or more scripts that prove it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from proofkit.basics.displays import Shown
from proofkit.claims import Claim, ForAll, Implies, encode
from proofkit.kernel import KernelError, Theorem
from proofkit.kernel.binding import free
from proofkit.script.homonyms import refuse_shared_names
from proofkit.script.names import spoken
from proofkit.script.places import raised_at, told
from proofkit.script.proof import Fact, Proof, ScriptError, Step
from proofkit.script.refusals import told_with, unknown_name
from proofkit.script.wording import explained
from proofkit.symbols.faults import LanguageError
from proofkit.trace import (
    RELATIONS,
    Comparison,
    Footprint,
    Prose,
    Source,
    Without,
)

__all__ = ["Hypothesis", "Result", "Route", "Run", "result"]

__tracebackhide__ = True  # pytest shows the script, not what is beneath it


@dataclass(frozen=True)
class Hypothesis:
    """A hypothesis of a result: its claim and what a reader calls it."""

    claim: Claim
    words: Prose


@dataclass(frozen=True)
class Run:
    """A script that ran: its record and the theorem the kernel accepted."""

    proof: Proof
    theorem: Theorem
    footprint: Footprint

    @cached_property
    def steps(self) -> list[Step]:
        """All steps in reading order."""
        return _all_steps(self.proof.steps)


@dataclass
class Route:
    """One way to prove a result."""

    name: str
    script: Callable[..., None]
    _run: Run | None = None


@dataclass
class Result(Shown):
    """A result: variables, hypotheses and conclusion, where it comes from, and its routes."""

    id: str
    title: str
    variables: tuple[Any, ...]
    given: tuple[Hypothesis, ...]
    claim: Claim
    source: Source | None = None
    idea: Prose = Prose()
    notation: tuple[tuple[Any, str], ...] = ()
    symbols: tuple[tuple[Any, Prose], ...] = ()
    comparison: Comparison | None = None
    without: tuple[Without, ...] = ()
    parts: tuple[str, ...] = ()
    """Auxiliary results that carry the argument: reports show their proofs, too."""
    routes: dict[str, Route] = field(default_factory=dict)

    @property
    def statement(self) -> Claim:
        """The whole statement, for all values of its variables."""
        return ForAll(*self.variables, Implies(*(h.claim for h in self.given), self.claim))

    def route(self, name: str = "") -> Callable[[Callable[..., None]], Callable[..., None]]:
        """Enter a script as a route to this result.

        Without a name the first is called main, and others as their scripts are.
        """

        if not isinstance(name, str):
            hint = f"write @{self.id.replace('-', '_')}.route()"
            problem = told_with(
                f"a route to {self.id} is entered with brackets: .route()", hint=hint
            )
            raise ScriptError(None, problem)

        def enter(script: Callable[..., None]) -> Callable[..., None]:
            called = name or ("main" if not self.routes else script.__name__.replace("_", "-"))
            if called in self.routes:
                raise ScriptError(None, f"{self.id} has a route {called!r} already")
            self.routes[called] = Route(called, script)
            return script

        return enter

    def run(self, route: str = "") -> Run:
        """Run a route's script (the first route's when none is named) through the kernel.

        Raises `ScriptError` when the script does not prove the statement or states a step it
        does not use.
        """
        if not self.routes:
            raise ScriptError(None, f"{self.id} has no proof")
        name = route or next(iter(self.routes))
        if name not in self.routes:
            raise ScriptError(None, f"{self.id}: {unknown_name('route', name, list(self.routes))}")
        chosen = self.routes[name]
        if chosen._run is None:
            with _apart(self.id, name):
                chosen._run = self._executed(chosen.script)
        return chosen._run

    def _executed(self, script: Callable[..., None]) -> Run:
        proof = Proof()
        facts = [proof.given(h.claim, h.words) for h in self.given]
        _takes(script, len(facts))
        code = getattr(script, "__code__", None)
        for fact in facts if code is not None else ():
            fact.step.place = (code.co_filename, code.co_firstlineno)  # type: ignore[union-attr]
        try:
            script(proof, *facts)
            theorem = proof.conclude(self.variables)
        except (KernelError, LanguageError) as fault:
            problem, place = explained(fault), raised_at(fault)
            raise ScriptError(self.statement, problem, cause=fault, place=place) from None
        except ScriptError:
            raise
        except (Exception, SystemExit) as fault:  # whatever a script does wrong, in words
            problem = f"the script stopped with {told(fault)}"
            raise ScriptError(None, problem, place=raised_at(fault)) from fault
        place = proof.steps[-1].place if proof.steps else ("", 0)
        if theorem.hypotheses:
            problem = told_with(
                "the proof still rests on open suppositions",
                found=theorem.hypotheses,
                hint="they were made in a block: what is shown there stays there",
            )
            raise ScriptError(self.statement, problem, place=place)
        if theorem.conclusion != encode(self.statement):
            last = f"ends with {proof.steps[-1].claim}" if proof.steps else "states nothing"
            problem = told_with(
                f"was to be proved, but the script {last}",
                hint=f"the last step states the claim, {self.claim}",
            )
            raise ScriptError(self.statement, problem, place=place)
        if loose := free(theorem.conclusion):
            names = ", ".join(sorted(loose))
            problem = told_with(
                f"speaks of {names}, not among its variables", hint="list them in variables=(…)"
            )
            raise ScriptError(self.statement, problem, place=place)
        footprint = examine(proof, theorem)
        return Run(proof, theorem, footprint)

    def theorem(self, route: str = "") -> Theorem:
        """⊢ the statement, proved by the route."""
        return self.run(route).theorem


_RUNNING: ContextVar[tuple[tuple[str, str], ...]] = ContextVar("running", default=())
"""The results that are being proved, each for the sake of the one before."""


@contextmanager
def _apart(id: str, route: str) -> Iterator[None]:
    """Refuse a proof that needs itself."""
    running = _RUNNING.get()
    if (id, route) in running:
        circle = [name for name, _ in running[running.index((id, route)) :]]
        raise ScriptError(
            None,
            f"the proof of {id} needs {id} itself ({' → '.join([*circle, id])}); "
            "use results that are proved without it",
        )
    token = _RUNNING.set((*running, (id, route)))
    try:
        yield
    finally:
        _RUNNING.reset(token)


def _takes(script: Callable[..., None], hypotheses: int) -> None:
    """`ScriptError` at once if the script cannot be called with so many facts."""
    try:
        signature = inspect.signature(script)
    except (TypeError, ValueError):
        return
    try:
        signature.bind(None, *[None] * hypotheses)
    except TypeError:
        wanted = ", ".join(["proof", *(f"h{n}" for n in range(1, hypotheses + 1))])
        fault = ScriptError(
            None,
            told_with(
                "a script takes the proof and a fact for each hypothesis of the result",
                f"{script.__name__}({wanted})",
                f"{script.__name__}{signature}",
                "give it these arguments, or correct the hypotheses of the result",
            ),
        )
        code = getattr(script, "__code__", None)
        if code is not None:
            fault.place = (code.co_filename, code.co_firstlineno)
        raise fault from None


def result(
    id: str,
    title: str,
    *,
    variables: Sequence[Any],
    given: Sequence[tuple[Claim, Prose | str]],
    claim: Claim,
    **about: Any,
) -> Result:
    """State a result; enter its proofs with ``@name.route()``.

    Words may be plain strings, in which ``{W}`` is what the script calls W.

    In ``without``, what breaks without a hypothesis may be written as a pair of the hypothesis's
    number (from 0) and the name of an example or a reason; a ``comparison`` in prose begins with
    its relation: "Stronger: …".
    """
    if isinstance(about.get("comparison"), Prose):
        about["comparison"] = compare(about["comparison"])
    if "without" in about:
        about["without"] = tuple(_without(one, len(given)) for one in about["without"])
    if "idea" in about:
        about["idea"] = _prose(about["idea"])
    if "symbols" in about:
        about["symbols"] = tuple((term, _prose(words)) for term, words in about["symbols"])
    hypotheses = tuple(_hypothesis(number, one) for number, one in enumerate(given, start=1))
    # Names first, so that they are what a message speaks of.
    claims = (*(h.claim for h in hypotheses), claim)
    refuse_shared_names(id, variables, [one for one in claims if isinstance(one, Claim)])
    for one in claims:
        encode(one)
    return Result(id, title, tuple(variables), hypotheses, claim, **about)


def _hypothesis(number: int, one: Any) -> Hypothesis:
    if not isinstance(one, tuple) or len(one) != 2 or not isinstance(one[1], (str, Prose)):
        raise ScriptError(
            None,
            told_with(
                f"hypothesis {number} is a pair (claim, words for the reader)",
                found=str(one),
                hint='write (claim, "what it says")',
            ),
        )
    return Hypothesis(one[0], _prose(one[1]))


def _prose(words: Prose | str) -> Prose:
    return spoken(words, {}) if isinstance(words, str) else words


def compare(words: Prose) -> Comparison:
    """A comparison from prose that begins with Faithful, Stronger or Weaker.

    >>> from proofkit.trace import prose
    >>> compare(prose("Stronger: no convexity."))
    Comparison(relation='stronger', words=Prose(parts=('No convexity.',)))
    """
    first, *rest = words.parts or ("",)
    for relation in RELATIONS:
        head = f"{relation.capitalize()}"
        if isinstance(first, str) and first.startswith(head):
            told = first.removeprefix(f"{head}: ")
            return Comparison(relation, Prose((told[:1].upper() + told[1:], *rest)))
    raise ValueError(f"a comparison begins with {', '.join(RELATIONS)}: {first!r}")


def _without(one: Without | tuple[int, str | Prose], hypotheses: int) -> Without:
    if not isinstance(one, Without):
        number, shown = one
        if isinstance(shown, str):
            # The name of an example is one word, a reason is a sentence.
            shown = Prose((shown,)) if " " in shown else shown
        one = Without(number, shown) if isinstance(shown, str) else Without(number, words=shown)
    if not 0 <= one.hypothesis < hypotheses:
        raise ValueError(f"there is no hypothesis {one.hypothesis}: there are {hypotheses}")
    return one


# ── What a proof really used ───────────────────────────────────────────────────────────────────
def _all_steps(steps: Sequence[Step]) -> list[Step]:
    return [s for step in steps for s in (step, *_all_steps(step.children))]


def examine(proof: Proof, theorem: Theorem) -> Footprint:
    """Fill in what each step really used, refuse unused steps, and count the rules.

    What a step used is read off the kernel's own record of inferences, so that facts a tactic
    took from the scope without being told are shown too.
    """
    owner: dict[int, Fact] = {}
    for fact in proof.record:
        owner.setdefault(id(fact.theorem), fact)
    reached: set[int] = set()
    counts: dict[str, int] = {}
    stack = [theorem]
    while stack:
        current = stack.pop()
        if id(current) in reached:
            continue
        reached.add(id(current))
        inference = current.inference
        rule = inference.rule
        if rule == "textbook":
            rule += f": {inference.data[0]}"
        counts[rule] = counts.get(rule, 0) + 1
        stack.extend(inference.premises)
    for step in _all_steps(proof.steps):
        own = proof.by_step.get(id(step), [])
        if step.kind == "have" and not any(id(f.theorem) in reached for f in own):
            problem = told_with(
                "is stated but not used in the proof",
                hint="use it in a later step, or leave it out",
            )
            raise ScriptError(step.claim, problem, place=step.place)
        if own and step.kind not in ("given", "suppose"):
            step.uses, step.inferences = _used(own[0], owner)
    rules = {n: k for n, k in counts.items() if n.startswith("textbook: ")}
    return Footprint(
        tuple((n.removeprefix("textbook: "), k) for n, k in sorted(rules.items())),
        tuple(sorted((n, k) for n, k in counts.items() if n not in rules)),
        tuple(proof.used_results),
        inferences=len(reached),
    )


def _used(fact: Fact, owner: dict[int, Fact]) -> tuple[tuple[Fact, ...], int]:
    """The recorded facts directly below a fact, and how many inferences lie between."""
    first = owner.get(id(fact.theorem), fact)
    if first.step is not fact.step:
        return (first,), 1  # the same theorem, in other words
    found: dict[int, Fact] = {}
    seen: set[int] = set()
    stack = list(fact.theorem.inference.premises)
    while stack:
        current = stack.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        known = owner.get(id(current))
        if known is not None and known.step is not fact.step:
            found.setdefault(id(known.step), known)
        else:
            stack.extend(current.inference.premises)
    return tuple(found.values()), len(seen) + 1
