"""From what floats show to a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import flint
import numpy as np

from proofkit.diagnose.check.certificate import Json
from proofkit.diagnose.check.float_judge import Judged
from proofkit.diagnose.check.float_point import FloatPoint, two_layer_point
from proofkit.diagnose.check.float_ranks import ranks_of
from proofkit.diagnose.check.global_holds import global_holds, in_words
from proofkit.diagnose.check.newton import norm_of
from proofkit.diagnose.check.verdicts import Verdict
from proofkit.networks.losses import Loss
from proofkit.networks.network import Network

__all__ = ["Found", "concluded", "halves_of", "seen_bound", "stated"]

Table = list[list[Any]]


@dataclass(frozen=True)
class Found:
    """What a search found: a descent step (size, certain fall), a way down, a lower point, or a
    proof that nothing is lower (:mod:`proofkit.diagnose.check.global_holds`)."""

    step: tuple[float, float, str] | None = None
    escape: Json | None = None
    lower: Json | None = None
    bound: Json | None = None


def concluded(judged: Judged, found: Found) -> tuple[Verdict, list[str]]:
    """The verdict that follows, with the sentences that say why.

    >>> concluded(Judged("local", []), Found())[0]
    'local-minimum'
    """
    why = list(judged.why)
    match judged.outcome:
        case "moving":
            if found.step is not None:
                why.append(f"A step of {found.step[0]:.3g} {found.step[2]} lowers the loss.")
            return "not-critical", why
        case "stationary" | "squared" | "least":
            return "global-minimum", why
        case "negative":
            if found.escape is not None:
                why.append("Along the direction given the loss falls by more than rounding.")
            return "strict-saddle", why
        case "deficient":
            if found.escape is not None:
                why.append(
                    "Along the path given (Lemma 1's escape) the loss falls by more than rounding."
                )
            return "non-strict-saddle", why
        case "no-hessian" | "unclear":
            if found.escape is not None:
                why.append("The loss falls along the path given: a saddle, strict or not.")
            return "undecided", why
        case "local" | "degenerate" if found.bound is not None:
            why.append(in_words(found.bound))
            return "global-minimum", why
        case "local":
            if found.lower is None:
                why.append("No network with a lower loss was found; that proves nothing.")
                return "local-minimum", why
            why.append(
                f"Another network of these widths has the lower loss {found.lower['value']}."
            )
            return "spurious-local-minimum", why
        case _:
            return "undecided", why


def stated(network: Network, start: FloatPoint, judged: Judged) -> Json:
    """Value, ranks, size of the gradient and inertia, as the certificate states them."""
    ranks = judged.ranks
    if ranks is None and judged.outcome not in {"ranks-undecided", "not-finite"}:
        seen, decided = ranks_of(network, start, 0.0)
        ranks = seen if decided else None
    value: Any = start.value
    cornered = judged.outcome == "not-differentiable" or not judged.residuals
    norm = norm_of(start.gradient)
    return {
        "value": value if np.isfinite(value) else None,
        "ranks": ranks,
        "gradient_norm": norm if np.isfinite(norm) and not cornered else None,
        "hessian_inertia": None if judged.counted is None else list(judged.counted),
    }


def halves_of(point: FloatPoint, ranks: Sequence[Json]) -> tuple[Table, Table]:
    """(A, B) at M*, as if its floats were exactly critical."""
    B, A = two_layer_point(point, [r["bottleneck"] for r in ranks]).towers[0]
    above, below = ([[flint.arb(float(x)) for x in row] for row in m] for m in (A, B))
    return above, below


def seen_bound(loss: Loss, point: FloatPoint, ranks: Sequence[Json], bound: Json) -> bool:
    """Whether a global bound holds at M*, as if its floats were exactly critical."""
    return global_holds(loss, *halves_of(point, ranks), bound)
