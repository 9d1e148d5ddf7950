"""The check for sound: what the plan mutes is silent in the finished clip, and what it bleeps is the tone alone.

It listens to the clip as it was written, not to what was meant to be written. A disguised voice is still a voice, so
that nothing about it can be found this way; a person has to listen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bodyworn.domain.progress import Progress
from bodyworn.domain.redaction import SoundAction, SoundSpan
from bodyworn.domain.redaction_plan import Plan
from bodyworn.media.sound_blocks import Block, sound_blocks
from bodyworn.redactions.heard import HeardSound
from bodyworn.redactions.sound_masking import BLEEP_HERTZ

NAME = "silence where sound is hidden"
#: What a coder smears of the sound beside a span into it, in microseconds.
EDGE_US = 70_000
#: So much has to be left between the edges, in microseconds; a shorter span is listened to from end to end.
LEAST_US = 40_000
#: Levels (root mean square of 20 ms, full scale is 1) from which on something is heard: in silence, beside the tone of
#: a bleep, and close to sound that is left.
HEARD, HEARD_BESIDE_TONE, HEARD_BESIDE_SOUND = 0.002, 0.02, 0.05


def heard_in(clip: Path, plan: Plan, progress: Progress) -> tuple[HeardSound, ...]:
    """The loudest moment of each muted or bleeped span of ``plan`` in which something else is heard in ``clip``."""
    spans = [_Listened.to(span, plan) for span in plan.sound_hidden() if span.action is not SoundAction.DISGUISE]
    return loudest(sound_blocks(clip), spans, progress) if spans else ()


@dataclass(frozen=True)
class _Listened:
    """A span as it is listened to: from when to when in the clip, and from which level on something is heard."""

    id: str
    action: SoundAction
    start_us: int
    end_us: int
    least: float

    @classmethod
    def to(cls, span: SoundSpan, plan: Plan) -> _Listened:
        """The part of ``span`` that has to be silent; in a short one what a coder smears is counted in."""
        start, end = span.start_us - plan.clip.start_us, span.end_us - plan.clip.start_us
        if end - start < 2 * EDGE_US + LEAST_US:
            return cls(span.id, span.action, start, end, HEARD_BESIDE_SOUND)
        return cls(span.id, span.action, start + EDGE_US, end - EDGE_US, HEARD)

    def meets(self, at_us: int, until_us: int) -> bool:
        """Whether any of it is in that stretch."""
        return self.start_us < until_us and at_us < self.end_us


def loudest(blocks: Iterable[Block], spans: Sequence[_Listened], progress: Progress) -> tuple[HeardSound, ...]:
    """The same for sound in blocks."""
    found: dict[str, HeardSound] = {}
    end = max(span.end_us for span in spans) / 1e6
    for number, (start, rate, samples) in enumerate(blocks):
        at_us = round(start * 1_000_000)
        here = [span for span in spans if span.meets(at_us, at_us + samples.shape[1] * 1_000_000 // rate)]
        has_tone = any(span.action is SoundAction.BLEEP for span in here)
        level = _beside_tone(samples, rate) if has_tone else _level(samples) if here else 0.0
        for span in here:
            least = max(span.least, HEARD_BESIDE_TONE) if has_tone else span.least
            if level > max(least, found[span.id].level if span.id in found else 0.0):
                found[span.id] = HeardSound(span.id, span.action, at_us, round(level, 4))
        if number % 500 == 0:
            progress(float(start), end, "sound")
    return tuple(sorted(found.values(), key=lambda heard: heard.at_us))


def _level(samples: NDArray[np.float32]) -> float:
    """The level of the loudest channel."""
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64), axis=1)).max())


def _beside_tone(samples: NDArray[np.float32], rate: int) -> float:
    """The level of what is left when the tone of a bleep, at any loudness and phase, is taken out."""
    turns = 2 * np.pi * BLEEP_HERTZ * np.arange(samples.shape[1]) / rate
    tone = np.stack([np.sin(turns), np.cos(turns)])
    share = np.linalg.lstsq(tone.T, samples.T.astype(np.float64), rcond=None)[0]
    return _level((samples - (tone.T @ share).T).astype(np.float32))
