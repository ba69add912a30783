"""Slopes: the derivative of whatever is built from words, by the chain rule and the ledger's facts.

`slope` finds the slopes of the functions inside and hands them to `kernel.differentiate`;
`gradient` reads the gradient off, moving the change H to the end of an inner product; `continuity`
does the same for continuity.  Nothing here is trusted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from proofkit import kernel
from proofkit.algebra.cofactors import find_cofactors
from proofkit.kernel import KernelError, Theorem
from proofkit.kernel.binding import B0, closed, free, opened, reach
from proofkit.kernel.claims import equation, null
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.reading import PLAIN, claim, read_by
from proofkit.kernel.terms import (
    EMPTY,
    INDEX,
    NO_FACTS,
    NUM,
    REAL,
    as_term,
    identity,
    minus,
    number,
    plus,
    scaled,
    times,
    total,
    trace,
    transpose,
    zero,
)
from proofkit.kernel.words import linear_in, spine
from proofkit.script.derived import combined, trace_of_null
from proofkit.script.matching import applied, fact, ledger_about
from proofkit.script.products import products

if TYPE_CHECKING:
    from proofkit.script.routine import Routine

__all__ = ["continuity", "gradient", "jacobian", "sites", "slope", "with_slope"]


class NoSlope(KernelError):
    """Nothing says what the slope of a function is at a point."""

    def __init__(self, f: Term, x: Term) -> None:
        super().__init__("differentiate", "no slope of this function is known here", f, x)


# ── Finding slopes ─────────────────────────────────────────────────────────────────────────────
def slope(routine: Routine, f: Term, x: Term) -> Theorem:
    """⊢ the slope of f at x; `KernelError` where nothing says what it is."""
    for th in routine.known:
        if th.conclusion[:3] == ("slope", f, x):
            return th
    for th in routine.known:
        if th.conclusion[0] in ("forall", "implies"):
            found = applied(th, node(f, x), routine.meet, _function_and_point)
            if found is not None:
                return found
    h = _whose_gradient(f)
    if h is not None:
        return _by_fact(routine, "slope of hessian", h, x)
    if f[0] == "lam":
        slopes = [slope(routine, g, e) for g, e in dict.fromkeys(sites(f[2], x))]
        return kernel.differentiate(f, x, slopes)
    head, arguments = spine(f)
    if head == ("word", "entrywise"):
        return _entrywise(routine, arguments[2], x)
    if head[0] == "word":
        names = ledger_about("slope", head[1])
        # What needs nothing to be asked for goes first, and there a special case (relu above 0)
        # before the general one (relu off 0), whose name its own name extends.
        tries = [(routine.prove, name) for name in reversed(names)]
        for meet, name in [*tries, *((routine.meet, name) for name in names)]:
            found = applied(kernel.textbook(name), node(f, x), meet, _function_and_point)
            if found is not None:
                return found
    sort = PLAIN.read(f)[1]
    if sort[2] == REAL:
        real = sort[1] == REAL
        return _by_fact(routine, "slope of derivative" if real else "slope of gradient", f, x)
    raise NoSlope(f, x)


def _function_and_point(p: Term) -> Term:
    """Of a slope its function and its point."""
    return node(p[1], p[2]) if p[0] == "slope" else p


def _by_fact(routine: Routine, name: str, f: Term, x: Term) -> Theorem:
    """The slope of a function variable at a point where it has one."""
    sizes = x[1:3] if x[0] == "mat" else ()
    theorem = fact(name, *sizes, f, x)
    while theorem.conclusion[0] == "implies":
        wanted = theorem.conclusion[1]
        premise = _given_differentiable(routine, f, x, wanted) or _meet_flat(routine, wanted)
        if premise is None:
            raise NoSlope(f, x)
        theorem = kernel.modus_ponens(theorem, premise)
    return theorem


def _given_differentiable(routine: Routine, f: Term, x: Term, wanted: Term) -> Theorem | None:
    """That f has a derivative at x, if it is known to have one everywhere."""
    for th in routine.known:
        if th.conclusion == ("differentiable", f):
            theorem = fact("differentiable at each point", *x[1:3], f, x)
            theorem = kernel.modus_ponens(theorem, th)
            if theorem.conclusion == wanted:
                return theorem
            if wanted[0] == "near":
                y = routine.fresh(wanted[1][0])
                each = fact("differentiable at each point", *x[1:3], f, as_term(y, y[2]))
                all_ = kernel.generalise(y, kernel.modus_ponens(each, th))
                return kernel.near_all(wanted, all_)
    return None


def _meet_flat(routine: Routine, wanted: Term) -> Theorem | None:
    """What is known to say just this, or an assumption: of a variable nothing else is known."""
    known = next((th for th in routine.known if th.conclusion == wanted), None)
    if known is not None or wanted[0] != "exists":
        return known or routine.meet(wanted)
    found = routine._by_known(wanted)
    if found is None and routine.ask and not routine._is_local(wanted):
        found = kernel.assume(wanted)
        routine.known.append(found)
    return found


def _whose_gradient(f: Term) -> Term | None:
    """h, for the function X ↦ h′(X)."""
    match f:
        case ("lam", _, ("mat", _, _, ((((), ((("grad", h, y), 0),)), (1, 1)),))) if not reach(h):
            return h if y == PLAIN.read(("b", 0), (f[1],))[0] else None
    return None


def sites(t: Term, *at: Term) -> Iterator[tuple[Term, Term]]:
    """g and E for the values g(E) in a term below binders, as `kernel.differentiate` meets them.

    E is taken where the bound variables are ``at``.
    """
    if not reach(t) or t[0] == "b":
        return
    f, arguments = spine(t)
    changing = {n for n, a in enumerate(arguments) if reach(a)}
    if t[0] in ("num", "mat"):
        for (monomial, word), _ in t[-1]:
            for factor, _ in (*monomial, *word):
                yield from sites(factor, *at)
    elif t[0] == "trace":
        for letter, _ in t[1]:
            yield from sites(letter, *at)
    elif changing and changing <= {*linear_in(f)}:
        for n in sorted(changing):
            yield from sites(arguments[n], *at)
    elif t[0] == "at" and not reach(t[1]):
        yield from sites(t[2], *at)
        yield t[1], read_by(PLAIN, opened(t[2], *at))
    elif t[0] == "grad" and not reach(t[1]):
        yield from sites(t[2], *at)
        sort = node("matrix", *t[2][1:3])
        g = read_by(PLAIN, ("lam", sort, as_term(node("grad", t[1], B0), sort)))
        yield g, read_by(PLAIN, opened(t[2], *at))


def _entrywise(routine: Routine, sigma: Term, x: Term) -> Theorem:
    """The slope of σ entry by entry at X, from that of σ at any number, under its conditions."""
    y = routine.fresh(REAL)
    at = as_term(y, REAL)
    inner = type(routine)(routine.known, routine.order, ask=True)
    inner._names = routine._names
    inner._is_local = lambda goal: False  # type: ignore[method-assign]
    here = slope(inner, sigma, at)
    rate = read_by(PLAIN, opened(here.conclusion[3][2], number(1)))
    tau = read_by(PLAIN, node("lam", REAL, closed(rate, y)))
    match rate:
        case ("num", (((((("at", g, argument), 1),), ()), (1, 1)),)) if argument == at and y[
            1
        ] not in free(g):
            tau = g  # as a name rather than as x ↦ g(x)
    conditions = [h for h in here.hypotheses if y[1] in free(h)]
    for h in conditions:
        here = kernel.discharge(h, here)
    everywhere = kernel.generalise(y, here)
    theorem = fact("slope of entrywise", *x[1:3], sigma, tau, x)
    wanted = theorem.conclusion[1]
    i, j = routine.fresh(INDEX), routine.fresh(INDEX)
    places = [as_term(i, INDEX), as_term(j, INDEX)]
    body = read_by(PLAIN, opened(opened(wanted[2], places[0])[2], places[1]))
    ranges = [kernel.assume(body[1]), kernel.assume(body[2][1])]
    value = body[2][2][2]
    found = kernel.instantiate(everywhere, value)
    while found.conclusion[0] == "implies":
        found = kernel.modus_ponens(found, _at_entry(routine, found.conclusion[1], (i, j), ranges))
    for th in reversed(ranges):
        found = kernel.discharge(th.conclusion, found)
    for v in (j, i):
        found = kernel.generalise(v, found)
    return kernel.modus_ponens(theorem, found)


def _at_entry(routine: Routine, condition: Term, places: Any, ranges: list[Theorem]) -> Theorem:
    """A condition on the entry in any place, proved there or asked for all places together."""
    parts = [kernel.project(th, n) for th in ranges for n in range(2)]
    found = routine.also(*ranges, *parts).prove(condition)
    if found is not None:
        return found
    wanted = condition
    for th in reversed(ranges):
        wanted = node("implies", th.conclusion, wanted)
    for v in reversed(places):
        wanted = node("forall", INDEX, closed(wanted, v))
    everywhere = routine.meet(claim(wanted))
    if everywhere is None:
        raise KernelError("differentiate", "a condition at each entry is not met", found=wanted)
    for v in places:
        everywhere = kernel.instantiate(everywhere, as_term(v, INDEX))
    for th in ranges:
        everywhere = kernel.modus_ponens(everywhere, th)
    return everywhere


def with_slope(routine: Routine, theorem: Theorem, wanted: Term) -> Theorem | None:
    """The slope said in another way, if the two functions have the same values by computing."""
    _, f, x, found = theorem.conclusion
    sort = PLAIN.read(found)[1]
    same = routine.prove(equation(sort, found, wanted))
    if same is None:
        return None
    z = routine.fresh(sort)
    template = node("forall", sort, closed(claim(node("slope", f, x, z)), z))
    return kernel.rewrite(template, found, wanted, same, theorem)


# ── Gradients ──────────────────────────────────────────────────────────────────────────────────
def gradient(routine: Routine, theorem: Theorem) -> Theorem:
    """⊢ f′(X) = G, or f′(x) = c, from the slope of a function to reals, where it has that form."""
    _, f, x, linear = theorem.conclusion
    sort = PLAIN.read(f)[1][1]
    h = routine.fresh(sort)
    value = read_by(PLAIN, node("at", linear, as_term(h, sort)))
    if sort == REAL:
        rate = read_by(PLAIN, node("at", linear, number(1)))
        return kernel.modus_ponens(fact("derivative of slope", f, x, rate), theorem)
    found, equations = _adjoint(routine, value, h)
    if equations:
        inner = trace(times(transpose(found), as_term(h, sort)))
        goal = null(minus(value, inner))
        sign = 1 if goal[1] == minus(value, inner) else -1
        scales = [scaled(scale, sign) for _, scale in equations]
        same = combined(goal, [th for th, _ in equations], scales)
        product = read_by(PLAIN, node("lam", sort, closed(inner, h)))
        z = routine.fresh(node("to", sort, REAL))
        template = node("forall", z[2], closed(claim(node("slope", f, x, z)), z))
        same = kernel.generalise(h, same)
        theorem = kernel.rewrite(template, linear, product, same, theorem)
    return kernel.modus_ponens(fact("gradient of slope", *sort[1:], f, x, found), theorem)


Equations = list[tuple[Theorem, Term]]


def _adjoint(routine: Routine, e: Term, h: Term) -> tuple[Term, Equations]:
    """G with e = ⟨G, H⟩ for a number e linear in H: that by computing, up to scaled equations."""
    sort = h[2]
    found, equations = zero(*sort[1:]), []
    for (monomial, _), (p, q) in e[1]:
        ((atom, _),) = [(a, power) for a, power in monomial if h[1] in free(a)]
        rest = tuple((a, power) for a, power in monomial if a != atom)
        scale = total(NUM, [((node(*rest), EMPTY), p, q)])
        part, more = _of_atom(routine, atom, h)
        found = plus(found, times(scale, part))
        equations += [(th, times(scale, by)) for th, by in more]
    return found, equations


def _of_atom(routine: Routine, atom: Term, h: Term) -> tuple[Term, Equations]:
    if atom[0] != "trace":
        raise KernelError("differentiate", "its change is no inner product with H", found=atom)
    word = atom[1]
    n = next(n for n, (letter, _) in enumerate(word) if h[1] in free(letter))
    letter, t = word[n]
    around = node(*word[n + 1 :], *word[:n])
    matrix = as_term(letter, PLAIN.read(letter)[1])
    if around:
        rows, cols = (matrix[1], matrix[2]) if t else (matrix[2], matrix[1])
        rest = total(("mat", rows, cols), [((EMPTY, around), 1, 1)])
        outer = rest if t else transpose(rest)
    else:
        outer = identity(matrix[1])
    if letter == h:
        return outer, []
    return _of_letter(routine, atom, outer, letter, h)


def _of_letter(
    routine: Routine, atom: Term, outer: Term, letter: Term, h: Term
) -> tuple[Term, Equations]:
    """⟨P, letter⟩ as ⟨G, H⟩, for a letter that is a word with H in an argument."""
    (_, name), arguments = spine(letter) if spine(letter)[0][0] == "word" else (("", ""), [])
    matrix = as_term(letter, PLAIN.read(letter)[1])
    equations: Equations = []
    if name == "hadamard" and h[1] in free(arguments[2]):
        commuted = fact("hadamard commutes", *arguments)
        swapped = [*arguments[:2], arguments[3], arguments[2]]
        other = read_by(PLAIN, _apply("hadamard", swapped))
        theorem, _ = trace_of_null(commuted, transpose(outer))
        value = trace(times(transpose(outer), minus(matrix, other)))
        equations.append((theorem, number(_sign(theorem, value))))
        matrix, arguments = other, swapped
    if name == "hadamard":
        a, b = arguments[2:]
        theorem = fact("trace of hadamard", *arguments[:2], outer, a, b)
        next_ = read_by(PLAIN, _apply("hadamard", [*arguments[:2], outer, a])), b
    elif name == "diag":
        theorem = fact("trace of diag", arguments[0], arguments[1], transpose(outer))
        next_ = read_by(PLAIN, _apply("diagonal", [arguments[0], transpose(outer)])), arguments[1]
    elif name == "diagonal":
        theorem = fact("trace of diag", arguments[0], outer, arguments[1])
        diagonal = read_by(PLAIN, _apply("diag", [arguments[0], outer]))
        next_ = transpose(diagonal), arguments[1]
    elif name == "hessian":
        _, _, f, x, change = arguments
        theorem = fact("symmetry of hessian", *arguments[:2], f, x, change, outer)
        while theorem.conclusion[0] == "implies":
            wanted = theorem.conclusion[1]
            premise = _given_differentiable(routine, f, x, wanted) or _meet_flat(routine, wanted)
            if premise is None:
                raise KernelError("differentiate", "a condition is not met", found=wanted)
            theorem = kernel.modus_ponens(theorem, premise)
        next_ = read_by(PLAIN, _apply("hessian", [*arguments[:4], outer])), change
    else:
        raise KernelError("differentiate", "its change is no inner product with H", found=atom)
    before = trace(times(transpose(outer), matrix))
    after = trace(times(transpose(next_[0]), next_[1]))
    equations.append((theorem, number(_sign(theorem, minus(before, after)))))
    part, more = _adjoint(routine, after, h)
    return part, [*equations, *more]


def _sign(theorem: Theorem, value: Term) -> int:
    """1 if the equation says value = 0, −1 if it says −value = 0, 0 if it says nothing."""
    e = theorem.conclusion[1]
    return 0 if not e[1] else 1 if e == value else -1


def _apply(word: str, arguments: list[Term]) -> Term:
    out = node("word", word)
    for argument in arguments:
        out = node("at", out, argument)
    return out


def jacobian(routine: Routine, theorem: Theorem) -> tuple[Theorem, Term]:
    """⊢ the slope of F at x is h ↦ J·h, for a function from columns to columns, and J."""
    _, f, x, linear = theorem.conclusion
    sort = PLAIN.read(f)[1][1]
    h = routine.fresh(sort)
    value = read_by(PLAIN, node("at", linear, as_term(h, sort)))
    equations: list[tuple[Theorem, Term]] = []
    found = _of_columns(value, h, equations)
    product = times(found, as_term(h, sort))
    goal = null(minus(value, product))
    pairs = [(th.conclusion[1], lead) for th, lead in equations]
    sought = find_cofactors(goal[1], pairs, NO_FACTS)
    if sought.rest[3]:
        problem = "its change is no matrix times H"
        raise KernelError("differentiate", problem, found=sought.rest)
    keys = products(sought, [theorem for theorem, _ in equations])
    same = kernel.generalise(h, kernel.algebra(goal, keys))
    whole = read_by(PLAIN, node("lam", sort, closed(product, h)))
    if whole == linear:
        return theorem, found
    z = routine.fresh(PLAIN.read(linear)[1])
    template = node("forall", z[2], closed(claim(node("slope", f, x, z)), z))
    return kernel.rewrite(template, linear, whole, same, theorem), found


def _of_columns(e: Term, h: Term, equations: list[tuple[Theorem, Term]]) -> Term:
    """J with e = J·h for a column e linear in h, up to the equations that are noted."""
    size = h[2][1]
    out = zero(e[1], size)
    for (monomial, word), (p, q) in e[3]:
        letter, t = word[-1] if word else (h, 1)
        head, arguments = spine(letter)
        before = node(*word[:-1])
        if letter == h and not t:
            inner = identity(size)
        elif head == ("word", "hadamard") and not t:
            a, b = arguments[2:]
            if h[1] in free(a):
                commuted = fact("hadamard commutes", *arguments[:2], a, b)
                letter = _letter(commuted, letter, equations)
                a, b = b, a
            theorem = fact("diag times vector", arguments[0], a, b)
            equations.append((theorem, node(node(letter, 0))))
            diagonal = read_by(PLAIN, _apply("diag", [arguments[0], a]))
            inner = times(diagonal, _of_columns(b, h, equations))
        else:
            raise KernelError("differentiate", "its change is no matrix times H", found=letter)
        left = total(("mat", e[1], inner[1]), [((monomial, before), p, q)])
        out = plus(out, times(left, inner))
    return out


def _letter(commuted: Theorem, letter: Term, equations: list[tuple[Theorem, Term]]) -> Term:
    """The other letter of an equation between two, which is noted."""
    e = commuted.conclusion[1]
    if not e[3]:
        return letter
    equations.append((commuted, node(node(letter, 0))))
    return next(x for (_, ((x, _),)), _ in e[3] if x != letter)


_KINDS = {
    (False, False): "numbers",
    (True, False): "matrices",
    (False, True): "curves",
    (True, True): "maps",
}
"""What facts about functions from matrices or reals, to matrices or reals, are called by."""


# ── Continuity ─────────────────────────────────────────────────────────────────────────────────
def continuity(routine: Routine, f: Term, x: Term) -> Theorem | None:
    """⊢ f is continuous at x, by the facts about words, part by part, or as f has a slope."""
    head, _ = spine(f)
    if head[0] == "word":
        for name in ledger_about("continuous", head[1]):
            found = applied(kernel.textbook(name), node("continuous", f, x), routine.meet)
            if found is not None:
                return found
    if f[0] == "lam":
        y = routine.fresh(f[1])
        value = read_by(PLAIN, opened(f[2], as_term(y, f[1])))
        inside = [routine.prove(node("continuous", g, e)) for g, e in dict.fromkeys(sites(f[2], x))]
        if None not in inside:
            try:
                return kernel.continuous(y, value, x, inside)  # type: ignore[arg-type]
            except KernelError:
                pass
    found = slope(routine, f, x)
    kinds = {
        (True, True): "numbers",
        (False, True): "matrices",
        (True, False): "curves",
        (False, False): "maps",
    }
    _, domain, there = PLAIN.read(f)[1]
    kind = kinds[domain == REAL, there[0] != "matrix"]
    sizes = [size for sort in (domain, there) if sort[0] == "matrix" for size in sort[1:]]
    sizes = [read_by(PLAIN, opened(size, number(0))) for size in sizes]
    theorem = fact(f"slopes are continuous: {kind}", *sizes, f, x, found.conclusion[3])
    return kernel.modus_ponens(theorem, found)
