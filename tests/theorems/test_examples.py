"""What each example states of itself is true, checked exactly by the code that reads it."""

import importlib.resources
import json
from fractions import Fraction
from typing import Any

import pytest
import sympy
from sympy.parsing.sympy_parser import parse_expr

from proofkit.networks.expressions import parse_expression
from proofkit.networks.facts import thawed
from proofkit.networks.files import dump_network, parse_network, read_network
from proofkit.networks.losses import ExpressionLoss
from proofkit.networks.matrices import ExactMatrix
from proofkit.networks.network import Network, Tower
from proofkit.networks.numbers import parse_number
from proofkit.networks.scalars import ExactNumber, is_zero, sign

FOLDER = importlib.resources.files("theorems").joinpath("examples")
NAMES = sorted(entry.name for entry in FOLDER.iterdir() if entry.name.endswith(".json"))
NETWORKS = {name[:-5]: read_network(FOLDER.joinpath(name)) for name in NAMES}
VERDICTS = {
    "spurious_local_min": "E01 E02 E03 E04 E24 E25 E26 E31",
    "strict_saddle": "E05 E09 E12 E17 E20 E22 E28",
    "nonstrict_saddle": "E08 E10 E11 E23",
    "global_min_of_L": "E07 E33",
    "global_min_of_f": "E16 E19 E30",
    "not_critical": "E32",
}
TIMES = [Fraction(1, 7), Fraction(1, 3), Fraction(12, 25)]


def stating(*keys: str) -> Any:
    """Run a test on each example that states one of the facts."""
    ids = [name for name, n in NETWORKS.items() if any(key in n.expect for key in keys)]
    return pytest.mark.parametrize("name", ids)


def matrix(rows: Any) -> ExactMatrix:
    entries = [[parse_number(x) for x in line] for line in thawed(rows)]
    return ExactMatrix.of(entries)


def number(value: Any) -> Any:
    return parse_number(value)


def at(rows: Any, values: dict[str, Fraction]) -> ExactMatrix:
    """The matrix whose entries are formulas, at these values of the variables."""
    return ExactMatrix.of([[formula(x, values) for x in line] for line in rows])


def formula(text: Any, values: dict[str, Fraction]) -> Any:
    symbols = {name: sympy.Symbol(name) for name in values}
    expression = parse_expr(str(text), local_dict=symbols)
    return expression.subs({symbols[name]: sympy.Rational(x) for name, x in values.items()})


def network_at(network: Network, fact: Any, values: dict[str, Fraction]) -> Network:
    """The network moved to the point that a fact gives by ``layers`` or ``towers``."""
    towers = fact["towers"] if "towers" in fact else [fact["layers"]]
    layers = [[at(rows, values) for rows in tower] for tower in towers]
    return Network("moved", tuple(Tower.of(tower) for tower in layers), network.loss)


def value(network: Network) -> ExactNumber:
    result = network.loss.value(network.product())
    assert isinstance(result, Fraction | sympy.Expr)
    return result


def flattened(rows: ExactMatrix) -> list[ExactNumber]:
    return [x for line in rows.entries() for x in line]


def test_there_are_25_examples_with_the_known_verdicts() -> None:
    stated = {name: network.expect["verdict"] for name, network in NETWORKS.items()}
    known = {name: verdict for verdict, names in VERDICTS.items() for name in names.split()}
    assert stated == known
    assert len(stated) == 25


@pytest.mark.parametrize("name", NETWORKS)
def test_the_file_is_in_the_canonical_form(name: str) -> None:
    text = FOLDER.joinpath(f"{name}.json").read_text(encoding="utf-8")
    assert dump_network(NETWORKS[name]) == text
    assert parse_network(text) == NETWORKS[name]
    assert NETWORKS[name].exact
    assert NETWORKS[name].source == f"{name}.json"
    assert json.loads(text)["format"] == "proofkit/network/1"


@stating("product")
def test_product_and_value(name: str) -> None:
    network = NETWORKS[name]
    assert network.product() == matrix(network.expect["product"])
    assert is_zero(value(network) - number(network.expect["value"]))


def gradients(network: Network) -> list[ExactMatrix]:
    """The derivative in every layer: (M_k⋯M_{i+1})ᵀ f′ (M_{i−1}⋯M_1)ᵀ."""
    slope: Any = network.loss.gradient(network.product())
    parts: list[ExactMatrix] = []
    for tower in network.towers:
        for i in range(1, tower.depth + 1):
            above, below = tower.chain(tower.depth, i + 1), tower.chain(i - 1, 1)
            parts.append(above.T @ slope @ below.T)  # type: ignore[operator]
    return parts


@stating("gradient")
def test_gradient_and_criticality(name: str) -> None:
    network = NETWORKS[name]
    slope = network.loss.gradient(network.product())
    assert isinstance(slope, ExactMatrix)
    assert slope.equals(matrix(network.expect["gradient"]))
    critical = all(part.is_zero() for part in gradients(network))
    assert critical == network.expect["critical"]


