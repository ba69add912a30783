"""What was proved is said in plain notation, no two claims alike."""

from __future__ import annotations

import json
import random
from itertools import combinations

import pytest

from proofkit import replay
from tests.replay.common import (
    INDEX,
    NAMED,
    NAT,
    REAL,
    UNIT,
    Claim,
    atom,
    letters,
    meaning,
    number,
    rebuilt,
    statement,
    text,
)  # fmt: skip
from tests.replay.notation import NotPlain, read_back

B = [("b", n) for n in range(6)]
X, Y = (("var", name, ("matrix", UNIT, UNIT)) for name in "XY")
P, Q, R = (("rpos", atom(("var", name, REAL))) for name in "pqr")
SQUARE = ("matrix", UNIT, UNIT)
FAMILY, FUNCTION = ("to", INDEX, SQUARE), ("to", SQUARE, REAL)
F, G = (("var", name, FAMILY) for name in "FG")
f = ("var", "f", FUNCTION)
K, L = (atom(("var", name, INDEX)) for name in "kl")


def every(body: Claim, sort: Claim = REAL) -> Claim:
    return ("forall", sort, body)


def one(x: Claim) -> Claim:
    """The 1×1 matrix that is just the letter."""
    return letters(UNIT, UNIT, x)


def of(f: Claim, *arguments: Claim) -> Claim:
    """A function applied to arguments, or a word by its name."""
    f = ("word", f) if isinstance(f, str) else f
    for argument in arguments:
        f = ("at", f, argument)
    return f


