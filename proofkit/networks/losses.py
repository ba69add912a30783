"""The kinds of loss a network file may name, all with value, gradient and Hessian."""

from proofkit.networks.classification_losses import LogisticLoss, SoftmaxLoss
from proofkit.networks.elementwise import LossError
from proofkit.networks.expression_loss import ExpressionLoss
from proofkit.networks.loss import Convexity, Loss
from proofkit.networks.regression_losses import HuberLoss, SquaredLoss, WeightedSquaredLoss

__all__ = [
    "Convexity",
    "ExpressionLoss",
    "HuberLoss",
    "LogisticLoss",
    "Loss",
    "LossError",
    "SoftmaxLoss",
    "SquaredLoss",
    "WeightedSquaredLoss",
]
