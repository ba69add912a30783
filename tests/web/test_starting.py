"""How soon a server answers: in processor time, beside a command that runs the same proof.

By the clock it says that it is up within 3 s, and the first page comes 1.5 s later; a machine that
does other things as well would make a test of that fail.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time

from .processes import busy, children
from .test_stopping import ask, started


def used_by(*arguments: str) -> float:
    """The processor time of a command, in seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "proofkit", *arguments], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def spent(process: subprocess.Popen[str]) -> dict[int, float]:
    """The processor time so far of each process of the server."""
    return {pid: busy(pid) for pid in (process.pid, *children(process.pid))}


def test_a_server_is_up_before_it_has_run_all_proofs_and_its_first_page_follows() -> None:
    with started() as (process, port):
        up = spent(process)
        assert ask(port, {}) == 200
        first = {pid: used - up.get(pid, 0.0) for pid, used in spent(process).items()}
    workers = set(up) - {process.pid, max(up, key=up.__getitem__)}
    page = max(first[pid] for pid in workers)
    proof = used_by("axioms", "lemma-1")
    print(f"\nup {max(up.values()):.2f} s, first page {page:.2f} s, one proof {proof:.2f} s")
    assert max(up.values()) < 1.8 * proof
    assert 0 < page < 1.2 * proof


def test_the_first_workers_are_replaced_by_others_that_have_run_all_proofs() -> None:
    """Meanwhile no reader is left without an answer."""
    with started() as (process, port):
        base = max(spent(process), key=busy)
        first = set(children(base))
        assert len(first) == 2
        seed, until = 0, time.monotonic() + 240
        while first & set(children(base)) and time.monotonic() < until:
            seed += 1
            assert ask(port, {"seed": str(seed)}) == 200
        assert not first & set(children(base))
        before = spent(process)
        assert ask(port, {"result": "theorem-1"}) == 200
        # Nothing had to be proved for a page that nobody had asked for.
        page = max(used - before.get(pid, 0.0) for pid, used in spent(process).items())
    assert page < used_by("axioms", "lemma-1") / 3
