"""Which figures belong to which results, drawn from the numbers of the example."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np

from proofkit.basics.identity import Same
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.network import Network, Tower
from proofkit.networks.numbers import parse_number
from proofkit.trace import Illustration, ResultTrace, prose
from theorems.lemma_2 import A, B
from theorems.setting import G, M, d, f, j, k

__all__ = ["figures", "landscape"]

_Draw: TypeAlias = Callable[[ResultTrace, Network], Iterable[Illustration]]


def figures(trace: ResultTrace, network: Network) -> Sequence[Illustration]:
    """The figures of a result on a network."""
    found = list(_architecture(network))
    for draw in _OF.get(trace.id, ()):
        found.extend(draw(trace, network))
    return found


def _once(draw: Callable[[Network], Iterator[Illustration]]) -> _Draw:
    """Figures that show the network and nothing of the proof: the same beside every result."""

    @lru_cache(maxsize=32)
    def drawn(network: Same[Network]) -> tuple[Illustration, ...]:
        return tuple(draw(network.thing))

    return lambda trace, network: drawn(Same(network))


def _architecture(network: Network) -> Iterator[Illustration]:
    """The network as a band: beside every example of one tower."""
    if len(network.towers) == 1:
        yield _band(network.dims)


@lru_cache(maxsize=64)
def _band(dims: tuple[int, ...]) -> Illustration:
    from proofkit.figures import architecture

    narrow = _inner_bottleneck(dims)
    widths = ", ".join(map(str, dims))
    return Illustration(
        "architecture",
        architecture(dims, bottleneck=narrow),
        prose("Read from right to left, as the product is."),
        f"A network of {len(dims) - 1} layers with the widths {widths}, input first, drawn as a "
        + (f"band that is narrowest at layer {narrow}." if narrow is not None else "band."),
        beside="example",
    )


def _inner_bottleneck(dims: Sequence[int]) -> int | None:
    inner = [at for at in range(1, len(dims) - 1) if dims[at] == min(dims)]
    return inner[0] if inner and min(dims) < min(dims[0], dims[-1]) else None


# ── The landscape of E01 ───────────────────────────────────────────────────────────────────────
def landscape(network: Network) -> Iterator[Illustration]:
    """The loss on the networks A = (x, y)ᵀ, B = (x, y): E01's minima are all among them."""
    from proofkit.figures import Marked, contour

    if network.dims != (2, 1, 2) or network.product() != ExactMatrix.of([[0, 0], [0, 1]]):
        return
    if network.expect.get("verdict") != "spurious_local_min":
        return
    deep, high = np.sqrt(2), (np.sqrt(1 / 8), np.sqrt(5 / 8))
    minima = [Marked(side * deep, 0, "global", "1") for side in (1, -1)]
    spurious = [Marked(0, side, "spurious", "4") for side in (1, -1)]
    passes = [Marked(x * high[0], y * high[1], "saddle") for x in (1, -1) for y in (1, -1)]
    yield Illustration(
        "landscape",
        contour(
            lambda x, y: _values(network, x, y),
            across=(-2, 2),
            up=(-1.5, 1.5),
            levels=[1.25, 1.75, 2.5, 3.25, 4.0625, 4.125, 4.3, 5, 7, 10],
            points=[*minima, *spurious, *passes],
        ),
        prose(
            "The loss of the networks whose two factors are both the vector with the entries x "
            "and y. Stars: the global minima, value 1. Squares: the spurious local minima, value "
            "4, of which this example is the upper one. Crosses: the passes between them, value "
            "33/8: from a square every way to a star climbs first, if only by 1/8."
        ),
        "Contour lines of the loss over x from −2 to 2 and y from −1.5 to 1.5. Two global minima "
        "of value 1 lie left and right, two spurious local minima of value 4 above and below, "
        "and four saddles of value 33/8 between them.",
    )


