"""Read and write the numbers of a network file: exact constants and floats.

A JSON integer or a text is exact, a JSON float is a float. Writing is the inverse of reading.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Final

from sympy.printing.str import StrPrinter

from proofkit.networks.constants import bounded, parse_constant
from proofkit.networks.scalars import ExactNumber
from proofkit.networks.tokens import NotationError, shown

# JSON readers that hold every number as a double keep integers exact up to here.
_EXACT_IN_JSON: Final = 2**53
_EXPECTED: Final = 'an integer, a finite float, or a text such as "3/5" or "sqrt(5)/8"'


def parse_number(value: object) -> ExactNumber | float:
    """The number that a value of a JSON file stands for.

    Args:
        value: an ``int``, a finite ``float``, or a text that writes an exact constant: ``"3/5"``,
            ``"0.25"`` (exactly 1/4), ``"sqrt(5)/8"``, ``"2*log(2)"``.

    Returns:
        A ``Fraction`` for a rational, a SymPy constant for an irrational, a ``float`` for a float.

    Raises:
        NotationError: the value is of another type (``bool`` included), not finite, not a real
            constant, or exceeds a limit.

    >>> parse_number("0.25"), parse_number(2), parse_number(0.5), parse_number("-3*sqrt(5)/4")
    (Fraction(1, 4), Fraction(2, 1), 0.5, -3*sqrt(5)/4)
    """
    if isinstance(value, str):
        return parse_constant(value)
    if isinstance(value, bool):
        raise NotationError(
            "true and false are not numbers", expected=_EXPECTED, found=str(value).lower()
        )
    if isinstance(value, float):
        return _finite(value)
    if isinstance(value, int):
        return bounded(Fraction(value))
    raise NotationError("this is not a number", expected=_EXPECTED, found=_kind(value))


def format_number(value: ExactNumber | int | float) -> int | float | str:
    """The JSON value that ``parse_number`` reads back as the same number.

    Returns:
        An ``int`` for a whole number that every JSON reader keeps exact, a ``float`` for a float,
        a text for the others.

    Raises:
        NotationError: a float that is not finite, or a constant too large to be read back.

    >>> format_number(Fraction(3)), format_number(Fraction(3, 5)), format_number(0.5)
    (3, '3/5', 0.5)
    >>> format_number(parse_number("sqrt(5)/8"))
    'sqrt(5)/8'
    """
    if isinstance(value, float):
        return _finite(value)
    if isinstance(value, int | Fraction):
        exact = bounded(Fraction(value))
        if exact.denominator == 1 and abs(exact.numerator) <= _EXACT_IN_JSON:
            return exact.numerator
        return str(exact)
    return str(_Printer().doprint(value))


class _Printer(StrPrinter):  # type: ignore[misc]
    """SymPy's own text form, without the names that the notation lacks."""

    def _print_Exp1(self, expression: object) -> str:
        return "exp(1)"


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise NotationError("the number is not finite", expected=_EXPECTED, found=str(value))
    return value


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", type(None): "null"}
    return names.get(type(value), shown(type(value).__name__))
