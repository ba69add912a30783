"""What a reader can work with beside a proof: Lemma 1's experiment, and what it is a challenge for.

The experiment perturbs a network as the proof does.  Below the bottleneck M̃_i = M_i + ε w_i v_iᵀ
with M_k⋯M_{i+1} w_i = 0 (identity (1)); above it M̃_i = M_i + ε y_i u_iᵀ with
u_iᵀ M_{i−1}⋯M_{j+1} = 0 (the perturbation of Theorem 3, without which example E10 does not move).
Where A has full rank and B has not, the roles of the two ends are exchanged.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from sympy import Integer

from proofkit.claims import And, Equal, RankIs
from proofkit.evaluate import Environment, Layers
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.network import Network
from proofkit.networks.random import generator
from proofkit.symbols import real, replaced, vectors
from proofkit.trace import prose
from proofkit.walkthroughs.data import (
    Choice,
    Experiment,
    Goal,
    Knob,
    Rows,
    Shown,
    Walkthrough,
)
from theorems.instances import inner_bottleneck, killed, point
from theorems.lemma_1_perturbed import tilde
from theorems.lemma_2 import A, B
from theorems.obstacles import basin, obstacles
from theorems.perturbation import P, perturbation, v, w
from theorems.questions import LEMMA_2, THEOREM_1, THEOREM_3
from theorems.questions_corollaries import CHAIN_RULE, COROLLARY_1, COROLLARY_2, THEOREM_2
from theorems.questions_lemma_1 import KILLED, LEMMA_1, PRODUCT
from theorems.renumbering import at
from theorems.setting import G, M, d, f, i, j, k

__all__ = ["WALKTHROUGHS", "experiment", "perturbed"]

LARGEST = 400
"""Entries of all layers together beyond which there is too much to see at once."""

FEW = 6
"""Entries of a vector that have a slider each; of a longer one, some multiples of it are tried."""

eps = real("ε")
u, y = vectors("u", lambda layer: d(layer - 1)), vectors("y", lambda layer: d(layer))


def perturbed() -> Any:
    """M with ε w_i v_iᵀ added up to the bottleneck and ε y_i u_iᵀ above it."""
    below = replaced(M, 1, j, at, M[at] + eps * (w[at] * v[at].T))
    return replaced(below, j + 1, k, at, M[at] + eps * (y[at] * u[at].T))


def experiment(network: Network, seed: int) -> Experiment | str:
    """Lemma 1's experiment on a network, or why there is none."""
    if len(network.towers) > 1:
        return "The experiment is about one tower, and this network has several."
    dims, depth = network.dims, network.depth
    if sum(a * b for a, b in zip(dims[1:], dims, strict=False)) > LARGEST:
        return f"The experiment shows networks of at most {LARGEST} entries at once."
    bottleneck = inner_bottleneck(dims)
    if not 0 < bottleneck < depth:
        return "No layer between the ends is narrowest here, and Lemma 1 is about such a layer."
    base = point(dims, network.layers, network.loss, network.exact, 1, seed)
    lost = [
        _rank(half) < dims[bottleneck]
        for half in (network.chain(depth, bottleneck + 1), network.chain(bottleneck, 1))
    ]
    below = lost[0] or not lost[1]
    kernels = {n: _kernel(network, n, bottleneck, below) for n in range(1, depth + 1)}
    knobs, fixed, free = [], {w: {}, u: {}}, {v: {}, y: {}}
    rng = generator((seed, 17))
    for n, kernel in sorted(kernels.items(), reverse=True):
        lower = n <= bottleneck
        size = dims[n - 1] if lower else dims[n]
        values = [Fraction(int(x)) for x in rng.choice((-2, -1, 1, 2), size)]
        fixed[w if lower else u][n] = kernel
        free[v if lower else y][n] = _column(values, network.exact)
        if not _is_zero(kernel):
            knobs.append(Knob(v if lower else y, n, tuple(values), f"layer {n}"))
    members = {name: Layers(found) for name, found in (*fixed.items(), *free.items())}
    env = Environment({**base.values, **members, eps: Fraction(1, 2)}, network.exact, 1, seed)
    return _stated(network, env, tuple(knobs), below, not any(lost))


