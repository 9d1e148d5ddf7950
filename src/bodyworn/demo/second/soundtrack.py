"""What the second camera hears: the voices of the first from farther away, its wearer near, and noise of its own.

Nothing but the voices is common to both cameras: road and wind are made anew, as if every car had passed one of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bodyworn.demo import acoustics
from bodyworn.demo.second.script import (
    BEFORE_STEPS_OUT_MS,
    DEPUTY,
    LENGTH_MS,
    LINES,
    OUT_OF_CAR_MS,
    SOUND_DELAY_MS,
)
from bodyworn.demo.soundtrack import Soundtrack
from bodyworn.demo.voices import RATE, Voices

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Sound = NDArray[np.float32]

#: How loud the people arrive, and the wearer, in dBFS; and what is left of the people through closed windows, in dB.
_FAR, _NEAR, _WINDOWS = -35.0, -21.0, -14.0


@dataclass(frozen=True)
class SecondTrack:
    """``samples``: mono float -1..1 at ``RATE``; ``starts_ms`` after the first; ``own``: start, end and words."""

    samples: Sound
    starts_ms: int
    own: tuple[tuple[int, int, str], ...]


def starts_ms(first: Soundtrack) -> int:
    """When the second camera begins, in milliseconds of the first."""
    return max(0, first.cues["steps_out"] - BEFORE_STEPS_OUT_MS)


def record(first: Soundtrack) -> SecondTrack:
    """Hear the first recording's people from the second place, with its wearer's words."""
    import numpy as np

    rng = np.random.default_rng(219)
    began = starts_ms(first)
    mix = acoustics.road(rng, LENGTH_MS / 1000)
    people = _people(first, began, rng)
    out = OUT_OF_CAR_MS * RATE // 1000
    inside = acoustics.shape(people[:out], 80, 700, slope=2) * np.float32(10 ** (_WINDOWS / 20))
    mix[:out] = mix[:out] * np.float32(0.4) + inside
    mix[out:] += people[out:]
    own = _own(mix, rng)
    thud = acoustics.shape(rng.standard_normal(RATE // 5).astype(np.float32), 40, 300)
    _add(mix, thud * np.float32(0.2) * np.linspace(1, 0, len(thud), dtype=np.float32), OUT_OF_CAR_MS - 250)
    _add(mix, acoustics.footsteps(rng, 5.0) * np.float32(0.03), OUT_OF_CAR_MS + 400)
    _add(mix, acoustics.rustle(rng, 1.2) * np.float32(0.1), OUT_OF_CAR_MS - 1_400)
    return SecondTrack(np.clip(mix, -0.99, 0.99), began, own)


def _people(first: Soundtrack, began: int, rng: np.random.Generator) -> Sound:
    """The voices of the first recording as they arrive: later, fainter, and with more of the place around them."""
    import numpy as np

    response = acoustics.room_response(rng, 0.45, 0.9)
    heard = np.zeros(LENGTH_MS * RATE // 1000, np.float32)
    for sound, at in zip(first.dry, first.said, strict=True):
        if at.line.role == "dispatch" or not began <= at.start_ms < began + LENGTH_MS:
            continue  # what a radio says on the first one's shoulder does not carry this far
        far = acoustics.shape(acoustics.convolve(sound, response), 130, 4500, slope=1)
        _add(heard, acoustics.level(far, _FAR), at.start_ms - began + SOUND_DELAY_MS)
    return heard


def _own(mix: Sound, rng: np.random.Generator) -> tuple[tuple[int, int, str], ...]:
    """Speak the wearer's lines into ``mix``; when and what."""
    voices, near = Voices(seed=219), acoustics.room_response(rng, 0.12, 0.05)
    said = []
    for start, text in LINES:
        dry = voices.other(text, DEPUTY)
        _add(mix, acoustics.level(acoustics.shape(acoustics.convolve(dry, near), 80, 8000, slope=1), _NEAR), start)
        said.append((start, start + len(dry) * 1000 // RATE, text))
    return tuple(said)


def _add(mix: Sound, sound: Sound, start_ms: int) -> None:
    start = start_ms * RATE // 1000
    end = min(len(mix), start + len(sound))
    if end > start:
        mix[start:end] += sound[: end - start]
