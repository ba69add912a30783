"""One recursive-descent grammar for constants and loss expressions, handing nodes to a builder.

The grammar, loosest first::

    sum      = product (("+" | "-") product)*
    product  = signed (("*" | "/") signed)*
    signed   = "-" signed | power
    power    = atom ("**" exponent)?
    exponent = "-"? number | "(" "-"? number ("/" number)? ")"
    atom     = number | entry | function "(" sum ")" | "(" sum ")"
    entry    = "w11" … "w99" | "w[10,3]" | "w_10_3"

A literal, a minus sign before a literal and a quotient of two literals are one rational constant,
so ``-3/5`` is the number and ``-(3)/5`` is an operation; every tree can therefore be written.
A run of additions or of multiplications is one node, so a long sum is not a deep tree.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Final, Generic, Protocol, TypeVar

from proofkit.networks.tokens import (
    MAX_LENGTH,
    NotationError,
    Token,
    literal_value,
    shown,
    tokenize,
)

MAX_DEPTH: Final = 64
"""The deepest nesting of parentheses, calls and minus signs."""

MAX_EXPONENT: Final = 1_000
"""The largest numerator or denominator of an exponent, in absolute value."""

MAX_INDEX_DIGITS: Final = 6

_SHORT_ENTRY = re.compile(r"w([1-9])([1-9])")
_LONG_ENTRY = re.compile(r"w_([0-9]+)_([0-9]+)")

Node = TypeVar("Node")


class Builder(Protocol[Node]):
    """What is made of the nodes: a number for a constant, a syntax tree for an expression.

    Each method is given the 1-based column of the node, to name it in a ``NotationError``.
    """

    def constant(self, value: Fraction, at: int) -> Node:
        """The node of a rational constant."""

    def entry(self, row: int, column: int, at: int) -> Node:
        """The node of an entry of the product, both indices counted from 1."""

    def apply(self, op: str, args: tuple[Node, ...], at: int) -> Node:
        """The node of ``+ *`` (two arguments or more), ``- /`` (two), ``neg`` or a function."""

    def power(self, base: Node, exponent: Fraction, at: int) -> Node:
        """The node of ``base ** exponent``."""


def parse(
    text: str,
    builder: Builder[Node],
    *,
    functions: Mapping[str, str],
    entries: bool,
    most: int = MAX_LENGTH,
) -> Node:
    """Parse the whole text and return what the builder makes of it.

    Args:
        text: what the user wrote.
        builder: makes the nodes.
        functions: every function name that may be called, with the operation it stands for.
        entries: whether entries of the product (``w11``) may occur.
        most: the most characters of the text.

    Raises:
        NotationError: the text does not follow the grammar, or exceeds a limit; it names the
            column, what was expected there and what was found.

    >>> from proofkit.networks.numbers import parse_number
    >>> parse_number("2**-3")
    Fraction(1, 8)
    """
    return _Parser(tokenize(text, most), builder, functions, entries).whole()


class _Parser(Generic[Node]):
    """A cursor over the tokens, with one method per rule of the grammar.

    ``signed`` and ``power`` return, beside the node, its value when it was written as a bare
    literal: that is how ``product`` makes one constant of ``3/5``.
    """

    def __init__(
        self,
        tokens: tuple[Token, ...],
        builder: Builder[Node],
        functions: Mapping[str, str],
        entries: bool,
    ) -> None:
        self.tokens = tokens
        self.position = 0
        self.depth = 0
        self.builder = builder
        self.functions = functions
        self.entries = entries

    def whole(self) -> Node:
        node = self.sum()
        if self.token.kind != "end":
            raise self.fault("the text goes on after the expression", "an operator or the end")
        return node

    def sum(self) -> Node:
        node = self.product()
        while (sign := self.token).text in {"+", "-"}:
            args = [node]
            while self.token.text == sign.text:
                self.step()
                args.append(self.product())
                if sign.text == "-":
                    break
            node = self.builder.apply(sign.text, tuple(args), sign.column)
        return node

    def product(self) -> Node:
        node, value = self.signed()
        while (sign := self.token).text in {"*", "/"}:
            args = [node]
            divisor = None
            while self.token.text == sign.text:
                self.step()
                factor, divisor = self.signed()
                args.append(factor)
                if sign.text == "/":
                    break
            if sign.text == "/" and value is not None and divisor is not None:
                node = self.builder.constant(_quotient(value, divisor, sign), sign.column)
            else:
                node = self.builder.apply(sign.text, tuple(args), sign.column)
            value = None
        return node

    def signed(self) -> tuple[Node, Fraction | None]:
        sign = self.token
        if sign.text != "-":
            return self.power()
        self.step()
        self.enter(sign)
        node, value = self.signed()
        self.depth -= 1
        if value is not None and value > 0:
            return self.builder.constant(-value, sign.column), -value
        return self.builder.apply("neg", (node,), sign.column), None

    def power(self) -> tuple[Node, Fraction | None]:
        node, value = self.atom()
        sign = self.token
        if sign.text != "**":
            return node, value
        self.step()
        node = self.builder.power(node, self.exponent(), sign.column)
        if self.token.text == "**":
            raise self.fault("a power of a power needs parentheses", "(a**b)**c")
        return node, None

    def exponent(self) -> Fraction:
        start = self.token
        grouped = start.text == "("
        if grouped:
            self.step()
        value = self.signed_literal()
        if grouped:
            if (sign := self.token).text == "/":
                self.step()
                value = _quotient(value, self.literal("the exponent's denominator"), sign)
            self.expect(")", "the exponent must be a rational constant")
        if max(abs(value.numerator), value.denominator) > MAX_EXPONENT:
            raise NotationError(
                "the exponent is too large",
                expected=f"numerator and denominator up to {MAX_EXPONENT:,}",
                column=start.column,
            )
        return value

    def signed_literal(self) -> Fraction:
        if self.token.text != "-":
            return self.literal("the exponent must be a rational constant")
        self.step()
        return -self.literal("the exponent must be a rational constant")

    def literal(self, problem: str) -> Fraction:
        token = self.token
        if token.kind != "number":
            raise self.fault(problem, "a number such as 2, -1 or (1/2)")
        self.step()
        return literal_value(token)

    def atom(self) -> tuple[Node, Fraction | None]:
        token = self.token
        if token.kind == "number":
            value = literal_value(token)
            self.step()
            return self.builder.constant(value, token.column), value
        if token.text == "(":
            return self.group(token), None
        if token.kind == "name":
            self.step()
            return self.named(token), None
        raise self.fault("something is missing", self.beginnings())

    def group(self, opening: Token) -> Node:
        self.expect("(", "an argument in parentheses is missing")
        self.enter(opening)
        node = self.sum()
        self.depth -= 1
        self.expect(")", f"the parenthesis opened at column {opening.column} is not closed")
        return node

    def named(self, name: Token) -> Node:
        op = self.functions.get(name.text)
        if op is not None:
            return self.builder.apply(op, (self.group(self.token),), name.column)
        if self.entries:
            indices = self.entry_indices(name)
            if indices is not None:
                return self.builder.entry(*indices, name.column)
        close = difflib.get_close_matches(name.text, self.functions, n=1)
        raise NotationError(
            "this name is not known",
            expected=f"{close[0]}(…)" if close else self.beginnings(),
            found=shown(name.text),
            column=name.column,
        )

    def entry_indices(self, name: Token) -> tuple[int, int] | None:
        """The row and column that an entry's name gives, or None if it names no entry."""
        if name.text == "w" and self.token.text == "[":
            self.step()
            row = self.index()
            self.expect(",", "an entry has a row and a column")
            column = self.index()
            self.expect("]", "the entry's bracket is not closed")
            return row, column
        match = _SHORT_ENTRY.fullmatch(name.text) or _LONG_ENTRY.fullmatch(name.text)
        if match is not None:
            return _index(match.group(1), name), _index(match.group(2), name)
        if re.fullmatch(r"w[0-9]*", name.text):
            raise NotationError(
                "this does not name an entry of the product",
                expected="w11 … w99, or w[row,column] beyond 9, both counted from 1",
                found=shown(name.text),
                column=name.column,
            )
        return None

    def index(self) -> int:
        token = self.token
        if token.kind != "number" or not token.text.isdigit():
            raise self.fault("an entry has a row and a column", "a whole number from 1")
        self.step()
        return _index(token.text, token)

    def beginnings(self) -> str:
        names = ", ".join(self.functions)
        entry = "an entry such as w11, " if self.entries else ""
        return f"a number, {entry}'(' or a function ({names})"

    @property
    def token(self) -> Token:
        return self.tokens[self.position]

    def step(self) -> None:
        self.position += 1

    def enter(self, token: Token) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise NotationError(
                "the text nests too deeply",
                expected=f"at most {MAX_DEPTH} levels",
                column=token.column,
            )

    def expect(self, text: str, problem: str) -> None:
        if self.token.text != text:
            raise self.fault(problem, f"'{text}'")
        self.step()

    def fault(self, problem: str, expected: str) -> NotationError:
        return NotationError(
            problem, expected=expected, found=self.token.shown, column=self.token.column
        )


def _quotient(value: Fraction, divisor: Fraction, sign: Token) -> Fraction:
    if divisor == 0:
        raise NotationError("this divides by zero", column=sign.column)
    return value / divisor


def _index(digits: str, token: Token) -> int:
    value = int(digits) if len(digits) <= MAX_INDEX_DIGITS else 0
    if value < 1:
        raise NotationError(
            "an entry's row and column are counted from 1",
            expected=f"1 to {10**MAX_INDEX_DIGITS - 1:,}",
            found=shown(digits),
            column=token.column,
        )
    return value
