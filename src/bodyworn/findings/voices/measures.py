"""What sets one speaker apart besides the voice itself: level, steadiness, clarity, a radio's narrow band.

All are measured where the speaker speaks alone, on at most a minute of speech spread over the recording.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bodyworn.domain.span import Span, minus
from bodyworn.findings.artifacts.speakers import VoiceMeasures
from bodyworn.findings.voices.prosody import prosody
from bodyworn.findings.voices.turns import SpeakerTurn
from bodyworn.findings.voices.wave_file import RATE, Wave

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float32]

_MOST_MS = 60_000
_FFT = 1024


def measure_speakers(wave: Wave, turns: Sequence[SpeakerTurn], overlaps: Sequence[Span]) -> list[VoiceMeasures]:
    """Measures of each speaker, by number."""
    import numpy as np

    speakers = 1 + max((turn.speaker for turn in turns), default=-1)
    noise = _noise_spectrum(wave, [turn.span for turn in turns])
    found = []
    for speaker in range(speakers):
        own = [turn.span for turn in turns if turn.speaker == speaker]
        alone = _spread([span for span in minus(own, overlaps) if span.length_ms >= 200] or own)
        pieces = [wave.read_ms(span.start_ms, span.end_ms) for span in alone]
        parts = [prosody(piece) for piece in pieces]
        level = np.concatenate([part.level_db for part in parts])
        pitch = np.concatenate([part.pitch_hz for part in parts])
        found.append(
            VoiceMeasures(
                speech_ms=sum(span.length_ms for span in own),
                level_db=round(float(np.percentile(level, 75)), 2) if len(level) else -100.0,
                clarity_db=_clarity_db(level),
                steadiness=round(_steadiness([part.level_db for part in parts]), 4),
                band_limited=round(band_limited(_voice_spectrum(pieces), noise), 4),
                pitch_hz=round(float(np.median(pitch[pitch > 0])), 1) if (pitch > 0).any() else 0.0,
            )
        )
    return found


def _clarity_db(level: Array) -> float:
    import numpy as np

    return round(float(np.percentile(level, 90) - np.percentile(level, 10)), 2) if len(level) else 0.0


def _spread(spans: Sequence[Span]) -> list[Span]:
    """Some of ``spans``, at most a minute in sum, taken evenly from first to last."""
    total = sum(span.length_ms for span in spans)
    if total <= _MOST_MS:
        return list(spans)
    share = _MOST_MS / total
    return [Span(s.start_ms, s.start_ms + max(200, round(s.length_ms * share))) for s in spans if s.length_ms >= 200]


def _steadiness(levels: Sequence[Array]) -> float:
    """1 for turns of one level, 0.5 where they differ by 4 dB (standard deviation); 0.5 with fewer than two."""
    import numpy as np

    loud = [float(np.percentile(level, 75)) for level in levels if len(level) >= 20]
    return 1.0 / (1.0 + float(np.std(loud)) / 4.0) if len(loud) >= 2 else 0.5


def _voice_spectrum(pieces: Sequence[Array]) -> Array:
    """Mean power spectrum of the loudest fifth of the frames."""
    import numpy as np

    power = np.concatenate([_powers(piece) for piece in pieces] or [np.zeros((0, _FFT // 2 + 1), np.float32)])
    if len(power) == 0:
        return np.zeros(_FFT // 2 + 1, np.float32)
    loudness = power.sum(axis=1)
    spectrum: Array = power[loudness >= np.percentile(loudness, 80)].mean(axis=0)
    return spectrum


def _noise_spectrum(wave: Wave, spoken: Sequence[Span]) -> Array:
    """Median power spectrum where there is no speech, of at most 30 s over the recording; zeros without any."""
    import numpy as np

    gaps = [span for span in minus([Span(0, wave.duration_ms)], spoken) if span.length_ms >= 400]
    gaps = gaps[:: max(1, len(gaps) // 30)]
    pieces = [wave.read_ms(gap.start_ms + 100, min(gap.end_ms - 100, gap.start_ms + 1100)) for gap in gaps]
    pieces = [piece for piece in pieces if np.abs(piece).max(initial=0.0) > 0]
    if not pieces:
        return np.zeros(_FFT // 2 + 1, np.float32)
    spectrum: Array = np.median(np.concatenate([_powers(piece) for piece in pieces]), axis=0).astype(np.float32)
    return spectrum


def _powers(piece: Array) -> Array:
    import numpy as np

    if len(piece) < _FFT:
        return np.zeros((0, _FFT // 2 + 1), np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(piece, _FFT)[:: _FFT // 2]
    return np.square(np.abs(np.fft.rfft(frames * np.hanning(_FFT).astype(np.float32)))).astype(np.float32)


def band_limited(voice: Array, noise: Array) -> float:
    """How much a voice sounds as through a radio or telephone (300 to 3400 Hz), 0..1.

    Two edges are looked at: the drop from 2.4–3.2 kHz to 3.9–5 kHz, and from 400–800 Hz to 100–240 Hz, each after the
    noise of the recording is taken off. A natural voice falls little at one of them at least. What both say adds up,
    each within limits, so that a clear edge makes up for one that noise has filled a little, but none decides alone.
    An edge that lies under the noise says nothing.
    """
    import numpy as np

    hertz = np.arange(len(voice)) * RATE / _FFT

    def decibels(low: float, high: float) -> tuple[float, float]:
        band = (hertz >= low) & (hertz < high)
        clean = max(float(voice[band].mean() - noise[band].mean()), 1e-9)
        return 10 * np.log10(clean), 10 * np.log10(float(noise[band].mean()) + 1e-9)

    odds: list[float] = []
    for inside, outside, natural in (((2400, 3200), (3900, 5000), 16.0), ((400, 800), (100, 240), 12.0)):
        level, _ = decibels(*inside)
        beyond, floor = decibels(*outside)
        if level - floor < natural:
            continue
        odds.append(float(np.clip((level - max(beyond, floor - 3) - natural) / 2.5, -4.0, 4.0)))
    together = 1 / (1 + np.exp(0.5 - sum(odds)))
    return float(together) if len(odds) == 2 and min(odds) > -1.0 else 0.5 * float(together) if odds else 0.0
