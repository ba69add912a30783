"""A few traces with everything that a report can show, and a browser to look at their pages."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from proofkit.figures import architecture
from proofkit.symbols import family, index, widths
from proofkit.trace import (
    Broken,
    Comparison,
    Entry,
    Illustration,
    Quantity,
    ResultTrace,
    prose,
)

from . import samples

M, k = family("M", widths("d")), index("k")
CI = bool(os.environ.get("CI"))


def everything() -> ResultTrace:
    """A trace that uses each part of a report."""
    trace = samples.perturbation()
    return replace(
        trace,
        route="long",
        comparison=Comparison("stronger", prose("It holds for {k} = 1 too.", k=k)),
        broken=(
            Broken("1", prose("The bottleneck must be a layer.")),
            Broken("2", example="E25", title="a corner", others="holds", conclusion="fails"),
        ),
        glossary=(
            Entry(k, prose("the depth"), (Quantity(k, (("3",),)),)),
            Entry(M, prose("the factors"), (Quantity("M_1", (("1", "0"), ("0", "1"))),)),
        ),
        illustrations=(
            Illustration(
                "band", architecture((2, 1, 2), bottleneck=1), prose("A band."), "A band."
            ),
            Illustration(
                "side", architecture((2, 2)), prose("Beside."), "No bottleneck.", beside="example"
            ),
        ),
    )


@pytest.fixture
def whole() -> ResultTrace:
    return everything()


@pytest.fixture
def pages(tmp_path: Path) -> dict[str, Path]:
    """Pages on disk: one with everything, one of a proof that fails, and their index."""
    from proofkit.views import html

    first = everything()
    second = samples.lemma_1()
    links = {"perturbation": "perturbation.html", "lemma-1": "lemma-1.html", "index": "index.html"}
    other = replace(samples.perturbation(), route="short")
    made = {
        "perturbation": html.page(first, links=links, routes=[other]),
        "lemma-1": html.page(second, links=links),
        "in-beats": html.page(samples.in_beats(), links=links),
        "hostile": html.page(samples.hostile(), links=links),
        "index": html.index([first, second], links=links),
    }
    for name, text in made.items():
        (tmp_path / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: tmp_path / f"{name}.html" for name in made}
