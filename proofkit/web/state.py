"""The state of a page, as its address holds it: result, route, network and seed."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

__all__ = [
    "MAX_WORD",
    "BadState",
    "Choice",
    "Resting",
    "State",
    "packed",
    "read_choice",
    "read_json",
    "read_query",
    "unpacked",
]

MAX_TEXT: Final = 1_000_000
"""Characters of a network as JSON."""

MAX_WORD: Final = 200
"""Characters of everything else."""

MAX_SEED: Final = 2**32 - 1


class BadState(ValueError):
    """An address or a request whose state cannot be read; the message is for the reader."""


@dataclass(frozen=True)
class State:
    """What a page shows.  Empty: the first result, its first route, its main example.

    ``network`` is a network of the reader's own as JSON; else ``example`` names one.  ``dims``
    are widths to give it, input first.
    """

    result: str = ""
    route: str = ""
    example: str = ""
    network: str = ""
    dims: tuple[int, ...] = ()
    seed: int = 0


@dataclass(frozen=True)
class Resting:
    """Which results lose a proof when this route breaks: the same on every network."""

    result: str
    route: str


@dataclass(frozen=True)
class Choice:
    """What a reader chooses in an exercise, on the page of a state: one bit for each on offer."""

    state: State
    exercise: str
    bits: str


def read_query(query: Mapping[str, str]) -> State:
    """The state in the query of an address; other keys, such as the sliders', are the page's own.

    >>> read_query({"result": "lemma-1", "seed": "7", "step": "2.1"})
    State(result='lemma-1', route='', example='', network='', dims=(), seed=7)
    """
    data = dict(query)
    network = data.get("network", "").strip()
    if network and not network.startswith("{"):
        data["network"] = unpacked(network)
    return _state(data)


def read_json(body: bytes) -> State:
    """The state in the body of a request: for networks that are too long for an address."""
    return _state(_strings(body))


def read_choice(body: bytes) -> Choice:
    """The choice in the body of a request.

    >>> read_choice(b'{"result": "lemma-1", "exercise": "killed", "bits": "0110"}').bits
    '0110'
    """
    data = _strings(body)
    exercise, bits = data.pop("exercise", ""), data.pop("bits", "")
    if len(exercise) > MAX_WORD or len(bits) > MAX_WORD:
        raise BadState(f"exercise, bits: at most {MAX_WORD} characters are read")
    return Choice(_state(data), exercise, bits)


def _strings(body: bytes) -> dict[str, str]:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as fault:
        raise BadState(f"the request is not JSON: {fault}") from fault
    if not isinstance(data, dict) or any(not isinstance(x, (str, int)) for x in data.values()):
        raise BadState("the request is not an object of strings")
    return {str(key): str(value) for key, value in data.items()}


def _state(data: Mapping[str, str]) -> State:
    network = data.get("network", "")
    if "network" in data and not network.strip():
        raise BadState(
            "network: nothing was given; paste a network as JSON, or choose an example instead"
        )
    if len(network) > MAX_TEXT:
        raise BadState(f"the network is too long: at most {MAX_TEXT:,} characters are read")
    for name in ("result", "route", "example", "dims", "seed"):
        if len(data.get(name, "")) > MAX_WORD:
            raise BadState(f"{name}: at most {MAX_WORD} characters are read")
    return State(
        data.get("result", ""),
        data.get("route", ""),
        data.get("example", ""),
        network,
        _dims(data.get("dims", "")),
        _integer("seed", data.get("seed", "") or "0", 0, MAX_SEED),
    )


def _dims(text: str) -> tuple[int, ...]:
    parts = [part for part in text.replace(",", " ").split() if part]
    return tuple(_integer("widths", part, 1, MAX_TEXT) for part in parts)


def _integer(name: str, text: str, least: int, most: int) -> int:
    if not text.isascii() or not text.strip().isdigit() or len(text) > 12:
        raise BadState(f"{name}: expected integers from {least} to {most:,}, found {text[:40]!r}")
    value = int(text)
    if not least <= value <= most:
        raise BadState(f"{name}: expected integers from {least} to {most:,}, found {value}")
    return value


def packed(text: str) -> str:
    """A text deflated, in letters that an address may hold.

    >>> unpacked(packed("[1, 2]"))
    '[1, 2]'
    """
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = squeezer.compress(text.encode()) + squeezer.flush()
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def unpacked(letters: str) -> str:
    """The text that was packed, no longer than `MAX_TEXT`.  Raises `BadState` for anything else."""
    try:
        data = base64.b64decode(
            letters.encode("ascii") + b"=" * (-len(letters) % 4), altchars=b"-_", validate=True
        )
        inflater = zlib.decompressobj(-15)
        text = inflater.decompress(data, MAX_TEXT + 1)
        if len(text) > MAX_TEXT or inflater.unconsumed_tail:
            raise BadState(f"the network is too long: at most {MAX_TEXT:,} characters are read")
        if not inflater.eof:
            raise BadState("the network in this address was cut short")
        return text.decode()
    except (binascii.Error, zlib.error, UnicodeError) as fault:
        raise BadState("the network in this address cannot be read: it was damaged") from fault


def as_dict(state: State) -> dict[str, Any]:
    """The state as plain data, for another process."""
    return {field.name: getattr(state, field.name) for field in fields(state)}
