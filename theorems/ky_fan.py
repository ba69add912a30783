"""Ky Fan's maximum principle, for a projection that splits a matrix into a large and a small part.

If S = QSQ + (I − Q)S(I − Q), the quadratic form of S is at least μ on the range of Q and at most μ
on its kernel, then no projection P of rank at most rank Q has tr(PS) > tr(QS).  Proved here from
the sign of traces; no eigenvalue is computed.
"""

from __future__ import annotations

from proofkit.claims import Claim, Equal, ForAll, Implies, LessEqual
from proofkit.script import Fact, Proof, from_, known, result
from proofkit.script.matrix_traces import traces
from proofkit.symbols import Identity, MatrixVariable, natural, rank, real, trace, vector
from proofkit.trace import Source

m, mu = natural("m"), real("μ")
S, P, Q = (MatrixVariable(name, m, m) for name in "SPQ")
w = vector("w", m)
I = Identity(m)  # noqa: E741

large: Claim = ForAll(
    w, Implies(Equal(Q * w, w), LessEqual(mu * trace(w.T * w), trace(w.T * S * w)))
)
small: Claim = ForAll(
    w, Implies(Equal(Q * w, 0), LessEqual(trace(w.T * S * w), mu * trace(w.T * w)))
)

above = Q * S * Q - mu * Q
below = mu * (I - Q) - (I - Q) * S * (I - Q)

ky_fan = result(
    "ky-fan",
    "Ky Fan's maximum principle for a split matrix",
    variables=(m, mu, S, P, Q),
    given=(
        (Equal(Q * Q, Q), "{Q} is a projection"),
        (Equal(Q.T, Q), "{Q} is an orthogonal projection"),
        (Equal(P * P, P), "{P} is a projection"),
        (Equal(P.T, P), "{P} is an orthogonal projection"),
        (LessEqual(rank(P), rank(Q)), "{P} has no larger rank than {Q}"),
        (Equal(Q * S, S * Q), "{Q} commutes with {S}"),
        (LessEqual(0, mu), "{mu} is not negative"),
        (large, "on the range of {Q} the form of {S} is at least {mu}"),
        (small, "on the kernel of {Q} the form of {S} is at most {mu}"),
    ),
    claim=LessEqual(trace(P * S), trace(Q * S)),
    source=Source(
        5,
        "Corollary 1",
        "Corollary 1 immediately follows from Theorem 1 and Theorem 2(1) in (Zhou & Liang, 2018).",
    ),
    idea=(
        "Think of {S} as spreading weight over directions. {Q} keeps the directions that carry at "
        "least {mu} each and drops those that carry at most {mu}. Another projection {P} with no "
        "more directions must trade some of the heavy ones for light ones, and every such trade "
        "loses."
    ),
    symbols=(
        (S, "a square matrix"),
        (Q, "the projection onto the heavy directions of {S}"),
        (P, "any projection of rank at most that of {Q}"),
        (mu, "the level that separates heavy from light"),
    ),
)


@ky_fan.route()
def by_trading(
    p: Proof,
    twice: Fact,
    upright: Fact,
    twice_p: Fact,
    upright_p: Fact,
    ranks: Fact,
    split: Fact,
    level: Fact,
    at_least: Fact,
    at_most: Fact,
) -> None:
    with (
        p.beat("The part of {S} in the range of {Q} exceeds the level {mu} everywhere."),
        p.for_all(w, words="Take any vector {w}.") as heavy,
    ):
        v = Q * w
        p.have(Equal(Q * v, v), "The vector {v} lies in the range of {Q}.", using=[twice])
        bound = p.have(
            LessEqual(mu * trace(v.T * v), trace(v.T * S * v)),
            from_(at_least, v),
            "So the form there is at least the level.",
        )
        p.have(LessEqual(0, trace(w.T * above * w)), using=[bound, twice, upright])
    with (
        p.beat("The part of {S} in the kernel of {Q} stays below the level {mu} everywhere."),
        p.for_all(w, words="Take any vector {w}.") as light,
    ):
        v = (I - Q) * w
        p.have(Equal(Q * v, 0), "The vector {v} lies in the kernel of {Q}.", using=[twice])
        bound = p.have(
            LessEqual(trace(v.T * S * v), mu * trace(v.T * v)),
            from_(at_most, v),
            "So the form there is at most the level.",
        )
        p.have(LessEqual(0, trace(w.T * below * w)), using=[bound, twice, upright])
    with p.beat("What {P} gives up of the heavy part, above the level, is not negative."):
        given_up = p.have(
            LessEqual(0, trace((I - P).T * above * (I - P))),
            known("trace of semidefinite", above, I - P, premises=[heavy.fact]),
        )
    with p.beat("What {P} takes on of the light part falls short of the level."):
        taken_on = p.have(
            LessEqual(0, trace(P.T * below * P)),
            known("trace of semidefinite", below, P, premises=[light.fact]),
        )
    with p.beat("The rank of a projection is its trace, so {P} has no larger trace than {Q}."):
        p.have(LessEqual(trace(P), trace(Q)), known("traces of projections", P, Q))
        slack = p.have(
            LessEqual(0, mu * (trace(Q) - trace(P))),
            known("product of nonnegatives", mu, trace(Q) - trace(P)),
        )
    with p.beat("Add the three: everything cancels but the difference of the two traces."):
        p.have(
            LessEqual(trace(P * S), trace(Q * S)),
            traces(given_up, taken_on, slack, twice, upright, twice_p, upright_p, split),
        )


__all__ = ["ky_fan"]
