"""Identity (1) at explicit depths: certificates against expanding and against Gröbner bases."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from typing import Any
from unittest import mock

import sympy
from sympy.core.cache import clear_cache

from proofkit import kernel
from tests.benchmarks.harness import CPU, Size, Table, Timing, duration, forget, race, ratio
from theorems.perturbation import certificate_at_depth

EXPANDABLE = 10
"""Bottlenecks up to which 2^j terms are multiplied out; one more doubles the time."""

SINGULAR = 8


def run(size: Size) -> list[Table]:
    """Generate, check, bytes; and the peers up to where they can go."""
    table = Table(
        "1. Identity (1), depth k, perturbed up to layer k/2",
        ("k", "generate", "check", "bytes", "SymPy noncommutative", "MatrixSymbol", "Singular"),
    )
    singular = _singular(table)
    own: dict[int, tuple[Timing, int]] = {}
    for depth in size.of((4, 8, 16, 20, 64, 256, 1024, 4096), (4, 8)):
        bottleneck = depth // 2
        goal, terms = _ingredients(depth, bottleneck)
        contestants: dict[str, Callable[[], object]] = {
            "generate": lambda depth=depth, j=bottleneck: _ingredients(depth, j),  # type: ignore[misc]
            "check": lambda goal=goal, terms=terms: _check(goal, terms),  # type: ignore[misc]
        }
        if bottleneck <= EXPANDABLE:
            contestants["noncommutative"] = lambda j=bottleneck: noncommutative(j)  # type: ignore[misc]
            contestants["matrices"] = lambda j=bottleneck: matrix_symbols(j)  # type: ignore[misc]
        found = race(contestants, size.rounds, clock=CPU)
        theorem = kernel.algebra(goal, terms)
        length = len(json.dumps((theorem.conclusion, theorem.inference.data)))
        own[depth] = found["check"], length
        letterplace = "–"
        if singular and bottleneck <= (2 if size.tiny else SINGULAR):
            letterplace = _beside(_letterplace(singular, bottleneck), found["check"])
        table.add(
            depth,
            found["generate"],
            found["check"],
            f"{length:,}",
            _beside(found.get("noncommutative"), found["check"]),
            _beside(found.get("matrices"), found["check"]),
            letterplace,
        )
    if 4096 in own:
        (first, short), (last, long) = own[256], own[4096]
        table.notes.append(
            f"From k = 256 to 4,096, 16-fold, the check takes {ratio(last, first)} as long and the "
            f"certificate has {long / short:.3g}× the bytes."
        )
    table.notes.append(
        f"Peers multiply out 2^(k/2) terms: not run beyond k = {2 * EXPANDABLE} (Singular "
        f"{2 * SINGULAR}). In parentheses: how many times as long as the check."
    )
    return [table]


def _beside(other: Timing | float | None, own: Timing) -> str:
    if other is None:
        return "–"
    shown = str(other) if isinstance(other, Timing) else duration(other)
    return f"{shown} ({ratio(other, own)})"


def _ingredients(depth: int, bottleneck: int) -> tuple[Any, Any]:
    """What the certificate is made of, without checking it."""
    forget()
    taken: list[Any] = []
    with mock.patch.object(kernel, "algebra", lambda goal, terms: taken.append((goal, terms))):
        certificate_at_depth(depth, bottleneck)
    ((goal, terms),) = taken
    return goal, terms


def _check(goal: Any, terms: Any) -> Any:
    forget()
    return kernel.algebra(goal, terms)


def noncommutative(bottleneck: int) -> int:
    """Expand the product in noncommuting symbols and strike out what begins with a dead word."""
    clear_cache()
    above = sympy.Symbol("A", commutative=False)
    names = [
        [sympy.Symbol(f"{x}{i}", commutative=False) for i in range(1, bottleneck + 1)]
        for x in ("M", "w", "v")
    ]
    product, plain = above, above
    for m, w, v in reversed(list(zip(*names, strict=True))):
        product, plain = product * (m + w * v), plain * m
    difference = sympy.expand(product - plain)
    dead, word = [], (above,)
    for m, w, _ in reversed(list(zip(*names, strict=True))):
        dead.append((*word, w))
        word = (*word, m)
    terms = [t for t in sympy.Add.make_args(difference) if t != 0]
    for term in terms:
        letters = term.args_cnc()[1]
        if not any(tuple(letters[: len(d)]) == d for d in dead):
            raise AssertionError(f"{term} does not vanish")
    if len(terms) != 2**bottleneck - 1:
        raise AssertionError("terms are missing")
    return len(terms)


def matrix_symbols(bottleneck: int) -> int:
    """Multiply the product of MatrixSymbols out; the dead words are not even looked for."""
    clear_cache()
    n = sympy.Symbol("n", integer=True, positive=True)
    product = sympy.MatrixSymbol("A", n, n)
    for i in range(bottleneck, 0, -1):
        w, v = sympy.MatrixSymbol(f"w{i}", n, 1), sympy.MatrixSymbol(f"v{i}", n, 1)
        product = product * (sympy.MatrixSymbol(f"M{i}", n, n) + w * v.T)
    expanded = product.expand()
    count = len(expanded.args)
    if count != 2**bottleneck:
        raise AssertionError(f"{count} terms where there are 2^{bottleneck}")
    return count


def _singular(table: Table) -> str | None:
    """Singular's path, if its ring is really noncommutative: without singular-modules it is not."""
    path = shutil.which("Singular")
    if path is None:
        table.notes.append("Singular is not installed: skipped.")
        return None
    ring = "ring r=0,(x,y),dp; def R=freeAlgebra(r,4); setring R;"
    said = _ask(path, ring + "if (x*y-y*x==0) {print(0);} else {print(1);}")
    if said.split()[-1:] != ["1"]:
        table.notes.append(
            "Singular's free algebra commutes (singular-modules is missing): skipped."
        )
        return None
    return path


def _letterplace(path: str, bottleneck: int) -> float:
    """Seconds of CPU time that Singular says it needs to reduce the difference to zero."""
    layers = range(bottleneck, 0, -1)
    names = ",".join(["A", *(f"{x}({i})" for i in layers for x in "mwv")])
    product = "*".join(["A", *(f"(m({i})+w({i})*v({i}))" for i in layers)])
    plain = "*".join(["A", *(f"m({i})" for i in layers)])
    dead = [
        "*".join(["A", *(f"m({n})" for n in range(bottleneck, i, -1)), f"w({i})"]) for i in layers
    ]
    script = (
        f'system("--ticks-per-sec",1000000); ring r=0,({names}),dp;'
        f"def R=freeAlgebra(r,{2 * bottleneck + 1}); setring R; poly f; poly g; ideal I; int n=0;"
        # Its clock of CPU time ticks a hundred times a second.
        "int t=timer; while (timer-t<300000 and g==0) {"
        f"f={product}-({plain}); I=std(ideal({','.join(dead)})); g=reduce(f,I); n=n+1;}}"
        "t=timer-t; if (g==0) {print(t/n);} else {print(-1);}"
    )
    ticks = int(_ask(path, script).split()[-1])
    if ticks < 0:
        raise AssertionError("Singular finds that identity (1) does not hold")
    return max(ticks, 1) / 1e6


def _ask(path: str, script: str) -> str:
    text = f'LIB "freegb.lib"; {script} quit;'
    ran = subprocess.run([path, "-q"], input=text, capture_output=True, text=True, check=True)
    return ran.stdout
