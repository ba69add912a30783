"""The rules that compute: combinations of equations and of inequalities.

Finding a combination may be clever; checking it is normalising and comparing.  *Ranges* are
theorems e ≥ 0 on indices: where they say so, pieces of chains are merged (FORMAT.md, section 8).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from proofkit.kernel.nodes import Term, gated, node
from proofkit.kernel.reading import claim, read_by, term, under
from proofkit.kernel.terms import REAL, constant, number, plus, scaled, times
from proofkit.kernel.theorem import Theorem, inference_rule, require, says, seal


def _ranges(rule: str, theorems: Sequence[Theorem]) -> list[Term]:
    return [says(theorem, "inonneg", rule=rule)[1] for theorem in theorems]


@inference_rule
def algebra(
    goal: Any, products: Sequence[tuple[Theorem, Any]] = (), ranges: Sequence[Theorem] = ()
) -> Theorem:
    """From Γᵢ ⊢ Xᵢ = 0 and a = Σ productᵢ in the free algebra conclude Γ₁, … ⊢ a = 0.

    Each product is given by a theorem and a key (monomial, word) that has Xᵢ among its factors, as
    an atom or, plain or transposed, as a letter; so it is 0.  Where the sum is not the goal as it
    stands, it may be with values, members and ends of sums looked up.  Source: an ideal member is
    zero wherever the generators are (D. Cox, J. Little, D. O'Shea, Ideals, Varieties, and
    Algorithms, 4th ed., §1.4, p. 30).
    """
    rule, goal, ranges = "algebra", claim(goal), tuple(ranges)
    require(goal[0] == "null", rule, "the goal must be an equation", None, goal)
    known, premises, keys, data = _ranges(rule, ranges), [], [], []
    for theorem, key in products:
        _, zero = says(theorem, "null", rule=rule)
        key = gated(key)
        factors = [x for side in key for x, _ in side]
        found = next((x for x in factors if x in (zero, scaled(zero, -1))), None)
        require(found is not None, rule, "a product lacks the factor that is 0", zero, key)
        premises.append(theorem)
        keys.append(key)
        data.append((found, key))
    total = node("null", (*goal[1][:-1], tuple((key, (1, 1)) for key in keys)))
    for unfold in (False, True):
        reading = under(known, unfold)
        wanted, sum_ = read_by(reading, goal), read_by(reading, total)
        if wanted == sum_:
            break
    else:
        require(False, rule, "the combination of the equations is not the goal", wanted, sum_)
    return seal(rule, (*premises, *ranges), (goal, tuple(data)), goal)


@inference_rule
def restate(goal: Any, theorem: Theorem, ranges: Sequence[Theorem] = ()) -> Theorem:
    """From Γ ⊢ p conclude Γ, Δ ⊢ q, p and q the same once chains are merged as ``ranges`` allow."""
    rule, goal, ranges = "restate", claim(goal), tuple(ranges)
    reading = under(_ranges(rule, ranges))
    wanted, found = (read_by(reading, p) for p in (goal, says(theorem, rule=rule)))
    require(wanted == found, rule, "the two claims do not agree", wanted, found)
    return seal(rule, (theorem, *ranges), (goal,), goal)


@inference_rule
def arithmetic(
    goal: Any, scales: Sequence[tuple[Theorem, Any]], ranges: Sequence[Theorem] = ()
) -> Theorem:
    """From Γᵢ ⊢ eᵢ ≥ 0 (> 0, = 0) and g = Σ λᵢ·eᵢ + r, r a constant, conclude g ≥ 0 (> 0).

    λᵢ is a constant ≥ 0 where eᵢ ≥ 0 or > 0, and any number where eᵢ = 0.  For g > 0 it must be
    that r > 0, or that r = 0 and λᵢ > 0 for some eᵢ > 0; for integers g > −1 is enough.  The goal
    "a contradiction" is −1 ≥ 0.  Source: Farkas' lemma, A. Schrijver, Theory of Linear and Integer
    Programming (1986), §7.3.
    """
    rule = "arithmetic"
    goal, ranges = claim(goal), tuple(ranges)
    kind, reading = goal[0], under(_ranges(rule, ranges))
    premises, data = [], []
    order = kind in ("inonneg", "rnonneg", "rpos", "false")
    require(order, rule, "the goal is no order", None, goal)
    rest = number(-1) if kind == "false" else read_by(reading, goal[1])
    strict = kind == "rnonneg"
    for theorem, scale in scales:
        p = says(theorem, "inonneg", "rnonneg", "rpos", "null", rule=rule)
        require(p[1][0] == "num", rule, "it equates matrices and not numbers", None, p)
        scale = term(scale, REAL)
        size = constant(scale)
        allowed = p[0] == "null" or (size is not None and size[0] >= 0)
        require(allowed, rule, "an inequality is multiplied by a constant ≥ 0 only", p, scale)
        strict = strict or (p[0] == "rpos" and size != (0, 1))
        rest = plus(rest, times(scale, read_by(reading, p[1])), -1)
        premises.append(theorem)
        data.append((scale, p[1]))
    left = constant(rest)
    floor = -1 if kind in ("inonneg", "false") else 0
    enough = left is not None and (left[0] > floor * left[1] or (left == (floor, 1) and strict))
    require(enough, rule, "the combination does not give the goal; what is left over", goal, rest)
    return seal(rule, (*premises, *ranges), (goal, tuple(data)), goal)
