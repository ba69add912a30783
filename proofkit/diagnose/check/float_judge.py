"""What floats show of a point, recomputed from the data alone; no search takes part.

The diagnosis and ``recheck`` both come here. The verdict is that of the critical points within the
tolerance τ of the network: all networks with entries within τ·max|M_i| of those of M_i, its
*surroundings* (:mod:`proofkit.diagnose.check.surroundings`). By default τ is a few units of
roundoff of the format that the layers were stored in. Each step bounds, by running error analysis,
what it computes over all of the surroundings at once:

1. An entry of the gradient that is certainly not 0: nothing around is critical. Where all that
   follows is open, derivatives along scalings of the product are looked at too
   (:mod:`proofkit.diagnose.check.scalings`).
2. Where chains of full ranks lead from every change of W to a layer, f′ = 0 at every critical
   point around. Elsewhere the ranks of A and B are counted.
3. Full ranks: the second derivative along the matrices of rank d decides
   (:mod:`proofkit.diagnose.check.forms`). By Weyl's theorem an eigenvalue below −(its bound)
   makes every critical point around a strict saddle. With all eigenvalues above the bound, a
   gradient of norm γ and least eigenvalue μ there is exactly one critical orbit within 2γ/μ of
   the product, and it consists of local minima: L_2 is strongly convex on a slice (the second
   derivative is enclosed over as large a ball).
4. Low ranks and f′ ≠ 0: no local minimum, by Theorem 3 or Lemma 1. An eigenvalue below the bound
   makes it strict; when all of what is not positive lies within a bound that is small, it is 0 as
   far as floats tell, and the saddle is not strict.

What the bounds do not decide is said to be undecided, with what would decide it.

Cost with P parameters: O(P³) for an inertia, up to 6,000 parameters; beyond that only products
with the Hessian, and no inertia is given.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from proofkit.diagnose.check import convexity
from proofkit.diagnose.check.certificate import Json
from proofkit.diagnose.check.corners import corner_of, sharp
from proofkit.diagnose.check.float_point import FloatPoint
from proofkit.diagnose.check.float_ranks import ranks_of
from proofkit.diagnose.check.floors import floor_of, reaches_floor
from proofkit.diagnose.check.forms import Form, curvature, layered, tangent, whole
from proofkit.diagnose.check.newton import is_small, lowest_direction, newton_step, norm_of
from proofkit.diagnose.check.scalings import is_excluded
from proofkit.diagnose.check.spectra import forces_zero_slope, is_best, tie_nullity
from proofkit.diagnose.check.surroundings import Surroundings, spread
from proofkit.diagnose.check.verdicts import named
from proofkit.networks.array_matrix import Array
from proofkit.networks.elementwise import LossError
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.losses import HuberLoss
from proofkit.networks.network import Network, Tower

__all__ = [
    "Judged",
    "Outcome",
    "judge",
]

DENSE_PARAMETERS = 6000
_ROUNDINGS = (16, 4, 2)
"""Units of roundoff that an entry may be off, tried in this order until a verdict is decided: a
float's own rounding, and some operations before it."""
_SMALL = 2.0**-7
"""A bound that is small beside the form: an eigenvalue within it counts as 0."""

_KNOWN = 2.0**-14
"""A share of the product: what is known better is seen to be 0 or not."""

Outcome = Literal[
    "not-differentiable",
    "not-finite",
    "saturated",
    "moving",
    "stationary",
    "least",
    "ranks-undecided",
    "negative",
    "unclear",
    "deficient",
    "no-hessian",
    "squared",
    "degenerate",
    "local",
]
"""What the numbers show; the verdict follows with what a search adds."""

_OPEN = {"saturated", "ranks-undecided", "unclear", "degenerate"}
"""Outcomes that a smaller tolerance may decide."""


@dataclass
class Judged:
    """What floats show, before a verdict is made of it."""

    outcome: Outcome
    why: list[str]
    residuals: dict[str, float] = field(default_factory=dict)
    ranks: list[Json] | None = None
    counted: tuple[int, int, int] | None = None
    theorem: str | None = None
    direction: Array | None = None


