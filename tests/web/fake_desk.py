"""A small library in memory behind the pages: documents of our own writing, real bytes where a file is served."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bodyworn.domain.errors import NotFound
from bodyworn.domain.recording import Recording, recording_id
from bodyworn.engine.stage import Artifact
from bodyworn.web.desk import EventRow, IntegrityCheck, StageRow

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


class FakeDesk:
    """Implements ``bodyworn.web.desk.Desk``; ``record`` holds what was written, oldest first."""

    def __init__(self, *shelf: Shelved) -> None:
        self.shelf = {item.recording.id: item for item in shelf}
        self.record: list[tuple[str, str | None, Mapping[str, Any]]] = []
        self.fails_to_write = False
        self.problems: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return "library"

    def recordings(self) -> Sequence[Recording]:
        return [item.recording for item in self.shelf.values()]

    def recording(self, recording_id: str) -> Recording:
        if recording_id not in self.shelf:
            raise NotFound("No such recording is in this library", "List them with `bodyworn recordings list`")
        return self.shelf[recording_id].recording

    def file_of(self, recording: Recording) -> Path:
        return self.shelf[recording.id].path

    def steps(self, recording: Recording) -> Sequence[StageRow]:
        return self.shelf[recording.id].steps

    def document(self, recording: Recording) -> Mapping[str, Any]:
        return self.shelf[recording.id].document

    def artifact(self, recording: Recording, name: str) -> Artifact | None:
        return self.shelf[recording.id].artifacts.get(name)

    def events(self, recording: Recording) -> Sequence[EventRow]:
        rows = [("recording.ingested", recording.id, {"sha256": recording.sha256[:12]}), *self.record]
        return [
            EventRow(
                n,
                TAKEN_IN + timedelta(seconds=n),
                "local",
                tag,
                dict(detail),
                hashlib.sha256(f"{n}".encode()).hexdigest(),
            )
            for n, (tag, about, detail) in enumerate(rows, 1)
            if about == recording.id
        ]

    def check(self, recording: Recording) -> IntegrityCheck:
        self._write("recordings.verified", recording.id, {})
        return IntegrityCheck(TAKEN_IN, self.problems, len(self.record) + 1)

    def viewed(self, how: str, recording: Recording | None = None) -> None:
        self._write(how, recording.id if recording else None, {})

    def denied(self, why: str, detail: Mapping[str, Any]) -> None:
        self._write(f"denied {why}", None, detail)

    def _write(self, tag: str, about: str | None, detail: Mapping[str, Any]) -> None:
        if self.fails_to_write:
            from bodyworn.domain.errors import DiskFull

            raise DiskFull("The audit log cannot be written, as the disk is full", "Make room and try again")
        self.record.append((tag, about, detail))

    def tags(self, recording: Recording | None = None) -> list[str]:
        """What was written, of one recording where given."""
        return [tag for tag, about, _ in self.record if recording is None or about == recording.id]
