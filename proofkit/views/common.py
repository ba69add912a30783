"""What several documents have in common, made once and kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from markupsafe import Markup

__all__ = ["Common", "Once", "exactly"]

T = TypeVar("T")


class Once:
    """What was made under a key, made by the first who asks for it.

    >>> once = Once()
    >>> once("a", lambda: 1), once("a", lambda: 2)
    (1, 1)
    """

    def __init__(self) -> None:
        self._made: dict[Any, Any] = {}

    def __call__(self, key: Any, make: Callable[[], T]) -> T:
        """What there is under the key."""
        if key not in self._made:
            self._made[key] = make()
        found: T = self._made[key]
        return found


class Common:
    """What the documents of one result have in common, whatever the example.

    They have the same proof by the same route, the same settings and the same links.
    """

    def __init__(self) -> None:
        self.once = Once()

    def piece(self, name: str, caller: Callable[[], Markup]) -> Markup:
        """A piece of a page; templates write ``{% call kept("idea") %} … {% endcall %}``."""
        return self.once(f"piece {name}", caller)


def exactly(x: Any) -> tuple[type, Any]:
    """A key for an expression: 1 and 1.0 are equal, but not printed alike."""
    return type(x), x
