"""One decode of the picture, many observers.

Each observer says at which rate, size and format it wants pictures; :func:`watch` decodes the file once and shows every
observer what it asked for. A picture is scaled once per size and format. Times count from the start of the recording:
the first frame or sample of any stream, so that sound and picture share one clock whatever the container's own zero is.
Broken packets are skipped and reported, never guessed over.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bodyworn.domain.errors import DamagedMedia, NotMedia
from bodyworn.domain.span import Span, merge
from bodyworn.media.decoding import Damage, decoded
from bodyworn.media.limits import MOST_SECONDS
from bodyworn.media.opening import open_media, picture_clock, picture_stream, refuse_huge, stamp_of
from bodyworn.media.upright import Upright, upright_of
from bodyworn.media.views import Format, Observer, Picture, Pixels, View, Wanted, fitted, views_for

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

    from bodyworn.media.presentation import PresentationClock

__all__ = ["Format", "Observer", "Picture", "Pixels", "Wanted", "Watched", "fitted", "watch"]

#: A hole between two frames counts as a dropout from this length on, in milliseconds.
DROPOUT_MS = 1_000
#: Pictures after damage count as broken until the next key frame, but no longer than this, in milliseconds.
LONGEST_BROKEN_MS = 10_000


class WatchProgress(Protocol):
    """``progress(done_ms, total_ms)``: how far into the footage the pass is; total is 0 where it is not known."""

    def __call__(self, done_ms: float, total_ms: float, /) -> None:
        """Tell how far the pass is."""
        ...


@dataclass(frozen=True)
class Watched:
    """What a pass met.

    ``first_ms`` and ``end_ms`` bound the pictures; ``width`` and ``height`` are those of the upright picture, which is
    the coded one ``mirrored`` left to right if so, then turned clockwise by ``rotation`` degrees; ``dropouts`` are the
    holes between and around the pictures; ``damaged`` counts packets that could not be read or decoded.
    """

    frames: int
    first_ms: int
    end_ms: int
    duration_ms: int
    width: int
    height: int
    rotation: int
    damaged: int
    dropouts: tuple[Span, ...] = field(default=())
    mirrored: bool = False


def watch(
    path: Path,
    observers: Sequence[Observer],
    progress: WatchProgress | None = None,
    *,
    duration_ms: int = 0,
    threads: int = 0,
) -> Watched:
    """Decode the pictures of ``path`` once and show every observer those it wants.

    ``duration_ms`` is the length of the whole recording where it is known (sound may outlast the picture); ``threads``
    0 means one per processor.
    Raises :class:`NotMedia` without moving pictures and :class:`DamagedMedia` if not one of them can be decoded.
    """
    with open_media(path) as container:
        stream = picture_stream(container)
        if stream is None:
            raise NotMedia("the file has no video", "Use its audio, or check that it was copied completely")
        refuse_huge(stream)
        stream.thread_type = "AUTO"
        stream.codec_context.thread_count = threads or min(os.cpu_count() or 1, 8)
        total_ms = min(duration_ms or _container_ms(container), MOST_SECONDS * 1_000)  # what is told may be nonsense
        footage = _Pass(stream, picture_clock(container, stream), total_ms)
        return footage.run(decoded(path, container, stream), observers, progress)


def _container_ms(container: InputContainer) -> int:
    return int(container.duration // 1_000) if container.duration else 0


class _Pass:
    """State of one pass over one stream."""

    def __init__(self, stream: VideoStream, clock: PresentationClock, duration_ms: int) -> None:
        self.stream, self.clock = stream, clock
        self.upright = Upright()
        self.duration_ms = duration_ms
        self.width, self.height = stream.width, stream.height
        rate = stream.average_rate or stream.guessed_rate
        self.interval = 1 / Fraction(rate) if rate else Fraction(1, 25)
        self.hole_ms = max(DROPOUT_MS, round(4_000 * self.interval))
        self.dropouts: list[Span] = []
        self.damaged = 0
        self.broken_from: int | None = None

    def run(
        self, frames: Iterator[VideoFrame | Damage], observers: Sequence[Observer], progress: WatchProgress | None
    ) -> Watched:
        """Show the frames; see :func:`watch`."""
        views: list[View] = []
        count, first_ms, at_ms, reported_ms = 0, 0, 0, -1_000
        for frame in frames:
            if isinstance(frame, Damage) or frame.is_corrupt:
                self._note_damage(at_ms, count)
            if isinstance(frame, Damage):
                continue
            at, _ = self.clock.time(stamp_of(frame, self.stream))
            before_ms, at_ms = at_ms, int(at * 1_000)
            if not count:
                first_ms, views = at_ms, self._turn_upright(frame, observers)
            self._note_hole(before_ms, at_ms, count)
            self._note_repair(frame, at_ms)
            for view in views:
                view.offer(frame, count, at, at_ms)
            count += 1
            if progress is not None and at_ms - reported_ms >= 1_000:
                progress(at_ms, self.duration_ms)
                reported_ms = at_ms
        if not count:
            raise DamagedMedia("no frame of the file can be decoded", "Copy it from the camera again")
        return self._report(count, first_ms, at_ms)

    def _turn_upright(self, first: VideoFrame, observers: Sequence[Observer]) -> list[View]:
        """Settle the upright size by the first frame."""
        self.upright = upright_of(first)
        self.width, self.height = self.upright.size(first.width, first.height)
        return views_for(observers, self.width, self.height, self.interval)

    def _note_hole(self, before_ms: int, at_ms: int, count: int) -> None:
        if at_ms - before_ms >= self.hole_ms:
            self.dropouts.append(Span(before_ms + (round(1_000 * self.interval) if count else 0), at_ms))

    def _note_damage(self, at_ms: int, count: int) -> None:
        self.damaged += 1
        if self.broken_from is None:
            self.broken_from = at_ms + (round(1_000 * self.interval) if count else 0)

    def _note_repair(self, frame: VideoFrame, at_ms: int) -> None:
        """What follows damage is built on it until the next key frame."""
        if self.broken_from is None or frame.is_corrupt or at_ms < self.broken_from:
            return
        if frame.key_frame or at_ms - self.broken_from > LONGEST_BROKEN_MS:
            self.dropouts.append(Span(self.broken_from, at_ms))
            self.broken_from = None

    def _report(self, count: int, first_ms: int, last_ms: int) -> Watched:
        end_ms = last_ms + round(1_000 * self.interval)
        duration_ms = max(self.duration_ms, end_ms)
        if duration_ms - end_ms >= DROPOUT_MS:
            self.dropouts.append(Span(end_ms, duration_ms))
        if self.broken_from is not None and self.broken_from < duration_ms:
            self.dropouts.append(Span(self.broken_from, duration_ms))
        return Watched(
            frames=count,
            first_ms=first_ms,
            end_ms=end_ms,
            duration_ms=duration_ms,
            width=self.width,
            height=self.height,
            rotation=self.upright.rotation,
            mirrored=self.upright.mirrored,
            damaged=self.damaged,
            dropouts=tuple(merge(self.dropouts)),
        )
