"""The application: addresses of walkthroughs, of what rests on them, and of derivatives."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from proofkit.web import deriving
from proofkit.web.guard import App, Guard
from proofkit.web.jobs import Answer, Asked, fault_page
from proofkit.web.pool import Limits, Pool
from proofkit.web.state import (
    MAX_WORD,
    BadState,
    Choice,
    Resting,
    State,
    read_choice,
    read_json,
    read_query,
)

__all__ = ["MAX_BODY", "application"]

MAX_BODY: Final = 1_200_000
"""Bytes of a request's body: a network of a million characters, escaped."""

PATIENCE: Final = 15.0
"""Seconds in which the body of a request has to arrive."""


class TooLong(Exception):
    """A body that is longer than it may be, or longer in coming."""


def application(
    hosts: frozenset[str],
    modules: tuple[str, ...] = (),
    limits: Limits = Limits(),  # noqa: B008 - frozen
    *,
    any_address: bool = False,
    ready: Callable[[], None] = lambda: None,
) -> App:
    """The application, which answers to the hosts only; ``ready`` is called when it can answer."""
    pool = Pool(modules, limits)

    @asynccontextmanager
    async def life(app: Starlette) -> AsyncIterator[None]:
        await pool.start()
        # Who starts a server looks at its start page next.
        first = asyncio.create_task(pool.answer(State()))
        ready()
        yield
        first.cancel()
        await pool.close()

    async def told(request: Request, read: Callable[[Request], Awaitable[Asked]]) -> Response:
        try:
            asked = await read(request)
        except BadState as fault:
            return _response(fault_page(400, str(fault)))
        except TooLong as fault:
            return _response(fault_page(413, str(fault)))
        return _response(await pool.answer(asked))

    async def walk(request: Request) -> Response:
        return await told(request, _state)

    async def kernel(request: Request) -> Response:
        return await told(request, _choice)

    async def derive(request: Request) -> Response:
        return _response(await pool.answer(deriving.read_question(request.query_params)))

    async def resting(request: Request) -> Response:
        named = (request.query_params.get(name, "")[:MAX_WORD] for name in ("result", "route"))
        answer = await pool.answer(Resting(*named))
        if answer.status != 200:
            return _response(answer)
        return Response(answer.page, media_type="application/json")

    async def nothing(request: Request) -> Response:
        return Response(status_code=204)

    async def absent(request: Request, fault: Exception) -> Response:
        status = fault.status_code if isinstance(fault, HTTPException) else 500
        return PlainTextResponse("There is nothing at this address.\n", status)

    routes = [
        Route("/", walk, methods=["GET", "POST"]),
        Route(deriving.PATH, derive, methods=["GET"]),
        Route("/kernel", kernel, methods=["POST"]),
        Route("/resting", resting, methods=["GET"]),
        Route("/favicon.ico", nothing),
    ]
    app = Starlette(routes=routes, lifespan=life, exception_handlers={HTTPException: absent})
    return Guard(app, hosts, MAX_BODY, any_address=any_address)


async def _state(request: Request) -> State:
    if request.method != "POST":
        return read_query(request.query_params)
    return read_json(await _body(request))


async def _choice(request: Request) -> Choice:
    return read_choice(await _body(request))


async def _body(request: Request) -> bytes:
    """The body, which may say nothing of its length beforehand."""
    found = bytearray()
    try:
        async with asyncio.timeout(PATIENCE):
            async for chunk in request.stream():
                found += chunk
                if len(found) > MAX_BODY:
                    raise TooLong(f"a request may have at most {MAX_BODY:,} bytes")
    except TimeoutError as fault:
        raise TooLong(f"the request did not arrive within {PATIENCE:g} s") from fault
    except ClientDisconnect as fault:
        raise BadState("the request was cut short") from fault
    return bytes(found)


def _response(answer: Answer) -> Response:
    scripts, styles = (" ".join(found) or "'none'" for found in (answer.scripts, answer.styles))
    policy = [
        "default-src 'none'",
        f"script-src {scripts}",
        f"style-src {styles}",
        "font-src data:",
        "img-src data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
    headers = {"content-security-policy": "; ".join(policy)}
    return Response(answer.page, answer.status, headers, "text/html; charset=utf-8")
