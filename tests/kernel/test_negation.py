"""Negation in the core language: ¬¬p is p, as the rule `reductio` says."""

from __future__ import annotations

from proofkit import kernel
from proofkit.claims import Equal, Less, LessEqual, NonZero, Not, encode
from proofkit.kernel.claims import negation
from proofkit.symbols import MatrixVariable, index, natural, real

i, j, x, y = index("i"), index("j"), real("x"), real("y")
X = MatrixVariable("X", natural("p"), natural("q"))


def test_a_double_negation_is_the_claim() -> None:
    zero = encode(Equal(X, 0))
    assert negation(negation(zero)) == zero
    assert encode(Not(NonZero(X))) == zero


def test_reductio_proves_the_claim_from_its_negation() -> None:
    zero = encode(Equal(X, 0))
    nonzero = encode(NonZero(X))
    false = kernel.contradiction(kernel.assume(zero), kernel.assume(nonzero))
    proved = kernel.reductio(nonzero, false)
    assert proved.conclusion == zero
    assert proved.hypotheses == (zero,)


def test_the_orders_are_total() -> None:
    # ¬(i ≤ j) is j < i, which is j + 1 ≤ i;  ¬(x ≤ y) is y < x
    assert encode(Not(LessEqual(i, j))) == encode(Less(j, i)) == encode(LessEqual(j + 1, i))
    assert encode(Not(LessEqual(x, y))) == encode(Less(y, x))
    for claim in (LessEqual(i, j), LessEqual(x, y), Less(x, y)):
        assert negation(negation(encode(claim))) == encode(claim)


def test_an_equation_is_the_same_from_both_sides() -> None:
    for claim, turned in (
        (Equal(x, y), Equal(y, x)),
        (Equal(i, j), Equal(j, i)),
        (Equal(X, 0), Equal(-X, 0)),
        (Equal(x - y, 0), Equal(y, x)),
    ):
        assert encode(claim) == encode(turned)
    assert encode(LessEqual(x, y)) != encode(LessEqual(y, x))
