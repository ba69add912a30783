"""Weights as people have them get the verdict of the network that they are."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import proofkit
from proofkit.diagnose.check.recheck import recheck
from proofkit.diagnose.intake import RefusedLoss
from proofkit.diagnose.reading import other_reading
from proofkit.diagnose.worker import _diagnosed
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.faults import NetworkFileError
from proofkit.networks.losses import SquaredLoss
from proofkit.networks.network import Network
from proofkit.networks.weights import read_weights

RNG = np.random.default_rng(5)
X, Y = RNG.standard_normal((3, 12)), RNG.standard_normal((2, 12))


def at_component(x: Any, y: Any, component: int = 0) -> tuple[Any, Any]:
    """(B, A), critical for ‖ABx − y‖² at width 1: global at component 0, a saddle at 1."""
    best = y @ np.linalg.pinv(x)
    u = np.linalg.svd(best @ x)[0][:, component : component + 1]
    return u.T @ best, u


B, A = at_component(X, Y)


@pytest.mark.parametrize(
    ("layers", "options"),
    [
        ([B, A], {"X": X, "Y": Y}),
        ([B, A], {"loss": "squared", "X": X, "Y": Y.tolist()}),
        ([B.T, A.T], {"X": X.T, "Y": Y.T, "convention": "x@W"}),
        ([B, A], {"X": X.T, "Y": Y.T, "convention": "x@W.T"}),
        ({"fc1.weight": B, "fc2.weight": A}, {"X": X, "Y": Y}),
    ],
)
def test_the_verdict_is_that_of_the_network(layers: Any, options: Any) -> None:
    found = proofkit.diagnose(layers, **options)
    assert found.verdict == "global-minimum"
    assert recheck(found.certificate)


def test_a_network_brings_its_own_loss() -> None:
    one = ExactMatrix.identity(1)
    network = Network.single("", [one], SquaredLoss(one, one))
    assert proofkit.diagnose(network).verdict == "global-minimum"
    for options in ({"loss": "squared"}, {"X": X}, {"convention": "x@W"}, {"biases": [None]}):
        with pytest.raises(TypeError, match="its own loss"):
            proofkit.diagnose(network, **options)


def test_errors_are_in_the_words_of_files() -> None:
    with pytest.raises(NetworkFileError, match="rows of a matrix are equally long"):
        proofkit.diagnose([[[1], [1, 2]]], X=X, Y=Y)
    with pytest.raises(RefusedLoss, match="weight decay, is no function of the product"):
        proofkit.diagnose([B, A], loss="squared", X=X, Y=Y, weight_decay=0.1)


def test_the_first_bias_is_a_parameter_like_others() -> None:
    extended = np.vstack([X, np.ones(12)])
    for component, verdict in ((0, "global-minimum"), (1, "strict-saddle")):
        first, last = at_component(extended, Y, component)
        found = proofkit.diagnose([first[:, :3], last], X=X, Y=Y, biases=[first[:, 3], None])
        assert found.verdict == verdict
        assert "row of ones" in found.why[-1]
        assert found.value == pytest.approx(((last @ first @ extended - Y) ** 2).sum())


def centred() -> tuple[Any, Any, Any, Any]:
    return X.mean(axis=1), Y.mean(axis=1), X - X.mean(axis=1)[:, None], Y - Y.mean(axis=1)[:, None]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_last_bias_is_minimised_out(dtype: str) -> None:
    at_x, at_y, x, y = centred()
    for component, verdict in ((0, "global-minimum"), (1, "strict-saddle")):
        first, last = at_component(x, y, component)
        b1 = np.array([0.3])
        b2 = at_y - last @ (first @ at_x + b1)
        layers = [m.astype(dtype) for m in (first, last)]
        found = proofkit.diagnose(layers, X=X, Y=Y, biases=[m.astype(dtype) for m in (b1, b2)])
        assert found.verdict == verdict
        assert any("X and Y are centred" in line for line in found.why)
        assert recheck(found.certificate)


@pytest.mark.parametrize("seed", range(16))
def test_biases_computed_in_their_own_format_are_within_rounding(seed: int) -> None:
    """Data far from 0 and in other units: the bias is off by what rounding the layers costs."""
    rng, dtype = np.random.default_rng(seed), ("float64", "float32")[seed % 2]
    x = (rng.standard_normal((3, 12)) + rng.standard_normal((3, 1)) * 5) * 10 ** rng.uniform(-2, 2)
    y = rng.standard_normal((2, 12))
    at_x, at_y = x.mean(axis=1), y.mean(axis=1)
    component, b1 = seed // 2 % 2, rng.standard_normal(1).astype(dtype)
    first, last = (
        m.astype(dtype) for m in at_component(x - at_x[:, None], y - at_y[:, None], component)
    )
    b2 = (at_y - last @ (first @ at_x) - last @ b1).astype(dtype)
    found = proofkit.diagnose([first, last], X=x, Y=y, biases=[b1, b2])
    assert found.verdict == ("global-minimum", "strict-saddle")[component]


def test_a_last_bias_that_is_off_makes_the_point_no_critical_one() -> None:
    at_x, at_y, x, y = centred()
    first, last = at_component(x, y)
    b2 = at_y - last @ first @ at_x
    found = proofkit.diagnose([first, last], X=X, Y=Y, biases=[None, b2 + 0.01])
    whole = ((last @ first @ X + (b2 + 0.01)[:, None] - Y) ** 2).sum()
    assert found.verdict == "not-critical"
    assert found.value == pytest.approx(whole)
    assert "so the point is not critical" in found.why[-1].lower()
    assert found.why[-1].endswith("these layers is: a global minimum.")
    assert recheck(found.certificate)
    exact = proofkit.diagnose([[[1]]], X=[[1, 2]], Y=[[1, 4]], biases=[["1/3"]], loss="squared")
    assert exact.verdict == "not-critical"


def test_exact_biases() -> None:
    """W = 1, x̄ = 3/2, ȳ = 5/2: the best last bias is 1."""
    layers, data = [[[1]], [[1]]], {"X": [[1, 2]], "Y": [[2, 3]]}
    for bias, verdict in ((1, "global-minimum"), ("1001/1000", "not-critical")):
        found = proofkit.diagnose(layers, biases=[None, [bias]], **data)
        assert found.verdict == verdict
        assert recheck(found.certificate)


SQUARE, OTHER = np.array([[1.0, 2.0], [0.0, 1.0]]), np.array([[1.0, 2.0], [3.0, 1.0]])


@pytest.mark.parametrize(
    ("layers", "x", "y", "words"),
    [
        ([[[0, 0], [1, 0]]], [[1, 0], [0, 1]], [[0, 1], [0, 0]], "each layer is transposed"),
        ([SQUARE.T], np.eye(2), SQUARE, "each layer is transposed"),
        ([SQUARE, OTHER], np.eye(2), SQUARE @ OTHER, "the order of the layers is reversed"),
        ([SQUARE], OTHER.T, (SQUARE @ OTHER).T, "X and Y are transposed"),
        ([SQUARE.T], OTHER.T, (SQUARE @ OTHER).T, "each layer is transposed and X and Y are"),
    ],
)
def test_the_hint_at_another_reading(layers: Any, x: Any, y: Any, words: str) -> None:
    found = proofkit.diagnose(layers, X=x, Y=y)
    assert found.verdict == "not-critical"
    assert words in found.why[-1]
    assert recheck(found.certificate)


def test_doubles_that_are_float32_numbers_get_a_hint() -> None:
    rounded = [m.astype("float32").astype("float64") for m in (B, A)]
    found = proofkit.diagnose(rounded, X=X, Y=Y)
    assert found.verdict == "not-critical"
    assert "judged as such this is a global minimum" in found.why[-1]
    assert recheck(found.certificate)
    for layers in ([B, A], [np.round(8 * B) / 8, np.round(8 * A) / 8], [2 * m for m in rounded]):
        found = proofkit.diagnose(layers, X=X, Y=Y)
        assert not any("float32" in line for line in found.why)


def test_a_network_gets_the_hint_too_and_none_where_none_is_due() -> None:
    found = proofkit.diagnose([SQUARE + 0.1, SQUARE], X=np.eye(2), Y=SQUARE)
    assert found.verdict == "not-critical"
    assert not any("critical when" in line for line in found.why)
    given = read_weights([SQUARE.T], data={"X": np.eye(2), "Y": SQUARE}).network
    assert "each layer is transposed" in proofkit.diagnose(given).why[-1]
    one = ExactMatrix.identity(1)
    assert other_reading(Network.single("", [2 * one], SquaredLoss(one, one))) is None


def test_the_worker_takes_names_and_conventions(tmp_path: Path) -> None:
    path = tmp_path / "net.npz"
    np.savez(path, decoder=A.T, encoder=B.T, X=X.T, Y=Y.T)
    job = {"task": "diagnose", "path": str(path), "loss": None, "seed": 0, "certify": False}
    assert "--layers decoder,encoder" in _diagnosed(job)["fault"]
    answer = _diagnosed({**job, "layers": ["encoder", "decoder"], "convention": "x@W"})
    assert answer["diagnosis"]["verdict"] == "global-minimum"
    path.rename(tmp_path / "net.pt")
    assert "weights_only=True" in _diagnosed({**job, "path": str(tmp_path / "net.pt")})["fault"]


@pytest.mark.parametrize("file", ["README.md", "proofkit/handbook/guide.md"])
def test_the_printed_examples_run(file: str) -> None:
    text = (Path(__file__).parents[2] / file).read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    (block,) = (b for b in blocks if "proofkit.diagnose([W1" in b and "convention" in b)
    model = SimpleNamespace(state_dict=lambda: {"0.weight": SQUARE, "2.weight": OTHER})
    names = {"proofkit": proofkit, "model": model, "W1": SQUARE, "W2": OTHER}
    lines = [line for line in block.splitlines() if line.startswith("proofkit.diagnose(")]
    assert len(lines) >= 2
    for line in lines:
        found = eval(line, {**names, "X": np.eye(2), "Y": OTHER @ SQUARE})
        assert found.verdict in {"global-minimum", "not-critical"}


def test_softmax_that_is_not_critical_has_an_answer() -> None:
    """Its Y is made of the labels and is no data that could be transposed."""
    found = proofkit.diagnose(
        [[[0.5, 1.0]], [[1.0], [2.0]]], loss="softmax", X=np.eye(2), labels=[0, 1]
    )
    assert found.verdict == "not-critical"
