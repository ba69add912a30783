"""Completion: consequences that plain rewriting misses are found, under every naming, or soon not.

Whatever is found goes through the kernel.
"""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofkit import kernel
from proofkit.algebra.alphabet import Alphabet
from proofkit.algebra.cofactors import (
    Around,
    Effort,
    Found,
    Multiple,
    Step,
    find_cofactors,
    normal_forms,
)
from proofkit.claims import Equal, LessEqual, encode
from proofkit.kernel.claims import null
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.reading import PLAIN
from proofkit.kernel.terms import (
    NO_FACTS,
    facts_of,
    identity,
    plus,
    scaled,
    times,
    transpose,
    zero,
)
from proofkit.script.products import products
from proofkit.symbols import (
    Identity,
    MatrixVariable,
    encode_term,
    family,
    index,
    inverse,
    natural,
    real,
    trace,
    vector,
    widths,
)

n, m = natural("n"), natural("m")
one = Identity(n)
A, B, C, D, G, H, K, P, Q, R, S, T, W, Y, Z = (
    MatrixVariable(name, n, n) for name in "ABCDGHKPQRSTWYZ"
)
X, U, V = MatrixVariable("X", n, m), MatrixVariable("U", n, m), MatrixVariable("V", m, n)
E, F, L = (MatrixVariable(name, m, m) for name in "EFL")
u, v, w = (vector(name, n) for name in "uvw")
a, b, c = (real(name) for name in "abc")
gram = X.T * X

SUMS = [Equal(a - b, 2), Equal(a * b, c), Equal(a + b, c)]
INVERSES = [Equal(A * P, one), Equal(P * A, one), Equal(B * Q, one), Equal(Q * B, one)]


def mirrored(*equations: Any) -> list[Any]:
    """Equations between products, with those that have the factors the other way round."""
    return [Equal(y * x, one) for x, y in equations] + [Equal(x * y, one) for x, y in equations]


