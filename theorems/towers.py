"""Networks of several towers: the sum of s deep linear networks with one input and one output.

Tower t has K_t + 1 layers, layer i of it is M_{t,i}, of d_{t,i} rows and d_{t,i−1} columns; all
towers have n inputs and m outputs.  Cut each at its narrowest layer j_t, of width b_t, into A_t and
B_t.  Side by side the halves are A = (A_1, …, A_s) and B, the B_t on top of one another: here
A = Σ A_tU_tᵀ and B = Σ U_tB_t with the blocks U_t of the identity.  This page shows AU_t = A_t,
U_tᵀB = B_t and AB = Σ A_tB_t.
"""

from __future__ import annotations

from typing import Any

from proofkit.claims import (
    Claim,
    Convex,
    Differentiable,
    Equal,
    ForAll,
    GlobalMinimum,
    Implies,
    Less,
    LessEqual,
    LocalMinimum,
    Or,
)
from proofkit.script import Fact, Proof, algebra, result, result_
from proofkit.symbols import (
    Function,
    Identity,
    MatrixTerm,
    MatrixVariable,
    Summation,
    Tabulated,
    WidthEnds,
    WidthOf,
    family,
    index,
    natural,
    summation,
    widths,
)
from proofkit.trace import prose
from theorems import blocks as cut
from theorems.blocks import in_range
from theorems.sums import factors_out, only_summand
from theorems.two_layers import pair_global, pair_local

s, t, r, i = index("s"), index("t"), index("r"), index("i")
m, n = natural("m"), natural("n")
K, j, beta = widths("K"), widths("j"), widths("b")
d = WidthEnds(widths("d", 2), K, n, m)
"""The widths: n at layer 0, m at layer K_t + 1 of each tower t."""
M, N = family("M", d, arity=2), family("N", d, arity=2)
f = Function("f", m, n)
U = family("U", lambda at: (beta(s), d(at, j(at))))
widths_of_bottlenecks = WidthOf(t, d(t, j(t)))


def narrow(at: Any) -> Any:
    """b_t, the width of the narrowest layer of a tower."""
    return d(at, j(at))


def product(N: Any, at: Any) -> MatrixTerm:
    """The product of the layers of a tower."""
    return N[at][K(at) + 1 : 1]  # type: ignore[no-any-return]


def upper(N: Any, at: Any) -> MatrixTerm:
    """A_t, the product of its layers above the narrowest."""
    return N[at][K(at) + 1 : j(at) + 1]  # type: ignore[no-any-return]


def lower(N: Any, at: Any) -> MatrixTerm:
    """B_t, the product of its layers up to the narrowest."""
    return N[at][j(at) : 1]  # type: ignore[no-any-return]


def network(N: Any) -> MatrixTerm:
    """The sum of the towers."""
    return summation(t, 1, s, product(N, t))


def left(N: Any) -> MatrixTerm:
    """A = (A_1, …, A_s)."""
    return summation(t, 1, s, upper(N, t) * U[t].T)


def right(N: Any) -> MatrixTerm:
    """B, the B_t on top of one another."""
    return summation(t, 1, s, U[t] * lower(N, t))


def towers_local(M: Any) -> Claim:
    """The layers of all towers are a local minimum of the loss of their sum."""
    return LocalMinimum(N, f(network(N)), M)


def towers_global(M: Any) -> Claim:
    """They are a global minimum."""
    return GlobalMinimum(N, f(network(N)), M)


LAYERS = (
    ForAll(t, in_range(t, LessEqual(j(t), K(t) + 1))),
    prose("{j} is a layer of tower {t}", j=j(t), t=t),
)
TOWER = (
    (LessEqual(1, r), prose("{r} is one of the towers", r=r)),
    (LessEqual(r, s), prose("{r} is not beyond the last tower", r=r)),
)
ORTHONORMAL = (
    cut.orthonormal(U, narrow),
    prose("the columns of each block {U} are orthonormal", U=U[t]),
)
APART = (cut.apart(U), prose("different blocks are at right angles"))
COMPLETE = (cut.complete(U, beta(s)), prose("the blocks make up the identity"))
SYMBOLS = (
    (s, prose("how many towers there are")),
    (K, prose("tower {t} has {k} layers", t=t, k=K(t) + 1)),
    (d.args[0], prose("layer {i} of tower {t} has {w} neurons", i=i, t=t, w=d(t, i))),
    (n, prose("the width of the input of every tower")),
    (m, prose("the width of the output of every tower")),
    (M, prose("layer {i} of tower {t} is the matrix {M}", i=i, t=t, M=M[t][i])),
    (f, prose("the loss of the sum of the towers")),
)
BLOCKS = (
    (j, prose("the narrowest layer of tower {t} is {j}", t=t, j=j(t))),
    (beta, prose("the first {t} narrowest layers have {b} neurons together", t=t, b=beta(t))),
    (U, prose("the columns of the identity that belong to tower {t}", t=t)),
)
ABOUT = (s, K, d.args[0], n, m, j, beta, U, M)

