"""Reading formulas as NumPy writes them: a line of code as a tree, nothing in it evaluated.

`read` goes through Python's own parser and keeps a short list of what may stand in a formula; the
rest is refused with the place and what to write instead.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

__all__ = ["FUNCTIONS", "FormulaError", "Tree", "names", "read", "variables"]

LONGEST, DEEPEST, LARGEST = 2_000, 60, 10**12  # characters, brackets in brackets, numbers
MODULES = ("np", "numpy", "jnp", "jax", "torch", "nn", "linalg", "special", "scipy", "math")
ONE = ("inv", "det", "logdet", "trace", "sum", "mean", "norm", "transpose", "diag", "softmax")
ENTRYWISE = ("exp", "log", "sqrt", "tanh", "sigmoid", "relu", "abs", "sin", "cos", "sign")
FUNCTIONS = dict.fromkeys((*ONE, *ENTRYWISE, "logsumexp"), (1, 1))
FUNCTIONS |= {"eye": (1, 1), "ones": (1, 2), "zeros": (1, 2), "dot": (2, 2), "multiply": (2, 2)}
FUNCTIONS |= {"matmul": (2, 2), "outer": (2, 2)}
_SAME = {"absolute": "abs", "expit": "sigmoid", "identity": "eye", "square": "square"}
_OPERATORS: dict[type, str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.MatMult: "@",
    ast.Pow: "**",
}


class FormulaError(ValueError):
    """A formula that cannot be read: what is wrong, and where it stands, counted from 0."""

    def __init__(self, problem: str, text: str = "", start: int = 0, end: int = 0) -> None:
        super().__init__(problem)
        self.problem, self.text, self.start, self.end = problem, text, start, max(end, start + 1)

    def __str__(self) -> str:
        if not self.text:
            return self.problem
        mark = " " * self.start + "^" * min(self.end - self.start, len(self.text) - self.start)
        return f"{self.problem}\n  {self.text}\n  {mark.rstrip() or '^'}"


@dataclass(frozen=True)
class Tree:
    """A part of a formula: ``kind`` is an operator, a function, "name" or "number".

    ``text`` is how it is written.
    """

    kind: str
    parts: tuple[Tree, ...]
    text: str
    start: int
    value: str | Fraction = ""


def read(text: str) -> Tree:
    """The tree of a formula; `FormulaError` where it is none.

    >>> read("sum(np.exp(X @ w))").parts[0].parts[0].kind
    '@'
    >>> read("X' * X")
    Traceback (most recent call last):
        ...
    proofkit.derivatives.syntax.FormulaError: ' is no transpose here: write X.T
      X' * X
       ^
    """
    text = text.strip()
    _look(text)
    try:
        found = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError) as fault:
        start = max((getattr(fault, "offset", 1) or 1) - 1, 0)
        problem = f"this is no formula: {getattr(fault, 'msg', 'it is nested too deeply')}"
        raise FormulaError(problem, text, min(start, max(len(text) - 1, 0))) from None
    return _tree(found.body, text)


def _look(text: str) -> None:
    """Refuse what is too long, and what other languages write."""
    if not text:
        raise FormulaError("a formula is needed")
    if len(text) > LONGEST:
        raise FormulaError(f"a formula has at most {LONGEST} characters, not {len(text)}")
    if "\n" in text or not text.isprintable():
        raise FormulaError("a formula is one line of printable characters")
    depth = 0
    for n, c in enumerate(text):
        depth += (c in "([") - (c in ")]")
        if depth > DEEPEST:
            raise FormulaError(f"brackets are nested more than {DEEPEST} deep", text, n)
    for pattern, hint in _HINTS:
        if found := re.search(pattern, text):
            raise FormulaError(hint, text, found.start("at"), found.end("at"))


_HINTS = (
    (r"[\w)\]](?P<at>')", "' is no transpose here: write X.T"),
    (r"(?P<at>\.[*/^])", "entry by entry is * / ** here, and the matrix product is @"),
    (r"(?P<at>\^)", "a power is written **"),
    (r"(?P<at>\\)", "entry by entry is * / ** here; X⁻¹y is inv(X) @ y"),
)


def _tree(x: ast.expr, text: str) -> Tree:
    start = len(text.encode()[: x.col_offset].decode())
    end = len(text.encode()[: x.end_col_offset].decode())

    def made(kind: str, *parts: Tree, value: str | Fraction = "") -> Tree:
        return Tree(kind, parts, text[start:end], start, value)

    def wrong(problem: str) -> FormulaError:
        return FormulaError(problem, text, start, end)

    match x:
        case ast.Constant(value=int() | float()) if not isinstance(x.value, bool):
            written = text[start:end].replace("_", "")
            try:
                number = Fraction(written)
            except ValueError:
                raise wrong("numbers are whole, decimal or in the form 1e-3") from None
            if abs(number) > LARGEST or number.denominator > LARGEST:
                raise wrong("the number has too many digits")
            return made("number", value=number)
        case ast.Name(id=name):
            return made("name", value=name)
        case ast.UnaryOp(op=ast.USub(), operand=a):
            return made("neg", _tree(a, text))
        case ast.UnaryOp(op=ast.UAdd(), operand=a):
            return _tree(a, text)
        case ast.BinOp(left=a, op=op, right=b) if type(op) in _OPERATORS:
            return made(_OPERATORS[type(op)], _tree(a, text), _tree(b, text))
        case ast.Attribute(value=a, attr="T" | "mT"):
            return made("transpose", _tree(a, text))
        case ast.Call(func=function, args=given, keywords=[]):
            name, owner = _function(function)
            name = _SAME.get(name, name)
            arguments = [a for part in given for a in _spread(part)]
            if owner is not None:  # X.sum() is sum(X)
                arguments.insert(0, owner)
            if name == "square" and len(arguments) == 1:
                two = Tree("number", (), "2", start, Fraction(2))
                return made("**", _tree(arguments[0], text), two)
            if name not in FUNCTIONS:
                known = ", ".join(sorted(FUNCTIONS))
                raise wrong(
                    f"the function {name or text[start:end]!r} is not known; known: {known}"
                )
            least, most = FUNCTIONS[name]
            if not least <= len(arguments) <= most:
                count = f"{least}" if least == most else f"{least} or {most}"
                raise wrong(f"{name} takes {count} arguments here, not {len(arguments)}")
            name = {"matmul": "@", "multiply": "*"}.get(name, name)
            return made(name, *(_tree(a, text) for a in arguments))
        case ast.Call():
            raise wrong("arguments by name, such as axis=0, are not known here: sum is over all")
        case ast.Subscript():
            raise wrong("entries and slices are not known here; multiply by a vector instead")
        case ast.Compare() | ast.BoolOp() | ast.IfExp():
            raise wrong("comparisons are not known here; relu and abs have their kinks built in")
    raise wrong("this means nothing in a formula")


def _function(x: ast.expr) -> tuple[str, ast.expr | None]:
    """The name of a function, and what it is a method of."""
    match x:
        case ast.Name(id=name):
            return name, None
        case ast.Attribute(value=owner, attr=name):
            parts = owner
            while isinstance(parts, ast.Attribute):
                parts = parts.value
            module = isinstance(parts, ast.Name) and parts.id in MODULES
            return name, None if module else owner
    return "", None


def _spread(x: ast.expr) -> list[ast.expr]:
    """The arguments that a pair, as in ones((n, m)), stands for."""
    return list(x.elts) if isinstance(x, (ast.Tuple, ast.List)) else [x]


def parts(tree: Tree) -> Iterator[Tree]:
    """The tree and all its parts, inner ones first."""
    for part in tree.parts:
        yield from parts(part)
    yield tree


def names(tree: Tree) -> tuple[str, ...]:
    """The names in a formula, in the order in which they are met."""
    return tuple(dict.fromkeys(str(t.value) for t in parts(tree) if t.kind == "name"))


def variables(tree: Tree, sizes: frozenset[str]) -> tuple[str, ...]:
    """The names that are not sizes."""
    return tuple(name for name in names(tree) if name not in sizes)
