"""Layers and data in memory become networks whatever holds them and however they act."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy

from proofkit.networks.assembling import Reading
from proofkit.networks.faults import NetworkFileError
from proofkit.networks.losses import SquaredLoss
from proofkit.networks.matrices import ExactMatrix, FloatMatrix
from proofkit.networks.network import Network
from proofkit.networks.weights import read_weights

RNG = np.random.default_rng(0)
W1, W2 = RNG.standard_normal((2, 3)), RNG.standard_normal((4, 2))
X, Y = RNG.standard_normal((3, 7)), RNG.standard_normal((4, 7))
DATA = {"X": X, "Y": Y}


class Tensor:
    """What NumPy can convert, and nothing else."""

    def __init__(self, array: Any) -> None:
        self._array = array

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return self._array


class Parameter(Tensor):
    """A tensor with a gradient, which has to be detached first."""

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        raise RuntimeError("Can't call numpy() on Tensor that requires grad")

    def detach(self) -> Any:
        return self

    def cpu(self) -> Tensor:
        return Tensor(self._array)


def read(layers: Any, **options: Any) -> Reading:
    options.setdefault("data", {} if str(options.get("loss")).startswith("w") else DATA)
    return read_weights(layers, **options)


def values(network: Network) -> list[Any]:
    return [m.value[0].tolist() for m in network.layers if isinstance(m, FloatMatrix)]


WANTED = read([W1, W2]).network


@pytest.mark.parametrize(
    "layers",
    [
        (W1, W2),
        [Tensor(W1), Parameter(W2)],
        [W1.tolist(), W2.tolist()],
        [W1, W2.tolist()],
        [[list(row) for row in W1], [tuple(row) for row in W2]],
        [FloatMatrix.of(W1), W2],
        {"fc2.weight": W2, "fc1.weight": Tensor(W1)},
        {"fc2.weight": W2, "fc1.weight": W1.tolist()},
        {"params": {"Dense_1": {"kernel": W2}, "Dense_0": {"kernel": W1}}},
        iter([W1, W2]),
    ],
)
def test_whatever_holds_them(layers: Any) -> None:
    network = read(layers).network
    assert network == WANTED
    assert values(network) == [W1.tolist(), W2.tolist()]
    assert isinstance(network.loss, SquaredLoss)
    assert ExactMatrix.of(X.tolist()) == network.loss.X


def test_exact_numbers_stay_exact() -> None:
    root = sympy.sqrt(2)
    network = read([[[Fraction(1, 3), 2]], np.array([[3], [1]])], loss="w11 + w22").network
    assert network.exact
    assert network.product() == ExactMatrix.of([[1, 6], [Fraction(1, 3), 2]])
    assert read([[[root]], ExactMatrix.of([[root]])], loss="w11").network.product() == 2 * (
        ExactMatrix.identity(1)
    )
    assert not read([[["1/3"]], [[0.5]]], loss="w11").network.exact
    assert read([np.array([[2**62]])], loss="w11").network.product() == ExactMatrix.of([[2**62]])


@pytest.mark.parametrize(
    ("convention", "layers", "data"),
    [
        ("x@W", [W1.T, W2.T], {"X": X.T, "Y": Y.T}),
        ("x@W.T", [W1, W2], {"X": X.T, "Y": Y.T}),
    ],
)
def test_conventions(convention: str, layers: Any, data: Any) -> None:
    assert read(layers, data=data, convention=convention).network == WANTED


def test_data_of_the_products_shape_follow_the_layers() -> None:
    target = np.arange(12).reshape(4, 3)
    weights = np.ones((4, 3), dtype=int)
    data = {"target": target, "weights": weights}
    plain = read([W1, W2], loss="weighted-squared", data=data).network
    turned = {key: value.T for key, value in data.items()}
    rows = read([W1.T, W2.T], loss="weighted-squared", data=turned, convention="x@W").network
    torch = read([W1, W2], loss="weighted-squared", data=data, convention="x@W.T").network
    assert plain == rows == torch


def test_an_expression_is_of_the_papers_product() -> None:
    reading = read([[[1], [0]], [[0, 1]]], loss="w21", convention="x@W")
    assert reading.network.product() == ExactMatrix.of([[0, 0], [1, 0]])
    assert "transpose of the product W_1⋯W_k" in reading.notes[-1]


def test_a_single_output_may_be_flat() -> None:
    x, y, w = X, Y[0], W1[:1]
    wanted = read([w], data={"X": x, "Y": y[None]}).network
    assert read([w], data={"X": x, "Y": y}).network == wanted
    assert read(w, data={"X": x, "Y": list(y)}).network == wanted
    for convention, layer in (("x@W", w.T), ("x@W.T", w)):
        assert read(layer, data={"X": x.T, "Y": y}, convention=convention).network == wanted


def test_yes_and_no_are_one_and_zero_in_data_only() -> None:
    loss = read([W1, W2], data={"X": X > 0, "Y": Y}).network.loss
    assert isinstance(loss, SquaredLoss)
    assert ExactMatrix.of((X > 0).astype(int).tolist()) == loss.X
    with pytest.raises(NetworkFileError, match="M_1 holds no numbers"):
        read([W1 > 0, W2])


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
def test_the_format_is_kept(dtype: str) -> None:
    assert read([W1.astype(dtype), W2]).network.precision == dtype
    assert read([W1, W2], biases=[b := np.ones(2, dtype), None]).network.precision == dtype
    assert b.dtype == dtype


def test_losses() -> None:
    loss = SquaredLoss(ExactMatrix.of(X.tolist()), ExactMatrix.of(Y.tolist()))
    assert read([W1, W2], loss=loss, data={}).network == WANTED
    assert read([W1, W2], loss={"kind": "squared", "X": X}, data={"Y": Y}).network == WANTED
    huber = read([W1, W2], loss="huber", data={**DATA, "delta": np.float32(0.5)}).network.loss
    assert huber.to_json()["delta"] == "1/2"
    labels = np.array([0, 3], dtype=np.int32)
    softmax = read([W1, W2], loss="softmax", data={"X": X[:, :2], "labels": labels}).network.loss
    assert softmax.to_json()["labels"] == [0, 3]
    named = {"W1": W1, "W2": W2, "X": X}
    assert read(named, data={"Y": Y}).network == WANTED
    assert read({"enc": W1, "dec": W2}, order=["enc", "dec"]).network == WANTED


def test_measurements_and_masks() -> None:
    stack, y = RNG.standard_normal((5, 4, 3)), RNG.standard_normal(5)
    wanted = read([W1, W2], loss="measurements", data={"A": stack, "y": y}).network
    assert wanted.loss.kind == "measurements"
    turned = {"A": stack.transpose(0, 2, 1), "y": y}
    rows = read([W1.T, W2.T], loss="measurements", data=turned, convention="x@W").network
    torch = read([W1, W2], loss="measurements", data={"A": stack, "y": y}, convention="x@W.T")
    assert wanted == rows == torch.network
    mask = RNG.random((4, 7)) < 0.5
    data = {**DATA, "mask": mask}
    masked = read([W1, W2], loss="masked-squared", data=data).network
    samples = {key: value.T for key, value in data.items()}
    assert read([W1, W2], loss="masked-squared", data=samples, convention="x@W.T").network == masked
    named = {"W1": W1, "W2": W2, **data}
    assert read(named, loss="masked-squared", data={}).network == masked


class Ragged:
    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        raise ValueError("no")


ENDLESS: dict[str, Any] = {}
ENDLESS["a"] = ENDLESS

REFUSED: dict[str, tuple[Any, dict[str, Any], list[str]]] = {
    "no layers": ([], {}, ["$.layers", "the list is empty"]),
    "nothing": (None, {}, ["$.layers", "not a sequence", '"NoneType"']),
    "a text": ("W1", {}, ["$.layers", "not a sequence"]),
    "an object": ([object()], {}, ["$.layers[0]", "neither a number, a list nor an array"]),
    "a set": ([[{1}]], {}, ["$.layers[0][0]", "neither a number"]),
    "deep lists": ([[[[[[[1]]]]]]], {}, ["nest too deeply"]),
    "a vector": ([W1[0], W2], {}, ["$.layers[0]", "not a matrix", "the shape 3"]),
    "a ragged list": ([[[1], [1, 2]]], {}, ["$.layers[0][1]", "equally long"]),
    "an empty array": ([np.zeros((2, 0))], {}, ["M_1 is empty", "2 × 0"]),
    "complex numbers": ([W1 * 1j, W2], {}, ["M_1 holds no numbers", "complex128"]),
    "NaN": ([W1 * np.nan, W2], {}, ["M_1 holds NaN"]),
    "NaN in a list": ([[[float("nan")]]], {}, ["$.layers[0][0][0]", "not finite"]),
    "an array that cannot be had": ([Ragged()], {}, ["M_1 cannot be made a NumPy array"]),
    "a batch": ([FloatMatrix.of(np.zeros((2, 1, 1)))], {}, ["M_1 is a batch of 2"]),
    "transposed": ([W1.T, W2.T], {}, ["$.layers[1]", "3 numbers", "each layer transposed"]),
    "PyTorch's data": (
        [W1, W2],
        {"data": {"X": X.T, "Y": Y.T}},
        ["$.X", "fits with the convention x@W.T"],
    ),
    "row vectors": (
        [W1.T, W2.T],
        {"data": {"X": X.T, "Y": Y.T}},
        ["$.layers[1]", "fits with the convention x@W."],
    ),
    "the last layer first": ([W2, W1], {}, ["$.layers[1]", "All fits in the reverse order"]),
    "another convention": ([W1, W2], {"convention": "rows"}, ["$.convention", "W@x, x@W, x@W.T"]),
    "no convention": ([W1, W2], {"convention": 3}, ["$.convention", '"int"']),
    "no loss": ([W1, W2], {"data": {}}, ["no loss is named", "squared"]),
    "an odd loss": ([W1, W2], {"loss": 3}, ["this is no loss", '"int"']),
    "a loss misspelt": ([W1, W2], {"loss": "sqared"}, ["$.kind", 'Did you mean "squared"?']),
    "a mean": ([W1, W2], {"loss": "MSE"}, ["$.kind", 'Say "squared": a mean is that times']),
    "L1": ([W1, W2], {"loss": "L1Loss"}, ["$.kind", 'Say "absolute"']),
    "cross-entropy": ([W1, W2], {"loss": "cross-entropy"}, ["$.kind", 'Say "softmax"']),
    "a wrong expression": ([W1, W2], {"loss": "w11 +", "data": {}}, ["$.expression"]),
    "data that nothing takes": ([W1, W2], {"loss": "squared", "data": {**DATA, "Z": 1}}, ["$.Z"]),
    "data beside a loss": (
        [W1, W2],
        {"loss": WANTED.loss},
        ["$.X", "a loss object has its own data"],
    ),
    "a loss of another shape": (
        [W1],
        {"loss": WANTED.loss, "data": {}},
        ["$.loss", "2 × 3", "4 × 3"],
    ),
    "data twice": ([W1, W2], {"loss": {"kind": "squared", "X": 1}}, ["$.X", "and beside it"]),
    "too few biases": ([W1, W2], {"biases": [None]}, ["$.biases", "2 layers have 2 biases"]),
    "a bias that does not fit": ([W1, W2], {"biases": [None, [1, 2]]}, ["b_2", "4 numbers"]),
    "biases of named arrays": ({"W1": W1}, {"biases": [None]}, ["$.biases", "named arrays"]),
    "names without end": (ENDLESS, {}, ["nest too deeply"]),
    "an order of a list": ([W1, W2], {"order": ["a"]}, ["$.order", "mapping"]),
    "an order of names": ({"b": W1, "a": W2}, {}, ["cannot be told", "order=['a', 'b']"]),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_fit_is_said(name: str) -> None:
    layers, options, words = REFUSED[name]
    with pytest.raises(NetworkFileError) as caught:
        read(layers, **options)
    said = str(caught.value)
    assert said.startswith("the arrays given: ")
    assert "\n" not in said
    for word in words:
        assert word in said, said
