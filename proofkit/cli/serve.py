"""``serve``: walkthroughs in the browser."""

from __future__ import annotations

import ipaddress
import sys
from pathlib import Path

import click

from proofkit.cli.common import plain_faults
from proofkit.cli.exits import HOLDS

__all__ = ["serve"]


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option(
    "--port",
    default=8642,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="The port to listen at; 0 takes a free one.",
)
@click.option("--no-open", is_flag=True, help="Do not open the page in a browser.")
@click.option(
    "--allow-host",
    "allowed",
    multiple=True,
    metavar="NAME",
    help="Also answer to this name, for other machines that know this one by it.",
)
@click.option(
    "--timeout",
    default=20.0,
    show_default=True,
    type=click.FloatRange(1, 600),
    help="Seconds of processor time a request may take.",
)
@click.option(
    "--memory",
    default=1024,
    show_default=True,
    type=click.IntRange(128),
    help="Megabytes a request may take.",
)
@click.option(
    "--workers",
    default=3,
    show_default=True,
    type=click.IntRange(2, 64),
    help="Requests that are computed at the same time.",
)
@click.option(
    "--pack",
    "modules",
    multiple=True,
    metavar="MODULE",
    help="Use the pack of this module instead of the installed ones.",
)
def serve(
    host: str,
    port: int,
    no_open: bool,
    allowed: tuple[str, ...],
    timeout: float,
    memory: int,
    workers: int,
    modules: tuple[str, ...],
) -> int:
    """Walk through results in the browser: change the network, slide its perturbations, predict
    what comes next.

    Only this machine can reach the server unless --host says otherwise.  It keeps nothing: the
    address of a page holds all that it shows.
    """
    from proofkit.web import base

    if modules and (here := str(Path.cwd())) not in sys.path:
        sys.path.append(here)
    base.start(modules, workers)
    try:
        from proofkit.web.pool import Limits
        from proofkit.web.serving import bound, run
    except ImportError as fault:
        raise click.ClickException(
            f"the server needs {fault.name}: pip install 'proofkit[web]'"
        ) from fault
    from proofkit.packs import load_packs

    with plain_faults():
        load_packs(modules)
    try:
        listening = bound(host, port)
    except OSError as fault:
        raise click.ClickException(
            f"cannot listen at {host}:{port}: {fault.strerror or fault}. "
            "Another --port may be free; --port 0 takes one that is."
        ) from fault
    at, taken = listening.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "::1": "[::1]"}.get(at, at)
    address = f"http://{shown}:{taken}/"
    if not _is_loopback(at):
        click.echo(
            f"Warning: whoever reaches this machine at port {taken} can use this server, which "
            "asks for no password. Without --host only this machine can.",
            err=True,
        )

    def ready() -> None:
        click.echo(f"{address}  (stop with Ctrl-C)")
        sys.stdout.flush()
        if not no_open:
            click.launch(address)

    run(listening, modules, Limits(workers, timeout, memory), allowed=allowed, ready=ready)
    return HOLDS


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
