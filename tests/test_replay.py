"""The second checker accepts what the kernel proved, and refuses what was tampered with."""

from __future__ import annotations

import ast
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proofkit import export, replay
from theorems import PACK

ROUTES = [(result, route) for result in PACK.everything for route in result.routes]
NAMED = {f"{result.id}--{route}": (result, route) for result, route in ROUTES}
RULES = {
    "assume", "discharge", "modus ponens", "conjoin", "project", "either", "cases",
    "excluded middle", "contradiction", "reductio", "generalise", "instantiate", "witness",
    "obtain", "induction", "descent", "least index", "choose", "rewrite", "algebra",
    "restate", "natural", "squeeze", "arithmetic", "near: consequence", "near: at the point",
    "near: around near points", "near: a small number", "near: along a continuous map",
    "differentiate", "textbook",
}  # fmt: skip


@cache
def text(name: str) -> str:
    """An exported proof."""
    result, route = NAMED[name]
    meta = {"pack": "theorems", "result": result.id, "route": route, "title": result.title}
    return export.dumps(export.document(result.theorem(route), meta))


def verdict(data: bytes) -> str:
    """``accepted``, or the kind of refusal with its reason; nothing else may happen."""
    try:
        replay.replay(data)
    except (replay.Refused, replay.Unreadable, replay.NoProof) as fault:
        assert str(fault)
        assert "\n" not in str(fault)
        return f"{type(fault).__name__}: {fault}"
    return "accepted"


@pytest.mark.parametrize("name", NAMED)
def test_every_result_is_accepted(name: str) -> None:
    found = replay.replay(text(name).encode())
    proof = json.loads(text(name))
    assert found.id == NAMED[name][0].id
    assert found.inferences == len(proof["steps"])
    assert list(found.facts) == [fact["name"] for fact in proof["ledger"]]
    assert found.statement == meaning(export.parse(proof).statement)


def meaning(claim: Claim) -> Claim:
    """What the checker reads a claim as."""
    replay.LEFT[0] = replay.WORK
    return replay.Reader().claim(claim)  # type: ignore[no-any-return]


def test_a_statement_reads_as_the_paper_s() -> None:
    """For all n, m and X of that shape: if X is not 0, then Xv is not 0 for some v."""

    def size(n: int) -> Claim:
        return ("num", (((((("b", n), 1),), ()), 1),))

    def product(rows: Claim, cols: Claim, *letters: Claim) -> Claim:
        return ("mat", rows, cols, (((((), tuple((x, 0) for x in letters))), 1),))

    one, nat = ("num", ((((), ()), 1),)), ("nat",)
    some = ("not", ("null", product(size(3), one, ("b", 1), ("b", 0))))
    given = ("not", ("null", product(size(2), size(1), ("b", 0))))
    claim = ("implies", given, ("exists", ("matrix", size(1), one), some))
    wanted = ("forall", nat, ("forall", nat, ("forall", ("matrix", size(1), size(0)), claim)))
    assert replay.replay(text("nonzero-matrix--main").encode()).statement == meaning(wanted)


@pytest.mark.parametrize("variable", [("b", 0, "x"), ("b", 0, ("nat",)), ("b",), ("b", 1)])
def test_a_bound_variable_has_one_form(variable: Claim) -> None:
    claim = ("forall", ("real",), ("rpos", ("num", (((((("b", 0), 1),), ()), 1),))))
    assert meaning(claim)
    with pytest.raises((replay.Refused, IndexError)):  # `replay` makes a refusal of either
        meaning((*claim[:2], ("rpos", ("num", (((((variable, 1),), ()), 1),)))))


