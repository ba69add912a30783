"""Random inference trees, sensible and not: the kernel never accepts what an instance refutes.

PROOFKIT_TREES=200000 runs more of them.  A tree is one theorem that the kernel accepted; the second
checker must accept each of them too, and of changed ones say what the kernel says.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from contextlib import suppress
from itertools import islice
from typing import Any

import pytest

from proofkit import kernel, replay
from proofkit.basics.tables import digest, dumps
from proofkit.ci.mutants import STEP_OPERATORS, mutate
from proofkit.ci.rebuild import RULES, rebuild
from proofkit.export import document, record, redocument
from proofkit.kernel import LEDGER, LanguageError, Theorem, analysis
from proofkit.kernel.binding import closed, opened
from proofkit.kernel.claims import FALSE, at_most, equation, negation
from proofkit.kernel.nodes import node
from proofkit.kernel.reading import PLAIN, claim, read_by
from proofkit.kernel.terms import (
    as_term,
    identity,
    minus,
    number,
    plus,
    scaled,
    times,
    trace,
    transpose,
    zero,
)
from proofkit.script.derived import (
    descent,
    excluded_middle,
    least_index,
    less,
    natural,
    near_nonzero,
    squeeze,
)
from proofkit.script.routine import Routine
from proofkit.script.slopes import sites, slope

try:
    from tests.kernel.sequents import refuted
except ImportError:  # run with the folder itself on the path
    from sequents import refuted  # type: ignore[import-not-found,no-redef]

AT_ONCE = 200  # trees in one export
TREES = int(os.environ.get("PROOFKIT_TREES", "10000"))
INDEX, REAL = ("index",), ("real",)
TWO = number(2)
SQUARE = ("matrix", TWO, TWO)
K, J = (node("var", name, INDEX) for name in "ij")
R, S = (node("var", name, REAL) for name in "rs")
A, B, C = (node("var", name, SQUARE) for name in "ABC")
F = node("var", "F", ("to", INDEX, SQUARE))
f = node("var", "f", ("to", SQUARE, REAL))
g = node("var", "g", ("to", REAL, REAL))
VARIABLES = (K, J, R, S, A, B, C)
FUNCTIONS = ("exp", "log", "sqrt", "sin", "tanh", "logistic", "relu", "abs", "reciprocal")
RATIONAL = ("relu", "abs", "reciprocal")


def word(name: str, *arguments: Any) -> Any:
    """The value of a word, or the function that it is."""
    value = node("word", name)
    for argument in arguments:
        value = node("at", value, argument)
    return read_by(PLAIN, value)


def of(x: Any) -> Any:
    """A variable as a term."""
    return as_term(x, x[2])


class Attack:
    """A pool of theorems that grows by random rules on random arguments."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.pool: list[Theorem] = []

    def pick(self, *options: Any) -> Any:
        return self.rng.choice(options)

    # Terms and claims
    def index(self) -> Any:
        rng, e = self.rng, number(self.rng.randint(-1, 2))
        atoms = [of(K), of(J), as_term(node("rank", self.matrix(0)), ("nat",))]
        for atom in rng.sample(atoms, rng.randint(0, 2)):
            e = plus(e, atom, rng.randint(-1, 2))
        return e

    def matrix(self, depth: int = 1) -> Any:
        rng = self.rng
        kind = rng.randint(0, 8)
        if kind <= 3 or depth == 0:
            return of(self.pick(A, B, C))
        if kind == 4:
            return self.pick(identity(TWO), zero(TWO, TWO))
        if kind == 5:
            return plus(self.matrix(0), self.matrix(0), self.pick(-1, 1, 2))
        if kind == 8:
            return self.worded()
        if kind == 6:
            at = number(rng.randint(0, 2))
            tag, hi = self.pick("chain", "sum"), plus(at, number(rng.randint(0, 1)))
            return as_term(node(tag, self.family(), hi, at), SQUARE)
        a, b = self.matrix(0), self.matrix(0)
        return times(transpose(a) if rng.randint(0, 1) else a, b)

    def worded(self) -> Any:
        """A matrix that is a word."""
        kind = self.rng.randint(0, 4)
        if kind == 0:
            return word("hadamard", TWO, TWO, self.matrix(0), self.matrix(0))
        if kind == 1:
            return word("inverse", TWO, self.matrix(0))
        if kind == 2:
            return word("entrywise", TWO, TWO, self.scalar(), self.matrix(0))
        if kind == 3:
            return word("ones", TWO, TWO)
        return word("diag", TWO, word("diagonal", TWO, self.matrix(0)))

    def scalar(self) -> Any:
        """A function from reals to reals."""
        kind = self.rng.randint(0, 5)
        if kind == 0:
            return g
        if kind == 1:
            return node("lam", REAL, closed(times(of(R), plus(of(R), of(S))), R))
        return word(self.pick(*(RATIONAL if kind > 2 else FUNCTIONS)))

    def family(self) -> Any:
        kind = self.rng.randint(0, 5)
        if kind <= 3:
            return F
        if kind == 4:
            return node("lam", INDEX, closed(self.matrix(0), self.pick(K, J)))
        ends = (number(self.rng.randint(0, 1)), number(self.rng.randint(1, 2)))
        return node("changed", F, *ends, ("lam", INDEX, closed(self.matrix(0), J)))

    def real(self) -> Any:
        kind = self.rng.randint(0, 7)
        if kind == 5:
            return read_by(PLAIN, node("at", self.scalar(), self.pick(of(R), of(S), number(2))))
        if kind == 6:
            return word("determinant", TWO, self.matrix(0))
        if kind == 7:
            places = (number(self.rng.randint(0, 2)), self.pick(number(1), of(K)))
            return word("entry", TWO, TWO, self.matrix(), *places)
        if kind == 0:
            return number(self.pick(-1, 0, 1))
        if kind == 1:
            return trace(self.matrix())
        if kind == 2:
            return as_term(node("at", f, self.matrix(0)), REAL)
        if kind == 3:
            return plus(of(R), of(S), self.pick(-1, 1))
        return times(of(self.pick(R, S)), of(self.pick(R, S)))

    def term(self, sort: Any) -> Any:
        by_tag = {"index": self.index, "nat": self.index, "real": self.real, "matrix": self.matrix}
        if sort[0] in by_tag and self.rng.random() < 0.95:
            return by_tag[sort[0]]()
        if sort[0] in by_tag:
            return self.pick(self.index, self.real, self.matrix)()
        return self.pick(self.family(), f, self.scalar())

    def claim(self, depth: int = 2) -> Any:
        return claim(self.raw(depth))

    def raw(self, depth: int) -> Any:
        kind = self.rng.randint(0, 11 if depth else 5)
        if kind <= 1:
            return equation(SQUARE, self.matrix(), self.matrix())
        if kind == 2:
            a, b = self.index(), self.index()
            return self.pick(at_most(a, b), less(a, b), equation(INDEX, a, b))
        if kind <= 4:
            e = minus(self.real(), self.real())
            return (self.pick("rnonneg", "rpos", "null"), e)
        if kind == 5:
            other = self.pick(self.slope, self.continuous)
            return FALSE if self.rng.random() < 0.2 else self.pick(("differentiable", f), other())
        if kind == 6:
            return ("not", self.claim(depth - 1))
        if kind == 7:
            return (self.pick("and", "or"), (self.claim(depth - 1), self.claim(depth - 1)))
        if kind == 8:
            return ("implies", self.claim(depth - 1), self.claim(depth - 1))
        variable = self.pick(K, J, R, A, B)
        body = closed(self.claim(depth - 1), variable)
        if kind == 11 and variable[2][0] in ("real", "matrix"):
            return ("near", (variable[2],), (self.term(variable[2]),), body)
        return (self.pick("forall", "exists"), variable[2], body)

    def function(self) -> tuple[Any, Any]:
        """A function from reals or matrices to such, and a point."""
        kind = self.rng.randint(0, 3)
        if kind == 0:
            return self.scalar(), self.pick(of(R), number(1), number(0))
        if kind == 1:
            return f, self.matrix(0)
        if kind == 2:
            body = self.pick(self.real(), self.matrix())
            return node("lam", SQUARE, closed(body, A)), of(B)
        return self.pick(word("inverse", TWO), word("determinant", TWO)), self.matrix(0)

    def slope(self) -> Any:
        function, point = self.function()
        sort = PLAIN.read(function)[1]
        h = node("var", "h", sort[1])
        body = self.pick(of(h), times(of(h), of(R)) if sort[1] == REAL else times(of(A), of(h)))
        return ("slope", function, point, ("lam", sort[1], closed(body, h)))

    def continuous(self) -> Any:
        return ("continuous", *self.function())

    # Theorems
    def theorem(self, *tags: str) -> Theorem:
        fitting = [th for th in self.pool if th.conclusion[0] in tags]
        if fitting and self.rng.random() < 0.9:
            return self.rng.choice(fitting)
        return self.rng.choice(self.pool)

    def proving(self, wanted: Any) -> Theorem:
        wanted = claim(wanted)
        fitting = [th for th in self.pool if th.conclusion == wanted]
        return self.rng.choice(fitting) if fitting else kernel.assume(wanted)

    def step(self) -> Theorem:
        """A theorem by a random rule, or one of the kernel's refusals."""
        return getattr(self, self.pick(*STEPS))()  # type: ignore[no-any-return]

    def s_assume(self) -> Theorem:
        return kernel.assume(self.claim())

    def s_discharge(self) -> Theorem:
        th = self.theorem()
        p = (
            self.pick(*th.hypotheses)
            if th.hypotheses and self.rng.random() < 0.9
            else self.claim(1)
        )
        return kernel.discharge(p, th)

    def s_modus_ponens(self) -> Theorem:
        th = self.theorem("implies")
        sure = th.conclusion[0] == "implies" and self.rng.random() < 0.9
        return kernel.modus_ponens(th, self.proving(th.conclusion[1]) if sure else self.theorem())

    def s_and_or(self) -> Theorem:
        kind = self.rng.randint(0, 2)
        if kind == 0:
            return kernel.conjoin(self.theorem(), self.theorem())
        if kind == 1:
            return kernel.project(self.theorem("and"), self.rng.randint(0, 1))
        th = self.theorem()
        return kernel.either(th, ("or", (self.claim(1), self.pick(th.conclusion, self.claim(1)))))

    def s_cases(self) -> Theorem:
        th, goal = self.theorem("or"), self.theorem()
        return kernel.cases(th, *[self.pick(goal, kernel.assume(p)) for p in th.conclusion[1]])

    def s_negation(self) -> Theorem:
        kind = self.rng.randint(0, 3)
        if kind == 0:
            return excluded_middle(self.claim(1))
        if kind == 1:
            th = self.theorem()
            return kernel.contradiction(th, self.proving(negation(th.conclusion)))
        th = self.theorem("false")
        if kind == 2:
            return kernel.reductio(self.pick(*(th.hypotheses or (self.claim(1),))), th)
        return kernel.reductio(self.claim(1), th)

    def s_quantify(self) -> Theorem:
        kind = self.rng.randint(0, 3)
        if kind == 0:
            return kernel.generalise(self.pick(*VARIABLES), self.theorem())
        if kind == 1:
            th = self.theorem("forall")
            return kernel.instantiate(th, self.term(th.conclusion[1]))
        if kind == 2:
            th, variable = self.theorem(), self.pick(*VARIABLES)
            goal = ("exists", variable[2], closed(th.conclusion, variable))
            return kernel.witness(goal, of(variable), th)
        th, variable = self.theorem("exists"), self.pick(*VARIABLES)
        body = self.proving(opened(th.conclusion[2], of(variable)))
        return kernel.obtain(th, variable, self.pick(body, self.theorem()))

    def s_induction(self) -> Theorem:
        kind = self.rng.randint(0, 4)
        if kind == 0:
            return least_index(self.theorem("exists"), self.theorem("forall"))
        if kind == 1:
            return kernel.choose(self.theorem("forall"))
        p, start = self.theorem("forall"), number(self.rng.randint(-1, 1))
        rule = self.pick(kernel.induction, descent)
        base = self.proving(opened(p.conclusion[2], start))
        return rule(p.conclusion, start, base, self.theorem("forall"))  # type: ignore[no-any-return]

    def s_equality(self) -> Theorem:
        variable = self.pick(*VARIABLES)
        old, new = self.term(variable[2]), self.term(variable[2])
        body = ("forall", variable[2], closed(self.claim(1), variable))
        th = self.proving(opened(body[2], old))
        equal = self.proving(equation(variable[2], old, new))
        return kernel.rewrite(body, old, new, equal, th)

    def s_algebra(self) -> Theorem:
        products, total = [], zero(TWO, TWO)
        for _ in range(self.rng.randint(0, 2)):
            th = self.theorem("null")
            x, flag = th.conclusion[1], self.rng.randint(0, 1)
            left, right, scale = self.matrix(), self.matrix(), number(self.pick(1, -1, 2))
            if x[0] == "num":
                key = (((scale, 1), (x, 1)), ((left, 0),))
                product = times(times(scale, x), left)
            else:
                key = (((scale, 1),), ((left, 0), (x, flag), (right, 0)))
                product = times(scale, times(times(left, transpose(x, flag)), right))
            products.append((th, key))
            total = plus(total, product)
        if self.rng.random() < 0.2:
            total = plus(total, self.matrix())
        return kernel.algebra(("null", total), products, [self.theorem("inonneg")])

    def s_restate(self) -> Theorem:
        th = self.theorem()
        goal = self.pick(th.conclusion, self.claim(1))
        return kernel.restate(goal, th, [self.theorem("inonneg")])

    def s_member(self) -> Theorem:
        family, at = self.family(), self.index()
        member = as_term(node("chain", family, at, at), SQUARE)
        there = opened(family[2], at) if family[0] == "lam" else self.matrix()
        value = self.pick(there, as_term(node("chain", F, at, at), SQUARE), self.matrix(0))
        goal = ("null", minus(member, value))
        return kernel.algebra(goal, (), [self.theorem("inonneg")])

    def s_arithmetic(self) -> Theorem:
        tags = self.pick(("inonneg", "null"), ("inonneg", "rnonneg", "rpos", "null"))
        ths = [self.theorem(*tags) for _ in range(self.rng.randint(0, 2))]
        scales = [self.pick(number(self.rng.randint(-1, 2)), self.real()) for _ in ths]
        total = number(self.rng.randint(-1, 1))
        for th, scale in zip(ths, scales, strict=True):
            total = plus(total, times(scale, th.conclusion[1]))
        goal = self.pick(("inonneg", total), ("rnonneg", total), ("rpos", total), FALSE)
        return kernel.arithmetic(goal, list(zip(ths, scales, strict=True)))

    def s_index(self) -> Theorem:
        if self.rng.randint(0, 2) == 0:
            return natural(self.index())
        th = self.theorem("inonneg")
        e = self.pick(th.conclusion[1], self.index())
        return squeeze(th, self.proving(("inonneg", scaled(e, -1))))

    def s_near(self) -> Theorem:
        th = self.theorem("near")
        kind = self.rng.randint(0, 3)
        if kind == 0:
            return kernel.near_here(th)
        if kind == 1:
            return kernel.near_near(th)
        if kind == 2:
            return near_nonzero(th)
        new = node("var", "x", self.pick(REAL, SQUARE))
        centre = self.term(new[2])
        body = self.pick(of(new), self.term(th.conclusion[1][0]))
        at, point = opened(closed(body, new), centre), th.conclusion[2][0]
        wanted = equation(th.conclusion[1][0], at, point)
        equal = [] if at == point else [self.proving(wanted)]
        return kernel.near_along(th, [new], [centre], [body], equal)

    def s_differentiate(self) -> Theorem:
        x = node("var", "x", self.pick(SQUARE, SQUARE, REAL))
        if x[2] == REAL:
            value = read_by(PLAIN, node("at", self.scalar(), self.pick(of(x), times(of(x), of(R)))))
            body = self.pick(value, times(value, plus(of(x), of(S))), times(value, self.matrix(0)))
        else:
            inner = plus(times(self.matrix(), of(x)), self.matrix())
            body = self.pick(
                as_term(node("at", f, inner), REAL),
                trace(times(inner, transpose(inner))),
                word("determinant", TWO, inner),
                times(word("inverse", TWO, inner), of(x)),
                word("hadamard", TWO, TWO, inner, of(x)),
                word("entry", TWO, TWO, inner, number(1), number(2)),
                times(word("determinant", TWO, of(x)), trace(of(x))),
            )
        function = read_by(PLAIN, node("lam", x[2], closed(body, x)))
        point = self.term(x[2])
        places = [(h, e) for h, e in sites(function[2], point) if PLAIN.read(h)[1][0] == "to"]
        return kernel.differentiate(function, point, [self.has_slope(h, e) for h, e in places])

    def has_slope(self, function: Any, point: Any) -> Theorem:
        """A slope of the function there, from the ledger where it has one; else as a hypothesis."""
        found = Routine([], ask=True)
        if self.rng.random() < 0.7:
            return slope(found, function, point)
        if self.rng.random() < 0.8:
            return slope(found, self.pick(word("exp"), word("sin"), word("tanh")), of(R))
        th = self.theorem("slope")
        return th if th.conclusion[0] == "slope" else kernel.assume(self.slope())

    def s_continuous(self) -> Theorem:
        x = self.pick(A, R)
        kink = zero(TWO, TWO) if x is A else number(0)
        body, point = self.pick(self.real(), self.matrix()), self.pick(kink, self.term(x[2]))
        if self.rng.random() < 0.3:
            body = word("inverse", TWO, of(A)) if x is A else word(self.pick(*FUNCTIONS), of(R))
        places = dict.fromkeys(sites(closed(body, x), point))
        inside = [kernel.assume(("continuous", h, e)) for h, e in places if self.rng.random() < 0.7]
        return kernel.continuous(x, body, point, inside)

    def s_textbook(self) -> Theorem:
        theorem = kernel.textbook(self.pick(*LEDGER))
        while theorem.conclusion[0] == "forall":
            sort = theorem.conclusion[1]
            theorem = kernel.instantiate(theorem, self.for_a_fact(sort))
        while theorem.conclusion[0] == "implies" and self.rng.random() < 0.8:
            theorem = kernel.modus_ponens(theorem, self.proving(theorem.conclusion[1]))
        return theorem

    def for_a_fact(self, sort: Any) -> Any:
        """A value of a variable of a textbook fact."""
        if sort[0] == "nat":
            return TWO
        if sort[0] == "matrix" and sort != SQUARE:
            return of(node("var", "v" if sort[1] == TWO else "w", sort))
        if sort[0] != "to":
            return self.term(sort)
        if sort[1] == REAL:
            return self.scalar()
        return f if sort[2] == REAL else node("lam", SQUARE, closed(self.matrix(), A))


