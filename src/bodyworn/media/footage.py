"""Pictures of a recording one by one, upright and as YUV planes, with exact frame numbers.

Frame ``n`` is the ``n``-th picture in order of showing. A cut is found by the presentation times of the packets alone,
so that decoding starts at the key frame before it and still counts right.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from bodyworn.domain.errors import DamagedMedia, InputError, NotMedia
from bodyworn.media.planes import Plane, Planes
from bodyworn.media.video import open_media, picture_stream, recording_zero

#: ``AVCOL_RANGE_JPEG``.
_FULL_RANGE = 2
_BROKEN_PACKETS = 500
_FAILED_READS = 8


@dataclass(frozen=True)
class Clip:
    """Frames ``[start, end)`` of a recording; ``end`` ``None`` is its end."""

    start: int = 0
    end: int | None = None

    def __post_init__(self) -> None:
        if self.start < 0 or (self.end is not None and self.end <= self.start):
            raise InputError("the clip ends before it starts", "Choose an end that is later than the start")


@dataclass
class Frame:
    """One decoded picture: its number in the source, its time there, the upright planes and the decoder's frame.

    ``time`` is exact seconds and ``time_ms`` milliseconds from the start of the recording. The planes may be the
    decoder's own memory, from which later pictures are still predicted: never write to them.
    """

    index: int
    time: Fraction
    time_ms: int
    planes: Planes
    frame: Any

    @property
    def turned(self) -> int:
        """Quarter turns counterclockwise that made it upright."""
        return round((self.frame.rotation or 0) / 90) % 4


@dataclass(frozen=True)
class PictureFacts:
    """Size when shown upright, in pixels; frames as the container says (0 if it does not); rate and length."""

    width: int
    height: int
    frames: int
    rate: Fraction
    duration_ms: int


class Footage:
    """An open recording: facts and pictures. Use it as a context manager; the file is only ever read.

    With ``keep_packets`` the packets that the pictures come from gather in ``packets``, in order of decoding; whoever
    asks for them takes them out.
    """

    def __init__(self, path: Path, keep_packets: bool = False) -> None:
        self._path = path
        self.packets: deque[Any] | None = deque() if keep_packets else None
        self.damaged = 0
        self._times: list[Fraction] | None = None
        self._open()

    def _open(self) -> None:
        self.container: Any = open_media(self._path)
        self.stream: Any = picture_stream(self.container)
        if self.stream is None:
            self.container.close()
            raise NotMedia("the file has no video", "Choose a recording with video")
        self.stream.thread_type = "AUTO"
        self.stream.codec_context.thread_count = 2
        self.zero: Fraction = recording_zero(self.container)

    def __enter__(self) -> Footage:
        return self

    def __exit__(self, *_: object) -> None:
        self.container.close()

    def facts(self) -> PictureFacts:
        """What the container and the first picture say."""
        with Footage(self._path) as other:
            first = next(other.frames(Clip()), None)
        if first is None:
            raise DamagedMedia("no frame of the file can be decoded", "Copy it from the camera again")
        rate = self.stream.average_rate or self.stream.guessed_rate or Fraction(30)
        length = float(self.container.duration or 0) / 1000
        frames = self.stream.frames or round(length / 1000 * rate)
        return PictureFacts(first.planes.width, first.planes.height, frames, Fraction(rate), round(length))

    def times(self) -> list[Fraction] | None:
        """Seconds from the start of the recording at which each picture is shown, in order; ``None`` if nobody knows.

        Reads the packets of the whole file once and decodes nothing.
        """
        if self._times is not None:
            return self._times
        import av

        stamps: list[int] = []
        with open_media(self._path) as other, suppress(av.error.FFmpegError):
            for packet in other.demux(picture_stream(other)):
                if packet.size == 0 or getattr(packet, "is_discard", False):
                    continue
                if packet.pts is None:
                    return None
                stamps.append(packet.pts)
        self._times = [stamp * self.stream.time_base - self.zero for stamp in sorted(stamps)]
        return self._times

    def frames(self, clip: Clip) -> Iterator[Frame]:
        """Pictures of ``clip`` in order of showing."""
        first = self._seek(clip.start) if clip.start else 0
        if self.packets is not None:
            self.packets.clear()
        for index, frame in enumerate(self._decoded(), first):
            if clip.end is not None and index >= clip.end:
                return
            if index >= clip.start:
                yield self._shot(index, frame)

    def _seek(self, start: int) -> int:
        """Go to the key frame before frame ``start``; the number of the first picture that decoding will give."""
        times = self.times()
        if times is None:
            return self._reopen()
        if start >= len(times):
            raise InputError(f"frame {start} is past the end: there are {len(times)}", "Choose an earlier start")
        base = self.stream.time_base
        goal = int((times[start] + self.zero) / base)
        self.container.seek(goal, stream=self.stream, backward=True, any_frame=False)
        head = next(iter(self._decoded()), None)
        if head is None or head.pts is None or head.pts > goal:
            return self._reopen()
        key = head.pts * base - self.zero
        if key not in times:
            return self._reopen()
        self.container.seek(goal, stream=self.stream, backward=True, any_frame=False)
        return times.index(key)

    def _reopen(self) -> int:
        self.container.close()
        self._open()
        return 0

    def _decoded(self) -> Iterator[Any]:
        """Frames in order of showing; packets that do not decode are counted and left out."""
        import av

        for packet in self._packets():
            try:
                yield from packet.decode()
            except av.error.EOFError:
                return
            except av.error.FFmpegError as error:
                self.damaged += 1
                if self.damaged > _BROKEN_PACKETS:
                    raise DamagedMedia("too many frames cannot be decoded", "Copy the file again") from error

    def _packets(self) -> Iterator[Any]:
        """Packets of the picture; a read that fails is tried again a few times, then the file ends there."""
        import av

        failed = 0
        while failed < _FAILED_READS:
            try:
                for packet in self.container.demux(self.stream):
                    failed = 0
                    if self.packets is not None and packet.size:
                        self.packets.append(packet)
                    yield packet
            except av.error.FFmpegError:
                failed += 1
                self.damaged += 1
            else:
                return

    def _shot(self, index: int, frame: Any) -> Frame:
        time = Fraction(frame.pts or 0) * (frame.time_base or self.stream.time_base) - self.zero
        return Frame(index, time, int(time * 1000), upright_planes(frame), frame)


def upright_planes(frame: Any) -> Planes:
    """The frame's planes as arrays, turned upright; views of the decoder's memory where no turn is needed.

    Other formats than 8-bit 4:2:0 are converted, to the usual range.
    """
    full = frame.format.name == "yuvj420p" or int(frame.color_range or 0) == _FULL_RANGE
    if not is_plain(frame):
        from av.video.reformatter import ColorRange

        frame, full = frame.reformat(format="yuv420p", dst_color_range=ColorRange.MPEG), False
    turns = round((frame.rotation or 0) / 90) % 4
    planes = [_array(plane) for plane in frame.planes]
    if turns:
        planes = [np.ascontiguousarray(np.rot90(plane, turns)) for plane in planes]
    return Planes(planes[0], planes[1], planes[2], full)


def is_plain(frame: Any) -> bool:
    """Whether the frame's memory is 8-bit 4:2:0 as it is."""
    return frame.format.name in ("yuv420p", "yuvj420p")


def _array(plane: Any) -> Plane:
    rows = np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)
    return rows[:, : plane.width]
