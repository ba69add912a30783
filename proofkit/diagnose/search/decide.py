"""The decision for an exact point: which verdict, on what evidence, by which result.

The order of the questions follows the paper. Nothing is concluded from floats: what the searches
propose is proved before it counts, and what cannot be decided is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from proofkit.diagnose.check import convexity
from proofkit.diagnose.check.certificate import (
    Json,
    lower_json,
    matrix_json,
    number_json,
    path_json,
)
from proofkit.diagnose.check.corners import corner_of, multipliers_of
from proofkit.diagnose.check.floors import floor_of, reaches_floor
from proofkit.diagnose.check.global_holds import in_words, kind_of
from proofkit.diagnose.check.hessian import inertia_at, two_layer_hessian
from proofkit.diagnose.check.inertia import Inertia, exact_inertia
from proofkit.diagnose.check.invariance import tangent
from proofkit.diagnose.check.lagrangian import multipliers
from proofkit.diagnose.check.point import Point, lifting_result
from proofkit.diagnose.check.rationals import balls, is_rational
from proofkit.diagnose.check.squared import comparison
from proofkit.diagnose.check.verdicts import Verdict, named, power
from proofkit.diagnose.search.covering_search import Lower
from proofkit.diagnose.search.directions import descent_step, negative_curvature
from proofkit.diagnose.search.escape import escape
from proofkit.diagnose.search.global_proofs import answered, propose_global
from proofkit.diagnose.search.higher import higher_order
from proofkit.diagnose.search.lower import lower_point
from proofkit.networks.elementwise import LossError
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.scalars import Undecidable

__all__ = ["Decision", "decide"]

_BITS = 256
_FIRST_ORDER_PARAMETERS = 1200
"""Beyond this many parameters the exact Hessian is not computed."""


_FEW = 12
_SHOWN_PARAMETERS = 300
"""Up to here the inertia is given at points that are not critical, too."""


@dataclass
class Decision:
    """A verdict with its evidence; ``why`` are sentences for a reader."""

    verdict: Verdict
    evidence: Json
    theorem: str | None = None
    inertia: Inertia | None = None
    lower: Json | None = None
    escape: Json | None = None
    why: list[str] = field(default_factory=list)
    convexity: convexity.Finding | None = None


def decide(point: Point, seed: int = 0) -> Decision:
    """Decide what kind of point this is.

    >>> from proofkit.networks.losses import SquaredLoss
    >>> from proofkit.networks.network import Network
    >>> one = ExactMatrix.identity(1)
    >>> decide(Point(Network.single("", [one, one], SquaredLoss(one, one)))).verdict
    'global-minimum'
    """
    try:
        return _decide(point, seed)
    except Undecidable as fault:
        return Decision("undecided", {"kind": "none", "tried": [str(fault)]}, why=[str(fault)])


def _decide(point: Point, seed: int) -> Decision:
    try:
        critical = point.critical
    except LossError as fault:
        return _not_differentiable(point, fault, seed)
    if not critical:
        decision = _not_critical(point)
        if point.parameters <= _SHOWN_PARAMETERS and _is_cheap(point):
            decision.inertia = _inertia(point)[0]
        return decision
    finding = convexity.examine(point.loss, seed)
    inertia, reason = _inertia(point)
    if point.stationary and finding.usable:
        decision = _stationary(finding)
    elif inertia is not None and inertia[2] > 0:
        decision = _strict(point, inertia)
    elif point.stationary:
        decision = _stationary_not_convex(point, finding, inertia, seed)
    elif any(not cut.full for cut in point.cuts):
        decision = _deficient(point, inertia, seed)
    else:
        decision = _full(point, inertia, seed)
    if reason:
        decision.why.append(reason)
    decision.inertia = inertia
    decision.convexity = finding
    return decision


def _inertia(point: Point) -> tuple[Inertia | None, str]:
    if point.parameters > _FIRST_ORDER_PARAMETERS and not point.stacked_full:
        return None, f"The exact Hessian of {point.parameters} parameters was not computed."
    try:
        return inertia_at(point)[0], ""
    except LossError as fault:
        return None, f"The loss has no second derivative here: {fault}."
    except Undecidable as fault:
        return None, f"The inertia of the Hessian is not decided: {fault}."


def _is_cheap(point: Point) -> bool:
    """Whether the Hessian consists of rationals; in other constants only few are affordable."""
    try:
        bend: Any = point.loss.hessian(point.product)
    except LossError:
        return False
    return point.parameters <= _FEW or (
        isinstance(bend, ExactMatrix) and is_rational(bend, *point.layers)
    )


def _least(point: Point) -> Decision:
    floor = floor_of(point.loss)
    why = [
        f"The loss is {floor}, and by the way it is written it is nowhere below: a global minimum."
    ]
    evidence: Json = {"kind": "lower-bound", "bound": str(floor)}
    return Decision("global-minimum", evidence, why=why)


def _cornered(point: Point, finding: convexity.Finding) -> Decision | None:
    """0 in the subdifferential of a convex loss with corners, if it is found there."""
    corner = corner_of(point.loss, point.product) if finding.usable else None
    found = None if corner is None else multipliers_of(corner)
    if found is None:
        return None
    why = [
        "f is convex and has corners here; 0 is in its subdifferential, as the multipliers show: "
        "the product minimises f itself."
    ]
    if finding.status == "assumed":
        why = [
            "0 is in the subdifferential of f. IF f is convex, as the file says and nothing here "
            "proves, the product minimises f itself."
        ]
    evidence: Json = {"kind": "subdifferential", "multipliers": [number_json(x) for x in found]}
    return Decision("global-minimum", evidence, why=why, convexity=finding)


def _not_differentiable(point: Point, fault: LossError, seed: int) -> Decision:
    if reaches_floor(point.loss, point.product):
        return _least(point)
    decided = _cornered(point, convexity.examine(point.loss, seed))
    if decided is not None:
        return decided
    words = f"The loss has no derivative here ({fault}); the paper's results need one."
    decision = Decision("undecided", {"kind": "none", "tried": [words]}, why=[words])
    decision.lower = _lower(point, seed)
    return decision


def _not_critical(point: Point) -> Decision:
    layer, row, column, entry = point.largest_gradient()
    step = descent_step(point)
    evidence: Json = {
        "kind": "gradient",
        "layer": layer + 1,
        "row": row + 1,
        "column": column + 1,
        "entry": number_json(entry),
        "step": None,
    }
    why = [
        f"The derivative in entry ({row + 1}, {column + 1}) of layer {layer + 1} is "
        f"{_short(entry)}, not 0."
    ]
    if step is not None:
        evidence["step"] = {
            "size": number_json(step.size),
            "layers": [matrix_json(m) for m in step.layers],
        }
        why.append(f"A step of {_short(step.size)} against the gradient lowers the loss.")
    return Decision("not-critical", evidence, why=why)


def _stationary(finding: convexity.Finding) -> Decision:
    why = ["f′ = 0 at the product, and f is convex: the product minimises f itself."]
    if finding.status == "assumed":
        why = [
            "f′ = 0 at the product. IF f is convex, as the file says and nothing here proves, "
            "the product minimises f itself."
        ]
    return Decision("global-minimum", {"kind": "convex-stationary"}, None, why=why)


def _strict(point: Point, inertia: Inertia) -> Decision:
    why = [f"The Hessian has {inertia[2]} negative eigenvalue(s)."]
    theorem = _forbidding(point)
    curve = negative_curvature(point)
    if curve is None:
        return Decision("strict-saddle", {"kind": "inertia"}, theorem, why=why)
    evidence: Json = {
        "kind": "negative-curvature",
        "direction": [matrix_json(d) for d in curve.direction],
        "curvature": number_json(curve.curvature),
        "path": None,
    }
    decision = Decision("strict-saddle", evidence, theorem, why=why)
    why.append(f"Along the direction given the second derivative is {_short(curve.curvature)}.")
    if curve.path is not None:
        evidence["path"] = path_json(curve.path)
        decision.escape = evidence["path"]
        why.append(f"The loss falls along M + tD for all 0 < t ≤ {curve.path.end}.")
    return decision


def _forbidding(point: Point) -> str | None:
    """The result of the paper that says that this is no local minimum, if one does (f′ ≠ 0)."""
    if point.stationary:
        return None
    if not point.has_bottleneck:
        return "corollary-2" if len(point.towers) > 1 else "theorem-3"
    if not point.stacked_full:
        return "lemma-1" if len(point.towers) == 1 else "corollary-2"
    return "corollary-1" if comparison(point) is not None else None


def _stationary_not_convex(
    point: Point, finding: convexity.Finding, inertia: Inertia | None, seed: int
) -> Decision:
    """f′ = 0 but f is not known to be convex: only a bound of f or f″ can help."""
    if reaches_floor(point.loss, point.product):
        return _least(point)
    words = f"f′ = 0 here, but f is not known to be convex: {finding.why}."
    try:
        bend: Any = point.loss.hessian(point.product)
        definite = exact_inertia(bend)[0] == bend.rows
    except LossError:
        definite = False
    if not definite:
        tried = [words, "f″ is not positive definite, so it does not decide."]
        path = higher_order(point, seed) if inertia is not None else None
        if path is not None:
            return _fallen(path_json(path))
        decision = Decision("undecided", {"kind": "none", "tried": tried}, why=list(tried))
        decision.lower = _lower(point, seed)
        return decision
    why = [words, "f″ is positive definite: the product is a strict local minimum of f."]
    lower = _lower(point, seed)
    return _local(point, {"kind": "strict-minimum-of-f"}, None, lower, why)


def _fallen(path: Json) -> Decision:
    why = [
        "The Hessian is positive semidefinite, but along the path given the loss falls with "
        f"{power(path['order'])}."
    ]
    return Decision(
        "non-strict-saddle", {"kind": "descent", "path": path}, None, escape=path, why=why
    )


def _deficient(point: Point, inertia: Inertia | None, seed: int) -> Decision:
    """f′ ≠ 0 and some rank A or rank B below d: Lemma 1, or Theorem 3 without a bottleneck."""
    found = escape(point, seed)
    result = _forbidding(point) or "lemma-1"
    if found is None:
        tried = [
            f"f′ ≠ 0 and a half of the network has a rank below d: by {named(result)} this is no "
            "local minimum, but no explicit way down was found."
        ]
        return Decision("undecided", {"kind": "none", "tried": tried}, result, why=tried)
    path = path_json(found.path)
    evidence: Json = {
        "kind": "escape",
        "tower": found.tower + 1,
        "j": found.j,
        "perturbation": [matrix_json(m) for m in found.moves],
        "gradient_order": found.power,
        "path": path,
    }
    why = [
        "f′ ≠ 0 and a half of the network has a rank below d: "
        f"by {named(result)} no local minimum.",
        "A perturbation t·P keeps the product; the gradient there grows like "
        f"{power(found.power)}, and following it lowers the loss for all 0 < t ≤ {found.path.end}.",
    ]
    if inertia is None:
        tried = [*why, "Without a Hessian the saddle is neither strict nor not."]
        evidence = {"kind": "none", "tried": tried}
        return Decision("undecided", evidence, result, escape=path, why=tried)
    why.insert(0, "The Hessian is positive semidefinite.")
    return Decision("non-strict-saddle", evidence, result, escape=path, why=why)


def _full(point: Point, inertia: Inertia | None, seed: int) -> Decision:
    """f′ ≠ 0, all ranks full, and the Hessian (if there is one) positive semidefinite."""
    compared = comparison(point)
    if compared is not None and compared[2] == 0:
        why = [
            "The projector on ran A picks the largest eigenvalues of YX⁺XYᵀ, ties included: "
            "no matrix of this rank has a lower loss (Corollary 1's comparison)."
        ]
        evidence = {"kind": "squared-eigenvalues", "comparison": list(compared)}
        return Decision("global-minimum", evidence, "corollary-1", why=why)
    if inertia is not None:
        orbit = int(tangent(point.loss, *point.stacked).rank())
        small = exact_inertia(two_layer_hessian(point), orbit)
        if small[2] == 0 and small[1] == orbit:
            return _certified(point, small, orbit, seed)
        tried = [
            f"The two-layer Hessian is positive semidefinite with nullity {small[1]}, more than "
            f"the {orbit} dimensions in which the loss cannot change: it does not decide."
        ]
    else:
        tried = ["Without a second derivative the local-minimum certificate does not exist."]
    best = _global(point)
    if best is not None:
        return best
    if inertia is not None:
        path = higher_order(point, seed)
        if path is not None:
            return _fallen(path_json(path))
        tried.append("No descending path of order 3 or 4 was found.")
    decision = Decision("undecided", {"kind": "none", "tried": tried}, why=list(tried))
    decision.lower = _lower(point, seed)
    return decision


def _certified(point: Point, small: Inertia, orbit: int, seed: int) -> Decision:
    """The local-minimum certificate holds; is there anything lower?"""
    shifts = orbit - point.width**2
    why = [
        f"rank A = rank B = {point.width}, and the two-layer Hessian is positive semidefinite with "
        f"nullity exactly {small[1]} = d²{f' + {shifts} shifts of the loss' if shifts else ''}: "
        "a local minimum of L₂"
        + ("." if lifting_result(point) is None else ", and of this network.")
    ]
    evidence: Json = {"kind": "two-layer-hessian", "two_layer_inertia": list(small), "orbit": orbit}
    values = multipliers(point)
    if values is not None:
        return _lagrangian(values)
    bound, lower = answered(point.loss, *_halves(point), lambda start: _lower(point, seed, start))
    if bound is not None:
        return _bounded(bound)
    return _local(point, evidence, lifting_result(point), lower, why)


def _global(point: Point) -> Decision | None:
    """A proof that no product of this rank has a lower loss, if one is found."""
    values = multipliers(point)
    if values is not None:
        return _lagrangian(values)
    bound = propose_global(point.loss, *_halves(point))
    return None if bound is None else _bounded(bound)


def _halves(point: Point) -> tuple[list[list[Any]], list[list[Any]]]:
    A, B = point.stacked
    return balls(A.entries(), _BITS), balls(B.entries(), _BITS)


def _bounded(bound: Json) -> Decision:
    evidence = {"kind": kind_of(bound), "bound": bound}
    return Decision("global-minimum", evidence, None, why=[in_words(bound)])


def _lagrangian(values: Sequence[Any]) -> Decision:
    why = [
        "With these multipliers of the 2×2 minors, f plus their combination is convex and "
        "stationary at the product: no matrix of rank 1 has a lower loss."
    ]
    evidence = {"kind": "lagrangian", "multipliers": [number_json(x) for x in values]}
    return Decision("global-minimum", evidence, None, why=why)


def _local(
    point: Point, evidence: Json, theorem: str | None, lower: Json | None, why: list[str]
) -> Decision:
    if lower is None:
        why.append("No network with a lower loss was found; that proves nothing.")
        return Decision("local-minimum", evidence, theorem, why=why)
    why.append(f"Another network of these widths has the lower loss {lower['value']}.")
    return Decision("spurious-local-minimum", evidence, theorem, lower=lower, why=why)


def _lower(point: Point, seed: int, start: Lower | None = None) -> Json | None:
    layers = lower_point(point, seed, first=None if start is None else (start.A, start.B))
    return None if layers is None else lower_json(point, layers)


def _short(x: Any) -> str:
    text = str(x)
    return text if len(text) <= 40 else f"about {float(x):.6g}"
