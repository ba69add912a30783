"""A proof companion: ``import proofkit as pk`` gives what a derivation needs.

What there is stands in `proofkit.surface`, and every part of proofkit is an attribute of it
(``pk.notebook``).  It is loaded when it is asked for, so that importing proofkit stays quick.
"""

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

_HERE = Path(__file__).parent

if TYPE_CHECKING:
    from proofkit.diagnose import diagnose as diagnose
    from proofkit.surface import *  # noqa: F403
else:

    def __getattr__(name: str) -> Any:
        if name == "__all__":
            return list(_surface().__all__)
        if name.startswith("_"):
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        if any((_HERE / end).exists() for end in (name, f"{name}.py")):
            return importlib.import_module(f"{__name__}.{name}")
        names = _surface().__all__
        if name in names:
            return getattr(_surface(), name)
        from difflib import get_close_matches

        near = get_close_matches(name, names, n=3)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        raise AttributeError(f"proofkit has no {name}{hint}")

    def __dir__() -> list[str]:
        return sorted({*globals(), *_surface().__all__})


def _surface() -> Any:
    return importlib.import_module("proofkit.surface")
