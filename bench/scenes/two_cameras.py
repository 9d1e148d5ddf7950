"""Two cameras at one scene, or at two: real speech and noise, heard from two places, with clocks that drift apart.

Talk is real speech in a row with pauses. Each of two talkers stands at a distance of each camera: the sound comes later
and fainter, and more of the room is in it. Truth is told by the clocks of the cameras, so the time that sound takes
counts as an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from bench.corpora.sounds import BED, RATE, SIREN, SPEECH, SoundClip, clips, responses

Sound = NDArray[np.float32]
#: Meters a second.
_SOUND_SPEED = 343.0
#: The kinds of pairs without common sound.
APART = ("other talk", "same voices", "same noise", "sirens", "hum", "near silence")


@dataclass(frozen=True)
class CameraPair:
    """What two cameras recorded; ``offset_s`` and ``drift`` (a share) as the clock of the first tells the second's."""

    first: Sound
    second: Sound
    kind: str
    offset_s: float = 0.0
    drift: float = 0.0
    snr_db: float = 0.0
    phone: bool = False

    @property
    def shared(self) -> tuple[float, float]:
        """From when until when both run, in seconds of the first."""
        end = self.offset_s + len(self.second) / RATE / (1 + self.drift)
        return max(0.0, self.offset_s), min(len(self.first) / RATE, end)

    def error_s(self, offset_s: float, drift: float) -> float:
        """The largest error within the shared time of an answer, in seconds."""
        times = np.array(self.shared)
        second = (times - self.offset_s) * (1 + self.drift)
        return float(np.abs(offset_s + second / (1 + drift) - times).max())


@cache
def _pool(held: bool, kind: str) -> tuple[SoundClip, ...]:
    """Clips to tune with, or those ``held`` to report on; meetings that are in both folders are only reported on."""
    every = [one for one in clips() if one.kind == kind and (kind == SIREN or one.held == held)]
    return tuple(one for one in every if held or not one.path.stem.startswith("ami_"))


