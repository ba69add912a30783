"""Read and write networks as files, and say of a faulty file what is wrong where.

Two kinds are read: JSON in the format ``proofkit/network/1`` (``decode``), and arrays by name in
``.npz`` and ``.npy`` (``archives``) or ``.safetensors`` files, with the loss in a JSON file beside
them or its data among them. A file is hostile until proved otherwise: sizes are checked before
anything is read or unpacked, and every fault becomes a ``NetworkFileError``.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable, Sequence
from importlib.resources.abc import Traversable
from pathlib import Path as FilePath
from typing import Any, Final, TypeAlias

from proofkit.networks.archives import read_npy, read_npz
from proofkit.networks.arrays import Named
from proofkit.networks.assembling import TAKEN_AS_SQUARED, Reading, in_file, network_of
from proofkit.networks.decode import document_from_network, network_from_document
from proofkit.networks.decode_loss import data_of, kind_of, kinds
from proofkit.networks.faults import Fault, NetworkFileError, shown
from proofkit.networks.network import Network
from proofkit.networks.roles import assigned
from proofkit.networks.safetensors import read_safetensors
from proofkit.networks.strict_json import locate, parse_json
from proofkit.networks.weights import loss_document
from proofkit.networks.writing import write_json

__all__ = [
    "MAX_BYTES",
    "NetworkFileError",
    "Source",
    "dump_network",
    "parse_network",
    "read",
    "read_network",
    "write_network",
]

Source: TypeAlias = str | os.PathLike[str] | Traversable
"""A path, or a resource of an installed package (``importlib.resources``)."""

MAX_BYTES: Final = 16 * 2**20
"""The largest file that is read."""

_ARRAYS: Final[dict[str, Callable[[bytes], Named]]] = {
    "npz": read_npz,
    "npy": read_npy,
    "safetensors": read_safetensors,
}


def read_network(
    source: Source,
    loss: Source | None = None,
    *,
    layers: Sequence[str] | None = None,
    convention: str = "W@x",
) -> Network:
    """The network in a file.

    Args:
        source: a JSON file of the format ``proofkit/network/1``; or arrays in an ``.npz``, ``.npy``
            or ``.safetensors`` file, where integers are exact and a single float makes all float.
        loss: for arrays, a JSON file that holds the loss object, a kind of loss or an expression;
            by default the file ``NAME.loss.json`` beside ``NAME.npz``, or squared loss if there
            is none and the arrays X and Y are in the file. Data that it lacks are looked for
            among the arrays.
        layers: the names of the layers' arrays, the one that sees the input first; by default all
            matrices that are no data, if their names differ in numbers only.
        convention: how layers act, a key of ``proofkit.networks.assembling.CONVENTIONS``.

    Returns:
        The network, with the file's name as its ``source``.

    Raises:
        NetworkFileError: whatever is wrong with the file.

    >>> import importlib.resources
    >>> examples = importlib.resources.files("theorems").joinpath("examples")
    >>> read_network(examples.joinpath("E01.json")).dims
    (2, 1, 2)
    """
    return read(source, loss, layers=layers, convention=convention).network


def read(
    source: Source,
    loss: Source | None = None,
    *,
    layers: Sequence[str] | None = None,
    convention: str = "W@x",
) -> Reading:
    """The network in a file, and what was done to make it one; as ``read_network``.

    Raises:
        NetworkFileError: whatever is wrong with the file.

    >>> import numpy
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = FilePath(folder) / "net.npz"
    ...     numpy.savez(path, W2=numpy.eye(2), W1=numpy.eye(2), X=numpy.eye(2), Y=numpy.eye(2))
    ...     read(path, loss="squared").notes
    ('The layers are W1, W2, in the order of their numbers.',)
    """
    entry = _as_traversable(source)
    _refuse_programs(entry)
    if entry.name.lower().endswith(tuple(f".{suffix}" for suffix in _ARRAYS)):
        return _read_arrays(entry, loss, layers, convention)
    for given, what in (
        (loss is not None, "a loss file"),
        (layers is not None, "a choice of layers"),
        (convention != "W@x", "a convention"),
    ):
        if given:
            raise NetworkFileError(
                str(source),
                Fault(
                    None,
                    f"{what} goes with arrays only, an .npz, .npy or .safetensors file",
                    remedy='Write the loss under the key "loss", and the layers in their order.',
                ),
            )
    text = _read_text(entry)
    try:
        return Reading(network_from_document(parse_json(text), entry.name))
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


def _read_arrays(
    entry: Traversable, loss: Source | None, layers: Sequence[str] | None, convention: str
) -> Reading:
    title, suffix = entry.name.rsplit(".", 1)
    loss_entry, said = _loss_of(entry, title, loss)
    text = "" if loss_entry is None else _read_text(loss_entry)
    drawn: dict[str, Any] = {}
    try:
        arrays = _ARRAYS[suffix.lower()](_read_bytes(entry))
        fields = _fields(loss_entry, text, said)
        roles = assigned(arrays, data_of(kind_of(fields, ())), layers)
        matrices = [in_file(arrays, name) for name in roles.layers]
        biases = [None if name is None else in_file(arrays, name, True) for name in roles.biases]
        drawn = {key: in_file(arrays, name).value.array for key, name in roles.data.items()}
        if said is None and loss_entry is None and set(drawn) != {"X", "Y"}:
            raise Fault(
                None,
                f"no loss is named: there is no {shown(title + '.loss.json')} beside the file, and "
                "no arrays X and Y in it",
                expected=f"a kind ({', '.join(kinds())}) with its data in the file, or an "
                "expression in w11, w12, …",
                remedy="Name it: --loss squared.",
            )
        unnamed = (TAKEN_AS_SQUARED,) if said is None and loss_entry is None else ()
        return network_of(
            matrices,
            biases,
            fields if not drawn else loss_document(fields, drawn),
            convention,
            title=title,
            source=entry.name,
            notes=(*roles.notes, *unnamed),
        )
    except Fault as fault:
        place = fault.path[0] if fault.path else None
        if loss_entry is not None and fault.path is not None and place not in drawn:
            raise _located(_name(loss_entry), fault, text) from fault
        raise NetworkFileError(_name(entry), fault) from fault


def _loss_of(
    entry: Traversable, title: str, loss: Source | None
) -> tuple[Traversable | None, str | None]:
    """The file that holds the loss, or the text that says what it is, or neither."""
    if loss is None:
        beside = entry.with_name(f"{title}.loss.json") if isinstance(entry, FilePath) else None
        return (beside if beside is not None and beside.exists() else None), None
    if isinstance(loss, str) and not loss.lower().endswith(".json") and not _is_file(loss):
        return None, loss
    return _as_traversable(loss), None


def _is_file(name: str) -> bool:
    try:
        return FilePath(name).exists()
    # No path at all: too long, or with a null character.
    except (OSError, ValueError):
        return False


def _fields(loss_entry: Traversable | None, text: str, said: str | None) -> Any:
    """The loss object without what the arrays hold."""
    if loss_entry is not None:
        return parse_json(text)
    return {"kind": "squared"} if said is None else loss_document(said, {})


def _refuse_programs(entry: Traversable) -> None:
    """Refuse files that run code when they are opened, with what converts them."""
    suffix = entry.name.rpartition(".")[2].lower()
    stem = entry.name[: -len(suffix) - 1]
    if suffix in {"pt", "pth", "ckpt", "bin"}:
        line = (
            f"import numpy, torch; s = torch.load({entry.name!r}, map_location='cpu', "
            f"weights_only=True); numpy.savez({stem + '.npz'!r}, "
            "**{n: t.numpy() for n, t in s.items()})"
        )
        what = "a PyTorch file"
    elif suffix in {"pkl", "pickle", "joblib"}:
        line = (
            f"import numpy; numpy.savez({stem + '.npz'!r}, "
            "W1=model.coefs_[0].T, W2=model.coefs_[1].T)"
        )
        what = "a pickle"
    elif suffix in {"h5", "hdf5", "keras", "mat", "msgpack", "onnx", "pb", "gguf"}:
        fault = Fault(
            None,
            f"files .{suffix} are not read",
            expected=".npz, .npy, .safetensors or JSON",
            remedy="numpy.savez writes arrays to an .npz file.",
        )
        raise NetworkFileError(_name(entry), fault)
    else:
        return
    fault = Fault(
        None,
        f"{what} can run any program when it is opened, so it is not",
        expected=".npz, .npy, .safetensors or JSON",
        remedy=f"Where you trust it, convert it in Python: {line}",
    )
    raise NetworkFileError(_name(entry), fault)


def _as_traversable(source: Source) -> Traversable:
    return FilePath(source) if isinstance(source, str | os.PathLike) else source


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
