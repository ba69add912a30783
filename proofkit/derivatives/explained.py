"""Why a gradient is what it is: how each part changes, from the inside out, with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from proofkit import kernel
from proofkit.derivatives.short import Writer
from proofkit.derivatives.text import code
from proofkit.kernel import Theorem
from proofkit.kernel.binding import closed, free
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.reading import PLAIN, read_by
from proofkit.kernel.terms import as_term
from proofkit.kernel.words import spine
from proofkit.script.slopes import sites
from proofkit.symbols import MatrixVariable, encode_variable, real
from proofkit.textbook import FACTS

if TYPE_CHECKING:
    from proofkit.derivatives.result import Derived

__all__ = ["Sentence", "sentences"]


class Sentence(NamedTuple):
    """A part and how it changes, both as code, and why."""

    part: str
    change: str
    reason: str


def sentences(derived: Derived) -> list[Sentence]:
    """The derivation, one sentence for each function inside, and the adjoint last."""
    inference = next(_inferences(derived.theorem), None)
    if inference is None:
        return []
    names = set(free(derived.theorem.conclusion))
    wrt = derived.wrt
    name = next(n for n in (f"d{wrt.name}", f"d_{wrt.name}", "d_0") if n not in names)
    d = MatrixVariable(name, *wrt.shape) if isinstance(wrt, MatrixVariable) else real(name)
    writer = Writer({*names, name}, [derived.expression, derived.gradient])
    return list(_told(derived, inference, writer, d))


def _told(derived: Derived, inference: Theorem, writer: Writer, d: Any) -> Iterator[Sentence]:
    _, f, x, _ = inference.conclusion
    change = encode_variable(d)
    moved = as_term(change, change[2])
    slopes = list(inference.inference.premises)
    known = {node(*th.conclusion[1:3]): th for th in slopes}
    y = node("var", "_y", f[1])
    body = read_by(PLAIN, node("at", f, as_term(y, f[1])))
    inner = read_by(PLAIN, node("lam", f[1], closed(body, y)))

    def write(term: Term) -> str:
        return code(writer.matrix(term) if term[0] == "mat" else writer.number(term))

    def how(e: Term) -> Term:
        """The change of a part, given in y."""
        part = read_by(PLAIN, node("lam", f[1], closed(e, y)))
        found = kernel.differentiate(part, x, slopes)
        return read_by(PLAIN, node("at", found.conclusion[3], moved))

    def here(e: Term) -> Term:
        return read_by(PLAIN, node("at", ("lam", f[1], closed(e, y)), x))

    told: set[Term] = set()
    for g, e in dict.fromkeys(sites(inner[2], as_term(y, f[1]))):
        at = here(e)
        if e not in told and at != x:
            told.add(e)
            if not list(sites(closed(e, y), x)):
                yield Sentence(write(at), write(how(e)), _linear(e, y))
        whole = read_by(PLAIN, node("at", g, e))
        th = known.get(node(g, at))
        told.add(whole)
        reason = _reason(g, th) if th is not None else ""
        yield Sentence(write(here(whole)), write(how(whole)), reason)
    gradient = code(derived.gradient)
    if derived.is_jacobian:
        reason = "the Jacobian is what the change is multiplied by"
        yield Sentence(code(derived.expression), f"({gradient}) @ {d.name}", reason)
        return
    total = f"sum(({gradient}) * {d.name})" if d.args else f"({gradient}) * {d.name}"
    reason = "the gradient is what stands beside the change (adjoint)"
    yield Sentence(code(derived.expression), total, reason)


def _inferences(theorem: Theorem) -> Iterator[Theorem]:
    """The inferences by differentiation beneath a theorem, the last first."""
    seen: set[int] = set()
    stack = [theorem]
    while stack:
        th = stack.pop()
        if id(th) in seen:
            continue
        seen.add(id(th))
        if th.inference.rule == "differentiate":
            yield th
        stack.extend(th.inference.premises)


def _linear(e: Term, y: Term) -> str:
    """Why a part without functions inside changes as it does."""
    degree = max((_count(key, y) for key, _ in e[-1]), default=0)
    return "it is linear" if degree <= 1 else "a product changes factor by factor"


def _count(x: object, y: Term) -> int:
    if x == y:
        return 1
    return sum(_count(part, y) for part in x) if isinstance(x, tuple) else 0


def _reason(g: Term, theorem: Theorem) -> str:
    """The textbook fact that a slope comes from, in words."""
    head, arguments = spine(g)
    if head == ("word", "entrywise"):
        g = arguments[2]
        inner = [th for th in _all(theorem) if th.conclusion[:2] == ("slope", g)]
        names = [n for th in inner for n in _facts(th)]
        names = names or [n for n in _facts(theorem) if n != "slope of entrywise"]
    else:
        names = list(_facts(theorem))
    for name in names:
        if "slope" in name and name in FACTS and name != "slope of entrywise":
            return FACTS[name].summary
    return "the chain rule" if g[0] == "lam" else "its slope is known"


def _all(theorem: Theorem) -> Iterator[Theorem]:
    seen: set[int] = set()
    stack = [theorem]
    while stack:
        th = stack.pop()
        if id(th) not in seen:
            seen.add(id(th))
            yield th
            stack.extend(th.inference.premises)


def _facts(theorem: Theorem) -> Iterator[str]:
    for th in _all(theorem):
        if th.inference.rule == "textbook":
            yield th.inference.data[0]
