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
from proofkit.script import (
    Fact,
    Proof,
    algebra,
    arithmetic,
    chosen,
    contradiction,
    from_,
    known,
    result,
    result_,
    rewriting,
    summing,
    witness,
)
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
    given=((Equal(q_, 0), prose("{X} has no columns", X=X)),),
    claim=Equal(X, 0),
    idea=prose("Its rank is zero, so there is nothing that it can move."),
)


@no_columns.route()
def by_rank(p: Proof, none: Fact) -> None:
    with p.contradicting(
        Equal(X, 0), NonZero(X), words="Suppose {X} were not zero.", X=X
    ) as suppose:
        moves = p.have(
            Exists(v, NonZero(X * v)),
            result_(nonzero_matrix, p_, q_, X, premises=suppose.given),
            "If {X} were not zero, it would move some vector.",
            X=X,
        )
        (moved,) = p.obtain(moves, v, words="Call it {v}.", v=v)
        seen = p.have(
            Exists(u, Equal(u.T * (X * v), Identity(1))),
            known("nonzero vector", X * v, premises=[moved]),
            "What it is moved to has inner product 1 with some vector.",
        )
        (one,) = p.obtain(seen, u, words="Call such a vector {u}.", u=u)
        small = p.have(
            LessEqual(rank(u.T * X * v), rank(u.T * X)),
            known("rank of product left", u.T * X, v),
            "The rank of this product is at most that of {uX}.",
            uX=u.T * X,
        )
        columns = p.have(
            LessEqual(rank(u.T * X), q_),
            known("rank at most columns", u.T * X),
            "This matrix has no columns, so its rank is at most their number.",
        )
        low = p.have(
            LessEqual(rank(u.T * X * v), 0),
            arithmetic(small, columns, none),
            "So the rank of this product is zero.",
        )
        flat = p.have(
            LessEqual(rank(Identity(1)), 0),
            rewriting(low, one),
            "But this product is the matrix 1, so that has rank zero.",
        )
        less = p.have(
            Less(rank(Identity(1)), 1),
            arithmetic(flat),
            "So the matrix 1 would have rank zero, less than its one column.",
        )
        kernel_ = p.have(
            Exists(z, And(NonZero(z), Equal(Identity(1) * z, 0))),
            known("kernel vector", Identity(1), premises=[less]),
            "A matrix of so low a rank sends something nonzero to zero.",
        )
        nonzero, gone = p.obtain(kernel_, z, words="Call such a vector {z}.", z=z)
        zero = p.have(
            Equal(z, 0), algebra(gone), "But the matrix 1 sends it to itself, so it is zero."
        )
        p.have(
            Contradiction(), contradiction(zero, nonzero), "A vector cannot be zero and not zero."
        )


s = index("s")
t, r = index("t"), index("r")
beta, e = widths("b"), widths("e")
U = family("U", lambda at: (beta(s), e(at)))
F = family("F", beta)
E = family("E", lambda at: (beta(at), e(at)))


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
        (LessEqual(1, t), prose("{t} is one of the indices", t=t)),
        (LessEqual(t, s), prose("{t} is not beyond the last", t=t)),
    ),
    claim=LessEqual(e(t), beta(s)),
    idea=prose("The partial sums grow up to the whole."),
)


@part_of_total.route()
def by_growth(p: Proof, sums: Fact, first: Fact, last: Fact) -> None:
    with p.induction(
        r,
        s,
        LessEqual(beta(r), beta(s)),
        down=True,
        until=1,
        words="The partial sums grow up to the whole.",
    ) as grow:
        with grow.base(words="At the end there is nothing to add."):
            p.have(LessEqual(beta(s), beta(s)), arithmetic(), "The whole is at most itself.")
        with grow.step(words="Take away the summand at {r}.", r=r) as step:
            next_ = p.have(
                Equal(beta(r), beta(r - 1) + e(r)),
                from_(sums, r),
                "From one partial sum to the next a summand is added.",
            )
            p.have(
                LessEqual(beta(r - 1), beta(s)),
                arithmetic(next_, step.given[2]),
                "This summand is not negative, so the smaller partial sum is at most the whole.",
            )
    here = p.have(
        LessEqual(beta(t), beta(s)),
        from_(grow.fact, t),
        "In particular the partial sum up to {t} is at most the whole.",
        t=t,
    )
    own = p.have(
        Equal(beta(t), beta(t - 1) + e(t)), from_(sums, t), "At this index its summand was added."
    )
    p.have(part_of_total.claim, arithmetic(here, own), "So this summand is at most the whole.")


