"""What is certain about a concrete network: whether it is a local and a global minimum.

It is not copied from the network's file but decided by `diagnose`, whose certificate stands on
its own, or, outside the paper's theory, by the identity of `crossing`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

from proofkit.claims import Claim, Convex, ForAll, GlobalMinimum, LessEqual
from proofkit.diagnose import Diagnosis, diagnose
from proofkit.diagnose.convexity import examine
from proofkit.diagnose.verdicts import IN_WORDS
from proofkit.evaluate import Layers
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.network import Network
from proofkit.networks.numbers import parse_number
from proofkit.networks.scalars import exact
from proofkit.symbols import MatrixVariable
from theorems import crossing
from theorems.setting import M, d, f, global_minimum, k, local_minimum
from theorems.two_layers import A, B, pair_global, pair_local
from theorems.two_layers import f as pair_f

__all__ = ["Known", "Same", "diagnosed", "settled", "settled_pair"]

Known = Mapping[Any, tuple[bool, str]]
"""Claims that are settled: whether they hold, and why."""
Descents = tuple[Callable[[Fraction], Layers], ...]

_LOCAL = {"spurious-local-minimum": True, "global-minimum": True, "local-minimum": True}
_LOCAL |= {"strict-saddle": False, "non-strict-saddle": False, "not-critical": False}
_GLOBAL = {"global-minimum": True, "spurious-local-minimum": False} | {
    verdict: False for verdict, minimum in _LOCAL.items() if not minimum
}
X = MatrixVariable("X", d(k), d(0))
BEST = (GlobalMinimum(X, f(X), M[k:1]), ForAll(X, LessEqual(f(M[k:1]), f(X))))
"""That the product is a global minimum of f; false where already some network is better."""


class Same:
    """A network as a key: the same object, not an equal one."""

    def __init__(self, network: Network) -> None:
        self.network = network

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.network is self.network

    def __hash__(self) -> int:
        return id(self.network)


def diagnosed(network: Network) -> Diagnosis:
    """The diagnosis of a network, made once."""
    return _diagnosed(Same(network))


@lru_cache(maxsize=256)
def _diagnosed(same: Same) -> Diagnosis:
    return diagnose(same.network)


def settled(network: Network) -> tuple[Known, Descents]:
    """What is certain about M, and a way down from it if there is one."""
    return _settled(Same(network))


def settled_pair(network: Network, at: int) -> Known:
    """What is certain about the pair of the two halves, where there are two halves."""
    return _settled_pair(Same(network), at)


def _verdict(network: Network) -> tuple[str, str]:
    """The verdict, and what it rests on."""
    found = diagnosed(network)
    if found.verdict == "undecided" and crossing.is_spurious_minimum(network):
        return "spurious-local-minimum", crossing.WHY
    return found.verdict, f"a certificate says that it is {IN_WORDS[found.verdict]}"


def _told(network: Network, local: Claim, best: Claim) -> dict[Any, tuple[bool, str]]:
    """What the verdict says of the claims that it is a local and a global minimum."""
    verdict, why = _verdict(network)
    tables = ((local, _LOCAL), (best, _GLOBAL))
    return {claim: (table[verdict], why) for claim, table in tables if verdict in table}


@lru_cache(maxsize=256)
def _settled(same: Same) -> tuple[Known, Descents]:
    known = _told(same.network, local_minimum(M), global_minimum(M))
    is_best, why = known.get(global_minimum(M), (True, ""))
    if not is_best:
        known |= dict.fromkeys(BEST, (False, why))
    known |= _convex(same.network)
    return known, _descents(diagnosed(same.network))


def _convex(network: Network) -> dict[Any, tuple[bool, str]]:
    """That the loss is convex, where its file only says so and rules prove it."""
    if network.loss.convexity != "assumed":
        return {}
    found = examine(network.loss)
    return {Convex(f): (True, found.why)} if found.status == "proved" else {}


@lru_cache(maxsize=256)
def _settled_pair(same: Same, at: int) -> Known:
    network = same.network
    if not 0 < at < network.depth:
        return {}
    if network.depth > 2:
        halves: Any = [network.chain(at, 1), network.chain(network.depth, at + 1)]
        network = Network.single("the two halves", halves, network.loss)
    convex = {Convex(pair_f): told for told in _convex(network).values()}
    return {**_told(network, pair_local(A, B), pair_global(A, B)), **convex}


def _descents(found: Diagnosis) -> tuple[Callable[[Fraction], Layers], ...]:
    if not found.escape or "layers" not in found.escape:
        return ()
    layers = [
        [[[exact(parse_number(c)) for c in entry] for entry in line] for line in layer]
        for layer in found.escape["layers"]
    ]

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
