"""The check that a term or claim fits together: every shape agrees and every sort is right.

Binders are opened with fresh variables, so every rule below is about closed terms only.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Any

from proofkit.language.binding import open_binder, open_sort
from proofkit.language.errors import LanguageError, ShapeError, SortError
from proofkit.language.terms import (
    Index,
    Term,
    index_difference,
    index_sum,
    is_natural,
    lin,
    show,
)

MAX_DEPTH = 60
"""Binders within binders; more is refused rather than risked on the interpreter's stack."""


def fresh(sort: Term, depth: int, prefix: str = "?") -> Term:
    """A variable of the sort that no author can name."""
    return ("var", f"{prefix}{depth}", sort)


def bound_term(variable: Term) -> Term:
    """The variable as a term of its sort."""
    _, _, sort = variable
    tag = sort[0]
    if tag in ("index", "nat"):
        return lin(0, {variable: 1})
    if tag == "real":
        return ("poly", ((((variable, 1),), 1),))
    if tag == "matrix":
        return ("mat", sort[1], sort[2], ((((), ((variable, 0),)), 1),))
    return variable


@lru_cache(maxsize=1 << 14)
def family_shape(family: Term, *indices: Index) -> tuple[Index, Index]:
    """Rows and columns of the matrix of a family at an index, or at several if it takes several."""
    tag = family[0]
    if not indices:
        raise SortError(f"{show(family)} was given no index")
    if tag == "member":
        return family_shape(family[1], family[2], *indices)
    if tag in ("replaced", "updated"):
        return family_shape(family[1], *indices)
    if tag == "tab":
        body = open_binder(family[1], indices[:1])
        if body[0] != "mat":
            return family_shape(body, *indices[1:])
        if len(indices) == 1:
            return body[1], body[2]
    if tag == "listed" and len(indices) == 1:
        at, matrices = indices[0], family[1]
        if at[2] or not 1 <= at[1] <= len(matrices):
            raise SortError(
                f"a list of {len(matrices)} matrices has no entry {show(at)}: "
                "an explicit number from 1 is needed"
            )
        m = matrices[at[1] - 1]
        return m[1], m[2]
    if tag != "var" or family[2][0] != "family" or family[2][1] != len(indices):
        raise SortError(f"{show(family)} is no family of {len(indices)} indices")
    _, _, rows, cols = family[2]
    return open_binder(rows, indices), open_binder(cols, indices)


