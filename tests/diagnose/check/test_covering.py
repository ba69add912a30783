"""Minima are proved global by a covering of all matrices of their rank, and only such as are."""

import copy
import json
from collections import Counter
from typing import Any

import flint
import numpy as np
import pytest

from proofkit.diagnose import diagnose
from proofkit.diagnose.check.cases import BITS, Case, case_of
from proofkit.diagnose.check.certificate import digest
from proofkit.diagnose.check.charts import Box, charts
from proofkit.diagnose.check.conjugates import conjugate_of
from proofkit.diagnose.check.covering import covering_holds
from proofkit.diagnose.check.global_holds import global_holds
from proofkit.diagnose.check.recheck import Refused, recheck
from proofkit.diagnose.search.covering_search import Lower, propose_covering
from proofkit.diagnose.search.global_proofs import answered
from proofkit.diagnose.search.lower import _levenberg
from proofkit.networks.array_matrix import ArrayMatrix, array
from proofkit.networks.ball_matrix import BallMatrix
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.losses import (
    AbsoluteLoss,
    HuberLoss,
    LogisticLoss,
    Loss,
    MaskedSquaredLoss,
    PoissonLoss,
    SoftmaxLoss,
    SquaredLoss,
    WeightedSquaredLoss,
)
from proofkit.networks.network import Network
from proofkit.networks.numbers import parse_number

from ..made_points import problem


def balls(matrix: Any) -> list[list[Any]]:
    return [[flint.arb(float(x)) for x in line] for line in matrix]


def minimum(rng: np.random.Generator, loss: Loss, width: int, starts: int = 1) -> Any:
    """(A, B) of the lowest of some descents that came to rest, or ``None``."""
    rows, cols = loss.shape
    A = rng.standard_normal((starts, rows, width))
    B = rng.standard_normal((starts, width, cols))
    A, B = _levenberg(loss, A, B, 200)
    i = int(np.argmin(loss.value(ArrayMatrix(A @ B))))
    slope = loss.gradient(ArrayMatrix(A @ B)).value[i]
    rest = max(np.abs(slope @ B[i].T).max(), np.abs(A[i].T @ slope).max())
    return (A[i], B[i]) if rest < 1e-9 and np.abs(A[i] @ B[i]).max() < 50 else None


def network(A: Any, B: Any, loss: Loss) -> Network:
    return Network.single("a minimum", [FloatMatrix.of(B), FloatMatrix.of(A)], loss)


E01 = WeightedSquaredLoss(ExactMatrix.of([[2, 0], [0, 1]]), ExactMatrix.of([[1, 3], [3, 1]]))


# Rarely without an answer


@pytest.mark.parametrize("kind", ["weighted-squared", "logistic", "softmax"])
@pytest.mark.parametrize("dims", [(2, 1, 2), (3, 1, 3), (3, 2, 3), (3, 1, 2), (2, 1, 3)])
def test_minima_found_by_descent_are_answered(kind: str, dims: tuple[int, int, int]) -> None:
    """Global with a proof, or spurious with a lower network: of six, five at least."""
    rng = np.random.default_rng(41)
    cols, width, rows = dims
    said: Counter[str] = Counter()
    while sum(said.values()) < 6:
        loss = problem(rng, kind, rows, cols)
        halves = minimum(rng, loss, width)
        if halves is None:
            continue
        found = diagnose(network(*halves, loss), certify=True)
        said[found.verdict] += 1
        if found.verdict != "local-minimum":
            assert found.certificate["arithmetic"] != "float"
            assert recheck(json.loads(json.dumps(found.certificate)))
    assert said["local-minimum"] <= 1
    assert set(said) <= {"global-minimum", "spurious-local-minimum", "local-minimum"}


