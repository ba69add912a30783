"""Whole proofs in Coq: each inference a lemma, checked against what ``tests/coq`` proves.

`written` says each sequent as a proposition, all its variables quantified, in the words of
``Language.v``, and proves it from those it was inferred from: by a term where the rule is one of
Coq's own logic, by the theorem about the rule otherwise.  Where a rule brings a claim into normal
form, a tactic of ``Tactics.v`` shows that both say the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from typing import Any

from proofkit.coq.language import Untold, Writer
from proofkit.coq.statements import identifier
from proofkit.export import ExportedProof, ExportedStep
from proofkit.kernel.binding import closed, free, lifted, opened, reach
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.reading import PLAIN, claim, read_by, under
from proofkit.kernel.terms import INDEX, as_term

__all__ = ["written"]

_HEAD = """\
(** {title}

    Written by [proofkit export --format coq].  Each lemma is an inference of the kernel; Coq
    checks them against the facts and rules that are proved in proofkit's tests/coq. *)
From Coq Require Import Reals ZArith Lra Lia Classical.
From Proofkit Require Import {files}.
Open Scope R_scope.

"""
_FILES = (
    *("Language", "Statements", "Base", "ProofsReals", "ProofsEntries", "Calculus"),
    *("ProofsCalculus", "Curves", "ProofsMatrices", "ProofsDeterminants", "ProofsForms"),
    *("Algebra", "Rules", "Differentiation", "Continuity", "Tactics"),
)


def written(proof: ExportedProof) -> str:
    """The file, for ``coqc -Q FOLDER Proofkit`` where the folder holds ``tests/coq``, compiled.

    `Untold` where a rule or a claim has no way to be said yet.
    """
    title = proof.meta.get("title", "A proof").replace("*)", "* )")
    out = [_HEAD.format(title=title, files=" ".join(_FILES))]
    done: list[_Lemma] = []
    for number, step in enumerate(proof.steps):
        lemma = _Lemma(number, _gated(step), [done[p] for p in step.premises])
        done.append(lemma)
        out.append(lemma.text())
    out.append(_statement(done[-1]))
    return "".join(out)


def _gated(step: ExportedStep) -> ExportedStep:
    def noded(x: Any) -> Any:
        return node(*map(noded, x)) if isinstance(x, tuple) else x

    hypotheses = tuple(claim(noded(h)) for h in step.hypotheses)
    data, conclusion = noded(step.data), claim(noded(step.conclusion))
    return ExportedStep(step.rule, step.premises, data, hypotheses, conclusion)


def _statement(last: _Lemma) -> str:
    """The statement, without variables that only inferences spoke of."""
    said = Writer().claim(last.step.conclusion)
    arguments = " ".join(f"{_some(v[2], last.names)} {_member(v[2])}" for v in last.variables)
    return (
        f"Theorem statement : {said}.\nProof. exact (step{last.number} {arguments}). Qed.\n"
        "Print Assumptions statement.\n"
    ).replace(" ).", ").")


def _some(sort: Term, names: Mapping[Term, str]) -> str:
    match sort[0]:
        case "index":
            return "0%Z"
        case "nat":
            return "0%nat"
        case "real":
            return "0"
        case "matrix":
            return "zero"
    raise Untold(f"a variable of the sort {sort[0]} is left over")


def _member(sort: Term) -> str:
    return "(matrix_zero _ _)" if sort[0] == "matrix" else "eq_refl"


def _variables(terms: Iterable[Term]) -> list[Term]:
    """The variables of terms and of their sorts, each after those that its sort has."""
    found: list[Term] = []

    def visit(x: Term) -> None:
        for _, v in sorted(free(x).items()):
            if v not in found:
                visit(v[2])
                found.append(v)

    for x in terms:
        visit(x)
    return found


class _Lemma:
    """The lemma for one step: its variables, hypotheses and conclusion, and how it is proved."""

    def __init__(self, number: int, step: ExportedStep, premises: list[_Lemma]) -> None:
        self.number, self.step, self.premises = number, step, premises
        bound = step.data[:1] if step.rule in ("generalise", "obtain") else ()
        kept: list[Term] = [v for p in premises for v in p.variables if v not in bound]
        own = [*step.hypotheses, step.conclusion, *_terms(step)]
        self.variables: list[Term] = [v for v in _variables([*own, *kept]) if v not in bound]
        self.names = {v: _name(v, n) for n, v in enumerate([*self.variables, *bound])}
        self.writer = Writer(free=self.names)
        self.local = {h: f"h{n}" for n, h in enumerate(step.hypotheses)}

    def text(self) -> str:
        """The lemma and its proof."""
        claim_ = " -> ".join(f"({self.writer.claim(h)})" for h in self.step.hypotheses)
        said = f"({self.writer.claim(self.step.conclusion)})"
        body = f"{claim_} -> {said}" if claim_ else said
        intros = ""
        for v in reversed(self.variables):
            body = f"each {self.writer.sort(v[2])} (fun {self.names[v]} => {body})"
        for v in self.variables:
            intros += f" {self.names[v]} m_{self.names[v]}"
        intros += "".join(f" {name}" for name in self.local.values())
        start = f"intros{intros}. " if intros else ""
        start += self.families()
        return (
            f"(* {self.step.rule} *)\n"
            f"Lemma step{self.number} : {body}.\nProof. {start}{self.proof()} Qed.\n\n"
        )

    def families(self) -> str:
        """That families which are written out are families, of which there are chains."""
        found: dict[Term, None] = {}
        for said in (self.step.conclusion, *(p.step.conclusion for p in self.premises)):
            _families(said, found)
        out = ""
        written_out = [f for f in found if f[0] != "var" and not reach(f)]
        known = set(self.variables)
        for n, f in enumerate(f for f in written_out if known.issuperset(free(f).values())):
            sort, said = self.writer.sort(self.writer.sort_of(f)), self.writer.function(f)
            out += f"assert (m{n} : {sort} {said} = {said}) by member. "
        return out

    def proof(self) -> str:
        """The tactics."""
        rule = _RULES.get(self.step.rule)
        if rule is None:
            raise Untold(f"the rule has no way to be said yet: {self.step.rule}")
        return rule(self)

    def premise(self, n: int, known: Mapping[Term, str] | None = None) -> str:
        """The n-th premise, of these variables and hypotheses."""
        lemma = self.premises[n]
        known = {**self.local, **(known or {})}
        arguments = []
        for v in lemma.variables:
            arguments += [self.names[v], f"m_{self.names[v]}"]
        arguments += [known[h] for h in lemma.step.hypotheses]
        return f"(step{lemma.number} {' '.join(arguments)})" if arguments else f"step{lemma.number}"

    def conclusion(self, n: int) -> Term:
        """What the n-th premise says."""
        said: Term = self.premises[n].step.conclusion
        return said


def _families(x: Term, found: dict[Term, None]) -> None:
    """The families of the chains in a term."""
    if x[:1] == ("chain",):
        found[x[1]] = None
    for part in x:
        if isinstance(part, tuple):
            _families(part, found)


def _terms(step: ExportedStep) -> list[Term]:
    """The terms of the data whose variables the proof speaks of."""
    match step.rule, step.data:
        case "instantiate", (value,):
            return [value]
        case "witness", (_, value):
            return [value]
        case "near: along a continuous map", (xs, centres, terms):
            return [*centres, *(closed(t, *xs) for t in terms)]
        case "rewrite" | "induction" | "differentiate", data:
            return [x for x in data if isinstance(x, tuple)]
    return []


def _name(v: Term, n: int) -> str:
    plain = re.sub(r"[^A-Za-z]", "", v[1]) or "x"
    return f"{plain}_{n}"


# ── Rules ────────────────────────────────────────────────────────────────────────────────────────
def _assume(s: _Lemma) -> str:
    return f"exact {s.local[s.step.conclusion]}."


def _discharge(s: _Lemma) -> str:
    (p,) = s.step.data
    return f"intros h. exact {s.premise(0, {claim(p): 'h'})}."


def _modus_ponens(s: _Lemma) -> str:
    return f"exact ({s.premise(0)} {s.premise(1)})."


def _conjoin(s: _Lemma) -> str:
    parts = [s.premise(n) for n in range(len(s.premises))]
    out = parts.pop()
    while parts:
        out = f"(conj {parts.pop()} {out})"
    return f"exact {out}."


def _project(s: _Lemma) -> str:
    (n,) = s.step.data
    out = s.premise(0)
    for _ in range(n):
        out = f"(proj2 {out})"
    if n < len(s.conclusion(0)[1]) - 1:
        out = f"(proj1 {out})"
    return f"exact {out}."


def _either(s: _Lemma) -> str:
    parts = s.step.conclusion[1]
    n = parts.index(s.conclusion(0))
    out = s.premise(0)
    if n < len(parts) - 1:
        out = f"(or_introl {out})"
    for _ in range(n):
        out = f"(or_intror {out})"
    return f"exact {out}."


def _cases(s: _Lemma) -> str:
    parts = s.conclusion(0)[1]
    pattern = "h"
    for _ in parts[1:]:
        pattern = f"[h|{pattern}]"
    branches = " | ".join(f"exact {s.premise(n + 1, {p: 'h'})}" for n, p in enumerate(parts))
    return f"destruct {s.premise(0)} as {pattern}; [{branches}]."


def _contradiction(s: _Lemma) -> str:
    p, q = s.premise(0), s.premise(1)
    return (
        f"pose proof {p} as P. pose proof {q} as Q. solve [lia | lra | exact (Q P) | exact (P Q)]."
    )


def _reductio(s: _Lemma) -> str:
    (p,) = s.step.data
    p = claim(p)
    inner = s.premise(0, {p: "h"})
    return (
        f"destruct (classic ({s.writer.claim(p)})) as [h|h]; [exfalso; exact {inner}|]. "
        "solve [exact h | lia | lra | exact (NNPP _ h)]."
    )


def _generalise(s: _Lemma) -> str:
    (x,) = s.step.data
    return f"intros {s.names[x]} m_{s.names[x]}. said {s.premise(0)}."


def _instantiate(s: _Lemma) -> str:
    (value,) = s.step.data
    sort = s.conclusion(0)[1]
    said = s.writer.term(value, sort)
    membership = f"({s.writer.sort(sort)} {said} = {said})"
    return f"assert (m : {membership}) by member. said ({s.premise(0)} {said} m)."


def _witness(s: _Lemma) -> str:
    goal, value = s.step.data
    sort = claim(goal)[1]
    return f"exists {s.writer.term(value, sort)}. split; [member | said {s.premise(0)}]."


def _obtain(s: _Lemma) -> str:
    (x,) = s.step.data
    some = s.conclusion(0)
    found = claim(opened(some[2], as_term(x, x[2])))
    name = s.names[x]
    return (
        f"destruct {s.premise(0)} as [{name} [m_{name} e]]. "
        f"assert (h : {s.writer.claim(found)}) by said e. exact {s.premise(1, {found: 'h'})}."
    )


def _induction(s: _Lemma) -> str:
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


def _choose(s: _Lemma) -> str:
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


def _rewrite(s: _Lemma) -> str:
    template, old, new = s.step.data
    _, sort, body = claim(template)
    first, second = (s.writer.term(PLAIN.term(x, sort), sort) for x in (old, new))
    inner, z = s.writer.below(sort)
    predicate = f"(fun {z} => {inner.claim(body)})"
    return (
        f"assert (e : {first} = {second}) by ({_equal(s.writer, sort, s.premise(0))}). "
        f"assert (p : {predicate} {first}) by (cbv beta; said {s.premise(1)}). "
        f"pose proof (rule_rewrite {predicate} _ _ e p) as q. cbv beta in q. said q."
    )


def _place(s: _Lemma, near: Term) -> tuple[str, str, Callable[[Term], str]]:
    """Near what a claim says something: the place and the centre, and how it says a body."""
    _, sorts, centres, _ = near
    below = [lifted(sort, n) for n, sort in enumerate(sorts)]
    return *s.writer.group(sorts, centres), lambda body: s.writer.apart(below, body)


def _nearby(s: _Lemma, n: int) -> str:
    """A premise on nearness, of a place even where it is of a space."""
    _, sorts, _, _ = s.conclusion(n)
    here = len(sorts) == 1 and sorts[0][0] != "to"
    return f"(proj1 (near_here _ _ _) {s.premise(n)})" if here else s.premise(n)


def _parts(of: str, count: int) -> list[str]:
    """The parts of a pair, whose second part is a pair again, …"""
    return [of] if count == 1 else [f"(fst {of})", *_parts(f"(snd {of})", count - 1)]


def _near_all(s: _Lemma) -> str:
    place, centre, says = _place(s, s.step.conclusion)
    bodies = [says(s.conclusion(n)[3]) for n in range(1, len(s.premises))]
    listed = "".join(f"(cons {body} " for body in bodies) + "nil" + ")" * len(bodies)
    known = "".join(f"apply List.Forall_cons; [exact {_nearby(s, n)} | ]. " for n in range(1, len(s.premises)))
    parts = _parts("z", len(s.step.conclusion[1]))
    follows = " ".join(f"{part} ltac:(assumption)" for part in parts)
    return (
        f"as_nearby. apply (rule_near_consequence (P := {place}) ltac:(neighbours) {centre} {listed}); "
        f"[intros z m; parted; exact ({s.premise(0)} {follows}) | ]. {known}apply List.Forall_nil."
    )


def _near_here(s: _Lemma) -> str:
    place, centre, _ = _place(s, s.conclusion(0))
    return (
        f"assert (m : cut {place} {centre} = {centre}) by member. "
        f"pose proof (rule_near_at_the_point (P := {place}) ltac:(neighbours) _ _ m {_nearby(s, 0)}) as q. "
        "cbv beta delta [apart fst snd] iota in q. said q."
    )


def _near_near(s: _Lemma) -> str:
    _, sorts, _, _ = s.conclusion(0)
    pairs = "z"
    for _ in sorts[1:]:
        pairs = f"[x {pairs}]"
    back = "now apply near_here" if len(sorts) == 1 and sorts[0][0] != "to" else "trivial"
    return (
        f"as_nearby. eapply near_around; [neighbours | exact {_nearby(s, 0)} | ]. "
        f"intros {pairs if len(sorts) > 1 else 'z'} N. {back}."
    )


def _near_along(s: _Lemma) -> str:
    xs, centres, terms = s.step.data
    _, sorts, point, body = s.conclusion(0)
    place, centre = s.writer.group([x[2] for x in xs], centres)
    there, _, says = _place(s, s.conclusion(0))
    parts = dict(zip(xs, _parts("z", len(xs)), strict=True))
    moving = Writer(free={**s.names, **parts})
    values = [moving.term(t, sort) for t, sort in zip(terms, sorts, strict=True)]
    map_ = f"(fun z => {reduce(lambda rest, first: f'({first}, {rest})', reversed(values))})"
    equal: list[str] = []
    premises = iter(range(1, len(s.premises)))
    for t, sort, wanted in zip(terms, sorts, point, strict=True):
        same = PLAIN.term(opened(closed(t, *xs), *centres), sort) == wanted
        equal.append("same_term" if same else _equal(s.writer, sort, s.premise(next(premises))))
    split = "".join("f_equal; [" + how + " | " for how in equal[:-1]) + equal[-1] + "]" * len(equal[1:])
    known = "".join(f"pose proof {s.premise(n)}. " for n in premises)
    return (
        f"assert (e : {map_} {centre} = {s.writer.group(sorts, point)[1]}) by "
        f"(cbv beta delta [fst snd] iota; {split}). {known}"
        f"assert (c : continuous_at {place} {there} {map_} {centre}) by continuous. "
        f"assert (m : each (cut {place}) (fun z => cut {there} ({map_} z) = {map_} z)) by "
        "(intros z m; parted; member). "
        f"pose proof (rule_near_along {place} {there} ltac:(neighbours) _ _ _ {says(body)} {_nearby(s, 0)} e c m) "
        "as q. cbv beta delta [apart fst snd] iota in q. as_nearby. said q."
    )


def _equal(writer: Writer, sort: Term, premise: str) -> str:
    """How two terms are the same of which a premise says that they are equal."""
    if sort[0] == "matrix":
        rows, cols = (writer.number(size, "nat") for size in sort[1:])
        return f"apply (equal_matrices {rows} {cols}); [member | member | said {premise}]"
    if sort[0] == "to":
        inner, x = writer.below(sort[1])
        below = _equal(inner, sort[2], f"({premise} {x} m{x})")
        domain, codomain = writer.sort(sort[1]), f"(fun {x} => {inner.sort(sort[2])})"
        return (
            f"apply (equal_functions {domain} {codomain}); "
            f"[member | member | again | intros {x} m{x}; {below}]"
        )
    return f"pose proof {premise}; solve [lra | lia]"


def _known(s: _Lemma, numbers: Iterable[int]) -> str:
    """Premises as hypotheses p0, p1, …"""
    return "".join(f"pose proof {s.premise(n)} as p{n}. cbv beta in p{n}. " for n in numbers)


def _algebra(s: _Lemma) -> str:
    goal, products = s.step.data
    out = [_known(s, range(len(products), len(s.premises)))]
    goal = claim(goal)
    kind = "matrix" if goal[1][0] == "mat" else s.writer.sort_of(goal[1])[0]
    total: list[str] = []
    zeros: list[str] = []
    for n, (zero, key) in enumerate(products):
        out.append(_zero(s, n, zero))
        zeros.append(out[-1])
        total.append(_product(s, goal[1][:-1], key, kind))
    whole = _sum(total, kind)
    # What is zero may have parts that are zero, too.
    order = sorted(range(len(zeros)), key=lambda n: -len(zeros[n]))
    rewrites = "".join(f"rewrite ?e{n}. " for n in order)
    if kind == "matrix":
        out.append(
            f"assert (g : {s.writer.matrix(goal[1])} = {whole}) by {_alike(s, goal, products)}. "
            f"apply (same_of _ _ _ _ g). "
        )
        out.append(
            f"{rewrites}repeat first [rewrite product_zero | rewrite zero_product]. "
            "intros i j _ _. rewrite ?plus_entry, ?times_entry, ?zero_entry. ring."
        )
    else:
        e = s.writer.number(goal[1], "real" if kind == "real" else "index")
        out.append(
            f"assert (g : {e} = {whole}) by {_alike(s, goal, products)}. "
            f"apply (eq_trans g). {rewrites}ring."
        )
    return "".join(out)


def _alike(s: _Lemma, goal: Term, products: Term) -> str:
    """How a goal is the sum of these products.  Where that holds whatever members of families are,
    families and what else is not looked into are variables."""
    known = [s.conclusion(n)[1] for n in range(len(products), len(s.premises))]
    total = node("null", (*goal[1][:-1], tuple((key, (1, 1)) for _, key in products)))
    plain = under(known)
    if read_by(plain, goal) != read_by(plain, total):
        return "(looked_up; same_term)"
    parts: dict[str, str] = {}
    _opaque(s, node(goal, total), parts)
    out = ""
    for n, (said, sort) in enumerate(sorted(parts.items(), key=lambda part: -len(part[0]))):
        out += (
            f"assert (l{n} : {sort} {said} = {said}) by member; "
            f"revert l{n}; generalize {said}; intros v{n} l{n}; "
        )
    return f"first [{out}same_term | same_term]" if out else "same_term"


def _opaque(s: _Lemma, x: Term, parts: dict[str, str]) -> None:
    """Families that are written out and other letters, with their sorts, the largest of them."""
    written_out = x[:1] == ("chain",) and x[1][0] != "var"
    f = x[1] if written_out else x if x[:1] in (("grad",), ("at",)) else None
    if f is not None and not reach(f):
        sort = s.writer.sort_of(f)
        if sort[0] == "matrix" or written_out:
            said = s.writer.function(f) if written_out else s.writer.letter(f)
            parts[said] = s.writer.sort(sort)
            return
    for part in x:
        if isinstance(part, tuple):
            _opaque(s, part, parts)


def _zero(s: _Lemma, n: int, zero: Term) -> str:
    """The equation of a premise, X = 0, X as it stands in a product."""
    x = PLAIN.read(zero)[0]
    if x[0] == "mat":
        rows, cols = (s.writer.number(size, "nat") for size in x[1:3])
        return (
            f"assert (e{n} : {s.writer.matrix(x)} = zero) by "
            f"(apply (zero_of {rows} {cols}); [member|]; said {s.premise(n)}). "
        )
    kind, scope = ("real", "R") if s.writer.sort_of(x)[0] == "real" else ("index", "Z")
    said = s.writer.number(x, kind)
    return (
        f"assert (e{n} : {said} = 0%{scope}) by "
        f"(pose proof {s.premise(n)} as p; cbv beta in p; solve [lra | lia]). "
    )


def _product(s: _Lemma, head: Term, key: Term, kind: str) -> str:
    """A product as it stands, with its factor that is zero."""
    monomial, word = key
    scale = "real" if kind in ("matrix", "real") else "index"
    factors = []
    for atom, power in monomial:
        said = s.writer.number(as_term(atom, s.writer.sort_of(atom)), scale)
        factors += [f"({said})"] * power
    number = " * ".join(factors)
    if kind != "matrix":
        return f"({number or '1'})"
    matrix = s.writer.word(word) if word else f"(one {s.writer.number(head[1], 'nat')})"
    return f"(times ({number}) {matrix})" if number else matrix


def _sum(parts: list[str], kind: str) -> str:
    if not parts:
        return "zero" if kind == "matrix" else "0" if kind == "real" else "0%Z"
    out = parts[0]
    for part in parts[1:]:
        out = f"(plus {out} {part})" if kind == "matrix" else f"({out} + {part})"
    return out if kind in ("matrix", "real") else f"({out})%Z"


def _restate(s: _Lemma) -> str:
    return f"{_known(s, range(1, len(s.premises)))}said {s.premise(0)}."


def _arithmetic(s: _Lemma) -> str:
    numbers = range(len(s.premises))
    known = " ".join(f"p{n}" for n in numbers)
    aligned = f"{f'revert {known}; ' if known else ''}numbers_alike; intros; solve [lia | lra]"
    return f"{_known(s, numbers)}first [lia | lra | {aligned} | nia | nra]."


def _differentiate(s: _Lemma) -> str:
    return f"{_known(s, range(len(s.premises)))}differentiate."


def _textbook(s: _Lemma) -> str:
    (name,) = s.step.data
    return f"exact proved_{identifier(name)}."


_RULES: Mapping[str, Callable[[_Lemma], str]] = {
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
    "algebra": _algebra,
    "restate": _restate,
    "arithmetic": _arithmetic,
    "near: consequence": _near_all,
    "near: at the point": _near_here,
    "near: around near points": _near_near,
    "near: along a continuous map": _near_along,
    "differentiate": _differentiate,
    "textbook": _textbook,
}
