"""Pictures as a decoder gives them, each fault of the file counted: one loop for what looks and for what masks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from heapq import heappop, heappush
from pathlib import Path
from typing import TYPE_CHECKING, cast

from bodyworn.media.cropping import Cropper, crop_of
from bodyworn.media.limits import MOST_PIXELS
from bodyworn.media.opening import has_decoding_times_only, packets_of

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet
    from av.stream import Stream
    from av.video.codeccontext import VideoCodecContext
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

#: Packets that are kept to decode again what the last error of a file took with it.
_MOST_KEPT = 600


@dataclass(frozen=True)
class Damage:
    """Stands where a packet was damaged; ``lost`` says that it could not be read or decoded."""

    lost: bool = True


def decoded(
    path: Path,
    container: InputContainer,
    stream: VideoStream,
    keep: Callable[[Packet[Stream]], None] | None = None,
) -> Iterator[VideoFrame | Damage]:
    """Pictures of ``stream`` in order of showing, as the container crops them; ``keep`` gets each packet before.

    Where the container tells times of decoding alone (AVI), pictures are stamped with these, in order of showing.
    """
    decoder = _Decoder(stream, has_decoding_times_only(container))
    crop = crop_of(path, container, stream)
    cropper = Cropper(crop) if crop else None
    for packet in packets_of(container, stream):
        if packet is None or packet.is_corrupt:
            yield Damage(lost=packet is None)
        if packet is None or (not packet.size and packet.dts is not None):
            continue  # to a decoder an empty packet is the end
        if keep is not None and packet.size:
            keep(packet)
        for one in decoder.take(packet):
            yield one if cropper is None or isinstance(one, Damage) else cropper.cropped(one)


class _Decoder:
    def __init__(self, stream: VideoStream, by_decoding: bool) -> None:
        self._stream = stream
        self._order = _DecodingOrder() if by_decoding else None
        self._kept: list[Packet[Stream]] = []
        self._latest: int | None = None

    def take(self, packet: Packet[Stream]) -> Iterator[VideoFrame | Damage]:
        """What the decoder gives for a packet; the empty one at the end gives the rest."""
        import av

        self._remember(packet)
        try:
            frames = [frame for frame in packet.decode() if isinstance(frame, av.VideoFrame)]
        except av.error.EOFError:
            return
        except (av.error.FFmpegError, MemoryError):
            yield Damage()
            frames = [] if packet.size else self._rest()
        for frame in frames:
            if frame.pts is not None:
                self._latest = frame.pts if self._latest is None else max(self._latest, frame.pts)
            if self._order is not None:
                self._order.stamp(frame)
            yield frame

    def _remember(self, packet: Packet[Stream]) -> None:
        if not packet.size:
            return
        if packet.is_keyframe or len(self._kept) > _MOST_KEPT:
            self._kept.clear()
        self._kept.append(packet)
        if self._order is not None:
            self._order.read(packet)

    def _rest(self) -> list[VideoFrame]:
        """What is shown after the last picture, decoded anew: an error at the end takes good ones with it."""
        import av

        source = self._stream.codec_context
        again = cast("VideoCodecContext", av.CodecContext.create(source.codec.name, "r"))
        again.extradata = source.extradata
        again.options = {"max_pixels": str(MOST_PIXELS)}
        again.thread_count = 1
        found: list[VideoFrame] = []
        for packet in (*self._kept, None):
            with suppress(av.error.FFmpegError, MemoryError):
                found += [frame for frame in again.decode(packet) if isinstance(frame, av.VideoFrame)]
        latest = self._latest
        return [frame for frame in found if frame.pts is not None and (latest is None or frame.pts > latest)]


class _DecodingOrder:
    """Times of decoding given to pictures in order of showing, where a container has no others."""

    def __init__(self) -> None:
        self._times: list[int] = []
        self._own: dict[int, int] = {}

    def read(self, packet: Packet[Stream]) -> None:
        """Take the time of a packet that goes to the decoder."""
        if packet.dts is None:
            return
        heappush(self._times, packet.dts)
        if packet.pts is not None:
            self._own[packet.pts] = packet.dts

    def stamp(self, frame: VideoFrame) -> None:
        """Give the next picture its time: the earliest that none before it has."""
        own = None if frame.pts is None else self._own.get(frame.pts)
        if frame.key_frame and own is not None:  # what did not decode before a key picture leaves no trace behind it
            while self._times and self._times[0] < own:
                heappop(self._times)
            self._own = {pts: dts for pts, dts in self._own.items() if dts >= own}
        if self._times:
            frame.pts = heappop(self._times)
