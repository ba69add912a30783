"""A pack of one's own derivations: random instances come by themselves, examples from files.

A paper about networks says in a `Pack` what its symbols mean on a network.  A derivation about
matrices needs less: whatever its variables are, small random values are drawn for them until the
hypotheses hold, and ``values`` says what they are on an example file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from proofkit.evaluate import Environment, Unsuitable, evaluate
from proofkit.evaluate.environment import OutOfRange
from proofkit.evaluate.instances import drawn, repaired
from proofkit.evaluate.terms import index_value
from proofkit.networks.network import Network
from proofkit.networks.random import generator
from proofkit.networks.scalars import Undecidable
from proofkit.packs import PackError
from proofkit.script import Pack, Result
from proofkit.script.places import raised_at, told
from proofkit.symbols import MatrixVariable
from proofkit.symbols.faults import LanguageError

__all__ = ["derivations"]

TRIES = 12
"""Instances drawn for each one wanted; the hypotheses may be hard to meet."""


def derivations(
    name: str,
    title: str,
    results: Sequence[Result],
    *,
    examples: str | Path | None = None,
    values: Callable[[Network], Mapping[Any, Any]] | None = None,
    auxiliary: Sequence[Result] = (),
) -> Pack:
    """A pack of results about matrices.

    ``examples`` is a folder of network files, or one such file; ``values(network)`` gives
    variables their values there.  Besides, each result is tried on random instances on which its
    hypotheses hold.
    """

    if isinstance(results, Result):
        raise PackError(f"the results of the pack {name} are a list: [{results.id}, …]")
    if values is not None and not callable(values):
        raise PackError(
            f"values of the pack {name} is a function of a network, not {values!r:.60}: "
            "def values(network): return {symbol: its value, …}"
        )

    def on_network(network: Network, seed: int, result: Result) -> Environment:
        if values is None:
            raise Unsuitable(f"the pack {name} does not say what its symbols are on a network")
        try:
            given = values(network)
        except Unsuitable:
            raise
        except Exception as fault:  # whatever the function does wrong, in words
            file, line = raised_at(fault)
            raise PackError(
                f"values(network) of the pack {name}, on {network.title!r} (widths "
                f"{', '.join(map(str, network.dims))}), stopped with {told(fault)}"
                f"\n  {file}, line {line}"
            ) from fault
        if not isinstance(given, Mapping):
            raise PackError(f"values(network) of the pack {name} returns {given!r}, and no dict")
        env = Environment(dict(given), network.exact, 1, seed)
        _fits(env, result, f"values(network) of the pack {name}, on {network.title!r}")
        return env

    def on_instances(seed: int, count: int, result: Result) -> dict[str, Environment]:
        found = _instances(seed, count, result)
        return {f"random instance {n}": env for n, env in enumerate(found, start=1)}

    return Pack(
        name,
        title,
        tuple(results),
        examples=lambda: _files(examples),
        environment=on_network,
        exact=on_instances,
        batches=lambda seed, count, result: {},
        auxiliary=tuple(auxiliary),
    )


def _fits(env: Environment, result: Result, whose: str) -> None:
    """That the result's variables have values of the right shapes; `PackError` if not.

    A result whose matrices have no values at all is not about networks.
    """
    matrices = [v for v in result.variables if isinstance(v, MatrixVariable)]
    missing = [v for v in result.variables if v not in env.values]
    if missing and not any(v in env.values for v in matrices):
        return
    if missing:
        names = ", ".join(map(str, missing))
        raise PackError(f"{whose}, gives {names} no value, and {result.id} speaks of it")
    for v in matrices:
        rows, cols = (int(index_value(side, env)) for side in v.shape)
        found = getattr(env[v], "shape", None)
        if found != (rows, cols):
            shape = "×".join(map(str, v.shape))
            has = "no matrix" if found is None else "×".join(map(str, found))
            raise PackError(f"{whose}, gives {v} as {has}, and {shape} is {rows}×{cols} there")


def _files(examples: str | Path | None) -> dict[str, Any]:
    if examples is None:
        return {}
    place = Path(examples)
    paths = sorted(place.glob("*.json")) if place.is_dir() else [place]
    return {path.stem: path for path in paths}


def _instances(seed: int, count: int, result: Result) -> list[Environment]:
    """Up to ``count`` instances on which the hypotheses hold, small ones first."""
    given = tuple(h.claim for h in result.given)
    found: list[Environment] = []
    for attempt in range(count * TRIES):
        if len(found) == count:
            break
        rng = generator((seed, attempt))
        try:
            env = drawn(list(result.variables), given, rng, 1 + min(2, 3 * len(found) // count))
            env = repaired(env, given, rng)
            if all(evaluate(claim, env).everywhere for claim in given):
                found.append(env)
        except (OutOfRange, LanguageError, Undecidable):
            continue  # a size or a member is missing on this instance
    return found