def judge(
    network: Network,
    start: FloatPoint,
    point: FloatPoint,
    tolerance: float | None = None,
    seed: int = 0,
    direction: Array | None = None,
    near_zero: bool = False,
) -> Judged:
    """Judge a float network M (``start``); ``point`` is Newton's critical point beside it.

    Args:
        network: the network.
        start: its layers as arrays.
        point: M*, of which only distances are told.
        tolerance: τ; by default the largest of a few units of roundoff, of the format that the
            layers were stored in, that decides.
        seed: of the samples that may refute convexity.
        direction: the unit vector of least curvature, if it is known; else it is computed where it
            is needed.
        near_zero: see :class:`~proofkit.diagnose.check.surroundings.Surroundings`.

    >>> from proofkit.networks.exact import ExactMatrix
    >>> from proofkit.networks.losses import SquaredLoss
    >>> one = ExactMatrix.identity(1)
    >>> loss, layers = SquaredLoss(one, 3 * one), [np.array([[0.1]]), np.array([[30.0]])]
    >>> here = FloatPoint([layers], loss)
    >>> network = Network.single("", [FloatMatrix.of(m) for m in layers], loss)
    >>> judge(network, here, here).outcome
    'stationary'
    """
    if tolerance is not None:
        return _judged(network, start, point, tolerance, seed, direction, near_zero)
    first: Judged | None = None
    for roundings in _ROUNDINGS:
        tau = roundings * network.unit_roundoff
        judged = _judged(network, start, point, tau, seed, direction)
        first = first or judged
        if judged.outcome not in _OPEN:
            # Where nothing is critical within a smaller radius, the larger one stays undecided.
            return first if judged.outcome == "moving" else judged
    return first or judged


def _judged(
    network: Network,
    start: FloatPoint,
    point: FloatPoint,
    tau: float,
    seed: int,
    direction: Array | None,
    near_zero: bool = False,
) -> Judged:
    """Judge by the surroundings that τ makes."""
    try:
        here = Surroundings(start.towers, network.loss, tau, near_zero)
        gradients = [g for own in here.gradients for g in own]
    except LossError as fault:
        return _cornered(network, start, tau, fault)
    if not all(np.isfinite(g.value).all() and np.isfinite(g.error).all() for g in gradients):
        return Judged("not-finite", ["A product or the loss overflows: floats say nothing of it."])
    residuals = {
        "tolerance": tau,
        "gradient": norm_of(start.gradient),
        "gradient_at_critical_point": norm_of(point.gradient),
        "distance": norm_of(point.vector - start.vector),
        "newton_step": norm_of(newton_step(point)),
        "rounding": float(np.linalg.norm([spread(g) for g in gradients])),
    }
    view = _View(network, start, here, residuals, tau, seed, direction)
    if not all(g.is_zero().all() for g in gradients):
        return view.moving()
    judged = view.critical()
    return view.moving() if judged.outcome in _OPEN and is_excluded(here) else judged


