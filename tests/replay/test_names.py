"""Names of variables: what passes for another name, for a formula or for none is refused."""

from __future__ import annotations

import pytest

from proofkit import replay
from tests.replay.common import INDEX, NAT, REAL, Claim, assumed, atom, number, proved, verdict

GOOD = ["x", "X1", "W′", "x'", "ε", "_l", "A⁺", "F₁", "W\u0304", "ℓ", "é", "x" * 60, "a_b", "𝒲"]
BAD = [
    "", "\0", "x\0", "\u200f", "x\u200f", "x\u202e", "x\u200b", "?i", "1x", "x y", "x+y", "(x)",
    "x" * 61, "x\n", "-x", "′x", "e\u0301", "\u3164", "x\ufe0f", "x\u034f", "x\U000e0101", "‹x›",
    "x=0", "\ud83d\ude00", "x·y", "⁺",
]  # fmt: skip


def about(name: str) -> Claim:
    return ("rpos", atom(("var", name, REAL)))


@pytest.mark.parametrize("name", GOOD)
def test_names(name: str) -> None:
    assert verdict(proved(about(name))) == "accepted"


@pytest.mark.parametrize("name", BAD, ids=ascii)
def test_what_is_no_name(name: str) -> None:
    said = verdict(proved(about(name)))
    assert "is no name" in said or "is no variable" in said or said.startswith("Unreadable")
    hidden = ("forall", REAL, about(name))
    assert verdict(proved(hidden)) != "accepted"


def test_one_name_is_one_variable_in_a_claim() -> None:
    x, other = ("var", "x", REAL), ("var", "x", INDEX)
    two = ("and", (("rpos", atom(x)), ("inonneg", atom(other))))
    assert "two variables" in verdict(proved(two))
    below = ("and", (("rpos", atom(x)), ("forall", NAT, ("inonneg", atom(other)))))
    assert "two variables" in verdict(proved(below))
    # In the sort of another variable, too.
    shaped = ("var", "Y", ("matrix", atom(("var", "x", NAT)), number(1)))
    sort = ("and", (("rpos", atom(x)), ("rpos", atom(("rank", shaped)))))
    assert "two variables" in verdict(proved(sort))


def test_the_same_sort_said_otherwise_is_the_same_variable() -> None:
    def x(one: Claim) -> Claim:
        return ("rpos", atom(("rank", ("var", "X", ("matrix", one, one)))))

    half = ((((), ()), (1, 2)), (((), ()), (1, 2)))
    assert verdict(proved(("and", (x(number(1)), x(("num", half)))))) == "accepted"


def test_other_claims_may_use_the_name_otherwise() -> None:
    """A hypothesis and the conclusion are two claims."""
    said = verdict(
        assumed(("rpos", atom(("var", "x", REAL))), ("inonneg", atom(("var", "x", NAT))))
    )
    assert said == "Refused: file: a step or a fact is used nowhere"


def test_data_are_checked_too() -> None:
    """A name at two sorts in a claim that only the data hold."""
    x, other = ("var", "x", REAL), ("var", "x", INDEX)
    goal = ("or", (("rpos", atom(x)), ("inonneg", atom(other))))
    replay.LEFT[0] = replay.WORK
    with pytest.raises(replay.Refused, match="two variables"):
        replay.infer("assume", [], replay.the((goal,)), {})
