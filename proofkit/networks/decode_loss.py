"""Turn the ``loss`` object of a document into a loss that fits the network's product.

Numbers of a loss are exact: a float stands for the rational number that it stores.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from proofkit.networks.document import (
    exact_matrix,
    read_count,
    read_flag,
    read_list,
    read_number,
    read_object,
    read_rows,
)
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.expressions import parse_expression
from proofkit.networks.faults import Fault, Path, nearest, shown
from proofkit.networks.losses import (
    AbsoluteLoss,
    ExpressionLoss,
    HuberLoss,
    LogisticLoss,
    Loss,
    MaskedSquaredLoss,
    MeasurementLoss,
    PoissonLoss,
    SoftmaxLoss,
    SquaredLoss,
    WeightedSquaredLoss,
)
from proofkit.networks.scalars import Undecidable, exact, sign
from proofkit.networks.tokens import NotationError

Shape = tuple[int, int]


def loss_from_document(value: Any, path: Path, shape: Shape) -> Loss:
    """The loss that the object describes.

    Args:
        value: an object with ``kind`` and the keys of that kind: ``squared`` X, Y ·
            ``weighted-squared`` target, weights · ``logistic`` positive, negative · ``softmax``
            X, labels (classes from 0) · ``huber`` X, Y, delta · ``absolute`` and ``poisson`` Y
            and, optionally, X · ``masked-squared`` Y, mask and, optionally, X · ``measurements``
            A, y · ``expression`` expression and, optionally, the claims convex and
            differentiable.
        path: where the object stands in its document.
        shape: (d_k, d_0), the shape of the product that the loss is to take.

    Raises:
        Fault: the kind is unknown, a key is missing or unknown, or the data do not fit the shape.

    >>> loss_from_document({"kind": "expression", "expression": "w11"}, (), (1, 1)).shape
    (1, 1)
    """
    kind = kind_of(value, path)
    required, optional, read = _KINDS[kind]
    fields = read_object(value, path, required=["kind", *required], optional=optional)
    return read(fields, path, shape)


def kinds() -> tuple[str, ...]:
    """The kinds of loss that a file may name.

    >>> "squared" in kinds()
    True
    """
    return tuple(_KINDS)


def kind_of(value: Any, path: Path) -> str:
    """The kind that a loss object names.

    Raises:
        Fault: it is no object, or names none that is known.

    >>> kind_of({"kind": "squared"}, ())
    'squared'
    """
    known = ", ".join(_KINDS)
    if not isinstance(value, dict) or "kind" not in value:
        raise Fault(
            path,
            "a loss is an object that names its kind",
            expected=f'"kind", one of {known}',
            found=shown(value),
        )
    kind = value["kind"]
    if not isinstance(kind, str) or kind not in _KINDS:
        raise Fault(
            (*path, "kind"),
            "this kind of loss is unknown",
            expected=f"one of {known}",
            found=shown(kind),
            remedy=_said_otherwise(kind) if isinstance(kind, str) else None,
        )
    return kind


def _said_otherwise(kind: str) -> str | None:
    """What this kind of loss is called here."""
    plain = re.sub(r"[^a-z0-9]", "", kind.lower())
    if plain in {"mse", "mseloss", "l2", "sse", "rss", "meansquarederror", "leastsquares"}:
        return 'Say "squared": a mean is that times a constant, which changes no kind of point.'
    if plain in {"ce", "crossentropy", "crossentropyloss", "categoricalcrossentropy"}:
        return 'Say "softmax", the cross-entropy of classes.'
    if plain in {"l1", "mae", "l1loss", "meanabsoluteerror"}:
        return 'Say "absolute": a mean is that times a constant, which changes no kind of point.'
    return nearest(kind, _KINDS)


def data_of(kind: str) -> tuple[str, ...]:
    """The names of what a loss of this kind is made of.

    >>> data_of("huber"), data_of("softmax")
    (('X', 'Y', 'delta'), ('X', 'labels'))
    """
    required, optional, _ = _KINDS[kind]
    return (*required, *optional)


def _squared(fields: dict[str, Any], path: Path, shape: Shape) -> Loss:
    return SquaredLoss(*_samples(fields, path, shape))


def _huber(fields: dict[str, Any], path: Path, shape: Shape) -> Loss:
    place = (*path, "delta")
    delta = exact(read_number(fields["delta"], place))
    if _sign(delta, place) <= 0:
        raise Fault(place, "delta is positive", found=shown(fields["delta"]))
    return HuberLoss(*_samples(fields, path, shape), delta)


def _absolute(fields: dict[str, Any], path: Path, shape: Shape) -> Loss:
    X, Y = _perhaps_samples(fields, path, shape)
    return AbsoluteLoss(Y, X)


def _poisson(fields: dict[str, Any], path: Path, shape: Shape) -> Loss:
    X, Y = _perhaps_samples(fields, path, shape)
    _check_counts(Y, (*path, "Y"))
    return PoissonLoss(Y, X)


def _masked_squared(fields: dict[str, Any], path: Path, shape: Shape) -> Loss:
    X, Y = _perhaps_samples(fields, path, shape)
    mask = _matrix(fields, "mask", path, Y.shape, "the shape of Y")
    for i, line in enumerate(mask.entries()):
        for c, x in enumerate(line):
            if x not in (0, 1):
                place = (*path, "mask", i, c)
                raise Fault(place, "a mask keeps or leaves out", expected="0 or 1", found=str(x))
    return MaskedSquaredLoss(Y, mask, X)


def _measurements(fields: dict[str, Any], path: Path, shape: Shape) -> Loss:
    tables = read_list(fields["A"], (*path, "A"), "matrices A_i, each d_k × d_0")
    matrices = [
        _matrix({"A": table}, "A", path, shape, place=(*path, "A", i))
        for i, table in enumerate(tables)
    ]
    place = (*path, "y")
    values = read_list(fields["y"], place, "numbers y_i, one for each A_i")
    if len(values) != len(matrices):
        raise Fault(
            place,
            "each measurement has one value",
            expected=f"{len(matrices)} numbers, as many as A holds",
            found=str(len(values)),
        )
    numbers = [exact(read_number(x, (*place, i))) for i, x in enumerate(values)]
    return MeasurementLoss.of(matrices, numbers)


def _weighted_squared(fields: dict[str, Any], path: Path, shape: Shape) -> Loss:
    return WeightedSquaredLoss(
        _matrix(fields, "target", path, shape), _matrix(fields, "weights", path, shape)
    )


def _logistic(fields: dict[str, Any], path: Path, shape: Shape) -> Loss:
    counts = [_matrix(fields, key, path, shape) for key in ("positive", "negative")]
    for key, matrix in zip(("positive", "negative"), counts, strict=True):
        _check_counts(matrix, (*path, key))
    return LogisticLoss(*counts)


def _check_counts(matrix: ExactMatrix, path: Path) -> None:
    for i, line in enumerate(matrix.entries()):
        for c, count in enumerate(line):
            place = (*path, i, c)
            if _sign(count, place) < 0:
                raise Fault(place, "a count is not negative", found=str(count))


def _softmax(fields: dict[str, Any], path: Path, shape: Shape) -> Loss:
    classes, inputs = shape
    place = (*path, "labels")
    labels = read_list(fields["labels"], place, "classes, one per column of X")
    for i, label in enumerate(labels):
        if read_count(label, (*place, i), "a class", least=0) >= classes:
            raise Fault(
                (*place, i),
                f"the product has {classes} rows, one per class",
                expected=f"a class from 0 to {classes - 1}",
                found=str(label),
            )
    X = _matrix(fields, "X", path, (inputs, len(labels)), "as many columns as labels")
    return SoftmaxLoss(X, tuple(labels), classes)


def _expression(fields: dict[str, Any], path: Path, shape: Shape) -> Loss:
    place = (*path, "expression")
    text = fields["expression"]
    if not isinstance(text, str):
        raise Fault(place, "a text is needed here", expected="an expression", found=shown(text))
    try:
        tree = parse_expression(text, shape)
    except NotationError as error:
        problem = error.problem
        if error.column is not None:
            problem = f"column {error.column} of the expression: {problem}"
        raise Fault(place, problem, expected=error.expected, found=error.found) from error
    convex = None
    if "convex" in fields:
        convex = read_flag(fields["convex"], (*path, "convex"))
    loss = ExpressionLoss(shape, tree, convex)
    if "differentiable" in fields:
        place = (*path, "differentiable")
        if read_flag(fields["differentiable"], place) != loss.differentiable:
            seen = "differentiable" if loss.differentiable else "not certainly differentiable"
            raise Fault(
                place,
                f"the expression is seen to be {seen}",
                remedy="Leave the key out: this is told from the expression.",
            )
    return loss


def _samples(fields: dict[str, Any], path: Path, shape: Shape) -> tuple[ExactMatrix, ExactMatrix]:
    """X and Y, with one column per sample."""
    outputs, inputs = shape
    X = _matrix(fields, "X", path, (inputs, None), "one row per input, d_0")
    Y = _matrix(fields, "Y", path, (outputs, X.cols), "one row per output, d_k; columns as X")
    return X, Y


def _perhaps_samples(
    fields: dict[str, Any], path: Path, shape: Shape
) -> tuple[ExactMatrix | None, ExactMatrix]:
    """X and Y; without X, Y has the shape of the product."""
    return (
        _samples(fields, path, shape)
        if "X" in fields
        else (None, _matrix(fields, "Y", path, shape))
    )


def _matrix(
    fields: dict[str, Any],
    key: str,
    path: Path,
    shape: tuple[int, int | None],
    why: str = "the shape of the product, d_k × d_0",
    place: Path | None = None,
) -> ExactMatrix:
    """The matrix under the key, of this shape; None leaves the number of columns open."""
    place = place or (*path, key)
    rows = read_rows(fields[key], place)
    wanted_rows, wanted_columns = shape
    found = (len(rows), len(rows[0]))
    if found[0] != wanted_rows or wanted_columns not in {None, found[1]}:
        columns = "any" if wanted_columns is None else wanted_columns
        raise Fault(
            place,
            f"the loss's {key} does not fit the network",
            expected=f"{wanted_rows} × {columns} ({why})",
            found=f"{found[0]} × {found[1]}",
        )
    return exact_matrix(rows)


def _sign(value: Any, place: Path) -> int:
    try:
        return sign(value)
    except Undecidable as error:
        raise Fault(place, "the sign of this constant cannot be told", found=str(value)) from error


_Reader = Callable[[dict[str, Any], Path, Shape], Loss]
_KINDS: Final[dict[str, tuple[list[str], list[str], _Reader]]] = {
    "squared": (["X", "Y"], [], _squared),
    "weighted-squared": (["target", "weights"], [], _weighted_squared),
    "logistic": (["positive", "negative"], [], _logistic),
    "softmax": (["X", "labels"], [], _softmax),
    "huber": (["X", "Y", "delta"], [], _huber),
    "absolute": (["Y"], ["X"], _absolute),
    "poisson": (["Y"], ["X"], _poisson),
    "masked-squared": (["Y", "mask"], ["X"], _masked_squared),
    "measurements": (["A", "y"], [], _measurements),
    "expression": (["expression"], ["convex", "differentiable"], _expression),
}
