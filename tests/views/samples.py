"""Traces written by hand, as the kernel and the evaluator leave them."""

from __future__ import annotations

from proofkit.claims import (
    And,
    Between,
    Contradiction,
    Convex,
    Differentiable,
    Equal,
    Exists,
    ForAll,
    Implies,
    LessEqual,
    LocalMinimum,
    Near,
    NonZero,
    Or,
    RankBelow,
    RankIs,
)
from proofkit.symbols import (
    Function,
    FunctionOf,
    MatrixVariable,
    family,
    index,
    rank,
    vector,
    vectors,
    widths,
)
from proofkit.trace import (
    Footprint,
    Instance,
    Quantity,
    Remark,
    ResultTrace,
    Source,
    StepTrace,
    Verdict,
    prose,
)

from .samples_of_words import log_determinant

d, i, j, k = widths("d"), index("i"), index("j"), index("k")
M, Mt = family("M", d), family("M̃", d)
w, v = vectors("w", lambda at: d(at)), vectors("v", lambda at: d(at - 1))
f = Function("f", d(k), d(0))
A, B, Bt = M[k : j + 1], M[j:1], Mt[j:1]
G = f.gradient(A * B)
u = vector("u", d(i))
EXACT = Verdict("holds", exact=True)
BATCH = Verdict("holds", exact=True, instances=1000)

M1 = (("1", "0", "0"), ("0", "0", "0"), ("0", "0", "0"))
M2 = (("3", "0", "0"), ("0", "0", "0"))
M3 = (("1", "0"), ("0", "0"), ("0", "0"))
E08 = Instance(
    id="E08",
    title="Lemma 1, two perturbed layers: rank A = 1 < 2",
    facts=(
        ("depth", "3"),
        ("widths", "3, 3, 2, 3"),
        ("bottleneck", "j = 2, d = 2"),
        ("loss", "‖W − diag(3, 2, 1)‖²"),
        ("value", "5"),
    ),
    quantities=(
        Quantity(M[1], M1),
        Quantity(M[2], M2),
        Quantity(M[3], M3),
        Quantity(G, (("0", "0", "0"), ("0", "-4", "0"), ("0", "0", "-2"))),
    ),
)
KERNEL = ForAll(i, Implies(Between(1, i, j), Equal(M[k : i + 1] * w[i], 0)))
MOVED = ForAll(i, Implies(Between(1, i, j), Equal(Mt[i], M[i] + w[i] * v[i].T)))
STEP = Equal(A * Mt[j:i], M[k:i])
IDENTITY = ForAll(i, Implies(Between(1, i, j + 1), STEP))


