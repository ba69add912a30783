"""Functions to run: the gradient as source for NumPy, JAX or PyTorch.

The source is put together from the term that was proved and the names of its variables; vectors
are taken, and given back, as columns or as arrays of one axis.
"""

from __future__ import annotations

import keyword
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from proofkit.derivatives.syntax import FUNCTIONS, MODULES, FormulaError
from proofkit.derivatives.text import JAX, NUMPY, TORCH, Dialect, code
from proofkit.symbols import MatrixVariable

if TYPE_CHECKING:
    from proofkit.derivatives.result import Derived

__all__ = ["DIALECTS", "compiled", "source", "value_source"]

DIALECTS = ("numpy", "jax", "torch")
_TAKEN = {*FUNCTIONS, *MODULES, "shape", "dtype", "gradient", "value", "float"}
_IMPORTS = {
    "numpy": "import numpy as np",
    "jax": "import jax.numpy as jnp",
    "torch": "import torch",
}
_DIALECTS: dict[str, tuple[Dialect, str, str]] = {
    "numpy": (NUMPY, "np.asarray({0}, dtype=float)", "np.shape({0})"),
    "jax": (JAX, "jnp.asarray({0})", "jnp.shape({0})"),
    "torch": (TORCH, "torch.as_tensor({0}, dtype=dtype)", "torch.as_tensor({0}).shape"),
}


def source(derived: Derived, dialect: str = "numpy") -> str:
    """The source of ``gradient``, a function of the variables."""
    return _function(derived, dialect, "gradient", derived.gradient, derived.wrt)


def value_source(derived: Derived, dialect: str = "numpy") -> str:
    """The source of ``value``, the expression as a function of the variables."""
    return _function(derived, dialect, "value", derived.expression, None)


def _function(derived: Derived, dialect: str, name: str, term: Any, like: Any) -> str:
    if dialect not in DIALECTS:
        raise FormulaError(f"code can be given for {', '.join(DIALECTS)}; not for {dialect!r}")
    how, array, shape = _DIALECTS[dialect]
    names = [v.name for v in derived.variables] + loose_sizes(derived)
    for v in names:
        if v in _TAKEN or keyword.iskeyword(v) or not v.isidentifier() or v.startswith("__"):
            raise FormulaError(f"{v} cannot be the name of an argument in code: rename it")
    body = code(term, how)
    lines = [_IMPORTS[dialect], "", "", f"def {name}({', '.join(names)}):"]
    said = f"{derived.formula or derived.expression}"
    kind = "Jacobian" if derived.is_jacobian else "gradient"
    about = f"The {kind} of {said} in {derived.wrt}." if like is not None else f"{said}."
    lines.append(f'    """{about}"""')
    if like is not None and not derived.is_jacobian:
        lines.append(f"    shape = {shape.format(like.name)}")
    if dialect == "torch":
        first = next((v.name for v in derived.variables), "")
        lines.append(f"    dtype = torch.as_tensor({first}).dtype")
    for v in derived.variables:
        made = array.format(v.name)
        column = isinstance(v, MatrixVariable) and v.cols == 1
        lines.append(f"    {v.name} = {made}{'.reshape((-1, 1))' if column else ''}")
    lines += [f"    {line}" for line in _sizes(derived, body)]
    if like is None or derived.is_jacobian:
        lines.append(f"    return {body}")
    else:
        lines.append(f"    return ({body}).reshape(shape)")
        if not isinstance(like, MatrixVariable):
            whole = {"numpy": "np.reshape", "jax": "jnp.reshape", "torch": "torch.reshape"}[dialect]
            lines[-1] = f"    return {whole}({body}, shape)"
    return "\n".join(lines) + "\n"


def loose_sizes(derived: Derived) -> list[str]:
    """The sizes that no variable has, and that have to be given."""
    shapes = (v.shape for v in derived.variables if isinstance(v, MatrixVariable))
    known = {str(size) for shape in shapes for size in shape}
    symbols = (*derived.expression.free_symbols, *derived.gradient.free_symbols)
    integers = {str(s) for s in symbols if getattr(s, "is_integer", False)}
    return sorted(integers - known)


def _sizes(derived: Derived, body: str) -> list[str]:
    """Where the sizes that the code speaks of are read off."""
    import re

    lines, known = [], set()
    for v in derived.variables:
        for axis, size in enumerate(v.shape if isinstance(v, MatrixVariable) else ()):
            name = str(size)
            if name.isidentifier() and name not in known and re.search(rf"\b{name}\b", body):
                known.add(name)
                lines.append(f"{name} = {v.name}.shape[{axis}]")
    return lines


def compiled(text: str, name: str) -> Callable[..., Any]:
    """The function of that name in a source that was put together here."""
    import numpy as np

    scope: dict[str, Any] = {}
    body = text.split("\n", 1)[1]  # without the import: NumPy is given
    exec(compile(body, f"<{name}>", "exec"), {"np": np, "__builtins__": {"float": float}}, scope)
    found: Callable[..., Any] = scope[name]
    return found
