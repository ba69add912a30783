"""Verify a saved certificate: nothing that a search found is believed.

The network in the certificate is diagnosed by nobody here. Every number claimed is recomputed in
exact arithmetic (value, gradient, ranks, inertia), the evidence is checked as a proof, and the
verdict must be one that this evidence gives. Random numbers and floats play no part, except that
floats propose eigenvectors inside ``inertia``, which proves what it returns.
Certificates in balls and numerical ones have checkers of their own (``certify``,
``float_recheck``).
"""

from __future__ import annotations

from typing import Any

from proofkit.diagnose.check.beside import distance_of
from proofkit.diagnose.check.certificate import (
    FORMAT,
    Json,
    Refused,
    claims,
    digest,
    moved,
    number_json,
    read_matrix,
)
from proofkit.diagnose.check.convexity import Violation, violation_holds
from proofkit.diagnose.check.dcp import is_convex
from proofkit.diagnose.check.evidence import CHECKS, Checker, lower_layers
from proofkit.diagnose.check.hessian import inertia_at
from proofkit.diagnose.check.point import Point
from proofkit.diagnose.check.rationalised import rationalised
from proofkit.networks.decode import network_from_document
from proofkit.networks.losses import ExpressionLoss
from proofkit.networks.scalars import Undecidable
from proofkit.networks.tokens import NotationError

__all__ = ["Refused", "recheck"]

_KEYS = {
    "format",
    "arithmetic",
    "network",
    "verdict",
    "theorem",
    "value",
    "ranks",
    "gradient_norm",
    "hessian_inertia",
    "convexity",
    "evidence",
    "lower_point",
    "why",
    "digest",
}
_NEAR_KEYS = {
    "format",
    "arithmetic",
    "network",
    "verdict",
    "theorem",
    "distance",
    "near",
    "why",
    "digest",
}


def recheck(document: Any, *, integrity: bool = True) -> list[str]:
    """Verify a certificate and return what was verified, one sentence per check.

    Args:
        document: the JSON data of a certificate.
        integrity: also compare the digest; without it only the mathematics counts.

    Raises:
        Refused: something in it is wrong, or was changed.

    >>> from proofkit.diagnose import diagnose
    >>> from proofkit.networks.exact import ExactMatrix
    >>> from proofkit.networks.losses import SquaredLoss
    >>> from proofkit.networks.network import Network
    >>> one = ExactMatrix.identity(1)
    >>> made = diagnose(Network.single("", [one, one], SquaredLoss(one, 3 * one))).certificate
    >>> recheck(made)[0]
    'the digest fits'
    >>> recheck({**made, "value": 5}, integrity=False)
    Traceback (most recent call last):
        ...
    proofkit.diagnose.check.certificate.Refused: value: 5 is claimed, 4 is true
    """
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise Refused(f"this is no certificate of the format {FORMAT}")
    if set(document) != _KEYS and document.get("arithmetic") == "exact":
        odd = ", ".join(sorted(set(document) ^ _KEYS))
        raise Refused(f"keys are missing or unknown: {odd}")
    checked: list[str] = []
    if integrity:
        if document.get("digest") != digest(document):
            raise Refused("the digest does not fit: the certificate was changed")
        checked.append("the digest fits")
    try:
        if document.get("arithmetic") == "balls":
            from proofkit.diagnose.check.balls import verify

            return checked + verify(document)
        if document.get("arithmetic") == "float":
            from proofkit.diagnose.check.float_recheck import verify as verify_floats

            return checked + verify_floats(document)
        if document.get("arithmetic") == "nearby":
            return checked + _beside(document)
        if document.get("arithmetic") != "exact":
            raise Refused("the arithmetic is none of exact, balls, nearby, float")
        return checked + _Run(document).run()
    except Refused:
        raise
    except (KeyError, TypeError, IndexError, ValueError, Undecidable, NotationError) as fault:
        raise Refused(f"the certificate is malformed or proves nothing: {fault}") from fault


