"""Look for a covering (:mod:`proofkit.diagnose.check.covering`): which boxes, which numbers?

All boxes of a chart that are still open are tried at once, in floats: damped Newton minimises over
B at their midpoints, from where the box they were cut from had ended; the derivative there gives Z
and κ, rounded to few digits. A box whose bound does not suffice is halved along the axis on which
the bound bends most. A midpoint whose minimum is below f(W) shows a lower point instead.

Nothing here is trusted. The effort is counted in boxes, not in seconds, so that the answer does not
depend on the machine.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import Any

import flint
import numpy as np

from proofkit.diagnose.check.cases import BITS, Case
from proofkit.diagnose.check.certificate import Json
from proofkit.diagnose.check.charts import Box, Chart, charts
from proofkit.diagnose.check.covering import FAR, MAX_CORNERS, MAX_LEAVES, NEAR
from proofkit.diagnose.check.vicinity import critical_in, near_holds, units_of
from proofkit.diagnose.search.interior import centres
from proofkit.networks.array_matrix import Array, ArrayMatrix, array

__all__ = ["Lower", "propose_covering"]

_NUMBERS = 600_000
_NEWTON = 30
_DIGITS = (2, 4, 7, 17)
_SHRUNK = (1e-6, 1e-3, 0.02, 0.1, 0.3)
_RADII = tuple(2.0**-k for k in range(1, 24))
_REACHES = (0.5, 0.15)
_OUTSIDE = 1.25
_CENTRED = 80
_MIXTURES = (1e-4, 1e-3, 0.01, 0.05, 0.2, 0.5)


@dataclass(frozen=True)
class Lower:
    """Floats (A, B) of the network's shapes with a loss that seems lower."""

    A: Array
    B: Array


@dataclass
class _Node:
    """A box of the bisection: open, a leaf (``token``), or halved."""

    box: Box
    B: Array
    token: str = ""
    dual: list[float] | None = None
    parts: list[_Node] = field(default_factory=list)


def propose_covering(case: Case) -> Json | Lower | None:
    """A covering that may prove that (A, B) is global, or a point that may be lower."""
    rows = case.conjugate.rows
    places = charts(rows, case.width)
    size = places[0].size
    if not case.narrow or 2**size > MAX_CORNERS:
        return None
    search = _Search(case)
    if not np.isfinite(search.value):
        return None
    nears = [_near(case, chart) for chart in places]
    if not any(nears):
        return None
    found = []
    for chart, near in zip(places, nears, strict=True):
        # Far out values overflow; such boxes are not closed.
        with np.errstate(all="ignore"):
            own = search.cover(chart, near)
        if own is None or isinstance(own, Lower):
            return own
        found.append(own)
    return {"charts": found}


def _near(case: Case, chart: Chart) -> Json | None:
    """The largest of some cubes around X* that is proved."""
    with flint.ctx.workprec(BITS):
        point = critical_in(case, chart)
        if point is None:
            return None
        middle = [float(x.mid()) for x in point[0]]
        if not all(abs(x) < _OUTSIDE for x in middle):
            return None
        units = units_of(case, chart, *point)
        if units is None:
            return None
        own = units[-chart.size :, -chart.size :]
        length = float(np.abs(np.linalg.inv(own)).sum(axis=1).max())
        for radius in _RADII:
            for part in _REACHES:
                reach = float(f"{part * radius * length:.2g}")
                near = {"middle": middle, "radius": radius, "reach": reach}
                if near_holds(case, chart, near):
                    return near
    return None


