"""Diagnose in a process of its own, so that nothing a file holds can hang or exhaust the caller.

The child sets its own limits (address space, processor time) before it reads the file; the parent
waits for so long and no longer. What comes back is JSON.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from typing import Any, Final

__all__ = ["Failed", "run"]

_MEGABYTE: Final = 2**20


class Failed(Exception):
    """The diagnosis gave no answer: bad input, or more time or memory than allowed."""


def run(job: dict[str, Any], *, timeout: float, memory: int) -> dict[str, Any]:
    """Do a job in a child process.

    Args:
        job: ``{"task": "diagnose", "path": …, "loss": …, "layers": …, "convention": …, "seed": …,
            "certify": …, "tolerance": …, "report": …}`` or ``{"task": "recheck", "path": …}``.
        timeout: seconds.
        memory: megabytes of address space.

    Raises:
        Failed: with a message for the user.
    """
    text = json.dumps({**job, "memory": memory, "timeout": timeout})
    environment = {
        **os.environ,
        # One thread: sums come out the same everywhere, and threads that wait cost more than help.
        "OPENBLAS_NUM_THREADS": os.environ.get("OPENBLAS_NUM_THREADS", "1"),
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", "proofkit.diagnose.worker"],
            input=text,
            capture_output=True,
            text=True,
            timeout=timeout,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired as fault:
        raise Failed(
            f"{job['path']}: no answer within {timeout:g} s; --timeout allows more"
        ) from fault
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError as fault:
        if "MemoryError" in done.stderr or done.returncode < 0 or "alloc" in done.stderr.lower():
            raise Failed(
                f"{job['path']}: more than {memory} MB of memory or {timeout:g} s were needed"
            ) from fault
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise Failed(f"{job['path']}: the diagnosis broke off: {last}") from fault
    if "fault" in answer:
        raise Failed(str(answer["fault"]))
    return answer


def _main() -> None:
    job = json.loads(sys.stdin.read())
    limit = int(job["memory"]) * _MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    # The parent's clock comes first; this one is for a parent that has gone.
    seconds = int(job["timeout"]) * 4 + 10
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    try:
        answer = _diagnosed(job) if job["task"] == "diagnose" else _rechecked(job)
    except MemoryError:
        answer = {"fault": f"{job['path']}: more than {job['memory']} MB of memory were needed"}
    except RecursionError:
        answer = {"fault": f"{job['path']}: the loss nests too deeply"}
    json.dump(answer, sys.stdout)


def _diagnosed(job: dict[str, Any]) -> dict[str, Any]:
    from proofkit.diagnose.intake import RefusedLoss, reading_at
    from proofkit.diagnose.reading import diagnose_reading
    from proofkit.diagnose.search.diagnosis import diagnose
    from proofkit.diagnose.summary import told
    from proofkit.networks.faults import NetworkFileError

    try:
        reading = reading_at(
            job["path"], job.get("loss"), job.get("layers"), job.get("convention", "W@x")
        )
    except (NetworkFileError, RefusedLoss) as fault:
        return {"fault": str(fault)}
    try:
        found = diagnose_reading(
            reading,
            lambda network: diagnose(
                network,
                seed=job["seed"],
                certify=job["certify"],
                tolerance=job.get("tolerance"),
            ),
        )
    except OverflowError:
        return {
            "fault": f"{job['path']}: a number needed on the way lies beyond the range of doubles, "
            "about 10^308; scale the entries or the loss"
        }
    except (TypeError, ValueError) as fault:
        return {"fault": f"{job['path']}: {fault}"}
    answer = told(found)
    if job.get("report"):
        from proofkit.diagnose.report import page

        answer["report"] = page(found)
    return answer


def _rechecked(job: dict[str, Any]) -> dict[str, Any]:
    from pathlib import Path

    from proofkit.diagnose.check.recheck import Refused, recheck
    from proofkit.networks.faults import Fault
    from proofkit.networks.files import MAX_BYTES
    from proofkit.networks.strict_json import parse_json

    path = Path(job["path"])
    try:
        if not path.is_file():
            return {"fault": f"{path}: this is no file"}
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            return {"fault": f"{path}: the file is too large; at most {MAX_BYTES:,} bytes"}
        document = parse_json(content.decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError, Fault) as fault:
        return {"fault": f"{path}: no certificate can be read: {fault}"}
    if isinstance(document, dict) and isinstance(document.get("certificate"), dict):
        # What `diagnose --json` prints holds the certificate under this key.
        document = document["certificate"]
    try:
        return {"checks": recheck(document)}
    except Refused as fault:
        return {"refused": str(fault)}


if __name__ == "__main__":
    _main()