def test_nothing_but_the_standard_library(tmp_path: Path) -> None:
    file = tmp_path / "proof.json"
    file.write_text(text("chain-rule--main"), encoding="utf-8")
    code = (
        "import sys\nfrom pathlib import Path\nbefore = set(sys.modules)\n"
        "from proofkit.replay import replay\n"
        f"assert replay(Path({str(file)!r}).read_bytes()).id == 'chain-rule'\n"
        "print(*sorted({m.partition('.')[0] for m in sys.modules.keys() - before}))\n"
        "print(*sorted(m for m in sys.modules if m.partition('.')[0] == 'proofkit'))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    first, second = run.stdout.splitlines()
    assert set(first.split()) - {"proofkit"} <= sys.stdlib_module_names
    # The package itself loads `proofkit.displays`, which needs the standard library only.
    assert set(second.split()) == {
        "proofkit",
        "proofkit.displays",
        "proofkit.replay",
    }


def test_it_is_small_enough_to_read() -> None:
    """At most 700 lines of code: what is no docstring, comment or blank line."""
    source = Path(replay.__file__).read_text(encoding="utf-8")
    places = (ast.Module, ast.ClassDef, ast.FunctionDef)
    first = (node.body[0] for node in ast.walk(ast.parse(source)) if isinstance(node, places))
    said = {n for node in first if isinstance(node, ast.Expr) for n in lines_of(node)}
    code = [
        n
        for n, line in enumerate(source.splitlines(), 1)
        if line.strip() and not line.strip().startswith("#") and n not in said
    ]
    assert len(code) <= 700


def lines_of(node: ast.stmt) -> range:
    assert node.end_lineno
    return range(node.lineno, node.end_lineno + 1)


def test_the_ledger_is_the_kernel_s_of_today() -> None:
    shipped = json.loads((files("proofkit") / "ledger.json").read_text(encoding="utf-8"))
    assert shipped == json.loads(export.dumps(export.ledger_document()))
    for claim in replay.trusted_facts().values():
        meaning(claim)


# ── Single inferences, changed in every way ───────────────────────────────────────────────────
Claim = tuple[Any, ...]


class Inference:
    """One inference with what its premises say, free of the proof around it."""

    def __init__(self, rule: str, premises: list[Any], data: Any, says: Any) -> None:
        self.rule, self.premises, self.data, self.says = rule, premises, data, says

    def but(self, **changes: Any) -> Inference:
        """The inference with a part changed."""
        parts = {"rule": self.rule, "premises": self.premises, "data": self.data}
        return Inference(**{**parts, "says": self.says, **changes})

    def same(self, other: Inference) -> bool:
        """Whether nothing was changed, or only how the same is said."""
        return self.meant() == other.meant()

    def meant(self) -> Any:
        """The inference as the checker reads it."""
        hypotheses, claim = self.says
        says = (frozenset(meant(h) for h in hypotheses), meant(claim), len(hypotheses))
        return self.rule, meant(tuple(self.premises)), meant(self.data), says

    def checked(self) -> str:
        """What the checker says of it."""
        table: list[Claim] = []
        known: set[Claim] = set()
        hypotheses = [h for premise in self.premises for h in premise[0]]
        claims = [premise[1] for premise in self.premises]
        for root in (*hypotheses, *claims, self.data, *self.says[0], self.says[1]):
            for part in subtuples(root):
                if part not in known:
                    known.add(part)
                    table.append(part)
        replay.LEFT[0] = replay.WORK
        read = replay.Reader()
        number = {part: n for n, part in enumerate(table)}
        done = [
            replay.Sequent(frozenset(read.claim(h) for h in hyps), read.claim(claim))
            for hyps, claim in self.premises
        ]
        step = {
            "rule": self.rule,
            "premises": list(range(len(done))),
            "data": number[self.data],
            "hypotheses": [number[h] for h in self.says[0]],
            "conclusion": number[self.says[1]],
        }
        try:
            replay.checked(step, done, table, [1] * len(table), read, ledger())
        except replay.Refused as fault:
            return str(fault)
        except (TypeError, ValueError, LookupError, AttributeError) as fault:
            return f"malformed: {fault}"  # `check` turns these into a refusal
        return ""


def meant(x: Any) -> Any:
    """A claim, term or variable as the checker reads it, or a tuple of such."""
    if not isinstance(x, tuple):
        return (type(x), x)
    read = replay.Reader()
    for reading in (read.claim, read.read, read.variable):
        replay.LEFT[0] = replay.WORK
        try:
            return reading(x)
        except (replay.Refused, TypeError, ValueError, LookupError, AttributeError):
            continue
    return tuple(meant(part) for part in x)


@cache
def ledger() -> dict[str, Claim]:
    """The checker's own ledger, as it reads it."""
    return {name: meaning(claim) for name, claim in replay.trusted_facts().items()}


def subtuples(root: Claim) -> Iterator[Claim]:
    """All tuples in a tuple, itself the last."""
    for part in root:
        if isinstance(part, tuple):
            yield from subtuples(part)
    yield root


RICH = ("nonzero-matrix", "nonzero-multiple", "reversed-product", "shifted-product",
        "part-of-total", "deep-minimum", "chain-rule", "two-layers", "narrowest-layer",
        "upper-inverse", "squared-loss", "no-columns", "perturbation", "kept-minimum",
        "identity-blocks", "theorem-3-input", "wide-middle", "two-layer-minimum")  # fmt: skip
"""Results that between them use every rule."""


@cache
def inferences() -> dict[str, list[Inference]]:
    """Some inferences by each rule the package's proofs use, from different proofs."""
    found: dict[str, list[Inference]] = {}
    for name in (*(f"{id}--main" for id in RICH), "lemma-1-above--paper"):
        proof = export.parse(json.loads(text(name)))
        here: set[str] = set()
        for step in reversed(proof.steps):
            if step.rule not in here and len(found.get(step.rule, [])) < 2:
                here.add(step.rule)
                premises = [
                    (proof.steps[n].hypotheses, proof.steps[n].conclusion) for n in step.premises
                ]
                says = (step.hypotheses, step.conclusion)
                found.setdefault(step.rule, []).append(
                    Inference(step.rule, premises, step.data, says)
                )
    return found


def leaves(x: Any, change: Callable[[Any], Any]) -> Iterator[Any]:
    """The tuple with one of its leaves changed, for each leaf that is."""
    for place, part in enumerate(x):
        options = leaves(part, change) if isinstance(part, tuple) else iter([change(part)])
        for new in options:
            if new != part or type(new) is not type(part):
                yield (*x[:place], new, *x[place + 1 :])


ODD = ("false",)
EXTRA = ("inonneg", ("num", (((((("var", "extra", ("index",)), 1),), ()), 1),)))
LEAF: dict[str, Callable[[Any], Any]] = {
    "one more": lambda x: x + 1 if isinstance(x, int | Fraction) else x,
    "one less": lambda x: x - 1 if isinstance(x, int | Fraction) else x,
    "sign flipped": lambda x: -x if isinstance(x, int | Fraction) else x,
    "zero for one": lambda x: 0 if x == 1 else 1 if x == 0 else x,
    "halved": lambda x: Fraction(1, 2) * x + Fraction(1, 4) if isinstance(x, int) else x,
    "huge": lambda x: 10**30 if isinstance(x, int) else x,
    "renamed": lambda x: x + "x" if isinstance(x, str) else x,
    "tag swapped": lambda x: {
        "inonneg": "rnonneg", "rnonneg": "rpos", "forall": "exists", "and": "or",
        "exists": "forall", "or": "and", "null": "inonneg", "implies": "and", "nat": "index",
        "chain": "sum", "sum": "chain", "convex": "differentiable", "rpos": "rnonneg",
        "index": "nat", "lam": "to", "at": "rank", "changed": "at",
    }.get(x, x),
    "reserved": lambda x: "?i" if isinstance(x, str) and len(x) == 1 else x,
}  # fmt: skip


def some_of(options: list[Any]) -> list[Any]:
    """At most eight, spread over all."""
    return options[:: max(1, len(options) // 8)]


def changes(it: Inference) -> Iterator[tuple[str, Inference]]:
    """The inference changed in one place, in every way we thought of."""
    hyps, claim = it.says
    for name, change in LEAF.items():
        for data in some_of(list(leaves(it.data, change))):
            yield f"data: {name}", it.but(data=data)
        for new in some_of(list(leaves(claim, change))):
            yield f"conclusion: {name}", it.but(says=(hyps, new))
    for h in hyps:
        yield "hypothesis dropped", it.but(says=(tuple(x for x in hyps if x != h), claim))
    yield "hypothesis added", it.but(says=((*hyps, EXTRA), claim))
    yield "hypothesis twice", it.but(says=((*hyps, *hyps[:1]), claim)) if hyps else it
    yield "conclusion false", it.but(says=(hyps, ODD))
    yield "conclusion strengthened", it.but(says=(hyps, ("and", (claim, ODD))))
    yield "conclusion weakened", it.but(says=(hyps, ("or", (claim, ODD))))
    yield "conclusion negated", it.but(says=(hyps, ("not", claim)))
    yield "data empty", it.but(data=())
    yield "data longer", it.but(data=(*it.data, 0))
    yield "data doubled", it.but(data=(*it.data, *it.data))
    yield "data reversed", it.but(data=it.data[::-1])
    yield "data nested", it.but(data=(it.data,))
    yield "no premises", it.but(premises=[])
    yield "a premise more", it.but(premises=[*it.premises, ((), EXTRA)])
    for n, (given_, said) in enumerate(it.premises):
        rest = it.premises[:n], it.premises[n + 1 :]
        yield "premise dropped", it.but(premises=[*rest[0], *rest[1]])
        yield "premise false", it.but(premises=[*rest[0], (given_, ODD), *rest[1]])
        yield (
            "premise negated",
            it.but(premises=[*rest[0], (given_, ("not", said)), *rest[1]]),
        )
        yield "premise assumes", it.but(premises=[*rest[0], ((*given_, EXTRA), said), *rest[1]])
        yield "premise doubled", it.but(premises=[*it.premises[: n + 1], *it.premises[n:]])
    if it.premises[::-1] != it.premises:
        yield "premises reversed", it.but(premises=it.premises[::-1])
    for rule in (*sorted(RULES), "", "axiom", "Assume", it.rule + " "):
        if rule != it.rule:
            yield f"rule {rule!r}", it.but(rule=rule)


# Changes that leave an inference: more facts than needed, premises whose order does not matter, a
# term put in for a variable where its sign does not show.
MORE_FACTS = {"a premise more", "premise doubled"}
HARMLESS = {
    **dict.fromkeys(("algebra", "arithmetic", "restate"), MORE_FACTS),
    **{rule: {"premises reversed"} for rule in ("contradiction", "squeeze")},
    **{rule: {"data: sign flipped"} for rule in ("instantiate", "rewrite", "witness")},
    "differentiate": {"premise doubled"},
}


def test_every_rule_is_met_by_some_proof() -> None:
    assert set(inferences()) >= RULES - {"least index"}


@pytest.mark.parametrize("rule", sorted(RULES - {"least index"}))
def test_an_inference_that_was_changed_is_refused(rule: str) -> None:
    for it in inferences()[rule]:
        assert it.checked() == ""
        for what, changed in changes(it):
            if what not in HARMLESS.get(rule, ()):
                assert changed.checked() or changed.same(it), what


def test_least_index() -> None:
    index = ("index",)

    def number(constant: int, *terms: tuple[int, int]) -> Claim:
        atoms = tuple(((((("b", n), 1),), ()), c) for n, c in terms)
        return ("num", ((((), ()), constant), *atoms))

    at_least = ("inonneg", number(-3, (0, 1)))
    some = ("exists", index, at_least)
    bound = ("forall", index, ("implies", at_least, at_least))
    smaller = ("inonneg", number(0, (0, 1), (1, -1)))
    least = ("and", (at_least, ("forall", index, ("implies", at_least, smaller))))
    says = ("exists", index, least)
    it = Inference("least index", [((), some), ((), bound)], (), ((), says))
    assert it.checked() == ""
    for what, changed in changes(it):
        assert changed.checked() or changed.same(it), what


# ── Faults found, each closed (tests/kernel/bugs-found.md) ────────────────────────────────────
INDEX, REAL, UNIT = ("index",), ("real",), ("num", ((((), ()), 1),))


def number(constant: int, *terms: tuple[Claim, int]) -> Claim:
    """constant + Σ coefficient·atom."""
    return ("num", ((((), ()), constant), *(((((x, 1),), ()), n) for x, n in terms)))


def under_facts() -> tuple[Claim, Claim, Claim, Claim]:
    """A fact x ≥ 0, a size that is 1 by the fact, and two variables X, of size 1 and of that."""
    x = number(0, (("var", "x", INDEX), 1))
    one_to_x = ("changed", ("lam", INDEX, ("num", ())), ("num", ()), x, ("lam", INDEX, UNIT))
    size = number(0, (("at", one_to_x, x), 1))
    first, second = (("var", "X", ("matrix", n, UNIT)) for n in (UNIT, size))
    return ("inonneg", x), size, first, second


def test_facts_make_no_two_variables_one() -> None:
    """They proved tr XᵀX = tr XᵀX for two variables X of sizes that are the same by the facts."""
    fact, _, first, second = under_facts()
    same = ("var", "Y", first[2])

    def equal(a: Claim, b: Claim) -> Claim:
        return (
            "null",
            number(0, (("trace", ((a, 1), (a, 0))), 1), (("trace", ((b, 1), (b, 0))), -1)),
        )

    def proved(goal: Claim) -> str:
        return Inference("algebra", [((fact,), fact)], (goal, ()), ((fact,), goal)).checked()

    assert "do not give" in proved(equal(first, second))
    assert "do not give" in proved(equal(first, same))
    assert proved(equal(second, second)) == ""
    at_first, at_second = (("not", equal(v, same)) for v in (first, second))
    moved = Inference(
        "restate", [((), at_first), ((fact,), fact)], (at_second,), ((fact,), at_second)
    )
    assert "in other words" in moved.checked()


def test_a_variable_s_size_is_still_known_by_the_facts() -> None:
    """X of the size that is 1 by the facts fits where 1 is wanted, under the facts."""
    fact, size, _, second = under_facts()

    def zero(rows: Claim) -> Claim:
        terms = ((((), ((second, 0),)), 1), (((), ((second, 0),)), -1))
        return ("null", ("mat", rows, UNIT, terms))

    goal = zero(size)
    assert Inference("algebra", [((fact,), fact)], (goal, ()), ((fact,), goal)).checked() == ""
    assert "shape" in Inference("assume", [], (zero(UNIT),), ((zero(UNIT),), zero(UNIT))).checked()


def assumed(*claims: Claim) -> bytes:
    """A file that assumes the claims, one a step; so it is refused, at the latest at its end."""
    table: dict[Claim, int] = {}

    def place(x: Claim) -> int:
        if x not in table:
            entry = [[place(part)] if isinstance(part, tuple) else part for part in x]
            table[x] = len(table)
            entries.append(entry)
        return table[x]

    entries: list[Any] = []
    steps_ = [
        {"rule": "assume", "premises": [], "data": place((c,)), "hypotheses": [place(c)],
         "conclusion": place(c)} for c in claims
    ]  # fmt: skip
    document = {"format": replay.FORMAT, "meta": {}, "statement": place(claims[-1]), "ledger": []}
    return json.dumps({**document, "steps": steps_, "table": entries}).encode()


def test_functions_that_double_a_term_are_refused_at_once() -> None:
    """x ↦ g(x, x), n times: it took 4 times as long for every 2 more, and n = 26 fits in a file."""
    g = ("var", "g", ("to", REAL, ("to", REAL, REAL)))
    x = number(0, (("b", 0), 1))
    double = ("lam", REAL, number(0, (("at", ("at", g, x), x), 1)))
    term = number(0, (("var", "r", REAL), 1))
    for _ in range(26):
        term = number(0, (("at", double, term), 1))
    assert "becomes too large" in verdict(assumed(("rpos", term)))


def test_looking_up_large_terms_is_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """A large term below many levels is looked up at each; only the first time was counted."""
    large: Claim = ("false",)
    for _ in range(11):
        large = ("and", (large, large))
    claims = []
    for n in range(1, 9):
        claim: Claim = ("and", (("rpos", number(n)), large))
        for _ in range(90):
            claim = ("implies", ("false",), claim)
        claims.append(claim)
    monkeypatch.setattr(replay, "WORK", 200_000)
    assert "more work" in verdict(assumed(*claims))


# ── Whole files, damaged ──────────────────────────────────────────────────────────────────────
Proof = dict[str, Any]
SMALL = "nonzero-matrix--main"
FACTS = "equal-factors--main"


def entry(proof: Proof, *items: Any) -> int:
    """A new table entry."""
    proof["table"].append(list(items))
    return len(proof["table"]) - 1


def steps(proof: Proof, rule: str) -> list[Proof]:
    """The steps by a rule."""
    return [step for step in proof["steps"] if step["rule"] == rule]


def put(path: str, value: Any) -> Callable[[Proof], None]:
    """Set what the dotted path leads to."""

    def damage(proof: Proof) -> None:
        *parents, last = [int(x) if x.lstrip("-").isdigit() else x for x in path.split(".")]
        at: Any = proof
        for name in parents:
            at = at[name]
        at[last] = value

    return damage


def without(path: str) -> Callable[[Proof], None]:
    """Leave out what the dotted path leads to."""

    def damage(proof: Proof) -> None:
        *parents, last = [int(x) if x.lstrip("-").isdigit() else x for x in path.split(".")]
        at: Any = proof
        for name in parents:
            at = at[name]
        del at[last]

    return damage


def swapped(a: int, b: int) -> Callable[[Proof], None]:
    """Two steps in each other's place, with the numbers as they were."""

    def damage(proof: Proof) -> None:
        steps = proof["steps"]
        steps[a], steps[b] = steps[b], steps[a]

    return damage


def forged_claim(proof: Proof) -> None:
    proof["ledger"][0]["claim"] = entry(proof, "false")


def forged_fact(proof: Proof) -> None:
    n = entry(proof, "false")
    proof["ledger"].append({"name": "falsity", "source": "me", "claim": n})
    data = entry(proof, "falsity")
    step = {"rule": "textbook", "premises": [], "data": data, "hypotheses": [], "conclusion": n}
    proof.update(statement=n, steps=[step], ledger=proof["ledger"][-1:])


def cut_open(proof: Proof) -> None:
    """The last step assumes what is to be shown."""
    n = proof["statement"]
    data = entry(proof, [n])
    proof["steps"] = [
        {"rule": "assume", "premises": [], "data": data, "hypotheses": [n], "conclusion": n}
    ]
    proof["ledger"] = []


def tower(proof: Proof) -> None:
    """Terms whose size doubles with every entry."""
    last = entry(proof, "false")
    for _ in range(150):
        pair = entry(proof, [last], [last])
        last = entry(proof, "and", [pair])
    proof["steps"][0]["conclusion"] = last


def deep(proof: Proof) -> None:
    last = entry(proof, "false")
    for _ in range(5000):
        last = entry(proof, "not", [last])
    proof["steps"][0]["conclusion"] = last


def expanding(proof: Proof) -> None:
    """A sum with a large power, put together as data."""
    x, y = (entry(proof, "var", name, [entry(proof, "real") if name == "u" else real(proof)])
            for name in ("u", "v"))  # fmt: skip
    trace = entry(proof, [x], 999)
    other = entry(proof, [y], 999)
    product = entry(proof, [trace], [other])
    term = entry(proof, [entry(proof, [product], [entry(proof)])], 7)
    claim = entry(proof, "rpos", [entry(proof, "num", [entry(proof, [term])])])
    proof["steps"][0]["conclusion"] = claim


def powers(proof: Proof) -> None:
    """A product of many atoms, each to a high power."""
    sort = real(proof)
    atoms = (entry(proof, [entry(proof, "var", f"x{n}", [sort])], 99) for n in range(2000))
    product = entry(proof, *([n] for n in atoms))
    term = entry(proof, [entry(proof, [product], [entry(proof)])], 10**199)
    claim = entry(proof, "rpos", [entry(proof, "num", [entry(proof, [term])])])
    proof["steps"][0].update(hypotheses=[claim], conclusion=claim)


def real(proof: Proof) -> int:
    return next(n for n, x in enumerate(proof["table"]) if x == ["real"])


def every(part: str, change: Callable[[Any], Any]) -> Callable[[Proof], None]:
    """Change a part of all steps."""

    def damage(proof: Proof) -> None:
        for step in proof["steps"]:
            step[part] = change(step[part])

    return damage


DAMAGE: dict[str, Callable[[Proof], None]] = {
    "no format": without("format"),
    "another format": put("format", "proofkit/proof/2"),
    "a ledger's format": put("format", "proofkit/ledger/3"),
    "format a list": put("format", []),
    "no meta": without("meta"),
    "meta a number": put("meta", 1),
    "meta of numbers": put("meta", {"result": 1}),
    "meta of more": put("meta.author", "me"),
    "a key more": put("trusted", "yes"),
    "no statement": without("statement"),
    "no steps": without("steps"),
    "no ledger": without("ledger"),
    "no table": without("table"),
    "table empty": put("table", []),
    "table an object": put("table", {}),
    "steps an object": put("steps", {"0": 1}),
    "steps of null": put("steps", [None]),
    "steps of lists": put("steps", [[1]]),
    "statement another": put("statement", 0),
    "statement beyond": put("statement", 10**6),
    "statement negative": put("statement", -1),
    "statement a boolean": put("statement", True),
    "statement a string": put("statement", "0"),
    "statement null": put("statement", None),
    "statement a list": put("statement", [0]),
    "ledger null": put("ledger", None),
    "ledger of a string": put("ledger", ["kernel vector"]),
    "ledger empty": put("ledger", []),
    "ledger twice": lambda p: p["ledger"].append(p["ledger"][0]),
    "ledger claim beyond": put("ledger.0.claim", 10**6),
    "ledger claim a boolean": put("ledger.0.claim", True),
    "ledger claim false": forged_claim,
    "ledger claim another": put("ledger.0.claim", 0),
    "ledger name another": put("ledger.0.name", "kernel vector"),
    "ledger name unknown": put("ledger.0.name", "everything"),
    "ledger name a list": put("ledger.0.name", []),
    "ledger source a number": put("ledger.0.source", 1),
    "ledger key renamed": put("ledger.0.trust", "me"),
    "a fact of one's own": forged_fact,
    "the statement assumed": cut_open,
    "last step dropped": without("steps.-1"),
    "first step dropped": without("steps.0"),
    "step in the middle dropped": without("steps.9"),
    "last step twice": lambda p: p["steps"].append(dict(p["steps"][-1])),
    "first step twice": lambda p: p["steps"].insert(0, dict(p["steps"][0])),
    "steps reversed": lambda p: p["steps"].reverse(),
    "first and last swapped": swapped(0, -1),
    "last two swapped": swapped(-2, -1),
    "premise itself": lambda p: p["steps"][-1].update(premises=[len(p["steps"]) - 1]),
    "premise ahead": lambda p: p["steps"][3].update(premises=[len(p["steps"]) - 1]),
    "premise negative": put("steps.-1.premises", [-2]),
    "premise a boolean": put("steps.-1.premises", [True]),
    "premise a string": put("steps.-1.premises", ["0"]),
    "premises null": put("steps.-1.premises", None),
    "premises an object": put("steps.-1.premises", {}),
    "all premises the first": every("premises", lambda x: [0] * len(x)),
    "all premises gone": every("premises", lambda x: []),
    "all premises earlier": every("premises", lambda x: [max(0, n - 1) for n in x]),
    "all hypotheses gone": every("hypotheses", lambda x: []),
    "hypotheses null": put("steps.0.hypotheses", None),
    "hypotheses of strings": put("steps.0.hypotheses", ["0"]),
    "hypotheses twice": every("hypotheses", lambda x: x + x),
    "a hypothesis at the end": lambda p: p["steps"][-1].update(hypotheses=[p["statement"]]),
    "all conclusions one": lambda p: every("conclusion", lambda x: p["statement"])(p),
    "conclusion no claim": put("steps.0.conclusion", 0),
    "conclusion beyond": put("steps.0.conclusion", 10**9),
    "rule unknown": put("steps.-1.rule", "believe"),
    "rule null": put("steps.-1.rule", None),
    "rule a list": put("steps.-1.rule", ["assume"]),
    "all rules assume": every("rule", lambda x: "assume"),
    "rule key renamed": lambda p: p["steps"][-1].update(Rule=p["steps"][-1].pop("rule")),
    "step key more": put("steps.-1.trust", 1),
    "data beyond": put("steps.-1.data", 10**9),
    "data null": put("steps.-1.data", None),
    "data another": put("steps.-1.data", 0),
    "table entry twice": lambda p: p["table"].append(list(p["table"][0])),
    "table entry null": lambda p: p["table"].append([None]),
    "table entry a boolean": lambda p: p["table"].append([True]),
    "table entry a float": lambda p: p["table"].append([1.0]),
    "table entry a string": lambda p: p["table"].append("x"),
    "table entry an object": lambda p: p["table"].append([{}]),
    "table entry ahead": lambda p: p["table"].insert(0, [[5]]),
    "table entry itself": lambda p: p["table"].append([[len(p["table"])]]),
    "table entry empty list": lambda p: p["table"].append([[]]),
    "table fraction whole": lambda p: p["table"].append([[4, 1]]),
    "table fraction not lowest": lambda p: p["table"].append([[2, 4]]),
    "table fraction over zero": lambda p: p["table"].append([[2, 0]]),
    "table fraction negative below": lambda p: p["table"].append([[1, -2]]),
    "table fraction of booleans": lambda p: p["table"].append([[True, 2]]),
    "table index a boolean": lambda p: p["table"].append([[False]]),
    "table moved": lambda p: p["table"].insert(0, ["moved"]),
    "table shuffled": lambda p: p["table"].reverse(),
    "huge integer": lambda p: p["table"].append([10**500]),
    "doubling terms": tower,
    "deep terms": deep,
    "large powers": expanding,
    "many large powers": powers,
    "NaN": lambda p: p["table"].append([float("nan")]),
    "infinity": put("statement", float("inf")),
    "a lone surrogate": put("meta.title", "\ud800"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_file_is_refused(name: str) -> None:
    proof = json.loads(text("theorem-3-gradient--main" if "ledger" in name else SMALL))
    if "a fact of" in name:
        proof = json.loads(text("theorem-3-gradient--main"))
    if "large powers" in name:
        proof["table"].append(["real"])
        proof["table"] = [*proof["table"]]
    DAMAGE[name](proof)
    assert verdict(json.dumps(proof).encode()) != "accepted"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "Unreadable"),
        (b"\xff\xfe", "Unreadable"),
        (b"[" * 100_000, "Unreadable"),
        (b'{"a":' * 100_000, "Unreadable"),
        (b"null", "Unreadable"),
        (b"{}", "Unreadable"),
        (b'{"format":"proofkit/proof/3","format":"proofkit/proof/3"}', "Unreadable"),
        (b'{"format":"proofkit/proof/3"}', "Refused"),
        (b"1" * 10_000, "Unreadable"),
        (
            b'{"format":"proofkit/proof/3","meta":{},"statement":0,"ledger":[],"steps":[],"table":[]}',
            "NoProof",
        ),
    ],
)
def test_a_file_that_is_no_proof(data: bytes, kind: str) -> None:
    assert verdict(data).startswith(kind)


def test_a_file_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "MOST_BYTES", 1000)
    assert verdict(text(SMALL).encode()) == "Unreadable: it is too large"


def test_work_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "WORK", 100)
    assert "more work" in verdict(text(SMALL).encode())


