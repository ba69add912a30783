"""Single inferences, changed in every way: each change is noticed, or changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

from proofkit import replay
from tests.replay.common import RULES, Claim, meaning, meant, rebuilt, text


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
        try:
            return bool(self.meant() == other.meant())
        except (TypeError, ValueError, IndexError):  # data of another form
            return False

    def meant(self) -> Any:
        """The inference as the checker reads it."""
        hypotheses, claim = self.says
        says = (frozenset(meant(h) for h in hypotheses), meant(claim), len(hypotheses))
        data = self.data
        if self.rule == "algebra":  # what each product is: Iᵀ in one is I
            goal, products = data
            terms = [(e, (*goal[1][:-1], ((key, (1, 1)),))) for e, key in products]
            data = (goal, *((e, ("null", term)) for e, term in terms))
        return self.rule, meant(tuple(self.premises)), meant(data), says

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
        number = {part: n for n, part in enumerate(table)}
        done = [
            replay.Sequent(frozenset(meaning(h) for h in hyps), meaning(claim))
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
            known = ledger() if self.rule == "textbook" else {}
            facts = {name: meaning(claim) for name, claim in known.items()}
            replay.checked(step, done, [replay.the(x) for x in table], facts)
        except replay.Refused as fault:
            return str(fault)
        except (TypeError, ValueError, LookupError, AttributeError) as fault:
            return f"malformed: {fault}"  # `check` turns these into a refusal
        return ""


@cache
def ledger() -> dict[str, Claim]:
    """The claims of the facts, as far as the proofs at hand list them."""
    facts: dict[str, Claim] = {}
    for name in NAMES:
        proof = json.loads(text(name))
        terms = rebuilt(proof["table"])
        facts |= {fact["name"]: terms[fact["claim"]] for fact in proof["ledger"]}
    return facts


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
NAMES = (*(f"{id}--main" for id in RICH), "lost-rank--paper")


def middle(claim: Claim) -> bool:
    """Whether p or not p: there the negated premise proves the other part, and rightly so."""
    parts = [meant(p) for p in claim[1]]
    return any(meant(("not", p)) in parts for p in claim[1])


@cache
def inferences() -> dict[str, list[Inference]]:
    """An inference by each rule that the package's proofs use."""
    found: dict[str, list[Inference]] = {}
    for name in NAMES:
        proof = json.loads(text(name))
        terms, steps = rebuilt(proof["table"]), proof["steps"]

        def sequent(step: Any, terms: Any = terms) -> Any:
            return tuple(terms[n] for n in step["hypotheses"]), terms[step["conclusion"]]

        for step in reversed(steps):
            rule = step["rule"]
            if rule not in found and not (rule == "either" and middle(terms[step["conclusion"]])):
                premises = [sequent(steps[n]) for n in step["premises"]]
                it = Inference(rule, premises, terms[step["data"]], sequent(step))
                found[rule] = [it]
    return found


def leaves(x: Any, change: Callable[[Any], Any]) -> Iterator[Any]:
    """The tuple with one of its leaves changed, for each leaf that is."""
    for place, part in enumerate(x):
        options = leaves(part, change) if isinstance(part, tuple) else iter([change(part)])
        for new in options:
            if new != part or type(new) is not type(part):
                yield (*x[:place], new, *x[place + 1 :])


ODD = ("false",)
EXTRA = ("inonneg", ("num", (((((("var", "extra", ("index",)), 1),), ()), (1, 1)),)))
LEAF: dict[str, Callable[[Any], Any]] = {
    "one more": lambda x: x + 1 if isinstance(x, int) else x,
    "one less": lambda x: x - 1 if isinstance(x, int) else x,
    "sign flipped": lambda x: -x if isinstance(x, int) else x,
    "zero for one": lambda x: 0 if x == 1 else 1 if x == 0 else x,
    "doubled": lambda x: 2 * x if isinstance(x, int) else x,
    "huge": lambda x: 10**30 if isinstance(x, int) else x,
    "renamed": lambda x: x + "x" if isinstance(x, str) else x,
    "tag swapped": lambda x: {
        "inonneg": "rnonneg", "rnonneg": "rpos", "forall": "exists", "and": "or",
        "exists": "forall", "or": "and", "null": "inonneg", "implies": "and", "nat": "index",
        "chain": "sum", "sum": "chain", "convex": "differentiable", "rpos": "rnonneg",
        "index": "nat", "lam": "to", "at": "rank", "changed": "at", "slope": "continuous",
    }.get(x, x),
    "no name": lambda x: "?i" if isinstance(x, str) and len(x) == 1 else x,
}  # fmt: skip


def some_of(options: list[Any]) -> list[Any]:
    """Some four, spread over all."""
    return options[:: max(1, len(options) // 4)]


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
    "contradiction": {"premises reversed"},
    "differentiate": {"premise doubled", "premises reversed"},
    **{rule: {"data: sign flipped"} for rule in ("instantiate", "rewrite", "witness")},
}


APART = {"continuous"}
"""Rules that no proof needs; `test_slopes` has inferences by them."""


def test_every_rule_is_met_by_some_proof() -> None:
    assert set(inferences()) >= RULES - APART


@pytest.mark.parametrize("rule", sorted(RULES - APART))
def test_an_inference_that_was_changed_is_refused(rule: str) -> None:
    for it in inferences()[rule]:
        assert it.checked() == ""
        for what, changed in changes(it):
            if what not in HARMLESS.get(rule, ()):
                assert changed.checked() or changed.same(it), what