def test_an_exact_minimum_is_covered() -> None:
    """W = log(2)·e₁e₁ᵀ: f′ is 0 but for the entry (2, 2), and heavy counts stand beside."""
    loss = LogisticLoss(ExactMatrix.of([[8, 8], [8, 5]]), ExactMatrix.of([[4, 8], [8, 2]]))
    layers = [ExactMatrix.of([[parse_number("log(2)"), 0]]), ExactMatrix.of([[1], [0]])]
    found = diagnose(Network.single("exact", layers, loss))
    assert found.verdict == "global-minimum"
    document = json.loads(json.dumps(found.certificate))
    assert document["evidence"]["kind"] == "covering"
    assert recheck(document)
    document["evidence"]["kind"] = "curvature-bound"
    document["digest"] = digest(document)
    with pytest.raises(Refused):
        recheck(document)


# The bound


def losses(rng: np.random.Generator) -> dict[str, Loss]:
    def table(low: int, high: int, rows: int, cols: int) -> ExactMatrix:
        return ExactMatrix.of(rng.integers(low, high, (rows, cols)).tolist())

    low_rank = table(-2, 3, 3, 1) @ table(1, 3, 1, 5)
    return {
        "weighted-squared": WeightedSquaredLoss(table(-3, 4, 3, 3), table(1, 5, 3, 3)),
        "logistic": LogisticLoss(table(1, 6, 3, 3), table(0, 6, 3, 3)),
        "softmax": SoftmaxLoss(table(-2, 3, 3, 5), tuple(map(int, rng.integers(0, 4, 5))), 4),
        "softmax of low rank": SoftmaxLoss(low_rank, tuple(map(int, rng.integers(0, 4, 5))), 4),
        "squared": SquaredLoss(table(-2, 3, 3, 5), table(-3, 4, 3, 5)),
        "huber": HuberLoss(table(-2, 3, 3, 5), table(-3, 4, 3, 5), 1),
        "absolute": AbsoluteLoss(table(-3, 4, 3, 5), table(-2, 3, 3, 5)),
        "poisson": PoissonLoss(table(0, 6, 3, 3)),
        "poisson samples": PoissonLoss(table(0, 6, 3, 5), table(-2, 3, 3, 5)),
        "masked-squared": MaskedSquaredLoss(table(-3, 4, 3, 5), table(1, 2, 3, 5)),
    }


@pytest.mark.parametrize("kind", losses(np.random.default_rng(0)))
def test_fenchel_and_young(kind: str) -> None:
    """f(W) ≥ ⟨S, WD⟩ − g*(S), with equality at S = g′(WD); floats and balls agree."""
    rng = np.random.default_rng(42)
    for _ in range(40):
        loss = losses(rng)[kind]
        conjugate = conjugate_of(loss)
        if conjugate is None:
            continue
        W = rng.standard_normal((200, *loss.shape))
        if conjugate.rows < loss.shape[0]:
            W[:, conjugate.rows :] = 0
        data = np.eye(loss.shape[1]) if loss.inputs is None else array(loss.inputs)
        Z = (W @ data)[:, : conjugate.rows]
        S = conjugate.slope(W)
        value, star = loss.value(ArrayMatrix(W)), conjugate.floats(S)
        exact = np.isfinite(star)
        assert exact.mean() > 0.9
        inner = np.einsum("brc,brc->b", S, Z)
        assert np.allclose(value[exact], (inner - star)[exact], rtol=1e-9, atol=1e-9)
        other = np.einsum("brc,brc->b", np.roll(S, 1, axis=0), Z) - np.roll(star, 1)
        assert (value >= other - 1e-9 * (1 + np.abs(value))).all()
        with flint.ctx.workprec(BITS):
            ball = conjugate.value(BallMatrix(balls(S[0])))
        if ball.is_finite() and exact[0]:
            assert abs(float(ball.mid()) - star[0]) < 1e-9 * (1 + abs(star[0]))


def test_outside_the_domain_there_is_no_bound() -> None:
    rng = np.random.default_rng(43)
    for kind in ("logistic", "softmax", "huber"):
        loss = losses(rng)[kind]
        conjugate = conjugate_of(loss)
        assert conjugate is not None
        S = [[flint.arb(50)] * conjugate.samples for _ in range(conjugate.rows)]
        assert not conjugate.value(BallMatrix(S)).is_finite()
        far = np.full((1, conjugate.rows, conjugate.samples), 50.0)
        assert np.isinf(conjugate.floats(far)).all()


