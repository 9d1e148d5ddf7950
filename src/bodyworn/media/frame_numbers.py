"""Frame numbers and times: the one place where "frame 375" is turned into a time and back.

People count frames; nothing else does. Frame ``n`` is the ``n``-th picture stored, from 0, in order of showing, whether
or not it can be decoded. Reading the numbers reads the packets of the whole file once, in a child process with limits,
and decodes nothing.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

from bodyworn.media import sandbox
from bodyworn.media.opening import (
    has_decoding_times_only,
    open_media,
    packets_of,
    picture_stream,
    recording_zero,
    usual_step,
)
from bodyworn.media.presentation import times_of
from bodyworn.media.probe import readable_size

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

#: Generous: packets are read and not decoded, a gigabyte takes some seconds.
LIMITS = sandbox.Limits(cpu_seconds=300, wall_seconds=900, memory_bytes=2048 * sandbox.MIB)


class FrameNumbers:
    """The frame numbers of the recording at ``path``, read when first asked for; raises what opening it raises."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def times_us(self) -> tuple[int, ...]:
        """When each frame is shown, in microseconds from the start of the recording, rising."""
        readable_size(self._path)
        times = sandbox.run(read_times, {"path": os.fspath(self._path)}, LIMITS)
        return tuple(cast(Sequence[int], times))

    def time_us(self, frame: int) -> int | None:
        """When ``frame`` is shown; ``None`` past the last one."""
        return self.times_us[frame] if frame < len(self.times_us) else None

    def at(self, at_us: int) -> int:
        """The frame that is on the screen at ``at_us``; 0 before the first."""
        return max(0, bisect_right(self.times_us, at_us) - 1)


def read_times(path: str) -> list[int]:
    """The work of the child: see :attr:`FrameNumbers.times_us`."""
    with open_media(Path(path)) as container:
        stream = picture_stream(container)
        if stream is None:
            return []
        return times_of(_stamps(container, stream), recording_zero(container), usual_step(stream))


def _stamps(container: InputContainer, stream: VideoStream) -> Iterator[tuple[Fraction | None, Fraction | None]]:
    in_order = has_decoding_times_only(container)
    for packet in packets_of(container, stream):
        if packet is not None and packet.size and not packet.is_discard:
            base = Fraction(packet.time_base)
            pts = packet.dts if in_order else packet.pts
            shown, decoded = (None if at is None else at * base for at in (pts, packet.dts))
            yield shown, decoded
