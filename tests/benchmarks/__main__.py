"""``python -m tests.benchmarks``: measure, print the tables, write them into RESULTS.md.

``--only NAME`` measures some of them, ``--tiny`` only sees that they run, ``--no-file`` leaves
the file alone. Peers come with ``pip install '.[benchmarks]'`` and, for Singular,
``apt-get install singular-ui singular-modules``; those that are absent are skipped.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import sys
from importlib import import_module
from pathlib import Path

from tests.benchmarks.harness import Size, Table

NAMES = ("identity", "gradients", "exact_linear", "evaluating", "jobs", "sweeping", "derivatives")
# One thread for everybody: ratios then say what the code does, and not how the threads of several
# libraries get along on a machine that others use as well.
ONE_THREAD = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
}
RESULTS = Path(__file__).parent / "RESULTS.md"
BEGIN, END = "<!-- benchmarks: begin -->", "<!-- benchmarks: end -->"


def written(text: str, tables: list[Table]) -> str:
    """The results with the tables between the markers.

    Tables that were not measured this time stay. ``ValueError`` when the markers are missing.
    """
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise ValueError(f"RESULTS.md needs {BEGIN} and {END}, once each")
    before, rest = text.split(BEGIN)
    old, after = rest.split(END)
    kept = dict(_sections(old))
    for table in tables:
        kept[table.title.split(".")[0]] = table.markdown()
    body = "\n".join(kept[key].strip() + "\n" for key in sorted(kept, key=_order))
    return f"{before}{BEGIN}\n{machine()}\n\n{body}{END}{after}"


def _sections(text: str) -> list[tuple[str, str]]:
    parts = re.split(r"(?m)^(?=\*\*\d+\w?\. )", text)[1:]
    return [(part[2:].split(".")[0], part) for part in parts]


def _order(key: str) -> tuple[int, str]:
    return int(re.match(r"\d+", key)[0]), key  # type: ignore[index]


def machine() -> str:
    """What was measured on."""
    return (
        f"Python {platform.python_version()}, {os.cpu_count()} cores, medians of at least 7 rounds "
        "in which the contestants take turns, one thread each; tables 1 to 4 and 8 give CPU time, "
        "the others that of the clock; (n×) marks those too slow for more than n rounds."
    )


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--only", action="append", choices=NAMES, help="measure this one")
    parser.add_argument("--tiny", action="store_true", help="only see that they run")
    parser.add_argument("--no-file", action="store_true", help="leave RESULTS.md alone")
    chosen = parser.parse_args()
    os.environ.update(ONE_THREAD)
    tables: list[Table] = []
    for name in chosen.only or NAMES:
        print(f"… {name}", file=sys.stderr, flush=True)
        for table in import_module(f"tests.benchmarks.{name}").run(Size(chosen.tiny)):
            print(table.markdown(), flush=True)
            tables.append(table)
    if not (chosen.no_file or chosen.tiny):
        RESULTS.write_text(written(RESULTS.read_text(encoding="utf-8"), tables), encoding="utf-8")


if __name__ == "__main__":
    main()
