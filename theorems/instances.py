"""Concrete values for the symbols of the paper, on a network.

The vectors w_i of identity (1) are kernel vectors of the factors above (zero where there is no
other), the v_i are drawn at random, and M̃_i = M_i + w_i v_iᵀ up to the bottleneck.  Whether the
network is a local or a global minimum is not copied from its file but decided by `diagnose`,
whose certificate stands on its own.  Results about free matrices get them by name: A and B are
the halves of the network, X and Y its data.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache, partial
from typing import Any

import numpy as np

from proofkit.basics.identity import Same
from proofkit.diagnose.check.point import Point
from proofkit.diagnose.search.escape import escape
from proofkit.evaluate import Environment, Layers, Unsuitable
from proofkit.evaluate.environment import Later
from proofkit.networks.elementwise import LossError
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.losses import SquaredLoss
from proofkit.networks.network import Network
from proofkit.networks.random import random_matrix
from proofkit.networks.scalars import Undecidable
from proofkit.script import Result
from proofkit.symbols import Function, MatrixVariable
from theorems.perturbation import P, v, w
from theorems.setting import M, d, f, i, j, k
from theorems.settled import Known, descents, settled, settled_pair, settled_squares
from theorems.two_layers import A, B
from theorems.two_layers import f as pair_f

__all__ = [
    "environment",
    "free_matrices",
    "inner_bottleneck",
    "killed",
    "named",
    "point",
]


HALVES = MatrixVariable("A", d(k), d(j)), MatrixVariable("B", d(j), d(0))
"""A pair of which a proof about a deep network speaks: on an example, its halves."""


def environment(network: Network, seed: int, result: Result) -> Environment:
    """The symbols of a result on one network; `Unsuitable` for a network of several towers."""
    if len(network.towers) > 1:
        raise Unsuitable(
            f"this network has {len(network.towers)} towers, and {result.id} is about one"
        )
    env, free = _place(Same(network), seed)
    values = {**env.values, **named(result, env, free)}
    if env.exact and seed == 0:
        values |= _chosen(Same(network))
    if "B" in free:
        values = dict(zip(HALVES, (free["A"], free["B"]), strict=True)) | values
    at = env[j]

    def known() -> Known:
        halves = settled_pair(network, at, *HALVES, f) if "B" in free else {}
        if {A, B} <= set(result.variables):
            halves |= settled_pair(network, at, A, B, pair_f)
        return {**settled(network), **halves, **settled_squares(network, at, result)}

    ways = partial(descents, network)
    return Environment(values, env.exact, 1, seed, Later(known), ways, memo=env.memo)


@lru_cache(maxsize=256)
def _place(same: Same[Network], seed: int) -> tuple[Environment, dict[str, Any]]:
    """What all results have in common on a network, with the values of terms met so far."""
    network = same.thing
    env = point(network.dims, network.layers, network.loss, network.exact, 1, seed)
    return env, free_matrices(env, network.loss)


@lru_cache(maxsize=256)
def _chosen(same: Same[Network]) -> dict[Any, Any]:
    """The vectors of an example: those of its way down where there is one, else small ones.

    So the page shows one choice: M̃ in the steps is the network from which the loss falls.
    """
    network = same.thing
    env, _ = _place(same, 0)
    directions, factors = env[w].members, env[M].members
    try:
        found = escape(Point(network))
    except (LossError, Undecidable):
        found = None
    moves = found.moves if found is not None and found.j == env[j] else []
    vectors = {}
    for at, direction in directions.items():
        half = [[0]] * (factors[at].cols - 1) + [[Fraction(1, 2)]]
        vectors[at] = ExactMatrix.of(half)
        if found is not None and moves:
            vectors[at] = _along(direction, (found.path.end / 2) * moves[at - 1]) or vectors[at]
    perturbed = {at: factors[at] + directions[at] @ vectors[at].T for at in directions}
    return {v: Layers(vectors), P: Layers(perturbed)}


def _along(direction: ExactMatrix, move: ExactMatrix) -> ExactMatrix | None:
    """The v with w vᵀ = move, if there is one."""
    column = [line[0] for line in direction.entries()]
    at = next((n for n, entry in enumerate(column) if entry), None)
    if at is None:
        return None
    found = ExactMatrix.of([[x / column[at]] for x in move.entries()[at]])
    return found if (direction @ found.T - move).is_zero() else None


def point(
    dims: Sequence[int], layers: Any, loss: Any, exact: bool, batch: int, seed: int
) -> Environment:
    """The symbols of section 2 and of identity (1) at a network, or at a batch of networks."""
    depth = len(layers)
    factors = dict(enumerate(layers, start=1))
    bottleneck = inner_bottleneck(dims)
    directions, vectors, perturbed = {}, {}, {}
    above: Any = None
    for at in range(depth, 0, -1):
        if at <= bottleneck:
            directions[at] = killed(above, dims[at], exact)
            vectors[at] = _drawn(dims[at - 1], exact, batch, (seed, at))
            perturbed[at] = factors[at] + directions[at] @ vectors[at].T
        above = factors[at] if above is None else above @ factors[at]
    layer = min(max(bottleneck, 1), depth)
    values = {
        k: depth,
        d: dict(enumerate(dims)),
        j: bottleneck,
        i: layer,
        f: loss,
        M: Layers(factors),
        w: Layers(directions),
        v: Layers(vectors),
        P: Layers(perturbed),
    }
    return Environment(values, exact, batch, seed)


def inner_bottleneck(dims: Sequence[int]) -> int:
    """The least inner layer as narrow as any, or else the narrower end."""
    inner = [at for at in range(1, len(dims) - 1) if dims[at] == min(dims)]
    return inner[0] if inner else list(dims).index(min(dims))


# ── Free matrices ──────────────────────────────────────────────────────────────────────────────
def free_matrices(env: Environment, loss: Any) -> dict[str, Any]:
    """Matrices by the names that the results about free matrices give them."""
    depth, at, layers = env[k], env[j], env[M].members
    A, B = _product(layers, depth, at + 1), _product(layers, at, 1)
    if A is None or B is None:
        return {"X": layers[1]}
    if isinstance(loss, SquaredLoss):
        X, Y = (m if env.exact else FloatMatrix.of_exact([m]) for m in (loss.X, loss.Y))
    else:
        X = env.identity(B.cols)
        Y = random_matrix((env.seed, 5), A.rows, B.cols)
        Y = Y if env.exact else FloatMatrix.of_exact([Y])
    A_plus, X_plus = A.pseudo_inverse(), X.pseudo_inverse()
    Q, T = A @ A_plus, Y @ X_plus @ X
    S = T @ T.T
    found = {
        "A": A,
        "B": B,
        "X": X,
        "Y": Y,
        "A⁺": A_plus,
        "X⁺": X_plus,
        "Q": Q,
        "T": T,
        "S": S,
        "P": Q,
        "Z": A @ B @ X,
        "R": X_plus @ X,
        "u": Q @ _first(A.rows, env),
    }
    outside = env.identity(A.rows) - Q
    if env.exact:
        units = [e for e in _units(A.rows) if (Q @ e).is_zero()]
        best = max(units, key=lambda e: float(e.inner(S @ e)), default=None)
        found["v"] = best if best is not None else outside @ _first(A.rows, env)
        found["μ"] = found["v"].inner(S @ found["v"])
    return found


def _product(layers: Any, hi: int, lo: int) -> Any:
    product: Any = None
    for at in range(lo, hi + 1):
        product = layers[at] if product is None else layers[at] @ product
    return product


def _units(size: int) -> list[ExactMatrix]:
    return [ExactMatrix.of([[int(r == n)] for r in range(size)]) for n in range(size)]


def _first(size: int, env: Environment) -> Any:
    unit = _units(size)[0]
    return unit if env.exact else FloatMatrix.of_exact([unit])


def named(result: Result, env: Environment, free: dict[str, Any]) -> dict[Any, Any]:
    """Values for the variables of a result that the paper's setting does not have.

    Matrices and functions go by name; the sizes in their shapes are read off them.
    """
    values: dict[Any, Any] = {}
    for variable in result.variables:
        if variable in env.values:
            continue
        if isinstance(variable, MatrixVariable) and variable.name in free:
            _fit(variable, variable.shape, free[variable.name], values, env)
        elif isinstance(variable, Function):
            loss = env[f]
            _fit(variable, variable.domain, loss, values, env)
        elif getattr(variable, "name", "") in free and variable.is_real and not variable.is_integer:
            values[variable] = free[variable.name]
    return values


def _fit(
    variable: Any, sizes: Sequence[Any], value: Any, values: dict[Any, Any], env: Environment
) -> None:
    """Give the variable the value if its symbolic sizes agree with those already read off."""
    from proofkit.evaluate.terms import index_value

    read = dict(values)
    for size, actual in zip(sizes, value.shape, strict=True):
        if size.is_Symbol and size not in env.values:
            if read.setdefault(size, actual) != actual:
                return
        elif index_value(size, env.having(read)) != actual:
            return
    values.update(read)
    values[variable] = value


# ── The vectors of identity (1) ────────────────────────────────────────────────────────────────
def killed(above: Any, size: int, exact: bool) -> Any:
    """A vector that ``above`` sends to zero: nonzero where there is one."""
    if exact:
        found = above.null_vector() if above is not None else None
        return found if found is not None else ExactMatrix.zeros(size, 1)
    if above is None or (found := above.null_vector()) is None:
        return FloatMatrix.zeros(size, 1)
    missing = ~np.isfinite(found.value).all(axis=(1, 2), keepdims=True)
    return FloatMatrix.of(np.where(missing, 0.0, found.value), np.where(missing, 0.0, found.error))


def _drawn(size: int, exact: bool, batch: int, seed: tuple[int, ...]) -> Any:
    if exact:
        return random_matrix(seed, size, 1)
    return random_matrix(seed, size, 1, exact=False, count=batch)
