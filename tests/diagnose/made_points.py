"""Points whose kind is known by construction, and networks trained by gradient descent."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np

from proofkit.diagnose.check.float_point import FloatPoint
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.losses import (
    LogisticLoss,
    Loss,
    SoftmaxLoss,
    SquaredLoss,
    WeightedSquaredLoss,
)
from proofkit.networks.network import Network, Tower


def reflection(rng: np.random.Generator, size: int) -> ExactMatrix:
    """A random rational orthogonal matrix I − 2vvᵀ/vᵀv."""
    v = ExactMatrix.of([[int(x)] for x in rng.integers(-2, 3, size)])
    if v.is_zero():
        return ExactMatrix.identity(size)
    return ExactMatrix.identity(size) - (Fraction(2) / Fraction(v.inner(v))) * (v @ v.T)


def unimodular(rng: np.random.Generator, size: int) -> ExactMatrix:
    lower = np.tril(rng.integers(-1, 2, (size, size)), -1) + np.eye(size, dtype=int)
    upper = np.triu(rng.integers(-1, 2, (size, size)), 1) + np.eye(size, dtype=int)
    return ExactMatrix.of((lower @ upper).tolist())


def partial_identity(rows: int, cols: int, rank: int) -> ExactMatrix:
    return ExactMatrix.of(
        [[int(r == c < rank) for c in range(cols)] for r in range(rows)], shape=(rows, cols)
    )


def threaded(
    rng: np.random.Generator, A: ExactMatrix, B: ExactMatrix, inner: list[int], rank: int
) -> list[ExactMatrix]:
    """Layers with product AB through these inner widths (each ≥ A.cols), in random gauges.

    The layers in between pass on the first ``rank`` coordinates only.
    """
    d = A.cols
    dims = [B.cols, *inner, A.rows]
    layers = [partial_identity(dims[1], d, d) @ B]
    for i in range(1, len(inner)):
        layers.append(partial_identity(dims[i + 1], dims[i], rank))
    layers.append(A @ partial_identity(d, dims[-2], d))
    for i in range(len(inner)):
        gauge = unimodular(rng, inner[i])
        layers[i] = gauge @ layers[i]
        layers[i + 1] = layers[i + 1] @ gauge.inverse()
    return layers


def squared_case(
    rng: np.random.Generator, chosen: Any, depth: int, distinct: bool = True
) -> tuple[Network, int]:
    """AB = the part of Y on chosen singular directions, Y = U·diag(s)·V; the width of AB is d."""
    m, n = int(rng.integers(3, 5)), int(rng.integers(3, 5))
    size = min(m, n)
    d = int(rng.integers(1, size))
    values = sorted((int(x) for x in rng.choice(6, size, replace=not distinct) + 1), reverse=True)
    U, V = reflection(rng, m), reflection(rng, n)
    D = ExactMatrix.of([[values[r] if r == c else 0 for c in range(n)] for r in range(m)])
    kept = chosen(rng, size, d)
    A = U.block(range(m), kept)
    B = (D @ V).block(kept, range(n))
    if len(kept) < d:
        A = (
            ExactMatrix.of_blocks([[A, ExactMatrix.zeros(m, d - len(kept))]])
            if kept
            else (ExactMatrix.zeros(m, d))
        )
        B = (
            ExactMatrix.of_blocks([[B], [ExactMatrix.zeros(d - len(kept), n)]])
            if kept
            else (ExactMatrix.zeros(d, n))
        )
    inner = [d] + [d + int(rng.integers(0, 2)) for _ in range(depth - 2)]
    rng.shuffle(inner)
    network = Network.single(
        "made",
        threaded(rng, A, B, inner, len(kept)),
        SquaredLoss(ExactMatrix.identity(n), U @ D @ V),
    )
    return network, d


def wrong(rng: np.random.Generator, size: int, d: int) -> list[int]:
    """d directions, not the first d."""
    while True:
        kept = sorted(int(x) for x in rng.choice(size, d, replace=False))
        if kept != list(range(d)):
            return kept


def first(rng: np.random.Generator, size: int, d: int) -> list[int]:
    return list(range(d))


def too_few(rng: np.random.Generator, size: int, d: int) -> list[int]:
    """The first few directions, fewer than d."""
    return list(range(int(rng.integers(0, d))))


def strict(rng: np.random.Generator) -> Network:
    return squared_case(rng, wrong, int(rng.integers(2, 5)))[0]


def dropped(rng: np.random.Generator) -> Network:
    """Depth ≥ 3, the first directions kept, no layer passes the others on: as in E08."""
    return squared_case(rng, too_few, int(rng.integers(3, 5)))[0]


def dropped_flat(rng: np.random.Generator) -> Network:
    return squared_case(rng, too_few, 2)[0]


def optimal(rng: np.random.Generator) -> Network:
    # With repeated singular values: ties.
    return squared_case(rng, first, int(rng.integers(2, 5)), distinct=False)[0]


def spurious(rng: np.random.Generator) -> Network:
    """f = (w11−a)² + (w22−b)² + c(w12² + w21²) at the product b·e₂e₂ᵀ.

    In the coordinates x of A₁ and y of B₁ the second-order part is c·b²x² + c·y² − 2a·xy, which is
    definite iff c·b > a; the value a² is above b², the loss at a·e₁e₁ᵀ, iff a > b.
    """
    b = int(rng.integers(1, 4))
    a = b + int(rng.integers(1, 4))
    c = a // b + int(rng.integers(1, 3))
    loss = WeightedSquaredLoss(ExactMatrix.of([[a, 0], [0, b]]), ExactMatrix.of([[1, c], [c, 1]]))
    depth = int(rng.integers(3, 7))
    inner = [1] + [int(rng.integers(1, 4)) for _ in range(depth - 2)]
    rng.shuffle(inner)
    layers = threaded(rng, ExactMatrix.of([[0], [1]]), ExactMatrix.of([[0, b]]), inner, 1)
    return Network.single("lifted", layers, loss)


FAMILIES: dict[str, Callable[[np.random.Generator], Network]] = {
    "strict-saddle": strict,
    "non-strict-saddle": dropped,
    "global-minimum": optimal,
    "spurious-local-minimum": spurious,
}


def descended(
    rng: np.random.Generator, loss: Loss, dims: Sequence[Sequence[int]], steps: int = 4000
) -> Network:
    """Towers trained by plain gradient descent with a step that adapts."""
    point = FloatPoint(
        [[rng.standard_normal((b, a)) for a, b in pairwise(widths)] for widths in dims],
        loss,
    )
    rate, value = 1e-2, point.value
    for _ in range(steps):
        if np.linalg.norm(point.gradient) < 1e-9:
            break
        moved = point.at(point.vector - rate * point.gradient)
        if moved.value <= value:
            point, value, rate = moved, moved.value, rate * 1.1
        else:
            rate /= 2
    towers = [
        Tower(tuple(widths), tuple(FloatMatrix.of(m) for m in own))
        for widths, own in zip(dims, point.towers, strict=True)
    ]
    return Network("trained", tuple(towers), loss)


def problem(rng: np.random.Generator, kind: str, rows: int, cols: int) -> Loss:
    """A random loss with small integer data."""

    def table(low: int, high: int, width: int = cols, height: int = rows) -> ExactMatrix:
        return ExactMatrix.of(rng.integers(low, high, (height, width)).tolist())

    if kind == "logistic":
        return LogisticLoss(table(1, 6), table(1, 6))
    if kind == "softmax":
        labels = tuple(int(x) for x in rng.integers(0, rows, 12))
        return SoftmaxLoss(table(-2, 3, 12, cols), labels, rows)
    if kind == "squared":
        return SquaredLoss(table(-3, 4, cols + 1, cols), table(-3, 4, cols + 1, rows))
    return WeightedSquaredLoss(table(-3, 4), table(1, 5))


def floats(network: Network, rng: np.random.Generator, noise: float = 0.0) -> Network:
    """An exact network of one tower as floats, in random gauges, its entries disturbed."""
    layers = [
        np.array([[float(x) for x in row] for row in m.entries()]).reshape(m.shape)
        for m in network.towers[0].layers
        if isinstance(m, ExactMatrix)
    ]
    for i in range(len(layers) - 1):
        size = len(layers[i])
        gauge = rng.standard_normal((size, size)) + 2 * np.eye(size)
        layers[i] = gauge @ layers[i]
        layers[i + 1] = layers[i + 1] @ np.linalg.inv(gauge)
    disturbed = [FloatMatrix.of(m + noise * rng.standard_normal(m.shape)) for m in layers]
    return Network.single(network.title, disturbed, network.loss)
