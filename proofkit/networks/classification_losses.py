"""Losses of class scores: logistic counts per entry, and softmax cross-entropy per sample."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from proofkit.networks.elementwise import divide, entropy, evaluate, simplified, softplus
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.loss import rows_json
from proofkit.networks.matrices import AnyMatrix, ArrayMatrix, FloatMatrix
from proofkit.networks.scalars import sign
from proofkit.networks.sum_loss import ScoreLoss, SumLoss, scaled_gram

__all__ = ["LogisticLoss", "SoftmaxLoss"]


@dataclass(frozen=True)
class LogisticLoss(SumLoss):
    """f(W) = Σ p_rc·log(1 + e^{−w_rc}) + q_rc·log(1 + e^{w_rc}) with counts p and q, both m×n.

    With σ(w) = 1/(1 + e^{−w}): f′ = q·σ(w) − p·σ(−w) and f″ = (p + q)·σ(w)σ(−w), entrywise.
    Raises ``ValueError`` when the shapes differ or a count is negative.

    >>> loss = LogisticLoss(ExactMatrix.of([[1]]), ExactMatrix.of([[0]]))
    >>> loss.value(ExactMatrix.of([[0]])), loss.gradient(ExactMatrix.of([[0]]))
    (log(2), ExactMatrix([[-1/2]]))
    """

    positive: ExactMatrix
    negative: ExactMatrix
    kind: ClassVar[str] = "logistic"
    tables: ClassVar[tuple[str, ...]] = ("positive", "negative")

    def __post_init__(self) -> None:
        super().__post_init__()
        for counts in (self.positive, self.negative):
            for line in counts.entries():
                for x in line:
                    if sign(x) < 0:
                        raise ValueError(f"a count cannot be negative: {x}")

    def seen(self) -> list[tuple[int, int]]:
        """Where there are counts."""
        counts = self.positive + self.negative
        return [p for p in super().seen() if counts.entry(*p) != 0]

    def term(self, z: Any, p: Any, q: Any) -> Any:
        """p·log(1 + e^{−z}) + q·log(1 + e^z)."""
        return p * softplus(-z) + q * softplus(z)

    def slope(self, z: Any, p: Any, q: Any) -> Any:
        """qσ(z) − pσ(−z)."""
        return q * evaluate("logistic", z) - p * evaluate("logistic", -z)

    def bend(self, z: Any, p: Any, q: Any) -> Any:
        """(p + q)σ(z)σ(−z)."""
        return (p + q) * evaluate("logistic", z) * evaluate("logistic", -z)

    @property
    def analytic(self) -> bool:
        """It is."""
        return True

    @property
    def bend_has_one_peak(self) -> bool:
        """At 0."""
        return True

    @property
    def has_conjugate(self) -> bool:
        """Where every entry has counts."""
        counts = self.positive + self.negative
        return all(sign(x) > 0 for line in counts.entries() for x in line)

    def conjugate(self, s: Any, p: Any, q: Any) -> Any:
        """φ*(s) = c(π log π + (1 − π) log(1 − π)) with c = p + q and π = (s + p)/c in [0, 1]."""
        return (p + q) * (entropy((s + p) / (p + q)) + entropy((q - s) / (p + q)))


@dataclass(frozen=True)
class SoftmaxLoss(ScoreLoss):
    """f(W) = Σ_i log Σ_r e^{z_ri} − z_{y_i, i} with Z = WX: cross-entropy of m classes.

    X is n×N, ``labels`` holds the class y_i ∈ {0, …, m−1} of each column of X, and ``classes`` is
    m. With P the column-wise softmax of Z and Y the indicator matrix of the labels,
    f′ = (P − Y)Xᵀ and f″ = Σ_i (diag(p_i) − p_i p_iᵀ) ⊗ x_i x_iᵀ. Raises ``ValueError`` for a
    label out of range or a wrong number of labels.

    >>> loss = SoftmaxLoss(ExactMatrix.identity(1), (0,), 2)
    >>> W = ExactMatrix.zeros(2, 1)
    >>> loss.value(W), loss.gradient(W)
    (log(2), ExactMatrix([[-1/2], [1/2]]))
    """

    X: ExactMatrix
    labels: tuple[int, ...]
    classes: int
    kind: ClassVar[str] = "softmax"

    def __post_init__(self) -> None:
        object.__setattr__(self, "labels", tuple(self.labels))
        if len(self.labels) != self.X.cols:
            raise ValueError(f"X has {self.X.cols} columns but there are {len(self.labels)} labels")
        for label in self.labels:
            if not 0 <= label < self.classes:
                raise ValueError(f"label {label} is not one of 0 … {self.classes - 1}")

    @property
    def shape(self) -> tuple[int, int]:
        """(m, n)."""
        return self.classes, self.X.rows

    def to_json(self) -> dict[str, Any]:
        """``{"kind": "softmax", "X": …, "labels": …}``."""
        return {"kind": self.kind, "X": rows_json(self.X), "labels": list(self.labels)}

    @cached_property
    def Y(self) -> ExactMatrix:
        """The indicator matrix of the labels, m×N; batches may have any counts."""
        indicator = [[int(label == r) for label in self.labels] for r in range(self.classes)]
        return ExactMatrix.of(indicator, shape=(self.classes, self.X.cols))

    def seen(self) -> list[tuple[int, int]]:
        """All scores but those of the last class: the slopes of a sample add up to 0."""
        return [(r, c) for r, c in super().seen() if r < self.classes - 1]

    def score_slopes(self, product: AnyMatrix) -> Any:
        """P − Y, with P times the counts of each sample."""
        scores = self.scores(product)
        return self._counted(probabilities(scores)) - self.data("Y", scores)

    @property
    def analytic(self) -> bool:
        """It is."""
        return True

    @property
    def has_conjugate(self) -> bool:
        """It does."""
        return True

    @property
    def shifted(self) -> bool:
        """Scores matter by their differences."""
        return True

    def conjugate_sum(self, slopes: Any) -> Any:
        """g*(S) = Σ P log P over the columns of P = S + Y, given all rows of S but the last."""
        indicator = self.data("Y", slopes).block(range(slopes.rows), range(slopes.cols))
        chances = slopes + indicator
        last = _column_sums(chances).map(lambda x: entropy(1 - x))
        return chances.map(entropy).total() + last.total()

    def _counted(self, chances: Any) -> Any:
        """P times the number of labels of each sample, which is 1 but in batches."""
        if self._batch is None:
            return chances
        return chances.hadamard(_stacked(_column_sums(self.data("Y", chances)), chances.rows))

    def _value(self, product: Any) -> Any:
        scores = self.scores(product)
        labels = self.data("Y", product)
        if isinstance(scores, FloatMatrix | ArrayMatrix):
            # Any number may be taken out of a column; the largest keeps exp from overflowing.
            shift: Any = type(scores).of(scores.value.max(axis=-2, keepdims=True))
        else:
            # With the label's score, equal scores give log of an integer.
            shift = _column_sums(scores.hadamard(labels))
        scores = scores - _stacked(shift, scores.rows)
        sums = _column_sums(scores.map(_exponential))
        logs = sums.map(lambda x: evaluate("log", x))
        return labels.hadamard(_stacked(logs, scores.rows) - scores).total()

    def _second(self, product: Any, direction: Any) -> Any:
        chances = probabilities(self.scores(product))
        moved = self.scores(direction)
        means = _column_sums(chances.hadamard(moved))
        return self.back(self._counted(chances).hadamard(moved - _stacked(means, moved.rows)))

    def _hessian(self, product: Any) -> Any:
        x = self.data("X", product)
        p = probabilities(self.scores(product))
        counted = self._counted(p)
        rows = [p.block([r], range(p.cols)) for r in range(p.rows)]
        weighted = [counted.block([r], range(p.cols)) for r in range(p.rows)]

        def block(r: int, s: int) -> Any:
            both = weighted[r].hadamard(rows[s])
            return scaled_gram(x, weighted[r] - both if r == s else -1 * both)

        places = range(p.rows)
        return type(p).of_blocks([[block(r, s) for s in places] for r in places])


def probabilities(scores: Any) -> Any:
    """The column-wise softmax.

    >>> probabilities(ExactMatrix.zeros(2, 1))
    ExactMatrix([[1/2], [1/2]])
    """
    if isinstance(scores, FloatMatrix | ArrayMatrix):
        top: Any = type(scores).of(scores.value.max(axis=-2, keepdims=True))
        exponentials = (scores - _stacked(top, scores.rows)).map(_exponential)
        sums = _stacked(_column_sums(exponentials), scores.rows)
        return exponentials.map(lambda e, total: e / total, sums)
    columns = [
        [divide(1, simplified(sum(_exponential(z - y) for z in column))) for y in column]
        for column in scores.T.entries()
    ]
    return scores.assembled([list(line) for line in zip(*columns, strict=True)])


def _stacked(row: Any, count: int) -> Any:
    """A row, so many times below each other."""
    return type(row).of_blocks([[row]] * count)


def _column_sums(matrix: Any) -> Any:
    """A row of the sums of the columns."""
    return matrix.converted(ExactMatrix.of([[1] * matrix.rows])) @ matrix


def _exponential(z: Any) -> Any:
    return evaluate("exp", simplified(z))
