"""Archives of arrays are read without trusting their sizes, their types or their pickles."""

import json
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from proofkit.networks import archives
from proofkit.networks.files import (
    NetworkFileError,
    dump_network,
    parse_network,
    read_network,
)
from proofkit.networks.matrices import ExactMatrix
from proofkit.networks.network import Network

EXAMPLE = {
    "format": "proofkit/network/1",
    "title": "a chain",
    "layers": [[[0, 1]], [[0], [1]]],
    "loss": {"kind": "expression", "expression": "w11**2"},
}


def archive(path: Path, loss_document: Any = None, **arrays: Any) -> Path:
    np.savez(path, **arrays)
    loss_path = path.with_name(f"{path.stem}.loss.json")
    loss_path.write_text(
        json.dumps(loss_document or {"kind": "expression", "expression": "w11**2"})
    )
    return path


def test_archives(tmp_path: Path) -> None:
    layers = {"M1": np.array([[0, 1]], np.int8), "M2": np.array([[2], [3]], ">u4")}
    network = read_network(archive(tmp_path / "net.npz", **layers))
    assert network == Network.single(
        "net", [ExactMatrix.of([[0, 1]]), ExactMatrix.of([[2], [3]])], network.loss
    )
    assert (network.title, network.source) == ("net", "net.npz")
    layers["M2"] = np.asfortranarray([[0.5, 2.0], [1.0, 1.0]], np.float32)
    floats = read_network(archive(tmp_path / "f.npz", M1=layers["M2"], M2=layers["M2"]))
    assert not floats.exact
    assert floats.layers[0].value.tolist() == [[[0.5, 2.0], [1.0, 1.0]]]  # type: ignore[union-attr]
    assert (network.unit_roundoff, floats.precision) == (0, "float32")
    assert floats.unit_roundoff == 2.0**-24
    assert parse_network(dump_network(floats)) == floats
    assert parse_network(dump_network(floats)).precision == "float32"
    other = tmp_path / "other.json"
    other.write_text('{"kind": "expression", "expression": "w11"}')
    assert read_network(tmp_path / "net.npz", loss=other).loss != network.loss


def test_an_archive_in_a_package(tmp_path: Path) -> None:
    path = archive(tmp_path / "net.npz", M1=np.eye(2))
    bundle = tmp_path / "bundle.zip"
    with zipfile.ZipFile(bundle, "w") as stream:
        stream.write(path, "net.npz")
        stream.write(path.with_name("net.loss.json"), "net.loss.json")
        stream.writestr("example.json", json.dumps(EXAMPLE))
    inside = zipfile.Path(bundle)
    assert read_network(inside / "example.json").dims == (2, 1, 2)
    assert read_network(inside / "net.npz", loss=inside / "net.loss.json").dims == (2, 2)
    with pytest.raises(NetworkFileError, match="no loss is named"):
        read_network(inside / "net.npz")
    with pytest.raises(NetworkFileError, match="cannot be read"):
        read_network(inside / "absent.json")


@pytest.mark.parametrize(
    ("arrays", "fragments"),
    [
        ({}, ["holds no array"]),
        ({"M2": np.eye(2)}, ["M1 is missing"]),
        ({"M1": np.eye(2), "M3": np.eye(2)}, ["M2 is missing", "without gaps"]),
        ({"M1": np.eye(2), "bias": np.eye(2)}, ["order of the layers", "--layers M1,bias"]),
        ({"M01": np.eye(2)}, ["M1 is missing"]),
        ({"M1": np.zeros(3)}, ["no array is a matrix", "M1 of the shape 3"]),
        ({"M1": np.zeros((2, 0))}, ["M1 is empty", "2 × 0"]),
        ({"M1": np.array([[True]])}, ["M1 holds no numbers", "'bool'"]),
        ({"M1": np.array([[1j]])}, ["M1 holds no numbers", "'complex128'"]),
        ({"M1": np.array([["x"]])}, ["M1 holds no numbers"]),
        ({"M1": np.array([[{}]], object)}, ["M1 holds no numbers", "'object'"]),
        ({"M1": np.array([[1]], np.longdouble)}, ["M1 holds no numbers"]),
        ({"M1": np.array([[np.nan]])}, ["M1 holds NaN"]),
        ({"M1": np.array([[-np.inf]])}, ["M1 holds NaN or an infinity"]),
        (
            {"M1": np.eye(2), "M2": np.eye(3)},
            ["M2 does not compose with the array M1", "2 columns", "3 × 3"],
        ),
    ],
)
def test_faults_of_an_archive(arrays: Any, fragments: list[str], tmp_path: Path) -> None:
    with pytest.raises(NetworkFileError) as caught:
        read_network(archive(tmp_path / "net.npz", **arrays))
    for fragment in (str(tmp_path / "net.npz"), *fragments):
        assert fragment in str(caught.value)


