"""A real constant is enclosed in a ball: a midpoint and a radius that certainly contain it.

The enclosures are those of Arb (F. Johansson, "Arb: efficient arbitrary-precision
midpoint-radius interval arithmetic", IEEE Trans. Computers 66(8), 2017), reached through
python-flint.
"""

from collections.abc import Callable
from typing import Any

import flint
import sympy

_FUNCTIONS: dict[Any, Callable[[Any], Any]] = {
    sympy.exp: lambda x: x.exp(),
    sympy.log: lambda x: x.log(),
    sympy.tanh: lambda x: x.tanh(),
    sympy.sin: lambda x: x.sin(),
    sympy.cos: lambda x: x.cos(),
    sympy.Abs: abs,
}


def rational_ball(numerator: int, denominator: int) -> Any:
    """The ball of a rational number at the current precision."""
    return flint.arb(flint.fmpq(numerator, denominator))


def ball(constant: Any, bits: int) -> Any:
    """A ``flint.arb`` that certainly contains the real SymPy ``constant``.

    ``bits`` is the working precision. A ball that is not finite says that this precision was
    too low, for example for the logarithm of a number not yet told apart from 0.

    Raises ``ValueError`` when the constant is not real, or is built from something other than
    rationals, π, the field operations, powers and exp, log, sqrt, tanh, sin, cos, Abs.

    >>> import sympy
    >>> ball(sympy.sqrt(2), 64) ** 2 > 1.99
    True
    """
    with flint.ctx.workprec(bits):
        return _enclose(constant, {})


def _enclose(x: Any, known: dict[Any, Any]) -> Any:
    # Expressions share subexpressions; without the table the walk would be exponential.
    if x not in known:
        known[x] = _enclose_new(x, known)
    return known[x]


def _enclose_new(x: Any, known: dict[Any, Any]) -> Any:
    if x.is_Rational:
        return rational_ball(int(x.p), int(x.q))
    if x is sympy.pi:
        return flint.arb.pi()
    if x is sympy.E:
        return flint.arb(1).exp()
    if x.is_Add:
        total = flint.arb(0)
        for term in x.args:
            total += _enclose(term, known)
        return total
    if x.is_Mul:
        product = flint.arb(1)
        for factor in x.args:
            product *= _enclose(factor, known)
        return product
    if isinstance(x, sympy.Pow):
        return _power(x, known)
    if x.func in _FUNCTIONS and len(x.args) == 1:
        argument = _enclose(x.args[0], known)
        if x.func is sympy.log and argument < 0:
            raise ValueError(f"{x} is not a real number")
        return _FUNCTIONS[x.func](argument)
    raise ValueError(f"{x} is not a real constant this program can enclose")


def _power(x: Any, known: dict[Any, Any]) -> Any:
    base, exponent = _enclose(x.base, known), x.exp
    if exponent.is_Integer:
        return base ** int(exponent)
    if base < 0:
        raise ValueError(f"{x} is not a real number")
    if exponent == sympy.Rational(1, 2):
        return base.sqrt()
    return (_enclose(exponent, known) * base.log()).exp()
