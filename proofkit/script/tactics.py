"""Tactics: ways to find the inference behind a stated claim.

A tactic names the rule a reader is told and the facts it uses; it looks for kernel inferences
that end in the claim.  What it finds is checked by the kernel, so a tactic may guess.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from proofkit import kernel
from proofkit.algebra.cofactors import Effort
from proofkit.claims import Abbreviation, Claim, Equal, Exists, ForAll, Near, encode
from proofkit.kernel import KernelError, Theorem
from proofkit.kernel.binding import closed, opened
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.reading import claim as read_claim
from proofkit.script.derived import (
    at_most,
    combined,
    explode,
    is_relation_of_indices,
    least_index,
    less,
    near_nonzero,
    summation,
)
from proofkit.script.derived import excluded_middle as _excluded_middle
from proofkit.script.equations import (
    combination,
    is_matrix_equation,
    layer_equation,
    prove_equation,
)
from proofkit.script.proof import Fact, ScriptError
from proofkit.script.ranges import relations_in
from proofkit.script.refusals import (
    check_arguments,
    fitting,
    other_derivative,
    told_with,
    unknown_name,
)
from proofkit.symbols import (
    FunctionTerm,
    MatrixTerm,
    encode_term,
    encode_variable,
)
from proofkit.symbols.encode import is_index
from proofkit.textbook import FACTS

if TYPE_CHECKING:
    from proofkit.script.proof import Proof
    from proofkit.script.results import Result


@dataclass(frozen=True)
class Tactic:
    """A way to find an inference: the rule's name, the facts used, and the search."""

    rule: str
    uses: tuple[Fact, ...]
    find: Callable[[Proof, Claim, Term], Theorem]
    more: Callable[..., Tactic] | None = None
    """The same with more facts, where it takes any number of them."""

    def __post_init__(self) -> None:
        for used in self.uses:
            if not isinstance(used, Fact):
                raise ScriptError(
                    None,
                    told_with(
                        f"by {self.rule}: a claim is not a fact",
                        "what the script is handed, or what have(…) returns",
                        str(getattr(used, "claim", used)),
                        "state it with have(…), and give what that returns",
                    ),
                )


# ── Algebra and arithmetic ─────────────────────────────────────────────────────────────────────
def algebra(*equations: Fact) -> Tactic:
    """An equation between matrices, by cofactors found by rewriting with the equations."""

    def find(proof: Proof, claim: Claim, goal: Term) -> Theorem:
        return prove_equation(proof, goal, equations, ())

    return Tactic("algebra", equations, find, lambda *more: algebra(*equations, *more))


def cofactors(*terms: tuple[Any, Fact, Any], using: Sequence[Fact] = ()) -> Tactic:
    """An equation between matrices: the terms (left, equation, right), the rest by rewriting.

    ``left`` and ``right`` may be None for the identity.
    """
    used = tuple(dict.fromkeys((*(fact for _, fact, _ in terms), *using)))

    def find(proof: Proof, claim: Claim, goal: Term) -> Theorem:
        try:
            return prove_equation(proof, goal, tuple(using), terms)
        except KernelError:
            # The core claim may be right − left = 0 where its author wrote left = right.
            with suppress(KernelError):
                return prove_equation(proof, goal, tuple(using), terms, sign=-1)
            raise

    return Tactic("algebra", used, find, lambda *more: cofactors(*terms, using=(*using, *more)))


def arithmetic(*facts: Fact) -> Tactic:
    """A relation between indices, widths and ranks, from the facts given and all in scope."""

    def find(proof: Proof, claim: Claim, goal: Term) -> Theorem:
        extra: tuple[Theorem, ...] = ()
        for fact in facts:
            relations = relations_in(fact.theorem)
            if not relations:
                raise ScriptError(fact.claim, "is no relation between indices, widths and ranks")
            extra += tuple(relations)
        if goal[0] == "and":
            return kernel.conjoin(*(find(proof, claim, part) for part in goal[1]))
        theorem = proof.ranges.prove(goal, extra)
        if theorem is None:
            known_ = [f.claim for f in (*facts, *proof.facts) if relations_in(f.theorem)]
            raise ScriptError(
                claim,
                told_with(
                    "it does not follow from the index relations in scope",
                    found="; ".join(map(str, dict.fromkeys(known_))) or "none",
                    hint="state what is missing as a fact, or correct the claim",
                ),
            )
        return theorem

    return Tactic("arithmetic", facts, find)


