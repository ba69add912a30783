"""The ledger of textbook facts: each holds on 1,000 exact instances, and needs each premise."""

from __future__ import annotations

import operator
import random
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from proofkit import kernel
from proofkit.claims import (
    And,
    Equal,
    Exists,
    ForAll,
    Implies,
    LessEqual,
    encode,
)
from proofkit.kernel import LEDGER, KernelError, textbook
from proofkit.kernel.ledger import Entry
from proofkit.networks.exact import ExactMatrix
from proofkit.symbols import (
    Identity,
    MatrixVariable,
    natural,
    norm_squared,
    rank,
    real,
)
from proofkit.tables import dumps
from proofkit.textbook import FACTS
from proofkit.textbook.ledger import document

from .model import Instance, Smooth, draw, split, unit, verdict

COUNT = 1000
Rng = random.Random
I1, ZERO1 = ExactMatrix.identity(1), ExactMatrix.zeros(1, 1)


def number(x: int | Fraction) -> ExactMatrix:
    return ExactMatrix.of([[x]])


def size(rng: Rng, least: int = 0) -> int:
    return rng.randint(least, 4)


# ── Functions ──────────────────────────────────────────────────────────────────────────────────
def flat(X: ExactMatrix) -> ExactMatrix:
    """The entries as one column."""
    return ExactMatrix.of([[x] for row in X.entries() for x in row], shape=(X.rows * X.cols, 1))


def folded(column: ExactMatrix, rows: int, cols: int) -> ExactMatrix:
    entries = [x for (x,) in column.entries()]
    grid = [entries[r * cols : (r + 1) * cols] for r in range(rows)]
    return ExactMatrix.of(grid, shape=(rows, cols))


def quadratic(H: ExactMatrix, centre: ExactMatrix) -> Smooth:
    """X ↦ ½·xᵀHx for x = X − centre, H symmetric."""
    rows, cols = centre.shape

    def value(X: ExactMatrix) -> Fraction:
        x = flat(X - centre)
        return Fraction((x.T @ H @ x).trace()) / 2

    def slope(X: ExactMatrix) -> ExactMatrix:
        return folded(H @ flat(X - centre), rows, cols)

    return Smooth(value, slope, convex=H.inertia()[2] == 0)


def well(centre: ExactMatrix) -> Smooth:
    """X ↦ (‖X − centre‖² − 1)², not convex, least on the unit sphere around the centre."""

    def level(X: ExactMatrix) -> Fraction:
        return Fraction((X - centre).inner(X - centre)) - 1

    return Smooth(lambda X: level(X) ** 2, lambda X: (4 * level(X)) * (X - centre), convex=False)


def bowl(rng: Rng, rows: int, cols: int) -> tuple[Smooth, ExactMatrix]:
    """A convex quadratic function and a point where its gradient is zero."""
    R, centre = draw(rng, rng.randint(0, 3), rows * cols), draw(rng, rows, cols)
    H = R.T @ R
    null = H.null_vector()
    shift = ExactMatrix.zeros(rows, cols) if null is None else folded(null, rows, cols)
    return quadratic(H, centre), centre + rng.randint(-2, 2) * shift


def kink(slope_at_zero: int) -> Smooth:
    """x ↦ |x − 1| + 2|x|; what its derivative is called at a kink is anyone's choice."""
    return Smooth(
        lambda X: abs(X.entry(0, 0) - 1) + 2 * abs(X.entry(0, 0)),
        lambda X: number(slope_at_zero),
        convex=True,
        differentiable=False,
    )


# ── Instances ──────────────────────────────────────────────────────────────────────────────────
def orthogonal(rng: Rng, n: int) -> ExactMatrix:
    """A rational orthogonal matrix, by Cayley's transform."""
    K = draw(rng, n, n)
    K, one = K - K.T, ExactMatrix.identity(n)
    return (one - K) @ (one + K).inverse()


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


def unit_columns(p: int, q: int) -> ExactMatrix:
    grid = [[int(r == c) for c in range(q)] for r in range(p)]
    return ExactMatrix.of(grid, shape=(p, q))


def nonzero(rng: Rng) -> Instance:
    p = size(rng, 1)
    w = draw(rng, p, 1)
    w = unit(p, 1, 0, 0) if w.is_zero() else w
    return Instance((p, w), ((1 / Fraction(w.inner(w))) * w,))


def zero_matrix(rng: Rng) -> Instance:
    p, q = size(rng), size(rng)
    return Instance((p, q, ExactMatrix.zeros(p, q)))


def local_minimum(rng: Rng) -> Instance:
    p, q = size(rng, 1), size(rng, 1)
    if rng.random() < 0.5:
        return Instance((p, q, *bowl(rng, p, q)))
    centre = draw(rng, p, q)
    direction = folded(orthogonal(rng, p * q).block(range(p * q), [0]), p, q)
    return Instance((p, q, well(centre), centre + direction))


def convex_critical(rng: Rng) -> Instance:
    p, q = size(rng, 1), size(rng, 1)
    return Instance((p, q, *bowl(rng, p, q)))


def convex(rng: Rng) -> Instance:
    p, q = size(rng, 1), size(rng, 1)
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


