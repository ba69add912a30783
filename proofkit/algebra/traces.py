"""Search for a certificate of an equation between traces, from equations between matrices.

Untrusted, like `cofactors`: a trace is reduced by the same rewriting rules, except that a rule
may match across the ends of its word, tr(U·V) = tr(V·U), and that letters known to be symmetric
match their transposes.  Every reduction is a sum of tr(X·cofactor) over equations X = 0, so each
equation gets one matrix as its cofactor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from proofkit.algebra.cofactors import (
    Rule,
    is_symmetry,
    match_at,
    may_match,
    quotient,
    rewriting_rules,
)
from proofkit.algebra.raw import raw, summed
from proofkit.kernel.nodes import Term
from proofkit.kernel.terms import Facts, join, minus, plus, powers, reverse, times, trace, transpose

__all__ = ["find_trace_cofactors"]

MAX_STEPS = 10_000
"""Rules may rewrite in a circle; past this many reductions the search gives up."""


class _Use(NamedTuple):
    """A rule and its cofactor: the reduction takes tr(rule.null·cofactor) off the goal."""

    rule: Rule
    cofactor: Term


def find_trace_cofactors(
    goal: Term, equations: Sequence[tuple[Term, Term | None]], facts: Facts
) -> tuple[dict[int, Term], Term]:
    """Reduce the real term ``goal`` by the equations (matrix X, leading word), each meaning X = 0.

    Returns cofactors C with goal = Σ tr(X·C) + rest by the equation's number, and the rest.
    """
    search = _Search(rewriting_rules(equations, facts), facts)
    cofactors: dict[int, Term] = {}
    rest = goal
    for _ in range(MAX_STEPS):
        uses = next(filter(None, (search.reduction(m, c) for (m, _), c in raw(rest).items())), None)
        if uses is None:
            break
        for rule, cofactor in uses:
            null, turned = rule.null, cofactor
            if rule.transposed:
                null, turned = transpose(null), transpose(turned)
            known = cofactors.get(rule.equation)
            cofactors[rule.equation] = turned if known is None else plus(known, turned)
            rest = minus(rest, trace(times(null, turned, facts), facts))
    return {n: c for n, c in cofactors.items() if c[3]}, rest


class _Search:
    """The rules, those that say a letter is symmetric kept apart."""

    def __init__(self, rules: Sequence[Rule], facts: Facts) -> None:
        self.facts = facts
        self.symmetric = {rule.lead[0][0]: rule for rule in rules if is_symmetry(rule)}
        self.rules = [rule for rule in rules if not is_symmetry(rule)]

    def reduction(self, monomial: Term, coefficient: Any) -> list[_Use] | None:
        """The rules to use on the monomial next, or None when nothing applies."""
        for atom, _ in monomial:
            if atom[0] != "trace":
                continue
            others = quotient(monomial, ((atom, 1),))
            if others is None:
                continue
            straight = self._straighten(atom[1], others, coefficient)
            if straight:
                return straight
            for rule in self.rules:
                extra = quotient(others, rule.monomial)
                found = None if extra is None else self._apply(rule, atom[1], extra, coefficient)
                if found:
                    return found
        return None

    def _straighten(self, word: Term, others: Term, coefficient: Any) -> list[_Use]:
        """Steps to the least of the words that differ by turning symmetric letters round."""
        reached = []
        for w in (word, reverse(word)):
            plain = tuple((x, 0 if x in self.symmetric else flag) for x, flag in w)
            reached.append((_least_rotation(plain), _distance(w, plain), w, plain))
        _, away, start, plain = min(reached)
        return list(self._turned(start, plain, others, coefficient)) if away else []

    def _turned(self, word: Term, goal: Term, others: Term, coefficient: Any) -> Iterator[_Use]:
        """Turn letters of the word round, one by one, until it is the goal."""
        for at, (letter, wanted) in enumerate(goal):
            if word[at][1] == wanted:
                continue
            rule = self.symmetric[letter]
            rest = word[at + 1 :] + word[:at]
            # The rule's null is c·(Xᵀ − X), its lead Xᵀ with coefficient c.
            sign = 1 if word[at][1] else -1
            scale = Fraction(coefficient) / Fraction(rule.coefficient) * sign
            yield _Use(rule, _cofactor(rule, others, rest, scale))
            word = (*word[:at], (letter, wanted), *word[at + 1 :])

    def _apply(self, rule: Rule, word: Term, extra: Term, coefficient: Any) -> list[_Use] | None:
        """The rule used somewhere around the word, symmetric letters turned to fit."""
        size = len(rule.lead)
        if not 0 < size <= len(word):
            return None
        for w in (word, reverse(word)) if self.symmetric else (word,):
            for cut in range(len(w)):
                if not may_match(w[cut][0], rule.lead[0][0]):
                    continue
                turned = w[cut:] + w[:cut]
                fitted = tuple(
                    wanted if have[0] == wanted[0] and have[0] in self.symmetric else have
                    for have, wanted in zip(turned, rule.lead, strict=False)
                )
                around = match_at(fitted, rule.lead, self.facts)
                if around is None:
                    continue
                before, after = around
                fit = fitted + turned[size:]
                others = powers(extra, rule.monomial)
                rest = join(join(after, turned[size:], self.facts), before, self.facts)
                scale = Fraction(coefficient) / Fraction(rule.coefficient)
                use = _Use(rule, _cofactor(rule, extra, rest, scale))
                if trace(times(rule.null, use.cofactor, self.facts), self.facts)[1]:
                    return [*self._turned(turned, fit, others, coefficient), use]
        return None


def _cofactor(rule: Rule, monomial: Term, word: Term, scale: Fraction) -> Term:
    return summed(("mat", rule.null[2], rule.null[1]), {(monomial, word): scale})


def _least_rotation(word: Term) -> Term:
    return min(word[cut:] + word[:cut] for cut in range(len(word)))


def _distance(a: Term, b: Term) -> int:
    return sum(x != y for x, y in zip(a, b, strict=True))
