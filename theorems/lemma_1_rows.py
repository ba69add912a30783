"""The last step of the paper's proof of Lemma 1: rows are turned out of V, layer by layer.

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
    Implies,
    LessEqual,
    Near,
    NonZero,
    Or,
)
from proofkit.script import (
    Fact,
    Proof,
    algebra,
    along,
    around,
    certificate,
    contradiction,
    excluded_middle,
    from_,
    known,
    result_,
    small_number,
    the,
    unfolding,
    witness,
)
from proofkit.symbols import (
    Identity,
    Tabulated,
    Zero,
    real,
    replaced,
    vector,
    vectors,
)
from theorems.lemma_1_remarks import BASE, NOT_NEEDED, SMALL
from theorems.linear_algebra import equal_factors, nonzero_matrix, nonzero_multiple
from theorems.perturbation import v, w
from theorems.renumbering import at
from theorems.setting import M, d, i, j, k
from theorems.theorem_3_input import G

v_near = vectors("v'", lambda layer: d(layer - 1))
v_far = vectors("v''", lambda layer: d(layer - 1))
no_change = Tabulated(at, Zero(d(at - 1), 1))
"""The family of zero vectors v_i: nothing is perturbed."""
e = vector("e", d(i))
eps = real("ε")
turned = v.with_layer(i + 1, v[i + 1] + eps * e)
"""The perturbation v with a small multiple of e added to v_{i+1}."""


def tilde(v: Any) -> Any:
    """M with M_l + w_l v_lᵀ for its layers l up to the bottleneck."""
    return replaced(M, 1, j, at, M[at] + w[at] * v[at].T)


def equation_2(v: Any) -> Equal:
    """G·B̃ᵀ = 0: equation (2) of the paper."""
    return Equal(G * tilde(v)[j:1].T, 0)


def stays(v: Any) -> Near:
    """Equation (2) holds for all perturbations near this one."""
    return Near((v_near, v), equation_2(v_near))


def leaves(at: Any, v: Any) -> Claim:
    """Some row of M̃_at⋯M̃_1 is not in V."""
    return NonZero(G * tilde(v)[at:1].T)


def reached(at: Any) -> Claim:
    """Small v can be chosen so that the rows leave V at layer ``at``."""
    return Implies(LessEqual(at, j), Exists(v, And(stays(v), leaves(at, v))))


def rows_leave(p: Proof, nonzero: Fact, kills: Fact, two: Fact) -> Fact:
    """For each layer up to the bottleneck, small v for which the rows leave V there."""
    with p.induction(
        i,
        0,
        reached(i),
        words="Let V be the vectors that {G} sends to zero. Now we choose the vectors {v} one "
        "after the other, so that {B} has a row outside V.",
        v=v[i],
        B=tilde(v)[i:1],
        G=G,
        remarks=[NOT_NEEDED],
    ) as climb:
        with (
            climb.base(
                words="Begin below the first layer, where nothing is perturbed.", remarks=[BASE]
            ),
            p.for_all(
                given=[LessEqual(0, j)],
                words="Below the first layer the product of layers is empty.",
            ),
        ):
            empty = p.have(
                leaves(0, no_change),
                the(nonzero),
                "The empty product is the identity, and {G} is not zero.",
                G=G,
            )
            p.have(
                reached(0).args[-1],
                witness(no_change, facts=[two, empty]),
                "So without any perturbation some row is outside.",
            )
        with climb.step(words="Now we choose the vector for layer {n}.", n=i + 1) as step:
            _, hypothesis = step.given
            with p.for_all(
                given=[LessEqual(i + 1, j)],
                words="Suppose this layer is not above the bottleneck: it is to be perturbed.",
            ):
                exists = p.have(
                    reached(i).args[-1],
                    from_(hypothesis),
                    "Up to layer {i} some row is outside.",
                    i=i,
                )
                good, out = p.obtain(
                    exists, v, words="Take such a perturbation, with a row outside V so far."
                )
                _next_layer(p, kills, good, out)
    return climb.fact


def _next_layer(p: Proof, kills: Fact, good: Fact, out: Fact) -> None:
    """From v to a v' for which the rows are outside V one layer further up."""
    still_in = Equal(G * tilde(v)[i + 1 : 1].T, 0)
    split = p.have(
        Or(still_in, leaves(i + 1, v)),
        excluded_middle(),
        "Either layer {n} takes all rows back into V, or it does not.",
        n=i + 1,
    )
    with p.cases(split, reached(i + 1).args[-1], words="We treat the two cases in turn.") as cases:
        with cases.case(words="Suppose this layer takes all rows back into V.") as case:
            _turn(p, kills, good, out, case.given[0])
        with cases.case(
            words="If this layer does not take all rows back, nothing more is to be perturbed."
        ) as case:
            p.have(
                reached(i + 1).args[-1],
                witness(v, facts=[good, *case.given]),
                "The perturbation that we have will do.",
            )


