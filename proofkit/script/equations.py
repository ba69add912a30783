"""Equations on demand: cofactors, and what replaced families are made of.

`prove_equation` looks for the cofactors, adding by itself the equations that say what a family
with replaced layers is, layer by layer and chain by chain.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from proofkit import kernel
from proofkit.algebra.cofactors import Effort, find_cofactors, is_refuted
from proofkit.algebra.raw import joined, words
from proofkit.claims import Equal
from proofkit.kernel import KernelError, Theorem
from proofkit.kernel.binding import closed
from proofkit.kernel.claims import at_most, null
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.reading import PLAIN, read_by
from proofkit.kernel.terms import (
    EMPTY,
    INDEX,
    as_term,
    chain,
    identity,
    minus,
    number,
    plus,
    scaled,
    times,
)
from proofkit.script.derived import less, member
from proofkit.script.entries import canonical, is_entrywise
from proofkit.script.matching import fact as textbook_fact
from proofkit.script.products import product_key, products
from proofkit.script.wording import text
from proofkit.symbols import MatrixTerm, encode_term

if TYPE_CHECKING:
    from proofkit.script.proof import Fact, Proof
    from proofkit.script.routine import Routine

__all__ = [
    "combination",
    "layer_equation",
    "left_word",
    "outside_equation",
    "prove_equation",
]


def _index(name: str) -> tuple[Term, Term]:
    """A variable for an index, and the number that it is."""
    variable = node("var", name, INDEX)
    return variable, as_term(variable, INDEX)


def prove_equation(
    proof: Proof,
    goal: Term,
    equations: Sequence[Fact],
    terms: Sequence[tuple[Any, Fact, Any]],
    sign: int = 1,
    laws: Sequence[Theorem] = (),
    routine: Routine | None = None,
    most: Effort = Effort.COMPLETING,
    sought: bool = False,
) -> Theorem:
    """⊢ goal, an equation, from the equations, further ``laws`` and the given cofactors.

    The cofactors are of equations between matrices, and are taken with the sign.  What is made
    entry by entry is simplified as far as the ``routine`` knows conditions.  The search for
    cofactors takes ``most`` effort; it is not told how near it came to what is only ``sought``.
    """
    if goal[0] != "null":
        raise KernelError("algebra", "the goal must be an equation", found=goal)
    for fact in equations:
        if fact.theorem.conclusion[0] != "null":
            raise KernelError("algebra", "is no equation", found=str(fact.claim))
    for _, fact, _ in terms:
        if not is_matrix_equation(fact.theorem.conclusion):
            raise KernelError("algebra", "is no equation between matrices", found=str(fact.claim))
    oracle = proof.ranges.oracle()
    rest = goal[1]
    given: list[tuple[Term, Theorem, bool, Term]] = []
    for left, fact, right in terms:
        zero = fact.theorem.conclusion[1]
        before = identity(zero[1]) if left is None else encode_term(left)
        before = scaled(before, sign * _written_sign(fact))
        after = identity(zero[2]) if right is None else encode_term(right)
        product = times(times(before, zero, oracle), after, oracle)
        rest = minus(joined(rest, oracle), product)
        given.append((before, fact.theorem, False, after))
    known = [(fact.theorem, left_word(fact, oracle)) for fact in equations]
    known += [(law, None) for law in laws]
    return combination(proof, goal, rest, known, given, oracle, routine, most, sought)


def combination(
    proof: Proof,
    goal: Term,
    rest: Term,
    known: Sequence[tuple[Theorem, Term | None]],
    given: Sequence[tuple[Term, Theorem, bool, Term]],
    oracle: Any,
    routine: Routine | None = None,
    most: Effort = Effort.COMPLETING,
    sought: bool = False,
) -> Theorem:
    """⊢ goal, by equations with their leading words, when the products given leave the rest."""
    equations, done = list(known), set[Term]()
    facts = oracle.aside()
    ranks = list(range(len(known)))
    while True:
        pairs = [(th.conclusion[1], word) for th, word in equations]
        found = find_cofactors(rest, pairs, facts, ranks=ranks)
        left = found.rest
        new = _additions(proof, [left], oracle, done, routine) or _number_equations(left, done)
        if not new and left[-1]:
            terms = [rest, *(zero for zero, _ in pairs)]
            new = _additions(proof, terms, oracle, done, routine)
        if not new:
            break
        # What is found about one letter keeps its order; the order of letters is one of names.
        ranks += [len(equations) + n for about in new for n in range(len(about))]
        equations += [found for about in new for found in about]
    nearest = [found.rest]
    for effort in (Effort.REDUCING, Effort.COMPLETING):
        if nearest[-1][-1] and effort <= most:
            if sought and effort == Effort.COMPLETING and is_refuted(rest, pairs, facts):
                raise KernelError("algebra", "it is false where the equations hold", goal)
            found = find_cofactors(rest, pairs, facts, effort)
            nearest.append(found.rest)
    if found.rest[-1]:
        remaining = text(min(nearest, key=_length))
        hint = "give them with cofactors(…), or state what is missing as a fact"
        if given:
            hint = "the terms given do not add up to the claim: correct them, or the claim"
        problem = f"no cofactors were found\n  this is left: {remaining}\n  hint: {hint}"
        raise KernelError("algebra", problem, goal)
    keys = [(th, product_key(left, th, t, right)) for left, th, t, right in given]
    keys += products(found, [theorem for theorem, _ in equations])
    total = node("null", (*goal[1][:-1], tuple((key, (1, 1)) for _, key in keys)))
    for claim in (goal, total):  # asks which ranges are needed
        joined(claim, oracle)
    return kernel.algebra(goal, keys, oracle.theorems())


def _length(e: Term) -> tuple[int, int]:
    """How far a number or matrix is from zero: its terms, and their factors."""
    return len(e[-1]), sum(len(monomial) + len(word) for (monomial, word), _ in e[-1])


def is_matrix_equation(p: Term) -> bool:
    """Whether a claim equates matrices."""
    return bool(p[0] == "null" and p[1][0] == "mat")


def _written_sign(fact: Fact) -> int:
    """+1 when the core claim is left − right = 0 as its author wrote it, −1 when it is turned."""
    sides = fact.claim.args
    if len(sides) != 2 or not all(isinstance(side, MatrixTerm) for side in sides):
        return 1
    written = minus(encode_term(sides[0]), encode_term(sides[1]))
    return 1 if null(written)[1] == written else -1


def left_word(fact: Fact, oracle: Any) -> Term | None:
    """The word on the left of an equation as its author wrote it, when it is a single one."""
    if not isinstance(fact.claim, Equal):
        return None
    left = fact.claim.args[0]
    if not isinstance(left, MatrixTerm):
        return None
    try:
        term = joined(encode_term(left), oracle)
    except ValueError:
        return None
    return term[3][0][0][1] if len(term[3]) == 1 else None


def _additions(
    proof: Proof,
    terms: Sequence[Term],
    oracle: Any,
    done: set[Term],
    routine: Routine | None,
) -> list[list[tuple[Theorem, Term]]]:
    """What is known of each letter in the terms that is not done.

    That is what chains of built families are, as far as the ranges tell, and the one form of what
    is made entry by entry.
    """
    out: list[list[tuple[Theorem, Term]]] = []
    for letter in (x for term in terms for word in words(term) for x, _ in word):
        if letter in done:
            continue
        if letter[0] == "chain" and letter[1][0] != "var":
            done.add(letter)
            out.append(_chain_equations(proof, letter, oracle))
        elif is_entrywise(letter):
            done.add(letter)
            found = canonical(letter, routine)
            if found is not None:
                out.append([(found[0], ((letter, 0),))])
    return [about for about in out if about]


def _number_equations(term: Term, done: set[Term]) -> list[list[tuple[Theorem, Term]]]:
    """That 1×1 matrices in the term are numbers."""
    out: list[list[tuple[Theorem, Term]]] = []
    for part in (part for word in words(term) for part in _numbers(word)):
        if part not in done:
            done.add(part)
            whole = read_by(PLAIN, ("mat", number(1), number(1), (((EMPTY, part), (1, 1)),)))
            out.append([(textbook_fact("one by one", whole), part)])
    return out


def _numbers(word: Term) -> Iterator[Term]:
    """The shortest 1×1 products that stand in a word, neighbouring letters."""
    one, start = number(1), None
    for n, (letter, t) in enumerate(word):
        _, rows, cols = PLAIN.read(letter)[1]
        if (cols if t else rows) == one:
            start = n
        if (rows if t else cols) == one and start is not None:
            yield node(*word[start : n + 1])
            start = None


def _chain_equations(proof: Proof, letter: Term, oracle: Any) -> list[tuple[Theorem, Term]]:
    _, family, hi, lo = letter
    if family[0] == "at":
        other = _other_member(proof, family, hi, lo)
        return [] if other is None else [(other, ((letter, 0),))]
    if hi == lo:
        theorem = _maybe_layer(proof, family, hi)
        return [] if theorem is None else [(theorem, ((letter, 0),))]
    if family[0] != "changed":
        return []
    _, _, first, last, _ = family
    outside = outside_equation(proof, family, hi, lo, oracle)
    if outside is not None:
        return [(outside, ((letter, 0),))]
    if first == last:
        top, bottom = first, first
        inside = _maybe_layer(proof, family, first)
    else:
        top, bottom = _lesser(proof, last, hi), _lesser(proof, lo, first, greater=True)
        inside = inside_equation(proof, family, top, bottom)
    one = number(1)
    ends = [(hi, plus(top, one)), (minus(bottom, one), lo)]
    found: list[tuple[Theorem, Term]] = []
    for a, b in ends:
        piece = outside_equation(proof, family, a, b, oracle)
        if piece is not None and (word := chain(family, a, b)):
            found.append((piece, word))
    if inside is not None:
        found.append((inside, chain(family, top, bottom)))
    return found


def _other_member(proof: Proof, family: Term, hi: Term, lo: Term) -> Theorem | None:
    """⊢ N⟨t⟩[hi:lo] = M⟨t⟩[hi:lo] for N = M with another member than the t-th put in."""
    _, updated, first = family
    if updated[0] != "changed" or updated[2] != updated[3]:
        return None
    orders = (less(first, updated[2]), less(updated[2], first))
    apart = next(filter(None, map(proof.ranges.prove, orders)), None)
    length = proof.ranges.prove(at_most(lo, plus(hi, number(1))))
    if apart is None or length is None:
        return None
    if hi == lo:
        return member(family, hi, [apart])
    variable, at = _index("_l")
    theorem = member(family, at, [apart])
    for claim in (at_most(at, hi), at_most(lo, at)):
        theorem = kernel.discharge(claim, theorem)
    same = kernel.generalise(variable, theorem)
    return chain_congruence(family, node("at", updated[1], first), hi, lo, same, length)


def _lesser(proof: Proof, a: Term, b: Term, greater: bool = False) -> Term:
    """The lesser (or greater) of two indices, as far as the ranges tell; b where they do not."""
    small, large = (b, a) if greater else (a, b)
    return a if proof.ranges.prove(at_most(small, large)) is not None else b


def _maybe_layer(proof: Proof, family: Term, at: Term) -> Theorem | None:
    try:
        return layer_equation(proof, family, at)
    except KernelError:
        return None


def layer_equation(proof: Proof, family: Term, at: Term) -> Theorem:
    """⊢ F_at = what it is made of; of changes the ranges in scope must tell which."""
    if family[0] == "at" and (other := _other_member(proof, family, at, at)) is not None:
        return other
    if family[0] != "changed" or at == family[2] == family[3]:
        return member(family, at)
    _, _, lo, hi, _ = family
    inside = [proof.ranges.prove(at_most(a, b)) for a, b in ((lo, at), (at, hi))]
    if all(th is not None for th in inside):
        return member(family, at, [th for th in inside if th is not None])
    for claim in (less(at, lo), less(hi, at)):
        theorem = proof.ranges.prove(claim)
        if theorem is not None:
            return member(family, at, [theorem])
    return member(family, at)


def outside_equation(proof: Proof, family: Term, hi: Term, lo: Term, oracle: Any) -> Theorem | None:
    """⊢ N[hi:lo] = M[hi:lo] for N = M with layers replaced that all lie outside lo…hi."""
    _, inner, first, last, _ = family
    above = proof.ranges.prove(less(last, lo))
    below = above or proof.ranges.prove(less(hi, first))
    length = proof.ranges.prove(at_most(lo, plus(hi, number(1))))
    if below is None or length is None:
        return None
    variable, at = _index("_l")
    ranges = [kernel.assume(at_most(lo, at)), kernel.assume(at_most(at, hi))]
    one = number(1)
    if above is not None:
        apart = kernel.arithmetic(less(last, at), [(above, one), (ranges[0], one)])
    else:
        apart = kernel.arithmetic(less(at, first), [(below, one), (ranges[1], one)])
    theorem = member(family, at, [apart])
    for claim in (ranges[1], ranges[0]):
        theorem = kernel.discharge(claim.conclusion, theorem)
    same = kernel.generalise(variable, theorem)
    return chain_congruence(family, inner, hi, lo, same, length)


def inside_equation(proof: Proof, family: Term, hi: Term, lo: Term) -> Theorem | None:
    """⊢ N[hi:lo] = F[hi:lo] for N with layers replaced by those of F, lo…hi being among them."""
    _, _, first, last, new = family
    wanted = (at_most(first, lo), at_most(hi, last), at_most(lo, plus(hi, number(1))))
    known = [proof.ranges.prove(claim) for claim in wanted]
    length = known[2]
    if length is None or any(theorem is None for theorem in known):
        return None
    other = _family_of(new)
    variable, at = _index("_l")
    ends = [kernel.assume(at_most(lo, at)), kernel.assume(at_most(at, hi))]
    goal = null(minus(*_sides(family, other, at, at)))
    with proof.ranges.also(*ends):
        theorem = prove_equation(proof, goal, (), ())
    for end in reversed(ends):
        theorem = kernel.discharge(end.conclusion, theorem)
    same = kernel.generalise(variable, theorem)
    return chain_congruence(family, other, hi, lo, same, length)


def _family_of(new: Term) -> Term:
    """The family i ↦ body: F itself where the body is F_i for a family variable F."""
    here = as_term(node("b", 0), INDEX)
    match new:
        case (
            "lam",
            _,
            ("mat", _, _, ((((), ((("chain", ("var", _, _) as f, hi, lo), 0),)), (1, 1)),)),
        ):
            if hi == lo == here:
                return node(*f)
    return new


def chain_congruence(
    family: Term, other: Term, hi: Term, lo: Term, same: Theorem, length: Theorem
) -> Theorem:
    """⊢ F[hi:lo] = F'[hi:lo] from ∀l. lo ≤ l → l ≤ hi → F_l = F'_l and lo ≤ hi + 1.

    By induction over the upper end, from the empty chain.
    """
    one = number(1)
    variable, h = _index("_h")
    below, next_ = minus(lo, one), plus(h, one)

    def equal(top: Term) -> Term:
        return null(minus(*_sides(family, other, top, lo)))

    predicate = node("implies", at_most(h, hi), equal(h))
    base = kernel.discharge(at_most(below, hi), kernel.algebra(equal(below)))
    start, hypothesis = kernel.assume(at_most(below, h)), kernel.assume(predicate)
    end = kernel.assume(at_most(next_, hi))
    here = kernel.modus_ponens(hypothesis, kernel.arithmetic(at_most(h, hi), [(end, one)]))
    layer = kernel.instantiate(same, next_)
    for claim, premise in ((at_most(lo, next_), start), (at_most(next_, hi), end)):
        layer = kernel.modus_ponens(layer, kernel.arithmetic(claim, [(premise, one)]))
    long = kernel.arithmetic(at_most(lo, next_), [(start, one)])
    goal = equal(next_)
    sign = 1 if goal[1] == minus(*_sides(family, other, next_, lo)) else -1
    upper, lower = _letter(family, next_, next_), _letter(other, h, lo)
    first = scaled(identity(upper[1]), sign * _sign(layer, upper, _letter(other, next_, next_)))
    second = scaled(upper, sign * _sign(here, *_sides(family, other, h, lo)))
    products = [
        (layer, product_key(first, layer, False, lower)),
        (here, product_key(second, here, False, identity(lower[2]))),
    ]
    step = kernel.algebra(goal, products, [long])
    step = kernel.discharge(at_most(next_, hi), step)
    step = kernel.discharge(predicate, step)
    step = kernel.discharge(at_most(below, h), step)
    all_heights = node("forall", INDEX, closed(predicate, variable))
    all_ = kernel.induction(all_heights, below, base, kernel.generalise(variable, step))
    theorem = kernel.instantiate(all_, hi)
    theorem = kernel.modus_ponens(theorem, kernel.arithmetic(at_most(below, hi), [(length, one)]))
    return kernel.modus_ponens(theorem, kernel.arithmetic(at_most(hi, hi), []))


def _letter(family: Term, hi: Term, lo: Term) -> Term:
    return read_by(PLAIN, node("chain", family, hi, lo))


def _sides(family: Term, other: Term, hi: Term, lo: Term) -> tuple[Term, Term]:
    return _letter(family, hi, lo), _letter(other, hi, lo)


def _sign(theorem: Theorem, left: Term, right: Term) -> int:
    """+1 when the theorem's equation is left − right = 0, −1 when it is right − left = 0."""
    return 1 if theorem.conclusion[1] == minus(left, right) else -1