def _stated(
    network: Network, env: Environment, knobs: tuple[Knob, ...], below: bool, full: bool
) -> Experiment:
    """The experiment: perturbed ``below`` the bottleneck unseen by A, or else above unseen by B."""
    moved, depth, bottleneck = perturbed(), network.depth, env[j]
    gradient = f.gradient(moved[k:1])
    order = range(depth, 0, -1)
    slopes = {n: moved[k : n + 1].T * gradient * moved[n - 1 : 1].T for n in order}
    touched = {knob.at for knob in knobs}
    shown = [
        Shown(P[Integer(n)], moved[n], "changed", M[n], plain=f"layer {n}")
        for n in order
        if n in touched
    ]
    shown.append(Shown(P[k:1], moved[k:1], "still", M[k:1], "The product", "the product"))
    if below:
        test = G * P[j:1].T, gradient * moved[j:1].T, "test", G * B.T, "G·B̃ᵀ"
    else:
        test = P[k : j + 1].T * G, moved[k : j + 1].T * gradient, "test", A.T * G, "Ãᵀ·G"
    shown.append(Shown(*test))
    half, blind, which = (
        (moved[j:1], G, "rows of the lower half")
        if below
        else (moved[k : j + 1].T, G.T, "columns of the upper half")
    )
    rows = Rows(
        half,
        blind,
        prose(
            f"Arrows: the {which}. Level: a direction to which the loss is blind, at first order. "
            "As long as every arrow is level, no slope appears. Drag an arrow."
        ),
    )
    shown += [
        Shown(
            prose("gradient in {m}", m=P[Integer(n)]),
            slopes[n],
            "gradient",
            M[k : n + 1].T * G * M[n - 1 : 1].T,
        )
        for n in order
    ]
    pictures = basin(network, bottleneck)
    return Experiment(
        words=_words(below, {knob.family for knob in knobs}, full, bool(pictures)),
        env=env,
        knobs=knobs,
        size=eps,
        loss=network.loss,
        layers=tuple(moved[n] for n in range(1, depth + 1)),
        slopes=tuple(slopes[n] for n in range(1, depth + 1)),
        product=moved[k:1],
        shown=tuple(shown),
        obstacles=obstacles(network, bottleneck),
        pictures=pictures,
        rows=rows,
        pinned=(
            (G, G),
            (A, A),
            (B, B),
            *((P[Integer(n)], moved[n]) for n in order if n in touched),
        ),
        means=((P, tilde(v)),),
        few=FEW,
    )


def _words(below: bool, slid: set[Any], full: bool, minimum: bool) -> Any:
    """What is to be seen; ``minimum``: a basin is shown, since the network is a local minimum."""
    if not slid:
        return prose(
            "Both factors have the rank of the bottleneck, and no vector is killed: there is "
            "nothing to slide. Below you see why"
            + (", and the basin that the network lies in." if minimum else ".")
        )
    side, test = (A, G * P[j:1].T) if below else (B, P[k : j + 1].T * G)
    if full:
        return prose(
            "Both factors have full rank: at the bottleneck nothing is hidden from them. Wider "
            "layers can be changed unseen; where the network is a local minimum, {T} stays zero "
            "whatever you slide.",
            T=test,
        )
    return prose(
        "{X} has lost rank, so that layers can be changed by {D} unseen. Slide the vectors: the "
        "product stays. As soon as {T} is not zero, Lemma 2 says that the network was no local "
        "minimum; where a gradient appears, the loss falls along it."
        + (
            " The vectors beyond the bottleneck are those of Theorem 3, without which no gradient "
            "appears in some networks."
            if len(slid) > 1
            else ""
        ),
        X=side,
        D=w[i] * v[i].T if below else y[i] * u[i].T,
        T=test,
    )


def _kernel(network: Network, n: int, bottleneck: int, below: bool) -> Any:
    """The vector of layer ``n`` that the rest of the network does not see: zero if there is none.

    On the side of the half that lost rank it is hidden from the whole other end.
    """
    depth, exact = network.depth, network.exact
    if n <= bottleneck:
        top = depth if below else bottleneck
        above = network.chain(top, n + 1) if n < top else None
        return killed(above, network.dims[n], exact)
    bottom = bottleneck + 1 if below else 1
    lower = network.chain(n - 1, bottom).T if n > bottom else None
    return killed(lower, network.dims[n - 1], exact)


def _rank(matrix: Any) -> int:
    found = matrix.rank()
    return int(found) if isinstance(found, int) else int(found[0])


def _is_zero(matrix: Any) -> bool:
    return bool(matrix.is_zero()) if isinstance(matrix, ExactMatrix) else not matrix.value.any()


def _column(values: list[Fraction], exact: bool) -> Any:
    column = ExactMatrix.of([[x] for x in values])
    return column if exact else FloatMatrix.of_exact([column])


# ── What is offered ───────────────────────────────────────────────────────────────────────────────
GOALS = (
    Goal(
        "E08",
        prose("Find a move from which the loss runs down below 2."),
        below=Fraction(2),
    ),
    Goal(
        "E09",
        prose("Bring the loss below 4 and move one layer only."),
        below=Fraction(4),
        layers=1,
    ),
    Goal("E01", prose("Try the same here. You will fail: say why.")),
)

WHY = (
    Choice(prose("It is level here whatever the network: the slope of the loss in the product "
                 "is zero"), Equal(G, 0)),
    Choice(prose("The lower half is zero, so that nothing gets through"), Equal(B, 0)),
    Choice(
        prose("Neither half loses anything that the narrowest layer could carry, so that no "
              "change is hidden there"),
        And(RankIs(A, d(j)), RankIs(B, d(j))),
    ),
)  # fmt: skip

WALKTHROUGHS = {
    "lemma-1": Walkthrough(LEMMA_1, experiment, (KILLED,), GOALS, WHY),
    "lemma-2": Walkthrough(LEMMA_2),
    "chain-rule": Walkthrough(CHAIN_RULE),
    "corollary-1": Walkthrough(COROLLARY_1),
    "corollary-2": Walkthrough(COROLLARY_2),
    "theorem-1": Walkthrough(THEOREM_1),
    "theorem-2": Walkthrough(THEOREM_2),
    "theorem-3": Walkthrough(THEOREM_3),
    "perturbation": Walkthrough(
        (replace(PRODUCT, at=(perturbation.claim,)),), experiment, (), GOALS, WHY
    ),
}