def test_losses_without_a_conjugate_here() -> None:
    assert conjugate_of(WeightedSquaredLoss(ExactMatrix.of([[1]]), ExactMatrix.of([[0]]))) is None
    assert conjugate_of(SquaredLoss(ExactMatrix.of([[0]]), ExactMatrix.of([[1]]))) is None


@pytest.mark.parametrize(("rows", "width"), [(2, 1), (3, 1), (3, 2), (5, 2)])
def test_every_subspace_lies_in_a_chart(rows: int, width: int) -> None:
    rng = np.random.default_rng(44)
    for _ in range(100):
        basis = rng.standard_normal((rows, width))
        inside = []
        for chart in charts(rows, width):
            X = basis[chart.free] @ np.linalg.inv(basis[list(chart.fixed)])
            inside.append(bool(np.abs(X).max() <= 1 + 1e-12))
            A = chart.left(X.ravel(), rows)
            assert np.linalg.matrix_rank(np.hstack([A, basis]), tol=1e-9) == width
        assert any(inside)


def test_whether_a_box_is_inside_is_decided_exactly() -> None:
    assert Box((0.5,), (0.25,)).inside([0.25], 0.5)
    assert not Box((0.5,), (0.25,)).inside([0.25], 0.5 - 2**-53)


# What proves nothing


def covered(seed: int = 45) -> tuple[Case, Any]:
    """A case of two rows and its covering, with leaves of both sorts."""
    rng = np.random.default_rng(seed)
    while True:
        loss = problem(rng, "logistic", 2, 3)
        halves = minimum(rng, loss, 1, starts=16)
        if halves is None:
            continue
        case = case_of(loss, *map(balls, halves))
        assert case is not None
        data = propose_covering(case)
        if isinstance(data, dict):
            return case, data


def test_a_covering_with_a_changed_part_is_refused() -> None:
    case, data = covered()
    assert covering_holds(case, data)
    place = next(i for i, own in enumerate(data["charts"]) if own["near"] is not None)

    def holds(**changes: Any) -> bool:
        changed = copy.deepcopy(data)
        changed["charts"][place].update(changes)
        try:
            return covering_holds(case, changed)
        except (ValueError, TypeError, IndexError, KeyError, StopIteration):
            return False

    own = data["charts"][place]
    near, tree, duals = own["near"], own["tree"], own["duals"]
    assert holds()
    # Boxes left out, or too many.
    assert not holds(tree=tree[:-1])
    assert not holds(tree=tree + ".")
    assert not holds(tree="")
    assert not holds(tree="n")
    assert not holds(duals=duals[:-1])
    assert not holds(duals=[*duals, duals[0]])
    assert not covering_holds(case, {"charts": data["charts"][1:]})
    # Larger boxes, larger cubes, other cubes.
    assert not holds(tree=".", duals=duals[:1], near=None)
    assert not holds(near=None)
    assert not holds(near={**near, "radius": 1.0})
    assert not holds(near={**near, "middle": [near["middle"][0] + 0.25]})
    assert not holds(near={**near, "reach": near["reach"] * 1000})
    # Numbers without which the bound fails.
    for i in range(len(duals)):
        assert not holds(duals=[[x + 1 for x in d] if i == j else d for j, d in enumerate(duals)])
    assert not holds(duals=[[0.0] * len(d) for d in duals])


def test_no_covering_proves_a_spurious_minimum() -> None:
    """The covering of E01's global minimum does not serve for the other one."""
    good = case_of(E01, balls([[1.0], [0.0]]), balls([[2.0, 0.0]]))
    bad = case_of(E01, balls([[0.0], [1.0]]), balls([[0.0, 1.0]]))
    assert good is not None and bad is not None
    data = propose_covering(good)
    assert isinstance(data, dict)
    assert covering_holds(good, data)
    assert not covering_holds(bad, data)
    swapped = {"charts": data["charts"][::-1]}
    assert not covering_holds(bad, swapped)


