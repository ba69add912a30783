"""Read and write networks as files, and say of a faulty file what is wrong where.

Two kinds are read: JSON in the format ``proofkit/network/1`` (``decode``), and ``.npz`` archives
of the matrices M1, …, Mk (``archives``) with the loss in a JSON file beside them. A file is
hostile until proved otherwise: sizes are checked before anything is read or unpacked, and every
fault becomes a ``NetworkFileError``.
"""

from __future__ import annotations

import os
import stat
import tempfile
from importlib.resources.abc import Traversable
from itertools import pairwise
from pathlib import Path as FilePath
from typing import Any, Final, TypeAlias

from proofkit.networks.archives import read_arrays
from proofkit.networks.decode import document_from_network, network_from_document
from proofkit.networks.decode_loss import loss_from_document
from proofkit.networks.faults import Fault, NetworkFileError
from proofkit.networks.matrices import ExactMatrix, FloatMatrix, Matrix
from proofkit.networks.network import UNIT_ROUNDOFFS, Network, Tower
from proofkit.networks.strict_json import locate, parse_json
from proofkit.networks.writing import write_json

__all__ = [
    "MAX_BYTES",
    "NetworkFileError",
    "Source",
    "dump_network",
    "parse_network",
    "read_network",
    "write_network",
]

Source: TypeAlias = str | os.PathLike[str] | Traversable
"""A path, or a resource of an installed package (``importlib.resources``)."""

MAX_BYTES: Final = 16 * 2**20
"""The largest file that is read."""


def read_network(source: Source, loss: Source | None = None) -> Network:
    """The network in a file.

    Args:
        source: a JSON file of the format ``proofkit/network/1``, or an ``.npz`` archive with the
            arrays M1, …, Mk; integer arrays are exact, and a single float array makes all float.
        loss: for an archive, the JSON file that holds the loss object; by default the file
            ``NAME.loss.json`` beside ``NAME.npz``. Only for an archive.

    Returns:
        The network, with the file's name as its ``source``.

    Raises:
        NetworkFileError: whatever is wrong with the file.

    >>> import importlib.resources
    >>> examples = importlib.resources.files("theorems").joinpath("examples")
    >>> read_network(examples.joinpath("E01.json")).dims
    (2, 1, 2)
    """
    entry = _as_traversable(source)
    if entry.name.lower().endswith(".npz"):
        return _read_archive(entry, loss)
    if loss is not None:
        raise NetworkFileError(
            str(source),
            Fault(
                None,
                "a loss file goes with an .npz archive only",
                remedy='Write the loss under the key "loss".',
            ),
        )
    text = _read_text(entry)
    try:
        return network_from_document(parse_json(text), entry.name)
    except Fault as fault:
        raise _located(_name(entry), fault, text) from fault


def parse_network(text: str, name: str = "<text>") -> Network:
    """The network that a JSON text describes.

    Args:
        text: a document of the format ``proofkit/network/1``, at most ``MAX_BYTES`` characters.
        name: what error messages call it; also the network's ``source``.

    Raises:
        NetworkFileError: whatever is wrong with the text.

    >>> parse_network("[1, 2")
    Traceback (most recent call last):
        ...
    proofkit.networks.faults.NetworkFileError: <text>: (line 1, column 6): this is not JSON; \
expected ',' delimiter; found the end of the file
    """
    if len(text) > MAX_BYTES:
        raise NetworkFileError(name, _too_large())
    try:
        return network_from_document(parse_json(text), name)
    except Fault as fault:
        raise _located(name, fault, text) from fault


def dump_network(network: Network) -> str:
    """The network as a JSON text that ``parse_network`` reads back as an equal network.

    The same network always gives the same text. The text holds no error bounds: a float layer is
    read back as meant exactly.

    Raises:
        ValueError: a float layer is a batch of several matrices, or not finite.

    >>> network = parse_network('''{"format": "proofkit/network/1", "title": "a square",
    ...     "layers": [[[2]]], "loss": {"kind": "expression", "expression": "w11**2"}}''')
    >>> parse_network(dump_network(network)) == network
    True
    """
    return write_json(document_from_network(network))


