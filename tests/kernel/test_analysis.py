"""The rules of analysis: nearness and continuity."""

from __future__ import annotations

from typing import Any

import pytest

from proofkit import kernel
from proofkit.claims import (
    Continuous,
    Equal,
    Exists,
    ForAll,
    Implies,
    LessEqual,
    Near,
    encode,
)
from proofkit.kernel import KernelError, Theorem
from proofkit.symbols import (
    Function,
    FunctionOf,
    FunctionWord,
    Map,
    MatrixVariable,
    diag,
    diagonal,
    encode_term,
    encode_variable,
    entry,
    exp,
    family,
    hadamard,
    hessian,
    index,
    inverse,
    natural,
    rank,
    real,
    replaced,
    summation,
    tabulated,
    trace,
    widths,
)
from proofkit.symbols.faults import LanguageError

from .given import BOTH, given, refuses

i, k, n, d = index("i"), index("k"), natural("n"), widths("d")
A, B, C, X, Y, Z = (MatrixVariable(name, n, n) for name in "ABCXYZ")
f, g = Function("f", n, n), Function("g", n, n)
F, G = family("F", lambda at: (n, n)), family("G", lambda at: (n, n))
M = family("M", d)
e, x = real("e"), real("x")
h, S, M2 = Function("h", n, n), Map("S", (n, n), (n, n)), family("M2", lambda at: (n, n))


# ── Nearness ───────────────────────────────────────────────────────────────────────────────────
def test_what_follows_everywhere_follows_near_a_point() -> None:
    # ∀X. p → q → r;  p, q near A  ⊢  r near A
    p, q, r = (LessEqual(trace(X), number) for number in (1, 2, 3))
    rule = given(ForAll(X, Implies(p, q, r)))
    goal = encode(Near((X, A), r))
    near = [given(Near((X, A), claim)) for claim in (p, q)]
    theorem = kernel.near_all(goal, rule, *near)
    assert theorem.hypotheses == (*rule.hypotheses, *(h for th in near for h in th.hypotheses))
    with refuses("near: consequence", "does not lead to the goal", BOTH):
        kernel.near_all(goal, rule, *reversed(near))
    with refuses("near: consequence", "does not lead to the goal", BOTH):
        kernel.near_all(goal, rule, near[0])
    with refuses("near: consequence", "one point", BOTH):
        kernel.near_all(goal, rule, near[0], given(Near((X, B), q)))
    with refuses("near: consequence", "of the kind near"):
        kernel.near_all(goal, rule, near[0], given(ForAll(X, q)))


def test_a_point_is_near_itself() -> None:
    # p(X) near A ⊢ p(A)
    theorem = kernel.near_here(given(Near((X, A), (Y, B), Equal(X * Y, C))))
    assert theorem.conclusion == encode(Equal(A * B, C))
    with refuses("near: at the point"):
        kernel.near_here(given(Exists(X, Equal(X, A))))


def test_near_points_have_their_own_neighbourhoods() -> None:
    # p(Y) near A ⊢ for X near A: p(Y) for Y near X
    theorem = kernel.near_near(given(Near((Y, A), LessEqual(f(A), f(Y)))))
    wanted = Near((X, A), Near((Y, X), LessEqual(f(A), f(Y))))
    assert theorem.conclusion == encode(wanted)
    two = kernel.near_near(given(Near((Y, A), (e, x), Equal(e * Y, B))))
    e2 = real("e2")
    inner = Near((Y, X), (e, e2), Equal(e * Y, B))
    assert two.conclusion == encode(Near((X, A), (e2, x), inner))


# ── Continuity ─────────────────────────────────────────────────────────────────────────────────
def along(claim: Near, variables: Any, centres: Any, terms: Any, *at_centres: Any) -> Theorem:
    return kernel.near_along(
        given(claim),
        [encode_variable(v) for v in variables],
        [encode_term(c) for c in centres],
        [encode_term(g) for g in terms],
        [given(claim) for claim in at_centres],
    )


RULE = "near: along a continuous map"


def test_a_neighbourhood_is_reached_along_a_continuous_map() -> None:
    # p(Y) for Y near A·B  ⊢  p(X·B) for X near A
    claim = Near((Y, A * B), LessEqual(f(A), f(Y)))
    theorem = along(claim, [X], [A], [X * B])
    assert theorem.conclusion == encode(Near((X, A), LessEqual(f(A), f(X * B))))
    # e ↦ A + e·C at 0
    line = along(Near((Y, A), LessEqual(f(A), f(Y))), [e], [0], [A + e * C])
    assert line.conclusion == encode(Near((e, 0), LessEqual(f(A), f(A + e * C))))


