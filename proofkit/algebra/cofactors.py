"""Search for cofactors: they write a goal as a combination of given equations.

Untrusted: what it finds is checked by `proofkit.kernel.algebra`.  Method: each equation L = R is
a rewriting rule from its leading word to the rest; the goal is reduced, and every reduction step
is one term left·(L − R)·right of the sum.  A chain in the goal is split where a rule
needs it: M[k:j+1] on the left of a rule matches inside M[k:1].  All terms of the goal are reduced
at once, round by round, so that the names of letters, which order the terms, change nothing.
What is left over is for `proofkit.algebra.completion`.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from proofkit.algebra.raw import Raw, raw, raw_product, summed
from proofkit.kernel.nodes import Term
from proofkit.kernel.reading import PLAIN, Reading
from proofkit.kernel.terms import (
    EMPTY,
    Facts,
    chain,
    known,
    minus,
    number,
    plus,
    reverse,
    scaled,
    times,
    transpose,
)

__all__ = ["Step", "find_cofactors", "joined"]

MAX_STEPS = 1_000
"""Rules may rewrite in a circle; past this many reductions the search gives up."""


class Step(NamedTuple):
    """One term left·X·right (or left·Xᵀ·right) of a combination, X the equation's number."""

    left: Term
    equation: int
    transposed: bool
    right: Term


class Rule(NamedTuple):
    """An equation read as a rewriting rule from its leading word, perhaps transposed."""

    lead: Term
    monomial: Term
    coefficient: Any
    null: Term
    equation: int
    transposed: bool
    rank: int
    aside: tuple[Step, ...] = ()
    """What the null of a straightened rule has besides the equation's own."""


class Joining(Reading):
    """Merges chains as far as facts allow; values of functions are looked up as without facts.

    So what it gives still means something where nothing is known.
    """

    def natural(self, e: Term, ctx: tuple[Term, ...]) -> bool:
        return PLAIN.natural(e, ctx)


def joined(x: Term, facts: Facts) -> Term:
    """The claim or term with every chain merged as far as ``facts`` allow, binders included."""
    if _last[0].facts is not facts:
        _last[0] = Joining(facts)
    return _last[0].read(x)[0]


_last = [Joining()]
"""The facts asked about last, with what was found."""


def rewriting_rules(
    equations: Sequence[tuple[Term, Term | None]], facts: Facts, ranks: Sequence[int] | None = None
) -> list[Rule]:
    """Each equation as a rule, and as the rule of its transpose where that is another one."""
    rules = []
    for n, (null, preferred) in enumerate(equations):
        if null[0] == "num":
            continue
        whole = joined(null, facts)
        terms = raw(whole)
        if not terms:
            continue
        lead = _lead(terms, preferred)
        if lead is None:
            continue
        monomial, word = lead
        rank = 2 * (n if ranks is None else ranks[n])
        rules.append(Rule(word, monomial, terms[lead], whole, n, False, rank))
        turned = reverse(word)
        if all(turned != other for _, other in terms):
            rules.append(Rule(turned, monomial, terms[lead], transpose(whole), n, True, rank + 1))
    return rules


def _lead(terms: Raw, preferred: Term | None) -> Term | None:
    """The key with the preferred word or else the longest; None where several are as good."""
    found = [key for key in terms if key[1] == preferred]
    if not found:
        longest = max(len(word) for _, word in terms)
        found = [key for key in terms if len(key[1]) == longest]
    return found[0] if len(found) == 1 else None


def _match(word: Term, lead: Term, facts: Facts) -> tuple[Term, Term] | None:
    """What stands left and right of ``lead`` in ``word``, chains split where needed."""
    if not lead:
        return None
    for start in range(len(word) - len(lead) + 1):
        around = match_at(word[start : start + len(lead)], lead, facts)
        if around is not None:
            before, after = around
            return word[:start] + before, after + word[start + len(lead) :]
    return None


def may_match(have: Term, want: Term) -> bool:
    """Whether the letter could be, or hold as a piece of its chain, the wanted one."""
    return have == want or (have[0] == want[0] == "chain" and bool(have[1] == want[1]))


def match_at(part: Term, lead: Term, facts: Facts) -> tuple[Term, Term] | None:
    """What stands before and after ``lead`` in a word of as many letters, chains split."""
    before: Term = ()
    after: Term = ()
    for n, ((have, s), (want, transposed)) in enumerate(zip(part, lead, strict=True)):
        if have == want and s == transposed:
            continue
        split = _split(have, want, facts) if s == transposed else None
        if split is None:
            return None
        upper, lower = split
        if transposed:
            upper, lower = reverse(lower), reverse(upper)
        if (upper and n > 0) or (lower and n < len(lead) - 1):
            return None
        before, after = (before or upper), (after or lower)
    return before, after


def _split(have: Term, want: Term, facts: Facts) -> tuple[Term, Term] | None:
    """have = upper·want·lower for pieces of one chain."""
    if have[0] != "chain" or want[0] != "chain" or have[1] != want[1]:
        return None
    _, family, hi, lo = have
    _, _, a, b = want
    one = number(1)
    if not all(known(e, facts) for e in (minus(hi, a), minus(b, lo), plus(minus(a, b), one))):
        return None
    upper = EMPTY if hi == a else chain(family, hi, plus(a, one))
    lower = EMPTY if b == lo else chain(family, minus(b, one), lo)
    return upper, lower


