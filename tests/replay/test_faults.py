"""Faults of the second checker that were found, each closed (tests/kernel/bugs-found.md)."""

from __future__ import annotations

import pytest

from proofkit import replay
from tests.replay.common import (
    INDEX,
    NAT,
    REAL,
    UNIT,
    Claim,
    assumed,
    atom,
    meaning,
    number,
    proved,
    spent,
    verdict,
)  # fmt: skip
from tests.replay.test_inferences import Inference


@pytest.mark.parametrize("variable", [("b", 0, "x"), ("b", 0, ("nat",)), ("b",), ("b", 1)])
def test_a_bound_variable_has_one_form(variable: Claim) -> None:
    claim = ("forall", ("real",), ("rpos", ("num", (((((("b", 0), 1),), ()), (1, 1)),))))
    assert meaning(claim)
    with pytest.raises((replay.Refused, IndexError)):  # `replay` makes a refusal of either
        meaning((*claim[:2], ("rpos", ("num", (((((variable, 1),), ()), (1, 1)),)))))


def under_facts() -> tuple[Claim, Claim, Claim, Claim]:
    """A fact x ≥ 0, a size that is 1 by the fact, and two variables X, of size 1 and of that."""
    x = number(0, (("var", "x", INDEX), 1))
    one_to_x = ("changed", ("lam", INDEX, ("num", ())), ("num", ()), x, ("lam", INDEX, UNIT))
    size = number(0, (("at", one_to_x, x), 1))
    first, second = (("var", "X", ("matrix", n, UNIT)) for n in (UNIT, size))
    return ("inonneg", x), size, first, second


def test_facts_make_no_two_variables_one() -> None:
    """They proved tr XᵀX = tr XᵀX for two variables X of sizes that are the same by the facts."""
    fact, _, first, second = under_facts()
    same = ("var", "Y", first[2])

    def equal(a: Claim, b: Claim) -> Claim:
        return (
            "null",
            number(0, (("trace", ((a, 1), (a, 0))), 1), (("trace", ((b, 1), (b, 0))), -1)),
        )

    def proved(goal: Claim) -> str:
        return Inference("algebra", [((fact,), fact)], (goal, ()), ((fact,), goal)).checked()

    assert "two variables" in proved(equal(first, second))  # not in one claim, to begin with
    assert "another goal" in proved(equal(first, same))
    assert proved(equal(second, second)) == ""
    at_first, at_second = (("not", equal(v, same)) for v in (first, second))
    moved = Inference(
        "restate", [((), at_first), ((fact,), fact)], (at_second,), ((fact,), at_second)
    )
    assert "something else" in moved.checked()


def test_a_variable_s_size_is_still_known_by_the_facts() -> None:
    """X of the size that is 1 by the facts fits where 1 is wanted, under the facts."""
    fact, size, _, second = under_facts()

    def zero(rows: Claim) -> Claim:
        terms = ((((), ((second, 0),)), (1, 1)), (((), ((second, 0),)), (-1, 1)))
        return ("null", ("mat", rows, UNIT, terms))

    goal = zero(size)
    assert Inference("algebra", [((fact,), fact)], (goal, ()), ((fact,), goal)).checked() == ""
    assert "shape" in Inference("assume", [], (zero(UNIT),), ((zero(UNIT),), zero(UNIT))).checked()


def test_functions_that_double_a_term_are_refused_at_once() -> None:
    """x ↦ g(x, x), n times: it took 4 times as long for every 2 more, and n = 26 fits in a file."""
    g = ("var", "g", ("to", REAL, ("to", REAL, REAL)))
    x = number(0, (("b", 0), 1))
    double = ("lam", REAL, number(0, (("at", ("at", g, x), x), 1)))
    term = number(0, (("var", "r", REAL), 1))
    for _ in range(26):
        term = number(0, (("at", double, term), 1))
    assert "becomes too large" in verdict(assumed(("rpos", term)))


def test_a_large_term_below_many_levels_is_no_work() -> None:
    """It was looked up at each level by a hash of the whole; terms go by identity now."""

    def work(doublings: int) -> int:
        large: Claim = ("false",)
        for _ in range(doublings):
            large = ("and", (large, large))
        claims = []
        for n in range(1, 9):
            claim: Claim = ("and", (("rpos", number(n)), large))
            for _ in range(90):
                claim = ("implies", ("false",), claim)
            claims.append(claim)
        return spent(assumed(*claims))

    assert work(11) < 3 * work(1)  # a term in it is 2,000 times as large