def test_the_map_must_take_the_centre_to_the_point() -> None:
    claim = Near((Y, A), LessEqual(f(A), f(Y)))
    with refuses(RULE, "the centre is not seen to go to the point", BOTH):
        along(claim, [X], [B], [X])
    with refuses(RULE, "the centre is not seen to go to the point"):
        along(claim, [e], [1], [A + e * C])
    # with a theorem B·C = A it does, and the theorem's hypothesis stays
    theorem = along(claim, [X], [B], [X * C], Equal(B * C, A))
    assert encode(Equal(B * C, A)) in theorem.hypotheses
    with refuses(RULE, BOTH):
        along(claim, [X], [B], [X * C], Equal(C * B, A))


def test_the_map_must_be_continuous() -> None:
    claim = Near((Y, A), LessEqual(f(A), f(Y)))
    for image in (f.gradient(X), f(X) * A, rank(X) * A, f(X * X) * X):
        with refuses(RULE, "not continuous by its form"):
            along(claim, [X], [A], [image], Equal(image.xreplace({X: A}), A))


def test_the_variables_must_be_new() -> None:
    # from p(Y, X) near A with X free not: for X near A, p(X, X)
    with refuses(RULE, "new to the claim"):
        along(Near((Y, A), Equal(Y, X)), [X], [A], [X])
    with pytest.raises(LanguageError):
        kernel.near_along(
            given(Near((Y, A), Equal(Y, B))),
            [("var", "?x", encode_variable(X)[2])],
            [encode_term(A)],
            [encode_term(A)],
        )


def continuous(body: Any, at: Any = A, *inside: Any, x: Any = X) -> Theorem:
    """x ↦ body is continuous at a point, given these continuities."""
    where = (encode_variable(x), encode_term(body), encode_term(at))
    return kernel.continuous(*where, [given(claim) for claim in inside])


def shown(body: Any, *inside: Any) -> bool:
    try:
        theorem = continuous(body, A, *inside)
    except KernelError as refusal:
        assert refusal.problem == "not continuous by its form"
        return False
    assert theorem.conclusion == encode(Continuous(FunctionOf(X, body), A))
    assert theorem.hypotheses == tuple(encode(claim) for claim in inside)
    return True


EVERYWHERE = {
    "a constant": f(A) * rank(B) * B,
    "the variable": X,
    "a product of transposes": 2 * X.T * A * X,
    "a trace": trace(X * A) ** 3 * X,
    "a product of a family": F[k:1] * X,
    "a product with a member put in": F.with_layer(i, X)[k:1],
    "a sum": summation(i, 1, k, F[i] * X),
    "an entry": entry(X * A, 1, i) * A,
    "a Hadamard product": hadamard(X, hadamard(X, A) - X) + A,
    "a Hadamard product with a constant": hadamard(f(A) * A, X),
    "a diagonal": diag(diagonal(X)),
    "a second derivative": hessian(f, A, X * X),
}


@pytest.mark.parametrize("body", EVERYWHERE.values(), ids=EVERYWHERE)
def test_continuous_by_its_form(body: Any) -> None:
    assert shown(body)


ONLY = {
    # X ↦ body                  continuous at A where
    "a gradient": (f.gradient(X), ()),
    "a value": (f(X) * A, [Continuous(f, A)]),
    "a value somewhere": (f(X * B) * A, [Continuous(f, A * B)]),
    "a value of a value": (f(g(X) * X), [Continuous(f, g(A) * A), Continuous(g, A)]),
    "a word": (exp(trace(X)), [Continuous(exp, trace(A))]),
    "a word of a size": (inverse(X) * X, [Continuous(FunctionWord("inverse", n), A)]),
    "a value in a linear word": (hadamard(f(X) * A, X), [Continuous(f, A)]),
    "a rank": (rank(X) * A, ()),
    "a function put in": (hessian(FunctionOf(Y, f(X * Y)), A, B), ()),
    "the point of a second derivative": (hessian(f, X, B), ()),
    "an end of a product": (F[rank(X) : 1], ()),
    "a bound of what is replaced": (replaced(F, rank(X), k, i, F[i])[k:1], ()),
    "values in a family": (tabulated(i, f(F[i] * X) * A)[k:1], ()),
    "a power of a matrix-valued map": (S(X) * S(X), [Continuous(S, A)]),
}


