"""Stage ``second_hearing``: what a larger recognizer hears where personal data may have been said.

Only redactions read it. The transcript stays the one transcript; see ``spoken/readings.py`` for what becomes of both.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from bodyworn.domain.codec import inlined
from bodyworn.domain.language import ENGLISH
from bodyworn.domain.progress import Progress
from bodyworn.domain.span import Span, minus
from bodyworn.engine.stage import Inputs, StageResult, TypedStage
from bodyworn.findings.artifacts.audio import MONO
from bodyworn.findings.artifacts.transcript import TimedWord, TranscriptArtifact
from bodyworn.findings.speech.params import DEFAULT_MODEL, MULTILINGUAL, VOICE_ACTIVITY, TranscriptParams

if TYPE_CHECKING:
    from bodyworn.findings.speech.activity import Probabilities
    from bodyworn.findings.speech.recognizer import DecodeResult, Recognizer

#: The larger model puts the first sounds of a turn 60 ms and the last 180 ms early (medians over a tuning script).
EARLY_MS = 150
#: A hearing less sure than this (mean log probability per token) is a guess.
HOPELESS = -1.6


@dataclass(frozen=True)
class SecondHearingParams:
    """Settings of the second hearing: beam width, seconds listened to at least, processor threads (0: as for the
    transcript)."""

    beam: int = 5
    least_heard_s: float = 12.0
    threads: int = 0


@dataclass(frozen=True)
class HeardAgain:
    """A stretch of the recording, and all that was heard in it."""

    span: Span = field(metadata=inlined())
    words: tuple[TimedWord, ...]


@dataclass(frozen=True)
class SecondHearingArtifact:
    """The stretches that were heard a second time, in order of time."""

    ARTIFACT: ClassVar[str] = "second_hearing"

    heard: tuple[HeardAgain, ...]


class SecondHearingStage(TypedStage[SecondHearingParams, SecondHearingArtifact]):
    """Whisper base over windows of speech in which personal data may be, by what was heard first."""

    name = "second_hearing"
    version = "1"
    reads = ("audio", "transcript")
    needs = ("audio",)
    model = MULTILINGUAL
    more_models = (VOICE_ACTIVITY, DEFAULT_MODEL)  # of the latter the words that it knows
    params = SecondHearingParams
    content = SecondHearingArtifact

    def make(
        self, inputs: Inputs, params: SecondHearingParams, progress: Progress
    ) -> StageResult[SecondHearingArtifact]:
        """Hear the windows of ``mono16k.wav`` that are doubted."""
        from bodyworn.findings.speech import activity, windows
        from bodyworn.findings.speech.model import model_folder
        from bodyworn.findings.speech.transcribe import recognizer, threads
        from bodyworn.redactions.spoken.doubted import is_doubted

        mono, first = inputs.file("audio", MONO), inputs.of(TranscriptArtifact)
        probability = activity.probabilities(mono, lambda _done: None)
        other = [span.span for span in first.unknown if span.language not in (None, ENGLISH)]
        pause_ms = TranscriptParams().longest_pause_ms
        speech = windows.pack(minus(first.speech, other), probability, pause_ms)
        doubted = [window for window in speech if is_doubted(first.segments, window)]
        heard: list[HeardAgain] = []
        for number, window in enumerate(doubted):
            progress(number, len(doubted), "Listening again")
            listener = recognizer(model_folder(self.model or MULTILINGUAL), threads(params.threads))
            words = _words(_hearing(listener, mono, window, params), window, probability)
            heard.append(HeardAgain(window, words))
        progress(len(doubted), max(1, len(doubted)), "Listening again")
        return StageResult(SecondHearingArtifact(tuple(one for one in heard if one.words)))


def _hearing(listener: Recognizer, mono: Path, window: Span, params: SecondHearingParams) -> DecodeResult:
    import numpy as np

    from bodyworn.findings.soundtrack import samples
    from bodyworn.findings.speech.recognizer import DecodeOptions

    sound = samples.read(mono, window.start_ms * 16, window.end_ms * 16).astype(np.float32) / np.float32(32768)
    return listener.hear(sound, DecodeOptions(beam=params.beam, room_s=2.0, least_s=params.least_heard_s))


def _words(hearing: DecodeResult, window: Span, probability: Probabilities) -> tuple[TimedWord, ...]:
    """The words on the recording's clock; none of a hearing that goes round in circles or is a guess."""
    from bodyworn.findings.speech import doubt, lines

    if hearing.compression > doubt.LOOP_COMPRESSION or hearing.mean_log_probability < HOPELESS:
        return ()
    placed = lines.place(doubt.unrepeated(hearing.words).kept, window, probability)
    return tuple(_later(word.timed, window) for word in placed)


def _later(word: TimedWord, window: Span) -> TimedWord:
    start, end = (min(at + EARLY_MS, window.end_ms) for at in (word.span.start_ms, word.span.end_ms))
    return TimedWord(Span(start, end), word.text, word.confidence)


STAGE = SecondHearingStage()
