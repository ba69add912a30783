"""A network put together from layers and biases as they were given, in a convention.

A convention says how layers act, since half of all code writes x @ W for row vectors. Where
something does not fit, the others are tried, and the fault names those in which all fits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final, TypeAlias

import numpy as np

from proofkit.networks.arrays import Array, Named, Stored, called, plain, shape_of, taken
from proofkit.networks.biases import without_biases
from proofkit.networks.decode_loss import loss_from_document
from proofkit.networks.document import Rows, exact_matrix, float_matrix, has_float, read_rows
from proofkit.networks.faults import Fault, Path, shown
from proofkit.networks.losses import Loss
from proofkit.networks.matrices import ExactMatrix, FloatMatrix, Matrix
from proofkit.networks.network import UNIT_ROUNDOFFS, Network, Tower

__all__ = ["CONVENTIONS", "TAKEN_AS_SQUARED", "Layer", "Reading", "in_file", "network_of", "stored"]

CONVENTIONS: Final = {"W@x": (False, False), "x@W": (True, True), "x@W.T": (False, True)}
"""How a layer acts: on a column, y = W x with a sample a column of X (the paper's); on a row,
y = x W with a sample a row of X; or on a row with the weight transposed, y = x Wᵀ, as PyTorch's
``Linear``. For each: whether the layers, and whether X and Y are transposed when they are read."""

TAKEN_AS_SQUARED: Final = "No loss is named: with X and Y it is taken to be squared loss."

# Of the loss's data: one column or row a sample, and of the shape of the product or of a stack.
_SAMPLES: Final = frozenset({"X", "Y", "mask"})
_OF_PRODUCT: Final = frozenset({"target", "weights", "positive", "negative", "A"})


@dataclass(frozen=True)
class Layer:
    """A layer or a bias as it was given.

    Attributes:
        value: an array, an ``ExactMatrix`` or ``FloatMatrix``, or nested lists of numbers.
        label: what messages call it, ``layer M_1`` or ``the array fc1.weight``.
        path: its place among the arguments, None for a member of a file.
        bias: whether it is a bias, whose numbers may stand in a list.
    """

    value: Any
    label: str
    path: Path | None = None
    bias: bool = False


@dataclass(frozen=True)
class Reading:
    """What was read: a network, and what was done to make it one.

    Attributes:
        network: the linear network.
        notes: what was concluded or reduced on the way, as sentences.
        last_bias: as in ``Reduced``, as a network of one layer.
    """

    network: Network
    notes: tuple[str, ...] = ()
    last_bias: Network | None = None


def network_of(
    layers: Sequence[Layer],
    biases: Sequence[Layer | None],
    loss: Loss | Mapping[str, Any],
    convention: str,
    *,
    title: str,
    source: str = "",
    notes: Sequence[str] = (),
    spare: Mapping[str, Any] | None = None,
) -> Reading:
    """The network of these layers; a fault names another convention in which they would fit.

    Args:
        layers, biases: as many biases as layers, None for none.
        loss: a loss, or the ``loss`` object of a network file whose matrices are written in the
            convention.
        convention: a key of ``CONVENTIONS``.
        title, source: as in ``Network``.
        notes: sentences that come first among the reading's.
        spare: data that nothing takes, which is a fault.

    Raises:
        Fault: something does not fit.

    >>> rows = [Layer([[1, 2]], "layers[0]")]
    >>> loss = {"kind": "expression", "expression": "w11"}
    >>> network_of(rows, [None], loss, "x@W", title="").network.dims
    (1, 2)
    """
    for key in spare or ():
        raise Fault((key,), "a loss object has its own data", remedy=f"Leave {key} out.")
    if convention not in CONVENTIONS:
        raise Fault(
            ("convention",),
            "this convention is unknown",
            expected=f"one of {', '.join(CONVENTIONS)}",
            found=shown(convention if isinstance(convention, str) else type(convention).__name__),
        )
    matrices, precision = _matrices([*layers, *(b for b in biases if b is not None)])
    parts = _Parts(layers, biases, matrices[: len(layers)], matrices[len(layers) :], precision)
    try:
        return _built(parts, loss, CONVENTIONS[convention], title, source, notes)
    except Fault as fault:
        if fault.remedy is None:
            fault.remedy = _fitting(parts, loss, convention)
        raise


def in_file(arrays: Named, name: str, bias: bool = False) -> Layer:
    """The layer or bias of this name.

    Raises:
        Fault: it cannot be used.
    """
    return Layer(stored(arrays, name), f"the array {called(name)}", None, bias)


def stored(arrays: Named, name: str) -> Stored:
    """The array of this name.  Raises the ``Fault`` that says why it cannot be used."""
    found = arrays[name]
    if isinstance(found, Fault):
        raise found
    return found


_Table: TypeAlias = "Array | Rows | ExactMatrix"


def _matrices(parts: Sequence[Layer]) -> tuple[list[Matrix], str]:
    """All layers and biases (as columns), exact, or float if a single one is; their precision."""
    tables: list[_Table] = []
    formats: set[str] = set()
    for part in parts:
        table, precision = _table(part)
        tables.append(table)
        formats |= {precision} if precision else set()
    floats = bool(formats)
    coarsest = next((name for name in reversed(UNIT_ROUNDOFFS) if name in formats), "float64")
    pairs = zip(tables, parts, strict=True)
    return [_matrix(table, floats, part) for table, part in pairs], coarsest


def _table(part: Layer) -> tuple[_Table, str | None]:
    """The numbers of a layer, and the float format if they are floats."""
    value = part.value
    if isinstance(value, ExactMatrix):
        return value, None
    if isinstance(value, FloatMatrix):
        if value.batch != 1:
            raise Fault(part.path, f"{part.label} is a batch of {value.batch} matrices")
        return value.value[0], "float64"
    stored = value if isinstance(value, Stored) else taken(value, part.label)
    if stored is not None:
        if stored.array.dtype.kind == "b":
            raise Fault(
                part.path,
                f"{part.label} holds no numbers that are read",
                expected="integers or floats of up to 64 bits",
                found="'bool'",
            )
        return stored.array, stored.precision
    rows = plain(value, part.path or ())
    if part.bias and isinstance(rows, list) and not any(isinstance(row, list) for row in rows):
        rows = [[x] for x in rows]
    table = read_rows(rows, part.path or ())
    return table, "float64" if has_float(table) else None


def _matrix(table: _Table, floats: bool, part: Layer) -> Matrix:
    if isinstance(table, ExactMatrix):
        return FloatMatrix.of(FloatMatrix.of_exact([table]).value) if floats else table
    if isinstance(table, list):
        return float_matrix(table, part.path or ()) if floats else exact_matrix(table)
    if table.ndim == 1 and part.bias:
        table = table[:, None]
    if table.ndim != 2:
        raise Fault(
            part.path,
            f"{part.label} is not a matrix",
            expected="two axes, none empty",
            found=f"the shape {shape_of(table)}",
        )
    if floats:
        return FloatMatrix.of(table.astype(np.float64)[None])
    return ExactMatrix.of([[int(x) for x in line] for line in table])


@dataclass(frozen=True)
class _Parts:
    """Layers and biases as given, and the matrices that were made of them."""

    layers: Sequence[Layer]
    biases: Sequence[Layer | None]
    matrices: Sequence[Matrix]
    columns: Sequence[Matrix]
    precision: str

    def reversed(self) -> _Parts:
        """The same with the last layer first."""
        return replace(
            self,
            layers=self.layers[::-1],
            biases=self.biases[::-1],
            matrices=self.matrices[::-1],
            columns=self.columns[::-1],
        )


def _built(
    parts: _Parts,
    loss: Loss | Mapping[str, Any],
    convention: tuple[bool, bool],
    title: str,
    source: str,
    notes: Sequence[str],
) -> Reading:
    turn, rows = convention
    tower = _tower(parts.layers, parts.matrices, turn)
    shifts = _columns(parts.biases, parts.columns, tower)
    shape = (tower.dims[-1], tower.dims[0])
    if not isinstance(loss, Loss):
        loss = loss_from_document(_turned(loss, turn, rows), (), shape)
    elif loss.shape != shape:
        raise Fault(
            ("loss",),
            "the loss does not fit the network",
            expected=f"one of {shape[0]} × {shape[1]} matrices, d_k × d_0",
            found=f"one of {loss.shape[0]} × {loss.shape[1]}",
        )
    u = 0.0 if tower.exact else UNIT_ROUNDOFFS[parts.precision]
    reduced = without_biases(tower, shifts, loss, u)
    network = Network(title, (reduced.tower,), reduced.loss, source, precision=parts.precision)
    told = [*notes, *reduced.notes]
    if turn and loss.kind == "expression":
        told.append("w_rc is the entry of M_k⋯M_1, the transpose of the product W_1⋯W_k.")
    last = None
    if reduced.last_bias is not None:
        bias, of_bias = reduced.last_bias
        last = replace(network, towers=(Tower.of([bias]),), loss=of_bias)
    return Reading(network, tuple(told), last)


def _fitting(parts: _Parts, loss: Loss | Mapping[str, Any], convention: str) -> str | None:
    """How else all would fit, as a sentence."""

    def fits(parts: _Parts, how: tuple[bool, bool]) -> bool:
        try:
            _built(parts, loss, how, "", "", ())
        except Fault:
            return False
        return True

    others = [c for c, how in CONVENTIONS.items() if c != convention and fits(parts, how)]
    if others:
        return f"All fits with the convention {' or '.join(others)}."
    turn, rows = CONVENTIONS[convention]
    if fits(parts, (not turn, rows)):
        return "All fits with each layer transposed, and X and Y as they are."
    if fits(parts.reversed(), (turn, rows)):
        return "All fits in the reverse order: the layer that sees the input comes first."
    return None


def _tower(layers: Sequence[Layer], matrices: Sequence[Matrix], turn: bool) -> Tower:
    turned: list[Matrix] = [m.T for m in matrices] if turn else list(matrices)
    for (before, below), (after, above) in pairwise(zip(layers, turned, strict=True)):
        if above.cols != below.rows:
            shape = above.shape[::-1] if turn else above.shape
            raise Fault(
                after.path,
                f"{after.label} does not compose with {before.label}, which gives "
                f"{below.rows} numbers",
                expected=f"{below.rows} {'rows' if turn else 'columns'}",
                found=f"{shape[0]} × {shape[1]}",
            )
    return Tower.of(turned)


def _columns(
    biases: Sequence[Layer | None], matrices: Sequence[Matrix], tower: Tower
) -> list[Matrix | None]:
    if len(biases) != tower.depth:
        raise Fault(
            ("biases",),
            f"{tower.depth} layers have {tower.depth} biases",
            expected="None for a layer without",
            found=f"{len(biases)} biases",
        )
    there = iter(matrices)
    columns: list[Matrix | None] = []
    for i, bias in enumerate(biases, start=1):
        if bias is None:
            columns.append(None)
            continue
        column = next(there)
        # A row is as good as a column.
        column = column if column.cols == 1 else column.T
        if column.shape != (tower.dims[i], 1):
            raise Fault(
                bias.path,
                f"{bias.label} does not fit its layer",
                expected=f"{tower.dims[i]} numbers",
                found=f"{column.cols} × {column.rows}",
            )
        columns.append(column)
    return columns


def _turned(loss: Mapping[str, Any], turn: bool, rows: bool) -> dict[str, Any]:
    """The loss object in the paper's convention."""

    def row(table: Any) -> Any:
        # A flat list is that of a single input or output, as programs hold it.
        flat = isinstance(table, list) and not any(isinstance(x, list) for x in table)
        return [table] if flat and table else transposed(table) if rows else table

    def transposed(table: Any) -> Any:
        if isinstance(table, list) and table and all(isinstance(row, list) for row in table):
            if any(isinstance(x, list) for row in table for x in row):
                return [transposed(part) for part in table]
            if len({len(row) for row in table}) == 1:
                return [list(column) for column in zip(*table, strict=True)]
        return table

    read: dict[str, Callable[[Any], Any]] = dict.fromkeys(_SAMPLES, row)
    if turn:
        read |= dict.fromkeys(_OF_PRODUCT, transposed)
    return {key: read[key](value) if key in read else value for key, value in loss.items()}