class Check:
    """One well-formedness check; `depth` counts the binders opened so far."""

    def __init__(self, prefix: str = "?", depth: int = 0) -> None:
        self.depth = depth
        self.prefix = prefix

    def under(self, sorts: tuple[Term, ...], body: Term, check: Callable[[Term], Any]) -> Any:
        """Check a body below binders of the given sorts."""
        if self.depth + len(sorts) > MAX_DEPTH:
            raise LanguageError(f"more than {MAX_DEPTH} nested binders")
        variables = []
        for sort in sorts:
            variables.append(bound_term(fresh(sort, self.depth, self.prefix)))
            self.depth += 1
        result = check(open_binder(body, variables))
        self.depth -= len(sorts)
        return result

    # Sorts
    def sort(self, sort: Term) -> None:
        tag = sort[0]
        if tag in ("index", "nat", "real") and len(sort) == 1:
            return
        if tag == "width" and len(sort) == 2 and type(sort[1]) is int and sort[1] >= 1:
            return
        if tag in ("matrix", "function") and len(sort) == 3:
            self.natural(sort[1])
            self.natural(sort[2])
            return
        if tag == "family" and len(sort) == 4 and sort[1] >= 1:
            indices = (("index",),) * sort[1]
            self.under(indices, sort[2], self.natural)
            self.under(indices, sort[3], self.natural)
            return
        raise SortError(f"no sort is called {sort!r}")

    def natural(self, term: Term) -> None:
        self.index(term)
        if not is_natural(term):
            raise SortError(f"{show(term)} is not plainly a natural number, as a size must be")

    # Terms
    def variable(self, atom: Term, *tags: str) -> None:
        if len(atom) != 3 or atom[0] != "var" or not isinstance(atom[1], str):
            raise SortError(f"a variable was expected, not {atom!r}")
        _sort_fits(atom[2])
        if atom[2][0] not in tags:
            raise SortError(f"{atom[1]} is of sort {atom[2][0]}; {' or '.join(tags)} was expected")

    def index(self, term: Term) -> None:
        """That it is an index term."""
        _index_fits(term, self.depth, self.prefix)

    def new_index(self, term: Term) -> None:
        """That an index term not met before is one."""
        _expect(term, "lin", 3)
        _expect_number(term[1], whole=True)
        for atom, coefficient in term[2]:
            _expect_number(coefficient, whole=True)
            if atom[0] == "width":
                self.width(atom[1], len(atom[2]))
                for argument in atom[2]:
                    self.index(argument)
            elif atom[0] == "rank":
                self.matrix(atom[1])
            else:
                self.variable(atom, "index", "nat")

    def width(self, width: Term, arity: int) -> None:
        if width[0] == "table":
            if arity != 1:
                raise SortError("a table of widths takes one index")
            for entry in width[1]:
                self.natural(entry)
        elif width[0] == "wlam":
            if width[1] != arity:
                raise SortError(f"a width of {width[1]} indices was given {arity}")
            self.under((("index",),) * arity, width[2], self.natural)
        elif width[0] == "ends":
            _expect(width, "ends", 5)
            if arity < 2:
                raise SortError("a width function with given ends takes two or more indices")
            self.width(width[1], arity)
            self.width(width[2], arity - 1)
            self.natural(width[3])
            self.natural(width[4])
        else:
            self.variable(width, "width")
            if width[2][1] != arity:
                raise SortError(f"{width[1]} takes {width[2][1]} indices, not {arity}")

    def real(self, term: Term) -> None:
        _expect(term, "poly", 2)
        for monomial, coefficient in term[1]:
            _expect_number(coefficient, whole=False)
            self.monomial(monomial)

    def monomial(self, monomial: Term) -> None:
        for atom, power in monomial:
            if power < 1:
                raise SortError("powers of a real atom are at least 1")
            if atom[0] == "value":
                self.application(atom[1], atom[2])
            elif atom[0] == "trace":
                rows, cols = self.word(atom[1])
                if rows != cols:
                    raise ShapeError(f"a trace of a {show(rows)}×{show(cols)} product")
            elif atom[0] == "int":
                self.index(lin(0, {atom[1]: 1}))
            else:
                self.variable(atom, "real")

    def application(self, function: Term, argument: Term) -> None:
        self.matrix(argument)
        rows, cols = self.function(function)
        if (rows, cols) != (argument[1], argument[2]):
            raise ShapeError(
                f"{show(function)} takes {show(rows)}×{show(cols)} matrices, "
                f"not {show(argument[1])}×{show(argument[2])}"
            )

    def function(self, function: Term) -> tuple[Index, Index]:
        if function[0] == "fun":
            _, rows, cols, body = function
            self.natural(rows)
            self.natural(cols)
            self.under((("matrix", rows, cols),), body, self.real)
            return rows, cols
        self.variable(function, "function")
        return function[2][1], function[2][2]

    def matrix(self, term: Term) -> None:
        _expect(term, "mat", 4)
        self.natural(term[1])
        self.natural(term[2])
        for (monomial, word), coefficient in term[3]:
            _expect_number(coefficient, whole=False)
            self.monomial(monomial)
            if not word:
                if term[1] != term[2]:
                    raise ShapeError(f"an identity of shape {show(term[1])}×{show(term[2])}")
                continue
            shape = self.word(word)
            if shape != (term[1], term[2]):
                raise ShapeError(
                    f"a {show(shape[0])}×{show(shape[1])} term in a "
                    f"{show(term[1])}×{show(term[2])} sum"
                )

    def word(self, word: Term) -> tuple[Index, Index]:
        rows: Index | None = None
        cols: Index | None = None
        for letter, transposed in word:
            shape = self.letter(letter)
            if transposed:
                shape = (shape[1], shape[0])
            if cols is not None and cols != shape[0]:
                raise ShapeError(f"{show(cols)} columns meet {show(shape[0])} rows")
            rows, cols = (shape[0] if rows is None else rows), shape[1]
        if rows is None or cols is None:
            raise ShapeError("an empty product has no shape of its own")
        return rows, cols

    def letter(self, letter: Term) -> tuple[Index, Index]:
        """The shape of a letter, which must have one."""
        return _letter_shape(letter, self.depth, self.prefix)

    def new_letter(self, letter: Term) -> tuple[Index, Index]:
        """The shape of a letter that was not met before."""
        if letter[0] == "chain":
            _, family, hi, lo = letter
            self.index(hi)
            self.index(lo)
            self.family(family)
            if family[0] == "listed":
                return self._listed_chain(family, hi, lo)
            if hi != lo:
                _chains_exist(family)
            return family_shape(family, hi)[0], family_shape(family, lo)[1]
        if letter[0] == "sum":
            return self._sum(letter)
        if letter[0] == "grad":
            self.application(letter[1], letter[2])
            return letter[2][1], letter[2][2]
        self.variable(letter, "matrix")
        return letter[2][1], letter[2][2]

    def _sum(self, letter: Term) -> tuple[Index, Index]:
        _expect(letter, "sum", 4)
        _, family, hi, lo = letter
        self.index(hi)
        self.index(lo)
        self.family(family)
        here, there = (bound_term(fresh(("index",), self.depth + n, self.prefix)) for n in (0, 1))
        shape = family_shape(family, here)
        if shape != family_shape(family, there):
            raise ShapeError(
                f"the members of {show(family)} differ in shape and cannot be added: "
                f"the one at {show(here)} is {show(shape[0])}×{show(shape[1])}"
            )
        return shape

    def _listed_chain(self, family: Term, hi: Index, lo: Index) -> tuple[Index, Index]:
        if index_difference(hi, lo)[2] or hi[2]:
            raise SortError("a chain of listed matrices needs explicit ends")
        for layer in range(lo[1] + 1, hi[1] + 1):
            upper, lower = family_shape(family, lin(layer)), family_shape(family, lin(layer - 1))
            if upper[1] != lower[0]:
                raise ShapeError(f"listed matrices {layer} and {layer - 1} do not compose")
        return family_shape(family, hi)[0], family_shape(family, lo)[1]

    def family(self, family: Term) -> None:
        tag = family[0]
        if tag == "member":
            self.index(family[2])
            self.family(family[1])
        elif tag == "tab":
            self.under((("index",),), family[1], self._member)
        elif tag == "replaced":
            _, inner, lo, hi, body = family
            self.family(inner)
            self.index(lo)
            self.index(hi)
            at = bound_term(fresh(("index",), self.depth, self.prefix))
            opened = open_binder(body, (at,))
            self.depth += 1
            self.matrix(opened)
            self.depth -= 1
            if (opened[1], opened[2]) != family_shape(inner, at):
                raise ShapeError(
                    f"layers of shape {show(opened[1])}×{show(opened[2])} cannot replace "
                    f"those of {show(inner)}"
                )
        elif tag == "updated":
            _, inner, index, member = family
            self.family(inner)
            self.index(index)
            self._member(member)
            if member[0] == "mat":
                shape, wanted = (member[1], member[2]), family_shape(inner, index)
            else:
                at = bound_term(fresh(("index",), self.depth, self.prefix))
                shape, wanted = family_shape(member, at), family_shape(inner, index, at)
            if shape != wanted:
                raise ShapeError(
                    f"a {show(shape[0])}×{show(shape[1])} matrix cannot be layer {show(index)} "
                    f"of {show(inner)}"
                )
        elif tag == "listed":
            for m in family[1]:
                self.matrix(m)
        else:
            self.variable(family, "family")

    def _member(self, term: Term) -> None:
        (self.matrix if term[0] == "mat" else self.family)(term)

    def term(self, term: Term, sort: Term) -> None:
        """That the closed term is of the closed sort."""
        tag = sort[0]
        if tag == "index":
            self.index(term)
        elif tag == "nat":
            self.natural(term)
        elif tag == "real":
            self.real(term)
        elif tag == "matrix":
            self.matrix(term)
            if term[1:3] != sort[1:3]:
                raise ShapeError(
                    f"a {show(sort[1])}×{show(sort[2])} matrix was expected, "
                    f"not {show(term[1])}×{show(term[2])}"
                )
        elif tag == "width":
            self.width(term, sort[1])
        elif tag == "function":
            if self.function(term) != (sort[1], sort[2]):
                raise ShapeError(f"{show(term)} takes matrices of another shape")
        elif tag == "family":
            self._family_of_sort(term, sort)
        else:
            raise SortError(f"no sort is called {sort!r}")

    def _family_of_sort(self, term: Term, sort: Term) -> None:
        self.family(term)
        if term[0] == "listed" and sort[1] == 1:
            # Outside its list such a family is all zeros, of whatever shape is asked for; inside
            # it must fit.
            for layer in range(1, len(term[1]) + 1):
                wanted = tuple(open_binder(s, (lin(layer),)) for s in sort[2:4])
                if family_shape(term, lin(layer)) != wanted:
                    raise ShapeError(
                        f"listed matrix {layer} is not {' × '.join(map(show, wanted))}"
                    )
            return
        indices = [
            bound_term(fresh(("index",), self.depth + n, self.prefix)) for n in range(sort[1])
        ]
        wanted = tuple(open_binder(s, indices) for s in sort[2:4])
        if family_shape(term, *indices) != wanted:
            raise ShapeError(
                f"the members of {show(term)} are not {show(wanted[0])}×{show(wanted[1])}"
            )

    # Claims
    def claim(self, claim: Term) -> None:
        """That the closed claim means something."""
        tag = claim[0]
        if tag in ("inonneg", "inull"):
            self.index(claim[1])
        elif tag in ("rnonneg", "rpos", "rnull"):
            self.real(claim[1])
        elif tag == "mnull":
            self.matrix(claim[1])
        elif tag in ("and", "or"):
            if len(claim[1]) < 2:
                raise LanguageError(f"{tag!r} joins at least two claims")
            for part in claim[1]:
                self.claim(part)
        elif tag == "not":
            self.claim(claim[1])
        elif tag == "implies":
            self.claim(claim[1])
            self.claim(claim[2])
        elif tag in ("forall", "exists"):
            self._quantified(claim)
        elif tag == "near":
            _, sorts, centres, body = claim
            for sort, centre in zip(sorts, centres, strict=True):
                self.sort(sort)
                if sort[0] not in ("matrix", "family", "real"):
                    raise SortError(f"nothing is near a term of sort {sort[0]}")
                self.term(centre, sort)
            self.under(sorts, body, self.claim)
        elif tag in ("differentiable", "convex"):
            self.function(claim[1])
        elif claim != ("false",):
            raise LanguageError(f"no claim is called {tag!r}")

    def _quantified(self, claim: Term) -> None:
        """A claim under quantifiers, all opened together: a body is built again only once."""
        variables: list[Term] = []
        before = self.depth
        while claim[0] in ("forall", "exists"):
            sort = open_sort(claim[1], variables)
            self.sort(sort)
            if self.depth >= MAX_DEPTH:
                raise LanguageError(f"more than {MAX_DEPTH} nested binders")
            variables.append(bound_term(fresh(sort, self.depth, self.prefix)))
            self.depth += 1
            claim = claim[2]
        self.claim(open_binder(claim, variables))
        self.depth = before


