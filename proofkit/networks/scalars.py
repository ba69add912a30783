"""Exact real numbers: rationals as ``Fraction``, every other constant as a SymPy expression.

Algebraic constants are kept in a canonical form, so comparing them always ends. Others, such
as log(2) or exp(-2), are compared in balls of rising precision and, when the balls keep
touching 0, by rewriting; where both fail the answer is ``Undecidable``, never a guess.
"""

import numbers
from fractions import Fraction
from functools import lru_cache
from typing import Any, TypeAlias

import sympy

from proofkit.networks.balls import ball
from proofkit.networks.fields import read_algebraic

Number: TypeAlias = Fraction | int | float | sympy.Expr
"""What a user may write for a matrix entry; a float is the rational number it stores."""

ExactNumber: TypeAlias = Fraction | sympy.Expr
"""What exact arithmetic gives back: a ``Fraction`` whenever the number is known rational."""

# Enough that two constants which differ are told apart in practice (1200 decimal digits),
# little enough that giving up takes milliseconds.
MAX_BITS = 4096
# Rewriting is tried only on expressions small enough to expand at once.
MAX_OPERATIONS = 2000


class Undecidable(ArithmeticError):
    """An answer hangs on whether a constant is 0, and neither balls nor rewriting tell."""


def exact(number: Number) -> ExactNumber:
    """The number in the form exact arithmetic uses: a ``Fraction``, else a SymPy constant.

    A float becomes the rational number that its bits say. Algebraic constants come out in a
    canonical form, so one that is rational becomes a ``Fraction``.

    Raises ``ValueError`` for infinities, NaN, symbols and constants that are not real;
    ``TypeError`` for anything that is no number.

    >>> exact(0.5), exact((1 + sympy.sqrt(5)) * (1 - sympy.sqrt(5)))
    (Fraction(1, 2), Fraction(-4, 1))
    """
    if isinstance(number, Fraction):
        return number
    if isinstance(number, sympy.Basic):
        if number.is_Rational:
            return Fraction(int(number.p), int(number.q))
        return _canonical(number)
    if isinstance(number, float):
        if number - number != 0:
            raise ValueError(f"{number} is not a finite number")
        return Fraction(number)
    if isinstance(number, numbers.Rational):
        # NumPy's integers would stay what they are, and overflow.
        return Fraction(int(number.numerator), int(number.denominator))
    raise TypeError(f"{number!r} is not a number")


@lru_cache(maxsize=65536)
def _canonical(constant: Any) -> Any:
    if constant.is_Float:
        return Fraction(*(int(part) for part in constant.as_integer_ratio()))
    if not isinstance(constant, sympy.Expr):
        raise TypeError(f"{constant} is not a number")
    if constant.free_symbols:
        raise ValueError(f"{constant} contains symbols; a number is needed")
    # Also refuses what is not real.
    ball(constant, 64)
    algebraic = read_algebraic((constant,))
    if algebraic is None:
        return constant
    field, (coordinates,) = algebraic
    return field.number(coordinates)


def sign(number: Number) -> int:
    """−1, 0 or 1, certified.

    Raises ``Undecidable`` when the number is a constant such as log(2)·log(3) − … that no
    precision up to ``MAX_BITS`` tells from 0 and that does not rewrite to 0.

    >>> sign(sympy.log(2) - Fraction(7, 10)), sign(sympy.exp(2) * sympy.exp(-2) - 1)
    (-1, 0)
    """
    x = exact(number)
    if isinstance(x, Fraction):
        return (x > 0) - (x < 0)
    return _sign_of_constant(x)


@lru_cache(maxsize=65536)
def _sign_of_constant(x: Any) -> int:
    bits, rewritten = 64, False
    while bits <= MAX_BITS:
        enclosure = ball(x, bits)
        if enclosure > 0:
            return 1
        if enclosure < 0:
            return -1
        if bits >= 256 and not rewritten:
            rewritten = True
            if _rewrites_to_zero(x):
                return 0
        bits *= 2
    raise Undecidable(
        f"cannot tell whether {x} is 0: balls of {MAX_BITS} bits still contain 0 "
        "and no rewriting gives 0"
    )


def _rewrites_to_zero(x: Any) -> bool:
    if x.count_ops() > MAX_OPERATIONS:
        return False
    logarithms_split = sympy.expand_log(x, factor=True)
    # Bringing everything over one denominator is slow, and seldom needed.
    if sympy.expand(logarithms_split) == 0:
        return True
    numerator, _ = sympy.fraction(sympy.together(logarithms_split))
    return bool(sympy.expand(numerator) == 0)


def is_zero(number: Number) -> bool:
    """Whether the number is exactly 0; raises ``Undecidable`` like :func:`sign`.

    >>> is_zero(sympy.log(8) - 3 * sympy.log(2))
    True
    """
    return sign(number) == 0


def enclose(number: Number, bits: int) -> Any:
    """A ball (``flint.arb``) around the number at ``bits`` bits of working precision.

    >>> bool(abs(enclose(Fraction(1, 3), 64) - 0.333) < 0.001)
    True
    """
    return ball(sympy.sympify(exact(number)), bits)
