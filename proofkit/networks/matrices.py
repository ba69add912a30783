"""One set of method names for exact matrices and for batches of float matrices.

Code written against ``Matrix`` runs on both: :class:`ExactMatrix` answers with certainty,
:class:`FloatMatrix` answers for a whole batch, each entry with an error bound.
"""

from typing import TypeAlias

from proofkit.networks.exact import ExactMatrix
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.running import FloatScalar
from proofkit.networks.scalars import ExactNumber, Number, Undecidable

Matrix: TypeAlias = ExactMatrix | FloatMatrix
Scalar: TypeAlias = ExactNumber | FloatScalar

__all__ = [
    "ExactMatrix",
    "ExactNumber",
    "FloatMatrix",
    "FloatScalar",
    "Matrix",
    "Number",
    "Scalar",
    "Undecidable",
]
