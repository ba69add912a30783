"""Directions in which the two-layer loss cannot change: the orbit of its own symmetries.

f(AB) is invariant under A → AC, B → C⁻¹B (C invertible). When f(W + PcᵀB…) = f(W) for all shifts
of a form that A or B can make, it is invariant under these too:

- A → A + Pa, if f(W + PV) = f(W) for every V: softmax with P = (1, …, 1)ᵀ;
- B → B + bQᵀ, if f(W + VQᵀ) = f(W) for every V: losses of WX, with Q a basis of ker Xᵀ.

These maps form a group, so the orbit of (A, B) is a manifold on which L_2 is constant, and where
(A, B) is critical all of it is. Its tangent space T lies in the kernel of the Hessian. When the
Hessian is positive semidefinite with kernel exactly T, (A, B) is a local minimum: transversally
to the orbit the Hessian is positive definite, along it nothing changes (the Morse–Bott lemma;
A. Banyaga and D. Hurtubise, Expo. Math. 22, 2004). Without shifts and with rank A = rank B = d,
dim T = d².
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from proofkit.networks.exact import ExactMatrix
from proofkit.networks.losses import Loss

__all__ = ["kernel_basis", "shifts", "tangent"]


def kernel_basis(matrix: ExactMatrix) -> ExactMatrix:
    """Columns that span {w : Xw = 0}.

    >>> kernel_basis(ExactMatrix.of([[1, 1]])).shape
    (2, 1)
    """
    projector = ExactMatrix.identity(matrix.cols) - matrix.pseudo_inverse() @ matrix
    kept: list[int] = []
    wanted = matrix.cols - int(matrix.rank())
    for column in range(matrix.cols):
        if len(kept) == wanted:
            break
        if int(projector.block(range(matrix.cols), [*kept, column]).rank()) == len(kept) + 1:
            kept.append(column)
    return projector.block(range(matrix.cols), kept)


def shifts(loss: Loss) -> tuple[ExactMatrix, ExactMatrix]:
    """(P, Q) as above; without columns where there are no such shifts."""
    rows, cols = loss.shape
    P, Q = ExactMatrix.zeros(rows, 0), ExactMatrix.zeros(cols, 0)
    if loss.shifted:
        P = ExactMatrix.of([[1]] * rows)
    if loss.inputs is not None:
        Q = kernel_basis(loss.inputs.T)
    return P, Q


def tangent(loss: Loss, A: ExactMatrix, B: ExactMatrix) -> ExactMatrix:
    """Rows that span T, in the parameters of the two-layer Hessian: B by rows, then A by rows.

    >>> from proofkit.networks.losses import SquaredLoss
    >>> one = ExactMatrix.identity(1)
    >>> tangent(SquaredLoss(one, one), one, 2 * one)
    ExactMatrix([[-2, 1]])
    """
    P, Q = shifts(loss)
    width = A.cols
    zero: Any = Fraction(0)
    table_A, table_B = A.entries(), B.entries()
    rows: list[list[Any]] = []
    for p in range(width):
        for q in range(width):
            # X = e_p e_qᵀ: A moves by AX, B by −XB.
            below = [[-x for x in table_B[q]] if r == p else [zero] * B.cols for r in range(width)]
            above = [[line[p] if c == q else zero for c in range(width)] for line in table_A]
            rows.append([x for line in (*below, *above) for x in line])
    nothing_A, nothing_B = [zero] * (A.rows * width), [zero] * (width * B.cols)
    for i in range(P.cols):
        for q in range(width):
            above = [
                [P.entry(r, i) if c == q else zero for c in range(width)] for r in range(A.rows)
            ]
            rows.append(nothing_B + [x for line in above for x in line])
    for i in range(Q.cols):
        for q in range(width):
            below = [
                [Q.entry(c, i) if r == q else zero for c in range(B.cols)] for r in range(width)
            ]
            rows.append([x for line in below for x in line] + nothing_A)
    return ExactMatrix.of(rows)