STEPS = tuple(name for name in vars(Attack) if name.startswith("s_"))


def attack(seed: int, trees: int) -> tuple[list[Theorem], Counter[str]]:
    """So many accepted theorems, and how often each rule made one."""
    found: list[Theorem] = []
    used: Counter[str] = Counter()
    run = 0
    while len(found) < trees:
        side = Attack(seed + run)
        run += 1
        while len(side.pool) < 8:
            with suppress(LanguageError):
                side.pool.append(side.s_assume())
        for _ in range(60):
            try:
                theorem = side.step()
            except (ValueError, TypeError, IndexError, KeyError):
                continue  # refused, or never put together
            used[theorem.inference.rule] += 1
            found.append(theorem)
            if len(side.pool) < 40:
                side.pool.append(theorem)
    return found, used


@pytest.fixture(scope="module")
def attacked() -> tuple[list[Theorem], Counter[str]]:
    return attack(0, TREES)


def test_nothing_accepted_is_refuted(attacked: tuple[list[Theorem], Counter[str]]) -> None:
    found, _ = attacked
    assert len(found) >= TREES
    for theorem in found:
        instance = refuted(theorem.hypotheses, theorem.conclusion, range(3))
        assert instance is None, f"{theorem}\n{instance.values}\n{theorem.inference}"


