"""Gradients of X ↦ body on networks: exact, whatever the degree, and told from wrong ones."""

from __future__ import annotations

import pytest

from proofkit.claims import Equal
from proofkit.evaluate import Environment
from proofkit.evaluate.claims import evaluate
from proofkit.networks.random import random_matrix
from proofkit.networks.regression_losses import SquaredLoss
from proofkit.symbols import (
    Chain,
    Function,
    FunctionOf,
    Identity,
    MatrixVariable,
    hessian,
    listed,
    natural,
    norm_squared,
    trace,
)

n = natural("n")
A, X, Z = (MatrixVariable(name, n, n) for name in "AXZ")
f = Function("f", n, n)


def on(exact: bool) -> Environment:
    a, x = (random_matrix(seed, 2, 2, exact=exact) for seed in (1, 2))
    loss = SquaredLoss(random_matrix(4, 2, 2), random_matrix(5, 2, 2))
    return Environment({n: 2, A: a, X: x, f: loss}, exact)


cube = listed(Z, A, Z)
GRADIENTS = {
    # tr(ZZᵀ) and its square: degrees 2 and 4
    "quadratic": (trace(Z * Z.T), 2 * X),
    "quartic": (trace(Z * Z.T * Z * Z.T), 4 * X * X.T * X),
    "sextic": (trace(Z * Z.T * Z * Z.T * Z * Z.T), 6 * X * X.T * X * X.T * X),
    "square": (norm_squared(Z) ** 2, 4 * norm_squared(X) * X),
    # the chain rule, with an inner map that is affine and one that is not
    "f(AX)": (f(A * Z), A.T * f.gradient(A * X)),
    "f(XXᵀ)": (f(Z * Z.T), (f.gradient(X * X.T) + f.gradient(X * X.T).T) * X),
    "a chain with Z twice": (trace(Chain(cube, 3, 1)), (X * A + A * X).T),
    # sums and products with values of f
    "f(X) + |X|²": (f(Z) + norm_squared(Z), f.gradient(X) + 2 * X),
    "f(X)·|X|²": (f(Z) * norm_squared(Z), norm_squared(X) * f.gradient(X) + 2 * f(X) * X),
}


@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize("name", GRADIENTS)
def test_a_gradient_holds_and_a_wrong_one_fails(name: str, exact: bool) -> None:
    body, gradient = GRADIENTS[name]
    here = FunctionOf(Z, body).gradient(X)
    assert evaluate(Equal(here, gradient), on(exact)).everywhere
    assert not evaluate(Equal(here, gradient + X), on(exact)).everywhere
    assert not evaluate(Equal(here, -gradient), on(exact)).everywhere


def test_what_is_no_polynomial_is_differentiated_all_the_same() -> None:
    # tr f′(Z) of a sum of squares: its gradient is f″ at the identity
    nested = FunctionOf(Z, trace(f.gradient(Z)))
    change = hessian(f, X, Identity(n))
    assert evaluate(Equal(nested.gradient(X), change), on(True)).everywhere
    assert not evaluate(Equal(nested.gradient(X), 2 * change), on(True)).everywhere
