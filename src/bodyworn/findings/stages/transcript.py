"""Stage ``transcript``: what was said, word by word, and what could not be understood."""

from __future__ import annotations

from typing import ClassVar

from bodyworn.domain.progress import Progress
from bodyworn.engine.stage import Artifact, Inputs, Json


class TranscriptStage:
    """Voice activity detection, then Whisper on what is speech; lines nobody said are set apart with the reason.

    Parameters: ``model`` is a name in the registry or a folder with a CTranslate2 conversion of Whisper; ``threads``
    are processor threads (0: ``OMP_NUM_THREADS`` if set, else 2); the others are described in
    ``docs/findings/speech.md``.
    """

    name = "transcript"
    version = "2"
    reads: tuple[str, ...] = ("audio",)
    makes = "transcript"
    needs: tuple[str, ...] = ("audio",)
    model: str | None = "whisper-tiny.en"
    defaults: ClassVar[Json] = {
        "model": "whisper-tiny.en",
        "threads": 0,
        "beam": 5,
        "onset": 0.4,
        "offset": 0.25,
        "min_speech_ms": 100,
        "min_pause_ms": 400,
        "pad_ms": 500,
        "longest_pause_ms": 1200,
        "least_heard_s": 22.0,
        "unintelligible_below": 0.35,
    }

    def run(self, inputs: Inputs, progress: Progress) -> Artifact:
        """Transcribe ``mono16k.wav`` of the audio stage."""
        from bodyworn.findings.speech.transcribe import transcribe

        audio = inputs.data("audio")
        mono = inputs.file("audio", "mono16k.wav")
        return Artifact(self.makes, transcribe(mono, audio, inputs.params, progress))


STAGE = TranscriptStage()