class TwoCameras:
    """Makes pairs; the same seed makes the same pair."""

    def __init__(self, seed: int, *, held: bool) -> None:
        self.seed, self.held = seed, held
        self.chance = np.random.default_rng(seed)

    def together(self, number: int) -> CameraPair:
        """Two cameras that share 5 to 300 s, with noise down to 0 dB, one in four by a telephone."""
        self.chance = chance = np.random.default_rng((self.seed, number))
        shared = float(np.geomspace(5, 300, 12)[number % 12])
        starts, ends = np.zeros(2), np.full(2, shared)
        late = int(chance.integers(2))
        starts[1 - late] -= chance.uniform(2, min(25, 4 * shared))
        ends[int(chance.integers(2))] += chance.uniform(2, min(25, 4 * shared))
        zero = starts.min()
        talkers = [self.talk(float(ends.max() - zero), _pool(self.held, SPEECH)) for _ in range(2)]
        talkers[1] *= self._turns(len(talkers[1]))
        talkers[0] *= 1 - self._turns(len(talkers[0])) * 0.9
        snr = float((20, 10, 5, 0)[(number + number // 12) % 4])
        heard = [self._heard(talkers, self.room()) for _ in range(2)]
        beds = self.beds(len(talkers[0]))
        drift = float(chance.uniform(-50e-6, 50e-6))
        cut = [
            self.recorded(sound[round((start - zero) * RATE) : round((end - zero) * RATE)], bed, snr)
            for sound, bed, start, end in zip(heard, beds, starts, ends, strict=True)
        ]
        phone = (number // 12 + number // 3) % 4 == 3
        second = drifting(telephone(cut[1]) if phone else cut[1], drift)
        return CameraPair(cut[0], second, "together", float(starts[1] - starts[0]), drift, snr, phone)

    def apart(self, number: int) -> CameraPair:
        """Two cameras at two scenes that sound alike: one of :data:`APART` in turn."""
        self.chance = chance = np.random.default_rng((self.seed, 1000 + number))
        kind = APART[number % len(APART)]
        lengths = [float(chance.choice([8, 20, 45, 90, 180])) for _ in range(2)]
        words = list(_pool(self.held, SPEECH))
        chance.shuffle(words)
        talks = [self.talk(length, words[at::2]) for at, length in enumerate(lengths)]
        if kind == "same voices":
            long = [one for one in words if len(one.samples()) > 16 * RATE]
            sound = long[int(chance.integers(len(long)))].samples()
            halves: list[Sound] = np.array_split(sound, 2)
            talks = [half / np.float32(max(1e-6, float(np.abs(half).max()))) for half in halves]
        response = self.room()
        heard = [self._heard([talk], response) for talk in talks]
        beds = [self._bed(kind, number, at, len(sound)) for at, sound in enumerate(heard)]
        snr = float((10, 0, -5)[number // len(APART) % 3])
        snr = {"same voices": 20.0, "near silence": -30.0}.get(kind, snr)
        made = [self.recorded(sound, bed, snr) for sound, bed in zip(heard, beds, strict=True)]
        return CameraPair(made[0], made[1], kind, snr_db=snr)

    def talk(self, seconds: float, pool: tuple[SoundClip, ...] | list[SoundClip]) -> Sound:
        """So much speech in a row, in an order of its own, with pauses; silence where there are no more words."""
        chance, parts, count = self.chance, list[Sound](), 0
        for at in chance.permutation(len(pool)):
            if count >= seconds * RATE:
                break
            clip = pool[int(at)].samples()
            pause = np.zeros(round(chance.uniform(0.2, 1.5) * RATE), np.float32)
            loud = max(1e-6, float(np.sqrt((clip**2).mean())))
            parts += [np.asarray(clip * (0.1 / loud), np.float32), pause]
            count += len(clip) + len(pause)
        out = np.zeros(round(seconds * RATE), np.float32)
        row = np.concatenate(parts)[: len(out)]
        out[: len(row)] = row
        return out

    def _turns(self, length: int) -> Sound:
        """1 while the second talker has the word, a few seconds at a time."""
        mask, at, on = np.zeros(length, np.float32), 0, False
        while at < length:
            step = round(self.chance.uniform(2, 8) * RATE)
            mask[at : at + step] = on
            at, on = at + step, not on
        return mask

    def room(self) -> Sound:
        """A room response from its direct sound on: a real one, or an invented one of 0.2 to 0.8 s."""
        if self.chance.random() < 0.5:
            real = responses(self.held)
            response = real[int(self.chance.integers(len(real)))]
            return response[int(np.abs(response).argmax()) :] / np.abs(response).max()
        length = self.chance.uniform(0.2, 0.8)
        times = np.arange(round(length * RATE)) / RATE
        tail = self.chance.normal(0, 1, len(times)) * np.exp(-6.9 * times / length) * 0.06
        tail[0] = 1.0
        return tail.astype(np.float32)

    def _heard(self, talkers: list[Sound], response: Sound) -> Sound:
        """The talkers from 0.5 to 6 m away: direct sound fades with distance, the room's does not."""
        total = np.zeros(len(talkers[0]), np.float32)
        for talk in talkers:
            meters = float(self.chance.uniform(0.5, 6))
            placed = response * np.float32(0.5)
            placed[0] = response[0] / np.float32(meters)
            late = round(meters / _SOUND_SPEED * RATE)
            size = 1 << (len(talk) + len(placed)).bit_length()
            wet = np.fft.irfft(np.fft.rfft(talk, size) * np.fft.rfft(placed, size), size)[: len(talk)]
            total[late:] += wet[: len(talk) - late].astype(np.float32)
        return total

    def beds(self, length: int) -> list[Sound]:
        """Noise for two cameras that has nothing in common: of two recordings, or of two halves of one."""
        pool = _pool(self.held, BED)
        one, other = (pool[int(at)].samples() for at in self.chance.choice(len(pool), 2, replace=False))
        if self.chance.random() < 0.5:
            one, other = np.array_split(one, 2)
        return [self._going_round(one, length), self._going_round(other, length)]

    def _going_round(self, bed: Sound, length: int) -> Sound:
        """From a place by chance on, and round: faded over, as a click at each turn would be common sound."""
        fade = min(RATE // 4, len(bed) // 4)
        ramp = np.linspace(0, 1, fade, dtype=np.float32)
        round_ = bed[: len(bed) - fade].astype(np.float32)
        round_[:fade] = round_[:fade] * ramp + bed[len(bed) - fade :] * ramp[::-1]
        return np.resize(np.roll(round_, -int(self.chance.integers(len(round_)))), length)

    def _bed(self, kind: str, number: int, camera: int, length: int) -> Sound:
        chance = self.chance
        if kind == "sirens":
            return wail(length, 4.0 + 0.02 * number * camera, float(chance.uniform(0, 4)))
        if kind == "hum":
            base = 60 * (1 + chance.normal(0, 2e-4))
            times = np.arange(length) / RATE
            parts = [np.sin(2 * np.pi * base * k * times + chance.uniform(0, 6)) / k for k in range(1, 40)]
            return np.sum(parts, axis=0).astype(np.float32) + chance.normal(0, 0.1, length).astype(np.float32)
        pool = _pool(self.held, BED)
        halves = np.array_split(pool[number // len(APART) % len(pool)].samples(), 2)
        if kind == "near silence":
            return chance.normal(0, 1, length).astype(np.float32)
        return self._going_round(halves[camera if kind == "same noise" else 0 if camera else 1], length)

    def recorded(self, sound: Sound, bed: Sound, snr_db: float) -> Sound:
        """Sound with noise at that ratio to where it is loud, at a camera's own level."""
        bed = bed[: len(sound)]
        loud = float(np.percentile(np.abs(sound[::7]), 90)) / 1.645
        gain = max(loud, 1e-5) / max(1e-9, float(np.sqrt((bed**2).mean()))) / 10 ** (snr_db / 20)
        mixed = sound + np.float32(gain) * bed
        level = self.chance.uniform(0.05, 0.9) / max(1e-6, float(np.abs(mixed).max()))
        quantized = np.rint(mixed * level * 32767)
        return np.asarray(quantized / 32768, np.float32)


def wail(length: int, period_s: float, phase_s: float) -> Sound:
    """An invented siren that goes from 600 to 1,400 Hz and back."""
    times = np.arange(length) / RATE + phase_s
    pitch = 1000 - 400 * np.cos(2 * np.pi * times / period_s)
    turns = np.cumsum(pitch) / RATE
    return (np.sin(2 * np.pi * turns) + 0.4 * np.sin(4 * np.pi * turns)).astype(np.float32)


def telephone(sound: Sound) -> Sound:
    """8 kHz sound of a telephone: 300 to 3,400 Hz, in 8 bits of mu-law."""
    size = 1 << len(sound).bit_length()
    spectrum = np.fft.rfft(sound, size)
    pitch = np.fft.rfftfreq(size, 1 / RATE)
    spectrum[(pitch < 300) | (pitch > 3400)] = 0
    narrow = np.fft.irfft(spectrum, size)[: len(sound)]
    narrow = narrow / max(1e-6, np.abs(narrow).max())
    coded = np.sign(narrow) * np.rint(np.log1p(255 * np.abs(narrow)) / np.log(256) * 127) / 127
    return np.asarray(np.sign(coded) * (256 ** np.abs(coded) - 1) / 255, np.float32)


def drifting(sound: Sound, drift: float) -> Sound:
    """What a clock writes that runs faster by ``drift``: so many more samples for the same time."""
    times = np.arange(round(len(sound) * (1 + drift))) / (1 + drift)
    return np.interp(times, np.arange(len(sound)), sound).astype(np.float32)
