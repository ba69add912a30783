"""Ridge regression and its linear algebra: a second pack, on proofkit's public interface alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from proofkit.claims import Critical, Equal, LessEqual
from proofkit.derivations import derivations
from proofkit.networks.losses import SquaredLoss
from proofkit.networks.network import Network
from proofkit.networks.numbers import parse_number
from proofkit.script import (
    Fact,
    Proof,
    arithmetic,
    cofactors,
    derivative,
    known,
    result,
    result_,
)
from proofkit.symbols import (
    FunctionOf,
    Identity,
    MatrixVariable,
    frobenius,
    natural,
    norm_squared,
    rank,
    real,
)
from proofkit.trace import prose

m, n, p, q = (natural(name) for name in "mnpq")
X, Y = MatrixVariable("X", p, n), MatrixVariable("Y", q, n)
W, V = MatrixVariable("W", q, p), MatrixVariable("V", q, p)
Z = MatrixVariable("Z", q, p)
c = real("c")

SYMBOLS = (
    (X, prose("the inputs, one a column")),
    (Y, prose("the targets, one a column")),
    (W, prose("the weights")),
    (c, prose("how strongly large weights are penalised")),
)

loss = FunctionOf(Z, norm_squared(Z * X - Y) + c * norm_squared(Z))
slope = 2 * (W * X - Y) * X.T + 2 * c * W

gradient = result(
    "ridge-gradient",
    "The gradient of ridge regression",
    variables=(n, p, q, X, Y, W, c),
    given=(),
    claim=Equal(loss.gradient(W), slope),
    symbols=SYMBOLS,
)


@gradient.route()
def by_differentials(proof: Proof) -> None:
    proof.have(
        gradient.claim,
        derivative(loss),
        "Nudge {w} in both traces; what stands beside the nudge, transposed, is the gradient.",
        w=W,
    )


directional = FunctionOf(Z, frobenius(2 * (Z * X - Y) * X.T + 2 * c * Z, V))

hessian = result(
    "ridge-hessian",
    "The Hessian of ridge regression, applied to a direction",
    variables=(n, p, q, X, Y, W, V, c),
    given=(),
    claim=Equal(directional.gradient(W), 2 * V * X * X.T + 2 * c * V),
    symbols=(*SYMBOLS, (V, prose("a direction"))),
)


@hessian.route()
def by_differentials_again(proof: Proof) -> None:
    proof.have(
        hessian.claim,
        derivative(directional),
        "The slope in the direction {v} is linear in the weights, up to a constant.",
        v=V,
    )


normal_equations = result(
    "normal-equations",
    "Critical weights solve the normal equations",
    variables=(n, p, q, X, Y, W, c),
    given=((Critical(loss, W), prose("the gradient is zero at {w}", w=W)),),
    claim=Equal(W * (X * X.T + c * Identity(p)), Y * X.T),
    symbols=SYMBOLS,
)


@normal_equations.route()
def by_the_gradient(proof: Proof, critical: Fact) -> None:
    formula = proof.have(
        gradient.claim, result_(gradient, n, p, q, X, Y, W, c), "The gradient is known."
    )
    proof.have(
        normal_equations.claim,
        cofactors((Identity(q) / 2, critical, None), (-Identity(q) / 2, formula, None)),
        "It is zero; halve it and move what has no {w} to the other side.",
        w=W,
    )


A, B = MatrixVariable("A", m, n), MatrixVariable("B", n, m)
P, Q = MatrixVariable("P", m, m), MatrixVariable("Q", n, n)

push_through = result(
    "push-through",
    "The push-through identity: (I + AB)⁻¹A = A(I + BA)⁻¹",
    variables=(m, n, A, B, P, Q),
    given=(
        (Equal(P * (Identity(m) + A * B), Identity(m)), prose("{p} inverts {x}", p=P, x=A * B)),
        (Equal((Identity(n) + B * A) * Q, Identity(n)), prose("{q} inverts {x}", q=Q, x=B * A)),
    ),
    claim=Equal(P * A, A * Q),
)


@push_through.route()
def by_certificate(proof: Proof, left: Fact, right: Fact) -> None:
    proof.have(
        push_through.claim,
        cofactors((None, left, A * Q), (-P * A, right, None)),
        "Write {x} in two ways: from the left {p} goes away, from the right {q} does.",
        x=P * (A + A * B * A) * Q,
        p=P,
        q=Q,
    )


D, Di = MatrixVariable("D", n, n), MatrixVariable("E", n, n)
C, Ci = MatrixVariable("C", m, m), MatrixVariable("F", m, m)
U, R, K = MatrixVariable("U", n, m), MatrixVariable("R", m, n), MatrixVariable("K", m, m)

woodbury = result(
    "woodbury",
    "Woodbury's identity: the inverse after a change of low rank",
    variables=(m, n, D, Di, C, Ci, U, R, K),
    given=(
        (Equal(D * Di, Identity(n)), prose("{e} inverts {d}", e=Di, d=D)),
        (Equal(C * Ci, Identity(m)), prose("{e} inverts {d}", e=Ci, d=C)),
        (Equal((Ci + R * Di * U) * K, Identity(m)), prose("{k} inverts the small matrix", k=K)),
    ),
    claim=Equal((D + U * C * R) * (Di - Di * U * K * R * Di), Identity(n)),
)


@woodbury.route()
def by_multiplying_out(proof: Proof, large: Fact, middle: Fact, small: Fact) -> None:
    after = U * K * R * Di
    proof.have(
        woodbury.claim,
        cofactors(
            (None, large, Identity(n) - after),
            (-U * C, small, R * Di),
            (U, middle, K * R * Di),
        ),
        "Multiply out and use each inverse once.",
    )


G, H, J = (MatrixVariable(name, m, n) for name in "GHJ")
S, T = MatrixVariable("S", n, p), MatrixVariable("T", p, q)

middle_factor = result(
    "middle-factor",
    "A product has at most the rank of its middle factor",
    variables=(m, n, p, q, G, S, T),
    given=(),
    claim=LessEqual(rank(G * S * T), rank(S)),
)


@middle_factor.route()
def by_two_products(proof: Proof) -> None:
    left = proof.have(
        LessEqual(rank(G * S * T), rank(G * S)),
        known("rank of product left", G * S, T),
        "The last factor does not raise the rank.",
    )
    right = proof.have(
        LessEqual(rank(G * S), rank(S)),
        known("rank of product right", G, S),
        "Nor does the first.",
    )
    proof.have(middle_factor.claim, arithmetic(left, right), "Put the two together.")


def values(network: Network) -> Mapping[Any, Any]:
    """Weights and data of a network of one layer with a squared loss."""
    data = network.loss
    assert isinstance(data, SquaredLoss)
    (weights,) = network.layers
    rows, cols = weights.shape
    return {
        n: data.X.cols,
        p: cols,
        q: rows,
        X: data.X,
        Y: data.Y,
        W: weights,
        V: weights,
        c: parse_number("1/2"),
    }


PACK = derivations(
    "ridge",
    "Ridge regression and its linear algebra",
    (gradient, hessian, normal_equations, push_through, woodbury, middle_factor),
    examples=Path(__file__).parent / "examples",
    values=values,
)
