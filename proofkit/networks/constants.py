"""Compute an exact real constant from its text, one bounded operation at a time.

SymPy does the exact arithmetic but never sees a string. Before each operation the size of its
result is bounded, and where the result is real only under a condition (a divisor is not zero, the
argument of a logarithm is positive) the condition is certified in balls, or refused.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from math import isqrt, prod
from typing import Any, Final

import sympy

from proofkit.networks.fields import MAX_DEGREE
from proofkit.networks.grammar import parse
from proofkit.networks.scalars import ExactNumber, Undecidable, exact, sign
from proofkit.networks.tokens import MAX_BITS, NotationError

MAX_OPERATIONS: Final = 200
"""The most operations on irrational constants in one text; SymPy's cost grows with them."""

MAX_IRRATIONAL_BITS: Final = 2_048
"""As MAX_BITS, where a root, a logarithm or an exponential is involved."""

MAX_FIELD_WORK: Final = 64
"""The most that sums times the degree of their roots may come to: see ``_field_work``."""

MAX_EXP_ARGUMENT: Final = 5_000
"""The largest argument of ``exp``, in absolute value."""

FUNCTIONS: Final = {"exp": "exp", "log": "log", "sqrt": "sqrt"}


def parse_constant(text: str) -> ExactNumber:
    """The exact real number that the text writes.

    Args:
        text: rationals and decimals, joined by ``+ - * /``, ``**`` with a rational exponent,
            ``sqrt``, ``log``, ``exp`` and parentheses.

    Returns:
        A ``Fraction`` whenever the number is known to be rational, else a SymPy constant.

    Raises:
        NotationError: the text does not follow the notation, exceeds a limit, or is not certainly
            a real number.

    >>> parse_constant("sqrt(3+2*sqrt(2)) - sqrt(2)"), parse_constant("log(8)/3")
    (Fraction(1, 1), log(8)/3)
    """
    return exact(parse(text, _Constants(), functions=FUNCTIONS, entries=False))


def bounded(value: Fraction, column: int | None = None) -> Fraction:
    """The value itself, unless its numerator or denominator exceeds ``MAX_BITS`` bits.

    Raises:
        NotationError: the value is too large.

    >>> bounded(Fraction(3, 5))
    Fraction(3, 5)
    """
    if _bits(value) > MAX_BITS:
        raise _too_large(column)
    return value


class _Constants:
    """Builds the number of each node; the builder of the constants' grammar."""

    def __init__(self) -> None:
        self.operations = 0

    def constant(self, value: Fraction, at: int) -> ExactNumber:
        return bounded(value, at)

    def entry(self, row: int, column: int, at: int) -> ExactNumber:
        raise NotationError("a number has no entries", expected="a constant", column=at)

    def apply(self, op: str, args: tuple[ExactNumber, ...], at: int) -> ExactNumber:
        if op in _ARITHMETIC:
            return reduce(lambda left, right: self.arithmetic(op, left, right, at), args)
        (argument,) = args
        if op == "neg":
            return self.arithmetic("-", Fraction(0), argument, at)
        return self.function(op, argument, at)

    def arithmetic(self, op: str, left: ExactNumber, right: ExactNumber, at: int) -> ExactNumber:
        if op == "/" and _certain_sign(right, at) == 0:
            raise NotationError("this divides by zero", column=at)
        if isinstance(left, Fraction) and isinstance(right, Fraction):
            return bounded(_ARITHMETIC[op](left, right), at)
        result = _ARITHMETIC[op](sympy.sympify(left), sympy.sympify(right))
        return self.irrational(_without_root_below(result) if op == "/" else result, at)

    def function(self, op: str, argument: ExactNumber, at: int) -> ExactNumber:
        if op == "sqrt":
            return self.power(argument, Fraction(1, 2), at)
        _refuse_large(argument, at)
        if op == "log":
            if _certain_sign(argument, at) <= 0:
                raise NotationError("a logarithm needs a positive argument", column=at)
            return self.irrational(sympy.log(sympy.sympify(argument)), at)
        for beyond in (argument - MAX_EXP_ARGUMENT, -argument - MAX_EXP_ARGUMENT):
            if _certain_sign(beyond, at) > 0:
                raise NotationError(
                    "the argument of exp is too large",
                    expected=f"at most {MAX_EXP_ARGUMENT:,} in absolute value",
                    column=at,
                )
        return self.irrational(sympy.exp(sympy.sympify(argument)), at)

    def power(self, base: ExactNumber, exponent: Fraction, at: int) -> ExactNumber:
        base_sign = _certain_sign(base, at)
        if base_sign == 0 and exponent < 0:
            raise NotationError("this divides by zero", column=at)
        if exponent.denominator > 1 and base_sign < 0:
            raise NotationError("a root of a negative number is not real", column=at)
        if isinstance(base, Fraction):
            if _bits(base) * abs(exponent) > MAX_BITS:
                raise _too_large(at)
            if exponent.denominator == 1:
                return bounded(base**exponent.numerator, at)
            if exponent.denominator == 2 and (root := _rational_root(base)) is not None:
                return bounded(root**exponent.numerator, at)
        if _bits(base) * abs(exponent) > MAX_IRRATIONAL_BITS:
            raise _too_large(at)
        result = sympy.Pow(sympy.sympify(base), sympy.sympify(exponent))
        return self.irrational(_without_root_below(result) if exponent < 0 else result, at)

    def irrational(self, value: Any, at: int) -> ExactNumber:
        """The value, as a ``Fraction`` if SymPy sees that it is one, its size checked."""
        self.operations += 1
        if self.operations > MAX_OPERATIONS:
            raise NotationError(
                "the constant is too long",
                expected=f"at most {MAX_OPERATIONS} operations on irrational constants",
                column=at,
            )
        _refuse_large(value, at)
        if _field_work(value) > MAX_FIELD_WORK:
            raise NotationError(
                "the constant is too involved",
                expected="fewer sums with roots in them, to lower powers",
                column=at,
            )
        return Fraction(int(value.p), int(value.q)) if value.is_Rational else value


