"""Files are read back as written, and every fault names its place, its reason and a way out."""

import copy
import json
import os
import stat
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofkit.networks import files
from proofkit.networks.files import (
    NetworkFileError,
    dump_network,
    parse_network,
    read_network,
    write_network,
)
from proofkit.networks.matrices import ExactMatrix, FloatMatrix
from proofkit.networks.network import Network, Tower

VALID: dict[str, Any] = {
    "format": "proofkit/network/1",
    "title": "a chain",
    "dims": [2, 1, 2],
    "layers": [[[0, "1/2"]], [["sqrt(5)/8"], [1]]],
    "loss": {"kind": "weighted-squared", "target": [[2, 0], [0, 1]], "weights": [[1, 3], [3, 1]]},
    "expect": {"verdict": "unknown", "nested": {"list": [1, [2.5, None, True]]}},
}
TOWER = {"dims": [2, 1, 2], "layers": [[[0, 1]], [[0], [1]]]}


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    document = copy.deepcopy(VALID)
    change(document)
    return document


def put(*path: Any) -> Callable[[dict[str, Any]], object]:
    """The change that puts the last argument at the path given by the others."""

    def change(document: Any) -> None:
        *steps, last, value = path
        for step in steps:
            document = document[step]
        document[last] = value

    return change


def loss(**fields: Any) -> Callable[[dict[str, Any]], object]:
    return put("loss", fields)


def towers(*items: Any) -> Callable[[dict[str, Any]], object]:
    def change(document: dict[str, Any]) -> None:
        del document["dims"], document["layers"]
        document["towers"] = list(items)

    return change


def fault_of(document: Any) -> NetworkFileError:
    with pytest.raises(NetworkFileError) as caught:
        parse_network(json.dumps(document, indent=1), "net.json")
    assert str(caught.value).startswith("net.json: ")
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 600
    return caught.value