def _turn(p: Proof, kills: Fact, good: Fact, out: Fact, inside: Fact) -> None:
    """v_{i+1} is turned a little towards a vector e that picks a row outside V."""
    row = G * tilde(v)[i:1].T * e
    exists = p.have(
        Exists(e, NonZero(row)),
        result_(nonzero_matrix, d(k), d(i), G * tilde(v)[i:1].T, premises=[out]),
        "As some row so far is outside, some vector {e} picks one (in the paper the ℓ-th basis "
        "vector picks the ℓ-th row).",
        e=e,
    )
    (moves,) = p.obtain(
        exists, e, words="Take such a vector {e}, which picks a row outside V.", e=e
    )
    around_v = p.have(
        Near((v_near, v), Near((v_far, v_near), equation_2(v_far))),
        around(good),
        "Around each perturbation near this one equation (2) holds as well.",
    )
    near_zero = p.have(
        Near((eps, 0), stays(turned)),
        along(around_v, turned),
        "In particular it holds when a small multiple of {e} is added to {v}.",
        e=e,
        v=v[i + 1],
    )
    some = p.have(
        Exists(eps, And(NonZero(eps), stays(turned))),
        small_number(near_zero),
        "Among these small multiples there is one that is not zero.",
    )
    nonzero, good_turned = p.obtain(
        some,
        eps,
        words="Take such a multiple, {x}, and perturb layer {n} with it as well.",
        x=eps * e,
        n=i + 1,
        remarks=[SMALL],
    )
    change = _change(p, row)
    with p.contradicting(
        leaves(i + 1, turned),
        Equal(G * tilde(turned)[i + 1 : 1].T, 0),
        words="Suppose layer {n} still took all rows back.",
        n=i + 1,
    ) as suppose:
        rest = p.have(
            Equal(eps * row * w[i + 1].T, 0),
            certificate(
                (None, suppose.given[0], None),
                (-Identity(d(k)), inside, None),
                (-Identity(d(k)), change, None),
            ),
            "Then what was added would be zero.",
        )
        _cancel(p, kills, nonzero, rest, row, moves)
    p.have(
        reached(i + 1).args[-1],
        witness(turned, facts=[good_turned, suppose.fact]),
        "So with this perturbation some row is outside V now.",
    )


def _change(p: Proof, row: Any) -> Fact:
    """What turning v_{i+1} adds to G·(M̃_{i+1}⋯M̃_1)ᵀ."""
    with p.for_all(
        at,
        given=[LessEqual(1, at), LessEqual(at, i)],
        words="Compare the layers below with what they were.",
    ) as block:
        p.have(
            Equal(tilde(turned)[at], tilde(v)[at]),
            algebra(),
            "Layer {l} is the same before and after.",
            l=at,
        )
    below = p.have(
        Equal(tilde(turned)[i:1], tilde(v)[i:1]),
        result_(equal_factors, d, tilde(turned), tilde(v), 1, i, premises=[block.fact]),
        "So the product of the layers below is what it was.",
    )
    before = p.have(
        Equal(tilde(v)[i + 1], M[i + 1] + w[i + 1] * v[i + 1].T),
        unfolding(tilde(v), i + 1),
        "Before the last change layer {n} was this.",
        n=i + 1,
    )
    after = p.have(
        Equal(tilde(turned)[i + 1], M[i + 1] + w[i + 1] * (v[i + 1] + eps * e).T),
        algebra(),
        "After the last change it is this.",
    )
    return p.have(
        Equal(
            G * tilde(turned)[i + 1 : 1].T,
            G * tilde(v)[i + 1 : 1].T + eps * row * w[i + 1].T,
        ),
        algebra(below, before, after),
        "Multiply out: the row that was picked is added, once for each entry of {w}.",
        w=w[i + 1],
    )


def _cancel(p: Proof, kills: Fact, nonzero: Fact, rest: Fact, row: Any, moves: Fact) -> None:
    """A contradiction from ε·(G(M̃_i⋯M̃_1)ᵀe)·wᵀ = 0."""
    a = vector("a", d(i + 1))
    turns = p.have(
        NonZero(w[i + 1]),
        from_(kills, i + 1),
        "The vector {w} was chosen not to be zero.",
        w=w[i + 1],
    )
    one = p.have(
        Exists(a, Equal(a.T * w[i + 1], Identity(1))),
        known("nonzero vector", w[i + 1], premises=[turns]),
        "A vector that is not zero has inner product 1 with some vector.",
    )
    (dual,) = p.obtain(one, a, words="Call such a vector {a}.", a=a)
    other = p.have(
        Equal(w[i + 1].T * a, Identity(1)),
        algebra(dual),
        "The inner product in the other order is 1 as well.",
    )
    multiple = p.have(
        Equal(eps * row, 0),
        certificate((None, rest, a), (-(eps * row), other, None)),
        "Multiply by {a}: {w} cancels.",
        a=a,
        w=w[i + 1],
    )
    zero = p.have(
        Equal(row, 0),
        result_(nonzero_multiple, d(k), eps, row, premises=[nonzero, multiple]),
        "The number {e} is not zero, so it cancels.",
        e=eps,
    )
    p.have(
        Contradiction(),
        contradiction(zero, moves),
        "Yet the vector picked a row outside V, so this is not zero.",
    )


__all__ = [
    "e",
    "equation_2",
    "no_change",
    "reached",
    "rows_leave",
    "stays",
    "tilde",
    "turned",
    "v_far",
    "v_near",
]
