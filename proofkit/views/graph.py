"""The graph of results as a picture: what rests on what, from the top down.

Results are set in rows so that each stands below all it rests on; within a row they are ordered
so that few lines cross.  A line that other lines imply is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

__all__ = ["Graph", "Node", "arrange", "short"]

WIDTH: Final = 148
HEIGHT: Final = 46
_ACROSS: Final = 22
_DOWN: Final = 44
_LINE: Final = 14
_SWEEPS: Final = 8


@dataclass(frozen=True)
class Node:
    """A result in the picture: its place is its upper left corner."""

    id: str
    name: str
    status: str
    x: int
    y: int


@dataclass(frozen=True)
class Graph:
    """Places for results, and the lines between them as paths of SVG."""

    width: int
    height: int
    nodes: tuple[Node, ...]
    lines: tuple[str, ...]


def short(title: str) -> str:
    """A title up to its colon: what fits into a picture.

    >>> short("Lemma 1: at a local minimum …"), short("Ky Fan's principle for sums of squares")
    ('Lemma 1', 'Ky Fan’s principle…')
    """
    head = title.partition(":")[0].replace("'", "’")
    if len(head) <= 20:
        return head
    words, out = head.split(), ""
    while words and len(out) + len(words[0]) < 20:
        out = f"{out} {words.pop(0)}".strip()
    return f"{out or head[:18]}…"


def arrange(results: Sequence[tuple[str, str, str]], uses: Mapping[str, Sequence[str]]) -> Graph:
    """The picture of results (id, name, status) and which others each of them uses.

    >>> g = arrange([("a", "A", "proved"), ("b", "B", "proved"), ("c", "C", "failed")],
    ...             {"b": ["a"], "c": ["a", "b"]})
    >>> [(n.id, n.y) for n in g.nodes], len(g.lines)
    ([('a', 0), ('b', 90), ('c', 180)], 2)
    """
    ids = [id for id, _, _ in results]
    direct = {id: [u for u in uses.get(id, ()) if u in ids and u != id] for id in ids}
    rows = _rows(ids, direct)
    below = {id: _reduced(id, direct) for id in ids}
    ways = _ways(rows, below)
    _uncross(rows, [pair for way in ways for pair in pairwise(way)])
    lengths = [sum(_room(id, ids) + _ACROSS for id in row) - _ACROSS for row in rows]
    width = max(lengths, default=0)
    middles = {}
    for n, row in enumerate(rows):
        x = (width - lengths[n]) // 2
        for id in row:
            middles[id] = (x + _room(id, ids) // 2, n * (HEIGHT + _DOWN))
            x += _room(id, ids) + _ACROSS
    nodes = tuple(
        Node(id, name, status, middles[id][0] - WIDTH // 2, middles[id][1])
        for id, name, status in _in_order(results, rows)
    )
    lines = tuple(_line([middles[id] for id in way]) for way in ways)
    return Graph(width, max(len(rows) * (HEIGHT + _DOWN) - _DOWN, 0), nodes, lines)


def _room(id: str, ids: Sequence[str]) -> int:
    """How wide something in a row is: a result, or a line on its way through the row."""
    return WIDTH if id in ids else _LINE


def _ways(rows: list[list[str]], below: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Each line as what it passes from above to below; it gets a place in every row between."""
    at = {id: n for n, row in enumerate(rows) for id in row}
    ways = []
    for id, used in below.items():
        for start in used:
            between = [f"{start} → {id}, row {n}" for n in range(at[start] + 1, at[id])]
            for n, stop in enumerate(between, start=at[start] + 1):
                rows[n].append(stop)
            ways.append([start, *between, id])
    return ways


def _in_order(
    results: Sequence[tuple[str, str, str]], rows: Sequence[Sequence[str]]
) -> list[tuple[str, str, str]]:
    """Results in the order in which a keyboard should reach them: row by row."""
    known = {result[0]: result for result in results}
    return [known[id] for row in rows for id in row if id in known]


def _rows(ids: Sequence[str], direct: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Results by the length of the longest way down to one that rests on nothing."""
    depth: dict[str, int] = {}

    def measure(id: str, above: tuple[str, ...]) -> int:
        if id in above:
            raise ValueError(f"{id} rests on itself")
        if id not in depth:
            depth[id] = max((measure(u, (*above, id)) + 1 for u in direct[id]), default=0)
        return depth[id]

    for id in ids:
        measure(id, ())
    rows: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for id in ids:
        rows[depth[id]].append(id)
    return rows


def _reduced(id: str, direct: Mapping[str, Sequence[str]]) -> list[str]:
    """What a result uses, without what it also reaches through another one."""

    def reach(start: str) -> set[str]:
        return {x for u in direct[start] for x in (u, *reach(u))}

    return [u for u in direct[id] if not any(u in reach(v) for v in direct[id] if v != u)]


def _uncross(rows: list[list[str]], lines: Sequence[tuple[str, str]]) -> None:
    """Order each row by the mean place of the neighbours, back and forth."""
    near: dict[str, list[str]] = {id: [] for row in rows for id in row}
    for a, b in lines:
        near[a].append(b)
        near[b].append(a)
    place = {id: m - (len(row) - 1) / 2 for row in rows for m, id in enumerate(row)}
    for sweep in range(_SWEEPS):
        for row in rows if sweep % 2 == 0 else reversed(rows):
            mean = {
                id: sum(place[o] for o in near[id]) / len(near[id]) if near[id] else place[id]
                for id in row
            }
            row.sort(key=mean.__getitem__)
            for m, id in enumerate(row):
                place[id] = m - (len(row) - 1) / 2


def _line(stops: Sequence[tuple[int, int]]) -> str:
    """A curve from the foot of one result, through the rows between, to the head of another."""
    (x, y), *between, (x1, y1) = stops
    out, y = [f"M{x} {y + HEIGHT}"], y + HEIGHT
    for stop, top in between:
        out.append(f"{_curve(x, y, stop, top)}V{top + HEIGHT}")
        x, y = stop, top + HEIGHT
    return "".join([*out, _curve(x, y, x1, y1 - 2)])


def _curve(x0: int, y0: int, x1: int, y1: int) -> str:
    middle = (y0 + y1) // 2
    return f"C{x0} {middle} {x1} {middle} {x1} {y1}"
