"""What the commands share: options, packs, networks, and faults told in one line."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from proofkit.packs import Example, Pack
    from proofkit.script import Result
    from proofkit.trace import ResultTrace

F = TypeVar("F", bound=Callable[..., Any])

__all__ = [
    "chosen",
    "console",
    "find_network",
    "known_route",
    "load",
    "options",
    "plain_faults",
    "traced",
    "write_whole",
]


def options(command: F) -> F:
    """The options every command about results takes."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print one JSON object."),
        click.option(
            "--pack",
            "modules",
            multiple=True,
            metavar="MODULE",
            help="Use the pack of this module instead of the installed ones.",
        ),
        click.option(
            "--seed",
            default=0,
            show_default=True,
            type=click.IntRange(0, 2**32 - 1),
            help="Seed of everything random.",
        ),
    ):
        command = option(command)
    return command


@contextmanager
def plain_faults() -> Iterator[None]:
    """Turn faults of the user's input into one clear message."""
    from proofkit.evaluate import Unsuitable
    from proofkit.networks.faults import NetworkFileError
    from proofkit.packs import PackError

    try:
        yield
    except (PackError, NetworkFileError, Unsuitable) as fault:
        raise click.ClickException(str(fault)) from fault
    except OSError as fault:
        name = f"{fault.filename}: " if fault.filename else ""
        raise click.ClickException(f"{name}{fault.strerror or fault}") from fault


def load(modules: tuple[str, ...], ids: tuple[str, ...]) -> list[tuple[Pack, Result]]:
    """The named results (all when none is named) of the packs; modules here are found too."""
    from proofkit.packs import load_packs, select

    if modules and (here := str(Path.cwd())) not in sys.path:
        sys.path.append(here)
    return select(load_packs(modules), ids)


def chosen(pack: Pack, result: Result, name: str | None, seed: int) -> tuple[str, Example | None]:
    """The example to show a result on: the one asked for, the result's main one, or one drawn.

    None when none was found on which the hypotheses hold.
    """
    from proofkit.packs import Values

    if wanted := name or pack.example_for(result):
        return find_network(pack, wanted)
    return "drawn", Values.drawn(result, seed)


def traced(
    modules: tuple[str, ...], name: str, route: str, example: str | None, seed: int
) -> ResultTrace | None:
    """The trace of the named result, by a route, on an example; none, with a word on why, when
    it is not proved."""
    from proofkit.reports import trace_of
    from proofkit.script import ScriptError

    with plain_faults():
        ((pack, result),) = load(modules, (name,))
        known_route(result, route)
        label, network = chosen(pack, result, example, seed)
        try:
            return trace_of(pack, result, label, network, route=route, seed=seed)
        except ScriptError as fault:
            click.echo(f"{name} is not proved: {fault}", err=True)
            return None


def known_route(result: Result, route: str) -> None:
    """Refuse a route that the result does not have."""
    if route and route not in result.routes:
        raise click.BadParameter(
            f"{result.id} has the routes {', '.join(result.routes)}", param_hint="--route"
        )


def find_network(pack: Pack, name: str) -> tuple[str, Example]:
    """An example of the pack by name, or a network file by path."""
    from proofkit.checking import example_network
    from proofkit.networks.files import read_network

    files = pack.examples()
    if name in files:
        return name, _usable(name, example_network(pack, name))
    path = Path(name)
    if not path.suffix and not path.exists():
        known = ", ".join(files) or "none"
        raise click.BadParameter(
            f"{name!r} is neither an example of the pack ({known}) nor a file",
            param_hint="--example",
        )
    return path.stem, _usable(name, read_network(path))


def _usable(name: str, network: Example) -> Example:
    """The network, if its loss has a value there."""
    from proofkit.networks.losses import LossError
    from proofkit.networks.network import Network
    from proofkit.networks.scalars import Undecidable

    if not isinstance(network, Network):
        return network
    try:
        network.loss.value(network.product())
    except (LossError, Undecidable) as fault:
        raise click.ClickException(
            f"{name}: $.loss: the loss has no value at this network: {fault}"
        ) from fault
    return network


def console(stderr: bool = False) -> Any:
    """A console that is plain in a pipe."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, soft_wrap=False)


def write_whole(path: Path, text: str) -> None:
    """Write the whole file, or nothing."""

    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with open(descriptor, "w", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
            os.chmod(temporary, 0o644)
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as fault:
        raise click.ClickException(f"{path}: cannot be written: {fault.strerror}") from fault
