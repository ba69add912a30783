"""What a row of the table of words says, and how its signature is read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from proofkit.kernel.binding import closed
from proofkit.kernel.nodes import Term, node
from proofkit.kernel.terms import INDEX, NAT, REAL, as_term, number

__all__ = ["Notation", "Row", "signature"]


class Notation(NamedTuple):
    """How a word is written: a style, which the views know, and the sign it is written with.

    ``function`` relu(x) · ``operator`` log x, but log(xy) · ``power`` eˣ, or exp(x) where that is
    long · ``infix`` X ∘ Y · ``raised`` X⁻¹ · ``fenced`` |x| · ``root`` √x · ``under`` 1/x ·
    ``applied`` σ(X) · ``primed`` σ′ · ``second`` f″(X)[H] · ``entry`` X_{i,j} · ``sign`` 𝟏, of no
    arguments.
    """

    style: str
    sign: str = ""


@dataclass(frozen=True)
class Row:
    """A word: what it is called, takes and gives, and all that is not a matter of proof.

    ``signature`` reads "p×q, p×q → p×q": what it takes after its sizes p and q, and what it gives.
    ``domain`` is where it has its usual meaning; elsewhere it has some value, of which nothing is
    known.  ``linear`` are the arguments, counted from 0 among those, in which it is linear.
    """

    name: str
    signature: str
    says: str
    domain: str
    source: str
    notation: Notation
    linear: tuple[int, ...] = ()

    @property
    def sizes(self) -> tuple[str, ...]:
        """The sizes that it takes first, in the order in which the signature names them."""
        return tuple(dict.fromkeys(re.findall(r"\b[a-z]\b(?!′)", self.signature)))

    @property
    def takes(self) -> tuple[str, ...]:
        """What it takes after its sizes, part by part, as the signature says it."""
        return _parts(self.signature)[0]

    @property
    def gives(self) -> str:
        """What it gives, as the signature says it."""
        return _parts(self.signature)[1]

    @property
    def sort(self) -> Term:
        """The sort that the kernel is to know it by."""
        return signature(self.signature, self.sizes)

    def value(self, sizes: Sequence[int], arguments: Sequence[Any], exact: bool = True) -> Any:
        """Its value at numbers, matrices and functions: exact or a ball, or of floats with bounds.

        Raises `proofkit.words.values.Undefined` outside the domain.

        >>> from proofkit.words import TABLE
        >>> TABLE["relu"].value((), [-2])
        Fraction(0, 1)
        """
        from proofkit.words.values import (
            VALUES,  # NumPy and flint: only where numbers are asked for
        )

        return VALUES[self.name](sizes, arguments, exact)

    @property
    def places(self) -> tuple[int, ...]:
        """The linear arguments, counted with the sizes."""
        return tuple(n + len(self.sizes) for n in self.linear)


def signature(text: str, sizes: tuple[str, ...]) -> Term:
    """A signature as a sort.

    >>> signature("n×n → real", ("n",))[:2]
    ('to', ('nat',))
    """
    takes, gives = _parts(text)
    sort = _sort(gives)
    for part in reversed(takes):
        sort = node("to", _sort(part), sort)
    for name in reversed(sizes):
        sort = node("to", NAT, closed(sort, node("var", name, NAT)))
    return sort


def _parts(text: str) -> tuple[tuple[str, ...], str]:
    """What stands before and after the arrow that is in no brackets."""
    takes, gives = re.split(r"→\s+", text, maxsplit=1)
    return tuple(part.strip() for part in takes.split(",") if part.strip()), gives.strip()


def _sort(text: str) -> Term:
    text = text.strip().removeprefix("(").removesuffix(")")
    if "→" in text:
        takes, gives = text.split("→")
        return node("to", _sort(takes), _sort(gives))
    if "×" in text:
        return node("matrix", *map(_size, text.split("×")))
    return {"real": REAL, "index": INDEX}[text]


def _size(text: str) -> Term:
    text = text.strip()
    return number(int(text)) if text.isdigit() else as_term(node("var", text, NAT), NAT)
