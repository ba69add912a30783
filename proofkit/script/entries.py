"""Entry by entry: what an entry of a matrix built from words is, and the matrix with such entries.

Hadamard products, functions of each entry and matrices of ones have one form, a sum of Hadamard
products of what is opaque (`canonical`): so A ∘ B and B ∘ A, or 1 − tanh²(X) written in two ways,
become the same.  Nothing here is trusted.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from proofkit import kernel
from proofkit.kernel import KernelError, Theorem
from proofkit.kernel.binding import closed, free, opened
from proofkit.kernel.claims import null
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.reading import PLAIN, claim, read_by
from proofkit.kernel.terms import (
    EMPTY,
    INDEX,
    NUM,
    REAL,
    as_term,
    minus,
    number,
    plus,
    reverse,
    times,
    total,
    transpose,
)
from proofkit.kernel.words import spine
from proofkit.script.laws import Law, Meet, cancelled, exp_of_sum, laws, word
from proofkit.script.matching import fact

if TYPE_CHECKING:
    from proofkit.script.routine import Routine

__all__ = ["Entries", "canonical", "is_entrywise", "word"]

_ENTRYWISE = ("hadamard", "entrywise", "ones")


def is_entrywise(letter: Term) -> bool:
    """Whether a letter is made entry by entry."""
    head, _ = spine(letter)
    return head[0] == "word" and head[1] in _ENTRYWISE


class Entries:
    """What the entries of matrices are, for an index or two in their ranges.

    ``inside`` are theorems lo ≤ i ≤ hi, conjunctions as the facts of the ledger ask for them.
    """

    def __init__(self, inside: list[Theorem], prove: Meet | None = None) -> None:
        self.prove = prove
        self.inside = {th.conclusion: th for th in inside}
        self._known: dict[Term, Theorem | None] = {}

    def value(self, e: Term) -> tuple[Term, Theorem | None]:
        """A number with its entries looked up, and the theorem that it is equal, if it changed."""
        found: Theorem | None = None
        now = e
        while True:
            atoms = dict.fromkeys(a for (m, _), _ in now[1] for a, _ in m)
            step = next(((a, th) for a in atoms if (th := self._looked_up(a)) is not None), None)
            if step is not None:
                atom, theorem = step
                value, factors = _other_side(theorem, atom), node((atom, 1))
            elif (law := self._law(now)) is not None:
                factors, value, theorem = law
            else:
                break
            found = _replaced(e, now, factors, value, theorem, found)
            now = _put(now, factors, value)
        shorter = None if self.prove is None else cancelled(self.prove, now)
        if shorter is None:
            return now, found
        value, theorem = shorter
        if found is not None:
            theorem = _difference(null(minus(e, value)), found, theorem)
        again, more = self.value(value)
        return again, theorem if more is None else _difference(null(minus(e, again)), theorem, more)

    def _law(self, now: Term) -> Law | None:
        """A law that makes a monomial of the number shorter."""
        if self.prove is None:
            return None
        found = (laws(self.prove, m) for (m, _), _ in now[1])
        law = next((law for each in found for law in each), None)
        if law is not None:
            return law
        exps = (exp_of_sum(now, a) for (m, _), _ in now[1] for a, _ in m)
        return next((law for law in exps if law is not None), None)

    def _looked_up(self, atom: Term) -> Theorem | None:
        if atom not in self._known:
            self._known[atom] = self._step(atom)
        return self._known[atom]

    def _step(self, atom: Term) -> Theorem | None:
        """⊢ the atom = something simpler."""
        head, arguments = spine(atom)
        if head == ("word", "entry"):
            return self._entry(*arguments)
        if atom[0] == "at" and atom[2][0] == "num":
            inner, theorem = self.value(atom[2])
            if theorem is not None:
                z = node("var", "_at", REAL)
                old = as_term(atom, REAL)
                new = read_by(PLAIN, node("at", atom[1], as_term(z, REAL)))
                template = claim(node("forall", REAL, closed(null(minus(old, new)), z)))
                trivial = kernel.algebra(claim(opened(template[2], atom[2])))
                return kernel.rewrite(template, atom[2], inner, theorem, trivial)
        return None

    def _entry(self, rows: Term, cols: Term, matrix: Term, i: Term, j: Term) -> Theorem | None:
        if len(matrix[3]) != 1 or matrix[3][0][0][0] or matrix[3][0][1] != (1, 1):
            return None
        letters = matrix[3][0][0][1]
        if not letters:
            return self._met(fact("diagonal of identity", rows, i)) if i == j else None
        letter, t = letters[0]
        if len(letters) == 1 and not t:
            (head, *name), arguments = spine(letter)
            if is_entrywise(letter):
                return self._met(fact(f"entry of {name[0]}", *arguments, i, j))
            if head == "word" and name[0] == "diag" and i == j:
                return self._met(fact("diagonal of diag", *arguments, i))
            if head == "word" and name[0] == "diagonal" and j == number(1):
                return self._met(fact("entry of diagonal", *arguments, i))
        # Of X and Xᵀ the least is looked at, words that are made entry by entry upright.
        upright = len(letters) == 1 and is_entrywise(letter)
        if upright or reverse(letters) < letters:
            return self._met(fact("entry of transpose", cols, rows, transpose(matrix), j, i))
        return None

    def _met(self, theorem: Theorem) -> Theorem | None:
        while theorem.conclusion[0] == "implies":
            premise = self.inside.get(theorem.conclusion[1])
            if premise is None:
                return None
            theorem = kernel.modus_ponens(theorem, premise)
        return theorem


def _replaced(
    e: Term, now: Term, factors: Term, value: Term, equal: Theorem, before: Theorem | None
) -> Theorem:
    """⊢ e = now with the value for factors, from e = now (or e being now) and their equation."""
    z = node("var", "_z", REAL)
    template = claim(
        node("forall", REAL, closed(null(minus(e, _put(now, factors, as_term(z, REAL)))), z))
    )
    known = before or kernel.algebra(null(minus(e, now)))
    product = total(NUM, [((factors, EMPTY), 1, 1)])
    return kernel.rewrite(template, product, value, equal, known)


def _other_side(theorem: Theorem, atom: Term) -> Term:
    """What an atom is equal to."""
    e = theorem.conclusion[1]
    sign = next(p for (m, _), (p, _) in e[1] if m == ((atom, 1),))
    return plus(as_term(atom, REAL), e, -sign)


def _put(e: Term, factors: Term, value: Term) -> Term:
    """The number with a value for factors of its monomials, as often as they are there."""
    out = number(0)
    for (monomial, _), (p, q) in e[1]:
        powers = dict(monomial)
        count = min(powers.get(a, 0) // n for a, n in factors)
        left = {a: n - count * dict(factors).get(a, 0) for a, n in monomial}
        rest = node(*(node(a, n) for a, n in left.items() if n))
        term = total(NUM, [((rest, EMPTY), p, q)])
        for _ in range(count):
            term = times(value, term)
        out = plus(out, term)
    return out


# ── Back from entries to matrices ──────────────────────────────────────────────────────────────
def canonical(letter: Term, routine: Routine | None = None) -> tuple[Theorem, Term] | None:
    """⊢ a letter = the matrix that its entries spell, and that matrix; None if it is that."""
    sort = PLAIN.read(letter)[1]
    _, rows, cols = sort
    whole = as_term(letter, sort)
    # The same names for any letter: what the kernel has read of their entries it remembers.
    n = next(n for n in count() if free(letter).keys().isdisjoint((f"_i{n}", f"_j{n}")))
    i, j = (node("var", f"_{name}{n}", INDEX) for name in "ij")
    at = [as_term(v, INDEX) for v in (i, j)]
    there = fact("equal entries", rows, cols, whole, whole)
    body = there.conclusion[1]
    for place in at:
        body = read_by(PLAIN, opened(body[2], place))
    ranges = [kernel.assume(body[1]), kernel.assume(body[2][1])]
    entries = Entries(ranges, None if routine is None else routine.also(*ranges).prove)
    try:
        value, left = entries.value(word("entry", rows, cols, whole, *at))
        matrix = _matrix(value, sort, at)
        if matrix == whole:
            return None
        same, right = entries.value(word("entry", rows, cols, matrix, *at))
    except KernelError:
        return None
    if same != value:
        return None
    theorem = fact("equal entries", rows, cols, whole, matrix)
    goal = theorem.conclusion[1]
    for place in at:
        goal = read_by(PLAIN, opened(goal[2], place))
    equal = _difference(goal[2][2], left, right)
    for th in reversed(ranges):
        equal = kernel.discharge(th.conclusion, equal)
    for v in (j, i):
        equal = kernel.generalise(v, equal)
    return kernel.modus_ponens(theorem, equal), matrix


def _difference(goal: Term, left: Theorem | None, right: Theorem | None) -> Theorem:
    """⊢ a = b from a = v and b = v, each unless it is v itself."""
    for signs in ((1, -1), (-1, 1), (1, 1), (-1, -1)):
        keys = [
            (th, (((number(sign), 1), (th.conclusion[1], 1)), ()))
            for th, sign in zip((left, right), signs, strict=True)
            if th is not None
        ]
        try:
            return kernel.algebra(goal, keys)
        except KernelError:
            continue
    raise KernelError("algebra", "the entries do not agree", goal)


def _matrix(value: Term, sort: Term, at: list[Term]) -> Term:
    """The matrix whose entry in row i and column j is the number; `KernelError` if none is."""
    _, rows, cols = sort
    names = {v for place in at for v in free(place)}
    out = node("mat", rows, cols, EMPTY)
    for (monomial, _), (p, q) in value[1]:
        scalars = tuple((a, n) for a, n in monomial if names.isdisjoint(free(a)))
        factors = [a for a, n in monomial if not names.isdisjoint(free(a)) for _ in range(n)]
        matrices = sorted(_factor(a, sort, at) for a in factors)
        product = word("ones", rows, cols) if not matrices else matrices.pop()
        while matrices:
            product = word("hadamard", rows, cols, matrices.pop(), product)
        out = plus(out, times(total(NUM, [((node(*scalars), EMPTY), p, q)]), product))
    return out


def _factor(atom: Term, sort: Term, at: list[Term]) -> Term:
    """The matrix whose entries are an atom."""
    head, arguments = spine(atom)
    if head == ("word", "entry"):
        matrix, places = arguments[2], arguments[3:]
        if places == at:
            return matrix
        if places == at[::-1]:
            return transpose(matrix)
    elif atom[0] == "at" and not set(free(atom[1])) & {v for p in at for v in free(p)}:
        return word("entrywise", *sort[1:], atom[1], _matrix(atom[2], sort, at))
    raise KernelError("entries", "no matrix has these entries", None, atom)
