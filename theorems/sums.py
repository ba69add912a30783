"""Finite sums of matrices: what may be taken out of them, and what changes with one summand."""

from __future__ import annotations

from typing import Any

from proofkit.claims import Claim, Equal, ForAll, Implies, Less, LessEqual
from proofkit.script import Fact, Proof, from_, result, result_, summing
from proofkit.symbols import (
    Identity,
    MatrixTerm,
    MatrixVariable,
    Summation,
    Tabulated,
    Zero,
    family,
    index,
    natural,
)
from proofkit.trace import prose

a, p_, q_, b = natural("a"), natural("p"), natural("q"), natural("b")
lo, hi, r, t, top = index("l"), index("h"), index("r"), index("t"), index("k")
X, Y = MatrixVariable("X", a, p_), MatrixVariable("Y", q_, b)
F, H = family("F", lambda at: (p_, q_)), family("H", lambda at: (a, b))
F2 = family("F'", lambda at: (p_, q_))


def term_by_term(H: Any, X: MatrixTerm, F: Any, Y: MatrixTerm, lo: Any, hi: Any) -> Claim:
    """H_t = X F_t Y for all t from ``lo`` to ``hi``."""
    return ForAll(t, Implies(LessEqual(lo, t), LessEqual(t, hi), Equal(H[t], X * F[t] * Y)))


factors_out = result(
    "factors-out-of-sums",
    "Common factors may be taken out of a sum",
    variables=(a, p_, q_, b, lo, hi, X, F, Y, H),
    given=(
        (LessEqual(lo, hi + 1), "the terms from {lo} to {hi}"),
        (term_by_term(H, X, F, Y, lo, hi), prose("each {h} is {xfy}", h=H[t], xfy=X * F[t] * Y)),
    ),
    claim=Equal(Summation(H, hi, lo), X * Summation(F, hi, lo) * Y),
    idea="One term after the other.",
)


@factors_out.route()
def by_induction(p: Proof, bound: Fact, terms: Fact) -> None:
    def equal(end: Any) -> Equal:
        return Equal(Summation(H, end, lo), X * Summation(F, end, lo) * Y)

    with (
        p.beat("Take one term after the other: on both sides the sum gets the same one more."),
        p.induction(top, lo - 1, equal(top), until=hi) as climb,
    ):
        with climb.base():
            none = [p.have(Equal(Summation(G, lo - 1, lo), 0)) for G in (H, F)]
            p.have(equal(lo - 1), using=[*none])
        with climb.step() as step:
            more = _last_terms(p, top + 1, H, F)
            term = p.have(Equal(H[top + 1], X * F[top + 1] * Y), using=[terms])
            p.have(equal(top + 1), using=[*more, term, step.given[2]])
    with p.beat("So it is for all the terms."):
        p.have(factors_out.claim, using=[climb.fact])


def _last_terms(p: Proof, end: Any, *families: Any) -> list[Fact]:
    """That each of the sums is the sum before and its last term."""
    return [
        p.have(
            Equal(Summation(G, end, lo), Summation(G, end - 1, lo) + G[end]),
            summing(Summation(G, end, lo)),
        )
        for G in families
    ]


def agree(F: Any, G: Any, lo: Any, hi: Any, but: Any) -> tuple[Claim, Claim]:
    """G_t = F_t for all t from ``lo`` to ``hi`` below, and for all above, the one left out."""
    same = Equal(G[t], F[t])
    return (
        ForAll(t, Implies(LessEqual(lo, t), Less(t, but), same)),
        ForAll(t, Implies(Less(but, t), LessEqual(t, hi), same)),
    )


one_summand = result(
    "one-summand",
    "A sum in which one summand changes",
    variables=(p_, q_, lo, hi, r, F, F2),
    given=(
        (LessEqual(lo, r), "{r} is one of the indices"),
        (LessEqual(r, hi), "{r} is not beyond the last index"),
        (agree(F, F2, lo, hi, r)[0], "the summands before it are the same"),
        (agree(F, F2, lo, hi, r)[1], "the summands after it are the same"),
    ),
    claim=Equal(Summation(F2, hi, lo), Summation(F, hi, lo) + F2[r] - F[r]),
    idea="Up to the summand before it the sums are equal, and from it on they differ by it.",
)


