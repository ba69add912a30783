"""The page of a walkthrough: the proof, its experiment, its exercises, and what breaks it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from proofkit.basics.identity import Same
from proofkit.checking import example_network
from proofkit.evaluate import Environment
from proofkit.networks.network import Network
from proofkit.packs import Example, Pack
from proofkit.reports.tracing import describe, plain_trace, trace_of
from proofkit.script import Result
from proofkit.trace import Broken, Instance, ResultTrace
from proofkit.views import html
from proofkit.views.common import Common
from proofkit.views.graph import short
from proofkit.views.settings import Settings
from proofkit.views.telling import told
from proofkit.walkthroughs.data import Walkthrough
from proofkit.walkthroughs.exercises import asked
from proofkit.walkthroughs.falling import falling, resting_on
from proofkit.walkthroughs.lab import Numbers, lab
from proofkit.walkthroughs.moodle import quiz
from proofkit.walkthroughs.ordering import ordering
from proofkit.walkthroughs.proving import Exercise, choices, exercises, tried

__all__ = ["Setup", "on_example", "quiz_of", "resting", "static_page", "verdict", "walk_page"]


@dataclass(frozen=True)
class Setup:
    """What a reader may choose on a live page, and what is chosen.

    ``results`` are (id, title, routes), ``examples`` (name, title); ``document`` is the network
    as JSON, ``own`` whether it is the reader's, and ``notice`` something to be told about it.
    ``resting`` is the address that tells what rests on the result.
    """

    results: tuple[tuple[str, str, tuple[str, ...]], ...]
    examples: tuple[tuple[str, str], ...]
    result: str
    route: str
    example: str
    seed: int
    document: Any
    own: bool = False
    notice: str = ""
    resting: str = ""


@dataclass(frozen=True)
class Without:
    """A hypothesis switched off, with the network on which the conclusion then fails."""

    broken: Broken
    hypothesis: Any
    words: Any
    instance: Instance | None


def static_page(
    pack: Pack, result: Result, route: str, network: Example | None, seed: int, label: str = ""
) -> str:
    """The walkthrough as one HTML file, sliders included, that needs no server.

    ``route`` may be empty for the first one.  Raises `ScriptError` when the result is not proved,
    `Unsuitable` when it does not speak of such networks.
    """
    return walk_page(pack, result, route, network, seed, label or _label(network))


def quiz_of(
    pack: Pack, result: Result, route: str, network: Example | None, seed: int, label: str = ""
) -> str:
    """The questions of a walkthrough in Moodle's XML format; empty where there are none."""
    trace = trace_of(pack, result, label or _label(network), network, route=route, seed=seed)
    walkthrough = pack.walkthroughs.get(result.id, Walkthrough())
    env = pack.on(network, seed, result) if network is not None else None
    found = asked(trace, walkthrough.questions, env, lambda name: on_example(pack, result, name))
    return quiz(trace, found) if found else ""