# goal and equations
IDENTITIES: dict[str, tuple[Any, list[Any]]] = {
    # ── Matrices ──
    "the resolvent": (Equal(Q - Y, -Y * H * Q), [Equal(Y * A, one), Equal((A + H) * Q, one)]),
    "a left inverse is the right inverse": (
        Equal(B, C),
        [Equal(B * A, one), Equal(A * C, one)],
    ),
    "push-through": (
        Equal(P * A, A * R),
        mirrored((one + A * B, P), (one + B * A, R)),
    ),
    "push-through, inverses as words": (
        Equal(inverse(one + A * B) * A, A * inverse(one + B * A)),
        [
            Equal(inverse(one + A * B) * (one + A * B), one),
            Equal((one + B * A) * inverse(one + B * A), one),
        ],
    ),
    "the hat matrix is symmetric": (
        Equal((X * inverse(gram) * X.T).T, X * inverse(gram) * X.T),
        [Equal(inverse(gram) * gram, Identity(m)), Equal(gram * inverse(gram), Identity(m))],
    ),
    "inverses of what commutes commute": (
        Equal(P * Q, Q * P),
        [Equal(A * B, B * A), *INVERSES],
    ),
    "an inverse commutes with what its matrix does": (
        Equal(P * B, B * P),
        [Equal(A * B, B * A), *INVERSES[:2]],
    ),
    "Woodbury": (
        Equal(Z, P - P * U * L * V * P),
        [
            Equal(A * P, one),
            Equal(P * A, one),
            Equal(L * (E + V * P * U), Identity(m)),
            Equal(F * E, Identity(m)),
            Equal(E * F, Identity(m)),
            Equal((A + U * F * V) * Z, one),
        ],
    ),
    "a symmetric product": (
        Equal((A * B).T, A * B),
        [Equal(A.T, A), Equal(B.T, B), Equal(B * A, A * B)],
    ),
    "the pseudo-inverse is unique": (
        Equal(Y, Z),
        [
            law
            for N in (Y, Z)
            for law in (
                Equal(A * N * A, A),
                Equal(N * A * N, N),
                Equal((A * N).T, A * N),
                Equal((N * A).T, N * A),
            )
        ],
    ),
    "Hua's identity": (
        Equal(A - Z, A * B * A),
        [*INVERSES, *mirrored((Q - A, Y), (P + Y, Z))],
    ),
    "Cayley's transform is orthogonal": (
        Equal(W.T * W, one),
        [Equal(A.T, -A), Equal(W * (one + A), one - A), *mirrored((one + A, S), (one - A, T))],
    ),
    # ── Numbers ──
    "an inverse number is unique": (Equal(a, b), [Equal(c * a, 1), Equal(c * b, 1)]),
    "cubes of numbers with sum 0": (
        Equal(a**3 + b**3 + c**3, 3 * a * b * c),
        [Equal(a + b + c, 0)],
    ),
    "numbers eliminated": (
        Equal(a**2, 2 * c + 2),
        [Equal(a - b, 2), Equal(a * b, c), Equal(a + b, c)],
    ),
    "a number divided out of matrices": (Equal(A, a * B), [Equal(c * A, B), Equal(c * a, 1)]),
    "two resolvents": (
        Equal(P - R, (a - b) * P * R),
        mirrored((A - a * one, P), (A - b * one, R)),
    ),
    # ── 1×1 matrices and numbers ──
    "Sherman–Morrison": (
        Equal((A + u * v.T) * (P - c * P * u * v.T * P), one),
        [Equal(A * P, one), Equal(c * (1 + trace(v.T * P * u)), 1)],
    ),
    "Sherman–Morrison, solved": (
        Equal(Z, P - c * P * u * v.T * P),
        [*INVERSES[:2], Equal(c * (1 + trace(v.T * P * u)), 1), Equal((A + u * v.T) * Z, one)],
    ),
    "a 1×1 equation as one of numbers": (Equal(trace(u * u.T), 1), [Equal(u.T * u, Identity(1))]),
    "a number for a 1×1 product": (Equal(u * u.T * u, u), [Equal(trace(u.T * u), 1)]),
    "eigenvectors are orthogonal": (
        Equal((a - b) * trace(v.T * w), 0),
        [Equal(A.T, A), Equal(A * v, a * v), Equal(A * w, b * w)],
    ),
    "a Rayleigh quotient": (
        Equal(a, b),
        [Equal(A * u, a * u), Equal(u.T * u, Identity(1)), Equal(trace(u.T * A * u), b)],
    ),
    # ── Traces ──
    "a trace goes round": (Equal(trace(A * B * C), trace(C * A * B)), []),
    "a commutator has trace 0": (Equal(trace(C), 0), [Equal(C, A * B - B * A)]),
    "traces of similar matrices": (
        Equal(trace(C * C), trace(A * A)),
        [Equal(C, P * A * R), Equal(R * P, one)],
    ),
    "rules that meet at both ends of a trace": (
        Equal(trace(C), trace(D)),
        [Equal(A * B, C), Equal(B * A, D)],
    ),
    "symmetric times antisymmetric": (Equal(trace(A * B), 0), [Equal(A.T, A), Equal(B.T, -B)]),
    "the trace of a projection of rank 1": (
        Equal(trace(P), 1),
        [Equal(P, c * u * u.T), Equal(c * trace(u.T * u), 1)],
    ),
}


def combination(goal: Any, equations: Sequence[Any]) -> Found:
    pairs = [(encode(equation)[1], None) for equation in equations]
    for effort in (Effort.REDUCING, Effort.COMPLETING):
        found = find_cofactors(encode(goal)[1], pairs, NO_FACTS, effort)
        if not found.rest[-1]:
            break
    return found


@pytest.mark.parametrize(("goal", "equations"), IDENTITIES.values(), ids=IDENTITIES)
def test_consequences_are_found_and_accepted(goal: Any, equations: list[Any]) -> None:
    found = combination(goal, equations)
    assert not found.rest[-1]
    premises = [kernel.assume(encode(equation)) for equation in equations]
    theorem = kernel.algebra(encode(goal), products(found, premises))
    assert theorem.conclusion == encode(goal)


@pytest.mark.parametrize(("goal", "equations"), IDENTITIES.values(), ids=IDENTITIES)
def test_they_are_found_in_50_ms(goal: Any, equations: list[Any]) -> None:
    def spent() -> float:
        start = time.process_time()
        combination(goal, equations)
        return time.process_time() - start

    assert min(spent() for _ in range(5)) < 0.05


# ── Names ──────────────────────────────────────────────────────────────────────────────────────
def renamed(x: Any, names: dict[str, str]) -> Any:
    if type(x) is not tuple:
        return x
    if x[:1] == ("var",):
        return node("var", names.get(x[1], x[1]), renamed(x[2], names))
    return node(*(renamed(part, names) for part in x))


def read(x: Term, names: dict[str, str]) -> Term:
    return PLAIN.read(renamed(x, names))[0]


