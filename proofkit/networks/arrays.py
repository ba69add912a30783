"""Arrays of numbers as NumPy, PyTorch, JAX and files hold them, taken in without trust.

An array that cannot be used is kept as the ``Fault`` that says why: a file may hold such arrays
beside the weights, and only one that is asked for is an error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from proofkit.networks.document import MAX_ENTRIES
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.faults import Fault, Path
from proofkit.networks.loss import rows_json
from proofkit.networks.network import UNIT_ROUNDOFFS
from proofkit.networks.tokens import shown

Array: TypeAlias = NDArray[Any]
Named: TypeAlias = Mapping[str, "Stored | Fault"]
"""The arrays of a file by name, in its order."""

_MAX_NESTING: Final = 4
_PLAIN: Final = re.compile(r"[A-Za-z0-9_./-]{1,60}")


class Stored:
    """An array of finite integers or floats, or of yes and no, and the format it was stored in.

    ``precision`` is a key of ``UNIT_ROUNDOFFS``, or None for integers; bfloat16 numbers, which
    NumPy lacks, are held as the float32 numbers that they are.
    """

    def __init__(self, array: Array, precision: str | None = None) -> None:
        self.array = array
        name = array.dtype.name
        self.precision = precision or (name if name in UNIT_ROUNDOFFS else None)

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return self.array.ndim


def checked(array: Array, label: str, precision: str | None = None) -> Stored:
    """The array, if it holds finite numbers and is neither empty nor too large.

    Args:
        array: any NumPy array.
        label: what messages call it.
        precision: the format it was stored in, where its type does not say so.

    Raises:
        Fault: it does not.

    >>> checked(np.eye(2, dtype=np.float32), "the array W").precision
    'float32'
    >>> checked(np.array([np.nan]), "the array W")
    Traceback (most recent call last):
        ...
    proofkit.networks.faults.Fault: the array W holds NaN or an infinity
    """
    if array.dtype.name == "bfloat16":
        array, precision = array.astype(np.float32), "bfloat16"
    if array.dtype.kind not in "biuf" or array.dtype.itemsize > 8:
        raise Fault(
            None,
            f"{label} holds no numbers that are read",
            expected="integers or floats of up to 64 bits",
            found=shown(str(array.dtype)),
        )
    if array.size == 0:
        raise Fault(
            None,
            f"{label} is empty",
            expected="no axis of length 0",
            found=f"the shape {shape_of(array)}",
        )
    if array.size > MAX_ENTRIES:
        raise Fault(
            None,
            f"{label} is too large",
            expected=f"at most {MAX_ENTRIES:,} entries",
            found=f"the shape {shape_of(array)}",
        )
    if not np.isfinite(array).all():
        raise Fault(None, f"{label} holds NaN or an infinity", expected="finite numbers")
    return Stored(array, precision)


def taken(value: Any, label: str) -> Stored | None:
    """What a value with ``__array__`` holds (NumPy, PyTorch, JAX, …); None for other values.

    Raises:
        Fault: it gives no array, or one that ``checked`` refuses.

    >>> taken(np.array([[1, 2]]), "layers[0]").array.tolist(), taken([[1, 2]], "layers[0]")
    ([[1, 2]], None)
    """
    if isinstance(value, ExactMatrix) or not hasattr(value, "__array__"):
        return None
    precision = None
    try:
        if hasattr(value, "detach"):
            # A PyTorch tensor, perhaps a parameter or on another device.
            value = value.detach().cpu()
            if str(getattr(value, "dtype", "")) == "torch.bfloat16":
                value, precision = value.float(), "bfloat16"
        array = np.asarray(value)
    # Whatever another library's conversion says.
    except Exception as error:
        raise Fault(
            None, f"{label} cannot be made a NumPy array: {shown(str(error))}", remedy=None
        ) from error
    return checked(array, label, precision)


def plain(value: Any, path: Path = ()) -> Any:
    """The JSON value that a Python value stands for in a network file.

    Arrays become nested lists, a ``Fraction`` or a SymPy constant the text that writes it, and
    what JSON has stays as it is.

    Raises:
        Fault: a value of another kind.

    >>> plain([np.float32(0.5), Fraction(1, 3), np.array([1, 2])])
    [0.5, '1/3', [1, 2]]
    """
    if isinstance(value, ExactMatrix):
        return rows_json(value)
    if isinstance(value, str | bool | int | float) or value is None:
        return value
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, list | tuple):
        if len(path) > _MAX_NESTING:
            raise Fault(path, "the lists nest too deeply")
        return [plain(x, (*path, i)) for i, x in enumerate(value)]
    if getattr(value, "is_number", False) is True:
        return str(value)
    try:
        array = taken(value, "it")
    except Fault as fault:
        raise Fault(
            path, fault.problem.replace("it ", "this ", 1), expected=fault.expected
        ) from fault
    if array is not None:
        # Yes and no, of a mask for instance, are 1 and 0.
        is_flag = array.array.dtype.kind == "b"
        return (array.array.astype(int) if is_flag else array.array).tolist()
    raise Fault(
        path,
        "this is neither a number, a list nor an array",
        found=shown(type(value).__name__),
    )


def called(name: str) -> str:
    """A name as a message shows it: in quotes and escaped unless it is plain.

    >>> called("fc1.weight"), called("a b")
    ('fc1.weight', "'a b'")
    """
    return name if _PLAIN.fullmatch(name) else shown(name)


def shape_of(array: Array) -> str:
    """The shape as a message shows it.

    >>> shape_of(np.zeros((2, 0))), shape_of(np.zeros(3))
    ('2 × 0', '3')
    """
    return " × ".join(map(str, array.shape)) or "of a single number"
