"""What a diagnosis says, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias, get_args

from proofkit.basics.displays import Shown
from proofkit.networks.network import Network

__all__ = ["IN_WORDS", "KEYS", "VERDICTS", "Diagnosis", "Verdict", "named", "power"]

Verdict: TypeAlias = Literal[
    "not-critical",
    "global-minimum",
    "spurious-local-minimum",
    "local-minimum",
    "strict-saddle",
    "non-strict-saddle",
    "undecided",
]
VERDICTS: Final = get_args(Verdict)

IN_WORDS: Final[dict[Verdict, str]] = {
    "not-critical": "not a critical point",
    "global-minimum": "a global minimum",
    "spurious-local-minimum": "a spurious local minimum",
    "local-minimum": "a local minimum",
    "strict-saddle": "a strict saddle",
    "non-strict-saddle": "a non-strict saddle",
    "undecided": "undecided",
}
"""What each verdict says of a network, in words."""

KEYS: Final = (
    "verdict",
    "value",
    "ranks",
    "gradient_norm",
    "hessian_inertia",
    "theorem",
    "certificate",
    "lower_point",
    "escape",
)
"""The keys of ``diagnose --json``."""


def named(result: str) -> str:
    """A result's id as a reader writes it.

    >>> named("lemma-1")
    'Lemma 1'
    """
    return result.replace("-", " ").capitalize()


def power(n: int) -> str:
    """t to a power, as text.

    >>> power(12), power(1)
    ('t¹²', 't')
    """
    return "t" if n == 1 else "t" + str(n).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


@dataclass(frozen=True)
class Diagnosis(Shown):
    """The answer to "what kind of point is this network?".

    Attributes:
        network: the network asked about.
        verdict: one of :data:`VERDICTS`.
        value: the loss, as JSON.
        ranks: per tower, the ranks of both halves and of every chain; ``None`` in floats that
            cannot decide.
        gradient_norm: the Frobenius norm of the derivative of the loss in all layers, if there is
            one.
        hessian_inertia: (positive, zero, negative), or ``None`` where there is no Hessian.
        theorem: the result of the paper that was used, by id, or ``None``.
        certificate: JSON data that ``recheck`` verifies on its own.
        lower_point: a network with a lower loss, as JSON, or ``None``.
        escape: the path down, as JSON, or ``None``.
        why: sentences for a reader.
    """

    network: Network
    verdict: Verdict
    value: Any
    ranks: Any
    gradient_norm: float | None
    hessian_inertia: tuple[int, int, int] | None
    theorem: str | None
    certificate: dict[str, Any]
    lower_point: dict[str, Any] | None = None
    escape: dict[str, Any] | None = None
    why: tuple[str, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """The object that ``diagnose --json`` prints."""
        inertia = self.hessian_inertia
        data = {key: getattr(self, key) for key in KEYS}
        data["hessian_inertia"] = None if inertia is None else list(inertia)
        return data
