"""Whatever the bytes, a file gives a network or a NetworkFileError, and nothing else."""

import copy
import importlib.resources
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofkit.networks.files import NetworkFileError, parse_network, read_network

CORPUS = [
    entry.read_bytes()
    for entry in importlib.resources.files("theorems").joinpath("examples").iterdir()
    if entry.name in {"E05.json", "E22.json", "E24.json", "E28.json"}
]


def _archive_bytes() -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, M1=np.eye(2), M2=np.array([[1, 2]]))
    return buffer.getvalue()


def mutated(originals: list[bytes]) -> st.SearchStrategy[bytes]:
    @st.composite
    def strategy(draw: st.DrawFn) -> bytes:
        content = bytearray(draw(st.sampled_from(originals)))
        for _ in range(draw(st.integers(1, 4))):
            start = draw(st.integers(0, len(content)))
            removed = draw(st.integers(0, 6))
            tokens = [b"[", b"]", b"{", b"}", b",", b'"', b"-", b"1e9", b"null", b"true", b"w99"]
            added = draw(st.binary(max_size=4) | st.sampled_from(tokens))
            content[start : start + removed] = added
        return bytes(content)

    return strategy()


def read_bytes(content: bytes, name: str, folder: Path) -> None:
    path = folder / name
    path.write_bytes(content)
    (folder / f"{path.stem}.loss.json").write_text('{"kind": "expression", "expression": "w11"}')
    try:
        read_network(path)
    except NetworkFileError as error:
        assert path.name in str(error)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


@given(content=st.binary(max_size=200) | mutated(CORPUS))
def test_any_bytes_as_json(content: bytes, folder: Path) -> None:
    read_bytes(content, "fuzz.json", folder)


@given(content=st.binary(max_size=200) | mutated([_archive_bytes()]))
def test_any_bytes_as_an_archive(content: bytes, folder: Path) -> None:
    read_bytes(content, "fuzz.npz", folder)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda part: (
        st.lists(part, max_size=4) | st.dictionaries(st.text(max_size=4), part, max_size=4)
    ),
    max_leaves=15,
)


@given(value=json_values, original=st.sampled_from(CORPUS), data=st.data())
def test_any_value_anywhere(value: Any, original: bytes, data: st.DataObject) -> None:
    document: Any = copy.deepcopy(json.loads(original))
    part = document
    while True:
        step = data.draw(
            st.sampled_from(list(part) if isinstance(part, dict) else range(len(part)))
        )
        if not part[step] or not isinstance(part[step], dict | list) or data.draw(st.booleans()):
            break
        part = part[step]
    part[step] = value
    try:
        parse_network(json.dumps(document))
    except NetworkFileError as error:
        assert error.problem


@given(st.text())
def test_any_text(text: str) -> None:
    with pytest.raises(NetworkFileError):
        parse_network(text)