def perturbation() -> ResultTrace:
    """Identity (1) of the paper, by induction over the layers, on E08."""
    product = (("3", "0", "0"), ("0", "0", "0"), ("0", "0", "0"))
    steps = (
        StepTrace(
            number="H1",
            kind="given",
            claim=KERNEL,
            rule="assume",
            reason="By hypothesis.",
            words=prose(
                "Each {w} is a direction that the layers above {i} do not see.", w=w[i], i=i
            ),
            verdict=EXACT,
            quantities=(
                Quantity(w[1], (("0",), ("1",), ("0",))),
                Quantity(w[2], (("0",), ("1",))),
                Quantity(M[3:2], (("3", "0", "0"), ("0", "0", "0"), ("0", "0", "0"))),
            ),
        ),
        StepTrace(
            number="H2",
            kind="given",
            claim=MOVED,
            rule="assume",
            reason="By hypothesis.",
            words=prose("The perturbed layers. The vectors {v} are free.", v=v[i]),
            verdict=EXACT,
            quantities=(
                Quantity(v[1].T, (("0", "1/2", "0"),)),
                Quantity(
                    Mt[1],
                    (("1", "0", "0"), ("0", "1/2", "0"), ("0", "0", "0")),
                    changed=((1, 1),),
                    compared_to="M_1",
                ),
                Quantity(
                    Mt[2],
                    (("3", "0", "0"), ("0", "1/2", "0")),
                    changed=((1, 1),),
                    compared_to="M_2",
                ),
            ),
            remarks=(
                Remark(
                    id="small-v",
                    paper_says="for any v_1, …, v_j",
                    truth=prose(
                        "The identity holds for all {v}, but the perturbed point is a "
                        "local minimum only when the {v} are small: scale them.",
                        v=v[i],
                    ),
                    example="E08",
                    source=Source(5, "proof of Lemma 1"),
                ),
            ),
        ),
        StepTrace(
            number="3",
            kind="induction",
            claim=IDENTITY,
            rule="induction",
            reason="Downwards over the layers, from j + 1 to 1.",
            uses=("3.1", "3.2"),
            verdict=EXACT,
            batch=BATCH,
            children=(
                StepTrace(
                    number="3.1",
                    kind="have",
                    claim=Equal(A * Mt[j : j + 1], A),
                    rule="certificate equality",
                    reason="The chain from j down to j + 1 is empty.",
                    verdict=EXACT,
                ),
                StepTrace(
                    number="3.2",
                    kind="suppose",
                    claim=Equal(A * Mt[j : i + 1], M[k : i + 1]),
                    rule="assume",
                    reason="The claim for the layer above.",
                    verdict=EXACT,
                    children=(
                        StepTrace(
                            number="3.2.1",
                            kind="have",
                            claim=Equal(
                                M[k : i + 1] * Mt[i], M[k:i] + M[k : i + 1] * w[i] * v[i].T
                            ),
                            rule="certificate equality",
                            reason="Multiply out.",
                            uses=("H2",),
                            verdict=EXACT,
                        ),
                        StepTrace(
                            number="3.2.2",
                            kind="have",
                            claim=STEP,
                            rule="certificate equality",
                            reason="Three terms, whatever the depth and the widths.",
                            uses=("H1", "3.2", "3.2.1"),
                            verdict=EXACT,
                            batch=BATCH,
                            quantities=(
                                Quantity(M[3] * Mt[2], product),
                                Quantity(M[3:2], product),
                            ),
                        ),
                    ),
                ),
            ),
        ),
        StepTrace(
            number="4",
            kind="have",
            claim=Equal(A * Bt, M[k:1]),
            rule="instantiate",
            reason="Put i = 1.",
            uses=("3",),
            words=prose("The product of all layers is unchanged."),
            verdict=EXACT,
            batch=BATCH,
            quantities=(Quantity(A * Bt, product), Quantity(M[3:1], product)),
        ),
    )
    return ResultTrace(
        id="perturbation",
        title="Identity (1): a perturbation that the product does not feel",
        statement=ForAll(
            d, M, Mt, w, v, k, j, Implies(Between(0, j, k), KERNEL, MOVED, Equal(A * Bt, M[k:1]))
        ),
        status="proved",
        tier="proved",
        steps=steps,
        footprint=Footprint(
            rules=(("certificate equality", 3),),
            structural=(("assume", 3), ("induction", 1), ("instantiate", 1)),
            results=(),
            inferences=41,
        ),
        idea=prose(
            "If the upper layers annihilate {w}, adding {change} to {layer} changes nothing above. "
            "One layer after the other moves this way, and the product {product} is unchanged.",
            w=w[i], change=w[i] * v[i].T, layer=M[i], product=M[k:1],
        ),
        source=Source(5, "equation (1)", "Now for any v1, v2, …, vj where vi ∈ R^{d_{i−1}}, we "
                      "claim that Mk ⋯ Mj+1 (Mj + wj vj^T) ⋯ (M1 + w1 v1^T) = Mk ⋯ M1."),
        instance=E08,
        symbols=(
            (d(i), prose("width of layer {i}", i=i)),
            (M[i], prose("weights of layer {i}, which map {a} numbers to {b}",
                         i=i, a=d(i - 1), b=d(i))),
        ),
        notation=((A, "A"), (B, "B"), (Bt, "B̃")),
    )  # fmt: skip


