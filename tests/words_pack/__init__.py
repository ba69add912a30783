"""A pack about derivatives of what is built from words: backpropagation, log det, softmax, GELU.

It uses proofkit's public interface alone.  GELU, in its tanh form, is a function of the pack's own:
a definition, whose laws are theorems.
"""

from __future__ import annotations

from proofkit.claims import (
    And,
    Between,
    Differentiable,
    DifferentiableAt,
    Equal,
    ForAll,
    LessEqual,
    Near,
    NonZero,
    Slope,
    Symmetric,
)
from proofkit.script import (
    Fact,
    Proof,
    algebra,
    both,
    cofactors,
    derivative,
    known,
    real_arithmetic,
    result,
    rewriting,
    routinely,
)
from proofkit.symbols import (
    Function,
    FunctionOf,
    Identity,
    Map,
    MatrixTerm,
    MatrixVariable,
    absolute,
    determinant,
    exp,
    family,
    hadamard,
    hessian,
    index,
    inverse,
    log,
    logdet,
    natural,
    norm_squared,
    real,
    reciprocal,
    tanh,
    total,
    tr,
    vector,
    widths,
)
from proofkit.trace import prose

m, n, p, q = (natural(name) for name in "mnpq")
x, t, a, c = (real(name) for name in "xtac")

# ── Backpropagation, for every activation ──────────────────────────────────────────────────────
f, sigma = Function("f", q, n), Map("σ")
W1, W2, Z = MatrixVariable("W1", p, m), MatrixVariable("W2", q, p), MatrixVariable("Z", m, n)
V1, V2 = MatrixVariable("V1", p, m), MatrixVariable("V2", q, p)
first, second = FunctionOf(V1, f(W2 * sigma(V1 * Z))), FunctionOf(V2, f(V2 * sigma(W1 * Z)))
outer = f.gradient(W2 * sigma(W1 * Z))

backpropagation = result(
    "backpropagation",
    "The gradients of f(W₂·σ(W₁·Z)), for every activation σ",
    variables=(m, n, p, q, f, sigma, W1, W2, Z),
    given=(
        (Differentiable(f), prose("the loss {f} is differentiable", f=f)),
        (ForAll(x, DifferentiableAt(sigma, x)), prose("the activation has a derivative")),
    ),
    claim=And(
        Equal(second.gradient(W2), outer * sigma(W1 * Z).T),
        Equal(first.gradient(W1), hadamard(sigma.derivative(W1 * Z), W2.T * outer) * Z.T),
    ),
)


@backpropagation.route()
def by_the_chain_rule(proof: Proof, smooth: Fact, activation: Fact) -> None:
    parts = backpropagation.claim.args
    upper = proof.have(
        parts[0], derivative(second, smooth), "The outer matrix stands before what it multiplies."
    )
    lower = proof.have(
        parts[1],
        derivative(first, smooth, activation),
        "What comes back through the outer matrix meets the slope of each unit.",
    )
    proof.have(backpropagation.claim, both(upper, lower), "These are the two gradients.")


# ── log |det S|, aᵀS⁻¹b ────────────────────────────────────────────────────────────────────────
S, T = MatrixVariable("S", n, n), MatrixVariable("T", n, n)
u, v = vector("u", n), vector("v", n)
log_of_determinant = FunctionOf(T, logdet(T))
d = determinant(S)

log_determinant = result(
    "log-determinant",
    "The gradient of log |det S| is S⁻ᵀ",
    variables=(n, S),
    given=((NonZero(d), prose("{S} is invertible", S=S)),),
    claim=Equal(log_of_determinant.gradient(S), inverse(S).T),
)


@log_determinant.route()
def by_jacobi(proof: Proof, invertible: Fact) -> None:
    one = reciprocal(absolute(d)) * absolute(d) * reciprocal(d) * d
    raw = proof.have(
        Equal(log_of_determinant.gradient(S), one * inverse(S).T),
        derivative(log_of_determinant, invertible),
        "The chain rule, through the determinant and its absolute value.",
    )
    positive = proof.have(
        NonZero(absolute(d)), routinely(invertible), "A number that is not 0 has a size."
    )
    small = proof.have(
        Equal(d * reciprocal(d), 1), known("quotient", d, premises=[invertible]), "It cancels."
    )
    size = proof.have(
        Equal(absolute(d) * reciprocal(absolute(d)), 1),
        known("quotient", absolute(d), premises=[positive]),
        "And so does its size.",
    )
    factor = proof.have(
        Equal(one, 1),
        real_arithmetic(size, small, multipliers=[d * reciprocal(d), 1]),
        "So all factors but the inverse cancel.",
    )
    proof.have(
        log_determinant.claim,
        rewriting(
            raw, factor, where=lambda z: Equal(log_of_determinant.gradient(S), z * inverse(S).T)
        ),
        "What is left is the inverse.",
    )


