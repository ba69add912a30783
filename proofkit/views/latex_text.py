r"""Any Unicode text as LaTeX text that compiles and shows every character.

>>> print(escape(r'100% of \input{/etc/passwd} ≤ ε'))
100\% of \textbackslash{}input\{/etc/passwd\} $\leq$ $\varepsilon$
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

__all__ = ["MATH", "escape"]

MATH: Final = {
    "−": "-", "·": r"\cdot", "⋯": r"\cdots", "…": r"\ldots", "×": r"\times", "∗": "*",
    "≤": r"\leq", "≥": r"\geq", "≠": r"\neq", "≈": r"\approx", "≪": r"\ll", "≫": r"\gg",
    "∈": r"\in", "∉": r"\notin", "⊆": r"\subseteq", "⊂": r"\subset", "∪": r"\cup",
    "∩": r"\cap", "∅": r"\emptyset", "∀": r"\forall", "∃": r"\exists", "¬": r"\neg",
    "∧": r"\wedge", "∨": r"\vee", "⟹": r"\Longrightarrow", "⇒": r"\Rightarrow",
    "⟺": r"\Longleftrightarrow", "⇔": r"\Leftrightarrow", "→": r"\to", "←": r"\leftarrow",
    "↦": r"\mapsto", "⊤": r"\top", "⊢": r"\vdash", "⟂": r"\perp", "⊥": r"\perp",
    "′": r"\prime", "‖": r"\Vert", "∥": r"\Vert", "⟨": r"\langle", "⟩": r"\rangle",
    "√": r"\surd", "∑": r"\sum", "∏": r"\prod", "∂": r"\partial", "∇": r"\nabla",
    "∞": r"\infty", "±": r"\pm", "∘": r"\circ", "ℝ": r"\mathbb{R}", "ℤ": r"\mathbb{Z}",
    "ℕ": r"\mathbb{N}", "ℚ": r"\mathbb{Q}", "ℓ": r"\ell", "𝟏": r"\mathbf{1}",
    "″": r"{}''", "□": r"\square", "∎": r"\blacksquare",
    "✓": r"\checkmark", "✗": r"\times", "○": r"\circ",
    "α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "δ": r"\delta",
    "ε": r"\varepsilon", "ϵ": r"\epsilon", "ζ": r"\zeta", "η": r"\eta", "θ": r"\theta",
    "ι": r"\iota", "κ": r"\kappa", "λ": r"\lambda", "μ": r"\mu", "ν": r"\nu", "ξ": r"\xi",
    "π": r"\pi", "ρ": r"\rho", "σ": r"\sigma", "τ": r"\tau", "φ": r"\varphi", "χ": r"\chi",
    "ψ": r"\psi", "ω": r"\omega", "Γ": r"\Gamma", "Δ": r"\Delta", "Θ": r"\Theta",
    "Λ": r"\Lambda", "Ξ": r"\Xi", "Π": r"\Pi", "Σ": r"\Sigma", "Φ": r"\Phi", "Ψ": r"\Psi",
    "Ω": r"\Omega",
}  # fmt: skip
"""Symbols that amsmath and amssymb have, by character."""

_TEXT: Final = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#",
    "%": r"\%", "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", '"': r"\textquotedbl{}",
    "`": r"\textasciigrave{}", "-": "-{}", "'": "'{}", ",": ",{}", "?": "?{}", "!": "!{}",
    "\u00a0": "~", "\u202f": r"\,", "\u2009": r"\,", "–": "--{}", "—": "---{}",
    "‘": "`{}", "’": "'{}", "“": r"\textquotedblleft{}", "”": r"\textquotedblright{}",
    "\u0303": "", "\u0302": "", "\u0304": "", "′": "$'$",
}  # fmt: skip
# An empty group after a character that LaTeX would otherwise join to the next one is only
# needed where such a pair really stands.
_LIGATURES: Final = ("--", "''", ",,", "?`", "!`")
_MARKS: Final = {"\u0303": r"\tilde", "\u0302": r"\hat", "\u0304": r"\bar"}


@lru_cache(maxsize=8192)
def escape(text: str) -> str:
    """The text for LaTeX's text mode, every special character made harmless.

    A character that no font at hand has is written as its code point, never dropped.
    """
    text = unicodedata.normalize("NFC", text)
    out: list[str] = []
    for n, c in enumerate(text):
        following = text[n + 1 : n + 2]
        if following in _MARKS and c.isalpha():
            out.append(f"${_MARKS[following]}{{{MATH.get(c, c)}}}$")
        else:
            out.append(_character(c, following))
    return "".join(out)


def _character(c: str, following: str) -> str:
    if c in "-',?!" and c + following not in _LIGATURES:
        return c
    if c in _TEXT:
        return _TEXT[c]
    if c in MATH:
        return f"${MATH[c]}$"
    if c in "\n\t":
        return " "
    # T1-encoded Latin Modern has the letters of Latin-1 and of European Latin Extended-A.
    if " " <= c <= "~" or ("À" <= c <= "ž" and c.isalpha()) or c in "§¶¿¡«»":
        return c
    script = _script(c)
    return script if script is not None else f"[U+{ord(c):04X}]"


def _script(c: str) -> str | None:
    """A subscript or superscript character, ᵀ say, as a script of its plain letter."""
    kind, _, plain = unicodedata.decomposition(c).partition(" ")
    mark = {"<super>": "^", "<sub>": "_"}.get(kind)
    if mark is None:
        return None
    letters = "".join(chr(int(code, 16)) for code in plain.split())
    return f"${mark}{{{''.join(MATH.get(x, x) for x in letters)}}}$"
