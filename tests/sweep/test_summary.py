"""Fractions, intervals, figures and exported examples; and the command line around them."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from proofkit.basics.drawing import Label
from proofkit.basics.drawing import Path as Path_
from proofkit.cli.sweep import sweep
from proofkit.networks.files import read_network
from proofkit.sweep import execution
from proofkit.sweep.block import block_rows
from proofkit.sweep.execution import run_sweep
from proofkit.sweep.intervals import wilson
from proofkit.sweep.page import experiment_page
from proofkit.sweep.picture import drawing, picture
from proofkit.sweep.second import opinion_on
from proofkit.sweep.spec import Spec, SweepError
from proofkit.sweep.store import read_rows
from proofkit.sweep.summary import FIRST, Summary, summarise
from tests.sweep.conftest import InThisProcess


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    found = []
    for family in ("E01", "weighted-squared"):
        folder = tmp_path_factory.mktemp(family)
        run_sweep(Spec(family, (2, 1, 2), 400), folder, InThisProcess())
        found.append(folder)
    return found


@pytest.fixture(scope="module")
def summary(folders: list[Path]) -> Summary:
    return summarise(folders, 3)


def test_wilson_is_what_scipy_says() -> None:
    from scipy.stats import binomtest

    for k, n in ((0, 7), (3, 7), (7, 7), (50, 1000), (999, 1000)):
        expected = binomtest(k, n).proportion_ci(0.95, "wilson")
        assert wilson(k, n) == pytest.approx((expected.low, expected.high), abs=1e-12)
    with pytest.raises(ValueError, match="8 successes in 7"):
        wilson(8, 7)


def test_every_row_is_counted_once(folders: list[Path], summary: Summary) -> None:
    whole, other = summary.sweeps
    assert (whole.problems, other.problems) == (400, 400)
    rows = list(read_rows(folders[0]))
    assert whole.counts["spurious"] == sum(row["verdict"] == "spurious" for row in rows) > 50
    along = [group for group in summary.along if group.family == "E01"]
    assert sum(group.problems for group in along) == 400
    assert sum(group.problems for group in summary.along) == 800
    for group in along:
        end = group.high if group.high < 3 else 4
        inside = [row for row in rows if group.low <= row["c"] < end]
        assert group.problems == len(inside)
        assert group.counts["spurious"] == sum(row["verdict"] == "spurious" for row in inside)


def test_the_fraction_jumps_where_c_crosses_2(summary: Summary) -> None:
    along = [group for group in summary.along if group.family == "E01"]
    assert len([g for g in along if g.high <= 2]) == len([g for g in along if g.low >= 2]) == 6
    assert all(g.share == 0 for g in along if g.high <= 2)
    assert all(g.share > 0.5 for g in along if g.low > 2)


def test_the_spread_of_weights_is_cut_by_ratios(summary: Summary) -> None:
    along = [group for group in summary.along if group.family == "weighted-squared"]
    assert (along[0].low, along[-1].high) == (1, 64)
    assert [round(g.high / g.low, 6) for g in along] == [round(64 ** (1 / 12), 6)] * 12
    assert min(group.problems for group in along) > 10


def test_examples_are_the_widest_gaps_and_hold_what_they_promise(
    folders: list[Path], summary: Summary, tmp_path: Path
) -> None:
    from proofkit.sweep.export import export_examples

    def gap(row: dict[str, Any]) -> float:
        return (row["value"] - row["best"]) / (1e-3 + abs(row["best"]))

    rows = [row for f in folders for row in read_rows(f) if row["verdict"] == "spurious"]
    assert [s.gap for s in summary.striking] == sorted(map(gap, rows), reverse=True)[:3]
    for path, example in zip(
        export_examples(summary.striking, tmp_path), summary.striking, strict=True
    ):
        network = read_network(path)
        value: Any = network.loss.value(network.product())
        assert value.value[0] == pytest.approx(example.row["value"], rel=1e-8)
        assert network.expect["lower_point"]["value"] == example.row["best"]


def test_a_problem_is_told_once_whatever_the_depth(tmp_path: Path) -> None:
    folders = []
    for dims in ((2, 1, 2), (2, 2, 1, 2)):
        folders.append(tmp_path / str(len(dims)))
        run_sweep(Spec("weighted-squared", dims, 200), folders[-1], InThisProcess())
    striking = summarise(folders, 6).striking
    assert len({s.row["index"] for s in striking}) == len(striking) == 6


def test_figures_and_pages_are_the_same_every_time(summary: Summary) -> None:
    assert picture(summary) == picture(summary)
    ElementTree.fromstring(picture(summary))
    page = experiment_page(summary)
    assert page == experiment_page(summary)
    assert not re.search(r'(src|href)="(http|//)', page)
    for group in summary.sweeps:
        assert f"{100 * group.share:.2f} %" in page and f"--family {group.family} " in page
    restored = Summary.from_json(json.loads(json.dumps(summary.to_json())))
    assert experiment_page(restored) == page
    assert picture(Summary())


def test_a_figure_shows_every_point_with_its_interval(summary: Summary) -> None:
    """Each of the groups' fractions is where the axes' labels put it."""
    drawn = drawing(summary)
    words = [mark.text for mark in drawn.marks if isinstance(mark, Label)]
    assert {"c", "E01, 2-1-2", "weighted-squared, 2-1-2"} <= set(words)
    assert any(text.startswith("spread s: weights") for text in words)
    # Two parameters, 12 bins each, and two sweeps: a point with two caps for each of them.
    markers = [mark for mark in drawn.marks if isinstance(mark, Path_) and mark.fill]
    assert len(markers) >= 3 * (12 + 12 + 2)


EXPERIMENT = "weighted-squared"


def committed() -> Summary:
    from theorems import PACK

    text = PACK.experiments()[EXPERIMENT].read_text(encoding="utf-8")
    return Summary.from_json(json.loads(text))


def test_the_committed_experiment_is_read() -> None:
    summary = committed()
    assert sum(g.problems for g in summary.sweeps) > 100_000
    assert summary.striking
    with pytest.raises(SweepError, match="not the summary"):
        Summary.from_json({})
    with pytest.raises(SweepError, match="damaged"):
        Summary.from_json(summary.to_json() | {"sweeps": [{}]})


@pytest.mark.parametrize("at", [0, 2, 5])
def test_the_committed_experiment_is_what_comes_out(at: int) -> None:
    """The first problems of some of its sweeps, drawn and searched again."""
    group = committed().sweeps[at]
    rows = block_rows(replace(Spec.from_json(group.spec), count=FIRST), 0)
    assert len(rows) == FIRST
    assert Counter(row["verdict"] for row in rows) == group.first


@pytest.mark.parametrize(
    ("verdict", "said", "opinion"),
    [
        ("spurious", "spurious-local-minimum", "agrees"),
        ("spurious", "local-minimum", "undecided"),
        ("spurious", "failed: ValueError", "failed"),
        ("spurious", "strict-saddle", "differs"),
        ("numerical", "global-minimum", "differs"),
        ("none-found", "spurious-local-minimum", "differs"),
        ("none-found", "global-minimum", "agrees"),
        ("none-found", "not-critical", "undecided"),
        ("none-found", None, None),
    ],
)
def test_second_opinions_are_compared(verdict: str, said: str | None, opinion: str | None) -> None:
    row = {"verdict": verdict} | ({"diagnosed": said} if said else {})
    assert opinion_on(row) == opinion


SAMPLES = {
    "weighted-squared": {},
    "E01": {},
    "logistic": {},
    "softmax": {},
    "huber": {},
    "expression": {
        "template": "(w11 - {a})**2 + exp(w22/4) + w22**2 + (w12 - w21)**2 + w12**2",
        "ranges": {"a": (-1.0, 1.0)},
    },
}


@pytest.mark.parametrize("family", SAMPLES)
def test_a_sample_is_diagnosed(family: str, tmp_path: Path) -> None:
    """``proofkit diagnose`` shares no code with the search, and has the same answer."""
    spec = Spec(family, (2, 1, 2), 24, diagnose=8, **SAMPLES[family])  # type: ignore[arg-type]
    run_sweep(spec, tmp_path, InThisProcess())
    rows = list(read_rows(tmp_path))
    assert [row["index"] for row in rows if "diagnosed" in row] == [0, 8, 16]
    opinions = summarise([tmp_path]).sweeps[0].opinions
    assert opinions == {"agrees": 3, "differs": 0, "undecided": 0, "failed": 0}


def test_a_diagnosis_that_fails_does_not_end_the_sweep(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from proofkit.diagnose.search import diagnosis

    def failing(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(diagnosis, "diagnose", failing)
    run_sweep(Spec("E01", (2, 1, 2), 3, diagnose=1), tmp_path, InThisProcess())
    said = {row["diagnosed"] for row in read_rows(tmp_path)}
    assert said == {"failed: ZeroDivisionError"}
    opinions = summarise([tmp_path]).sweeps[0].opinions
    assert opinions["failed"] == 3 and opinions["undecided"] == 0


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The command line without other processes."""

    monkeypatch.setattr(execution, "local_pool", lambda _: execution._given(InThisProcess()))
    yield


