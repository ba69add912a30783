"""Terms as code: in the formula's own syntax, and for NumPy, JAX and PyTorch.

Vectors are columns, as in the formula; what is a number by being 1×1 stays a 1×1 array, which
broadcasts.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from sympy import Add, Integer, Mul, Pow, Rational, Symbol

from proofkit.symbols import (
    FunctionOf,
    FunctionWord,
    Gradient,
    Identity,
    Image,
    MatrixTerm,
    MatrixTrace,
    MatrixVariable,
    MatrixWord,
    Product,
    Scaled,
    Sum,
    Transposed,
    Value,
    Word,
    Zero,
)

__all__ = ["JAX", "NUMPY", "PLAIN", "TORCH", "Dialect", "code"]


class Dialect(NamedTuple):
    """How functions are called: a prefix, other names, and what makes an array of a number."""

    prefix: str = ""
    names: Mapping[str, str] = MappingProxyType({})
    array: str = "{}"

    def __call__(self, name: str, *arguments: str) -> str:
        called = self.names.get(name, f"{self.prefix}{name}")
        return called.format(*arguments) if "{" in called else f"{called}({', '.join(arguments)})"


_FILLED = ("eye", "ones", "zeros")
_ARRAYS = {"inv": "linalg.inv", "det": "linalg.det", "norm": "linalg.norm"}
PLAIN = Dialect()
NUMPY = Dialect(
    "np.",
    {name: f"np.{there}" for name, there in _ARRAYS.items()}
    | {"sigmoid": "(0.5 + 0.5 * np.tanh(({}) / 2))", "relu": "np.maximum({}, 0.0)"},
)
JAX = Dialect(
    "jnp.",
    {name: f"jnp.{there}" for name, there in _ARRAYS.items()}
    | {name: f"jnp.{name}({{}}, dtype=dtype)" for name in _FILLED}
    | {"sigmoid": "(0.5 + 0.5 * jnp.tanh(({}) / 2))", "relu": "jnp.maximum({}, 0.0)"},
)
TORCH = Dialect(
    "torch.",
    {name: f"torch.{there}" for name, there in _ARRAYS.items()}
    | {name: f"torch.{name}({{}}, **like)" for name in _FILLED},
    "torch.as_tensor({}, **like)",
)

_SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(5)
_NAMES = {
    "logistic": "sigmoid",
    "determinant": "det",
    "abs": "abs",
}


def code(x: Any, dialect: Dialect = PLAIN) -> str:
    """A term as code.

    >>> from proofkit.symbols import MatrixVariable, natural, vector
    >>> n, p = natural("n"), natural("p")
    >>> X, w, y = MatrixVariable("X", n, p), vector("w", p), vector("y", n)
    >>> code(2 * X.T * (X * w - y))
    '2 * X.T @ (X @ w - y)'
    """
    return _Writer(dialect).text(x)


class _Writer:
    def __init__(self, dialect: Dialect) -> None:
        self.call = dialect
        self.bound: dict[Any, tuple[str, int]] = {}

    def text(self, x: Any, level: int = _SUM) -> str:
        """The code, in brackets if it binds less than the level."""
        out, own = self.write(x)
        return f"({out})" if own < level else out

    def write(self, x: Any) -> tuple[str, int]:
        if x in self.bound:
            return self.bound[x]
        if isinstance(x, (int, Integer)):
            return str(x), _ATOM if x >= 0 else _SIGN
        if isinstance(x, Rational):
            return self._rational(x)
        if isinstance(x, (Symbol, MatrixVariable)):
            return x.name, _ATOM
        if isinstance(x, Add):
            return self._sum(x.as_ordered_terms()), _SUM
        if isinstance(x, Sum):
            plain = [_spread(a) for a in x.args]
            several = sum(p is None for p in plain) > 0
            return self._sum(
                [a if p is None or not several else p for a, p in zip(x.args, plain, strict=True)]
            ), _SUM
        if isinstance(x, Mul):
            return self._fraction(list(x.args))
        if isinstance(x, Scaled):
            return self._scaled(*x.args)
        if isinstance(x, Pow):
            return self._power(*x.args)
        if isinstance(x, Product):
            factors = [self.text(a, _PRODUCT if n == 0 else _SIGN) for n, a in enumerate(x.args)]
            return " @ ".join(factors), _PRODUCT
        if isinstance(x, Transposed):
            return f"{self.text(x.args[0], _ATOM)}.T", _ATOM
        if isinstance(x, Identity):
            return self.call("eye", self.text(x.args[0])), _ATOM
        if isinstance(x, Zero):
            return self._filled("zeros", x.args), _ATOM
        if isinstance(x, MatrixTrace):
            return self._trace(x.args[0])
        if isinstance(x, (Word, MatrixWord)):
            return self._word(x)
        if isinstance(x, (Value, Image, Gradient)):
            mark = "_gradient" if isinstance(x, Gradient) else ""
            if isinstance(x.args[0], FunctionOf):
                return self._applied(x.args[0], x.args[1])
            return f"{self._function(x.args[0])}{mark}({self.text(x.args[1])})", _ATOM
        raise TypeError(f"{type(x).__name__} has no code")

    # ── Numbers and sums ───────────────────────────────────────────────────────────────────────
    def _rational(self, x: Rational) -> tuple[str, int]:
        decimal = str(float(x))
        exact = Rational(decimal) == x and len(decimal) < 8
        text = decimal if exact else f"{x.p} / {x.q}"
        return text, _SIGN if x < 0 else _ATOM if exact else _PRODUCT

    def _sum(self, terms: Any) -> str:
        out = ""
        for term in sorted(terms, key=_is_negative):
            negative = _is_negative(term) and bool(out)
            text = self.text(-term if negative else term, _PRODUCT if out else _SUM)
            out += f" {'-' if negative else '+'} {text}" if out else text
        return out

    def _fraction(self, factors: list[Any]) -> tuple[str, int]:
        """A product of numbers, those that stand below the line divided by."""
        sign, below = "", []
        above: list[str] = []
        for factor in self._without_steps(factors, above):
            if isinstance(factor, Rational) and factor < 0:
                sign, factor = "" if sign else "-", -factor
            inner = _below(factor)
            if inner is not None:
                below.append(self.text(inner, _POWER))
            elif factor != 1:
                above.append(self.text(factor, _SIGN))
        if (
            len(above) == 1
            and not (sign or below)
            and above[0].startswith(self.call("sign", "")[:-1])
        ):
            return above[0], _ATOM
        text = " * ".join(above) or "1"
        for part in below:
            text += f" / {part}"
        return sign + text, _PRODUCT

    def _without_steps(self, factors: list[Any], above: list[str]) -> list[Any]:
        """The factors without |x|/x and relu(x)/x, which are sign(x) and a step, written above."""
        left = list(factors)
        for factor in factors:
            name = str(factor.args[0]) if isinstance(factor, Word) else ""
            over = Word("reciprocal", factor.arguments[0]) if name in ("abs", "relu") else None
            if over is not None and over in left and factor in left:
                left.remove(factor)
                left.remove(over)
                inside = self.call("sign", self.text(factor.arguments[0]))
                above.append(inside if name == "abs" else f"(1 + {inside}) / 2")
        return left

    def _scaled(self, factor: Any, matrix: Any) -> tuple[str, int]:
        if factor == -1:
            text, level = self.write(matrix)
            return (f"-({text})", _SIGN) if level < _PRODUCT else (f"-{text}", min(level, _SIGN))
        factors = list(factor.args) if isinstance(factor, Mul) else [factor]
        below = [_below(f) for f in factors]
        above = [f for f, b in zip(factors, below, strict=True) if b is None]
        text = self.text(matrix, _PRODUCT)
        sign = ""
        numbers = [f for f in above if isinstance(f, Rational)]
        if numbers and numbers[0] < 0:
            sign = "-"
            above = [-f if f is numbers[0] else f for f in above]
        above = [f for f in above if f != 1]
        if above:
            scale = self._fraction(above)[0] if len(above) > 1 else self.text(above[0], _SIGN)
            text = f"{scale} * {self.text(matrix, _PRODUCT)}"
        elif sign:
            text = self.text(matrix, _SIGN)
        for part in (b for b in below if b is not None):
            text = f"{text} / {self.text(part, _POWER)}"
        return sign + text, _PRODUCT

    def _power(self, base: Any, exponent: Any) -> tuple[str, int]:
        if exponent == -1:
            return f"1 / {self.text(base, _POWER)}", _PRODUCT
        return f"{self.text(base, _ATOM)}**{self.text(exponent, _ATOM)}", _POWER

    # ── Traces ─────────────────────────────────────────────────────────────────────────────────
    def _trace(self, matrix: Any) -> tuple[str, int]:
        factors = list(matrix.args) if isinstance(matrix, Product) else [matrix]
        for cut in range(len(factors)):
            turned = factors[cut:] + factors[:cut]
            if turned[0].rows == 1 and turned[-1].cols == 1:
                both = _ones_around(turned)
                if both is not None:
                    return self.call("sum", self.text(both)), _ATOM
                if len(turned) == 2 and turned[0] == turned[1].T:
                    return f"{self.call('norm', self.text(turned[1]))}**2", _POWER
                return self.write(Product(*turned)) if len(turned) > 1 else self.write(turned[0])
        half, odd = divmod(len(factors), 2)
        for cut in range(len(factors) if not odd else 0):
            turned = factors[cut:] + factors[:cut]
            left, right = Product(*turned[:half]), Product(*turned[half:])
            if left == _turned(right):
                return f"{self.call('norm', self.text(right))}**2", _POWER
        if len(factors) == 2:
            for a, b in (factors, factors[::-1]):
                if _is_ones(a):
                    return self.call("sum", self.text(_turned_to(b, a))), _ATOM
                if isinstance(a, Transposed) and _is_ones(a.args[0]):
                    return self.call("sum", self.text(b)), _ATOM
        return self.call("trace", self.text(matrix)), _ATOM

    # ── Words ──────────────────────────────────────────────────────────────────────────────────
    def _word(self, x: Any) -> tuple[str, int]:
        name, arguments = str(x.args[0]), x.arguments
        match name, arguments:
            case "entrywise", [function, argument]:
                return self._applied(function, argument)
            case "hadamard", [a, b]:
                return f"{self.text(a, _PRODUCT)} * {self.text(b, _SIGN)}", _PRODUCT
            case "reciprocal", [a]:
                return f"1 / {self.text(a, _POWER)}", _PRODUCT
            case "inverse", [a]:
                return self.call("inv", self.text(a)), _ATOM
            case "diag", [v]:
                return f"{self.text(v, _PRODUCT)} * {self.call('eye', self.text(v.rows))}", _PRODUCT
            case "diagonal", [a]:
                size = self.text(a.rows)
                rows = f"({self.text(a, _PRODUCT)} * {self.call('eye', size)})"
                return f"{rows} @ {self._filled('ones', (a.rows, Integer(1)))}", _PRODUCT
            case "ones", []:
                return self._filled("ones", x.args[1:]), _ATOM
            case "sqrt", [MatrixTrace()]:
                inner, level = self._trace(arguments[0].args[0])
                if level == _POWER and inner.endswith("**2"):
                    return inner.removesuffix("**2"), _ATOM
            case "derivative", [f, argument]:
                return f"{self._function(f)}_derivative({self.text(argument)})", _ATOM
        return self.call(_NAMES.get(name, name), *map(self._argument, arguments)), _ATOM

    def _argument(self, x: Any) -> str:
        """What a function is called with: an array, where numbers are not taken."""
        text = self.text(x)
        plain = not x.atoms(MatrixTerm) and all(s.is_integer for s in x.free_symbols)
        return self.call.array.format(text) if plain and self.call.prefix not in text else text

    def _applied(self, function: Any, argument: Any) -> tuple[str, int]:
        """A function of a number or of each entry."""
        if isinstance(function, FunctionOf):
            variable, body = function.args
            self.bound[variable] = self.write(argument)
            try:
                return self.write(body)
            finally:
                del self.bound[variable]
        if isinstance(function, FunctionWord) and function.args[0].name == "reciprocal":
            return f"1 / {self.text(argument, _POWER)}", _PRODUCT
        if isinstance(function, FunctionWord) and function.args[0].name != "derivative":
            name = str(function.args[0])
            return self.call(_NAMES.get(name, name), self._argument(argument)), _ATOM
        return f"{self._function(function)}({self.text(argument)})", _ATOM

    def _function(self, function: Any) -> str:
        if isinstance(function, FunctionWord):
            name = str(function.args[0])
            if name == "derivative":
                return f"{self._function(function.args[1])}_derivative"
            return _NAMES.get(name, name)
        return str(function)

    def _filled(self, name: str, sizes: Any) -> str:
        return self.call(name, f"({', '.join(map(self.text, sizes))})")


def _is_negative(x: Any) -> bool:
    if isinstance(x, Scaled):
        return _is_negative(x.args[0])
    return not isinstance(x, MatrixTerm) and bool(x.as_coeff_Mul()[0] < 0)


def _below(factor: Any) -> Any:
    """What a factor is the reciprocal of, if it is one."""
    if isinstance(factor, Word) and str(factor.args[0]) == "reciprocal":
        return factor.arguments[0]
    if isinstance(factor, Pow) and factor.exp.is_negative:
        return factor.base**-factor.exp
    if isinstance(factor, Pow) and _below(factor.base) is not None:
        return _below(factor.base) ** factor.exp
    return None


def _turned(x: Any) -> Any:
    """The transpose, pushed to the factors."""
    if isinstance(x, Product):
        return Product(*(_turned(a) for a in reversed(x.args)))
    return x.T


def _turned_to(b: Any, ones: Any) -> Any:
    return b.T if b.shape != ones.shape else b


def _ones_around(factors: list[Any]) -> Any:
    """What 𝟏ᵀX is the sum of, for a column X."""
    first, *rest = factors
    if _is_ones(first.args[0] if isinstance(first, Transposed) else first) and rest:
        return Product(*rest)
    last = factors[-1]
    if _is_ones(last.args[0] if isinstance(last, Transposed) else last) and len(factors) > 1:
        return Product(*factors[:-1])
    return None


def _spread(x: Any) -> Any:
    """The number that all entries are, if they are one: it broadcasts."""
    if isinstance(x, Scaled) and _is_ones(x.args[1]):
        return x.args[0]
    return Integer(1) if _is_ones(x) else None


def _is_ones(x: Any) -> bool:
    return isinstance(x, MatrixWord) and str(x.args[0]) == "ones"