@stating("rank_A")
def test_ranks_of_both_sides(name: str) -> None:
    network = NETWORKS[name]
    j = network.expect["split"]
    assert network.dims[j] == min(network.dims)
    assert network.chain(network.depth, j + 1).rank() == network.expect["rank_A"]
    assert network.chain(j, 1).rank() == network.expect["rank_B"]


@stating("layer_ranks")
def test_ranks_of_the_layers(name: str) -> None:
    network = NETWORKS[name]
    assert tuple(layer.rank() for layer in network.layers) == network.expect["layer_ranks"]


@stating("tower_ranks")
def test_towers(name: str) -> None:
    network = NETWORKS[name]
    ends = tuple((tower.layers[-1].rank(), tower.layers[0].rank()) for tower in network.towers)
    assert ends == network.expect["tower_ranks"]
    widths = [min(tower.dims) for tower in network.towers]
    assert sum(widths) == network.expect["bottleneck_sum"]


def hessian(network: Network) -> ExactMatrix:
    """The Hessian of L_k in all entries of all layers, by the product rule.

    With W the product, the derivative in the entry (a, b) of M_i is the rank-one matrix
    U_i e_a e_bᵀ V_i, and the second one in entries of M_i and M_j, i < j, is the matrix
    U_j e_c e_dᵀ (M_{j−1}⋯M_{i+1}) e_a e_bᵀ V_i.
    """
    tower = network.tower
    k = tower.depth
    slope: Any = network.loss.gradient(network.product())
    bend: Any = network.loss.hessian(network.product())
    places = [
        (i, a, b)
        for i in range(1, k + 1)
        for a in range(tower.dims[i])
        for b in range(tower.dims[i - 1])
    ]

    def column(i: int, j: int, a: int) -> Any:
        """(M_i⋯M_j) e_a."""
        whole: Any = tower.chain(i, j)
        return whole.block(range(whole.rows), [a])

    def row(i: int, b: int) -> Any:
        """e_bᵀ M_i⋯M_1."""
        whole: Any = tower.chain(i, 1)
        return whole.block([b], range(whole.cols))

    first = [column(k, i + 1, a) @ row(i - 1, b) for i, a, b in places]
    vectors = [ExactMatrix.of([[x] for x in flattened(part)]) for part in first]

    def second(p: int, q: int) -> Any:
        total = (vectors[p].T @ bend @ vectors[q]).entry(0, 0)
        (i, a, b), (j, c, d) = sorted([places[p], places[q]])
        if i < j:
            between: Any = tower.chain(j - 1, i + 1)
            mixed = between.entry(d, a) * (column(k, j + 1, c) @ row(i - 1, b))
            total += slope.inner(mixed)
        return total

    size = range(len(places))
    return ExactMatrix.of([[second(p, q) for q in size] for p in size])


@stating("inertia", "hessian_has_negative")
def test_inertia(name: str) -> None:
    network = NETWORKS[name]
    positive, zero, negative = (int(count) for count in hessian(network).inertia())
    if "inertia" in network.expect:
        stated = network.expect["inertia"]
        assert stated == {"positive": positive, "zero": zero, "negative": negative}
    else:
        assert (negative > 0) == network.expect["hessian_has_negative"]


@stating("lower_point")
def test_the_lower_point_is_lower(name: str) -> None:
    network = NETWORKS[name]
    fact = network.expect["lower_point"]
    lower = network_at(network, fact, {})
    assert lower.dims == network.dims
    assert is_zero(value(lower) - number(fact["value"]))
    assert sign(value(lower) - value(network)) < 0


@stating("escape_path")
def test_the_escape_path_goes_down_from_the_point(name: str) -> None:
    network = NETWORKS[name]
    path = network.expect["escape_path"]
    start = network_at(network, path, {"t": Fraction(0)})
    assert start.towers == network.towers
    reach = Fraction(number(path.get("t0", 1)))
    for t in [part * reach for part in (*TIMES, Fraction(99, 100))]:
        there = value(network_at(network, path, {"t": t}))
        if "delta" in path:
            assert is_zero(there - value(network) - formula(path["delta"], {"t": t}))
        else:
            assert is_zero(there - formula(path["value"], {"t": t}))
        assert sign(there - value(network)) < 0


@stating("two_layer_escape_path")
def test_the_two_layer_point_can_be_left(name: str) -> None:
    network = NETWORKS[name]
    path = network.expect["two_layer_escape_path"]
    j = network.expect["split"]
    start = network_at(network, path, {"t": Fraction(0)})
    assert start.layers == (network.chain(j, 1), network.chain(network.depth, j + 1))
    for t in [part * Fraction(number(path["t0"])) for part in TIMES]:
        there = value(network_at(network, path, {"t": t}))
        assert is_zero(there - value(network) - formula(path["delta"], {"t": t}))
        assert sign(there - value(network)) < 0


@stating("neighbourhood")
def test_the_identity_around_the_point(name: str) -> None:
    network = NETWORKS[name]
    around = network.expect["neighbourhood"]
    names = around["variables"]
    origin = dict.fromkeys(names, Fraction(0))
    assert network_at(network, around, origin).towers == network.towers
    reach = Fraction(number(around["radius"]))
    for seed in range(1, 40):
        values = {
            v: reach * Fraction((seed * (3 * i + 5)) % 41 - 20, 20) for i, v in enumerate(names)
        }
        there = value(network_at(network, around, values))
        assert there - value(network) == formula(around["delta"], values)
        assert there >= value(network)