_ARITHMETIC: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


def _without_root_below(value: Any) -> Any:
    """The value with no square root in a denominator, where it would have several forms.

    Other roots are left alone: clearing a denominator of them can take minutes.
    """
    radicals = [power for power in value.atoms(sympy.Pow) if not power.exp.is_Integer]
    if all(power.exp.is_Rational and power.exp.q == 2 for power in radicals):
        return sympy.radsimp(value)
    return value


def _certain_sign(value: ExactNumber, at: int) -> int:
    try:
        return sign(value)
    except Undecidable as error:
        raise NotationError(
            "this constant cannot be told from zero", expected="a simpler constant", column=at
        ) from error


def _rational_root(value: Fraction) -> Fraction | None:
    root = Fraction(isqrt(value.numerator), isqrt(value.denominator))
    return root if root * root == value else None


def _bits(value: Any) -> int:
    """A bound on the bits that the constant's integers have once it is expanded."""
    if isinstance(value, Fraction):
        return max(value.numerator.bit_length(), value.denominator.bit_length())
    if value.is_Rational:
        return max(int(value.p).bit_length(), int(value.q).bit_length())
    if value.is_Pow and value.exp.is_Rational:
        return _bits(value.base) * max(abs(int(value.exp.p)) // int(value.exp.q), 1)
    return sum((_bits(arg) for arg in value.args), start=1)


def _field_work(value: Any) -> int:
    """The number of sums, counted as often as powers repeat them, times the degree of the roots.

    To see whether a constant is rational, it is computed in the field that its roots span; the
    time for that grows steeply with both.
    """
    roots = {power for power in value.atoms(sympy.Pow) if not power.exp.is_Integer}
    degree = prod(int(root.exp.q) for root in roots if root.exp.is_Rational)
    return degree * _sums(value) if degree <= MAX_DEGREE else 0


def _sums(value: Any) -> int:
    if value.is_Pow and value.exp.is_Integer:
        return abs(int(value.exp)) * _sums(value.base)
    return sum(map(_sums, value.args), start=int(value.is_Add))


def _refuse_large(value: ExactNumber, at: int) -> None:
    if _bits(value) > MAX_IRRATIONAL_BITS:
        raise _too_large(at)


def _too_large(column: int | None) -> NotationError:
    return NotationError(
        "the number is too large",
        expected=f"at most {MAX_BITS:,} bits ({MAX_IRRATIONAL_BITS:,} if not rational)",
        column=column,
    )
