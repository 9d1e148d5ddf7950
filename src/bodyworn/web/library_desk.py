"""The desk over a real library: documents are kept for a while, every view goes to the audit log."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from bodyworn.access.sessions import current_session
from bodyworn.domain.errors import NotFound
from bodyworn.domain.event import Outcome, Tag, now
from bodyworn.domain.event_details import EventDetail
from bodyworn.domain.recording import Recording
from bodyworn.engine.stage import Artifact
from bodyworn.web.desk import EventRow, IntegrityCheck, StageRow, StepState

if TYPE_CHECKING:
    from bodyworn.bootstrap import Library

#: Documents and artifacts kept in memory: a page asks for the same ones several times, and one may be 10 MB.
KEPT = 12


class LibraryDesk:
    """Implements :class:`~bodyworn.web.desk.Desk`. Safe to call from several threads."""

    def __init__(self, library: Library) -> None:
        self._opened = library
        self._kept: OrderedDict[tuple[str, ...], Any] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def _library(self) -> Library:
        """The library for who acts in the request at hand."""
        actor = replace(self._opened.audit_log.actor, source="web", session=current_session.get())
        return self._opened.acting(actor)

    @property
    def name(self) -> str:
        """The library folder's name."""
        return self._library.name

    def recordings(self) -> Sequence[Recording]:
        """All recordings, the last taken in first."""
        return list(reversed(self._library.recordings.list()))

    def recording(self, recording_id: str) -> Recording:
        """The recording of that full id; names and beginnings of ids do not count in an address."""
        recording = self._library.recordings.get(recording_id)
        if recording.id != recording_id:
            raise NotFound("No recording of that id is in this library", "Go back to the list of recordings")
        return recording

    def file_of(self, recording: Recording) -> Path:
        """The read-only original."""
        return self._library.recordings.file_of(recording)

    def steps(self, recording: Recording) -> Sequence[StageRow]:
        """Every stage in order with its state; of what failed, the last line that was written down."""
        return [
            StageRow(stand.stage, cast(StepState, stand.state), _said(stand.state, stand.note), stand.key or "")
            for stand in self._library.findings.plan(recording)
        ]

    def document(self, recording: Recording) -> Mapping[str, Any]:
        """The published document of what is made so far."""
        key = ("document", recording.id, *self._stand(recording))
        return cast(Mapping[str, Any], self._keep(key, lambda: self._library.findings.document(recording)))

    def artifact(self, recording: Recording, name: str) -> Artifact | None:
        """What a stage made, or ``None`` while it has not."""
        key = (name, recording.id, *self._stand(recording))
        return cast(Artifact | None, self._keep(key, lambda: self._library.findings.artifact(recording, name)))

    def _stand(self, recording: Recording) -> list[str]:
        """What the results of a recording follow from: they are the same as long as this is."""
        return [f"{stand.key} {stand.state}" for stand in self._library.findings.plan(recording)]

    def _keep(self, key: tuple[str, ...], make: Any) -> Any:
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

    def events(self, recording: Recording) -> Sequence[EventRow]:
        """The entries of the audit log about this recording, oldest first."""
        return [
            EventRow(event.seq, event.at, event.actor, event.tag, event.detail, digest, event.outcome)
            for event, digest in self._library.audit_log.about(recording.id)
        ]

    def check(self, recording: Recording) -> IntegrityCheck:
        """Read the stored original again, then follow the whole audit log; two events."""
        problem = self._library.recordings.check(recording)
        verdict = self._library.verify(lambda *_: None, files=False)
        problems = (f"{recording.name}: {problem.what}",) if problem else ()
        return IntegrityCheck(now(), (*problems, *(str(fault) for fault in verdict.faults)), verdict.rows)

    def viewed(self, how: str, recording: Recording | None = None) -> None:
        """Write a view: of a recording, of the list, or that a session began."""
        if recording is not None:
            self._library.recordings.viewed(recording, how)
        elif how == "listed":
            self._library.recordings.listed(len(self._library.recordings.list()))
        else:
            self._library.audit_log.append(Tag.SESSION_OPENED, "web", EventDetail())
        self._library.audit_log.seal(always=False)

    def denied(self, why: str, detail: Mapping[str, Any]) -> None:
        """Write that an attempt was turned away."""
        self._library.audit_log.append(Tag.ACCESS_DENIED, "web", {"why": why, **detail}, outcome=Outcome.DENIED)


def _said(state: str, note: str) -> str:
    if state == "failed":
        lines = [line.strip() for line in note.splitlines() if line.strip()]
        return lines[-1] if lines else ""
    return note if state == "not needed" else ""
