"""Random networks come with the ranks one asks for, layer by layer or product by product.

Every draw is made by a NumPy generator from the seed, so the same seed gives the same network.
Exact matrices have small rational entries and exactly the ranks asked for. Float batches are
drawn as whole arrays; within the error bounds they come with lies a network of exactly those
ranks.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal, TypeAlias, overload

import flint
import numpy as np
from numpy.typing import NDArray

from proofkit.networks.exact import ExactMatrix
from proofkit.networks.field_matrix import rational_matrix
from proofkit.networks.floating import FloatMatrix

Seed: TypeAlias = int | Sequence[int] | np.random.SeedSequence | np.random.Generator

# With entries from the smallest box, {−1, 0, 1}, a square matrix is singular less than one time
# in two (33 of 81 for size 2, fewer beyond), so this many failures in a row do not happen.
MAX_DRAWS = 200


def generator(seed: Seed) -> np.random.Generator:
    """The generator for a seed; a generator is used as it is.

    >>> generator(7).integers(100) == generator(7).integers(100)
    np.True_
    """
    if isinstance(seed, np.random.Generator):
        return seed
    if not isinstance(seed, np.random.SeedSequence):
        seed = np.random.SeedSequence(seed)
    return np.random.default_rng(seed)


@overload
def random_matrix(
    seed: Seed,
    rows: int,
    cols: int,
    rank: int | None = None,
    *,
    exact: Literal[True] = True,
    height: int = 3,
) -> ExactMatrix: ...
@overload
def random_matrix(
    seed: Seed,
    rows: int,
    cols: int,
    rank: int | None = None,
    *,
    exact: Literal[False],
    count: int = 1,
) -> FloatMatrix: ...
def random_matrix(
    seed: Seed,
    rows: int,
    cols: int,
    rank: int | None = None,
    *,
    exact: bool = True,
    count: int = 1,
    height: int = 3,
) -> ExactMatrix | FloatMatrix:
    """A random rows × cols matrix of the given rank, or of no particular rank for ``None``.

    Exact: entries, or the entries of two factors of full rank, are a/b with |a| ≤ ``height`` and
    b ∈ {1, 2}. Float: a batch of ``count`` drawn likewise from the standard normal distribution;
    a product of factors carries the error bound of its rounding.

    Raises ``ValueError`` for a rank that the shape does not allow, a height or a count below 1.

    >>> random_matrix(1, 3, 4, 2).rank()
    2
    >>> random_matrix(1, 3, 4, 2, exact=False, count=5).rank()
    array([2, 2, 2, 2, 2])
    """
    drawn: ExactMatrix | FloatMatrix = _drawer(seed, exact, count, height).matrix(rows, cols, rank)
    return drawn


@overload
def random_network_layers(
    seed: Seed,
    dims: Sequence[int],
    ranks: Sequence[int] | None = None,
    *,
    product_ranks: Mapping[tuple[int, int], int] | None = None,
    exact: Literal[True] = True,
    height: int = 3,
) -> list[ExactMatrix]: ...
@overload
def random_network_layers(
    seed: Seed,
    dims: Sequence[int],
    ranks: Sequence[int] | None = None,
    *,
    product_ranks: Mapping[tuple[int, int], int] | None = None,
    exact: Literal[False],
    count: int = 1,
) -> list[FloatMatrix]: ...
def random_network_layers(
    seed: Seed,
    dims: Sequence[int],
    ranks: Sequence[int] | None = None,
    *,
    product_ranks: Mapping[tuple[int, int], int] | None = None,
    exact: bool = True,
    count: int = 1,
    height: int = 3,
) -> list[Any]:
    """Layers M_1 … M_k with M_i of shape dims[i] × dims[i−1] and the ranks asked for.

    ``ranks`` gives the rank of every layer, by default the fullest its shape and the products
    allow. ``product_ranks`` maps (hi, lo) to the rank of M_hi⋯M_lo, for ranges of layers that do
    not overlap: with j the bottleneck, (k, j+1) asks for the rank of A and (j, 1) for that of B.
    ``exact``, ``count`` and ``height`` are as in :func:`random_matrix`.

    Construction: in bases drawn for the spaces between the layers, each layer of a range is a
    partial matching of basis vectors (P. Gabriel's normal form of a chain of linear maps, as in
    R. Schiffler, *Quiver Representations*, 2014, ch. 3); as many vectors pass through the whole
    range as the product's rank says.

    Raises ``ValueError`` when the ranks cannot be had: a layer's rank above its sides, a product's
    above a layer's or below what Sylvester's inequality leaves, ranges that overlap.

    >>> layers = random_network_layers(1, [3, 3, 2, 3], product_ranks={(3, 3): 1, (2, 1): 1})
    >>> [m.rank() for m in layers], (layers[1] @ layers[0]).rank()
    ([3, 1, 1], 1)
    """
    if len(dims) < 2 or min(dims) < 1:
        raise ValueError(f"dims {list(dims)} need at least two sizes, all at least 1")
    ranges = _ranges(len(dims) - 1, product_ranks or {})
    layer_ranks = _layer_ranks(dims, ranks, ranges)
    draw = _drawer(seed, exact, count, height)
    layers: list[Any] = []
    for lo, hi, rank in ranges:
        if rank is None or lo == hi:
            layers.append(draw.matrix(dims[lo], dims[lo - 1], layer_ranks[lo - 1]))
        else:
            layers += _aligned(draw, dims[lo - 1 : hi + 1], layer_ranks[lo - 1 : hi], rank)
    return layers


def _ranges(
    depth: int, product_ranks: Mapping[tuple[int, int], int]
) -> list[tuple[int, int, int | None]]:
    """Ranges (lo, hi, rank of the product) that cover the layers 1 … depth, in order."""
    result: list[tuple[int, int, int | None]] = []
    done = 0
    for (hi, lo), rank in sorted(product_ranks.items(), key=lambda item: item[0][1]):
        if not 1 <= lo <= hi <= depth:
            raise ValueError(f"there is no product of the layers {hi} … {lo} of {depth}")
        if lo <= done:
            raise ValueError(f"the products in {sorted(product_ranks)} overlap in layer {lo}")
        result += [(i, i, None) for i in range(done + 1, lo)]
        result.append((lo, hi, rank))
        done = hi
    return result + [(i, i, None) for i in range(done + 1, depth + 1)]


def _layer_ranks(
    dims: Sequence[int],
    ranks: Sequence[int] | None,
    ranges: Sequence[tuple[int, int, int | None]],
) -> list[int]:
    """The rank of every layer, checked against its sides and against the products."""
    full = [min(a, b) for a, b in pairwise(dims)]
    result = full if ranks is None else list(ranks)
    if len(result) != len(full):
        raise ValueError(f"{len(result)} ranks are given for {len(full)} layers")
    for i, (rank, bound) in enumerate(zip(result, full, strict=True), start=1):
        if not 0 <= rank <= bound:
            raise ValueError(f"layer {i} cannot have rank {rank}: its smaller side is {bound}")
    for lo, hi, target in ranges:
        if target is None:
            continue
        sizes, part = dims[lo - 1 : hi + 1], result[lo - 1 : hi]
        if not 0 <= target <= min(part):
            raise ValueError(
                f"the product of the layers {hi} … {lo} cannot have rank {target}: "
                f"some layer has rank {min(part)}"
            )
        while ranks is None and _surviving(sizes, part, target)[-1] > target:
            last = max(i for i, own in enumerate(part) if own > target)
            part[last] -= 1
        least = _surviving(sizes, part, target)[-1]
        if least > target:
            raise ValueError(
                f"the product of the layers {hi} … {lo} cannot have rank {target}: "
                f"the layers' ranks {part} leave at least {least}"
            )
        result[lo - 1 : hi] = part
    return result


def _surviving(dims: Sequence[int], ranks: Sequence[int], rank: int) -> list[int]:
    """How many basis vectors of the first space are still nonzero after 0, 1, … layers.

    Each layer first matches vectors that come from nowhere, so that no more than needed and no
    fewer than ``rank`` pass through; the last number is the least rank ≥ ``rank`` possible.
    """
    alive = [dims[0]]
    for size, own in zip(dims, ranks, strict=False):
        alive.append(max(rank, own + alive[-1] - size))
    return alive


def _aligned(draw: "_Draw", dims: Sequence[int], ranks: Sequence[int], rank: int) -> list[Any]:
    """Layers of these ranks whose product has this rank: S_i · matching · S_{i−1}⁻¹."""
    alive = _surviving(dims, ranks, rank)
    layers = []
    back = draw.basis(dims[0])
    for i, own in enumerate(ranks):
        matching = np.zeros((dims[i + 1], dims[i]), dtype=bool)
        through = np.arange(alive[i + 1])
        matching[through, through] = True
        fresh = np.arange(own - alive[i + 1])
        matching[alive[i + 1] + fresh, alive[i] + fresh] = True
        basis = draw.basis(dims[i + 1])
        layers.append(basis @ draw.scaled(matching) @ back)
        back = basis.left_inverse()
    return layers


@dataclass(frozen=True)
class _Draw(ABC):
    """Draws matrices of one arithmetic."""

    rng: np.random.Generator

    def matrix(self, rows: int, cols: int, rank: int | None) -> Any:
        """A matrix of this rank."""
        if rank is None:
            return self.entries(rows, cols)
        if not 0 <= rank <= min(rows, cols):
            raise ValueError(f"a {rows}×{cols} matrix cannot have rank {rank}")
        if rank == min(rows, cols):
            return self.full(rows, cols)
        return self.full(rows, rank) @ self.full(rank, cols)

    @abstractmethod
    def entries(self, rows: int, cols: int) -> Any:
        """A matrix of any rank."""

    @abstractmethod
    def full(self, rows: int, cols: int) -> Any:
        """A matrix of full rank."""

    @abstractmethod
    def basis(self, size: int) -> Any:
        """An invertible matrix with a harmless inverse."""

    @abstractmethod
    def scaled(self, matching: NDArray[np.bool_]) -> Any:
        """A matrix that is nonzero exactly where the matching says."""


@dataclass(frozen=True)
class _ExactDraw(_Draw):
    height: int

    def entries(self, rows: int, cols: int) -> ExactMatrix:
        tops = self.rng.integers(-self.height, self.height, (rows, cols), endpoint=True)
        bottoms = self.rng.integers(1, 2, (rows, cols), endpoint=True)
        return _quotients(tops, bottoms)

    def full(self, rows: int, cols: int) -> ExactMatrix:
        for _ in range(MAX_DRAWS):
            matrix = self.entries(rows, cols)
            if matrix.rank() == min(rows, cols):
                return matrix
        raise RuntimeError(f"no {rows}×{cols} matrix of full rank in {MAX_DRAWS} draws")

    def basis(self, size: int) -> ExactMatrix:
        # Unit triangular up to the order of the rows: the inverse is an integer matrix.
        lower = np.tril(self.rng.integers(-1, 1, (size, size), endpoint=True), -1)
        unit = (lower + np.eye(size, dtype=np.int64))[self.rng.permutation(size)]
        return _quotients(unit, np.ones_like(unit))

    def scaled(self, matching: NDArray[np.bool_]) -> ExactMatrix:
        tops = self.rng.integers(1, self.height, matching.shape, endpoint=True)
        signs = self.rng.choice([-1, 1], matching.shape)
        bottoms = self.rng.integers(1, 2, matching.shape, endpoint=True)
        return _quotients(np.where(matching, signs * tops, 0), bottoms)


@dataclass(frozen=True)
class _FloatDraw(_Draw):
    count: int

    def entries(self, rows: int, cols: int) -> FloatMatrix:
        return FloatMatrix.of(self.rng.standard_normal((self.count, rows, cols)))

    def full(self, rows: int, cols: int) -> FloatMatrix:
        # Of full rank with probability 1.
        return self.entries(rows, cols)

    def basis(self, size: int) -> FloatMatrix:
        # Close to orthogonal: the inverse is as small as the matrix.
        return FloatMatrix.of(np.linalg.qr(self.rng.standard_normal((self.count, size, size)))[0])

    def scaled(self, matching: NDArray[np.bool_]) -> FloatMatrix:
        sizes = self.rng.uniform(0.5, 2.0, (self.count, *matching.shape))
        return FloatMatrix.of(np.where(matching, sizes, 0.0))


def _drawer(seed: Seed, exact: bool, count: int, height: int) -> _Draw:
    if height < 1 or count < 1:
        raise ValueError(f"height {height} and count {count} must be at least 1")
    rng = generator(seed)
    return _ExactDraw(rng, height) if exact else _FloatDraw(rng, count)


def _quotients(tops: NDArray[np.int64], bottoms: NDArray[np.int64]) -> ExactMatrix:
    pairs = zip(tops.ravel().tolist(), bottoms.ravel().tolist(), strict=True)
    rows, cols = tops.shape
    return ExactMatrix(rational_matrix(rows, cols, [flint.fmpq(a, b) for a, b in pairs]))