def real_arithmetic(*facts: Fact, multipliers: Sequence[Any] | None = None) -> Tactic:
    """A relation between real numbers, as a combination of the facts (each once, or as given)."""

    def find(proof: Proof, claim: Claim, goal: Term) -> Theorem:
        scales = [1] * len(facts) if multipliers is None else multipliers
        premises = [fact.theorem for fact in facts]
        return combined(goal, premises, [encode_term(s) for s in scales])

    return Tactic("real arithmetic", facts, find)


# ── Logic ──────────────────────────────────────────────────────────────────────────────────────
def the(fact: Fact) -> Tactic:
    """The fact itself, in other words."""
    return Tactic("restate", (fact,), lambda proof, claim, goal: fact.theorem)


def part(fact: Fact) -> Tactic:
    """One part of a fact that is a conjunction."""

    def find(proof: Proof, claim: Claim, goal: Term) -> Theorem:
        theorem = _find_part(fact.theorem, goal)
        if theorem is None:
            raise ScriptError(claim, f"is no part of {fact.claim}")
        return theorem

    return Tactic("part of a conjunction", (fact,), find)


def _find_part(theorem: Theorem, goal: Term) -> Theorem | None:
    claim = theorem.conclusion
    if claim == goal:
        return theorem
    if claim[0] == "and":
        for n in range(len(claim[1])):
            found = _find_part(kernel.project(theorem, n), goal)
            if found is not None:
                return found
    return None


def both(*facts: Fact) -> Tactic:
    """A conjunction, from its parts in order."""

    def find(proof: Proof, claim: Claim, goal: Term) -> Theorem:
        return _conjunction(goal, [fact.theorem for fact in facts])

    return Tactic("conjunction", facts, find)


def _conjunction(goal: Term, theorems: list[Theorem]) -> Theorem:
    """The goal from theorems for its parts, or of which its parts are parts."""
    for theorem in theorems:
        if (found := _find_part(theorem, goal)) is not None:
            return found
    if goal[0] == "and":
        return kernel.conjoin(*(_conjunction(part, theorems) for part in goal[1]))
    problem = "no fact for this part\n  hint: state it with have(…) and give it, too"
    raise KernelError("conjunction", problem, goal)


def either(fact: Fact) -> Tactic:
    """A disjunction, from one of its parts."""
    return Tactic("disjunction", (fact,), lambda p, c, goal: kernel.either(fact.theorem, goal))


def excluded_middle() -> Tactic:
    """A claim or its negation."""

    def find(proof: Proof, claim: Claim, goal: Term) -> Theorem:
        if goal[0] != "or" or len(goal[1]) != 2:
            raise ScriptError(claim, "is not of the form p ∨ ¬p")
        return _excluded_middle(goal[1][0])

    return Tactic("excluded middle", (), find)


def contradiction(fact: Fact, negation: Fact | None = None) -> Tactic:
    """A contradiction between a fact and its negation (or the index relations in scope)."""
    if negation is None:
        inner = arithmetic(fact)
        return Tactic("contradiction", (fact,), inner.find)

    def find(proof: Proof, claim: Claim, goal: Term) -> Theorem:
        return kernel.contradiction(fact.theorem, negation.theorem)

    return Tactic("contradiction", (fact, negation), find)


def from_contradiction(fact: Fact) -> Tactic:
    """Anything, from a contradiction."""
    return Tactic("ex falso", (fact,), lambda p, c, goal: explode(fact.theorem, goal))


def witness(*terms: Any, facts: Sequence[Fact] = ()) -> Tactic:
    """An existential claim, shown by giving the terms; the facts are about them."""

    def find(proof: Proof, claim: Claim, goal: Term) -> Theorem:
        try:
            return _witness(proof, goal, terms, [fact.theorem for fact in facts])
        except KernelError as fault:
            found = "; ".join(str(fact.claim) for fact in facts) or "no facts"
            hint = "give terms for which it holds, and in facts=[…] what is said of them"
            problem = f"the facts do not say it of {', '.join(map(str, terms)) or 'nothing'}"
            raise KernelError(
                "witness", f"{problem}\n  hint: {hint}", _said_of(claim, terms), found
            ) from fault

    return Tactic("witness", tuple(facts), find)


def _said_of(claim: Claim, terms: Sequence[Any]) -> str:
    """What a claim that something exists says of the terms."""
    if not isinstance(claim, Exists):
        return str(claim)
    pairs = dict(zip(claim.variables, terms, strict=False))
    return str(Exists(*claim.variables[len(terms) :], claim.body).xreplace(pairs))


