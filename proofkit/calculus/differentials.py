"""Differentials of matrix terms and gradients of real terms, with respect to one factor.

A term is expanded into words; replacing one occurrence of the factor by its change and adding up
gives the differential, and moving the change to the front of an inner product gives the gradient:
⟨G, U dX W⟩ = ⟨Uᵀ G Wᵀ, dX⟩.  Source: J. Magnus, H. Neudecker, Matrix Differential Calculus, 3rd
ed. 2019, §5.12 p. 103 and §9.7 p. 196.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sympy import Add, Expr, Integer, Mul

from proofkit.algebra.order import farkas
from proofkit.symbols import (
    Chain,
    Identity,
    MatrixTerm,
    MatrixTrace,
    MatrixVariable,
    Product,
    Scaled,
    Sum,
    Transposed,
    Value,
    Zero,
    encode_term,
)
from proofkit.symbols.faults import LanguageError, ShapeError

__all__ = [
    "SecondDifferential",
    "differential",
    "gradient",
    "second_differential",
    "second_differential_of",
]

Letter: TypeAlias = MatrixTerm
"""A variable, chain, gradient or the transpose of one."""

Word: TypeAlias = tuple[Expr, tuple[Letter, ...]]
"""A coefficient and the letters of a product; no letters stand for an identity."""


def _words(term: MatrixTerm) -> list[Word]:
    """The term as a sum of words."""
    if isinstance(term, Sum):
        return [word for part in term.args for word in _words(part)]
    if isinstance(term, Scaled):
        return [(term.args[0] * c, letters) for c, letters in _words(term.args[1])]
    if isinstance(term, Product):
        words: list[Word] = [(Integer(1), ())]
        for factor in term.args:
            words = [(a * b, u + v) for a, u in words for b, v in _words(factor)]
        return words
    if isinstance(term, Transposed):
        return [(c, tuple(x.T for x in reversed(u))) for c, u in _words(term.args[0])]
    if isinstance(term, Zero):
        return []
    if isinstance(term, Identity):
        return [(Integer(1), ())]
    return [(Integer(1), (term,))]


def _product(letters: Sequence[MatrixTerm], size: Expr) -> MatrixTerm:
    return Product(*letters) if letters else Identity(size)


def _sum(words: Sequence[tuple[Expr, MatrixTerm]], shape: tuple[Expr, Expr]) -> MatrixTerm:
    collected: dict[MatrixTerm, Expr] = {}
    for c, term in words:
        collected[term] = collected.get(term, Integer(0)) + c
    parts = [Scaled(c, term) for term, c in collected.items() if c != 0]
    return Sum(*parts) if parts else Zero(*shape)


class _Splitter:
    """Finds a factor in letters, splitting chains where its layer is known to lie inside."""

    def __init__(self, factor: MatrixTerm, nonnegative: Sequence[Expr]) -> None:
        single = isinstance(factor, MatrixVariable) or (
            isinstance(factor, Chain) and factor.layer is not None
        )
        if not single:
            raise LanguageError(f"one can differentiate in a variable or a layer, not in {factor}")
        self.factor = factor
        self._known = [(encode_term(e), False) for e in nonnegative]

    def _holds(self, e: Expr) -> bool:
        return farkas(encode_term(e), self._known) is not None

    def around(self, letter: Letter) -> tuple[tuple[Letter, ...], tuple[Letter, ...], bool] | None:
        """What stands before and after the factor in the letter, and whether it is transposed."""
        if isinstance(letter, Transposed):
            found = self.around(letter.args[0])
            if found is None:
                return None
            before, after, turned = found
            return tuple(x.T for x in after), tuple(x.T for x in before), not turned
        if letter == self.factor:
            return (), (), False
        if not isinstance(letter, Chain) or not isinstance(self.factor, Chain):
            return None
        family, hi, lo = letter.args
        at = self.factor.args[1]
        if family != self.factor.args[0] or self._holds(lo - at - 1) or self._holds(at - hi - 1):
            return None
        if not (self._holds(hi - at) and self._holds(at - lo)):
            raise LanguageError(
                f"is layer {at} inside {letter}? say so with index terms that are not negative, "
                f"such as {hi - at} and {at - lo}"
            )
        upper = () if hi == at else (family[hi : at + 1],)
        lower = () if lo == at else (family[at - 1 : lo],)
        return upper, lower, False


def _occurrences(
    word: tuple[Letter, ...], splitter: _Splitter
) -> list[tuple[tuple[Letter, ...], tuple[Letter, ...], bool]]:
    """All ways to write the word as left·factor·right."""
    found = []
    for n, letter in enumerate(word):
        around = splitter.around(letter)
        if around is not None:
            before, after, transposed = around
            found.append((word[:n] + before, after + word[n + 1 :], transposed))
    return found


def differential(
    term: MatrixTerm,
    factor: MatrixTerm,
    change: MatrixTerm,
    nonnegative: Sequence[Expr] = (),
) -> MatrixTerm:
    """The linear part of the change of ``term`` when ``factor`` becomes factor + change.

    ``factor`` is a matrix variable or a layer M[i]; ``nonnegative`` are index terms known to be
    ≥ 0, which say in which chains the layer lies.  Raises `ShapeError` when the change has
    another shape than the factor, `LanguageError` when it is not clear whether a chain holds
    the layer.

    >>> from proofkit.symbols import MatrixVariable, natural
    >>> n = natural('n')
    >>> X, H = MatrixVariable('X', n, n), MatrixVariable('H', n, n)
    >>> differential(X*X.T, X, H)
    H·Xᵀ + X·Hᵀ
    """
    if change.shape != factor.shape:
        raise ShapeError(f"{change} and {factor} differ in shape")
    splitter = _Splitter(factor, nonnegative)
    parts = []
    for coefficient, word in _words(term):
        for left, right, transposed in _occurrences(word, splitter):
            middle = change.T if transposed else change
            parts.append((coefficient, Product(*left, middle, *right)))
    return _sum(parts, term.shape)


def gradient(real: Expr, factor: MatrixTerm, nonnegative: Sequence[Expr] = ()) -> MatrixTerm:
    """The gradient of a sum of terms c·f(E) and c·tr(E) with respect to a factor of the E.

    >>> from proofkit.symbols import MatrixVariable, natural, norm_squared
    >>> n = natural('n')
    >>> X, Y = MatrixVariable('X', n, n), MatrixVariable('Y', n, n)
    >>> gradient(norm_squared(X - Y), X)
    2·X - 2·Y
    """
    splitter = _Splitter(factor, nonnegative)
    parts: list[tuple[Expr, MatrixTerm]] = []
    for summand in Add.make_args(real):
        coefficient, atom = _scaled(summand)
        if isinstance(atom, Value):
            function, inside = atom.args
            slope = function.gradient(inside)
            for c, word in _words(inside):
                for left, right, transposed in _occurrences(word, splitter):
                    term = _adjoint(left, right, slope, transposed)
                    parts.append((coefficient * c, term))
        elif isinstance(atom, MatrixTrace):
            for c, word in _words(atom.args[0]):
                for left, right, transposed in _occurrences(word, splitter):
                    around = _product((*right, *left), factor.rows if transposed else factor.cols)
                    parts.append((coefficient * c, around if transposed else around.T))
        elif atom != 1:
            raise LanguageError(f"{atom} is neither a value of a function nor a trace")
    return _sum([(c, _flat(term)) for c, term in parts], factor.shape)


def _scaled(summand: Expr) -> tuple[Expr, Expr]:
    atoms = [a for a in Mul.make_args(summand) if isinstance(a, (Value, MatrixTrace))]
    if len(atoms) > 1:
        raise LanguageError(f"{summand} is a product of two such terms")
    return (summand / atoms[0], atoms[0]) if atoms else (summand, Integer(1))


def _adjoint(
    left: Sequence[Letter], right: Sequence[Letter], slope: MatrixTerm, transposed: bool
) -> MatrixTerm:
    if transposed:
        return Product(*right, slope.T, *left)
    return Product(*(x.T for x in reversed(left)), slope, *(x.T for x in reversed(right)))


def _flat(term: MatrixTerm) -> MatrixTerm:
    """The term as a sum of words, transposes pushed to the letters."""
    return _sum([(c, _product(u, term.rows)) for c, u in _words(term)], term.shape)


def second_differential(
    term: MatrixTerm,
    first: tuple[MatrixTerm, MatrixTerm],
    second: tuple[MatrixTerm, MatrixTerm],
    nonnegative: Sequence[Expr] = (),
) -> MatrixTerm:
    """The mixed second differential of a matrix term in two factors, each with its change.

    >>> from proofkit.symbols import MatrixVariable, family, index, widths
    >>> d, k, i, l = widths('d'), index('k'), index('i'), index('l')
    >>> M = family('M', d)
    >>> U, V = MatrixVariable('U', d(l), d(l - 1)), MatrixVariable('V', d(i), d(i - 1))
    >>> second_differential(M[k:1], (M[l], U), (M[i], V), [k - l, l - i - 1, i - 1])
    M[k:l + 1]·U·M[l - 1:i + 1]·V·M[i - 1:1]
    """
    return differential(differential(term, *first, nonnegative), *second, nonnegative)


@dataclass(frozen=True)
class SecondDifferential:
    """The mixed second differential of f(E): f''(E)[P, Q] + ⟨f'(E), R⟩.

    ``point`` is E, ``first`` and ``second`` are P and Q, the differentials of E in the two
    factors, and ``mixed`` is R, its mixed second differential.
    """

    function: Any
    point: MatrixTerm
    first: MatrixTerm
    second: MatrixTerm
    mixed: MatrixTerm


def second_differential_of(
    value: Value,
    first: tuple[MatrixTerm, MatrixTerm],
    second: tuple[MatrixTerm, MatrixTerm],
    nonnegative: Sequence[Expr] = (),
) -> SecondDifferential:
    """The mixed second differential of f(E) in two factors, by the chain rule."""
    function, point = value.args
    return SecondDifferential(
        function,
        point,
        differential(point, *first, nonnegative),
        differential(point, *second, nonnegative),
        second_differential(point, first, second, nonnegative),
    )