def chain_rule() -> ResultTrace:
    """The chain rule for one factor of a product, on E09, with floats."""
    m, n = d(k), d(0)
    U, W = MatrixVariable("U", m, d(i)), MatrixVariable("W", d(i - 1), n)
    X, Z = MatrixVariable("X", d(i), d(i - 1)), MatrixVariable("Z", d(i), d(i - 1))
    inner = FunctionOf(Z, f(U * Z * W))
    rule = Equal(inner.gradient(X), U.T * f.gradient(U * X * W) * W.T)
    close = Verdict("holds", exact=False, residual=4.4e-16, tolerance=2.1e-14)
    return ResultTrace(
        id="chain-rule",
        title="The chain rule for one layer",
        statement=ForAll(d, k, i, f, U, W, X, Implies(Differentiable(f), rule)),
        status="proved",
        tier="proved",
        steps=(
            StepTrace(
                number="H1",
                kind="given",
                claim=Differentiable(f),
                rule="assume",
                reason="By hypothesis.",
                verdict=Verdict("holds", exact=True, detail="a polynomial"),
            ),
            StepTrace(
                number="2",
                kind="have",
                claim=rule,
                rule="chain rule",
                reason="The map is linear in the layer; the derivative of f follows it.",
                uses=("H1",),
                words=prose("Change {X} by {D}: the product changes by {UDW}.",
                            X=X, D=Z, UDW=U * Z * W),
                verdict=close,
                batch=Verdict("holds", exact=False, instances=500, residual=1e-13, tolerance=1e-11),
                quantities=(
                    Quantity(inner.gradient(X), (("0", "-4.0", "0"), ("1.5e-16", "0", "-2.0"))),
                    Quantity(rank(X), (("1",),)),
                ),
            ),
        ),
        footprint=Footprint(
            rules=(("chain rule", 1),), structural=(("assume", 1),), results=(), inferences=2
        ),
        idea=prose("The loss sees a layer {X} only through the product {P}.", X=X, P=U * X * W),
        source=Source(3, "Derivative", "If L(X, Y) = f(XY), by the chain rule, ∂L/∂X = f'(XY)Y^T."),
        instance=Instance(
            id="E09",
            title="Lemma 1, i* = 2",
            facts=(("widths", "3, 3, 2, 3"), ("arithmetic", "floating point")),
            quantities=(Quantity(M[2], M2),),
        ),
    )  # fmt: skip


def lemma_1() -> ResultTrace:
    """A proof by contradiction on a point that is no local minimum: it breaks where it must."""
    local = LocalMinimum(M, f(M[k:1]), M)
    nearby = Near((Mt, M), Implies(MOVED, LocalMinimum(M, f(M[k:1]), Mt)))
    kernel = ForAll(i, Implies(
        Between(1, i, j), Exists(u, And(NonZero(u), Equal(M[k : i + 1] * u, 0)))))  # fmt: skip
    conclusion = Or(Equal(G, 0), And(RankIs(A, d(j)), RankIs(B, d(j))))
    narrow = ForAll(i, Implies(Between(0, i, k), LessEqual(d(j), d(i))))
    failing = Verdict(
        "fails", exact=True,
        detail="at t = 1/2 the value is 5 − 31/64, less than 5, along the path shown",
    )  # fmt: skip
    return ResultTrace(
        id="lemma-1",
        title="Lemma 1",
        statement=ForAll(
            d, M, k, j, f,
            Implies(Between(1, j, k - 1), narrow, Differentiable(f), local, conclusion),
        ),
        status="incomplete",
        tier="cited",
        steps=(
            StepTrace("H1", "given", narrow, "assume", "By hypothesis.", verdict=EXACT),
            StepTrace(
                "H2", "given", local, "assume", "By hypothesis.", verdict=failing,
                quantities=(
                    Quantity(
                        Mt[2], (("3", "0", "0"), ("0", "1/2", "0")), ((1, 1),), "M_2"
                    ),
                    Quantity(f(Mt[k:1]), (("289/64",),)),
                ),
            ),
            StepTrace(
                "3", "suppose", RankBelow(A, d(j)), "assume", "For a contradiction.",
                verdict=EXACT,
                quantities=(Quantity(rank(A), (("1",),)), Quantity(d(j), (("2",),))),
                children=(
                    StepTrace(
                        "3.1", "obtain", kernel, "rank–nullity",
                        "A matrix of rank below its number of columns has a kernel vector.",
                        uses=("H1", "3"), verdict=Verdict("holds", exact=True, samples=24),
                    ),
                    StepTrace(
                        "3.2", "near", nearby, "transfer of local minima",
                        "The value is the same and the points are near.", uses=("H2", "3.1"),
                        tier="cited",
                        verdict=Verdict("not applicable", exact=True, detail="step H2 fails here"),
                    ),
                    StepTrace(
                        "3.3", "have", Equal(G * Bt.T, 0), "lemma-2", "Lemma 2 at the new point.",
                        uses=("3.2",), verdict=Verdict("not refuted", exact=False, samples=200),
                    ),
                    StepTrace(
                        "3.4", "have", Contradiction(), "peeling", "Peel from j down to 1.",
                        uses=("3.3",), verdict=Verdict("not evaluated", exact=True),
                    ),
                ),
            ),
            StepTrace(
                "4", "have", conclusion, "contradiction", "Since 3 is impossible.", uses=("3",),
                verdict=Verdict("fails", exact=True, detail="f′ ≠ 0 and rank A = 1"),
            ),
        ),
        footprint=Footprint(
            rules=(("rank–nullity", 1),),
            structural=(("contradiction", 1),),
            results=("perturbation", "lemma-2"),
            cited=("Laurent & von Brecht (2018), Claim 1",),
            admitted=("3.4",),
            inferences=12,
        ),
        idea=prose("Convexity of {f} is not needed: see {c}.", f=f, c=Convex(f)),
        instance=E08,
        notation=((A, "A"), (B, "B"), (G, "G"), (Bt, "B̃")),
    )  # fmt: skip


