"""Render a recording without pictures: its sound, cut and changed, in a new file or none."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from pathlib import Path

from bodyworn.domain.errors import InputError
from bodyworn.domain.progress import Progress, no_progress
from bodyworn.domain.redaction import Clip
from bodyworn.media.opening import open_media, recording_zero
from bodyworn.media.render import container_into
from bodyworn.media.rendered import FORMAT_OF, SOUND_FORMAT_OF, RenderedFile, format_of
from bodyworn.media.sound_out import SoundEdit, SoundOut

#: Seconds between two reports of progress.
_STEP = 5


def render_sound_into(
    source: Path,
    draft: Path,
    *,
    clip: Clip | None = None,
    edit_sound: SoundEdit | None = None,
    sound_track: int = 0,
    progress: Progress = no_progress,
) -> RenderedFile:
    """Write ``clip`` of the sound in ``source`` into the file ``draft``, which is there, changed by ``edit_sound``.

    ``sound_track`` counts from 0. Raises an :class:`~bodyworn.domain.errors.InputError` as
    :func:`~bodyworn.media.render.render_into` does; the caller removes the file then.
    """
    kind = format_of(draft, {**FORMAT_OF, **SOUND_FORMAT_OF})
    clip = clip or Clip()
    seconds = _seconds(clip, sound_length_us(source))
    end = None if clip.end_us is None else Fraction(clip.end_us, 1_000_000)
    cut = None if clip == Clip() else (Fraction(clip.start_us, 1_000_000), end)
    with open_media(source) as container:
        zero = recording_zero(container)
    with container_into(draft, kind) as out:
        sound = SoundOut(source, out, cut, zero, edit_sound, sound_track)
        try:
            for at in range(0, int(seconds), _STEP):
                sound.until(Fraction(at))
                progress(at, seconds, "sound")
            sound.finish()
        finally:
            sound.close()
    progress(seconds, seconds, "sound")
    written = RenderedFile(0, clip.start_us, (), 0, 0, seconds, 0, sound.kind)
    return dataclasses.replace(written, sounds_left=sound.left_behind)


def _seconds(clip: Clip, length_us: int) -> float:
    """How long the clip is; :class:`InputError` if the recording ends before it starts."""
    if clip.start_us and clip.start_us >= length_us:
        raise InputError(
            f"the clip starts at {clip.start_us / 1e6:g} s, past the end of the recording", "Choose an earlier start"
        )
    until_us = length_us if clip.end_us is None else min(clip.end_us, length_us)
    return max(0.0, (until_us - clip.start_us) / 1e6)


def sound_length_us(path: Path) -> int:
    """Length as the container says, in microseconds; 0 if it does not."""
    with open_media(path) as container:
        return max(0, int(container.duration or 0))
