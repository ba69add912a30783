"""Traces for reports: a proof tried on a network, with all that a reader wants beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from typing import Any

from proofkit.basics.identity import Same
from proofkit.checking import BATCH, EXACT, example_network
from proofkit.evaluate import Environment, Unsuitable, traced
from proofkit.evaluate.claims import evaluate
from proofkit.evaluate.environment import BySight, OutOfRange
from proofkit.evaluate.exercised import Stop, obstacles, told
from proofkit.evaluate.steps import exercises
from proofkit.evaluate.terms import index_value, matrix_value, real_value
from proofkit.networks.network import Network
from proofkit.networks.scalars import Undecidable
from proofkit.packs import Example, Pack, Values
from proofkit.reports.comparing import compared
from proofkit.reports.parting import decided, parted, within
from proofkit.reports.way_down import way_down
from proofkit.script import Result, ScriptError
from proofkit.symbols import Family, Function, MatrixTerm, WidthFunction
from proofkit.symbols.encode import is_index
from proofkit.trace import (
    Broken,
    Entry,
    Instance,
    Prose,
    Quantity,
    ResultTrace,
    Status,
    StepTrace,
    Verdict,
    WayDown,
    Without,
)
from proofkit.views.names import shown_alike
from proofkit.views.reading import hypotheses

__all__ = ["asked_of_instances", "describe", "plain_trace", "trace_of"]

NOTHING_DRAWN = "No instance was found on which the hypotheses hold, so there are no numbers"

SHOWN_ENTRIES = 36
"""Matrices with more entries than this do not fit beside a symbol in the glossary."""


def _told_apart(trace: ResultTrace) -> ResultTrace:
    """The trace, whose variables a reader can tell apart; `ScriptError` if two look alike."""
    claims = (trace.statement, *(s.claim for step in trace.steps for s in step.walk()))
    names = {name for claim in claims for name in _names(claim)}
    if (pair := shown_alike(names)) is not None:
        one, other = pair
        problem = f"{one} and {other} would be printed alike: rename one of them"
        raise ScriptError(None, f"{trace.id}: {problem}")
    return trace


@BySight
def _names(part: Any) -> frozenset[str]:
    """The names in a claim or a term, which have many parts in common."""
    name = getattr(part, "name", None)
    own = (name,) if isinstance(name, str) else ()
    return frozenset(own).union(*map(_names, getattr(part, "args", ())))


def trace_of(
    pack: Pack,
    result: Result,
    label: str,
    network: Example | None,
    *,
    route: str = "",
    seed: int = 0,
    others: int | None = None,
    anew: bool = True,
) -> ResultTrace:
    """The trace of a result, tried on a network exactly and on random floats.

    In place of a network there may be values, or None where none were found: that is said then.
    ``seed`` is that of what is drawn for this network, ``others`` that of the random networks and
    of those on which hypotheses are dropped; by default the same. Their part is computed once.
    ``anew``: see `traced`.
    """
    drawn = seed if others is None else others
    run = result.run(route)
    name = route or next(iter(result.routes))
    if network is None:
        return replace(plain_trace(result, route), instance=Instance(label, NOTHING_DRAWN))
    env = pack.on(network, seed, result)
    trace = _told_apart(traced(result, run, env, (), describe(label, network), name, anew=anew))
    floats = _batch(Same(pack), Same(result), name, drawn)
    trace = replace(
        trace,
        steps=_with_batch(trace.steps, {step.number: step for step in floats.walk()}),
        comparison=result.comparison,
        broken=_all_broken(Same(pack), Same(result), drawn),
        glossary=_glossary(result, env),
    )
    trace = compared(replace(trace, steps=_with_cases(trace.steps)))
    trace = asked_of_instances(trace, pack, result, drawn, env)
    # Only where a hypothesis fails is there anything to walk down from.
    fails = any(_fails(step.verdict) for step in hypotheses(trace))
    trace = parted(trace)
    if not isinstance(network, Values):
        down = _way_down(Same(network), drawn) if fails else None
        deepest = max(tower.depth for tower in network.towers)
        trace = replace(within(trace, deepest), way_down=down)
    figures = pack.figures(trace, network) if pack.figures is not None else ()
    return replace(trace, illustrations=tuple(figures))


@lru_cache(maxsize=64)
def _way_down(network: Same[Network], seed: int) -> WayDown | None:
    """The way down, which is the same beside every result."""
    return way_down(network.thing, seed)


def asked_of_instances(
    trace: ResultTrace, pack: Pack, result: Result, seed: int, *first: Environment
) -> ResultTrace:
    """The trace, which has a gap and says so where no instance exercises the result.

    Instances at hand go ``first``: mostly one of them does.
    """
    run = result.run(trace.route)
    if any(exercises(result, run, env).instances for env in first):
        return trace
    words = _unexercised(Same(pack), Same(result), seed)
    return replace(trace, status="incomplete", unexercised=words) if words else trace


@lru_cache(maxsize=64)
def _unexercised(same: Same[Pack], about: Same[Result], seed: int) -> Prose:
    """That no instance exercises a result, and why; nothing as soon as one does."""
    pack, result = same.thing, about.thing
    run, stopped = result.run(), dict[Stop, int]()
    for env in _instances(pack, result, seed):
        found = exercises(result, run, env)
        if found.instances:
            return Prose()
        if found.stopped is not None:
            stopped[found.stopped] = stopped.get(found.stopped, 0) + 1
    given = [hypothesis.claim for hypothesis in result.given]
    return told(given, result.claim, obstacles(result.variables, given, stopped))


def _instances(pack: Pack, result: Result, seed: int) -> Iterator[Environment]:
    """All that a result is tried on: its main example, the others, and what is drawn."""
    main = pack.main.get(result.id, "")
    for name in sorted(pack.examples(), key=lambda name: name != main):
        with suppress(Unsuitable):
            yield pack.environment(example_network(pack, name), seed, result)
    yield from pack.exact(seed, EXACT, result).values()
    yield from pack.batches(seed, BATCH, result).values()


def plain_trace(result: Result, route: str = "") -> ResultTrace:
    """The trace of a result without any network: enough for an index, or for a second route."""
    name = route or next(iter(result.routes))
    return _told_apart(traced(result, result.run(route), None, (), None, name))


@lru_cache(maxsize=64)
def _batch(pack: Same[Pack], result: Same[Result], route: str, seed: int) -> ResultTrace:
    """The trace on random networks, which is the same beside every example."""
    batches = pack.thing.batches(seed, BATCH, result.thing)
    run = result.thing.run(route)
    return decided(traced(result.thing, run, None, tuple(batches.values()), None, route))


def _with_batch(steps: Sequence[StepTrace], floats: dict[str, StepTrace]) -> tuple[StepTrace, ...]:
    return tuple(
        replace(
            step,
            batch=floats[step.number].batch,
            children=_with_batch(step.children, floats),
        )
        for step in steps
    )


def _with_cases(steps: Sequence[StepTrace]) -> tuple[StepTrace, ...]:
    """The steps, with cases that are not the case here called so: that is no failure."""
    return tuple(
        replace(
            step,
            verdict=_applied(step.verdict) if step.kind == "case" else step.verdict,
            batch=None if step.kind == "case" and _fails(step.batch) else step.batch,
            children=_with_cases(step.children),
        )
        for step in steps
    )


def _applied(verdict: Verdict | None) -> Verdict | None:
    if verdict is None or not _fails(verdict):
        return verdict
    return Verdict("not applicable", verdict.exact, "this case does not arise")


def _fails(verdict: Verdict | None) -> bool:
    return verdict is not None and verdict.status == "fails"


# ── The network ────────────────────────────────────────────────────────────────────────────────
def describe(label: str, network: Example) -> Instance:
    """What a report says about the network, or the values, that it is about."""
    if isinstance(network, Values):
        return _described(label, network)
    facts = [("loss", network.loss.kind.replace("-", " ")), ("value", _value(network))]
    quantities = []
    for number, tower in enumerate(network.towers, start=1):
        single = len(network.towers) == 1
        facts.append(("widths", ", ".join(map(str, tower.dims))))
        quantities += [
            Quantity(f"M_{at}" if single else f"M_{{{number},{at}}}", _rows(layer))
            for at, layer in enumerate(tower.layers, start=1)
        ]
    quantities.append(Quantity("product", _rows(network.product())))
    return Instance(label, network.title, tuple(facts), tuple(quantities))


def _described(label: str, example: Values) -> Instance:
    """Sizes as facts, everything else by its values."""
    env = Environment(example.values, example.exact)
    sizes = [v for v in example.values if isinstance(v, WidthFunction) or is_index(v)]
    sizes.sort(key=lambda v: str(v.name))
    facts = [(q.term, q.rows[0][0]) for v in sizes for q in _values(v, env)]
    others = [v for v in example.values if v not in sizes]
    quantities = tuple(q for v in others for q in _values(v, env))
    return Instance(label, example.title, tuple((str(t), x) for t, x in facts), quantities)


def _value(network: Network) -> str:
    value = network.loss.value(network.product())
    return str(value) if network.exact else f"{float(value.value[0]):.6g}"


def _rows(matrix: object) -> tuple[tuple[str, ...], ...]:
    if hasattr(matrix, "entries"):
        return tuple(tuple(str(x) for x in line) for line in matrix.entries())
    values = matrix.value[0]  # type: ignore[attr-defined]
    return tuple(tuple(f"{x:.6g}" for x in line) for line in values)


# ── The glossary ───────────────────────────────────────────────────────────────────────────────
def _glossary(result: Result, env: Environment) -> tuple[Entry, ...]:
    """Every symbol and every name with its values on the network."""
    known = [term for term, _ in result.symbols]
    named = [(term, Prose()) for term, _ in result.notation if term not in known]
    return tuple(
        Entry(term, meaning, _values(term, env)) for term, meaning in (*result.symbols, *named)
    )


def _values(term: Any, env: Environment) -> tuple[Quantity, ...]:
    """The values of a symbol on the network: of a family, those of its members."""
    try:
        if isinstance(term, WidthFunction):
            sizes = env[term]
            return tuple(Quantity(f"{term.name}_{at}", ((str(sizes[at]),),)) for at in sizes)
        if isinstance(term, Family):
            members = env[term].members
            return tuple(
                Quantity(f"{term.name}_{at}", _rows(member))
                for at, member in sorted(members.items())
                if member.rows * member.cols <= SHOWN_ENTRIES
            )
        if isinstance(term, Function):
            return ()
        if isinstance(term, MatrixTerm):
            value: Any = matrix_value(term, env)
            small = value.rows * value.cols <= SHOWN_ENTRIES
            return (Quantity(term, _rows(value)),) if small else ()
        number = index_value(term, env) if is_index(term) else real_value(term, env)
        return (Quantity(term, ((str(number),),)),)
    except (OutOfRange, Undecidable, TypeError, ValueError, ArithmeticError, AttributeError):
        return ()


# ── What breaks without a hypothesis ───────────────────────────────────────────────────────────
@lru_cache(maxsize=64)
def _all_broken(pack: Same[Pack], result: Same[Result], seed: int) -> tuple[Broken, ...]:
    """What breaks, which is the same beside every example."""
    return tuple(_broken(one, pack.thing, result.thing, seed) for one in result.thing.without)


def _broken(one: Without, pack: Pack, result: Result, seed: int) -> Broken:
    number = f"H{one.hypothesis + 1}"
    files = pack.examples()
    if one.example not in files:
        return Broken(number, one.words, one.example)
    network = example_network(pack, one.example)
    try:
        env = pack.on(network, seed, result).having(dict(one.where))
    except Unsuitable:
        return Broken(number, one.words, one.example, network.title)
    others = [
        _status(hypothesis.claim, env)
        for n, hypothesis in enumerate(result.given)
        if n != one.hypothesis
    ]
    return Broken(
        number,
        one.words,
        one.example,
        network.title,
        min(others, key=_WORST.index, default="holds"),
        _status(result.claim, env),
    )


_WORST: tuple[Status, ...] = ("fails", "not evaluated", "not applicable", "not refuted", "holds")


def _status(claim: Any, env: Environment) -> Status:
    try:
        return evaluate(claim, env).verdict(env).status
    except (OutOfRange, Undecidable, TypeError, ValueError, ArithmeticError):
        return "not evaluated"
