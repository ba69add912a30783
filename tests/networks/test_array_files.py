"""Files of arrays: what is found in them, where the loss comes from, and what is never opened."""

import json
import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from proofkit.networks.files import NetworkFileError, read, read_network
from proofkit.networks.losses import HuberLoss, SquaredLoss
from proofkit.networks.matrices import ExactMatrix

W1, W2 = np.array([[1, 2, 0]]), np.array([[0], [1]])
X, Y = np.eye(3, dtype=int), np.array([[0, 0, 1], [1, 2, 0]])
LAYERS = {"fc1.weight": W1, "fc2.weight": W2}
DATA = {"X": X, "Y": Y}


def saved(path: Path, **arrays: Any) -> Path:
    np.savez(path, **arrays)
    return path


def test_the_data_may_stand_in_the_archive(tmp_path: Path) -> None:
    path = saved(tmp_path / "net.npz", **LAYERS, **DATA)
    reading = read(path)
    assert reading.network.loss == SquaredLoss(
        ExactMatrix.of(X.tolist()), ExactMatrix.of(Y.tolist())
    )
    assert (reading.network.title, reading.network.source) == ("net", "net.npz")
    assert reading.network.dims == (3, 1, 2)
    assert "taken to be squared loss" in reading.notes[-1]
    named = read(path, loss="squared")
    assert named.network == reading.network
    assert not any("squared" in note for note in named.notes)
    (tmp_path / "net.loss.json").write_text('{"kind": "huber", "delta": 2}')
    assert isinstance(read_network(path).loss, HuberLoss)
    assert read_network(path, loss="squared") == reading.network


def test_the_loss_may_be_said(tmp_path: Path) -> None:
    path = saved(tmp_path / "net.npz", **LAYERS)
    loss = "(w11 - 1)**2 + w23**2"
    assert read_network(path, loss=loss).loss.kind == "expression"
    counts = {"positive": np.ones((2, 3)), "negative": np.ones((2, 3))}
    path = saved(tmp_path / "counts.npz", **LAYERS, **counts)
    assert read_network(path, loss="logistic").loss.kind == "logistic"
    path = saved(tmp_path / "labels.npz", **LAYERS, X=X, labels=np.array([0, 1, 1]))
    assert read_network(path, loss="softmax").loss.to_json()["labels"] == [0, 1, 1]
    path = saved(tmp_path / "delta.npz", **LAYERS, **DATA, delta=0.5)
    assert read_network(path, loss="huber").loss.to_json()["delta"] == "1/2"


def test_conventions_and_chosen_layers(tmp_path: Path) -> None:
    wanted = read_network(saved(tmp_path / "net.npz", **LAYERS, **DATA))
    rows = {"X": X.T, "Y": Y.T}
    path = saved(tmp_path / "net.npz", dec=W2, enc=W1, steps=np.array(3), **rows)
    with pytest.raises(NetworkFileError, match="cannot be told"):
        read_network(path)
    reading = read(path, layers=["enc", "dec"], convention="x@W.T")
    assert reading.network == wanted
    assert reading.notes[0] == "Left out of the file: steps."
    path = saved(tmp_path / "net.npz", W1=W1.T, W2=W2.T, **rows)
    assert read_network(path, convention="x@W") == wanted


def test_biases_are_found_by_their_names(tmp_path: Path) -> None:
    path = saved(tmp_path / "net.npz", **LAYERS, **DATA, **{"fc1.bias": np.array([1])})
    reading = read(path)
    assert reading.network.dims == (4, 1, 2)
    assert "row of ones" in reading.notes[-1]
    path = saved(tmp_path / "net.npz", **LAYERS, **DATA, **{"fc2.bias": np.array([1, 1])})
    assert read(path).last_bias is not None
    with pytest.raises(NetworkFileError, match=r"net\.npz: the last of 2 layers has a bias"):
        (tmp_path / "net.loss.json").write_text('{"kind": "huber", "delta": 2}')
        read(path)


