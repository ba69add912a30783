"""The command line.  Commands are loaded when they are run, so that ``--help`` is quick.

Exit codes of anything that checks: 0 all holds · 1 something fails · 2 wrong usage or bad input ·
3 incomplete (a gap, under ``--strict``) · 4 nothing was checked.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import os
import sys

import click

from proofkit.cli.exits import BAD_INPUT, FAILS, HOLDS, INCOMPLETE, NOTHING

__all__ = ["BAD_INPUT", "FAILS", "HOLDS", "INCOMPLETE", "NOTHING", "main"]

COMMANDS = {
    "list": ("proofkit.cli.show", "list_", "The results that can be checked, shown and reported."),
    "show": ("proofkit.cli.show", "show", "A result with its proof, step by step."),
    "walk": ("proofkit.cli.walk", "walk", "A proof step by step, at your own pace."),
    "check": ("proofkit.cli.check", "check", "Run proofs through the kernel and on networks."),
    "derive": ("proofkit.cli.derive", "derive", "A matrix derivative, proved, with code."),
    "facts": ("proofkit.cli.facts", "facts", "The textbook facts, with a use of each."),
    "tactics": ("proofkit.cli.facts", "tactics", "The tactics a step may name, with uses."),
    "axioms": ("proofkit.cli.show", "axioms", "What a result rests on."),
    "export": ("proofkit.cli.export", "export", "A whole proof as JSON, for another checker."),
    "replay": ("proofkit.cli.replay", "replay", "An exported proof, by the second checker."),
    "init": ("proofkit.cli.init", "init", "A pack of your own to start from."),
    "report": ("proofkit.cli.report", "report", "Check, and write reports to hand out."),
    "serve": ("proofkit.cli.serve", "serve", "Walk through results in the browser."),
    "sweep": ("proofkit.cli.sweep", "sweep", "Look for spurious minima in many random problems."),
    "diagnose": (
        "proofkit.cli.diagnose",
        "diagnose",
        "What kind of point a network is.",
    ),
}


class _Lazy(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, _, words) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(f"no command is called {args[0]!r}; there are {', '.join(COMMANDS)}")
        return super().resolve_command(ctx, args)


@click.command(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="proofkit")
def cli() -> None:
    """A proof companion: results derived symbolically, each inference accepted by a small
    kernel, each step tried on concrete networks, all of it written out to be read."""


def _where(stop: BaseException) -> str:
    """The line of somebody's script at which it was stopped, in case it has no end."""
    if "proofkit.script" not in sys.modules:
        return ""
    from proofkit.ci.places import relative
    from proofkit.script.places import raised_at

    file, line = raised_at(stop.__cause__ or stop)
    here = relative(file)
    return "" if not here or os.path.isabs(here) else f" at {here}, line {line}"


def main() -> None:
    """Run the command line; wrong usage exits with 2 and never with a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A terminal that cannot show a sign shows a question mark for it.
            stream.reconfigure(errors="replace")
    # Terms and theorems are needed to the end: looking for rubbish among them every few hundred
    # objects, as Python does, takes a sixth of the time.
    gc.set_threshold(100_000, 50, 100)
    # So they are at the end, where looking through them once more took 2 of 9 seconds of a check.
    atexit.register(gc.freeze)
    try:
        sys.exit(cli.main(standalone_mode=False) or HOLDS)
    except click.ClickException as fault:
        fault.show()
        sys.exit(BAD_INPUT)
    except (click.Abort, KeyboardInterrupt) as fault:
        click.echo(f"stopped{_where(fault)}", err=True)
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output has gone, as in `proofkit show T | head`.
        sys.stderr.close()
        sys.exit(HOLDS)
