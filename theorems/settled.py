"""What is certain about a concrete network: whether it is a local and a global minimum.

It is not copied from the network's file but decided by `diagnose`, whose certificate stands on
its own, or, outside the paper's theory, by the identity of `crossing`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from proofkit.basics.identity import Same
from proofkit.claims import Claim, Convex, ForAll, GlobalMinimum, LessEqual, LocalMinimum
from proofkit.diagnose.check.certificate import digest, network_json
from proofkit.diagnose.check.convexity import examine
from proofkit.diagnose.check.point import Point
from proofkit.diagnose.check.verdicts import IN_WORDS
from proofkit.evaluate import Layers
from proofkit.evaluate.environment import Descents
from proofkit.networks.elementwise import LossError
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.losses import Loss, SquaredLoss
from proofkit.networks.network import Network
from proofkit.networks.numbers import parse_number
from proofkit.networks.scalars import Undecidable, exact
from proofkit.script import Result
from proofkit.symbols import MatrixVariable, family, norm_squared
from theorems import crossing
from theorems.setting import M, d, f, global_minimum, k, local_minimum
from theorems.two_layers import pair_global, pair_local

__all__ = [
    "FINDINGS",
    "Finding",
    "Known",
    "descents",
    "finding",
    "settled",
    "settled_pair",
    "settled_squares",
]

Known = Mapping[Any, tuple[bool, str]]
"""Claims that are settled: whether they hold, and why."""

_LOCAL = {"spurious-local-minimum": True, "global-minimum": True, "local-minimum": True}
_LOCAL |= {"strict-saddle": False, "non-strict-saddle": False, "not-critical": False}
_GLOBAL = {"global-minimum": True, "spurious-local-minimum": False} | {
    verdict: False for verdict, minimum in _LOCAL.items() if not minimum
}
X = MatrixVariable("X", d(k), d(0))
BEST = (GlobalMinimum(X, f(X), M[k:1]), ForAll(X, LessEqual(f(M[k:1]), f(X))))
"""That the product is a global minimum of f; false where already some network is better."""


@dataclass(frozen=True)
class Finding:
    """The verdict on a network, what it rests on, and a way down: the layers' coefficients.

    Plain data, which can be sent from one process to another.
    """

    verdict: str
    why: str
    down: Any = None


FINDINGS: dict[str, Finding] = {}
"""What was found out, by the contents of the network."""

MOST = 4096
"""Findings kept at most."""


def finding(network: Network) -> Finding:
    """What is found out about a network, once."""
    key = _contents(Same(network))
    found = FINDINGS.get(key)
    if found is None:
        if len(FINDINGS) >= MOST:
            FINDINGS.clear()
        found = FINDINGS[key] = _find(network)
    return found


@lru_cache(maxsize=1024)
def _contents(same: Same[Network]) -> str:
    return digest(network_json(same.thing))


def _find(network: Network) -> Finding:
    # These take `diagnose` long and come to nothing, or are the first thing that it looks at.
    if crossing.is_spurious_minimum(network):
        return Finding("spurious-local-minimum", crossing.WHY)
    if _is_not_critical(network):
        return Finding("not-critical", _why("not-critical"))
    # All of `diagnose` is loaded only where it is asked: results are listed and proved without it.
    from proofkit.diagnose.search.diagnosis import diagnosed

    found = diagnosed(network)
    return Finding(found.verdict, _why(found.verdict), (found.escape or {}).get("layers"))


def _why(verdict: str) -> str:
    return f"a certificate says that it is {IN_WORDS[verdict]}"


def _is_not_critical(network: Network) -> bool:
    """Whether some derivative of an exact network is there and not zero."""
    if not network.exact or not isinstance(network.loss, Loss):
        return False
    try:
        return not Point(network).critical
    except (LossError, Undecidable):
        return False


def settled(network: Network) -> Known:
    """What is certain about M."""
    return _settled(Same(network))


def descents(network: Network) -> Descents:
    """A way down from M, if there is one."""
    return _descents(Same(network))


def settled_pair(network: Network, at: int, A: Any, B: Any, f: Any) -> Known:
    """What is certain about the pair (A, B) of the two halves, where there are two halves."""
    return _settled_pair(Same(network), at, A, B, f)


def _told(network: Network, local: Claim, best: Claim) -> dict[Any, tuple[bool, str]]:
    """What the verdict says of the claims that it is a local and a global minimum."""
    found = finding(network)
    verdict, why = found.verdict, found.why
    tables = ((local, _LOCAL), (best, _GLOBAL))
    return {claim: (table[verdict], why) for claim, table in tables if verdict in table}


@lru_cache(maxsize=256)
def _settled(same: Same[Network]) -> Known:
    known = _told(same.thing, local_minimum(M), global_minimum(M))
    is_best, why = known.get(global_minimum(M), (True, ""))
    if not is_best:
        known |= dict.fromkeys(BEST, (False, why))
    known |= _convex(same.thing)
    return known


def _convex(network: Network) -> dict[Any, tuple[bool, str]]:
    """That the loss is convex, where its file only says so and rules prove it."""
    if network.loss.convexity != "assumed":
        return {}
    found = examine(network.loss)
    return {Convex(f): (True, found.why)} if found.status == "proved" else {}


@lru_cache(maxsize=256)
def _settled_pair(same: Same[Network], at: int, A: Any, B: Any, f: Any) -> Known:
    network = same.thing
    if not 0 < at < network.depth:
        return {}
    network = _halves(network, at)
    convex = {Convex(f): told for told in _convex(network).values()}
    return {**_told(network, pair_local(A, B, f), pair_global(A, B, f)), **convex}


def _halves(network: Network, at: int) -> Network:
    """The network of two layers that are its products below and above a layer."""
    if network.depth == 2:
        return network
    halves: Any = [network.chain(at, 1), network.chain(network.depth, at + 1)]
    return Network.single("the two halves", halves, network.loss)


def settled_squares(network: Network, at: int, result: Result) -> Known:
    """What is certain where a result writes the network's loss as ‖…X − Y‖²."""
    named = {getattr(v, "name", ""): v for v in result.variables}
    if not isinstance(network.loss, SquaredLoss) or not {"X", "Y"} <= set(named):
        return {}
    X, Y = named["X"], named["Y"]
    known: dict[Any, tuple[bool, str]] = {}
    if M in result.variables:
        N = family("N", d)
        error = norm_squared(N[k:1] * X - Y)
        known |= _told(network, LocalMinimum(N, error, M), GlobalMinimum(N, error, M))
    if {"A", "B"} <= set(named) and 0 < at < network.depth:
        layers = (named["A"], named["B"])
        error = norm_squared(layers[0] * layers[1] * X - Y)
        known |= _told(
            _halves(network, at),
            LocalMinimum(layers, error, layers),
            GlobalMinimum(layers, error, layers),
        )
    return known


@lru_cache(maxsize=256)
def _descents(same: Same[Network]) -> Descents:
    found = finding(same.thing)
    if found.down is None:
        return ()
    layers = [
        [[[exact(parse_number(c)) for c in entry] for entry in line] for line in layer]
        for layer in found.down
    ]

    @lru_cache(maxsize=64)
    def curve(t: Fraction) -> Layers:
        members = {}
        for at, layer in enumerate(layers, start=1):
            rows = [
                [sum((c * t**n for n, c in enumerate(entry)), Fraction(0)) for entry in line]
                for line in layer
            ]
            members[at] = ExactMatrix.of(rows)
        return Layers(members)

    return (curve,)
