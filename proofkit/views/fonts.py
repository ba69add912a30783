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

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

__all__ = ["code_points", "data_url", "subset"]

_MATH = re.compile(r"<math\b.*?</math>", re.DOTALL)
_IDENTIFIER = re.compile(r"<mi(?: [^>]*)?>(.)</mi>")
_TAG = re.compile(r"<[^>]*>")


def code_points(page: str) -> frozenset[int]:
    """The code points that a browser needs to draw the formulas of a page.

    A letter alone in an `mi` is drawn as its mathematical italic.

    >>> sorted(map(chr, code_points('<p>x</p><math><mi>h</mi><mi>A</mi><mn>1</mn></math>')))
    ['1', 'A', 'h', 'ℎ', '𝐴']
    """
    found: set[int] = set()
    for formula in _MATH.findall(page):
        found.update(map(ord, unescape(_TAG.sub("", formula))))
        found.update(_italic(unescape(c)) for c in _IDENTIFIER.findall(formula))
    return frozenset(found)


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


@lru_cache(maxsize=64)
def subset(points: frozenset[int]) -> bytes:
    """The font with only the glyphs for the code points, and their larger and script forms.

    As WOFF, whose compression is the standard library's and makes a page a third smaller.  The
    bytes may differ between versions of fontTools; what is in the font does not.
    """
    source = _font_file().read_bytes()
    font = TTFont(io.BytesIO(source), lazy=True, recalcTimestamp=False)
    options = Options()
    options.layout_features = ["ssty"]
    options.name_IDs = [0, 1, 2, 13, 14]
    options.hinting = False
    options.notdef_outline = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=sorted(points))
    subsetter.subset(font)
    font.flavor = "woff"
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def data_url(page: str) -> str:
    """The font for a page as a data URL."""
    return "data:font/woff;base64," + b64encode(subset(code_points(page))).decode("ascii")