@dataclass
class _View:
    """A network with its surroundings, on the way to a verdict."""

    network: Network
    start: FloatPoint
    here: Surroundings
    residuals: dict[str, float]
    tau: float
    seed: int
    direction: Array | None
    ranks: list[Json] | None = None
    theorem: str | None = None

    def said(
        self, outcome: Outcome, *why: str, counted: tuple[int, int, int] | None = None
    ) -> Judged:
        return Judged(outcome, [*why], self.residuals, self.ranks, counted, self.theorem)

    def moving(self) -> Judged:
        """Some derivative is certainly not 0."""
        gradient = self.start.gradient
        place = int(np.argmax(np.abs(gradient)))
        why = (
            f"The largest derivative is {gradient[place]:.3g}, in parameter {place + 1}; no change "
            f"of the entries by {self.tau:.2g} of their layer's largest makes all derivatives 0."
        )
        counted = None
        if is_small(self.start):
            form = layered(self.here, turned=False)
            if form is not None:
                counted = form.signs()[0]
                counted = self._of_all(counted)
        return self.said("moving", why, counted=counted)

    def critical(self) -> Judged:
        """No derivative is certainly not 0."""
        here = self.here
        if any(
            above.rank()[0] == above.rows and below.rank()[0] == below.cols
            for own in here.sides
            for above, below in own
        ):
            return self._everywhere()
        ranks, decided = ranks_of(
            self.network, self.start, [[self.tau * r for r in own] for own in here.radii()]
        )
        A, B = self._halves([r["bottleneck"] for r in ranks])
        width = sum(r["d"] for r in ranks)
        if A.rank()[0] == width == B.rank()[0]:
            self.ranks = ranks
            return self._full(width)
        if not decided:
            if self._reaches_attained_floor():
                return self._least()
            return self.said(
                "ranks-undecided",
                "The ranks of A or B cannot be decided in floats: a singular value is as small as "
                f"changes of the entries by {self.tau:.2g} are large.",
            )
        self.ranks = ranks
        return self._deficient()

    def _reaches_attained_floor(self) -> bool:
        """Whether f is at its bound within rounding, and grows so that it attains its infimum.

        A continuous function that grows in all directions attains its infimum over the matrices
        of bounded rank, a closed set; where it does not grow, the bound may be reached at infinity
        only, and rounding would not show the difference.
        """
        if not (self.here.lens.grows or isinstance(self.here.loss, HuberLoss)):
            return False
        return self._reaches_floor()

    def _reaches_floor(self) -> bool:
        """Whether every term of f is at its bound within errors that are small themselves.

        A large error would hide another kind of point: under squared loss the values of f at
        critical points are known apart, elsewhere the product must be known to four digits.
        """
        here = self.here
        if not reaches_floor(here.loss, self._product()):
            return False
        if here.loss.plain_squares() is not None:
            return forces_zero_slope(here, rounded=True)
        return spread(here.seen) <= _KNOWN * float(np.linalg.norm(here.seen.value[0], 2))

    def _product(self) -> FloatMatrix:
        product, power = self.here.product, self.here.power
        return FloatMatrix.of(np.ldexp(product.value[0], power), np.ldexp(product.error[0], power))

    def _halves(self, cuts: Sequence[int]) -> tuple[FloatMatrix, FloatMatrix]:
        """(A, B) of the stack, as the loss sees them."""
        above, below = [], []
        for own, sides, j in zip(self.here.towers, self.here.sides, cuts, strict=True):
            if j == 0:
                above.append(sides[0][0] @ own[0])
                below.append(FloatMatrix.identity(own[0].cols))
            else:
                above.append(sides[j - 1][0])
                below.append(own[j - 1] @ sides[j - 1][1])
        return FloatMatrix.of_blocks([above]), FloatMatrix.of_blocks([[b] for b in below])

    def _everywhere(self) -> Judged:
        """Every W nearby is a product of layers nearby, so f′ = 0 where the layers are critical."""
        here, loss = self.here, self.here.loss
        if not here.slope.is_zero().all():
            return self.moving()
        finding = convexity.examine(loss, self.seed)
        try:
            form = whole(here)
        except LossError:
            form = None
        counted = None
        if form is not None and len(form.matrix) <= DENSE_PARAMETERS:
            counts, _ = form.signs()
            counted = self._of_all(counts) if not counts[1] or here.lens.quadratic else None
        words = "Chains of full rank carry f′ into a layer's derivative: it is 0 where that is."
        if finding.usable:
            convex = "f is convex: a global minimum of f itself."
            if finding.status == "assumed":
                convex = "IF f is convex, as only the file says, this is a global minimum of f."
            # These losses attain their infimum.
            if here.lens.quadratic or here.lens.grows or isinstance(loss, HuberLoss):
                return self.said("stationary", words, convex, counted=counted)
            if self._isolated(whole):
                return self.said("stationary", words, convex, counted=counted)
            return self.said(
                "saturated",
                "f′ is 0 within rounding, but f″ is too small to show a point nearby where f′ = 0: "
                "f may be flat here, or sink towards an infimum that no network attains.",
                counted=counted,
            )
        if form is None:
            return self._no_second()
        (_, zero, negative), _ = form.signs()
        if negative:
            return self._negative(form, counted)
        if zero == 0 and self._isolated(whole):
            if self._reaches_floor():
                return self._least(counted)
            return self.said(
                "local",
                words,
                "f″ is positive definite: a strict local minimum of f.",
                counted=counted,
            )
        return self._unclear(f"f is not known to be convex ({finding.why}), and f″ is degenerate")

    def _full(self, width: int) -> Judged:
        """rank A = rank B = d: the matrices of rank d around the product decide."""
        here, loss = self.here, self.here.loss
        squared = loss.plain_squares() is not None
        size = width * (sum(here.seen.shape) - width)
        if size > DENSE_PARAMETERS:
            return self._without_inertia()
        try:
            form = tangent(here, width)
        except LossError:
            return self._no_second()
        if form is None:
            return self._unclear("the product's singular values are too uncertain")
        counts, tolerance = form.signs()
        self.residuals["hessian_tolerance"] = tolerance
        _, zero, negative = counts
        if negative:
            self.theorem = "corollary-1" if squared else None
            return self._negative(form, None if zero else self._of_all(counts))
        counted = self._of_all(counts)
        if self._reaches_attained_floor():
            return self._least(None if zero else counted)
        explained = tie_nullity(loss, width) if squared and zero else 0
        if zero and zero != explained:
            why = (
                f"Along the matrices of rank {width} the second derivative has {zero} "
                "eigenvalue(s) within its bound of 0, and no symmetry of the loss explains them: "
                "it does not decide. Exact entries, or a lower tolerance, would."
            )
            return self.said("degenerate", why)
        isolated = is_best(here, width) or self._isolated(lambda own, by: tangent(own, width, by))
        if not zero and not isolated:
            return self._unclear("the gradient is too large beside the least curvature")
        if not squared and self._reaches_floor():
            return self._least(counted)
        if squared:
            self.theorem = "corollary-1"
            why = "Full ranks, no negative curvature and squared loss: a local minimum is global."
            if zero:
                why += f" The zero eigenvalues, {zero}, are those of ties among the eigenvalues."
            return self.said("squared", why, counted=counted)
        if len(self.network.towers) > 1:
            self.theorem = "corollary-2"
        elif self.network.towers[0].depth > 2:
            self.theorem = "theorem-1"
        why = (
            f"Along the matrices of rank {width} the second derivative is positive definite: a "
            "local minimum, whose only zero directions are those of the symmetries."
        )
        return self.said("local", why, counted=counted)

    def _deficient(self) -> Judged:
        """Some half has a rank below d."""
        here, loss = self.here, self.here.loss
        if here.slope.is_zero().all():
            if self._reaches_attained_floor():
                return self._least()
            if convexity.examine(loss, self.seed).usable and forces_zero_slope(here):
                return self.said(
                    "stationary",
                    "f′ is smaller than any nonzero one at a critical point of this loss can be, "
                    "so it is 0, and f is convex: a global minimum of f itself.",
                )
            return self._unclear(
                "f′ is 0 within rounding, and with low ranks nothing says that it is 0; where it "
                "is not, these are saddles"
            )
        self.theorem = _forbidding(self.network, self.ranks or [])
        said = f"f′ ≠ 0 and a half of the network has a rank below d: by {named(self.theorem)} no "
        said += "local minimum."
        if len(self.start.gradient) > DENSE_PARAMETERS:
            return self._without_inertia()
        try:
            form = layered(here)
        except LossError:
            form = None
        if form is None:
            return self.said("no-hessian", said, "Without a second derivative that is all.")
        counts, tolerance = form.signs()
        self.residuals["hessian_tolerance"] = tolerance
        if counts[2]:
            return self._negative(form, self._of_all(counts))
        # Negative curvature of low ranks is f′ between chains, which in these bases are about 1.
        if tolerance > _SMALL * float(np.linalg.norm(here.slope.value[0], 2)):
            return self.said(
                "unclear",
                said,
                "The bound of the Hessian's error is too large to tell whether an eigenvalue is "
                "negative: strict or not, only more digits or exact entries would say.",
            )
        return self.said(
            "deficient",
            said,
            f"No eigenvalue of the Hessian is below −{tolerance:.2g}, the bound of its error.",
            counted=self._of_all(counts),
        )

    def _isolated(self, make: Callable[[Surroundings, float], Form | None]) -> bool:
        """Whether the loss is strongly convex as far around as its gradient needs to vanish.

        Around some network: any of the surroundings, or the one that is stored.
        """
        stored = Surroundings(self.start.towers, self.network.loss, 0.0)
        return any(self._converges(here, make) for here in (self.here, stored))

    def _converges(
        self,
        here: Surroundings,
        make: Callable[[Surroundings, float], Form | None],
    ) -> bool:
        form = make(here, 0.0)
        if form is None:
            return False
        least = form.least()
        if least <= 0:
            return False
        by = 2 * form.gradient / least
        try:
            wider = make(here, by)
        except LossError:
            return False
        # A step of γ/μ moves the product by less than 1.3·γ/μ.
        return wider is not None and wider.least() >= 0.65 * least

    def _negative(self, form: Form, counted: tuple[int, int, int] | None) -> Judged:
        negative = form.signs()[0][2]
        why = (
            f"The second derivative has {negative} eigenvalue(s) below −{form.error:.2g}, the "
            "bound of its error: negative at every critical point around."
        )
        judged = self.said("negative", why, counted=counted)
        judged.direction = (
            lowest_direction(self.start) if self.direction is None else self.direction
        )
        return judged

    def _least(self, counted: tuple[int, int, int] | None = None) -> Judged:
        floor = floor_of(self.here.loss)
        why = (
            f"The loss is {floor} within rounding, term by term, and by the way it is written it "
            "is nowhere below: a global minimum."
        )
        return self.said("least", why, counted=counted)

    def _unclear(self, reason: str) -> Judged:
        return self.said(
            "unclear",
            f"Not decided: {reason}. A lower --tolerance decides more where the entries are known "
            "better; exact entries always do.",
        )

    def _no_second(self) -> Judged:
        return self.said("unclear", "The loss has no second derivative everywhere around.")

    def _of_all(self, counts: tuple[int, int, int]) -> tuple[int, int, int]:
        """The inertia of the Hessian in all layers, from that of a form with its signs."""
        positive, _, negative = counts
        return positive, len(self.start.gradient) - positive - negative, negative

    def _without_inertia(self) -> Judged:
        """Too many parameters for all eigenvalues: the lowest one alone, by Lanczos' method."""
        x = lowest_direction(self.start) if self.direction is None else self.direction
        bent, error = curvature(self.here, self.start.at(x).towers)
        self.residuals["curvature"], self.residuals["curvature_tolerance"] = bent, error
        if bent < -error:
            why = (
                f"Along one direction the second derivative is {bent:.3g}, more than the "
                f"bound of its error, {error:.2g}."
            )
            judged = self.said("negative", why)
        else:
            why = (
                f"The Hessian of {len(self.start.gradient):,} parameters was not decomposed (at "
                f"most {DENSE_PARAMETERS:,}), and Lanczos' method saw no negative curvature."
            )
            judged = self.said("no-hessian", why)
        judged.direction = x
        return judged


