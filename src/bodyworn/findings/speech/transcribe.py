"""From a mono track to the ``transcript`` artifact: find speech, transcribe it by windows, set doubtful lines apart."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bodyworn.domain.finding import Unknown, UnknownState
from bodyworn.domain.progress import Progress
from bodyworn.domain.span import Span, merge, minus
from bodyworn.findings.artifacts.audio import AudioArtifact
from bodyworn.findings.artifacts.transcript import Segment, SuppressedLine, TranscriptArtifact
from bodyworn.findings.soundtrack import samples
from bodyworn.findings.speech import activity, doubt, lines, windows
from bodyworn.findings.speech.model import model_folder
from bodyworn.findings.speech.params import TranscriptParams
from bodyworn.findings.speech.recognizer import DecodeOptions, DecodeResult, Recognizer

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Detecting speech costs about this share of the work.
DETECTING = 0.1
#: A voice shorter than this without words is a breath or a click, not something unintelligible.
SHORTEST_WORDLESS_MS = 600
SHORTEST_BESIDE_WORDS_MS = 1000
#: A word this close to a voice belongs to it.
WORD_REACH_MS = 300
#: Wordless speech is heard once more, alone, if it is at most this share of its window.
SECOND_HEARING = 0.8
#: More words than two windows can hold.
MOST_WORDS = 500
#: With more than this share of the voice in a window wordless, its voices are heard one by one.
PASSED_OVER = 0.3
ALREADY = "repeats what was just written"


@dataclass
class _Result:
    segments: list[Segment] = field(default_factory=list)
    suppressed: list[SuppressedLine] = field(default_factory=list)
    words: list[Span] = field(default_factory=list)
    doubtful: list[Span] = field(default_factory=list)

    def add(self, other: _Result) -> None:
        """Take over what ``other`` holds."""
        self.segments += other.segments
        self.suppressed += other.suppressed
        self.words += other.words
        self.doubtful += other.doubtful


def transcribe(mono: Path, audio: AudioArtifact, params: TranscriptParams, progress: Progress) -> TranscriptArtifact:
    """The transcript of a 16 kHz mono track. Memory does not grow with length, but for the words."""
    duration_ms = audio.duration_ms
    probability = activity.probabilities(
        mono, lambda done: progress(DETECTING * done / 16, duration_ms, "Finding speech")
    )
    sensitivity = activity.Sensitivity(
        params.onset, params.offset, params.min_speech_ms, params.min_pause_ms, params.pad_ms
    )
    speech = activity.spans(probability, sensitivity, duration_ms)
    voices = activity.spans(probability, replace(sensitivity, pad_ms=0), duration_ms)
    result = _Result()
    if speech:
        listener = _Listener(mono, probability, voices, np.asarray(audio.level.rms_db, float), params)
        for window in windows.pack(speech, probability, params.longest_pause_ms):
            listener.listen(window, result)
            done = DETECTING * duration_ms + (1 - DETECTING) * window.end_ms
            progress(done, duration_ms, "Writing down what was said")
    progress(duration_ms, duration_ms, "Writing down what was said")
    return TranscriptArtifact(
        language="en",
        segments=tuple(sorted(result.segments, key=lambda segment: segment.span.start_ms)),
        speech=tuple(speech),
        suppressed=tuple(sorted(result.suppressed, key=lambda line: line.span.start_ms)),
        unknown=tuple(_unintelligible(voices, result)),
    )


@lru_cache(maxsize=1)
def recognizer(folder: Path, count: int) -> Recognizer:
    """The model, loaded once for the recordings that one process works through."""
    return Recognizer(folder, count)


def threads(asked: int) -> int:
    """Processor threads: as asked, else ``OMP_NUM_THREADS``, else 2."""
    limit = os.environ.get("OMP_NUM_THREADS", "")
    return asked or (int(limit) if limit.isdigit() and int(limit) > 0 else 2)


class _Listener:
    """Hears one window after the other."""

    def __init__(
        self,
        mono: Path,
        probability: activity.Probabilities,
        voices: list[Span],
        level_db: NDArray[np.float64],
        params: TranscriptParams,
    ) -> None:
        self.recognizer = recognizer(model_folder(params.model), threads(params.threads))
        self.mono, self.probability, self.voices, self.level_db = mono, probability, voices, level_db
        self.efforts = (
            DecodeOptions(beam=params.beam, room_s=2.0, least_s=params.least_heard_s),
            DecodeOptions(beam=params.beam, room_s=30.0, least_s=30.0),
        )
        self.doubtful_below = params.unintelligible_below
        self.pad_ms = params.pad_ms
        audible = level_db[level_db > -90]
        self.floor_db = float(np.percentile(audible, 10)) if len(audible) else -96.0
        self.bounds = doubt.Bounds()

    def listen(self, window: Span, result: _Result) -> None:
        """Add what is said in ``window`` to ``result``.

        A model that passes over sentences also puts the words it wrote in wrong places. So if much of the voice is
        without words, each voice is heard alone instead; if a little is, that is heard once more.
        """
        inside = [voice for voice in self.voices if window.start_ms <= voice.start_ms < window.end_ms]
        first = _Result()
        self._once(window, first)
        missing = wordless(inside, first.words)
        if len(inside) > 1 and _total(missing) > PASSED_OVER * _total(inside):
            for voice in inside:
                self._once(self._padded(voice, window), result)
            return
        result.add(first)
        written = doubt.plain(" ".join(segment.text for segment in first.segments))
        for voice in missing:
            again = self._padded(voice, window)
            if again.length_ms < SECOND_HEARING * window.length_ms:
                self._once(again, result, written)

    def _padded(self, voice: Span, window: Span) -> Span:
        start = max(window.start_ms, voice.start_ms - self.pad_ms)
        return Span(start, max(start, min(window.end_ms, voice.end_ms + self.pad_ms)))

    def _once(self, window: Span, result: _Result, written: str = "") -> None:
        hearing = self._hear(window)
        words = doubt.unrepeated(hearing.words)
        for line in lines.cut(lines.place(words.repeated, window, self.probability)):
            _suppress(result, line, ALREADY)
        for line in lines.cut(lines.place(words.kept, window, self.probability)):
            span = lines.span_of(line)
            speech = activity.mean_probability(self.probability, span)
            text = lines.text_of(line)
            why = doubt.why_not_said(text, hearing, speech, self._above_floor(span), self.bounds)
            if not why and written and doubt.plain(text) in written:
                why = ALREADY
            if why:
                _suppress(result, line, why)
            else:
                self._keep(result, line)

    def _hear(self, window: Span) -> DecodeResult:
        """The first hearing that does not fail; else the surest of those that do not go round in circles."""
        sound = samples.read(self.mono, window.start_ms * 16, window.end_ms * 16).astype(np.float32) / np.float32(32768)
        heard: list[DecodeResult] = []
        for effort in self.efforts:
            heard.append(self.recognizer.hear(sound, effort))
            if not doubt.failed(heard[-1], window.length_ms / 1000):
                return heard[-1]
        return doubt.surest(heard)

    def _above_floor(self, span: Span) -> float:
        part = self.level_db[span.start_ms // 100 : span.end_ms // 100 + 1]
        return float(part.max()) - self.floor_db if len(part) else 0.0

    def _keep(self, result: _Result, line: list[lines.RecognizedWord]) -> None:
        span, confidence = lines.span_of(line), lines.confidence_of(line)
        result.segments.append(
            Segment(span, lines.text_of(line), round(confidence, 3), tuple(word.timed for word in line))
        )
        result.words += [word.span for word in line]
        if confidence < self.doubtful_below:
            result.doubtful.append(span)


def _total(spans: list[Span]) -> int:
    return sum(span.length_ms for span in spans)


def _suppress(result: _Result, line: list[lines.RecognizedWord], why: str) -> None:
    result.suppressed.append(SuppressedLine(lines.span_of(line), lines.text_of(line), why))


def wordless(voices: list[Span], words: list[Span]) -> list[Span]:
    """Stretches of voice (in order) of at least 0.6 s, or 1 s beside words, with no word within 0.3 s."""
    near = merge([Span(max(0, word.start_ms - WORD_REACH_MS), word.end_ms + WORD_REACH_MS) for word in words])
    found: list[Span] = []
    at = 0
    for voice in voices:
        while at < len(near) and near[at].end_ms <= voice.start_ms:
            at += 1
        here = [span for span in near[at : at + MOST_WORDS] if span.start_ms < voice.end_ms]
        shortest = SHORTEST_BESIDE_WORDS_MS if here else SHORTEST_WORDLESS_MS
        found += [part for part in minus([voice], here) if part.length_ms >= shortest]
    return found


def _unintelligible(voices: list[Span], result: _Result) -> list[Unknown]:
    """Lines that cannot be relied on, and speech in which no word was understood."""
    spans = merge(wordless(voices, result.words) + result.doubtful, 300)
    return [Unknown(UnknownState.UNINTELLIGIBLE, span) for span in spans if span.length_ms > 0]
