"""The engine: it knows nothing of any one paper.

``proofkit.derive`` gives the derivative of an expression, proved; ``proofkit.diagnose`` says what
kind of point a network is; ``proofkit.assert_gradient`` checks a gradient that one wrote.
"""

import importlib
from typing import Any

_LAZY = {
    "diagnose": ("proofkit.diagnose", None),
    "derive": ("proofkit.derivatives", "derive"),
    "assert_gradient": ("proofkit.derivatives", "assert_gradient"),
}


def __getattr__(name: str) -> Any:
    # Loaded when asked for, so that importing proofkit stays quick.
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _LAZY[name]
    found = importlib.import_module(module)
    return found if attribute is None else getattr(found, attribute)
