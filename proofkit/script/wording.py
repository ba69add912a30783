"""The kernel's language in plain text, for messages: terms, claims, sequents, and refusals.

The kernel prints nothing; what is said of its theorems and refusals is said here.  A bound variable
whose binder is not shown is written ▪n.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from textwrap import wrap
from typing import Any

from proofkit.basics.displays import Shown
from proofkit.kernel import KernelError, LanguageError, Theorem
from proofkit.kernel.binding import free, opened
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.reading import PLAIN, read_by
from proofkit.kernel.terms import NAT, as_term
from proofkit.kernel.words import WORDS, spine

__all__ = ["explained", "folded", "sequent", "side", "text"]

LONGEST = 2_000

# What bound variables are called by their sorts, the first name that is free.
_NAMES = {"index": "iltrs", "nat": "npqm", "real": "xyz", "matrix": "XYZUV", "to": "FGH"}


def explained(fault: BaseException) -> str:
    """A refusal in words: the rule, the problem, and what was expected and found."""
    lines = [str(fault)]
    if isinstance(fault, KernelError):
        sides = (("expected", fault.expected), ("found", fault.found))
        lines += [
            f"  {name}:{' ' * (9 - len(name))}{side(x)}" for name, x in sides if x is not None
        ]
    elif isinstance(fault, LanguageError) and fault.problem.startswith("a term of sort"):
        x, found, expected = fault.terms
        lines = [f"{side(x)} does not fit here"]
        lines += [f"  expected: {side(expected)}", f"  found:    {side(found)}"]
    elif isinstance(fault, LanguageError):
        lines += [f"  in: {side(x)}" for x in fault.terms]
    return "\n".join(lines)


def side(x: Any) -> str:
    """One side of a refusal: a claim or term, several, or words."""
    try:
        shown = x if isinstance(x, str) else text(x)
    except (LanguageError, TypeError, ValueError, IndexError, RecursionError):
        shown = "something that is no term"
    return shown if len(shown) <= LONGEST else shown[:LONGEST] + " …"


def folded(message: str, width: int = 80) -> str:
    """The message in lines of at most that width, what goes on indented below its beginning.

    >>> print(folded("  expected: 1 + 2 + 3", 24))
      expected: 1 + 2 + 3
    >>> print(folded("  expected: 10000 + 20000 + 30000", 24))
      expected: 10000 +
                20000 +
                30000
    """
    lines = []
    for line in message.splitlines():
        label = _LABEL.match(line)
        indent = label.end() if label else len(line) - len(line.lstrip()) + 4
        lines += wrap(
            line,
            width,
            subsequent_indent=" " * min(indent, width // 2),
            break_long_words=False,
            break_on_hyphens=False,
            drop_whitespace=True,
        ) or [""]
    return "\n".join(lines)


_LABEL = re.compile(r" +(?:[a-z]+:|the gradient is|yours differs by|[A-Za-z]\w* =) +")
"""What stands before a formula in a message; formulas that take several lines are aligned."""


def sequent(theorem: Theorem) -> str:
    """A theorem in one line.

    >>> from proofkit import kernel
    >>> sequent(kernel.assume(("false",)))
    'a contradiction ⊢ a contradiction'
    """
    return f"{', '.join(map(text, theorem.hypotheses))} ⊢ {text(theorem.conclusion)}".lstrip()


def text(x: Term) -> str:
    """A claim, term or sort in plain text.

    >>> from proofkit.kernel.terms import number
    >>> text(("implies", ("forall", ("real",), ("rpos", number(1))), ("false",)))
    '((∀x real. 0 < 1) → a contradiction)'
    """
    match x:
        case ("inonneg" | "rnonneg", e):
            return f"0 ≤ {text(e)}"
        case ("rpos", e):
            return f"0 < {text(e)}"
        case ("null", e):
            return f"{text(e)} = 0"
        case ("not", p):
            return f"¬({text(p)})"
        case ("and" | "or" as tag, claims):
            return "(" + (" ∧ " if tag == "and" else " ∨ ").join(map(text, claims)) + ")"
        case ("implies", p, q):
            return f"({text(p)} → {text(q)})"
        case ("false",):
            return "a contradiction"
        case ("forall" | "exists" as tag, sort, body):
            (name,), inner = _opened([sort], body)
            return f"({'∀' if tag == 'forall' else '∃'}{name} {text(sort)}. {inner})"
        case ("near", sorts, centres, body):
            names, inner = _opened(sorts, body)
            pairs = zip(names, centres, strict=True)
            return f"(for all {', '.join(f'{v} near {text(c)}' for v, c in pairs)}: {inner})"
        case ("differentiable" | "convex" as tag, f):
            return f"{text(f)} is {tag}"
        case ("slope", f, at, slope):
            return f"the derivative of {text(f)} at {text(at)} is {text(slope)}"
        case ("continuous", f, at):
            return f"{text(f)} is continuous at {text(at)}"
        case ("index" | "nat" | "real" as tag,):
            return {"index": "integer", "nat": "natural", "real": "real"}[tag]
        case ("matrix", rows, cols):
            return f"{text(rows)}×{text(cols)}"
        case ("to", domain, codomain):
            (name,), inner = _opened([domain], codomain)
            if re.search(rf"\b{name}\b", inner):
                return f"({name} {text(domain)} ↦ {inner})"
            return f"({text(domain)} → {inner})"
        case ("var", name, _):
            return str(name)
        case ("b", n):
            return f"▪{n}"
        case ("num", terms):
            return _sum([(_factors(m), n) for (m, _), n in terms])
        case ("mat", _, _, terms):
            return _sum([(_factors(m, w or (("I", 0),)), n) for (m, w), n in terms])
        case ("word", name):
            return str(name)
        case ("at", f, i):
            return _word(x) or f"{text(f)}({text(i)})"
        case ("chain", f, hi, lo):
            return f"{text(f)}[{text(hi)}{'' if hi == lo else ':' + text(lo)}]"
        case ("sum", f, hi, lo):
            return f"Σ({text(f)}, {text(lo)}…{text(hi)})"
        case ("grad", f, at):
            return f"{text(f)}′({text(at)})"
        case ("rank", matrix):
            return f"rank({text(matrix)})"
        case ("trace", word):
            return f"tr({_factors((), word)})"
        case ("lam", domain, body):
            (name,), inner = _opened([domain], body)
            return f"({name} ↦ {inner})"
        case ("changed", f, lo, hi, new):
            where = text(lo) if lo == hi else f"{text(lo)}…{text(hi)}"
            return f"({text(f)} with {where} from {text(new)})"
        case tuple():
            return "; ".join(map(text, x)) or "nothing"
    return str(x)


def _word(x: Term) -> str:
    """A word with its sizes and then its other arguments: hadamard[p, q](X, Y)."""
    head, arguments = spine(x)
    sort: Any = WORDS[head[1]].sort if head[0] == "word" and head[1] in WORDS else ()
    if not sort:
        return ""
    sizes = 0
    while sort[0] == "to" and sort[1] == NAT:
        sizes, sort = sizes + 1, sort[2]
    shown = list(map(text, arguments))
    bounds = f"[{', '.join(shown[:sizes])}]" if sizes else ""
    given = f"({', '.join(shown[sizes:])})" if shown[sizes:] else ""
    return f"{head[1]}{bounds}{given}"


def _opened(sorts: Sequence[Term], body: Term) -> tuple[list[str], str]:
    """The names of the variables of a binder group, and what is below it."""
    taken = set(free(body))
    names: list[str] = []
    for sort in sorts:
        letters = _NAMES.get(sort[0], "X")
        tried = [*letters, *(f"{letters[0]}{n}" for n in range(len(taken) + 1))]
        names.append(next(name for name in tried if name not in taken))
        taken.add(names[-1])
    below = opened(
        body, *(as_term(node("var", n, s), s) for n, s in zip(names, sorts, strict=True))
    )
    with suppress(LanguageError):  # bound variables of binders further out
        below = read_by(PLAIN, below)
    return names, text(below)


def _factors(monomial: Term, word: Term = ()) -> str:
    atoms = [text(x) if power == 1 else f"{text(x)}^{power}" for x, power in monomial]
    return "·".join([*atoms, *(text(x) + ("ᵀ" if t else "") for x, t in word)])


def _sum(terms: Sequence[tuple[str, Term]]) -> str:
    out = ""
    for factors, (p, q) in terms:
        size = str(abs(p)) if q == 1 else f"{abs(p)}/{q}"
        shown = factors if size == "1" and factors else f"{size}·{factors}" if factors else size
        out += (" − " if p < 0 else " + ") + shown
    return (out[3:] if out[:2] == " +" else "−" + out[3:]) if out else "0"


class _Shown:
    """How a theorem is shown, given to the kernel's class, which shows nothing by itself."""

    def __repr__(self: Any) -> str:
        return sequent(self)

    def _repr_mimebundle_(self: Any, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return Shown._repr_mimebundle_(self, include, exclude)


for _name in ("__repr__", "_repr_mimebundle_"):
    setattr(Theorem, _name, vars(_Shown)[_name])
