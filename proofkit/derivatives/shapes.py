"""Shapes of the names in a formula: those given, and what the formula says of the others.

Sizes are letters or numbers; where two sizes have to agree, they are made one.  Vectors are
columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from proofkit.derivatives.syntax import ENTRYWISE, FormulaError, Tree, names, parts

__all__ = ["Shape", "inferred", "parsed"]

Shape = tuple[str, ...]
"""() for a number, else rows and columns, each a letter or a whole number."""

MOST = 100
"""Largest size that may be given as a number."""
_MATRICES = ("inv", "det", "logdet", "trace", "transpose", "diag", "softmax")


def parsed(text: str) -> tuple[str, Shape]:
    """A shape as the command line gives it: X=n,p for a matrix, x=n for a column, c=1.

    >>> parsed("X=n,p"), parsed("x=n"), parsed("c=1")
    (('X', ('n', 'p')), ('x', ('n', '1')), ('c', ()))
    """
    name, equals, right = text.partition("=")
    name = name.strip()
    sizes = tuple(part.strip() for part in right.split(","))
    if not equals or not name.isidentifier() or not 1 <= len(sizes) <= 2:
        raise FormulaError(f"a shape is given as X=n,p or x=n or c=1, not {text!r}")
    for size in sizes:
        whole = re.fullmatch(r"[0-9]{1,3}", size) is not None and 1 <= int(size) <= MOST
        if not (whole or size.isidentifier()):
            raise FormulaError(f"a size is a name or a number from 1 to {MOST}, not {size!r}")
    if sizes == ("1",):
        return name, ()
    return name, (*sizes, "1") if len(sizes) == 1 else sizes


class _Sizes:
    """Sizes that were found to be the same: each stands for a letter or a number."""

    def __init__(self) -> None:
        self._same: dict[str, str] = {}
        self._count = 0

    def new(self) -> str:
        self._count += 1
        return f"?{self._count}"

    def find(self, size: str) -> str:
        while size in self._same:
            size = self._same[size]
        return size

    def unify(self, a: str, b: str) -> bool:
        """Make two sizes one; False if they are two letters or numbers that were given."""
        a, b = self.find(a), self.find(b)
        if a == b:
            return True
        if not a.startswith("?"):
            a, b = b, a
        if not a.startswith("?"):
            return False
        self._same[a] = b
        return True


def inferred(tree: Tree, given: Mapping[str, Shape]) -> dict[str, Shape]:
    """The shapes of all variables of a formula; `FormulaError` where they clash or stay unknown."""
    sizes = _Sizes()
    letters = {size for shape in given.values() for size in shape if not size.isdigit()}
    clash = letters & set(given)
    if clash:
        raise FormulaError(f"{min(clash)} is the name of a size and of a variable: rename one")
    known: dict[str, Shape] = dict(given)
    certain = set(_certain_matrices(tree))
    for name in names(tree):
        if name not in known and name not in letters and name in certain:
            known[name] = (sizes.new(), sizes.new())
    unknown = [n for n in names(tree) if n not in known and n not in letters]
    if unknown:
        asked = " ".join(f"--shape {name}=…" for name in unknown)
        raise FormulaError(
            f"what is {unknown[0]}? Give its shape, n,p for a matrix, n for a column, 1 for a "
            f"number: {asked}"
        )
    _Reader(sizes, known, letters, _root_text(tree)).shape(tree)
    out = {name: tuple(sizes.find(s) for s in shape) for name, shape in known.items()}
    return _named(out, letters | set(known))


def _root_text(tree: Tree) -> str:
    return tree.text


def _named(shapes: dict[str, Shape], taken: Iterable[str]) -> dict[str, Shape]:
    """Letters for the sizes that nobody named."""
    free = iter(c for c in ("n", "m", "p", "q", "r", "k", "s", "d", *(f"n{i}" for i in range(99))))
    used, letters = set(taken), {}
    for shape in shapes.values():
        for size in shape:
            if size.startswith("?") and size not in letters:
                letters[size] = next(c for c in free if c not in used)
    return {name: tuple(letters.get(s, s) for s in shape) for name, shape in shapes.items()}


def _certain_matrices(tree: Tree) -> list[str]:
    """The names that can only be matrices, by what is done with them."""
    found = []
    for part in parts(tree):
        if part.kind in ("@", "dot", "outer", *_MATRICES):
            found += [str(t.value) for t in part.parts if t.kind == "name"]
    return found


class _Reader:
    def __init__(
        self, sizes: _Sizes, known: dict[str, Shape], letters: set[str], text: str
    ) -> None:
        self.sizes, self.known, self.letters, self.text = sizes, known, letters, text

    def shape(self, t: Tree) -> Shape:
        """The shape of a part, () for a number."""
        match t.kind:
            case "number":
                return ()
            case "name":
                return () if t.value in self.letters else self.known[str(t.value)]
            case "neg":
                return self.shape(t.parts[0])
            case "eye" | "ones" | "zeros":
                found = tuple(self._size(part) for part in t.parts)
                return (
                    (found[0], found[0] if t.kind == "eye" else "1") if len(found) == 1 else found
                )
        shapes = [self.shape(part) for part in t.parts]
        match t.kind:
            case "@":
                return self._number(self._product(t, *shapes))
            case "dot":
                return () if self._columns(shapes) else self._number(self._product(t, *shapes))
            case "outer":
                return shapes[0][0], shapes[1][0]
            case "transpose":
                return shapes[0][::-1]
            case "inv" | "det" | "logdet" | "trace":
                if not shapes[0] or not self.sizes.unify(*shapes[0]):
                    raise self._wrong(t, f"{t.kind} takes a square matrix", shapes)
                return shapes[0] if t.kind == "inv" else ()
            case "diag":
                if not shapes[0]:
                    raise self._wrong(t, "diag takes a matrix or a column", shapes)
                if self.sizes.find(shapes[0][1]) == "1":
                    return shapes[0][0], shapes[0][0]
                if not self.sizes.unify(*shapes[0]):
                    raise self._wrong(t, "diag takes a square matrix or a column", shapes)
                return shapes[0][0], "1"
            case "sum" | "mean" | "norm" | "logsumexp":
                return ()
            case "softmax":
                if not shapes[0] or not self.sizes.unify(shapes[0][1], "1"):
                    raise self._wrong(t, "softmax takes a column", shapes)
                return shapes[0]
            case "**":
                if shapes[1]:
                    raise self._wrong(t, "an exponent is a number", shapes)
                return shapes[0]
            case kind if kind in ENTRYWISE:
                return shapes[0]
        return self._together(t, *shapes)

    def _columns(self, shapes: list[Shape]) -> bool:
        return all(s and self.sizes.find(s[1]) == "1" for s in shapes)

    def _number(self, shape: Shape) -> Shape:
        """A 1×1 product is a number."""
        return () if [self.sizes.find(s) for s in shape] == ["1", "1"] else shape

    def _size(self, t: Tree) -> str:
        if t.kind == "name" and t.value not in self.known:
            self.letters.add(str(t.value))
            return str(t.value)
        if t.kind == "number" and str(t.value).isdigit() and 1 <= int(str(t.value)) <= MOST:
            return str(t.value)
        raise FormulaError("a size is a letter or a number", self.text, t.start)

    def _product(self, t: Tree, a: Shape, b: Shape) -> Shape:
        if not a or not b:
            what = t.parts[0] if not a else t.parts[1]
            raise self._wrong(
                t, f"@ multiplies matrices, and {what.text} is a number: use *", [a, b]
            )
        if not self.sizes.unify(a[1], b[0]):
            raise self._wrong(
                t,
                f"{t.parts[0].text} has {self._shown(a)} and {t.parts[1].text} {self._shown(b)}: "
                f"{self.sizes.find(a[1])} columns meet {self.sizes.find(b[0])} rows",
                [a, b],
            )
        return a[0], b[1]

    def _together(self, t: Tree, a: Shape, b: Shape) -> Shape:
        """The shape of a sum or of a product entry by entry; numbers, rows and columns spread."""
        if not a or not b:
            return a or b
        out = []
        for x, y in zip(a, b, strict=True):
            x, y = self.sizes.find(x), self.sizes.find(y)
            if "1" in (x, y) and not (x.startswith("?") or y.startswith("?")):
                out.append(y if x == "1" else x)
            elif self.sizes.unify(x, y):
                out.append(x)
            else:
                raise self._wrong(
                    t,
                    f"{t.parts[0].text} is {self._shown(a)} and {t.parts[1].text} is "
                    f"{self._shown(b)}: entry by entry they do not fit",
                    [a, b],
                )
        return self._number((out[0], out[1]))

    def _shown(self, shape: Shape) -> str:
        return "×".join(self.sizes.find(s) for s in shape) or "a number"

    def _wrong(self, t: Tree, problem: str, shapes: list[Shape]) -> FormulaError:
        return FormulaError(problem, self.text, t.start, t.start + len(t.text))
