"""Theorem 1: the deep network has no spurious local minima iff the two-layer network has none."""

from __future__ import annotations

from typing import Any

from proofkit.claims import (
    And,
    Between,
    Convex,
    Equal,
    Exists,
    ForAll,
    Implies,
    Less,
    LessEqual,
    Or,
)
from proofkit.script import (
    Fact,
    Proof,
    algebra,
    arithmetic,
    both,
    either,
    excluded_middle,
    from_,
    known,
    part,
    result,
    result_,
    rewriting,
    the,
)
from proofkit.symbols import MatrixVariable, family
from proofkit.trace import Remark, Source, Without, prose
from theorems.correspondence import deep_minimum, two_layer_minimum
from theorems.factorisation import factorisation
from theorems.lemma_1 import FULL_RANK, lemma_1
from theorems.setting import (
    SYMBOLS,
    M,
    d,
    f,
    global_minimum,
    i,
    j,
    k,
    local_minimum,
    loss,
    narrowest,
)
from theorems.theorem_3 import ENDS, theorem_3
from theorems.theorem_3_input import DEPTH, SMOOTH
from theorems.two_layers import pair_global, pair_local, wide_middle

A, B = MatrixVariable("A", d(k), d(j)), MatrixVariable("B", d(j), d(0))
P, Q = MatrixVariable("A'", d(k), d(j)), MatrixVariable("B'", d(j), d(0))
X = MatrixVariable("X", d(k), d(0))
N = family("M'", d)

DEEP = ForAll(M, Implies(local_minimum(M), global_minimum(M)))
"""L_k has no spurious local minima."""
TWO = ForAll(A, B, Implies(pair_local(A, B, f), pair_global(A, B, f)))
"""L_2 has no spurious local minima."""
CONVEX = (Convex(f), prose("the loss {f} of the product is convex", f=f))

INFIMA = Remark(
    "infima",
    "If A, B is a spurious local minimum of L_2, then clearly M_1, …, M_k is a spurious local "
    "minimum of L_k.",
    prose(
        "That it is not a global minimum needs an argument: a better pair must come from a better "
        "deep network. It does, because every pair ({A}, {B}) factors through the layers.",
        A=P,
        B=Q,
    ),
    source=Source(4, "proof of Theorem 1"),
)

theorem_1 = result(
    "theorem-1",
    "Theorem 1: depth creates no more spurious local minima",
    variables=(d, k, j, f),
    given=(
        DEPTH,
        (Between(0, j, k), prose("{j} is a layer of the network", j=j)),
        (narrowest(j), prose("no layer is narrower than layer {j}", j=j)),
        CONVEX,
        SMOOTH,
    ),
    claim=And(Implies(DEEP, TWO), Implies(TWO, DEEP)),
    source=Source(
        1,
        "Theorem 1",
        "L_k has no spurious local minima iff L_2 has no spurious local minima.",
    ),
    comparison=prose(
        "Stronger: depth one and a bottleneck at either end are included; the pointwise "
        "form is the result correspondence."
    ),
    without=(
        Without(
            0,
            words=prose(
                "Not needed for {k0}: there the deep network has none because its loss is "
                "constant, and the other by Theorem 3. For a negative depth nothing means "
                "anything.",
                k0=Equal(k, 0),
            ),
            proof="no-layers",
        ),
        (
            1,
            "Outside the network a width may be anything, even 0. A two-layer network of width 0 "
            "is constant and has no spurious minimum; example E01 is one of a deeper network.",
        ),
        (
            2,
            "At a wider layer the two-layer network can do more: with width 2 in the middle "
            "it has no spurious minimum, by Theorem 3, while example E02 is one.",
        ),
        (
            3,
            "The one-layer network with the loss f of example E26 has no spurious minimum, because "
            "every local minimum of f is a global one. The two-layer network of width 2 has one, "
            "E26. The map from deep minima to pairs fails as well: E31.",
        ),
        (
            4,
            "The one-layer network with the loss f of example E25 has no spurious minimum, because "
            "f is convex. The two-layer network of width 2 has one, E25.",
        ),
    ),
    idea=prose(
        "Between the two networks stands the bottleneck. A local minimum of the two-layer network "
        "factors through the layers into one of the deep network. A local minimum of the deep "
        "network has, by Lemma 1, either gradient zero, and then it is global, or two halves of "
        "full rank, and then they are a local minimum of the two-layer network.",
    ),
    parts=("factorisation", "deep-minimum", "two-layer-minimum"),
    notation=(
        (DEEP, "L_k has no spurious local minima"),
        (TWO, "L_2 has no spurious local minima"),
    ),
    symbols=(
        *SYMBOLS,
        (j, prose("the bottleneck: no layer is narrower")),
        (A, prose("the upper factor of the two-layer network")),
        (B, prose("the lower factor of the two-layer network")),
        (DEEP, prose("each of its local minima is global")),
        (TWO, prose("likewise")),
    ),
)


