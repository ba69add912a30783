"""A use of each tactic, small enough to be read at a glance; every one is run by the tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import proofkit as pk
from proofkit.claims import Claim, Implies
from proofkit.textbook import FACTS

__all__ = ["NAMES", "USES", "Use", "of_fact"]


@dataclass(frozen=True)
class Use:
    """What is given, by the names of facts, what follows, and the tactic that finds it."""

    given: Mapping[str, Claim]
    claim: Claim
    call: str


_n, _p, _q = pk.sizes("n p q")
_i, _k = pk.indices("i k")
_x, _y = pk.reals("x y")
_A, _B, _C = pk.matrices("A B C", _n, _n)
_u, _v = pk.vectors("u v", _n)
_f = pk.function("f", _n, _n)
_F, _G = (pk.family(name, lambda i: (_n, _n)) for name in "FG")
_id = pk.eye(_n)


@pk.theorem("twice", claim=pk.eq(_A + _A, 2 * _A))
def _twice(proof: pk.Proof) -> None:
    proof.have(_twice.claim, pk.by.algebra(), "Add.")


NAMES: Mapping[str, Any] = {
    "by": pk.by, "pk": pk, "n": _n, "p": _p, "i": _i, "k": _k, "x": _x, "y": _y,
    "A": _A, "B": _B, "C": _C, "u": _u, "v": _v, "f": _f, "F": _F,
    "twice": _twice,
}  # fmt: skip
"""What the names in the calls stand for, besides the facts that are given."""

_every = pk.forall(_A, pk.implies(pk.symmetric(_A), pk.eq(_A @ _B, _B @ _A)))
_small = pk.near((_x, 0), pk.eq(_x * _A, 0))
_close = pk.near((_A, _B), pk.le(_f(_B), _f(_A)))
_vanishes = pk.eq(_F[_i], 0)

USES: Mapping[str, Use] = {
    "algebra": Use({"same": pk.eq(_A, _B)}, pk.eq(_A @ _C, _B @ _C), "by.algebra(same)"),
    "along": Use(
        {"near": _close},
        pk.near((_C, 0), pk.le(_f(_B), _f(_B + _C))),
        "by.along(near, B + C)",
    ),
    "arithmetic": Use(
        {"low": pk.le(1, _i), "high": pk.lt(_i, _k)}, pk.le(2, _k), "by.arithmetic(low, high)"
    ),
    "around": Use(
        {"near": _close},
        pk.near((_C, _B), pk.near((_A, _C), pk.le(_f(_B), _f(_A)))),
        "by.around(near)",
    ),
    "at_the_point": Use({"near": _close}, pk.le(_f(_B), _f(_B)), "by.at_the_point(near)"),
    "both": Use(
        {"one": pk.eq(_A, _B), "other": pk.ne(_C, 0)},
        pk.eq(_A, _B) & pk.ne(_C, 0),
        "by.both(one, other)",
    ),
    "cofactors": Use(
        {"left": pk.eq(_B @ _A, _id), "right": pk.eq(_A @ _C, _id)},
        pk.eq(_C, _B),
        "by.cofactors((-1 * pk.eye(n), left, C), (B, right, None))",
    ),
    "chosen": Use(
        {"each": pk.forall(_i, pk.exists(_A, pk.eq(_A @ _F[_i], 0)))},
        pk.exists(_G, pk.forall(_i, pk.eq(_G[_i] @ _F[_i], 0))),
        "by.chosen(each)",
    ),
    "contradiction": Use(
        {"zero": pk.eq(_A, 0), "other": pk.ne(_A, 0)},
        pk.contradiction(),
        "by.contradiction(zero, other)",
    ),
    "derivative": Use(
        {},
        pk.eq(pk.grad(pk.norm2(_A), _A), 2 * _A),
        "by.derivative(pk.function_of(A, pk.norm2(A)))",
    ),
    "either": Use({"zero": pk.eq(_A, 0)}, pk.eq(_A, 0) | pk.eq(_B, 0), "by.either(zero)"),
    "everywhere": Use({"all": pk.forall(_A, pk.le(_f(_B), _f(_A)))}, _close, "by.everywhere(all)"),
    "excluded_middle": Use({}, pk.eq(_A, 0) | pk.ne(_A, 0), "by.excluded_middle()"),
    "from_": Use(
        {"every": _every, "symmetric": pk.symmetric(_C)},
        pk.eq(_C @ _B, _B @ _C),
        "by.from_(every, C, premises=[symmetric])",
    ),
    "from_contradiction": Use(
        {"absurd": pk.contradiction()}, pk.eq(_A, _B), "by.from_contradiction(absurd)"
    ),
    "known": Use(
        {"invertible": pk.invertible(_A)},
        pk.eq(_A.I @ _A, _id),
        'by.known("inverse on the left", A, premises=[invertible])',
    ),
    "least": Use(
        {
            "some": pk.exists(_i, _vanishes),
            "bounded": pk.forall(_i, pk.implies(_vanishes, pk.le(1, _i))),
        },
        pk.exists(
            _i,
            _vanishes & pk.forall(_k, pk.implies(_vanishes.xreplace({_i: _k}), pk.le(_i, _k))),
        ),
        "by.least(some, bounded)",
    ),
    "part": Use({"both": pk.eq(_A, 0) & pk.eq(_B, 0)}, pk.eq(_B, 0), "by.part(both)"),
    "real_arithmetic": Use(
        {"low": pk.le(_x, _y), "other": pk.lt(_y, 3)},
        pk.lt(_x, 3),
        "by.real_arithmetic(low, other)",
    ),
    "result_": Use({}, pk.eq(_B + _B, 2 * _B), "by.result_(twice, n, B)"),
    "rewriting": Use(
        {"fact": pk.ne(_A @ _C, 0), "same": pk.eq(_A, _B)},
        pk.ne(_B @ _C, 0),
        "by.rewriting(fact, same)",
    ),
    "routinely": Use(
        {"positive": pk.gt(_x, 0)}, pk.gt(_x * pk.exp(_y), 0), "by.routinely(positive)"
    ),
    "small_number": Use(
        {"near": _small}, pk.exists(_x, pk.ne(_x, 0) & pk.eq(_x * _A, 0)), "by.small_number(near)"
    ),
    "summing": Use(
        {},
        pk.eq(pk.summation(_i, 1, 0, _F[_i]), 0),
        "by.summing(pk.summation(i, 1, 0, F[i]))",
    ),
    "the": Use({"same": pk.eq(_A, _B)}, pk.eq(_A - _B, 0), "by.the(same)"),
    "traces": Use(
        {"same": pk.eq(_A @ _B, _C)}, pk.eq(pk.tr(_B @ _A), pk.tr(_C)), "by.traces(same)"
    ),
    "unfolding": Use(
        {}, pk.eq(_F.with_layer(_i, _A)[_i], _A), "by.unfolding(F.with_layer(i, A), i)"
    ),
    "witness": Use(
        {"same": pk.eq(_A @ _B, 0)},
        pk.exists(_C, pk.eq(_A @ _C, 0)),
        "by.witness(B, facts=[same])",
    ),
}


def of_fact(name: str) -> Use:
    """How a textbook fact is used: with its own variables, and a fact for each of its premises."""
    fact = FACTS[name]
    stated = fact.statement(*fact.about)
    parts = [stated]
    while isinstance(parts[-1], Implies):
        parts = [*parts[:-1], *parts[-1].args]
    *premises, conclusion = parts
    given = {f"h{n}": premise for n, premise in enumerate(premises, start=1)}
    terms = [repr(name), *map(str, fact.about)]
    if given:
        terms.append(f"premises=[{', '.join(given)}]")
    return Use(given, conclusion, f"by.known({', '.join(terms)})".replace("'", '"'))
