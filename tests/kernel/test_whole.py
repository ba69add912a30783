"""The trusted files as a whole: what they import, how long they are, what the rules refuse."""

from __future__ import annotations

import inspect
import subprocess
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from proofkit import kernel
from proofkit.claims import (
    Continuous,
    Equal,
    Exists,
    ForAll,
    Implies,
    LessEqual,
    Near,
    Or,
    Slope,
    encode,
)
from proofkit.kernel import KernelError, LanguageError, Theorem
from proofkit.kernel.nodes import node
from proofkit.kernel.terms import INDEX, number
from proofkit.kernel.theorem import seal
from proofkit.script import derived
from proofkit.symbols import (
    Function,
    FunctionOf,
    MatrixVariable,
    encode_term,
    encode_variable,
    index,
    real,
)

from .given import given

FOLDER = Path(kernel.__file__).parent


# ── Size and imports ───────────────────────────────────────────────────────────────────────────
def test_the_trusted_files_are_short() -> None:
    files = sorted(FOLDER.glob("*.py"))
    assert len(files) == len(list(FOLDER.rglob("*.py")))
    lines = sum(len(file.read_text(encoding="utf-8").splitlines()) for file in files)
    assert lines <= 1800


LOADED = """
import sys
before = set(sys.modules)
import proofkit.kernel
proofkit.kernel.textbook("fermat")
print(*sorted(set(sys.modules) - before), sep="\\n")
"""


def test_the_kernel_imports_the_standard_library_and_nothing_else() -> None:
    run = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    loaded = run.stdout.split()
    assert "proofkit.kernel.reading" in loaded
    for name in loaded:
        own = name == "proofkit" or f"{name}.".startswith("proofkit.kernel.")
        assert own or name.split(".")[0] in sys.stdlib_module_names, name


def test_every_rule_is_among_the_rules_and_exported() -> None:
    for module in (kernel.logic, kernel.computing, kernel.analysis):  # type: ignore[attr-defined]
        made = {
            thing
            for name, thing in vars(module).items()
            if inspect.isfunction(thing)
            and not name.startswith("_")
            and inspect.signature(thing).return_annotation == "Theorem"
        }
        assert made - {seal} <= set(kernel.RULES)
    assert len(set(kernel.RULES)) == len(kernel.RULES)
    for rule in kernel.RULES:
        assert getattr(kernel, rule.__name__) is rule
    for rule in kernel.RULES:
        assert "⊢" in str(rule.__doc__) or "conclude" in str(rule.__doc__)


# ── Arguments of every kind ────────────────────────────────────────────────────────────────────
i, x = index("i"), real("x")
A, B, X, Y = (MatrixVariable(name, 2, 2) for name in "ABXY")
f = Function("f", 2, 2)
v_i, v_x, v_X, v_Y = map(encode_variable, (i, x, X, Y))
ZERO, ONE = number(0), number(1)
FALSE = ("false",)
ARBITRARY, TRIVIAL = derived.natural(ZERO), kernel.algebra(encode(Equal(A, A)))
p, q = LessEqual(i, 1), Equal(A, B)
KEY = ((), ((encode_term(A - B), 0),))

# Arguments that each rule takes: a theorem of the least that it wants of each.
TAKES: dict[str, tuple[Any, ...]] = {
    "assume": (encode(p),),
    "discharge": (encode(p), given(p)),
    "modus_ponens": (given(Implies(p, q)), given(p)),
    "conjoin": (given(p), given(q)),
    "project": (kernel.conjoin(given(p), given(q)), 0),
    "either": (given(p), encode(Or(p, q))),
    "cases": (given(Or(p, q)), ARBITRARY, ARBITRARY),
    "contradiction": (given(q), kernel.assume(("not", encode(q)))),
    "reductio": (encode(p), kernel.assume(FALSE)),
    "generalise": (v_x, ARBITRARY),
    "instantiate": (given(ForAll(X, Equal(X, A))), encode_term(B)),
    "witness": (
        encode(Exists(X, Equal(X, A))),
        encode_term(A),
        TRIVIAL,
    ),
    "obtain": (given(Exists(X, Equal(X, A))), v_X, ARBITRARY),
    "induction": (
        encode(ForAll(i, LessEqual(0, 0))),
        ZERO,
        ARBITRARY,
        given(ForAll(i, Implies(LessEqual(0, i), LessEqual(0, 0), LessEqual(0, 0)))),
    ),
    "choose": (given(ForAll(i, Exists(X, Equal(X, A)))),),
    "rewrite": (
        encode(ForAll(X, Equal(X, A))),
        encode_term(A),
        encode_term(B),
        given(q),
        TRIVIAL,
    ),
    "algebra": (encode(q), [(given(q), KEY)], [ARBITRARY]),
    "restate": (encode(p), given(p), [ARBITRARY]),
    "arithmetic": (encode(p), [(given(p), ONE)], [ARBITRARY]),
    "near_all": (encode(Near((X, A), q)), given(ForAll(X, Implies(p, q))), given(Near((X, A), p))),
    "near_here": (given(Near((X, A), q)),),
    "near_near": (given(Near((X, A), q)),),
    "near_along": (
        given(Near((X, A), Equal(X, B))),
        [v_Y],
        [encode_term(A)],
        [encode_term(f(Y) * B)],
        [given(Equal(f(A) * B, A))],
        [given(Continuous(f, A))],
    ),
    "continuous": (v_X, encode_term(f(X)), encode_term(A), [given(Continuous(f, A))]),
    "differentiate": (
        encode_term(FunctionOf(X, f(X))),
        encode_term(A),
        [given(Slope(f, A, f))],
    ),
    "textbook": ("fermat",),
}
RULES = {rule.__name__: rule for rule in kernel.RULES}


