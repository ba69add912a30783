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
from proofkit.script import Fact, Proof, certificate, known, real_arithmetic, result, rewriting
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
        nonzero_matrix.claim, Not(nonzero_matrix.claim), words="Suppose no vector were moved."
    ) as suppose:
        with p.beat("Then every small vector would be sent to zero."):
            every = p.have(ForAll(v, Equal(X * v, 0)), using=suppose.given)
            small = p.have(Near((v, Zero(q_, 1)), Equal(X * v, 0)), using=[every])
        with p.beat("A matrix that does this is zero, and {X} is not.", X=X):
            zero = p.have(Equal(X, 0), using=[small])
            p.have(Contradiction(), using=[zero, nonzero])


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
    with p.beat("As a matrix of one entry {e} is not zero, and so has an inverse.", e=eps):
        with p.contradicting(NonZero(one), Equal(one, 0)) as suppose:
            nothing = p.have(Equal(trace(Zero(1, 1)), 0), real_arithmetic())
            entry = p.have(Equal(trace(one), 0), rewriting(nothing, suppose.given[0], back=True))
            p.have(Contradiction(), using=[entry, nonzero])
        exists = p.have(
            Exists(u, Equal(u.T * one, Identity(1))),
            known("nonzero vector", one, premises=[suppose.fact]),
        )
        (inverse,) = p.obtain(exists, u)
    with p.beat("Multiply by the inverse: the number cancels."):
        p.have(Equal(x, 0), certificate((None, multiple, u.T), (-x, inverse, None)))


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
    with p.beat("Multiply the factors one by one, from the empty product up."):
        with p.induction(top, lo - 1, Equal(M[top:lo], N[top:lo]), until=i) as climb:
            with climb.base():
                p.have(Equal(M[lo - 1 : lo], N[lo - 1 : lo]))
            with climb.step() as step:
                factor = p.have(Equal(M[top + 1], N[top + 1]), using=[same])
                p.have(Equal(M[top + 1 : lo], N[top + 1 : lo]), using=[step.given[-1], factor])
        p.have(equal_factors.claim, using=[climb.fact])


# ── Peeling ────────────────────────────────────────────────────────────────────────────────────
Z, L = MatrixVariable("Z", r_, p_), MatrixVariable("L", p_, q_)
y, a = vector("y", q_), vector("a", q_)

peeling = result(
    "peeling",
    "Peeling: what sends a matrix and its small changes along a vector to zero is zero",
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
        at_zero = p.have(Equal(Z * (L + Zero(p_, 1) * y.T), 0), using=[near_zero])
        here = p.have(Equal(Z * L, 0), using=[at_zero])
    with p.beat("Some vector {a} has inner product 1 with {y}, as this is not zero.", a=a, y=y):
        one = p.have(Exists(a, Equal(a.T * y, Identity(1))), using=[nonzero])
        (dual,) = p.obtain(one, a)
    with p.beat("Subtract the two and multiply by {a}: every small {x} is sent to zero.", a=a, x=x):
        rest = p.have(Near((x, Zero(p_, 1)), Equal(Z * x * y.T, 0)), using=[near_zero, here])
        turned = p.have(Equal(y.T * a, Identity(1)), using=[dual])
        with p.near((x, Zero(p_, 1)), using=[rest]) as small:
            p.have(
                Equal(Z * x, 0), certificate((None, small.given[0], a), (-(Z * x), turned, None))
            )
    with p.beat("A matrix that sends every small vector to zero is zero."):
        p.have(Equal(Z, 0), using=[small.fact])


__all__ = ["equal_factors", "nonzero_matrix", "nonzero_multiple", "peeling"]
