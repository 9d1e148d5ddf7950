"""Parameters of the transcript."""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT_MODEL = "whisper-tiny.en"
#: What tells the language, and writes down what is not English.
MULTILINGUAL = "whisper-base"
#: What tells where there is a voice.
VOICE_ACTIVITY = "silero-vad"


@dataclass(frozen=True)
class TranscriptParams:
    """Settings of the recognizer; those of hearing are described in ``docs/findings-speech.md``.

    ``model`` is a name in the registry or a folder with a CTranslate2 conversion of Whisper; ``threads`` are processor
    threads (0: ``OMP_NUM_THREADS`` if set, else 2).
    """

    model: str = DEFAULT_MODEL
    threads: int = 0
    beam: int = 5
    onset: float = 0.4
    offset: float = 0.25
    min_speech_ms: int = 100
    min_pause_ms: int = 400
    pad_ms: int = 500
    longest_pause_ms: int = 1200
    least_heard_s: float = 22.0
    unintelligible_below: float = 0.35