def test_the_attack_reaches_the_rules(attacked: tuple[list[Theorem], Counter[str]]) -> None:
    _, used = attacked
    for rule in (
        "discharge",
        "modus ponens",
        "conjoin",
        "project",
        "cases",
        "contradiction",
        "reductio",
        "generalise",
        "instantiate",
        "witness",
        "obtain",
        "rewrite",
        "algebra",
        "restate",
        "arithmetic",
        "continuous",
        "differentiate",
        "near: at the point",
        "near: along a continuous map",
        "near: around near points",
    ):
        assert used[rule] > 0, (rule, used)


def test_a_kernel_with_a_hole_is_caught() -> None:
    """The attack can fail: with the side condition of `generalise` gone, it finds an instance."""
    false = ("rnonneg", scaled(of(R), -1))
    body = closed(false, R)
    wrong = ((false,), ("forall", REAL, body))
    assert refuted(*wrong, range(40)) is not None
    right = ((false,), false)
    assert refuted(*right, range(40)) is None


def _any_slope(change: Any, t: Any) -> Any:
    """Holes: a slope of another function, at another point, will do."""
    with suppress(ValueError):
        return _SLOPE(change, t)
    return next(iter(change.slopes.values())), t[2]


def _first_factor(change: Any, factors: Any) -> Any:
    return islice(_ONCE(change, factors), 1)


