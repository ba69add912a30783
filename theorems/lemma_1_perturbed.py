"""Where A has lost rank, the layers up to the bottleneck can be perturbed unseen.

Kernel vectors w_i let each of them be changed with the product unchanged (identity (1)); small
changes are local minima, and Lemma 2 says at each that G·B̃ᵀ = 0: equation (2) of the paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from proofkit.claims import And, Equal, Exists, ForAll, Implies, LessEqual, Near, NonZero
from proofkit.script import Fact, Proof, Result, along, known, result_, rewriting
from proofkit.symbols import Tabulated, Zero, family, rank, replaced, vector, vectors
from theorems.lemma_2 import A, lemma_2
from theorems.perturbation import perturbation, v, w
from theorems.renumbering import at
from theorems.setting import G, M, d, f, i, j, k, local_minimum, loss

v_near = vectors("v'", lambda layer: d(layer - 1))
no_change = Tabulated(at, Zero(d(at - 1), 1))
"""The family of zero vectors v_i: nothing is perturbed."""
LAYERS = (LessEqual(1, i), LessEqual(i, j))


def tilde(v: Any) -> Any:
    """M with M_l + w_l v_lᵀ for its layers l up to the bottleneck."""
    return replaced(M, 1, j, at, M[at] + w[at] * v[at].T)


def rows_killed(at: Any, v: Any) -> Equal:
    """G (M̃_at⋯M̃_1)ᵀ = 0: the gradient sends the rows of the lower layers to zero."""
    return Equal(G * tilde(v)[at:1].T, 0)


def equation_2(
    p: Proof, setting: Sequence[Fact], minimum: Fact, lost: Fact, route: str
) -> tuple[Fact, Fact]:
    """The vectors w_i, and that G·B̃ᵀ = 0 for all small v_i, by a route to Lemma 2."""
    kills = _directions(p, setting[2], lost)
    unseen = _product_stays(p, kills)
    minima = _still_minima(p, minimum, unseen)
    return kills, _lemma_2_there(p, (lemma_2, route), setting, minima, unseen)


def _directions(p: Proof, narrow: Fact, lost: Fact) -> Fact:
    """Nonzero vectors w_i with M_k⋯M_{i+1} w_i = 0."""
    above, unseen = M[k : i + 1], vector("w", d(i))
    with p.beat(
        "Each layer {i} up to the bottleneck has a direction {w}, not zero, that the factors above "
        "it do not see.",
        i=i,
        w=w[i],
    ):
        with p.for_all(i, given=LAYERS, words="Take such a layer {i}.", i=i) as block:
            shrink = p.have(
                LessEqual(rank(above), rank(A)),
                known("rank of product left", A, M[j : i + 1]),
                "The factors above it begin with {A}, and multiplying cannot raise a rank.",
                A=A,
            )
            wide = p.have(LessEqual(d(j), d(i)), using=[narrow])
            p.have(
                Exists(unseen, And(NonZero(unseen), Equal(above * unseen, 0))),
                "As {A} has lost rank and layer {i} is no narrower than the bottleneck, the "
                "columns of {X} are dependent: some vector is sent to zero.",
                using=[shrink, lost, wide],
                A=A,
                i=i,
                X=above,
            )
        chosen = And(NonZero(w[i]), Equal(above * w[i], 0))
        exists = p.have(Exists(w, ForAll(i, Implies(*LAYERS, chosen))), using=[block.fact])
        (kills,) = p.obtain(exists, w)
    return kills


def _product_stays(p: Proof, kills: Fact) -> Fact:
    """Whatever the v_i are, the perturbed network has the same product."""
    with p.beat(
        "Add {D} to each of these layers, with any vectors {v}: the product stays what it was.",
        D=w[i] * v[i].T,
        v=v[i],
    ):
        killed = p.have(ForAll(i, Implies(*LAYERS, Equal(M[k : i + 1] * w[i], 0))), using=[kills])
        with p.for_all(v, words="This is identity (1).") as any_:
            layers = p.have(ForAll(i, Implies(*LAYERS, Equal(tilde(v)[i], M[i] + w[i] * v[i].T))))
            one = p.have(
                Equal(A * tilde(v)[j:1], M[k:1]),
                result_(perturbation, d, k, j, M, w, v, tilde(v), premises=[killed, layers]),
            )
            p.have(Equal(M[k:1], tilde(v)[k:1]), using=[one])
    return any_.fact


def _still_minima(p: Proof, minimum: Fact, unseen: Fact) -> Fact:
    """For small v_i the perturbed network is a local minimum."""
    other, N = family("N'", d), family("M'", d)
    with p.beat("So for small {v} the perturbed network is a local minimum, too.", v=v[i]):
        ball = p.have(
            Near((N, M), Near((other, N), LessEqual(loss(M), loss(other)))),
            "Around every network near {M} the loss is at least that of {M}.",
            using=[minimum],
            M=M,
        )
        small = p.have(
            Near((v, no_change), Near((other, tilde(v)), LessEqual(loss(M), loss(other)))),
            along(ball, tilde(v)),
        )
        with p.near((v, no_change), using=[small]) as near:
            same = p.have(Equal(M[k:1], tilde(v)[k:1]), using=[unseen])
            p.have(local_minimum(tilde(v)), rewriting(near.given[0], same))
    return near.fact


def _lemma_2_there(
    p: Proof, lemma: tuple[Result, str], setting: Sequence[Fact], minima: Fact, unseen: Fact
) -> Fact:
    """Near v = 0: G·B̃ᵀ = 0."""
    with (
        p.beat(
            "Lemma 2 holds at each of these networks. The product is the same, hence so is the "
            "gradient: {G} sends the rows of every {B} to zero. This is equation (2).",
            G=G,
            B=tilde(v)[j:1],
        ),
        p.near((v, no_change), using=[minima]) as near,
    ):
        critical = p.have(
            Equal(f.gradient(tilde(v)[k:1]) * tilde(v)[j:1].T, 0),
            using=[*setting, *near.given, lemma],
        )
        same = p.have(Equal(M[k:1], tilde(v)[k:1]), using=[unseen])
        p.have(rows_killed(j, v), rewriting(critical, same, back=True))
    return near.fact


__all__ = ["equation_2", "no_change", "rows_killed", "tilde", "v_near"]
