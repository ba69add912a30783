"""Derivatives in one layer of a family: products of symbolic length are cut around the layer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from proofkit import kernel
from proofkit.claims import LessEqual
from proofkit.kernel import Theorem
from proofkit.kernel.reading import read_by, under
from proofkit.symbols import Chain, MatrixVariable, Product

__all__ = ["is_layer", "joined", "opened_at"]


def is_layer(x: Any) -> bool:
    """Whether a term is one layer M[i] of a family."""
    return isinstance(x, Chain) and x.layer is not None


def opened_at(expression: Any, layer: Chain) -> tuple[MatrixVariable, Any, list[Any]]:
    """A matrix for the layer, the expression with it, and where the layer has to lie: claims.

    >>> from proofkit.symbols import family, index, tr, widths
    >>> d, k, i = widths("d"), index("k"), index("i")
    >>> M = family("M", d)
    >>> opened_at(M[k:1], M[i])[1:]
    (M[k:i + 1]·X·M[i - 1:1], [1 ≤ i, i ≤ k])
    """
    family, at, _ = layer.args
    names = {str(getattr(part, "name", "")) for part in expression.atoms(*_named())}
    name = next(n for n in ("X", "W", "Z", *(f"X_{n}" for n in range(99))) if n not in names)
    matrix = MatrixVariable(name, *layer.shape)
    claims: dict[Any, None] = {}
    values: dict[Any, Any] = {layer: matrix}
    for chain in sorted(expression.atoms(Chain), key=str):
        inner, hi, lo = chain.args
        if inner != family or chain.layer is not None:
            continue
        parts: list[Any] = [matrix]
        if hi != at:
            claims[LessEqual(at, hi)] = None
            parts.insert(0, Chain(family, hi, at + 1))
        if lo != at:
            claims[LessEqual(lo, at)] = None
            parts.append(Chain(family, at - 1, lo))
        values[chain] = Product(*parts)
    return matrix, expression.xreplace(values), sorted(claims, key=str)


def joined(theorem: Theorem, ranges: Iterable[Theorem]) -> Theorem:
    """The theorem with the pieces of products put together again, as the ranges allow."""
    known = list(ranges)
    goal = read_by(under([th.conclusion[1] for th in known]), theorem.conclusion)
    return kernel.restate(goal, theorem, known)


def _named() -> tuple[type, ...]:
    from sympy import Symbol

    from proofkit.symbols import Family, Function, Map

    return Symbol, MatrixVariable, Family, Function, Map
