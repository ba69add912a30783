"""Disciplined convex programming: a rule set that proves expressions convex, or says nothing.

Every node gets a curvature and a range sign from those of its arguments. The rules are those of
M. Grant, S. Boyd and Y. Ye, "Disciplined convex programming", 2006, §§3–5: sums, multiples,
composition of a convex function that is monotone where the argument lies; with three additions
that each is a textbook fact:

- log Σ a_i·exp(g_i) with a_i ≥ 0 and g_i convex is convex (Boyd and Vandenberghe, *Convex
  Optimization*, 3.1.5 and 3.2.4); so log(1 + exp(g)) and log1p(exp(g)) are;
- a polynomial of degree ≤ 2 is convex iff its constant Hessian is positive semidefinite, which is
  tested exactly; the quadratic terms of a sum are put together first;
- logistic and tanh have no curvature on R, and sin and cos none at all.

A curvature of ``None`` means that no rule applies, not that the function is not convex.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from proofkit.diagnose.check.inertia import exact_inertia
from proofkit.networks.ast import Apply, Constant, Entry, Node, exponent_of
from proofkit.networks.degrees import degree, quadratic_hessian
from proofkit.networks.scalars import sign

__all__ = ["Curvature", "is_convex"]


class Curvature(Enum):
    """What is proved of a function of the entries."""

    CONSTANT = "constant"
    AFFINE = "affine"
    CONVEX = "convex"
    CONCAVE = "concave"


@dataclass(frozen=True)
class _Seen:
    """Curvature, ``None`` if unknown; and the sign of all values: 1 for ≥ 0, −1 for ≤ 0, or 0."""

    curvature: Curvature | None
    sign: int
    positive: bool = False

    @property
    def affine(self) -> bool:
        return self.curvature in (Curvature.CONSTANT, Curvature.AFFINE)

    @property
    def convex(self) -> bool:
        return self.affine or self.curvature is Curvature.CONVEX

    @property
    def concave(self) -> bool:
        return self.affine or self.curvature is Curvature.CONCAVE


_UNKNOWN = _Seen(None, 0)


def is_convex(expression: Node, shape: tuple[int, int]) -> bool:
    """Whether the rules prove the expression convex on its domain.

    >>> from proofkit.networks.expressions import parse_expression
    >>> [is_convex(parse_expression(text, (1, 2)), (1, 2)) for text in
    ...  ("exp(-w11) + w12**2", "log(1 + exp(w11 - w12))", "w11*w12", "w11**2 + w11*w12 + w12**2")]
    [True, True, False, True]
    """
    return _Rules(shape).sum(expression).convex


class _Rules:
    def __init__(self, shape: tuple[int, int]) -> None:
        self.shape = shape

    def sum(self, node: Node) -> _Seen:
        """A sum: its terms of degree ≤ 2 together, the others each by itself."""
        rest = []
        quadratic: list[Node] = []
        for term in _terms(node, False):
            top = degree(term)
            if top is not None and top <= 2:
                quadratic.append(term)
            else:
                rest.append(self.seen(term))
        if quadratic:
            rest.append(self.quadratic(quadratic))
        total = rest[0]
        for part in rest[1:]:
            total = _added(total, part)
        return total

    def quadratic(self, terms: list[Node]) -> _Seen:
        """The sum of terms of degree ≤ 2: convex iff its Hessian is positive semidefinite."""
        known = self.seen(terms[0])
        for term in terms[1:]:
            known = _added(known, self.seen(term))
        if known.convex:
            return known
        positive, _, negative = exact_inertia(quadratic_hessian(_balanced(terms), self.shape))
        if negative == 0:
            curvature = Curvature.CONVEX if positive else Curvature.AFFINE
            return _Seen(curvature, known.sign, known.positive)
        return _Seen(None if positive else Curvature.CONCAVE, known.sign, known.positive)

    def seen(self, node: Node) -> _Seen:
        if isinstance(node, Constant):
            s = sign(node.value)
            return _Seen(Curvature.CONSTANT, s or 1, s > 0)
        if isinstance(node, Entry):
            return _Seen(Curvature.AFFINE, 0)
        if node.op in {"log", "log1p"} and self.log_sum_exp(node):
            return _Seen(Curvature.CONVEX, 1 if node.op == "log1p" else 0)
        if node.op in {"+", "-"}:
            left, right = (self.seen(part) for part in node.args)
            both = _added(left, right if node.op == "+" else _opposite(right))
            top = degree(node)
            if both.curvature is None and top is not None and top <= 2:
                positive, _, negative = exact_inertia(quadratic_hessian(node, self.shape))
                if not (positive and negative):
                    kind = Curvature.CONCAVE if negative else Curvature.CONVEX
                    return _Seen(kind, both.sign, both.positive)
            return both
        if node.op == "neg":
            return _opposite(self.seen(node.args[0]))
        if node.op in {"*", "/"}:
            return self.product(node)
        return self.function(node, self.seen(node.args[0]))

    def log_sum_exp(self, node: Apply) -> bool:
        """Whether the argument (plus 1 for log1p) is Σ a_i·exp(g_i), a_i ≥ 0, g_i convex."""
        some = node.op == "log1p"
        for term in _terms(node.args[0], False):
            seen = self.seen(term)
            if seen.curvature is Curvature.CONSTANT and seen.sign >= 0:
                some = some or seen.positive
                continue
            exponent = self.exponential(term)
            if exponent is None or not exponent.convex:
                return False
            some = True
        return some

    def exponential(self, term: Node) -> _Seen | None:
        """g for a term a·exp(g) with a > 0."""
        if not isinstance(term, Apply):
            return None
        if term.op == "exp":
            return self.seen(term.args[0])
        if term.op in {"*", "/"}:
            left, right = term.args
            if self.seen(right).curvature is Curvature.CONSTANT and self.seen(right).positive:
                return self.exponential(left)
            if term.op == "*" and self.seen(left).curvature is Curvature.CONSTANT:
                return self.exponential(right) if self.seen(left).positive else None
        return None

    def product(self, node: Apply) -> _Seen:
        left, right = (self.seen(part) for part in node.args)
        combined = left.sign * right.sign
        positive = left.positive and right.positive
        if right.curvature is Curvature.CONSTANT:
            return _multiplied(left, right.sign, combined, positive)
        if left.curvature is Curvature.CONSTANT:
            if node.op == "*":
                return _multiplied(right, left.sign, combined, positive)
            if right.positive and right.concave:
                # 1/g is convex for a concave g > 0.
                inverse = _Seen(Curvature.CONVEX, 1, True)
                return _multiplied(inverse, left.sign, combined, positive)
        top = degree(node)
        if top is not None and top <= 2:
            p, _, n = exact_inertia(quadratic_hessian(node, self.shape))
            if not (p and n):
                kind = Curvature.CONCAVE if n else Curvature.CONVEX
                square = node.args[0] == node.args[1] and node.op == "*"
                return _Seen(kind, 1 if square else combined, positive)
        return _Seen(None, combined, positive)

    def function(self, node: Apply, x: _Seen) -> _Seen:
        if x.curvature is Curvature.CONSTANT:
            keeps = node.op in {"exp", "logistic", "sqrt", "abs"}
            return _Seen(Curvature.CONSTANT, 1 if keeps else 0, node.op in {"exp", "logistic"})
        if node.op == "exp":
            return _Seen(Curvature.CONVEX if x.convex else None, 1, True)
        if node.op in {"log", "log1p", "sqrt"}:
            range_sign = 1 if node.op == "sqrt" else x.sign if node.op == "log1p" else 0
            return _Seen(Curvature.CONCAVE if x.concave else None, range_sign)
        if node.op == "abs":
            rising = (x.convex and x.sign > 0) or (x.concave and x.sign < 0)
            return _Seen(Curvature.CONVEX if x.affine or rising else None, 1, x.positive)
        if node.op == "**":
            return self.power(node, x)
        return _Seen(None, 1 if node.op == "logistic" else 0, node.op == "logistic")

    def power(self, node: Apply, x: _Seen) -> _Seen:
        q = exponent_of(node)
        even = q.denominator == 1 and q.numerator % 2 == 0
        range_sign = 1 if even or q.denominator != 1 or x.sign > 0 else x.sign
        positive = x.positive
        if q == 0:
            return _Seen(Curvature.CONSTANT, 1, True)
        if q == 1:
            return x
        if q > 1 and even:
            monotone = (x.convex and x.sign > 0) or (x.concave and x.sign < 0)
            return _Seen(Curvature.CONVEX if x.affine or monotone else None, 1, positive)
        if q > 1:
            # A root is only of numbers ≥ 0, but a convex argument may then rise from below 0.
            rising = x.convex and x.sign > 0
            rooted = x.affine and q.denominator != 1
            return _Seen(Curvature.CONVEX if rising or rooted else None, range_sign, positive)
        if q > 0:
            return _Seen(Curvature.CONCAVE if x.concave else None, 1, positive)
        falling = x.concave and x.positive
        return _Seen(Curvature.CONVEX if falling else None, range_sign, positive)


def _terms(node: Node, opposite: bool) -> Iterator[Node]:
    """The terms of a sum, differences and signs pushed into them."""
    if isinstance(node, Apply) and node.op in {"+", "-"}:
        yield from _terms(node.args[0], opposite)
        yield from _terms(node.args[1], opposite != (node.op == "-"))
    elif isinstance(node, Apply) and node.op == "neg":
        yield from _terms(node.args[0], not opposite)
    else:
        yield Apply("neg", (node,)) if opposite else node


def _balanced(terms: list[Node]) -> Node:
    """The sum of the terms as a shallow tree."""
    if len(terms) == 1:
        return terms[0]
    half = len(terms) // 2
    return Apply("+", (_balanced(terms[:half]), _balanced(terms[half:])))


def _added(left: _Seen, right: _Seen) -> _Seen:
    positive = (left.positive and right.sign > 0) or (right.positive and left.sign > 0)
    shared = left.sign if left.sign == right.sign else 0
    if left.curvature is Curvature.CONSTANT and right.curvature is Curvature.CONSTANT:
        return _Seen(Curvature.CONSTANT, shared, positive)
    if left.affine and right.affine:
        return _Seen(Curvature.AFFINE, shared, positive)
    if left.convex and right.convex:
        return _Seen(Curvature.CONVEX, shared, positive)
    if left.concave and right.concave:
        return _Seen(Curvature.CONCAVE, shared, positive)
    return _Seen(None, shared, positive)


def _opposite(x: _Seen) -> _Seen:
    turned = {Curvature.CONVEX: Curvature.CONCAVE, Curvature.CONCAVE: Curvature.CONVEX}
    return _Seen(turned.get(x.curvature, x.curvature) if x.curvature else None, -x.sign)


def _multiplied(x: _Seen, factor: int, combined: int, positive: bool) -> _Seen:
    turned = x if factor > 0 else _opposite(x)
    return _Seen(turned.curvature if factor else None, combined, positive)
