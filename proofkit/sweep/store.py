"""Rows on disk: append-only parts of JSON lines, in order of the problems' indices.

Part n holds the rows n·PART_ROWS, …; how many rows there are says where to go on. A run that was
killed leaves at most a torn last line, which is cut off; so nothing is lost or doubled, and the
files of a sweep are the same bytes however often it was interrupted and whoever computed them.

JSON lines rather than Parquet: a Parquet file has its index at its end, so one whose writer was
killed holds nothing that can be read, while a file of lines loses at most its last. Rows are
short, and every data frame library reads them: ``pandas.read_json(part, lines=True)``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from proofkit.sweep.spec import Spec, SweepError

__all__ = ["PART_ROWS", "Store", "read_rows", "read_spec"]

PART_ROWS = 20_000

_CHUNK = 1 << 20


def read_spec(directory: Path) -> Spec:
    """The specification of the sweep in a folder; `SweepError` if there is none."""
    path = directory / "sweep.json"
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as fault:
        raise SweepError(f"{directory} holds no sweep: there is no sweep.json") from fault
    except ValueError as fault:
        raise SweepError(f"{path} is damaged: {fault}") from fault
    if not isinstance(data, dict):
        raise SweepError(f"{path} is damaged: it is not an object")
    return Spec.from_json(data)


def read_rows(directory: Path) -> Iterator[dict[str, Any]]:
    """The complete rows of a sweep, one at a time; `SweepError` where one is missing or damaged."""
    expected = 0
    for path in _parts(directory):
        with path.open(encoding="utf-8") as part:
            for line in part:
                if not line.endswith("\n"):
                    return
                try:
                    row = json.loads(line)
                    index = row["index"]
                except (ValueError, TypeError, KeyError) as fault:
                    raise SweepError(f"{path}: row {expected} is damaged: {fault}") from fault
                if index != expected:
                    raise SweepError(f"{path}: row {expected} is missing, {index} follows")
                expected += 1
                yield row


class Store:
    """A folder that one run at a time appends rows to; a context manager.

    Raises `SweepError` when the folder holds another sweep, is damaged, or is in use.
    """

    def __init__(self, directory: Path, spec: Spec) -> None:
        self.directory = directory
        self.spec = spec
        self.rows = 0
        self._file: int | None = None
        self._offset = 0
        directory.mkdir(parents=True, exist_ok=True)
        self._lock = _locked(directory / "lock")
        try:
            self._claim()
            self._recover()
        except BaseException:
            self.close()
            raise

    def append(self, lines: list[str]) -> None:
        """Add rows, each a JSON text without its newline.

        When the disk refuses, what was written of these rows is taken back as far as lines are
        torn, and the ``OSError`` goes on.
        """
        while lines:
            room = PART_ROWS - self.rows % PART_ROWS
            taken, lines = lines[:room], lines[room:]
            file = self._open()
            data = memoryview("".join(f"{line}\n" for line in taken).encode())
            try:
                while data:
                    data = data[os.write(file, data) :]
            except OSError:
                os.ftruncate(file, self._offset)
                raise
            self._offset = os.lseek(file, 0, os.SEEK_END)
            self.rows += len(taken)
            if self.rows % PART_ROWS == 0:
                self._finish_part()

    def close(self) -> None:
        """Flush to the disk and let others use the folder."""
        try:
            self._finish_part()
        finally:
            if self._lock is not None:
                os.close(self._lock)
                self._lock = None

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _claim(self) -> None:
        """Write down what this sweep is, or see that the folder holds the same one."""
        path = self.directory / "sweep.json"
        text = json.dumps(self.spec.to_json(), indent=2) + "\n"
        if path.exists():
            other = read_spec(self.directory)
            if other == self.spec:
                return
            known, wanted = (s.to_json() | {"count": 0} for s in (other, self.spec))
            differ = [key for key in wanted if known.get(key) != wanted[key]]
            if differ:
                raise SweepError(
                    f"{self.directory} holds another sweep: {differ[0]} is "
                    f"{known[differ[0]]!r} there and {wanted[differ[0]]!r} here"
                )
            if self.spec.count < other.count:
                raise SweepError(f"{self.directory} holds {other.count} problems already asked for")
        elif _parts(self.directory):
            raise SweepError(f"{self.directory} holds rows but no sweep.json")
        scratch = path.with_suffix(".json.new")
        with scratch.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(path)

    def _recover(self) -> None:
        """Count the rows and cut off a torn line at the end."""
        parts = _parts(self.directory)
        for n, path in enumerate(parts):
            lines, end = _complete_lines(path)
            last = n == len(parts) - 1
            if path.name != _part_name(n) or lines > PART_ROWS or (lines < PART_ROWS and not last):
                raise SweepError(f"{path} is damaged: it has {lines} of {PART_ROWS} rows")
            if last and end < path.stat().st_size:
                os.truncate(path, end)
            self.rows += lines
        if parts and self.rows:
            last_row = _last_row(
                parts[-1] if self.rows % PART_ROWS else parts[self.rows // PART_ROWS - 1]
            )
            if last_row != self.rows - 1:
                raise SweepError(
                    f"{parts[-1]} is damaged: row {self.rows - 1} says it is {last_row}"
                )

    def _open(self) -> int:
        if self._file is None:
            path = self.directory / _part_name(self.rows // PART_ROWS)
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
            self._offset = os.lseek(self._file, 0, os.SEEK_END)
        return self._file

    def _finish_part(self) -> None:
        if self._file is not None:
            file, self._file = self._file, None
            try:
                os.fsync(file)
            finally:
                os.close(file)


def _part_name(n: int) -> str:
    return f"part-{n:05}.jsonl"


def _parts(directory: Path) -> list[Path]:
    return sorted(directory.glob("part-*.jsonl"))


def _complete_lines(path: Path) -> tuple[int, int]:
    """How many lines end with a newline, and where the last of them ends."""
    lines = end = position = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if (found := chunk.count(b"\n")) > 0:
                lines += found
                end = position + chunk.rindex(b"\n") + 1
            position += len(chunk)
    return lines, end


def _last_row(path: Path) -> int | None:
    """The index that the last line states."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _CHUNK))
        try:
            index: int = json.loads(file.read().splitlines()[-1])["index"]
        except (ValueError, TypeError, KeyError, IndexError):
            return None
    return index


def _locked(path: Path) -> int | None:
    """A lock that the operating system releases whatever becomes of this process."""
    try:
        import fcntl
    except ImportError:  # pragma: no cover - Windows has none
        return None
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as fault:
        os.close(file)
        raise SweepError(f"another run is writing to {path.parent}") from fault
    return file
