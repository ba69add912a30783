"""What a worker does: from a state to a page, or to a page that says what is wrong.

This runs in a process of its own, with limits of time and memory that its parent enforces.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import astuple, dataclass
from functools import lru_cache
from typing import Any, Final, TypeAlias

from proofkit.checking import example_network
from proofkit.derivatives.asking import Question
from proofkit.evaluate import Unsuitable
from proofkit.networks.decode import document_from_network
from proofkit.networks.faults import NetworkFileError
from proofkit.networks.files import parse_network
from proofkit.networks.losses import LossError
from proofkit.networks.network import Network
from proofkit.networks.resize import resized
from proofkit.networks.scalars import Undecidable
from proofkit.packs import Pack, load_packs
from proofkit.script import Result, ScriptError
from proofkit.views import html
from proofkit.walkthroughs import Setup, resting, verdict, walk_page
from proofkit.web import deriving
from proofkit.web.state import Choice, Resting, State

__all__ = ["Answer", "Asked", "answer", "begin", "fault_page", "packs", "refused", "warm"]

Asked: TypeAlias = State | Choice | Question | Resting
"""What is asked for: a page, what comes of a choice there, a derivative, what rests on a result."""

MAX_NUMBERS: Final = 1_500
"""Numbers in the layers of a network that a page can show and a reader can follow."""

MAX_DEPTH: Final = 40


@dataclass(frozen=True)
class Answer:
    """A page with its status and the hashes of its own styles and scripts, which alone may run."""

    status: int
    page: str
    styles: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    spent: bool = False
    """Whether the worker should not be asked again: it ran out of memory."""


class Refused(Exception):
    """A request that cannot be answered, and why, in words for the reader."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


@lru_cache(maxsize=1)
def packs(modules: tuple[str, ...]) -> tuple[Pack, ...]:
    """The packs that are served."""
    return tuple(load_packs(modules))


def begin(modules: tuple[str, ...]) -> None:
    """Run the proofs that the start page shows, and do what every page needs done once."""
    html.prepare("walk.html.j2", "walk_parts.html.j2", "proof.html.j2")
    _, result = _result(packs(modules), "")
    for route in result.routes:
        result.run(route)


def warm(modules: tuple[str, ...]) -> Iterator[None]:
    """Run every proof once, so that processes forked from this one need not; piece by piece."""
    for pack in packs(modules):
        for id in pack.walkthroughs:
            # Fonts, templates and random networks are remembered too.
            answer(State(id), modules)
            yield
        for result in pack.everything:
            for route in result.routes:
                # Where a proof does not hold its page will say so.
                with suppress(ScriptError):
                    result.run(route)
                yield
    answer(deriving.EXAMPLES[0], modules)
    yield


def answer(asked: Asked, modules: tuple[str, ...]) -> Answer:
    """The page that is asked for.  Whatever goes wrong becomes a page without a traceback."""
    try:
        if isinstance(asked, Question):
            return _page(*deriving.shown(asked))
        if isinstance(asked, Resting):
            return Answer(200, json.dumps(resting(*_routed(packs(modules), *astuple(asked)))))
        if isinstance(asked, Choice):
            return _page(200, _tried(asked, modules))
        return _page(200, _walk(asked, modules))
    except Refused as fault:
        return refused(asked, fault.status, str(fault))
    except MemoryError:
        what = "formula" if isinstance(asked, Question) else "network"
        words = f"This needs more memory than a request may use. Try a smaller {what}."
        return refused(asked, 413, words, spent=True)
    except RecursionError:
        what = "This formula" if isinstance(asked, Question) else "The loss of this network"
        return refused(asked, 422, f"{what} nests too deeply.")
    except Exception:
        # The reader is told that it is our fault; the operator is told what it was.
        traceback.print_exc(file=sys.stderr)
        words = "Something went wrong in proofkit. The server's log says what."
        return refused(asked, 500, words)


def refused(asked: Asked, status: int, words: str, spent: bool = False) -> Answer:
    """A page that says what is wrong, with the form, filled in, if it was asked for with one."""
    if isinstance(asked, Question):
        return _page(status, deriving.form(asked, "formula", words), spent)
    return fault_page(status, words, spent)


def fault_page(status: int, words: str, spent: bool = False) -> Answer:
    """A page that says what is wrong."""
    return _page(status, html.fault(words), spent)


_OWN: Final = re.compile(r"<(style|script)>(.*?)</\1>", re.DOTALL)


def _page(status: int, page: str, spent: bool = False) -> Answer:
    found: dict[str, list[str]] = {"style": [], "script": []}
    for kind, content in _OWN.findall(page):
        digest = hashlib.sha256(content.encode()).digest()
        found[kind].append(f"'sha256-{base64.b64encode(digest).decode()}'")
    return Answer(status, page, tuple(found["style"]), tuple(found["script"]), spent)