INNER = ("rpos", atom(B[0]))
EXP, T = ("word", "exp"), ("var", "T", ("to", SQUARE, SQUARE))
EXP_P = of(EXP, atom(("var", "p", REAL)))
SCALED = ("lam", SQUARE, ("mat", UNIT, UNIT, ((((), ((B[0], 0),)), (2, 1)),)))
CHANGED = ("changed", F, K, K, G)
DIFFERENT: list[Claim] = [
    # Brackets
    ("implies", every(INNER), P), every(("implies", INNER, P)), ("implies", P, every(INNER)),
    ("implies", ("implies", P, Q), R), ("implies", P, ("implies", Q, R)),
    ("and", (P, ("and", (Q, R)))), ("and", (("and", (P, Q)), R)), ("and", (P, Q, R)),
    ("and", (P, ("or", (Q, R)))), ("or", (("and", (P, Q)), R)), ("or", (P, Q, R)),
    ("and", (every(INNER), P)), every(("and", (INNER, P))), ("and", (P, every(INNER))),
    ("not", ("and", (P, Q))), ("and", (("not", ("implies", P, Q)), R)),
    ("not", ("implies", P, Q)), ("implies", ("not", ("or", (P, P))), Q), ("not", every(INNER)),
    every(("not", every(INNER))), ("not", ("exists", REAL, INNER)), ("exists", REAL, INNER),
    ("implies", ("and", (P, Q)), R), ("and", (P, ("implies", Q, R))),
    ("implies", ("exists", REAL, INNER), every(INNER)),
    # Which variable, which binder, which sort
    every(every(INNER)), every(every(("rpos", atom(B[1])))), every(("exists", REAL, INNER)),
    ("exists", REAL, every(INNER)), every(INNER, INDEX), every(INNER, NAT), every(INNER),
    every(("null", one(B[0])), SQUARE), every(("null", one(B[0])), ("matrix", UNIT, UNIT)),
    every(every(("rpos", atom(("at", B[1], atom(B[0])))), REAL), ("to", REAL, REAL)),
    every(every(("rpos", atom(("at", ("at", B[1], atom(B[0])), atom(B[0])))), REAL),
          ("to", REAL, ("to", REAL, REAL))),
    # Relations
    ("inonneg", K), ("rnonneg", K), ("rpos", K), ("null", K), ("not", ("null", K)),
    ("inonneg", number(1)), ("rnonneg", number(1)), ("false",), ("rpos", ("num", ())),
    # Terms
    ("null", one(X)), ("null", ("mat", UNIT, UNIT, ())), ("null", ("mat", number(2), UNIT, ())),
    ("null", ("num", ())), ("null", letters(UNIT, UNIT, X, Y)), ("null", letters(UNIT, UNIT, Y, X)),
    ("null", letters(UNIT, UNIT, (X, 1), Y)), ("null", letters(UNIT, UNIT)),
    ("null", one(("chain", F, K, K))), ("null", one(("chain", F, K, L))),
    ("null", one(("sum", F, K, L))), ("null", one(("sum", F, K, K))),
    ("null", one(("chain", F, L, K))), ("null", one(("chain", CHANGED, L, K))),
    ("null", one(("chain", ("changed", F, L, K, G), L, K))),
    ("null", one(("chain", ("changed", G, K, K, F), L, K))),
    ("rpos", atom(("trace", ((X, 0), (Y, 0))))), ("rpos", atom(("trace", ((X, 1), (Y, 0))))),
    ("rpos", atom(("rank", one(X)))), ("rpos", atom(("at", f, one(X)))),
    ("null", one(("grad", f, one(X)))), ("differentiable", f), ("convex", f),
    ("differentiable", ("lam", SQUARE, atom(("trace", ((B[0], 0),))))),
    ("differentiable", ("lam", SQUARE, atom(("trace", ((B[0], 0), (B[0], 0)))))),
    ("rpos", ("num", (((((("var", "p", REAL), 2),), ()), (1, 2)),))),
    ("rpos", ("num", (((((("var", "p", REAL), 1),), ()), (1, 2)),))),
    ("rpos", ("num", (((((("var", "p", REAL), 2),), ()), (2, 1)),))),
    # Nearness
    ("near", (REAL,), (number(0),), INNER), ("near", (REAL,), (number(1),), INNER),
    ("near", (REAL, REAL), (number(0), number(0)), INNER),
    ("near", (REAL,), (number(0),), ("near", (REAL,), (number(0),), INNER)),
    ("near", (REAL, REAL), (number(0), number(0)), ("rpos", atom(B[1]))),
    ("near", (REAL,), (number(0),), ("near", (REAL,), (atom(B[0]),), INNER)),
    every(("near", (REAL,), (atom(B[0]),), INNER)), ("near", (REAL,), (number(0),), every(INNER)),
    # Names that are words of the notation
    ("null", one(("var", "I", SQUARE))), ("rpos", atom(("at", ("var", "rank", FUNCTION), one(X)))),
    ("rpos", atom(("var", "false", REAL))), ("rpos", atom(("var", "for", REAL))),
    ("rpos", atom(("var", "א", REAL))), ("rpos", atom(("var", "u05d0", REAL))),
    every(("rpos", number(0, (("var", "t", REAL), 1), (B[0], 1)))),
    # Words and values that are matrices
    ("rpos", atom(EXP_P)), ("rpos", atom(of(("var", "exp", ("to", REAL, REAL)), number(1)))),
    ("rpos", atom(of(EXP, number(1)))), ("rpos", atom(("var", "exp", REAL))),
    ("rpos", atom(of(EXP, atom(EXP_P)))), ("rpos", atom(of("log", atom(EXP_P)))),
    ("rpos", ("num", (((((EXP_P, 2),), ()), (1, 1)),))),
    ("rpos", atom(of(EXP, ("num", (((((("var", "p", REAL), 2),), ()), (1, 1)),))))),
    ("rpos", atom(of("derivative", EXP, number(1)))),
    ("rpos", atom(of("derivative", of("derivative", EXP), number(1)))),
    ("null", one(of("inverse", UNIT, one(X)))), ("null", letters(UNIT, UNIT, X, (X, 1))),
    ("null", one((of("inverse", UNIT, one(X)), 1))),
    ("null", one(of("inverse", UNIT, letters(UNIT, UNIT, (X, 1))))),
    ("null", letters(UNIT, UNIT, of("inverse", UNIT, one(X)), Y)),
    ("null", one(of("inverse", UNIT, letters(UNIT, UNIT, X, Y)))),
    ("null", one(of("hadamard", UNIT, UNIT, one(X), one(Y)))),
    ("null", one(of("hadamard", UNIT, UNIT, one(Y), one(X)))),
    ("null", one(of("entrywise", UNIT, UNIT, EXP, one(X)))),
    ("null", one(of("entrywise", UNIT, UNIT, ("lam", REAL, atom(of(EXP, atom(B[0])))), one(X)))),
    ("null", one(of(T, one(X)))), ("null", one((of(T, one(X)), 1))),
    ("null", one(of(T, one(of(T, one(X)))))), ("null", letters(UNIT, UNIT, of(T, one(X)), X)),
    every(("rpos", atom(of(EXP, atom(B[0]))))),
    every(("rpos", atom(of(B[0], number(1)))), ("to", REAL, REAL)),
    # Slopes and continuity
    ("slope", T, one(X), T), ("slope", T, one(Y), T), ("slope", T, one(X), SCALED),
    ("slope", SCALED, one(X), T), ("slope", SCALED, one(X), SCALED),
    ("slope", EXP, number(1), EXP), ("slope", EXP, number(0), EXP),
    ("slope", EXP, number(1), of("derivative", EXP)),
    ("slope", of("derivative", EXP), number(1), EXP),
    ("slope", f, one(X), f), ("slope", ("lam", REAL, number(1)), number(1), EXP),
    ("continuous", T, one(X)), ("continuous", T, one(Y)), ("continuous", SCALED, one(X)),
    ("continuous", f, one(X)), ("continuous", EXP, number(1)), ("continuous", EXP, number(2)),
    ("continuous", of("inverse", UNIT), one(X)), ("continuous", of("determinant", UNIT), one(X)),
    ("continuous", of("hadamard", UNIT, UNIT, one(X)), one(Y)),
    ("continuous", of("hadamard", UNIT, UNIT, one(Y)), one(X)),
    ("not", ("continuous", T, one(X))), ("not", ("slope", T, one(X), T)),
    ("and", (("continuous", T, one(X)), P)), ("implies", ("continuous", T, one(X)), P),
    ("and", (("slope", T, one(X), T), ("continuous", f, one(X)))),
    every(("continuous", T, one(B[0])), SQUARE), every(("slope", T, one(B[0]), T), SQUARE),
    every(("slope", T, one(B[0]), ("lam", SQUARE, one(B[0]))), SQUARE),
    every(("slope", T, one(B[0]), ("lam", SQUARE, one(B[1]))), SQUARE),
    every(("continuous", B[0], number(1)), ("to", REAL, REAL)),
    ("implies", P, ("continuous", T, one(X))), ("not", ("and", (("continuous", T, one(X)), P))),
]  # fmt: skip


