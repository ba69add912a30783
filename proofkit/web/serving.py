"""Run the application under uvicorn."""

from __future__ import annotations

import socket
from collections.abc import Callable, Collection
from typing import Any, Final

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from proofkit.web.app import application
from proofkit.web.guard import hosts_for
from proofkit.web.pool import Limits

__all__ = ["bound", "run"]

HEADERS_WITHIN: Final = 15.0
"""Seconds in which the first request of a connection has to begin in full."""

LONGEST_HEAD: Final = 65_536
"""Bytes of a request's line and headers: an address may hold a network."""


class Impatient(H11Protocol):
    """Closes connections that send no request: they would be held open for nothing."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.loop.call_later(HEADERS_WITHIN, self._late)

    def _late(self) -> None:
        if self.cycle is None and not self.transport.is_closing():
            self.transport.close()


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens there.  Raises `OSError` when it cannot be."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port))
        found.listen(128)  # whoever comes before all is ready waits
    except OSError:
        found.close()
        raise
    return found


def run(
    listening: socket.socket,
    modules: tuple[str, ...],
    limits: Limits,
    *,
    allowed: Collection[str] = (),
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Serve on a bound socket until interrupted."""
    host, port = listening.getsockname()[:2]
    app = application(
        hosts_for(host, port, allowed),
        modules,
        limits,
        any_address=host not in ("127.0.0.1", "::1"),
        ready=ready,
    )
    config = uvicorn.Config(
        app,
        http=Impatient,
        ws="none",
        lifespan="on",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        h11_max_incomplete_event_size=LONGEST_HEAD,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=2,
        limit_concurrency=512,
    )
    uvicorn.Server(config).run(sockets=[listening])
