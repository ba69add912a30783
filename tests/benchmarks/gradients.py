"""Gradients in all layers: symbolic against SymPy, numeric against JAX, autograd and PyTorch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import sympy
from sympy.core.cache import clear_cache

from proofkit.calculus import gradient
from proofkit.networks.gradients import plain_gradients
from proofkit.symbols import Function, family, widths
from tests.benchmarks.harness import CPU, Size, Table, forget, peer, race, ratio

SYMPY_DEPTHS = 8
"""Beyond, SymPy takes minutes."""


def symbolic(size: Size) -> list[Table]:
    """All gradients of f(W), against SymPy's of ‖W − Y‖² and of ‖W‖² + ‖M₁‖²; W = M_k⋯M_1."""
    table = Table(
        "2. Abstract gradients in all k layers",
        ("k", "proofkit, any f", "SymPy, ‖W − Y‖²", "ratio", "wrong zeros", "of ‖W‖² + ‖M₁‖²"),
    )
    for depth in size.of((3, 4, 8, 16, 32, 64), (3,)):
        contestants: dict[str, Callable[[], object]] = {
            "own": lambda depth=depth: abstract_gradients(depth)  # type: ignore[misc]
        }
        theirs = depth <= SYMPY_DEPTHS
        if theirs:
            contestants["sympy"] = lambda depth=depth: sympy_gradients(depth)  # type: ignore[misc]
        found = race(contestants, size.rounds, clock=CPU)
        table.add(
            depth,
            found["own"],
            found["sympy"] if theirs else "–",
            ratio(found["sympy"], found["own"]) if theirs else "–",
            f"{wrong_zeros(sympy_gradients(depth))} of {depth}" if theirs else "–",
            f"{wrong_zeros(sympy_gradients(depth, True))} of {depth}" if theirs else "–",
        )
    table.notes.append(
        "Wrong zeros: gradients that SymPy gives as 0 without a word, though none is."
    )
    return [table]


def abstract_gradients(depth: int) -> list[Any]:
    """The gradients of f(M_k⋯M_1) in M_1, …, M_k, widths symbolic."""
    forget()
    d = widths("d")
    layers, f = family("M", d), Function("f", d(depth), d(0))
    value = f(layers[depth:1])
    return [gradient(value, layers[i]) for i in range(1, depth + 1)]


def sympy_gradients(depth: int, penalised: bool = False) -> list[Any]:
    """SymPy's derivatives of a quadratic in the same product, n×n layers."""
    clear_cache()
    n = sympy.Symbol("n", integer=True, positive=True)
    layers = [sympy.MatrixSymbol(f"M{i}", n, n) for i in range(1, depth + 1)]
    product = layers[0]
    for layer in layers[1:]:
        product = layer * product
    if penalised:
        first = layers[0]
        value = sympy.Trace(product.T * product) + sympy.Trace(first.T * first)
    else:
        away = product - sympy.MatrixSymbol("Y", n, n)
        value = sympy.Trace(away.T * away)
    return [value.diff(layer) for layer in layers]


def wrong_zeros(gradients: list[Any]) -> int:
    """How many are plainly zero."""
    return sum(1 for g in gradients if g == 0 or getattr(g, "is_ZeroMatrix", False))


def numeric(size: Size) -> list[Table]:
    """All gradients of ‖M_k⋯M_1 − Y‖² in double precision."""
    table = Table(
        "3. Numeric gradients in all k layers of n×n, double precision",
        ("n", "k", "proofkit", "JAX (jit)", "autograd", "PyTorch", "fastest peer"),
    )
    peers = {"JAX": _jax(table), "autograd": _autograd(table), "PyTorch": _torch(table)}
    for n in size.of((20, 100, 300), (3,)):
        for depth in size.of((8, 32), (2,)):
            rng = np.random.default_rng(n)
            layers = [rng.standard_normal((n, n)) / np.sqrt(n) for _ in range(depth)]
            target = rng.standard_normal((n, n))
            contestants = {
                "own": lambda layers=layers, y=target: plain_gradients(
                    layers, lambda w: 2 * (w - y)
                )
            }
            expected = contestants["own"]()
            for name, make in peers.items():
                if make is None:
                    continue
                contestants[name] = call = make(layers, target)
                for one, other in zip(expected, call(), strict=True):
                    np.testing.assert_allclose(np.asarray(other), one, rtol=1e-8, atol=1e-8)
            found = race(contestants, size.rounds, clock=CPU)
            own = found.pop("own")
            best = min(found.values(), key=lambda t: t.seconds, default=None)
            shown = (found.get(name, "–") for name in peers)
            table.add(n, depth, own, *shown, ratio(best, own) if best else "–")
    table.notes.append(
        "Last column: the fastest peer's time over proofkit's; above 1 proofkit is faster."
    )
    return [table]


Maker = Callable[[list[Any], Any], Callable[[], Any]]


def _quadratic(layers: list[Any], target: Any) -> Any:
    product = layers[0]
    for layer in layers[1:]:
        product = layer @ product
    return ((product - target) ** 2).sum()


def _jax(table: Table) -> Maker | None:
    jax = peer("jax", table)
    if jax is None:
        return None
    jax.config.update("jax_enable_x64", True)

    def make(layers: list[Any], target: Any) -> Callable[[], Any]:
        there = [jax.numpy.asarray(x) for x in layers]
        y = jax.numpy.asarray(target)
        compiled = jax.jit(jax.grad(_quadratic))
        return lambda: jax.block_until_ready(compiled(there, y))

    return make


def _autograd(table: Table) -> Maker | None:
    autograd = peer("autograd", table)
    if autograd is None:
        return None
    slope = autograd.grad(_quadratic_autograd)
    return lambda layers, target: lambda: slope(layers, target)


def _quadratic_autograd(layers: list[Any], target: Any) -> Any:
    import autograd.numpy as anp

    product = layers[0]
    for layer in layers[1:]:
        product = anp.dot(layer, product)
    return anp.sum((product - target) ** 2)


def _torch(table: Table) -> Maker | None:
    torch = peer("torch", table)
    if torch is None:
        return None

    def make(layers: list[Any], target: Any) -> Callable[[], Any]:
        there = [torch.tensor(x, requires_grad=True) for x in layers]
        y = torch.tensor(target)
        return lambda: torch.autograd.grad(_quadratic(there, y), there)

    return make


def run(size: Size) -> list[Table]:
    """Both tables."""
    return symbolic(size) + numeric(size)