def test_each_rule_takes_what_is_given_here() -> None:
    assert set(TAKES) == set(RULES)
    for name, arguments in TAKES.items():
        assert type(RULES[name](*arguments)) is Theorem, name


class Twisted(tuple[Any, ...]):
    """A tuple that equals what it is compared with, and shows other parts than it has."""

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False

    def __hash__(self) -> int:
        return hash(FALSE)

    def __iter__(self) -> Iterator[Any]:
        return iter(FALSE)

    def __getitem__(self, at: Any) -> Any:
        return FALSE[at]

    def __len__(self) -> int:
        return 1


class Word(str):
    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return hash("fermat")


class Whole(int):
    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0

    def __ge__(self, other: object) -> bool:
        return True


def nested(depth: int) -> Any:
    claim: Any = FALSE
    for _ in range(depth):
        claim = (claim,)
    return claim


def doubled(times: int) -> Any:
    """Of 2ⁿ parts, n of which are different."""
    claim: Any = FALSE
    for _ in range(times):
        claim = ("and", (claim, claim))
    return claim


GARBAGE: dict[str, Any] = {
    "nothing": None,
    "a float": 1.5,
    "no number": float("nan"),
    "true": True,
    "an integer": 7,
    "a negative integer": -1,
    "an integer in disguise": Whole(1),
    "a fraction": Fraction(1, 2),
    "a complex number": 1j,
    "text": "x",
    "no text": "",
    "text in disguise": Word("fermat"),
    "bytes": b"x",
    "a list": [FALSE],
    "an empty list": [],
    "a dictionary": {"false": 1},
    "a set": {1},
    "an empty tuple": (),
    "a tuple of text": ("x", "y"),
    "a tuple of numbers": (1, 2, 3),
    "pairs of nothing": ((), ()),
    "a twisted claim": Twisted(encode(p)),
    "a claim with a twisted part": ("not", Twisted(encode(q))),
    "an unhashable claim": ("and", [FALSE, FALSE]),
    "nested without end": nested(100_000),
    "doubled many times": doubled(100),
    "a long tuple": (FALSE,) * 500_000,
    "a huge number": ("inonneg", ("num", ((((), ()), (1 << 100_000, 1)),))),
    "the word for no claim": ("perhaps",),
    "a sort": INDEX,
    "a function": lambda: FALSE,
    "a class": Theorem,
    "a module": kernel,
    "an object": object(),
    "no theorem": object.__new__(Theorem),
    "a claim as its author wrote it": p,
}


def with_garbage(name: str, what: str) -> Iterator[tuple[Any, ...]]:
    """The arguments of a rule with garbage for one of them, in one of them, or for all."""
    garbage, arguments = GARBAGE[what], TAKES[name]
    for at, argument in enumerate(arguments):
        before, after = arguments[:at], arguments[at + 1 :]
        if type(argument) is not list:
            yield (*before, garbage, *after)
        elif what not in ("an empty list", "an empty tuple", "no text"):
            yield (*before, garbage, *after)
            yield (*before, [garbage], *after)
            if type(argument[0]) is tuple and name in ("algebra", "arithmetic"):
                theorem, other = argument[0]
                yield (*before, [(garbage, other)], *after)
                yield (*before, [(theorem, garbage)], *after)
    yield (garbage,) * len(arguments)


