"""Small facts of linear algebra that the paper uses without a word."""

from __future__ import annotations

from proofkit.claims import (
    Contradiction,
    Equal,
    Exists,
    ForAll,
    Implies,
    LessEqual,
    Near,
    NonZero,
    Not,
)
from proofkit.script import (
    Fact,
    Proof,
    algebra,
    at_the_point,
    certificate,
    contradiction,
    everywhere,
    from_,
    known,
    real_arithmetic,
    result,
    rewriting,
    witness,
)
from proofkit.symbols import (
    Identity,
    MatrixVariable,
    Zero,
    family,
    index,
    natural,
    real,
    trace,
    vector,
)
from proofkit.trace import prose
from theorems.renumbering import lo
from theorems.setting import M, d, i

p_, q_, r_ = natural("p"), natural("q"), natural("r")
X = MatrixVariable("X", p_, q_)
v, x, u = vector("v", q_), vector("x", p_), vector("u", 1)
eps = real("ε")
N = family("M'", d)
at = index("l")

nonzero_matrix = result(
    "nonzero-matrix",
    "A nonzero matrix moves some vector",
    variables=(p_, q_, X),
    given=((NonZero(X), prose("the matrix {X} is not zero", X=X)),),
    claim=Exists(v, NonZero(X * v)),
    idea=prose("A matrix that sends every vector to zero is zero."),
)


@nonzero_matrix.route()
def by_contradiction(p: Proof, nonzero: Fact) -> None:
    with p.contradicting(
        nonzero_matrix.claim,
        Not(nonzero_matrix.claim),
        words="Suppose {X} sent every vector to zero.",
        X=X,
    ) as suppose:
        with (
            p.for_all(v, words="Take a vector {v}.", v=v) as any_,
            p.contradicting(
                Equal(X * v, 0), NonZero(X * v), words="Suppose this vector were not sent to zero."
            ) as moved,
        ):
            found = p.have(
                nonzero_matrix.claim,
                witness(v, facts=moved.given),
                "Then some vector would be moved.",
            )
            p.have(
                Contradiction(), contradiction(found, suppose.given[0]), "But no vector is moved."
            )
        small = p.have(
            Near((v, Zero(q_, 1)), Equal(X * v, 0)),
            everywhere(any_.fact),
            "In particular every small vector is sent to zero.",
        )
        zero = p.have(
            Equal(X, 0),
            known("vanishing near zero", X, premises=[small]),
            "A matrix that sends every small vector to zero is zero.",
        )
        p.have(
            Contradiction(),
            contradiction(zero, nonzero),
            "But the matrix was supposed not to be zero.",
        )


nonzero_multiple = result(
    "nonzero-multiple",
    "A nonzero number cancels",
    variables=(p_, eps, x),
    given=(
        (NonZero(eps), prose("the number {e} is not zero", e=eps)),
        (Equal(eps * x, 0), prose("{y} is zero", y=eps * x)),
    ),
    claim=Equal(x, 0),
    idea=prose("Divide by {e}.", e=eps),
)


@nonzero_multiple.route()
def by_dividing(p: Proof, nonzero: Fact, multiple: Fact) -> None:
    one = eps * Identity(1)
    with p.contradicting(
        NonZero(one), Equal(one, 0), words="As a matrix of one entry {e} is not zero.", e=eps
    ) as suppose:
        nothing = p.have(Equal(trace(Zero(1, 1)), 0), real_arithmetic(), "The entry of 0 is 0.")
        entry = p.have(
            Equal(trace(one), 0),
            rewriting(nothing, suppose.given[0], back=True),
            "If this matrix were zero, its one entry would be zero.",
        )
        p.have(
            Contradiction(), contradiction(entry, nonzero), "But the number {e} is not zero.", e=eps
        )
    exists = p.have(
        Exists(u, Equal(u.T * one, Identity(1))),
        known("nonzero vector", one, premises=[suppose.fact]),
        "A number that is not zero has an inverse.",
    )
    (inverse,) = p.obtain(exists, u, words="Call it {u}.", u=u)
    p.have(
        Equal(x, 0),
        certificate((None, multiple, u.T), (-x, inverse, None)),
        "Multiply by the inverse: the number cancels.",
    )


