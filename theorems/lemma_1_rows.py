"""The paper's end of Lemma 1: rows are turned out of V, layer by layer.

V = {v : Gv = 0}.  Where the rows of M̃_i⋯M̃_1 are not all in V, a small v_{i+1} keeps it so for
M̃_{i+1}⋯M̃_1, because w_{i+1} is not zero.
"""

from __future__ import annotations

from typing import Any

from proofkit.claims import (
    And,
    Claim,
    Contradiction,
    Equal,
    Exists,
    ForAll,
    Implies,
    LessEqual,
    Near,
    NonZero,
    Or,
)
from proofkit.script import Fact, Proof, along, certificate
from proofkit.symbols import Identity, real, vector, vectors
from theorems.lemma_1_perturbed import no_change, rows_killed, tilde, v_near
from theorems.lemma_1_remarks import BASE, NOT_NEEDED, SMALL
from theorems.linear_algebra import equal_factors, nonzero_matrix, nonzero_multiple
from theorems.perturbation import v, w
from theorems.renumbering import at
from theorems.setting import G, M, d, i, j, k

v_far = vectors("v''", lambda layer: d(layer - 1))
e = vector("e", d(i))
eps = real("ε")
turned = v.with_layer(i + 1, v[i + 1] + eps * e)
"""The perturbation v with a small multiple of e added to v_{i+1}."""


def stays(v: Any) -> Near:
    """Equation (2) holds for all perturbations near this one."""
    return Near((v_near, v), rows_killed(j, v_near))


def leaves(at: Any, v: Any) -> Claim:
    """Some row of M̃_at⋯M̃_1 is not in V."""
    return NonZero(G * tilde(v)[at:1].T)


def reached(at: Any) -> Claim:
    """Small v can be chosen so that the rows leave V at layer ``at``."""
    return Exists(v, And(stays(v), leaves(at, v)))


def gradient_is_zero(p: Proof, kills: Fact, two: Fact) -> Fact:
    """G = 0: otherwise equation (2) fails for some small v."""
    with p.contradicting(
        Equal(G, 0),
        NonZero(G),
        words="Suppose {G} were not zero, and let V be the vectors that it sends to zero.",
        G=G,
    ) as suppose:
        with p.beat(
            "Then small {v} can be chosen, one after the other, so that {B} keeps a row outside V.",
            v=v[i],
            B=tilde(v)[i:1],
            remarks=[NOT_NEEDED],
        ):
            climb = _climb(p, suppose.given[0], kills, two)
            exists = p.have(reached(j), using=[climb])
        with p.beat("At the bottleneck equation (2) says that no row is outside V."):
            good, out = p.obtain(exists, v)
            inside = p.have(rows_killed(j, v), using=[good])
            p.have(Contradiction(), using=[inside, out])
    return suppose.fact


def _climb(p: Proof, nonzero: Fact, kills: Fact, two: Fact) -> Fact:
    """For each layer up to the bottleneck, small v for which the rows leave V there."""
    with p.induction(
        i,
        0,
        reached(i),
        until=j,
        words="Choose them from the first layer up. A row of {B} is outside V exactly if {out}.",
        B=tilde(v)[i:1],
        out=leaves(i, v),
    ) as climb:
        with climb.base(
            words="Below the first layer the product is the identity, and {G} is not zero.",
            G=G,
            remarks=[BASE],
        ):
            empty = p.have(leaves(0, no_change), using=[nonzero])
            p.have(reached(0), using=[two, empty])
        with climb.step(
            words="Say {B} has a row outside V. Layer {n} may take it back.",
            B=tilde(v)[i:1],
            n=i + 1,
        ) as step:
            good, out = p.obtain(step.given[-1], v)
            back = Or(rows_killed(i + 1, v), leaves(i + 1, v))
            split = p.have(back)
            with p.cases(split, reached(i + 1), words="We treat the two cases in turn.") as cases:
                with cases.case(
                    words="Suppose layer {n} takes all rows back into V.", n=i + 1
                ) as case:
                    _turn(p, kills, good, out, case.given[0])
                with cases.case(words="If it does not, nothing more is to be perturbed.") as case:
                    p.have(reached(i + 1), using=[good, *case.given])
    return climb.fact