def _values(network: Network, x: Any, y: Any) -> Any:
    """The loss at A = (x, y)ᵀ, B = (x, y), over arrays of x and y."""
    flat = np.stack([x.ravel(), y.ravel()], axis=1)
    products = flat[:, :, None] * flat[:, None, :]
    value: Any = network.loss.value(FloatMatrix.of(products))
    return np.asarray(value.value).reshape(x.shape)


# ── The way down ───────────────────────────────────────────────────────────────────────────────
def _escape(network: Network) -> Iterator[Illustration]:
    """The loss along the path that the example states as its way down."""
    from proofkit.figures import descent

    path = network.expect.get("escape_path")
    if path is None or "delta" not in path or len(network.towers) > 1:
        return
    reach = Fraction(path.get("t0", 1))
    times = [reach * n / 48 for n in range(61)]
    start, values = network.loss.value(network.product()), []
    for t in times:
        layers = [_at(rows, t) for rows in path["layers"]]
        values.append(network.loss.value(Tower.of(layers).product()))
    lowest = min(values)
    yield Illustration(
        "escape",
        descent([float(t) for t in times], [float(v) for v in values], start=str(start)),
        prose(
            "The loss along a path that leaves the network: level at first, then falling from "
            "{start}.",
            start=start,
        ),
        f"The loss along a path with the parameter t from 0 to {times[-1]}: it begins at {start}, "
        f"stays nearly level, then falls to {_rounded(lowest)}.",
    )


def _at(rows: Any, t: Fraction) -> ExactMatrix:
    return ExactMatrix.of([[_entry(x, t) for x in line] for line in rows])


def _entry(x: Any, t: Fraction) -> Any:
    """An entry of a path: a number, or a formula in t."""
    return parse_number(re.sub(r"\bt\b", f"({t})", x)) if isinstance(x, str) else x


def _rounded(x: Any) -> str:
    return str(x) if Fraction(x).denominator < 100 else f"{float(x):.3g}"


# ── Perturbations that the product does not feel ───────────────────────────────────────────────
def _perturbed(trace: ResultTrace, network: Network) -> Iterator[Illustration]:
    """The layers before and after identity (1), with the product beside them."""
    from proofkit.figures import before_and_after

    if len(network.towers) > 1 or not network.exact:
        return
    changed = _perturbed_layers(trace, network)
    if not changed:
        return
    layers = {at: network.layer(at) for at in range(1, network.depth + 1)}
    after = Tower.of([changed.get(at, layer) for at, layer in layers.items()]).product()
    order = sorted(changed, reverse=True)
    yield Illustration(
        "perturbation",
        before_and_after(
            [
                *((f"M_{at}", _rows(layers[at])) for at in order),
                ("product", _rows(network.product())),
            ],
            [*((f"M̃_{at}", _rows(changed[at])) for at in order), ("product", _rows(after))],
        ),
        prose(
            "The layers up to the bottleneck before and after the perturbation. Framed entries "
            "have changed; the product {product} has not.",
            product=M[k:1],
        ),
        f"The matrices of the layers {', '.join(map(str, order))} before and after the "
        "perturbation, changed entries framed, and beside them the product, which is the same.",
    )


def _perturbed_layers(trace: ResultTrace, network: Network) -> dict[int, ExactMatrix]:
    """M_i + w_i v_iᵀ, as the way down has it, the glossary, or else the example itself."""
    near = trace.way_down.near if trace.way_down is not None else ()
    if changed := [quantity for quantity in near if quantity.changed]:
        return {int(str(q.term).rpartition("_")[2]): _matrix(q.rows) for q in changed}
    for entry in trace.glossary:
        if getattr(entry.term, "name", "") == "M̃":
            rows = {int(str(q.term).rpartition("_")[2]): q.rows for q in entry.values}
            return {at: _matrix(lines) for at, lines in rows.items()}
    stated = network.expect.get("perturbation")
    if stated is None:
        return {}
    out = {}
    for layer, vector in stated["w"].items():
        w = _matrix([[x] for x in vector])
        v = _matrix([[str(x).replace("eps", "(1/2)")] for x in stated["v"][layer]])
        out[int(layer)] = network.layer(int(layer)) + w @ v.T
    return out


