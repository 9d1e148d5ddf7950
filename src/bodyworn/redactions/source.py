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


@dataclass(frozen=True)
class TwoHearings:
    """What is said: ``utterances``, and the stretches heard ``again`` with their words, as the stages make them."""

    utterances: Utterances
    again: Utterances = ()


#: ``hear(path, model, progress)``: what is said in a file that is in no library, heard twice.
Hear = Callable[[Path, str | None, Progress], TwoHearings]


class Source(Protocol):
    """A file with pictures, and what is said in it."""

    @property
    def path(self) -> Path:
        """The file; it is only ever read."""
        ...

    def heard_twice(self, model: str | None, progress: Progress) -> TwoHearings:
        """What is said, by the speech model ``model`` if one is named, and by a second one where data of persons may
        be; made only if it was not made before.

        :class:`InputError` if there is no sound.
        """
        ...


@dataclass(frozen=True)
class LoneFile:
    """A file outside of any library. ``hear`` listens to it twice, in a library that vanishes."""

    path: Path
    hear: Hear

    def heard_twice(self, model: str | None, progress: Progress) -> TwoHearings:
        """What is said; see :class:`Source`."""
        return self.hear(self.path, model, progress)


@dataclass(frozen=True)
class SpeechFindings:
    """Findings that run only the stages for who says what: ``once``, and ``twice`` with the second hearing."""

    once: Findings
    twice: Findings


@dataclass(frozen=True)
class RecordingSource:
    """A recording of the library. ``speech`` runs the stages that speech needs; their results are kept and reused."""

    recording: Recording
    path: Path
    speech: SpeechFindings

    def utterances(self, model: str | None, progress: Progress) -> Utterances:
        """What is said, heard once; as :meth:`heard_twice`."""
        return self._rows(self.speech.once, "utterances", "utterances", model, progress)

    def heard_twice(self, model: str | None, progress: Progress) -> TwoHearings:
        """What is said; see :class:`Source`."""
        said = self._rows(self.speech.twice, "utterances", "utterances", model, progress)
        return TwoHearings(said, self._rows(self.speech.twice, "second_hearing", "heard", None, progress))

    def _rows(self, findings: Findings, artifact: str, key: str, model: str | None, progress: Progress) -> Utterances:
        """The rows under ``key`` of an artifact; none if no stage makes it."""
        if not self.recording.has("audio"):
            raise InputError(f"{self.recording.name} has no sound to listen to", "Leave speech out of the classes")
        made = findings.artifact(self.recording, artifact) if model is None else None
        if made is None:
            findings.run(self.recording, model=model, reporter=StageProgress(progress))
            made = findings.artifact(self.recording, artifact)
        rows: Utterances = made.data[key] if made is not None else ()
        return rows


class StageProgress(Reporter):
    """Shows the progress of stages as that of one piece of work."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def progressed(self, stage: str, done: float, total: float, what: str) -> None:
        """Pass it on, with the stage's name."""
        self._progress(done, total, what if what == stage else f"{stage}: {what}")
