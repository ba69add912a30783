"""Claims and steps on concrete networks, in exact rationals or in batches of floats."""

from proofkit.evaluate.claims import Outcome, evaluate
from proofkit.evaluate.environment import Environment, Layers, Unsuitable
from proofkit.evaluate.replay import replay, replay_batch

__all__ = ["Environment", "Layers", "Outcome", "Unsuitable", "evaluate", "replay", "replay_batch"]