def assert_true(claim: Any, generator: Callable[[Rng], Instance], count: int = COUNT) -> None:
    """The closed claim holds on random instances, all of which satisfy its premises."""
    rng = random.Random(20240613)
    for n in range(count):
        instance = generator(rng)
        premises, conclusion = verdict(claim, instance)
        assert all(premises), f"instance {n} misses a premise: {instance.values} {premises}"
        assert conclusion, f"instance {n} contradicts the claim: {instance.values}"


def test_every_fact_has_its_tests() -> None:
    for name, fact in FACTS.items():
        premises, _ = split(textbook(name).conclusion, len(fact.variables))
        assert name in GENERATORS, f"{name} has no generator"
        assert len(BROKEN.get(name, ())) == len(premises), f"{name} needs one case for each premise"


def test_every_fact_names_its_source_and_says_what_it_says() -> None:
    for fact in FACTS.values():
        assert fact.summary.endswith("."), fact.name
        assert any(c.isdigit() for c in fact.source), fact.name


def test_the_kernel_knows_what_the_pages_say_and_nothing_else() -> None:
    assert set(LEDGER) == set(FACTS)
    for name, fact in FACTS.items():
        assert LEDGER[name] == Entry(name, fact.source, encode(fact.claim()))


def test_the_kernel_s_file_is_what_the_pages_write() -> None:
    written = Path(kernel.__file__).with_name("ledger.json").read_bytes()
    assert written == dumps(document()).encode("utf-8")
    told = subprocess.run(
        [sys.executable, "-m", "proofkit.textbook"], capture_output=True, check=True
    )
    assert written == told.stdout.replace(b"\r\n", b"\n")


class Liar(str):
    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return hash("fermat")


def test_the_ledger_is_closed() -> None:
    false = Entry("anything", "", ("false",))
    ways: list[Any] = [
        lambda: operator.setitem(LEDGER, "anything", false),  # type: ignore[call-overload]
        lambda: LEDGER.__init__([false]),  # type: ignore[misc]
        lambda: LEDGER.__setattr__("_Ledger__facts", (false,)),
        lambda: setattr(LEDGER, "__getitem__", lambda name: false),
        lambda: setattr(LEDGER["fermat"], "claim", ("false",)),
        lambda: operator.setitem(LEDGER["fermat"], 2, ("false",)),  # type: ignore[call-overload]
        lambda: operator.setitem(LEDGER["fermat"].claim, 0, "false"),  # type: ignore[call-overload]
        lambda: setattr(LEDGER, "anything", false),
    ]
    before = {name: LEDGER[name] for name in LEDGER}
    for way in ways:
        with pytest.raises((TypeError, AttributeError)):
            way()
    assert {name: LEDGER[name] for name in LEDGER} == before
    for name in ("anything", "square norm of anything", Liar("fermat"), None, ("fermat",)):
        with pytest.raises(KernelError, match="no fact is called"):
            textbook(name)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", sorted(LEDGER))
def test_fact_holds(name: str) -> None:
    assert_true(textbook(name).conclusion, GENERATORS[name])


@pytest.mark.parametrize(
    ("name", "at"), [(n, k) for n in BROKEN if n in LEDGER for k in range(len(BROKEN[n]))]
)
def test_premise_is_needed(name: str, at: int) -> None:
    premises, conclusion = verdict(textbook(name).conclusion, BROKEN[name][at])
    assert [n for n, holds in enumerate(premises) if not holds] == [at]
    assert not conclusion


# ── The tests can fail ─────────────────────────────────────────────────────────────────────────
P, Q, R = natural("p"), natural("q"), natural("r")
X, Y, Z = MatrixVariable("X", P, Q), MatrixVariable("Y", Q, R), MatrixVariable("Z", Q, P)
A, B = real("a"), real("b")

FALSE_FACTS = {
    "rank(XY) = rank X": ((P, Q, R, X, Y), Equal(rank(X * Y), rank(X)), two_factors),
    "‖X‖² = 0": ((P, Q, X), Equal(norm_squared(X), 0), one_matrix),
    "X has an inverse on the left": (
        (P, Q, X),
        Exists(Z, And(Equal(X * Z * X, X), Equal(Z * X, Identity(Q)))),
        inverted,
    ),
    "ab ≥ a": ((A, B), Implies(LessEqual(0, A), LessEqual(0, B), LessEqual(A, A * B)), two_numbers),
}


@pytest.mark.parametrize("name", FALSE_FACTS)
def test_a_false_fact_is_found_out(name: str) -> None:
    variables, statement, generator = FALSE_FACTS[name]
    with pytest.raises(AssertionError, match="contradicts"):
        assert_true(encode(ForAll(*variables, statement)), generator)


def test_a_fact_without_its_premise_is_found_out() -> None:
    def anything(rng: Rng) -> Instance:
        return Instance((rng.randint(-5, 5), rng.randint(-5, 5)))

    with pytest.raises(AssertionError, match="contradicts"):
        assert_true(encode(ForAll(A, B, LessEqual(0, A * B))), anything)
    with pytest.raises(AssertionError, match="misses a premise"):
        assert_true(textbook("product of nonnegatives").conclusion, anything)
