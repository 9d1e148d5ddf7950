"""Sessions of the workbench in local mode: one person, at this machine, who holds the link that ``serve`` printed.

The link's token is used once and expires; it is exchanged for a session cookie. Every request must name this server in
its ``Host`` header (against DNS rebinding: a foreign page whose name resolves to 127.0.0.1), come from no other site
(Fetch metadata), and carry the cookie. A library with accounts has none of this: its people sign in.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Caller:
    """Who makes a request: the session as the audit log calls it, and the account, if the library has accounts."""

    session: str = ""
    account: str = ""


NOBODY = Caller()
#: Who makes the request at hand; nobody outside of one.
current_caller: ContextVar[Caller] = ContextVar("bodyworn_caller", default=NOBODY)

LINK_MINUTES = 15
SESSION_HOURS = 12

Clock = Callable[[], float]


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


@dataclass
class DenialTally:
    """Lets the first denial of a kind through to the audit log and counts the rest for a while.

    A port scanner must not be able to fill the audit log. :meth:`admit` gives how many denials to write down as one row
    (this one and those held back since the last row), or 0.
    """

    every_s: float = 60.0
    clock: Clock = time.monotonic
    _last: dict[str, tuple[float, int]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def admit(self, why: str) -> int:
        """Count one denial for the reason ``why`` (a fixed word of ours, never text from outside)."""
        with self._lock:
            now = self.clock()
            if why not in self._last or now - self._last[why][0] >= self.every_s:
                held = self._last[why][1] if why in self._last else 0
                self._last[why] = (now, 0)
                return held + 1
            at, held = self._last[why]
            self._last[why] = (at, held + 1)
            return 0


@dataclass
class LocalAccess:
    """One-time links and sessions, in memory only: a restart ends all of them.

    ``host`` and ``port`` are where the server listens; ``clock`` gives seconds and never goes back. ``announce`` shows
    a link to the person at this machine and to nobody else.
    """

    port: int
    host: str = "127.0.0.1"
    clock: Clock = time.monotonic
    denials: DenialTally = field(default_factory=DenialTally)
    announce: Callable[[str], None] = field(default=lambda _link: None)
    _link: tuple[bytes, float] | None = None
    _sessions: dict[bytes, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def cookie(self) -> str:
        """Name of the cookie. Cookies are not kept apart by port, so the port is in the name."""
        return f"bodyworn_{self.port}"

    def new_link(self) -> str:
        """A fresh one-time link; the one before stops working."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._link = (_digest(token), self.clock() + LINK_MINUTES * 60)
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}/open?token={token}"

    def invite(self) -> None:
        """Announce a fresh link, for another browser, unless the one before still works."""
        with self._lock:
            works = self._link is not None and self.clock() < self._link[1]
        if not works:
            self.announce(self.new_link())

    def exchange(self, untrusted_token: str) -> str | None:
        """A session for the link's token, once and in time; else ``None``."""
        with self._lock:
            if self._link is None:
                return None
            digest, until = self._link
            if not hmac.compare_digest(digest, _digest(untrusted_token)) or self.clock() >= until:
                return None
            self._link = None
            session = secrets.token_urlsafe(32)
            self._sessions[_digest(session)] = self.clock() + SESSION_HOURS * 3600
            return session

    def holds(self, untrusted_session: str | None) -> bool:
        """Whether the cookie's value is a running session."""
        return self.session_id(untrusted_session) is not None

    def session_id(self, untrusted_session: str | None) -> str | None:
        """What the audit log calls the running session of that cookie, ``None`` if there is none.

        It is taken from a digest: the cookie's value cannot be worked out from it.
        """
        if not untrusted_session:
            return None
        digest = _digest(untrusted_session)
        with self._lock:
            until = self._sessions.get(digest)
            return digest.hex()[:12] if until is not None and self.clock() < until else None
