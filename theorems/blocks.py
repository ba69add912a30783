"""The identity cut into blocks of columns: one block of b_t columns for each summand of a width.

Putting factors side by side, A = (A_1, …, A_s), is A = A_1U_1ᵀ + ⋯ + A_sU_sᵀ with the blocks U_t;
and A_t = AU_t.
"""

from __future__ import annotations

from typing import Any

from proofkit.claims import (
    And,
    Claim,
    Contradiction,
    Equal,
    Exists,
    ForAll,
    Implies,
    Less,
    LessEqual,
    NonZero,
)
from proofkit.script import Fact, Proof, from_, known, result, summing, witness
from proofkit.symbols import (
    Identity,
    MatrixVariable,
    Summation,
    Tabulated,
    family,
    index,
    natural,
    rank,
    summation,
    vector,
    widths,
)
from proofkit.trace import prose
from theorems.linear_algebra import nonzero_matrix

p_, q_ = natural("p"), natural("q")
X = MatrixVariable("X", p_, q_)
v, u, z = vector("v", q_), vector("u", p_), vector("z", 1)

no_columns = result(
    "no-columns",
    "A matrix without columns is zero",
    variables=(p_, q_, X),
    given=((Equal(q_, 0), "{X} has no columns"),),
    claim=Equal(X, 0),
    idea="Its rank is zero, so there is nothing that it can move.",
)


@no_columns.route()
def by_rank(p: Proof, none: Fact) -> None:
    one, word = Identity(1), u.T * X * v
    with p.contradicting(Equal(X, 0), NonZero(X), words="Suppose {X} were not zero."):
        with p.beat("Then it would move some {v}, and some {u} would see that: {word} is 1."):
            moves = p.have(Exists(v, NonZero(X * v)), using=[nonzero_matrix])
            p.obtain(moves, v)
            seen = p.have(Exists(u, Equal(u.T * (X * v), one)))
            (equal,) = p.obtain(seen, u)
        with p.beat(
            "But {uX} has no columns, so {word} has rank 0, and the matrix 1 has not.", uX=u.T * X
        ):
            small = p.have(
                LessEqual(rank(word), rank(u.T * X)), known("rank of product left", u.T * X, v)
            )
            columns = p.have(LessEqual(rank(u.T * X), q_))
            low = p.have(LessEqual(rank(word), 0), using=[small, columns, none])
            p.have(LessEqual(rank(one), 0), using=[low, equal])
            exists = p.have(
                Exists(z, And(NonZero(z), Equal(one * z, 0))), known("kernel vector", one)
            )
            nonzero, gone = p.obtain(exists, z)
            zero = p.have(Equal(z, 0), using=[gone])
            p.have(Contradiction(), using=[zero, nonzero])


s = index("s")
t, r = index("t"), index("r")
beta, e = widths("b"), widths("e")
U = family("U", lambda at: (beta(s), e(at)))
F = family("F", beta)
E = family("E", lambda at: (beta(at), e(at)))


EACH = (LessEqual(1, t), LessEqual(t, s))
"""The index t is one of 1, …, s."""


def in_range(at: Any, claim: Claim, count: Any = s) -> Claim:
    """The claim, for 1 ≤ at ≤ s."""
    return Implies(LessEqual(1, at), LessEqual(at, count), claim)


def orthonormal(U: Any, e: Any = e) -> Claim:
    """Each block consists of columns of length 1 at right angles."""
    return ForAll(t, in_range(t, Equal(U[t].T * U[t], Identity(e(t)))))


def apart(U: Any) -> Claim:
    """Different blocks are at right angles."""
    return ForAll(
        t, r, Implies(LessEqual(1, t), Less(t, r), LessEqual(r, s), Equal(U[t].T * U[r], 0))
    )


def complete(U: Any, size: Any) -> Claim:
    """The blocks are all of the identity: Σ U_t U_tᵀ = I."""
    return Equal(summation(t, 1, s, U[t] * U[t].T), Identity(size))


def partial_sums(beta: Any = beta, e: Any = e) -> tuple[Claim, Claim]:
    """b(t) = e(1) + ⋯ + e(t)."""
    step = Equal(beta(t), beta(t - 1) + e(t))
    return Equal(beta(0), 0), ForAll(t, in_range(t, step))


TOTAL = (
    (partial_sums()[0], prose("no summands add up to nothing")),
    (partial_sums()[1], prose("{b} is the sum of the first {t} of them", b=beta(t), t=t)),
)

part_of_total = result(
    "part-of-total",
    "A summand is at most the sum",
    variables=(s, beta, e, t),
    given=(
        TOTAL[1],
        (LessEqual(1, t), "{t} is one of the indices"),
        (LessEqual(t, s), "{t} is not beyond the last"),
    ),
    claim=LessEqual(e(t), beta(s)),
    idea="The partial sums grow up to the whole.",
)


@part_of_total.route()
def by_growth(p: Proof, sums: Fact, first: Fact, last: Fact) -> None:
    with (
        p.beat("Each partial sum is at most the whole, which comes from it by adding."),
        p.induction(r, s, LessEqual(beta(r), beta(s)), down=True, until=1) as grow,
    ):
        with grow.base():
            p.have(LessEqual(beta(s), beta(s)))
        with grow.step():
            p.have(Equal(beta(r), beta(r - 1) + e(r)), using=[sums])
            p.have(LessEqual(beta(r - 1), beta(s)))
    with p.beat("And the summand at {t} is at most the partial sum up to there."):
        p.have(LessEqual(beta(t), beta(s)), using=[grow.fact])
        p.have(Equal(beta(t), beta(t - 1) + e(t)), using=[sums])
        p.have(part_of_total.claim)