def as_a_set(goal: Term, equations: Sequence[Term], names: dict[str, str]) -> set[Any]:
    """The terms of the combination in other names, signs of equations put into cofactors."""
    found = find_cofactors(goal, [(e, None) for e in equations], NO_FACTS, Effort.COMPLETING)
    assert not found.rest[-1]

    def sign(e: Term) -> int:  # of a claim e = 0, −e = 0 is the same
        new = read(e, names)
        return 1 if null(new)[1] == new else -1

    out = set()
    for term in found.terms:
        which: Any = term.equation
        factor = sign(goal)
        if term.equation < len(equations):
            factor *= sign(equations[term.equation])
        else:
            which = read(found.words[term.equation - len(equations)], names)
        match term:
            case Step(left, _, turned, right):
                value: Any = (scaled(read(left, names), factor), turned, read(right, names))
            case Around(_, cofactor, beside):
                value = (scaled(read(cofactor, names), factor), read(beside, names))
            case Multiple(_, scale):
                value = scaled(read(scale, names), factor)
        out.add((which, value))
    return out


NAMINGS = ["the resolvent", "push-through", "Woodbury", "the pseudo-inverse is unique"]
NAMINGS += ["Sherman–Morrison, solved", "two resolvents", "traces of similar matrices"]
NAMINGS += ["inverses of what commutes commute", "an inverse number is unique"]


@pytest.mark.parametrize("name", NAMINGS)
def test_renaming_letters_renames_the_cofactors(name: str) -> None:
    goal, equations = IDENTITIES[name]
    terms = [encode(claim)[1] for claim in (goal, *equations)]
    letters = sorted({x for e in terms for x in kernel_names(e)} - {"n", "m"})
    expected = as_a_set(terms[0], terms[1:], {})
    orders = list(itertools.permutations(letters))
    for order in random.Random(0).sample(orders, min(24, len(orders))):
        names = dict(zip(letters, order, strict=True))
        new = [null(read(e, names))[1] for e in terms]
        back = {there: here for here, there in names.items()}
        assert as_a_set(new[0], new[1:], back) == expected


def kernel_names(x: Any) -> set[str]:
    if type(x) is not tuple:
        return set()
    own = {x[1]} if x[:1] == ("var",) else set()
    return own.union(*map(kernel_names, x)) if x else own


def test_letters_are_told_apart_by_what_stands_around_them() -> None:
    # In P·A − A, A·B − C each letter has a place of its own, whatever it is called.
    seen = set()
    for order in itertools.permutations([A, B, C, P]):
        x, y, z, p = order
        alphabet = Alphabet([encode_term(t) for t in (p * x - x, x * y - z)], NO_FACTS)
        seen.add("".join(alphabet.word(encode_term(t)[3][0][0][1]) for t in order))
    assert len(seen) == 1
    assert len(set(*seen)) == 4


# ── Random consequences ────────────────────────────────────────────────────────────────────────
LETTERS = [encode_term(x) for x in (A, B, C, D)]
SIZE = encode_term(n)


def a_word(rng: random.Random, least: int, most: int) -> Term:
    out = identity(SIZE)
    for _ in range(rng.randint(least, most)):
        out = times(out, transpose(rng.choice(LETTERS), int(rng.random() < 0.15)))
    return out


def some_equations(rng: random.Random) -> list[Term]:
    """Sums of words of one letter or more, that are zero: so all hold where all letters are 0."""
    out = []
    for _ in range(rng.randint(1, 3)):
        e = a_word(rng, 1, 3)
        for _ in range(rng.randint(0, 2)):
            e = plus(e, a_word(rng, 1, 2), rng.choice([1, -1, 2]))
        out.append(e)
    return [e for e in out if e[3]]


def a_consequence(rng: random.Random, equations: Sequence[Term]) -> Term:
    """Σ left·equation·right, perhaps with an equation transposed."""
    out = zero(SIZE, SIZE)
    for _ in range(rng.randint(1, 3)):
        e = transpose(rng.choice(equations), int(rng.random() < 0.2))
        product = times(times(a_word(rng, 0, 2), e), a_word(rng, 0, 2))
        out = plus(out, product, rng.choice([1, -1, 3]))
    return out


@given(st.integers(0, 10_000))
def test_random_consequences_are_found_and_near_misses_are_not(seed: int) -> None:
    rng = random.Random(seed)
    equations = some_equations(rng)
    if not equations:
        return
    pairs = [(e, None) for e in equations]
    goal = a_consequence(rng, equations)
    found = find_cofactors(goal, pairs, NO_FACTS, Effort.COMPLETING)
    assert not found.rest[3]
    premises = [kernel.assume(null(e)) for e in equations]
    claim = null(goal)
    sign = 1 if claim[1] == goal else -1
    keys = [
        (th, (monomial, ((scaled(word[0][0], sign), 0), *word[1:])))
        for th, (monomial, word) in products(signed(found, equations), premises)
    ]
    assert kernel.algebra(claim, keys).conclusion == claim
    # All equations hold where all letters are 0, and there the identity is no sum of them.
    missed = find_cofactors(plus(goal, identity(SIZE)), pairs, NO_FACTS, Effort.COMPLETING)
    assert missed.rest[3]


