"""Losses that measure how far the scores are from targets: squares, Huber, |·|, Poisson."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from proofkit.networks.elementwise import FUNCTIONS, clip, entropy, evaluate, inside, where
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.loss import Convexity
from proofkit.networks.scalars import Number, exact, sign
from proofkit.networks.sum_loss import SumLoss

__all__ = [
    "AbsoluteLoss",
    "HuberLoss",
    "MaskedSquaredLoss",
    "PoissonLoss",
    "SquaredLoss",
    "Squares",
    "WeightedSquaredLoss",
]


class Squares(SumLoss):
    """f(W) = Σ a(z − t)² with targets t and weights a, which are 1 where no table holds them."""

    tables: ClassVar[tuple[str, ...]] = ("Y",)
    """t and, if there are any, a."""

    @property
    def quadratic(self) -> bool:
        """It is."""
        return True

    def term(self, z: Any, t: Any, a: Any = 1) -> Any:
        """a(z − t)²."""
        return a * ((z - t) * (z - t))

    def slope(self, z: Any, t: Any, a: Any = 1) -> Any:
        """2a(z − t)."""
        return 2 * a * (z - t)

    def bend(self, z: Any, t: Any, a: Any = 1) -> Any:
        """2a."""
        return 2 * a + 0 * z

    @property
    def has_conjugate(self) -> bool:
        """Where all weights are positive."""
        weights = [getattr(self, name) for name in self.tables[1:]]
        return all(sign(x) > 0 for a in weights for line in a.entries() for x in line)

    def conjugate(self, s: Any, t: Any, a: Any = 1) -> Any:
        """φ*(s) = s²/4a + st."""
        return s * s / (4 * a) + s * t

    def seen(self) -> list[tuple[int, int]]:
        """Where the weights are not 0."""
        weights = [getattr(self, name) for name in self.tables[1:]]
        return [p for p in super().seen() if all(a.entry(*p) != 0 for a in weights)]

    def _away(self, product: Any) -> Any:
        """z − t."""
        scores = self.scores(product)
        return scores - self.data(self.tables[0], scores)

    def _weighted(self, scores: Any) -> Any:
        for name in self.tables[1:]:
            scores = scores.hadamard(self.data(name, scores))
        return scores

    # The same as in the base class, in products of matrices and not entry by entry.

    def _value(self, product: Any) -> Any:
        away = self._away(product)
        weights = [self.data(name, away) for name in self.tables[1:]]
        return weights[0].inner(away.hadamard(away)) if weights else away.inner(away)

    def _gradient(self, product: Any) -> Any:
        half = self.back(self._weighted(self._away(product)))
        return half + half

    def _second(self, product: Any, direction: Any) -> Any:
        return 2 * self.back(self._weighted(self.scores(direction)))

    def _hessian(self, product: Any) -> Any:
        if self._batch is not None:
            return super()._hessian(product)
        return self.data("_constant", product)

    @cached_property
    def _constant(self) -> ExactMatrix:
        """f″, the same everywhere."""
        constant: ExactMatrix = super()._hessian(ExactMatrix.zeros(*self.shape))
        return constant


@dataclass(frozen=True)
class SquaredLoss(Squares):
    """f(W) = ‖WX − Y‖², the squared Frobenius norm, with X n×N and Y m×N.

    f′ = 2(WX − Y)Xᵀ and f″ = I_m ⊗ 2XXᵀ. Raises ``ValueError`` when X and Y differ in columns.

    >>> loss = SquaredLoss(ExactMatrix.identity(1), ExactMatrix.of([[3]]))
    >>> W = ExactMatrix.of([[1]])
    >>> loss.value(W), loss.gradient(W)
    (Fraction(4, 1), ExactMatrix([[-4]]))
    """

    X: ExactMatrix
    Y: ExactMatrix
    kind: ClassVar[str] = "squared"

    @cached_property
    def gram(self) -> ExactMatrix:
        """2XXᵀ."""
        return 2 * (self.X @ self.X.T)

    def plain_squares(self) -> tuple[ExactMatrix, ExactMatrix] | None:
        """(X, Y)."""
        return self.X, self.Y

    def minimiser(self, product: ExactMatrix) -> ExactMatrix | None:
        """YX⁺ + W(I − XX⁺)."""
        inverse = self.X.pseudo_inverse()
        rest = ExactMatrix.identity(self.X.rows) - self.X @ inverse
        return self.Y @ inverse + product @ rest

    def _second(self, product: Any, direction: Any) -> Any:
        return direction @ self.data("gram", direction)

    @cached_property
    def _constant(self) -> ExactMatrix:
        return ExactMatrix.identity(self.Y.rows).kron(self.gram)


@dataclass(frozen=True)
class WeightedSquaredLoss(Squares):
    """f(W) = Σ a_rc (w_rc − t_rc)² with ``target`` t and ``weights`` a, both m×n.

    Convex when no weight is negative. Raises ``ValueError`` when the shapes differ.

    >>> loss = WeightedSquaredLoss(ExactMatrix.of([[2, 0]]), ExactMatrix.of([[1, 3]]))
    >>> loss.value(ExactMatrix.of([[0, 1]]))
    Fraction(7, 1)
    """

    target: ExactMatrix
    weights: ExactMatrix
    kind: ClassVar[str] = "weighted-squared"
    tables: ClassVar[tuple[str, ...]] = ("target", "weights")

    @cached_property
    def convexity(self) -> Convexity:
        """Convex if and only if every weight is ≥ 0."""
        signs = [sign(x) for line in self.weights.entries() for x in line]
        return "not convex" if -1 in signs else "convex"

    def plain_squares(self) -> tuple[ExactMatrix, ExactMatrix] | None:
        """(I, t) where all weights are one positive number."""
        weights = [x for line in self.weights.entries() for x in line]
        if sign(weights[0]) > 0 and all(x == weights[0] for x in weights):
            return ExactMatrix.identity(self.shape[1]), self.target
        return None

    def minimiser(self, product: ExactMatrix) -> ExactMatrix | None:
        """t, where all weights are positive."""
        return self.target if self.has_conjugate else None


@dataclass(frozen=True)
class HuberLoss(SumLoss):
    """f(W) = Σ h((WX − Y)_ij) with h(r) = r²/2 for |r| ≤ δ and δ(|r| − δ/2) beyond.

    With c = r held between −δ and δ: h(r) = c(r − c/2) and h′(r) = c. The second derivative is 1
    inside, 0 outside and does not exist at |r| = δ, where ``hessian`` raises ``LossError``.
    Source: P. Huber, "Robust estimation of a location parameter", Ann. Math. Stat. 35, 1964.
    Raises ``ValueError`` when δ ≤ 0 or X and Y differ in columns.

    >>> loss = HuberLoss(ExactMatrix.identity(1), ExactMatrix.of([[0]]), 1)
    >>> [loss.value(ExactMatrix.of([[w]])) for w in (1, 3)]
    [Fraction(1, 2), Fraction(5, 2)]
    """

    X: ExactMatrix
    Y: ExactMatrix
    delta: Number
    kind: ClassVar[str] = "huber"
    tables: ClassVar[tuple[str, ...]] = ("Y",)
    numbers: ClassVar[tuple[str, ...]] = ("delta",)

    def __post_init__(self) -> None:
        super().__post_init__()
        if sign(self.delta) <= 0:
            raise ValueError(f"delta must be positive, not {self.delta}")
        object.__setattr__(self, "delta", exact(self.delta))

    def term(self, z: Any, y: Any, delta: Any) -> Any:
        """h(z − y)."""
        c = clip(z - y, delta)
        return c * (z - y - c / 2)

    def slope(self, z: Any, y: Any, delta: Any) -> Any:
        """h′(z − y)."""
        return clip(z - y, delta)

    def bend(self, z: Any, y: Any, delta: Any) -> Any:
        """h″(z − y)."""
        return inside(z - y, delta)

    @property
    def rational(self) -> bool:
        """Each piece is quadratic."""
        return True

    @property
    def has_conjugate(self) -> bool:
        """It does."""
        return True

    def conjugate(self, s: Any, y: Any, delta: Any) -> Any:
        """φ*(s) = s²/2 + sy where |s| ≤ δ."""
        return where(abs(s) <= delta, s * s / 2 + s * y)


@dataclass(frozen=True)
class MaskedSquaredLoss(Squares):
    """f(W) = Σ k(z − y)² over the entries of Z = WX, or of W without X, that the mask k keeps.

    The mask consists of 0 and 1: what has no target is left out. This is matrix completion.
    Raises ``ValueError`` for another mask and for shapes that do not fit.

    >>> loss = MaskedSquaredLoss(ExactMatrix.of([[3, 7]]), ExactMatrix.of([[1, 0]]))
    >>> loss.value(ExactMatrix.of([[1, 1]])), loss.gradient(ExactMatrix.of([[1, 1]]))
    (Fraction(4, 1), ExactMatrix([[-4, 0]]))
    """

    Y: ExactMatrix
    mask: ExactMatrix
    X: ExactMatrix | None = None
    kind: ClassVar[str] = "masked-squared"
    tables: ClassVar[tuple[str, ...]] = ("Y", "mask")

    def __post_init__(self) -> None:
        super().__post_init__()
        if any(x not in (0, 1) for line in self.mask.entries() for x in line):
            raise ValueError("a mask consists of 0 and 1")

    def minimiser(self, product: ExactMatrix) -> ExactMatrix | None:
        """Y where the mask keeps W, else W."""
        return None if self.X else product + self.mask.hadamard(self.Y - product)


@dataclass(frozen=True)
class AbsoluteLoss(SumLoss):
    """f(W) = Σ |z − y| over the entries of Z = WX, or of W without X.

    Where a residual is 0 there is no derivative, and ``gradient`` raises ``LossError``. Raises
    ``ValueError`` when X and Y differ in columns.

    >>> loss = AbsoluteLoss(ExactMatrix.of([[3, -1]]))
    >>> loss.value(ExactMatrix.zeros(1, 2)), loss.gradient(ExactMatrix.zeros(1, 2))
    (Fraction(4, 1), ExactMatrix([[-1, 1]]))
    """

    Y: ExactMatrix
    X: ExactMatrix | None = None
    kind: ClassVar[str] = "absolute"
    tables: ClassVar[tuple[str, ...]] = ("Y",)

    @property
    def differentiable(self) -> bool:
        """It has corners."""
        return False

    def term(self, z: Any, y: Any) -> Any:
        """|z − y|."""
        return evaluate("abs", z - y)

    def slope(self, z: Any, y: Any) -> Any:
        """The sign of z − y."""
        return FUNCTIONS["abs"].first(z - y, None)

    def bend(self, z: Any, y: Any) -> Any:
        """0."""
        return FUNCTIONS["abs"].second(z - y, None)

    @property
    def rational(self) -> bool:
        """Each piece is linear."""
        return True

    @property
    def has_conjugate(self) -> bool:
        """It does."""
        return True

    def conjugate(self, s: Any, y: Any) -> Any:
        """φ*(s) = sy where |s| ≤ 1."""
        return where(abs(s) <= 1, s * y)


@dataclass(frozen=True)
class PoissonLoss(SumLoss):
    """f(W) = Σ e^z − yz over the entries of Z = WX, or of W without X, for counts y.

    This is −log of the likelihood of counts with the mean e^z, but for a constant. Source:
    P. McCullagh and J. Nelder, *Generalized Linear Models*, 2nd ed., 1989, ch. 6. Raises
    ``ValueError`` for a negative count or when X and Y differ in columns.

    >>> loss = PoissonLoss(ExactMatrix.of([[3]]))
    >>> loss.value(ExactMatrix.zeros(1, 1)), loss.gradient(ExactMatrix.zeros(1, 1))
    (Fraction(1, 1), ExactMatrix([[-2]]))
    """

    Y: ExactMatrix
    X: ExactMatrix | None = None
    kind: ClassVar[str] = "poisson"
    tables: ClassVar[tuple[str, ...]] = ("Y",)

    def __post_init__(self) -> None:
        super().__post_init__()
        if any(sign(x) < 0 for line in self.Y.entries() for x in line):
            raise ValueError("a count cannot be negative")

    def term(self, z: Any, y: Any) -> Any:
        """e^z − yz."""
        return evaluate("exp", z) - y * z

    def slope(self, z: Any, y: Any) -> Any:
        """e^z − y."""
        return evaluate("exp", z) - y

    def bend(self, z: Any, y: Any) -> Any:
        """e^z."""
        return evaluate("exp", z)

    @property
    def analytic(self) -> bool:
        """It is."""
        return True

    @property
    def bend_has_one_peak(self) -> bool:
        """It only rises."""
        return True

    @property
    def has_conjugate(self) -> bool:
        """It does."""
        return True

    def conjugate(self, s: Any, y: Any) -> Any:
        """φ*(s) = (s + y)(log(s + y) − 1) where s + y ≥ 0."""
        return entropy(s + y) - (s + y)
