"""The page of a diagnosis in a real browser: exact, proved from floats, and numerical."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from proofkit.diagnose import diagnose
from proofkit.diagnose.report import page
from proofkit.networks.exact import ExactMatrix
from proofkit.networks.floating import FloatMatrix
from proofkit.networks.losses import SquaredLoss, WeightedSquaredLoss
from proofkit.networks.network import Network

from .test_browser import opened

SQUARED = SquaredLoss(ExactMatrix.identity(2), ExactMatrix.of([[2, 0], [0, 1]]))
WEIGHTED = WeightedSquaredLoss(ExactMatrix.of([[2, 0], [0, 1]]), ExactMatrix.of([[1, 3], [3, 1]]))
BESIDE_A_SADDLE = [np.array([[1e-10, 1 / 3]]), np.array([[0.0], [3.0]])]
SADDLE = [np.array([[0.0, 1 / 3]]), np.array([[0.0], [3.0]])]


def network(layers: list[Any], loss: Any) -> Network:
    return Network.single("a point", layers, loss)


NETWORKS = {
    "exact": network(
        [ExactMatrix.zeros(2, 2), ExactMatrix.zeros(2, 2), ExactMatrix.zeros(2, 2)], SQUARED
    ),
    "spurious": network([ExactMatrix.of([[0, 1]]), ExactMatrix.of([[0], [1]])], WEIGHTED),
    "proved": network([FloatMatrix.of(m) for m in BESIDE_A_SADDLE], SQUARED),
    "numerical": network([FloatMatrix.of(m) for m in SADDLE], SQUARED),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("diagnoses")
    result = {}
    for name, point in NETWORKS.items():
        found = diagnose(point, certify=name == "proved")
        result[name] = folder / f"{name}.html"
        result[name].write_text(page(found), encoding="utf-8")
    return result


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_is_accessible_and_fits(
    browser: Any, axe: str, made: dict[str, Path], name: str, theme: str, width: int
) -> None:
    size = {"width": width, "height": 900}
    with opened(browser, made[name], viewport=size, color_scheme=theme) as shown:
        shown.evaluate(axe)
        found = shown.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        assert [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == []
        assert shown.evaluate("document.documentElement.scrollWidth") <= width
        svgs = shown.evaluate(
            "[...document.querySelectorAll('figure svg')].map(s => s.getBoundingClientRect().right)"
        )
        assert len(svgs) == (1 if name == "spurious" else 2)
        assert max(svgs) <= width


def test_the_same_page_every_time() -> None:
    found = diagnose(NETWORKS["proved"], certify=True)
    assert page(found) == page(diagnose(NETWORKS["proved"], certify=True))
    assert "proved in balls" in page(found)
    assert "at t = 1 it is negative by more than rounding" in page(found)
