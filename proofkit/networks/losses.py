"""The kinds of loss a network file may name, all with value, gradient and Hessian."""

from proofkit.networks.classification_losses import LogisticLoss, SoftmaxLoss
from proofkit.networks.elementwise import LossError
from proofkit.networks.expression_loss import ExpressionLoss
from proofkit.networks.loss import Convexity, Loss
from proofkit.networks.measurement_loss import MeasurementLoss
from proofkit.networks.regression_losses import (
    AbsoluteLoss,
    HuberLoss,
    MaskedSquaredLoss,
    PoissonLoss,
    SquaredLoss,
    WeightedSquaredLoss,
)
from proofkit.networks.sum_loss import ScoreLoss, SumLoss

__all__ = [
    "KINDS",
    "AbsoluteLoss",
    "Convexity",
    "ExpressionLoss",
    "HuberLoss",
    "LogisticLoss",
    "Loss",
    "LossError",
    "MaskedSquaredLoss",
    "MeasurementLoss",
    "PoissonLoss",
    "ScoreLoss",
    "SoftmaxLoss",
    "SquaredLoss",
    "SumLoss",
    "WeightedSquaredLoss",
]

KINDS: dict[str, type[Loss]] = {
    kind.kind: kind
    for kind in (
        SquaredLoss,
        WeightedSquaredLoss,
        LogisticLoss,
        SoftmaxLoss,
        HuberLoss,
        AbsoluteLoss,
        PoissonLoss,
        MaskedSquaredLoss,
        MeasurementLoss,
        ExpressionLoss,
    )
}
"""The kinds by the name that files give them."""