def test_single_arrays(tmp_path: Path) -> None:
    path = tmp_path / "net.npy"
    np.save(path, np.array([[1, 2]]))
    assert read_network(path, loss="w11").dims == (2, 1)
    (tmp_path / "net.loss.json").write_text('{"kind": "squared", "X": [[1], [1]], "Y": [[3]]}')
    assert read_network(path).loss.kind == "squared"
    np.save(path, np.ones((3, 2, 2), dtype=np.float32))
    network = read_network(path, loss="w11")
    assert (network.dims, network.precision) == ((2, 2, 2, 2), "float32")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not an .npy file"),
        (b"\x93NUMPY\x01\x00", "not an .npy file"),
        (pickle.dumps([1]), "not an .npy file"),
    ],
)
def test_hostile_single_arrays(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "net.npy"
    path.write_bytes(content)
    with pytest.raises(NetworkFileError, match=words):
        read_network(path, loss="w11")
    np.save(path, np.array([[{}]], dtype=object), allow_pickle=True)
    with pytest.raises(NetworkFileError, match="holds no numbers"):
        read_network(path, loss="w11")


FAULTS: dict[str, tuple[dict[str, Any], Any, dict[str, Any], str]] = {
    "no data": (LAYERS, None, {}, 'net.npz: no loss is named: there is no "net.loss.json"'),
    "X alone": ({**LAYERS, "X": X}, None, {}, "no loss is named"),
    "a loss without data": (LAYERS, None, {"loss": "squared"}, 'the key "X" is missing'),
    "a misspelt loss": ({**LAYERS, **DATA}, None, {"loss": "sqared"}, 'Did you mean "squared"?'),
    "a loss file that is not there": (LAYERS, None, {"loss": "no.json"}, "no such file"),
    "data in both": (
        {**LAYERS, **DATA},
        {"kind": "squared", "X": [[1]]},
        {},
        "net.npz: $.X: this stands in the loss and beside it",
    ),
    "data of another shape": (
        {**LAYERS, "X": X, "Y": Y.T},
        None,
        {},
        "net.npz: $.Y: the loss's Y does not fit the network; expected 2 × 3",
    ),
    "data in rows": (
        {**LAYERS, "X": np.ones((5, 3)), "Y": np.ones((5, 2))},
        None,
        {},
        "All fits with the convention x@W.T.",
    ),
    "data that are no numbers": (
        {**LAYERS, "X": X, "Y": np.array([["a"]])},
        None,
        {},
        "the array Y holds no numbers",
    ),
    "an odd loss file": (
        {**LAYERS, **DATA},
        [1],
        {},
        "net.loss.json: $ (line 1, column 1): a loss",
    ),
    "a faulty loss file": (
        {**LAYERS, **DATA},
        {"kind": "huber", "delta": -1},
        {},
        "net.loss.json: $.delta (line 1, column 28): delta is positive",
    ),
    "a wrong expression": ({**LAYERS, **DATA}, None, {"loss": "w11*"}, "$.expression: column 5"),
    "an unknown layer": ({**LAYERS, **DATA}, None, {"layers": ["fc3.weight"]}, "Did you mean"),
    "an unknown convention": (
        {**LAYERS, **DATA},
        None,
        {"convention": "W@X"},
        "this convention is unknown",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_faults(name: str, tmp_path: Path) -> None:
    arrays, loss, options, words = FAULTS[name]
    path = saved(tmp_path / "net.npz", **arrays)
    if loss is not None:
        (tmp_path / "net.loss.json").write_text(json.dumps(loss))
    with pytest.raises(NetworkFileError) as caught:
        read_network(path, **options)
    assert words in str(caught.value)


@pytest.mark.parametrize("name", ["it's.pt", "net.pth", "net.ckpt", "net.bin", "net.PT"])
def test_pytorch_files_are_not_opened(name: str, tmp_path: Path) -> None:
    """Not even looked for: the file is not there. The line that converts it is Python."""
    with pytest.raises(NetworkFileError) as caught:
        read_network(tmp_path / name)
    said = str(caught.value)
    assert "can run any program when it is opened" in said
    line = said.split("in Python: ")[1]
    compile(line, "<line>", "exec")
    assert f"torch.load({name!r}, map_location='cpu', weights_only=True)" in line
    assert f"numpy.savez({name.rpartition('.')[0] + '.npz'!r}, " in line


def test_pickles_are_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "model.pkl"

    class Bomb:
        def __reduce__(self) -> Any:
            return (Path.touch, (tmp_path / "exploded",))

    path.write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(NetworkFileError, match="a pickle can run any program"):
        read_network(path)
    renamed = tmp_path / "model.npz"
    with zipfile.ZipFile(renamed, "w") as stream:
        stream.writestr("archive/data.pkl", pickle.dumps(Bomb()))
    with pytest.raises(NetworkFileError, match=r"its own ending, \.pt"):
        read_network(renamed, loss="w11")
    assert not (tmp_path / "exploded").exists()


def test_other_files_of_weights_are_named(tmp_path: Path) -> None:
    (tmp_path / "net.h5").write_bytes(b"\x89HDF")
    with pytest.raises(NetworkFileError, match=r"files \.h5 are not read; expected \.npz"):
        read_network(tmp_path / "net.h5")


def test_options_for_arrays_are_for_arrays(tmp_path: Path) -> None:
    path = tmp_path / "net.json"
    path.write_text("{}")
    for options in ({"layers": ["a"]}, {"convention": "x@W"}, {"loss": "squared"}):
        with pytest.raises(NetworkFileError, match="goes with arrays only"):
            read_network(path, **options)  # type: ignore[arg-type]
