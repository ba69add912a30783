"""Numbers as the reader wants them: a true minus sign, √5 rather than sqrt(5)."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any, Final

from proofkit.symbols import MatrixTerm

__all__ = ["figure", "is_matrix"]

_FRACTION: Final = re.compile(r"(-?)(\d+)/(\d+)")
_MANY: Final = 1 << 12
"""A power of two beyond this is written as a power."""
_NEAR: Final = 100
_RAISED: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_ROOT: Final = re.compile(r"sqrt\((\d+)\)")


def figure(number: str) -> str:
    """A number as printed.

    >>> figure('-3/5'), figure('2*sqrt(5)'), figure('1.5e-7'), figure('-3/1099511627776')
    ('−3/5', '2√5', '1.5e−7', '−3·2⁻⁴⁰')

    What is close to an integer shows how close:

    >>> figure('2097151/2097152'), figure('-2097153/2097152')
    ('1−2⁻²¹', '−1−2⁻²¹')
    """
    binary = _FRACTION.fullmatch(number)
    if binary is not None and (below := int(binary[3])) > _MANY and not below & (below - 1):
        power = str(below.bit_length() - 1).translate(_RAISED)
        whole = round(Fraction(number))
        rest = Fraction(number) - whole
        if whole and abs(rest.numerator) < _NEAR:
            sign = "−" if rest < 0 else "+"
            times = "" if abs(rest.numerator) == 1 else f"{abs(rest.numerator)}·"
            power = str(rest.denominator.bit_length() - 1).translate(_RAISED)
            return f"{str(whole).replace('-', '−')}{sign}{times}2⁻{power}"
        times = "" if binary[2] == "1" else f"{binary[2]}·"
        return f"{binary[1].replace('-', '−')}{times}2⁻{power}"
    tidy = _ROOT.sub(r"√\1", number).replace("-", "−")
    return tidy.replace("*√", "√").replace("*", "·")


def is_matrix(term: Any, rows: tuple[tuple[str, ...], ...]) -> bool:
    """Whether a value is shown between brackets: a lone number is not, unless it is a matrix."""
    return isinstance(term, MatrixTerm) or len(rows) != 1 or len(rows[0]) != 1
