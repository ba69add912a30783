"""Reports: traces of results turned into files, each written whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from proofkit.checking import BATCH
from proofkit.evaluate import replay
from proofkit.networks.network import Network
from proofkit.script import Pack, Result
from proofkit.trace import Instance, Quantity, ResultTrace

__all__ = ["Written", "trace_of", "write_reports"]

TEX_SECONDS = 120
"""How long one run of the TeX engine may take."""


@dataclass
class Written:
    """The files that were written, where to start reading, and what a reader should know."""

    files: list[Path] = field(default_factory=list)
    start: Path | None = None
    notes: list[str] = field(default_factory=list)


def trace_of(
    pack: Pack, result: Result, label: str, network: Network, *, route: str = "", seed: int = 0
) -> ResultTrace:
    """The trace of a result, replayed on a network exactly and on random floats."""
    run = result.run(route)
    return replay(
        result,
        run,
        pack.environment(network, seed),
        pack.batch(seed, BATCH),
        describe(label, network),
        route or next(iter(result.routes)),
    )


def describe(label: str, network: Network) -> Instance:
    """What a report says about the network it is about."""
    facts = [("loss", network.loss.kind), ("value", _value(network))]
    quantities = []
    for number, tower in enumerate(network.towers, start=1):
        name = "M" if len(network.towers) == 1 else f"M^{number}"
        facts.append(("widths", ", ".join(map(str, tower.dims))))
        quantities += [
            Quantity(f"{name}_{at}", _rows(layer)) for at, layer in enumerate(tower.layers, start=1)
        ]
    quantities.append(Quantity("product", _rows(network.product())))
    return Instance(label, network.title, tuple(facts), tuple(quantities))


def _value(network: Network) -> str:
    value = network.loss.value(network.product())
    return str(value) if network.exact else f"{float(value.value[0]):.6g}"  # type: ignore[union-attr]


def _rows(matrix: object) -> tuple[tuple[str, ...], ...]:
    if hasattr(matrix, "entries"):
        return tuple(tuple(str(x) for x in line) for line in matrix.entries())
    values = matrix.value[0]  # type: ignore[attr-defined]
    return tuple(tuple(f"{x:.6g}" for x in line) for line in values)


def write_reports(traces: Sequence[ResultTrace], folder: Path, formats: Sequence[str]) -> Written:
    """Write each trace in each format, and an index; raises ``OSError`` when that fails."""
    from proofkit.views import as_json, html, latex_document

    written = Written()
    folder.mkdir(parents=True, exist_ok=True)
    links = {trace.id: f"{trace.id}.html" for trace in traces} | {"index": "index.html"}
    for trace in traces:
        if "html" in formats:
            _write(written, folder / f"{trace.id}.html", html.page(trace, links=links))
        if "latex" in formats or "pdf" in formats:
            source = latex_document.document(trace)
            if "latex" in formats:
                _write(written, folder / f"{trace.id}.tex", source)
            if "pdf" in formats:
                _write_pdf(written, folder / f"{trace.id}.pdf", source)
        if "json" in formats:
            text = json.dumps(as_json.document(trace), ensure_ascii=False, indent=1) + "\n"
            _write(written, folder / f"{trace.id}.json", text)
    if "html" in formats and traces:
        _write(written, folder / "index.html", html.index(traces, links=links))
        written.start = (folder / "index.html").resolve()
    return written


def _write(written: Written, path: Path, content: str | bytes) -> None:
    """Write a file whole: beside it first, then in its place."""
    data = content.encode() if isinstance(content, str) else content
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        os.chmod(beside, 0o644)
        os.replace(beside, path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    written.files.append(path)


def _write_pdf(written: Written, path: Path, source: str) -> None:
    """Compile LaTeX source, if there is an engine; say so if there is none or it fails."""
    engine = next((e for e in ("pdflatex", "tectonic") if shutil.which(e)), None)
    if engine is None:
        note = "No PDF was written: no TeX engine (pdflatex or tectonic) was found."
        if note not in written.notes:
            written.notes.append(note)
        return
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "report.tex"
        file.write_text(source, encoding="utf-8")
        # No shell escape and no reading outside: the source holds text from users' files.
        command = (
            [
                "pdflatex",
                "-interaction=nonstopmode",
                "-halt-on-error",
                "-no-shell-escape",
                file.name,
            ]
            if engine == "pdflatex"
            else ["tectonic", file.name]
        )
        environment = {
            **os.environ,
            "openin_any": "p",
            "openout_any": "p",
            "SOURCE_DATE_EPOCH": "0",
            "FORCE_SOURCE_DATE": "1",
        }
        try:
            for _ in range(2 if engine == "pdflatex" else 1):
                subprocess.run(
                    command,
                    cwd=scratch,
                    env=environment,
                    check=True,
                    capture_output=True,
                    timeout=TEX_SECONDS,
                )
        except (subprocess.SubprocessError, OSError) as fault:
            written.notes.append(f"{path.name} was not written: {engine} failed ({fault}).")
            return
        _write(written, path, file.with_suffix(".pdf").read_bytes())
