"""Search for a certificate: cofactors that write a goal as a combination of given equations.

Untrusted: what it finds is checked by `proofkit.kernel.algebra`.  Method: each equation L = R is
a rewriting rule from its leading word to the rest; the goal is reduced, and every reduction step
is one term left·(L − R)·right of the certificate.  A chain in the goal is split where a rule
needs it: M[k:j+1] on the left of a rule matches inside M[k:1].
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from proofkit.language import terms as t
from proofkit.language.binding import rejoin
from proofkit.language.terms import Facts, Term, Word

__all__ = ["Step", "find_cofactors"]

MAX_STEPS = 100_000
"""Rules may rewrite in a circle; past this many reductions the search gives up."""


class Step(NamedTuple):
    """One term left·X·right (or left·Xᵀ·right) of a certificate, X the equation's number."""

    left: Term
    equation: int
    transposed: bool
    right: Term


class Rule(NamedTuple):
    """An equation read as a rewriting rule from its leading word, perhaps transposed."""

    lead: Word
    monomial: t.Monomial
    coefficient: Any
    null: Term
    equation: int
    transposed: bool
    aside: tuple[Step, ...] = ()
    """What the null of a straightened rule has besides the equation's own."""


Shape = Callable[[Term], tuple[Term, Term]]


def rewriting_rules(equations: Sequence[tuple[Term, Word | None]], facts: Facts) -> list[Rule]:
    """Each equation as a rule, and as the rule of its transpose where that is another one."""
    rules = []
    for number, (null, preferred) in enumerate(equations):
        joined = rejoin(null, facts)
        lead = None
        for (monomial, word), coefficient in joined[3]:
            if preferred is not None and word == preferred:
                lead = (monomial, word, coefficient)
        if lead is None:
            if not joined[3]:
                continue
            (monomial, word), coefficient = max(
                joined[3], key=lambda item: (len(item[0][1]), item[0])
            )
            lead = (monomial, word, coefficient)
        monomial, word, coefficient = lead
        rules.append(Rule(word, monomial, coefficient, joined, number, False))
        turned = t.transpose_word(word)
        if all(turned != other for (_, other), _ in joined[3]):
            rules.append(Rule(turned, monomial, coefficient, t.transpose(joined), number, True))
    return rules


def _match(word: Word, lead: Word, facts: Facts) -> tuple[Word, Word] | None:
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


def match_at(part: Word, lead: Word, facts: Facts) -> tuple[Word, Word] | None:
    """What stands before and after ``lead`` in a word of as many letters, chains split."""
    before: Word = ()
    after: Word = ()
    for n, ((have, s), (want, transposed)) in enumerate(zip(part, lead, strict=True)):
        if have == want and s == transposed:
            continue
        split = _split(have, want, facts) if s == transposed else None
        if split is None:
            return None
        upper, lower = split
        if transposed:
            upper, lower = t.transpose_word(lower), t.transpose_word(upper)
        if (upper and n > 0) or (lower and n < len(lead) - 1):
            return None
        before, after = (before or upper), (after or lower)
    return before, after


def _split(have: Term, want: Term, facts: Facts) -> tuple[Word, Word] | None:
    """have = upper·want·lower for pieces of one chain."""
    if have[0] != "chain" or want[0] != "chain" or have[1] != want[1]:
        return None
    _, family, hi, lo = have
    _, _, a, b = want
    if not t.known_nonnegative(t.index_difference(hi, a), facts):
        return None
    if not t.known_nonnegative(t.index_difference(b, lo), facts):
        return None
    if not t.known_nonnegative(t.index_sum(t.index_difference(a, b), t.lin(1)), facts):
        return None
    one = t.lin(1)
    upper = () if hi == a else t.chain_word(family, hi, t.index_sum(a, one))
    lower = () if b == lo else t.chain_word(family, t.index_difference(b, one), lo)
    return upper, lower


def find_cofactors(
    goal: Term,
    equations: Sequence[tuple[Term, Word | None]],
    facts: Facts,
) -> tuple[list[Step], Term]:
    """Reduce ``goal`` (a matrix term to be shown zero) by the equations (matrix, leading word).

    Returns the certificate's terms and what is left of the goal, zero when the search succeeded.
    The leading word of an equation may be None, for the longest.
    """
    rules = rewriting_rules(equations, facts)
    return _reduced(goal, [*rules, *_straightened(rules, facts)], facts)


