"""Decoding: every theorem of the paper comes back as the claim that encodes to it."""

from __future__ import annotations

import pytest

from proofkit.claims import Equal, Exists, ForAll, Implies, Less, Near, NonZero, Not, encode
from proofkit.claims.decode import decode
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
