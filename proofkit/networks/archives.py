"""Read arrays from ``.npz`` archives and ``.npy`` files without trusting a byte of them.

An archive is a zip file whose members are NumPy arrays. Nothing is unpickled, and nothing is
unpacked or allocated before its size is known to be small: first the zip directory is looked at,
then each array's header.
"""

from __future__ import annotations

import io
import zipfile
from typing import Any, Final

import numpy as np

from proofkit.networks.arrays import Array, Named, Stored, called, checked
from proofkit.networks.faults import Fault
from proofkit.networks.tokens import shown

MAX_UNPACKED: Final = 64 * 2**20
"""The most bytes that an archive's members may unpack to, together."""

MAX_ARRAYS: Final = 10_000
"""The most arrays of one file."""

# A header states a shape and a type; NumPy writes it in 128 bytes.
_MAX_HEADER: Final = 4_096


def read_npz(content: bytes) -> Named:
    """The arrays of an archive by name, in its order.

    Args:
        content: the bytes of an ``.npz`` file.

    Raises:
        Fault: not a zip archive, a name that is there twice, members that unpack to more than
            ``MAX_UNPACKED`` bytes, or a member that is no array. An array of anything but finite
            numbers is kept as its fault.

    >>> file = io.BytesIO()
    >>> np.savez(file, W1=np.eye(2))
    >>> [(name, stored.array.shape) for name, stored in read_npz(file.getvalue()).items()]
    [('W1', (2, 2))]
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    # The zip reader lets many kinds of exception out when the bytes make no sense.
    except Exception as error:
        raise Fault(
            None, "this is not an .npz archive", expected="a zip file as numpy.savez writes it"
        ) from error
    with archive:
        return {name: _member(archive, m, name) for name, m in _members(archive).items()}


def read_npy(content: bytes) -> Named:
    """The matrix of an ``.npy`` file as M1, or a stack of matrices of one shape as M1, M2, ….

    Raises:
        Fault: the bytes are no such array.

    >>> file = io.BytesIO()
    >>> np.save(file, np.zeros((3, 2, 2)))
    >>> list(read_npy(file.getvalue()))
    ['M1', 'M2', 'M3']
    """
    label = "the array"
    try:
        array = checked(_unpacked(content, label), label).array
    except Fault:
        raise
    # NumPy's header parser lets many kinds of exception out as well.
    except Exception as error:
        raise Fault(
            None, "this is not an .npy file", expected="an array as numpy.save writes it"
        ) from error
    if array.ndim == 3:
        return {f"M{i}": Stored(matrix) for i, matrix in enumerate(array, start=1)}
    return {"M1": Stored(array)}


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    found: dict[str, zipfile.ZipInfo] = {}
    members = archive.infolist()
    for member in members[: MAX_ARRAYS + 1]:
        name = member.filename.removesuffix(".npy")
        if name == member.filename:
            pickled = name.endswith(".pkl")
            raise Fault(
                None,
                f"the member {called(name)} is no NumPy array",
                expected="members NAME.npy, as numpy.savez writes them",
                remedy="This is a PyTorch file: give it its own ending, .pt." if pickled else None,
            )
        if name in found:
            raise Fault(None, f"the array {called(name)} is there twice", expected="each name once")
        found[name] = member
    if not found:
        raise Fault(None, "the archive holds no array", expected="the layers' matrices")
    if len(members) > MAX_ARRAYS:
        raise Fault(
            None,
            "the archive holds too many arrays",
            expected=f"at most {MAX_ARRAYS:,}",
            found=f"{len(members):,}",
        )
    unpacked = sum(member.file_size for member in found.values())
    if unpacked > MAX_UNPACKED:
        raise Fault(
            None,
            "the arrays are too large",
            expected=f"at most {MAX_UNPACKED:,} bytes unpacked",
            found=f"{unpacked:,} bytes",
        )
    return found


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> Stored | Fault:
    label = f"the array {called(name)}"
    try:
        with archive.open(member) as stream:
            # Never more than the directory promised: a directory can lie.
            content = stream.read(member.file_size + 1)
        return checked(_unpacked(content, label), label)
    except Fault as fault:
        return fault
    # So do the unpacker and NumPy's header parser.
    except Exception as error:
        raise Fault(
            None, f"{label} cannot be unpacked", expected="an array as numpy.savez writes it"
        ) from error


def _unpacked(content: bytes, label: str) -> Array:
    """The array, of a type without objects and exactly as large as its header says."""
    stream = io.BytesIO(content)
    version = np.lib.format.read_magic(stream)
    read_header = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }[version]
    shape, _, dtype = read_header(stream, max_header_size=_MAX_HEADER)
    if dtype.hasobject or dtype.kind not in "iufbcUS":
        raise Fault(
            None,
            f"{label} holds no numbers that are read",
            expected="integers or floats of up to 64 bits",
            found=shown(str(dtype)),
        )
    size = dtype.itemsize
    for length in shape:
        size *= length
    if size != len(content) - stream.tell() or any(length < 0 for length in shape):
        raise Fault(
            None,
            f"{label} is not as large as its header says",
            found=f"the shape {shown(str(shape))} and {len(content):,} bytes",
        )
    stream.seek(0)
    array: Any = np.lib.format.read_array(stream, allow_pickle=False, max_header_size=_MAX_HEADER)
    return np.asarray(array)