SQUARED = {"kind": "squared", "X": [[1, 0], [0, 1]], "Y": [[2, 0], [0, 1]]}
FAULTS = [
    # The document as a whole.
    (lambda d: d.pop("format"), "$", ['the key "format" is missing']),
    (put("format", "proofkit/network/2"), "$.format", ["unknown", "proofkit/network/1"]),
    (put("format", 1), "$.format", ["unknown", "found 1"]),
    (put("titel", "x"), "$.titel", ["unknown", 'Did you mean "title"?']),
    (put("odd key", 1), '$["odd key"]', ["unknown", "expected one of format"]),
    (lambda d: d.pop("title"), "$", ['the key "title" is missing']),
    (put("title", 3), "$.title", ["a text is needed", "found 3"]),
    (put("title", "x" * 1001), "$.title", ["too long", "1,001 characters"]),
    (put("title", "a\nb"), "$.title", ["one line"]),
    (put("expect", [1]), "$.expect", ["an object", "a list of 1"]),
    (put("precision", "float31"), "$.precision", ["float format is unknown", '"float32"?']),
    (put("precision", []), "$.precision", ["unknown", "a list of 0"]),
    (lambda d: d.pop("loss"), "$", ['the key "loss" is missing']),
    # Layers.
    (lambda d: d.pop("layers"), "$", ['the key "layers" is missing', "layers or towers"]),
    (put("layers", []), "$.layers", ["the list is empty"]),
    (put("layers", 3), "$.layers", ["a list is needed", "found 3"]),
    (put("layers", 0, []), "$.layers[0]", ["the list is empty"]),
    (put("layers", 0, [[]]), "$.layers[0][0]", ["the list is empty"]),
    (put("layers", 0, [1, 2]), "$.layers[0][0]", ["a list is needed", "found 1"]),
    (put("layers", 1, [[1], [1, 2]]), "$.layers[1][1]", ["equally long", "1 entries", "2 entries"]),
    (put("layers", 1, [[1]]), "$.layers[1]", ["M_2", "dims are [2, 1, 2]", "2 × 1", "1 × 1"]),
    (put("layers", 0, [[1, 2, 3]]), "$.layers[0]", ["M_1", "1 × 2", "1 × 3"]),
    (put("layers", 0, 0, 1, True), "$.layers[0][0][1]", ["true and false are not numbers"]),
    (put("layers", 0, 0, 1, None), "$.layers[0][0][1]", ["not a number", "found null"]),
    (put("layers", 0, 0, 1, {}), "$.layers[0][0][1]", ["not a number", "found an object"]),
    (put("layers", 0, 0, 1, "1/0"), "$.layers[0][0][1]", ["divides by zero", "column 2 of"]),
    (put("layers", 0, 0, 1, "nan"), "$.layers[0][0][1]", ['"nan" is not a number', "not known"]),
    (put("layers", 0, 0, 1, "2^3"), "$.layers[0][0][1]", ["'**' for a power"]),
    # Widths.
    (put("dims", [2, 2]), "$.dims", ["2 layers have 3 widths", "2 widths"]),
    (put("dims", [2, 0, 2]), "$.dims[1]", ["a width is needed", "found 0"]),
    (put("dims", [2, True, 2]), "$.dims[1]", ["a width is needed", "found true"]),
    (put("dims", [2, 1.0, 2]), "$.dims[1]", ["a width is needed", "found 1.0"]),
    (put("dims", [2, 10**9, 2]), "$.dims[1]", ["1 to 1,000,000"]),
    (put("dims", "2,1,2"), "$.dims", ["a list is needed"]),
    # Towers.
    (put("towers", [TOWER]), "$.layers", ['stands beside "towers"', "one of the two"]),
    (towers(), "$.towers", ["the list is empty"]),
    (towers(3), "$.towers[0]", ["an object is needed"]),
    (towers({"dims": [1]}), "$.towers[0]", ['the key "layers" is missing']),
    (towers({**TOWER, "layer": 1}), "$.towers[0].layer", ['Did you mean "layers"?']),
    (towers(TOWER, {"layers": [[[1]]]}), "$.towers[1]", ["cannot be added", "2 × 2", "1 × 1"]),
    (
        towers({"layers": [[[0, 1]], [[0, 1], [1, 0]]]}),
        "$.towers[0].layers[1]",
        ["M_2", "what M_1 gives, 1 numbers", "2 × 1", "2 × 2"],
    ),
    # Losses.
    (put("loss", []), "$.loss", ["names its kind", "squared, weighted-squared"]),
    (put("loss", {}), "$.loss", ["names its kind"]),
    (loss(kind="sqared"), "$.loss.kind", ["unknown", 'Did you mean "squared"?', '"sqared"']),
    (loss(kind=7), "$.loss.kind", ["unknown", "found 7"]),
    (loss(kind="squared", X=[[1, 0], [0, 1]]), "$.loss", ['the key "Y" is missing']),
    (loss(**SQUARED, Z=1), "$.loss.Z", ["unknown", "one of kind, X, Y"]),
    (loss(**{**SQUARED, "X": [[1]]}), "$.loss.X", ["does not fit", "2 × any", "1 × 1"]),
    (loss(**{**SQUARED, "Y": [[1, 2]]}), "$.loss.Y", ["does not fit", "2 × 2", "1 × 2"]),
    (loss(**{**SQUARED, "Y": [[1], [2]]}), "$.loss.Y", ["columns as X", "2 × 1"]),
    (loss(**{**SQUARED, "Y": [[1, 2], [3]]}), "$.loss.Y[1]", ["equally long"]),
    (put("loss", "target", [[1, 2]]), "$.loss.target", ["d_k × d_0", "2 × 2", "1 × 2"]),
    (put("loss", "weights", 1, 0, "x"), "$.loss.weights[1][0]", ['"x" is not a number']),
    (
        loss(kind="logistic", positive=[[1, 1], [1, 1]], negative=[[0, 0], [-1, 0]]),
        "$.loss.negative[1][0]",
        ["a count is not negative", "-1"],
    ),
    (
        loss(kind="softmax", X=[[1, 0], [0, 1]], labels=[0, 2]),
        "$.loss.labels[1]",
        ["2 rows, one per class", "0 to 1"],
    ),
    (loss(kind="softmax", X=[[1, 0], [0, 1]], labels=[0]), "$.loss.X", ["2 × 1", "labels"]),
    (loss(kind="softmax", X=[[1], [0]], labels=[True]), "$.loss.labels[0]", ["a class is needed"]),
    (loss(kind="measurements", A=[[[1, 0], [0, 1]]], y=[1, 2]), "$.loss.y", ["one value", "1 num"]),
    (loss(kind="measurements", A=[[[1, 0]]], y=[1]), "$.loss.A[0]", ["2 × 2", "1 × 2"]),
    (loss(kind="measurements", A=[], y=[]), "$.loss.A", ["A_i"]),
    (
        loss(kind="masked-squared", Y=[[1, 0], [0, 1]], mask=[[1, 2], [0, 1]]),
        "$.loss.mask[0][1]",
        ["0 or 1", "found 2"],
    ),
    (loss(kind="absolute", Y=[[1, 0]]), "$.loss.Y", ["2 × 2"]),
    (loss(kind="poisson", Y=[[1, 0], [-1, 2]]), "$.loss.Y[1][0]", ["not negative"]),
    (loss(**{**SQUARED, "kind": "huber", "delta": 0}), "$.loss.delta", ["delta is positive"]),
    (loss(kind="expression", expression=3), "$.loss.expression", ["a text is needed"]),
    (
        loss(kind="expression", expression="w11 + w31"),
        "$.loss.expression",
        ["column 7", "the entry w31 lies outside", "rows 1 to 2"],
    ),
    (
        loss(kind="expression", expression="(w11"),
        "$.loss.expression",
        ["column 5", "not closed", "expected ')'"],
    ),
    (loss(kind="expression", expression="w11", convex=1), "$.loss.convex", ["true or false"]),
    (
        loss(kind="expression", expression="abs(w11)", differentiable=True),
        "$.loss.differentiable",
        ["not certainly differentiable", "Leave the key out"],
    ),
]


