r"""Proofs, networks and diagnoses in a notebook.

>>> from proofkit.notebook import network, trace
>>> proof = trace("perturbation", example="E09")

As the last line of a cell ``proof`` shows the statement, the example and the proof, to be
unfolded; ``proof.walk()`` shows one step at a time.  Theorems, results, networks and diagnoses
show themselves likewise: as HTML, as LaTeX, or as text.

>>> sorted(proof.walk()._repr_mimebundle_())
['text/html', 'text/latex', 'text/plain']
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import singledispatch
from pathlib import Path
from typing import Any

from rich.console import Console, Group

from proofkit.claims.decode import decode
from proofkit.diagnose.check.verdicts import IN_WORDS, Diagnosis, named
from proofkit.diagnose.summary import Figures, facts, told
from proofkit.kernel import Theorem
from proofkit.networks.files import read_network
from proofkit.networks.network import Network
from proofkit.packs import Example, Pack, Values, load_packs, select
from proofkit.reports.tracing import describe, trace_of
from proofkit.script import Result
from proofkit.trace import Instance, ResultTrace, Walk
from proofkit.views import latex, notebook, reading, telling, terminal, text
from proofkit.views.layout import Notation

__all__ = ["bundle", "network", "result", "trace"]

COLUMNS = 80


def result(name: str, *packs: str) -> Result:
    """A result by its name, from the installed packs or from modules; `PackError` if unknown."""
    return _found(name, packs)[1]


def network(name: str, *packs: str) -> Network:
    """An example of a pack by its name, or a network file by its path.

    Raises:
        NetworkFileError: the file cannot be used.
        ValueError: there is no such example and no such file.
    """
    found = _example(name, packs)
    if not isinstance(found, Network):
        raise ValueError(f"the example {name!r} gives values and is no network")
    return found


def _example(name: str, packs: tuple[str, ...]) -> Example:
    known: dict[str, Any] = {}
    for pack in load_packs(packs):
        known |= pack.examples()
    if name in known:
        return known[name] if isinstance(known[name], Values) else read_network(known[name])
    if not Path(name).exists():
        raise ValueError(f"{name!r} is neither an example ({', '.join(known)}) nor a file")
    return read_network(Path(name))


def trace(
    name: str | Result,
    *packs: str,
    example: str | Network | Mapping[Any, Any] = "",
    route: str = "",
    seed: int = 0,
) -> ResultTrace:
    """The trace of a result, tried on an example: one of the pack's, a file or a network.

    The result is named, or is itself given, as in the cell that states it.  The example may also
    be values, ``{X: [[1, 2]], …}``.  Where there is none an instance is drawn.

    Raises:
        PackError: no result has this name.
        ScriptError: the result is not proved, or has no such route.
        Unsuitable: the example does not give the result's symbols a value.
        ValueError: there is no such example.
    """
    if isinstance(name, Result):
        pack, found = Pack("notebook", name.title, [name]), name
    else:
        pack, found = _found(name, packs)
    if isinstance(example, Mapping):
        given = Values.of("given", example)
        return trace_of(pack, found, "given", given, route=route, seed=seed)
    if isinstance(example, Network):
        return trace_of(pack, found, "yours", example, route=route, seed=seed)
    if wanted := example or pack.example_for(found):
        return trace_of(pack, found, wanted, _example(wanted, packs), route=route, seed=seed)
    return trace_of(pack, found, "drawn", Values.drawn(found, seed), route=route, seed=seed)


def _found(name: str, packs: tuple[str, ...]) -> tuple[Pack, Result]:
    ((pack, found),) = select(load_packs(packs), (name,))
    return pack, found


# ── What is shown ──────────────────────────────────────────────────────────────────────────────
@singledispatch
def bundle(thing: Any) -> dict[str, str]:
    """The notations of a thing by media type; `TypeError` for a thing without any."""
    raise TypeError(f"no notebook can show a {type(thing).__name__}")


def _bundle(html: str, tex: str, plain: str) -> dict[str, str]:
    return {"text/html": html, "text/latex": tex, "text/plain": plain}


@bundle.register
def _theorem(thing: Theorem) -> dict[str, str]:
    from proofkit.claims import Implies

    claims = [decode(h) for h in thing.hypotheses]
    claim = decode(thing.conclusion) if not claims else Implies(*claims, decode(thing.conclusion))
    note = "proved by the kernel" if not claims else "proved by the kernel from open suppositions"
    return _bundle(notebook.statement(claim, (), "", note), _latex(claim), _plain(claim))


@bundle.register
def _result(thing: Result) -> dict[str, str]:
    claim, notation = thing.statement, thing.notation
    note = f"{thing.id} · routes: {', '.join(thing.routes) or 'none'}"
    return _bundle(
        notebook.statement(claim, notation, thing.title, note),
        _latex(claim, notation),
        f"{thing.title}\n{_plain(claim, notation)}",
    )


@bundle.register
def _trace(thing: ResultTrace) -> dict[str, str]:
    plain = f"{_printed(terminal.opening(thing, COLUMNS))}\n{len(thing.walk())} steps: see walk()"
    return _bundle(notebook.folded(thing), _latex(thing.statement, thing.notation), plain)


@bundle.register
def _walk(thing: Walk) -> dict[str, str]:
    shown = thing.trace
    label = telling.told(shown).label
    steps = "".join(
        rf"\text{{{label(step.number)}}}&\quad {latex.show(step.claim, shown.notation)}\\ "
        for step in thing
    )
    tex = rf"$$\begin{{aligned}}{steps}\end{{aligned}}$$"
    lines = [f"{label(step.number)}  {text.show(step.claim, shown.notation)}" for step in thing]
    plain = "\n".join((_printed(terminal.opening(shown, COLUMNS)), "", *lines))
    return _bundle(notebook.stepped(shown), tex, plain)


@bundle.register
def _network(thing: Network) -> dict[str, str]:
    instance = describe("", thing)
    return _bundle(notebook.network(instance), _matrices(instance), _network_text(instance))


@bundle.register
def _diagnosis(thing: Diagnosis) -> dict[str, str]:
    instance = describe("", thing.network)
    verdict = IN_WORDS[thing.verdict]
    figures = Figures()
    why = [figures.text(line) for line in thing.why]
    rows = facts(told(thing), figures)
    if thing.theorem is not None:
        rows.append(("result used", named(thing.theorem)))
    headline = verdict[0].upper() + verdict[1:]
    lines = [headline, *why, *(f"{name}: {value}" for name, value in rows)]
    return _bundle(
        notebook.diagnosis(headline, why, rows, instance),
        rf"$$\text{{{verdict}}}$$ {_matrices(instance)}",
        "\n".join((*lines, _network_text(instance))),
    )


def _latex(claim: Any, notation: Notation = ()) -> str:
    return latex.sentence(claim, notation)


def _plain(claim: Any, notation: Notation = ()) -> str:
    lines: list[str] = []
    for clause in reading.clauses(claim, notation):
        items = [text.show_box(box) for box in clause.items]
        lines.extend(
            f"{clause.word if n == 0 else '':<9}{item}".rstrip() for n, item in enumerate(items)
        )
    return "\n".join(lines)


def _matrices(instance: Instance) -> str:
    parts = [f"{_name(q.term)} = {latex.matrix(q.rows)}" for q in instance.quantities]
    joined = r",\quad ".join(parts)
    # Notebooks do not know mathtools, whose matrices are set flush right.
    return f"$${joined.replace('matrix*}[r]', 'matrix}').replace('matrix*}', 'matrix}')}$$"


def _name(term: Any) -> str:
    return r"\text{product}" if term == "product" else latex.show(term)


def _network_text(instance: Instance) -> str:
    facts = "\n".join(f"{name}: {value}" for name, value in instance.facts)
    values = _printed(Group(*terminal.numbers(instance.quantities, (), COLUMNS)))
    return f"{instance.title}\n{facts}\n{values}"


def _printed(what: Any) -> str:
    out = io.StringIO()
    Console(file=out, width=COLUMNS, color_system=None, force_jupyter=False).print(what)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())
