"""Claims and steps on concrete networks: exact, enclosed in balls, or in batches of floats."""

from proofkit.evaluate.claims import Outcome, evaluate
from proofkit.evaluate.environment import Environment, Layers, Unsuitable
from proofkit.evaluate.refute import Refutation, refute
from proofkit.evaluate.steps import evaluate_steps
from proofkit.evaluate.traces import traced

__all__ = [
    "Environment",
    "Layers",
    "Outcome",
    "Refutation",
    "Unsuitable",
    "evaluate",
    "evaluate_steps",
    "refute",
    "traced",
]
