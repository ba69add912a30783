"""Inferences that compute, in Coq: combinations of equations and of inequalities."""

from __future__ import annotations

from collections.abc import Iterable

from proofkit.coq.lemma import Lemma
from proofkit.kernel.binding import reach
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.reading import PLAIN, claim, read_by, under
from proofkit.kernel.terms import EMPTY, as_term

__all__ = ["algebra", "arithmetic", "differentiate", "restate"]


def algebra(s: Lemma) -> str:
    goal, products = s.step.data
    out = [_known(s, range(len(products), len(s.premises)))]
    goal = claim(goal)
    kind = "matrix" if goal[1][0] == "mat" else s.writer.sort_of(goal[1])[0]
    total: list[str] = []
    zeros: list[str] = []
    for n, (zero, key) in enumerate(products):
        out.append(_zero(s, n, zero))
        zeros.append(out[-1])
        total.append(_product(s, goal[1][:-1], key, zero, kind))
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


def _alike(s: Lemma, goal: Term, products: Term) -> str:
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


def _opaque(s: Lemma, x: Term, parts: dict[str, str]) -> None:
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


def _zero(s: Lemma, n: int, zero: Term) -> str:
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


_ONE: Term = node((((), ()), (1, 1)))


def _product(s: Lemma, head: Term, key: Term, zero: Term, kind: str) -> str:
    """A product as it stands, with its factor that is zero."""
    monomial, word = key
    scale = "real" if kind in ("matrix", "real") else "index"
    factors = []
    for atom, power in monomial:
        said = s.writer.number(as_term(atom, s.writer.sort_of(atom)), scale)
        factors += [f"({said})"] * power
    letters = []
    for x, t in word:  # a multiple of an identity is a factor
        terms: Term = x[3] if x[:1] == ("mat",) else ()
        if x != zero and len(terms) == 1 and terms[0][0][1] == EMPTY:
            factors += [s.writer.number(node("num", terms), "real")] * (terms != _ONE)
        else:
            letters.append((x, t))
    word, number = tuple(letters), " * ".join(factors)
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


def restate(s: Lemma) -> str:
    return f"{_known(s, range(1, len(s.premises)))}said {s.premise(0)}."


def arithmetic(s: Lemma) -> str:
    numbers = range(len(s.premises))
    known = " ".join(f"p{n}" for n in numbers)
    aligned = f"{f'revert {known}; ' if known else ''}numbers_alike; intros; solve [lia | lra]"
    return f"{_known(s, numbers)}first [lia | lra | {aligned} | nia | nra]."


def differentiate(s: Lemma) -> str:
    return f"{_known(s, range(len(s.premises)))}differentiate."


def _known(s: Lemma, numbers: Iterable[int]) -> str:
    """Premises as hypotheses p0, p1, …"""
    return "".join(f"pose proof {s.premise(n)} as p{n}. cbv beta in p{n}. " for n in numbers)
