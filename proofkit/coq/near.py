"""Inferences about nearness in Coq: tactics for the rules of ``tests/coq/Rules.v`` on it.

What is near is a number, a matrix, a family of them, or a group of these: a pair, whose second part
is a pair again, and so on.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

from proofkit.coq.language import Writer
from proofkit.coq.lemma import Lemma
from proofkit.kernel.binding import closed, lifted, opened
from proofkit.kernel.nodes import Term
from proofkit.kernel.reading import PLAIN

__all__ = ["along", "at_the_point", "consequence", "equal", "near_points"]


def consequence(s: Lemma) -> str:
    place, centre, says = _place(s, s.step.conclusion)
    bodies = [says(s.conclusion(n)[3]) for n in range(1, len(s.premises))]
    listed = "".join(f"(cons {body} " for body in bodies) + "nil" + ")" * len(bodies)
    near = [_nearby(s, n) for n in range(1, len(s.premises))]
    known = "".join(f"apply List.Forall_cons; [exact {premise} | ]. " for premise in near)
    parts = _parts("z", len(s.step.conclusion[1]))
    follows = " ".join(f"{part} ltac:(assumption)" for part in parts)
    return (
        f"as_nearby. apply (rule_near_consequence (P := {place}) ltac:(neighbours) {centre} "
        f"{listed}); [intros z m; parted; exact ({s.premise(0)} {follows}) | ]. {known}"
        "apply List.Forall_nil."
    )


def at_the_point(s: Lemma) -> str:
    place, centre, _ = _place(s, s.conclusion(0))
    return (
        f"assert (m : cut {place} {centre} = {centre}) by member. "
        f"pose proof (rule_near_at_the_point (P := {place}) ltac:(neighbours) _ _ m "
        f"{_nearby(s, 0)}) as q. "
        "cbv beta delta [apart fst snd] iota in q. said q."
    )


def near_points(s: Lemma) -> str:
    _, sorts, _, _ = s.conclusion(0)
    pairs = "z"
    for _ in sorts[1:]:
        pairs = f"[x {pairs}]"
    back = "now apply near_here" if len(sorts) == 1 and sorts[0][0] != "to" else "trivial"
    return (
        f"as_nearby. eapply near_around; [neighbours | exact {_nearby(s, 0)} | ]. "
        f"intros {pairs if len(sorts) > 1 else 'z'} N. {back}."
    )


def along(s: Lemma) -> str:
    xs, centres, terms = s.step.data
    _, sorts, point, body = s.conclusion(0)
    place, centre = s.writer.group([x[2] for x in xs], centres)
    there, _, says = _place(s, s.conclusion(0))
    parts = dict(zip(xs, _parts("z", len(xs)), strict=True))
    moving = Writer(free={**s.names, **parts})
    values = [moving.term(t, sort) for t, sort in zip(terms, sorts, strict=True)]
    map_ = f"(fun z => {reduce(lambda rest, first: f'({first}, {rest})', reversed(values))})"
    same: list[str] = []
    premises = iter(range(1, len(s.premises)))
    for t, sort, wanted in zip(terms, sorts, point, strict=True):
        here = PLAIN.term(opened(closed(t, *xs), *centres), sort) == wanted
        same.append("same_term" if here else equal(s.writer, sort, s.premise(next(premises))))
    first = "".join(f"apply (f_equal2 pair); [{how} | " for how in same[:-1])
    split = first + same[-1] + "]" * len(same[1:])
    known = "".join(f"pose proof {s.premise(n)}. " for n in premises)
    return (
        f"assert (e : {map_} {centre} = {s.writer.group(sorts, point)[1]}) by "
        f"(cbv beta delta [fst snd] iota; {split}). {known}"
        f"assert (c : continuous_at {place} {there} {map_} {centre}) by continuous. "
        f"assert (m : each (cut {place}) (fun z => cut {there} ({map_} z) = {map_} z)) by "
        "(intros z m; parted; member). "
        f"pose proof (rule_near_along {place} {there} ltac:(neighbours) _ _ _ {says(body)} "
        f"{_nearby(s, 0)} e c m) as q. "
        "cbv beta delta [apart fst snd] iota in q. as_nearby. said q."
    )


def equal(writer: Writer, sort: Term, premise: str) -> str:
    """How two terms are the same of which a premise says that they are equal."""
    if sort[0] == "matrix":
        rows, cols = (writer.number(size, "nat") for size in sort[1:])
        return f"apply (equal_matrices {rows} {cols}); [member | member | said {premise}]"
    if sort[0] == "to":
        inner, x = writer.below(sort[1])
        below = equal(inner, sort[2], f"({premise} {x} m{x})")
        domain, codomain = writer.sort(sort[1]), f"(fun {x} => {inner.sort(sort[2])})"
        return (
            f"apply (equal_functions {domain} {codomain}); "
            f"[member | member | again | intros {x} m{x}; {below}]"
        )
    return f"pose proof {premise}; solve [lra | lia]"


def _place(s: Lemma, near: Term) -> tuple[str, str, Callable[[Term], str]]:
    """Near what a claim says something: the place and the centre, and how it says a body."""
    _, sorts, centres, _ = near
    below = [lifted(sort, n) for n, sort in enumerate(sorts)]
    return *s.writer.group(sorts, centres), lambda body: s.writer.apart(below, body)


def _nearby(s: Lemma, n: int) -> str:
    """A premise on nearness, of a place even where it is of a space."""
    _, sorts, _, _ = s.conclusion(n)
    here = len(sorts) == 1 and sorts[0][0] != "to"
    return f"(proj1 (near_here _ _ _) {s.premise(n)})" if here else s.premise(n)


def _parts(of: str, count: int) -> list[str]:
    """The parts of a pair, whose second part is a pair again, …"""
    return [of] if count == 1 else [f"(fst {of})", *_parts(f"(snd {of})", count - 1)]
