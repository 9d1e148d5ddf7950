"""Raised and strained voice, each against the speaker's own usual voice in this recording.

Shouting raises level, pitch and the share of energy above 1 kHz together (Liénard & Di Benedetto 1999); a voice under
stress rises in pitch without getting louder and shakes (Hollien 1990; Giddens et al. 2013). A single figure proves
nothing, so a score needs several to move at once. Levels of a person who walks about depend on distance: level alone
never makes a finding.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bodyworn.domain.span import Span
from bodyworn.findings.voices.prosody import HOP_MS, Prosody

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float32]

#: A usual voice needs so many pieces and so much speech; without it nothing is said of the speaker.
LEAST_PIECES, LEAST_MS = 4, 8_000
#: Pieces are at most this long, and at least.
PIECE_MS, SHORTEST_MS = 4_000, 800
#: A voice that is higher than this against the usual one is more likely another person's, wrongly given to the speaker.
MOST_SEMITONES = 9.0
_REPORT = 0.5


@dataclass(frozen=True)
class Voice:
    """Median figures of a stretch of speech: ``pitch_hz``, ``level_db``, ``tilt_db``, and ``shake_st``: how far the
    pitch jumps from one 20 ms frame to the next, in semitones."""

    pitch_hz: float
    level_db: float
    tilt_db: float
    shake_st: float


@dataclass(frozen=True)
class VoiceSegment:
    """A stretch of one speaker alone, and its voice."""

    span: Span
    speaker: str
    voice: Voice


@dataclass(frozen=True)
class Strain:
    """A piece in which the voice departs from the usual: ``kind`` is ``raised_voice`` or ``strained_voice``."""

    kind: str
    piece: VoiceSegment
    score: float
    measures: Mapping[str, float]


def pieces_of(spans: Mapping[str, Sequence[Span]], sound: Prosody) -> list[VoiceSegment]:
    """Cut each speaker's spans into pieces and measure those that hold enough voiced sound."""
    found = []
    for speaker, own in spans.items():
        for span in own:
            parts = max(1, -(-span.length_ms // PIECE_MS))
            for part in range(parts):
                start = span.start_ms + span.length_ms * part // parts
                piece = Span(start, span.start_ms + span.length_ms * (part + 1) // parts)
                voice = _voice(piece, sound) if piece.length_ms >= SHORTEST_MS else None
                if voice is not None:
                    found.append(VoiceSegment(piece, speaker, voice))
    return sorted(found, key=lambda piece: (piece.span, piece.speaker))


def usual_voices(pieces: Sequence[VoiceSegment]) -> dict[str, Voice]:
    """The usual voice of each speaker: the median over the pieces, where there are enough of them."""
    usual = {}
    for speaker in sorted({piece.speaker for piece in pieces}):
        own = [piece for piece in pieces if piece.speaker == speaker]
        if len(own) >= LEAST_PIECES and sum(piece.span.length_ms for piece in own) >= LEAST_MS:
            usual[speaker] = Voice(
                *(_median([getattr(p.voice, name) for p in own]) for name in Voice.__dataclass_fields__)
            )
    return usual


def strains_of(pieces: Sequence[VoiceSegment], usual: Mapping[str, Voice]) -> list[Strain]:
    """Pieces in which a voice is raised or strained against the speaker's usual voice."""
    found = []
    for piece in pieces:
        base = usual.get(piece.speaker)
        if base is None:
            continue
        louder = piece.voice.level_db - base.level_db
        higher = 12 * math.log2(piece.voice.pitch_hz / base.pitch_hz)
        if higher > MOST_SEMITONES:
            continue
        brighter = piece.voice.tilt_db - base.tilt_db
        shakier = piece.voice.shake_st - base.shake_st
        measures = {
            "louder_db": round(louder, 1),
            "higher_semitones": round(higher, 1),
            "brighter_db": round(brighter, 1),
            "shakier_semitones": round(shakier, 2),
        }
        scores = {
            "raised_voice": _raised(louder, higher, brighter),
            "strained_voice": _strained(louder, higher, shakier),
        }
        kind = max(scores, key=lambda name: scores[name])
        if scores[kind] >= _REPORT:
            found.append(Strain(kind, piece, scores[kind], measures))
    return found


def _raised(louder: float, higher: float, brighter: float) -> float:
    """Needs 4 dB more and help from pitch or brightness; 8 dB with 4 semitones and 3 dB is near certain."""
    if louder < 4.0:
        return 0.0
    effort = 0.3 * min(louder, 15.0) + 0.35 * min(higher, 8.0) + 0.2 * min(brighter, 8.0)
    return _logistic(1.3 * (effort - 3.2))


def _strained(louder: float, higher: float, shakier: float) -> float:
    """A higher or shakier voice that is not simply louder; never more than 0.8, as the cause cannot be heard."""
    effort = 0.5 * max(-2.0, min(higher, 8.0)) + 3.0 * max(-0.5, min(shakier, 1.0)) - 0.1 * max(0.0, louder)
    return 0.8 * _logistic(1.5 * (effort - 2.2))


def _voice(span: Span, sound: Prosody) -> Voice | None:
    """Figures of a stretch; ``None`` where less than a fifth of a second is voiced."""
    import numpy as np

    here = slice(span.start_ms // HOP_MS, span.end_ms // HOP_MS)
    pitch, level, tilt = sound.pitch_hz[here], sound.level_db[here], sound.tilt_db[here]
    voiced = pitch > 0
    if voiced.sum() * HOP_MS < 200:
        return None
    both = voiced[1:] & voiced[:-1]
    jumps = np.abs(12 * np.log2(pitch[1:][both] / pitch[:-1][both])) if both.any() else np.zeros(1, np.float32)
    jumps = jumps[jumps < 4]
    return Voice(
        float(np.median(pitch[voiced])),
        float(np.percentile(level[voiced], 75)),
        float(np.median(tilt[voiced])),
        float(np.mean(jumps)) if len(jumps) else 0.0,
    )


def _median(values: Sequence[float]) -> float:
    import numpy as np

    return float(np.median(values))


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value))
