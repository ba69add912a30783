"""Which arrays of a file are the layers and in what order, which their biases, which the data."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from proofkit.networks.arrays import Named, Stored, called, shape_of
from proofkit.networks.faults import Fault, nearest

__all__ = ["Roles", "assigned", "natural"]

_NUMBER: Final = re.compile(r"[0-9]+")
# How a layer's and its bias's name differ: fc1.weight and fc1.bias, W1 and b1, kernel and bias.
_PARTNERS: Final = (
    ("weight", "bias"),
    ("kernel", "bias"),
    ("coef", "intercept"),
    ("W", "b"),
    ("w", "b"),
    ("M", "b"),
)
_MAX_SHOWN: Final = 12


@dataclass(frozen=True)
class Roles:
    """What the arrays of a file are.

    Attributes:
        layers: the names of the layers' matrices, first layer first.
        biases: for each of them the name of its bias, or None.
        data: for what the loss is made of, the names of the arrays that hold it.
        notes: what was concluded from names, as sentences.
    """

    layers: tuple[str, ...]
    biases: tuple[str | None, ...]
    data: dict[str, str]
    notes: tuple[str, ...]


def assigned(
    arrays: Named,
    data: Iterable[str],
    layers: Sequence[str] | None = None,
    ask: Callable[[Sequence[str]], str] = lambda names: f"--layers {','.join(names)}",
) -> Roles:
    """The roles of a file's arrays.

    Args:
        arrays: all arrays of the file.
        data: what the loss is made of, ``X`` and ``Y`` for instance: arrays of these names, in
            small letters too, are its data. X and Y are data of any loss, and left out by one
            that takes none.
        layers: the layers' names, first layer first. Without them, the names must tell the order:
            all alike but for their numbers, as ``fc1.weight`` and ``fc2.weight``.
        ask: how a user names these layers.

    Raises:
        Fault: a layer named is not there; or, without names, the order cannot be told or an array
            has no role.

    >>> import numpy as np
    >>> W, b = Stored(np.eye(2)), Stored(np.ones(2))
    >>> roles = assigned({"fc10.weight": W, "fc9.weight": W, "fc9.bias": b, "X": W}, ["X", "Y"])
    >>> roles.layers, roles.biases, roles.data
    (('fc9.weight', 'fc10.weight'), ('fc9.bias', None), {'X': 'X'})
    """
    wanted = tuple(data)
    of_loss = _data(arrays, wanted, layers or ())
    spare = [name for key, name in of_loss.items() if key not in wanted]
    rest = [name for name in arrays if name not in of_loss.values()]
    bias_of = {name: _bias(name, rest) for name in rest}
    if layers is None:
        matrices = [n for n in rest if _axes(arrays, n) >= 2 and n not in bias_of.values()]
        if not matrices:
            raise _no_matrix(arrays, rest)
        chosen, notes = _in_order(matrices, ask)
    else:
        chosen, notes = _named(arrays, layers), []
    biases = tuple(bias_of.get(name) for name in chosen)
    left = [name for name in rest if name not in chosen and name not in biases]
    if left and layers is None:
        raise Fault(
            None,
            f"the array {called(left[0])} is neither a layer, nor a layer's bias, nor data of the "
            "loss",
            expected=f"matrices, biases named like their layer, and {_listed(wanted) or 'no data'}",
            remedy=f"Name the layers, and others are left out: {ask(chosen)}",
        )
    if left or spare:
        notes = [*notes, f"Left out of the file: {_listed([*left, *spare])}."]
    used = {key: name for key, name in of_loss.items() if key in wanted}
    return Roles(tuple(chosen), biases, used, tuple(notes))


def _data(arrays: Named, wanted: Sequence[str], layers: Sequence[str]) -> dict[str, str]:
    """Which arrays are data, among those that are not named as layers."""
    keys = dict.fromkeys([*wanted, "X", "Y"])
    found = {key: key for key in keys if key in arrays and key not in layers}
    for key in keys:
        small = key.lower()
        if key not in found and small in arrays and small not in (*keys, *layers):
            found[key] = small
    return found


def natural(name: str) -> tuple[tuple[int, int | str], ...]:
    """A key that sorts names by the numbers in them.

    >>> sorted(["W10", "W9"], key=natural)
    ['W9', 'W10']
    """
    parts = re.split(r"([0-9]+)", name)
    return tuple((1, int(x)) if n % 2 else (0, x) for n, x in enumerate(parts))


def _named(arrays: Named, layers: Sequence[str]) -> list[str]:
    for n, name in enumerate(layers):
        if name not in arrays:
            raise Fault(
                None,
                f"there is no array {called(name)}",
                expected=f"one of {_listed(arrays)}",
                remedy=nearest(name, arrays),
            )
        if name in layers[:n]:
            raise Fault(
                None,
                f"the array {called(name)} is named twice",
                expected="each layer once: layers that share their weights are not free to move "
                "apart, so the results do not hold for them",
            )
    if not layers:
        raise Fault(None, "no layer is named", expected=f"some of {_listed(arrays)}")
    return list(layers)


def _no_matrix(arrays: Named, names: Sequence[str]) -> Fault:
    first = arrays[names[0]] if names else None
    seen = "data of the loss only"
    if isinstance(first, Stored):
        seen = f"{called(names[0])} of the shape {shape_of(first.array)}"
    return Fault(None, "no array is a matrix", expected="layers, with two axes", found=seen)


def _in_order(names: list[str], ask: Callable[[Sequence[str]], str]) -> tuple[list[str], list[str]]:
    """The names by their numbers, and what is concluded from them."""
    ordered = sorted(names, key=natural)
    if len({_NUMBER.sub("#", name) for name in names}) > 1:
        raise Fault(
            None,
            "the order of the layers cannot be told from their names",
            expected="names alike but for their numbers, as fc1.weight and fc2.weight",
            found=_listed(ordered),
            remedy=f"Name them, the one that sees the input first: {ask(ordered)}",
        )
    if re.fullmatch(r"M[0-9]+", names[0]):
        for n, name in enumerate(ordered, start=1):
            if name != f"M{n}":
                raise Fault(
                    None, f"the array M{n} is missing", expected="M1, M2, …, Mk without gaps"
                )
        return ordered, []
    if len(ordered) == 1:
        return ordered, []
    notes = [f"The layers are {', '.join(ordered)}, in the order of their numbers."]
    numbers = [tuple(int(x) for x in _NUMBER.findall(name)) for name in ordered]
    if all(len(x) == 1 for x in numbers):
        flat = [x[0] for x in numbers]
        for before, here in pairwise(flat):
            if here > before + 1:
                notes.append(
                    f"Nothing is read between number {before} and number {here}: an activation "
                    "there would make this no linear network."
                )
                break
    return ordered, notes


def _bias(name: str, names: Iterable[str]) -> str | None:
    known = set(names) - {name}
    for weight, bias in _PARTNERS:
        before, found, after = name.rpartition(weight)
        if found and before + bias + after in known:
            return before + bias + after
    return None


def _axes(arrays: Named, name: str) -> int:
    stored = arrays[name]
    # What cannot be read could be a layer; whoever asks for it hears why it cannot.
    return 2 if isinstance(stored, Fault) else stored.ndim


def _listed(names: Iterable[str]) -> str:
    listed = [called(name) for name in names]
    more = len(listed) - _MAX_SHOWN
    return ", ".join(listed[:_MAX_SHOWN]) + (f" and {more} more" if more > 0 else "")