@theorem_1.route()
def through_the_bottleneck(
    p: Proof, depth: Fact, layer: Fact, narrow: Fact, convex: Fact, smooth: Fact
) -> None:
    where = p.have(
        Or(LessEqual(j, 0), Less(0, j)),
        excluded_middle(),
        "Either the bottleneck is the input, or it comes after it.",
    )
    with p.cases(
        where, theorem_1.claim, words="We go through the places where the bottleneck can be."
    ) as cases:
        with cases.case(
            words="Suppose the bottleneck is the input: then there is none inside."
        ) as case:
            end = p.have(
                Equal(j, 0),
                arithmetic(),
                "No layer comes before the input or after the output, so {e}.",
                e=Equal(j, 0),
            )
            _at_an_end(p, 0, end, depth, narrow, convex, smooth)
        with cases.case(words="Suppose the bottleneck is not the input.") as case:
            inner = case.given[0]
            top = p.have(
                Or(LessEqual(k, j), Less(j, k)),
                excluded_middle(),
                "Either the bottleneck is the output, or it comes before it.",
            )
            with p.cases(
                top, theorem_1.claim, words="We go through the two places that are left."
            ) as more:
                with more.case(
                    words="Suppose the bottleneck is the output: again there is none inside."
                ):
                    end = p.have(
                        Equal(j, k),
                        arithmetic(),
                        "No layer comes before the input or after the output, so {e}.",
                        e=Equal(j, k),
                    )
                    _at_an_end(p, k, end, depth, narrow, convex, smooth)
                with more.case(words="Suppose the bottleneck lies inside the network.") as outer:
                    _inside(p, inner, outer.given[0], narrow, convex, smooth)


def _at_an_end(
    p: Proof, at: Any, end: Fact, depth: Fact, narrow: Fact, convex: Fact, smooth: Fact
) -> None:
    """Without a bottleneck neither network has spurious local minima, by Theorem 3."""
    with p.for_all(
        i,
        given=[LessEqual(0, i), LessEqual(i, k)],
        words="Compare any layer {i} with the end that is the bottleneck, layer {n}.",
        n=at,
        i=i,
    ) as block:
        least = p.have(
            LessEqual(d(j), d(i)),
            from_(narrow, i),
            "By hypothesis no layer is narrower than layer {j}, so layer {i} is not.",
            i=i,
            j=j,
        )
        p.have(
            LessEqual(d(at), d(i)),
            rewriting(least, end),
            "Layer {j} is layer {n} here, so layer {i} is no narrower than layer {n}.",
            i=i,
            j=j,
            n=at,
        )
    ends = p.have(ENDS, either(block.fact), "So the network is narrowest at one of its ends.")
    with p.for_all(
        M, given=[local_minimum(M)], words="Let {M} be a local minimum of the deep network.", M=M
    ) as deep:
        best = p.have(
            ForAll(X, LessEqual(loss(M), f(X))),
            result_(theorem_3, d, k, f, M, premises=[depth, convex, smooth, ends, *deep.given]),
            "By Theorem 3 the product of {M} is a global minimum of {f}.",
            M=M,
            f=f,
        )
        _best_of_all(p, best)
    with p.for_all(
        A,
        B,
        given=[pair_local(A, B, f)],
        words="Let ({A}, {B}) be a local minimum of the two-layer network.",
        A=A,
        B=B,
    ) as two:
        same = p.have(
            LessEqual(d(j), d(j)),
            arithmetic(),
            "The hidden layer of the two-layer network is as wide as the bottleneck.",
        )
        wide = p.have(
            LessEqual(d(at), d(j)),
            rewriting(same, end),
            "The bottleneck is that end, so the hidden layer is as wide as the end.",
        )
        either_end = p.have(
            Or(LessEqual(d(0), d(j)), LessEqual(d(k), d(j))),
            either(wide),
            "So the hidden layer is as wide as one of the ends.",
        )
        flat = p.have(
            Equal(f.gradient(A * B), 0),
            result_(
                wide_middle,
                d(k),
                d(j),
                d(0),
                f,
                A,
                B,
                premises=[smooth, either_end, *two.given],
            ),
            "By Theorem 3 for two layers the gradient at {AB} is zero.",
            AB=A * B,
        )
        least = p.have(
            ForAll(X, LessEqual(f(A * B), f(X))),
            known("convex critical point", f, A * B, premises=[convex, smooth, flat]),
            "As {f} is convex, {AB} is a global minimum of {f}.",
            AB=A * B,
            f=f,
        )
        with p.for_all(
            *(P, Q),
            show=pair_global(A, B, f),
            words="Compare with any pair ({P}, {Q}).",
            P=P,
            Q=Q,
        ):
            p.have(
                LessEqual(f(A * B), f(P * Q)),
                from_(least, P * Q),
                "{PQ} is one of the matrices that {AB} is no worse than.",
                PQ=P * Q,
                AB=A * B,
            )
    _finish(p, two.fact, deep.fact)


