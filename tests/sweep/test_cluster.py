"""A sweep on a real Dask cluster, one of whose workers is killed half-way."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from proofkit.sweep.execution import run_sweep
from proofkit.sweep.spec import Spec
from tests.sweep.conftest import contents

if "CI" in os.environ:
    import distributed
else:
    distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two worker processes on this machine."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        yield cluster


def test_a_worker_killed_half_way_changes_nothing(
    cluster: Any, spec: Spec, whole: bytes, tmp_path: Path
) -> None:
    with distributed.Client(cluster) as client:
        pids = client.run(os.getpid)
        killed: list[int] = []

        def kill_one(rows: int) -> None:
            if rows >= spec.count // 3 and not killed:
                killed.append(next(iter(pids.values())))
                os.kill(killed[0], signal.SIGKILL)

        run_sweep(spec, tmp_path, client.get_executor(), workers=2, progress=kill_one)
    assert killed
    assert contents(tmp_path) == whole


def test_the_command_line_runs_on_a_scheduler(
    cluster: Any, whole: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from click.testing import CliRunner

    from proofkit.cli.sweep import sweep

    arguments = ["--family", "weighted-squared", "--count", "60", "--seed", "1"]
    arguments += ["--starts", "1024", "-o", str(tmp_path)]
    ran = CliRunner().invoke(sweep, [*arguments, "--scheduler", cluster.scheduler_address])
    assert ran.exit_code == 0, ran.output
    assert contents(tmp_path) == whole
