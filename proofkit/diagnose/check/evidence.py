"""Check each kind of evidence: from it alone, which verdict follows, by which result?"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from proofkit.diagnose.check.certificate import (
    Json,
    Refused,
    number_json,
    read_matrix,
    read_number,
    read_path,
    table,
)
from proofkit.diagnose.check.corners import corner_of, has_zero
from proofkit.diagnose.check.floors import floor_of, reaches_floor
from proofkit.diagnose.check.global_holds import global_holds, in_words, kind_of
from proofkit.diagnose.check.hessian import two_layer_hessian
from proofkit.diagnose.check.inertia import exact_inertia
from proofkit.diagnose.check.invariance import tangent
from proofkit.diagnose.check.lagrangian import holds
from proofkit.diagnose.check.paths import bound, change, curvature, product_along
from proofkit.diagnose.check.point import Point, lifting_result
from proofkit.diagnose.check.polynomials import MatrixPolynomial, negative_on
from proofkit.diagnose.check.rationals import balls
from proofkit.diagnose.check.series_paths import series_change
from proofkit.diagnose.check.squared import comparison
from proofkit.networks.decode import network_from_document
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.network import Tower
from proofkit.networks.scalars import sign

__all__ = ["CHECKS", "Checker", "lower_layers"]


_BITS = 256


def lower_layers(data: Json, point: Point) -> list[ExactMatrix]:
    """The layers of a lower point with the widths of the network; raises ``Refused``."""
    if set(data) - {"towers", "layers", "dims", "value"}:
        raise Refused("lower_point: unknown keys")
    layers: list[ExactMatrix] = []
    for tower, own in zip(data.get("towers", [data]), point.towers, strict=True):
        if "dims" in tower and tower["dims"] != list(own.dims):
            raise Refused("lower_point: other widths")
        for rows, layer in zip(tower["layers"], own.layers, strict=True):
            layers.append(read_matrix(rows, layer.shape))
    return layers


class Checker:
    """A certificate read, with the checks that several kinds of evidence share."""

    def __init__(self, document: Json) -> None:
        self.document = document
        network = network_from_document(document["network"])
        if not network.exact:
            raise Refused("the network is not exact")
        self.point = Point(network)
        self.evidence: Json = document["evidence"]
        self.done: list[str] = []
        self.inertia: Any = None

    def usable(self) -> bool:
        stated = self.document["convexity"]
        return stated is not None and stated["status"] in ("proved", "assumed")

    def path(self, data: Json) -> None:
        """The loss falls along the path for 0 < t ≤ t₀, and its numbers are as claimed."""
        path = read_path(data, self.point)
        for layer, moving in zip(self.point.layers, path.layers, strict=True):
            if moving.coefficients[0] != layer:
                raise Refused("path: it does not start at the network")
        if path.kind == "exact":
            true = change(self.point, path.layers)
            if true is None or list(path.change) != true or path.curvature is not None:
                raise Refused("path: the loss along it is another polynomial")
        elif path.kind == "bounded":
            bounded = bound(self.point, path.layers, path.end)
            if bounded is None or (list(path.change), path.curvature) != bounded:
                raise Refused("path: the bound of the loss along it is another")
        elif path.kind == "series":
            if series_change(self.point, path.layers, path.end) != path.change or path.curvature:
                raise Refused("path: the bound of the loss along it is another")
        else:
            raise Refused(f"path: the kind {path.kind!r} is unknown")
        if not path.end > 0 or not negative_on(path.change, path.end):
            raise Refused("path: the loss is not shown to fall up to t0")
        if data["order"] != path.order or data["table"] != table(path):
            raise Refused("path: its order or its table is not so")
        self.done.append(f"the loss falls along the path for all 0 < t ≤ {path.end}")

    def critical(self) -> None:
        if not self.point.critical:
            raise Refused("the point is not critical")

    def semidefinite(self) -> None:
        if self.inertia is None or self.inertia[2] != 0:
            raise Refused("the Hessian is not positive semidefinite")

    def forbidden(self) -> set[str | None]:
        """The results that say that this is no local minimum, where f′ ≠ 0."""
        point, several = self.point, len(self.point.towers) > 1
        if point.stationary:
            return {None}
        if not point.has_bottleneck:
            return {"corollary-2" if several else "theorem-3"}
        if not point.stacked_full:
            return {"corollary-2" if several else "lemma-1"}
        return {"corollary-1" if point.loss.plain_squares() is not None else None}


Answer = tuple[set[str], set[str | None]]
"""The verdicts and the results that a piece of evidence gives."""


def _gradient(c: Checker) -> Answer:
    e = c.evidence
    gradient = c.point.gradients[e["layer"] - 1]
    layer, row, column, entry = c.point.largest_gradient()
    if [e["layer"], e["row"], e["column"]] != [layer + 1, row + 1, column + 1]:
        raise Refused("the largest derivative stands elsewhere")
    if sign(gradient.entry(row, column)) == 0 or e["entry"] != number_json(entry):
        raise Refused("the derivative named is another")
    c.done.append("a derivative is not 0")
    if e["step"] is not None:
        layers = [
            read_matrix(rows, layer.shape)
            for rows, layer in zip(e["step"]["layers"], c.point.layers, strict=True)
        ]
        product = product_along(c.point, [MatrixPolynomial([m]) for m in layers]).coefficients[0]
        if c.point.loss.compare(product, c.point.product) != -1:
            raise Refused("the step does not lower the loss")
        _along_gradient(c.point, layers, Fraction(read_number(e["step"]["size"])))
        c.done.append("the step lowers the loss")
    return {"not-critical"}, {None}


def _along_gradient(point: Point, layers: list[ExactMatrix], size: Fraction) -> None:
    """The step is M − s·D with D within 1/64 of the gradient in units of its largest entry."""
    largest = max(abs(float(x)) for g in point.gradients for row in g.entries() for x in row)
    for there, here, gradient in zip(layers, point.layers, point.gradients, strict=True):
        for a, b, g in zip(there.entries(), here.entries(), gradient.entries(), strict=True):
            for x, y, z in zip(a, b, g, strict=True):
                if abs(float(y - x) - float(size) * float(z)) > float(size) * largest / 32:
                    raise Refused("the step is not along the gradient by the size stated")


def _convex_stationary(c: Checker) -> Answer:
    if not c.point.stationary or not c.usable():
        raise Refused("f′ = 0 with f convex is claimed and not so")
    c.done.append("f′ = 0 at the product, f convex")
    return {"global-minimum"}, {None}


def _squared(c: Checker) -> Answer:
    c.critical()
    true = comparison(c.point)
    if true is None or list(true) != c.evidence["comparison"] or true[2] != 0:
        raise Refused("the comparison of eigenvalues is another")
    c.done.append("the eigenvalues on ran A are the largest, ties included")
    return {"global-minimum"}, {"corollary-1"}


def _lagrangian(c: Checker) -> Answer:
    values = [read_number(x) for x in c.evidence["multipliers"]]
    if not holds(c.point, values):
        raise Refused("the multipliers prove nothing")
    c.done.append("f plus the multiples of the minors is convex and stationary")
    return {"global-minimum"}, {None}


def _two_layer(c: Checker) -> Answer:
    c.critical()
    if not c.point.stacked_full:
        raise Refused("rank A = rank B = d is not so")
    orbit = int(tangent(c.point.loss, *c.point.stacked).rank())
    small = exact_inertia(two_layer_hessian(c.point), orbit)
    if list(small) != c.evidence["two_layer_inertia"] or orbit != c.evidence["orbit"]:
        raise Refused("the two-layer Hessian has another inertia")
    if small[2] != 0 or small[1] != orbit:
        raise Refused("the two-layer Hessian certifies no local minimum")
    c.done.append("two layers: positive semidefinite, zero only along the orbit")
    return {_local_verdict(c)}, {lifting_result(c.point)}


def _local_verdict(c: Checker) -> str:
    return "local-minimum" if c.document["lower_point"] is None else "spurious-local-minimum"


def _strict_minimum(c: Checker) -> Answer:
    bend: Any = c.point.loss.hessian(c.point.product)
    if not c.point.stationary or exact_inertia(bend)[0] != bend.rows:
        raise Refused("f has no strict local minimum here")
    c.done.append("f′ = 0 and f″ is positive definite")
    return {_local_verdict(c)}, {None}


def _negative_curvature(c: Checker) -> Answer:
    c.critical()
    e = c.evidence
    direction = [
        read_matrix(rows, layer.shape)
        for rows, layer in zip(e["direction"], c.point.layers, strict=True)
    ]
    true = curvature(c.point, direction)
    if sign(true) >= 0 or e["curvature"] != number_json(true):
        raise Refused("the curvature along the direction is another")
    c.done.append("the direction has negative curvature")
    if e["path"] is not None:
        c.path(e["path"])
        path = read_path(e["path"], c.point)
        for layer, d in zip(path.layers, direction, strict=True):
            if MatrixPolynomial([layer.coefficients[0], d]).coefficients != layer.coefficients:
                raise Refused("path: it does not follow the direction")
    return {"strict-saddle"}, c.forbidden()


def _inertia(c: Checker) -> Answer:
    c.critical()
    if c.inertia is None or c.inertia[2] == 0:
        raise Refused("no negative eigenvalue is claimed")
    return {"strict-saddle"}, c.forbidden()


def _escape(c: Checker) -> Answer:
    c.critical()
    c.semidefinite()
    e, point = c.evidence, c.point
    tower: Tower = point.towers[e["tower"] - 1]
    if tower.dims[e["j"]] != min(tower.dims):
        raise Refused("escape: j is no bottleneck of the tower")
    moves = [
        read_matrix(rows, layer.shape)
        for rows, layer in zip(e["perturbation"], tower.layers, strict=True)
    ]
    first = sum(t.depth for t in point.towers[: e["tower"] - 1])
    layers = [MatrixPolynomial([m]) for m in point.layers]
    for i, move in enumerate(moves):
        layers[first + i] = MatrixPolynomial([point.layers[first + i], move])
    if product_along(point, layers).degree != 0:
        raise Refused("escape: the perturbation changes the product")
    if _gradient_order(point, layers) != e["gradient_order"]:
        raise Refused("escape: the gradient grows with another power of t")
    c.done.append("the perturbation keeps the product and the gradient becomes nonzero")
    c.path(e["path"])
    path = read_path(e["path"], point)
    for moved_layer, perturbed in zip(path.layers, layers, strict=True):
        power = e["gradient_order"]
        same = [
            (x.coefficients[p] if p < len(x.coefficients) else ExactMatrix.zeros(*x.shape))
            for x in (moved_layer, perturbed)
            for p in range(power)
        ]
        if same[:power] != same[power:]:
            raise Refused("escape: the path does not begin with the perturbation")
    return {"non-strict-saddle"}, c.forbidden()


def _gradient_order(point: Point, layers: list[MatrixPolynomial]) -> int | None:
    """The power of t with which the gradient grows along a path that keeps the product."""
    orders = []
    place = 0
    for tower in point.towers:
        own = layers[place : place + tower.depth]
        place += tower.depth
        for i in range(tower.depth):
            above = MatrixPolynomial([ExactMatrix.identity(tower.dims[-1])])
            for layer in reversed(own[i + 1 :]):
                above = above @ layer
            below = MatrixPolynomial([ExactMatrix.identity(tower.dims[0])])
            for layer in own[:i]:
                below = layer @ below
            gradient = above.T @ MatrixPolynomial([point.slope]) @ below.T
            for p, coefficient in enumerate(gradient.coefficients):
                if not coefficient.is_zero():
                    orders.append(p)
                    break
    return min(orders, default=None)


def _descent(c: Checker) -> Answer:
    c.critical()
    c.semidefinite()
    c.path(c.evidence["path"])
    return {"non-strict-saddle"}, {None}


def _nothing(c: Checker) -> Answer:
    return {"undecided"}, {None, "lemma-1", "theorem-3", "corollary-2"}


def _global_bound(c: Checker) -> Answer:
    c.critical()
    if not c.point.stacked_full:
        raise Refused("rank A = rank B = d is not so")
    A, B = (balls(m.entries(), _BITS) for m in c.point.stacked)
    bound = c.evidence["bound"]
    if kind_of(bound) != c.evidence["kind"] or not global_holds(c.point.loss, A, B, bound):
        raise Refused("bound: it proves nothing")
    c.done.append(in_words(bound))
    return {"global-minimum"}, {None}


def _lower_bound(c: Checker) -> Answer:
    floor = floor_of(c.point.loss)
    if floor is None or c.evidence["bound"] != str(floor):
        raise Refused("the bound of the loss is another")
    if not reaches_floor(c.point.loss, c.point.product):
        raise Refused("the loss does not reach its bound")
    c.done.append("the loss is as low as the way it is written allows")
    return {"global-minimum"}, {None}


def _subdifferential(c: Checker) -> Answer:
    corner = corner_of(c.point.loss, c.point.product)
    values = [read_number(x) for x in c.evidence["multipliers"]]
    if corner is None or not c.usable() or not has_zero(corner, values):
        raise Refused("the multipliers show nothing")
    c.done.append("0 is in the subdifferential, f convex")
    return {"global-minimum"}, {None}


CHECKS: dict[str, Callable[[Checker], Answer]] = {
    "gradient": _gradient,
    "convex-stationary": _convex_stationary,
    "squared-eigenvalues": _squared,
    "lagrangian": _lagrangian,
    "curvature-bound": _global_bound,
    "no-bottleneck": _global_bound,
    "covering": _global_bound,
    "two-layer-hessian": _two_layer,
    "strict-minimum-of-f": _strict_minimum,
    "negative-curvature": _negative_curvature,
    "inertia": _inertia,
    "escape": _escape,
    "descent": _descent,
    "lower-bound": _lower_bound,
    "subdifferential": _subdifferential,
    "none": _nothing,
}
