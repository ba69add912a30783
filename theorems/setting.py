"""The paper's section 2: deep linear networks, their loss, and what a local minimum is.

M_i is d(i)×d(i−1) for 1 ≤ i ≤ k, and L_k(M) = f(M_k⋯M_1) for f from d(k)×d(0) matrices to the
reals.
"""

from __future__ import annotations

from typing import Any

from proofkit.claims import (
    Claim,
    Differentiable,
    ForAll,
    GlobalMinimum,
    Implies,
    LessEqual,
    LocalMinimum,
)
from proofkit.symbols import Family, Function, family, index, widths
from proofkit.trace import Prose, prose

d = widths("d")
k, i, j = index("k"), index("i"), index("j")
M = family("M", d)
f = Function("f", d(k), d(0))


def loss(N: Any, depth: Any = k, f: Any = f) -> Any:
    """L_k(N) = f(N_k⋯N_1).

    >>> loss(M)
    f(M[k:1])
    """
    return f(N[depth:1])


def local_minimum(N: Any, depth: Any = k, f: Any = f, width: Any = d) -> Claim:
    """N is a local minimum of L_k."""
    other = family("N", width)
    return LocalMinimum(other, loss(other, depth, f), N)


def global_minimum(N: Any, depth: Any = k, f: Any = f, width: Any = d) -> Claim:
    """N is a global minimum of L_k."""
    other = family("N", width)
    return GlobalMinimum(other, loss(other, depth, f), N)


def narrowest(at: Any, depth: Any = k, width: Any = d) -> Claim:
    """No layer is narrower than layer ``at``: d(at) = min of d(0), …, d(k)."""
    return ForAll(i, Implies(LessEqual(0, i), LessEqual(i, depth), LessEqual(width(at), width(i))))


G = f.gradient(M[k:1])
"""The gradient of f at the product of all layers."""
DEPTH = (LessEqual(1, k), prose("the network has at least one layer"))
SMOOTH = (Differentiable(f), prose("the loss {f} of the product is differentiable", f=f))
MINIMUM = (local_minimum(M), prose("the factors are a local minimum of the loss"))
GRADIENT = (G, prose("the gradient of {f} at the product of all layers", f=f))
SYMBOLS: tuple[tuple[Any, Prose], ...] = (
    (k, prose("the depth: how many factors the network has")),
    (d, prose("the widths: layer {i} has {w} neurons", i=i, w=d(i))),
    (M, prose("the factors: {m} maps layer {i1} to layer {i}", m=M[i], i=i, i1=i - 1)),
    (f, prose("the loss of the product, a function of {m} by {n} matrices", m=d(k), n=d(0))),
)

__all__ = [
    "DEPTH",
    "GRADIENT",
    "MINIMUM",
    "SMOOTH",
    "SYMBOLS",
    "Family",
    "G",
    "M",
    "d",
    "f",
    "global_minimum",
    "i",
    "j",
    "k",
    "local_minimum",
    "loss",
    "narrowest",
]