def _finish(p: Proof, two: Fact, deep: Fact) -> None:
    """Both implications, when both sides hold anyway."""
    with p.for_all(
        given=[DEEP],
        words="From the deep network to the two-layer one: the supposition is not needed.",
    ) as down:
        p.have(
            TWO,
            the(two),
            "We have just shown that the two-layer network has no spurious local minima.",
        )
    with p.for_all(
        given=[TWO], words="From the two-layer network to the deep one: again it is not needed."
    ) as up:
        p.have(DEEP, the(deep), "We have shown that the deep network has no spurious local minima.")
    p.have(
        theorem_1.claim,
        both(down.fact, up.fact),
        "So one network has no spurious local minima iff the other has none.",
    )


def _best_of_all(p: Proof, best: Fact) -> None:
    """M is a global minimum of L_k, its product being one of f."""
    with p.for_all(N, show=global_minimum(M), words="Compare with any network {N}.", N=N):
        p.have(
            LessEqual(loss(M), loss(N)),
            from_(best, N[k:1]),
            "The product of {N} is one of the matrices that the product of {M} is no worse than.",
            N=N,
            M=M,
        )


def _inside(p: Proof, inner: Fact, outer: Fact, narrow: Fact, convex: Fact, smooth: Fact) -> None:
    """The case 0 < j < k."""
    with p.for_all(
        given=[DEEP], words="Suppose the deep network has no spurious local minima."
    ) as down:
        _to_two_layers(p, inner, outer, narrow, down.given[0])
    with p.for_all(
        given=[TWO], words="Suppose the two-layer network has no spurious local minima."
    ) as up:
        _to_many_layers(p, inner, outer, narrow, convex, smooth, up.given[0])
    p.have(theorem_1.claim, both(down.fact, up.fact), "Both directions together are the theorem.")


def _to_two_layers(p: Proof, inner: Fact, outer: Fact, narrow: Fact, deep: Fact) -> None:
    with p.for_all(
        A,
        B,
        given=[pair_local(A, B, f)],
        words="Let ({A}, {B}) be a local minimum of the two-layer network.",
        A=A,
        B=B,
    ) as block:
        upper, lower = _factored(p, M, A, B, inner, outer, narrow)
        half = p.have(
            pair_local(M[k : j + 1], B, f),
            rewriting(block.given[0], upper, back=True),
            "Write {A} as the product of the upper layers of {M}.",
            M=M,
            A=A,
        )
        halves = p.have(
            pair_local(M[k : j + 1], M[j:1], f),
            rewriting(half, lower, back=True),
            "Write {B} as the product of the lower layers of {M}.",
            M=M,
            B=B,
        )
        minimum = p.have(
            local_minimum(M),
            result_(deep_minimum, d, k, j, f, M, premises=[halves]),
            "Since products are continuous, {M} is a local minimum of the deep network.",
            M=M,
        )
        best = p.have(
            global_minimum(M),
            from_(deep, M, premises=[minimum]),
            "The deep network has no spurious local minima, so {M} is a global minimum.",
            M=M,
        )
        product = p.have(
            Equal(M[k:1], A * B),
            algebra(upper, lower),
            "The product of all layers of {M} is {AB}.",
            M=M,
            AB=A * B,
        )
        with p.for_all(
            *(P, Q),
            show=pair_global(A, B, f),
            words="Compare with any pair ({P}, {Q}).",
            P=P,
            Q=Q,
            remarks=[INFIMA],
        ):
            upper_N, lower_N = _factored(p, N, P, Q, inner, outer, narrow)
            other = p.have(
                Equal(N[k:1], P * Q),
                algebra(upper_N, lower_N),
                "The product of all layers of {N} is {PQ}.",
                N=N,
                PQ=P * Q,
            )
            deeper = p.have(
                LessEqual(loss(M), loss(N)),
                from_(best, N),
                "{M} is a global minimum, so it is no worse than {N}.",
                N=N,
                M=M,
            )
            left = p.have(
                LessEqual(f(A * B), loss(N)),
                rewriting(deeper, product),
                "The product of {M} is {AB}, so {AB} is no worse than {N}.",
                M=M,
                N=N,
                AB=A * B,
            )
            p.have(
                LessEqual(f(A * B), f(P * Q)),
                rewriting(left, other),
                "The product of {N} is {PQ}, so {AB} is no worse than {PQ}.",
                N=N,
                AB=A * B,
                PQ=P * Q,
            )


