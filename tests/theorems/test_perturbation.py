"""Identity (1): A (M_j + w_j v_jᵀ)⋯(M_1 + w_1 v_1ᵀ) = M_k⋯M_1, its proof, and what is refused."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from proofkit import kernel
from proofkit.claims import Between, Claim, Equal, ForAll, Implies, LessEqual
from proofkit.evaluate import refute
from proofkit.kernel import KernelError
from proofkit.kernel.terms import number
from proofkit.script import Result, Route, ScriptError
from theorems.perturbation import P, certificate_at_depth, perturbation, v, w
from theorems.setting import M, d, i, j, k


def up_to_the_bottleneck(claim: Claim) -> Claim:
    return ForAll(i, Implies(LessEqual(1, i), LessEqual(i, j), claim))


RANGE, KILLED, PERTURBED = range(3)
GIVEN = (
    Between(0, j, k),
    up_to_the_bottleneck(Equal(M[k : i + 1] * w[i], 0)),
    up_to_the_bottleneck(Equal(P[i], M[i] + w[i] * v[i].T)),
)
CLAIM = Equal(M[k : j + 1] * P[j:1], M[k:1])

WRONG_HYPOTHESES = {
    "a shifted index": (KILLED, up_to_the_bottleneck(Equal(M[k : i + 1] * w[i], M[k:i] * v[i]))),
    "killed at the bottleneck only": (KILLED, Equal(M[k : j + 1] * w[j], 0)),
    "a perturbation twice as large and once as killed": (
        PERTURBED,
        up_to_the_bottleneck(Equal(P[i], 2 * M[i] + w[i] * v[i].T)),
    ),
    "one layer more than there are": (RANGE, Between(0, j, k + 1)),
}
WRONG_CLAIMS = {
    "the product doubled": Equal(M[k : j + 1] * P[j:1], 2 * M[k:1]),
    "the sign": Equal(M[k : j + 1] * P[j:1], -M[k:1]),
    "a missing transpose": Equal((M[k : j + 1] * P[j:1]).T, (M[k:1].T) * 2),
    "nothing is left": Equal(M[k : j + 1] * P[j:1], 0),
    "the perturbed factors alone": Equal(P[j:1], M[j:1]),
}


def test_the_statement_is_the_papers() -> None:
    assert perturbation.variables == (d, k, j, M, w, v, P)
    assert tuple(h.claim for h in perturbation.given) == GIVEN
    assert perturbation.claim == CLAIM


def test_proved_by_algebra_and_induction_alone(proved: Any) -> None:
    proved(perturbation, "main")
    footprint = perturbation.run().footprint
    assert not footprint.rules
    assert not footprint.results


def test_every_hypothesis_is_needed(needs_every_hypothesis: Any) -> None:
    needs_every_hypothesis(perturbation, "main")


@pytest.mark.parametrize("name", WRONG_HYPOTHESES)
def test_another_hypothesis_is_refused(name: str, refused: Any) -> None:
    refused(perturbation, "main", *WRONG_HYPOTHESES[name])


@pytest.mark.parametrize("name", WRONG_CLAIMS)
def test_another_conclusion_is_refused_and_refuted(name: str) -> None:
    routes = {n: Route(n, route.script) for n, route in perturbation.routes.items()}
    claim = WRONG_CLAIMS[name]
    wrong = Result("wrong", "", perturbation.variables, perturbation.given, claim, routes=routes)
    with pytest.raises(ScriptError):
        wrong.run()
    assert refute(claim, GIVEN) is not None


def test_the_identity_itself_is_not_refuted() -> None:
    assert refute(CLAIM, GIVEN) is None


# ── Explicit depths ────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("depth", "bottleneck"), [(1, 0), (1, 1), (2, 1), (5, 3), (64, 63)])
def test_one_certificate_proves_it_at_an_explicit_depth(depth: int, bottleneck: int) -> None:
    theorem = certificate_at_depth(depth, bottleneck)
    # One hypothesis M[k:i+1] w_i = 0 and one M̃_i = M_i + w_i v_iᵀ for each perturbed layer.
    assert len(theorem.hypotheses) == 2 * bottleneck
    assert theorem.inference.rule == "algebra"


def nodes(term: Any) -> int:
    return 1 + sum(map(nodes, term)) if isinstance(term, tuple) else 1


def test_the_certificate_grows_linearly_in_the_depth() -> None:
    def size(depth: int) -> int:
        theorem = certificate_at_depth(depth, depth // 2)
        return nodes(theorem.inference.data) + sum(map(nodes, theorem.hypotheses))

    sizes = [size(depth) for depth in (16, 32, 64, 128)]
    first, *steps = [b - a for a, b in pairwise(sizes)]
    # Twice the layers, twice the increase: a quadratic would give four times.
    for n, step in enumerate(steps, start=1):
        assert step == pytest.approx(first * 2**n, rel=0.02)


def test_a_certificate_with_one_cofactor_changed_is_refused() -> None:
    theorem = certificate_at_depth(6, 3)
    premises = theorem.inference.premises
    goal, products = theorem.inference.data
    keys = [key for _, key in products]
    pairs = list(zip(premises, keys, strict=True))
    assert kernel.algebra(goal, pairs).conclusion == theorem.conclusion
    for at, (premise, (monomial, word)) in enumerate(pairs):
        minus = ((*monomial, (number(-1), 1)), word)
        for changed in ([(premise, minus)], []):
            with pytest.raises(KernelError, match="not the goal") as refused:
                kernel.algebra(goal, pairs[:at] + changed + pairs[at + 1 :])
            assert refused.value.expected != refused.value.found


def test_a_bottleneck_outside_the_network_is_refused() -> None:
    with pytest.raises(ValueError, match="the bottleneck 4 is not a layer of a network of 3"):
        certificate_at_depth(3, 4)
