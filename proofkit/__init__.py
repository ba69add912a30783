"""The engine: it knows nothing of any one paper."""

from typing import Any


def __getattr__(name: str) -> Any:
    # Loaded when asked for, so that importing proofkit stays quick.
    if name == "diagnose":
        import importlib

        return importlib.import_module("proofkit.diagnose")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
