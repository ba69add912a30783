"""What every request has to pass, and what every answer carries.

A page of another site may make a browser send requests to this server: `Host` tells that a name
was bent to this address, `Origin` and `Sec-Fetch-Site` that another site asks.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from typing import Any, Final

__all__ = ["HEADERS", "Guard", "hosts_for"]

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

HEADERS: Final = {
    "x-content-type-options": "nosniff",
    # The address holds the reader's network.
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
}
"""On every answer; a page's own policy takes the place of the strictest one here."""

DRAINED: Final = 32_000_000
DRAINED_WITHIN: Final = 10.0
"""Bytes and seconds for which the body of a refused request is read and thrown away."""

LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")


def hosts_for(host: str, port: int, allowed: Collection[str] = ()) -> frozenset[str]:
    """The values of `Host` that a server bound there answers to.

    >>> sorted(hosts_for("127.0.0.1", 8000))
    ['127.0.0.1:8000', '[::1]:8000', 'localhost:8000']
    """
    names = [*LOOPBACK, *(name.lower() for name in allowed)]
    if host not in ("0.0.0.0", "::", ""):
        names.append(f"[{host}]" if ":" in host else host)
    found = {f"{name}:{port}" for name in names}
    # Browsers leave out the port that is usual.
    return frozenset(found | set(names) if port == 80 else found)


class Guard:
    """Refuses requests for other hosts, from other sites, by other methods, and too long ones.

    With ``any_address`` requests to a bare IP address pass: nobody can bend such a name.
    """

    def __init__(
        self, app: App, hosts: frozenset[str], most: int, *, any_address: bool = False
    ) -> None:
        self._app, self._hosts, self._most, self._any = app, hosts, most, any_address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def dressed(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message.get("headers", [])}
                message["headers"] = [
                    *message.get("headers", []),
                    *(
                        (name.encode(), value.encode())
                        for name, value in HEADERS.items()
                        if name.encode() not in present
                    ),
                ]
            await send(message)

        fault = self._fault(scope)
        if fault is None:
            await self._app(scope, receive, dressed)
            return
        status, words = fault
        if not await _drained(receive):
            return
        body = (words + "\n").encode()
        headers = [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
        ]
        await dressed({"type": "http.response.start", "status": status, "headers": headers})
        await dressed({"type": "http.response.body", "body": body})

    def _fault(self, scope: Scope) -> tuple[int, str] | None:
        headers: dict[str, list[str]] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
        (host,) = headers.get("host", []) if len(headers.get("host", [])) == 1 else ("",)
        host = host.lower()
        if host not in self._hosts and not (self._any and _is_address(host)):
            return 421, "This server answers only to the name that it was started with."
        if any(origin != f"http://{host}" for origin in headers.get("origin", [])):
            return 403, "This request comes from another site."
        site = headers.get("sec-fetch-site", ["none"])[0]
        if site not in ("none", "same-origin") and headers.get("sec-fetch-mode") != ["navigate"]:
            return 403, "This request comes from another site."
        if scope["method"] not in ("GET", "HEAD", "POST"):
            return 405, "Only GET, HEAD and POST are answered."
        length = headers.get("content-length", ["0"])[0]
        if not length.isdigit() or len(length) > 12 or int(length) > self._most:
            return 413, f"A request may have at most {self._most:,} bytes."
        return None


async def _drained(receive: Receive) -> bool:
    """Read what is still sent, within limits: who is cut off while sending sees no answer.

    Whether there is anyone left to be answered.
    """
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(DRAINED_WITHIN):
            total, more = 0, True
            while more and total < DRAINED:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return False
                total += len(message.get("body", b""))
                more = message.get("more_body", False)
    return True


def _is_address(host: str) -> bool:
    name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True