def walk_page(
    pack: Pack,
    result: Result,
    route: str,
    network: Example | None,
    seed: int,
    label: str,
    setup: Setup | None = None,
) -> str:
    """The page of a walkthrough, with controls if there is a server behind it (``setup``)."""
    # Readers with seeds of their own share what takes most of the time: the random networks, and
    # that the claims are compared with what was proved.
    static = setup is None
    others = seed if static else 0
    trace = trace_of(
        pack, result, label, network, route=route, seed=seed, others=others, anew=static
    )
    walkthrough = pack.walkthroughs.get(result.id, Walkthrough())
    env = pack.on(network, seed, result) if network is not None else Environment({})
    run = result.run(route)
    questions = asked(
        trace, walkthrough.questions, env, lambda name: on_example(pack, result, name)
    )
    shown: list[Numbers] = [(f"[id='step-{s.number}']", s.quantities) for s in trace.walk()]
    shown += [
        (f"#quiz-{question.id}-{n}", answer.quantities)
        for question in questions
        for n, answer in enumerate(question.answers)
    ]
    order = ordering(trace, run.proof.steps, seed)
    common = _common(Same(result), trace.route, setup is not None)
    used = dict.fromkeys((*trace.footprint.results, *result.parts))
    routes = [_plain(Same(result), name) for name in result.routes if name != trace.route]
    links = {} if setup is None else {id: f"?result={id}" for id, _, _ in setup.results}
    return html.page(
        trace,
        links=links,
        routes=routes,
        others=[_plain(Same(pack[id])) for id in used],
        parts=result.parts,
        template="walk.html.j2",
        common=common,
        settings=Settings(depth="idea"),
        live=setup is not None,
        setup=setup,
        lab=lab(walkthrough, network, seed, label, env, shown)
        if isinstance(network, Network)
        else None,
        asked=questions,
        # A live page asks the kernel when a reader does.
        proving=[
            (one, [tried(one, bits, env) for bits in choices(one)] if static else [])
            for one in _exercises(pack, result, trace)
        ],
        spine=[p.step for p in told(trace).beats if p.step is not None and not p.parts],
        ordering=order,
        without=[_without(one, pack, trace) for one in trace.broken],
        falls={
            "steps": common.once("falls", lambda: falling(trace)),
            "given": [s.number for s in trace.steps if s.kind == "given"],
            # All proofs have to be run for that: a live page asks when a reader breaks something.
            "results": resting(pack, result, trace.route) if setup is None else None,
            "address": "" if setup is None else setup.resting,
        },
        progress_key=f"{pack.name}/{result.id}/{trace.route}",
    )


def verdict(
    pack: Pack, result: Result, route: str, network: Network, seed: int, exercise: str, bits: str
) -> str | None:
    """What the kernel says of a choice, to be put into its page; None for no choice of it."""
    trace = _plain(Same(result), route)
    one = next((one for one in _exercises(pack, result, trace) if one.id == exercise), None)
    if one is None or bits not in choices(one):
        return None
    found = tried(one, bits, pack.on(network, seed, result))
    return html.piece("verdict.html.j2", trace, tried=found)


def _exercises(pack: Pack, result: Result, trace: ResultTrace) -> tuple[Exercise, ...]:
    """The exercises of a proof, the same on every network."""
    stated = pack.walkthroughs.get(result.id, Walkthrough())
    named = {other.id: other for other in pack.everything}.get
    kept = _common(Same(result), trace.route, False)
    return kept.once("exercises", lambda: exercises(trace, stated.facts, stated.questions, named))


def resting(pack: Pack, result: Result, route: str) -> list[dict[str, Any]]:
    """As plain data, the results that lose a proof when this route breaks."""
    return [
        {"id": one.id, "title": short(one.title), "lost": one.lost, "left": one.left}
        for one in resting_on(pack, result, route)
    ]


@lru_cache(maxsize=256)
def _plain(result: Same[Result], route: str = "") -> ResultTrace:
    return plain_trace(result.thing, route)


@lru_cache(maxsize=64)
def _common(result: Same[Result], route: str, live: bool) -> Common:
    """What pages have in common that show the same proof on different networks."""
    return Common()


@lru_cache(maxsize=64)
def _placed(pack: Same[Pack], result: Same[Result], name: str) -> Environment:
    network = example_network(pack.thing, name)
    return pack.thing.on(network, 0, result.thing)


def on_example(pack: Pack, result: Result, name: str) -> Environment:
    """The symbols of a result on an example; Raises `KeyError` for one that there is not."""
    return _placed(Same(pack), Same(result), name)


def _without(one: Broken, pack: Pack, trace: ResultTrace) -> Without:
    step = next(s for s in trace.steps if s.number == one.number)
    files = pack.examples()
    instance = None
    if one.example in files:
        instance = describe(one.example, example_network(pack, one.example))
    return Without(one, step.claim, step.words, instance)


def _label(network: Example | None) -> str:
    if not isinstance(network, Network):
        return "drawn"
    return network.source.rpartition("/")[2].rpartition(".")[0] or "your network"
