"""Diagnose a network: what kind of point it is, with a certificate that stands on its own.

The module can be called: ``proofkit.diagnose(network)``. Its parts are loaded when asked for, so
that importing it costs nothing.

>>> import importlib.resources
>>> import proofkit
>>> from proofkit.networks.files import read_network
>>> examples = importlib.resources.files("theorems").joinpath("examples")
>>> proofkit.diagnose(read_network(examples.joinpath("E10.json"))).verdict
'non-strict-saddle'
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from proofkit.diagnose.check.verdicts import KEYS, VERDICTS, Diagnosis
    from proofkit.diagnose.search.diagnosis import diagnose

__all__ = ["KEYS", "VERDICTS", "Diagnosis", "diagnose"]

_PARTS = {
    "diagnose": "search.diagnosis",
    "Diagnosis": "check.verdicts",
    "KEYS": "check.verdicts",
    "VERDICTS": "check.verdicts",
}


def __getattr__(name: str) -> Any:
    if name not in _PARTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_PARTS[name]}"), name)


class _Callable(ModuleType):
    """The package under whose name the function is to be had, too."""

    def __call__(self, network: Any, *, seed: int = 0, certify: bool = False) -> Diagnosis:
        from proofkit.diagnose.search.diagnosis import diagnose as answer

        return answer(network, seed=seed, certify=certify)


sys.modules[__name__].__class__ = _Callable
