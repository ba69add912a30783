"""The most striking examples of a sweep as network files that ``proofkit diagnose`` reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from proofkit.networks.files import write_network
from proofkit.networks.matrices import FloatMatrix
from proofkit.networks.network import Network
from proofkit.sweep.block import searched
from proofkit.sweep.families import lane
from proofkit.sweep.lanes import Array, unpacked
from proofkit.sweep.spec import Spec
from proofkit.sweep.store import read_spec
from proofkit.sweep.summary import Striking

__all__ = ["export_examples", "problem_network"]


def problem_network(spec: Spec, row: dict[str, Any]) -> Network:
    """The spurious minimum that a row tells of, found again: its layers, loss and lower point."""
    family, index = spec.make(), row["index"]
    first = index - index % spec.block
    data, found = searched(spec, family, range(first, first + spec.block))

    def layers(start: int) -> list[Array]:
        return unpacked(found.points[:, (index - first) * spec.starts + start, None], spec.dims)

    widths = "-".join(map(str, spec.dims))
    lower = [layer[:, :, 0].tolist() for layer in layers(row["best_start"])]
    network = Network.single(
        f"{spec.family}, {widths}, seed {spec.seed}, problem {index}: a spurious local minimum",
        [FloatMatrix.of(layer[:, :, 0]) for layer in layers(row["start"])],
        family.loss(lane(data, index - first)),
    )
    facts = {
        "verdict": "spurious-local-minimum",
        "value": row["value"],
        "within": row.get("within"),
        "lower_point": {"layers": lower, "value": row["best"]},
    }
    return Network(network.title, network.towers, network.loss, expect=facts)


def export_examples(striking: list[Striking], output: Path) -> list[Path]:
    """Write a network file for each of the examples; returns their paths."""
    output.mkdir(parents=True, exist_ok=True)
    written = []
    for example in striking:
        spec = read_spec(Path(example.folder))
        widths = "-".join(map(str, spec.dims))
        path = output / f"{spec.family}-{widths}-{spec.seed}-{example.row['index']}.json"
        write_network(problem_network(spec, example.row), path)
        written.append(path)
    return written
