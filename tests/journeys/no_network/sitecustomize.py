"""Keeps a Python process from any address but loopback.

A child process runs this by itself when this folder is on its ``PYTHONPATH``; a test sets ``refusing``.
"""

from __future__ import annotations

import ipaddress
import os
import sys
from typing import Any

NAMES = {"localhost", "", None}

refusing = os.environ.get("BODYWORN_NO_NETWORK") == "1"


def _is_loopback(host: Any) -> bool:
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host in NAMES:
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


def refuse_outside(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook: every connection, message and name look-up passes here."""
    if not refusing:
        return
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        outside = isinstance(address, tuple) and not _is_loopback(address[0])
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        outside = not _is_loopback(arguments[0])
    else:
        return
    if outside:
        raise PermissionError(f"no network in this test: {event} {arguments[1:] or arguments}")


sys.addaudithook(refuse_outside)