def test_different_claims_are_said_differently() -> None:
    """(∀Y. p) → q is not ∀Y. p → q, and so on: all pairs of a list."""
    said = [(replay.the(meaning(p)), replay.plain(meaning(p))) for p in DIFFERENT]
    pairs = list(combinations(said, 2))
    assert len(pairs) > 2500
    for (p, first), (q, second) in pairs:
        assert (first == second) == (p is q), (first, second)


@pytest.mark.parametrize("number", range(len(DIFFERENT)))
def test_what_is_said_reads_back(number: int) -> None:
    claim = meaning(DIFFERENT[number])
    assert read_back(replay.plain(claim)) is claim, replay.plain(claim)


@pytest.mark.parametrize("name", NAMED)
def test_every_statement_reads_back(name: str) -> None:
    claim = statement(json.loads(text(name)))
    assert read_back(replay.plain(claim)) is claim


@pytest.mark.parametrize("name", list(NAMED)[::6])
def test_claims_on_the_way_read_back(name: str) -> None:
    """With free variables, and in all the words that proofs use."""
    proof = json.loads(text(name))
    terms = rebuilt(proof["table"])
    numbers = sorted({step["conclusion"] for step in proof["steps"]})
    for n in random.Random(name).sample(numbers, min(40, len(numbers))):
        claim = meaning(terms[n])
        assert read_back(replay.plain(claim)) is claim, replay.plain(claim)


def test_the_reading_back_can_fail() -> None:
    wrong = ("implies", every(INNER), P), every(("implies", INNER, P))
    claims = [meaning(p) for p in wrong]
    without = replay.plain(claims[0]).replace("(", "").replace(")", "")
    assert read_back(without) is not claims[0]
    with pytest.raises(NotPlain):
        read_back("for all n natural: n")


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (
            every(every(every(("null", letters(atom(B[2]), atom(B[1]), B[0])),
                              ("matrix", atom(B[1]), atom(B[0]))), NAT), NAT),
            "for all n, m natural, X real n×m:\nX = 0",
        ),
        (("implies", every(INNER), P), "for given ‹p› real:\n(for all t real: t > 0) →\n‹p› > 0"),
        (("implies", P, every(INNER)), "for given ‹p› real:\n‹p› > 0 →\nfor all t real:\nt > 0"),
        (
            every(("exists", ("to", INDEX, ("matrix", atom(("at", B[1], atom(B[0]))), UNIT)),
                   ("inonneg", number(-1, (("rank", letters(number(0, (("at", B[1], UNIT), 1)),
                   UNIT, ("chain", B[0], UNIT, UNIT))), 1)))), ("to", INDEX, NAT)),
            "for all d function of integer to natural:\n"
            "for some F function of i integer to real d(i)×1:\n1 ≤ rank(F[1])",
        ),
        (
            every(("slope", EXP, atom(B[0]), ("lam", REAL, ("num", (((((of(EXP, atom(B[1])), 1),
                   (B[0], 1)), ()), (1, 1)),))))),
            "for all t real:\nexp has the slope (u real ↦ exp(t)·u) at t",
        ),
        (
            ("continuous", of("inverse", UNIT), letters(UNIT, UNIT, X, (Y, 1))),
            "for given ‹X›, ‹Y› real 1×1:\ninverse(1) is continuous at ‹X›·‹Y›ᵀ",
        ),
        (
            ("near", (REAL,), (number(0),), ("rnonneg", number(1, (B[0], -2)))),
            "for all t real near enough to 0:\n1 ≥ 2·t",
        ),
    ],
)  # fmt: skip
def test_how_it_reads(claim: Claim, said: str) -> None:
    assert replay.plain(meaning(claim)) == said


def test_names_are_found_for_however_many_variables() -> None:
    """Of a group of 300 matrices; and no more than work allows."""
    body = ("null", one(("b", 0)))
    claim = meaning(("near", (SQUARE,) * 300, (one(X),) * 300, body))
    assert read_back(replay.plain(claim)) is claim
