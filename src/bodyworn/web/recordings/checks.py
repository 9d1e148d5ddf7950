"""Outcomes of integrity checks, kept so that the page after the redirect can show them."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from bodyworn.web.recordings.acts import IntegrityCheck

#: Outcomes kept in memory; every one of them stands in the audit log as well.
KEPT = 200


@dataclass
class Checks:
    """Outcomes by a random key that stands in the address of the page that shows one."""

    _kept: OrderedDict[str, tuple[str, IntegrityCheck]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, recording_id: str, check: IntegrityCheck) -> str:
        """Keep an outcome; its key."""
        key = secrets.token_urlsafe(9)
        with self._lock:
            self._kept[key] = (recording_id, check)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return key

    def of(self, recording_id: str, untrusted_key: str) -> IntegrityCheck | None:
        """The outcome of that key if it is of this recording; ``None`` also for one that is forgotten."""
        with self._lock:
            about, check = self._kept.get(untrusted_key, ("", None))
        return check if about == recording_id else None
