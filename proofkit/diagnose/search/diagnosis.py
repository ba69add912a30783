"""Diagnose a network: one entrance for exact and float networks."""

from __future__ import annotations

from functools import lru_cache

from proofkit.basics.identity import Same
from proofkit.diagnose.check.rationalised import rationalised
from proofkit.diagnose.check.verdicts import Diagnosis
from proofkit.diagnose.search.exact import diagnose_exact
from proofkit.networks.elementwise import LossError
from proofkit.networks.losses import ExpressionLoss, Loss
from proofkit.networks.network import Network
from proofkit.networks.scalars import Undecidable

__all__ = ["diagnose", "diagnosed"]


def diagnose(
    network: Network, *, seed: int = 0, certify: bool = False, tolerance: float | None = None
) -> Diagnosis:
    """What kind of point a network is, with a certificate that stands on its own.

    Args:
        network: one tower or several, exact or float. A float network whose floats, taken as the
            rationals they store, are exactly critical is treated as exact.
        seed: of everything random; the same seed gives the same answer.
        certify: for floats, prove by interval Newton that an exact critical point of the stated
            kind lies near.
        tolerance: for floats, how far entries may be off, in units of their layer's largest; by
            default a few units of roundoff of the format that they were stored in. The verdict is
            that of the critical points within it.

    Returns:
        The diagnosis; ``recheck(diagnosis.certificate)`` verifies an exact one on its own.

    Raises:
        TypeError: the loss is not a function of the product, so the paper's results do not hold.
        ValueError: the loss has no value at the network, or the tolerance is not from 0 to 1.

    >>> from proofkit.networks.exact import ExactMatrix
    >>> from proofkit.networks.losses import SquaredLoss
    >>> one = ExactMatrix.identity(1)
    >>> diagnose(Network.single("", [one, 3 * one], SquaredLoss(one, 3 * one))).verdict
    'global-minimum'
    """
    if not isinstance(network.loss, Loss):
        raise TypeError(
            "the loss is not a function of the product M_k⋯M_1 alone (weight decay, for example); "
            "the paper's results do not hold for it"
        )
    if tolerance is not None and not 0 <= tolerance < 1:
        raise ValueError(f"the tolerance is a share of entries, from 0 up to 1, not {tolerance}")
    _has_value(network)
    if network.exact:
        return diagnose_exact(network, seed)
    from proofkit.diagnose.search.floats import diagnose_floats

    return diagnose_floats(network, seed=seed, certify=certify, tolerance=tolerance)


def _has_value(network: Network) -> None:
    """Raise ``ValueError`` where the loss, an expression, has no value at the network."""
    if not isinstance(network.loss, ExpressionLoss):
        return
    try:
        network.loss.value(network.product())
        return
    except LossError as fault:
        if network.exact:
            raise _no_value(fault) from fault
    try:
        network.loss.value(rationalised(network).product())
    except LossError as fault:
        raise _no_value(fault) from fault
    except Undecidable:
        return


def _no_value(fault: LossError) -> ValueError:
    return ValueError(
        f"the loss has no value at this network: {fault}; give entries at which it has one"
    )


def diagnosed(network: Network, seed: int = 0) -> Diagnosis:
    """The diagnosis of a network, made once for as long as the network is there."""
    return _diagnosed(Same(network), seed)


@lru_cache(maxsize=256)
def _diagnosed(same: Same[Network], seed: int) -> Diagnosis:
    return diagnose(same.thing, seed=seed)
