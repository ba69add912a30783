"""Core terms and claims in plain Unicode text, for error messages."""

from __future__ import annotations

from typing import Any

_SUBJECT = {
    "inonneg": ("0 ≤ ", ""),
    "inull": ("", " = 0"),
    "rnonneg": ("0 ≤ ", ""),
    "rpos": ("0 < ", ""),
    "rnull": ("", " = 0"),
    "mnull": ("", " = 0"),
    "not": ("¬(", ")"),
    "differentiable": ("", " is differentiable"),
    "convex": ("", " is convex"),
}


def text(x: Any) -> str:
    """A core term or claim in plain text; a bound variable without its binder is shown as ▪n."""
    if not isinstance(x, tuple) or not x:
        return str(x)
    tag = x[0]
    if tag in _SUBJECT:
        before, after = _SUBJECT[tag]
        return f"{before}{text(x[1])}{after}"
    if tag == "var":
        return str(x[1])
    if tag == "b":
        return f"▪{x[1]}"
    if tag == "lin":
        return _sum([(text(a), c) for a, c in x[2]], x[1])
    if tag == "poly":
        return _sum([(_monomial(m), c) for m, c in x[1] if m], dict(x[1]).get((), 0))
    if tag == "mat":
        parts = []
        for (m, w), c in x[3]:
            word = "·".join(text(a) + ("ᵀ" if t else "") for a, t in w) or "I"
            parts.append((f"{_monomial(m)}·{word}" if m else word, c))
        return _sum(parts, 0)
    if tag == "chain":
        same = x[2] == x[3]
        return f"{text(x[1])}[{text(x[2])}]" if same else f"{text(x[1])}[{text(x[2])}:{text(x[3])}]"
    if tag in _BINDERS:
        return _opened(x)
    if tag == "sum":
        return f"Σ({text(x[1])}, {text(x[3])}…{text(x[2])})"
    if tag == "grad":
        return f"{text(x[1])}′({text(x[2])})"
    if tag == "value":
        return f"{text(x[1])}({text(x[2])})"
    if tag == "rank":
        return f"rank({text(x[1])})"
    if tag == "trace":
        return "tr(" + "·".join(text(a) + ("ᵀ" if t else "") for a, t in x[1]) + ")"
    if tag == "int":
        return text(x[1])
    if tag == "width":
        return f"{text(x[1])}({', '.join(map(text, x[2]))})"
    return _compound(x)


def _compound(x: Any) -> str:
    tag = x[0]
    if tag in ("and", "or"):
        return "(" + (" ∧ " if tag == "and" else " ∨ ").join(map(text, x[1])) + ")"
    if tag == "implies":
        return f"({text(x[1])} → {text(x[2])})"
    if tag == "false":
        return "a contradiction"
    if tag == "member":
        return f"{text(x[1])}⟨{text(x[2])}⟩"
    if tag == "replaced":
        return f"({text(x[1])} with layers {text(x[2])}…{text(x[3])} := {text(x[4])})"
    if tag == "updated":
        return f"({text(x[1])} with layer {text(x[2])} := {text(x[3])})"
    if tag == "ends":
        return f"{text(x[1])} with the ends {text(x[3])}, {text(x[4])}"
    if tag == "listed":
        return "(" + ", ".join(map(text, x[1])) + ")"
    return str(x)


# What bound variables are called by their sorts, the first name that is free.
_NAMES = {"index": "iltrs", "nat": "npqm", "real": "xyz", "matrix": "XYZUV", "function": "fgh"}
_BINDERS = ("forall", "exists", "near", "tab", "fun")


def _opened(x: Any) -> str:
    """A binder with names for what it binds."""
    # Binding rests on the modules that report faults with this one.
    from proofkit.language.binding import open_binder
    from proofkit.language.sorts import bound_term

    tag, body = x[0], x[-1]
    sorts = {
        "near": x[1],
        "tab": (("index",),),
        "fun": (("matrix", *x[1:3]),),
    }.get(tag, (x[1],))
    taken = _free(body)
    variables = []
    for sort in sorts:
        letters = _NAMES.get(sort[0], "FGH")
        names = [*letters, *(f"{letters[0]}{n}" for n in range(1, len(taken) + 2))]
        name = next(n for n in names if n not in taken)
        taken.add(name)
        variables.append(("var", name, sort))
    inner = text(open_binder(body, [bound_term(v) for v in variables]))
    if tag in ("tab", "fun"):
        return f"({variables[0][1]} ↦ {inner})"
    if tag == "near":
        pairs = zip(variables, x[2], strict=True)
        return f"for all {', '.join(f'{v[1]} near {text(c)}' for v, c in pairs)}: {inner}"
    return f"{'∀' if tag == 'forall' else '∃'}{variables[0][1]} ({_sort(x[1])}). {inner}"


def _free(x: Any) -> set[str]:
    if not isinstance(x, tuple) or not x:
        return set()
    if x[0] == "var":
        return {x[1]}
    return {name for part in x for name in _free(part)}


def _sort(sort: Any) -> str:
    if sort[0] in ("matrix", "function"):
        return f"{sort[0]} {text(sort[1])}×{text(sort[2])}"
    return str(sort[0])


def _monomial(monomial: Any) -> str:
    return "·".join(text(a) if p == 1 else f"{text(a)}^{p}" for a, p in monomial)


def _sum(parts: list[tuple[str, Any]], const: Any) -> str:
    out = ""
    for name, c in parts:
        sign = " + " if c > 0 else " − "
        size = abs(c)
        out += sign + (name if size == 1 else f"{size}·{name}")
    if const or not out:
        out += (" + " if const >= 0 else " − ") + str(abs(const))
    return out[3:] if out.startswith(" + ") else "−" + out[3:]
