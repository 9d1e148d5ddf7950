"""What the pages need of a library, and nothing more: recordings, findings, the audit log.

:class:`Desk` is the whole surface between the web and the services below. Methods raise
:class:`~bodyworn.domain.errors.BodywornError`; a view is recorded before anything is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Protocol

from bodyworn.domain.recording import Recording
from bodyworn.engine.stage import Artifact

StepState = Literal["done", "running", "ready", "waiting", "failed", "not needed"]


@dataclass(frozen=True)
class StageRow:
    """One stage's work on one recording.

    ``because`` says why it is not needed or what failed; ``key`` names the result and changes whenever it could.
    """

    stage: str
    state: StepState
    because: str = ""
    key: str = ""


@dataclass(frozen=True)
class EventRow:
    """One entry of the audit log, as shown: ``seq`` counts from 1, ``hash`` is the chain's hex digest."""

    seq: int
    at: datetime
    actor: str
    tag: str
    detail: Mapping[str, Any]
    hash: str
    outcome: str = "ok"


@dataclass(frozen=True)
class IntegrityCheck:
    """Outcome of checking a recording: the stored file against its digests, and the audit log against its chain.

    ``problems`` are sentences; empty means that both hold.
    """

    at: datetime
    problems: tuple[str, ...]
    events_checked: int


class Desk(Protocol):
    """What the routers call."""

    @property
    def name(self) -> str:
        """How the library is called on the pages: its folder's name."""

    def recordings(self) -> Sequence[Recording]:
        """All recordings, the last taken in first."""

    def recording(self, recording_id: str) -> Recording:
        """The recording of that full id; ``NotFound`` otherwise."""

    def file_of(self, recording: Recording) -> Path:
        """The read-only original."""

    def steps(self, recording: Recording) -> Sequence[StageRow]:
        """Every stage in order with its state."""

    def document(self, recording: Recording) -> Mapping[str, Any]:
        """The published document, with whatever stages are done so far."""

    def artifact(self, recording: Recording, name: str) -> Artifact | None:
        """What a stage made, or ``None`` while it has not."""

    def events(self, recording: Recording) -> Sequence[EventRow]:
        """The entries of the audit log that name this recording, oldest first."""

    def check(self, recording: Recording) -> IntegrityCheck:
        """Check the stored file and the audit log now; recorded."""

    def viewed(self, how: str, recording: Recording | None = None) -> None:
        """Write that something is viewed: ``opened``, ``streamed``, ``downloaded``, ``listed``, ``custody`` …"""

    def denied(self, why: str, detail: Mapping[str, Any]) -> None:
        """Write that an attempt was turned away."""
