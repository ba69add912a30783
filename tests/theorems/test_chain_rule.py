"""∂L_k/∂M_i = (M_k⋯M_{i+1})ᵀ f'(M_k⋯M_1) (M_{i−1}⋯M_1)ᵀ: its proof, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from proofkit.claims import And, Between, Convex, Differentiable, Equal
from proofkit.script import Result, Route, ScriptError
from proofkit.symbols.faults import ShapeError
from theorems.chain_rule import chain_rule, partial
from theorems.setting import M, d, f, i, k

L = partial()
G = f.gradient(M[k:1])
ABOVE, BELOW = M[k : i + 1], M[i - 1 : 1]
GRADIENT = ABOVE.T * G * BELOW.T

MISSHAPEN: dict[str, Callable[[], Any]] = {
    "a shifted index": lambda: M[k:i].T * G * M[i - 2 : 1].T,
    "a missing transpose": lambda: ABOVE * G * BELOW.T,
    "swapped factors": lambda: BELOW.T * G * ABOVE.T,
}
WRONG_GRADIENTS = {
    "the sign": -GRADIENT,
    "twice": 2 * GRADIENT,
    "nothing": 0 * GRADIENT,
    "at the zero product": ABOVE.T * f.gradient(0 * M[k:1]) * BELOW.T,
}


def test_the_statement_is_the_papers() -> None:
    assert chain_rule.variables == (d, k, i, f, M)
    assert [h.claim for h in chain_rule.given] == [Between(1, i, k), Differentiable(f)]
    assert chain_rule.claim == And(Differentiable(L), Equal(L.gradient(M[i]), GRADIENT))


def test_proved_for_every_depth_layer_and_width(proved: Any) -> None:
    proved(chain_rule, "main")
    assert not chain_rule.run().footprint.results


def test_every_hypothesis_is_needed(needs_every_hypothesis: Any) -> None:
    needs_every_hypothesis(chain_rule, "main")


def test_convexity_does_not_do_for_differentiability(refused: Any) -> None:
    # E25: ‖·‖ is convex and has no gradient at 0.
    refused(chain_rule, "main", 1, Convex(f))


def test_a_layer_outside_the_network_is_refused(refused: Any) -> None:
    refused(chain_rule, "main", 0, Between(0, i, k))
    refused(chain_rule, "main", 0, Between(1, i, k + 1))


@pytest.mark.parametrize("name", WRONG_GRADIENTS)
def test_another_gradient_is_refused(name: str) -> None:
    claim = And(Differentiable(L), Equal(L.gradient(M[i]), WRONG_GRADIENTS[name]))
    routes = {n: Route(n, route.script) for n, route in chain_rule.routes.items()}
    wrong = Result("wrong", "", chain_rule.variables, chain_rule.given, claim, routes=routes)
    with pytest.raises(ScriptError):
        wrong.run()


@pytest.mark.parametrize("name", MISSHAPEN)
def test_a_gradient_of_another_shape_cannot_even_be_claimed(name: str) -> None:
    with pytest.raises(ShapeError):
        Equal(L.gradient(M[i]), MISSHAPEN[name]())
