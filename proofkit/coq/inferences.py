"""Inferences in Coq: for each rule of the kernel the tactics that prove its lemma.

Connectives and quantifiers are Coq's own; other rules are theorems of ``tests/coq/Rules.v``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce

from proofkit.coq import combining, near
from proofkit.coq.language import Untold
from proofkit.coq.lemma import Lemma
from proofkit.coq.statements import identifier
from proofkit.kernel.binding import opened
from proofkit.kernel.reading import PLAIN, claim
from proofkit.kernel.terms import INDEX, as_term

__all__ = ["tactics"]


def tactics(s: Lemma) -> str:
    """The tactics that prove a lemma."""
    rule = _RULES.get(s.step.rule)
    if rule is None:
        raise Untold(f"the rule has no way to be said yet: {s.step.rule}")
    return rule(s)


def _assume(s: Lemma) -> str:
    return f"exact {s.local[s.step.conclusion]}."


def _discharge(s: Lemma) -> str:
    (p,) = s.step.data
    return f"intros h. exact {s.premise(0, {claim(p): 'h'})}."


def _modus_ponens(s: Lemma) -> str:
    return f"exact ({s.premise(0)} {s.premise(1)})."


def _conjoin(s: Lemma) -> str:
    parts = [s.premise(n) for n in range(len(s.premises))]
    out = parts.pop()
    while parts:
        out = f"(conj {parts.pop()} {out})"
    return f"exact {out}."


def _project(s: Lemma) -> str:
    (n,) = s.step.data
    out = s.premise(0)
    for _ in range(n):
        out = f"(proj2 {out})"
    if n < len(s.conclusion(0)[1]) - 1:
        out = f"(proj1 {out})"
    return f"exact {out}."


def _either(s: Lemma) -> str:
    parts = s.step.conclusion[1]
    n = parts.index(s.conclusion(0))
    out = s.premise(0)
    if n < len(parts) - 1:
        out = f"(or_introl {out})"
    for _ in range(n):
        out = f"(or_intror {out})"
    return f"exact {out}."


def _cases(s: Lemma) -> str:
    parts = s.conclusion(0)[1]
    pattern = "h"
    for _ in parts[1:]:
        pattern = f"[h|{pattern}]"
    branches = " | ".join(f"exact {s.premise(n + 1, {p: 'h'})}" for n, p in enumerate(parts))
    return f"destruct {s.premise(0)} as {pattern}; [{branches}]."


def _contradiction(s: Lemma) -> str:
    p, q = s.premise(0), s.premise(1)
    return (
        f"pose proof {p} as P. pose proof {q} as Q. solve [lia | lra | exact (Q P) | exact (P Q)]."
    )


def _reductio(s: Lemma) -> str:
    (p,) = s.step.data
    p = claim(p)
    inner = s.premise(0, {p: "h"})
    return (
        f"destruct (classic ({s.writer.claim(p)})) as [h|h]; [exfalso; exact {inner}|]. "
        "solve [exact h | lia | lra | exact (NNPP _ h)]."
    )


def _generalise(s: Lemma) -> str:
    (x,) = s.step.data
    return f"intros {s.names[x]} m_{s.names[x]}. said {s.premise(0)}."


def _instantiate(s: Lemma) -> str:
    (value,) = s.step.data
    sort = s.conclusion(0)[1]
    said = s.writer.term(value, sort)
    membership = f"({s.writer.sort(sort)} {said} = {said})"
    return f"assert (m : {membership}) by member. said ({s.premise(0)} {said} m)."


def _witness(s: Lemma) -> str:
    goal, value = s.step.data
    sort = claim(goal)[1]
    return f"exists {s.writer.term(value, sort)}. split; [member | said {s.premise(0)}]."


def _obtain(s: Lemma) -> str:
    (x,) = s.step.data
    some = s.conclusion(0)
    found = claim(opened(some[2], as_term(x, x[2])))
    name = s.names[x]
    return (
        f"destruct {s.premise(0)} as [{name} [m_{name} e]]. "
        f"assert (h : {s.writer.claim(found)}) by said e. exact {s.premise(1, {found: 'h'})}."
    )


def _induction(s: Lemma) -> str:
    predicate, start = s.step.data
    inner, name = s.writer.below(INDEX)
    body = inner.claim(claim(predicate)[2])
    above = inner.claim(s.conclusion(1)[2][1])
    return (
        f"pose proof (rule_induction (fun {name} => {body}) {s.writer.term(start, INDEX)}) as R. "
        f"cbv beta in R. lapply R; [clear R; intros R | said {s.premise(0)}]. "
        f"lapply R; [clear R; intros R | intros {name} m Hj; assert (above : {above}) by lia; "
        f"said ({s.premise(1)} {name} m above)]. "
        f"intros {name} m above. refine (R {name} m _). lia."
    )


def _choose(s: Lemma) -> str:
    _, _, body = s.conclusion(0)
    at, i = s.writer.below(INDEX)
    conditions: list[str] = []
    while body[0] == "implies":
        conditions.append(f"({at.claim(body[1])})")
        body = body[2]
    sort = body[1]
    if sort[0] != "matrix":
        raise Untold("a function is chosen for each index")
    inner, x = at.below(sort)
    holds = [f"c{n}" for n in range(len(conditions))]
    pattern = reduce(lambda rest, first: f"[{first} {rest}]", reversed(holds)) if holds else "_"
    given = _conjunction(holds) if holds else "I"
    before = " /\\ ".join(conditions) or "True"
    chosen = f"(fun {i} {x} => {inner.claim(body[2])})"
    return (
        f"destruct (rule_choose zero (fun {i} => {at.sort(sort)}) (fun {i} => {before}) {chosen}) "
        f"as [F [m H]]; [again | intros {i} m c; destruct c as {pattern}; "
        f"exact ({s.premise(0)} {i} m {' '.join(holds)}) | ]. "
        f"exists F. split; [exact m | intros {i} mi {' '.join(holds)}; said (H {i} mi {given})]."
    )


def _conjunction(names: list[str]) -> str:
    out = names[-1]
    for name in reversed(names[:-1]):
        out = f"(conj {name} {out})"
    return out


def _rewrite(s: Lemma) -> str:
    template, old, new = s.step.data
    _, sort, body = claim(template)
    first, second = (s.writer.term(PLAIN.term(x, sort), sort) for x in (old, new))
    inner, z = s.writer.below(sort)
    predicate = f"(fun {z} => {inner.claim(body)})"
    return (
        f"assert (e : {first} = {second}) by ({near.equal(s.writer, sort, s.premise(0))}). "
        f"assert (p : {predicate} {first}) by (cbv beta; said {s.premise(1)}). "
        f"pose proof (rule_rewrite {predicate} _ _ e p) as q. cbv beta in q. said q."
    )


def _textbook(s: Lemma) -> str:
    (name,) = s.step.data
    return f"exact proved_{identifier(name)}."


_RULES: Mapping[str, Callable[[Lemma], str]] = {
    "assume": _assume,
    "discharge": _discharge,
    "modus ponens": _modus_ponens,
    "conjoin": _conjoin,
    "project": _project,
    "either": _either,
    "cases": _cases,
    "contradiction": _contradiction,
    "reductio": _reductio,
    "generalise": _generalise,
    "instantiate": _instantiate,
    "witness": _witness,
    "obtain": _obtain,
    "induction": _induction,
    "choose": _choose,
    "rewrite": _rewrite,
    "algebra": combining.algebra,
    "restate": combining.restate,
    "arithmetic": combining.arithmetic,
    "near: consequence": near.consequence,
    "near: at the point": near.at_the_point,
    "near: around near points": near.near_points,
    "near: along a continuous map": near.along,
    "differentiate": combining.differentiate,
    "textbook": _textbook,
}
