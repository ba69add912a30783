"""Random inference trees, sensible and not: the kernel never accepts what an instance refutes.

PROOFKIT_TREES=200000 runs more of them.  A tree is one theorem that the kernel accepted; what the
second checker says of a sample of them must be what the kernel said.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from contextlib import suppress
from typing import Any

import pytest

from proofkit import kernel, replay
from proofkit.ci.mutants import STEP_OPERATORS, mutate, same_written_otherwise
from proofkit.ci.rebuild import RULES, rebuild
from proofkit.export import document, dumps, plain, record, redocument
from proofkit.kernel import LEDGER, Theorem
from proofkit.language import claims as c
from proofkit.language import terms as t
from proofkit.language.binding import close_binder, open_binder
from proofkit.language.sorts import bound_term

try:
    from tests.kernel.sequents import refuted
except ImportError:  # run with the folder itself on the path
    from sequents import refuted  # type: ignore[import-not-found,no-redef]

TREES = int(os.environ.get("PROOFKIT_TREES", "10000"))
INDEX, REAL = ("index",), ("real",)
TWO = t.lin(2)
SQUARE = ("matrix", TWO, TWO)
K, J = ("var", "i", INDEX), ("var", "j", INDEX)
R, S = ("var", "r", REAL), ("var", "s", REAL)
A, B, C = (("var", name, SQUARE) for name in "ABC")
F = ("var", "F", ("family", 1, TWO, TWO))
f = ("var", "f", ("function", TWO, TWO))
VARIABLES = (K, J, R, S, A, B, C)


class Attack:
    """A pool of theorems that grows by random rules on random arguments."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.pool: list[Theorem] = []

    def pick(self, *options: Any) -> Any:
        return self.rng.choice(options)

    # Terms and claims
    def index(self) -> Any:
        rng = self.rng
        atoms = [K, J, ("rank", self.matrix(0))]
        parts = {a: rng.randint(-1, 2) for a in rng.sample(atoms, rng.randint(0, 2))}
        return t.lin(rng.randint(-1, 2), parts)

    def matrix(self, depth: int = 1) -> Any:
        rng = self.rng
        kind = rng.randint(0, 7)
        if kind <= 3 or depth == 0:
            return bound_term(self.pick(A, B, C))
        if kind == 4:
            return self.pick(t.identity(TWO), t.zero(TWO, TWO))
        if kind == 5:
            return t.matrix_sum(self.matrix(0), self.matrix(0), self.pick(-1, 1, 2))
        if kind == 6:
            at = t.lin(rng.randint(0, 2))
            return t.letter_matrix(
                TWO, TWO, t.chain_word(F, t.index_sum(at, t.lin(rng.randint(0, 1))), at)
            )
        a, b = self.matrix(0), self.matrix(0)
        return t.matrix_product(t.transpose(a) if rng.randint(0, 1) else a, b)

    def real(self) -> Any:
        kind = self.rng.randint(0, 4)
        if kind == 0:
            return t.constant(self.pick(-1, 0, 1))
        if kind == 1:
            return t.trace(self.matrix())
        if kind == 2:
            return t.value(f, self.matrix(0))
        if kind == 3:
            return t.real_sum(bound_term(R), bound_term(S), self.pick(-1, 1))
        return t.real_product(bound_term(self.pick(R, S)), bound_term(self.pick(R, S)))

    def term(self, sort: Any) -> Any:
        by_tag = {"index": self.index, "nat": self.index, "real": self.real, "matrix": self.matrix}
        if sort[0] in by_tag and self.rng.random() < 0.95:
            return by_tag[sort[0]]()
        return (
            self.pick(self.index, self.real, self.matrix)()
            if sort[0] in by_tag
            else self.pick(F, f)
        )

    def claim(self, depth: int = 2) -> Any:
        kind = self.rng.randint(0, 11 if depth else 5)
        if kind <= 1:
            return c.matrix_null(t.matrix_sum(self.matrix(), self.matrix(), -1))
        if kind == 2:
            return self.pick(c.index_le, c.index_lt, c.index_eq)(self.index(), self.index())
        if kind <= 4:
            return self.pick(c.real_le, c.real_lt, c.real_eq)(self.real(), self.real())
        if kind == 5:
            return c.FALSE if self.rng.random() < 0.2 else ("differentiable", f)
        if kind == 6:
            return c.negation(self.claim(depth - 1))
        if kind == 7:
            return (self.pick("and", "or"), (self.claim(depth - 1), self.claim(depth - 1)))
        if kind == 8:
            return ("implies", self.claim(depth - 1), self.claim(depth - 1))
        variable = self.pick(K, J, R, A, B)
        body = close_binder(self.claim(depth - 1), [variable])
        if kind == 11 and variable[2][0] in ("real", "matrix"):
            return ("near", (variable[2],), (self.term(variable[2]),), body)
        return (self.pick("forall", "exists"), variable[2], body)

    # Theorems
    def theorem(self, *tags: str) -> Theorem:
        fitting = [th for th in self.pool if th.conclusion[0] in tags]
        if fitting and self.rng.random() < 0.9:
            return self.rng.choice(fitting)
        return self.rng.choice(self.pool)

    def proving(self, claim: Any) -> Theorem:
        fitting = [th for th in self.pool if th.conclusion == claim]
        return self.rng.choice(fitting) if fitting else kernel.assume(claim)

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
            return kernel.excluded_middle(self.claim(1))
        if kind == 1:
            th = self.theorem()
            return kernel.contradiction(th, self.proving(c.negation(th.conclusion)))
        th = self.theorem("false")
        if kind == 2:
            return kernel.reductio(self.pick(*(th.hypotheses or (self.claim(1),))), th)
        return kernel.explode(th, self.claim(1))

    def s_quantify(self) -> Theorem:
        kind = self.rng.randint(0, 3)
        if kind == 0:
            return kernel.generalise(self.pick(*VARIABLES), self.theorem())
        if kind == 1:
            th = self.theorem("forall")
            return kernel.instantiate(th, self.term(th.conclusion[1]))
        if kind == 2:
            th, variable = self.theorem(), self.pick(*VARIABLES)
            goal = ("exists", variable[2], close_binder(th.conclusion, [variable]))
            return kernel.witness(goal, bound_term(variable), th)
        th, variable = self.theorem("exists"), self.pick(*VARIABLES)
        opened = open_binder(th.conclusion[2], (bound_term(variable),))
        return kernel.obtain(th, variable, self.pick(self.proving(opened), self.theorem()))

    def s_induction(self) -> Theorem:
        p, start = self.theorem("forall"), t.lin(self.rng.randint(-1, 1))
        rule = self.pick(kernel.induction, kernel.descent)
        body = p.conclusion[2]
        base = self.proving(open_binder(body, (start,)))
        return rule(p.conclusion, start, base, self.theorem("forall"))  # type: ignore[no-any-return]

    def s_equality(self) -> Theorem:
        variable = self.pick(*VARIABLES)
        old, new = self.term(variable[2]), self.term(variable[2])
        body = ("forall", variable[2], close_binder(self.claim(1), [variable]))
        null = {"index": c.index_eq, "real": c.real_eq, "matrix": c.matrix_eq}[variable[2][0]]
        th = self.proving(open_binder(body[2], (old,)))
        return kernel.rewrite(body, old, new, self.proving(null(old, new)), th)

    def s_algebra(self) -> Theorem:
        terms, total = [], t.zero(TWO, TWO)
        for _ in range(self.rng.randint(0, 2)):
            th = self.theorem("mnull")
            left, right, flag = self.matrix(), self.matrix(), bool(self.rng.randint(0, 1))
            terms.append((left, th, flag, right))
            x = t.transpose(th.conclusion[1]) if flag else th.conclusion[1]
            total = t.matrix_sum(total, t.matrix_product(t.matrix_product(left, x), right))
        if self.rng.random() < 0.2:
            total = t.matrix_sum(total, self.matrix())
        return kernel.algebra(c.matrix_null(total), terms, [self.theorem("inonneg")])

    def s_linear(self) -> Theorem:
        ths = [self.theorem("inonneg", "inull") for _ in range(self.rng.randint(0, 2))]
        scales = [self.rng.randint(-1, 2) for _ in ths]
        total = t.lin(self.rng.randint(-1, 1))
        for th, scale in zip(ths, scales, strict=True):
            total = t.index_sum(total, th.conclusion[1], scale)
        goal = self.pick(("inonneg", total), c.index_null(total), c.FALSE)
        return kernel.linear(goal, ths, scales)

    def s_real(self) -> Theorem:
        ths = [self.theorem("rnonneg", "rpos", "rnull") for _ in range(self.rng.randint(0, 2))]
        scales = [self.pick(t.constant(self.rng.randint(-1, 2)), self.real()) for _ in ths]
        total = t.constant(self.rng.randint(-1, 1))
        for th, scale in zip(ths, scales, strict=True):
            total = t.real_sum(total, t.real_product(scale, th.conclusion[1]))
        tag = self.pick("rnonneg", "rpos", "rnull")
        goal = c.real_null(total) if tag == "rnull" else self.pick((tag, total), c.FALSE)
        return kernel.real_linear(goal, ths, scales)

    def s_index(self) -> Theorem:
        th = self.theorem("inonneg")
        kind = self.rng.randint(0, 2)
        if kind == 0:
            return kernel.natural(self.index())
        e = th.conclusion[1]
        other = self.proving(("inonneg", t.index_sum(t.lin(0), e, -1)))
        return kernel.squeeze(c.index_null(self.pick(e, self.index())), th, other)

    def s_near(self) -> Theorem:
        th = self.theorem("near")
        kind = self.rng.randint(0, 3)
        if kind == 0:
            return kernel.near_here(th)
        if kind == 1:
            return kernel.near_near(th)
        if kind == 2:
            return kernel.near_nonzero(th)
        new = ("var", "x", self.pick(REAL, SQUARE))
        centre = self.term(new[2])
        body = self.pick(bound_term(new), self.term(th.conclusion[1][0]))
        at = open_binder(close_binder(body, [new]), (centre,))
        null = c.real_eq if at[0] == "poly" else c.matrix_eq
        equal = [] if at == th.conclusion[2][0] else [self.proving(null(at, th.conclusion[2][0]))]
        return kernel.near_along(th, [new], [centre], [body], equal)

    def s_layer(self) -> Theorem:
        body = close_binder(self.matrix(), [self.pick(K, J)])
        families = (("tab", body), ("listed", (self.matrix(), self.matrix())), F)
        return kernel.layer(self.pick(*families), self.pick(t.lin(1), t.lin(2), self.index()))

    def s_differentiate(self) -> Theorem:
        x = ("var", "x", SQUARE)
        inner = t.matrix_sum(t.matrix_product(self.matrix(), bound_term(x)), self.matrix())
        body = self.pick(t.value(f, inner), t.trace(t.matrix_product(inner, t.transpose(inner))))
        function = ("fun", TWO, TWO, close_binder(body, [x]))
        return kernel.differentiate(function, [kernel.assume(("differentiable", f))])

    def s_textbook(self) -> Theorem:
        theorem = kernel.textbook(self.pick(*LEDGER))
        while theorem.conclusion[0] == "forall":
            sort = theorem.conclusion[1]
            sizes = {"nat": TWO, "function": f}
            theorem = kernel.instantiate(theorem, sizes.get(sort[0]) or self.term(sort))
        return theorem


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
            with suppress(ValueError):
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
        "excluded middle",
        "contradiction",
        "reductio",
        "explode",
        "generalise",
        "instantiate",
        "witness",
        "obtain",
        "rewrite",
        "algebra",
        "linear arithmetic",
        "real arithmetic",
        "natural",
        "squeeze",
        "layer",
        "differentiate",
        "near: at the point",
        "near: along a continuous map",
    ):
        assert used[rule] > 0, (rule, used)


