"""Nodes: the tuples that terms and claims are made of, equal ones held once.

A node is a tuple of strings, integers and nodes, of exactly these types, so that nobody can change
it and nothing in it can lie about what it equals.  `node` makes every one of them; a tuple that
comes from elsewhere is copied there, part by part, before anything hashes, compares or prints it.
As equal nodes are mostly one object, what was found out about a node is remembered by its identity
(`remembered`).  After `tidy` an equal node may be another object: so rules compare by ``==``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from math import inf
from typing import Any, TypeAlias, TypeVar

Term: TypeAlias = tuple[Any, ...]
R = TypeVar("R")

LARGEST, DEEPEST = 1 << 25, 240  # parts of a node in all, and nodes in nodes
HUGE = 1 << 16_384  # bound of integers
MOST = 1 << 19  # nodes that are held
WORK = 1 << 20  # steps that one reading takes


class LanguageError(ValueError):
    """A tuple that is no term or claim: what is wrong, and the terms that it is about."""

    def __init__(self, problem: str, *terms: Any) -> None:
        super().__init__(problem)
        self.problem, self.terms = problem, terms


_table: dict[tuple[int, ...], Term] = {}  # nodes by the identities of their parts
_extent: dict[int, tuple[Term, int, int]] = {}  # nodes by identity, with their sizes and depths
_large: dict[str, int] = {}  # the large integers in nodes, each one object
_memos: list[dict[Any, Any]] = []
_left = [inf]  # steps that are left to the reading at hand


def node(*parts: Any) -> Term:
    """The node of these parts.

    >>> node("null", node("b", 0)) is node("null", ("b", 0))
    True
    """
    found = _table.get(tuple(map(id, parts)))
    return _made(parts, {}) if found is None else found


def gated(x: Any) -> Term:
    """A tuple as a node; `LanguageError` if it cannot be one."""
    if type(x) is not tuple:
        raise LanguageError(f"a tuple was expected, not a thing of type {type(x).__name__[:60]}")
    known = _extent.get(id(x))
    return x if known is not None else _made(x, {})


def _made(parts: Term, copies: dict[int, Term], depth: int = 0) -> Term:
    """The node of any parts; ``copies`` are those made on the way, by what they are copies of."""
    if depth > DEEPEST:
        raise LanguageError(f"tuples are nested more than {DEEPEST} deep")
    exact: list[Any] = []
    size, height = len(parts) + 1, 0
    for part in parts:
        if type(part) is tuple:
            if id(part) not in _extent:
                if id(part) not in copies:
                    copies[id(part)] = _made(part, copies, depth + 1)
                part = copies[id(part)]
            _, more, high = _extent[id(part)]
            size, height = size + more, max(height, high)
        elif type(part) is str:
            part = sys.intern(part)
        elif type(part) is int:
            part = part if -6 < part < 257 else _large.setdefault(_digits(part), part)
        else:
            raise LanguageError(
                f"terms are made of tuples, strings and integers, not of {type(part).__name__[:60]}"
            )
        exact.append(part)
    if size > LARGEST or height >= DEEPEST:
        raise LanguageError(f"a term has more than {LARGEST} parts, or {DEEPEST} nested ones")
    whole = tuple(exact)
    found = _table.setdefault(tuple(map(id, whole)), whole)
    _extent[id(found)] = (found, size, height + 1)
    return found


def _digits(n: int) -> str:
    if not -HUGE < n < HUGE:
        raise LanguageError("a number becomes too large")
    return hex(n)


def allow(steps: float = WORK) -> None:
    """Let what follows take so many steps, so that nothing keeps the kernel busy for ever."""
    _left[0] = steps


def spend(steps: int) -> None:
    """Count steps of work; `LanguageError` when they are more than are allowed."""
    _left[0] -= steps
    if _left[0] < 0:
        raise LanguageError("reading this takes more work than the limit")


def remembered(function: Callable[..., R]) -> Callable[..., R]:
    """The function of nodes and strings, each of its values worked out once."""
    memo: dict[Any, tuple[Any, R]] = until_tidy({})

    def look(x: Any, *more: Any) -> R:
        key = (id(x), *map(id, more)) if more else id(x)
        found = memo.get(key)
        if found is None:  # the arguments are kept, so that nothing else takes their identities
            found = memo[key] = ((x, more), function(x, *more))
        return found[1]

    look.__doc__ = function.__doc__
    return look


def until_tidy(memo: dict[Any, Any]) -> dict[Any, Any]:
    """A memo of one's own, which `tidy` empties; it must keep what its keys identify."""
    _memos.append(memo)
    return memo


def tidy() -> None:
    """Forget all nodes if there are many."""
    if len(_table) > MOST:
        forget()


def forget() -> None:
    """Forget all nodes, and what is known of them."""
    memos: list[dict[Any, Any]] = [_table, _extent, _large, *_memos]
    for memo in memos:
        memo.clear()