def _walk(state: State, modules: tuple[str, ...]) -> str:
    found = packs(modules)
    pack, result, route = _routed(found, state.result, state.route)
    with _in_words(result):
        label, network, notice = _network(pack, result, state)
        setup = Setup(
            tuple((r.id, r.title, tuple(r.routes)) for p in found for r in p.results),
            _offered(pack, result),
            result.id,
            route,
            "" if state.network else label,
            state.seed,
            _document(network),
            bool(state.network),
            notice,
            f"/resting?result={result.id}&route={route}",
        )
        return walk_page(pack, result, route, network, state.seed, label, setup)


def _tried(choice: Choice, modules: tuple[str, ...]) -> str:
    state = choice.state
    pack, result, route = _routed(packs(modules), state.result, state.route)
    with _in_words(result):
        _, network, _ = _network(pack, result, state)
        told = verdict(pack, result, route, network, state.seed, choice.exercise, choice.bits)
    if told is None:
        raise Refused(404, f"{result.id} has no exercise {choice.exercise!r} with such a choice")
    return told


@contextmanager
def _in_words(result: Result) -> Iterator[None]:
    """Whatever a network may be unfit for is refused in words for the reader."""
    try:
        yield
    except NetworkFileError as fault:
        raise Refused(422, str(fault)) from fault
    except (LossError, Undecidable) as fault:
        raise Refused(422, f"$.loss: the loss has no value at this network: {fault}") from fault
    except Unsuitable as fault:
        raise Refused(422, f"{fault}. Choose another network or another result.") from fault
    except ScriptError as fault:
        raise Refused(500, f"{result.id} is not proved: {fault}") from fault
    except ValueError as fault:
        if "integer string conversion" not in str(fault):
            raise
        # Python's own guard against printing a number for minutes.
        words = "Its numbers grow to too many digits. Shorter fractions, or decimals, are computed."
        raise Refused(422, words) from fault
    except OverflowError as fault:
        raise Refused(422, f"a number of this network is too large: {fault}") from fault


def _routed(found: tuple[Pack, ...], id: str, route: str) -> tuple[Pack, Result, str]:
    pack, result = _result(found, id)
    if route and route not in result.routes:
        raise Refused(404, f"{result.id} has the routes {', '.join(result.routes)}")
    return pack, result, route or next(iter(result.routes))


def _result(found: tuple[Pack, ...], id: str) -> tuple[Pack, Result]:
    for pack in found:
        if not id:
            # The one that has most to work with.
            first = next(iter(pack.walkthroughs), pack.results[0].id)
            return pack, pack[first]
        for result in pack.everything:
            if result.id == id:
                return pack, result
    raise Refused(404, f"no result is called {id[:60]!r}")


def _network(pack: Pack, result: Result, state: State) -> tuple[str, Network, str]:
    """The network of a state: what it is called, and what is to be told about it."""
    label, network = _named(pack, result, state)
    notice = ""
    if state.dims:
        network, notice = resized(network, state.dims, state.seed, most=MAX_NUMBERS)
    _within_limits(network)
    network.loss.value(network.product())
    return label, network, notice


def _named(pack: Pack, result: Result, state: State) -> tuple[str, Network]:
    if state.network:
        try:
            return "your network", parse_network(state.network, "your network")
        except NetworkFileError as fault:
            raise Refused(422, str(fault)) from fault
    files = pack.examples()
    name = state.example or pack.example_for(result)
    if name and name not in files:
        raise Refused(404, f"no example is called {name[:60]!r}: there are {', '.join(files)}")
    found = example_network(pack, name) if name else None
    if not isinstance(found, Network):
        words = f"{result.id} is shown on no network: `proofkit walk {result.id}` shows its numbers"
        raise Refused(404, words)
    return name, found


def _within_limits(network: Network) -> None:
    size = sum(layer.rows * layer.cols for tower in network.towers for layer in tower.layers)
    depth = max(tower.depth for tower in network.towers)
    if size > MAX_NUMBERS or depth > MAX_DEPTH:
        raise Refused(
            413,
            f"This network has {size:,} numbers in {depth} layers; a page can show "
            f"{MAX_NUMBERS:,} numbers in {MAX_DEPTH} layers. `proofkit diagnose` takes more.",
        )


_OFFERED: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {}


def _offered(pack: Pack, result: Result) -> tuple[tuple[str, str], ...]:
    """Names and titles of the examples that the result speaks of, looked at once."""
    key = pack.name, result.id
    if key not in _OFFERED:
        found = []
        for name in pack.examples():
            network = example_network(pack, name)
            if not isinstance(network, Network):
                continue
            try:
                pack.on(network, 1, result)  # any seed: whether it can be
            except Unsuitable:
                continue
            found.append((name, network.title))
        _OFFERED[key] = tuple(found)
    return _OFFERED[key]


def _document(network: Network) -> Any:
    document = document_from_network(network)
    document.pop("expect", None)
    return json.loads(json.dumps(document))