def _witness(proof: Proof, goal: Term, terms: Sequence[Any], theorems: list[Theorem]) -> Theorem:
    if not terms:
        try:
            return _conjunction(goal, theorems)
        except KernelError:
            known = [proof.ranges.restate(goal, theorem) for theorem in theorems[:1]]
            return _conjunction(goal, known)
    term = encode_term(terms[0], goal[1])
    inner = _witness(proof, read_claim(opened(goal[2], term)), terms[1:], theorems)
    return kernel.witness(goal, term, inner)


def from_(fact: Fact, *terms: Any, premises: Sequence[Fact] = ()) -> Tactic:
    """An instance of a fact about all values; its premises from the facts, or by arithmetic."""

    def find(proof: Proof, claim: Claim, goal: Term) -> Theorem:
        return specialise(proof, fact.theorem, terms, premises, goal)

    return Tactic("instance", (fact, *premises), find)


def specialise(
    proof: Proof, theorem: Theorem, terms: Sequence[Any], premises: Sequence[Fact], goal: Term
) -> Theorem:
    """Instantiate, meeting the premises as they come by the facts or by arithmetic."""
    for term in terms:
        while theorem.conclusion[0] == "implies":
            theorem = kernel.modus_ponens(theorem, meet(proof, theorem.conclusion[1], premises))
        conclusion = theorem.conclusion
        if conclusion[0] != "forall":
            raise KernelError("instance", "more terms than variables", found=conclusion)
        theorem = kernel.instantiate(theorem, encode_term(term, conclusion[1]))
    while theorem.conclusion[0] == "implies" and theorem.conclusion != goal:
        wanted = theorem.conclusion[1]
        theorem = kernel.modus_ponens(theorem, meet(proof, wanted, premises))
    if theorem.conclusion[0] == "and" and goal[0] != "and":
        found = _find_part(theorem, goal)
        theorem = theorem if found is None else found
    return theorem


def meet(proof: Proof, wanted: Term, premises: Sequence[Fact]) -> Theorem:
    """A theorem for a premise: a given fact, one merged to fit, a conjunction, or arithmetic."""
    for fact in premises:
        if fact.theorem.conclusion == wanted:
            return fact.theorem
    if wanted[0] == "and":
        return kernel.conjoin(*(meet(proof, part, premises) for part in wanted[1]))
    for fact in premises:
        if fact.theorem.conclusion[0] == wanted[0]:
            try:
                return proof.ranges.restate(wanted, fact.theorem)
            except KernelError:
                pass
    if is_relation_of_indices(wanted):
        extra = [relation for f in premises for relation in relations_in(f.theorem)]
        theorem = proof.ranges.prove(wanted, tuple(extra))
        if theorem is not None:
            return theorem
    if is_matrix_equation(wanted):
        try:
            equations = [f for f in premises if is_matrix_equation(f.theorem.conclusion)]
            return prove_equation(proof, wanted, tuple(equations), ())
        except KernelError:
            pass
    for fact in proof.facts:
        if fact.theorem.conclusion == wanted:
            return fact.theorem
    given = "; ".join(str(fact.claim) for fact in premises) or "nothing"
    problem = (
        "no given fact meets a premise\n  hint: state it with have(…), give it in premises=[…]"
    )
    raise KernelError("premise", problem, wanted, given)


def known(name: str, *terms: Any, premises: Sequence[Fact] = ()) -> Tactic:
    """An instance of a textbook fact; the terms are those its statement is about."""

    def find(proof: Proof, claim: Claim, goal: Term) -> Theorem:
        if name not in FACTS:
            raise ScriptError(None, unknown_name("textbook fact", name, list(FACTS)))
        fact = FACTS[name]
        check_arguments(f'known("{name}", …)', fact.about, terms)
        values = dict(zip((v.name for v in fact.about), terms, strict=True))
        sizes = _sizes(fact.about, terms)
        arguments = [values.get(v.name, sizes.get(v)) for v in fact.variables]
        with fitting(fact.about):
            return specialise(proof, kernel.textbook(name), arguments, premises, goal)

    return Tactic(f"textbook: {name}", tuple(premises), find)


def _sizes(variables: Sequence[Any], terms: Sequence[Any]) -> dict[Any, Any]:
    """The values of the size variables, read off the shapes of the terms."""
    found: dict[Any, Any] = {}
    for variable, term in zip(variables, terms, strict=True):
        pairs: Any = ()
        if isinstance(variable, MatrixTerm):
            pairs = zip(variable.shape, term.shape, strict=True)
        elif hasattr(variable, "domain"):
            pairs = zip(
                (*variable.domain, *variable.gives), (*term.domain, *term.gives), strict=True
            )
        for size, value in pairs:
            found.setdefault(size, value)
    return found


