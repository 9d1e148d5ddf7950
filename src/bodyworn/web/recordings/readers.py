"""What the pages of recordings read, write and make for all who ask at the same time.

A read begins after the request that it answers, so nobody is shown a state from before. Who may read is asked for each
caller, and each view is a row of its own in the audit log before anything is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bodyworn.access.sessions import Caller, current_caller
from bodyworn.domain.recording import Recording
from bodyworn.web.findings.queries import AnalysisSnapshot
from bodyworn.web.recordings.acts import RecordingView, SessionView
from bodyworn.web.recordings.rendered import Made, RenderedPages
from bodyworn.web.together import Together, shared
from bodyworn.web.workbench import Workbench


@dataclass(frozen=True)
class _Read:
    """One recording for one caller."""

    caller: Caller
    recording_id: str


@dataclass(frozen=True)
class OpenRecording:
    """How a recording stands now, and its file."""

    snapshot: AnalysisSnapshot
    original: Path


@dataclass(frozen=True)
class _Making:
    """A body that has to be made."""

    state: str
    part: str
    make: Callable[[], str | bytes] = field(compare=False)


class Readers:
    """The readers of one workbench."""

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench
        self.rendered = RenderedPages()
        self._reads: Together[_Read, AnalysisSnapshot] = Together("reading", shared(self._read))
        self._opens: Together[_Read, OpenRecording] = Together("opening", shared(self._open))
        self._views: Together[SessionView, None] = Together("viewing", self._write)
        self._makes: Together[_Making, Made] = Together("making", shared(self._make))

    async def read(self, recording_id: str) -> AnalysisSnapshot:
        """How the recording stands now; ``NotFound`` or ``Denied`` as for anybody who asks alone."""
        return await self._reads.ask(_Read(current_caller.get(), recording_id))

    async def open(self, recording_id: str) -> OpenRecording:
        """The same with its file, which not everybody may have who may read what was found."""
        return await self._opens.ask(_Read(current_caller.get(), recording_id))

    async def view(self, recording: Recording, how: RecordingView) -> None:
        """Write that it is viewed; returns when that is stored."""
        await self._views.ask(SessionView(current_caller.get(), recording, how))

    async def body(self, snapshot: AnalysisSnapshot, part: str, view: str, make: Callable[[], str | bytes]) -> bytes:
        """That ``part`` of what is shown of a recording, for a view; ``make`` runs if it was not made of this state."""
        made = self.rendered.kept(snapshot.state, part)
        if made is None:
            made = await self._makes.ask(_Making(snapshot.state, part, make))
        return view.encode().join(made)

    def _read(self, ask: _Read) -> AnalysisSnapshot:
        current_caller.set(ask.caller)
        return self._workbench.findings.snapshot(self._workbench.recordings.by_id(ask.recording_id))

    def _open(self, ask: _Read) -> OpenRecording:
        snapshot = self._read(ask)
        return OpenRecording(snapshot, self._workbench.recordings.file_of(snapshot.recording))

    def _write(self, views: Sequence[SessionView]) -> list[Exception | None]:
        self._workbench.recording_acts.view_each(views)
        return [None] * len(views)

    def _make(self, making: _Making) -> Made:
        return self.rendered.made(making.state, making.part, making.make)