@one_summand.route()
def up_to_it_and_beyond(p: Proof, after: Fact, before: Fact, below: Fact, above: Fact) -> None:
    def differ(end: Any) -> Equal:
        return Equal(Summation(F2, end, lo), Summation(F, end, lo) + F2[r] - F[r])

    I_p, I_q = Identity(p_), Identity(q_)
    with p.beat("Before {r} the sums are equal."):
        start = p.have(
            Equal(Summation(F2, r - 1, lo), I_p * Summation(F, r - 1, lo) * I_q),
            result_(factors_out, p_, p_, q_, q_, lo, r - 1, I_p, F, I_q, F2, premises=[below]),
        )
    with (
        p.beat("At {r} they come to differ by that summand, and from there on they do."),
        p.induction(top, r, differ(top), until=hi) as climb,
    ):
        with climb.base():
            p.have(differ(r), using=[*_last_terms(p, r, F, F2), start])
        with climb.step() as step:
            more = _last_terms(p, top + 1, F, F2)
            same = p.have(Equal(F2[top + 1], F[top + 1]), from_(above, top + 1))
            p.have(differ(top + 1), using=[*more, same, step.given[2]])
    with p.beat("So they do at the last one."):
        p.have(one_summand.claim, using=[climb.fact])


only_summand = result(
    "only-summand",
    "A sum in which all summands but one are zero",
    variables=(p_, q_, lo, hi, r, F),
    given=(
        (LessEqual(lo, r), "{r} is one of the indices"),
        (LessEqual(r, hi), "{r} is not beyond the last index"),
        (
            ForAll(t, Implies(LessEqual(lo, t), Less(t, r), Equal(F[t], 0))),
            "the summands before it are zero",
        ),
        (
            ForAll(t, Implies(Less(r, t), LessEqual(t, hi), Equal(F[t], 0))),
            "the summands after it are zero",
        ),
    ),
    claim=Equal(Summation(F, hi, lo), F[r]),
    idea="It is the sum of zeros in which one summand was changed.",
)


@only_summand.route()
def from_zeros(p: Proof, after: Fact, before: Fact, below: Fact, above: Fact) -> None:
    nothing, none, one = Tabulated(t, Zero(p_, q_)), Zero(p_, p_), Identity(q_)
    total = Summation(nothing, hi, lo)
    with p.beat("A sum of zeros is zero."):
        with p.for_all(t, given=[LessEqual(lo, t), LessEqual(t, hi)]) as block:
            p.have(Equal(nothing[t], none * nothing[t] * one))
        zero = p.have(
            Equal(total, none * total * one),
            result_(
                factors_out,
                p_,
                p_,
                q_,
                q_,
                lo,
                hi,
                none,
                nothing,
                one,
                nothing,
                premises=[block.fact],
            ),
        )
    with p.beat("Our sum differs from it in the summand at {r} only."):
        same = []
        for fact, order in (
            (below, (LessEqual(lo, t), Less(t, r))),
            (above, (Less(r, t), LessEqual(t, hi))),
        ):
            with p.for_all(t, given=order) as others:
                gone = p.have(Equal(F[t], 0), using=[fact])
                p.have(Equal(F[t], nothing[t]), using=[gone])
            same.append(others.fact)
        changed = p.have(
            Equal(Summation(F, hi, lo), total + F[r] - nothing[r]),
            result_(one_summand, p_, q_, lo, hi, r, nothing, F, premises=same),
        )
    with p.beat("So it is this summand."):
        p.have(only_summand.claim, using=[changed, zero])


__all__ = ["agree", "factors_out", "one_summand", "only_summand", "term_by_term"]
