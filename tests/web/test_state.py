"""The state in an address: whatever is in it is bounded, and what cannot be read is said."""

from __future__ import annotations

import base64
import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofkit.web.state import MAX_TEXT, BadState, State, packed, read_json, read_query, unpacked


@given(st.text(max_size=300))
def test_what_was_packed_is_unpacked(text: str) -> None:
    letters = packed(text)
    assert unpacked(letters) == text
    assert letters.isascii() and not set(letters) & set("+/=&?# ")


def test_a_state_is_read_from_an_address() -> None:
    query = {"result": "lemma-1", "route": "short", "dims": "2, 1,2", "seed": "5", "v": "1,2"}
    assert read_query(query) == State("lemma-1", "short", dims=(2, 1, 2), seed=5)
    assert read_query({"network": packed("{}")}).network == "{}"
    assert read_query({"network": ' {"a": 1}'}).network == ' {"a": 1}'
    assert read_query({}) == State()


def test_a_bomb_is_not_unpacked() -> None:
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = squeezer.compress(b"0" * 40 * MAX_TEXT) + squeezer.flush()
    with pytest.raises(BadState, match="too long"):
        unpacked(base64.urlsafe_b64encode(bomb).decode())


@pytest.mark.parametrize("letters", ["!!!!", "AAAA", "ä", packed("something")[:-4], "QUJD"])
def test_damaged_letters_are_refused(letters: str) -> None:
    with pytest.raises(BadState):
        unpacked(letters)


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ({"seed": "-1"}, "seed"),
        ({"seed": "٣"}, "seed"),
        ({"seed": "9" * 11}, "seed"),
        ({"dims": "2,x"}, "widths"),
        ({"dims": "2,0"}, "widths"),
        ({"result": "x" * 201}, "result"),
        ({"network": "{" + " " * MAX_TEXT}, "network"),
        ({"network": ""}, "network: nothing was given"),
        ({"network": " \n"}, "network: nothing was given"),
        ({"network": packed("")}, "network: nothing was given"),
        ({"network": packed(" ")}, "network: nothing was given"),
    ],
)
def test_what_is_no_state_is_refused_with_its_name(query: dict[str, str], word: str) -> None:
    with pytest.raises(BadState, match=word):
        read_query(query)


@pytest.mark.parametrize("body", [b"", b"[1]", b'{"seed": [1]}', b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_state_is_refused(body: bytes) -> None:
    with pytest.raises(BadState):
        read_json(body)


def test_a_state_is_read_from_a_body() -> None:
    body = json.dumps({"result": "lemma-2", "seed": 3, "network": "{}"}).encode()
    assert read_json(body) == State("lemma-2", network="{}", seed=3)