identity_blocks = result(
    "identity-blocks",
    "The identity can be cut into blocks of given widths",
    variables=(s, beta, e),
    given=((LessEqual(0, s), "there are {s} summands"), *TOTAL),
    claim=Exists(U, And(orthonormal(U), apart(U), complete(U, beta(s)))),
    idea=prose(
        "Put one block after the other: the first {b} coordinates are the first {c} and then the "
        "block {e}. Going on with all further blocks moves each of them into the whole.",
        b=beta(t),
        c=beta(t - 1),
        e=E[t],
    ),
)


def two_blocks(F: Any, E: Any, at: Any = t) -> Claim:
    """F and E are the first and the last columns of an identity."""
    return And(
        Equal(F.T * F, Identity(beta(at - 1))),
        Equal(E.T * E, Identity(e(at))),
        Equal(F.T * E, 0),
        Equal(F * F.T + E * E.T, Identity(beta(at))),
    )


@identity_blocks.route()
def one_after_the_other(p: Proof, count: Fact, none: Fact, sums: Fact) -> None:
    with p.beat(
        "Cut the first {b} coordinates into the block {E} and those before it, {F}.",
        b=beta(t),
        E=E[t],
        F=F[t],
    ):
        pieces = _pieces(p, sums)
    with p.beat("Going on to the whole, by the later {F}, keeps lengths and right angles.", F=F[t]):
        isometry = _isometry(p, pieces)
    whole = Tabulated(t, F[s : t + 1] * E[t])
    with (
        p.beat("So each block, moved into the whole, has orthonormal columns."),
        p.for_all(t, given=EACH) as length,
    ):
        unit, kept = _piece(p, pieces, t, 1), p.have(_kept(t), using=[isometry])
        p.have(Equal(whole[t].T * whole[t], Identity(e(t))), using=[kept, unit])
    with (
        p.beat("Two blocks are at right angles, for the earlier lies in the coordinates before."),
        p.for_all(t, r, given=[LessEqual(1, t), Less(t, r), LessEqual(r, s)]) as angle,
    ):
        right, kept = _piece(p, pieces, r, 2), p.have(_kept(r), using=[isometry])
        p.have(Equal(whole[t].T * whole[r], 0), using=[kept, right])
    with p.beat("The first blocks make up the first coordinates, and all blocks everything."):
        total = _telescope(p, count, none, pieces, whole)
        p.have(identity_blocks.claim, witness(whole, facts=[length.fact, angle.fact, total]))


def _pieces(p: Proof, sums: Fact) -> Fact:
    """∀t. F_t, E_t are two blocks."""
    F_t, E_t = MatrixVariable("F", beta(t), beta(t - 1)), MatrixVariable("E", beta(t), e(t))
    with p.for_all(t, given=EACH) as block:
        p.have(Exists(F_t, Exists(E_t, two_blocks(F_t, E_t))))
    first = Exists(F, ForAll(t, in_range(t, Exists(E_t, two_blocks(F[t], E_t)))))
    (rest,) = p.obtain(p.have(first, using=[block.fact]), F)
    second = Exists(E, ForAll(t, in_range(t, two_blocks(F[t], E[t]))))
    (both,) = p.obtain(p.have(second, using=[rest]), E)
    return both


def _piece(p: Proof, pieces: Fact, at: Any, part: int) -> Fact:
    """One of the four things that are known of F and E at an index."""
    return p.have(two_blocks(F[at], E[at], at).args[part], from_(pieces, at))


def _kept(at: Any) -> Equal:
    return Equal(F[s : at + 1].T * F[s : at + 1], Identity(beta(at)))


def _isometry(p: Proof, pieces: Fact) -> Fact:
    with p.induction(r, s, _kept(r), down=True, until=0) as walk:
        with walk.base():
            p.have(_kept(s))
        with walk.step() as step:
            p.have(_kept(r - 1), using=[step.given[2], _piece(p, pieces, r, 0)])
    return walk.fact


def _telescope(p: Proof, count: Fact, none: Fact, pieces: Fact, whole: Tabulated) -> Fact:
    squares = Tabulated(t, whole[t] * whole[t].T)

    def up_to(at: Any) -> Equal:
        return Equal(Summation(squares, at, 1), F[s : at + 1] * F[s : at + 1].T)

    with p.induction(r, 0, up_to(r), until=s) as climb:
        with climb.base():
            empty = p.have(Equal(Summation(squares, 0, 1), 0))
            zero = p.have(Equal(F[s:1], 0), using=[no_columns])
            p.have(up_to(0), using=[empty, zero])
        with climb.step() as step:
            last = p.have(
                Equal(Summation(squares, r + 1, 1), Summation(squares, r, 1) + squares[r + 1]),
                summing(Summation(squares, r + 1, 1)),
            )
            p.have(up_to(r + 1), using=[last, step.given[2], _piece(p, pieces, r + 1, 3)])
    end = p.have(up_to(s), using=[climb.fact])
    return p.have(complete(whole, beta(s)), using=[end])


__all__ = [
    "EACH",
    "apart",
    "complete",
    "identity_blocks",
    "in_range",
    "no_columns",
    "orthonormal",
    "part_of_total",
]
