"""One set of method names for matrices in four arithmetics.

Code written against ``Matrix`` runs on the first two: :class:`ExactMatrix` answers with certainty,
:class:`FloatMatrix` answers for a whole batch, each entry with an error bound. Losses run on all
four (``AnyMatrix``): also on :class:`ArrayMatrix`, plain floats for searching, and on
:class:`BallMatrix`, which encloses the results for all matrices in a box.
"""

from typing import TypeAlias

from proofkit.networks.array_matrix import ArrayMatrix
from proofkit.networks.ball_matrix import BallMatrix
from proofkit.networks.error_bounds import FloatScalar
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.scalars import ExactNumber, Number, Undecidable

Matrix: TypeAlias = ExactMatrix | FloatMatrix
AnyMatrix: TypeAlias = Matrix | ArrayMatrix | BallMatrix
Scalar: TypeAlias = ExactNumber | FloatScalar

__all__ = [
    "AnyMatrix",
    "ArrayMatrix",
    "BallMatrix",
    "ExactMatrix",
    "ExactNumber",
    "FloatMatrix",
    "FloatScalar",
    "Matrix",
    "Number",
    "Scalar",
    "Undecidable",
]