@pytest.mark.parametrize(("body", "where"), ONLY.values(), ids=ONLY)
def test_what_is_continuous_where_its_parts_are(body: Any, where: Any) -> None:
    assert not shown(body)
    assert shown(body, *where) == bool(where)
    for n, one in enumerate(where):
        rest = [other for m, other in enumerate(where) if m != n]
        assert not shown(body, *rest)
        elsewhere = Continuous(one.args[0], 2 * one.args[1])
        assert not shown(body, *rest, elsewhere)
        other = h if len(one.args[0].domain) else Map("τ")
        if not one.args[0].gives:
            assert not shown(body, *rest, Continuous(other, one.args[1]))


def test_what_does_not_speak_of_the_variable_is_continuous_in_it() -> None:
    for body, _ in ONLY.values():
        assert continuous(body, C, x=Z).hypotheses == ()


def test_continuity_of_functions_of_numbers() -> None:
    curve = continuous(exp(e) * A + e * B, x, Continuous(exp, x), x=e)
    assert curve.conclusion == encode(Continuous(FunctionOf(e, exp(e) * A + e * B), x))
    with refuses("continuous", "not continuous by its form", BOTH):
        continuous(exp(e) * A, 0, Continuous(exp, 1), x=e)


def test_what_the_rule_continuous_takes() -> None:
    x_X, body, at = encode_variable(X), encode_term(X), encode_term(A)
    with refuses("continuous", "of the kind continuous"):
        kernel.continuous(x_X, body, at, [given(Equal(A, A))])
    for arguments in (
        (x_X, body, encode_term(x)),  # no point of its domain
        (encode_variable(i), encode_term(2 * i), encode_term(i)),  # no function of reals
        (encode_variable(F), encode_term(F[1]), encode_variable(F)),
        (x_X, encode_variable(f), at),  # no number and no matrix
        (x_X, encode(Equal(X, A)), at),
        (body, body, at),
    ):
        with pytest.raises((KernelError, LanguageError)):
            kernel.continuous(*arguments)


def test_along_a_map_that_is_continuous_at_the_centre() -> None:
    # p(Y) near σ(A)·B, σ continuous at A ⊢ p(σ(X)·B) for X near A
    claim = Near((Y, f(A) * B), LessEqual(f(A), f(Y)))
    arguments = (given(claim), [encode_variable(X)], [encode_term(A)], [encode_term(f(X) * B)])
    theorem = kernel.near_along(*arguments, [], [given(Continuous(f, A))])
    wanted = encode(Near((X, A), LessEqual(f(A), f(f(X) * B))))
    assert theorem.conclusion == wanted
    assert theorem.hypotheses == (encode(claim), encode(Continuous(f, A)))
    for other in ([], [given(Continuous(f, B))], [given(Continuous(g, A))]):
        with refuses(RULE, "not continuous by its form", BOTH):
            kernel.near_along(*arguments, [], other)
    with refuses(RULE, "of the kind continuous"):
        kernel.near_along(*arguments, [], [given(Equal(A, A))])


def test_families_are_continuous_member_by_member() -> None:
    def along_family(term: Any) -> Theorem:
        near = Near((G, term.xreplace({X: A, F: M2})), Equal(G[1], B))
        return along(near, [X, F], [A, M2], [term])

    for smooth in (tabulated(i, F[i] * X), replaced(F, 1, k, i, F[i] + X), F.with_layer(1, X)):
        assert along_family(smooth)
    for rough in (
        tabulated(i, f(X) * A),
        tabulated(i, f(F[i]) * A),
        F.with_layer(1, f.gradient(X)),
        replaced(F, rank(X), k, i, F[i]),
    ):
        with refuses(RULE, "not continuous by its form"):
            along_family(rough)


def test_variables_centres_and_terms_belong_together() -> None:
    near = given(Near((Y, A), LessEqual(f(A), f(Y))))
    at, centre, image = encode_variable(X), encode_term(A), encode_term(X)
    assert kernel.near_along(near, [at], [centre], [image])
    for arguments in (
        ([at], [], [image]),
        ([], [centre], [image]),
        ([at], [centre], []),
        ([at], [centre], [image, image]),
        ([at, at], [centre, centre], [image]),
        ([at], [encode_term(x)], [image]),
        ([at], [centre], [encode_term(x)]),
        ([encode_variable(i)], [encode_term(i)], [centre]),  # no index is near another
        ([encode_variable(f)], [encode_variable(f)], [centre]),
    ):
        with pytest.raises((KernelError, LanguageError)):
            kernel.near_along(near, *arguments)  # type: ignore[arg-type]
    with pytest.raises((KernelError, LanguageError)):  # an equation too many
        kernel.near_along(near, [at], [centre], [image], [given(Equal(A, A))])
    with refuses(RULE, "of the kind near"):
        kernel.near_along(given(Equal(A, A)), [at], [centre], [image])
