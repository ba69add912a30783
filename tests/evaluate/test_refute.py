"""False claims are refuted by an instance anyone can check; true ones never are."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Rational

from proofkit.claims import (
    Between,
    Equal,
    Exists,
    ForAll,
    Implies,
    Less,
    LessEqual,
    LocalMinimum,
    NonZero,
    RankBelow,
    RankIs,
    encode,
)
from proofkit.evaluate import refute
from proofkit.evaluate.explaining import explained
from proofkit.kernel import KernelError, algebra
from proofkit.script import Proof, ScriptError, result
from proofkit.script import algebra as by_algebra
from proofkit.symbols import (
    Function,
    Identity,
    MatrixVariable,
    family,
    index,
    natural,
    rank,
    real,
    replaced,
    trace,
    vector,
    vectors,
    widths,
)
from proofkit.trace import prose

i, j, k, n, d, x = index("i"), index("j"), index("k"), natural("n"), widths("d"), real("x")
A, B, C = (MatrixVariable(name, n, n) for name in "ABC")
M, P, S = family("M", d), family("P", d), family("S", lambda at: (n, n))
w, v, u = vectors("w", d), vectors("v", lambda at: d(at - 1)), vector("u", n)
f = Function("f", n, n)
one = Identity(n)

killed = ForAll(i, Implies(Between(1, i, j), Equal(M[k : i + 1] * w[i], 0)))
perturbed = ForAll(i, Implies(Between(1, i, j), Equal(P[i], M[i] + w[i] * v[i].T)))

FALSE: dict[str, tuple[Any, list[Any]]] = {
    "(AB)ᵀ = AᵀBᵀ": (Equal((A * B).T, A.T * B.T), []),
    "AB = BA": (Equal(A * B, B * A), []),
    "a layer left out of a chain": (
        Equal(S[k : i + 1] * S[i - 1 : 1], S[k:1]),
        [Between(1, i, k)],
    ),
    "tr(AB) = tr A · tr B": (Equal(trace(A * B), trace(A) * trace(B)), []),
    "(A + B)² without the mixed terms": (Equal((A + B) * (A + B), A * A + B * B), []),
    "a left inverse of what has none": (Equal(A * B, one), [Equal(B * A, C)]),
    "AB = 0 and A ≠ 0 do not give B = 0": (Equal(B, 0), [Equal(A * B, 0), NonZero(A)]),
    "cancelling a singular factor": (Equal(B, C), [Equal(A * B, A * C)]),
    "perturbations that are not killed": (
        Equal(M[k : j + 1] * P[j:1], M[k:1]),
        [Between(0, j, k), perturbed],
    ),
    "the rank of a sum is the sum of ranks": (Equal(rank(A + B), rank(A) + rank(B)), []),
    "a nonzero matrix of full rank": (RankIs(A, n), [NonZero(A)]),
    "a function is linear": (Equal(f(2 * A), 2 * f(A)), []),
    "an off-by-one of indices": (Less(i, j), [LessEqual(i, j)]),
    "a square is less than its root": (LessEqual(x**2, x), []),
    "quantifiers and premises": (ForAll(B, Implies(Equal(A * B, C), Equal(B * A, C))), []),
    "one layer replaced": (
        Equal(replaced(S, 1, 1, j, 2 * S[j])[k:1], S[k:1]),
        [LessEqual(1, k)],
    ),
}


@pytest.mark.parametrize(("claim", "given"), FALSE.values(), ids=FALSE)
def test_false_claims_are_refuted(claim: Any, given: list[Any]) -> None:
    refutation = refute(claim, given)
    assert refutation is not None
    assert str(refutation).startswith(f"{refutation.claim} fails for")


TRUE: dict[str, tuple[Any, list[Any]]] = {
    "(AB)ᵀ = BᵀAᵀ": (Equal((A * B).T, B.T * A.T), []),
    "pieces of a chain": (Equal(M[k : i + 1] * M[i:1], M[k:1]), [Between(0, i, k)]),
    "tr(AB) = tr(BA)": (Equal(trace(A * B), trace(B * A)), []),
    "AB = 0 and A of full rank": (Equal(B, 0), [Equal(A * B, 0), RankIs(A, n)]),
    "identity (1)": (
        Equal(M[k : j + 1] * P[j:1], M[k:1]),
        [Between(0, j, k), killed, perturbed],
    ),
    "the rank of a product": (LessEqual(rank(A * B), rank(A)), []),
    "anything, from a contradiction": (Equal(A, B), [Less(i, i)]),
    "a square is not negative": (LessEqual(0, x**2), []),
}


@pytest.mark.parametrize(("claim", "given"), TRUE.values(), ids=TRUE)
def test_true_claims_are_not(claim: Any, given: list[Any]) -> None:
    assert refute(claim, given, tries=30) is None


def test_what_can_only_be_sampled_is_neither_refuted_nor_supposed() -> None:
    X = MatrixVariable("X", n, n)
    assert refute(Exists(X, Equal(X * A, one))) is None
    assert refute(LocalMinimum(X, f(X), A)) is None
    assert refute(Equal(f.gradient(A), 0), [LocalMinimum(X, f(X), A)]) is None


def test_the_narrowest_instances_come_first() -> None:
    refutation = refute(Equal(A + B, A - B))
    assert refutation is not None
    assert dict(refutation.numbers)["n"] == "1"


def test_the_same_seed_gives_the_same_instance() -> None:
    claim = Equal(A * B, B * A)
    assert refute(claim) == refute(claim)
    assert refute(claim, seed=1) != refute(claim, seed=2)


def test_the_instance_is_shown_in_a_few_lines() -> None:
    refutation = refute(Equal(Rational(1, 2) * f(A), f(A)))
    assert refutation is not None
    first, *lines, last = str(refutation).splitlines()
    assert first == "f(A)/2 = f(A) fails for n = 1 and"
    assert [line.split(" = ")[0] for line in lines] == ["  A", "  f(W)"]
    assert last.startswith("where the left side is ")


def test_no_refuted_claim_is_provable() -> None:
    for claim, given in FALSE.values():
        if not given and isinstance(claim, Equal) and claim.is_about_matrices:
            with pytest.raises(KernelError):
                algebra(encode(claim))


def test_bounded_search_for_a_vector_below_full_rank() -> None:
    # rank A < n does not make A·u = 0
    assert refute(Equal(A * u, 0), [RankBelow(A, n)]) is not None


# ── Where it is reported ───────────────────────────────────────────────────────────────────────
def fault_of(claim: Any, *given: Any) -> ScriptError:
    """What a script that only multiplies out says about the claim."""
    stated = result(
        "wrong",
        "A wrong claim",
        variables=(n, A, B),
        given=[(g, prose("")) for g in given],
        claim=claim,
    )

    @stated.route()
    def by_computing(p: Proof, *facts: Any) -> None:
        p.have(claim, by_algebra(*facts), "Multiply out.")

    with pytest.raises(ScriptError) as fault:
        stated.run()
    return fault.value


def test_a_failed_step_shows_the_instance() -> None:
    problem = explained(fault_of(Equal((A * B).T, A.T * B.T)))
    assert "algebra: no cofactors were found" in problem
    assert "(A·B)ᵀ = Aᵀ·Bᵀ fails for n = 2 and" in problem


def test_the_instance_satisfies_the_facts_that_the_step_names() -> None:
    # A·B = 0 does not give B·A = 0; on the instance A·B is 0
    problem = explained(fault_of(Equal(B * A, 0), Equal(A * B, 0)))
    assert "B·A = 0 fails for" in problem


def test_a_failed_step_that_is_true_shows_none() -> None:
    # A·B = I gives B·A = I, but not by multiplying out
    problem = explained(fault_of(Equal(B * A, one), Equal(A * B, one)))
    assert "algebra" in problem
    assert "fails for" not in problem
