"""Facts of the pages of matrices and of spectra: each holds, and each of its premises is needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from proofkit.networks.exact import ExactMatrix

from .harness import (
    I1,
    ZERO1,
    Rng,
    assert_needed,
    assert_true,
    cases,
    number,
    orthogonal,
    size,
    unit_columns,
)
from .known import Smooth, folded, kink, quadratic, well
from .model import Instance, draw, unit


# ── Instances ──────────────────────────────────────────────────────────────────────────────────
def bowl(rng: Rng, rows: int, cols: int) -> tuple[Smooth, ExactMatrix]:
    """A convex quadratic function and a point where its gradient is zero."""
    R, centre = draw(rng, rng.randint(0, 3), rows * cols), draw(rng, rows, cols)
    H = R.T @ R
    null = H.null_vector()
    shift = ExactMatrix.zeros(rows, cols) if null is None else folded(null, rows, cols)
    level = quadratic(H, centre)
    bottom = Fraction(rng.randint(-3, 3))
    f = replace(level, value=lambda X: level(X) + bottom)
    return f, centre + rng.randint(-2, 2) * shift


def projection(rng: Rng, n: int, r: int) -> ExactMatrix:
    """An idempotent matrix of rank r, orthogonal or not."""
    U, V = draw(rng, n, r), draw(rng, r, n)
    if rng.random() < 0.5 or (V @ U).rank() < r:
        U = orthogonal(rng, n).block(range(n), range(r))
        V = U.T
    return U @ (V @ U).inverse() @ V


def one_matrix(rng: Rng) -> Instance:
    p, q = size(rng), size(rng)
    return Instance((p, q, draw(rng, p, q, rng.randint(0, 4))))


def two_factors(rng: Rng) -> Instance:
    p, q, r = size(rng), size(rng), size(rng)
    return Instance(
        (p, q, r, draw(rng, p, q, rng.randint(0, 4)), draw(rng, q, r, rng.randint(0, 4)))
    )


def with_kernel(rng: Rng) -> Instance:
    p, q = size(rng), size(rng, 1)
    X = draw(rng, p, q, rng.randint(0, q - 1))
    X = X if X.rank() < q else ExactMatrix.zeros(p, q)
    return Instance((p, q, X), (X.null_vector(),))


def full_columns(rng: Rng) -> Instance:
    q = size(rng)
    p = rng.randint(q, 5)
    X = draw(rng, p, q)
    X = X if X.rank() == q else unit_columns(p, q)
    return Instance((p, q, X), (X.left_inverse(),))


def nonzero(rng: Rng) -> Instance:
    p = size(rng, 1)
    w = draw(rng, p, 1)
    w = unit(p, 1, 0, 0) if w.is_zero() else w
    return Instance((p, w), ((1 / Fraction(w.inner(w))) * w,))


def not_zero(rng: Rng) -> Instance:
    p, q = size(rng, 1), size(rng, 1)
    X = draw(rng, p, q, rng.randint(1, 4))
    return Instance((p, q, unit(p, q, 0, 0) if X.is_zero() else X))


def zero_matrix(rng: Rng) -> Instance:
    p, q = size(rng), size(rng)
    return Instance((p, q, ExactMatrix.zeros(p, q)))


def local_minimum(rng: Rng) -> Instance:
    p, q = size(rng, 1, 3), size(rng, 1, 3)
    if rng.random() < 0.5:
        return Instance((p, q, *bowl(rng, p, q)))
    centre = draw(rng, p, q)
    direction = folded(orthogonal(rng, p * q).block(range(p * q), [0]), p, q)
    return Instance((p, q, well(centre), centre + direction))


def convex_critical(rng: Rng) -> Instance:
    p, q = size(rng, 1, 3), size(rng, 1, 3)
    return Instance((p, q, *bowl(rng, p, q)))


def convex(rng: Rng) -> Instance:
    p, q = size(rng, 1, 3), size(rng, 1, 3)
    return Instance((p, q, bowl(rng, p, q)[0]))


def wider(rng: Rng) -> Instance:
    p = size(rng)
    q = rng.randint(p, 5)
    return Instance((p, q), (orthogonal(rng, q).block(range(q), range(p)),))


def two_blocks(rng: Rng) -> Instance:
    p, q = size(rng), size(rng)
    U = orthogonal(rng, p + q)
    halves = U.block(range(p + q), range(p)), U.block(range(p + q), range(p, p + q))
    return Instance((p, q, p + q), halves)


def inverted(rng: Rng) -> Instance:
    instance = one_matrix(rng)
    return Instance(instance.values, (instance.values[2].pseudo_inverse(),))


def semidefinite(rng: Rng) -> Instance:
    p, q = size(rng), size(rng)
    R, K = draw(rng, rng.randint(0, 4), q), draw(rng, q, q)
    return Instance((p, q, R.T @ R + K - K.T, draw(rng, q, p)))


def rayleigh(rng: Rng) -> Instance:
    """S with known eigenvectors (and a skew part), C that kills exactly some of them."""
    n = size(rng, 1)
    U, values = orthogonal(rng, n), [Fraction(rng.randint(-6, 6), 2) for _ in range(n)]
    kept = rng.sample(range(n), rng.randint(1, n))
    others = [j for j in range(n) if j not in kept]
    K = draw(rng, n, n)
    S = K - K.T
    for j, value in enumerate(values):
        column = U.block(range(n), [j])
        S = S + value * (column @ column.T)
    p = rng.randint(len(others), 5)
    C = unit_columns(p, len(others)) @ U.block(range(n), others).T
    best = max(kept, key=lambda j: values[j])
    inside = U.block(range(n), kept)
    samples = tuple(inside @ draw(rng, len(kept), 1) for _ in range(4))
    return Instance((p, n, S, C), (U.block(range(n), [best]), values[best]), samples)


def two_projections(rng: Rng) -> Instance:
    n = size(rng)
    r = rng.randint(0, n)
    return Instance((n, projection(rng, n, rng.randint(0, r)), projection(rng, n, r)))


def two_numbers(rng: Rng) -> Instance:
    return Instance(tuple(Fraction(rng.randint(0, 20), rng.randint(1, 7)) for _ in range(2)))


def least_at_zero(rng: Rng) -> Instance:
    a, b, c = rng.randint(0, 5), rng.randint(-5, 5), rng.randint(-5, 5)
    return Instance((a, b, c) if a else (0, 0, abs(c)))


GENERATORS: dict[str, Callable[[Rng], Instance]] = {
    "rank of product left": two_factors,
    "rank of product right": two_factors,
    "rank of transpose": one_matrix,
    "rank at most columns": one_matrix,
    "kernel vector": with_kernel,
    "left inverse": full_columns,
    "nonzero vector": nonzero,
    "vanishing near zero": zero_matrix,
    "fermat": local_minimum,
    "convex critical point": convex_critical,
    "embedding": wider,
    "two blocks": two_blocks,
    "pseudo inverse": inverted,
    "square norm": one_matrix,
    "square norm is positive": not_zero,
    "trace of semidefinite": semidefinite,
    "rayleigh maximum": rayleigh,
    "traces of projections": two_projections,
    "product of nonnegatives": two_numbers,
    "second order condition": least_at_zero,
    "convex above tangents": convex,
}

SQUARE, CAP = quadratic(number(2), ZERO1), quadratic(number(-2), ZERO1)
AT_ONE = (1, 1)

# For each premise of each fact an instance where it alone fails and the conclusion does.  Where
# the conclusion is that something exists, the comment says why nothing does.
BROKEN: dict[str, tuple[Instance, ...]] = {
    "kernel vector": (Instance((1, 1, I1)),),  # 1·w = 0 only for w = 0
    "left inverse": (Instance((1, 1, ZERO1)),),  # Y·0 = 0 ≠ 1
    "nonzero vector": (Instance((1, ZERO1)),),  # uᵀ·0 = 0 ≠ 1
    "vanishing near zero": (Instance((1, 1, I1)),),
    "fermat": (
        # |x − 1| + 2|x| is least at 0, where it has no derivative to be zero.
        Instance((*AT_ONE, kink(1), ZERO1)),
        Instance((*AT_ONE, SQUARE, I1)),
    ),
    "convex critical point": (
        Instance((*AT_ONE, CAP, ZERO1), samples=(I1,)),
        # At 1 the function |x − 1| + 2|x| has no derivative; it is less at 0.
        Instance((*AT_ONE, kink(0), I1), samples=(ZERO1,)),
        Instance((*AT_ONE, SQUARE, I1), samples=(ZERO1,)),
    ),
    "embedding": (Instance((2, 1)),),  # EᵀE has rank at most 1
    "two blocks": (Instance((1, 1, 1)),),  # two numbers of square 1 have no product 0
    "square norm is positive": (Instance((1, 1, ZERO1)),),
    "trace of semidefinite": (Instance((1, 1, number(-1), I1), samples=(I1,)),),
    "rayleigh maximum": (Instance((1, 1, I1, I1)),),  # only v = 0 is in the kernel
    "traces of projections": (
        Instance((1, number(2), I1)),
        Instance((1, I1, number(Fraction(1, 2)))),
        Instance((1, I1, ZERO1)),
    ),
    "product of nonnegatives": (Instance((-1, 1)), Instance((1, -1))),
    "second order condition": (Instance((-1, 5, 5)),),
    "convex above tangents": (Instance((*AT_ONE, CAP), samples=(ZERO1, I1)),),
}


@pytest.mark.parametrize("name", GENERATORS)
def test_fact_holds(name: str) -> None:
    assert_true(name, GENERATORS[name])


@pytest.mark.parametrize(("name", "at"), cases(BROKEN))
def test_premise_is_needed(name: str, at: int) -> None:
    assert_needed(name, at, BROKEN[name][at])
