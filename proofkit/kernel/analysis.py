"""The rules of analysis: nearness, continuity, differentials and facts.

`near` reads "for all values near enough to the centres".  Source of the nearness rules: the
neighbourhood filter, N. Bourbaki, General Topology I, §1.2 and §2.1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial, reduce
from typing import Any, NamedTuple

from proofkit.kernel.binding import B0, closed, free, lifted, opened, reach
from proofkit.kernel.claims import equation
from proofkit.kernel.ledger import LEDGER
from proofkit.kernel.nodes import Term, allow, gated, node, spend
from proofkit.kernel.reading import PLAIN, claim, read_by, term, variable
from proofkit.kernel.terms import as_term
from proofkit.kernel.theorem import KernelError, Theorem, inference_rule, require, says, seal
from proofkit.kernel.words import linear_in, spine


@inference_rule
def near_all(goal: Any, implication: Theorem, *near: Theorem) -> Theorem:
    """From Γ ⊢ ∀x. p₁(x) → … → q(x) and Γᵢ ⊢ pᵢ(x) for x near a conclude q(x) for x near a.

    Finitely many neighbourhoods meet in a neighbourhood; with no pᵢ, q holds everywhere.
    """
    rule, goal = "near: consequence", claim(goal)
    require(goal[0] == "near", rule, "the goal must be about all values near a point", None, goal)
    _, sorts, centres, wanted = goal
    for theorem in reversed(near):
        p = says(theorem, "near", rule=rule)
        require(p[1:3] == (sorts, centres), rule, "all premises must be about one point", goal, p)
        wanted = node("implies", p[3], wanted)
    for sort in reversed(sorts):
        wanted = node("forall", sort, wanted)
    found = says(implication, rule=rule)
    require(found == wanted, rule, "the implication does not lead to the goal", wanted, found)
    return seal(rule, (implication, *near), (goal,), goal)


@inference_rule
def near_here(theorem: Theorem) -> Theorem:
    """From Γ ⊢ p(x) for x near a conclude Γ ⊢ p(a).  A point lies in its neighbourhoods."""
    _, _, centres, body = says(theorem, "near", rule="near: at the point")
    return seal("near: at the point", (theorem,), (), opened(body, *centres))


@inference_rule
def near_near(theorem: Theorem) -> Theorem:
    """From Γ ⊢ p(x) for x near a conclude Γ ⊢ (p(y) for y near x) for x near a."""
    _, sorts, centres, body = says(theorem, "near", rule="near: around near points")
    points = tuple(node("b", n) for n in reversed(range(len(sorts))))
    conclusion = node("near", sorts, centres, ("near", sorts, points, body))
    return seal("near: around near points", (theorem,), (), conclusion)


@inference_rule
def near_along(
    theorem: Theorem,
    variables: Sequence[Any],
    centres: Sequence[Any],
    terms: Sequence[Any],
    at_centres: Sequence[Theorem] = (),
    continuous: Sequence[Theorem] = (),
) -> Theorem:
    """From Γ ⊢ p(y) for y near b, g continuous and g(a) = b conclude p(g(x)) for x near a.

    g is given by ``terms`` in ``variables``, each continuous by its form, as `is_continuous` says.
    ``at_centres`` are the theorems g(a) = b, for coordinates where these are not the same term.
    """
    rule, at_centres = "near: along a continuous map", tuple(at_centres)
    continuous = tuple(continuous)
    _, sorts, point, body = first = says(theorem, "near", rule=rule)
    xs = tuple(map(variable, variables))
    places = tuple(term(c, x[2]) for c, x in zip(centres, xs, strict=True))
    ts = tuple(term(t, sort) for t, sort in zip(terms, sorts, strict=True))
    names = {x[1] for x in xs}
    require(len(names) == len(xs), rule, "a variable is there twice")
    new = names.isdisjoint(free(first))
    require(new, rule, "the variables must be new to the claim", None, first)
    _continuous(rule, ts, xs, places, continuous)
    there = [term(opened(closed(t, *xs), *places), sort) for t, sort in zip(ts, sorts, strict=True)]
    pairs = zip(sorts, there, point, strict=True)
    wanted = tuple(claim(equation(sort, a, b)) for sort, a, b in pairs if a != b)
    found = tuple(says(equal, rule=rule) for equal in at_centres)
    require(found == wanted, rule, "the centre is not seen to go to the point", wanted, found)
    inner = closed(opened(body, *ts), *xs)
    conclusion = node("near", tuple(x[2] for x in xs), places, inner)
    return seal(rule, (theorem, *at_centres, *continuous), (xs, places, ts), conclusion)


@inference_rule
def continuous(x: Any, value: Any, point: Any, inside: Sequence[Theorem] = ()) -> Theorem:
    """From Γᵢ ⊢ gᵢ is continuous at Eᵢ(a) conclude that x ↦ value is continuous at a.

    The value is so by its form (`is_continuous`).  Source: N. Bourbaki, General Topology I, §2.1.
    """
    rule, x, inside = "continuous", variable(x), tuple(inside)
    value, at = read_by(PLAIN, value), term(point, x[2])
    _continuous(rule, (value,), (x,), (at,), inside)
    conclusion = node("continuous", ("lam", x[2], closed(value, x)), at)
    return seal(rule, inside, (x, value, at), conclusion)


def _continuous(rule: str, ts: Term, xs: Term, places: Term, continuous: Sequence[Theorem]) -> None:
    """Refuse terms in variables xs that are not continuous at these places by their form."""
    known, names = [says(th, "continuous", rule=rule) for th in continuous], {x[1] for x in xs}

    def shown(g: Term, e: Term) -> bool:
        return ("continuous", g, read_by(PLAIN, opened(closed(e, *xs), *places))) in known

    for t in ts:
        require(is_continuous(t, names, shown, set()), rule, "not continuous by its form", known, t)


# Which parts of a term may speak of variables in which it is polynomial.
POLYNOMIAL = {"num": [1], "mat": [3], "trace": [1], "chain": [1], "sum": [1], "at": [1]}
POLYNOMIAL |= {"lam": [2], "changed": [1, 4]}


def is_continuous(t: Term, names: set[str], shown: Callable[..., bool], seen: set[int]) -> bool:
    """Whether a term, or a part of one, is by its form continuous in the variables.

    So are polynomials, words in arguments in which they are linear, and g(E) where g does not speak
    of the variables, E is continuous and g was shown continuous at its value.  A family is meant
    coordinate by coordinate (the product topology).  The parts in ``seen`` are looked at already.
    """
    if t[:1] == ("var",) or names.isdisjoint(free(t)) or id(t) in seen:
        return True
    seen.add(id(t))
    f, arguments = spine(t)
    places: Any = POLYNOMIAL.get(t[0], ()) if type(t[0]) is str else range(len(t))
    if arguments and f[0] == "word":
        changing = {n for n, a in enumerate(arguments) if not names.isdisjoint(free(a))}
        if changing <= {*linear_in(f)}:
            return all(is_continuous(a, names, shown, seen) for a in arguments)
    if t[0] == "at" and not reach(t) and names.isdisjoint(free(t[1])) and shown(t[1], t[2]):
        places = (2,)
    return all(
        is_continuous(part, names, shown, seen) if n in places else names.isdisjoint(free(part))
        for n, part in enumerate(t)
        if type(part) is tuple
    )


@inference_rule
def differentiate(f: Any, point: Any, slopes: Sequence[Theorem] = ()) -> Theorem:
    """From Γᵢ ⊢ Lᵢ is a slope of gᵢ at Eᵢ(X) conclude that H ↦ dF is one of F = (Y ↦ body) at X.

    dF is the sum over the places in the body where Y stands, each changed alone: Y itself to H, a
    value g(E), g not speaking of Y, to L(dE), and so a factor of a product, a letter of a trace, an
    argument in which a word is linear.  Source: W. Rudin, Principles of Mathematical Analysis, 3rd
    ed. 1976, Theorem 9.15 p. 214 (the chain rule); J. Magnus, H. Neudecker, Matrix Differential
    Calculus, 3rd ed. 2019, §8.2 (the product rule).
    """
    rule, f, slopes = "differentiate", gated(f), tuple(slopes)
    require(f[0] == "lam", rule, "a function X ↦ body is needed", None, f)
    _, sort, body = f = read_by(PLAIN, f)
    x = term(point, sort)
    known = {node(g, e): a for _, g, e, a in (says(th, "slope", rule=rule) for th in slopes)}
    change = _Change(rule, x, known)
    allow()
    terms = tuple(item for way in change.ways(body) for item in way[-1])
    slope = node("lam", sort, (*change.here(node(*body[:-1])), terms))
    return seal(rule, slopes, (f, x), node("slope", f, x, slope))


class _Change(NamedTuple):
    """How terms below the binder of Y change where Y = X changes by H: terms below that of H."""

    rule: str
    x: Term
    slopes: Mapping[Term, Term]

    def here(self, t: Term) -> Term:
        """A term that does not change."""
        return lifted(opened(t, self.x), 1)

    def ways(self, t: Term) -> Iterator[Term]:
        """The term with one part of it changed, for each part: it changes by the sum of these."""
        spend(256)  # about what a way takes
        f, arguments = spine(t)
        changing = {n for n, a in enumerate(arguments) if reach(a)}
        if t == B0 or not reach(t):
            yield from (t,) if reach(t) else ()
        elif t[0] in ("num", "mat"):
            head = self.here(node(*t[:-1]))
            for (m, word), (p, q) in t[-1]:
                for n, (atom, k) in enumerate(m):  # aᵏ changes to k·aᵏ⁻¹·da
                    rest = self.here(node(*m[:n], *m[n + 1 :], *((atom, k - 1),) * (k > 1)))
                    keys = (((*rest, (d, 1)), self.here(word)) for d in self.ways(atom))
                    yield from (node(*head, ((key, (p * k, q)),)) for key in keys)
                keys = ((self.here(m), w) for w in self.once(word))
                yield from (node(*head, ((key, (p, q)),)) for key in keys)
        elif t[0] == "trace":
            yield from (node("trace", word) for word in self.once(t[1]))
        elif changing and changing <= {*linear_in(f)}:
            for n in sorted(changing):
                for d in self.ways(arguments[n]):
                    parts = [d if m == n else self.here(a) for m, a in enumerate(arguments)]
                    yield reduce(partial(node, "at"), parts, f)
        else:
            slope, argument = self.slope(t)
            yield from (node("at", lifted(slope, 1), d) for d in self.ways(argument))

    def once(self, factors: Term) -> Iterator[Term]:
        """A product with one of its factors changed."""
        here = self.here(factors)
        for n, (x, t) in enumerate(factors):
            for d in self.ways(x):
                spend(len(factors))
                yield node(*here[:n], (d, t), *here[n + 1 :])

    def slope(self, t: Term) -> tuple[Term, Term]:
        """The slope that was given of g at E(X), and E, for a value g(E)."""
        if t[0] not in ("at", "grad") or reach(t[1]):
            raise KernelError(self.rule, "nothing says how this changes", None, t)
        tag, g, e = t
        if tag == "grad":
            sort = node("matrix", *e[1:3])
            g, _ = PLAIN.read(node("lam", sort, as_term(node("grad", g, B0), sort)))
        here = node(g, PLAIN.read(opened(e, self.x))[0])  # within the work that is allowed
        require(here in self.slopes, self.rule, "no slope of it was given here", None, t)
        return self.slopes[here], e


@inference_rule
def textbook(name: str) -> Theorem:
    """⊢ the textbook fact of that name in the ledger, for all values of its variables."""
    require(type(name) is str and name in LEDGER, "textbook", "no fact is called so")
    return seal("textbook", (), (name,), LEDGER[name].claim)
