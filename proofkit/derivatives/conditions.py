"""Conditions as a reader of code writes them: det(X) != 0, b - A @ x > 0 entry by entry."""

from __future__ import annotations

from typing import Any

from proofkit.claims import (
    Abbreviation,
    And,
    Claim,
    Equal,
    Exists,
    ForAll,
    Implies,
    Less,
    LessEqual,
    NonZero,
    Not,
    PositiveDefinite,
    Slope,
)
from proofkit.derivatives.text import code
from proofkit.symbols import MatrixVariable, Word, Zero
from proofkit.symbols.encode import is_index

__all__ = ["entrywise", "said"]


def said(claim: Claim) -> str:
    """A condition as text."""
    match claim:
        case Less() | LessEqual():
            a, b = claim.args
            sign = "<" if isinstance(claim, Less) else "<="
            if a == 0 or not _is_negative(b):
                a, b, sign = b, a, sign.replace("<", ">")
            return f"{entrywise(a)} {sign} {entrywise(b)}"
        case Equal():
            return f"{entrywise(claim.args[0])} == {entrywise(claim.args[1])}"
        case NonZero():
            return f"{entrywise(claim.args[0])} != 0"
        case Not(args=(Equal() as inner,)):
            a, b = inner.args
            return f"{entrywise(a)} != {entrywise(b)}"
        case And():
            return " and ".join(map(said, claim.args))
        case ForAll() if all(is_index(v) for v in claim.variables):
            body = claim.body
            conclusion = body.args[-1] if isinstance(body, Implies) else body
            return f"{said(conclusion)} in every entry"
        case Exists(args=(_, Slope() as inner)):
            return f"{inner.args[0]} is differentiable at {entrywise(inner.args[1])}"
        case PositiveDefinite():
            return f"{entrywise(claim.args[0])} is positive definite"
        case Abbreviation():
            return said(claim.meaning())
    return str(claim)


def _is_negative(x: Any) -> bool:
    return bool(x.as_coeff_Mul()[0] < 0)


def entrywise(x: Any) -> str:
    """A term as code, an entry in any place being the whole matrix."""
    if x == 0 or isinstance(x, Zero):
        return "0"
    entries = [e for e in x.atoms(Word) if str(e.args[0]) == "entry"]
    holes = {e: MatrixVariable(f"hole_{n}_", 1, 1) for n, e in enumerate(entries)}
    text = code(x.xreplace({e: _symbol(v.name) for e, v in holes.items()}))
    for e, v in holes.items():
        inner = code(e.arguments[0])
        alone = text == v.name
        plain = inner.replace("_", "").isalnum()
        text = text.replace(v.name, inner if alone or plain else f"({inner})")
    return text


def _symbol(name: str) -> Any:
    from proofkit.symbols import real

    return real(name)
