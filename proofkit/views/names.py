"""Names as mathematics writes them: M̃ is a letter with an accent, x_1 has a subscript.

>>> name_box('M̃')
Accent(base=Name(text='M', ...), mark='tilde', ...)
>>> name_box('eps').text, name_box('rank').upright
('ε', True)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, Literal

from proofkit.views.boxes import Accent, Box, Level, Name, Number, Op, Row, Script, Words
from proofkit.words import TABLE

__all__ = ["GREEK", "label_box", "name_box", "shown_alike"]

GREEK: Final = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "eps": "ε",
    "zeta": "ζ", "eta": "η", "theta": "θ", "kappa": "κ", "lambda": "λ", "lamda": "λ",
    "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ",
    "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ",
    "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ",
    "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip

_MARKS: Final[dict[str, Literal["tilde", "hat", "bar"]]] = {
    "\u0303": "tilde",
    "\u0302": "hat",
    "\u0304": "bar",
    "\u0305": "bar",
}
# A stem, then digits or an underscored index, then primes, stars or pluses: x_1, w2, A', i*, A⁺.
_NAME: Final = re.compile(r"([^\W\d_](?:[^\W_]*?[^\W\d_])?)(?:_\{?(\w+)\}?|(\d+))?([′'*⁺]*)")
_TAIL: Final = {"*": "∗", "⁺": "+"}

_NAMED: Final = ("function", "operator", "power", "sign")
"""Styles in which a word is written as a name."""


@lru_cache(maxsize=4096)
def name_box(name: str) -> Box:
    """The box of a variable's name."""
    plain, mark = _without_mark(unicodedata.normalize("NFD", name.replace("″", "′′")))
    match = _NAME.fullmatch(plain)
    if match is None:
        return Name(name, upright=True)
    stem, index, digits, tail = match.groups()
    letter = GREEK.get(stem, stem)
    base: Box = Name(letter, upright=len(letter) > 1)
    if mark is not None:
        base = Accent(base, mark)
    inner = index or digits
    sub = None if inner is None else Number(inner) if inner.isdigit() else name_box(inner)
    marks = tuple(Op(_TAIL.get(c, "′"), "prefix") for c in tail)
    sup = None if not marks else marks[0] if len(marks) == 1 else Row(marks)
    return base if sub is None and sup is None else Script(base, sub, sup)


def shown_alike(names: Iterable[str]) -> tuple[str, str] | None:
    """Two names among these that a page would print alike, if there are any.

    A name that is printed like a word, det say, is such a pair with the word.

    >>> shown_alike(["x", "x1", "x_1"])
    ('x1', 'x_1')
    >>> shown_alike(["det"])
    ('the word determinant', 'det')
    """
    seen: dict[Box, str] = {
        name_box(sign): f"the word {row.name}"
        for row in TABLE.values()
        for sign in (row.name if row.notation.style == "power" else row.notation.sign,)
        if row.notation.style in _NAMED
    }
    for name in sorted(names):
        other = seen.setdefault(name_box(unicodedata.normalize("NFKC", name)), name)
        if other != name:
            return other, name
    return None


def _without_mark(name: str) -> tuple[str, Literal["tilde", "hat", "bar"] | None]:
    for combining, mark in _MARKS.items():
        if combining in name:
            return name.replace(combining, "", 1), mark
    return unicodedata.normalize("NFC", name), None


_TOKEN: Final = re.compile(r"([^\W\d_][^\W_]*[\u0300-\u036f]*(?:_\w+)?[′'*⁺]*)")


def label_box(text: str) -> Row:
    """A short label of a picture: names as mathematics writes them, the rest as it stands.

    >>> [type(item).__name__ for item in label_box('(M_k, …, M_1)').items]
    ['Words', 'Script', 'Words', 'Script', 'Words']
    """
    parts = (p for p in _TOKEN.split(unicodedata.normalize("NFD", text)) if p)
    items = (name_box(p) if _TOKEN.fullmatch(p) else Words(p) for p in parts)
    return Row(tuple(items), Level.SENTENCE)