def test_faults_of_the_loss_file(tmp_path: Path) -> None:
    path = archive(tmp_path / "net.npz", {"kind": "expresion"}, M1=np.eye(2))
    with pytest.raises(NetworkFileError, match=r'net\.loss\.json: \$\.kind .*"expression"\?'):
        read_network(path)
    (tmp_path / "net.loss.json").unlink()
    with pytest.raises(NetworkFileError, match=r"net\.npz: no loss is named"):
        read_network(path)


def npy(header: str, data: bytes = b"") -> bytes:
    padded = header.encode("latin-1").ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(padded)) + padded + data


def zipped(content: bytes, path: Path, method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as stream:
        stream.writestr("M1.npy", content)
    return path


@pytest.mark.parametrize(
    ("content", "fragment"),
    [
        (
            npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000, 1000000)}"),
            "not as large",
        ),
        (
            npy("{'descr': '|O', 'fortran_order': False, 'shape': (1, 1)}", b"cos\nsystem"),
            "no numbers",
        ),
        (
            npy("{'descr': '<f8', 'fortran_order': False, 'shape': (-1, -1)}", b"12345678"),
            "as large",
        ),
        (npy("{'descr': '<f8', 'shape': (1, 1)}"), "cannot be unpacked"),
        (npy("__import__('os').abort()"), "cannot be unpacked"),
        (npy("(" * 100), "cannot be unpacked"),
        (b"\x93NUMPY\x03\x00" + b"\xff" * 40, "cannot be unpacked"),
        (b"", "cannot be unpacked"),
        (b"cposix\nsystem\n(S'true'\ntR.", "cannot be unpacked"),
    ],
)
def test_hostile_arrays(content: bytes, fragment: str, tmp_path: Path) -> None:
    with pytest.raises(NetworkFileError, match=fragment):
        read_network(zipped(content, tmp_path / "net.npz"))


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = zipped(bytes(archives.MAX_UNPACKED + 1), tmp_path / "bomb.npz")
    assert path.stat().st_size < 100_000

    def opened(*_: object) -> None:
        raise AssertionError("a member was unpacked")

    monkeypatch.setattr(zipfile.ZipFile, "open", opened)
    with pytest.raises(NetworkFileError, match="too large; expected at most 67,108,864 bytes"):
        read_network(path)


def test_a_directory_that_lies_about_sizes(tmp_path: Path) -> None:
    path = zipped(bytes(2**20), tmp_path / "liar.npz")
    content = path.read_bytes()
    # The size in the central directory, which is what the reader goes by.
    path.write_bytes(content.replace(struct.pack("<L", 2**20), struct.pack("<L", 64)))
    with pytest.raises(NetworkFileError, match="cannot be unpacked"):
        read_network(path)


def test_no_archive_at_all(tmp_path: Path) -> None:
    (tmp_path / "net.npz").write_bytes(b"not a zip file")
    with pytest.raises(NetworkFileError, match=r"not an \.npz archive"):
        read_network(tmp_path / "net.npz")
