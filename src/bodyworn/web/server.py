"""Runs the application with uvicorn on a socket that was opened before the link is printed."""

from __future__ import annotations

import contextlib
import errno
import socket
from typing import TYPE_CHECKING

from bodyworn.domain.errors import Code, PortTaken

#: Requests that are worked on at once.
THREADS = 4

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from fastapi import FastAPI


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; :class:`PortTaken` if another program has the port or the system keeps it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind((host, port))
        opened.listen(128)
    except OSError as error:
        opened.close()
        if error.errno == errno.EADDRINUSE:
            what = f"port {port} is in use by another program"
        else:
            what = f"port {port} cannot be used ({error.strerror})"
        raise PortTaken(what, "Choose another port", Code.PORT_TAKEN) from None
    return opened


@contextlib.asynccontextmanager
async def _few_threads(_: object) -> AsyncIterator[None]:
    """Let few requests be worked on at once, the others in the order they came.

    Pages are made by the processor, so more threads make none of them quicker; they only let some wait very long.
    """
    import anyio.to_thread

    anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
    yield


def run(app: FastAPI, opened: socket.socket, *, certificate: Path | None = None, key: Path | None = None) -> None:
    """Serve until Ctrl+C, over TLS with a certificate and its key.

    No access log: addresses would stand in it, the audit log has what matters.
    """
    import uvicorn

    from bodyworn.web.deadline import DeadlineProtocol

    app.router.lifespan_context = _few_threads
    config = uvicorn.Config(
        app,
        http=DeadlineProtocol,
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=False,  # nobody's word on addresses counts, not even that of a proxy
        ssl_certfile=certificate,
        ssl_keyfile=key,
        timeout_graceful_shutdown=2,
    )
    with contextlib.suppress(KeyboardInterrupt):  # uvicorn passes it on when it has closed in good order
        uvicorn.Server(config).run(sockets=[opened])
