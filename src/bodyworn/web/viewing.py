"""Viewing is an act: one entry of the audit log per page view, and one more when its media first stream.

A page view gets a random id that stands in the addresses of all that the page fetches. Thus a film that the browser
asks for in a thousand byte ranges is one event, and nothing can be fetched that was not first recorded as viewed.
"""

from __future__ import annotations

import asyncio
import secrets
import threading
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

#: Open page views kept; the oldest is forgotten and its page asks to be loaded again.
KEPT = 2000


@dataclass
class _OpenView:
    """One page view: what of, which further acts happened in it, and whose turn it is to write one."""

    subject: str
    acts: set[str] = field(default_factory=set)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass
class Views:
    """Page views of this server, in memory. ``subject`` is a recording's id or the name of a list."""

    _open: OrderedDict[str, _OpenView] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, subject: str) -> str:
        """Note a page view; call after its event is written."""
        view = secrets.token_urlsafe(12)
        with self._lock:
            self._open[view] = _OpenView(subject)
            while len(self._open) > KEPT:
                self._open.popitem(last=False)
        return view

    def covers(self, untrusted_view: str, subject: str) -> bool:
        """Whether that page view is of this subject."""
        with self._lock:
            opened = self._open.get(untrusted_view)
        return opened is not None and opened.subject == subject

    async def once(self, view: str, act: str, write: Callable[[], Awaitable[None]]) -> None:
        """Await ``write`` the first time ``act`` happens in this page view, which is open.

        Who comes meanwhile waits for it. If it raises, the act has not happened, and the next one writes it.
        """
        with self._lock:
            opened = self._open[view]
        async with opened.turn:
            if act not in opened.acts:
                await write()
                opened.acts.add(act)