def write_network(network: Network, path: str | os.PathLike[str]) -> None:
    """Write the network to a JSON file, which is replaced as a whole or not touched at all.

    Raises:
        NetworkFileError: the file cannot be written.
        ValueError: as ``dump_network`` says.

    >>> network = parse_network('''{"format": "proofkit/network/1", "title": "a square",
    ...     "layers": [[[2]]], "loss": {"kind": "expression", "expression": "w11**2"}}''')
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_network(network, FilePath(folder) / "square.json")
    ...     read_network(FilePath(folder) / "square.json") == network
    True
    """
    target = FilePath(path)
    text = dump_network(network)
    try:
        descriptor, temporary = tempfile.mkstemp(
            dir=target.parent, prefix=f".{target.name}.", suffix=".tmp"
        )
        try:
            with open(descriptor, "w", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            os.chmod(temporary, _mode_of(target))
            os.replace(temporary, target)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise NetworkFileError(str(path), _os_fault(error, "written")) from error


def _read_archive(entry: Traversable, loss: Source | None) -> Network:
    title = entry.name[: -len(".npz")]
    try:
        arrays = read_arrays(_read_bytes(entry))
        tower = _tower(_layers(arrays))
    except Fault as fault:
        raise NetworkFileError(_name(entry), fault) from fault
    loss_entry = _beside(entry, f"{title}.loss.json") if loss is None else _as_traversable(loss)
    text = _read_text(loss_entry)
    try:
        loss_read = loss_from_document(parse_json(text), (), (tower.dims[-1], tower.dims[0]))
        return Network(title, (tower,), loss_read, entry.name, precision=_precision(arrays))
    except Fault as fault:
        raise _located(_name(loss_entry), fault, text) from fault


def _layers(arrays: list[Any]) -> list[Matrix]:
    if any(array.dtype.kind == "f" for array in arrays):
        return [FloatMatrix.of(array.astype("float64")[None]) for array in arrays]
    return [ExactMatrix.of([[int(x) for x in line] for line in array]) for array in arrays]


def _precision(arrays: list[Any]) -> str:
    """The coarsest float format among the arrays."""
    names = {array.dtype.name for array in arrays}
    return next((name for name in reversed(UNIT_ROUNDOFFS) if name in names), "float64")


def _tower(layers: list[Matrix]) -> Tower:
    for i, (before, after) in enumerate(pairwise(layers), start=2):
        if after.cols != before.rows:
            raise Fault(
                None,
                f"the array M{i} does not compose with M{i - 1}, which gives {before.rows} numbers",
                expected=f"{before.rows} columns",
                found=f"{after.rows} × {after.cols}",
            )
    return Tower.of(layers)


def _as_traversable(source: Source) -> Traversable:
    return FilePath(source) if isinstance(source, str | os.PathLike) else source


def _beside(entry: Traversable, name: str) -> Traversable:
    if isinstance(entry, FilePath):
        return entry.with_name(name)
    raise NetworkFileError(
        entry.name, Fault(None, "the archive has no loss", remedy="Name the loss file as well.")
    )


def _read_text(entry: Traversable) -> str:
    content = _read_bytes(entry)
    try:
        # Some editors begin a file with a byte order mark.
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        fault = Fault(
            None,
            f"the file is not UTF-8 (line {line})",
            found=f"the byte 0x{content[error.start]:02X}",
            remedy="Save it as UTF-8.",
        )
        raise NetworkFileError(_name(entry), fault) from error


def _read_bytes(entry: Traversable) -> bytes:
    try:
        if isinstance(entry, FilePath):
            _refuse_odd_file(entry)
        with entry.open("rb") as stream:
            # The size is not asked for but tried: a file can grow meanwhile.
            content: bytes = stream.read(MAX_BYTES + 1)
    except Fault as fault:
        raise NetworkFileError(_name(entry), fault) from fault
    # A ValueError says that the path itself is none: it holds a null character.
    except (OSError, ValueError) as error:
        raise NetworkFileError(_name(entry), _os_fault(error, "read")) from error
    if len(content) > MAX_BYTES:
        raise NetworkFileError(_name(entry), _too_large())
    return content


def _too_large() -> Fault:
    return Fault(None, "the file is too large", expected=f"at most {MAX_BYTES:,} bytes")


def _refuse_odd_file(path: FilePath) -> None:
    """Refuse what is no regular file: opening a pipe or a device could block for ever."""
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode):
        what = "a directory" if stat.S_ISDIR(mode) else "neither a file nor a directory"
        raise Fault(None, "this is no file", expected="a regular file", found=what)


def _name(entry: Traversable) -> str:
    return str(entry) if isinstance(entry, FilePath) else entry.name


def _os_fault(error: Exception, action: str) -> Fault:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return Fault(None, f"the file cannot be {action}: {reason[:1].lower()}{reason[1:]}")


def _located(name: str, fault: Fault, text: str) -> NetworkFileError:
    if fault.position is None and fault.path is not None:
        fault.position = locate(text, fault.path)
    return NetworkFileError(name, fault)


def _mode_of(target: FilePath) -> int:
    """The permissions of the file to be replaced, or those a new file would get."""
    try:
        return stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        return 0o644
