"""The witness that a critical point is no local minimum: what a proof by contradiction hands over.

First, where Lemma 1's perturbation (and Theorem 3's beside it) applies, a network nearby with
exactly the same product whose gradient is not zero; then one with a smaller loss.  Everything is
exact and checked here again.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from proofkit.diagnose.check.point import Point
from proofkit.diagnose.search.diagnosis import diagnosed
from proofkit.diagnose.search.escape import Escape, escape
from proofkit.networks.elementwise import LossError
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.gradients import layer_gradients
from proofkit.networks.network import Network, Tower
from proofkit.networks.numbers import parse_number
from proofkit.networks.scalars import Undecidable, exact, sign
from proofkit.trace import Quantity, WayDown

__all__ = ["way_down"]


def way_down(network: Network, seed: int = 0) -> WayDown | None:
    """A way down from an exact critical point that is no local minimum; None if none is found.

    >>> from proofkit.networks.losses import SquaredLoss
    >>> one = ExactMatrix.identity(1)
    >>> flat = Network.single("0·0", [0 * one, 0 * one], SquaredLoss(one, one))
    >>> found = way_down(flat)
    >>> found.product_kept, found.before, found.after
    (True, '1', '49/64')
    """
    if not network.exact:
        return None
    try:
        found = escape(Point(network), seed)
        if found is not None:
            return _by_perturbing(network, found)
        told = diagnosed(network, seed).escape
    except (LossError, Undecidable):
        return None
    return _straight(network, told) if told and "layers" in told else None


def _by_perturbing(network: Network, found: Escape) -> WayDown:
    time = found.path.end / 2
    towers = list(network.towers)
    tower = towers[found.tower]
    old: Any = tower.layers
    layers = [m + time * p for m, p in zip(old, found.moves, strict=True)]
    towers[found.tower] = Tower.of(layers)
    near = Network("perturbed", tuple(towers), network.loss)
    gradients: Any = layer_gradients(near)
    slopes = [
        (t, at, slope)
        for t, parts in enumerate(gradients, start=1)
        for at, slope in enumerate(parts, start=1)
        if not slope.is_zero()
    ]
    if near.product() != network.product() or not slopes:
        raise ArithmeticError("the perturbation of Lemma 1 is not what it should be")
    t, at, slope = slopes[0]
    below = _at([[list(m.coefficients) for m in found.path.layers]], network, time)
    name = f"the gradient in {_name('M̃', network, t, at)}"
    return _told(network, below, _layers(near, "M̃", network), (Quantity(name, _rows(slope)),))


def _straight(network: Network, told: Any) -> WayDown | None:
    """Down along the path of the diagnosis, where nothing has to be perturbed first."""
    time = Fraction(parse_number(told["t0"])) / 2 if "t0" in told else Fraction(1, 8)
    polynomials = []
    for layer in told["layers"]:
        degree = max(len(entry) for line in layer for entry in line)
        polynomials.append(
            [
                ExactMatrix.of(
                    [
                        [exact(parse_number(e[n])) if n < len(e) else Fraction(0) for e in line]
                        for line in layer
                    ]
                )
                for n in range(degree)
            ]
        )
    return _told(network, _at([polynomials], network, time), (), ())


def _at(polynomials: list[Any], network: Network, time: Fraction) -> Network:
    """The network on a path at a time; the path's layers are those of all towers in a row."""
    values = []
    for coefficients in polynomials[0]:
        total = coefficients[0]
        for n, matrix in enumerate(coefficients[1:], start=1):
            total = total + (time**n) * matrix
        values.append(total)
    towers, place = [], 0
    for tower in network.towers:
        towers.append(Tower.of(values[place : place + tower.depth]))
        place += tower.depth
    return Network("below", tuple(towers), network.loss)


def _told(
    network: Network, below: Network, near: tuple[Quantity, ...], slope: tuple[Quantity, ...]
) -> WayDown:
    values: Any = [n.loss.value(n.product()) for n in (network, below)]
    before, after = map(exact, values)
    if sign(after - before) >= 0:
        raise ArithmeticError("the loss does not fall along the way down")
    return WayDown(near, slope, _layers(below, "M̂", network), str(before), str(after))


def _name(letter: str, network: Network, tower: int, at: int) -> str:
    return f"{letter}_{at}" if len(network.towers) == 1 else f"{letter}_{{{tower},{at}}}"


def _layers(network: Network, letter: str, old: Network) -> tuple[Quantity, ...]:
    """The layers, the entries that differ from those of the old network marked."""
    found = []
    for t, (tower, before) in enumerate(zip(network.towers, old.towers, strict=True), start=1):
        pairs = zip(tower.layers, before.layers, strict=True)
        for at, (rows, was) in enumerate(((_rows(a), _rows(b)) for a, b in pairs), start=1):
            changed = tuple(
                (r, c)
                for r, line in enumerate(rows)
                for c, entry in enumerate(line)
                if entry != was[r][c]
            )
            told = _name("M", network, t, at) if changed else ""
            found.append(Quantity(_name(letter, network, t, at), rows, changed, told))
    return tuple(found)


def _rows(matrix: Any) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(str(x) for x in line) for line in matrix.entries())
