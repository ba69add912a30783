"""Witnesses: what is found for "there is …", put in, satisfies it."""

from __future__ import annotations

from typing import Any

import pytest

from proofkit.claims import And, Equal, Exists
from proofkit.evaluate import Environment, Layers, evaluate
from proofkit.evaluate.witnesses import candidates, find_witness
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.random import random_matrix
from proofkit.symbols import Identity, MatrixVariable, family, index, widths

d, k, j = widths("d"), index("k"), index("j")
N = family("N", d)
A, B = MatrixVariable("A", d(k), d(j)), MatrixVariable("B", d(j), d(0))
HALVES = And(Equal(N[k : j + 1], A), Equal(N[j:1], B))


def network(*dims: int, at: int, exact: bool = True) -> Environment:
    sizes = ((dims[-1], dims[at]), (dims[at], dims[0]))
    more: Any = {} if exact else {"exact": False, "count": 3}
    first, second = (random_matrix((7, n), *size, **more) for n, size in enumerate(sizes))
    values = {k: len(dims) - 1, j: at, d: dict(enumerate(dims)), A: first, B: second}
    return Environment(values, exact, 1 if exact else 3)


@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize(
    ("dims", "at"), [((3, 2, 3), 1), ((3, 4, 2, 3), 2), ((2, 1, 3, 2, 4), 1), ((4, 3, 3, 2, 5), 3)]
)
def test_matrices_factor_through_wider_layers(dims: tuple[int, ...], at: int, exact: bool) -> None:
    env = network(*dims, at=at, exact=exact)
    found = find_witness(N, HALVES, env)
    assert isinstance(found, Layers)
    assert evaluate(HALVES, env.having({N: found})).everywhere
    assert evaluate(Exists(N, HALVES), env).everywhere


def test_they_do_not_factor_through_a_narrower_layer() -> None:
    env = network(3, 1, 2, 3, at=2)
    assert find_witness(N, HALVES, env) is None
    assert evaluate(Exists(N, HALVES), env).unknown


def test_ones_on_the_diagonal_are_tried() -> None:
    env = network(3, 2, 3, at=1)
    E = MatrixVariable("E", d(0), d(j))
    (ones,) = candidates(E, env)
    assert ones == ExactMatrix.of([[1, 0], [0, 1], [0, 0]])
    assert evaluate(Exists(E, Equal(E.T * E, Identity(d(j)))), env).everywhere


def test_the_networks_own_family_is_tried() -> None:
    env = network(2, 2, 2, at=1)
    own = Layers({1: ExactMatrix.identity(2), 2: 3 * ExactMatrix.identity(2)})
    tried = candidates(N, env.having({N: own}))
    assert tried[0].member(2).is_zero()
    assert tried[1] == own
    assert candidates(N, env)[0].member(2) == ExactMatrix.identity(2)
