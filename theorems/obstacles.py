"""Why a local minimum of full rank cannot be perturbed unseen, and the basin that it lies in."""

from __future__ import annotations

from typing import Any

import numpy as np
from sympy import Integer

from proofkit.networks.exact import ExactMatrix
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.network import Network
from proofkit.networks.numbers import parse_number
from proofkit.networks.random import generator
from proofkit.networks.scalars import exact
from proofkit.symbols import MatrixVariable
from proofkit.trace import Illustration, Quantity, prose
from proofkit.walkthroughs.data import Obstacle
from theorems.figures import landscape
from theorems.lemma_2 import A, B
from theorems.setting import M, k

__all__ = ["basin", "obstacles"]

MINIMA = ("spurious-local-minimum", "global-minimum", "local-minimum")


def obstacles(network: Network, bottleneck: int) -> tuple[Obstacle, ...]:
    """For each layer up to the bottleneck whose factors above kill nothing: a left inverse of them.

    At the bottleneck the same for B, transposed.
    """
    if not network.exact:
        return ()
    found = []
    for n in range(bottleneck, 0, -1):
        above: Any = network.chain(network.depth, n + 1)
        if (inverse := above.left_inverse()) is not None:
            term = A if n == bottleneck else M[k : n + 1]
            found.append(_obstacle(n, term, above, inverse, "columns"))
    below: Any = network.chain(bottleneck, 1)
    if (inverse := below.T.left_inverse()) is not None:
        found.append(_obstacle(bottleneck + 1, B, below, inverse.T, "rows"))
    return tuple(found)


def _obstacle(n: int, term: Any, value: ExactMatrix, inverse: ExactMatrix, side: str) -> Obstacle:
    """X has a one-sided inverse Y, shown with the product that is the identity."""
    columns = side == "columns"
    product = inverse @ value if columns else value @ inverse
    words = prose(
        "Layer {n}: {X} has as many independent " + side + " as " + side + ", "
        "and so an inverse on its " + ("left" if columns else "right") + ". A vector that it "
        "kills is killed by their product, the identity: it is zero.",
        n=Integer(n),
        X=term,
    )
    Y = MatrixVariable("Y", term.cols, term.rows)
    return Obstacle(
        words,
        (
            Quantity(term, _rows(value)),
            Quantity(Y, _rows(inverse)),
            Quantity(Y * term if columns else term * Y, _rows(product)),
        ),
    )


def _rows(matrix: ExactMatrix) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(str(x) for x in line) for line in matrix.entries())


def basin(network: Network, bottleneck: int) -> tuple[Illustration, ...]:
    """The loss on a plane through a minimum of full rank, and a lower point if one is known.

    For the networks A = (x, y)ᵀ, B = (x, y) of example E01, the plane of these.
    """
    # Loaded only where it is asked: results are listed and proved without it.
    from proofkit.diagnose.search.diagnosis import diagnosed

    found = diagnosed(network)
    if found.verdict not in MINIMA or len(network.towers) > 1 or not network.exact:
        return ()
    halves: list[Any] = [network.chain(network.depth, bottleneck + 1), network.chain(bottleneck, 1)]
    if any(half.rank() < network.dims[bottleneck] for half in halves):
        return ()
    if shown := tuple(landscape(network)):
        return shown
    return (_plane(network, found.lower_point),)


def _plane(network: Network, lower: Any) -> Illustration:
    from proofkit.figures import Marked, contour

    here = [_floats(layer) for layer in network.layers]
    rng = generator((0, 23))
    up = [rng.standard_normal(layer.shape) for layer in here]
    across = [rng.standard_normal(layer.shape) for layer in here]
    if lower is not None:
        there = [
            _floats(ExactMatrix.of([[exact(parse_number(x)) for x in line] for line in rows]))
            for rows in lower["layers"]
        ]
        across = [b - a for a, b in zip(here, there, strict=True)]
    length = np.sqrt(sum(float((x * x).sum()) for x in across))
    # Orthogonal to the way across, and as long, so that the picture is not skewed.
    along = sum(float((x * z).sum()) for x, z in zip(across, up, strict=True)) / length**2
    up = [z - along * x for x, z in zip(across, up, strict=True)]
    scale = length / np.sqrt(sum(float((z * z).sum()) for z in up))

    def value(x: Any, z: Any) -> Any:
        s, t = x.ravel()[:, None, None], z.ravel()[:, None, None]
        product: Any = None
        for base, one, two in zip(here, across, up, strict=True):
            layer = base + s * one + t * scale * two
            product = layer if product is None else layer @ product
        found: Any = network.loss.value(FloatMatrix.of(product))
        return np.asarray(found.value).reshape(x.shape)

    start = float(value(np.zeros(1), np.zeros(1))[0])
    grid = value(*np.meshgrid(np.linspace(-0.5, 1.25, 41), np.linspace(-0.75, 0.75, 41)))
    low, high = float(grid.min()), float(np.quantile(grid, 0.8))
    levels = sorted({round(x, 6) for x in (*np.linspace(low, start, 5)[1:], start * 1.02)})
    levels += list(np.geomspace(max(start * 1.1, 1e-6), max(high, start * 2 + 1), 5))
    points = [Marked(0, 0, "spurious" if lower is not None else "point", f"{start:.4g}")]
    if lower is not None:
        points.append(Marked(1, 0, "point", f"{float(value(np.ones(1), np.zeros(1))[0]):.4g}"))
    return Illustration(
        "basin",
        contour(value, across=(-0.5, 1.25), up=(-0.75, 0.75), levels=sorted(set(levels)),
                points=points, names=("s", "t")),
        prose(
            "The loss on a plane through this network (the square, at 0) and a network of lower "
            "loss (the dot, at 1): a walk downhill from near the square stays in its basin."
            if lower is not None
            else "The loss on a plane through this network (the dot): it lies at the bottom."
        ),
        f"Contour lines of the loss on a plane through the network, where it is {start:.4g}.",
    )  # fmt: skip


def _floats(layer: Any) -> Any:
    return FloatMatrix.of_exact([layer]).value[0]
