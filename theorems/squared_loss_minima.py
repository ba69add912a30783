"""The squared loss of two layers: a local minimum whose upper layer has full rank is global.

With W = AB the loss is ‖ABX − Y‖².  The proof puts together what a critical pair fits
(`critical_fit`), what turning a direction says (`rotation`), what a subspace can reach
(`best_in_subspace`) and Ky Fan's principle (`ky_fan`).
"""

from __future__ import annotations

from typing import Any

from proofkit.claims import (
    Claim,
    Equal,
    Exists,
    ForAll,
    GlobalMinimum,
    Implies,
    LessEqual,
    Or,
    RankBelow,
    RankIs,
)
from proofkit.script import (
    Fact,
    Proof,
    algebra,
    arithmetic,
    certificate,
    excluded_middle,
    from_,
    known,
    result,
    result_,
    rewriting,
    the,
)
from proofkit.script.definitions import let
from proofkit.script.traces import traces
from proofkit.symbols import Identity, MatrixVariable, norm_squared, rank, trace, vector
from proofkit.trace import prose
from theorems.ky_fan import P, ky_fan, mu
from theorems.rotation import (
    SYMBOLS,
    A_plus,
    Q,
    S,
    X_plus,
    critical_fit,
    error,
    least,
    minimum,
    rotation,
    u,
    v,
)
from theorems.squared_loss import (
    SOURCE,
    A,
    B,
    N,
    T,
    X,
    Y,
    best_in_subspace,
    d,
    m,
    n,
)
from theorems.squared_loss_spanning import GLOBAL, A_other, B_other, spanning_columns

C = MatrixVariable("C", d, m)
w = vector("w", m)
R = X_plus * X

full_rank_minimum = result(
    "squared-loss-two-layers",
    "Two layers with squared loss: full rank makes a local minimum global",
    variables=(m, d, n, N, X, Y, A, B),
    given=(minimum, (RankIs(A, d), prose("the upper layer {A} has full rank", A=A))),
    claim=least(GlobalMinimum),
    source=SOURCE,
    idea=prose(
        "The layers answer with the projection of the target onto the columns of {A}. If those "
        "are not the directions along which most of the target lies, turning one of them helps, "
        "so at a local minimum they are. And no other choice of {d} directions can do better.",
        A=A,
        d=d,
    ),
    symbols=SYMBOLS,
)


def _pseudo_inverse(p: Proof, of: Any, name: Any, words: str, **formulas: Any) -> tuple[Fact, ...]:
    """Obtain a Moore–Penrose inverse ``name`` of a matrix; gives its four equations."""
    Z = MatrixVariable("Z", of.cols, of.rows)
    claim = Exists(
        Z,
        Equal(of * Z * of, of)
        & Equal(Z * of * Z, Z)
        & Equal((of * Z).T, of * Z)
        & Equal((Z * of).T, Z * of),
    )
    fact = p.have(claim, known("pseudo inverse", of), words, **formulas)
    return p.obtain(fact, name, words="Call it {G}.", G=name)


@full_rank_minimum.route()
def by_directions(p: Proof, local: Fact, full: Fact) -> None:
    inverse, _, upright, _ = _pseudo_inverse(
        p, A, A_plus, "The layer {A} has a Moore–Penrose inverse.", A=A
    )
    inverse_x, _, _, upright_x = _pseudo_inverse(
        p, X, X_plus, "The data {X} has a pseudoinverse, too.", X=X
    )
    project = let(p, Q, A * A_plus, "Let {Q} be the projection onto the columns of {A}.", Q=Q, A=A)
    seen = let(
        p, T, Y * X_plus * X, "Let {T} be the part of the target that the data can see.", T=T
    )
    weight = let(p, S, T * T.T, "Let {S} say how much of it lies along each direction.", S=S)
    context = [local, inverse, project, upright, inverse_x, upright_x, seen, weight]
    about = (m, d, n, N, X, Y, A, B, A_plus, X_plus, Q, T, S)
    critical = result_(critical_fit, *about, premises=context)
    split = p.have(
        Or(RankBelow(A, m), LessEqual(m, rank(A))),
        excluded_middle(),
        "Either the columns of {A} leave a direction out or they span everything.",
        A=A,
    )
    with p.cases(split, GLOBAL) as cases:
        with cases.case(words="Suppose a direction is left out.") as case:
            fit = p.have(
                Equal(A * B * X, Q * T),
                critical,
                "A local minimum is critical: the layers answer with the projection of {T}.",
                T=T,
            )
            commutes = p.have(
                Equal(Q * S, S * Q),
                critical,
                "At a critical point {Q} commutes with {S}.",
                Q=Q,
                S=S,
            )
            left_out = _LeftOut(p, context, about, fit, commutes)
            left_out.weigh_directions(case.given[0])
            left_out.compare(full)
        with cases.case(words="Suppose the columns of {A} span everything.", A=A) as case:
            normal = p.have(
                Equal(A.T * (A * B * X - Y) * X.T, 0),
                critical,
                "A local minimum is critical: the normal equations hold.",
            )
            p.have(
                GLOBAL,
                result_(spanning_columns, m, d, n, N, X, Y, A, B, premises=[normal, *case.given]),
                "With these, nothing of the target is out of reach.",
            )