def test_a_kernel_with_a_hole_is_caught() -> None:
    """The attack can fail: with the side condition of `generalise` gone, it finds an instance."""
    false = c.real_le(bound_term(R), t.constant(0))
    body = close_binder(false, [R])
    wrong = ((false,), ("forall", REAL, body))
    assert refuted(*wrong, range(40)) is not None
    right = ((false,), false)
    assert refuted(*right, range(40)) is None


def test_the_second_checker_accepts_what_the_kernel_did(
    attacked: tuple[list[Theorem], Counter[str]],
) -> None:
    found, _ = attacked
    rng = random.Random(1)
    for theorem in rng.sample(found, 150):
        whole = theorem
        for hypothesis in theorem.hypotheses:
            whole = kernel.discharge(hypothesis, whole)
        accepted = replay.replay(dumps(document(whole)).encode("utf-8"))
        statement = plain(record(whole)).statement
        assert accepted.statement == replay.Reader().claim(statement)


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
        exported = redocument(plain(proof))
        if exported == redocument(plain(original)):
            continue  # what was changed is not exported
        try:
            replay.replay(dumps(exported).encode("utf-8"))
            second_accepts = True
        except (replay.Refused, replay.Unreadable, replay.NoProof):
            second_accepts = False
        if not kernel_accepts and same_written_otherwise(original, proof):
            continue  # the second checker finds normal forms by itself, the kernel wants them
        assert kernel_accepts == second_accepts, (operator, exported)
        refused += not kernel_accepts
        accepted += kernel_accepts
        if kernel_accepts:
            assert refuted((), proof.statement, range(3)) is None
    assert refused > 100
    assert accepted < refused
