"""The ledger of textbook facts: what it holds, that each has its trial, and that it is closed."""

from __future__ import annotations

import operator
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from proofkit import kernel
from proofkit.basics.tables import dumps
from proofkit.claims import (
    encode,
)
from proofkit.kernel import LEDGER, KernelError, textbook
from proofkit.kernel.ledger import Entry
from proofkit.textbook import FACTS
from proofkit.textbook.ledger import document

from . import test_facts_of_calculus as calculus
from . import test_facts_of_entries as entries
from . import test_facts_of_functions as functions
from . import test_facts_of_matrices as matrices
from .model import split

PAGES = (calculus, entries, functions, matrices)
GENERATORS = {name: generator for page in PAGES for name, generator in page.GENERATORS.items()}
BROKEN = {name: instances for page in PAGES for name, instances in page.BROKEN.items()}


def test_every_fact_has_its_tests() -> None:
    for name, fact in FACTS.items():
        premises, _ = split(textbook(name).conclusion, len(fact.variables))
        assert name in GENERATORS, f"{name} has no generator"
        assert len(BROKEN.get(name, ())) == len(premises), f"{name} needs one case for each premise"


def test_every_fact_names_its_source_and_says_what_it_says() -> None:
    for fact in FACTS.values():
        assert fact.summary.endswith("."), fact.name
        assert any(c.isdigit() for c in fact.source), fact.name


def test_the_kernel_knows_what_the_pages_say_and_nothing_else() -> None:
    assert set(LEDGER) == set(FACTS)
    for name, fact in FACTS.items():
        assert LEDGER[name] == Entry(name, fact.source, encode(fact.claim()))


def test_the_kernel_s_file_is_what_the_pages_write() -> None:
    written = Path(kernel.__file__).with_name("ledger.json").read_bytes()
    assert written == dumps(document()).encode("utf-8")
    told = subprocess.run(
        [sys.executable, "-m", "proofkit.textbook"], capture_output=True, check=True
    )
    assert written == told.stdout.replace(b"\r\n", b"\n")


class Liar(str):
    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return hash("fermat")


def test_the_ledger_is_closed() -> None:
    false = Entry("anything", "", ("false",))
    ways: list[Any] = [
        lambda: operator.setitem(LEDGER, "anything", false),  # type: ignore[call-overload]
        lambda: LEDGER.__init__([false]),  # type: ignore[misc]
        lambda: LEDGER.__setattr__("_Ledger__facts", (false,)),
        lambda: setattr(LEDGER, "__getitem__", lambda name: false),
        lambda: setattr(LEDGER["fermat"], "claim", ("false",)),
        lambda: operator.setitem(LEDGER["fermat"], 2, ("false",)),  # type: ignore[call-overload]
        lambda: operator.setitem(LEDGER["fermat"].claim, 0, "false"),  # type: ignore[call-overload]
        lambda: setattr(LEDGER, "anything", false),
    ]
    before = {name: LEDGER[name] for name in LEDGER}
    for way in ways:
        with pytest.raises((TypeError, AttributeError)):
            way()
    assert {name: LEDGER[name] for name in LEDGER} == before
    for name in ("anything", "square norm of anything", Liar("fermat"), None, ("fermat",)):
        with pytest.raises(KernelError, match="no fact is called"):
            textbook(name)  # type: ignore[arg-type]
