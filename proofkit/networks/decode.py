"""Turn a document of the format ``proofkit/network/1`` into a network, and a network into one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from proofkit.networks.decode_loss import loss_from_document
from proofkit.networks.document import (
    Rows,
    matrices,
    read_count,
    read_list,
    read_object,
    read_rows,
    read_text,
)
from proofkit.networks.facts import thawed
from proofkit.networks.faults import Fault, Path, nearest, shown
from proofkit.networks.matrices import FloatMatrix, Matrix
from proofkit.networks.network import UNIT_ROUNDOFFS, Network, Tower
from proofkit.networks.numbers import format_number

FORMAT: Final = "proofkit/network/1"
"""What the key ``format`` holds."""


def network_from_document(document: Any, source: str = "") -> Network:
    """The network that a parsed JSON document describes.

    Args:
        document: an object with the keys ``format``, ``title``, ``loss``, either ``layers`` (M_1
            first) or ``towers`` (a list of objects with ``layers``), optionally ``dims`` beside
            ``layers`` and, at the top, ``expect`` and ``precision`` (the format that the floats
            were rounded to: float64, float32, float16 or bfloat16).
        source: the name to remember as ``Network.source``.

    Returns:
        A network whose layers are all exact, or all float if a single entry is a float.

    Raises:
        Fault: the document is not of the format.

    >>> network = network_from_document({
    ...     "format": "proofkit/network/1", "title": "a product", "layers": [[[2]], [["1/2"]]],
    ...     "loss": {"kind": "expression", "expression": "w11**2"}})
    >>> network.dims, network.product()
    ((1, 1, 1), ExactMatrix([[1]]))
    """
    if isinstance(document, dict) and document.get("format", FORMAT) != FORMAT:
        raise Fault(
            ("format",),
            "this format is unknown",
            expected=f'"{FORMAT}"',
            found=shown(document["format"]),
        )
    fields = read_object(
        document,
        (),
        required=["format", "title", "loss"],
        optional=["dims", "layers", "towers", "expect", "precision"],
    )
    title = read_text(fields["title"], ("title",))
    expect = fields.get("expect", {})
    if not isinstance(expect, dict):
        raise Fault(("expect",), "the facts are an object", found=shown(expect))
    drafts = _read_towers(fields)
    _check_ends(drafts)
    built = iter(matrices([table for draft in drafts for table in draft.tables]))
    towers = tuple(Tower(draft.dims, tuple(next(built) for _ in draft.tables)) for draft in drafts)
    shape = (towers[0].dims[-1], towers[0].dims[0])
    loss = loss_from_document(fields["loss"], ("loss",), shape)
    return Network(title, towers, loss, source, expect, _precision(fields))


def _precision(fields: dict[str, Any]) -> str:
    name = fields.get("precision", "float64")
    if name not in (*UNIT_ROUNDOFFS,):
        raise Fault(
            ("precision",),
            "this float format is unknown",
            expected=f"one of {', '.join(UNIT_ROUNDOFFS)}",
            found=shown(name),
            remedy=nearest(name, UNIT_ROUNDOFFS) if isinstance(name, str) else None,
        )
    return str(name)


def document_from_network(network: Network) -> dict[str, Any]:
    """The document that describes the network, keys in the order of the format.

    Of a float layer the values are written, not its error bounds.

    Raises:
        ValueError: a float layer is a batch of several matrices, or not finite.
    """
    document: dict[str, Any] = {"format": FORMAT, "title": network.title}
    if len(network.towers) == 1:
        document |= _tower_document(network.tower)
    else:
        document["towers"] = [_tower_document(tower) for tower in network.towers]
    if not network.exact and network.precision != "float64":
        document["precision"] = network.precision
    document["loss"] = network.loss.to_json()
    if network.expect:
        document["expect"] = thawed(network.expect)
    return document


@dataclass(frozen=True)
class _Draft:
    """A tower as read: its widths, checked against its layers, and the layers' numbers."""

    dims: tuple[int, ...]
    tables: tuple[tuple[Rows, Path], ...]
    path: Path


def _read_towers(fields: dict[str, Any]) -> list[_Draft]:
    if "towers" not in fields:
        if "layers" not in fields:
            raise Fault((), 'the key "layers" is missing', expected="layers or towers")
        return [_read_tower(fields, ())]
    for key in ("layers", "dims"):
        if key in fields:
            raise Fault(
                (key,),
                f'"{key}" stands beside "towers"',
                expected="one of the two",
                remedy=f'Each tower has its own "{key}".',
            )
    towers = read_list(fields["towers"], ("towers",), "towers")
    drafts = []
    for t, tower in enumerate(towers):
        path = ("towers", t)
        read_object(tower, path, required=["layers"], optional=["dims"])
        drafts.append(_read_tower(tower, path))
    return drafts


def _read_tower(fields: dict[str, Any], path: Path) -> _Draft:
    layers_path = (*path, "layers")
    layers = read_list(fields["layers"], layers_path, "matrices")
    tables = tuple(
        (read_rows(layer, (*layers_path, i)), (*layers_path, i)) for i, layer in enumerate(layers)
    )
    if "dims" in fields:
        dims = _declared_dims(fields["dims"], (*path, "dims"), len(tables))
    else:
        dims = (len(tables[0][0][0]), *(len(rows) for rows, _ in tables))
    for i, (rows, place) in enumerate(tables, start=1):
        here, wanted = (len(rows), len(rows[0])), (dims[i], dims[i - 1])
        if here != wanted:
            reason = (
                f"dims are {list(dims)}"
                if "dims" in fields
                else f"it takes what M_{i - 1} gives, {dims[i - 1]} numbers"
            )
            raise Fault(
                place,
                f"layer M_{i} has another shape than it should: {reason}",
                expected=f"{wanted[0]} × {wanted[1]}",
                found=f"{here[0]} × {here[1]}",
            )
    return _Draft(dims, tables, path)


def _declared_dims(value: Any, path: Path, depth: int) -> tuple[int, ...]:
    widths = read_list(value, path, "widths d_0, …, d_k")
    dims = tuple(read_count(width, (*path, i), "a width") for i, width in enumerate(widths))
    if len(dims) != depth + 1:
        raise Fault(
            path,
            f"{depth} layers have {depth + 1} widths",
            expected=f"d_0, …, d_{depth}",
            found=f"{len(dims)} widths",
        )
    return dims


def _check_ends(drafts: list[_Draft]) -> None:
    first = drafts[0].dims
    for draft in drafts[1:]:
        if (draft.dims[0], draft.dims[-1]) != (first[0], first[-1]):
            raise Fault(
                draft.path,
                "the towers' products cannot be added",
                expected=f"{first[-1]} × {first[0]}, as the first tower's",
                found=f"{draft.dims[-1]} × {draft.dims[0]}",
            )


def _tower_document(tower: Tower) -> dict[str, Any]:
    return {"dims": list(tower.dims), "layers": [_rows(layer) for layer in tower.layers]}


def _rows(layer: Matrix) -> list[list[int | float | str]]:
    if not isinstance(layer, FloatMatrix):
        return [[format_number(x) for x in line] for line in layer.entries()]
    if layer.batch != 1:
        raise ValueError(f"a batch of {layer.batch} networks does not fit into one file")
    return [[format_number(float(x)) for x in line] for line in layer.value[0]]
