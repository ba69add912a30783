"""Steps of scripts that name tactics, found without: from the same facts, by the search alone."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from proofkit.claims import Claim, encode
from proofkit.script import Fact, Proof, Result, ScriptError
from proofkit.script.search import find
from tests import second_pack, words_pack

ROOT = Path(__file__).parents[2]


class Unnamed(Proof):
    """A proof that also looks for each step from the facts that its tactic is given."""

    def __init__(self, results: Sequence[Result]) -> None:
        super().__init__()
        self.by_id = {f"result: {result.id}": result for result in results}
        self.found: list[Claim] = []
        self.missed: list[Claim] = []

    def prove(self, claim: Claim, by: Any) -> Any:
        theorem = super().prove(claim, by)
        results = [(self.by_id[by.rule], "")] if by.rule in self.by_id else []
        goal = encode(claim)
        there = None
        with suppress(ScriptError):
            there = find(self, claim, goal, by.uses, results).theorem
        assert there is None or there.conclusion == goal
        (self.missed if there is None else self.found).append(claim)
        return theorem


def tried(results: Sequence[Result]) -> tuple[list[Claim], list[Claim]]:
    """The steps that are found, and those that are missed, in all routes."""
    found: list[Claim] = []
    missed: list[Claim] = []
    for result in results:
        for route in result.routes.values():
            proof = Unnamed(results)
            facts: list[Fact] = [proof.given(h.claim, h.words) for h in result.given]
            route.script(proof, *facts)
            found, missed = [*found, *proof.found], [*missed, *proof.missed]
    return found, missed


def tutorial(text: str) -> list[Result]:
    """The results of a script of a tutorial."""
    module = ModuleType("tutorial")
    module.__file__ = __file__
    sys.modules["tutorial"] = module
    try:
        exec(compile(text, __file__, "exec"), module.__dict__)
    finally:
        del sys.modules["tutorial"]
    return [x for x in vars(module).values() if isinstance(x, Result)]


README = re.findall(
    r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL
)
RESULTS = {
    "the README's tutorial": tutorial(next(code for code in README if "normal_equations" in code)),
    "the tutorial of 0.1": tutorial(
        (ROOT / "tests/tutorial_0_1/ridge.py").read_text(encoding="utf-8")
    ),
    "the second pack": list(second_pack.PACK.results),
    "the pack of words": list(words_pack.RESULTS),
}


@pytest.mark.parametrize("name", RESULTS)
def test_most_steps_are_found_without_naming_a_tactic(name: str) -> None:
    found, missed = tried(RESULTS[name])
    assert len(found) >= 0.85 * len(found + missed), missed


def test_a_step_that_does_not_follow_is_missed() -> None:
    (result,) = RESULTS["the README's tutorial"]
    (c,) = (v for v in result.variables if str(v) == "c")
    wrong = result.claim.xreplace({c: 2 * c})
    proof = Unnamed([])
    facts = [proof.given(h.claim, h.words) for h in result.given]
    with pytest.raises(ScriptError, match="no way was found"):
        find(proof, wrong, encode(wrong), facts)
