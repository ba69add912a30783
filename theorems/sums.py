"""Finite sums of matrices: what may be taken out of them, and what changes with one summand."""

from __future__ import annotations

from typing import Any

from proofkit.claims import Claim, Equal, ForAll, Implies, Less, LessEqual
from proofkit.script import (
    Fact,
    Proof,
    algebra,
    from_,
    result,
    result_,
    summing,
)
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
        (LessEqual(lo, hi + 1), prose("the terms from {lo} to {hi}", lo=lo, hi=hi)),
        (
            term_by_term(H, X, F, Y, lo, hi),
            prose("each {h} is {xfy}", h=H[t], xfy=X * F[t] * Y),
        ),
    ),
    claim=Equal(Summation(H, hi, lo), X * Summation(F, hi, lo) * Y),
    idea=prose("One term after the other."),
)


@factors_out.route()
def by_induction(p: Proof, bound: Fact, terms: Fact) -> None:
    def equal(end: Any) -> Equal:
        return Equal(Summation(H, end, lo), X * Summation(F, end, lo) * Y)

    with p.induction(
        top,
        lo - 1,
        equal(top),
        until=hi,
        words="We go by induction over the last term of the sums.",
    ) as climb:
        with climb.base(words="At first there are no terms."):
            left = p.have(
                Equal(Summation(H, lo - 1, lo), 0),
                summing(Summation(H, lo - 1, lo)),
                "A sum of no terms is zero.",
            )
            right = p.have(
                Equal(Summation(F, lo - 1, lo), 0),
                summing(Summation(F, lo - 1, lo)),
                "On the right as well the sum of no terms is zero.",
            )
            p.have(equal(lo - 1), algebra(left, right), "So both sides are zero.")
        with climb.step(words="Then comes the term at {n}.", n=top + 1) as step:
            left = p.have(
                Equal(Summation(H, top + 1, lo), Summation(H, top, lo) + H[top + 1]),
                summing(Summation(H, top + 1, lo)),
                "The sum on the left gets one more term.",
            )
            right = p.have(
                Equal(Summation(F, top + 1, lo), Summation(F, top, lo) + F[top + 1]),
                summing(Summation(F, top + 1, lo)),
                "The sum on the right gets one more term, too.",
            )
            term = p.have(
                Equal(H[top + 1], X * F[top + 1] * Y),
                from_(terms, top + 1),
                "The two new terms are equal.",
            )
            p.have(
                equal(top + 1),
                algebra(left, right, term, step.given[2]),
                "So the two sums are equal again.",
            )
    p.have(
        factors_out.claim,
        from_(climb.fact, hi),
        "In particular the sums up to the last term are equal.",
    )


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
        (LessEqual(lo, r), prose("{r} is one of the indices", r=r)),
        (LessEqual(r, hi), prose("{r} is not beyond the last index", r=r)),
        (agree(F, F2, lo, hi, r)[0], prose("the summands before it are the same")),
        (agree(F, F2, lo, hi, r)[1], prose("the summands after it are the same")),
    ),
    claim=Equal(Summation(F2, hi, lo), Summation(F, hi, lo) + F2[r] - F[r]),
    idea=prose("Up to the summand before it the sums are equal, and from it on they differ by it."),
)


@one_summand.route()
def up_to_it_and_beyond(p: Proof, after: Fact, before: Fact, below: Fact, above: Fact) -> None:
    I_p, I_q = Identity(p_), Identity(q_)
    start = p.have(
        Equal(Summation(F2, r - 1, lo), I_p * Summation(F, r - 1, lo) * I_q),
        result_(factors_out, p_, p_, q_, q_, lo, r - 1, I_p, F, I_q, F2, premises=[below]),
        "Before {r} the sums are equal.",
        r=r,
    )

    def differ(end: Any) -> Equal:
        return Equal(Summation(F2, end, lo), Summation(F, end, lo) + F2[r] - F[r])

    with p.induction(
        top, r, differ(top), until=hi, words="From {r} on they differ by its summand.", r=r
    ) as climb:
        with climb.base(words="Begin with the changed term itself."):
            sums = _last_terms(p, r)
            p.have(differ(r), algebra(*sums, start), "At {r} the summands differ.", r=r)
        with climb.step(words="Then comes the term at {n}.", n=top + 1) as step:
            sums = _last_terms(p, top + 1)
            same = p.have(
                Equal(F2[top + 1], F[top + 1]),
                from_(above, top + 1),
                "The next summands are the same again.",
            )
            p.have(
                differ(top + 1), algebra(*sums, same, step.given[2]), "So the two sums stay equal."
            )
    p.have(
        one_summand.claim,
        from_(climb.fact, hi),
        "In particular the sums up to the last term are equal.",
    )


