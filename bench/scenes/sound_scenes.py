"""Ten seconds with a sound of a known kind in them: one donor's cries or laughs, near speech, in rooms, wind and bad
microphones.

The same chance decides for every kind which band, room, level, noise and clipping a scene gets, so that none can be
told by how it was recorded; half of the scenes are plain. All from a seed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bench.corpora.sounds import BED, CRY, LAUGH, OTHER, RATE, SCREAM, SHOT, SIREN, SPEECH, VOICE, SoundClip, responses
from bodyworn.domain.span import Span

SECONDS = 10
_LENGTH = SECONDS * RATE
#: Lowest and highest frequency kept, and how often: as it was, a good and a bad camera, 8 kHz, a telephone.
_BANDS = (((0, 8000), 0.3), ((60, 7000), 0.15), ((100, 5500), 0.1), ((0, 3900), 0.25), ((300, 3400), 0.2))


@dataclass(frozen=True)
class SoundScene:
    """The sound (16 kHz, float32), the kind of the event (``bed`` or ``speech`` where there is none), where it is
    heard, and the clips it was made of."""

    sound: np.ndarray
    kind: str
    spans: tuple[Span, ...]
    donor: str
    baby: bool = False


class SoundStudio:
    """Makes scenes of the clips of one side of the split."""

    def __init__(self, clips: Sequence[SoundClip], held: bool, seed: int) -> None:
        self.seed, self.chance = seed, np.random.default_rng(seed)
        self.by_kind: dict[str, dict[str, list[SoundClip]]] = {}
        for clip in clips:
            if clip.held == held:
                self.by_kind.setdefault(clip.kind, {}).setdefault(clip.donor, []).append(clip)
        self.responses = responses(held)

    def drawn(self, number: int) -> SoundScene:
        """Scene ``number`` of this seed, of a kind drawn from :data:`MIX`; none hangs on the others."""
        self.chance = np.random.default_rng((self.seed, number))
        there = [kind for kind in MIX if kind in self.by_kind]
        shares = np.array([MIX[kind] for kind in there])
        return self.scene(there[int(self.chance.choice(len(there), p=shares / shares.sum()))])

    def scene(self, kind: str) -> SoundScene:
        """A scene of ``kind``."""
        chance = self.chance
        own = self._donor(kind) if kind != BED else []
        plain = bool(chance.random() < 0.5)
        layers, spans = np.zeros(_LENGTH, np.float32), list[Span]()
        if kind == SPEECH:
            layers += self._talk(0, _LENGTH) * _gain(chance.uniform(-6, 6))
        elif kind != BED:
            event, spans = self._event(own)
            layers += event
            if not plain:
                layers += self._speech_beside(kind, spans)
        if not plain and chance.random() < 0.6 and self.responses:
            layers = in_room(layers, self.responses[int(chance.integers(len(self.responses)))])
        layers += self._behind(kind, layers, plain)
        donor = own[0].donor if own else ""
        return SoundScene(self._microphone(layers), kind, tuple(spans), donor, any(clip.baby for clip in own))

    def _donor(self, kind: str) -> list[SoundClip]:
        """All clips of the kind by a donor drawn by chance."""
        donors = self.by_kind[kind]
        return donors[sorted(donors)[int(self.chance.integers(len(donors)))]]

    def _event(self, own: Sequence[SoundClip]) -> tuple[np.ndarray, list[Span]]:
        """Clips of one donor one after another, each at a level of 0.1, and where they lie."""
        chance, sound, spans = self.chance, np.zeros(_LENGTH, np.float32), list[Span]()
        long = own[0].baby or own[0].kind in (SIREN,)
        count = 1 if long or chance.random() < 0.25 else int(chance.integers(2, 7))
        if own[0].kind in (OTHER, SHOT) and chance.random() < 0.6:
            count = 1
        at = int(chance.uniform(0, 0.75 if count == 1 else 0.4) * _LENGTH)
        for _ in range(count):
            piece = leveled(active(own[int(chance.integers(len(own)))].samples()))
            if long and at + len(piece) > _LENGTH:
                at = max(0, int(chance.uniform(-0.3, 0.3) * _LENGTH))
            piece = piece[: max(0, _LENGTH - at)]
            if len(piece) < RATE // 20:
                break
            sound[at : at + len(piece)] += piece * _gain(chance.uniform(-3, 3))
            spans.append(Span(at * 1000 // RATE, (at + len(piece)) * 1000 // RATE))
            at += len(piece) + int(chance.uniform(0.05, 0.8) * RATE)
        return sound, spans

    def _speech_beside(self, kind: str, spans: Sequence[Span]) -> np.ndarray:
        """In four of ten scenes someone talks before, after or, more softly, across the event."""
        chance = self.chance
        if chance.random() > 0.4 or kind == VOICE or not spans:
            return np.zeros(_LENGTH, np.float32)
        first, last = spans[0].start_ms * RATE // 1000, spans[-1].end_ms * RATE // 1000
        if chance.random() < 0.4:
            return self._talk(0, _LENGTH) * _gain(-chance.uniform(3, 15))
        talk = np.zeros(_LENGTH, np.float32)
        for start, end in ((0, first), (last, _LENGTH)):
            if end - start > RATE:
                talk += self._talk(start, end) * _gain(chance.uniform(-9, 6))
        return talk

    def _talk(self, start: int, end: int) -> np.ndarray:
        return self._laid(self._donor(SPEECH), start, end)

    def _laid(self, own: Sequence[SoundClip], start: int, end: int) -> np.ndarray:
        """A stretch of one of the clips between two samples, going round where it ends."""
        sound = own[int(self.chance.integers(len(own)))].samples()
        laid = np.zeros(_LENGTH, np.float32)
        if len(sound):
            piece = np.resize(np.roll(sound, -int(self.chance.integers(len(sound)))), end - start)
            laid[start:end] = leveled(piece)
        return laid

    def _behind(self, kind: str, front: np.ndarray, plain: bool) -> np.ndarray:
        """Noise of a place, 3 to 30 dB below the front where there is one."""
        chance = self.chance
        if kind != BED and plain:
            return chance.normal(0, 1e-4, _LENGTH).astype(np.float32)
        bed = self._laid(self._donor(BED), 0, _LENGTH)
        level = np.sqrt(np.mean(front**2)) / 0.1 if kind != BED else 1.0
        return np.asarray(bed * level * _gain(-chance.uniform(3, 30) if kind != BED else 0.0), np.float32)

    def _microphone(self, sound: np.ndarray) -> np.ndarray:
        """What a microphone makes of it: a band, a level, and in some scenes clipping."""
        chance = self.chance
        low, high = _BANDS[int(chance.choice(len(_BANDS), p=[share for _, share in _BANDS]))][0]
        sound = banded(sound, low, high)
        peak = float(np.abs(sound).max(initial=1e-6))
        if chance.random() < 0.15:
            sound = np.clip(sound / peak * chance.uniform(1.5, 6), -1, 1)
            return np.asarray(sound * chance.uniform(0.3, 1), np.float32)
        return np.asarray(sound / peak * _gain(chance.uniform(-32, -0.5)), np.float32)


def _gain(decibels: float) -> float:
    return float(10 ** (decibels / 20))


def leveled(sound: np.ndarray) -> np.ndarray:
    """At a level (RMS) of 0.1."""
    return np.asarray(sound * (0.1 / max(1e-5, float(np.sqrt(np.mean(sound**2)))))) if len(sound) else sound


def active(sound: np.ndarray) -> np.ndarray:
    """Without the silence before and after: from the first to the last 50 ms within 35 dB of the loudest."""
    step = RATE // 20
    count = len(sound) // step
    if count == 0:
        return sound
    power = np.square(sound[: count * step].reshape(count, step)).mean(axis=1)
    loud = np.flatnonzero(power > power.max() * 10**-3.5)
    return sound[loud[0] * step : (loud[-1] + 1) * step] if len(loud) else sound


def banded(sound: np.ndarray, low: float, high: float) -> np.ndarray:
    """Without what lies below ``low`` or above ``high`` hertz."""
    spectrum = np.fft.rfft(sound)
    hertz = np.fft.rfftfreq(len(sound), 1 / RATE)
    spectrum *= 1 / (1 + (low / np.maximum(hertz, 1.0)) ** 8) if low else 1.0
    spectrum *= 1 / (1 + (hertz / high) ** 24) if high < RATE / 2 else 1.0
    return np.fft.irfft(spectrum, len(sound)).astype(np.float32)


def in_room(sound: np.ndarray, response: np.ndarray) -> np.ndarray:
    """As heard in a room, at the level it had."""
    size = len(sound) + len(response)
    start = int(np.abs(response).argmax())
    heard = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(response[start:], size), size)[: len(sound)]
    power = float(np.mean(heard**2))
    return np.asarray(heard * np.sqrt(float(np.mean(sound**2)) / max(power, 1e-12)), np.float32)


#: How often each kind is drawn for training.
MIX: Mapping[str, float] = {
    CRY: 0.32, LAUGH: 0.18, SCREAM: 0.13, VOICE: 0.11, OTHER: 0.12, SPEECH: 0.08, BED: 0.03, SHOT: 0.01, SIREN: 0.02
}  # fmt: skip
