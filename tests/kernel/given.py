"""What the tests of the rules share: claims taken as hypotheses, and refusals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from proofkit import kernel
from proofkit.claims import encode
from proofkit.kernel import KernelError, Theorem

BOTH = "both what was expected and what was found"


def given(claim: Any) -> Theorem:
    """p ⊢ p."""
    return kernel.assume(encode(claim))


def proves(theorem: Theorem, *sequent: Any) -> None:
    """The theorem is hypotheses ⊢ conclusion, the conclusion given last."""
    *hypotheses, conclusion = map(encode, sequent)
    assert theorem.hypotheses == tuple(hypotheses)
    assert theorem.conclusion == conclusion


@contextmanager
def refuses(rule: str, *parts: str) -> Iterator[None]:
    """A `KernelError` of the rule that says the parts in order, and holds both sides if asked."""
    words = [re.escape(part) for part in parts if part != BOTH]
    with pytest.raises(KernelError, match="^" + ".*".join([re.escape(rule) + ": ", *words])) as no:
        yield
    assert no.value.rule == rule
    if BOTH in parts:
        assert no.value.expected is not None
        assert no.value.found is not None
        assert no.value.expected != no.value.found
