"""Lay a JSON document out for people: one matrix row to a line, one key to a line."""

from __future__ import annotations

import json
from typing import Any, Final

_INDENT: Final = "  "


def write_json(value: Any) -> str:
    """The value as JSON text: deterministic, keys in their order, a newline at the end.

    A list without lists or objects inside stays on one line.

    >>> print(write_json({"dims": [2, 1], "layers": [[[0, 1]], [["1/2"]]]}), end="")
    {
      "dims": [2, 1],
      "layers": [
        [
          [0, 1]
        ],
        [
          ["1/2"]
        ]
      ]
    }
    """
    return _laid_out(value, "") + "\n"


def _laid_out(value: Any, indent: str) -> str:
    inner = indent + _INDENT
    if isinstance(value, dict):
        parts = [f"{_scalar(key)}: {_laid_out(part, inner)}" for key, part in value.items()]
        opening, closing = "{", "}"
    elif isinstance(value, list):
        parts = [_laid_out(part, inner) for part in value]
        opening, closing = "[", "]"
        if not any(isinstance(part, dict | list) for part in value):
            return f"[{', '.join(parts)}]"
    else:
        return _scalar(value)
    if not parts:
        return opening + closing
    return f"{opening}\n{inner}" + f",\n{inner}".join(parts) + f"\n{indent}{closing}"


def _scalar(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
