"""Derive: the gradient of a formula, as a theorem with its conditions, and as code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from proofkit import kernel
from proofkit.claims import AllPositive, Claim, LessEqual, NonZero, PositiveDefinite, Symmetric
from proofkit.claims.encode import encode
from proofkit.derivatives.layers import is_layer, joined, opened_at
from proofkit.derivatives.shapes import Shape, inferred
from proofkit.derivatives.short import Writer
from proofkit.derivatives.syntax import FormulaError, read
from proofkit.derivatives.terms import Names, term
from proofkit.derivatives.tidy import tidied
from proofkit.kernel import Theorem
from proofkit.kernel.binding import free
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.reading import PLAIN, read_by, under
from proofkit.kernel.terms import as_term, minus, plus
from proofkit.script.routine import Routine
from proofkit.script.slopes import gradient, jacobian, slope
from proofkit.symbols import (
    FunctionOf,
    MatrixTerm,
    MatrixTrace,
    MatrixVariable,
    determinant,
    encode_term,
    encode_variable,
    natural,
    trace,
)
from proofkit.symbols.faults import LanguageError

__all__ = ["ASSUMPTIONS", "AssumptionError", "Derived", "derive", "from_formula"]


@dataclass(frozen=True)
class Derived:
    """A proved derivative of a number in a variable, or of a column in a column.

    ``gradient`` is a term of the shape of ``wrt``, or the Jacobian of a column; ``theorem`` says,
    under the ``conditions``, that it is the derivative of ``function`` there.
    """

    expression: Any
    wrt: Any
    function: FunctionOf
    gradient: Any
    theorem: Theorem
    conditions: tuple[Claim, ...]
    formula: str = ""
    shapes: Mapping[str, Shape] = field(default_factory=dict)
    assumed: tuple[Claim, ...] = ()
    """What was given and is used; the gradient is one where it holds, and the conditions."""

    @cached_property
    def variables(self) -> tuple[Any, ...]:
        """The variables of the expression, in the order in which they are met, without sizes."""
        from proofkit.derivatives.instances import variables_of

        return variables_of(self.expression, self.wrt)

    @property
    def is_jacobian(self) -> bool:
        """Whether the expression is a column, and ``gradient`` so its Jacobian."""
        return isinstance(self.expression, MatrixTerm)

    @property
    def wrt_name(self) -> str:
        """The name of the variable it is taken in."""
        return str(self.wrt.name)

    def source(self, dialect: str = "numpy") -> str:
        """The code of a function that works the gradient out: numpy, jax or torch."""
        from proofkit.derivatives.source import source

        return source(self, dialect)

    def numpy(self) -> Callable[..., Any]:
        """The gradient as a function of arrays, given by name."""
        from proofkit.derivatives.source import compiled

        return compiled(self.source("numpy"), "gradient")

    def check(self, seed: int = 0, instances: int = 20) -> Any:
        """The largest error of the code against central differences, on random instances."""
        from proofkit.derivatives.instances import checked

        return checked(self, seed, instances)

    def agrees_with(self, function: Callable[..., Any], seed: int = 0, instances: int = 20) -> Any:
        """Whether a function of arrays gives this gradient; what is wrong where it does not."""
        from proofkit.derivatives.agreement import agreement

        return agreement(self, function, seed, instances)

    def report(self, seed: int = 0) -> str:
        """A page about it, as HTML."""
        from proofkit.derivatives.page import page

        return page([self], seed)

    @cached_property
    def hessian(self) -> tuple[Any, Any, Theorem]:
        """H, the derivative of the gradient as a term linear in H, and its theorem."""
        return _second(self)

    def theorem_without_hypotheses(self) -> Theorem:
        """The theorem with its conditions as premises, as it is exported."""
        theorem = self.theorem
        for h in reversed(theorem.hypotheses):
            theorem = kernel.discharge(h, theorem)
        return theorem

    @property
    def text(self) -> str:
        """The gradient in the syntax of the formula."""
        from proofkit.derivatives.text import code

        return code(self.gradient)

    def _repr_latex_(self) -> str:
        from proofkit.views import latex

        return f"$\\displaystyle {latex.show(self.gradient)}$"

    def conditions_as_text(self) -> list[str]:
        """What is assumed and the conditions, in the syntax of the formula."""
        from proofkit.derivatives.conditions import said

        return [said(c) for c in (*self.assumed, *self.conditions)]

    @property
    def inferences(self) -> int:
        """How many inferences of the kernel the proof has."""
        from proofkit.export import record

        return len(record(self.theorem).steps)


def derive(expression: Any, wrt: Any, given: Iterable[Claim] = ()) -> Derived:
    """The derivative of a number in a variable, proved; what it needs becomes a condition.

    ``expression`` is a real term, ``wrt`` a matrix or a real variable in it, or a layer M[i] of a
    family; ``given`` are claims that are known to hold.  Raises `KernelError` where a function in
    it has no derivative that is known.

    >>> from proofkit.symbols import MatrixVariable, natural, norm_squared
    >>> n, p, q = (natural(name) for name in "npq")
    >>> W, X, Y = MatrixVariable("W", q, p), MatrixVariable("X", p, n), MatrixVariable("Y", q, n)
    >>> derive(norm_squared(W * X - Y), W).gradient
    2·(W·X - Y)·Xᵀ

    Of functions that are given by name a derivative is asked for, and a layer may be any:

    >>> from proofkit.symbols import Function, family, index, widths
    >>> d, k, i = widths("d"), index("k"), index("i")
    >>> M, f = family("M", d), Function("f", d(k), d(0))
    >>> derive(f(M[k:1]), M[i]).gradient
    M[k:i + 1]ᵀ·f'(M[k:1])·M[i - 1:1]ᵀ
    """
    if isinstance(expression, MatrixTerm) and expression.shape == (1, 1):
        expression = trace(expression)
    columns = isinstance(expression, MatrixTerm)
    if columns and not (isinstance(wrt, MatrixVariable) and expression.cols == wrt.cols == 1):
        raise FormulaError(
            f"a gradient is one of a number, and this is {expression.rows}×{expression.cols}: "
            "sum it, or take a trace (a Jacobian is one of a column in a column)"
        )
    matrix, body, places = opened_at(expression, wrt) if is_layer(wrt) else (wrt, expression, [])
    function = FunctionOf(matrix, body)
    f, at = encode_term(function), encode_term(wrt)
    given = tuple(given)
    known = [kernel.assume(encode(claim)) for claim in given]
    ranges = [kernel.assume(encode(claim)) for claim in places]
    known += [kernel.assume(encode(LessEqual(1, size))) for size in _sizes(expression)]
    routine = Routine(known, ask=True)
    routine.squares = _squares(expression)
    theorem = slope(routine, f, at)
    if columns:
        found = _jacobian(expression, wrt, function, jacobian(routine, theorem), known, routine)
        return replace(found, assumed=_used(given, found.theorem))
    theorem = gradient(routine, theorem)
    calm = Routine(routine.known)
    calm.squares = routine.squares
    keep = _derivative_of(f, at)
    if ranges:
        theorem = joined(theorem, ranges)
        reading = under([th.conclusion[1] for th in ranges])
        keep = read_by(reading, as_term(keep, PLAIN.read(keep)[1]))[3][0][0][1][0][0]
    theorem = tidied(calm, theorem, keep)
    value = _other_side(theorem.conclusion[1], keep)
    writer = Writer(free(theorem.conclusion), [expression])
    written = writer.matrix(value) if value[0] == "mat" else writer.number(value)
    conditions = _conditions(theorem, known, calm, writer)
    assumed = _used(given, theorem)
    return Derived(expression, wrt, function, written, theorem, conditions, assumed=assumed)


def _used(given: Sequence[Claim], theorem: Theorem) -> tuple[Claim, ...]:
    """The claims that the theorem rests on."""
    return tuple(claim for claim in given if encode(claim) in theorem.hypotheses)


def _jacobian(
    expression: Any,
    wrt: Any,
    function: FunctionOf,
    found: tuple[Theorem, Term],
    known: Sequence[Theorem],
    routine: Routine,
) -> Derived:
    theorem, value = found
    writer = Writer(free(theorem.conclusion), [expression])
    conditions = _conditions(theorem, known, Routine(routine.known), writer)
    return Derived(expression, wrt, function, writer.matrix(value), theorem, conditions)


def _derivative_of(f: Term, at: Term) -> Term:
    """The letter or the atom that is the gradient of f at a point."""
    if at[0] == "mat":
        return node("grad", f, at)
    return node("at", ("at", ("word", "derivative"), f), at)


def _other_side(e: Term, keep: Term) -> Term:
    """What the derivative is equal to, by the equation."""
    whole = as_term(keep, PLAIN.read(keep)[1])
    sign = next(
        n for (m, w), n in e[-1] if keep in (x for x, _ in (*m, *w)) and len(m) + len(w) == 1
    )
    return minus(whole, e) if sign[0] > 0 else plus(whole, e)


def _sizes(expression: Any) -> list[Any]:
    """The sizes in an expression that are variables, each at least 1."""
    names = free(encode_term(expression))
    return [natural(name) for name, v in sorted(names.items()) if v[2] == ("nat",)]


def _squares(expression: Any) -> dict[Term, Term]:
    """The numbers tr(EᵀE) in an expression, with E."""
    found = {}
    for part in expression.atoms(MatrixTrace):
        matrix = part.args[0]
        left, right = matrix.args if len(matrix.args) == 2 else (None, None)
        if isinstance(right, MatrixTerm) and left == right.T:
            found[encode_term(part)] = encode_term(right)
    return found


def _conditions(
    theorem: Theorem, known: Sequence[Theorem], calm: Routine, writer: Writer
) -> tuple[Claim, ...]:
    """The hypotheses that were not given, without those that follow from the others."""
    given = {th.conclusion for th in known}
    asked = [h for h in theorem.hypotheses if h not in given]
    kept = list(asked)
    for h in asked:
        others = [kernel.assume(x) for x in (*kept, *given) if x != h]
        if Routine(others).prove(h) is not None:
            kept.remove(h)
    return tuple(writer.claim(h) for h in kept)


def _second(derived: Derived) -> tuple[Any, Any, Theorem]:
    wrt = derived.wrt
    if not isinstance(wrt, MatrixVariable):
        raise FormulaError("a second differential is taken in a matrix or a column")
    names = free(derived.theorem.conclusion)
    h = MatrixVariable(next(n for n in ("H", "H_1", "H_2", "H_3") if n not in names), *wrt.shape)
    function = encode_term(FunctionOf(wrt, derived.gradient))
    routine = Routine([kernel.assume(x) for x in derived.theorem.hypotheses], ask=True)
    theorem = slope(routine, function, encode_term(wrt))
    linear = theorem.conclusion[3]
    value = read_by(PLAIN, node("at", linear, as_term(encode_variable(h), encode_variable(h)[2])))
    writer = Writer({*names, h.name}, [derived.expression, derived.gradient])
    return h, writer.matrix(value), theorem


class AssumptionError(FormulaError):
    """Something that cannot be assumed of a variable."""


# ── From formulas ──────────────────────────────────────────────────────────────────────────────
ASSUMPTIONS: dict[str, Callable[[Any], Claim]] = {
    "positive": lambda x: AllPositive(x),
    "nonzero": lambda x: NonZero(x),
    "symmetric": lambda x: Symmetric(x),
    "invertible": lambda x: NonZero(determinant(x)),
    "positive definite": lambda x: PositiveDefinite(x),
}


def from_formula(
    formula: str,
    wrt: str,
    shapes: Mapping[str, Shape] | None = None,
    assume: Mapping[str, str] | None = None,
) -> Derived:
    """The derivative of a formula as NumPy writes it; `FormulaError` where it cannot be read.

    ``assume`` says of variables that they are positive, nonzero, symmetric, invertible or positive
    definite.

    >>> shapes = {"A": ("m", "n"), "x": ("n", "1"), "b": ("m", "1")}
    >>> from_formula("norm(A @ x - b)**2", "x", shapes).text
    '2 * A.T @ (A @ x - b)'
    """
    tree = read(formula)
    found = inferred(tree, shapes or {})
    names = Names(found)
    if wrt not in found:
        raise FormulaError(f"{wrt} is no variable of the formula; there are: {', '.join(found)}")
    given = [_assumed(name, what, names) for name, what in (assume or {}).items()]
    guessed = [name for name in found if name not in (shapes or {}) and found[name]]
    try:
        value = term(tree, names)
        if isinstance(value, MatrixTerm) and value.cols != 1 and guessed:
            taken = ", ".join(f"{name} for {'×'.join(found[name])}" for name in guessed)
            raise FormulaError(
                f"it is {'×'.join(map(str, value.shape))} and no number, {taken} being taken: say "
                f"the shapes, such as --shape {guessed[0]}=n for a column"
            )
        derived = derive(value, names[wrt], given)
    except LanguageError as fault:
        raise FormulaError(f"the formula does not fit: {fault.problem}") from None
    except RecursionError:
        raise FormulaError("the formula is nested too deeply") from None
    return Derived(
        *(derived.expression, derived.wrt, derived.function, derived.gradient, derived.theorem),
        *(derived.conditions, formula.strip(), found, derived.assumed),
    )


def _assumed(name: str, what: str, names: Names) -> Claim:
    make = ASSUMPTIONS.get(what.strip().lower())
    if make is None:
        raise AssumptionError(f"what can be assumed: {', '.join(ASSUMPTIONS)}; not {what!r}")
    if name not in names.values:
        raise AssumptionError(f"{name} is no variable of the formula")
    value = names[name]
    try:
        return _of_variable(make, what, value)
    except LanguageError as fault:
        raise AssumptionError(f"{name} cannot be {what}: {fault.problem}") from None


def _of_variable(make: Callable[[Any], Claim], what: str, value: Any) -> Claim:
    if what == "positive" and not isinstance(value, MatrixTerm):
        from proofkit.claims import Less

        return Less(0, value)
    return make(value)
