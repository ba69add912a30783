"""Peers that are absent, or are not what they seem, are left out with a word."""

from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks import derivatives, identity
from tests.benchmarks.harness import Table, peer


def singular(folder: Path, answer: str) -> None:
    """Something called Singular that gives this answer to whatever it is asked."""
    path = folder / "Singular"
    path.write_text(f"#!/bin/sh\ncat >/dev/null\necho {answer}\n", encoding="utf-8")
    path.chmod(0o755)


def table() -> Table:
    return Table("0. Title", ("a",), [("x",)])


def test_a_missing_package_is_told() -> None:
    told = table()
    assert peer("no_such_package_at_all", told) is None
    assert "no_such_package_at_all is not installed: skipped." in told.markdown()


def test_singular_is_used_only_where_its_ring_does_not_commute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(identity.shutil, "which", lambda name: None)
    told = table()
    assert identity._singular(told) is None and "not installed: skipped" in told.markdown()
    path = str(tmp_path / "Singular")
    monkeypatch.setattr(identity.shutil, "which", lambda name: path)
    singular(tmp_path, "0")
    told = table()
    assert identity._singular(told) is None and "commutes" in told.markdown()
    singular(tmp_path, "1")
    told = table()
    assert identity._singular(told) == path and told.notes == []


def test_a_singular_that_finds_the_identity_wrong_ends_the_benchmark(tmp_path: Path) -> None:
    singular(tmp_path, "-1")
    with pytest.raises(AssertionError, match="does not hold"):
        identity._letterplace(str(tmp_path / "Singular"), 2)


def test_a_derivative_is_right_or_wrong_or_refused_and_ours_to_translate() -> None:
    case = derivatives.CASES["cb-69"]  # the gradient of x.T @ a is a

    def outcome(value: Any) -> str:
        def make(case: Any, found: Any) -> Any:
            if isinstance(value, Exception):
                raise value
            return value

        return derivatives.verdict(derivatives.Contestant("peer", lambda case: 0, make), case)

    assert outcome(lambda arrays: arrays["a"]) == "right"
    assert outcome(lambda arrays: arrays["a"].T) == "right"  # a row for a column
    assert outcome(lambda arrays: 2 * arrays["a"]) == "wrong"
    assert outcome(lambda arrays: 0) == "wrong"
    assert outcome(lambda arrays: arrays["a"] * float("nan")) == "wrong"
    assert outcome(NotImplementedError()) == "refused"
    with pytest.raises(derivatives.Mistranslated):
        outcome(derivatives.Mistranslated())


def test_a_formula_is_translated_or_the_benchmark_ends() -> None:
    case = derivatives.CASES["ml-ridge"]
    outcome = derivatives._sympy(case)
    assert derivatives._sympy_value(case, outcome) is not None
    translated, expression, gradient = outcome
    with pytest.raises(derivatives.Mistranslated):
        derivatives._sympy_value(case, (translated, 2 * expression, gradient))