def result_(result: Result, *terms: Any, premises: Sequence[Fact] = (), route: str = "") -> Tactic:
    """An instance of another result of the pack, already proved (by the route named, if any)."""

    def find(proof: Proof, claim: Claim, goal: Term) -> Theorem:
        if result.id not in proof.used_results:
            proof.used_results.append(result.id)
        theorem = result.theorem(route)
        # Without terms, or with the first of them, it is about all values of the others.
        if goal[0] != "forall":
            check_arguments(f"result_({result.id}, …)", result.variables, terms)
        with fitting(result.variables):
            return specialise(proof, theorem, terms, premises, goal)

    return Tactic(f"result: {result.id}", tuple(premises), find)


# ── Equality ───────────────────────────────────────────────────────────────────────────────────
def rewriting(
    fact: Fact,
    equation: Fact,
    *,
    back: bool = False,
    where: Callable[[Any], Claim] | None = None,
) -> Tactic:
    """The fact with one side of the equation put for the other.

    The claim stated must contain the new side where the fact has the old one (the right side
    for the left, the other way round when ``back``).  If the new side cannot be seen in it,
    ``where`` gives the claim with any term in its place.
    """

    def find(proof: Proof, claim: Claim, goal: Term) -> Theorem:
        equal = equation.claim
        if not isinstance(equal, Equal):
            raise ScriptError(equal, "is not an equation")
        old, new = equal.args if not back else tuple(reversed(equal.args))
        return replace(proof, fact.theorem, equation.theorem, old, new, claim, where)

    return Tactic("equals for equals", (fact, equation), find)


def replace(
    proof: Proof,
    theorem: Theorem,
    equation: Theorem,
    old: Any,
    new: Any,
    claim: Claim,
    where: Callable[[Any], Claim] | None = None,
) -> Theorem:
    """p(new) from p(old), where ``claim`` is p(new) and shows where ``new`` stands."""
    from proofkit.symbols import MatrixVariable, index, real

    if isinstance(new, MatrixTerm):
        hole: Any = MatrixVariable("_z", new.rows, new.cols)
    else:
        hole = index("_z") if is_index(old) and is_index(new) else real("_z")
    body = claim.xreplace({new: hole}) if where is None else where(hole)
    if body == claim and isinstance(claim, Abbreviation):
        body = claim.meaning().xreplace({new: hole})
    template = ForAll(hole, body)
    encoded = [encode_term(x) for x in (old, new)]
    before = read_claim(opened(encode(template)[2], encoded[0]))
    if theorem.conclusion != before:
        theorem = proof.ranges.restate(before, theorem)
    return kernel.rewrite(encode(template), encoded[0], encoded[1], equation, theorem)


# ── Analysis ───────────────────────────────────────────────────────────────────────────────────
def derivative(function: FunctionTerm, *given: Fact) -> Tactic:
    """The derivative of X ↦ body: that it exists, its slope, or its gradient, also everywhere.

    What is built from words is differentiated by the chain rule; the facts are what is given of
    the functions and numbers inside, such as `Differentiable(f)` or x > 0.
    """

    def find(proof: Proof, claim: Claim, goal: Term) -> Theorem:
        from proofkit.script.routine import Routine

        theorems = [*given, *(f for f in proof.facts if f not in given)]
        routine = Routine([f.theorem for f in theorems], proof.ranges.prove)
        try:
            return routine.gradient_of(encode_term(function), goal, partial(same, proof))
        except KernelError as fault:
            if not routine.unmet:
                raise
            problem = "a condition is not met, which may be given as a fact"
            raise KernelError("differentiate", problem, routine.unmet[0]) from fault

    return Tactic("differential", given, find)


def routinely(*facts: Fact) -> Tactic:
    """What a reader supplies unasked: signs, conditions, continuity, derivatives that exist."""

    def find(proof: Proof, claim: Claim, goal: Term) -> Theorem:
        from proofkit.script.routine import Routine

        theorems = [*facts, *(f for f in proof.facts if f not in facts)]
        theorem = Routine([f.theorem for f in theorems], proof.ranges.prove).prove(goal)
        if theorem is None:
            raise KernelError("routine", "no routine argument gives it", goal)
        return theorem

    return Tactic("routine", facts, find)


def same(proof: Proof, goal: Term, theorem: Theorem, most: Effort = Effort.COMPLETING) -> Theorem:
    """An equation said in another way, which algebra and the laws of words lead to."""
    if theorem.conclusion == goal:
        return theorem
    if not is_matrix_equation(goal):
        return combined(goal, [theorem], [1])
    words = [word for (_, word), _ in theorem.conclusion[1][3]]
    lead = next((w for w in words if len(w) == 1 and w[0][0][0] == "grad"), None)
    oracle = proof.ranges.oracle()
    try:
        return combination(proof, goal, goal[1], [(theorem, lead)], [], oracle, most=most)
    except KernelError as fault:
        told = other_derivative(goal, theorem.conclusion)
        raise KernelError("differentiate", told) from fault


