"""A trace written by hand in which there are words: the gradient of log|det X| − λ√⟨X, X⟩."""

from __future__ import annotations

from proofkit.claims import (
    AllPositive,
    And,
    Continuous,
    DifferentiableAt,
    Equal,
    ForAll,
    Implies,
    Less,
    NonZero,
    PositiveDefinite,
    Slope,
)
from proofkit.symbols import (
    FunctionOf,
    Map,
    MatrixVariable,
    determinant,
    diag,
    diagonal,
    entry,
    exp,
    frobenius,
    hadamard,
    hessian,
    index,
    inverse,
    log,
    logdet,
    natural,
    norm,
    norm_squared,
    ones,
    real,
    reciprocal,
    relu,
    sqrt,
    total,
    trace,
)
from proofkit.trace import (
    Entry,
    Footprint,
    Instance,
    Quantity,
    ResultTrace,
    StepTrace,
    Verdict,
    prose,
)

n, i, j = natural("n"), index("i"), index("j")
X, H, Y = (MatrixVariable(name, n, n) for name in "XHY")
x, λ = real("x"), real("λ")
σ = Map("σ")
objective = FunctionOf(Y, logdet(Y) - λ * norm(Y))
slope = FunctionOf(H, trace(inverse(X) * H) - λ * frobenius(X, H) * reciprocal(norm(X)))
gradient = inverse(X).T - λ / norm(X) * X
DIAGONAL, HALF = (("1", "0"), ("0", "2")), (("1/2",),)
softened = hadamard(σ.derivative(X), inverse(X).T) * diag(diagonal(X)) + ones(n, n)


def log_determinant() -> ResultTrace:
    """The gradient of log|det X|, with some of everything that words bring."""
    second = hessian(objective, X, H)
    claims = (
        NonZero(determinant(X)),
        And(PositiveDefinite(X), AllPositive(X), Continuous(relu, x)),
        DifferentiableAt(objective, X),
        Slope(FunctionOf(Y, inverse(Y)), X, FunctionOf(H, -(inverse(X) * H * inverse(X)))),
        Slope(objective, X, slope),
        Equal(objective.gradient(X), gradient),
        Equal(second, -(inverse(X) * H * inverse(X)).T - hadamard(X, H)),
        Equal(total(softened), log(sqrt(x + exp(-x))) / (2 * x) + entry(X, i, j)),
    )  # fmt: skip
    steps = tuple(
        StepTrace(
            number=str(number) if number > 1 else "H1",
            kind="have" if number > 1 else "given",
            claim=claim,
            rule="chain rule",
            reason="As on the page of entries.",
            words=prose("Look at {it}.", it=softened),
            verdict=Verdict("holds", exact=False, residual=1e-15, tolerance=1e-13),
            quantities=(Quantity(inverse(X).T, (("1/2", "0"), ("0", "-1"))),),
        )
        for number, claim in enumerate(claims, start=1)
    )
    rule = Implies(NonZero(determinant(X)), Less(0, λ), claims[5])
    return ResultTrace(
        id="log-determinant",
        title="The gradient of log|det X|",
        statement=ForAll(n, λ, X, rule),
        status="proved",
        tier="proved",
        steps=steps,
        footprint=Footprint((("chain rule", 7),), (("assume", 1),), (), inferences=9),
        idea=prose("Where {d} the inverse is {i}.", d=claims[0], i=inverse(X)),
        instance=Instance("diagonal", "Two entries", (("size", "2"),), (Quantity(X, DIAGONAL),)),
        glossary=(
            Entry(σ, prose("an activation")),
            Entry(inverse(X), prose("the inverse"), (Quantity(inverse(X), DIAGONAL),)),
            Entry(λ, prose("how much {it} counts", it=norm_squared(X)), (Quantity(λ, HALF),)),
        ),
        notation=((objective, "J"),),
    )  # fmt: skip
