"""Decoding: every theorem of the paper comes back as the claim that encodes to it."""

from __future__ import annotations

import pytest

from proofkit.claims import Equal, Exists, ForAll, Implies, Less, Near, NonZero, Not, encode
from proofkit.claims.decode import decode
from proofkit.kernel import reading
from proofkit.kernel.nodes import Term
from proofkit.kernel.terms import as_term, number, plus
from proofkit.script import Result
from proofkit.symbols import MatrixVariable, family, index, natural, vector, widths
from proofkit.symbols.faults import LanguageError
from proofkit.views import text
from theorems import PACK

n, k, i = natural("n"), index("k"), index("i")
d = widths("d")
M = family("M", d)
X, Y = MatrixVariable("X", n, n), MatrixVariable("Y", n, n)
v = vector("v", n)


@pytest.mark.parametrize("result", PACK.everything, ids=lambda result: result.id)
def test_every_statement_survives_the_way_there_and_back(result: Result) -> None:
    core = encode(result.statement)
    again = encode(decode(core))
    # Of two numbers the surface does not say whether they are real: "no-layers" says that 0 ≤ 0.
    plain = str(core).replace("('rnonneg', ('num', ()))", "('inonneg', ('num', ()))")
    assert again == core or (result.id == "no-layers" and str(again) == plain)


@pytest.mark.parametrize(
    ("claim", "shown"),
    [
        (ForAll(n, X, Equal(X, X.T)), "X = Xᵀ for all n ∈ ℕ and X ∈ ℝ^{n×n}"),
        (ForAll(i, Implies(Less(0, i), Less(i, k))), "j < k for all 0 < j"),
        (Equal(M[k:1], M[k:2] * M[1] * 2), "Mₖ⋯M₁ = 2 Mₖ⋯M₂ M₁"),
        (Exists(v, NonZero(v)), "there is v with v ≠ 0"),
        (Near((Y, X), Not(Equal(Y, 0))), "for all Y near X: Y ≠ 0"),
    ],
)
def test_what_it_reads_like(claim: object, shown: str) -> None:
    found = decode(encode(claim))
    assert encode(found) == encode(claim)
    assert text.show(found) == shown


def test_a_free_variable_keeps_its_name_and_no_bound_one_takes_it() -> None:
    claim = ForAll(Y, Equal(X * Y, Y * X))
    found = decode(encode(claim))
    assert encode(found) == encode(claim)
    assert found.variables[0].name not in ("X", "n")


def test_what_is_no_claim_is_refused() -> None:
    with pytest.raises(LanguageError, match="no claim is called 'perhaps'"):
        decode(("perhaps",))


# ── What a notation does not say is not said in it ─────────────────────────────────────────────
INDEX, NAT = ("index",), ("nat",)
B0 = as_term(("b", 0), INDEX)


def at(f: Term, *places: Term) -> Term:
    for place in places:
        f = ("at", f, place)
    return as_term(f, NAT)


def changed(f: Term, place: Term, value: Term) -> Term:
    return ("changed", f, place, place, ("lam", INDEX, value))


def test_a_list_that_has_other_sizes_elsewhere_is_not_shown_as_a_list() -> None:
    # Of size d(i) where i ≠ 1, so that its rank there is at most d(i), which a list does not say.
    sizes = at(changed(("var", "d", ("to", INDEX, NAT)), number(1), number(2)), B0)
    A = ("var", "A", ("matrix", number(2), number(2)))
    member = ("mat", number(2), number(2), ((((), ((A, 0),)), (1, 1)),))
    some = changed(("lam", INDEX, ("mat", sizes, sizes, ())), number(1), member)
    j = as_term(("var", "j", INDEX), INDEX)
    size = at(changed(("var", "d", ("to", INDEX, NAT)), number(1), number(2)), j)
    matrix = ("mat", size, size, ((((), ((("at", some, j), 0),)), (1, 1)),))
    claim = reading.claim(("null", as_term(("rank", matrix), NAT)))
    with pytest.raises(LanguageError, match="no notation"):
        decode(claim)


def test_ends_that_depend_on_the_place_are_not_shown_as_given() -> None:
    # The last width is e(K + 1), and was shown as e(0).
    last = at(("var", "e", ("to", INDEX, NAT)), B0)
    K = at(("var", "K", ("to", INDEX, NAT)), B0)
    inner = ("at", ("var", "d", ("to", INDEX, ("to", INDEX, NAT))), B0)
    ends = changed(changed(inner, plus(K, number(1)), last), number(0), number(3))
    t, i_ = (as_term(("var", name, INDEX), INDEX) for name in "ti")
    claim = ("null", at(("lam", INDEX, ends), t, i_))
    with pytest.raises(LanguageError):
        decode(reading.claim(claim))


def test_what_has_no_notation_is_refused_as_such() -> None:
    # A function put in at one place that is given by its name.
    d_, e = (("var", name, ("to", INDEX, NAT)) for name in "de")
    i_ = as_term(("var", "i", INDEX), INDEX)
    claim = reading.claim(("null", at(("changed", d_, number(0), number(5), e), i_)))
    with pytest.raises(LanguageError, match="no notation"):
        decode(claim)
    F, G = (("var", name, ("to", INDEX, ("matrix", number(1), number(1)))) for name in "FG")
    member = ("at", ("changed", F, number(0), number(5), G), i_)
    with pytest.raises(LanguageError, match="no notation"):
        decode(
            reading.claim(
                ("null", ("mat", number(1), number(1), ((((), ((member, 0),)), (1, 1)),)))
            )
        )
