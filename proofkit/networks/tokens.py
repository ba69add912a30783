"""Cut the text of a number or an expression into tokens, each with its column.

Numbers in files and loss expressions are typed by users, so nothing here evaluates anything:
a character that no token begins with is refused on the spot, and the length of the text and of
every literal is bounded before any arithmetic is done.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

MAX_LENGTH: Final = 10_000
"""The longest text that is read, in characters."""

MAX_DIGITS: Final = 4_000
"""The most digits of an integer; Python itself refuses to print beyond 4,300."""

MAX_BITS: Final = 13_287
"""The most bits of a numerator or denominator: what fits in MAX_DIGITS digits."""

TokenKind = Literal["number", "name", "operator", "end"]

_TOKEN = re.compile(
    r"(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z_0-9]*)"
    r"|(?P<operator>\*\*|[-+*/()\[\],])"
)
_SPACE = re.compile(r"[ \t\r\n]*")
_SHOWN: Final = 40


class NotationError(ValueError):
    """A number or an expression is not written as the notation asks.

    Attributes:
        problem: what is wrong, as a clause without a full stop.
        expected: what could have stood there, or None.
        found: what stood there, or None.
        column: the 1-based column in the text, or None when the value is not a text.

    >>> str(NotationError("the parenthesis is not closed", expected="')'", column=5))
    "column 5: the parenthesis is not closed; expected ')'"
    """

    def __init__(
        self,
        problem: str,
        *,
        expected: str | None = None,
        found: str | None = None,
        column: int | None = None,
    ) -> None:
        self.problem = problem
        self.expected = expected
        self.found = found
        self.column = column
        text = problem if column is None else f"column {column}: {problem}"
        if expected is not None:
            text += f"; expected {expected}"
        if found is not None:
            text += f"; found {found}"
        super().__init__(text)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text: its kind, its characters and the 1-based column where it begins.

    >>> Token("number", "2", 1).shown
    "'2'"
    """

    kind: TokenKind
    text: str
    column: int

    @property
    def shown(self) -> str:
        """The token as an error message shows it."""
        return "the end of the text" if self.kind == "end" else shown(self.text)


def shown(text: str) -> str:
    """The text in quotes, escaped to printable ASCII and shortened, fit for a message.

    >>> shown("w11")
    "'w11'"
    """
    return ascii(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")


def tokenize(text: str, most: int = MAX_LENGTH) -> tuple[Token, ...]:
    """The tokens of the text, ending with one of kind ``end``.

    Args:
        text: at most ``most`` characters.
        most: the limit.

    Raises:
        NotationError: the text is too long, or a character begins no token.

    >>> [token.text for token in tokenize("2*w11**3")]
    ['2', '*', 'w11', '**', '3', '']
    """
    if len(text) > most:
        raise NotationError(
            "the text is too long",
            expected=f"at most {most:,} characters",
            found=f"{len(text):,} characters",
        )
    tokens: list[Token] = []
    at = _skip(text, 0)
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise NotationError(
                "this character has no meaning here",
                expected="'**' for a power"
                if text[at] == "^"
                else "a number, a name, an operator or a parenthesis",
                found=shown(text[at]),
                column=at + 1,
            )
        kind: TokenKind = "operator"
        if match.lastgroup == "number":
            kind = "number"
        elif match.lastgroup == "name":
            kind = "name"
        tokens.append(Token(kind, match.group(), at + 1))
        at = _skip(text, match.end())
    tokens.append(Token("end", "", len(text) + 1))
    return tuple(tokens)


def literal_value(token: Token) -> Fraction:
    """The exact rational that a number token writes, decimals and exponents included.

    Raises:
        NotationError: more than ``MAX_DIGITS`` digits, or an exponent beyond ±``MAX_DIGITS``.

    >>> literal_value(Token("number", "0.25", 1)), literal_value(Token("number", "2e-1", 1))
    (Fraction(1, 4), Fraction(1, 5))
    """
    mantissa, _, exponent = token.text.lower().partition("e")
    power = exponent.lstrip("+-").lstrip("0")
    # The exponent's length is looked at first: int() of a long one is itself work.
    shift = int(power or "0") if len(power) <= len(str(MAX_DIGITS)) else MAX_DIGITS + 1
    if len(mantissa) + shift > MAX_DIGITS:
        raise NotationError(
            "the number has too many digits",
            expected=f"at most {MAX_DIGITS:,}",
            column=token.column,
        )
    return Fraction(token.text)


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return at if match is None else match.end()