class _LeftOut:
    """rank A < m: the directions left out weigh least, and Ky Fan's principle decides."""

    def __init__(
        self, p: Proof, context: list[Fact], about: tuple[Any, ...], fit: Fact, commutes: Fact
    ) -> None:
        self.p, self.context, self.about = p, context, about
        self.fit, self.commutes = fit, commutes
        _, self.inverse, self.project, upright, inverse_x, self.upright_x, seen, weight = context
        self.turned = p.have(
            Equal(Q.T, Q), algebra(self.project, upright), "The projection {Q} is symmetric.", Q=Q
        )
        self.twice = p.have(
            Equal(Q * Q, Q),
            algebra(self.project, self.inverse),
            "The matrix {Q} is a projection: applied twice, it is itself.",
            Q=Q,
        )
        self.keeps = p.have(
            Equal(Q * A, A),
            algebra(self.project, self.inverse),
            "The projection keeps the columns of {A}.",
            A=A,
        )
        self.sees_twice = p.have(
            Equal(R * R, R), algebra(inverse_x), "What the data can see is a projection, too."
        )
        self.target = p.have(
            Equal(T, Y * R), the(seen), "Applied to {Y}, this projection gives {T}.", Y=Y, T=T
        )
        self.folded = p.have(
            Equal(T * T.T, S), the(weight), "The matrix {S} is the square of {T}.", S=S, T=T
        )

    def weigh_directions(self, spare: Fact) -> None:
        """No direction outside the columns of A weighs more than μ, none inside less."""
        p, context = self.p, self.context
        same = p.have(
            Equal(rank(A.T), rank(A)),
            known("rank of transpose", A),
            "A transpose has the same rank as the matrix.",
        )
        lost = p.have(
            RankBelow(A.T, m),
            arithmetic(same, spare),
            "So the rank of {At} is less than the number of its columns.",
            At=A.T,
        )
        bound: Claim = ForAll(
            w, Implies(Equal(A.T * w, 0), LessEqual(trace(w.T * S * w), mu * trace(w.T * w)))
        )
        heaviest = p.have(
            Exists(
                v,
                mu,
                Equal(A.T * v, 0)
                & Equal(v.T * v, Identity(1))
                & Equal(v.T * S * v, mu * Identity(1))
                & bound,
            ),
            known("rayleigh maximum", S, A.T, premises=[lost]),
            "Among the unit vectors orthogonal to the columns of {A} one weighs most.",
            A=A,
        )
        killed, unit, weighs, most = p.obtain(
            heaviest, v, mu, words="Call it {v}, and its weight {mu}.", v=v, mu=mu
        )
        flipped = p.have(
            Equal(Q, A_plus.T * A.T),
            algebra(self.project, context[3]),
            "Being symmetric, {Q} is this product as well.",
            Q=Q,
        )
        outside = p.have(
            Equal(Q * v, 0), algebra(flipped, killed), "So the projection sends {v} to zero.", v=v
        )
        with p.for_all(
            u, given=[Equal(Q * u, u)], words="Let {u} lie in the range of {Q}.", u=u, Q=Q
        ) as inside:
            p.have(
                LessEqual(mu * trace(u.T * u), trace(u.T * S * u)),
                result_(
                    rotation,
                    *self.about,
                    v,
                    mu,
                    u,
                    premises=[
                        *context,
                        self.fit,
                        self.commutes,
                        outside,
                        unit,
                        weighs,
                        *inside.given,
                    ],
                ),
                "Turning {u} towards {v} does not help at a local minimum, so {u} weighs no less.",
                u=u,
                v=v,
            )
        self.inside = inside.fact
        from_left = p.have(
            Equal(A.T * Q, A.T),
            algebra(self.turned, self.keeps),
            "From the other side {Q} keeps {At}.",
            Q=Q,
            At=A.T,
        )
        with p.for_all(
            w, given=[Equal(Q * w, 0)], words="Let {Q} send {w} to zero.", w=w, Q=Q
        ) as below:
            orthogonal = p.have(
                Equal(A.T * w, 0),
                certificate((-Identity(d), from_left, w), using=[*below.given]),
                "Then {w} is orthogonal to the columns of {A}.",
                w=w,
                A=A,
            )
            p.have(
                LessEqual(trace(w.T * S * w), mu * trace(w.T * w)),
                from_(most, w, premises=[orthogonal]),
                "So {w} weighs no more than {v} does.",
                w=w,
                v=v,
            )
        self.below = below.fact
        square = p.have(
            LessEqual(0, norm_squared(T.T * v)),
            known("square norm", T.T * v),
            "The square of {e} is not negative.",
            e=T.T * v,
        )
        self.level = p.have(
            LessEqual(0, mu),
            traces(square, self.folded, weighs),
            "The number {mu} is this square.",
            mu=mu,
        )

    def reach(self, Z: Any, P: Any, *premises: Fact) -> Any:
        """The best that answers Z in the range of P can do."""
        given = [*premises, self.sees_twice, self.upright_x, self.target]
        return result_(best_in_subspace, m, N, Y, Z, T, P, R, premises=given)

    def compare(self, full: Fact) -> None:
        """No other two layers do better."""
        p = self.p
        in_range = p.have(
            Equal(Q * (Q * T), Q * T),
            algebra(self.twice),
            "The answers lie in the range of {Q}.",
            Q=Q,
        )
        seen = p.have(
            Equal(Q * T * R, Q * T),
            algebra(self.target, self.sees_twice),
            "The answers lie in what the data can see.",
        )
        distance = p.have(
            Equal(norm_squared(Q * T - Y), norm_squared(Y) - trace(Q * (T * T.T))),
            self.reach(Q * T, Q, self.twice, self.turned, in_range, seen),
            "This is how far they are from the target.",
        )
        value = p.have(
            Equal(error(A * B), norm_squared(Y) - trace(Q * S)),
            traces(distance, self.fit, self.folded),
            "So the loss at the local minimum is the square of {Y} less {best}.",
            Y=Y,
            best=trace(Q * S),
        )
        enough = p.have(
            LessEqual(rank(Q * A), rank(Q)),
            known("rank of product left", Q, A),
            "The rank of {Q} is at least that of {QA}.",
            Q=Q,
            QA=Q * A,
        )
        rank_q = p.have(
            LessEqual(rank(A), rank(Q)),
            rewriting(enough, self.keeps),
            "The projection keeps {A}, so this is {A} itself.",
            A=A,
        )
        with p.for_all(
            A_other, B_other, words="Take any other two layers {A} and {B}.", A=A_other, B=B_other
        ):
            self._other_layers(value, full, rank_q)

    def _other_layers(self, value: Fact, full: Fact, rank_q: Fact) -> None:
        p = self.p
        inverse, _, upright, _ = _pseudo_inverse(
            p, A_other, C, "The upper one, too, has a Moore–Penrose inverse."
        )
        onto = let(p, P, A_other * C, "Let {P} be the projection onto its columns.", P=P)
        twice = p.have(
            Equal(P * P, P),
            algebra(onto, inverse),
            "This matrix is a projection: applied twice, it is itself.",
        )
        turned = p.have(
            Equal(P.T, P),
            algebra(onto, upright),
            "The projection is an orthogonal one: it is symmetric.",
        )
        keeps = p.have(
            Equal(P * (A_other * B_other * X), A_other * B_other * X),
            algebra(onto, inverse),
            "The projection keeps what these layers answer.",
        )
        rows = p.have(
            Equal(A_other * B_other * X * R, A_other * B_other * X),
            algebra(self.context[4]),
            "So does the projection onto what the data can see.",
        )
        columns = p.have(
            LessEqual(rank(A_other), d),
            known("rank at most columns", A_other),
            "The upper layer has only {d} columns, so its rank is at most {d}.",
            d=d,
        )
        product = p.have(
            LessEqual(rank(A_other * C), rank(A_other)),
            known("rank of product left", A_other, C),
            "A product has no larger rank than its first factor.",
        )
        folded = p.have(Equal(A_other * C, P), the(onto), "That product is {P}.", P=P)
        rank_p = p.have(
            LessEqual(rank(P), rank(A_other)),
            rewriting(product, folded),
            "So the rank of {P} is at most that of {A}.",
            P=P,
            A=A_other,
        )
        ranks = p.have(
            LessEqual(rank(P), rank(Q)),
            arithmetic(rank_p, columns, full, rank_q),
            "The rank of {A} is at most that of {Q}, so that of {P} is.",
            A=A_other,
            P=P,
            Q=Q,
        )
        ours = [self.twice, self.turned, self.commutes, self.level, self.inside, self.below]
        fan = p.have(
            LessEqual(trace(P * S), trace(Q * S)),
            result_(ky_fan, m, mu, S, P, Q, premises=[twice, turned, ranks, *ours]),
            "By Ky Fan's principle {P} catches no more of the target than {Q}.",
            P=P,
            Q=Q,
        )
        theirs = p.have(
            LessEqual(
                norm_squared(Y) - trace(P * (T * T.T)), norm_squared(A_other * B_other * X - Y)
            ),
            self.reach(A_other * B_other * X, P, twice, turned, keeps, rows),
            "With what {P} catches, these layers come no closer than this.",
            P=P,
        )
        p.have(
            LessEqual(error(A * B), error(A_other * B_other)),
            traces(theirs, fan, value, self.folded),
            "So the other two layers do no better.",
        )


__all__ = ["full_rank_minimum"]
