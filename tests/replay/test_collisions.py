"""Numbers whose hashes collide are no more work than others, and take no longer."""

from __future__ import annotations

import json
import sys
import time

from proofkit import replay
from tests.replay.common import Claim, proved, spent, verdict

PRIME = sys.hash_info.modulus  # integers that differ by a multiple of it have one hash


def many(step: int, count: int = 2000) -> bytes:
    """A proof of p → p where p compares many numbers 1, step + 1, 2·step + 1, … with 0."""
    numbers = [("rpos", ("num", ((((), ()), (k * step + 1, 1)),))) for k in range(1, count)]
    groups: tuple[Claim, ...] = tuple(
        ("and", tuple(numbers[n : n + 40])) for n in range(0, count - 40, 40)
    )
    return proved(("and", groups))


def test_the_numbers_do_collide() -> None:
    assert len({hash(k * PRIME + 1) for k in range(1, 100)}) == 1
    assert len({hash((k * PRIME + 1, 1)) for k in range(1, 100)}) == 1


def test_colliding_numbers_are_no_more_work() -> None:
    """A file of 720 KB took 26 s: dictionaries with one hash for all keys take n² steps."""
    hostile, harmless = many(PRIME), many(10**18 + 9)
    assert abs(len(hostile) - len(harmless)) < 0.1 * len(harmless)
    assert verdict(hostile) == verdict(harmless) == "accepted"
    assert abs(spent(hostile) - spent(harmless)) < 0.1 * spent(harmless)
    times = {"hostile": float("inf"), "harmless": float("inf")}
    for _ in range(3):
        for name, data in (("hostile", hostile), ("harmless", harmless)):
            before = time.process_time()
            replay.replay(data)
            times[name] = min(times[name], time.process_time() - before)
    assert times["hostile"] < 2 * times["harmless"]


def test_terms_of_a_sum_with_colliding_powers_and_variables() -> None:
    """Coefficients of one sum: its keys are terms, which go by identity."""

    def sums(step: int) -> bytes:
        sort = ("real",)
        terms = tuple(
            ((((("var", f"x{k}", sort), 1),), ()), (k * step + 1, 1)) for k in range(1, 1500)
        )
        return proved(("rpos", ("num", terms)))

    assert verdict(sums(PRIME)) == "accepted"
    assert spent(sums(PRIME)) < 1.1 * spent(sums(10**18 + 9))


def test_keys_of_terms_have_no_large_integers() -> None:
    """What `the` looks terms up by holds small integers, salted bytes and strings, and terms."""
    replay.replay(many(PRIME, 100))
    for key in replay.TERMS:
        for item in key:
            assert type(item) in (str, bytes, replay.Term) or abs(item) < 1000
    assert json.loads(many(PRIME, 100))["format"] == replay.FORMAT
