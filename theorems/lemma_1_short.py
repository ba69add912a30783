"""The short end of Lemma 1: equation (2) for all small v_i, one layer after the other peeled off.

It needs neither a subspace nor an index i*.
"""

from __future__ import annotations

from proofkit.claims import Equal, ForAll, Implies, LessEqual, Near, NonZero
from proofkit.script import Fact, Proof, along, certificate, from_, result_
from proofkit.symbols import Zero, vector
from theorems.lemma_1_perturbed import no_change, rows_killed, tilde, v_near
from theorems.linear_algebra import equal_factors, peeling
from theorems.perturbation import v, w
from theorems.renumbering import at
from theorems.setting import G, M, d, i, j, k

x = vector("x", d(i - 1))
moved = v.with_layer(i, v[i] + x)
"""The perturbation v with a small x added to v_i."""


def gradient_is_zero(p: Proof, kills: Fact, two: Fact) -> Fact:
    """G = 0: from G·B̃ᵀ = 0 for all small v_i."""
    with p.beat(
        "As the {v} are free, so are the rows of these products. Peel the layers off one by one, "
        "from the bottleneck down: when none is left, {G} sends everything to zero.",
        v=v[i],
        G=G,
    ):
        with p.induction(
            i,
            j,
            Near((v, no_change), rows_killed(i, v)),
            down=True,
            until=0,
            words="We walk down from equation (2): say {G} sends the rows of {B} to zero for all "
            "small {v}.",
            G=G,
            B=tilde(v)[i:1],
            v=v[i],
        ) as walk:
            with walk.base():
                p.have(Near((v, no_change), rows_killed(j, v)), using=[two])
            with walk.step(words="Layer {i} can be peeled off.", i=i) as step:
                _peel(p, kills, step.given[-1])
        bottom = p.have(Near((v, no_change), rows_killed(0, v)), from_(walk.fact, 0))
        return p.have(Equal(G, 0), using=[bottom])


def _peel(p: Proof, kills: Fact, hypothesis: Fact) -> None:
    """From the layers up to i to the layers up to i − 1."""
    below, small = tilde(v)[i - 1 : 1], (x, Zero(d(i - 1), 1))
    around_v = p.have(
        Near((v, no_change), Near((v_near, v), rows_killed(i, v_near))), using=[hypothesis]
    )
    with p.near(
        (v, no_change),
        using=[around_v],
        words="Take small {v}: the same holds with any smaller {x} added to {vi}.",
        v=v,
        x=x,
        vi=v[i],
    ) as near:
        turned = p.have(Near(small, rows_killed(i, moved)), along(near.given[0], moved))
        with p.near(small, using=[turned]) as any_:
            factors = p.have(
                ForAll(
                    at,
                    Implies(
                        LessEqual(1, at),
                        LessEqual(at, i - 1),
                        Equal(tilde(moved)[at], tilde(v)[at]),
                    ),
                )
            )
            same = p.have(Equal(tilde(moved)[i - 1 : 1], below), using=[factors, equal_factors])
            after = p.have(Equal(tilde(moved)[i], M[i] + w[i] * (v[i] + x).T))
            p.have(
                Equal(G * below.T * ((M[i] + w[i] * v[i].T).T + x * w[i].T), 0),
                certificate((None, any_.given[0], None), using=[same, after]),
            )
        turns = p.have(NonZero(w[i]), using=[kills])
        p.have(
            rows_killed(i - 1, v),
            result_(
                peeling,
                *(d(i - 1), d(i), d(k), G * below.T, (M[i] + w[i] * v[i].T).T, w[i]),
                premises=[turns, any_.fact],
            ),
            "This adds {D} to layer {i}, and {w} is not zero: {Z} sends every small {x} to zero, "
            "and so is zero.",
            D=w[i] * x.T,
            i=i,
            w=w[i],
            Z=G * below.T,
            x=x,
        )


__all__ = ["gradient_is_zero"]
