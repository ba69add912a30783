"""Terms as a straight-line program over embedded numbers, for a page that computes without us.

Each node is a list: what it is, then numbers of earlier nodes.  A page runs the nodes in order;
nothing in them is code.  The same terms are evaluated here by `proofkit.evaluate`, so that a page
can be checked against the library.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from sympy import Add, Integer, Mul, Rational

from proofkit.evaluate.environment import Environment, Layers, OutOfRange
from proofkit.evaluate.terms import index_value
from proofkit.symbols import (
    Chain,
    Family,
    Gradient,
    Identity,
    MatrixVariable,
    Product,
    Replaced,
    Scaled,
    Sum,
    Tabulated,
    Transposed,
    Zero,
)

__all__ = ["Program", "numbers"]

Json = list[Any]


def numbers(matrix: Any) -> list[list[float]]:
    """The entries as floats, of an exact matrix or of a batch of one.

    >>> from proofkit.networks.exact import ExactMatrix
    >>> numbers(ExactMatrix.of([[Fraction(1, 2), 3]]))
    [[0.5, 3.0]]
    """
    if hasattr(matrix, "entries"):
        return [[float(x) for x in line] for line in matrix.entries()]
    return [[float(x) for x in line] for line in matrix.value[0]]


def _errors(matrix: Any) -> list[list[float]]:
    """How far the floats of `numbers` may be from what they stand for."""
    if hasattr(matrix, "entries"):
        return [[_rounding(x) for x in line] for line in matrix.entries()]
    return [[float(x) for x in line] for line in matrix.error[0]]


def _rounding(x: Any) -> float:
    """Zero for a number that a float holds exactly, or else half a unit in the last place."""
    near = float(x)
    return 0.0 if isinstance(x, Fraction) and Fraction(near) == x else abs(near) * 2.0**-53


class Program:
    """Nodes that compute terms; ``knobs`` maps (family, index) to the number of a free vector.

    With ``means`` the vectors are as the steps of a proof have them, the size in them, and
    families stand for others.
    """

    def __init__(
        self,
        env: Environment,
        knobs: dict[tuple[Any, int], int],
        size: Any,
        means: dict[Any, Any] | None = None,
    ) -> None:
        self._env = env
        self._knobs = knobs
        self._size = size
        self._means = means
        self.nodes: list[Json] = []
        self._known: dict[str, int] = {}
        self._members: dict[tuple[Any, int], int] = {}

    def beside(self, env: Environment, means: dict[Any, Any]) -> Program:
        """The program of the steps of a proof, whose nodes are among these."""
        other = Program(env, self._knobs, self._size, means)
        other.nodes, other._known = self.nodes, self._known
        return other

    def node(self, *parts: Any) -> int:
        """The number of a node, the same for the same node."""
        key = repr(parts)
        if key not in self._known:
            self._known[key] = len(self.nodes)
            self.nodes.append(list(parts))
        return self._known[key]

    def moves(self, number: int) -> bool:
        """Whether a node depends on the free vectors."""
        kind, *parts = self.nodes[number]
        if kind in ("const", "knob"):
            return bool(kind == "knob")
        return any(map(self.moves, parts[1:] if kind == "times" else parts))

    def term(self, x: Any, env: Environment | None = None) -> int:
        """The node that computes a matrix term.

        Raises `TypeError` for a term that a page cannot compute, `OutOfRange` for layers that
        the network does not have.
        """
        env = env or self._env
        if isinstance(x, MatrixVariable):
            return self._constant(env[x])
        if isinstance(x, Chain):
            return self._chain(x, env)
        if isinstance(x, Product):
            return self._together("mul", [self.term(a, env) for a in reversed(x.args)], flip=True)
        if isinstance(x, Sum):
            return self._together("add", [self.term(a, env) for a in x.args])
        if isinstance(x, Scaled):
            return self._scaled(x.args[0], self.term(x.args[1], env), env)
        if isinstance(x, Transposed):
            return self.node("T", self.term(x.args[0], env))
        if isinstance(x, Identity):
            return self._constant(env.identity(int(index_value(x.args[0], env))))
        if isinstance(x, Zero):
            return self._constant(env.zeros(*(int(index_value(a, env)) for a in x.args)))
        if isinstance(x, Gradient):
            return self.node("gradient", self.term(x.args[1], env))
        raise TypeError(f"{type(x).__name__} cannot be computed in a page")

    def _together(self, kind: str, parts: Sequence[int], flip: bool = False) -> int:
        total = parts[0]
        for part in parts[1:]:
            total = self.node(kind, part, total) if flip else self.node(kind, total, part)
        return total

    def _scaled(self, factor: Any, of: int, env: Environment) -> int:
        if isinstance(factor, Add):
            return self._together("add", [self._scaled(a, of, env) for a in factor.args])
        if isinstance(factor, Mul):
            for a in factor.args:
                of = self._scaled(a, of, env)
            return of
        if factor == self._size:
            return self.node("size", of)
        if isinstance(factor, (Integer, Rational)):
            return self.node("times", float(Fraction(int(factor.p), int(factor.q))), of)
        raise TypeError(f"{factor} cannot be computed in a page")

    def _chain(self, x: Chain, env: Environment) -> int:
        family, hi, lo = x.args[0], index_value(x.args[1], env), index_value(x.args[2], env)
        if hi == lo - 1:
            return self._constant(env.identity(int(index_value(x.rows, env))))
        if hi < lo - 1:
            raise OutOfRange(f"the chain from {hi} down to {lo} runs backwards")
        members = [self._known_member(family, at, env) for at in range(lo, hi + 1)]
        return self._together("mul", members, flip=True)

    def _known_member(self, family: Any, at: int, env: Environment) -> int:
        # Many terms have the same factors; where no index is bound a factor is always the same.
        if env is not self._env:
            return self._member(family, at, env)
        if (family, at) not in self._members:
            self._members[family, at] = self._member(family, at, env)
        return self._members[family, at]

    def _member(self, family: Any, at: int, env: Environment) -> int:
        if isinstance(family, Tabulated):
            variable, body = family.args
            return self.term(body, env.having({variable: at}))
        if isinstance(family, Replaced):
            inner, lo, hi, variable, body = family.args
            if index_value(lo, env) <= at <= index_value(hi, env):
                return self.term(body, env.having({variable: at}))
            return self._member(inner, at, env)
        if isinstance(family, Family):
            if (family, at) in self._knobs:
                knob = self.node("knob", self._knobs[family, at])
                return knob if self._means is None else self.node("size", knob)
            if self._means and family in self._means:
                return self._member(self._means[family], at, env)
            layers: Layers = env[family]
            return self._constant(layers.member(at))
        raise TypeError(f"{type(family).__name__} cannot be computed in a page")

    def _constant(self, matrix: Any) -> int:
        errors = _errors(matrix)
        bounds = [errors] if any(any(line) for line in errors) else []
        return self.node("const", numbers(matrix), *bounds)