def find_cofactors(
    goal: Term,
    equations: Sequence[tuple[Term, Term | None]],
    facts: Facts,
    ranks: Sequence[int] | None = None,
) -> tuple[list[Step], Term]:
    """Reduce ``goal`` (a matrix term to be shown zero) by the equations (matrix, leading word).

    Returns the combination's terms and what is left of the goal, zero when the search succeeded.
    Equations between numbers are left aside.
    The leading word of an equation may be None, for the longest.  Of those that apply the one of
    the least rank is used, by default the first, and of several such the leftmost.
    """
    rules = rewriting_rules(equations, facts, ranks)
    whole = sorted([*rules, *_straightened(rules, facts)], key=lambda rule: rule.rank)
    return _reduced(goal, whole, facts)


def is_symmetry(rule: Rule) -> bool:
    """Whether the rule says that a letter is symmetric."""
    size = rule.coefficient
    turned = {(EMPTY, rule.lead): size, (EMPTY, reverse(rule.lead)): -size}
    return len(rule.lead) == 1 and raw(rule.null) == turned


def _straightened(rules: Sequence[Rule], facts: Facts) -> list[Rule]:
    """The rules with symmetric letters written as the rules that say so leave them.

    With Qᵀ = Q and QA = A the transpose AᵀQᵀ = Aᵀ is then also a rule for AᵀQ.
    """
    symmetries = [rule for rule in rules if is_symmetry(rule)]
    plain = {rule.lead[0]: (rule.lead[0][0], 1 - rule.lead[0][1]) for rule in symmetries}
    found: list[Rule] = []
    after = max((rule.rank for rule in rules), default=0) + 1
    for rule in rules:
        lead = tuple(plain.get(letter, letter) for letter in rule.lead)
        if lead == rule.lead or is_symmetry(rule):
            continue
        steps, null = _reduced(rule.null, symmetries, facts)
        coefficient = raw(null).get((rule.monomial, lead))
        if coefficient:
            aside = tuple(steps)
            straight = rule._replace(lead=lead, coefficient=coefficient, null=null, aside=aside)
            found.append(straight._replace(rank=after + rule.rank))
    return found


def _reduced(goal: Term, rules: Sequence[Rule], facts: Facts) -> tuple[list[Step], Term]:
    rows, cols = goal[1], goal[2]
    rest = raw(joined(goal, facts))
    stuck: Raw = {}
    steps: dict[Step, Any] = {}
    for _ in range(MAX_STEPS):
        if not rest or len(steps) > MAX_STEPS:
            break
        made: Raw = {}
        for (monomial, word), coefficient in rest.items():
            found = _first_match(word, monomial, rules, facts)
            if found is None:
                _add(stuck, (monomial, word), coefficient)
                continue
            rule, left_word, right_word, extra = found
            ratio = Fraction(coefficient) / Fraction(rule.coefficient)
            left = summed(("mat", rows, rule.null[1]), {(extra, left_word): 1})
            right = summed(("mat", rule.null[2], cols), {(EMPTY, right_word): 1})
            _add(steps, Step(left, rule.equation, rule.transposed, right), ratio)
            for step in rule.aside:  # a straightened null is the equation's own less these
                before, after = times(left, step.left, facts), times(step.right, right, facts)
                _add(steps, step._replace(left=before, right=after), -ratio)
            product = raw_product(raw_product(raw(left), raw(rule.null), facts), raw(right), facts)
            _add(made, (monomial, word), coefficient)
            for k, c in product.items():
                _add(made, k, -ratio * c)
        rest = made
    for key, c in rest.items():
        _add(stuck, key, c)
    found_steps = [
        step._replace(left=scaled(step.left, c.numerator, c.denominator))
        for step, c in steps.items()
    ]
    return found_steps, summed(("mat", rows, cols), stuck)


def _add(sums: dict[Any, Any], key: Any, amount: Any) -> None:
    total = sums.get(key, 0) + amount
    if total:
        sums[key] = total
    else:
        sums.pop(key, None)


def _first_match(
    word: Term, monomial: Term, rules: Sequence[Rule], facts: Facts
) -> tuple[Rule, Term, Term, Term] | None:
    best = None
    for rule in rules:
        if best is not None and rule.rank > best[0].rank:
            break
        extra = quotient(monomial, rule.monomial)
        around = None if extra is None else _match(word, rule.lead, facts)
        if around is not None and (best is None or len(around[0]) < len(best[1])):
            best = rule, *around, extra or EMPTY
    return best


def quotient(a: Term, b: Term) -> Term | None:
    """a/b, if b divides a."""
    powers = dict(a)
    for atom, power in b:
        if powers.get(atom, 0) < power:
            return None
        powers[atom] -= power
    return tuple(sorted((atom, p) for atom, p in powers.items() if p))
