"""From a critical point of two layers to one of the network, with the distance from the floats.

Two lifts, for each tower of a network M given in floats (which are exact rationals here):

*Full.* rank A = rank B = d. M_k* = M_k + (A* − A)A_1⁺ and M_1* = M_1 + B_1⁺(B* − B), with
A_1 = M_{k−1}⋯M_{j+1} and B_1 = M_j⋯M_2, as in Theorem 1.

*Low rank.* The product has a rank r < d, and A* (m×r), B* (r×n) are critical in width r. With
P_i (d_i×r) and Q_i (r×d_i), Q_iP_i = I_r, and N_i = I − P_iQ_i for 0 < i < k let

    M_1* = P_1B* + N_1R_1,   M_i* = P_iQ_{i−1} + N_iR_iN_{i−1},   M_k* = A*Q_{k−1} + R_kN_{k−1},

R_i being M_i itself, or 0 where it is negligible. Chains split: M_i*⋯M_1* = P_iB* + ρ(i, 1), and so
on, ρ(i, l) being the product of the rests. As GB*ᵀ = 0 and A*ᵀG = 0, the derivative in M_i is
ρ(k, i+1)ᵀ G ρ(i−1, 1)ᵀ, with ρ(k, k+1) = ρ(0, 1) = I. It is 0 for every i when R_1 = R_k = 0, which
is what is asked for. Then only D_1 and D_k meet in ⟨G, ·⟩, and the second derivative falls apart
into

- that of L_2 in width r at (A*, B*), pulled back by a surjective map, and
- 2⟨G, D_k ρ(k−1, 2) D_1⟩ on the rest, with rank G · rank ρ(k−1, 2) eigenvalues of either sign
  (for two layers ρ = N_1, of rank d − r).

So with f′ ≠ 0 the point is a strict saddle if ρ(k−1, 2) ≠ 0 or L_2 has a negative eigenvalue, and
otherwise its Hessian is positive semidefinite.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint

from proofkit.diagnose.check.krawczyk import BITS, Proved
from proofkit.diagnose.check.paths import norm_bound
from proofkit.diagnose.check.point import Point
from proofkit.diagnose.check.rationals import balls
from proofkit.networks.exact import ExactMatrix

__all__ = ["Frame", "LowRank", "full_distance", "low_rank"]


def full_distance(here: Point, proved: Proved) -> Fraction | None:
    """A bound of |M* − M| over all layers, for the full lift of every (A*, B*) in the box."""
    A, B = proved.A, proved.B
    with flint.ctx.workprec(BITS):
        changes: list[Any] = []
        start = 0
        for cut in here.first_cuts:
            tower = here.towers[cut.tower]
            own = range(start, start + cut.d)
            start += cut.d
            above = flint.arb_mat([[line[i] for i in own] for line in A])
            below = flint.arb_mat([B[i] for i in own])
            inner_A: Any = tower.chain(tower.depth - 1, cut.j + 1)
            inner_B: Any = tower.chain(cut.j, 2)
            left, right = inner_A.left_inverse(), inner_B.T.left_inverse()
            if left is None or right is None:
                return None
            change_A = (above - _balls(cut.A)) * _balls(left)
            change_B = _balls(right.T) * (below - _balls(cut.B))
            changes += (*change_A.entries(), *change_B.entries())
        return norm_bound(changes)


@dataclass(frozen=True)
class Frame:
    """P_i and Q_i of one tower, i = 1, …, k − 1, and which rests count as 0, one per layer."""

    rank: int
    P: list[ExactMatrix]
    Q: list[ExactMatrix]
    dropped: list[bool]


@dataclass(frozen=True)
class LowRank:
    """What the low-rank lift gives: a distance, and the rank of Σ ρ(k−1, 2) over the towers."""

    distance: Fraction
    mixing: int


def low_rank(here: Point, proved: Proved, frames: list[Frame]) -> LowRank | str:
    """The lift of every (A*, B*) in the box; a reason where it does not exist."""
    with flint.ctx.workprec(BITS):
        changes: list[Any] = []
        start = mixing = 0
        for tower, frame in zip(here.towers, frames, strict=True):
            layers: list[Any] = list(tower.layers)
            own = range(start, start + frame.rank)
            start += frame.rank
            if tower.depth < 2:
                return "a tower of one layer has no halves"
            if not (frame.dropped[0] and frame.dropped[-1]):
                return (
                    "the first or the last layer acts on what the product does not use; whether f′ "
                    "annihilates it exactly no interval decides"
                )
            N = []
            for P, Q in zip(frame.P, frame.Q, strict=True):
                if not (Q @ P - ExactMatrix.identity(frame.rank)).is_zero():
                    return "Q_iP_i = I does not hold"
                N.append(ExactMatrix.identity(P.rows) - P @ Q)
            inner = [_balls(P @ Q) for P, Q in zip(frame.P[1:], frame.Q[:-1], strict=True)]
            rests = []
            for i in range(1, tower.depth - 1):
                rest = N[i] @ layers[i] @ N[i - 1]
                rests.append(0 * rest if frame.dropped[i] else rest)
            first = _balls(frame.P[0]) * _table([proved.B[i] for i in own], layers[0].cols)
            last = _table([[line[i] for i in own] for line in proved.A], frame.rank)
            last = last * _balls(frame.Q[-1])
            made = [first, *(a + _balls(r) for a, r in zip(inner, rests, strict=True)), last]
            for new, old in zip(made, layers, strict=True):
                changes += (new - _balls(old)).entries()
            chain = N[0]
            for rest in rests:
                chain = rest @ chain
            mixing += int(chain.rank())
        return LowRank(norm_bound(changes), mixing)


def _table(rows: list[list[Any]], cols: int) -> Any:
    return flint.arb_mat(len(rows), cols, [x for line in rows for x in line])


def _balls(matrix: ExactMatrix) -> Any:
    entries = balls(matrix.entries(), BITS)
    return flint.arb_mat(matrix.rows, matrix.cols, [x for line in entries for x in line])
