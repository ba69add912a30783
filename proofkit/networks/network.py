"""A network is one or more towers of matrices and a loss; its product is what the loss sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from proofkit.basics.displays import Shown
from proofkit.networks.facts import Facts
from proofkit.networks.losses import Loss
from proofkit.networks.matrices import ExactMatrix, FloatMatrix, Matrix

UNIT_ROUNDOFFS: Final = {
    "float64": 2.0**-53,
    "float32": 2.0**-24,
    "float16": 2.0**-11,
    "bfloat16": 2.0**-8,
}
"""The float formats that layers are stored in, finest first, and the unit roundoff u of each:
rounding to the format changes a number x of its normal range by at most u·|x|."""


@dataclass(frozen=True, eq=False)
class Tower:
    """A chain of layers: ``layers[i - 1]`` is M_i, of shape d_i × d_{i−1}.

    Args:
        dims: (d_0, …, d_k), each at least 1; k is at least 1.
        layers: (M_1, …, M_k), all exact or all float.

    Raises:
        ValueError: a layer's shape is not what ``dims`` say, or exact and float layers are mixed.

    >>> tower = Tower.of([ExactMatrix.of([[0, 1]]), ExactMatrix.of([[0], [1]])])
    >>> tower.dims, tower.product()
    ((2, 1, 2), ExactMatrix([[0, 0], [0, 1]]))
    """

    dims: tuple[int, ...]
    layers: tuple[Matrix, ...]

    def __post_init__(self) -> None:
        if len(self.dims) != len(self.layers) + 1 or not self.layers:
            raise ValueError(
                f"a tower of {len(self.layers)} layers has not {len(self.dims)} widths: "
                "d_0, …, d_k go with M_1, …, M_k, k ≥ 1"
            )
        if min(self.dims) < 1:
            raise ValueError(f"every width is at least 1, here they are {self.dims}")
        for i, layer in enumerate(self.layers, start=1):
            if layer.shape != (self.dims[i], self.dims[i - 1]):
                raise ValueError(
                    f"M_{i} is {layer.rows}×{layer.cols}, but the widths say "
                    f"{self.dims[i]}×{self.dims[i - 1]}"
                )
        if len({type(layer) for layer in self.layers}) > 1:
            raise ValueError("the layers are partly exact and partly float")

    @classmethod
    def of(cls, layers: Sequence[Matrix]) -> Tower:
        """The tower of these layers, M_1 first; the widths are read off their shapes.

        Raises:
            ValueError: no layers, or neighbours that do not compose.
        """
        dims = (layers[0].cols, *(layer.rows for layer in layers)) if layers else ()
        return cls(dims, tuple(layers))

    @property
    def depth(self) -> int:
        """k, the number of layers."""
        return len(self.layers)

    @property
    def exact(self) -> bool:
        """Whether the layers are exact."""
        return isinstance(self.layers[0], ExactMatrix)

    def layer(self, i: int) -> Matrix:
        """M_i, for i from 1 to k.

        Raises:
            IndexError: there is no such layer.
        """
        if not 1 <= i <= self.depth:
            raise IndexError(f"the layers are M_1 to M_{self.depth}; there is no M_{i}")
        return self.layers[i - 1]

    def chain(self, hi: int, lo: int) -> Matrix:
        """M_hi ⋯ M_lo, of shape d_hi × d_{lo−1}; the identity when lo = hi + 1.

        Raises:
            IndexError: unless 1 ≤ lo ≤ hi + 1 ≤ k + 1.
        """
        if not 1 <= lo <= hi + 1 <= self.depth + 1:
            raise IndexError(f"there is no chain M_{hi}⋯M_{lo} in a tower of depth {self.depth}")
        if lo == hi + 1:
            return type(self.layers[0]).identity(self.dims[hi])
        result = self.layers[lo - 1]
        for layer in self.layers[lo:hi]:
            result = _times(layer, result)
        return result

    def product(self) -> Matrix:
        """M_k ⋯ M_1, of shape d_k × d_0."""
        return self.chain(self.depth, 1)

    def bottleneck(self) -> int:
        """The least j with d_j = min(d_0, …, d_k)."""
        return self.dims.index(min(self.dims))

    def as_float(self) -> Tower:
        """The same tower in floats, each entry with its distance from the exact one."""
        return replace(self, layers=tuple(_float(layer) for layer in self.layers))

    def __eq__(self, other: object) -> bool:
        """Same widths and the same entries; a float layer equals no exact one."""
        if not isinstance(other, Tower):
            return NotImplemented
        return self.dims == other.dims and all(map(_same, self.layers, other.layers))

    def __hash__(self) -> int:
        return hash(self.dims)


@dataclass(frozen=True)
class Network(Shown):
    """A point of the loss surface: towers, whose products are summed, and the loss of the sum.

    Args:
        title: one line.
        towers: at least one; all from d_0 to d_k.
        loss: the function f of the product.
        source: where the network came from, a file's name for instance; equality ignores it.
        expect: facts that the file states, free in form; read only.
        precision: the float format that the layers were stored in, a key of ``UNIT_ROUNDOFFS``;
            says nothing of exact layers.

    Raises:
        ValueError: no towers, towers that cannot be summed, exact and float ones mixed, or an
            unknown precision.

    ``dims``, ``layers``, ``depth``, ``layer``, ``chain`` and ``bottleneck`` are those of the only
    tower and raise ``ValueError`` when there are several.

    >>> from proofkit.networks.losses import SquaredLoss
    >>> loss = SquaredLoss(ExactMatrix.identity(1), ExactMatrix.of([[3]]))
    >>> network = Network.single("1 + 1", [ExactMatrix.of([[2]]), ExactMatrix.of([[1]])], loss)
    >>> network.depth, network.loss.value(network.product())
    (2, Fraction(1, 1))
    """

    title: str
    towers: tuple[Tower, ...]
    loss: Loss
    source: str = field(default="", compare=False)
    expect: Mapping[str, Any] = field(default_factory=Facts, hash=False)
    precision: str = "float64"

    def __post_init__(self) -> None:
        if not self.towers:
            raise ValueError("a network has at least one tower")
        ends = {(tower.dims[0], tower.dims[-1]) for tower in self.towers}
        if len(ends) > 1:
            raise ValueError(f"the towers' (d_0, d_k) differ, their sum has no shape: {ends}")
        if len({tower.exact for tower in self.towers}) > 1:
            raise ValueError("the towers are partly exact and partly float")
        if self.precision not in UNIT_ROUNDOFFS:
            raise ValueError(
                f"the precision is one of {', '.join(UNIT_ROUNDOFFS)}, not {self.precision!r}"
            )
        object.__setattr__(self, "expect", Facts(self.expect))
        if self.exact:
            object.__setattr__(self, "precision", "float64")

    @classmethod
    def single(cls, title: str, layers: Sequence[Matrix], loss: Loss) -> Network:
        """The network of one tower with these layers, M_1 first."""
        return cls(title, (Tower.of(layers),), loss)

    @property
    def shape(self) -> tuple[int, int]:
        """(d_k, d_0), the shape of the product."""
        dims = self.towers[0].dims
        return dims[-1], dims[0]

    @property
    def exact(self) -> bool:
        """Whether the layers are exact."""
        return self.towers[0].exact

    @property
    def unit_roundoff(self) -> float:
        """u of the format that float layers were stored in; 0 for exact layers."""
        return 0.0 if self.exact else UNIT_ROUNDOFFS[self.precision]

    def product(self) -> Matrix:
        """The sum of the towers' products, of shape d_k × d_0."""
        total = self.towers[0].product()
        for tower in self.towers[1:]:
            total = _plus(total, tower.product())
        return total

    def as_float(self) -> Network:
        """The same network with float layers; the loss is kept."""
        return replace(self, towers=tuple(tower.as_float() for tower in self.towers))

    @property
    def tower(self) -> Tower:
        """The only tower.

        Raises:
            ValueError: there are several.
        """
        if len(self.towers) > 1:
            raise ValueError(f"this network has {len(self.towers)} towers; name one")
        return self.towers[0]

    @property
    def dims(self) -> tuple[int, ...]:
        """(d_0, …, d_k) of the only tower."""
        return self.tower.dims

    @property
    def layers(self) -> tuple[Matrix, ...]:
        """(M_1, …, M_k) of the only tower."""
        return self.tower.layers

    @property
    def depth(self) -> int:
        """k of the only tower."""
        return self.tower.depth

    def layer(self, i: int) -> Matrix:
        """M_i of the only tower."""
        return self.tower.layer(i)

    def chain(self, hi: int, lo: int) -> Matrix:
        """M_hi ⋯ M_lo of the only tower; the identity when lo = hi + 1."""
        return self.tower.chain(hi, lo)

    def bottleneck(self) -> int:
        """The least j with d_j = min(d_0, …, d_k), in the only tower."""
        return self.tower.bottleneck()


def _float(layer: Matrix) -> FloatMatrix:
    return layer if isinstance(layer, FloatMatrix) else FloatMatrix.of_exact([layer])


def _same(left: Matrix, right: Matrix) -> bool:
    if isinstance(left, FloatMatrix) and isinstance(right, FloatMatrix):
        # Batches have no equality of their own: it would be one answer per instance.
        return bool(
            left.value.shape == right.value.shape
            and (left.value == right.value).all()
            and (left.error == right.error).all()
        )
    return left == right


def _times(left: Any, right: Any) -> Matrix:
    """left @ right; layers of a tower are of one kind, which the type ``Matrix`` cannot say."""
    product: Matrix = left @ right
    return product


def _plus(left: Any, right: Any) -> Matrix:
    """left + right, of one kind as well."""
    result: Matrix = left + right
    return result
