"""Documents of many jobs: the same however the work is shared out, and never many in memory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from proofkit.checking import example_network
from proofkit.cli.common import find_network
from proofkit.reports import plan, write_reports
from proofkit.reports.tracing import plain_trace, trace_of
from proofkit.views import as_json, html, latex_document
from proofkit.views.common import Common
from theorems import PACK


def _jobs(id: str) -> list[Any]:
    return plan([(PACK, PACK[id])], find_network, every=True)


@pytest.mark.parametrize("id", ["perturbation", "lemma-2"])
def test_pages_made_together_are_what_they_are_alone(id: str) -> None:
    result = PACK[id]
    others = [plain_trace(PACK[used]) for used in result.run().footprint.results]
    common = Common()
    for label in ("E20", "E08", "E25"):  # in E25 a hypothesis fails
        trace = trace_of(PACK, result, label, example_network(PACK, label))
        alone = html.page(trace, others=others)
        assert html.page(trace, others=others, common=common) == alone
        article = latex_document.document(trace, others=others)
        assert latex_document.document(trace, others=others, common=common) == article
        assert as_json.document(trace, common) == as_json.document(trace)
        assert f"<b>{label}</b>" in alone


def test_any_number_of_workers_writes_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = [*_jobs("chain-rule")[:3], *_jobs("perturbation")[:2]]
    for count in (1, 2, 3):
        monkeypatch.setattr("proofkit.basics.parallel.cores", lambda count=count: count)
        write_reports(jobs, tmp_path / str(count), ("html", "latex"))
    one, *more = (
        {path.name: path.read_bytes() for path in (tmp_path / str(count)).iterdir()}
        for count in (1, 2, 3)
    )
    assert len(one) == 12 and all(other == one for other in more)


def test_outcomes_come_in_order_and_their_files_are_let_go(tmp_path: Path) -> None:
    jobs = _jobs("chain-rule")[:4]
    told: list[tuple[str, list[str]]] = []
    written = write_reports(
        jobs,
        tmp_path,
        ("html",),
        done=lambda outcome: told.append((outcome.job.name, list(outcome.files))),
    )
    assert told == [(job.name, [f"{job.name}.html"]) for job in jobs]
    assert not any(outcome.files for outcome in written.outcomes)
    assert {path.name for path in written.files} == {path.name for path in tmp_path.iterdir()}
