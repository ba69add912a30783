"""The trial of a textbook fact: 1,000 instances on which it holds, and one against each premise.

A fact is tried on what satisfies its premises, with junk chosen anew each time: 0, another
constant, or anything.  A premise is needed when there is an instance on which it alone fails and
the conclusion does.  What such an instance leaves to choose, junk among it, was chosen against the
fact.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

from proofkit.kernel import textbook
from proofkit.networks.exact import ExactMatrix

from .meanings import Junk
from .model import Instance, draw, verdict
from .series import enclosing

COUNT = 1000
Rng = random.Random
Generator = Callable[[Rng], Instance]
I1, ZERO1 = ExactMatrix.identity(1), ExactMatrix.zeros(1, 1)


def number(x: int | Fraction) -> ExactMatrix:
    """A number as a matrix."""
    return ExactMatrix.of([[x]])


def column(*xs: Any) -> ExactMatrix:
    return ExactMatrix.of([[x] for x in xs])


def size(rng: Rng, least: int = 0, most: int = 4) -> int:
    return rng.randint(least, most)


def rational(rng: Rng) -> Fraction:
    """A number of moderate size, 0 and ±1 among them more often than others."""
    if rng.random() < 0.2:
        return Fraction(rng.choice((0, 1, -1)))
    return Fraction(rng.randint(-12, 12), rng.randint(1, 4))


def positive(rng: Rng) -> Fraction:
    return abs(rational(rng)) or Fraction(1, 7)


def orthogonal(rng: Rng, n: int) -> ExactMatrix:
    """A rational orthogonal matrix, by Cayley's transform."""
    K = draw(rng, n, n)
    K, one = K - K.T, ExactMatrix.identity(n)
    return (one - K) @ (one + K).inverse()


def unit_columns(p: int, q: int) -> ExactMatrix:
    grid = [[int(r == c) for c in range(q)] for r in range(p)]
    return ExactMatrix.of(grid, shape=(p, q))


def junk(rng: Rng) -> Junk:
    """A choice of the values that have no meaning."""
    seed = rng.choice((None, None, rng.randint(0, 10**6)))
    return Junk(Fraction(rng.choice((0, 0, 1, -2, 7))), seed)


def assert_true(fact: Any, generator: Generator, count: int = COUNT) -> None:
    """A fact, or a closed claim, holds on random instances, all of which satisfy its premises."""
    claim = textbook(fact).conclusion if isinstance(fact, str) else fact
    rng = random.Random(20240613)
    for n in range(count):
        with enclosing():
            instance = generator(rng)
        instance.junk = junk(rng)
        premises, conclusion = verdict(claim, instance)
        assert all(premises), f"instance {n} misses a premise: {instance.values} {premises}"
        assert conclusion, f"instance {n} contradicts the claim: {instance}"


def assert_needed(name: str, at: int, instance: Instance) -> None:
    """On the instance the premise alone fails, and the conclusion does."""
    premises, conclusion = verdict(textbook(name).conclusion, instance)
    assert [n for n, holds in enumerate(premises) if not holds] == [at]
    assert not conclusion


def cases(broken: Mapping[str, tuple[Instance, ...]]) -> Iterable[tuple[str, int]]:
    """Each fact with the number of each of its premises."""
    return [(name, at) for name, instances in broken.items() for at in range(len(instances))]
