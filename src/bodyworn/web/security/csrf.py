"""Form tokens: a form is accepted only from a page that this server gave to this session, and acts once.

The token is bound to the session and to the address the form is sent to. It stands beside the check of ``Origin`` in
the middleware: either alone would be enough, and neither depends on the other. A form that is sent twice (a double
click, the back button) acts once; the second answer leads to where the first did.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

#: Name of the hidden field.
FIELD = "form_token"

#: Sent forms remembered; the oldest is forgotten, and could then be sent again.
KEPT = 2000


@dataclass
class _Sent:
    """One sent form: the lock of its only act, and where that led."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    location: str | None = None


@dataclass
class FormTokens:
    """Tokens of one server; a restart ends all of them, as it ends the sessions."""

    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    _sent: OrderedDict[str, _Sent] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def issue(self, session: str, action: str) -> str:
        """A fresh token for a form that is sent to the path ``action`` within ``session``."""
        nonce = secrets.token_urlsafe(12)
        return f"{nonce}.{self._code(session, action, nonce)}"

    def holds(self, session: str, action: str, untrusted_token: str) -> bool:
        """Whether the token was issued for this session and address."""
        nonce, _, code = untrusted_token.partition(".")
        return hmac.compare_digest(code.encode(), self._code(session, action, nonce).encode())

    def once(self, token: str, act: Callable[[], str]) -> str:
        """Call ``act`` at the first use of a token; its result, also at later uses. If it raises, it has not acted."""
        with self._lock:
            sent = self._sent.setdefault(token, _Sent())
            self._sent.move_to_end(token)
            while len(self._sent) > KEPT:
                self._sent.popitem(last=False)
        with sent.lock:
            if sent.location is None:
                sent.location = act()
            return sent.location

    def _code(self, session: str, action: str, nonce: str) -> str:
        message = "\0".join((session, action, nonce)).encode()
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()