equal_factors = result(
    "equal-factors",
    "Equal factors have equal products",
    variables=(d, M, N, lo, i),
    given=(
        (LessEqual(lo, i + 1), prose("the layers from {lo} to {i}", lo=lo, i=i)),
        (
            ForAll(at, Implies(LessEqual(lo, at), LessEqual(at, i), Equal(M[at], N[at]))),
            prose("the two networks agree in them"),
        ),
    ),
    claim=Equal(M[i:lo], N[i:lo]),
    idea=prose("Multiply them one by one."),
)


@equal_factors.route()
def by_induction(p: Proof, bound: Fact, same: Fact) -> None:
    top = index("h")

    def equal(h: object) -> Implies:
        return Implies(LessEqual(h, i), Equal(M[h:lo], N[h:lo]))

    with p.induction(top, lo - 1, equal(top), words="By induction over the upper end.") as climb:
        with (
            climb.base(words="At the lower end both products are empty."),
            p.for_all(given=[LessEqual(lo - 1, i)], words="At first there is nothing to multiply."),
        ):
            p.have(Equal(M[lo - 1 : lo], N[lo - 1 : lo]), algebra(), "Empty products are equal.")
        with (
            climb.step(words="Now one layer more on each side.") as step,
            p.for_all(
                given=[LessEqual(top + 1, i)],
                words="Suppose the next index is that of one of the layers.",
            ),
        ):
            before = p.have(
                Equal(M[top:lo], N[top:lo]),
                from_(step.given[1]),
                "The products so far are equal, by the induction hypothesis.",
            )
            factor = p.have(
                Equal(M[top + 1], N[top + 1]),
                from_(same, top + 1),
                "The next factors are equal, too.",
            )
            p.have(
                Equal(M[top + 1 : lo], N[top + 1 : lo]),
                algebra(before, factor),
                "So the products with one factor more are equal.",
            )
    p.have(
        equal_factors.claim,
        from_(climb.fact, i, premises=[bound]),
        "In particular the products of all these factors are equal.",
    )


# ── Peeling ────────────────────────────────────────────────────────────────────────────────────
Z, L = MatrixVariable("Z", r_, p_), MatrixVariable("L", p_, q_)
y, a = vector("y", q_), vector("a", q_)

peeling = result(
    "peeling",
    "Peeling: what sends L + x yᵀ to zero for every small x is zero",
    variables=(p_, q_, r_, Z, L, y),
    given=(
        (NonZero(y), prose("the vector {y} is not zero", y=y)),
        (
            Near((x, Zero(p_, 1)), Equal(Z * (L + x * y.T), 0)),
            prose("{Z} sends {X} to zero for every small {x}", Z=Z, X=L + x * y.T, x=x),
        ),
    ),
    claim=Equal(Z, 0),
    idea=prose(
        "For {x} = 0 this says {e}. Subtract: {Z} sends {D} to zero, and so {x} itself, for every "
        "small {x}.",
        x=x,
        e=Equal(Z * L, 0),
        Z=Z,
        D=x * y.T,
    ),
)


@peeling.route()
def by_subtracting(p: Proof, nonzero: Fact, near_zero: Fact) -> None:
    with p.beat("For {x} = 0 this is {e}.", x=x, e=Equal(Z * L, 0)):
        at_zero = p.have(Equal(Z * (L + Zero(p_, 1) * y.T), 0), at_the_point(near_zero))
        here = p.have(Equal(Z * L, 0), algebra(at_zero))
    with p.beat("Some vector {a} has inner product 1 with {y}, as this is not zero.", a=a, y=y):
        one = p.have(
            Exists(a, Equal(a.T * y, Identity(1))), known("nonzero vector", y, premises=[nonzero])
        )
        (dual,) = p.obtain(one, a)
    with (
        p.beat("Subtract the two and multiply by {a}: every small {x} is sent to zero.", a=a, x=x),
        p.near((x, Zero(p_, 1)), using=[near_zero]) as near,
    ):
        turned = p.have(Equal(y.T * a, Identity(1)), algebra(dual))
        difference = p.have(Equal(Z * x * y.T, 0), algebra(near.given[0], here))
        p.have(Equal(Z * x, 0), certificate((None, difference, a), (-(Z * x), turned, None)))
    with p.beat("A matrix that sends every small vector to zero is zero."):
        p.have(Equal(Z, 0), known("vanishing near zero", Z, premises=[near.fact]))


__all__ = ["equal_factors", "nonzero_matrix", "nonzero_multiple", "peeling"]
