"""From a mono track to the ``transcript`` artefact: find speech, hear it by windows, set doubtful lines apart."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from bodyworn.domain.errors import ModelError
from bodyworn.domain.finding import Unknown, UnknownState
from bodyworn.domain.span import Span, merge
from bodyworn.engine.stage import Json, Progress
from bodyworn.findings.soundtrack import samples
from bodyworn.findings.speech import activity, doubt, lines, windows
from bodyworn.findings.speech.recognizer import Effort, Hearing, Recognizer, Sound
from bodyworn.models import registry

#: Detecting speech costs about this share of the work.
DETECTING = 0.1
#: Speech shorter than this without words is a breath or a click, not something unintelligible.
SHORTEST_UNINTELLIGIBLE_MS = 400


@dataclass
class _Result:
    segments: list[dict[str, Any]] = field(default_factory=list)
    suppressed: list[dict[str, Any]] = field(default_factory=list)
    understood: list[Span] = field(default_factory=list)
    doubtful: list[Span] = field(default_factory=list)


def transcribe(mono: Path, audio: Json, params: Json, progress: Progress) -> dict[str, Any]:
    """The ``transcript`` artefact of ``docs/stages.md``. Memory does not grow with length, but for the words."""
    duration_ms = int(audio["duration_ms"])
    recognizer = Recognizer(model_folder(str(params["model"])), threads(int(params["threads"])))
    probability = activity.probabilities(
        mono, lambda done: progress(DETECTING * done / 16, duration_ms, "Finding speech")
    )
    sensitivity = activity.Sensitivity(
        onset=params["onset"],
        offset=params["offset"],
        min_speech_ms=params["min_speech_ms"],
        min_pause_ms=params["min_pause_ms"],
        pad_ms=params["pad_ms"],
    )
    speech = activity.spans(probability, sensitivity, duration_ms)
    listener = _Listener(recognizer, mono, probability, np.asarray(audio["level"]["rms_db"], float), params)
    result = _Result()
    for window in windows.pack(speech, params["longest_pause_ms"]):
        listener.listen(window, result)
        done = DETECTING * duration_ms + (1 - DETECTING) * window.span.end_ms
        progress(done, duration_ms, "Writing down what was said")
    progress(duration_ms, duration_ms, "Writing down what was said")
    unknown = _unintelligible(probability, sensitivity, duration_ms, result)
    return {
        "language": "en",
        "segments": result.segments,
        "speech": [{"start_ms": span.start_ms, "end_ms": span.end_ms} for span in speech],
        "suppressed": result.suppressed,
        "unknown": [Unknown(UnknownState.UNINTELLIGIBLE, span).to_json() for span in unknown],
    }


def model_folder(name: str) -> Path:
    """The folder of a model: a name in the registry, or a folder with ``model.bin`` and ``tokenizer.json``."""
    if name in registry.MODELS:
        return registry.locate(name).parent
    folder = Path(name)
    missing = [file for file in ("model.bin", "config.json", "tokenizer.json") if not (folder / file).is_file()]
    if missing:
        raise ModelError(
            f"{name!r} is neither a known model nor a folder with a CTranslate2 Whisper ({missing[0]} is missing)",
            "Name a model of `bodyworn doctor`, or a folder made by ct2-transformers-converter",
        )
    return folder


def threads(asked: int) -> int:
    """Processor threads: as asked, else ``OMP_NUM_THREADS``, else 2."""
    limit = os.environ.get("OMP_NUM_THREADS", "")
    return asked or (int(limit) if limit.isdigit() and int(limit) > 0 else 2)


class _Listener:
    """Hears one window after the other."""

    def __init__(
        self, recognizer: Recognizer, mono: Path, probability: activity.Probabilities, level_db: Any, params: Json
    ) -> None:
        self.recognizer, self.mono, self.probability, self.level_db = recognizer, mono, probability, level_db
        self.efforts = (
            Effort(beam=params["beam"], room_s=2.0, least_s=15.0),
            Effort(beam=params["beam"], room_s=30.0, least_s=30.0),
        )
        self.doubtful_below = float(params["unintelligible_below"])
        audible = level_db[level_db > -90]
        self.floor_db = float(np.percentile(audible, 10)) if len(audible) else -96.0
        self.bounds = doubt.Bounds()

    def listen(self, window: windows.Window, result: _Result) -> None:
        """Add what is said in ``window`` to ``result``."""
        hearing = self._hear(self._sound(window), window.length_ms / 1000)
        kept, looped = doubt.unrepeated(hearing.words)
        for line in lines.cut(lines.place(looped, window, self.probability)):
            _suppress(result, line, "repeats what was just written")
        for line in lines.cut(lines.place(kept, window, self.probability)):
            span = lines.span_of(line)
            speech = activity.mean_probability(self.probability, span)
            why = doubt.why_not_said(lines.text_of(line), hearing, speech, self._above_floor(span), self.bounds)
            if why:
                _suppress(result, line, why)
            else:
                self._keep(result, line)

    def _sound(self, window: windows.Window) -> Sound:
        parts = [samples.read(self.mono, piece.start_ms * 16, piece.end_ms * 16) for piece in window.pieces]
        return np.concatenate(parts).astype(np.float32) / np.float32(32768)

    def _hear(self, sound: Sound, seconds: float) -> Hearing:
        """The first hearing that does not fail; else the surest of those that do not go round in circles."""
        heard: list[Hearing] = []
        for effort in self.efforts:
            heard.append(self.recognizer.hear(sound, effort))
            if not doubt.failed(heard[-1], seconds):
                return heard[-1]
        return max(heard, key=lambda h: (h.compression <= doubt.LOOP_COMPRESSION, h.mean_log_probability))

    def _above_floor(self, span: Span) -> float:
        part = self.level_db[span.start_ms // 100 : span.end_ms // 100 + 1]
        return float(part.max()) - self.floor_db if len(part) else 0.0

    def _keep(self, result: _Result, line: list[lines.Word]) -> None:
        span, confidence = lines.span_of(line), lines.confidence_of(line)
        result.segments.append(
            {
                "start_ms": span.start_ms,
                "end_ms": span.end_ms,
                "text": lines.text_of(line),
                "confidence": round(confidence, 3),
                "words": [word.to_json() for word in line],
            }
        )
        result.understood.append(span)
        if confidence < self.doubtful_below:
            result.doubtful.append(span)


def _suppress(result: _Result, line: list[lines.Word], why: str) -> None:
    span = lines.span_of(line)
    entry = {"start_ms": span.start_ms, "end_ms": span.end_ms, "text": lines.text_of(line), "why": why}
    result.suppressed.append(entry)


def _unintelligible(
    probability: activity.Probabilities, sensitivity: activity.Sensitivity, duration_ms: int, result: _Result
) -> list[Span]:
    """Lines that cannot be relied on, and speech of which not a word was understood."""
    from dataclasses import replace

    voices = activity.spans(probability, replace(sensitivity, pad_ms=0), duration_ms)
    reach = merge(result.understood, 1000)
    wordless = [
        voice
        for voice in voices
        if voice.length_ms >= SHORTEST_UNINTELLIGIBLE_MS and not any(voice.overlap_ms(line) for line in reach)
    ]
    return [span for span in merge(wordless + result.doubtful, 300) if span.length_ms > 0]