_SLOPE, _ONCE = analysis._Change.slope, analysis._Change.once
HOLES: dict[str, tuple[Any, str, Any]] = {
    "any slope will do": (analysis._Change, "slope", _any_slope),
    "only the first factor changes": (analysis._Change, "once", _first_factor),
    "everything is continuous": (analysis, "is_continuous", lambda *parts: True),
}


@pytest.mark.parametrize("hole", HOLES)
def test_a_hole_in_the_calculus_is_caught(hole: str, monkeypatch: pytest.MonkeyPatch) -> None:
    where, name, wrong = HOLES[hole]
    monkeypatch.setattr(where, name, wrong)
    found, _ = attack(0, 1500)
    made = [th for th in found if th.inference.rule in ("differentiate", "continuous")]
    assert any(refuted(th.hypotheses, th.conclusion, range(3)) for th in made)


def test_the_second_checker_accepts_what_the_kernel_did(
    attacked: tuple[list[Theorem], Counter[str]],
) -> None:
    found, _ = attacked
    for start in range(0, len(found), AT_ONCE):
        all_of_them = []
        for theorem in found[start : start + AT_ONCE]:
            for hypothesis in theorem.hypotheses:
                theorem = kernel.discharge(hypothesis, theorem)
            all_of_them.append(theorem)
        whole = kernel.conjoin(*all_of_them, all_of_them[0])
        accepted = replay.replay(dumps(document(whole)).encode("utf-8"))
        assert accepted.digest == digest(whole.conclusion)