def _expect(term: Term, tag: str, length: int) -> None:
    if not isinstance(term, tuple) or len(term) != length or term[0] != tag:
        raise SortError(f"a {tag!r} term was expected, not {term!r}")


def _expect_number(x: object, whole: bool) -> None:
    if type(x) is not int and (whole or type(x) is not Fraction):
        kind = "a whole number" if whole else "a rational number"
        raise SortError(f"{kind} was expected as coefficient, not {x!r}")


# The same indices and letters stand in many claims.  What the check finds of one follows from it
# and from what variables of binders inside are called, which ``depth`` and ``prefix`` say.
@lru_cache(maxsize=1 << 13)
def _letter_shape(letter: Term, depth: int, prefix: str) -> tuple[Index, Index]:
    return Check(prefix, depth).new_letter(letter)


@lru_cache(maxsize=1 << 13)
def _index_fits(term: Term, depth: int, prefix: str) -> None:
    Check(prefix, depth).new_index(term)


@lru_cache(maxsize=1 << 12)
def _sort_fits(sort: Term) -> None:
    """Raise a `LanguageError` unless the sort means something.

    Remembered, as all variables of a proof have few sorts; only acceptance is.  The fresh names
    are not those of the check that asks, which the sort may mention.
    """
    Check("?sort").sort(sort)


@lru_cache(maxsize=1 << 12)
def _chains_exist(family: Term) -> None:
    """Raise a `ShapeError` unless each member of the family composes with the one below it."""
    at = bound_term(("var", "?layer", ("index",)))
    cols = family_shape(family, at)[1]
    rows = family_shape(family, index_sum(at, lin(1), -1))[0]
    if cols != rows:
        raise ShapeError(
            f"{show(family)} has no chains: its layer i has {show(cols)} columns, "
            f"its layer i − 1 has {show(rows)} rows (i is {show(at)})"
        )
