"""The rules of analysis: nearness (a filter of neighbourhoods), continuity, differentials and
facts.

`near` reads "for all values near enough to the centres".  Source of the nearness rules: the
neighbourhood filter, N. Bourbaki, General Topology I, §1.2 and §2.1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from proofkit.kernel.binding import B0, closed, free, opened, reach
from proofkit.kernel.claims import equation, negation, null
from proofkit.kernel.ledger import LEDGER
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.reading import claim, function, term, variable
from proofkit.kernel.terms import EMPTY, REAL, as_term, number, reverse
from proofkit.kernel.theorem import KernelError, Theorem, inference_rule, require, says, seal


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
    """From Γ ⊢ p(x) for x near a conclude: for x near a, p(y) for y near x.

    A neighbourhood is a neighbourhood of each point of a smaller one.
    """
    _, sorts, centres, body = says(theorem, "near", rule="near: around near points")
    points = tuple(node("b", n) for n in reversed(range(len(sorts))))
    conclusion = node("near", sorts, centres, ("near", sorts, points, body))
    return seal("near: around near points", (theorem,), (), conclusion)


@inference_rule
def near_nonzero(theorem: Theorem) -> Theorem:
    """From Γ ⊢ p(ε) for real ε near 0 conclude Γ ⊢ ∃ε. ε ≠ 0 ∧ p(ε).

    Zero is not an isolated point of the real line.
    """
    rule = "near: a small number"
    p = says(theorem, "near", rule=rule)
    about = p[1:3] == ((REAL,), (number(0),))
    require(about, rule, "the premise must be about a real number near 0", None, p)
    nonzero = negation(null(as_term(B0, REAL)))
    return seal(rule, (theorem,), (), node("exists", REAL, ("and", (nonzero, p[3]))))


@inference_rule
def near_along(
    theorem: Theorem,
    variables: Sequence[Any],
    centres: Sequence[Any],
    terms: Sequence[Any],
    at_centres: Sequence[Theorem] = (),
) -> Theorem:
    """From Γ ⊢ p(y) for y near b, g continuous and g(a) = b conclude p(g(x)) for x near a.

    g is given by ``terms`` in ``variables``; polynomials are continuous.  ``at_centres`` are the
    theorems g(a) = b, for those coordinates where the two sides are not the same term.
    """
    rule, at_centres = "near: along a continuous map", tuple(at_centres)
    first = says(theorem, "near", rule=rule)
    _, sorts, point, body = first
    xs = tuple(map(variable, variables))
    places = tuple(term(c, x[2]) for c, x in zip(centres, xs, strict=True))
    ts = tuple(term(t, sort) for t, sort in zip(terms, sorts, strict=True))
    names = {x[1] for x in xs}
    require(len(names) == len(xs), rule, "a variable is there twice")
    require(
        names.isdisjoint(free(first)), rule, "the variables must be new to the claim", None, first
    )
    for t in ts:
        require(is_polynomial(t, names), rule, "the map is no polynomial by its form", None, t)
    there = [term(opened(closed(t, *xs), *places), sort) for t, sort in zip(ts, sorts, strict=True)]
    pairs = zip(sorts, there, point, strict=True)
    wanted = tuple(claim(equation(sort, a, b)) for sort, a, b in pairs if a != b)
    found = tuple(says(equal, rule=rule) for equal in at_centres)
    require(
        found == wanted,
        rule,
        "the map was not shown to take the centre to the point",
        wanted,
        found,
    )
    inner = closed(opened(body, *ts), *xs)
    conclusion = node("near", tuple(x[2] for x in xs), places, inner)
    return seal(rule, (theorem, *at_centres), (xs, places, ts), conclusion)


# Which parts of a term may speak of variables in which it is polynomial.
POLYNOMIAL = {"num": [1], "mat": [3], "trace": [1], "chain": [1], "sum": [1], "at": [1]}
POLYNOMIAL |= {"lam": [2], "changed": [1, 4]}


def is_polynomial(t: Term, names: set[str]) -> bool:
    """Whether a term, or a part of one, is by its form polynomial in the variables, so continuous.

    A family is meant coordinate by coordinate (the product topology).
    """
    if t[:1] == ("var",) or names.isdisjoint(free(t)):
        return True
    places = POLYNOMIAL.get(t[0], ()) if type(t[0]) is str else range(len(t))
    return all(
        is_polynomial(part, names) if n in places else names.isdisjoint(free(part))
        for n, part in enumerate(t)
        if type(part) is tuple
    )


@inference_rule
def differentiate(f: Any, differentiable: Sequence[Theorem] = ()) -> Theorem:
    """⊢ F is differentiable and ∀X. F'(X) = Σ of the adjoints, for F = (X ↦ Σ c·f(E(X)) + c·tr(w)).

    E(X) is a polynomial in X and ``differentiable`` shows each f differentiable.  Replacing one
    X by dX in a word U·X·W of E contributes Uᵀ f'(E) Wᵀ (and W f'(E)ᵀ U where the word holds Xᵀ),
    because ⟨G, U dX W⟩ = ⟨Uᵀ G Wᵀ, dX⟩; in tr(U·X·W) it contributes (W U)ᵀ (W U for Xᵀ).
    Source: the chain rule and the first identification table of J. Magnus, H. Neudecker, Matrix
    Differential Calculus, 3rd ed. 2019, §5.12 p. 103 and §9.7 p. 196.
    """
    rule, f, differentiable = "differentiate", function(f), tuple(differentiable)
    require(f[0] == "lam", rule, "a function X ↦ body is needed", None, f)
    _, sort, body = f
    smooth = [says(th, "differentiable", rule=rule)[1] for th in differentiable]
    slope: list[Term] = []
    for (monomial, _), (p, q) in body[1]:
        inside = [(atom, power) for atom, power in monomial if reach(atom)]
        rest = tuple(factor for factor in monomial if factor not in inside)
        simple = sum(power for _, power in inside) <= 1
        require(simple, rule, "products of values are not differentiated by this rule", None, f)
        for atom, _ in inside:
            for (more, word), (r, s) in _gradient(rule, atom, smooth):
                slope.append(node(((*rest, *more), word), (p * r, q * s)))
    value = as_term(node("grad", f, B0), sort)
    equal = node("mat", *sort[1:], (*value[3], *(node(key, (-p, q)) for key, (p, q) in slope)))
    conclusion = node("and", (("differentiable", f), ("forall", sort, ("null", equal))))
    return seal(rule, differentiable, (f,), conclusion)


def _gradient(rule: str, atom: Term, smooth: Sequence[Term]) -> Iterator[Term]:
    """The terms of the gradient of an atom in X, the variable of the binder above it."""
    outer: Term = EMPTY
    match atom:
        case ("at", g, e) if g in smooth and not reach(e[1]) and not reach(e[2]):
            terms, outer = e[3], node((node("grad", g, e), 0))
        case ("trace", word):
            terms = node(((EMPTY, word), (1, 1)))
        case _:
            raise KernelError(
                rule, "not the value of a function shown differentiable", smooth, atom
            )
    for (monomial, word), n in terms:
        require(not reach(monomial), rule, "a scalar factor depends on the variable", None, atom)
        for place, (letter, t) in enumerate(word):
            before, after = word[:place], word[place + 1 :]
            if letter == B0:
                plain = (*reverse(before), *outer, *reverse(after))
                turned = (*after, *reverse(outer), *before)
                yield node((monomial, turned if t else plain), n)
            else:
                require(
                    not reach(letter), rule, "the variable stands inside a letter", None, letter
                )


@inference_rule
def textbook(name: str) -> Theorem:
    """⊢ the textbook fact of that name in the ledger, for all values of its variables."""
    known = type(name) is str and name in LEDGER
    require(known, "textbook", "no fact is called so; there are: " + " · ".join(LEDGER))
    return seal("textbook", (), (name,), LEDGER[name].claim)
