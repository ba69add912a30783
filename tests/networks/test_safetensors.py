"""Files of the format .safetensors are read without trusting their header."""

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from proofkit.networks.arrays import Stored
from proofkit.networks.faults import Fault
from proofkit.networks.files import NetworkFileError, read_network
from proofkit.networks.matrices import FloatMatrix
from proofkit.networks.safetensors import MAX_HEADER, read_safetensors


def packed(header: Any, data: bytes = b"", length: int | None = None) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def entry(dtype: Any, shape: Any, begin: Any, end: Any) -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}


def written(arrays: dict[str, Any], **metadata: str) -> bytes:
    """As the library writes them."""
    names = {"float64": "F64", "float32": "F32", "float16": "F16", "int64": "I64", "uint8": "U8"}
    header: dict[str, Any] = {"__metadata__": metadata} if metadata else {}
    data = b""
    for name, array in arrays.items():
        content = np.ascontiguousarray(array).tobytes()
        shape = list(array.shape)
        header[name] = entry(names[array.dtype.name], shape, len(data), len(data) + len(content))
        data += content
    return packed(header, data)


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "int64", "uint8"])
def test_numbers_come_back(dtype: str) -> None:
    array = np.arange(6).reshape(2, 3).astype(dtype)
    found = read_safetensors(written({"a": array, "b": array.T, "one": array[0, 0]}, format="pt"))
    assert list(found) == ["a", "b", "one"]
    for name, wanted in (("a", array), ("b", array.T), ("one", array[0, 0])):
        stored = found[name]
        assert isinstance(stored, Stored)
        assert (stored.array == wanted).all()
        assert stored.array.shape == wanted.shape
        assert stored.precision == (dtype if dtype.startswith("float") else None)


def test_bfloat16() -> None:
    """1 is 0x3F80, −2.5 is 0xC020: the upper halves of the float32 numbers."""
    content = packed({"w": entry("BF16", [1, 2], 0, 4)}, struct.pack("<HH", 0x3F80, 0xC020))
    stored = read_safetensors(content)["w"]
    assert isinstance(stored, Stored)
    assert (stored.array.tolist(), stored.precision) == ([[1.0, -2.5]], "bfloat16")


