"""Certificates as plain JSON data, format ``proofkit/diagnosis/1``.

A certificate holds the network, everything that is claimed of it, and the evidence: what a
checker needs and cannot compute by itself. Exact numbers are written as in network files. A
digest over everything shows accidental changes before any arithmetic is done; it is no protection
against somebody who makes a new one, and needs none: every claim is recomputed.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from proofkit.diagnose.check.paths import Descent
from proofkit.diagnose.check.point import Point
from proofkit.diagnose.check.polynomials import MatrixPolynomial, at
from proofkit.networks.decode import document_from_network
from proofkit.networks.elementwise import LossError
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.network import Network, Tower
from proofkit.networks.numbers import format_number, parse_number
from proofkit.networks.scalars import ExactNumber, exact
from proofkit.networks.tokens import NotationError

__all__ = [
    "FORMAT",
    "Json",
    "Refused",
    "claims",
    "digest",
    "lower_json",
    "matrix_json",
    "moved",
    "network_json",
    "number_json",
    "path_json",
    "read_fraction",
    "read_matrix",
    "read_number",
    "read_path",
    "table",
]

FORMAT: Final = "proofkit/diagnosis/1"
Json = dict[str, Any]

_LONG: Final = 2_000
_FRACTION: Final = re.compile(r"-?[0-9]+(/0*[1-9][0-9]*)?")
_STEPS: Final = (Fraction(1, 8), Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), Fraction(1))


def number_json(x: Any) -> Any:
    """A number as in network files; a constant too long to write as its decimal digits.

    >>> number_json(Fraction(1, 3)), number_json(Fraction(2))
    ('1/3', 2)
    """
    if isinstance(x, float):
        return x
    value = exact(x)
    try:
        text = format_number(value)
    except NotationError:
        text = str(value)
    if isinstance(text, str) and len(text) > _LONG and not isinstance(value, Fraction):
        return f"about {float(value):.15g}"
    return text


def read_number(value: Any) -> ExactNumber:
    """The exact number; ``ValueError`` when it is none."""
    if isinstance(value, float):
        raise ValueError("an exact number is needed")
    if isinstance(value, str) and "/" in value and value.lstrip("-").replace("/", "").isdigit():
        # Proven coefficients may be longer than what users may write.
        if len(value) > 100_000:
            raise ValueError("the number is too long")
        return Fraction(value)
    return exact(parse_number(value))


def read_fraction(value: Any) -> Fraction:
    """A rational number that is written as digits, with or without a divisor.

    Python's own ``Fraction("1e999999999")`` would take for ever.

    >>> read_fraction("-1/3")
    Fraction(-1, 3)
    """
    if not isinstance(value, str) or len(value) > 5_000 or not _FRACTION.fullmatch(value):
        raise ValueError("a fraction is written as digits, a slash and digits")
    return Fraction(value)


def matrix_json(matrix: ExactMatrix) -> list[list[Any]]:
    """The rows."""
    return [[number_json(x) for x in line] for line in matrix.entries()]


def read_matrix(rows: Any, shape: tuple[int, int]) -> ExactMatrix:
    """The matrix of these rows; ``ValueError`` when it has another shape."""
    return ExactMatrix.of([[read_number(x) for x in line] for line in rows], shape=shape)


def path_json(path: Descent) -> Json:
    """A path: each entry of each layer as its coefficients, constant first."""
    layers = []
    for layer in path.layers:
        rows, cols = layer.shape
        layers.append(
            [
                [[number_json(x) for x in _short(layer.entry(r, c))] for c in range(cols)]
                for r in range(rows)
            ]
        )
    return {
        "layers": layers,
        "t0": number_json(path.end),
        "kind": path.kind,
        "change": [number_json(x) for x in path.change],
        "curvature": None if path.curvature is None else number_json(path.curvature),
        "order": path.order,
        "table": table(path),
    }


def _short(coefficients: Sequence[ExactNumber]) -> list[ExactNumber]:
    kept = list(coefficients)
    while len(kept) > 1 and kept[-1] == 0:
        kept.pop()
    return kept


def table(path: Descent) -> list[list[Any]]:
    """[t, change of the loss or its upper bound] for some t up to t₀, rounded to floats."""
    return [
        [number_json(part * path.end), float(f"{float(at(path.change, part * path.end)):.6g}")]
        for part in _STEPS
    ]


def read_path(data: Mapping[str, Any], point: Point) -> Descent:
    """The path that the data describe; its proof is not checked here."""
    layers = []
    for rows, layer in zip(data["layers"], point.layers, strict=True):
        length = max(len(x) for line in rows for x in line)
        if not 1 <= length <= 200:
            raise ValueError("a path has from 1 to 200 coefficients")
        coefficients = [
            read_matrix([[x[p] if p < len(x) else 0 for x in line] for line in rows], layer.shape)
            for p in range(length)
        ]
        layers.append(MatrixPolynomial(coefficients))
    curvature = data["curvature"]
    return Descent(
        tuple(layers),
        Fraction(read_number(data["t0"])),
        data["kind"],
        tuple(read_number(x) for x in data["change"]),
        None if curvature is None else Fraction(read_number(curvature)),
    )


def network_json(network: Network) -> Json:
    """The network as a document, without the facts a file may state."""
    document = document_from_network(network)
    document.pop("expect", None)
    return document


def moved(network: Network, layers: Sequence[ExactMatrix], title: str) -> Network:
    """The same network with other layers."""
    towers, place = [], 0
    for tower in network.towers:
        towers.append(Tower(tower.dims, tuple(layers[place : place + tower.depth])))
        place += tower.depth
    return Network(title, tuple(towers), network.loss)


def digest(document: Mapping[str, Any]) -> str:
    """SHA-256 over the certificate without its digest, keys sorted.

    >>> digest({"a": 1}) == digest({"a": 1, "digest": "…"}) != digest({"a": 2})
    True
    """
    rest = {key: value for key, value in document.items() if key != "digest"}
    text = json.dumps(rest, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class Refused(ValueError):
    """The certificate does not prove what it claims; the message says where."""


def lower_json(point: Point, layers: Sequence[ExactMatrix]) -> Json:
    """A lower point as data: a network document without its loss, and its value."""
    network = moved(point.network, layers, "a lower point")
    document = network_json(network)
    value: Any = network.loss.value(network.product())
    data: Json = {key: document[key] for key in ("layers", "towers") if key in document}
    data["value"] = number_json(value)
    return data


def claims(point: Point) -> Json:
    """What a certificate states whatever the verdict: value, ranks, size of the gradient."""
    try:
        value: Any = number_json(point.value)
    except LossError:
        value = None
    try:
        norm: Any = point.gradient_norm()
    except LossError:
        norm = None
    return {"value": value, "ranks": point.ranks(), "gradient_norm": norm}
