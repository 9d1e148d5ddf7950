"""Stage ``transcript``: what was said, word by word, and what could not be understood."""

from __future__ import annotations

from bodyworn.domain.progress import Progress
from bodyworn.engine.stage import Inputs, StageResult, TypedStage
from bodyworn.findings.artifacts.audio import MONO, AudioArtifact
from bodyworn.findings.artifacts.transcript import TranscriptArtifact
from bodyworn.findings.speech.params import DEFAULT_MODEL, TranscriptParams


class TranscriptStage(TypedStage[TranscriptParams, TranscriptArtifact]):
    """Voice activity detection, then Whisper on what is speech; lines not said are set apart with the reason."""

    name = "transcript"
    version = "2"
    reads = ("audio",)
    needs = ("audio",)
    model = DEFAULT_MODEL
    params = TranscriptParams
    content = TranscriptArtifact

    def make(self, inputs: Inputs, params: TranscriptParams, progress: Progress) -> StageResult[TranscriptArtifact]:
        """Transcribe ``mono16k.wav`` of the audio stage."""
        from bodyworn.findings.speech.transcribe import transcribe

        return StageResult(transcribe(inputs.file("audio", MONO), inputs.of(AudioArtifact), params, progress))


STAGE = TranscriptStage()
