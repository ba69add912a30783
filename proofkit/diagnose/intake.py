"""Read a network for diagnosis, and say why losses with a term beside the product are refused."""

from __future__ import annotations

import re
from typing import Final

from proofkit.networks.faults import NetworkFileError
from proofkit.networks.files import read_network
from proofkit.networks.network import Network

__all__ = ["RefusedLoss", "network_at"]

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


def network_at(path: str, loss: str | None = None) -> Network:
    """The network in a file.

    Raises ``NetworkFileError`` for a faulty file, ``RefusedLoss`` for a loss with weight decay.
    """
    try:
        return read_network(path, loss)
    except NetworkFileError as fault:
        if _DECAY.search(f".{fault.place or ''}") or _KIND.search(str(fault)):
            said = str(fault)
            raise RefusedLoss(f"{said}{'' if said.endswith('?') else '.'} {_WHY}") from fault
        raise