def test_changed_trees_fool_neither_checker(attacked: tuple[list[Theorem], Counter[str]]) -> None:
    """Trees with one wrong change: the checkers agree, and what they accept no instance refutes."""
    found, _ = attacked
    rng = random.Random(2)
    refused = accepted = 0
    for n, theorem in enumerate(rng.sample(found, max(400, TREES // 50))):
        whole = theorem
        for hypothesis in theorem.hypotheses:
            whole = kernel.discharge(hypothesis, whole)
        original = record(whole)
        operator = STEP_OPERATORS[n % len(STEP_OPERATORS)]
        changed = mutate(original, operator, rng, sorted(RULES))
        if changed is None:
            continue
        proof, _ = changed
        try:
            rebuild(proof)
            kernel_accepts = True
        except ValueError:
            kernel_accepts = False
        exported = redocument(proof)
        if exported == redocument(original):
            continue  # what was changed is not exported
        try:
            replay.replay(dumps(exported).encode("utf-8"))
            second_accepts = True
        except (replay.Refused, replay.Unreadable, replay.NoProof):
            second_accepts = False
        assert kernel_accepts == second_accepts, (operator, exported)
        refused += not kernel_accepts
        accepted += kernel_accepts
        if kernel_accepts:
            assert refuted((), proof.statement, range(3)) is None
    assert refused > 100
    assert accepted < refused
