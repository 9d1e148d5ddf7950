"""What the pages read of findings: one snapshot of a recording for each request."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, Protocol, cast

from bodyworn.domain.recording import Recording
from bodyworn.engine.stage import Artifact
from bodyworn.findings.snapshot import Snapshot, StageStatus
from bodyworn.web.findings.document import Document

StageState = Literal["done", "running", "ready", "waiting", "failed", "not needed"]

#: Documents and artifacts kept in memory: a page asks for the same ones several times, and one may be 10 MB.
KEPT = 12


@dataclass(frozen=True)
class StageRow:
    """One stage's work on one recording.

    ``because`` says why it is not needed or what failed; ``key`` names the result and changes whenever it could.
    """

    stage: str
    state: StageState
    because: str = ""
    key: str = ""


@dataclass(frozen=True)
class AnalysisSnapshot:
    """Where the stages of one recording stand, and what they made, read when it is first asked for."""

    recording: Recording
    steps: tuple[StageRow, ...]
    document_now: Callable[[], Document]
    artifact_now: Callable[[str], Artifact | None]

    @cached_property
    def state(self) -> str:
        """All that could make a page of it another page, as text: the recording, and each stage with its result."""
        steps = [[step.stage, step.state, step.because, step.key] for step in self.steps]
        return json.dumps([self.recording.to_json(), steps], default=str)

    @property
    def document(self) -> Document:
        """The published document of what is made so far; :class:`CustodyError` if a stored result was changed."""
        return self.document_now()

    def artifact(self, name: str) -> Artifact | None:
        """What a stage made, or ``None`` while it has not."""
        return self.artifact_now(name)


class FindingQueries(Protocol):
    """What the pages read of findings."""

    def snapshot(self, recording: Recording) -> AnalysisSnapshot:
        """Where its stages stand now, with what they made."""


class FindingsService(Protocol):
    """The part of :class:`~bodyworn.findings.service.Findings` that is read here."""

    def snapshot(self, recording: Recording) -> Snapshot:
        """Plan and results of the recording as they are now."""


class LibraryFindings:
    """:class:`FindingQueries` over a real library. Safe to call from several threads.

    ``findings`` gives the service for the person of the request at hand.
    """

    def __init__(self, findings: Callable[[], FindingsService]) -> None:
        self._findings = findings
        self._kept: OrderedDict[tuple[str, ...], object] = OrderedDict()
        self._lock = threading.Lock()

    def snapshot(self, recording: Recording) -> AnalysisSnapshot:
        """Plan once; documents and artifacts are kept as long as the plan says that they are the same."""
        now = self._findings().snapshot(recording)
        steps = tuple(
            StageRow(status.stage, cast(StageState, status.state), _because(status), status.key or "")
            for status in now.statuses
        )
        key = (recording.id, *(f"{step.key} {step.state}" for step in steps))

        def document() -> Document:
            return cast(Document, self._keep(("document", *key), now.document))

        def artifact(name: str) -> Artifact | None:
            made = self._keep(("artifact", name, *key), lambda: now.artifact(name))
            return cast(Artifact | None, made)

        return AnalysisSnapshot(recording, steps, document, artifact)

    def _keep(self, key: tuple[str, ...], make: Callable[[], object]) -> object:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return made


def _because(status: StageStatus) -> str:
    """Why a stage is not needed; of what failed, the last line that was written down."""
    if status.state == "failed":
        lines = [line.strip() for line in status.note.splitlines() if line.strip()]
        return lines[-1] if lines else ""
    return status.note if status.state == "not needed" else ""
