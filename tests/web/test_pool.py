"""The pool: one worker for each page that is made, and a new one for each that was lost."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest

from proofkit.web import jobs
from proofkit.web.jobs import Answer, answer
from proofkit.web.pool import Died, Late, Limits, Pool
from proofkit.web.state import State

T = TypeVar("T")


class Fake:
    """A worker that answers as it is told."""

    stopped = 0
    lives = True

    def __init__(self, reply: Callable[[State], Answer]) -> None:
        self._reply = reply

    def ask(self, state: State) -> Answer:
        return self._reply(state)

    def stop(self) -> None:
        Fake.stopped += 1


def pool(reply: Callable[[State], Answer], **limits: Any) -> Pool:
    found = Pool((), Limits(**limits))
    found._worker = lambda: Fake(reply)  # type: ignore[method-assign,assignment,return-value]
    found._renew = nothing  # type: ignore[method-assign]
    return found


async def nothing() -> None:
    """What a pool of fakes does to renew them."""


def apart(task: Coroutine[Any, Any, T]) -> T:
    """The task's outcome, in a thread of its own: the browser's tests keep a loop in this one."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, task).result()


def asked(made: Pool, *states: State) -> list[Answer]:
    async def run() -> list[Answer]:
        await made.start()
        return list(await asyncio.gather(*(made.answer(state) for state in states)))

    return apart(run())


def test_a_page_that_many_ask_for_is_made_once() -> None:
    made: list[State] = []

    def reply(state: State) -> Answer:
        made.append(state)
        return Answer(200, state.result)

    pages = asked(pool(reply), *[State("a"), State("b"), State("a")] * 10)
    assert [page.page for page in pages] == ["a", "b", "a"] * 10
    assert sorted(state.result for state in made) == ["a", "b"]


def test_faults_are_not_remembered() -> None:
    made: list[State] = []

    def reply(state: State) -> Answer:
        made.append(state)
        return Answer(422, "no")

    one = pool(reply)

    async def run() -> None:
        await one.start()
        await one.answer(State("a"))
        await one.answer(State("a"))

    apart(run())
    assert len(made) == 2


@pytest.mark.parametrize(
    ("reply", "status", "words"),
    [
        (Late(), 503, "more than the 20 s"),
        (Died(), 503, "more memory than the 1,024 MB"),
        (Answer(413, "no memory", spent=True), 413, "no memory"),
    ],
)
def test_a_worker_that_is_lost_or_spent_is_replaced(
    reply: Answer | Exception, status: int, words: str
) -> None:
    def answered(state: State) -> Answer:
        if isinstance(reply, Exception):
            raise reply
        return reply

    Fake.stopped = 0
    one = pool(answered)
    (found,) = asked(one, State("a"))
    assert found.status == status
    assert words in found.page
    assert (one.replaced, Fake.stopped) == (1, 1)
    assert one._idle.qsize() == Limits().workers


def test_a_worker_that_was_killed_while_idle_costs_no_reader_an_answer() -> None:
    one = pool(lambda state: Answer(200, state.result), workers=2)

    async def run() -> Answer:
        await one.start()
        for worker in list(one._idle._queue):  # type: ignore[attr-defined]
            worker.lives = False
        return await one.answer(State("a"))

    assert apart(run()).page == "a"
    assert one.replaced == 1


def test_the_first_workers_are_replaced_when_they_are_idle_and_no_answer_is_lost() -> None:
    hold = threading.Event()

    def reply(state: State) -> Answer:
        if state.result == "slow":
            hold.wait(60)
        return Answer(200, state.result)

    one = pool(reply, workers=2)
    made: list[Fake] = []

    def worker() -> Fake:
        made.append(Fake(reply))
        one._workers.add(made[-1])  # type: ignore[arg-type]
        return made[-1]

    one._worker = worker  # type: ignore[method-assign,assignment]

    async def run() -> None:
        await one.start()
        slow = asyncio.create_task(one.answer(State("slow")))
        await asyncio.sleep(0.05)
        renewed = asyncio.create_task(Pool._renew(one))
        await asyncio.sleep(0.3)
        # One is replaced, the other is still at work.
        assert not renewed.done() and len(set(made[:2]) & one._workers) == 1  # type: ignore[arg-type]
        assert (await one.answer(State("a"))).page == "a"
        hold.set()
        assert (await slow).page == "slow"
        await asyncio.wait_for(renewed, 30)
        assert one._workers == set(made[2:4]) and one._idle.qsize() == 2

    apart(run())


def test_networks_of_readers_leave_a_worker_free() -> None:
    hold = threading.Event()

    def reply(state: State) -> Answer:
        if state.network:
            hold.wait(60)
        return Answer(200, state.network)

    one = pool(reply, workers=2)

    async def run() -> None:
        await one.start()
        busy = [asyncio.create_task(one.answer(State(network=f"{n}"))) for n in range(5)]
        await asyncio.sleep(0.05)
        free = await asyncio.wait_for(one.answer(State("a")), 30)
        assert free.status == 200 and not any(task.done() for task in busy)
        hold.set()
        assert [(await task).page for task in busy] == [str(n) for n in range(5)]

    apart(run())


def test_more_than_may_wait_are_told_so() -> None:
    hold = threading.Event()

    def reply(state: State) -> Answer:
        hold.wait(60)
        return Answer(200, "")

    one = pool(reply, workers=2, waiting=3)

    async def run() -> list[int]:
        await one.start()
        tasks = [asyncio.create_task(one.answer(State(seed=n))) for n in range(5)]
        await asyncio.sleep(0.05)
        hold.set()
        return [(await task).status for task in tasks]

    assert apart(run()) == [200, 200, 200, 503, 503]


@pytest.mark.parametrize(
    ("fault", "status", "spent"),
    [(MemoryError(), 413, True), (RecursionError(), 422, False), (KeyError("x"), 500, False)],
)
def test_whatever_goes_wrong_becomes_a_page(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    fault: Exception,
    status: int,
    spent: bool,
) -> None:
    def fail(state: State, modules: tuple[str, ...]) -> str:
        raise fault

    monkeypatch.setattr(jobs, "_walk", fail)
    found = answer(State(), ())
    assert (found.status, found.spent) == (status, spent)
    assert "Traceback" not in found.page and "KeyError" not in found.page
    # Who runs the server is told; the reader is not.
    assert ("KeyError" in capsys.readouterr().err) == (status == 500)
