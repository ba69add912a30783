"""JSON data that nobody can change: what a file states beyond the network itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


class Facts(Mapping[str, Any]):
    """A read-only object of JSON data; lists in it become tuples, objects become ``Facts``.

    Unlike ``types.MappingProxyType`` it can be pickled.

    >>> facts = Facts({"value": 4, "product": [[0, 0], [0, 1]]})
    >>> facts["product"]
    ((0, 0), (0, 1))
    >>> facts == {"value": 4, "product": ((0, 0), (0, 1))}
    True
    """

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        self._data = {key: _frozen(part) for key, part in (data or {}).items()}

    def __getitem__(self, key: str) -> Any:
        return self._data[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)

    def __repr__(self) -> str:
        return f"Facts({self._data!r})"


def thawed(value: Any) -> Any:
    """The data as the dicts and lists that the ``json`` module knows.

    >>> thawed(Facts({"rows": [[1, 2]]}))
    {'rows': [[1, 2]]}
    """
    if isinstance(value, Mapping):
        return {key: thawed(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [thawed(part) for part in value]
    return value


def _frozen(value: Any) -> Any:
    if isinstance(value, Mapping):
        return Facts(value)
    if isinstance(value, list | tuple):
        return tuple(_frozen(part) for part in value)
    return value
