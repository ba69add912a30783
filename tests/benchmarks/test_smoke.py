"""Every benchmark runs, at the smallest size."""

from importlib import import_module

import pytest

from tests.benchmarks.__main__ import BEGIN, END, NAMES, written
from tests.benchmarks.harness import Size, Table, duration, race


@pytest.mark.parametrize("name", NAMES)
def test_benchmarks_run(name: str) -> None:
    tables = import_module(f"tests.benchmarks.{name}").run(Size(tiny=True))
    for table in tables:
        assert table.rows
        assert table.markdown().startswith(f"**{table.title}**")


def test_tables_go_between_the_markers_and_others_stay() -> None:
    first, second = (Table(f"{n}. Title", ("a",), [(cell,)]) for n, cell in ((1, "x"), (2, "y")))
    text = written(f"before\n{BEGIN}\n{END}\nafter", [first, second])
    changed = Table("2. Title", ("a",), [("z",)])
    again = written(text, [changed])
    assert again.startswith("before\n") and again.endswith("\nafter")
    assert "| x |" in again and "| z |" in again and "| y |" not in again
    assert written(again, [changed]) == again
    with pytest.raises(ValueError, match="once each"):
        written("no markers", [first])


def test_contestants_take_turns_and_the_first_call_is_not_counted() -> None:
    calls: list[str] = []
    found = race({name: lambda name=name: calls.append(name) for name in "ab"}, 3)
    assert set(found) == {"a", "b"}
    assert all(timing.rounds == 3 for timing in found.values())
    assert "".join(calls).find("ba") > 0
    assert duration(0.00123) == "1.23 ms"
