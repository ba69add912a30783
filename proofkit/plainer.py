"""The kernel's terms and claims, said in the fewer words of exported proofs.

The kernel has constructors for what its scripts meet often; the format of exported proofs
(``FORMAT.md``) has functions, changes of them, and one kind of number, so that a checker has less
to know.  `Plainer` says the one in terms of the other.  Nothing here is trusted: a proof that was
said wrongly is refused, or proves the statement that the file shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

__all__ = ["Plainer"]

Term = tuple[Any, ...]
INDEX, NAT, REAL = ("index",), ("nat",), ("real",)
BINDERS = {"forall": 2, "exists": 2, "lam": 2, "to": 2, "near": 3}
Arities = tuple[int, ...]
"""Of bound variables that are width functions of several indices, the outermost first; of others 0,
and such zeros are left out in front, so that terms are said once for most places they stand in."""


def lifted(x: Any, by: int, depth: int = 0) -> Any:
    """A term in the words of the format, moved below more binders."""
    if not isinstance(x, tuple) or x[:1] == ("var",) or not by:
        return x
    if x[:1] == ("b",):
        return ("b", x[1] + by) if x[1] >= depth else x
    first = BINDERS.get(x[0], len(x)) if x and isinstance(x[0], str) else len(x)
    count = len(x[1]) if x[:1] == ("near",) else 1
    return tuple(
        lifted(part, by, depth + (count if place >= first else 0)) for place, part in enumerate(x)
    )


def constant(n: int | Fraction) -> Term:
    """A number."""
    return ("num", ((((), ()), n),) if n else ())


def index(atom: Term) -> Term:
    """An atom as a number."""
    return ("num", (((((atom, 1),), ()), 1),))


def within(domains: Sequence[Term], tag: str, inner: Term) -> Term:
    """Functions or their sorts, one in the other."""
    for domain in reversed(domains):
        inner = (tag, domain, inner)
    return inner


def changed(function: Term, steps: Sequence[tuple[Term, Term]]) -> Term:
    """A function of an index with new values at some places."""
    for at, value in steps:
        function = ("changed", function, at, at, ("lam", INDEX, lifted(value, 1)))
    return function


def table(values: Sequence[Term]) -> Term:
    """The function of an index with these values at 0, 1, …, and 0 elsewhere."""
    return changed(("lam", INDEX, constant(0)), [(constant(n), x) for n, x in enumerate(values)])


class Plainer:
    """Says terms of the kernel in the words of the format; what was said before is kept."""

    def __init__(self) -> None:
        self._said: dict[tuple[int, Arities], tuple[object, Any]] = {}

    def __call__(self, x: Any, arities: Arities = ()) -> Any:
        """A term, a claim, a sort or a tuple of such."""
        if not isinstance(x, tuple):
            return x
        while arities and not arities[0]:
            arities = arities[1:]
        key = (id(x), arities)
        if key not in self._said:
            self._said[key] = (x, self._say(x, arities))
        return self._said[key][1]

    def _say(self, x: Term, a: Arities) -> Any:
        match x:
            case ("var", name, sort):
                return ("var", name, self(sort))
            case ("lin", c, atoms):
                terms = tuple(((((self(atom, a), 1),), ()), n) for atom, n in atoms)
                return ("num", constant(c)[1] + terms)
            case ("poly", terms):
                return ("num", tuple(((self(m, a), ()), n) for m, n in terms))
            case ("int", atom):
                return self(atom, a)
            case ("inull" | "rnull" | "mnull", e):
                return ("null", self(e, a))
            case ("function", rows, cols):
                return ("to", ("matrix", self(rows, a), self(cols, a)), REAL)
            case ("width", int(n)):
                return within([INDEX] * n, "to", NAT)
            case ("family", n, rows, cols):
                inner = a + (0,) * n
                return within([INDEX] * n, "to", ("matrix", self(rows, inner), self(cols, inner)))
            case ("fun", rows, cols, body):
                return ("lam", ("matrix", self(rows, a), self(cols, a)), self(body, (*a, 0)))
            case ("wlam", n, body):
                return within([INDEX] * n, "lam", self(body, a + (0,) * n))
            case ("tab", body):
                return ("lam", INDEX, self(body, (*a, 0)))
            case ("replaced", family, lo, hi, body):
                new = ("lam", INDEX, self(body, (*a, 0)))
                return ("changed", self(family, a), self(lo, a), self(hi, a), new)
            case ("updated", family, at, new):
                return changed(self(family, a), [(self(at, a), self(new, a))])
            case ("value" | "member", f, argument):
                return ("at", self(f, a), self(argument, a))
            case ("width", width, args):
                return self._width(self(width, a), self(args, a))
            case ("table", entries):
                return table([self(e, a) for e in entries])
            case ("ends", width, *_):
                return self._ends(self._arity(width, a), *(self(part, a) for part in x[1:]))
            case ("listed", matrices):
                return self._listed(matrices, a)
            case ("forall" | "exists", sort, body):
                return (x[0], self(sort, a), self(body, (*a, self._arity_of(sort))))
            case ("near", sorts, centres, body):
                inner = a + tuple(map(self._arity_of, sorts))
                return ("near", self(sorts, a), self(centres, a), self(body, inner))
        return tuple(self(part, a) for part in x)

    def _arity_of(self, sort: Term) -> int:
        return int(sort[1]) if sort[0] == "width" and sort[1] > 1 else 0

    def _arity(self, width: Term, a: Arities) -> int:
        match width:
            case ("var", _, sort):
                return self._arity_of(sort)
            case ("b", n):
                return a[-1 - int(n)]
            case ("wlam", n, _):
                return int(n)
            case ("ends", inner, *_):
                return self._arity(inner, a)
        return 1

    def _width(self, width: Term, args: Sequence[Term]) -> Term:
        for i in args[:-1]:
            width = ("at", width, i)
        return ("at", width, args[-1])

    def _ends(self, n: int, width: Term, inner: Term, first: Term, last: Term) -> Term:
        places = [index(("b", n - 2 - r)) for r in range(n - 1)]
        width = lifted(width, n - 1)
        for i in places:
            width = ("at", width, i)
        top = self._width(lifted(inner, n - 1), places)
        above = ("num", (*constant(1)[1], *index(top)[1]))
        ends = [(above, lifted(last, n - 1)), (constant(0), lifted(first, n - 1))]
        return within([INDEX] * (n - 1), "lam", changed(width, ends))

    def _listed(self, matrices: Sequence[Term], a: Arities) -> Term:
        """A list as changes of the family that is zero everywhere.

        Its sizes are read off the list: W_i × W_{i−1} where the matrices compose.
        """
        found = [self(x, a) for x in matrices]
        rows, cols = [x[1] for x in found], [x[2] for x in found]
        i = index(("b", 0))
        before = ("num", (*constant(-1)[1], *i[1]))
        if len(set(rows)) == len(set(cols)) == 1:
            shape = (lifted(rows[0], 1), lifted(cols[0], 1))
        elif rows[:-1] == cols[1:]:
            sizes = [cols[0], *rows]
            shape = (self._size(sizes, i), self._size(sizes, before))
        else:
            zero = constant(0)
            shape = (self._size([zero, *rows], i), self._size([zero, *cols], i))
        zero = ("lam", INDEX, ("mat", *shape, ()))
        return changed(zero, [(constant(n + 1), x) for n, x in enumerate(found)])

    def _size(self, sizes: Sequence[Term], i: Term) -> Term:
        return index(("at", lifted(table(sizes), 1), i))