def test_truncated_anywhere() -> None:
    data = text(SMALL).rstrip().encode()
    for end in range(0, len(data), 37):
        assert verdict(data[:end]).startswith("Unreadable")


def same_proof(data: bytes, statement: Claim) -> bool:
    """Refused; or accepted, and then with the statement as it was or truly another table."""
    try:
        return replay.replay(data).statement == statement
    except (replay.Refused, replay.Unreadable, replay.NoProof) as fault:
        return bool(str(fault))


@settings(max_examples=400)
@given(st.data())
def test_random_bytes_change_nothing_silently(data: st.DataObject) -> None:
    raw = bytearray(text(SMALL).encode())
    start = raw.index(b'"statement"')  # what stands before is for readers only
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(start, len(raw) - 1))
        raw[place] = data.draw(st.sampled_from(b'0123456789-+[]{},:"abfx .e') | st.integers(0, 255))
    assert same_proof(bytes(raw), meaning(export.parse(json.loads(text(SMALL))).statement))


@settings(max_examples=300)
@given(st.data())
def test_random_numbers_change_nothing_silently(data: st.DataObject) -> None:
    proof = json.loads(text(SMALL))
    statement = meaning(export.parse(proof).statement)
    size = len(proof["table"])
    step = data.draw(st.sampled_from(proof["steps"]))
    part = data.draw(st.sampled_from(("premises", "data", "hypotheses", "conclusion", "rule")))
    match part:
        case "premises":
            step[part] = data.draw(st.lists(st.integers(0, len(proof["steps"]) - 1), max_size=3))
        case "hypotheses":
            step[part] = data.draw(st.lists(st.integers(0, size - 1), max_size=3))
        case "rule":
            step[part] = data.draw(st.sampled_from(sorted(RULES)))
        case _:
            step[part] = data.draw(st.integers(0, size - 1))
    assert same_proof(json.dumps(proof).encode(), statement)