def test_a_network(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    first, second = (rng.standard_normal(s).astype("float32") for s in ((3, 4), (2, 3)))
    x, y = np.eye(4), np.zeros((2, 4))
    path = tmp_path / "model.safetensors"
    path.write_bytes(written({"fc2.weight": second, "fc1.weight": first, "X": x, "Y": y}))
    network = read_network(path)
    assert (network.dims, network.precision, network.loss.kind) == ((4, 3, 2), "float32", "squared")
    layer = network.layer(1)
    assert isinstance(layer, FloatMatrix)
    assert (layer.value[0] == first).all()


GOOD = entry("F32", [1, 1], 0, 4)
HOSTILE: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "not a .safetensors file"),
    "half a length": (b"\0" * 7, "not a .safetensors file"),
    "a header longer than the file": (packed({}, length=2**40), "header is too large"),
    "a header of 2⁶⁴ − 1 bytes": (packed({}, length=2**64 - 1), "header is too large"),
    "a header beyond the bound": (packed(b" " * (MAX_HEADER + 1)), "header is too large"),
    "no JSON": (packed(b"{"), "not JSON"),
    "no UTF-8": (packed(b"\xff\xfe"), "not UTF-8"),
    "a list": (packed([1]), "no object"),
    "deep nesting": (packed(b"[" * 1000 + b"]" * 1000), "nest"),
    "a name twice": (packed(b'{"a": 1, "a": 1}'), "in the header"),
    "no array": (packed({}), "no array"),
    "no entry": (packed({"a": 3}), "an object is needed"),
    "a missing key": (packed({"a": {"dtype": "F32", "shape": [1, 1]}}, b"\0" * 4), "missing"),
    "an unknown key": (packed({"a": {**GOOD, "pickle": 1}}, b"\0" * 4), "unknown"),
    "offsets beyond the data": (packed({"a": entry("F32", [1, 1], 0, 8)}, b"\0" * 4), "outside"),
    "offsets in the wrong order": (packed({"a": entry("F32", [1, 1], 4, 0)}, b"\0" * 4), "outside"),
    "negative offsets": (packed({"a": entry("F32", [1, 1], -4, 0)}, b"\0" * 4), "no counts"),
    "offsets that are no numbers": (packed({"a": entry("F32", [1], True, 4)}, b"\0" * 4), "counts"),
    "three offsets": (
        packed({"a": {**GOOD, "data_offsets": [0, 2, 4]}}, b"\0" * 4),
        "outside the data",
    ),
    "a shape that lies": (packed({"a": entry("F32", [2, 1], 0, 4)}, b"\0" * 4), "not as large"),
    "a huge shape": (packed({"a": entry("F32", [2**62] * 8, 0, 4)}, b"\0" * 4), "not as large"),
    "a shape that overflows": (
        packed({"a": entry("F32", [2**62, 4], 0, 0)}),
        "not as large",
    ),
    "many axes": (packed({"a": entry("F32", [1] * 9, 0, 4)}, b"\0" * 4), "no counts"),
    "an overlap": (packed({"a": GOOD, "b": GOOD}, b"\0" * 4), "overlap"),
    "a gap": (packed({"a": GOOD, "b": entry("F32", [1], 5, 9)}, b"\0" * 9), "gap"),
    "bytes behind the last": (packed({"a": GOOD}, b"\0" * 5), "not as large as the header"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_is_refused(name: str, tmp_path: Path) -> None:
    content, words = HOSTILE[name]
    with pytest.raises(Fault):
        read_safetensors(content)
    path = tmp_path / "model.safetensors"
    path.write_bytes(content)
    with pytest.raises(NetworkFileError, match=r"model\.safetensors") as caught:
        read_network(path, loss="squared")
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        ("F8_E4M3", b"\0", "a type that is not read"),
        (3, b"\0", "a type that is not read"),
        ("F32", struct.pack("<f", float("nan")), "NaN"),
        ("F64", struct.pack("<d", float("inf")), "infinity"),
    ],
)
def test_an_array_that_cannot_be_used_is_an_error_only_when_it_is(
    kind: Any, data: bytes, words: str, tmp_path: Path
) -> None:
    good = struct.pack("<d", 2)
    header = {"W1": entry("F64", [1, 1], 0, 8), "s": entry(kind, [1, 1], 8, 8 + len(data))}
    path = tmp_path / "model.safetensors"
    path.write_bytes(packed(header, good + data))
    assert read_network(path, loss="w11**2", layers=["W1"]).dims == (1, 1)
    with pytest.raises(NetworkFileError, match=words):
        read_network(path, loss="w11**2", layers=["W1", "s"])


def test_random_damage_is_a_fault_or_a_network() -> None:
    rng = np.random.default_rng(1)
    content = written({"W1": np.eye(3), "W2": np.eye(3, dtype="float32"), "b1": np.ones(3)})
    for _ in range(2000):
        damaged = bytearray(content)
        for _ in range(int(rng.integers(1, 4))):
            damaged[int(rng.integers(len(damaged)))] = int(rng.integers(256))
        cut = int(rng.integers(len(damaged) + 1)) if rng.random() < 0.3 else len(damaged)
        try:
            read_safetensors(bytes(damaged[:cut]))
        except Fault as fault:
            assert fault.problem


def test_what_the_library_writes(tmp_path: Path) -> None:
    library = pytest.importorskip("safetensors.numpy")
    rng = np.random.default_rng(2)
    arrays = {
        "fc1.weight": rng.standard_normal((3, 2)).astype(np.float16),
        "fc1.bias": rng.standard_normal(3),
        "steps": np.array(7, dtype=np.int64),
        "empty": np.zeros((0, 2), dtype=np.float32),
    }
    path = tmp_path / "model.safetensors"
    library.save_file(arrays, path, metadata={"format": "np"})
    found = read_safetensors(path.read_bytes())
    assert set(found) == set(arrays)
    assert isinstance(found["empty"], Fault)
    for name in ("fc1.weight", "fc1.bias", "steps"):
        stored = found[name]
        assert isinstance(stored, Stored)
        assert (stored.array == arrays[name]).all()
