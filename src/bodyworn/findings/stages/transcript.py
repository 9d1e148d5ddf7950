"""Stage ``transcript``: what was said, word by word, and what could not be understood."""

from __future__ import annotations

from bodyworn.domain.progress import Progress
from bodyworn.engine.stage import Inputs, StageResult, TypedStage
from bodyworn.findings.artifacts.audio import MONO, AudioArtifact
from bodyworn.findings.artifacts.speakers import SpeakersArtifact
from bodyworn.findings.artifacts.transcript import TranscriptArtifact
from bodyworn.findings.speech.params import DEFAULT_MODEL, MULTILINGUAL, VOICE_ACTIVITY, TranscriptParams


class TranscriptStage(TypedStage[TranscriptParams, TranscriptArtifact]):
    """Voice activity detection, the language of each stretch, then Whisper; lines not said are set apart with the
    reason. Nothing is ever translated."""

    name = "transcript"
    version = "3"
    reads = ("audio", "speakers")
    needs = ("audio",)
    model = DEFAULT_MODEL
    more_models = (MULTILINGUAL, VOICE_ACTIVITY)
    params = TranscriptParams
    content = TranscriptArtifact

    def make(self, inputs: Inputs, params: TranscriptParams, progress: Progress) -> StageResult[TranscriptArtifact]:
        """Transcribe ``mono16k.wav`` of the audio stage."""
        from bodyworn.findings.speech.transcribe import transcribe

        turns = inputs.of(SpeakersArtifact).turns
        made = transcribe(inputs.file("audio", MONO), inputs.of(AudioArtifact), turns, params, progress)
        return StageResult(made)


STAGE = TranscriptStage()