@pytest.mark.parametrize(("change", "place", "fragments"), FAULTS)
def test_faults_of_a_document(
    change: Callable[[dict[str, Any]], object], place: str, fragments: list[str]
) -> None:
    error = fault_of(changed(change))
    assert error.place == place
    assert error.line is not None
    for fragment in fragments:
        assert fragment in str(error)


def test_the_error_carries_its_parts() -> None:
    error = fault_of(changed(put("titel", "x")))
    assert (error.file, error.place) == ("net.json", "$.titel")
    assert error.problem == "this key is unknown"
    assert error.expected == "one of format, title, loss, dims, layers, towers, expect, precision"
    assert error.found == '"titel"'
    assert error.remedy == 'Did you mean "title"?'
    assert isinstance(error, ValueError)


def test_a_faulty_entry_is_located_by_line_and_column() -> None:
    text = json.dumps(changed(put("layers", 1, 1, 0, "x")), indent=1)
    with pytest.raises(NetworkFileError) as caught:
        parse_network(text)
    line, column = caught.value.line, caught.value.column
    assert line is not None
    assert column is not None
    assert text.splitlines()[line - 1][column - 1 :].startswith('"x"')


def test_exact_layers_and_a_single_float() -> None:
    network = parse_network(json.dumps(VALID))
    assert network.exact
    assert network.chain(1, 1) == ExactMatrix.of([[0, Fraction(1, 2)]])
    mixed = parse_network(json.dumps(changed(put("layers", 1, 1, 0, 1.0))))
    assert not mixed.exact
    assert all(isinstance(layer, FloatMatrix) and layer.batch == 1 for layer in mixed.layers)
    assert mixed.layers[0].value.tolist() == [[[0.0, 0.5]]]  # type: ignore[union-attr]
    huge = changed(put("layers", 1, [["10**400"], [1.0]]))
    assert "beyond the range of doubles" in str(fault_of(huge))


def test_dims_may_be_left_out() -> None:
    assert parse_network(json.dumps(changed(lambda d: d.pop("dims")))).dims == (2, 1, 2)


@pytest.mark.parametrize(
    "change",
    [
        lambda d: None,
        put("layers", 1, 1, 0, 0.1),
        towers(TOWER, TOWER, {"layers": [[[1, 0], ["2/3", 1]]]}),
        loss(**SQUARED),
        loss(**{**SQUARED, "kind": "huber", "delta": "1/3"}),
        loss(**{**SQUARED, "kind": "absolute"}),
        loss(kind="absolute", Y=[[1, 0], [0, 1]]),
        loss(**{**SQUARED, "kind": "poisson"}),
        loss(kind="masked-squared", Y=[[1, 0], [0, 1]], mask=[[1, 1], [0, 1]]),
        loss(kind="measurements", A=[[[1, 0], [0, "1/2"]], [[0, 1], [0, 0]]], y=[1, "sqrt(2)"]),
        loss(kind="logistic", positive=[[1, 2], [0, 1]], negative=[[0, 0.5], [1, 0]]),
        loss(kind="softmax", X=[[1, 0, 3], [0, 1, "log(2)"]], labels=[0, 1, 1]),
        loss(kind="expression", expression="log(1 + exp(-w11))"),
        loss(kind="expression", expression="(w11 - w[2,2])**2/3", convex=True, differentiable=True),
        loss(kind="expression", expression="-abs(w_1_2)", convex=False),
    ],
)
def test_what_is_written_reads_back(change: Any, tmp_path: Path) -> None:
    network = parse_network(json.dumps(changed(change)))
    path = tmp_path / "network.json"
    write_network(network, path)
    again = read_network(path)
    assert again == network
    assert hash(again) == hash(network)
    assert again.source == "network.json"
    assert dump_network(again) == path.read_text(encoding="utf-8")
    assert path.read_text(encoding="utf-8").endswith("}\n")
    assert os.listdir(tmp_path) == ["network.json"]


