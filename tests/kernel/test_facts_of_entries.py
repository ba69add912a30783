"""Facts of the page of entries and determinants: each holds, and each of its premises is needed."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from proofkit.networks.exact import ExactMatrix

from .harness import (
    I1,
    ZERO1,
    Generator,
    Rng,
    assert_needed,
    assert_true,
    cases,
    number,
    positive,
    rational,
    size,
)
from .known import Known, added, bent, bent_square, jump, polynomial
from .meanings import Junk
from .model import Instance, draw

FIVE, ANY = Junk(Fraction(5)), Junk(seed=1)
MOST = 3


# ── Instances ──────────────────────────────────────────────────────────────────────────────────
def sizes(*names: str, then: Callable[..., tuple[Any, ...]] = lambda *_: ()) -> Generator:
    """Sizes from 0 on, and what is drawn for them."""

    def generator(rng: Rng) -> Instance:
        numbers = [size(rng, 0, MOST) for _ in names]
        return Instance((*numbers, *then(rng, *numbers)))

    return generator


def pair(rng: Rng, p: int, q: int) -> tuple[Any, ...]:
    return draw(rng, p, q), draw(rng, p, q)


def inside(matrices: int = 0, function: bool = False) -> Generator:
    """A row and a column of matrices that have some."""

    def generator(rng: Rng) -> Instance:
        p, q = size(rng, 1, MOST), size(rng, 1, MOST)
        drawn = [draw(rng, p, q) for _ in range(matrices)]
        functions = [real_function(rng)] if function else []
        return Instance((p, q, *functions, *drawn, rng.randint(1, p), rng.randint(1, q)))

    return generator


def on_diagonal(then: Callable[[Rng, int], tuple[Any, ...]] = lambda rng, n: ()) -> Generator:
    def generator(rng: Rng) -> Instance:
        n = size(rng, 1, MOST)
        return Instance((n, *then(rng, n), rng.randint(1, n)))

    return generator


def off_diagonal(then: Callable[[Rng, int], tuple[Any, ...]] = lambda rng, n: ()) -> Generator:
    def generator(rng: Rng) -> Instance:
        n = size(rng, 2, MOST)
        return Instance((n, *then(rng, n), *rng.sample(range(1, n + 1), 2)))

    return generator


def vectors(count: int) -> Callable[[Rng, int], tuple[Any, ...]]:
    return lambda rng, n: tuple(draw(rng, n, 1) for _ in range(count))


def square(rng: Rng, n: int) -> tuple[Any, ...]:
    return (draw(rng, n, n),)


def real_function(rng: Rng) -> Known:
    """Any function at all, with kinks and jumps."""
    at, b, c = rational(rng), rational(rng), rational(rng)
    kinds = polynomial(c, b, 1), bent(at, b, c), bent_square(at, b, c), jump(at, b, c, 1)
    return added(rng.choice(kinds), rng.choice(kinds))


def except_at(X: ExactMatrix, rng: Rng) -> Fraction:
    """A number that is no entry."""
    entries = {x for row in X.entries() for x in row}
    return next(at for at in (rational(rng) for _ in range(100)) if at not in entries)


def smooth_at_entries(rng: Rng) -> Instance:
    """σ with a derivative at the entries, if not elsewhere, and τ that has its values there."""
    p, q = size(rng, 0, MOST), size(rng, 0, MOST)
    X = draw(rng, p, q)
    at, b, c, d = except_at(X, rng), rational(rng), rational(rng), rational(rng)
    kinds = polynomial(c, b, d, 1), bent(at, b, c), jump(at, b, c, d), bent_square(0, b, c)
    sigma = added(rng.choice(kinds), rng.choice(kinds))

    def slope(x: Any) -> Any:
        along = sigma.along(x)
        return Fraction(99) if along is None else along(Fraction(1))

    return Instance((p, q, sigma, Known(slope, lambda x: None), X))


def continuous_at_entries(rng: Rng) -> Instance:
    p, q = size(rng, 0, MOST), size(rng, 0, MOST)
    X = draw(rng, p, q)
    at, kinked = except_at(X, rng), X.entry(0, 0) if p and q else Fraction(0)
    sigma = added(
        bent(kinked, rational(rng), rational(rng)),
        jump(at, *(rational(rng) for _ in range(3))),
    )
    return Instance((p, q, sigma, X))


def equal(rng: Rng) -> Instance:
    p, q = size(rng, 0, MOST), size(rng, 0, MOST)
    X = draw(rng, p, q)
    return Instance((p, q, X, X))


def all_positive(rng: Rng) -> Instance:
    p, q = size(rng, 1, MOST), size(rng, 1, MOST)
    grid = [[positive(rng) for _ in range(q)] for _ in range(p)]
    return Instance((p, q, ExactMatrix.of(grid)))


def one_number(rng: Rng) -> Instance:
    return Instance((number(rational(rng)),))


def regular(rng: Rng, n: int) -> tuple[Any, ...]:
    """A matrix with an inverse: not singular by a shift along the diagonal."""
    S = draw(rng, n, n)
    while S.rank() < n:
        S = S + ExactMatrix.identity(n)
    return (S,)


def inverses(rng: Rng, n: int) -> tuple[Any, ...]:
    (S,) = regular(rng, n)
    return S, S.inverse()


def definite(rng: Rng, n: int) -> tuple[Any, ...]:
    R, K = draw(rng, size(rng), n), draw(rng, n, n)
    return (R.T @ R + (positive(rng) / 9) * ExactMatrix.identity(n) + K - K.T,)


def symmetric_definite(rng: Rng, n: int) -> tuple[Any, ...]:
    (S,) = definite(rng, n)
    return (rng.choice((S + S.T, positive(rng) * ExactMatrix.identity(n))),)


def two_squares(rng: Rng, n: int) -> tuple[Any, ...]:
    rank = rng.choice((n, n, n - 1)) if n else 0
    return draw(rng, n, n, rank), draw(rng, n, n)


def back_and_forth(rng: Rng, p: int, q: int) -> tuple[Any, ...]:
    return draw(rng, p, q), draw(rng, q, p)


GENERATORS: dict[str, Generator] = {
    "equal entries": equal,
    "entry of transpose": inside(1),
    "entry of ones": inside(),
    "diagonal of identity": on_diagonal(),
    "other entries of identity": off_diagonal(),
    "entry of hadamard": inside(2),
    "entry of entrywise": inside(1, function=True),
    "diagonal of diag": on_diagonal(vectors(1)),
    "other entries of diag": off_diagonal(vectors(1)),
    "entry of diagonal": on_diagonal(square),
    "hadamard commutes": sizes("p", "q", then=pair),
    "hadamard associates": sizes(
        "p", "q", then=lambda rng, p, q: (*pair(rng, p, q), draw(rng, p, q))
    ),
    "hadamard with ones": sizes("p", "q", then=lambda rng, p, q: (draw(rng, p, q),)),
    "transpose of hadamard": sizes("p", "q", then=pair),
    "trace of hadamard": sizes(
        "p", "q", then=lambda rng, p, q: (*pair(rng, p, q), draw(rng, p, q))
    ),
    "transpose of entrywise": sizes(
        "p", "q", then=lambda rng, p, q: (real_function(rng), draw(rng, p, q))
    ),
    "transpose of ones": sizes("p", "q"),
    "ones are an outer product": sizes("p", "q"),
    "ones are counted": sizes("n"),
    "sum of positive entries": all_positive,
    "diag is symmetric": sizes("n", then=vectors(1)),
    "diag times vector": sizes("n", then=vectors(2)),
    "diag times matrix": sizes("p", "q", then=lambda rng, p, q: (draw(rng, p, 1), draw(rng, p, q))),
    "trace of diag": sizes("n", then=lambda rng, n: (draw(rng, n, 1), draw(rng, n, n))),
    "one by one": one_number,
    "slope of entrywise": smooth_at_entries,
    "continuity of entrywise": continuous_at_entries,
    "inverse on the right": sizes("n", then=regular),
    "inverse on the left": sizes("n", then=regular),
    "determinant of invertible": sizes("n", then=inverses),
    "determinant of full rank": sizes("n", then=regular),
    "rank of invertible": sizes("n", then=regular),
    "determinant of product": sizes("n", then=two_squares),
    "determinant of transpose": sizes("n", then=square),
    "determinant of identity": sizes("n"),
    "determinant one by one": one_number,
    "determinant of identity plus": sizes("p", "q", then=back_and_forth),
    "determinant of definite": sizes("n", then=definite),
    "log determinant below tangent": sizes("n", then=symmetric_definite),
    "slope of inverse": sizes("n", then=regular),
    "slope of determinant": sizes("n", then=regular),
}

NONE = Known(lambda x: Fraction(0), lambda x: None)

# For each premise an instance where it alone fails and the conclusion does.
BROKEN: dict[str, tuple[Instance, ...]] = {
    "equal entries": (Instance((1, 1, I1, ZERO1)),),
    "entry of transpose": (
        Instance((1, 1, I1, 2, 1), junk=ANY),
        Instance((1, 1, I1, 1, 0), junk=ANY),
    ),
    "entry of ones": (Instance((1, 1, 2, 1), junk=FIVE), Instance((1, 1, 1, 0), junk=FIVE)),
    "diagonal of identity": (Instance((1, 2), junk=FIVE),),
    "other entries of identity": (
        Instance((1, 1, 1)),
        Instance((1, 2, 1), junk=FIVE),
        Instance((1, 1, 2), junk=FIVE),
    ),
    "entry of hadamard": (
        Instance((1, 1, number(2), number(3), 0, 1), junk=FIVE),
        Instance((1, 1, number(2), number(3), 1, 2), junk=FIVE),
    ),
    "entry of entrywise": (
        Instance((1, 1, polynomial(1, 1), number(2), 2, 1), junk=FIVE),
        Instance((1, 1, polynomial(1, 1), number(2), 1, 2), junk=FIVE),
    ),
    "diagonal of diag": (Instance((1, I1, 2), junk=ANY),),
    "other entries of diag": (
        Instance((1, I1, 1, 1)),
        Instance((1, I1, 2, 1), junk=FIVE),
        Instance((1, I1, 1, 2), junk=FIVE),
    ),
    "entry of diagonal": (Instance((1, I1, 2), junk=ANY),),
    "sum of positive entries": (
        Instance((0, 1, ExactMatrix.zeros(0, 1))),
        Instance((1, 0, ExactMatrix.zeros(1, 0))),
        Instance((1, 1, ZERO1)),
    ),
    "slope of entrywise": (Instance((1, 1, bent(0, -1, 1), NONE, ZERO1)),),
    "continuity of entrywise": (Instance((1, 1, jump(0, 0, 0, 1), ZERO1)),),
    "inverse on the right": (Instance((1, ZERO1), junk=FIVE),),
    "inverse on the left": (Instance((1, ZERO1), junk=FIVE),),
    "determinant of invertible": (Instance((1, ZERO1, I1)),),
    "determinant of full rank": (Instance((1, ZERO1)),),
    "rank of invertible": (Instance((1, ZERO1)),),
    "determinant of definite": (Instance((1, ZERO1)),),
    "log determinant below tangent": (
        Instance((2, ExactMatrix.of([[1, 1], [-1, 1]]))),  # log 2 > 0
        Instance((2, -1 * ExactMatrix.identity(2))),  # log 1 > −4
    ),
    "slope of inverse": (Instance((1, ZERO1), junk=FIVE),),
    "slope of determinant": (Instance((1, ZERO1), junk=FIVE),),  # it is h ↦ h, and det 0 = 0
}


@pytest.mark.parametrize("name", GENERATORS)
def test_fact_holds(name: str) -> None:
    assert_true(name, GENERATORS[name])


@pytest.mark.parametrize(("name", "at"), cases(BROKEN))
def test_premise_is_needed(name: str, at: int) -> None:
    assert_needed(name, at, BROKEN[name][at])