bilinear = FunctionOf(T, tr(u.T * inverse(T) * v))

inverse_form = result(
    "inverse-form",
    "The gradient of uᵀS⁻¹v",
    variables=(n, S, u, v),
    given=((NonZero(d), prose("{S} is invertible", S=S)),),
    claim=Equal(bilinear.gradient(S), -inverse(S).T * u * v.T * inverse(S).T),
)


@inverse_form.route()
def by_the_inverse(proof: Proof, invertible: Fact) -> None:
    proof.have(
        inverse_form.claim,
        derivative(bilinear, invertible),
        "The inverse changes by −S⁻¹HS⁻¹; what stands around H, transposed, is the gradient.",
    )


# ── Softmax cross-entropy ──────────────────────────────────────────────────────────────────────
W, V = MatrixVariable("W", p, q), MatrixVariable("V", p, q)
y, z = vector("y", p), vector("z", q)
cross_entropy = FunctionOf(V, log(total(exp(V * z))) - tr(y.T * V * z))
softmax = reciprocal(total(exp(W * z))) * exp(W * z)

softmax_gradient = result(
    "softmax",
    "The gradient of softmax cross-entropy",
    variables=(p, q, W, y, z),
    given=((LessEqual(1, p), prose("there is a class")),),
    claim=Equal(cross_entropy.gradient(W), (softmax - y) * z.T),
)


@softmax_gradient.route()
def by_the_log_partition_function(proof: Proof, classes: Fact) -> None:
    proof.have(
        softmax_gradient.claim,
        derivative(cross_entropy, classes),
        "The sum of exponentials is positive, so its logarithm has a derivative.",
    )


# ── The Rayleigh quotient ──────────────────────────────────────────────────────────────────────
w = vector("w", n)
quotient = FunctionOf(w, tr(w.T * S * w) / tr(w.T * w))
here = 1 / tr(u.T * u)

rayleigh = result(
    "rayleigh",
    "The gradient of the Rayleigh quotient",
    variables=(n, S, u),
    given=(
        (Symmetric(S), prose("{S} is symmetric", S=S)),
        (NonZero(u), prose("{u} is not 0", u=u)),
    ),
    claim=Equal(quotient.gradient(u), 2 * here * (S * u - tr(u.T * S * u) * here * u)),
)


@rayleigh.route()
def by_the_quotient_rule(proof: Proof, symmetric: Fact, nonzero: Fact) -> None:
    raw = proof.have(
        Equal(
            quotient.gradient(u),
            here * (S * u + S.T * u) - 2 * tr(u.T * S * u) * here**2 * u,
        ),
        derivative(quotient, nonzero),
        "The quotient rule.",
    )
    proof.have(rayleigh.claim, algebra(raw, symmetric), "And the two halves are one.")


# ── (I + UV)⁻¹U = U(I + VU)⁻¹ ──────────────────────────────────────────────────────────────────
A, B = MatrixVariable("A", p, q), MatrixVariable("B", q, p)
left, right = Identity(p) + A * B, Identity(q) + B * A

push_through = result(
    "push-through",
    "The push-through identity",
    variables=(p, q, A, B),
    given=((NonZero(determinant(left)), prose("I + AB is invertible")),),
    claim=Equal(inverse(left) * A, A * inverse(right)),
)