def in_beats() -> ResultTrace:
    """Lemma 1 told in beats: sentences with inferences before them, inside them and after them."""
    below = RankBelow(A, d(j))
    sees = ForAll(i, Implies(Between(1, i, j), Equal(M[k : i + 1] * w[i], 0)))
    narrow = ForAll(i, Implies(Between(0, i, k), LessEqual(d(j), d(i))))
    local = LocalMinimum(M, f(M[k:1]), M)
    same = Equal(A * Bt, M[k:1])
    lemma_2 = Near((Mt, M), Equal(G * Bt.T, 0))
    parted = Verdict("not applicable", exact=True, detail="does not hold here", about=local)
    killed = StepTrace(
        "2.1.1", "have", RankBelow(M[k : i + 1], d(i)), "rank arithmetic",
        "arithmetic of indices, widths and ranks", uses=("H1", "1.1"), verdict=EXACT,
    )  # fmt: skip
    steps = (
        StepTrace("H1", "given", narrow, "assume", "a hypothesis", verdict=EXACT),
        StepTrace("H2", "given", local, "assume", "a hypothesis",
                  verdict=Verdict("fails", exact=True, detail="a certificate says otherwise")),
        StepTrace(
            "1", "beat", below, "beat", "the steps inside", ("1.1",),
            prose("Suppose the upper factor {A} has lost rank.", A=A), verdict=EXACT,
            quantities=(Quantity(rank(A), (("1",),)), Quantity(d(j), (("2",),))),
            level=1,
            children=(
                StepTrace("1.1", "suppose", below, "suppose", "supposed", verdict=EXACT, level=2,
                          words=prose("Suppose {c}.", c=below)),
            ),
        ),
        StepTrace(
            "2", "beat", sees, "beat", "the steps inside", ("1.1", "2.1"),
            prose("Every layer up to the bottleneck has a direction that the layers above it do "
                  "not see."),
            verdict=EXACT, level=1, cites=("H1", "1"),
            quantities=(Quantity(w[1], (("0",), ("1",), ("0",))), Quantity(w[2], (("0",), ("1",)))),
            children=(
                StepTrace(
                    "2.1", "fix", sees, "generalise", "the values were arbitrary", ("2.1.2",),
                    prose("For {i} from 1 to {j} the matrix {m} is {A} times something, so that "
                          "its rank is below its number of columns.", i=i, j=j, m=M[k : i + 1],
                          A=A),
                    verdict=EXACT, level=2, cites=("H1", "1.1"),
                    children=(
                        killed,
                        StepTrace("2.1.2", "have", Equal(M[k : i + 1] * w[i], 0), "textbook",
                                  "rank and nullity", ("2.1.1",),
                                  prose("Its columns are dependent, so some {w}, not zero, is "
                                        "sent to zero.", w=w[i]),
                                  verdict=EXACT, level=2, cites=("2.1",)),
                    ),
                ),
            ),
        ),
        StepTrace(
            "3", "beat", same, "beat", "the steps inside", ("3.2",),
            prose("Adding anything along it leaves the product as it is."),
            verdict=EXACT, level=1, cites=("2",),
            quantities=(Quantity(M[3:1], (("3", "0", "0"), ("0", "0", "0"), ("0", "0", "0"))),),
            children=(
                StepTrace("3.1", "have", MOVED, "given", "as defined", verdict=EXACT, level=3),
                StepTrace("3.2", "have", same, "result: perturbation", "applied", ("2.1", "3.1"),
                          prose("Put {e}. Then identity (1) says that the product stays.",
                                e=Equal(Mt[i], M[i] + w[i] * v[i].T)),
                          verdict=EXACT, batch=BATCH, level=2, cites=("2.1",),
                          remarks=(Remark("small-v", "for any v_1, …, v_j",
                                          prose("The {v} must be small.", v=v[i]), "E08",
                                          Source(5, "proof of Lemma 1")),)),
                StepTrace("3.3", "have", same, "restate", "the same", ("3.2",), level=3),
            ),
        ),
        StepTrace(
            "4", "beat", lemma_2, "beat", "the steps inside", ("4.1",),
            prose("The changed network is a local minimum too, so Lemma 2 holds there."),
            verdict=parted, level=1, cites=("H2", "3"),
            children=(
                StepTrace("4.1", "have", lemma_2, "result: lemma-2", "applied", ("H2", "3.2"),
                          prose("For small {v} the loss near {P} is the loss near {M}.", v=v[i],
                                P=Mt, M=M),
                          verdict=parted, level=2, cites=("H2", "3.2")),
            ),
        ),
    )  # fmt: skip
    return ResultTrace(
        "in-beats", "Lemma 1, told in beats",
        ForAll(d, M, k, j, f, Implies(narrow, Differentiable(f), local, Equal(G, 0))),
        "proved", "proved", steps,
        Footprint((("rank and nullity", 1),), (("suppose", 1),), ("perturbation", "lemma-2"),
                  inferences=12),
        idea=prose("If {A} loses rank, the layers can be moved.", A=A),
        instance=E08, notation=((A, "A"), (B, "B"), (G, "G"), (Bt, "B̃")),
    )  # fmt: skip