def along(fact: Fact, *terms: Any, at_centre: Sequence[Fact] = ()) -> Tactic:
    """What holds near a point, along a continuous map into its neighbourhood.

    The claim stated is ``Near((x, a), …, p(g(x)))``; ``terms`` are g(x), one for each variable
    of the fact.  That g(a) is the point is shown by computing, or by the facts ``at_centre``.
    """

    def find(proof: Proof, claim: Claim, goal: Term) -> Theorem:
        from proofkit.script.centres import at_centres

        if not isinstance(claim, Near):
            raise ScriptError(claim, "is not a claim about all values near a point")
        variables = [encode_variable(v) for v, _ in claim.pairs]
        sorts = [v[2] for v in variables]
        centres = [encode_term(c, s) for (_, c), s in zip(claim.pairs, sorts, strict=True)]
        target = fact.theorem.conclusion
        if target[0] != "near":
            raise ScriptError(fact.claim, "is not a claim about all values near a point")
        images = [encode_term(g, s) for g, s in zip(terms, target[1], strict=True)]
        equal = at_centres(proof, variables, centres, images, target, at_centre)
        inside = list(_continuities(proof, variables, centres, images))
        return kernel.near_along(fact.theorem, variables, centres, images, equal, inside)

    return Tactic("near: along a continuous map", (fact, *at_centre), find)


def _continuities(
    proof: Proof, variables: Sequence[Term], centres: Sequence[Term], images: Sequence[Term]
) -> Iterator[Theorem]:
    """That the functions inside a map are continuous at its centre, as far as is known."""
    from proofkit.script.routine import Routine
    from proofkit.script.slopes import sites

    places = [site for t in images for site in sites(closed(t, *variables), *centres)]
    routine = Routine([f.theorem for f in proof.facts] if places else (), proof.ranges.prove)
    for function, argument in dict.fromkeys(places):
        found = routine.prove(node("continuous", function, argument))
        if found is not None:
            yield found


def around(fact: Fact) -> Tactic:
    """What holds near a point holds near every point near enough to it."""
    return Tactic(
        "near: around near points", (fact,), lambda p, c, g: kernel.near_near(fact.theorem)
    )


def at_the_point(fact: Fact) -> Tactic:
    """What holds near a point holds at the point."""
    return Tactic("near: at the point", (fact,), lambda p, c, g: kernel.near_here(fact.theorem))


def everywhere(fact: Fact) -> Tactic:
    """What holds everywhere holds near each point."""
    return Tactic("near: consequence", (fact,), lambda p, c, g: kernel.near_all(g, fact.theorem))


def small_number(fact: Fact) -> Tactic:
    """What holds for all small numbers holds for some small number that is not 0."""
    return Tactic("near: a small number", (fact,), lambda p, c, g: near_nonzero(fact.theorem))


# ── Indices and families ───────────────────────────────────────────────────────────────────────
def least(existence: Fact, bounded: Fact) -> Tactic:
    """The least index with a property, from one index and a lower bound for all."""
    return Tactic(
        "least index",
        (existence, bounded),
        lambda p, c, g: least_index(existence.theorem, bounded.theorem),
    )


def chosen(fact: Fact) -> Tactic:
    """A family, from something existing for each index."""
    return Tactic("choose", (fact,), lambda p, c, g: kernel.choose(fact.theorem))


def summing(total: Any) -> Tactic:
    """A sum Σ(F, hi, lo) as the sum up to hi − 1 and the last term, or zero if it has none."""

    def find(proof: Proof, claim: Claim, goal: Term) -> Theorem:
        encoded = encode_term(total)
        _, _, hi, lo = encoded[3][0][0][1][0][0]
        orders = (at_most(lo, hi), less(hi, lo))
        order = next(filter(None, map(proof.ranges.prove, orders)), None)
        if order is None:
            raise ScriptError(claim, "it is not known whether the sum has a last term")
        return summation(encoded, order)

    return Tactic("summation", (), find)


def unfolding(family: Any, at: Any) -> Tactic:
    """A member of a family given by its members."""

    def find(proof: Proof, claim: Claim, goal: Term) -> Theorem:
        return layer_equation(proof, encode_term(family), encode_term(at))

    return Tactic("member of a family", (), find)


__all__ = [name for name in dir() if not name.startswith("_")]