class _Search:
    """What all charts share."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.loss = case.loss
        self.kernel = array(case.conjugate.kernel).reshape(-1, case.conjugate.samples)
        self.inverse = np.linalg.pinv(self.kernel)
        self.boxes = self.numbers = 0
        A, B = (
            np.array([[float(x.mid()) for x in line] for line in table])
            for table in (case.A, case.B)
        )
        rows, cols = case.loss.shape
        whole = np.zeros((rows, cols))
        whole[: len(A), case.conjugate.columns] = A @ B
        with np.errstate(all="ignore"):
            self.value = float(self.loss.value(ArrayMatrix(whole)))
        self.gap = 1e-11 * max(1.0, abs(self.value))

    def cover(self, chart: Chart, near: Json | None) -> Json | Lower | None:
        """The leaves of one chart."""
        case = self.case
        root = _Node(chart.whole, np.zeros((case.width, len(case.conjugate.columns))))
        waiting = [root]
        while waiting:
            self.boxes += len(waiting)
            self.numbers += len(waiting) * self._length(chart)
            if self.boxes > MAX_LEAVES or self.numbers > _NUMBERS:
                return None
            lower = self._step(chart, waiting, near)
            if lower is not None:
                return lower
            waiting = [part for node in waiting for part in node.parts]
        tree, duals, stack = [], [], [root]
        while stack:
            node = stack.pop()
            tree.append(node.token)
            if node.dual is not None:
                duals.append(node.dual)
            stack += reversed(node.parts)
        text = "".join(tree)
        return {"tree": text, "duals": duals, "near": near if NEAR in text else None}

    def _length(self, chart: Chart) -> int:
        return len(chart.free) * self.case.conjugate.samples + self.case.width * len(self.kernel)

    def _step(self, chart: Chart, nodes: list[_Node], near: Json | None) -> Lower | None:
        """Close or halve every box of a level."""
        if near is not None:
            for node in nodes:
                if node.box.inside(near["middle"], near["radius"]):
                    node.token = NEAR
        nodes = [node for node in nodes if not node.token]
        if not nodes:
            return None
        x = np.array([node.box.middle for node in nodes])
        half = np.array([node.box.half for node in nodes])
        B = self.inner(chart, x, np.stack([node.B for node in nodes]))
        W = self._product(chart, x, B)
        values = self.loss.value(ArrayMatrix(W))
        best = int(np.argmin(values))
        if values[best] < self.value - 100 * self.gap:
            return self._lower(chart.left(x[best], self.case.loss.shape[0]), B[best])
        duals, bounds = self._duals(chart, x, half, W)
        good = bounds > self.value + self.gap
        axes = self._axes(chart, x, half, duals)
        for i, node in enumerate(nodes):
            if good[i]:
                node.token, node.dual = FAR, duals[i].tolist()
                continue
            node.token = str(axes[i])
            node.parts = [_Node(box, B[i]) for box in node.box.halves(int(axes[i]))]
        return None

    def _lower(self, A: Array, B: Array) -> Lower:
        whole = np.zeros((self.case.width, self.case.loss.shape[1]))
        whole[:, self.case.conjugate.columns] = B
        return Lower(whole.T, A.T) if self.case.turned else Lower(A, whole)

    def _product(self, chart: Chart, x: Array, B: Array) -> Array:
        rows, cols = self.case.loss.shape
        W = np.zeros((len(x), rows, cols))
        W[:, :, self.case.conjugate.columns] = chart.left(x, rows) @ B
        return W

    def inner(self, chart: Chart, x: Array, B: Array) -> Array:
        """Approximate minima over B for every X, by damped Newton."""
        rows, cols = self.case.loss.shape
        width, columns = self.case.width, self.case.conjugate.columns
        A = chart.left(x, rows)
        count = width * len(columns)
        units = np.zeros((len(x), width, len(columns), rows, cols))
        for j, c in enumerate(columns):
            units[:, :, j, :, c] = np.swapaxes(A, 1, 2)
        J = units.reshape(len(x), count, rows, cols)
        flat = J.reshape(len(x), count, rows * cols)
        B = B.copy()
        values = self.loss.value(ArrayMatrix(self._product(chart, x, B)))
        for _ in range(_NEWTON):
            W = self._product(chart, x, B)
            slopes = self.loss.gradient(ArrayMatrix(W)).value.reshape(len(x), -1)
            slope = np.einsum("bps,bs->bp", flat, slopes)
            bent = self.loss.second(ArrayMatrix(W[:, None]), ArrayMatrix(J)).value
            bend = flat @ np.swapaxes(bent.reshape(flat.shape), 1, 2)
            size = np.trace(bend, axis1=1, axis2=2) / count
            bend = bend + (1e-9 * size + 1e-14)[:, None, None] * np.eye(count)
            step = -np.linalg.solve(bend, slope[..., None])[..., 0]
            # Far out a loss may be flat: steps are held to a length.
            length = np.abs(step).max(axis=1)
            step *= np.minimum(1.0, 4.0 / np.maximum(length, 1e-300))[:, None]
            fall = np.einsum("bp,bp->b", step, slope)
            if (-fall <= 1e-15 * np.maximum(1.0, np.abs(values))).all():
                break
            rate = np.ones(len(x))
            for _ in range(12):
                trial = B + rate[:, None, None] * step.reshape(B.shape)
                there = self.loss.value(ArrayMatrix(self._product(chart, x, trial)))
                good = there <= values + 1e-4 * rate * fall
                if good.all():
                    break
                rate = np.where(good, rate, rate / 2)
            better = there <= values
            B = np.where(better[:, None, None], trial, B)
            values = np.where(better, there, values)
        return B

    def _duals(self, chart: Chart, x: Array, half: Array, W: Array) -> tuple[Array, Array]:
        """Z and κ for every box, and the least of the bounds at its corners."""
        S = self.case.conjugate.slope(W)
        X = x.reshape(len(x), len(chart.free), len(chart.fixed))
        Z = S[:, chart.free]
        top = S[:, list(chart.fixed)] + np.swapaxes(X, 1, 2) @ Z
        kappa = top @ self.inverse
        whole = np.concatenate([Z.reshape(len(x), -1), kappa.reshape(len(x), -1)], axis=1)
        best, bounds = whole.copy(), np.full(len(x), -np.inf)
        everywhere = np.ones(len(x), dtype=bool)

        def attempt(numbers: Array, mask: Any, digits: int) -> None:
            places = np.flatnonzero(mask & (bounds <= self.value + self.gap))
            if not len(places):
                return
            tried = _short(numbers[places], digits)
            there = self._bound(chart, x[places], half[places], tried)
            better = there > bounds[places]
            best[places[better]], bounds[places[better]] = tried[better], there[better]

        for digits in _DIGITS:
            attempt(whole, everywhere, digits)
        lost = np.isinf(bounds)
        if self.loss.shifted and whole.shape[1] <= _CENTRED:
            lost &= np.isfinite(self._at(chart, x, whole))
            inside = self.case.conjugate.chances
            centre = whole.copy()
            if lost.any():
                centre[lost] = centres(chart, x[lost], whole[lost], self.kernel, inside)
            for part in _MIXTURES:
                attempt((1 - part) * whole + part * centre, lost, 7)
        else:
            for less in _SHRUNK:
                attempt(whole * (1 - less), lost, 7)
        return best, bounds

    def _at(self, chart: Chart, x: Array, dual: Array) -> Array:
        """−g*(S(X))."""
        conjugate = self.case.conjugate
        free, fixed, count = chart.free, list(chart.fixed), len(x)
        split = len(free) * conjugate.samples
        Z = dual[:, :split].reshape(count, len(free), conjugate.samples)
        kappa = dual[:, split:].reshape(count, len(fixed), len(self.kernel))
        X = x.reshape(count, len(free), len(fixed))
        S = np.zeros((count, conjugate.rows, conjugate.samples))
        S[:, free] = Z
        S[:, fixed] = kappa @ self.kernel - np.swapaxes(X, 1, 2) @ Z
        return -conjugate.floats(S)

    def _bound(self, chart: Chart, x: Array, half: Array, dual: Array) -> Array:
        least = np.full(len(x), np.inf)
        for side in product((-1.0, 1.0), repeat=chart.size):
            least = np.minimum(least, self._at(chart, x + half * np.array(side), dual))
        return least

    def _axes(self, chart: Chart, x: Array, half: Array, dual: Array) -> Array:
        """The axis along which the bound bends most; the longest where it is infinite."""
        middle = self._at(chart, x, dual)
        bends = []
        for axis in range(chart.size):
            move = np.zeros_like(half)
            move[:, axis] = half[:, axis]
            ends = self._at(chart, x + move, dual) + self._at(chart, x - move, dual)
            with np.errstate(all="ignore"):
                bends.append(2 * middle - ends)
        table = np.stack(bends, axis=1)
        usable = np.isfinite(table).all(axis=1, keepdims=True)
        table = np.where(usable, table, half)
        # No axis may stay long for ever.
        table = np.where(half * 8 < half.max(axis=1, keepdims=True), -np.inf, table)
        return np.asarray(table.argmax(axis=1))


def _short(numbers: Array, digits: int) -> Array:
    """The numbers rounded to some significant digits, so that a certificate stays short."""
    if digits > 15:
        return numbers
    with np.errstate(all="ignore"):
        scale = 10.0 ** (digits - 1 - np.floor(np.log10(np.abs(numbers))))
        result = np.round(numbers * scale) / scale
    return np.where(np.isfinite(result), result, 0.0)
