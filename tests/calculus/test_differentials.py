"""Differentials and gradients against three independent witnesses.

SymPy on explicit entries (polynomials in scalar symbols, where its derivatives are right), exact
rational directional derivatives, and central differences on floats.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import sympy

from proofkit.calculus import (
    differential,
    gradient,
    second_differential,
    second_differential_of,
)
from proofkit.evaluate import Environment, Layers
from proofkit.evaluate.terms import matrix_value, real_value
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.random import random_matrix, random_network_layers
from proofkit.networks.regression_losses import SquaredLoss, WeightedSquaredLoss
from proofkit.symbols import (
    Function,
    Identity,
    MatrixTrace,
    MatrixVariable,
    family,
    index,
    natural,
    norm_squared,
    widths,
)
from proofkit.symbols.faults import LanguageError, ShapeError

d, k, i, j = widths("d"), index("k"), index("i"), index("l")
M = family("M", d)
f = Function("f", d(k), d(0))
DIMS = (2, 3, 2, 3)


def environment(seed: int, layer: int, other: int = 1) -> Environment:
    layers = random_network_layers(seed, DIMS)
    target = random_matrix((seed, 1), DIMS[-1], DIMS[0])
    weights = ExactMatrix.of([[1 + (r + c) % 3 for c in range(DIMS[0])] for r in range(DIMS[-1])])
    return Environment(
        {
            k: len(layers),
            i: layer,
            j: other,
            d: dict(enumerate(DIMS)),
            M: Layers(dict(enumerate(layers, start=1))),
            f: WeightedSquaredLoss(target, weights),
        }
    )


def symbolic(name: str, rows: int, cols: int) -> sympy.Matrix:
    return sympy.Matrix(rows, cols, lambda r, c: sympy.Symbol(f"{name}{r}{c}"))


# ∂ f(M_k⋯M_1) / ∂M_i = (M_k⋯M_{i+1})ᵀ f'(M_k⋯M_1) (M_{i−1}⋯M_1)ᵀ
@pytest.mark.parametrize("layer", [1, 2, 3])
def test_gradient_of_a_layer_agrees_with_sympy_on_explicit_entries(layer: int) -> None:
    factors = [symbolic(f"m{n}_", DIMS[n], DIMS[n - 1]) for n in (1, 2, 3)]
    target = sympy.Matrix(DIMS[3], DIMS[0], lambda r, c: r - 2 * c)
    product = factors[2] * factors[1] * factors[0]
    loss = sum(
        (1 + r + c) * (product[r, c] - target[r, c]) ** 2
        for r in range(DIMS[3])
        for c in range(DIMS[0])
    )
    env = environment(layer, layer)
    env = env.having(
        {
            f: WeightedSquaredLoss(
                ExactMatrix.of(
                    [[Fraction(int(target[r, c])) for c in range(DIMS[0])] for r in range(DIMS[3])]
                ),
                ExactMatrix.of([[1 + r + c for c in range(DIMS[0])] for r in range(DIMS[3])]),
            )
        }
    )
    values = {
        factors[n][r, c]: sympy.Rational(str(env[M].member(n + 1).entries()[r][c]))
        for n in range(3)
        for r in range(DIMS[n + 1])
        for c in range(DIMS[n])
    }
    expected = [
        [
            Fraction(str(sympy.diff(loss, factors[layer - 1][r, c]).subs(values)))
            for c in range(DIMS[layer - 1])
        ]
        for r in range(DIMS[layer])
    ]
    found = matrix_value(gradient(f(M[k:1]), M[i], [k - i, i - 1]), env)
    assert found.entries() == expected


# ⟨gradient, H⟩ = d/dt f(… M_i + tH …) at 0: for a quadratic loss of a product that is affine in
# M_i, (φ(1) − φ(−1))/2 is that derivative exactly.
@pytest.mark.parametrize("seed", range(20))
def test_gradient_is_the_exact_rational_directional_derivative(seed: int) -> None:
    layer = 1 + seed % 3
    env = environment(seed, layer)
    H = random_matrix((seed, 2), DIMS[layer], DIMS[layer - 1])
    here = env[M].members

    def value(step: int) -> Fraction:
        moved = {**here, layer: here[layer] + step * H}
        return real_value(f(M[k:1]), env.having({M: Layers(moved)}))

    slope = matrix_value(gradient(f(M[k:1]), M[i], [k - i, i - 1]), env)
    assert slope.inner(H) == (value(1) - value(-1)) / 2


# For floats: |(φ(h) − φ(−h))/2h − ⟨gradient, H⟩| is rounding only, φ being quadratic.
@pytest.mark.parametrize("layer", [1, 2, 3])
def test_gradient_agrees_with_central_differences_on_a_batch(layer: int) -> None:
    count = 50
    layers = random_network_layers(layer, DIMS, exact=False, count=count)
    env = environment(0, layer)
    env = Environment({**env.values, M: Layers(dict(enumerate(layers, 1)))}, False, count)
    H = random_matrix((layer, 2), DIMS[layer], DIMS[layer - 1], exact=False, count=count)
    step = Fraction(1, 1024)
    ends = []
    for sign in (1, -1):
        moved = {**env[M].members, layer: layers[layer - 1] + (sign * step) * H}
        ends.append(real_value(f(M[k:1]), env.having({M: Layers(moved)})))
    slope = matrix_value(gradient(f(M[k:1]), M[i], [k - i, i - 1]), env)
    gap = (ends[0] - ends[1]) * (1 / (2 * step)) - slope.inner(H)
    assert gap.is_zero().all()
    wrong = (ends[0] - ends[1]) * (1 / step) - slope.inner(H)
    assert not wrong.is_zero().any()


# d(XXᵀ) = H Xᵀ + X Hᵀ and ∇ tr(XᵀAX) = AX + AᵀX
def test_differentials_with_transposes() -> None:
    n = natural("n")
    X, A, H = (MatrixVariable(name, n, n) for name in "XAH")
    assert differential(X * X.T, X, H) == H * X.T + X * H.T
    assert gradient(MatrixTrace(X.T * A * X), X) == A.T * X + A * X or (
        gradient(MatrixTrace(X.T * A * X), X) == A * X + A.T * X
    )


# SymPy 1.14 gives 0 for these; here they are not zero.
def test_gradients_that_sympy_gets_wrong() -> None:
    n = natural("n")
    A, B, C = (MatrixVariable(name, n, n) for name in "ABC")
    assert gradient(norm_squared(A) + norm_squared(B), A) == 2 * A
    eye = Identity(n)
    slope = gradient(norm_squared(eye - C), C)
    assert slope in (2 * C - 2 * eye, -2 * eye + 2 * C)


# D²f(E)[U, V] = f''(E)[DE U, DE V] + ⟨f'(E), D²E[U, V]⟩, against exact second differences
@pytest.mark.parametrize("seed", range(8))
def test_second_differential_against_exact_second_differences(seed: int) -> None:
    lower, upper = [(1, 2), (1, 3), (2, 3)][seed % 3]
    env = environment(seed, lower, upper)
    U = MatrixVariable("U", d(j), d(j - 1))
    V = MatrixVariable("V", d(i), d(i - 1))
    known = [k - j, j - i - 1, i - 1]
    second = second_differential_of(f(M[k:1]), (M[j], U), (M[i], V), known)
    u = random_matrix((seed, 5), DIMS[upper], DIMS[upper - 1])
    v = random_matrix((seed, 6), DIMS[lower], DIMS[lower - 1])
    inside = env.having({U: u, V: v})
    p, q, mixed = (matrix_value(x, inside) for x in (second.first, second.second, second.mixed))
    loss = env[f]
    point = matrix_value(M[k:1], env)

    def flat(x: ExactMatrix) -> ExactMatrix:
        return ExactMatrix.of([[e] for line in x.entries() for e in line])

    formula = flat(p).inner(loss.hessian(point) @ flat(q)) + loss.gradient(point).inner(mixed)

    def value(s: Fraction, t: Fraction) -> Fraction:
        members = dict(env[M].members)
        members[upper] = members[upper] + s * u
        members[lower] = members[lower] + t * v
        return real_value(f(M[k:1]), env.having({M: Layers(members)}))

    # φ(s, t) has degree 2 in s and in t, so this combination is ∂²φ/∂s∂t at 0 exactly.
    one = Fraction(1)
    exact = (value(one, one) - value(one, -one) - value(-one, one) + value(-one, -one)) / 4
    assert formula == exact


def test_a_layer_not_known_to_lie_in_the_chain_is_refused() -> None:
    H = MatrixVariable("H", d(i), d(i - 1))
    with pytest.raises(LanguageError, match="is layer i inside"):
        differential(M[k:1], M[i], H)


def test_a_layer_outside_the_chain_contributes_nothing() -> None:
    H = MatrixVariable("H", d(k), d(k - 1))
    assert str(differential(M[k - 1 : 1], M[k], H)) == "0"


def test_a_change_of_another_shape_is_refused() -> None:
    with pytest.raises(ShapeError):
        differential(M[k:1], M[i], MatrixVariable("H", d(i), d(i)), [k - i, i - 1])


def test_only_variables_and_layers_are_factors() -> None:
    with pytest.raises(LanguageError, match="a variable or a layer"):
        gradient(f(M[k:1]), M[k:1])


def test_squared_loss_gradient_by_hand() -> None:
    """‖WX − Y‖² has gradient 2(WX − Y)Xᵀ."""
    X, Y = random_matrix(1, 2, 4), random_matrix(2, 3, 4)
    W = random_matrix(3, 3, 2)
    assert SquaredLoss(X, Y).gradient(W) == 2 * ((W @ X - Y) @ X.T)
    assert np.allclose(
        SquaredLoss(X, Y).gradient(FloatMatrix.of_exact([W])).value[0].tolist(),
        [[float(e) for e in line] for line in SquaredLoss(X, Y).gradient(W).entries()],
    )


# D²(M_k⋯M_1)[U, V] = M_k⋯M_{l+1} U M_{l−1}⋯M_{i+1} V M_{i−1}⋯M_1
def test_second_differential_of_a_chain() -> None:
    U = MatrixVariable("U", d(j), d(j - 1))
    V = MatrixVariable("V", d(i), d(i - 1))
    known = [k - j, j - i - 1, i - 1]
    found = second_differential(M[k:1], (M[j], U), (M[i], V), known)
    assert found == M[k : j + 1] * U * M[j - 1 : i + 1] * V * M[i - 1 : 1]
