"""Words out of a window of sound: Whisper (Radford et al. 2022) on CTranslate2, deterministic, offline."""

from __future__ import annotations

import os
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bodyworn.domain.language import ENGLISH

FRAMES_PER_SECOND = 100
#: The one task ever asked for. The other that the model knows is translation, which puts words into people's mouths.
TASK = "transcribe"
WINDOW_S = 30.0
Sound = NDArray[np.float32]


@dataclass(frozen=True)
class RecognizedSpeech:
    """One word with its time in the window in ms and its probability; ``text`` keeps its leading space."""

    start_ms: float
    end_ms: float
    text: str
    probability: float


@dataclass(frozen=True)
class DecodeResult:
    """What was heard in one window, and how sure the model was of it as a whole."""

    text: str
    words: tuple[RecognizedSpeech, ...]
    mean_log_probability: float
    no_speech: float
    compression: float


@dataclass(frozen=True)
class DecodeOptions:
    """Beam width, and how many seconds the model listens to: what is spoken plus ``room_s``, at least ``least_s``.

    The encoder's cost grows with that length; the usual 30 s are mostly padding for a short utterance.
    """

    beam: int
    room_s: float
    least_s: float


class Recognizer:
    """A loaded model. ``folder`` holds a CTranslate2 conversion of Whisper; nothing is ever fetched."""

    def __init__(self, folder: Path, threads: int) -> None:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        from faster_whisper import WhisperModel
        from faster_whisper.transcribe import get_suppressed_tokens

        self._model: Any = WhisperModel(
            str(folder), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True
        )
        self._tokenizers: dict[str, Any] = {}
        self._suppressed = list(get_suppressed_tokens(self._tokenizer(ENGLISH), [-1]))

    def _tokenizer(self, language: str) -> Any:
        from faster_whisper.tokenizer import Tokenizer

        if language not in self._tokenizers:
            multilingual = bool(self._model.model.is_multilingual)
            made = Tokenizer(self._model.hf_tokenizer, multilingual, task=TASK, language=language)
            self._tokenizers[language] = made
        return self._tokenizers[language]

    def prompt(self, language: str) -> list[int]:
        """The tokens a hearing begins with: the language, and that words are written down as they are said."""
        prompt: list[int] = self._model.get_prompt(self._tokenizer(language), [], without_timestamps=True)
        return prompt

    def tell(self, sound: Sound, seconds: float) -> Mapping[str, float]:
        """The probability of each language (ISO 639 code) in up to ``seconds`` of 16 kHz sound in -1..1.

        One pass of the encoder over that length and one step of the decoder. Only a multilingual model can.
        """
        encoded, _ = self._encode(sound[: round(seconds * 16_000)], seconds)
        told: list[tuple[str, float]] = self._model.model.detect_language(encoded)[0]
        return {mark.strip("<|>"): probability for mark, probability in told}

    def hear(self, sound: Sound, effort: DecodeOptions, language: str = ENGLISH) -> DecodeResult:
        """Transcribe up to 30 s of 16 kHz sound in -1..1, in the language it is spoken in."""
        prompt, tokenizer = self.prompt(language), self._tokenizer(language)
        seconds = min(WINDOW_S, max(effort.least_s, len(sound) / 16_000 + effort.room_s))
        encoded, frames = self._encode(sound, seconds)
        result = self._model.model.generate(
            encoded,
            [prompt],
            beam_size=effort.beam,
            max_length=min(self._model.max_length, len(prompt) + most_tokens(len(sound) / 16_000)),
            suppress_blank=True,
            suppress_tokens=self._suppressed,
            sampling_temperature=0,
            return_scores=True,
            return_no_speech_prob=True,
        )[0]
        tokens = [token for token in result.sequences_ids[0] if token < tokenizer.eot]
        count = len(result.sequences_ids[0])
        text: str = tokenizer.decode(tokens)
        return DecodeResult(
            text=text.strip(),
            words=self._words(tokenizer, tokens, encoded, frames),
            mean_log_probability=float(result.scores[0]) * count / (count + 1),
            no_speech=float(result.no_speech_prob),
            compression=compression(text),
        )

    def _encode(self, sound: Sound, seconds: float) -> tuple[Any, int]:
        """Encoder output for ``seconds`` (sound, then silence), and the number of frames that hold sound."""
        from faster_whisper.audio import pad_or_trim

        features = self._model.feature_extractor(sound)[..., :-1]
        heard = min(features.shape[-1], round(seconds * FRAMES_PER_SECOND))
        whole = pad_or_trim(features, round(seconds * FRAMES_PER_SECOND / 2) * 2)
        return self._model.encode(np.ascontiguousarray(whole)[None]), heard

    def _words(self, tokenizer: Any, tokens: list[int], encoded: Any, frames: int) -> tuple[RecognizedSpeech, ...]:
        """Words with times by cross-attention and dynamic time warping; punctuation stays with its word."""
        from faster_whisper.transcribe import merge_punctuations

        if not tokens:
            return ()
        aligned = self._model.find_alignment(tokenizer, [tokens], encoded, [frames])[0]
        merge_punctuations(aligned, "\"'“¿([{-", "\"'.。,，!！?？:：”)]}、")
        return tuple(
            RecognizedSpeech(
                float(word["start"]) * 1000, float(word["end"]) * 1000, word["word"], float(word["probability"])
            )
            for word in aligned
            if word["word"].strip()
        )


def most_tokens(seconds: float) -> int:
    """More tokens than fast speech has in ``seconds``; what goes round in circles stops here."""
    return 24 + round(9 * seconds)


def compression(text: str) -> float:
    """Bytes over bytes after zlib: above 2.4 the text goes round in circles (as in OpenAI's reference decoder)."""
    data = text.encode()
    return len(data) / len(zlib.compress(data)) if data else 0.0
