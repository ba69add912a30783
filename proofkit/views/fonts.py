"""A math font cut down to the characters of one page, to be embedded in it.

Without a font that has a MATH table a browser cannot stretch brackets or place scripts, and most
systems have none.  STIX Two Math comes with the package `ziamath` under the SIL Open Font
License, which allows subsets to be embedded; its copyright notice is kept in the subset.
"""

from __future__ import annotations

import io
import re
from base64 import b64encode
from functools import lru_cache
from html import unescape
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

__all__ = ["code_points", "data_url", "prepare", "subset"]

_MATH = re.compile(r"<math\b.*?</math>", re.DOTALL)
_IDENTIFIER = re.compile(r"<mi(?: [^>]*)?>(.)</mi>")
_TAG = re.compile(r"<annotation\b.*?</annotation>|<[^>]*>", re.DOTALL)

_ALWAYS: Final = frozenset(map(ord, "0123456789−+/·⁰¹²³⁴⁵⁶⁷⁸⁹⁻√ˆ˜\u0303\u00a0 "))
"""What numbers are written with, and the marks of networks near an example."""
_SIGNS: Final = "⁺₀₁₂₃₄₅₆₇₈₉₊₋ₖₙⱼ′″‖\u2061\u2062ℎℕℝℤ→↦∈∑∗√≠≤≥⊤⋯⟨⟩⟹¯ˆ˜\u0302\u0303\u0304\u00a0×∘𝟏"
_USUAL: Final = _ALWAYS.union(
    range(0x20, 0x7F),  # ASCII
    map(ord, _SIGNS),
    range(0x3B1, 0x3CA),  # Greek letters
    range(0x1D434, 0x1D468),  # italics
    range(0x1D6FC, 0x1D715),  # Greek italics
)
"""The characters of nearly every page."""


def code_points(page: str) -> frozenset[int]:
    """The code points that a browser needs to draw the formulas of a page.

    A letter alone in an `mi` is drawn as its mathematical italic.

    >>> sorted(map(chr, code_points('<p>x</p><math><mi>h</mi><mi>A</mi><mn>1</mn></math>')))
    ['1', 'A', 'h', 'ℎ', '𝐴']
    """
    formulas = "".join(dict.fromkeys(_MATH.findall(page)))  # many occur more than once
    characters = set(unescape(_TAG.sub("", formulas)))
    letters = {unescape(c) for c in _IDENTIFIER.findall(formulas)}
    return frozenset({*map(ord, characters), *map(_italic, letters)})


def _italic(letter: str) -> int:
    """The mathematical italic of a letter, or the character itself if it has none."""
    for first, last, start in (("A", "Z", 0x1D434), ("a", "z", 0x1D44E), ("α", "ω", 0x1D6FC)):
        if first <= letter <= last:
            # Unicode has the italic h among the letterlike symbols.
            return 0x210E if letter == "h" else start + ord(letter) - ord(first)
    return 0x1D6E2 + ord(letter) - ord("Α") if "Α" <= letter <= "Ω" else ord(letter)


def _font_file() -> Path:
    """The font in the installed package, found without importing the package."""
    spec = find_spec("ziamath")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("the package ziamath, which holds the math font, is not installed")
    return Path(spec.submodule_search_locations[0]) / "fonts" / "STIXTwoMath-Regular.ttf"


def subset(points: frozenset[int]) -> bytes:
    """The font with only the glyphs for the code points, and their larger and script forms.

    As WOFF, whose compression is the standard library's and makes a page a third smaller.  With
    any formula all digits are in it, so that pages which differ in their example only share one
    font.  The bytes may differ between versions of fontTools; what is in the font does not.
    """
    return _subset(points | _ALWAYS if points else points)


@lru_cache(maxsize=64)
def _subset(points: frozenset[int]) -> bytes:
    # The same bytes either way: cutting down what is cut down already only takes less time.
    return _cut(_usual() if points <= _USUAL else _font_file().read_bytes(), points, "woff")


def prepare() -> None:
    """Do now what the fonts of all pages need done once."""
    _usual()


@lru_cache(maxsize=1)
def _usual() -> bytes:
    """The font with the characters of nearly every page."""
    return _cut(_font_file().read_bytes(), _USUAL, None)


def _cut(source: bytes, points: frozenset[int], flavor: str | None) -> bytes:
    """The font with the code points and what belongs to them, glyphs as they are in the source."""
    font = TTFont(io.BytesIO(source), lazy=True, recalcTimestamp=False, recalcBBoxes=False)
    options = Options()
    options.layout_features = ["ssty"]
    options.name_IDs = [0, 1, 2, 13, 14]
    options.hinting = False
    options.notdef_outline = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=sorted(points))
    subsetter.subset(font)
    font.flavor = flavor
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def data_url(page: str) -> str:
    """The font for a page as a data URL."""
    return "data:font/woff;base64," + b64encode(subset(code_points(page))).decode("ascii")
