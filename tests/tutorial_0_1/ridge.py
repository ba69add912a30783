from proofkit.claims import Critical, Equal
from proofkit.derivations import derivations
from proofkit.script import certificate, derivative, result
from proofkit.symbols import FunctionOf, Identity, MatrixVariable, natural, norm_squared, real

n, p, q, c = natural("n"), natural("p"), natural("q"), real("c")
X, Y = MatrixVariable("X", p, n), MatrixVariable("Y", q, n)  # a data point is a column
W, Z = MatrixVariable("W", q, p), MatrixVariable("Z", q, p)
loss = FunctionOf(Z, norm_squared(Z * X - Y) + c * norm_squared(Z))

normal_equations = result(
    "normal-equations",
    "Where the gradient of ridge regression is zero, the normal equations hold",
    variables=(n, p, q, X, Y, W, c),
    given=[(Critical(loss, W), "the gradient is zero at W")],
    claim=Equal(W * (X * X.T + c * Identity(p)), Y * X.T),
)


@normal_equations.route()
def by_the_gradient(proof, critical):
    gradient = proof.have(
        Equal(loss.gradient(W), 2 * (W * X - Y) * X.T + 2 * c * W),
        derivative(loss),
        "Nudge {w} in both traces; what stands beside the nudge is the gradient.",
        w=W,
    )
    half = Identity(q) / 2
    proof.have(
        normal_equations.claim,
        certificate((half, critical, None), (-half, gradient, None)),
        "It is zero; halve it and move what has no {w} to the other side.",
        w=W,
    )


def values(network):  # what the symbols are on an example
    (weights,), data = network.layers, network.loss
    sizes = {n: data.X.cols, p: weights.cols, q: weights.rows}
    return {**sizes, X: data.X, Y: data.Y, W: weights, c: 2}


PACK = derivations(
    "ridge", "Ridge regression", [normal_equations], examples="small.json", values=values
)