def test_chains_that_meet_in_nothing_are_nothing() -> None:
    """F[k:k−x+1]·F[k−x:k+1] is F[k:k+1], the identity, where x ≥ 0 and −x ≥ 0 are known.

    It was left as a chain, which is in no normal form; a trace of it was looked for in vain.
    """
    k, x, n = (("var", name, sort) for name, sort in (("k", INDEX), ("x", INDEX), ("n", NAT)))
    size = atom(n)
    family = ("var", "F", ("to", INDEX, ("matrix", size, size)))
    upper = ("chain", family, atom(k), number(1, (k, 1), (x, -1)))
    lower = ("chain", family, number(0, (k, 1), (x, -1)), number(1, (k, 1)))
    word, minus = ((upper, 0), (lower, 0)), (((), ()), (-1, 1))
    whole = ("null", ("mat", size, size, ((((), word), (1, 1)), minus)))
    turned = tuple((letter, 1) for letter, _ in reversed(word))
    backwards = ("null", ("mat", size, size, ((((), turned), (1, 1)), minus)))
    traced = ("null", number(0, (("trace", word), 1), (n, -1)))
    facts = [("inonneg", number(0, (x, 1))), ("inonneg", number(0, (x, -1)))]
    for goal in (whole, backwards, traced):
        known = Inference("algebra", [((p,), p) for p in facts], (goal, ()), (facts, goal))
        assert known.checked() == ""
        for few in ([], facts[:1], facts[1:]):
            less = Inference("algebra", [((p,), p) for p in few], (goal, ()), (few, goal))
            assert "another goal" in less.checked()


# ── Where it took other files than the format says ─────────────────────────────────────────────
def sequent(claim: Claim, *hypotheses: Claim) -> replay.Sequent:
    return replay.Sequent(frozenset(map(meaning, hypotheses)), meaning(claim))


def test_a_variable_of_the_name_is_not_fresh_whatever_its_sort() -> None:
    x, other = ("var", "x", REAL), ("var", "x", INDEX)
    about, given = ("rpos", atom(("var", "y", REAL))), ("inonneg", atom(other))
    replay.LEFT[0] = replay.WORK
    premise = sequent(about, given)
    with pytest.raises(replay.Refused, match="not fresh"):
        replay.infer("generalise", [premise], replay.the((x,)), {})
    some = sequent(("exists", REAL, ("rpos", atom(("b", 0)))))
    with pytest.raises(replay.Refused, match="not fresh"):
        replay.infer("obtain", [some, premise], replay.the((x,)), {})
    near = sequent(("near", (REAL,), (atom(x),), ("rpos", atom(("b", 0)))))
    shaped = ("var", "x", ("matrix", UNIT, UNIT))
    trace = atom(("trace", ((shaped, 0),)))
    data = replay.the(((shaped,), (("mat", UNIT, UNIT, ()),), (trace,)))
    with pytest.raises(replay.Refused, match="occurs in the first premise"):
        replay.infer("near: along a continuous map", [near], data, {})


def test_a_value_that_is_put_in_may_drop_a_name() -> None:
    """f(x) for an integer x, with the constant function x, a real number, for f."""
    x, other = ("var", "x", INDEX), ("var", "x", REAL)
    all_f = ("forall", ("to", INDEX, REAL), ("rpos", atom(("at", ("b", 0), atom(x)))))
    replay.LEFT[0] = replay.WORK
    data = replay.the((("lam", INDEX, atom(other)),))
    found = replay.infer("instantiate", [sequent(all_f)], data, {})
    assert replay.Reader().claim(found) is meaning(("rpos", atom(other)))


def test_pieces_of_a_family_that_does_not_fit_make_no_chain() -> None:
    """F_i is p(i)×p(0), so F_1·F_0 fits and F_2·F_1 does not."""
    p = ("var", "p", ("to", INDEX, NAT))
    at = [atom(("at", p, n)) for n in (("num", ()), UNIT)]
    F = ("var", "F", ("to", INDEX, ("matrix", atom(("at", p, atom(("b", 0)))), at[0])))
    zero, one = (("at", F, n) for n in (("num", ()), UNIT))
    product = ("mat", at[1], at[0], ((((), ((one, 0), (zero, 0))), (1, 1)),))
    assert "do not fit" in verdict(proved(("null", product)))
    turned = ("trace", ((zero, 0), (("var", "Y", ("matrix", at[0], at[1])), 0), (one, 0)))
    assert "do not fit" in verdict(proved(("rpos", atom(turned))))
    single = ("mat", at[1], at[0], ((((), ((one, 0),)), (1, 1)),))
    assert verdict(proved(("null", single))) == "accepted"
