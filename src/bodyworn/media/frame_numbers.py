"""Frame numbers and times: the one place where "frame 375" is turned into a time and back.

People count frames; nothing else does. Frame ``n`` is the ``n``-th picture stored, from 0, in order of showing, whether
or not it can be decoded. Reading the numbers reads the packets of the whole file once and decodes nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from bodyworn.media.opening import open_media, packets_of, picture_stream, recording_zero, usual_step
from bodyworn.media.presentation import times_of

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream


class FrameNumbers:
    """The frame numbers of the recording at ``path``, read when first asked for; raises what opening it raises."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def times_us(self) -> tuple[int, ...]:
        """When each frame is shown, in microseconds from the start of the recording, rising."""
        with open_media(self._path) as container:
            stream = picture_stream(container)
            if stream is None:
                return ()
            return tuple(times_of(_stamps(container, stream), recording_zero(container), usual_step(stream)))

    def time_us(self, frame: int) -> int | None:
        """When ``frame`` is shown; ``None`` past the last one."""
        return self.times_us[frame] if frame < len(self.times_us) else None

    def at(self, at_us: int) -> int:
        """The frame that is on the screen at ``at_us``; 0 before the first."""
        return max(0, bisect_right(self.times_us, at_us) - 1)


def _stamps(container: InputContainer, stream: VideoStream) -> Iterator[tuple[Fraction | None, Fraction | None]]:
    for packet in packets_of(container, stream):
        if packet is not None and packet.size and not packet.is_discard:
            base = Fraction(packet.time_base)
            shown, decoded = (None if at is None else at * base for at in (packet.pts, packet.dts))
            yield shown, decoded