b = beta(s)
"""The width of the two-layer network."""
A, B = MatrixVariable("A", m, b), MatrixVariable("B", b, n)
P, Q = MatrixVariable("A'", m, b), MatrixVariable("B'", b, n)
TOTAL = tuple(
    zip(
        cut.partial_sums(beta, narrow),
        (
            prose(
                "add up the widths of the narrowest layers: {b} to begin with", b=Equal(beta(0), 0)
            ),
            prose(
                "and {b} adds the width {w} of the narrowest layer of tower {t}",
                b=beta(t),
                w=narrow(t),
                t=t,
            ),
        ),
        strict=True,
    )
)
FACTORS = (
    (A, prose("the upper factor of the two-layer network of hidden width {b}", b=b)),
    (B, prose("its lower factor")),
)
COUNT = (LessEqual(0, s), prose("there are {s} towers", s=s))
CONVEX = (Convex(f), prose("the loss {f} of the sum is convex", f=f))
SMOOTH = (Differentiable(f), prose("the loss {f} of the sum is differentiable", f=f))
TOWERS = ForAll(M, Implies(towers_local(M), towers_global(M)))
"""The towers have no spurious local minima."""
TWO = ForAll(A, B, Implies(pair_local(A, B, f), pair_global(A, B, f)))
"""The two-layer network has no spurious local minima."""
WIDE = Or(LessEqual(n, b), LessEqual(m, b))
"""It is as wide as the input or as the output."""

upper_block = result(
    "upper-block",
    "The columns of A that belong to a tower are its upper half",
    variables=(*ABOUT, r),
    given=(ORTHONORMAL, APART, *TOWER),
    claim=Equal(left(M) * U[r], upper(M, r)),
    idea=prose("All other summands are at right angles to {U}.", U=U[r]),
    symbols=(*SYMBOLS, *BLOCKS),
)
lower_block = result(
    "lower-block",
    "The rows of B that belong to a tower are its lower half",
    variables=(*ABOUT, r),
    given=(ORTHONORMAL, APART, *TOWER),
    claim=Equal(U[r].T * right(M), lower(M, r)),
    idea=prose("All other summands are at right angles to {U}.", U=U[r]),
    symbols=(*SYMBOLS, *BLOCKS),
)


@upper_block.route()
def by_right_angles(p: Proof, *facts: Fact) -> None:
    _pick(p, facts, Identity(m), Tabulated(t, upper(M, t) * U[t].T), U[r], upper(M, r))


@lower_block.route()
def by_right_angles_too(p: Proof, *facts: Fact) -> None:
    _pick(p, facts, U[r].T, Tabulated(t, U[t] * lower(M, t)), Identity(n), lower(M, r))


def _pick(
    p: Proof, facts: tuple[Fact, ...], X: MatrixTerm, F: Tabulated, Y: MatrixTerm, half: MatrixTerm
) -> None:
    """X·(Σ F_t)·Y = the half of tower r, the blocks of all other towers being at right angles."""
    unit, angles, *_ = facts
    H = Tabulated(t, X * F.args[1] * Y)
    with p.beat("Multiplied by {U}, the sum is multiplied in each of its summands.", U=U[r]):
        with p.for_all(t, given=cut.EACH) as all_:
            p.have(Equal(H[t], X * F[t] * Y))
        total = p.have(
            Equal(X * Summation(F, s, 1) * Y, Summation(H, s, 1)),
            result_(
                factors_out, X.rows, X.cols, Y.rows, Y.cols, 1, s, X, F, Y, H, premises=[all_.fact]
            ),
        )
    with p.beat("The blocks of all other towers are at right angles to {U}.", U=U[r]):
        zeros = []
        for order, pair in (
            ((LessEqual(1, t), Less(t, r)), (t, r)),
            ((Less(r, t), LessEqual(t, s)), (r, t)),
        ):
            with p.for_all(t, given=order) as others:
                gone = p.have(Equal(U[pair[0]].T * U[pair[1]], 0), using=[angles])
                p.have(Equal(H[t], 0), algebra(gone))
            zeros.append(others.fact)
        only = p.have(
            Equal(Summation(H, s, 1), H[r]),
            result_(only_summand, X.rows, Y.cols, 1, s, r, H, premises=zeros),
        )
    with p.beat("What is left is the half of tower {r}, whose block has orthonormal columns."):
        one = p.have(Equal(U[r].T * U[r], Identity(narrow(r))), using=[unit])
        p.have(Equal(X * Summation(F, s, 1) * Y, half), algebra(total, only, one))


stacked_product = result(
    "stacked-product",
    "The product AB is the sum of the towers",
    variables=ABOUT,
    given=(COUNT, LAYERS, ORTHONORMAL, APART),
    claim=Equal(network(M), left(M) * right(M)),
    idea=prose("Row block times column block: {A} is met by the rows of its own tower.", A=left(M)),
    notation=((left(M), "A"), (right(M), "B")),
    symbols=(*SYMBOLS, *BLOCKS),
)


@stacked_product.route()
def row_by_column(p: Proof, count: Fact, layers: Fact, unit: Fact, angles: Fact) -> None:
    one, B = Identity(m), right(M)
    F, H = Tabulated(t, upper(M, t) * U[t].T), Tabulated(t, product(M, t))
    with (
        p.beat(
            "The rows of {B} that belong to a tower are its lower half, so both make its product."
        ),
        p.for_all(t, given=cut.EACH) as all_,
    ):
        own = p.have(Equal(U[t].T * B, lower(M, t)), result_(lower_block, *ABOUT, t))
        p.have(LessEqual(j(t), K(t) + 1), using=[layers])
        p.have(Equal(H[t], one * F[t] * B), using=[own])
    with p.beat("As every summand agrees, the sums agree."):
        p.have(
            stacked_product.claim,
            result_(factors_out, m, m, b, n, 1, s, one, F, B, H, premises=[all_.fact]),
        )


__all__ = ["lower_block", "stacked_product", "upper_block"]
