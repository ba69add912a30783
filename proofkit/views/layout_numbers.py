"""How numbers are laid out: sums, products, powers, roots and fractions.

1/x is the word `reciprocal`.  A product with one such factor is a fraction, a/x; one with two is
a product of fractions, a/x · 1/y, since 1/(xy) is another term.  1/2 is a rational number, and 2⁻¹
the reciprocal of 2.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Add, Expr, Mul, Pow, Rational, S

from proofkit.symbols import MatrixTrace, Word
from proofkit.views.boxes import Box, Fence, Level, Name, Number, Op, Over, Root, Row, row
from proofkit.views.layout import Layout, lays, number_box
from proofkit.views.layout_parts import (
    MINUS,
    before,
    fraction,
    juxtaposed,
    signed_sum,
    superscripted,
)

__all__ = ["is_negative", "reciprocal_of", "root_of"]

_RAISED = ("sin", "cos", "tanh")
"""Functions of which sin² x is a power."""


@lays(Rational)
def _rational(layout: Layout, x: Any) -> Box:
    return number_box(Fraction(int(x.p), int(x.q)))


@lays(Add)
def _add(layout: Layout, x: Any) -> Box:
    """A sum of scalars, what is added before what is subtracted and numbers last: k − i + 1."""
    terms = x.as_ordered_terms()
    terms.sort(key=lambda term: (bool(term.is_number), bool(is_negative(term))))
    if is_negative(terms[0]):
        terms.sort(key=lambda term: bool(is_negative(term)))
    return signed_sum(
        [(neg, layout(-term if neg else term)) for term in terms for neg in [is_negative(term)]]
    )


def is_negative(term: Any) -> bool:
    """Whether a minus can be written before the term."""
    coefficient, _ = term.as_coeff_Mul()
    return bool(coefficient.is_number and coefficient < 0)


@lays(Mul)
def _mul(layout: Layout, x: Any) -> Box:
    coefficient, rest = x.as_coeff_Mul()
    if coefficient < 0:
        return signed_sum([(True, layout(-x))])
    factors = rest.as_ordered_factors()
    below = [_below(layout, factor) for factor in factors]
    above = [layout(f) for f, under in zip(factors, below, strict=True) if under is None]
    under = [box for box in below if box is not None]
    number = [] if coefficient == 1 else [layout(coefficient)]
    if not under:
        return juxtaposed([*number, *above])
    if coefficient.is_Integer:
        number, above = [], [*number, *above]
    return juxtaposed([*number, fraction(above, under[0]), *(fraction((), u) for u in under[1:])])


def _below(layout: Layout, factor: Any) -> Box | None:
    """What a factor divides by, if it is the reciprocal of something."""
    if factor in layout.names:
        return None
    if isinstance(factor, Pow) and factor.exp == -1:
        return layout(factor.base)
    if isinstance(factor, Pow) and factor.exp == -S.Half:
        return root_of(layout, factor.base)
    argument = _of_word(factor, "reciprocal")
    return None if argument is None or argument.is_Rational else layout(argument)


def _of_word(x: Any, name: str) -> Any:
    """The argument of the word, if the number is its value."""
    return x.arguments[0] if isinstance(x, Word) and str(x.args[0]) == name else None


@lays(Pow)
def _pow(layout: Layout, x: Any) -> Box:
    base, power = x.args
    below = _below(layout, x)
    if below is not None:
        return Over(Number("1"), below)
    if power == S.Half:
        return root_of(layout, base)
    if base not in layout.names and isinstance(base, Word) and power.is_Integer:
        argument = _of_word(base, "reciprocal")
        if argument is not None:  # x⁻² is (1/x)², and 1/x² the reciprocal of x²
            return superscripted(layout(argument), _power(layout, -power))
        if str(base.args[0]) in _RAISED and power > 1:
            name = superscripted(Name(str(base.args[0]), upright=True), layout(power))
            return before(name, layout(base.arguments[0]), Level.ATOM)
    return superscripted(layout(base), _power(layout, power))


def _power(layout: Layout, power: Any) -> Box:
    """An exponent, a fraction in one line."""
    if not power.is_Rational or power.is_Integer:
        return layout(power)
    sign = [MINUS] if power < 0 else []
    numbers = Number(str(abs(power.p))), Op("/", "dots"), Number(str(power.q))
    return Row((*sign, *numbers), Level.SUM)


def reciprocal_of(layout: Layout, argument: Expr) -> Box:
    """1/x, but 2⁻¹ for a number that is written out: 1/2 is a rational number."""
    if argument.is_Rational:
        return superscripted(layout(argument), row(Level.SUM, MINUS, Number("1")))
    return Over(Number("1"), layout(argument))


def root_of(layout: Layout, argument: Any) -> Box:
    """√x, and ‖X‖ for √⟨X, X⟩."""
    box = layout(argument)
    if argument not in layout.names and isinstance(argument, MatrixTrace) and _is_norm_squared(box):
        # Not an atom: (‖X‖)² is a power of the root, and ‖X‖² is ⟨X, X⟩.
        return row(Level.SCRIPT, box.base)  # type: ignore[union-attr]
    return Root(box)


def _is_norm_squared(box: Box) -> bool:
    base = getattr(box, "base", None)
    return isinstance(base, Fence) and base.opening == "‖"
