"""Challenges that a passkey has to sign: made and recognized by this process, for one purpose, once, and soon.

Nothing is kept for a challenge that nobody answers, so asking for many of them takes no place from anybody.
"""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

#: Seconds within which a challenge has to be answered.
SECONDS = 300
_NONCE, _TIME = 16, 8


class Purpose(StrEnum):
    """What an answer is for; one that was given for something else counts for nothing."""

    SIGN_IN = "sign-in"
    PROVE = "prove"
    ADD = "add"


@dataclass
class Challenges:
    """The challenges of one process; ``clock`` gives seconds and never goes back.

    A challenge is a random number, the time until which it counts, and a code over both, the purpose and ``bound``:
    what only the browser has that was asked.
    """

    clock: Callable[[], float] = time.monotonic
    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    _used: dict[bytes, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def new(self, purpose: Purpose, bound: str) -> bytes:
        """A challenge for that purpose and browser."""
        until = int(self.clock()) + SECONDS
        start = secrets.token_bytes(_NONCE) + until.to_bytes(_TIME)
        return start + self._code(start, purpose, bound)

    def take(self, purpose: Purpose, bound: str, untrusted: bytes) -> bool:
        """Whether the challenge is one of these and was not taken before; it is used up, whatever comes of it."""
        start, code = untrusted[: _NONCE + _TIME], untrusted[_NONCE + _TIME :]
        if not hmac.compare_digest(code, self._code(start, purpose, bound)):
            return False
        at, until = int(self.clock()), int.from_bytes(start[_NONCE:])
        with self._lock:
            self._used = {one: end for one, end in self._used.items() if end > at}
            if until <= at or start in self._used:
                return False
            self._used[start] = until
            return True

    def _code(self, start: bytes, purpose: Purpose, bound: str) -> bytes:
        return hmac.new(
            self._key, b"\0".join((start.hex().encode(), purpose.encode(), bound.encode())), "sha256"
        ).digest()
