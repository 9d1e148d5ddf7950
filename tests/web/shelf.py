"""A small library behind the pages: documents of our own writing, real bytes where a file is served.

:class:`Shelf` implements the query and act protocols of the pages in memory and keeps what was written.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from bodyworn.domain.codec import JsonObject
from bodyworn.domain.encounter import (
    Encounter,
    EncounterMember,
    JoinProposal,
    JoinReason,
    MemberOffset,
    OffsetSource,
    ReasonToJoin,
    own_encounter_id,
)
from bodyworn.domain.encounter_facts import (
    EncounterFact,
    FactKind,
    FactSheet,
    FactSource,
    FactSourceKind,
    UnknownFact,
)
from bodyworn.domain.errors import Code, CustodyError, DiskFull, NotFound
from bodyworn.domain.event import Event
from bodyworn.domain.evidence import Evidence
from bodyworn.domain.finding import Finding, Unknown, UnknownState
from bodyworn.domain.recording import Recording, recording_id
from bodyworn.domain.span import Span
from bodyworn.engine.stage import Artifact
from bodyworn.findings.document import Analysis, AnalyzedSpeaker
from bodyworn.findings.joined.reading import findings_of, transcript_of
from bodyworn.findings.joined.told import EncounterFindings
from bodyworn.findings.joined.transcript import JoinedTranscript
from bodyworn.web.findings.document import Document
from bodyworn.web.findings.queries import AnalysisSnapshot, StageRow
from bodyworn.web.recordings.acts import IntegrityCheck, RecordingView, SessionView
from bodyworn.web.recordings.queries import EventRow
from bodyworn.web.workbench import Workbench
from tests.makers.talk import ROLES, utterances

STAGES = ("probe", "audio", "transcript", "speakers", "utterances", "cues", "sound", "sight", "derived")
NOTHING: dict[str, Any] = {"utterances": [], "findings": [], "unknown": []}
TAKEN_IN = datetime(2026, 11, 3, 7, 40, 12, tzinfo=UTC)


@dataclass
class Shelved:
    """One recording with what the stages made of it."""

    recording: Recording
    path: Path
    document: dict[str, Any] = field(default_factory=lambda: {"utterances": [], "findings": [], "unknown": []})
    steps: list[StageRow] = field(default_factory=lambda: [StageRow(stage, "done") for stage in STAGES])
    artifacts: dict[str, Artifact] = field(default_factory=dict)
    damaged: bool = False


def shelved(
    path: Path,
    document: dict[str, Any] | None = None,
    name: str | None = None,
    *,
    video: bool = True,
    audio: bool = True,
    **more: Any,
) -> Shelved:
    """A recording of the bytes of ``path``; its length is the document's."""
    sha256 = hashlib.sha256(path.read_bytes() + (name or "").encode()).hexdigest()
    streams = [
        {"index": 0, "codec": "h264", "width": 1280, "height": 720, "average_rate": "24/1", "browser_plays": True}
    ]
    facts = {
        "container": "mov,mp4,m4a,3gp,3g2,mj2" if video else "wav",
        "duration_ms": (document or {}).get("duration_ms", 60_000),
        "recorded_at": "2026-03-15T00:31:10+00:00",
        "recorded_at_source": "container",
        "video": streams if video else [],
        "audio": [{"index": 1, "codec": "aac", "sample_rate": 24_000, "channels": 1}] if audio else [],
        "problems": [],
    }
    recording = Recording(
        recording_id(sha256), name or path.name, path.stat().st_size, sha256,
        hashlib.sha512(path.read_bytes()).hexdigest(), TAKEN_IN, facts,
    )  # fmt: skip
    return Shelved(recording, path, document=document or dict(NOTHING), **more)