def signed(found: Found, equations: Sequence[Term]) -> Found:
    """The combination in terms of what the claims that the equations are zero hold."""
    signs = [1 if null(e)[1] == e else -1 for e in equations]
    steps = [x for x in found.terms if isinstance(x, Step)]
    assert len(steps) == len(found.terms)
    return found._replace(terms=[x._replace(left=scaled(x.left, signs[x.equation])) for x in steps])


# ── What is not found ──────────────────────────────────────────────────────────────────────────
MISSES: dict[str, tuple[Any, list[Any]]] = {
    "an inverse on one side only": (Equal(A * P, one), [Equal(P * A, one)]),
    "commuting squares": (Equal(A * B, B * A), [*INVERSES, Equal(A * A, B * B)]),
    "braids": (Equal(A * B, B * A), [Equal(A * B * A, B * A * B)]),
    "a product commutes": (Equal(A * B, B * A), [Equal(A * B, C), Equal(C * A, A * C)]),
    "a symmetric product without commuting": (
        Equal((A * B).T, A * B),
        [Equal(A.T, A), Equal(B.T, B)],
    ),
    "Hua's identity with a slip": (
        Equal(A - Z, A * B * A * A),
        [*INVERSES, *mirrored((Q - A, Y), (P + Y, Z))],
    ),
    "a product of traces": (Equal(trace(A * B), trace(A) * trace(B)), []),
    "numbers that differ": (
        Equal(a**2, 2 * c),
        [Equal(a - b, 2), Equal(a * b, c), Equal(a + b, c)],
    ),
}


@pytest.mark.parametrize(("goal", "equations"), MISSES.values(), ids=MISSES)
def test_a_search_that_fails_ends_soon_with_the_least_it_met(
    goal: Any, equations: list[Any]
) -> None:
    start = time.process_time()
    first, again = combination(goal, equations), combination(goal, equations)
    assert time.process_time() - start < 0.5
    assert first == again
    assert first.rest[-1]
    normal = normal_forms(
        [encode(goal)[1]], [(encode(e)[1], None) for e in equations], NO_FACTS, Effort.REDUCING
    )
    assert len(first.rest[-1]) <= len(normal[0][-1])


def test_an_equation_that_is_left_out_is_missed() -> None:
    # Each equation of these is needed: without any one the goal is not found.
    for name in ("the resolvent", "push-through, inverses as words", "Sherman–Morrison"):
        goal, equations = IDENTITIES[name]
        for at in range(len(equations)):
            assert combination(goal, equations[:at] + equations[at + 1 :]).rest[-1]


# ── Chains ─────────────────────────────────────────────────────────────────────────────────────
i, j, k, width = index("i"), index("j"), index("k"), widths("d")
M = family("M", width)


def test_rules_may_overlap_in_a_piece_of_a_chain() -> None:
    # L·M[k:j] = N and M[i:1]·x = 0 overlap in M[i:j], since 1 ≤ j ≤ i ≤ k: so N·M[j−1:1]·x = 0.
    left = MatrixVariable("L", n, width(k))
    result = MatrixVariable("N", n, width(j - 1))
    x = vector("x", width(0))
    equations = [Equal(left * M[k:j], result), Equal(M[i:1] * x, 0)]
    goal = Equal(result * M[j - 1 : 1] * x, 0)
    ranges = [LessEqual(1, j), LessEqual(j, i), LessEqual(i, k)]
    more = [*ranges, LessEqual(j, k), LessEqual(1, i), LessEqual(1, k)]
    facts = facts_of([encode(r)[1] for r in more])
    pairs = [(encode(e)[1], None) for e in equations]
    found = find_cofactors(encode(goal)[1], pairs, facts, Effort.COMPLETING)
    assert not found.rest[3]
    premises = [kernel.assume(encode(e)) for e in equations]
    known = [kernel.assume(encode(r)) for r in more]
    theorem = kernel.algebra(encode(goal), products(found, premises), known)
    assert theorem.conclusion == encode(goal)
    assert find_cofactors(encode(goal)[1], pairs, NO_FACTS, Effort.COMPLETING).rest[3]
