"""Negation in the core language: ¬¬p is p, as the rules `reductio` and `excluded_middle` say."""

from __future__ import annotations

from proofkit import kernel
from proofkit.claims import Equal, NonZero, Not, encode
from proofkit.language import claims as c
from proofkit.symbols import MatrixVariable, natural

X = MatrixVariable("X", natural("p"), natural("q"))


def test_a_double_negation_is_the_claim() -> None:
    zero = encode(Equal(X, 0))
    assert c.negation(c.negation(zero)) == zero
    assert encode(Not(NonZero(X))) == zero


def test_reductio_proves_the_claim_from_its_negation() -> None:
    zero = encode(Equal(X, 0))
    nonzero = encode(NonZero(X))
    false = kernel.contradiction(kernel.assume(zero), kernel.assume(nonzero))
    proved = kernel.reductio(nonzero, false)
    assert proved.conclusion == zero
    assert proved.hypotheses == (zero,)


def test_excluded_middle_of_a_negation() -> None:
    nonzero = encode(NonZero(X))
    assert kernel.excluded_middle(nonzero).conclusion == ("or", (nonzero, encode(Equal(X, 0))))
