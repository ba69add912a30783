"""How claims are laid out: as the sentences a paper would write.

∀ with a range becomes "for all 1 ≤ i ≤ k", ∃ with a nonzero vector "there is w ≠ 0 with …", what
holds near zero "for all small v".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from proofkit.claims import (
    Abbreviation,
    AllPositive,
    And,
    Between,
    Claim,
    Continuous,
    Contradiction,
    Convex,
    Critical,
    Differentiable,
    DifferentiableAt,
    Equal,
    Exists,
    ForAll,
    GlobalMinimum,
    Implies,
    Less,
    LessEqual,
    LocalMinimum,
    Near,
    NonZero,
    Not,
    Or,
    PositiveDefinite,
    PositiveSemidefinite,
    RankBelow,
    RankIs,
    Slope,
    SpuriousLocalMinimum,
    Symmetric,
)
from proofkit.symbols import FunctionOf, FunctionWord, Tabulated, Zero, rank
from proofkit.views.boxes import (
    Box,
    Level,
    Number,
    Op,
    Row,
    Words,
    bracketed,
    flatten,
    has_words,
    row,
)
from proofkit.views.layout import Layout, comma_list, lays
from proofkit.views.layout_sizes import beside, both_bare, with_size, without_identities
from proofkit.views.layout_terms import function_box, maps_to
from proofkit.views.sorts import membership

__all__ = ["chained", "is_ranged"]

_SAID = (
    *(Convex, Differentiable, DifferentiableAt, Continuous, Slope),
    *(AllPositive, Symmetric, PositiveDefinite, PositiveSemidefinite),
)
_SIMPLE = (Equal, LessEqual, Less, NonZero, RankIs, RankBelow, Between, *_SAID)


def _relation(left: Box, symbol: str, right: Box) -> Row:
    parts = (bracketed(left, Level.SUM), Op(symbol, "relation"), bracketed(right, Level.SUM))
    return row(Level.RELATION, *parts)


@lays(Equal)
def _equal(layout: Layout, x: Any) -> Box:
    return _equation(layout, "=", *x.args)


def _equation(layout: Layout, sign: str, left: Any, right: Any) -> Row:
    """An equation or its opposite; one side tells the size of I, 0 or 𝟏 on the other."""
    if both_bare(layout, left, right):
        return _relation(with_size(layout, left), sign, with_size(layout, right))
    return _relation(beside(layout, left, right), sign, beside(layout, right, left))


@lays(LessEqual)
def _less_equal(layout: Layout, x: Any) -> Box:
    return _relation(layout(x.args[0]), "≤", layout(x.args[1]))


@lays(Less)
def _less(layout: Layout, x: Any) -> Box:
    return _relation(layout(x.args[0]), "<", layout(x.args[1]))


@lays(NonZero)
def _non_zero(layout: Layout, x: Any) -> Box:
    return _relation(with_size(layout, without_identities(layout, x.args[0])), "≠", Number("0"))


@lays(RankIs)
def _rank_is(layout: Layout, x: Any) -> Box:
    return _relation(layout(rank(x.args[0])), "=", layout(x.args[1]))


@lays(RankBelow)
def _rank_below(layout: Layout, x: Any) -> Box:
    return _relation(layout(rank(x.args[0])), "<", layout(x.args[1]))


@lays(Between)
def _between(layout: Layout, x: Any) -> Box:
    lo, at, hi = (layout(a) for a in x.args)
    return row(Level.RELATION, lo, Op("≤", "range"), at, Op("≤", "range"), hi)


@lays(Critical)
def _critical(layout: Layout, x: Any) -> Box:
    function, at = x.args
    return _relation(layout(function.gradient(at)), "=", Number("0"))


@lays(Abbreviation)
def _abbreviation(layout: Layout, x: Any) -> Box:
    """An abbreviation without a rule of its own is printed as what it means."""
    return layout(x.meaning())


@lays(LocalMinimum)
def _local(layout: Layout, x: Any) -> Box:
    return _extremum(layout, x, "a local minimum")


@lays(GlobalMinimum)
def _global(layout: Layout, x: Any) -> Box:
    return _extremum(layout, x, "a global minimum")


@lays(SpuriousLocalMinimum)
def _spurious(layout: Layout, x: Any) -> Box:
    return _extremum(layout, x, "a spurious local minimum")


def _extremum(layout: Layout, x: Any, what: str) -> Box:
    variables, objective, point = x.args
    of = maps_to(layout, variables, objective)
    return row(Level.RELATION, layout(point), f" is {what} of ", of)


def _says(subject: Box, *rest: Box | str) -> Row:
    return row(Level.RELATION, subject, *rest)


def _spoken(layout: Layout, function: Any) -> Box:
    """A function in a sentence: as where it is applied, but a word is set off by the sentence."""
    word = isinstance(function, FunctionWord) and function not in layout.names
    return layout(function) if word else function_box(layout, function)


@lays(Convex)
def _convex(layout: Layout, x: Any) -> Box:
    return _says(_spoken(layout, x.args[0]), " is convex")


@lays(Differentiable)
def _differentiable(layout: Layout, x: Any) -> Box:
    return _says(_spoken(layout, x.args[0]), " is differentiable")


@lays(DifferentiableAt)
def _differentiable_at(layout: Layout, x: Any) -> Box:
    function, at = x.args
    return _says(_spoken(layout, function), " is differentiable at ", layout(at))


@lays(Continuous)
def _continuous(layout: Layout, x: Any) -> Box:
    function, at = x.args
    return _says(_spoken(layout, function), " is continuous at ", layout(at))


@lays(Slope)
def _slope(layout: Layout, x: Any) -> Box:
    """The derivative as a sentence; a map in it ends where the sentence goes on."""
    function, at, slope = x.args
    of, found = (
        layout(f) if isinstance(f, FunctionOf) else _spoken(layout, f) for f in (function, slope)
    )
    return _says(Words("the derivative of "), of, " at ", layout(at), " is ", found)


@lays(AllPositive)
def _all_positive(layout: Layout, x: Any) -> Box:
    return _says(Words("every entry of "), with_size(layout, x.args[0]), " is positive")


@lays(Symmetric)
def _symmetric(layout: Layout, x: Any) -> Box:
    return _says(with_size(layout, x.args[0]), " is symmetric")


@lays(PositiveDefinite)
def _positive_definite(layout: Layout, x: Any) -> Box:
    return _says(with_size(layout, x.args[0]), " is positive definite")


@lays(PositiveSemidefinite)
def _positive_semidefinite(layout: Layout, x: Any) -> Box:
    return _says(with_size(layout, x.args[0]), " is positive semidefinite")


@lays(Contradiction)
def _contradiction(layout: Layout, x: Any) -> Box:
    return row(Level.RELATION, "a contradiction")


# Connectives.


def chained(layout: Layout, parts: Sequence[Any]) -> list[Box]:
    """The parts of a conjunction, with a < b and b ≤ c after each other as a < b ≤ c."""
    out: list[Box] = []
    end: Any = None
    for part in parts:
        if not isinstance(part, (Less, LessEqual)):
            out.append(layout(part))
            end = None
            continue
        left, right = part.args
        sign = Op("<" if isinstance(part, Less) else "≤", "relation")
        start = out.pop() if end is not None and left == end else layout(left)
        out.append(row(Level.RELATION, start, sign, layout(right)))
        end = right
    return out


def _joined(layout: Layout, parts: Sequence[Any], word: str) -> Box:
    return _in_a_row([layout(part) for part in parts], word)


def _in_a_row(parts: Sequence[Box], word: str) -> Box:
    boxes = [bracketed(part, Level.RELATION) for part in parts]
    items: list[Box] = []
    for n, box in enumerate(boxes):
        if n:
            items.append(Words(f" {word} " if n == len(boxes) - 1 else ", "))
        items.append(box)
    return items[0] if len(items) == 1 else Row(tuple(items), Level.JOINED)


@lays(And)
def _and(layout: Layout, x: Any) -> Box:
    """What holds near by stands last, where "for all X near Y" ends the sentence."""
    near = [part for part in x.args if _ends_near(part)]
    rest = [part for part in x.args if part not in near]
    if len(near) != 1 or not rest:
        boxes = chained(layout, x.args)
        return boxes[0] if len(boxes) == 1 else _in_a_row(boxes, "and")
    return row(Level.SENTENCE, _joined(layout, rest, "and"), ", and ", layout(near[0]))


def _ends_near(claim: Any) -> bool:
    """Whether a claim is printed as "P for all X near Y"."""
    return isinstance(claim, Near) and isinstance(_nearby(claim)[1], _SIMPLE)


@lays(Or)
def _or(layout: Layout, x: Any) -> Box:
    return _joined(layout, x.args, "or")


@lays(Not)
def _not(layout: Layout, x: Any) -> Box:
    part = x.args[0]
    if isinstance(part, Equal):
        return _equation(layout, "≠", *part.args)
    if isinstance(part, Exists):
        return _there_is(layout, part, negated=True)
    body = layout(part)
    return row(Level.RELATION, "not ", bracketed(body, Level.ATOM))


@lays(Implies)
def _implies(layout: Layout, x: Any) -> Box:
    """P ⟹ Q between formulas, "if P, then Q" between sentences."""
    *premises, last = x.args
    premise, conclusion = _joined(layout, premises, "and"), layout(last)
    if has_words(premise) or has_words(conclusion):
        return row(Level.SENTENCE, "if ", premise, ", then ", conclusion)
    return row(Level.IMPLIES, premise, Op("⟹", "relation"), conclusion)


# Quantifiers.


@lays(ForAll)
def _for_all(layout: Layout, x: Any) -> Box:
    """ "P for all 1 ≤ i ≤ k" when P is a plain relation, "for all 1 ≤ i ≤ k: P" otherwise."""
    variables, body = x.args
    domain, rest = _domain(layout, tuple(variables), body)
    if isinstance(rest, _SIMPLE):
        return row(Level.SENTENCE, layout(rest), " for all ", domain)
    return row(Level.SENTENCE, "for all ", domain, ": ", layout(rest))


def _domain(layout: Layout, variables: tuple[Any, ...], body: Claim) -> tuple[Box, Claim]:
    """What the variables range over, and the rest of the body.

    A first premise 1 ≤ i ≤ k says what i ranges over better than "integer i" would.
    """
    if len(variables) == 1 and isinstance(body, Implies):
        first, *others = _ranged(variables[0], body.args)
        if _is_about(first, variables[0]):
            return layout(first), Implies(*others)
    return _memberships(layout, variables), body


def _ranged(variable: Any, premises: tuple[Any, ...]) -> tuple[Any, ...]:
    """The premises with a first lo ≤ i and i ≤ hi, in either order, made one lo ≤ i ≤ hi."""
    bounds = premises[:2]
    if len(premises) > 2 and all(isinstance(p, LessEqual) for p in bounds):
        lows = [p.args[0] for p in bounds if p.args[1] == variable]
        highs = [p.args[1] for p in bounds if p.args[0] == variable]
        if lows and highs:
            return (Between(lows[0], variable, highs[0]), *premises[2:])
    return premises


def _is_about(claim: Any, variable: Any) -> bool:
    """Whether a premise is a condition on the variable that reads well right after "for all"."""
    if isinstance(claim, Between):
        return bool(claim.args[1] == variable)
    if isinstance(claim, (LessEqual, Less)):
        return bool(variable in claim.args)
    return isinstance(claim, NonZero) and bool(claim.args[0] == variable)


def is_ranged(claim: ForAll) -> bool:
    """Whether the claim reads best as "P for all 1 ≤ i ≤ k", not as "Let i be an integer"."""
    variables, body = claim.args
    if len(variables) != 1 or not isinstance(body, Implies):
        return False
    first, *others = _ranged(variables[0], body.args)
    return _is_about(first, variables[0]) and isinstance(Implies(*others), _SIMPLE)


def _memberships(layout: Layout, variables: tuple[Any, ...]) -> Box:
    items: list[Box] = []
    for n, variable in enumerate(variables):
        if n:
            items.append(Words(" and " if n == len(variables) - 1 else ", "))
        items.append(membership(layout, variable))
    return Row(tuple(items), Level.SENTENCE)


@lays(Exists)
def _exists(layout: Layout, x: Any) -> Box:
    return _there_is(layout, x, negated=False)


def _there_is(layout: Layout, x: Any, *, negated: bool) -> Box:
    variables, body = x.args
    verb = "is" if len(variables) == 1 else "are"
    start = f"there {verb} no " if negated else f"there {verb} "
    named: Box = comma_list(layout, variables)
    parts = _ranged(variables[0], body.args) if isinstance(body, And) else ()
    if len(variables) == 1 and parts and _is_about(parts[0], variables[0]):
        first, *others = parts
        named, body = layout(first), And(*others)
    elif _is_about(body, variables[0]):
        return row(Level.SENTENCE, start, layout(body))
    said = layout(body)
    begin = next(iter(flatten(said)), None)
    sentence = isinstance(begin, Words) and begin.text.startswith(("for all", "there "))
    parts = body.args if isinstance(body, And) else (body,)
    sentence = sentence or isinstance(parts[0], _SAID) or any(map(_ends_near, parts))
    return row(Level.SENTENCE, start, named, " such that " if sentence else " with ", said)


@lays(Near)
def _near(layout: Layout, x: Any) -> Box:
    """ "P for all X near Y" when P is a plain relation; near zero is what is small."""
    pairs, body = _nearby(x)
    domain: list[Box | str] = []
    for n, (variable, centre) in enumerate(pairs):
        joint = " and " if n == len(pairs) - 1 else ", "
        domain.extend([joint] if n else [])
        if _is_nothing(centre):
            domain.extend(["small ", layout(variable)])
        else:
            domain.extend([layout(variable), " near ", layout(centre)])
    if isinstance(body, _SIMPLE):
        return row(Level.SENTENCE, layout(body), " for all ", *domain)
    return row(Level.SENTENCE, "for all ", *domain, ": ", layout(body))


def _nearby(claim: Any) -> tuple[list[tuple[Any, Any]], Any]:
    """The variables with what they are near, also of what is said near by in turn, and the rest."""
    pairs: list[tuple[Any, Any]] = []
    while isinstance(claim, Near):
        pairs.extend(claim.pairs)
        claim = claim.body
    return pairs, claim


def _is_nothing(centre: Any) -> bool:
    """Whether a matrix, a number or all members of a family are zero."""
    return isinstance(centre.args[1] if isinstance(centre, Tabulated) else centre, Zero) or (
        centre == 0
    )
