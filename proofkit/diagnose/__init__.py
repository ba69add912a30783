"""Diagnose a network: what kind of point it is, with a certificate that stands on its own.

The module can be called: ``proofkit.diagnose(network)``, or with layers and data. Its parts are
loaded when asked for, so that importing it costs nothing.

>>> import importlib.resources
>>> import proofkit
>>> from proofkit.networks.files import read_network
>>> examples = importlib.resources.files("theorems").joinpath("examples")
>>> proofkit.diagnose(read_network(examples.joinpath("E10.json"))).verdict
'non-strict-saddle'

>>> import numpy as np
>>> W1, W2, X, Y = np.array([[1.0, 0]]), np.array([[2.0], [0]]), np.eye(2), np.diag([2.0, 1])
>>> proofkit.diagnose([W1, W2], loss="squared", X=X, Y=Y).verdict
'global-minimum'
>>> proofkit.diagnose([W1.T, W2.T], X=X, Y=Y, convention="x@W").verdict
'global-minimum'
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from proofkit.diagnose.check.verdicts import KEYS, VERDICTS, Diagnosis
    from proofkit.diagnose.reading import diagnose

__all__ = ["KEYS", "VERDICTS", "Diagnosis", "diagnose"]

_PARTS = {
    "diagnose": "reading",
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

    def __call__(self, network: Any, **options: Any) -> Diagnosis:
        """As the function ``proofkit.diagnose.diagnose``."""
        from proofkit.diagnose.reading import diagnose as answer

        return answer(network, **options)


sys.modules[__name__].__class__ = _Callable