def _turn(p: Proof, kills: Fact, good: Fact, out: Fact, inside: Fact) -> None:
    """v_{i+1} is turned a little towards a vector e that picks a row outside V."""
    row = G * tilde(v)[i:1].T * e
    exists = p.have(
        Exists(e, NonZero(row)),
        "Some vector {e} picks a row outside V from the layers below (in the paper the ℓ-th basis "
        "vector picks the ℓ-th row).",
        using=[out, nonzero_matrix],
        e=e,
    )
    (moves,) = p.obtain(exists, e)
    around_v = p.have(Near((v_near, v), Near((v_far, v_near), rows_killed(j, v_far))), using=[good])
    near_zero = p.have(Near((eps, 0), stays(turned)), along(around_v, turned))
    some = p.have(Exists(eps, And(NonZero(eps), stays(turned))), using=[near_zero])
    nonzero, good_turned = p.obtain(
        some,
        eps,
        words="Add a small multiple {x}, not zero, to {v}, and call the result {new}: equation (2) "
        "still holds nearby.",
        x=eps * e,
        v=v[i + 1],
        new=turned,
        remarks=[SMALL],
    )
    change = _change(p, row)
    with p.contradicting(leaves(i + 1, turned), rows_killed(i + 1, turned)) as suppose:
        rest = p.have(
            Equal(eps * row * w[i + 1].T, 0),
            certificate(
                (None, suppose.given[0], None),
                (-Identity(d(k)), inside, None),
                (-Identity(d(k)), change, None),
            ),
        )
        _cancel(p, kills, nonzero, rest, row, moves)
    p.have(
        reached(i + 1),
        "That is not zero, as {w} is not: a row is outside V again.",
        using=[good_turned, suppose.fact],
        w=w[i + 1],
    )


def _change(p: Proof, row: Any) -> Fact:
    """What turning v_{i+1} adds to G·(M̃_{i+1}⋯M̃_1)ᵀ."""
    factors = p.have(
        ForAll(
            at, Implies(LessEqual(1, at), LessEqual(at, i), Equal(tilde(turned)[at], tilde(v)[at]))
        )
    )
    below = p.have(Equal(tilde(turned)[i:1], tilde(v)[i:1]), using=[factors, equal_factors])
    before = p.have(Equal(tilde(v)[i + 1], M[i + 1] + w[i + 1] * v[i + 1].T))
    after = p.have(Equal(tilde(turned)[i + 1], M[i + 1] + w[i + 1] * (v[i + 1] + eps * e).T))
    return p.have(
        Equal(
            G * tilde(turned)[i + 1 : 1].T,
            G * tilde(v)[i + 1 : 1].T + eps * row * w[i + 1].T,
        ),
        "In the network {new} perturbed with it the row that was picked is added, once for each "
        "entry of {w}.",
        using=[below, before, after],
        new=tilde(turned),
        w=w[i + 1],
    )


def _cancel(p: Proof, kills: Fact, nonzero: Fact, rest: Fact, row: Any, moves: Fact) -> None:
    """A contradiction from ε·(G(M̃_i⋯M̃_1)ᵀe)·wᵀ = 0."""
    a = vector("a", d(i + 1))
    turns = p.have(NonZero(w[i + 1]), using=[kills])
    one = p.have(Exists(a, Equal(a.T * w[i + 1], Identity(1))), using=[turns])
    (dual,) = p.obtain(one, a)
    other = p.have(Equal(w[i + 1].T * a, Identity(1)), using=[dual])
    multiple = p.have(
        Equal(eps * row, 0), certificate((None, rest, a), (-(eps * row), other, None))
    )
    zero = p.have(Equal(row, 0), using=[nonzero, multiple, nonzero_multiple])
    p.have(Contradiction(), using=[zero, moves])


__all__ = ["e", "gradient_is_zero", "leaves", "turned", "v_far"]
