"""The sound of the sample encounter, and the truth about it: who said what when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bodyworn.demo import acoustics
from bodyworn.demo.script import (
    COVER_LEAD_MS,
    FIRST_OF_EMBRACE,
    PRE_EVENT_BUFFER_MS,
    SCRIPT,
    TAIL_MS,
    ScriptLine,
)
from bodyworn.demo.voices import DISPATCHER, DRIVER, RATE, Voices

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Sound = NDArray[np.float32]

#: How loud each arrives at the microphone on the wearer's chest, in dBFS.
LEVELS = {"officer": -21.0, "community": -31.0, "dispatch": -27.0}


@dataclass(frozen=True)
class SpokenLine:
    """A line with its time in the recording."""

    line: ScriptLine
    start_ms: int
    end_ms: int


@dataclass(frozen=True)
class Soundtrack:
    """``samples``: mono float -1..1 at ``RATE``, from recording time 0; ``cover_ms``: when cloth comes into view.

    ``dry`` are the voices of ``said`` before they were placed anywhere.
    """

    samples: Sound
    said: tuple[SpokenLine, ...]
    crying: tuple[tuple[int, int], ...]
    cover_ms: int
    cues: dict[str, int]
    dry: tuple[Sound, ...] = ()

    @property
    def duration_ms(self) -> int:
        """Length in milliseconds."""
        return len(self.samples) * 1000 // RATE


def _ms(ms: int) -> int:
    return ms * RATE // 1000


def record(progress: Callable[[int, int], None]) -> Soundtrack:
    """Speak the script, place every voice in its surroundings and mix; ``progress(done, total)`` counts lines."""
    import numpy as np

    rng = np.random.default_rng(55)
    voices = Voices()
    dry: list[Sound] = []
    for number, line in enumerate(SCRIPT):
        progress(number, len(SCRIPT))
        dry.append(_speak(voices, line))
    said, crying, duration_ms = _lay_out([len(sound) * 1000 // RATE for sound in dry])
    mix = acoustics.road(rng, duration_ms / 1000)
    place = _Surroundings(rng)
    for number, (sound, at) in enumerate(zip(dry, said, strict=True)):
        _add(mix, place.of(at.line.role, sound, embraced=number >= FIRST_OF_EMBRACE), at.start_ms)
    cover_ms = said[FIRST_OF_EMBRACE].start_ms - COVER_LEAD_MS
    for start_ms, end_ms in crying:
        weeping = acoustics.sobs(rng, (end_ms - start_ms) / 1000)
        _add(mix, place.of("community", weeping, embraced=start_ms > cover_ms) * 0.6, start_ms)
    cues = {at.line.cue: at.start_ms for at in said if at.line.cue}
    _add_effects(mix, rng, cues, cover_ms)
    mix[: _ms(PRE_EVENT_BUFFER_MS)] = 0
    progress(len(SCRIPT), len(SCRIPT))
    return Soundtrack(np.clip(mix, -0.99, 0.99), said, crying, cover_ms, cues, tuple(dry))


def _speak(voices: Voices, line: ScriptLine) -> Sound:
    if line.role == "officer":
        return voices.officer(line.text)
    if line.role == "dispatch":
        return voices.other(line.text, DISPATCHER)
    return voices.other(line.text, replace(DRIVER, tremor=line.strain, pitch=DRIVER.pitch * (1 + 0.08 * line.strain)))


def _lay_out(lengths_ms: list[int]) -> tuple[tuple[SpokenLine, ...], tuple[tuple[int, int], ...], int]:
    """Times of the lines, of the weeping between them, and of the end."""
    now = PRE_EVENT_BUFFER_MS
    said: list[SpokenLine] = []
    crying: list[tuple[int, int]] = []
    for line, length_ms in zip(SCRIPT, lengths_ms, strict=True):
        now += line.pause_ms
        said.append(SpokenLine(line, now, now + length_ms))
        now += length_ms
        if line.sob_after_ms:
            crying.append((now + 150, now + 150 + line.sob_after_ms))
            now += 150 + line.sob_after_ms
    return tuple(said), tuple(crying), now + TAIL_MS


class _Surroundings:
    """How each voice reaches the microphone."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._near = acoustics.room_response(rng, 0.08, 0.03)
        self._car = acoustics.room_response(rng, 0.30, 0.55)
        self._embrace = acoustics.room_response(rng, 0.12, 0.10)

    def of(self, role: str, sound: Sound, *, embraced: bool) -> Sound:
        """``sound`` as it arrives from ``role``; ``embraced`` while cloth lies over the camera and its microphone."""
        target = LEVELS[role]
        if role == "dispatch":
            return acoustics.level(acoustics.radio(sound, self._rng), target)
        if role == "officer":
            heard = acoustics.convolve(sound, self._near)
            heard = acoustics.shape(heard, 70, 4200 if embraced else 9000, slope=1)
            return acoustics.level(heard, target - (1.5 if embraced else 0.0))
        if embraced:
            heard = acoustics.shape(acoustics.convolve(sound, self._embrace), 110, 4600, slope=1)
            return acoustics.level(heard, target + 3.5)
        heard = acoustics.shape(acoustics.convolve(sound, self._car), 160, 5500, slope=1)
        return acoustics.level(heard, target)


def _add(mix: Sound, sound: Sound, start_ms: int) -> None:
    start = _ms(start_ms)
    end = min(len(mix), start + len(sound))
    mix[start:end] += sound[: end - start]


def _add_effects(mix: Sound, rng: np.random.Generator, cues: dict[str, int], cover_ms: int) -> None:
    """The camera's start tone, the walk to the window, the door, the cloth over the microphone."""
    import numpy as np

    time = np.arange(_ms(220)) / RATE
    tone = (0.05 * np.sin(2 * np.pi * 1760 * time) * np.hanning(len(time))).astype(np.float32)
    _add(mix, tone, PRE_EVENT_BUFFER_MS + 60)
    _add(mix, tone, PRE_EVENT_BUFFER_MS + 420)
    _add(mix, acoustics.footsteps(rng, 7.0) * 0.035, cues["at_window"] - 7_600)
    thud = np.sin(2 * np.pi * 62 * time) * np.exp(-time / 0.04)
    _add(mix, (0.12 * thud).astype(np.float32), cues["at_window"] - 8_300)
    _add(mix, (0.10 * thud).astype(np.float32), cues["steps_out"] + 3_000)
    _add(mix, acoustics.rustle(rng, 2.2) * 0.5, cover_ms - 200)
    at = cover_ms + 6_000.0
    while at < len(mix) * 1000 // RATE - 6_000:
        _add(mix, acoustics.rustle(rng, 0.9) * 0.12, int(at))
        at += rng.uniform(9_000, 14_000)