class _Run(Checker):
    """All checks of one certificate."""

    def run(self) -> list[str]:
        self.numbers()
        kind = self.evidence["kind"]
        check = CHECKS.get(kind)
        if check is None:
            raise Refused(f"evidence of the kind {kind!r} is unknown")
        verdicts, theorems = check(self)
        self.expect("verdict", self.document["verdict"] in verdicts, sorted(verdicts))
        self.expect("theorem", self.document["theorem"] in theorems, theorems)
        self.lower()
        self.done.append(f"the evidence gives the verdict {self.document['verdict']}")
        return self.done

    def expect(self, where: str, fits: bool, true: Any = None) -> None:
        if not fits:
            claimed = self.document.get(where, "what is claimed")
            tail = "" if true is None else f", {true} is true"
            raise Refused(f"{where}: {claimed} is claimed{tail}")

    def numbers(self) -> None:
        """Value, ranks, gradient and inertia, and what is said of convexity."""
        for key, true in claims(self.point).items():
            self.expect(key, self.document[key] == true, true)
        stated = self.document["hessian_inertia"]
        if stated is not None:
            self.inertia = inertia_at(self.point)[0]
            self.expect("hessian_inertia", stated == list(self.inertia), list(self.inertia))
        self.done.append("value, ranks, gradient and inertia are as claimed")
        convexity = self.document["convexity"]
        if convexity is not None:
            self.convexity(convexity)

    def convexity(self, stated: Json) -> None:
        loss = self.point.loss
        if set(stated) != {"status", "why", "violation"}:
            raise Refused("convexity: the keys are not those of a finding")
        proved = (
            is_convex(loss.expression, loss.size)
            if isinstance(loss, ExpressionLoss)
            else loss.convexity == "convex"
        )
        status, violation = stated["status"], stated["violation"]
        if violation is not None:
            shape = loss.shape
            shown = Violation(
                read_matrix(violation["W"], shape), read_matrix(violation["D"], shape)
            )
            if not violation_holds(loss, shown):
                raise Refused("convexity: the violation shown is none")
        fits = {
            "proved": proved,
            "refuted": not proved and (violation is not None or loss.convexity == "not convex"),
            "assumed": not proved and isinstance(loss, ExpressionLoss) and loss.convex is True,
            "unknown": not proved,
        }
        if not fits.get(status, False):
            raise Refused(f"convexity: {status!r} is claimed and not so")

    def lower(self) -> None:
        """A lower point has the widths of the network, the value stated, and a lower one."""
        stated = self.document["lower_point"]
        needed = self.document["verdict"] == "spurious-local-minimum"
        if stated is None:
            if needed:
                raise Refused("lower_point: a spurious local minimum needs one")
            return
        layers = lower_layers(stated, self.point)
        there = moved(self.point.network, layers, "a lower point")
        product: Any = there.product()
        if self.point.loss.compare(product, self.point.product) != -1:
            raise Refused("lower_point: its loss is not lower")
        true = number_json(there.loss.value(product))
        if stated["value"] != true:
            raise Refused(f"lower_point: the value {stated['value']} is claimed, {true} is true")
        self.done.append("the lower point is lower")


def _beside(document: Json) -> list[str]:
    """Check a certificate of an exact critical point beside floats."""
    if set(document) != _NEAR_KEYS:
        raise Refused(
            f"keys are missing or unknown: {', '.join(sorted(set(document) ^ _NEAR_KEYS))}"
        )
    network = network_from_document(document["network"])
    near: Any = document["near"]
    if near.get("arithmetic") != "exact":
        raise Refused("near: the point beside the floats is not exact")
    done = recheck(near, integrity=False)
    there = network_from_document(near["network"])
    if network.exact or there.loss.to_json() != network.loss.to_json():
        raise Refused("near: another loss, or the network is no float network")
    if [t.dims for t in there.towers] != [t.dims for t in network.towers]:
        raise Refused("near: other widths")
    if not Point(there).critical:
        raise Refused("near: the point is not critical")
    true = distance_of(Point(rationalised(network)).layers, Point(there).layers)
    if document["distance"] != str(true):
        raise Refused(f"distance: {document['distance']} is claimed, {true} is true")
    for key in ("verdict", "theorem"):
        if document[key] != near[key]:
            raise Refused(f"{key}: {document[key]} is claimed, {near[key]} is proved")
    return [f"an exact critical point lies within {float(true):.3g}", *done]