@push_through.route()
def by_inverting_both(proof: Proof, invertible: Fact) -> None:
    same = proof.have(
        Equal(determinant(left), determinant(right)),
        known("determinant of identity plus", A, B),
        "The two determinants are the same.",
    )
    other = proof.have(
        NonZero(determinant(right)), rewriting(invertible, same), "So both are invertible."
    )
    before = proof.have(
        Equal(inverse(left) * left, Identity(p)),
        known("inverse on the left", left, premises=[invertible]),
        "One inverse, on the left.",
    )
    after = proof.have(
        Equal(right * inverse(right), Identity(q)),
        known("inverse on the right", right, premises=[other]),
        "The other, on the right.",
    )
    proof.have(
        push_through.claim,
        cofactors((None, before, A * inverse(right)), (-inverse(left) * A, after, None)),
        "Put (I + AB)A = A(I + BA) between the two inverses.",
    )


# ── A block of the Hessian, at every depth ─────────────────────────────────────────────────────
dim, k, i, j = widths("d"), index("k"), index("i"), index("j")
M = family("M", dim)
g = Function("g", dim(k), dim(0))
G, X = MatrixVariable("X", dim(k), dim(0)), MatrixVariable("X", dim(j), dim(j - 1))
U = MatrixVariable("U", dim(j), dim(j - 1))
above, between, below = M[k : j + 1], M[j - 1 : i + 1], M[i - 1 : 1]


def block(upper: MatrixTerm) -> MatrixTerm:
    """The gradient in layer i, with a matrix in place of layer j above it."""
    return (above * upper * between).T * g.gradient(above * upper * M[j - 1 : 1]) * below.T


point = above * M[j] * M[j - 1 : 1]

hessian_block = result(
    "hessian-block",
    "A block of the Hessian of g(M_k⋯M_1), at every depth and width",
    variables=(dim, k, i, j, g, M),
    given=(
        (Between(1, i, k), prose("{i} is a layer", i=i)),
        (Between(i + 1, j, k), prose("{j} is a layer above it", j=j)),
        (
            Near((G, point), DifferentiableAt(g, G)),
            prose("the loss has a derivative near the product"),
        ),
        (
            DifferentiableAt(FunctionOf(G, g.gradient(G)), point),
            prose("and a second one at the product"),
        ),
    ),
    claim=Slope(
        FunctionOf(X, block(X)),
        M[j],
        FunctionOf(
            U,
            (above * U * between).T * g.gradient(point) * below.T
            + (above * M[j] * between).T * hessian(g, point, above * U * M[j - 1 : 1]) * below.T,
        ),
    ),
)


@hessian_block.route()
def by_a_second_differential(
    proof: Proof, lower: Fact, upper: Fact, near: Fact, twice: Fact
) -> None:
    proof.have(
        hessian_block.claim,
        derivative(FunctionOf(X, block(X)), near, twice),
        "Nudge layer {j}: it stands in the product around the gradient, and in its argument.",
        j=j,
    )


# ── A word of one's own: GELU in its tanh form ─────────────────────────────────────────────────
inside = c * (x + a * x**3)
gelu = FunctionOf(x, x / 2 * (1 + tanh(inside)))
"""x/2·(1 + tanh(c(x + ax³))): in use with c = √(2/π) and a = 0.044715."""

h = real("h")
rate = (1 + tanh(inside)) / 2 + x / 2 * (1 - tanh(inside) ** 2) * c * (1 + 3 * a * x**2)

gelu_slope = result(
    "gelu-slope",
    "The derivative of GELU",
    variables=(a, c, x),
    given=(),
    claim=Slope(gelu, x, FunctionOf(h, rate * h)),
)


@gelu_slope.route()
def by_the_product_rule(proof: Proof) -> None:
    proof.have(gelu_slope.claim, derivative(gelu), "The product and the chain rule.")


layer = FunctionOf(V1, norm_squared(gelu(V1 * Z)))
slope_of_gelu = FunctionOf(x, rate)

gelu_layer = result(
    "gelu-layer",
    "The gradient of a layer with GELU",
    variables=(a, c, m, n, p, W1, Z),
    given=(),
    claim=Equal(layer.gradient(W1), 2 * hadamard(gelu(W1 * Z), slope_of_gelu(W1 * Z)) * Z.T),
)


@gelu_layer.route()
def by_the_slope_of_each_unit(proof: Proof) -> None:
    proof.have(gelu_layer.claim, derivative(layer), "Each unit has its slope.")


RESULTS = (
    *(backpropagation, log_determinant, inverse_form, softmax_gradient, rayleigh),
    *(push_through, hessian_block, gelu_slope, gelu_layer),
)
