"""Read the layers of a network from an ``.npz`` archive without trusting a byte of it.

An archive is a zip file whose members are NumPy arrays. Nothing is unpickled, and nothing is
unpacked or allocated before its size is known to be small: first the zip directory is looked at,
then each array's header.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any, Final

import numpy as np

from proofkit.networks.faults import Fault
from proofkit.networks.tokens import shown

MAX_UNPACKED: Final = 64 * 2**20
"""The most bytes that an archive's members may unpack to, together."""

_MEMBER = re.compile(r"M([1-9][0-9]{0,3})\.npy")
# A header states a shape and a type; NumPy writes it in 128 bytes.
_MAX_HEADER: Final = 4_096


def read_arrays(content: bytes) -> list[Any]:
    """The arrays M1, …, Mk of the archive, in this order.

    Args:
        content: the bytes of an ``.npz`` file.

    Returns:
        A list of two-dimensional NumPy arrays of integers or floats, all finite.

    Raises:
        Fault: not a zip archive, unknown or missing members, members that unpack to more than
            ``MAX_UNPACKED`` bytes, or arrays of another kind. Its problem names the member.

    >>> import io, numpy
    >>> file = io.BytesIO()
    >>> numpy.savez(file, M1=numpy.eye(2))
    >>> [array.shape for array in read_arrays(file.getvalue())]
    [(2, 2)]
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    # The zip reader lets many kinds of exception out when the bytes make no sense.
    except Exception as error:
        raise Fault(
            None, "this is not an .npz archive", expected="a zip file as numpy.savez writes it"
        ) from error
    with archive:
        return [_array(archive, member) for member in _members(archive)]


def _members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The members M1.npy, M2.npy, … in order; each is there once, and nothing else is."""
    found: dict[int, zipfile.ZipInfo] = {}
    for member in archive.infolist():
        match = _MEMBER.fullmatch(member.filename)
        name = shown(member.filename.removesuffix(".npy"))
        if match is None or int(match.group(1)) in found:
            raise Fault(
                None,
                f"the array {name} is unknown or there twice",
                expected="arrays named M1, M2, …, Mk, each once",
            )
        found[int(match.group(1))] = member
    if sorted(found) != list(range(1, len(found) + 1)) or not found:
        missing = next(i for i in range(1, len(found) + 2) if i not in found)
        raise Fault(None, f"the array M{missing} is missing", expected="M1, M2, …, Mk without gaps")
    unpacked = sum(member.file_size for member in found.values())
    if unpacked > MAX_UNPACKED:
        raise Fault(
            None,
            "the arrays are too large",
            expected=f"at most {MAX_UNPACKED:,} bytes unpacked",
            found=f"{unpacked:,} bytes",
        )
    return [found[i] for i in sorted(found)]


def _array(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Any:
    name = member.filename.removesuffix(".npy")
    try:
        with archive.open(member) as stream:
            # Never more than the directory promised: a directory can lie.
            content = stream.read(member.file_size + 1)
        array = _checked_array(content, name)
    except Fault:
        raise
    # So do the unpacker and NumPy's header parser.
    except Exception as error:
        raise Fault(
            None,
            f"the array {name} cannot be unpacked",
            expected="an array as numpy.savez writes it",
        ) from error
    if not np.isfinite(array).all():
        raise Fault(None, f"the array {name} holds NaN or an infinity", expected="finite numbers")
    return array


def _checked_array(content: bytes, name: str) -> Any:
    stream = io.BytesIO(content)
    version = np.lib.format.read_magic(stream)
    read_header = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }[version]
    shape, _, dtype = read_header(stream, max_header_size=_MAX_HEADER)
    if dtype.kind not in "iuf" or dtype.itemsize > 8:
        raise Fault(
            None,
            f"the array {name} holds no numbers that are read",
            expected="integers or floats of up to 64 bits",
            found=shown(str(dtype)),
        )
    if len(shape) != 2 or min(shape) < 1:
        raise Fault(
            None,
            f"the array {name} is not a matrix",
            expected="two axes, none empty",
            found=f"the shape {shown(str(shape))}",
        )
    if shape[0] * shape[1] * dtype.itemsize != len(content) - stream.tell():
        raise Fault(
            None,
            f"the array {name} is not as large as its header says",
            found=f"the shape {shown(str(shape))} and {len(content):,} bytes",
        )
    stream.seek(0)
    return np.lib.format.read_array(stream, allow_pickle=False, max_header_size=_MAX_HEADER)
