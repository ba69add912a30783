"""Equations between matrices on demand: certificates, and what replaced families are made of.

`prove_equation` looks for the cofactors, adding by itself the equations that say what a family
with replaced layers is, layer by layer and chain by chain.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from proofkit import kernel
from proofkit.algebra.cofactors import find_cofactors
from proofkit.kernel import KernelError, Theorem
from proofkit.language import claims as c
from proofkit.language import terms as t
from proofkit.language.binding import close_binder, rejoin
from proofkit.language.sorts import bound_term, family_shape
from proofkit.language.terms import Term, Word
from proofkit.symbols import MatrixTerm, encode_matrix

if TYPE_CHECKING:
    from proofkit.script.proof import Fact, Proof

__all__ = ["layer_equation", "left_word", "outside_equation", "prove_equation"]

_INDEX: Term = ("index",)


def prove_equation(
    proof: Proof,
    goal: Term,
    equations: Sequence[Fact],
    terms: Sequence[tuple[Any, Fact, Any]],
    sign: int = 1,
) -> Theorem:
    """⊢ goal, an equation between matrices, from the equations and the given certificate terms.

    The certificate terms are taken with the sign.
    """
    if goal[0] != "mnull":
        raise KernelError("algebra", "the goal must be an equation between matrices", found=goal)
    for fact in (*equations, *(fact for _, fact, _ in terms)):
        if fact.theorem.conclusion[0] != "mnull":
            raise KernelError("algebra", "is no equation between matrices", found=str(fact.claim))
    oracle = proof.ranges.oracle()
    rest = goal[1]
    given: list[tuple[Term, Theorem, bool, Term]] = []
    for left, fact, right in terms:
        null = fact.theorem.conclusion[1]
        before = t.identity(null[1]) if left is None else encode_matrix(left)
        before = t.scalar_product(t.constant(sign * _written_sign(fact)), before)
        after = t.identity(null[2]) if right is None else encode_matrix(right)
        product = t.matrix_product(t.matrix_product(before, null, oracle), after, oracle)
        rest = t.matrix_sum(rejoin(rest, oracle), product, -1)
        given.append((before, fact.theorem, False, after))
    theorems = [fact.theorem for fact in equations]
    preferred: list[Word | None] = [left_word(fact, oracle) for fact in equations]
    done: set[Term] = set()
    while True:
        pairs = [(th.conclusion[1], w) for th, w in zip(theorems, preferred, strict=True)]
        steps, left_over = find_cofactors(rest, pairs, oracle)
        if not left_over[3]:
            break
        new = _family_equations(proof, left_over, oracle, done)
        if not new:
            raise KernelError(
                "algebra",
                "no certificate was found",
                goal,
                f"this is left: {t.show(left_over)}",
                "give cofactors with certificate(…), or state what is missing as a fact",
            )
        for theorem, word in new:
            theorems.append(theorem)
            preferred.append(word)
    found = [(s.left, theorems[s.equation], s.transposed, s.right) for s in steps]
    return kernel.algebra(goal, [*given, *found], oracle.theorems())


def _written_sign(fact: Fact) -> int:
    """+1 when the core claim is left − right = 0 as its author wrote it, −1 when it is turned."""
    sides = fact.claim.args
    if len(sides) != 2 or not all(isinstance(side, MatrixTerm) for side in sides):
        return 1
    written = t.matrix_sum(encode_matrix(sides[0]), encode_matrix(sides[1]), -1)
    return 1 if c.matrix_null(written)[1] == written else -1


def left_word(fact: Fact, oracle: Any) -> Word | None:
    """The word on the left of an equation as its author wrote it, when it is a single one."""
    left = fact.claim.args[0]
    try:
        term = rejoin(encode_matrix(left), oracle)
    except ValueError:
        return None
    return term[3][0][0][1] if len(term[3]) == 1 else None


def _family_equations(
    proof: Proof, term: Term, oracle: Any, done: set[Term]
) -> list[tuple[Theorem, Word]]:
    """What the chains of built families in the term are, as far as the ranges tell."""
    found: list[tuple[Theorem, Word]] = []
    for (_, word), _ in term[3]:
        for letter, _ in word:
            if letter[0] == "chain" and letter[1][0] != "var" and letter not in done:
                done.add(letter)
                found.extend(_chain_equations(proof, letter, oracle))
    return found


def _chain_equations(proof: Proof, letter: Term, oracle: Any) -> list[tuple[Theorem, Word]]:
    _, family, hi, lo = letter
    if family[0] == "member":
        other = _other_member(proof, family, hi, lo)
        return [] if other is None else [(other, ((letter, 0),))]
    if hi == lo:
        theorem = _maybe_layer(proof, family, hi)
        return [] if theorem is None else [(theorem, ((letter, 0),))]
    if family[0] not in ("replaced", "updated"):
        return []
    first, last = changed_layers(family)
    outside = outside_equation(proof, family, hi, lo, oracle)
    if outside is not None:
        return [(outside, ((letter, 0),))]
    if first == last:
        top, bottom = first, first
        inside = _maybe_layer(proof, family, first)
    else:
        top, bottom = _lesser(proof, last, hi), _lesser(proof, lo, first, greater=True)
        inside = inside_equation(proof, family, top, bottom)
    one = t.lin(1)
    ends = [(hi, t.index_sum(top, one)), (t.index_difference(bottom, one), lo)]
    found: list[tuple[Theorem, Word]] = []
    for a, b in ends:
        piece = outside_equation(proof, family, a, b, oracle)
        if piece is not None and (word := t.chain_word(family, a, b)):
            found.append((piece, word))
    if inside is not None:
        found.append((inside, t.chain_word(family, top, bottom)))
    return found


def _other_member(proof: Proof, family: Term, hi: Term, lo: Term) -> Theorem | None:
    """⊢ N⟨t⟩[hi:lo] = M⟨t⟩[hi:lo] for N = M with another member than the t-th put in."""
    _, updated, first = family
    if updated[0] != "updated":
        return None
    orders = (c.index_lt(first, updated[2]), c.index_lt(updated[2], first))
    apart = next(filter(None, map(proof.ranges.prove, orders)), None)
    length = proof.ranges.prove(c.index_le(lo, t.index_sum(hi, t.lin(1))))
    if apart is None or length is None:
        return None
    if hi == lo:
        return kernel.layer(family, hi, [apart])
    variable: Term = ("var", "_l", _INDEX)
    at = bound_term(variable)
    theorem = kernel.layer(family, at, [apart])
    for claim in (c.index_le(at, hi), c.index_le(lo, at)):
        theorem = kernel.discharge(claim, theorem)
    same = kernel.generalise(variable, theorem)
    other = t.member_of(updated[1], first)
    return chain_congruence(family, other, hi, lo, same, length)


def _lesser(proof: Proof, a: Term, b: Term, greater: bool = False) -> Term:
    """The lesser (or greater) of two indices, as far as the ranges tell; b where they do not."""
    small, large = (b, a) if greater else (a, b)
    return a if proof.ranges.prove(c.index_le(small, large)) is not None else b


def changed_layers(family: Term) -> tuple[Term, Term]:
    """The first and last layer that a replaced or updated family changes."""
    return (family[2], family[2]) if family[0] == "updated" else (family[2], family[3])


def _maybe_layer(proof: Proof, family: Term, at: Term) -> Theorem | None:
    try:
        return layer_equation(proof, family, at)
    except KernelError:
        return None


def layer_equation(proof: Proof, family: Term, at: Term) -> Theorem:
    """⊢ F_at = what it is made of; for a replaced family the ranges in scope must tell which."""
    if family[0] == "member" and (other := _other_member(proof, family, at, at)) is not None:
        return other
    if family[0] not in ("replaced", "updated") or at == family[2] == changed_layers(family)[1]:
        return kernel.layer(family, at)
    lo, hi = changed_layers(family)
    inside = [proof.ranges.prove(c.index_le(a, b)) for a, b in ((lo, at), (at, hi))]
    if family[0] == "replaced" and all(th is not None for th in inside):
        return kernel.layer(family, at, [th for th in inside if th is not None])
    for claim in (c.index_lt(at, lo), c.index_lt(hi, at)):
        theorem = proof.ranges.prove(claim)
        if theorem is not None:
            return kernel.layer(family, at, [theorem])
    return kernel.layer(family, at)


def outside_equation(proof: Proof, family: Term, hi: Term, lo: Term, oracle: Any) -> Theorem | None:
    """⊢ N[hi:lo] = M[hi:lo] for N = M with layers replaced that all lie outside lo…hi."""
    inner = family[1]
    first, last = changed_layers(family)
    above = proof.ranges.prove(c.index_lt(last, lo))
    below = above or proof.ranges.prove(c.index_lt(hi, first))
    length = proof.ranges.prove(c.index_le(lo, t.index_sum(hi, t.lin(1))))
    if below is None or length is None:
        return None
    variable: Term = ("var", "_l", _INDEX)
    at = bound_term(variable)
    ranges = [kernel.assume(c.index_le(lo, at)), kernel.assume(c.index_le(at, hi))]
    if above is not None:
        apart = kernel.linear(c.index_lt(last, at), [above, ranges[0]], [1, 1])
    else:
        apart = kernel.linear(c.index_lt(at, first), [below, ranges[1]], [1, 1])
    theorem = kernel.layer(family, at, [apart])
    for claim in (ranges[1], ranges[0]):
        theorem = kernel.discharge(claim.conclusion, theorem)
    same = kernel.generalise(variable, theorem)
    return chain_congruence(family, inner, hi, lo, same, length)


def inside_equation(proof: Proof, family: Term, hi: Term, lo: Term) -> Theorem | None:
    """⊢ N[hi:lo] = F[hi:lo] for N with layers replaced by those of F, lo…hi being among them."""
    first, last = changed_layers(family)
    wanted = (
        c.index_le(first, lo),
        c.index_le(hi, last),
        c.index_le(lo, t.index_sum(hi, t.lin(1))),
    )
    known = [proof.ranges.prove(claim) for claim in wanted]
    length = known[2]
    if length is None or any(theorem is None for theorem in known):
        return None
    other = _family_of(family[4])
    variable: Term = ("var", "_l", _INDEX)
    at = bound_term(variable)
    ends = [kernel.assume(c.index_le(lo, at)), kernel.assume(c.index_le(at, hi))]
    goal = c.matrix_eq(*_sides(family, other, at, at))
    with proof.ranges.also(*ends):
        theorem = prove_equation(proof, goal, (), ())
    for end in reversed(ends):
        theorem = kernel.discharge(end.conclusion, theorem)
    same = kernel.generalise(variable, theorem)
    return chain_congruence(family, other, hi, lo, same, length)


def _family_of(body: Term) -> Term:
    """The family i ↦ body: F itself where the body is F_i for a family variable F."""
    here = t.lin(0, {("b", 0): 1})
    if len(body[3]) == 1:
        (monomial, word), coefficient = body[3][0]
        if (monomial, coefficient, len(word)) == ((), 1, 1):
            letter, transposed = word[0]
            alone = letter[0] == "chain" and letter[1][0] == "var"
            if alone and not transposed and letter[2:4] == (here, here):
                return letter[1]  # type: ignore[no-any-return]
    return ("tab", body)


def chain_congruence(
    family: Term, other: Term, hi: Term, lo: Term, same: Theorem, length: Theorem
) -> Theorem:
    """⊢ F[hi:lo] = F'[hi:lo] from ∀l. lo ≤ l → l ≤ hi → F_l = F'_l and lo ≤ hi + 1.

    By induction over the upper end, from the empty chain.
    """
    one = t.lin(1)
    variable: Term = ("var", "_h", _INDEX)
    h = bound_term(variable)
    below = t.index_difference(lo, one)

    def equal(top: Term) -> Term:
        sides = []
        for f in (family, other):
            rows = family_shape(f, top)[0]
            cols = family_shape(f, lo)[1]
            word = t.chain_word(f, top, lo)
            sides.append(t.letter_matrix(rows, cols, word))
        return c.matrix_eq(sides[0], sides[1])

    predicate = ("implies", c.index_le(h, hi), equal(h))
    base = kernel.discharge(c.index_le(below, hi), kernel.algebra(equal(below)))
    start, hypothesis = kernel.assume(c.index_le(below, h)), kernel.assume(predicate)
    next_ = t.index_sum(h, one)
    end = kernel.assume(c.index_le(next_, hi))
    here = kernel.modus_ponens(hypothesis, kernel.linear(c.index_le(h, hi), [end], [1]))
    layer = kernel.instantiate(same, next_)
    for claim, premise in ((c.index_le(lo, next_), start), (c.index_le(next_, hi), end)):
        layer = kernel.modus_ponens(layer, kernel.linear(claim, [premise], [1]))
    long = kernel.linear(("inonneg", t.index_difference(next_, lo)), [start], [1])
    goal = equal(next_)
    sign = 1 if goal[1] == _difference(family, other, next_, lo) else -1
    upper = _letter(family, next_, next_)
    lower = _letter(other, h, lo)
    terms = [
        (
            t.scalar_product(
                t.constant(sign * _sign(layer, upper, _letter(other, next_, next_))),
                t.identity(upper[1]),
            ),
            layer,
            False,
            lower,
        ),
        (
            t.scalar_product(t.constant(sign * _sign(here, *_sides(family, other, h, lo))), upper),
            here,
            False,
            t.identity(lower[2]),
        ),
    ]
    step = kernel.algebra(goal, terms, [long])
    step = kernel.discharge(c.index_le(next_, hi), step)
    step = kernel.discharge(predicate, step)
    step = kernel.discharge(c.index_le(below, h), step)
    closed = ("forall", _INDEX, close_binder(predicate, [variable]))
    all_ = kernel.induction(closed, below, base, kernel.generalise(variable, step))
    theorem = kernel.instantiate(all_, hi)
    theorem = kernel.modus_ponens(theorem, kernel.linear(c.index_le(below, hi), [length], [1]))
    return kernel.modus_ponens(theorem, kernel.linear(c.index_le(hi, hi), [], []))


def _difference(family: Term, other: Term, hi: Term, lo: Term) -> Term:
    left, right = _sides(family, other, hi, lo)
    return t.matrix_sum(left, right, -1)


def _letter(family: Term, hi: Term, lo: Term) -> Term:
    rows, cols = family_shape(family, hi)[0], family_shape(family, lo)[1]
    return t.letter_matrix(rows, cols, t.chain_word(family, hi, lo))


def _sides(family: Term, other: Term, hi: Term, lo: Term) -> tuple[Term, Term]:
    return _letter(family, hi, lo), _letter(other, hi, lo)


def _sign(theorem: Theorem, left: Term, right: Term) -> int:
    """+1 when the theorem's equation is left − right = 0, −1 when it is right − left = 0."""
    return 1 if theorem.conclusion[1] == t.matrix_sum(left, right, -1) else -1
