"""What was made of a recording for its page, kept as bytes: many people may read one, and only the view differs."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

#: Bytes kept in memory; the page of a long recording has some megabytes.
KEPT_BYTES = 48 * 2**20

Made = tuple[bytes, ...]


@dataclass
class RenderedPages:
    """Bodies of answers by what they show. One is made with :attr:`mark` in the place of its view, and with
    :attr:`who_mark` in the place of who is signed in.

    ``state`` is all that a body depends on (:attr:`AnalysisSnapshot.state`), ``part`` which body of it. Who may
    have it was asked before, each time.
    """

    limit: int = KEPT_BYTES
    mark: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    who_mark: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    _kept: OrderedDict[tuple[str, str], Made] = field(default_factory=OrderedDict)
    _bytes: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def kept(self, state: str, part: str) -> Made | None:
        """The pieces between which the view stands, if they were made."""
        with self._lock:
            made = self._kept.get((state, part))
            if made is not None:
                self._kept.move_to_end((state, part))
        return made

    def made(self, state: str, part: str, make: Callable[[], str | bytes]) -> Made:
        """The same, made and kept if they were not."""
        found = self.kept(state, part)
        if found is not None:
            return found
        body = make()
        pieces = tuple((body.encode() if isinstance(body, str) else body).split(self.mark.encode()))
        with self._lock:
            self._forget((state, part))
            self._kept[state, part] = pieces
            self._bytes += _size(pieces)
            while self._bytes > self.limit and len(self._kept) > 1:
                self._forget(next(iter(self._kept)))
        return pieces

    def _forget(self, key: tuple[str, str]) -> None:
        self._bytes -= _size(self._kept.pop(key, ()))


def _size(pieces: Made) -> int:
    return sum(map(len, pieces))