def _factored(
    p: Proof, N: Any, A: Any, B: Any, inner: Fact, outer: Fact, narrow: Fact
) -> tuple[Fact, Fact]:
    """A deep network with the halves A and B."""
    exists = p.have(
        Exists(N, And(Equal(N[k : j + 1], A), Equal(N[j:1], B))),
        result_(factorisation, d, k, j, A, B, premises=[inner, outer, narrow]),
        "No layer is narrower than the bottleneck, so ({A}, {B}) factors through the layers.",
        A=A,
        B=B,
    )
    upper, lower = p.obtain(exists, N, words="Take such a network {N}.", N=N)
    return upper, lower


def _to_many_layers(
    p: Proof,
    inner: Fact,
    outer: Fact,
    narrow: Fact,
    convex: Fact,
    smooth: Fact,
    two: Fact,
) -> None:
    upper, lower = M[k : j + 1], M[j:1]
    with p.for_all(
        M, given=[local_minimum(M)], words="Let {M} be a local minimum of the deep network.", M=M
    ) as block:
        alternatives = p.have(
            lemma_1.claim,
            result_(lemma_1, d, k, j, f, M, premises=[inner, outer, narrow, smooth, *block.given]),
            "By Lemma 1 the gradient is zero or both factors have full rank.",
        )
        with p.cases(
            alternatives,
            global_minimum(M),
            words="We treat the two alternatives of Lemma 1 in turn.",
        ) as cases:
            with cases.case(words="Suppose the gradient is zero.") as flat:
                best = p.have(
                    ForAll(X, LessEqual(loss(M), f(X))),
                    known(
                        "convex critical point",
                        f,
                        M[k:1],
                        premises=[convex, smooth, *flat.given],
                    ),
                    "As {f} is convex, the product is a global minimum of {f}.",
                    f=f,
                )
                _best_of_all(p, best)
            with cases.case(words="Suppose both factors have full rank.") as full:
                ranks = [
                    p.have(claim, part(full.given[0]), "{A} has full rank.", A=half)
                    for claim, half in zip(FULL_RANK.args, (upper, lower), strict=True)
                ]
                pair = p.have(
                    pair_local(upper, lower, f),
                    result_(
                        two_layer_minimum,
                        d,
                        k,
                        j,
                        f,
                        M,
                        premises=[inner, outer, *ranks, *block.given],
                    ),
                    "Then the two factors are a local minimum of the two-layer network.",
                )
                best = p.have(
                    pair_global(upper, lower, f),
                    from_(two, upper, lower, premises=[pair]),
                    "The two-layer network has no spurious local minima, so this is a global one.",
                )
                with p.for_all(
                    N, show=global_minimum(M), words="Compare with any network {N}.", N=N
                ):
                    p.have(
                        LessEqual(loss(M), loss(N)),
                        from_(best, N[k : j + 1], N[j:1]),
                        "The two factors of {M} are no worse than the two factors of {N}.",
                        M=M,
                        N=N,
                    )


__all__ = ["DEEP", "TWO", "theorem_1"]
