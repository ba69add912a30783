"""Signs of real numbers: why a sum of products is ≥ 0 or > 0, factor by factor and by bounds.

Each factor of a known sign gives its monomial a sign; a combination of these, of bounds such as
logistic x < 1 and of the relations in scope is sought by `farkas`, and `kernel.arithmetic` checks
it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import lcm
from typing import Any

from proofkit import kernel
from proofkit.algebra.order import farkas
from proofkit.kernel import KernelError, Theorem
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.reading import PLAIN, read_by
from proofkit.kernel.terms import (
    EMPTY,
    NAT,
    NUM,
    REAL,
    as_term,
    number,
    plus,
    reverse,
    scaled,
    split,
    total,
)
from proofkit.kernel.words import spine
from proofkit.script.derived import natural
from proofkit.script.matching import fact, used

__all__ = ["monomial_sign", "product_sign", "prove_order"]

Meet = Callable[[Term], "Theorem | None"]
_POSITIVE = {
    "exp": "exp is positive",
    "sqrt": "root is positive",
    "reciprocal": "reciprocal is positive",
    "abs": "abs is positive",
}
_NONNEGATIVE = {"sqrt": "root is nonnegative", "abs": "abs is nonnegative"}
_BOUNDED = {"logistic": "bounds of logistic", "tanh": "bounds of tanh"}


def prove_order(goal: Term, known: Sequence[Theorem], meet: Meet) -> Theorem | None:
    """⊢ e ≥ 0 or e > 0, a real number, or None; ``meet`` proves what a fact asks for."""
    relations = [th for th in known if th.conclusion[0] in ("rnonneg", "rpos", "inonneg")]
    relations += [th for th in known if th.conclusion[0] == "null" and th.conclusion[1][0] == "num"]
    e = goal[1]
    premises = [*relations, *_of_factors(e, relations, meet)]
    strict = goal[0] == "rpos"
    ways = [(e, 1)]
    if strict:
        one = number(1)
        bases = [one, *(th.conclusion[1] for th in premises if th.conclusion[0] == "rpos")]
        ways = [(plus(scaled(e, n), base, -1), n) for n in (1, 64, 4096) for base in bases]
    for wanted, _ in ways:
        if _combination(wanted, premises) is None:
            continue
        extra = plus(scaled(e, _), wanted, -1) if strict else number(0)
        multipliers = _combination(wanted, premises) or []
        found = {n: m for n, m in enumerate(multipliers) if m}
        if strict:
            for n, th in enumerate(premises):
                if th.conclusion[0] == "rpos" and th.conclusion[1] == extra:
                    found[n] = found.get(n, 0) + 1
                    break
        scales = [(premises[n], number(m.numerator, m.denominator * _)) for n, m in found.items()]
        try:
            return kernel.arithmetic(goal, scales)
        except KernelError:
            continue
    return None


_UNIT = node("var", "_1", REAL)


def _whole(e: Term) -> Term:
    """A positive multiple of the number in whole coefficients, its constant as a term in "1"."""
    rest, (p, q) = split(e)
    by = lcm(q, *(d for _, (_, d) in rest))
    terms = [(key, m * by // d, 1) for key, (m, d) in rest]
    unit = as_term(_UNIT, REAL)[1][0][0]
    return total(NUM, [*terms, (unit, p * by // q, 1)])


def _multiple(e: Term) -> int:
    rest, (_, q) = split(e)
    return lcm(q, *(d for _, (_, d) in rest))


def _combination(wanted: Term, premises: Sequence[Theorem]) -> list[Any] | None:
    """Multipliers of the premises that give the number, up to a constant ≥ 0."""
    terms = [(_whole(th.conclusion[1]), th.conclusion[0] == "null") for th in premises]
    found = farkas(_whole(wanted), [*terms, (as_term(_UNIT, REAL), False)])
    if found is None:
        return None
    by = _multiple(wanted)
    return [m * _multiple(th.conclusion[1]) / by for m, th in zip(found, premises, strict=False)]


def _of_factors(e: Term, known: Sequence[Theorem], meet: Meet) -> Iterator[Theorem]:
    """The signs of the monomials of a number, and bounds of its atoms."""
    monomials = [m for (m, _), _ in e[1] if m]
    for atom in dict.fromkeys(a for m in monomials for a, _ in m):
        head, arguments = spine(atom)
        if head[0] == "word" and (name := _BOUNDED.get(head[1])):
            both = fact(name, *arguments)
            yield from (kernel.project(both, 0), kernel.project(both, 1))
    for monomial in monomials:
        sign = monomial_sign(monomial, known, meet)
        if sign is not None:
            yield sign


def monomial_sign(monomial: Term, known: Sequence[Theorem], meet: Meet) -> Theorem | None:
    """⊢ a product ≥ 0, or > 0, from the signs of its factors."""
    product: Theorem | None = None
    for atom, power in monomial:
        sign = _atom(atom, known, meet)
        factors = [sign] * power if sign is not None else []
        if sign is None or (sign.conclusion[0] == "rnonneg" and power > 1):
            if power % 2:
                return None
            factors = [fact("square is nonnegative", as_term(atom, REAL))] * (power // 2)
        for factor in factors:
            if factor is None:
                return None
            product = factor if product is None else product_sign(product, factor)
    return product


def product_sign(a: Theorem, b: Theorem) -> Theorem:
    """a·b ≥ 0, or > 0 if both are."""
    strict = a.conclusion[0] == b.conclusion[0] == "rpos"
    name = "product of positives" if strict else "product of nonnegatives"
    theorem = fact(name, a.conclusion[1], b.conclusion[1])
    for th in (a, b):
        weak = th if strict else kernel.arithmetic(("rnonneg", th.conclusion[1]), [(th, number(1))])
        theorem = kernel.modus_ponens(theorem, weak)
    return theorem


def _atom(atom: Term, known: Sequence[Theorem], meet: Meet) -> Theorem | None:
    """⊢ atom > 0 or atom ≥ 0."""
    value = as_term(atom, REAL)
    for tag in ("rpos", "rnonneg"):
        for th in known:
            if th.conclusion == (tag, value):
                return th
    head, arguments = spine(atom)
    if head[0] == "word":
        name = head[1]
        if name in _BOUNDED:
            return (
                kernel.project(fact(_BOUNDED[name], *arguments), 0) if name == "logistic" else None
            )
        for names in (_POSITIVE, _NONNEGATIVE):
            if name in names:
                theorem = fact(names[name], *arguments)
                if theorem.conclusion[0] == "implies":
                    premise = meet(theorem.conclusion[1])
                    if premise is None:
                        continue
                    theorem = kernel.modus_ponens(theorem, premise)
                return theorem
        if name == "determinant":
            return used(kernel.textbook("determinant of definite"), arguments, meet)
        return None
    if atom[0] == "trace":
        return _square(atom[1], meet) or _sum(atom[1], meet)
    if PLAIN.read(atom)[1] == NAT:
        return kernel.arithmetic(("rnonneg", value), [(natural(value), number(1))])
    return None


def _square(word: Term, meet: Meet) -> Theorem | None:
    """⊢ tr(XᵀX) ≥ 0, for a word that is some XᵀX once turned; > 0 if X ≠ 0 is known."""
    half, odd = divmod(len(word), 2)
    squares: list[tuple[Term, ...]] = []
    for cut in range(0 if odd else len(word)):
        turned = node(*word[cut:], *word[:cut])
        part = node(*turned[half:])
        if turned[:half] == reverse(part):
            sizes = _shape(part)
            whole = read_by(PLAIN, total(("mat", *sizes), [((EMPTY, part), 1, 1)]))
            squares.append((*sizes, whole))
    for square in squares:
        found = used(kernel.textbook("square norm is positive"), square, meet)
        if found is not None:
            return found
    return fact("square norm", *squares[0]) if squares else None


def _sum(word: Term, meet: Meet) -> Theorem | None:
    """⊢ ⟨𝟏, X⟩ > 0, for a letter X whose entries are > 0."""
    for ones, (letter, t) in (word, word[::-1]) if len(word) == 2 else ():
        if spine(ones[0])[0] == ("word", "ones"):
            _, rows, cols = PLAIN.read(letter)[1]
            whole = as_term(letter, node("matrix", rows, cols))
            if t == ones[1]:
                continue
            return used(kernel.textbook("sum of positive entries"), (rows, cols, whole), meet)
    return None


def _shape(word: Term) -> tuple[Term, Term]:
    """The shape of a word."""
    sorts = [PLAIN.read(letter)[1] for letter, _ in (word[0], word[-1])]
    (_, a, b), (_, c, d) = sorts
    return (b if word[0][1] else a), (c if word[-1][1] else d)