@pytest.mark.parametrize("name", TAKES)
def test_arguments_of_every_kind_are_refused(name: str) -> None:
    for what in GARBAGE:
        for arguments in with_garbage(name, what):
            with pytest.raises((KernelError, LanguageError)):
                RULES[name](*arguments)
                pytest.fail(f"{name} took {what}")
    for arguments in ((), TAKES[name] * 4):
        if name != "conjoin" or not arguments:
            with pytest.raises((KernelError, LanguageError)):
                RULES[name](*arguments)


@pytest.mark.parametrize("name", TAKES)
def test_each_premise_of_another_kind_is_refused(name: str) -> None:
    """In each place a theorem of every other kind: refused, or the place takes any theorem."""
    others = [
        kernel.assume(claim)
        for claim in (
            FALSE,
            encode(p),
            encode(q),
            encode(LessEqual(x, 5)),
            encode(Equal(x, 5)),
            encode(Or(q, p)),
            encode(ForAll(x, p)),
            encode(Exists(x, p)),
            encode(Implies(q, p)),
            encode(Near((x, 1), p)),
            ("not", encode(q)),
            ("convex", encode_term(f)),
            encode(Slope(f, B, f)),
            encode(Continuous(f, B)),
        )
    ]
    others_too = {"discharge", "conjoin", "obtain", "generalise", "either", "cases"}
    others_too |= {"near_here", "near_near"}
    arguments, accepted = TAKES[name], 0
    for at, argument in enumerate(arguments):
        for other in others:
            if type(argument) is Theorem and other.conclusion != argument.conclusion:
                with accepting(name in others_too) as outcome:
                    RULES[name](*arguments[:at], other, *arguments[at + 1 :])
                    outcome.append(other)
                accepted += len(outcome)
            elif type(argument) is list and type(argument[0]) is Theorem:
                if other.conclusion[0] == "inonneg":
                    continue  # another range
                with pytest.raises((KernelError, LanguageError)):
                    RULES[name](*arguments[:at], [other], *arguments[at + 1 :])
    assert (accepted > 0) == (name in others_too)


class accepting:
    """Refusals are expected, unless ``allowed`` says that any theorem will do."""

    def __init__(self, allowed: bool) -> None:
        self.allowed = allowed

    def __enter__(self) -> list[Theorem]:
        self.outcome: list[Theorem] = []
        return self.outcome

    def __exit__(self, kind: Any, fault: Any, trace: Any) -> bool:
        assert fault is not None or self.allowed
        return isinstance(fault, (KernelError, LanguageError))


# ── Things that lie, given to everything ──────────────────────────────────────────────────────
LIES: list[Callable[[], Any]] = [
    lambda: Twisted(FALSE),
    lambda: Twisted(encode(q)),
    lambda: ("implies", Twisted(encode(q)), FALSE),
    lambda: ("inonneg", ("num", ((((), ()), (Whole(-5), 1)),))),
    lambda: ("var", Word("i"), INDEX),
    lambda: (Word("false"),),
]


def test_lies_make_no_theorem_and_are_remembered_nowhere() -> None:
    before = {name: RULES[name](*arguments).conclusion for name, arguments in TAKES.items()}
    for lie in LIES:
        for use in (
            kernel.assume,
            kernel.textbook,
            encode,
            encode_term,
            encode_variable,
            node,
            kernel.reading.claim,  # type: ignore[attr-defined]
            lambda x: kernel.reading.term(x, INDEX),  # type: ignore[attr-defined]
            kernel.reading.variable,  # type: ignore[attr-defined]
            lambda x: kernel.binding.free(x),  # type: ignore[attr-defined]
            lambda x: kernel.binding.reach(x),  # type: ignore[attr-defined]
            lambda x: kernel.terms.plus(x, ONE),  # type: ignore[attr-defined]
            lambda x: kernel.claims.negation(x),  # type: ignore[attr-defined]
            lambda x: str(KernelError("rule", "problem", x, x)),
            lambda x: str(LanguageError("problem", x)),
        ):
            try:
                found = use(lie())
            except (ValueError, TypeError, AttributeError, IndexError, KeyError):
                continue
            assert type(found) is not Theorem
    after = {name: RULES[name](*arguments).conclusion for name, arguments in TAKES.items()}
    assert after == before
    for name in ("fermat", "square norm"):
        assert kernel.textbook(name).conclusion == kernel.LEDGER[name].claim
