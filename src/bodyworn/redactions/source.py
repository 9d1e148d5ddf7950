"""What a redaction is made from: a recording of the library, or a lone file. Both are redacted by the same code."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from bodyworn.domain.errors import InputError
from bodyworn.domain.progress import Progress
from bodyworn.engine.reporter import Reporter

if TYPE_CHECKING:  # a lone file is redacted without what a library needs
    from bodyworn.domain.recording import Recording
    from bodyworn.findings.service import Findings

#: Utterances as the stage of that name makes them, in order of time.
Utterances = Sequence[Mapping[str, Any]]
#: ``hear(path, model, progress)``: what is said in a file that is in no library.
Hear = Callable[[Path, str | None, Progress], Utterances]


class Source(Protocol):
    """A file with pictures, and what is said in it."""

    @property
    def path(self) -> Path:
        """The file; it is only ever read."""
        ...

    def utterances(self, model: str | None, progress: Progress) -> Utterances:
        """What is said, by the speech model ``model`` if one is named; made only if it was not made before.

        :class:`InputError` if there is no sound.
        """
        ...


@dataclass(frozen=True)
class LoneFile:
    """A file outside of any library. ``hear`` transcribes it, in a library that vanishes."""

    path: Path
    hear: Hear

    def utterances(self, model: str | None, progress: Progress) -> Utterances:
        """What is said; see :class:`Source`."""
        return self.hear(self.path, model, progress)


@dataclass(frozen=True)
class RecordingSource:
    """A recording of the library. ``findings`` runs the stages that speech needs; their results are kept and reused."""

    recording: Recording
    path: Path
    findings: Findings

    def utterances(self, model: str | None, progress: Progress) -> Utterances:
        """What is said; see :class:`Source`."""
        if not self.recording.has("audio"):
            raise InputError(f"{self.recording.name} has no sound to listen to", "Leave speech out of the classes")
        said = self.findings.artifact(self.recording, "utterances") if model is None else None
        if said is None:
            self.findings.run(self.recording, model=model, reporter=StageProgress(progress))
            said = self.findings.artifact(self.recording, "utterances")
        rows: Utterances = said.data["utterances"] if said is not None else ()
        return rows


class StageProgress(Reporter):
    """Shows the progress of stages as that of one piece of work."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def progressed(self, stage: str, done: float, total: float, what: str) -> None:
        """Pass it on, with the stage's name."""
        self._progress(done, total, what if what == stage else f"{stage}: {what}")
