"""From a mono track to the ``transcript`` artifact: find speech, transcribe it by windows, set doubtful lines apart."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bodyworn.domain.finding import Unknown, UnknownState
from bodyworn.domain.language import ENGLISH
from bodyworn.domain.progress import Progress
from bodyworn.domain.span import Span, merge, minus
from bodyworn.findings.artifacts.audio import AudioArtifact
from bodyworn.findings.artifacts.speakers import VoiceTurn
from bodyworn.findings.artifacts.transcript import Segment, SuppressedLine, TranscriptArtifact
from bodyworn.findings.soundtrack import samples
from bodyworn.findings.speech import activity, doubt, lines, windows
from bodyworn.findings.speech.languages import (
    WRITTEN,
    LanguageStretch,
    Probabilities,
    foreign_speech,
    within,
    without,
)
from bodyworn.findings.speech.model import model_folder
from bodyworn.findings.speech.params import MULTILINGUAL, TranscriptParams
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


def transcribe(
    mono: Path, audio: AudioArtifact, turns: Sequence[VoiceTurn], params: TranscriptParams, progress: Progress
) -> TranscriptArtifact:
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
    foreign = foreign_speech(_Ear(mono, threads(params.threads)), voices, turns, speech) if speech else []
    sounds = _Sounds(mono, probability, np.asarray(audio.level.rms_db, float))
    plan = [(ENGLISH, params.model, without(speech, foreign), without(voices, foreign))]
    plan += [(name, MULTILINGUAL, within(speech, foreign, name), within(voices, foreign, name)) for name in WRITTEN]
    for language, model, spans, spoken in plan:
        if not spans:
            continue
        listener = _Listener(sounds, spoken, params, recognizer(model_folder(model), threads(params.threads)), language)
        for window in windows.pack(spans, probability, params.longest_pause_ms):
            listener.listen(window, result)
            done = DETECTING * duration_ms + (1 - DETECTING) * window.end_ms
            progress(done, duration_ms, "Writing down what was said")
    progress(duration_ms, duration_ms, "Writing down what was said")
    written = minus(voices, [one.span for one in foreign if one.language not in WRITTEN])
    return TranscriptArtifact(
        language="en",
        segments=tuple(sorted(result.segments, key=lambda segment: segment.span.start_ms)),
        speech=tuple(speech),
        suppressed=tuple(sorted(result.suppressed, key=lambda line: line.span.start_ms)),
        unknown=tuple(sorted([*_unintelligible(written, result), *_foreign(foreign)], key=lambda one: one.span)),
    )


@lru_cache(maxsize=2)
def recognizer(folder: Path, count: int) -> Recognizer:
    """The model, loaded once for the recordings that one process works through."""
    return Recognizer(folder, count)


def threads(asked: int) -> int:
    """Processor threads: as asked, else ``OMP_NUM_THREADS``, else 2."""
    limit = os.environ.get("OMP_NUM_THREADS", "")
    return asked or (int(limit) if limit.isdigit() and int(limit) > 0 else 2)


@dataclass(frozen=True)
class _Sounds:
    """What is listened to: the track, the probability of a voice, the level."""

    mono: Path
    probability: activity.Probabilities
    level_db: NDArray[np.float64]


@dataclass(frozen=True)
class _Ear:
    """Tells the language of a stretch; its model is opened when it is first asked."""

    mono: Path
    threads: int

    def tell(self, span: Span, seconds: float) -> Probabilities:
        sound = _sound(self.mono, Span(span.start_ms, min(span.end_ms, span.start_ms + round(seconds * 1000))))
        return recognizer(model_folder(MULTILINGUAL), self.threads).tell(sound, seconds)


def _sound(mono: Path, span: Span) -> NDArray[np.float32]:
    """16 kHz sound in -1..1."""
    return samples.read(mono, span.start_ms * 16, span.end_ms * 16).astype(np.float32) / np.float32(32768)


class _Listener:
    """Hears one window after the other."""

    def __init__(
        self, sounds: _Sounds, voices: list[Span], params: TranscriptParams, recognizer: Recognizer, language: str
    ) -> None:
        self.recognizer, self.language = recognizer, language
        self.mono, self.probability, self.level_db = sounds.mono, sounds.probability, sounds.level_db
        self.voices = voices
        self.efforts = (
            DecodeOptions(beam=params.beam, room_s=2.0, least_s=params.least_heard_s),
            DecodeOptions(beam=params.beam, room_s=30.0, least_s=30.0),
        )
        self.doubtful_below = params.unintelligible_below
        self.pad_ms = params.pad_ms
        audible = self.level_db[self.level_db > -90]
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
        sound = _sound(self.mono, window)
        heard: list[DecodeResult] = []
        for effort in self.efforts:
            heard.append(self.recognizer.hear(sound, effort, self.language))
            if not doubt.failed(heard[-1], window.length_ms / 1000):
                return heard[-1]
        return doubt.surest(heard)

    def _above_floor(self, span: Span) -> float:
        part = self.level_db[span.start_ms // 100 : span.end_ms // 100 + 1]
        return float(part.max()) - self.floor_db if len(part) else 0.0

    def _keep(self, result: _Result, line: list[lines.RecognizedWord]) -> None:
        span, confidence = lines.span_of(line), lines.confidence_of(line)
        words = tuple(word.timed for word in line)
        result.segments.append(Segment(span, lines.text_of(line), round(confidence, 3), words, self.language))
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


def _foreign(stretches: Sequence[LanguageStretch]) -> list[Unknown]:
    """Speech that is written down and not searched, and speech in a language that is not understood here."""
    return [
        Unknown(
            UnknownState.NOT_SEARCHED if one.language in WRITTEN else UnknownState.UNINTELLIGIBLE,
            one.span,
            one.language,
        )
        for one in stretches
    ]


def _unintelligible(voices: list[Span], result: _Result) -> list[Unknown]:
    """Lines that cannot be relied on, and speech in which no word was understood."""
    spans = merge(wordless(voices, result.words) + result.doubtful, 300)
    return [Unknown(UnknownState.UNINTELLIGIBLE, span) for span in spans if span.length_ms > 0]
