"""The rules that compute: certificates in the free algebra, linear arithmetic, layers of families.

Finding a certificate may be clever; checking it is normalising and comparing.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from proofkit.kernel.theorem import KernelError, Theorem, joint, read, seal
from proofkit.language import claims as c
from proofkit.language import terms as t
from proofkit.language.binding import open_binder, rejoin
from proofkit.language.sorts import family_shape
from proofkit.language.terms import Facts, Term, show
from proofkit.language.wellformed import check_claim, check_term


def _facts(rule: str, theorems: tuple[Theorem, ...]) -> Facts:
    """What the theorems e ≥ 0 allow to be merged."""
    facts: dict[Term, int] = {}
    for theorem in theorems:
        claim = read(theorem).conclusion
        if claim[0] != "inonneg":
            raise KernelError(rule, "a range must be given as an index inequality", found=claim)
        _, constant, parts = claim[1]
        facts[parts] = min(constant, facts.get(parts, constant))
    return facts


def algebra(
    goal: Term,
    terms: Sequence[tuple[Term, Theorem, bool, Term]] = (),
    ranges: Sequence[Theorem] = (),
) -> Theorem:
    """From Γᵢ ⊢ Xᵢ = 0 and a = Σ leftᵢ·Xᵢ·rightᵢ in the free algebra conclude Γ₁, … ⊢ a = 0.

    Each of ``terms`` is (left, theorem Xᵢ = 0, whether Xᵢᵀ is meant, right); left and right are
    matrix terms.  Adjacent pieces M[a:m+1]·M[m:b] of a chain are merged where ``ranges``, theorems
    on indices, say that b − 1 ≤ m ≤ a.  Source: an ideal member is zero wherever the generators
    are (D. Cox, J. Little, D. O'Shea, Ideals, Varieties, and Algorithms, 4th ed., §1.4, p. 30).
    """
    rule = "algebra"
    terms = tuple((left, theorem, bool(flag), right) for left, theorem, flag, right in terms)
    ranges = tuple(ranges)
    check_claim(goal)
    if goal[0] != "mnull":
        raise KernelError(rule, "the goal must be an equation between matrices", found=goal)
    facts = _facts(rule, ranges)
    total: t.Raw = {}
    for left, theorem, transposed, right in terms:
        claim = read(theorem).conclusion
        if claim[0] != "mnull":
            raise KernelError(
                rule, "a hypothesis must be an equation between matrices", found=claim
            )
        null = t.transpose(claim[1]) if transposed else claim[1]
        check_term(left, ("matrix", goal[1][1], null[1]))
        check_term(right, ("matrix", null[2], goal[1][2]))
        product = t.matrix_product(t.matrix_product(left, null, facts), right, facts)
        for key, coefficient in product[3]:
            total[key] = total.get(key, 0) + coefficient
    combination = rejoin(t.matrix(goal[1][1], goal[1][2], total), facts)
    wanted = rejoin(goal[1], facts)
    if c.matrix_null(combination) != c.matrix_null(wanted):
        rest = t.matrix_sum(wanted, combination, -1)
        raise KernelError(
            rule,
            "the combination of the hypotheses is not the goal",
            wanted,
            combination,
            f"the difference is {show(rest)}",
        )
    used = tuple(theorem for _, theorem, _, _ in terms)
    data = (goal, tuple((left, flag, right) for left, _, flag, right in terms))
    return seal(rule, joint(*used, *ranges), goal, (*used, *ranges), data)


def restate(goal: Term, theorem: Theorem, ranges: Sequence[Theorem] = ()) -> Theorem:
    """From Γ ⊢ p conclude Γ, Δ ⊢ q, p and q the same once chains are merged as ``ranges`` allow."""
    check_claim(goal)
    ranges = tuple(ranges)
    facts = _facts("restate", ranges)
    wanted, found = rejoin(goal, facts), rejoin(read(theorem).conclusion, facts)
    if wanted != found:
        raise KernelError("restate", "the two claims do not agree", wanted, found)
    return seal("restate", joint(theorem, *ranges), goal, (theorem, *ranges), (goal,))


def natural(term: Term) -> Theorem:
    """⊢ 0 ≤ e for a sum e of widths, ranks, natural variables and natural constants."""
    check_term(term, ("index",))
    if not t.is_natural(term):
        raise KernelError("natural", "not plainly a natural number", found=term)
    return seal("natural", (), ("inonneg", term), (), (term,))


def _constant_rest(goal: Term, parts: Sequence[tuple[Fraction, Term]]) -> Fraction | None:
    """goal − Σ multiplier·part for linear index terms, if it is a constant."""
    rest: dict[Term, Fraction] = {atom: Fraction(k) for atom, k in goal[2]}
    constant = Fraction(goal[1])
    for multiplier, part in parts:
        constant -= multiplier * part[1]
        for atom, k in part[2]:
            rest[atom] = rest.get(atom, Fraction(0)) - multiplier * k
    return None if any(rest.values()) else constant


def linear(
    goal: Term,
    premises: Sequence[Theorem],
    multipliers: Sequence[Fraction | int],
    ranges: Sequence[Theorem] = (),
) -> Theorem:
    """From Γᵢ ⊢ eᵢ ≥ 0 (or = 0) and g = Σ λᵢ·eᵢ + c with λᵢ ≥ 0 and c > −1 conclude g ≥ 0.

    All terms are integer terms, so g > −1 is g ≥ 0.  λᵢ may be negative where eᵢ = 0.  For the
    goal g = 0 all hypotheses are equations and c = 0; the goal "a contradiction" is −1 ≥ 0.
    Source: Farkas' lemma, A. Schrijver, Theory of Linear and Integer Programming (1986), §7.3.
    """
    rule = "linear arithmetic"
    premises, multipliers, ranges = tuple(premises), tuple(multipliers), tuple(ranges)
    check_claim(goal)
    if goal[0] not in ("inonneg", "inull", "false"):
        raise KernelError(rule, "the goal must be a relation between integers", found=goal)
    if any(type(m) not in (int, Fraction) for m in multipliers):
        raise KernelError(rule, "a multiplier must be an int or a Fraction", found=str(multipliers))
    facts = _facts(rule, ranges)
    parts = []
    for theorem, multiplier in zip(premises, multipliers, strict=True):
        claim = read(theorem).conclusion
        equation = claim[0] == "inull"
        if claim[0] not in ("inonneg", "inull") or (goal[0] == "inull" and not equation):
            raise KernelError(rule, "a hypothesis of another kind was given", goal, claim)
        if multiplier < 0 and not equation:
            raise KernelError(
                rule, f"an inequality cannot be taken {multiplier} times", found=claim
            )
        parts.append((Fraction(multiplier), rejoin(claim[1], facts)))
    wanted = t.lin(-1) if goal[0] == "false" else rejoin(goal[1], facts)
    rest = _constant_rest(wanted, parts)
    enough = rest is not None and (rest == 0 if goal[0] == "inull" else rest > -1)
    if not enough:
        raise KernelError(
            rule,
            "the combination does not give the goal",
            goal,
            "a remainder that is not a constant"
            if rest is None
            else f"the constant remainder {rest}",
        )
    data = (goal, tuple(Fraction(m) for m in multipliers))
    return seal(rule, joint(*premises, *ranges), goal, (*premises, *ranges), data)


def squeeze(goal: Term, at_least: Theorem, at_most: Theorem) -> Theorem:
    """From Γ ⊢ e ≥ 0 and Δ ⊢ −e ≥ 0 conclude Γ, Δ ⊢ e = 0, for an integer term e."""
    check_claim(goal)
    given = [read(th).conclusion for th in (at_least, at_most)]
    fits = all(claim[0] == "inonneg" for claim in given)
    if fits:
        e, opposite = given[0][1], given[1][1]
        fits = opposite == t.index_sum(t.lin(0), e, -1) and goal == c.index_null(e)
    if not fits:
        raise KernelError(
            "squeeze", "e ≥ 0 and −e ≥ 0 are needed", goal, "; ".join(map(show, given))
        )
    return seal("squeeze", joint(at_least, at_most), goal, (at_least, at_most), (goal,))


def real_linear(goal: Term, premises: Sequence[Theorem], multipliers: Sequence[Term]) -> Theorem:
    """From Γᵢ ⊢ eᵢ ≥ 0 (> 0, = 0) and g = Σ λᵢ·eᵢ + c conclude g ≥ 0 (> 0, = 0) over the reals.

    λᵢ is a constant ≥ 0 where eᵢ ≥ 0 or > 0 and any real term where eᵢ = 0.  c ≥ 0 is a
    constant; for g > 0 either c > 0 or some λᵢ > 0 with eᵢ > 0; for g = 0 only equations and
    c = 0.  The goal "a contradiction" is −1 ≥ 0.  Source: as for `linear`.
    """
    rule = "real arithmetic"
    premises, multipliers = tuple(premises), tuple(multipliers)
    check_claim(goal)
    if goal[0] not in ("rnonneg", "rpos", "rnull", "false"):
        raise KernelError(rule, "the goal must be a relation between real numbers", found=goal)
    rest = t.constant(-1) if goal[0] == "false" else goal[1]
    strict = False
    for theorem, multiplier in zip(premises, multipliers, strict=True):
        claim = read(theorem).conclusion
        check_term(multiplier, ("real",))
        if claim[0] not in ("rnonneg", "rpos", "rnull"):
            raise KernelError(rule, "a hypothesis must be about real numbers", found=claim)
        if claim[0] != "rnull":
            size = _constant(multiplier)
            if size is None or size < 0 or goal[0] == "rnull":
                raise KernelError(
                    rule,
                    "an inequality takes a constant multiplier ≥ 0, and gives no equation",
                    found=claim,
                )
            strict = strict or (claim[0] == "rpos" and size > 0)
        rest = t.real_sum(rest, t.real_product(multiplier, claim[1]), -1)
    left = _constant(rest)
    enough = left is not None and (
        left == 0
        if goal[0] == "rnull"
        else left > 0 or (left == 0 and (goal[0] == "rnonneg" or strict))
    )
    if goal[0] == "false" and left is not None:
        enough = left >= 0 or (strict and left >= -1)
    if not enough:
        raise KernelError(
            rule, "the combination does not give the goal", goal, f"the remainder {show(rest)}"
        )
    return seal(rule, joint(*premises), goal, premises, (goal, multipliers))


def _constant(term: Term) -> Fraction | None:
    if not term[1]:
        return Fraction(0)
    (monomial, coefficient), *more = term[1]
    return Fraction(coefficient) if not more and not monomial else None


def layer(family: Term, at: Term, ranges: Sequence[Theorem] = ()) -> Theorem:
    """⊢ F_at = body(at) for F = (i ↦ body), a list, or a family with layers lo…hi replaced.

    For a replaced family ``ranges`` must show lo ≤ at and at ≤ hi; or at < lo, or hi < at, and
    then F_at is the member of the family underneath.  Likewise where one layer was put in, or in
    a family of two indices one member.
    """
    rule = "layer"
    ranges = tuple(ranges)
    check_term(at, ("index",))
    rows, cols = family_shape(family, at)
    member = t.letter_matrix(rows, cols, t.chain_word(family, at, at))
    check_term(member, ("matrix", rows, cols))
    facts = _facts(rule, ranges)
    tag = family[0]
    if tag == "tab":
        body = open_binder(family[1], (at,))
    elif tag == "listed":
        body = family[1][at[1] - 1]
    elif tag == "replaced":
        _, inner, lo, hi, inside = family
        above, below = t.index_difference(at, lo), t.index_difference(hi, at)
        if t.known_nonnegative(above, facts) and t.known_nonnegative(below, facts):
            body = open_binder(inside, (at,))
        elif any(t.known_nonnegative(c.negation(("inonneg", s))[1], facts) for s in (above, below)):
            body = t.letter_matrix(rows, cols, t.chain_word(inner, at, at))
        else:
            raise KernelError(
                rule,
                "the ranges do not say whether the layer was replaced",
                f"{show(lo)} ≤ {show(at)} ≤ {show(hi)}, or outside",
                show(at),
            )
    elif tag == "updated":
        _, inner, place, inside = family
        if at == place:
            body = inside
        else:
            _apart(at, place, facts)
            body = t.letter_matrix(rows, cols, t.chain_word(inner, at, at))
    elif tag == "member" and family[1][0] == "updated":
        _, (_, inner, place, _), first = family
        _apart(first, place, facts)
        body = t.letter_matrix(rows, cols, t.chain_word(t.member_of(inner, first), at, at))
    else:
        raise KernelError(rule, "a family variable has no definition", found=family)
    conclusion = c.matrix_eq(member, body)
    return seal(rule, joint(*ranges), conclusion, ranges, (family, at))


def _apart(at: Term, place: Term, facts: Facts) -> None:
    """That the facts say at < place or place < at."""
    differences = (t.index_difference(at, place), t.index_difference(place, at))
    if not any(t.known_nonnegative(t.index_sum(s, t.lin(1), -1), facts) for s in differences):
        raise KernelError(
            "layer",
            "the ranges do not say whether this is the layer that was put in",
            f"{show(at)} = {show(place)}, or apart",
            show(at),
        )


def summation(family: Term, hi: Term, lo: Term, order: Theorem) -> Theorem:
    """From Γ ⊢ lo ≤ hi conclude Γ ⊢ Σ(F, hi, lo) = Σ(F, hi − 1, lo) + F_hi.

    From Γ ⊢ hi < lo conclude Γ ⊢ Σ(F, hi, lo) = 0.  This is how sums are defined (T. Apostol,
    Calculus, vol. 1, 2nd ed. 1967, §1.6 p. 37).
    """
    rule = "summation"
    for end in (hi, lo):
        check_term(end, ("index",))
    rows, cols = family_shape(family, hi)

    def total(top: Term) -> Term:
        return t.letter_matrix(rows, cols, ((("sum", family, top, lo), 0),))

    check_term(total(hi), ("matrix", rows, cols))
    claim = read(order).conclusion
    if claim == c.index_lt(hi, lo):
        value = t.zero(rows, cols)
    elif claim == c.index_le(lo, hi):
        last = t.letter_matrix(rows, cols, t.chain_word(family, hi, hi))
        value = t.matrix_sum(total(t.index_sum(hi, t.lin(1), -1)), last)
    else:
        raise KernelError(
            rule, "it is not known whether the sum has a last term", c.index_le(lo, hi), claim
        )
    conclusion = c.matrix_eq(total(hi), value)
    return seal(rule, joint(order), conclusion, (order,), (family, hi, lo))
