"""Layers, biases and data held in memory, read as a network.

Layers are NumPy arrays, anything else with ``__array__``, nested lists, or matrices of this
package.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from proofkit.networks.arrays import Named, Stored, called, plain, taken
from proofkit.networks.assembling import (
    TAKEN_AS_SQUARED,
    Layer,
    Reading,
    in_file,
    network_of,
    stored,
)
from proofkit.networks.decode_loss import data_of, kind_of, kinds
from proofkit.networks.faults import Fault, NetworkFileError, shown
from proofkit.networks.losses import Loss
from proofkit.networks.roles import assigned

__all__ = ["loss_document", "named", "read_weights"]

# A name, and no entry of the product in it.
_LIKE_A_KIND: Final = re.compile(r"(?!.*\bw[0-9_])[A-Za-z][A-Za-z0-9 _-]*")
_MAX_NESTING: Final = 8
_GIVEN: Final = "the arrays given"


def read_weights(
    layers: Any,
    *,
    loss: Any = None,
    biases: Sequence[Any] | None = None,
    order: Sequence[str] | None = None,
    convention: str = "W@x",
    data: Mapping[str, Any] | None = None,
    title: str = "the layers given",
) -> Reading:
    """The network of layers, biases and data held in memory.

    Args:
        layers: a sequence of matrices, the one that sees the input first; or a mapping of names
            to arrays such as PyTorch's ``state_dict()``, with biases and data among them.
        loss: a kind (``"squared"``), an expression in the product's entries w_rc, a loss object,
            or a mapping as in a network file; with X and Y alone, squared loss.
        biases: one for each layer, None for a layer without.
        order: of a mapping, the layers' names, where the names do not tell the order.
        convention: a key of ``CONVENTIONS``. A loss object and an expression are functions of the
            product M_k⋯M_1 of the paper's convention whichever is named.
        data: what the loss needs: X, Y, labels, target, ….
        title: the network's title.

    Raises:
        NetworkFileError: something does not fit; in the words used for files.

    >>> reading = read_weights([[[0, 1]], [[0], [1]]], data={"X": np.eye(2), "Y": [[2, 0], [0, 1]]})
    >>> reading.network.dims, reading.network.loss.kind
    ((2, 1, 2), 'squared')
    """
    data = dict(data or {})
    notes: tuple[str, ...] = ()
    try:
        if isinstance(layers, Mapping):
            if biases is not None:
                raise Fault(("biases",), "biases stand among the named arrays, not beside them")
            arrays = named(layers)
            free = [key for key in _data_of(loss) if key not in data]
            roles = assigned(arrays, free, order, lambda names: f"order={list(names)!r}")
            data |= {key: stored(arrays, name).array for key, name in roles.data.items()}
            given = [in_file(arrays, name) for name in roles.layers]
            shifts = [None if b is None else in_file(arrays, b, True) for b in roles.biases]
            notes = roles.notes
        elif order is not None:
            raise Fault(("order",), "an order of names goes with a mapping of names to arrays")
        else:
            given = _listed(layers, "layers")
            shifts = [None] * len(given) if biases is None else _listed(biases, "biases")
        return network_of(
            given,
            shifts,
            loss if isinstance(loss, Loss) else loss_document(loss, data),
            convention,
            title=title,
            notes=(*notes, TAKEN_AS_SQUARED) if loss is None else notes,
            spare=data if isinstance(loss, Loss) else {},
        )
    except Fault as fault:
        raise NetworkFileError(_GIVEN, fault) from fault


def loss_document(loss: Any, data: Mapping[str, Any]) -> dict[str, Any]:
    """The ``loss`` object of a network file for a kind, an expression or a mapping, and data.

    Raises:
        Fault: no loss is named, or a key stands in both.

    >>> loss_document("squared", {"X": np.eye(1)})
    {'kind': 'squared', 'X': [[1.0]]}
    """
    fields = {key: plain(value, (key,)) for key, value in data.items()}
    if isinstance(loss, Mapping):
        for key in loss:
            if key in fields:
                raise Fault((str(key),), "this stands in the loss and beside it", remedy="Once.")
        return {**{str(k): plain(v, (str(k),)) for k, v in loss.items()}, **fields}
    if loss is None and set(fields) == {"X", "Y"}:
        return {"kind": "squared", **fields}
    if not isinstance(loss, str):
        raise Fault(
            ("loss",),
            "no loss is named" if loss is None else "this is no loss",
            expected=f"a kind ({', '.join(kinds())}), an expression in w11, w12, …, "
            "or a loss object",
            found=None if loss is None else shown(type(loss).__name__),
        )
    if loss in kinds() or _LIKE_A_KIND.fullmatch(loss):
        return {"kind": loss, **fields}
    return {"kind": "expression", "expression": loss, **fields}


def named(arrays: Mapping[Any, Any], depth: int = 0) -> Named:
    """The arrays of a mapping by name; one that cannot be used is kept as its fault.

    Names within a mapping of mappings are joined by points.

    Raises:
        Fault: mappings nest too deeply.

    >>> list(named({"W": np.eye(2), "Dense_0": {"kernel": np.eye(2)}}))
    ['W', 'Dense_0.kernel']
    """
    if depth > _MAX_NESTING:
        raise Fault(None, "the named arrays nest too deeply", expected=f"{_MAX_NESTING} levels")
    found: dict[str, Stored | Fault] = {}
    for name, value in arrays.items():
        if isinstance(value, Mapping):
            inner = named(value, depth + 1)
            found |= {f"{name}.{key}": one for key, one in inner.items()}
            continue
        label = f"the array {called(str(name))}"
        try:
            found_here = taken(value if hasattr(value, "__array__") else np.asarray(value), label)
        except Fault as fault:
            found[str(name)] = fault
        except ValueError:
            found[str(name)] = Fault(None, f"{label} is ragged", expected="an array")
        else:
            if found_here is not None:
                found[str(name)] = found_here
    return found


def _data_of(loss: Any) -> tuple[str, ...]:
    """The names of the data that a loss argument takes; with none named, those of squared loss."""
    if isinstance(loss, Loss):
        return ()
    return data_of("squared" if loss is None else kind_of(loss_document(loss, {}), ()))


def _listed(values: Any, key: str) -> list[Any]:
    if getattr(values, "ndim", None) == 2 and key == "layers":
        # A single matrix is a network of one layer.
        values = [values]
    if isinstance(values, str | bytes) or not hasattr(values, "__iter__"):
        raise Fault(
            (key,),
            f"the {key} are not a sequence",
            expected="a list of matrices" if key == "layers" else "a list with one for each layer",
            found=shown(type(values).__name__),
        )
    what = "layer M" if key == "layers" else "bias b"
    items = [
        None
        if value is None and key == "biases"
        else Layer(value, f"{what}_{i + 1}", (key, i), key == "biases")
        for i, value in enumerate(values)
    ]
    if not items and key == "layers":
        raise Fault((key,), "the list is empty", expected="at least one matrix")
    return items