# ── The command ───────────────────────────────────────────────────────────────────────────────
def test_command(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "proof.json"
    file.write_text(text(SMALL), encoding="utf-8")
    count = len(json.loads(text(SMALL))["steps"])
    done = run("replay", file)
    assert done.code == 0
    facts = len(json.loads(text(SMALL))["ledger"])
    told = f"accepted: {count} inferences, {facts} textbook facts"
    assert done.out == f"{told}; the file calls its result nonzero-matrix\n"
    answer = json.loads(run("replay", file, "--json").out)
    assert (answer["status"], answer["inferences"], answer["reason"]) == ("accepted", count, "")


@pytest.mark.parametrize(
    ("damage", "code", "status"),
    [
        (without("steps.-1"), 1, "refused"),
        (put("steps", []), 4, "nothing"),
        (put("format", "x"), 2, "unreadable"),
        (put("meta.result", "\x1b[2J"), 0, "accepted"),
    ],
)
def test_exit_codes(
    run: Any, tmp_path: Path, damage: Callable[[Proof], None], code: int, status: str
) -> None:
    proof = json.loads(text(SMALL))
    damage(proof)
    file = tmp_path / "proof.json"
    file.write_text(json.dumps(proof), encoding="utf-8")
    plain, answer = run("replay", file), run("replay", file, "--json")
    assert plain.code == answer.code == code
    assert "\x1b" not in plain.out + plain.err + answer.out
    assert len((plain.out + plain.err).splitlines()) == 1
    assert json.loads(answer.out)["status"] == status


def test_no_such_file(run: Any, tmp_path: Path) -> None:
    assert run("replay", tmp_path / "none.json").code == 2
    assert run("replay", tmp_path).code == 2


# ── Every field of every file, changed at random ──────────────────────────────────────────────
MUTATIONS = int(os.environ.get("PROOFKIT_MUTATIONS", "200"))  # of each result
ATTACKED = ("nonzero-matrix", "equal-factors", "narrowest-layer", "two-layers", "no-columns",
            "chain-rule", "squared-loss", "factors-out-of-sums", "part-of-total",
            "upper-inverse")  # fmt: skip


def places(x: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to each value in a document, containers and leaves, what is for readers left out."""
    if path:
        yield path
    items = x.items() if isinstance(x, dict) else enumerate(x) if isinstance(x, list) else ()
    for key, part in items:
        if key not in ("meta", "source"):
            yield from places(part, (*path, key))


def mutated(proof: Proof, path: tuple[Any, ...], rng: random.Random) -> None:
    """Change the value there: a number moved, a name or a part taken from elsewhere, …"""
    *way, last = path
    parent = proof
    for key in way:
        parent = parent[key]
    old = parent[last]
    size, count = len(proof["table"]), len(proof["steps"])
    options: list[Any] = [rng.randrange(size), rng.randrange(count), None, [], "false"]
    if type(old) is int:
        options += [old - 1, old + 1, -old, 0, 1, old + 2, [old, 2]] * 2
    elif type(old) is str:
        names = [item for entry in proof["table"] for item in entry if type(item) is str]
        options += [*rng.sample(names, min(8, len(names))), *sorted(RULES), old + "x"]
    elif type(old) is list:
        options += [old[::-1], old[1:], old[:-1], old + old[:1], rng.choice(proof["table"])] * 4
        if len(old) == 1 and type(old[0]) is int:
            options += [[rng.randrange(max(1, old[0] + 1))], [max(0, old[0] - 1)], [old[0] + 1]] * 6
    else:
        options += [rng.choice(proof["steps"]), {}] * 4
    new = rng.choice(options)
    if rng.random() < 0.1 and isinstance(parent, list):
        del parent[last]
    else:
        parent[last] = new


def sequents(proof: Proof) -> set[Any]:
    """What the steps of a document say, as the checker reads it, under other names."""
    found: set[Any] = set()
    for step in export.parse(proof).steps:
        names: dict[Claim, str] = {}
        in_order = tuple(sorted(step.hypotheses, key=repr))  # they are a set
        hypotheses, claim = renamed((in_order, step.conclusion), names)
        found.add((frozenset(meant(h) for h in hypotheses), meant(claim)))
    return found


def renamed(x: Any, names: dict[Claim, str]) -> Any:
    """The same with free variables called v0, v1, … as they come."""
    if not isinstance(x, tuple):
        return x
    if x[:1] == ("var",):
        return ("var", names.setdefault(x, f"v{len(names)}"), renamed(x[2], names))
    return tuple(renamed(part, names) for part in x)


@pytest.mark.parametrize("id", ATTACKED)
def test_no_field_can_be_changed_unnoticed(id: str) -> None:
    """Changed files are refused, or prove the very statement by sequents the kernel proved too.

    That happens: another name for a variable, a range more than needed, a table entry that is no
    longer used.
    """
    original = json.loads(text(f"{id}--main"))
    wanted, known = meant(export.parse(original).statement), sequents(original)
    ways = list(places(original))
    rng = random.Random(f"fields {id}")
    refused = 0
    for _ in range(MUTATIONS):
        proof = json.loads(text(f"{id}--main"))
        mutated(proof, rng.choice(ways), rng)
        if verdict(json.dumps(proof).encode()) == "accepted":
            assert meant(export.parse(proof).statement) == wanted
            assert sequents(proof) <= known
        else:
            refused += 1
    assert refused > 0.8 * MUTATIONS
