"""Encounter pages kept as they were made: many people may read one, and only the view in its addresses differs."""

from __future__ import annotations

import json
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from bodyworn.web.findings.queries import AnalysisSnapshot

#: Pages kept in memory; that of a long recording has some megabytes.
KEPT = 8


@dataclass
class RenderedPages:
    """Texts of pages by what they show. A page is made with :attr:`mark` in the place of its view."""

    mark: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    _kept: OrderedDict[str, str] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def html(self, snapshot: AnalysisSnapshot, block: str, view: str, make: Callable[[], str]) -> str:
        """The page of that recording as it stands now (one ``block`` of it, if named), for that view."""
        steps = [[step.stage, step.state, step.because, step.key] for step in snapshot.steps]
        key = json.dumps([block, snapshot.recording.to_json(), steps], default=str)
        with self._lock:
            text = self._kept.get(key)
            if text is not None:
                self._kept.move_to_end(key)
        if text is None:
            text = make()
            with self._lock:
                self._kept[key] = text
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
        return text.replace(self.mark, view)
