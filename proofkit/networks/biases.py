"""A network with biases as a linear network without, where that is exact; else why it is not.

* Only the first layer has a bias: M_1 x + b_1 = [M_1 b_1] (x; 1). The bias is one more column of
  M_1, and X gets a row of ones. All parameters stay, and the loss is the same function of them.
* Squared loss, and the last layer has a bias: with x̄ and ȳ the means of the N samples and
  c = W x̄ + Σ_i M_k⋯M_{i+1} b_i − ȳ the mean residual, the loss is
  ‖W(X − x̄1ᵀ) − (Y − ȳ1ᵀ)‖² + N‖c‖². Putting c in place of b_k is a smooth invertible change of
  the parameters, after which the other biases do not occur. So the point is critical, a local or
  global minimum, a saddle or a strict saddle if and only if c = 0 and the layers alone are one
  for the centred data; the Hessian has d_k more positive and Σ_{i<k} d_i (over layers with a
  bias) more zero eigenvalues.
* Elsewhere [M_i b_i; 0 1] would be a layer whose last row is not free to move, and the results
  speak of layers that are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, is_dataclass, replace
from fractions import Fraction
from typing import Any

from proofkit.networks.exact import ExactMatrix
from proofkit.networks.faults import Fault
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.losses import Loss, SquaredLoss
from proofkit.networks.matrices import Matrix
from proofkit.networks.network import Tower

__all__ = ["Reduced", "without_biases"]


@dataclass(frozen=True)
class Reduced:
    """A linear network in place of one with biases.

    Attributes:
        tower, loss: the linear network.
        notes: what was done, as sentences.
        last_bias: where the last bias is not the best one within the rounding radius of the
            layers: the loss as a function of that bias alone, as a layer and its loss.
    """

    tower: Tower
    loss: Loss
    notes: tuple[str, ...] = ()
    last_bias: tuple[Matrix, SquaredLoss] | None = None


def without_biases(
    tower: Tower, biases: Sequence[Matrix | None], loss: Loss, unit_roundoff: float
) -> Reduced:
    """The linear network that a network with biases comes to.

    Args:
        tower: the layers M_1, …, M_k.
        biases: b_1, …, b_k, each d_i × 1 and of the arithmetic of the layers, or None.
        loss: the loss of the product.
        unit_roundoff: u of the format in which floats were stored, 0 for exact layers: a mean
            residual that changes of all entries by 2u of their layer's largest explain counts
            as 0.

    Raises:
        Fault: there is no exact reduction; with the reason.

    >>> one = ExactMatrix.identity(1)
    >>> found = without_biases(Tower.of([2 * one]), [3 * one], SquaredLoss(one, one), 0)
    >>> found.tower.layers[0], found.loss.X
    (ExactMatrix([[2, 3]]), ExactMatrix([[1], [1]]))
    """
    there = [i for i, bias in enumerate(biases, start=1) if bias is not None]
    if not there:
        return Reduced(tower, loss)
    if there == [1]:
        return _first(tower, biases[0], loss)
    if isinstance(loss, SquaredLoss) and there[-1] == tower.depth:
        return _centred(tower, biases, loss, unit_roundoff)
    raise _refusal(there[-1], tower.depth, loss)


def _first(tower: Tower, bias: Any, loss: Loss) -> Reduced:
    x = getattr(loss, "X", None)
    if not isinstance(x, ExactMatrix) or not is_dataclass(loss):
        raise Fault(
            None,
            f"the first layer has a bias, but the {loss.kind} loss has no data X",
            expected="a loss with data, to which a row of ones can be added",
        )
    first: Any = tower.layers[0]
    layers = (type(first).of_blocks([[first, bias]]), *tower.layers[1:])
    widened = ExactMatrix.of_blocks([[x], [_ones(1, x.cols)]])
    return Reduced(
        Tower.of(layers),
        replace(loss, X=widened),
        ("The first layer's bias is the last column of M_1, and X has a last row of ones.",),
    )


def _centred(
    tower: Tower, biases: Sequence[Matrix | None], loss: SquaredLoss, unit_roundoff: float
) -> Reduced:
    x, y = loss.X, loss.Y
    spread = _ones(1, x.cols)
    means = [Fraction(1, x.cols) * (m @ spread.T) for m in (x, y)]
    centred = replace(loss, X=x - means[0] @ spread, Y=y - means[1] @ spread)
    whole = "bias is" if sum(bias is not None for bias in biases) == 1 else "biases are"
    notes = [f"Under squared loss the {whole} minimised out exactly: X and Y are centred."]
    if tower.exact:
        missed: Any = _mean_residual(tower.layers, biases, means)
        best = bool(missed.is_zero())
    else:
        rounded = [_rounded(m, unit_roundoff) for m in tower.layers]
        shifts = [None if b is None else _rounded(b, unit_roundoff) for b in biases]
        missed = _mean_residual(rounded, shifts, [FloatMatrix.of_exact([m]) for m in means])
        best = bool(missed.is_zero().all())
        if best:
            notes.append(
                f"The mean residual, which the best last bias makes 0, is {_norm(missed):.3g}, "
                "within what rounding explains."
            )
    if best:
        free = sum(bias.rows for bias in biases[:-1] if bias is not None)
        more = f" and {free} more zero" if free else ""
        notes.append(
            f"The kind of point is that with the biases as parameters too; the Hessian then has "
            f"{y.rows} more positive{more} eigenvalues."
        )
        return Reduced(tower, centred, tuple(notes))
    notes.append(
        f"The given last bias is not the best one: it leaves the mean residual {_norm(missed):.3g}."
    )
    exact = [_exact(m) for m in tower.layers]
    others = [None if b is None else _exact(b) for b in (*biases[:-1], None)]
    at_zero = [ExactMatrix.zeros(x.rows, 1), ExactMatrix.zeros(y.rows, 1)]
    apart = y - _product(exact) @ x - _mean_residual(exact, others, at_zero) @ spread
    last: Any = biases[-1]
    return Reduced(tower, centred, tuple(notes), (last, SquaredLoss(spread, apart)))


def _mean_residual(layers: Sequence[Any], biases: Sequence[Any], means: Sequence[Any]) -> Any:
    """W x̄ + Σ_i M_k⋯M_{i+1} b_i − ȳ."""
    there = means[0]
    for layer, bias in zip(layers, biases, strict=True):
        there = layer @ there
        if bias is not None:
            there = there + bias
    return there - means[1]


def _product(layers: Sequence[ExactMatrix]) -> ExactMatrix:
    result = layers[0]
    for layer in layers[1:]:
        result = layer @ result
    return result


def _rounded(matrix: Any, unit_roundoff: float) -> FloatMatrix:
    """The floats, each known up to two units of roundoff of the largest: a rounding, and the few
    operations that made it."""
    radius = 2 * unit_roundoff * abs(matrix.value).max()
    return FloatMatrix.of(matrix.value, radius)


def _exact(matrix: Matrix) -> ExactMatrix:
    if isinstance(matrix, ExactMatrix):
        return matrix
    return ExactMatrix.of(matrix.value[0].tolist())


def _norm(column: Any) -> float:
    values = column.value[0] if isinstance(column, FloatMatrix) else column.entries()
    return float(sum(float(x) ** 2 for line in values for x in line) ** 0.5)


def _ones(rows: int, cols: int) -> ExactMatrix:
    return ExactMatrix.of([[1] * cols] * rows)


def _refusal(i: int, depth: int, loss: Loss) -> Fault:
    if i == depth:
        return Fault(
            None,
            f"the last of {depth} layers has a bias, which has no exact reduction under the "
            f"{loss.kind} loss",
            expected="squared loss, under which the best last bias is known and centring X and Y "
            "takes it out, or a bias in the first layer alone",
        )
    remedy = None
    if isinstance(loss, SquaredLoss):
        remedy = "If the last layer had a bias too, squared loss would allow to take all out."
    return Fault(
        None,
        f"layer {i} of {depth} has a bias: [M b; 0 1] in its place would be a layer whose last "
        "row is not free to move, and the results speak of layers that are",
        expected="a bias in the first layer alone",
        remedy=remedy,
    )
