"""One block of problems: drawn, searched, judged, and written as rows.

A problem is drawn from the family, the product's shape, the seed and its index; its starts from
the widths as well. Nothing else enters, so a block gives the same rows wherever it is computed.
(Processors with other vector instructions may round differently; what is written keeps away from
the last digits, but a search that hangs by a thread can still end elsewhere there.)
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from proofkit.sweep.families import Data, Family, generator, lane, stacked
from proofkit.sweep.judge import Judged, contracted, judge, value_bounds
from proofkit.sweep.landscape import Landscape
from proofkit.sweep.lanes import Array, unpacked
from proofkit.sweep.search import Found, minimise
from proofkit.sweep.second import second_opinion
from proofkit.sweep.spec import Spec

__all__ = ["VERDICTS", "block_lines", "block_rows", "drawing_label", "drawn", "searched"]

VERDICTS = ("spurious", "numerical", "none-found", "undecided")
"""A certified spurious minimum · one that only floats show · none found · no answer."""

SAME_VALUE = 2.0**-26
"""Values that differ by less than this, relatively, belong to one level: the square root of the
unit roundoff, and far more than what converged searches differ by at one minimum."""


def drawn(spec: Spec, family: Family, indices: range) -> dict[str, Array]:
    """The data of the problems."""
    label = drawing_label(spec)
    return stacked([family.draw(generator(label, i)) for i in indices])


def drawing_label(spec: Spec) -> str:
    """All that a problem is drawn from, but its index; not the widths inside the network."""
    shape = spec.dims[-1], spec.dims[0]
    ranges = json.dumps(spec.to_json()["ranges"])
    return f"{spec.family}|{spec.template}|{ranges}|{shape}|{spec.seed}"


def searched(spec: Spec, family: Family, indices: range) -> tuple[dict[str, Array], Found]:
    """The problems' data and where all their searches ended, problem by problem."""
    data = drawn(spec, family, indices)
    landscape = Landscape(family, spec.dims)
    label = f"starts|{'-'.join(map(str, spec.dims))}|{spec.starts}|{spec.seed}"
    starts = np.stack(
        [generator(label, i).standard_normal((landscape.size, spec.starts)) for i in indices], 1
    ).reshape(landscape.size, -1)
    own = {key: np.repeat(array, spec.starts, axis=-1) for key, array in data.items()}
    with np.errstate(all="ignore"):
        return data, minimise(landscape, own, starts)


def block_rows(spec: Spec, block: int) -> list[dict[str, Any]]:
    """The rows of the problems of a block, in order of their indices, as far as the count goes.

    The whole block is computed even where the count ends inside it: a row never depends on the
    count, not even by the rounding of its neighbours in a vector register.

    >>> rows = block_rows(Spec("E01", (2, 1, 2), 3), 0)
    >>> [row["index"] for row in rows]
    [0, 1, 2]
    """
    family = spec.make()
    first = block * spec.block
    indices = range(first, first + spec.block)
    data, found = searched(spec, family, indices)
    values = np.where(np.isfinite(found.values), found.values, np.inf)
    values = values.reshape(len(indices), spec.starts)
    converged = found.converged.reshape(values.shape)
    best = values.argmin(axis=1)
    levels = _levels(values, converged, best)
    flat = levels.problem * spec.starts + levels.start
    with np.errstate(all="ignore"):
        a, b = contracted(found.points[:, flat], spec.dims)
        judged = judge(family, lane(data, levels.problem), a, b)
        certified = _certified(spec, family, data, found, best, levels, judged)
    rows = []
    bounds = np.searchsorted(levels.problem, np.arange(len(indices) + 1))
    for n, index in enumerate(indices[: max(0, spec.count - first)]):
        row: dict[str, Any] = {"index": index, **family.numbers(lane(data, n))}
        row["best"] = _short(values[n, best[n]])
        row["best_start"] = int(best[n])
        row["converged"] = int(converged[n].sum())
        places = range(bounds[n], bounds[n + 1])
        row |= _verdict(places, levels, judged, certified, values[n])
        if spec.diagnose and index % spec.diagnose == 0:
            at = n * spec.starts + row.get("start", row["best_start"])
            row["diagnosed"], proved = second_opinion(
                spec, family, lane(data, n), found.points[:, at, None]
            )
            said = proved and row["diagnosed"] == "spurious-local-minimum"
            if said and row["verdict"] == "numerical":
                # A proof is a proof, whoever finds it: minima of templates have no other.
                row["verdict"] = "spurious"
        rows.append(row)
    return rows


def block_lines(spec: dict[str, Any], block: int) -> str:
    """The same rows as JSON lines; takes the specification as data, for other processes."""
    rows = block_rows(Spec.from_json(spec), block)
    return "".join(json.dumps(row, allow_nan=False) + "\n" for row in rows)


@dataclass(frozen=True)
class _Levels:
    """The distinct values that searches converged to, one search for each: arrays (L,)."""

    problem: Any
    start: Any
    lowest: Any


def _levels(values: Array, converged: Any, best: Any) -> _Levels:
    order = np.argsort(np.where(converged, values, np.inf), axis=1, kind="stable")
    ordered = np.take_along_axis(np.where(converged, values, np.inf), order, axis=1)
    lowest = values[np.arange(len(values)), best]
    gap = SAME_VALUE * (1 + np.abs(lowest))[:, None]
    with np.errstate(invalid="ignore"):
        new = np.isfinite(ordered)
        new[:, 1:] &= ~(ordered[:, 1:] - ordered[:, :-1] <= gap)
        is_lowest = ordered - lowest[:, None] <= gap
    problem, place = np.nonzero(new)
    return _Levels(problem, order[problem, place], is_lowest[problem, place])


def _certified(
    spec: Spec,
    family: Family,
    data: Data,
    found: Found,
    best: Any,
    levels: _Levels,
    judged: Judged,
) -> Any:
    """Which levels are certified spurious: a local minimum, and certainly not the lowest value."""
    certified = judged.certified & ~levels.lowest
    which = np.flatnonzero(certified)
    if len(which):
        problem = levels.problem[which]
        points = found.points[:, problem * spec.starts + best[problem]]
        _, most = value_bounds(family, lane(data, problem), unpacked(points, spec.dims))
        certified[which] = judged.least[which] > most
    return certified


def _verdict(
    places: range, levels: _Levels, judged: Judged, certified: Any, values: Array
) -> dict[str, Any]:
    """The part of the row that says what was found."""
    minima = [p for p in places if judged.minimum[p]]
    others = [p for p in places if not levels.lowest[p]]
    sure = [p for p in others if certified[p]]
    likely = [p for p in others if judged.minimum[p]]
    unclear = [p for p in others if not judged.minimum[p] and not judged.saddle[p]]
    row: dict[str, Any] = {"minima": len(minima)}
    if not sure and not likely:
        return row | {"verdict": "undecided" if unclear or not places else "none-found"}
    at = max(sure or likely, key=lambda p: values[levels.start[p]])
    row |= {
        "verdict": "spurious" if sure else "numerical",
        "value": _short(values[levels.start[at]]),
        "start": int(levels.start[at]),
        "curvature": _short(judged.curvature[at]),
    }
    if sure:
        # The next power of ten: the radius itself hangs on the last digits of the gradient.
        exponent = math.ceil(math.log10(max(float(judged.radius[at]), 1e-300)))
        row["within"] = float(f"1e{exponent}")
    return row


def _short(x: float) -> float | None:
    """A number to ten digits, which rounding differences between machines do not reach."""
    return float(f"{x:.10g}") if math.isfinite(x) else None
