"""Read a network for diagnosis, and say why losses with a term beside the product are refused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from proofkit.networks.assembling import Reading
from proofkit.networks.faults import NetworkFileError
from proofkit.networks.files import read
from proofkit.networks.weights import read_weights

__all__ = ["RefusedLoss", "reading_at", "reading_given"]

_DECAY: Final = re.compile(
    r"\.(weight[_-]?decay|decay|l1|l2|ridge|lasso|penalty|regulari[sz](ation|er)|lambda|wd)\b", re.I
)
# As a kind of loss: "found" shows what the file says.
_KIND: Final = re.compile(
    r"kind of loss is unknown.*found .*(weight[_ -]?decay|ridge|lasso|penal|regulari[sz]|decay)",
    re.I | re.S,
)
_WHY: Final = (
    "A loss with a term in the layers themselves, such as weight decay, is no function of the "
    "product M_k⋯M_1; the paper's results do not hold for it (it can make local minima that are "
    "not global), so it is refused."
)


class RefusedLoss(ValueError):
    """The loss is of a kind for which the paper's results do not hold."""


def reading_at(
    path: str,
    loss: str | None = None,
    layers: Sequence[str] | None = None,
    convention: str = "W@x",
) -> Reading:
    """The network in a file, as ``read_network``, with what was done to make it one.

    Raises ``NetworkFileError`` for a faulty file, ``RefusedLoss`` for a loss with weight decay.
    """
    try:
        return read(path, loss, layers=layers, convention=convention)
    except NetworkFileError as fault:
        raise _refused(fault) from fault


def reading_given(layers: Any, **options: Any) -> Reading:
    """The network of arrays in memory, as ``read_weights``.

    Raises ``NetworkFileError`` where something does not fit, ``RefusedLoss`` for weight decay.
    """
    try:
        return read_weights(layers, **options)
    except NetworkFileError as fault:
        raise _refused(fault) from fault


def _refused(fault: NetworkFileError) -> Exception:
    if _DECAY.search(f".{fault.place or ''}") or _KIND.search(str(fault)):
        said = str(fault)
        return RefusedLoss(f"{said}{'' if said.endswith('?') else '.'} {_WHY}")
    return fault
