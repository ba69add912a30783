"""Claims and steps on concrete networks: exact, enclosed in balls, or in batches of floats."""

from proofkit.evaluate.claims import Outcome, evaluate
from proofkit.evaluate.environment import Environment, Layers, Unsuitable
from proofkit.evaluate.refute import Refutation, refute
from proofkit.evaluate.replay import replay_batch
from proofkit.evaluate.traces import replay

__all__ = [
    "Environment",
    "Layers",
    "Outcome",
    "Refutation",
    "Unsuitable",
    "evaluate",
    "refute",
    "replay",
    "replay_batch",
]
