"""A real number field Q(θ) is arithmetic of rational matrices.

Multiplication by a = a₀ + a₁θ + … on Q(θ) ≅ Q^D is a rational D×D matrix ρ(a), the regular
representation (S. Lang, *Algebra*, 3rd ed., VI §5). Replacing every entry of a matrix by its
block ρ(a) turns exact linear algebra over Q(θ) into exact linear algebra over Q, which
python-flint does fast. A rational matrix is the case D = 1.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any

import flint
import sympy
from sympy.polys.constructor import construct_domain

# The regular representation multiplies every side of a matrix by the degree and a primitive
# element of a large field takes minutes to find; beyond this size balls are the better way.
MAX_DEGREE = 16


@dataclass(frozen=True)
class Field:
    """Q(θ) with θ real, given by ``generator`` and the coefficients of its minimal polynomial.

    ``modulus`` lists c₀ … c_{D−1} of θ^D + c_{D−1}θ^{D−1} + … + c₀. Elements are lists of D
    ``fmpq`` coordinates in the basis 1, θ, …, θ^{D−1}.

    >>> import sympy
    >>> field, (element,) = read_algebraic((sympy.sqrt(5) / 8,))
    >>> field.degree, field.number(element)
    (2, sqrt(5)/8)
    """

    generator: Any
    modulus: tuple[Any, ...] = field(compare=False)
    powers: tuple[Any, ...] = field(compare=False, repr=False)

    @property
    def degree(self) -> int:
        """The dimension D of the field over Q."""
        return len(self.modulus)

    def block(self, coordinates: list[Any]) -> Any:
        """ρ(a) for the element with these coordinates, a D×D ``fmpq_mat``."""
        if self.degree == 1:
            return flint.fmpq_mat(1, 1, coordinates)
        total = flint.fmpq_mat(self.degree, self.degree)
        for coordinate, power in zip(coordinates, self.powers, strict=True):
            if coordinate != 0:
                total += power * coordinate
        return total

    def number(self, coordinates: list[Any]) -> Any:
        """The element as a ``Fraction`` when it is rational, else as a SymPy constant."""
        if all(c == 0 for c in coordinates[1:]):
            return Fraction(int(coordinates[0].p), int(coordinates[0].q))
        return sympy.expand(
            sum(
                sympy.Rational(int(c.p), int(c.q)) * self.generator**k
                for k, c in enumerate(coordinates)
            )
        )


@lru_cache(maxsize=1024)
def _field(generator: Any, modulus: tuple[Any, ...]) -> Field:
    degree = len(modulus)
    companion = flint.fmpq_mat(degree, degree)
    for k in range(degree):
        companion[k, degree - 1] = -modulus[k]
        if k:
            companion[k, k - 1] = 1
    power = flint.fmpq_mat(degree, degree)
    for k in range(degree):
        power[k, k] = 1
    powers = []
    for _ in range(degree):
        powers.append(power)
        power = power * companion
    return Field(generator, modulus, tuple(powers))


RATIONALS = _field(sympy.Integer(0), (flint.fmpq(0),))


@lru_cache(maxsize=4096)
def read_algebraic(constants: tuple[Any, ...]) -> tuple[Field, tuple[list[Any], ...]] | None:
    """One field that contains all the SymPy ``constants``, and their coordinates in it.

    ``None`` when some constant is not built from rationals by field operations and radicals,
    or when the field could have a degree above ``MAX_DEGREE``.

    >>> import sympy
    >>> read_algebraic((sympy.log(2),)) is None
    True
    >>> field, _ = read_algebraic((sympy.sqrt(2), sympy.sqrt(3)))
    >>> field.degree
    4
    """
    radicals: set[Any] = set()
    for constant in constants:
        if not _collect_radicals(constant, radicals):
            return None
    bound = 1
    for radical in radicals:
        bound *= int(radical.exp.q)
    if bound > MAX_DEGREE:
        return None
    domain, elements = construct_domain(list(constants), extension=True)
    if not domain.is_AlgebraicField:
        return RATIONALS, tuple([_rational(e)] for e in elements)
    leading, *rest = (_rational(c) for c in domain.mod.to_list())
    modulus = tuple(c / leading for c in reversed(rest))
    shared = _field(domain.ext.as_expr(), modulus)
    coordinates = []
    for element in elements:
        low_first = [_rational(c) for c in reversed(element.to_list())]
        low_first += [flint.fmpq(0)] * (shared.degree - len(low_first))
        coordinates.append(low_first)
    return shared, tuple(coordinates)


def _collect_radicals(x: Any, radicals: set[Any]) -> bool:
    if x.is_Rational:
        return True
    if x.is_Pow and x.exp.is_Rational:
        if not x.exp.is_Integer:
            radicals.add(x)
        return _collect_radicals(x.base, radicals)
    if x.is_Add or x.is_Mul:
        return all(_collect_radicals(part, radicals) for part in x.args)
    return False


def _rational(x: Any) -> Any:
    return flint.fmpq(int(x.numerator), int(x.denominator))