def test_a_saddle_is_not_near_a_minimum() -> None:
    """The squared loss at its second singular direction: no cube is convex, nothing is proposed."""
    loss = SquaredLoss(ExactMatrix.identity(2), ExactMatrix.of([[2, 0], [0, 1]]))
    case = case_of(loss, balls([[0.0], [1.0]]), balls([[0.0, 1.0]]))
    assert case is not None
    assert propose_covering(case) is None


def test_the_covering_shows_a_lower_point_that_a_search_missed() -> None:
    calls: list[Lower | None] = []

    def search(start: Lower | None) -> str | None:
        calls.append(start)
        return None if start is None else "found"

    proof, found = answered(E01, balls([[0.0], [1.0]]), balls([[0.0, 1.0]]), search)
    assert (proof, found) == (None, "found")
    assert calls[0] is None
    start = calls[1]
    assert start is not None
    assert E01.value(ArrayMatrix(start.A @ start.B)) < 4


def test_an_infimum_that_nobody_attains_is_respected() -> None:
    """w₁₁ → ∞ lowers the loss for ever: a minimum beside it at rank 1 is spurious, or unproved."""
    loss = LogisticLoss(ExactMatrix.of([[2, 1], [1, 2]]), ExactMatrix.of([[0, 1], [1, 3]]))
    rng = np.random.default_rng(46)
    for _ in range(20):
        A, B = rng.standard_normal((2, 1)), rng.standard_normal((1, 2))
        case = case_of(loss, balls(A), balls(B))
        assert case is not None
        assert not isinstance(propose_covering(case), dict)


def test_softmax_has_no_bottleneck_with_one_unit_less_than_classes() -> None:
    rng = np.random.default_rng(47)
    loss = problem(rng, "softmax", 3, 3)
    while (halves := minimum(rng, loss, 2)) is None:
        loss = problem(rng, "softmax", 3, 3)
    found = diagnose(network(*halves, loss), certify=True)
    assert found.verdict == "global-minimum"
    A, B = map(balls, halves)
    assert global_holds(loss, A, B, {"full": "A"})
    flat = balls([[1.0, 1.0], [1.0, 1.0], [0.0, 0.0]])
    assert not global_holds(loss, flat, B, {"full": "A"})
    assert not global_holds(loss, A, B, {"full": "C"})
    # With more units missing a full rank says nothing.
    narrow = minimum(rng, problem(rng, "softmax", 4, 3), 2, starts=8)
    if narrow is not None:
        assert not global_holds(problem(rng, "softmax", 4, 3), *map(balls, narrow), {"full": "A"})


def test_certificates_with_a_covering_are_refused_when_changed() -> None:
    rng = np.random.default_rng(48)
    document: Any = {}
    while "charts" not in (document.get("bound") or {}):
        loss = problem(rng, "logistic", 3, 3)
        halves = minimum(rng, loss, 1, starts=8)
        if halves is not None:
            document = diagnose(network(*halves, loss), certify=True).certificate
    text = json.dumps(document)
    assert recheck(json.loads(text))

    def refused(change: Any) -> None:
        changed = json.loads(text)
        change(changed["bound"]["charts"])
        with pytest.raises(Refused):
            recheck(changed)
        changed["digest"] = digest(changed)
        with pytest.raises(Refused):
            recheck(changed)

    def first(parts: Any) -> Any:
        return next(own for own in parts if own["duals"])

    refused(lambda parts: parts.pop())
    refused(lambda parts: first(parts).update(tree="."))
    refused(lambda parts: first(parts)["duals"].pop())
    refused(lambda parts: first(parts).update(duals="many"))
    refused(lambda parts: first(parts)["duals"][0].__setitem__(0, 1e3))
    refused(lambda parts: first(parts).update(near=[]))
