"""Frames of a recording one by one, upright, of one size and as YUV planes, each with the time at which it is shown.

The time is what a frame is known by: microseconds of presentation time from the start of the recording, rising from
frame to frame whatever the file says (see :mod:`bodyworn.media.presentation`). Cuts are by time. A number counts the
frames of one reading, for people and lists.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bodyworn.domain.errors import DamagedMedia, InputError, NotMedia
from bodyworn.domain.redaction import Clip
from bodyworn.media.cropping import crop_of
from bodyworn.media.decoding import Damage, decoded
from bodyworn.media.opening import (
    open_media,
    picture_clock,
    picture_stream,
    picture_streams,
    recording_zero,
    refuse_huge,
    stamp_of,
)
from bodyworn.media.planes import Plane, Planes
from bodyworn.media.presentation import in_microseconds
from bodyworn.media.upright import Upright, upright_of

if TYPE_CHECKING:
    from av import VideoFrame
    from av.packet import Packet
    from av.stream import Stream
    from av.video.plane import VideoPlane

__all__ = ["Clip", "Footage", "Frame", "PictureFacts", "is_plain", "upright_planes"]

#: ``AVCOL_RANGE_JPEG``.
_FULL_RANGE = 2
_BROKEN_PACKETS = 500
#: Containers whose index says where a time is; in others decoding begins at the start, so that times are the same.
_SEEKABLE = frozenset({"mov", "mp4", "matroska", "webm"})


@dataclass
class Frame:
    """One decoded picture.

    ``time_us`` is its identity: microseconds from the start of the recording, rounded down; ``time`` the same in exact
    seconds. ``index`` counts the frames of this reading from 0. ``planes`` are upright and of the size of the
    recording's first frame; they may be the decoder's own memory, from which later frames are still predicted: never
    write to them. ``decoded`` is the decoder's frame (``av.VideoFrame``). ``as_stored`` says that time, size and
    direction are those of the file; where not, its packet must not be copied.
    """

    index: int
    time: Fraction
    time_us: int
    planes: Planes
    decoded: VideoFrame
    upright: Upright
    as_stored: bool

    @property
    def time_ms(self) -> int:
        """Its time in whole milliseconds, rounded down."""
        return self.time_us // 1000


@dataclass(frozen=True)
class PictureFacts:
    """Size of the first frame when upright, in pixels; time of it; length as the container says, 0 if it does not."""

    width: int
    height: int
    first_us: int
    duration_us: int


class Footage:
    """An open recording: facts and frames. Use it as a context manager; the file is only ever read.

    With ``keep_packets`` the packets that the frames come from gather in ``packets``, in order of decoding; what
    uses them takes them out.
    """

    def __init__(self, path: Path, keep_packets: bool = False) -> None:
        self._path = path
        self.packets: deque[Packet[Stream]] | None = deque() if keep_packets else None
        self.damaged = 0
        #: Told the time of each frame that is decoded and lies before the clip.
        self.passing: Callable[[int], None] | None = None
        self._open()

    def _open(self) -> None:
        self.container = open_media(self._path)
        stream = picture_stream(self.container)
        if stream is None:
            self.container.close()
            raise NotMedia("the file has no video", "Choose a recording with video")
        refuse_huge(stream)
        self.stream = stream
        self.base = Fraction(stream.time_base or 1)
        self.stream.thread_type = "AUTO"
        self.stream.codec_context.thread_count = 2
        self.zero: Fraction = recording_zero(self.container)
        self._crop = crop_of(self._path, self.container, stream)
        self.pictures_left = len(picture_streams(self.container)) - 1

    def __enter__(self) -> Footage:
        return self

    def __exit__(self, *_: object) -> None:
        self.container.close()

    @cached_property
    def facts(self) -> PictureFacts:
        """What the container and the first frame say; that frame is decoded apart from others."""
        with Footage(self._path) as other:
            first = next(other._read(Clip(), None), None)
        if first is None:
            raise DamagedMedia("no frame of the file can be decoded", "Copy it from the camera again")
        length = int(self.container.duration or 0)
        return PictureFacts(first.planes.width, first.planes.height, first.time_us, max(0, length))

    def frames(self, clip: Clip) -> Iterator[Frame]:
        """Frames that are shown in ``clip``, in order of showing.

        Raises :class:`InputError` if the recording ends before it starts.
        """
        size = None
        if clip.start_us:
            size = (self.facts.width, self.facts.height)
            self._seek(clip.start_us)
        if self.packets is not None:
            self.packets.clear()
        count = 0
        for frame in self._read(clip, size):
            count += 1
            yield frame
        if not count and clip.start_us:
            raise InputError(
                f"the clip starts at {clip.start_us / 1e6:g} s, past the end of the recording",
                "Choose an earlier start",
            )

    def expected(self, clip: Clip) -> int:
        """About how many frames ``clip`` has, for progress; 0 if the container does not say."""
        length = int(self.container.duration or 0)
        end = length if clip.end_us is None else min(clip.end_us, length or clip.end_us)
        rate = self.stream.average_rate or 0
        return max(0, round((end - clip.start_us) * rate / 1_000_000))

    def _read(self, clip: Clip, size: tuple[int, int] | None) -> Iterator[Frame]:
        """Frames of ``clip`` from where the container stands, fitted to ``size`` (the first frame's if ``None``)."""
        clock = picture_clock(self.container, self.stream)
        index, unmoved = 0, clock.shift
        for frame in self._decoded():
            time, stamped = clock.time(stamp_of(frame, self.stream))
            at_us = in_microseconds(time)
            if clip.end_us is not None and at_us >= clip.end_us:
                return
            upright = upright_of(frame)
            size = size or upright.size(frame.width, frame.height)
            if at_us >= clip.start_us:
                fitted = upright.size(*size) == (frame.width, frame.height)
                shown = frame if fitted else _fitted(frame, *upright.size(*size))
                planes = upright_planes(shown, upright)
                as_stored = stamped and clock.shift == unmoved and fitted and upright.as_coded and not self._crop
                yield Frame(index, time, at_us, planes, shown, upright, as_stored)
                index += 1
            elif self.passing is not None:
                self.passing(at_us)

    def _seek(self, start_us: int) -> None:
        """Go to a key frame shown at ``start_us`` or before; to the start of the file where that is not sure."""
        import av

        if not _SEEKABLE & set(self.container.format.name.split(",")):
            return
        goal = int((Fraction(start_us, 1_000_000) + self.zero) / self.base)
        with suppress(av.error.FFmpegError):
            self.container.seek(goal, stream=self.stream, backward=True, any_frame=False)
            head = next(iter(self._decoded()), None)
            if head is not None and head.pts is not None and head.pts <= goal:
                self.container.seek(goal, stream=self.stream, backward=True, any_frame=False)
                return
        self._reopen()

    def _reopen(self) -> None:
        self.container.close()
        self._open()

    def _decoded(self) -> Iterator[VideoFrame]:
        """Frames in order of showing; what does not decode is counted and left out."""
        keep = None if self.packets is None else self.packets.append
        for one in decoded(self._path, self.container, self.stream, keep):
            if not isinstance(one, Damage):
                yield one
                continue
            self.damaged += one.lost
            if self.damaged > _BROKEN_PACKETS:
                raise DamagedMedia("too many frames cannot be decoded", "Copy the file again")


def upright_planes(decoded: VideoFrame, upright: Upright | None = None) -> Planes:
    """The frame's planes as arrays, turned upright (as its display matrix says); views of its memory without a turn.

    Other formats than 8-bit 4:2:0 are converted, to the usual range.
    """
    full = decoded.format.name == "yuvj420p" or int(decoded.color_range or 0) == _FULL_RANGE
    upright = upright or upright_of(decoded)
    if not is_plain(decoded):
        from av.video.reformatter import ColorRange

        decoded, full = decoded.reformat(format="yuv420p", dst_color_range=ColorRange.MPEG), False
    y, u, v = (upright.turn(_array(plane)) for plane in decoded.planes)
    return Planes(y, u, v, full)


def is_plain(decoded: VideoFrame) -> bool:
    """Whether the frame's memory is 8-bit 4:2:0 as it is."""
    return decoded.format.name in ("yuv420p", "yuvj420p")


def _fitted(decoded: VideoFrame, width: int, height: int) -> VideoFrame:
    """The frame at the size of the first one: where the size changes on the way, masks keep their places."""
    fitted = decoded.reformat(width=width, height=height)
    fitted.pts, fitted.time_base = decoded.pts, decoded.time_base
    return fitted


def _array(plane: VideoPlane) -> Plane:
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
    return rows[:, : plane.width]