def hostile() -> ResultTrace:
    """A trace whose words try to break out of the document."""
    bad = r"<script>alert(1)</script> \input{/etc/passwd} & 100% _ ^ ~ # $ {x} 中 „“ “ﬁ”"
    return ResultTrace(
        id="hostile",
        title=bad,
        statement=Equal(M[1], M[1]),
        status="failed",
        tier="assumed",
        route=bad,
        steps=(
            StepTrace(
                "1", "have", Equal(M[1], M[1]), bad, bad, words=prose("{bad}", bad=bad),
                tier="assumed",
                verdict=Verdict("fails", exact=True, detail=bad),
                quantities=(Quantity(M[1], ((bad, "1"),), ((0, 0),), bad),),
                remarks=(Remark("r", bad, prose("{bad}", bad=bad), bad, Source(1, bad, bad)),),
            ),
        ),
        footprint=Footprint(((bad, 1),), ((bad, 1),), (bad,), (bad,), (bad,)),
        source=Source(1, bad, bad),
        instance=Instance(bad, bad, ((bad, bad),), (Quantity(M[1], ((bad,),)),)),
        symbols=((M, prose("{bad}", bad=bad)),),
        notation=((M[2], bad),),
    )  # fmt: skip


ALL = (perturbation, chain_rule, lemma_1, in_beats, log_determinant, hostile)
