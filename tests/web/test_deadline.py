"""Requests that are sent by halves do not hold a connection for ever."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bodyworn.web.deadline import DeadlineProtocol


class Impatient(DeadlineProtocol):
    request_seconds = 0.4


async def answer(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


@pytest.fixture
def port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as opened:
        app = Starlette(routes=[Route("/", answer, methods=["GET", "POST"])])
        server = uvicorn.Server(uvicorn.Config(app, http=Impatient, log_level="warning"))
        thread = threading.Thread(target=server.run, args=([opened],))
        thread.start()
        yield opened.getsockname()[1]
        server.should_exit = True
        thread.join()


def sent(port: int, data: bytes) -> bytes:
    """All that comes back until the server closes the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(data)
        answer = b""
        while part := connection.recv(4096):
            answer += part
    return answer


@pytest.mark.parametrize(
    "half",
    [
        b"",
        b"GET / HT",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
        b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\nfive",
    ],
)
def test_a_half_sent_request_is_closed_without_an_answer(port: int, half: bytes) -> None:
    assert b"200 OK" not in sent(port, half)


def test_the_second_request_of_a_connection_has_its_time_too(port: int) -> None:
    assert sent(port, b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET / HT").count(b"200 OK") == 1


def test_a_whole_request_is_answered(port: int) -> None:
    whole = b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 4\r\nConnection: close\r\n\r\nfour"
    assert sent(port, whole).endswith(b"4")


def test_the_workbench_uses_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from bodyworn.web import server

    used: list[object] = []
    monkeypatch.setattr(uvicorn.Server, "run", lambda self, sockets: used.append(self.config.http))
    with socket.create_server(("127.0.0.1", 0)) as opened:
        server.run(Starlette(), opened)  # type: ignore[arg-type]  # any application will do
    assert used == [DeadlineProtocol]
