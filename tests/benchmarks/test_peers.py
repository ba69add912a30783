"""Peers that are absent, or are not what they seem, are left out with a word."""

from pathlib import Path

import pytest

from tests.benchmarks import identity
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
