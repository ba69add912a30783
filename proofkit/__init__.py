"""A proof companion: ``import proofkit as pk`` gives what a derivation needs.

What there is stands in `proofkit.surface`, and every part of proofkit is an attribute of it
(``pk.notebook``).  It is loaded when it is asked for, so that importing proofkit stays quick.
"""

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

_HERE = Path(__file__).parent
_ELSEWHERE = {
    "sum": "total(A), the sum of all entries, or A @ ones(n, 1), that of each row",
    "mean": "total(A) / n",
    "dot": "inner(u, v), or A @ B",
    "matmul": "A @ B",
    "trace": "tr(A)",
    "transpose": "A.T",
    "inv": "A.I",
    "identity": "eye(n)",
    "softmax": "exp(z) / total(exp(z))",
    "outer": "u @ v.T",
    "gradient": "grad(loss, W)",
    "equal": "eq(a, b)",
    "And": "all_of(p, q)",
    "Or": "any_of(p, q)",
    "square": "norm2(A), x**2, or hadamard(A, A) for each entry",
}
"""What other libraries call it, and how it is written here."""

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
        if name in _ELSEWHERE:
            hint = f": write {_ELSEWHERE[name]}"
        raise AttributeError(f"proofkit has no {name}{hint}")

    def __dir__() -> list[str]:
        return sorted({*globals(), *_surface().__all__})


def _surface() -> Any:
    return importlib.import_module("proofkit.surface")