def ran(*arguments: object) -> Result:
    return CliRunner().invoke(sweep, [*map(str, arguments)], standalone_mode=False)


@pytest.mark.usefixtures("quick")
def test_the_command_line_from_drawing_to_the_summary(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    first = ran("--family", "E01", "--count", 100, "-o", folder, "--range", "c=2.5:3", "--json")
    assert first.exception is None, first.exception
    assert json.loads(first.output)["added"] == 100
    again = ran("-o", folder)
    assert "0 of them new" in again.output
    summed = ran("summarise", folder, "--json", "--examples", 2)
    assert summed.exception is None, summed.exception
    facts = json.loads(summed.output)
    assert facts["sweeps"][0]["problems"] == 100
    assert all(Path(name).exists() for name in facts["files"])
    assert len(list((folder / "summary" / "examples").glob("*.json"))) == 2
    shown = ran("summarise", folder)
    assert "c 2.5–2.54" in shown.output and "E01" in shown.output


def test_a_sweep_that_is_not_complete_is_summed_up_as_far_as_it_goes(tmp_path: Path) -> None:
    run_sweep(Spec("E01", (2, 1, 2), 30), tmp_path, InThisProcess())
    assert "rows so far" not in ran("summarise", tmp_path).output
    (part,) = tmp_path.glob("part-*.jsonl")
    part.write_bytes(b"".join(part.read_bytes().splitlines(keepends=True)[:20]))
    shown = ran("summarise", tmp_path)
    assert f"{tmp_path} has 20 of 30 rows so far" in shown.output


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--family", "E01"], "-o DIR"),
        (["-o", "{}"], "--family"),
        (["--family", "nope", "-o", "{}"], "no family is called"),
        (["--family", "E01", "--dims", "a,b", "-o", "{}"], "list of widths"),
        (["--family", "E01", "--range", "c=x", "-o", "{}"], "not a range"),
        (["--family", "E01", "--scheduler", "nonsense", "-o", "{}"], "nonsense"),
        (["summarise", "{}"], "holds no sweep"),
    ],
)
def test_wrong_usage_is_told_in_one_message(
    arguments: list[str], message: str, tmp_path: Path
) -> None:
    import click

    result = ran(*(a.replace("{}", str(tmp_path)) for a in arguments))
    assert isinstance(result.exception, click.ClickException)
    assert message in result.exception.format_message()