entries = st.one_of(
    st.integers(-9, 9), st.fractions(max_denominator=99).map(str), st.just("2*log(2)")
)


@st.composite
def networks(draw: st.DrawFn) -> Network:
    dims = draw(st.lists(st.integers(1, 3), min_size=2, max_size=5))
    element = draw(
        st.sampled_from([entries, st.floats(allow_nan=False, allow_infinity=False, width=32)])
    )
    layers = [
        [[draw(element) for _ in range(cols)] for _ in range(rows)] for cols, rows in pairwise(dims)
    ]
    title = draw(st.text(st.characters(codec="utf-8", categories=["L", "N", "S"]), max_size=9))
    document = {
        "format": "proofkit/network/1",
        "title": title,
        "layers": layers,
        "loss": {"kind": "expression", "expression": "w11**2"},
    }
    return parse_network(json.dumps(document))


@given(networks())
def test_any_network_reads_back(network: Network) -> None:
    text = dump_network(network)
    assert parse_network(text) == network
    assert dump_network(parse_network(text)) == text


def test_a_matrix_row_is_one_line() -> None:
    lines = dump_network(parse_network(json.dumps(VALID))).splitlines()
    assert "      [2, 0]," in lines
    assert '  "dims": [2, 1, 2],' in lines


def test_faults_of_the_file(tmp_path: Path) -> None:
    def refused(path: Path | str, *fragments: str) -> None:
        with pytest.raises(NetworkFileError) as caught:
            read_network(path)
        for fragment in (str(path), *fragments):
            assert fragment in str(caught.value)

    refused(tmp_path / "absent.json", "cannot be read", "no such file")
    refused(tmp_path, "a directory")
    refused("/dev/zero", "neither a file nor a directory")
    os.mkfifo(tmp_path / "pipe.json")
    refused(tmp_path / "pipe.json", "neither a file nor a directory")
    (tmp_path / "latin.json").write_bytes(b'{\n"title": "\xe9"}')
    refused(tmp_path / "latin.json", "not UTF-8 (line 2)", "0xE9", "Save it as UTF-8")
    with open(tmp_path / "large.json", "wb") as stream:
        stream.truncate(files.MAX_BYTES + 1)
    refused(tmp_path / "large.json", "too large", "16,777,216 bytes")
    with pytest.raises(NetworkFileError, match="too large"):
        parse_network(" " * (files.MAX_BYTES + 1))
    with pytest.raises(NetworkFileError, match="cannot be read"):
        read_network("a\0b.json")
    (tmp_path / "loss.json").write_text("{}")
    with pytest.raises(NetworkFileError, match=r"\.npz, .npy or .safe"):
        read_network(tmp_path / "loss.json", loss=tmp_path / "loss.json")


def test_a_byte_order_mark_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "bom.json").write_bytes(b"\xef\xbb\xbf" + json.dumps(VALID).encode())
    assert read_network(tmp_path / "bom.json").dims == (2, 1, 2)


def test_writing_is_all_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    network = parse_network(json.dumps(VALID))
    path = tmp_path / "network.json"
    path.write_text("before")
    path.chmod(0o640)

    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", broken)
        with pytest.raises(NetworkFileError, match="cannot be written: no space left"):
            write_network(network, path)
    assert path.read_text() == "before"
    assert os.listdir(tmp_path) == ["network.json"]
    write_network(network, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    with pytest.raises(NetworkFileError, match="cannot be written"):
        write_network(network, tmp_path / "absent" / "network.json")


def test_what_does_not_fit_into_a_file_is_refused() -> None:
    batch = Network.single("batch", [FloatMatrix.of(np.zeros((2, 1, 1)))], _square_loss())
    with pytest.raises(ValueError, match="a batch of 2"):
        dump_network(batch)
    infinite = Network.single("infinite", [FloatMatrix.of([[np.inf]])], _square_loss())
    with pytest.raises(ValueError, match="not finite"):
        dump_network(infinite)


def _square_loss() -> Any:
    document = {"kind": "expression", "expression": "w11**2"}
    text = {"format": "proofkit/network/1", "title": "", "layers": [[[1]]], "loss": document}
    return parse_network(json.dumps(text)).loss


def test_towers_of_a_network() -> None:
    network = parse_network(json.dumps(changed(towers(TOWER, TOWER))))
    assert network.product() == 2 * Tower.of([*network.towers[0].layers]).product()
    with pytest.raises(ValueError, match="has 2 towers"):
        _ = network.dims
