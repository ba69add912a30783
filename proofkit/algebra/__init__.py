"""The untrusted part of the algebra: finding cofactors, and refuting what has none."""

from proofkit.algebra.cofactors import Step, find_cofactors
from proofkit.algebra.order import farkas

__all__ = ["Step", "farkas", "find_cofactors"]