identity_blocks = result(
    "identity-blocks",
    "The identity can be cut into blocks of given widths",
    variables=(s, beta, e),
    given=((LessEqual(0, s), prose("there are {s} summands", s=s)), *TOTAL),
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
    pieces = _pieces(p, sums)
    isometry = _isometry(p, pieces)
    whole = Tabulated(t, F[s : t + 1] * E[t])
    with p.for_all(
        t, given=[LessEqual(1, t), LessEqual(t, s)], words="Look at one block."
    ) as length:
        unit = _piece(p, pieces, t, 1)
        kept = p.have(_kept(t), from_(isometry, t), "Moving into the whole keeps lengths.")
        p.have(
            Equal(whole[t].T * whole[t], Identity(e(t))),
            algebra(kept, unit),
            "So the block keeps its right angles.",
        )
    with p.for_all(
        t, r, given=[LessEqual(1, t), Less(t, r), LessEqual(r, s)], words="Look at two blocks."
    ) as angle:
        right = _piece(p, pieces, r, 2)
        kept = p.have(_kept(r), from_(isometry, r), "Moving into the whole keeps lengths.")
        p.have(
            Equal(whole[t].T * whole[r], 0),
            algebra(kept, right),
            "An earlier block lies in the coordinates before, at right angles to this one.",
        )
    total = _telescope(p, count, none, pieces, whole)
    p.have(
        identity_blocks.claim,
        witness(whole, facts=[length.fact, angle.fact, total]),
        "These are the blocks.",
    )


def _pieces(p: Proof, sums: Fact) -> Fact:
    """∀t. F_t, E_t are two blocks."""
    F_t, E_t = MatrixVariable("F", beta(t), beta(t - 1)), MatrixVariable("E", beta(t), e(t))
    with p.for_all(
        t, given=[LessEqual(1, t), LessEqual(t, s)], words="Let {t} be one of the indices.", t=t
    ) as block:
        next_ = p.have(
            Equal(beta(t), beta(t - 1) + e(t)), from_(sums, t), "At this index a width is added."
        )
        p.have(
            Exists(F_t, Exists(E_t, two_blocks(F_t, E_t))),
            known("two blocks", beta(t - 1), e(t), beta(t), premises=[next_]),
            "So the identity is cut in two.",
        )
    first = p.have(
        Exists(F, ForAll(t, in_range(t, Exists(E_t, two_blocks(F[t], E_t))))),
        chosen(block.fact),
        "Choose the first part of each cut.",
    )
    (rest,) = p.obtain(first, F, words="Call the first parts {F}.", F=F[t])
    second = p.have(
        Exists(E, ForAll(t, in_range(t, two_blocks(F[t], E[t])))),
        chosen(rest),
        "Choose the second part of each cut.",
    )
    (both,) = p.obtain(second, E, words="Call the second parts {E}.", E=E[t])
    return both


def _piece(p: Proof, pieces: Fact, at: Any, part: int) -> Fact:
    """One of the four things that are known of F and E at an index."""
    words = (
        "{F} has orthonormal columns.",
        "{E} has orthonormal columns.",
        "{E} is at right angles to {F}.",
        "{F} and {E} together are all.",
    )[part]
    formulas = {name: M[at] for name, M in (("F", F), ("E", E)) if f"{{{name}}}" in words}
    return p.have(two_blocks(F[at], E[at], at).args[part], from_(pieces, at), words, **formulas)


def _kept(at: Any) -> Equal:
    return Equal(F[s : at + 1].T * F[s : at + 1], Identity(beta(at)))


def _isometry(p: Proof, pieces: Fact) -> Fact:
    with p.induction(
        r, s, _kept(r), down=True, until=0, words="Moving on to the whole keeps right angles."
    ) as walk:
        with walk.base(words="Begin at the end, where nothing is moved."):
            p.have(
                _kept(s), algebra(), "At the end nothing is moved: the identity keeps right angles."
            )
        with walk.step(words="Now begin one move earlier.") as step:
            unit = _piece(p, pieces, r, 0)
            p.have(
                _kept(r - 1),
                algebra(step.given[2], unit),
                "So with one more move the right angles are kept.",
            )
    return walk.fact


def _telescope(p: Proof, count: Fact, none: Fact, pieces: Fact, whole: Tabulated) -> Fact:
    squares = Tabulated(t, whole[t] * whole[t].T)

    def up_to(at: Any) -> Equal:
        return Equal(Summation(squares, at, 1), F[s : at + 1] * F[s : at + 1].T)

    with p.induction(
        r, 0, up_to(r), until=s, words="The first blocks are the first coordinates."
    ) as climb:
        with climb.base(words="Before the first block."):
            empty = p.have(
                Equal(Summation(squares, 0, 1), 0),
                summing(Summation(squares, 0, 1)),
                "A sum of no blocks is zero.",
            )
            zero = p.have(
                Equal(F[s:1], 0),
                result_(no_columns, beta(s), beta(0), F[s:1], premises=[none]),
                "There are no coordinates before the first block.",
            )
            p.have(up_to(0), algebra(empty, zero), "So both sides are zero.")
        with climb.step(words="Then comes block {n}.", n=r + 1) as step:
            last = p.have(
                Equal(Summation(squares, r + 1, 1), Summation(squares, r, 1) + squares[r + 1]),
                summing(Summation(squares, r + 1, 1)),
                "One more block is added.",
            )
            both = _piece(p, pieces, r + 1, 3)
            p.have(
                up_to(r + 1),
                algebra(last, step.given[2], both),
                "With it the coordinates up to {b} are complete.",
                b=beta(r + 1),
            )
    end = p.have(
        up_to(s), from_(climb.fact, s, premises=[count]), "So together all blocks are everything."
    )
    return p.have(complete(whole, beta(s)), algebra(end), "The blocks add up to the identity.")


__all__ = [
    "apart",
    "complete",
    "identity_blocks",
    "in_range",
    "no_columns",
    "orthonormal",
    "part_of_total",
]