@stating("perturbation")
def test_lemma_1_perturbation(name: str) -> None:
    """w_i is killed by what stands above M_i, so the product stays; a row leaves V = ker f′."""
    network = NETWORKS[name]
    move = network.expect["perturbation"]
    j, small = network.expect["split"], {"eps": Fraction(1, 10)}
    slope: Any = network.loss.gradient(network.product())
    moved = list(network.layers)
    for i in range(1, j + 1):
        w = at([[x] for x in move["w"][str(i)]], small)
        v = at([move["v"][str(i)]], small)
        above: Any = network.chain(network.depth, i + 1)
        assert (above @ w).is_zero()
        assert not w.is_zero()
        moved[i - 1] = moved[i - 1] + w @ v  # type: ignore[operator]
    after = Network.single("moved", moved, network.loss)
    assert after.product() == network.product()
    outside = at([move["row_outside_V"]], small)
    below: Any = after.chain(j, 1)
    assert any(below.block([r], range(below.cols)) == outside for r in range(below.rows))
    assert not (slope @ outside.T).is_zero()


@stating("critical_points_of_rank_1")
def test_the_value_is_among_the_critical_ones(name: str) -> None:
    network = NETWORKS[name]
    census = network.expect["critical_points_of_rank_1"]
    assert census["real"] == len(census["values"]) <= census["complex"]
    assert network.expect["value"] in census["values"]


@stating("multiplier_of_det")
def test_the_lagrangian_is_a_sum_of_squares(name: str) -> None:
    """f − 1 + λ·det, stationary with value 0 at the product, has no negative curvature."""
    network = NETWORKS[name]
    lam = number(network.expect["multiplier_of_det"])
    product: Any = network.product()
    slope: Any = network.loss.gradient(product)
    bend: Any = network.loss.hessian(product)
    (a, b), (c, d) = product.entries()
    assert (slope + lam * ExactMatrix.of([[d, -c], [-b, a]])).is_zero()
    of_det = ExactMatrix.of([[0, 0, 0, 1], [0, 0, -1, 0], [0, -1, 0, 0], [1, 0, 0, 0]])
    assert (bend + lam * of_det).inertia()[2] == 0


E01_LOSS = "(w11-2)**2+(w22-1)**2+3*w12**2+3*w21**2"
PLAIN_LOSS = "(w11-2)**2+(w22-1)**2+w12**2+w21**2"
SOFTMAX = "log(1+exp(w21-w11))+log(1+exp(w12-w22))"
NOT_CONVEX = "w11**2+w12**2+w22**2+(w21**2-1)**2"


def distance(rows: int, cols: int, target: dict[str, int]) -> str:
    entries = [f"w{r}{c}" for r in range(1, rows + 1) for c in range(1, cols + 1)]
    return "+".join(f"({entry}-{target.get(entry, 0)})**2" for entry in entries)


LOSSES = {
    **dict.fromkeys(["E01", "E02", "E03", "E04", "E05", "E07", "E28", "E30"], E01_LOSS),
    **dict.fromkeys(["E08", "E09"], distance(3, 3, {"w11": 3, "w22": 2, "w33": 1})),
    "E10": distance(2, 2, {"w22": 1}),
    **dict.fromkeys(["E11", "E12", "E17", "E32", "E33"], PLAIN_LOSS),
    "E16": "(w11-1)**2+w21**2+1",
    "E19": distance(3, 3, {"w11": 1}),
    "E20": "(w11-2)**2+(w21-1)**2",
    **dict.fromkeys(["E22", "E23"], SOFTMAX),
    "E24": "3*exp(-w11)+(w22-1)**2+3*w12**2+3*w21**2",
    "E25": "Abs(w11)+Abs(w12)+Abs(w22)+Abs(w21-1)",
    **dict.fromkeys(["E26", "E31"], NOT_CONVEX),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_the_loss_is_the_known_function(name: str) -> None:
    """Whatever kind the file names, the loss is the function that the example was found with."""
    network = NETWORKS[name]
    rows, cols = network.shape
    known = ExpressionLoss(network.shape, parse_expression(LOSSES[name], network.shape))
    for seed in range(4):
        entries = [
            [Fraction((seed + 2) * (3 * r + 5 * c + 1) % 11 - 4, 3) for c in range(cols)]
            for r in range(rows)
        ]
        here = ExactMatrix.of(entries)
        difference: Any = network.loss.value(here)
        difference -= known.value(here)
        assert is_zero(difference)


@pytest.mark.parametrize("name", NETWORKS)
def test_convexity_and_differentiability(name: str) -> None:
    loss = NETWORKS[name].loss
    assert (loss.convexity == "not convex") == (name in {"E26", "E31"})
    assert loss.differentiable == (name != "E25")
    assert NETWORKS[name].expect.get("differentiable", True) == loss.differentiable