def _matrix(rows: Any) -> ExactMatrix:
    return ExactMatrix.of([[parse_number(x) for x in line] for line in rows])


def _rows(matrix: Any) -> list[list[str]]:
    return [[str(x) for x in line] for line in matrix.entries()]


# ── Lemma 1: rows leave the kernel of the gradient ─────────────────────────────────────────────
def _rows_leave(trace: ResultTrace, network: Network) -> Iterator[Illustration]:
    """Of the products M̃_i⋯M̃_1 how far each row goes along what G sends to zero, and out of it."""
    from proofkit.figures import leaving

    changed = _perturbed_layers(trace, network) if len(network.towers) == 1 else {}
    if not changed or not network.exact or set(changed) != set(range(1, len(changed) + 1)):
        return
    gradient = FloatMatrix.of_exact([network.loss.gradient(network.product())]).value[0]
    kernel = _kernel(gradient)
    if not 0 < kernel.shape[1] < gradient.shape[1]:
        return
    panels = []
    before = after = np.eye(gradient.shape[1])
    for at, layer in sorted(changed.items()):
        before = FloatMatrix.of_exact([network.layer(at)]).value[0] @ before
        after = FloatMatrix.of_exact([layer]).value[0] @ after
        name = f"M̃_{at}⋯M̃_1" if at > 1 else "M̃_1"
        panels.append((name, _places(before, kernel), _places(after, kernel)))
    yield Illustration(
        "leaving",
        leaving(panels),
        prose(
            "The argument in a picture. V is what {G} sends to zero; a ring is a row of the "
            "product before the changes, a dot the same row after them. A row that has left V is "
            "not sent to zero, against equation (2).",
            G=G,
        ),
        "For each product of the changed layers its rows before and after the changes: the rows "
        "begin in V, the kernel of the gradient, and in the last product a row lies outside of it.",
    )


def _kernel(matrix: Any) -> Any:
    """Orthonormal columns that span what a matrix sends to zero."""
    _, sizes, rows = np.linalg.svd(matrix)
    rank = int((sizes > sizes.max() * 1e-12).sum())
    return rows[rank:].T


def _places(matrix: Any, kernel: Any) -> list[tuple[float, float]]:
    """Of each row its length along the kernel and its distance from it."""
    inside = matrix @ kernel
    outside = matrix - inside @ kernel.T
    return [
        (float(np.linalg.norm(a)), float(np.linalg.norm(b)))
        for a, b in zip(inside, outside, strict=True)
    ]


# ── Ranks against the bottleneck ───────────────────────────────────────────────────────────────
def _spectra(network: Network) -> Iterator[Illustration]:
    """The singular values of A and B, as many as the bottleneck is wide."""
    from proofkit.figures import singular_values

    if len(network.towers) > 1 or not network.exact:
        return
    at = _inner_bottleneck(network.dims)
    if at is None:
        return
    width = network.dims[at]
    halves = {"A": network.chain(network.depth, at + 1), "B": network.chain(at, 1)}
    ranks = {name: int(half.rank()) for name, half in halves.items()}  # type: ignore[union-attr]
    spectra = [(name, _singular(half, ranks[name])) for name, half in halves.items()]
    if not any(len({round(x, 9) for x in values if x}) > 1 for _, values in spectra):
        return  # bars of one height say no more than the rank
    yield Illustration(
        "singular-values",
        singular_values(spectra, bottleneck=width),
        prose(
            "The singular values of {A} and {B}, {d} of each: a bar for each that is not zero, a "
            "ring for each that is.",
            A=A,
            B=B,
            d=d(j),
        ),
        "; ".join(f"{name} has rank {ranks[name]} of {width}" for name in halves) + ".",
    )