def _last_terms(p: Proof, end: Any) -> list[Fact]:
    return [
        p.have(
            Equal(Summation(G, end, lo), Summation(G, end - 1, lo) + G[end]),
            summing(Summation(G, end, lo)),
            words,
        )
        for G, words in (
            (F, "The old sum gets one more term."),
            (F2, "The new sum gets one more term."),
        )
    ]


only_summand = result(
    "only-summand",
    "A sum in which all summands but one are zero",
    variables=(p_, q_, lo, hi, r, F),
    given=(
        (LessEqual(lo, r), prose("{r} is one of the indices", r=r)),
        (LessEqual(r, hi), prose("{r} is not beyond the last index", r=r)),
        (
            ForAll(t, Implies(LessEqual(lo, t), Less(t, r), Equal(F[t], 0))),
            prose("the summands before it are zero"),
        ),
        (
            ForAll(t, Implies(Less(r, t), LessEqual(t, hi), Equal(F[t], 0))),
            prose("the summands after it are zero"),
        ),
    ),
    claim=Equal(Summation(F, hi, lo), F[r]),
    idea=prose("It is the sum of zeros in which one summand was changed."),
)


@only_summand.route()
def from_zeros(p: Proof, after: Fact, before: Fact, below: Fact, above: Fact) -> None:
    nothing = Tabulated(t, Zero(p_, q_))
    total = Summation(nothing, hi, lo)
    with p.for_all(
        t, given=[LessEqual(lo, t), LessEqual(t, hi)], words="First look at a sum of zeros."
    ) as block:
        p.have(
            Equal(nothing[t], Zero(p_, p_) * nothing[t] * Identity(q_)),
            algebra(),
            "Each zero is zero times itself.",
        )
    zero = p.have(
        Equal(total, Zero(p_, p_) * total * Identity(q_)),
        result_(
            factors_out,
            p_,
            p_,
            q_,
            q_,
            lo,
            hi,
            Zero(p_, p_),
            nothing,
            Identity(q_),
            nothing,
            premises=[block.fact],
        ),
        "A sum of zeros is zero.",
    )
    with p.for_all(
        t, given=[LessEqual(lo, t), Less(t, r)], words="Let {t} be before {r}.", t=t, r=r
    ) as lower:
        gone = p.have(
            Equal(F[t], 0), from_(below, t), "Before the one that is left all summands are zero."
        )
        p.have(
            Equal(F[t], nothing[t]),
            algebra(gone),
            "So this summand is what it is in the sum of zeros.",
        )
    with p.for_all(
        t, given=[Less(r, t), LessEqual(t, hi)], words="Let {t} be after {r}.", t=t, r=r
    ) as upper:
        gone = p.have(
            Equal(F[t], 0),
            from_(above, t),
            "After the one that is left all summands are zero, too.",
        )
        p.have(
            Equal(F[t], nothing[t]),
            algebra(gone),
            "So this summand is what it is in the sum of zeros.",
        )
    changed = p.have(
        Equal(Summation(F, hi, lo), total + F[r] - nothing[r]),
        result_(
            one_summand,
            p_,
            q_,
            lo,
            hi,
            r,
            nothing,
            F,
            premises=[after, before, lower.fact, upper.fact],
        ),
        "So only the summand at {r} makes a difference.",
        r=r,
    )
    p.have(
        only_summand.claim,
        algebra(changed, zero),
        "A sum of zeros with one summand put in is this summand.",
    )


__all__ = ["agree", "factors_out", "one_summand", "only_summand", "term_by_term"]
