"""The graph of results: everything below what it rests on, nothing drawn over another."""

from __future__ import annotations

import re

import pytest

from proofkit.views import graph, html

from . import samples

USES = {"b": ["a"], "c": ["a", "b"], "d": ["a"], "e": ["d", "c"], "f": ["a"]}
RESULTS = [(x, x.upper(), "proved") for x in "abcdef"]


def test_what_is_used_stands_above() -> None:
    picture = graph.arrange(RESULTS, USES)
    row = {node.id: node.y for node in picture.nodes}
    assert all(row[used] < row[id] for id, all_used in USES.items() for used in all_used)


def test_lines_that_others_imply_are_left_out() -> None:
    # c uses a only through b as well.
    assert len(graph.arrange(RESULTS, USES).lines) == 6


def test_no_result_is_drawn_over_another_nor_a_line_over_a_result() -> None:
    picture = graph.arrange(RESULTS, USES)
    for n, a in enumerate(picture.nodes):
        assert 0 <= a.x <= picture.width - graph.WIDTH and a.y <= picture.height
        for b in picture.nodes[n + 1 :]:
            assert a.y != b.y or abs(a.x - b.x) >= graph.WIDTH
    for line in picture.lines:
        for x, y0, y1 in re.findall(r" (\d+) (\d+)V(\d+)", line):
            for node in picture.nodes:
                if node.y == int(y0):
                    assert not node.x <= int(x) <= node.x + graph.WIDTH, (line, y1)


def test_circles_are_refused() -> None:
    with pytest.raises(ValueError, match="rests on itself"):
        graph.arrange(RESULTS[:2], {"a": ["b"], "b": ["a"]})


def test_status_is_told_by_shape_and_word() -> None:
    traces = [samples.perturbation(), samples.lemma_1(), samples.hostile()]
    page = html.index(traces, links={trace.id: "x.html" for trace in traces})
    nodes = re.findall(r'<g class="node (\w+)".*?</g>', page, re.DOTALL)
    assert sorted(nodes) == ["failed", "incomplete", "proved"]
    outlines = {
        status: re.search(rf'<g class="node {status}"[^>]*><(rect|path)( d="[^"]*")?', page)
        for status in nodes
    }
    assert len({m[0].partition("><")[2] for m in outlines.values() if m}) == 3
    for word in nodes:
        assert re.search(rf'class="node-status"[^>]*>. {word}<', page)