def is_symmetry(rule: Rule) -> bool:
    """Whether the rule says that a letter is symmetric."""
    size = rule.coefficient
    turned = {(t.ONE, rule.lead): size, (t.ONE, t.transpose_word(rule.lead)): -size}
    return len(rule.lead) == 1 and dict(rule.null[3]) == turned


def _straightened(rules: Sequence[Rule], facts: Facts) -> list[Rule]:
    """The rules with symmetric letters written as the rules that say so leave them.

    With Qᵀ = Q and QA = A the transpose AᵀQᵀ = Aᵀ is then also a rule for AᵀQ.
    """
    symmetries = [rule for rule in rules if is_symmetry(rule)]
    plain = {rule.lead[0]: (rule.lead[0][0], 1 - rule.lead[0][1]) for rule in symmetries}
    found = []
    for rule in rules:
        lead = tuple(plain.get(letter, letter) for letter in rule.lead)
        if lead == rule.lead or is_symmetry(rule):
            continue
        steps, null = _reduced(rule.null, symmetries, facts)
        coefficient = dict(null[3]).get((rule.monomial, lead))
        if coefficient:
            aside = tuple(steps)
            found.append(rule._replace(lead=lead, coefficient=coefficient, null=null, aside=aside))
    return found


def _reduced(goal: Term, rules: Sequence[Rule], facts: Facts) -> tuple[list[Step], Term]:
    rows, cols = goal[1], goal[2]
    rest: t.Raw = dict(rejoin(goal, facts)[3])
    stuck: t.Raw = {}
    steps: list[Step] = []
    for _ in range(MAX_STEPS):
        if not rest:
            break
        (monomial, word), coefficient = key_item = next(iter(rest.items()))
        key = key_item[0]
        found = _first_match(word, monomial, rules, facts)
        if found is None:
            stuck[key] = stuck.get(key, 0) + rest.pop(key)
            continue
        rule, left_word, right_word, extra = found
        ratio = Fraction(coefficient) / Fraction(rule.coefficient)
        scale = int(ratio) if ratio.denominator == 1 else ratio
        left = ("mat", rows, rule.null[1], (((extra, left_word), scale),))
        right = ("mat", rule.null[2], cols, (((t.ONE, right_word), 1),))
        steps.append(Step(left, rule.equation, rule.transposed, right))
        steps.extend(_around(left, step, right, facts) for step in rule.aside)
        product = t.raw_product(
            t.raw_product(dict(left[3]), dict(rule.null[3]), facts), dict(right[3]), facts
        )
        for k, c in product.items():
            _add(rest, stuck, k, -c)
    remaining = dict(stuck)
    for k, c in rest.items():
        remaining[k] = remaining.get(k, 0) + c
    return steps, t.matrix(rows, cols, remaining)


def _around(left: Term, step: Step, right: Term, facts: Facts) -> Step:
    """−left·step·right: a straightened null is the equation's own less what stands aside."""
    before = t.matrix_product(t.scalar_product(t.constant(-1), left), step.left, facts)
    return step._replace(left=before, right=t.matrix_product(step.right, right, facts))


def _add(rest: t.Raw, stuck: t.Raw, key: Any, amount: Any) -> None:
    bucket = stuck if key in stuck else rest
    total = bucket.get(key, 0) + amount
    if total:
        bucket[key] = total
    else:
        bucket.pop(key, None)


def _first_match(
    word: Word, monomial: t.Monomial, rules: Sequence[Rule], facts: Facts
) -> tuple[Rule, Word, Word, t.Monomial] | None:
    for rule in rules:
        extra = quotient(monomial, rule.monomial)
        if extra is None:
            continue
        around = _match(word, rule.lead, facts)
        if around is not None:
            return rule, *around, extra
    return None


def quotient(a: t.Monomial, b: t.Monomial) -> t.Monomial | None:
    """a/b, if b divides a."""
    powers = dict(a)
    for atom, power in b:
        if powers.get(atom, 0) < power:
            return None
        powers[atom] -= power
    return tuple(sorted((atom, p) for atom, p in powers.items() if p))