def _cornered(network: Network, start: FloatPoint, tau: float, fault: LossError) -> Judged:
    """The loss has no derivative somewhere around."""
    layers = [
        [FloatMatrix.of(m, tau * float(np.abs(m).max(initial=0.0))) for m in own]
        for own in start.towers
    ]
    towers = tuple(Tower(t.dims, tuple(own)) for t, own in zip(network.towers, layers, strict=True))
    product: Any = Network("", towers, network.loss).product()
    try:
        corner = corner_of(network.loss, product)
        known = spread(product) <= _KNOWN * float(np.linalg.norm(product.value[0], 2))
        if corner is not None and sharp(corner) and known and reaches_floor(network.loss, product):
            floor = floor_of(network.loss)
            why = (
                f"The loss is {floor} within rounding, term by term, and by the way it is written "
                "it is nowhere below: a global minimum, with or without derivatives."
            )
            return Judged("least", [why])
    except LossError:
        corner = None
    if corner is not None and sharp(corner) and convexity.examine(network.loss).status == "proved":
        words = "f is convex and has a corner here, with 0 in the interior of its subdifferential."
        return Judged("least", [words + " A global minimum of f itself."])
    words = f"The loss has no derivative here ({fault}); the paper's results need one."
    return Judged("not-differentiable", [words])


def _forbidding(network: Network, ranks: list[Json]) -> str:
    """The result by which a rank-deficient critical point with f′ ≠ 0 is no local minimum."""
    if len(ranks) > 1:
        return "corollary-2"
    return "theorem-3" if sum(r["d"] for r in ranks) >= min(network.shape) else "lemma-1"
