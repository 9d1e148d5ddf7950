"""Run a coroutine to its end, also where a browser of another test left an event loop in this thread."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def run(ask: Coroutine[Any, Any, T]) -> T:
    """What ``ask`` returns, from a loop in a thread of its own."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(ask)).result()
