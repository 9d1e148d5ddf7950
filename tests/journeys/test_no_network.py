from __future__ import annotations

import socket
import subprocess
import sys

import pytest


def test_the_outside_is_out_of_reach() -> None:
    with pytest.raises(PermissionError, match="no network"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with pytest.raises(PermissionError, match="no network"):
        socket.getaddrinfo("example.org", 80)


def test_loopback_is_in_reach() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname(), timeout=5):
        pass


def test_child_processes_are_kept_in_too(environment: dict[str, str]) -> None:
    script = "import socket; socket.create_connection(('192.0.2.1', 80), timeout=1)"
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True)
    assert "PermissionError: no network in this test" in done.stderr