def _singular(half: Any, rank: int) -> list[float]:
    """Singular values; those beyond the exact rank are zero, whatever rounding says."""
    values = np.linalg.svd(FloatMatrix.of_exact([half]).value[0], compute_uv=False)
    return [float(x) if n < rank else 0.0 for n, x in enumerate(values)]


# ── Lifting the two-layer network ──────────────────────────────────────────────────────────────
@lru_cache(maxsize=1)
def _lifting() -> Illustration:
    """How L_k and L_2 both go through the product."""
    from proofkit.figures import Arrow, commuting

    deep, pair, product = "(M_k, …, M_1)", "(A, B)", "M_k⋯M_1 = A B"
    return Illustration(
        "lift",
        commuting(
            {deep: (62, 132), pair: (318, 132), product: (190, 72), "ℝ": (190, 12)},
            [
                Arrow(deep, pair, "multiply each half", shift=5),
                Arrow(pair, deep, "factor through the layers", dashed=True, shift=5),
                Arrow(deep, product),
                Arrow(pair, product),
                Arrow(product, "ℝ", "f", name=True, side=-1),
                Arrow(deep, "ℝ", "L_k", name=True, side=-1),
                Arrow(pair, "ℝ", "L_2", name=True),
            ],
            size=(380, 156),
        ),
        prose(
            "All ways round agree: the deep network and the two-layer network reach the same "
            "products, and {f} sees nothing else.",
            f=f,
        ),
        "A diagram: the layers go to the pair A, B by multiplying each half, and back by "
        "factoring; both go to the product, and by L_k and L_2 to the real numbers; f takes the "
        "product there. All ways round agree.",
    )


def _lift(trace: ResultTrace, network: Network) -> Iterator[Illustration]:
    yield _lifting()


def _strip(trace: ResultTrace, network: Network) -> Iterator[Illustration]:
    """How a pair of narrow factors goes through the wider layers."""
    from proofkit.figures import strip

    at = _inner_bottleneck(network.dims) if len(network.towers) == 1 else None
    if at is None or network.depth < 3:
        return
    yield Illustration(
        "strip",
        strip(network.dims, through=network.dims[at]),
        prose(
            "Every pair {A}, {B} factors through the layers: {B} enters the network, as many units "
            "as the bottleneck has pass it on as it is, and {A} takes it out.",
            A="A",
            B="B",
        ),
        f"The layers of the network with a strip of {network.dims[at]} of their units from the "
        "first hidden layer to the last; the lower factor enters it, the upper one leaves it.",
    )


# ── Towers as one product ──────────────────────────────────────────────────────────────────────
def _blocks(trace: ResultTrace, network: Network) -> Iterator[Illustration]:
    """The halves of several towers as one pair of factors."""
    from proofkit.figures import blocks

    if len(network.towers) < 2:
        return
    widths = [min(tower.dims) for tower in network.towers]
    rows, columns = network.towers[0].dims[-1], network.towers[0].dims[0]
    yield Illustration(
        "blocks",
        blocks(widths, rows=rows, columns=columns),
        prose(
            "Cut each tower at its narrowest layer. The upper halves side by side, times the lower "
            "halves one above the other, are the sum of the towers."
        ),
        f"A row of {len(widths)} blocks of the widths {', '.join(map(str, widths))}, times a "
        "column of as many blocks, equals the sum of the products of the blocks.",
    )


_LANDSCAPE, _ESCAPE, _SPECTRA = map(_once, (landscape, _escape, _spectra))
_OF: dict[str, tuple[_Draw, ...]] = {
    "perturbation": (_perturbed,),
    "theorem-3": (_ESCAPE,),
    "lemma-2": (_SPECTRA,),
    "lemma-1": (_rows_leave, _perturbed, _ESCAPE),
    "theorem-1": (_lift, _strip, _LANDSCAPE),
    "theorem-2": (_LANDSCAPE, _SPECTRA),
    "corollary-1": (_ESCAPE, _SPECTRA),
    "corollary-2": (_blocks,),
}