def peaks(duration_ms: int, step_ms: int = 50) -> Artifact:
    """A waveform that rises and falls; silent for the first 30 s."""
    high = [
        0 if n * step_ms < 30_000 else int(60 * abs(math.sin(n / 37)) * abs(math.sin(n / 5)) + 6)
        for n in range(duration_ms // step_ms)
    ]
    return Artifact("audio", {"peaks": {"step_ms": step_ms, "min": [-h for h in high], "max": high}})


class ShelvedEncounters:
    """The encounters of a shelf: each recording alone, with a few facts and one proposal."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def newest_first(self) -> Sequence[Encounter]:
        offset = MemberOffset(0, OffsetSource.CLOCK, None, "by the clocks of the cameras, which nobody compared")
        return [
            Encounter(
                own_encounter_id(one.id),
                (EncounterMember(one.id, one.name, one.duration_ms, TAKEN_IN, "recorded_at", offset),),
            )
            for one in self._shelf.newest_first()
        ]

    def by_id(self, encounter_id: str) -> Encounter:
        for one in self.newest_first():
            if one.id == encounter_id:
                return one
        raise NotFound("No encounter has this ID", "Look for it", Code.NOT_FOUND, noun="encounter")

    def facts(self, encounter: Encounter) -> FactSheet:
        recording = encounter.members[0].recording
        said = FactSource(
            FactSourceKind.SAID,
            recording=recording,
            span=Span(61_000, 64_000),
            role="officer",
            quote="I'm giving you a <warning>.",
            confidence=0.9,
        )
        person = FactSource(FactSourceKind.PERSON, by="os:ana", stated_name="Ben", at=TAKEN_IN, why="the signed copy")
        return FactSheet(
            (
                EncounterFact(FactKind.OUTCOME, "citation", person),
                EncounterFact(FactKind.OUTCOME, "warning", said),
            ),
            (UnknownFact(FactKind.REASON, "no source names it, and it was not heard in what is said"),),
            (FactKind.OUTCOME,),
        )

    def proposals(self, encounter: Encounter | None = None) -> Sequence[JoinProposal]:
        one, other = (found.id for found in self.newest_first()[:2])
        reason = ReasonToJoin(JoinReason.NUMBER, "both have the dispatch number 26-0193", 0.9, "number:26-0193")
        found = JoinProposal(one, other, 0.9, (reason,))
        return [found] if encounter is None or found.concerns(encounter.id) else []

    def transcript(self, encounter: Encounter) -> JoinedTranscript:
        return transcript_of(encounter, self._made(encounter))

    def findings(self, encounter: Encounter) -> EncounterFindings:
        return findings_of(encounter, self._made(encounter))

    def _made(self, encounter: Encounter) -> dict[str, Analysis | None]:
        """Two utterances, of which one rests a finding, and a covered lens."""
        (member,) = encounter.members
        lines = [(1.0, "S1", "I am <giving> you a warning", 0.9), (4.0, "S2", "thank you officer", 0.6)]
        leniency = Finding("leniency", Span(1000, 2500), 0.8, "cues@1", "officer", "S1", Evidence(i=0))
        speakers = {who: AnalyzedSpeaker(role, 0.8, ()) for who, role in ROLES.items()}
        dark = (Unknown(UnknownState.OBSCURED, Span(5000, 9000)),)
        recording = self._shelf.items[member.recording].recording
        made = Analysis("", recording, speakers, utterances(lines), (leniency,), dark, {}, {})
        return {member.recording: made}

    def view(self, encounter: Encounter, how: str = "opened") -> None:
        self._shelf._write(f"encounter {how}", encounter.id, {})

    def view_list(self, count: int) -> None:
        self._shelf._write("encounters listed", None, {"count": count})


class Shelf:
    """Implements the protocols of the recordings, the findings and access; ``log`` holds what was written."""

    def __init__(self, *items: Shelved) -> None:
        self.items = {item.recording.id: item for item in items}
        self.log: list[tuple[str, str | None, Mapping[str, object]]] = []
        self.fails_to_write = False
        self.fails_to_read = False
        self.problems: tuple[str, ...] = ()

    def workbench(self) -> Workbench:
        """This shelf behind the pages."""
        return Workbench("library", self, self, ShelvedEncounters(self), self, self)

    def newest_first(self) -> Sequence[Recording]:
        return [item.recording for item in self.items.values()]

    def by_id(self, recording_id: str) -> Recording:
        if recording_id not in self.items:
            raise NotFound("No recording has this ID", "Look for it", Code.NOT_FOUND, noun="recording")
        return self.items[recording_id].recording

    def by_name(self, name: str) -> Recording:
        return next(item.recording for item in self.items.values() if item.recording.name == name)

    def file_of(self, recording: Recording) -> Path:
        return self.items[recording.id].path

    def snapshot(self, recording: Recording) -> AnalysisSnapshot:
        if self.fails_to_read:
            raise ZeroDivisionError("a mistake in the program")
        item = self.items[recording.id]

        def document() -> Document:
            if item.damaged:
                raise CustodyError("The stored result was changed", "Restore it", Code.CUSTODY_FAULT)
            return cast(Document, item.document)

        return AnalysisSnapshot(recording, tuple(item.steps), document, item.artifacts.get)

    def events(self, recording: Recording) -> Sequence[EventRow]:
        rows = [("recording.ingested", recording.id, {"sha256": recording.sha256[:12]}), *self.log]
        return [
            EventRow(
                Event(
                    n,
                    TAKEN_IN + timedelta(seconds=n),
                    tag,
                    "local",
                    "test",
                    "web",
                    "ok",
                    about,
                    cast(JsonObject, detail),
                ),
                hashlib.sha256(f"{n}".encode()).hexdigest(),
            )
            for n, (tag, about, detail) in enumerate(rows, 1)
            if about == recording.id
        ]

    def check(self, recording: Recording) -> IntegrityCheck:
        self._write("recordings.verified", recording.id, {})
        return IntegrityCheck(TAKEN_IN, self.problems, len(self.log) + 1)

    def view(self, recording: Recording, how: RecordingView) -> None:
        self._write(how.value, recording.id, {})

    def view_each(self, views: Sequence[SessionView]) -> None:
        for view in views:
            self.view(view.recording, view.how)

    def view_list(self, count: int) -> None:
        self._write("listed", None, {"count": count})

    def open_session(self) -> None:
        self._write("session opened", None, {})

    def deny(self, why: str, detail: Mapping[str, str | int]) -> None:
        self._write(f"denied {why}", None, detail)

    def _write(self, tag: str, about: str | None, detail: Mapping[str, object]) -> None:
        if self.fails_to_write:
            raise DiskFull("The audit log cannot be written, as the disk is full", "Make room and try again")
        self.log.append((tag, about, detail))

    def tags(self, recording: Recording | None = None) -> list[str]:
        """What was written, of one recording where given."""
        return [tag for tag, about, _ in self.log if recording is None or about == recording.id]
