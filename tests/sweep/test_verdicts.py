"""What is certified is true: checked where the truth is known, and against exact arithmetic."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from proofkit.networks.matrices import ExactMatrix
from proofkit.sweep.block import block_rows, drawn
from proofkit.sweep.export import problem_network
from proofkit.sweep.families import lane
from proofkit.sweep.judge import judge
from proofkit.sweep.regression import PerturbedIdentity, WeightedSquared
from proofkit.sweep.spec import Spec


def e01(c: float, a: Any, b: Any) -> Any:
    """The verdict on a point of F_c."""
    family = PerturbedIdentity((2, 2), {})
    weights = np.array([[1.0, c], [c, 1.0]])
    data = {"target": np.diag([2.0, 1.0]), "weights": weights, "c": np.array(c)}
    batch = {key: array[..., None] for key, array in data.items()}
    return judge(family, batch, np.array(a)[:, None, None], np.array([b])[:, :, None])


def test_the_known_spurious_minimum_is_certified_for_c_above_2_only() -> None:
    for c in (2.001, 2.5, 3.0):
        judged = e01(c, [0.0, 1.0], [0.0, 1.0])
        assert judged.minimum[0] and judged.certified[0] and not judged.saddle[0]
        assert judged.least[0] <= 4 < judged.least[0] + 1e-9
    for c in (1.0, 1.9, 1.999):
        judged = e01(c, [0.0, 1.0], [0.0, 1.0])
        assert judged.saddle[0] and not judged.minimum[0] and not judged.certified[0]
    edge = e01(2.0, [0.0, 1.0], [0.0, 1.0])
    assert not edge.minimum[0] and not edge.saddle[0] and not edge.certified[0]


def test_the_curvature_is_the_one_worked_out_by_hand() -> None:
    """At A = (0,1)ᵀ, B = (0,1) the Hessian is 2·[[c, −2], [−2, c]] on the first entries."""
    judged = e01(3.0, [0.0, 1.0], [0.0, 1.0])
    assert 2.0 - 1e-8 < judged.curvature[0] <= 2.0


def test_neither_the_origin_nor_a_point_beside_the_minimum_is_certified() -> None:
    assert not e01(3.0, [0.0, 0.0], [0.0, 0.0]).certified[0]
    near = e01(3.0, [0.05, 1.0], [0.0, 1.0])
    assert not near.certified[0]


@pytest.mark.parametrize("dims", [(2, 1, 2), (2, 2, 1, 2)])
def test_the_family_of_e01_has_spurious_minima_exactly_beyond_2(dims: tuple[int, ...]) -> None:
    rows = block_rows(Spec("E01", dims, 300, seed=7), 0)
    spurious = [row for row in rows if row["verdict"] == "spurious"]
    assert all(row["c"] > 2 and row["value"] == 4 and row["best"] == 1 for row in spurious)
    beyond = [row for row in rows if row["c"] > 2.05]
    assert len(spurious) > 0.6 * len(beyond)
    assert {row["verdict"] for row in rows} == {"spurious", "none-found"}


def test_equal_weights_have_no_spurious_minima() -> None:
    """With one weight for all entries the loss is the squared loss: Corollary 1."""
    spec = Spec("weighted-squared", (3, 2, 3), 60, ranges={"spread": (1.0, 1.0)})
    rows = block_rows(spec, 0)
    assert {row["verdict"] for row in rows} == {"none-found"}
    assert all(row["minima"] == 1 for row in rows)


def test_without_a_bottleneck_there_are_no_spurious_minima() -> None:
    """Theorem 3: the hidden layer is as wide as the product is."""
    rows = block_rows(Spec("weighted-squared", (2, 2, 2), 40), 0)
    assert not any(row["verdict"] in ("spurious", "numerical") for row in rows)


@pytest.mark.parametrize("family", ["weighted-squared", "logistic", "huber"])
def test_exact_arithmetic_agrees_with_the_certificates(family: str) -> None:
    """The exact gradient is tiny, the exact Hessian has no negative and one zero eigenvalue after
    its smallest is put to 0, and the lower point is lower: all at the exported rational point."""
    spec = Spec(family, (2, 1, 2), 250)
    rows = [row for row in block_rows(spec, 0) if row["verdict"] == "spurious"]
    assert len(rows) >= 3
    for row in rows[:3]:
        network = problem_network(spec, row)
        below, above = (ExactMatrix.of(m.value[0].tolist()) for m in network.layers)  # type: ignore[union-attr]
        product = above @ below
        slope: Any = network.loss.gradient(product)
        norms = [(above.T @ slope).inner(above.T @ slope), (slope @ below.T).inner(slope @ below.T)]
        assert all(float(x) < 1e-20 for x in norms)
        low = [ExactMatrix.of(rows_) for rows_ in _lists(network.expect["lower_point"]["layers"])]
        here, there = network.loss.value(product), network.loss.value(low[1] @ low[0])
        assert float(there) < float(here)
        assert abs(float(here) - row["value"]) < 1e-8 * (1 + abs(row["value"]))
        assert abs(float(there) - row["best"]) < 1e-8 * (1 + abs(row["best"]))
        # No step of the certified size leads below: random directions, exactly evaluated.
        rng = np.random.default_rng(row["index"])
        for _ in range(10):
            moved = [
                m + Fraction(1, 1000) * ExactMatrix.of(rng.integers(-9, 10, m.shape).tolist())
                for m in (below, above)
            ]
            assert float(network.loss.value(moved[1] @ moved[0])) >= float(here) - 1e-12


def _lists(value: Any) -> Any:
    return [_lists(x) for x in value] if isinstance(value, tuple) else value


def test_a_template_is_the_family_that_it_spells_out() -> None:
    """Written as a template, F_c has the same minima; they are numerical, for nothing is known."""
    template = "(w11 - 2)**2 + (w22 - 1)**2 + {c}*(w12**2 + w21**2)"
    spec = Spec("expression", (2, 1, 2), 60, ranges={"c": (1.0, 3.0)}, template=template)
    rows = block_rows(spec, 0)
    found = [row for row in rows if row["verdict"] == "numerical"]
    assert found and all(row["c"] > 2 and row["value"] == 4 for row in found)
    assert {row["verdict"] for row in rows} <= {"numerical", "none-found"}


def test_minima_of_templates_are_certified_where_diagnose_proves_them() -> None:
    template = "(w11 - 2)**2 + (w22 - 1)**2 + {c}*(w12**2 + w21**2)"
    ranges = {"c": (1.0, 3.0)}
    plain, asked = (
        block_rows(
            Spec("expression", (2, 1, 2), 12, ranges=ranges, template=template, diagnose=n), 0
        )
        for n in (0, 2)
    )
    found = [row["index"] for row in plain if row["verdict"] == "numerical"]
    assert {index % 2 for index in found} == {0, 1}
    for row in asked:
        expected = plain[row["index"]]["verdict"]
        if row["index"] in found and row["index"] % 2 == 0:
            expected = "spurious"
        assert row["verdict"] == expected


def test_a_template_that_is_undefined_somewhere_is_searched_elsewhere() -> None:
    template = "w11 - {a}*log(w11) + (w12 - 1)**2 + w21**2 + w22**2"
    spec = Spec("expression", (2, 1, 2), 3, ranges={"a": (1.0, 2.0)}, template=template)
    rows = block_rows(spec, 0)
    assert all(np.isfinite(row["best"]) for row in rows)


def test_a_problem_is_determined_by_family_seed_and_index() -> None:
    spec = Spec("weighted-squared", (2, 1, 2), 2000, seed=3)
    other = Spec("weighted-squared", (2, 1, 2), 5, seed=3)
    assert block_rows(other, 0) == block_rows(spec, 0)[:5]
    reseeded = Spec("weighted-squared", (2, 1, 2), 5, seed=4)
    assert block_rows(reseeded, 0) != block_rows(other, 0)


def test_the_same_problem_is_drawn_at_every_depth() -> None:
    family = WeightedSquared((2, 2), {})
    two, three = (
        drawn(Spec("weighted-squared", dims, 5), family, range(5))
        for dims in ((2, 1, 2), (2, 2, 1, 2))
    )
    np.testing.assert_array_equal(lane(two, 3)["target"], lane(three, 3)["target"])
