"""Read arrays from a ``.safetensors`` file without trusting a byte of it.

The file is a number n of eight bytes (unsigned, little-endian), a JSON object of n bytes, and the
data. The object holds for each name the type, the shape and the offsets [begin, end) of its
numbers in the data, row by row, little-endian; under ``__metadata__`` texts, which are not read.
Source: the format's description at https://github.com/huggingface/safetensors. As it asks, the
arrays fill the data without gaps and without overlaps, so that no byte is read twice or hidden.
"""

from __future__ import annotations

import json
import struct
from typing import Any, Final

import numpy as np

from proofkit.networks.archives import MAX_ARRAYS
from proofkit.networks.arrays import Array, Named, Stored, called, checked
from proofkit.networks.document import read_list, read_object
from proofkit.networks.faults import Fault, Path, shown
from proofkit.networks.strict_json import parse_json

MAX_HEADER: Final = 2**20
"""The most bytes of the JSON object."""

_TYPES: Final = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "BF16": "<u2",
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "<i1",
    "U64": "<u8",
    "U32": "<u4",
    "U16": "<u2",
    "U8": "<u1",
    "BOOL": "<u1",
}
_MAX_AXES: Final = 8


def read_safetensors(content: bytes) -> Named:
    """The arrays of a file by name, in the order of its header.

    Args:
        content: the bytes of a ``.safetensors`` file.

    Raises:
        Fault: the bytes are not of the format. An array of a type that is not read, or of
            anything but finite numbers, is kept as its fault.

    >>> header = b'{"W": {"dtype": "F32", "shape": [1, 2], "data_offsets": [0, 8]}}'
    >>> content = struct.pack("<Q", len(header)) + header + struct.pack("<ff", 0.5, 2)
    >>> stored = read_safetensors(content)["W"]
    >>> stored.array.tolist(), stored.precision
    ([[0.5, 2.0]], 'float32')
    """
    header, data = _parts(content)
    found: dict[str, Stored | Fault] = {}
    spans: list[tuple[int, int, str]] = []
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end, stored = _read(entry, (name,), data)
        spans.append((begin, end, name))
        found[name] = stored
    _fill(sorted(spans), len(data))
    if not found:
        raise Fault(None, "the file holds no array", expected="the layers' matrices")
    return found


def _parts(content: bytes) -> tuple[dict[str, Any], memoryview]:
    if len(content) < 8:
        raise Fault(None, "this is not a .safetensors file", found=f"{len(content)} bytes")
    (length,) = struct.unpack("<Q", content[:8])
    if length > min(MAX_HEADER, len(content) - 8):
        raise Fault(
            None,
            "this is not a .safetensors file, or its header is too large",
            expected=f"a header of at most {min(MAX_HEADER, len(content) - 8):,} bytes",
            found=f"one of {length:,} bytes",
        )
    try:
        text = content[8 : 8 + length].decode("utf-8")
        # Faults within the header have no line that a user could look up in the file.
        header = parse_json(text)
    except UnicodeDecodeError as error:
        raise Fault(None, "the header is not UTF-8") from error
    except Fault as fault:
        raise Fault(
            None, f"in the header: {fault.problem}", expected=fault.expected, found=fault.found
        ) from fault
    if not isinstance(header, dict):
        raise Fault(None, "the header is no object", found=shown(header))
    if len(header) > MAX_ARRAYS:
        raise Fault(None, "the file holds too many arrays", expected=f"at most {MAX_ARRAYS:,}")
    return header, memoryview(content)[8 + length :]


def _read(entry: Any, path: Path, data: memoryview) -> tuple[int, int, Stored | Fault]:
    fields = read_object(entry, path, required=["dtype", "shape", "data_offsets"])
    shape = _counts(fields["shape"], (*path, "shape"), allow_empty=True)
    offsets = _counts(fields["data_offsets"], (*path, "data_offsets"))
    if len(offsets) != 2 or not offsets[0] <= offsets[1] <= len(data):
        raise Fault(
            (*path, "data_offsets"),
            "the offsets lie outside the data",
            expected=f"0 ≤ begin ≤ end ≤ {len(data):,}",
            found=shown(json.dumps(fields["data_offsets"])),
        )
    begin, end = offsets
    kind = fields["dtype"]
    label = f"the array {called(str(path[0]))}"
    if not isinstance(kind, str) or kind not in _TYPES:
        fault = Fault(
            (*path, "dtype"),
            f"{label} is of a type that is not read",
            expected=f"one of {', '.join(_TYPES)}",
            found=shown(kind),
        )
        return begin, end, fault
    size = np.dtype(_TYPES[kind]).itemsize
    for length in shape:
        size *= length
    if size != end - begin:
        raise Fault(
            path,
            f"{label} is not as large as its header says",
            expected=f"{size:,} bytes for {kind} of the shape {list(shape)}",
            found=f"{end - begin:,} bytes",
        )
    array: Array = np.frombuffer(data[begin:end], dtype=_TYPES[kind]).reshape(shape)
    precision = None
    if kind == "BF16":
        # The upper half of a float32 number.
        array, precision = (array.astype("<u4") << 16).view("<f4"), "bfloat16"
    try:
        return begin, end, checked(array, label, precision)
    except Fault as fault:
        return begin, end, fault


def _counts(value: Any, path: Path, allow_empty: bool = False) -> tuple[int, ...]:
    items = [] if allow_empty and value == [] else read_list(value, path, "counts")
    good = all(isinstance(x, int) and not isinstance(x, bool) and 0 <= x < 2**63 for x in items)
    if not good or len(items) > _MAX_AXES:
        raise Fault(path, "these are no counts", expected=f"at most {_MAX_AXES} integers ≥ 0")
    return tuple(items)


def _fill(spans: list[tuple[int, int, str]], size: int) -> None:
    """Refuse data with a gap or an overlap."""
    place = 0
    for begin, end, name in spans:
        if begin != place:
            raise Fault(
                (name, "data_offsets"),
                "the arrays overlap" if begin < place else "there is a gap before the array",
                expected=f"that it begins at {place:,}, where the one before it ends",
                found=f"{begin:,}",
            )
        place = end
    if place != size:
        raise Fault(
            None,
            "the data are not as large as the header says",
            expected=f"{place:,} bytes",
            found=f"{size:,} bytes",
        )
