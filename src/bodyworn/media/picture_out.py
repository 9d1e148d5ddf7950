"""The pictures of a rendered clip: encoded, or copied bit for bit where nothing is hidden in them.

A stretch of H.264 can be copied from an IDR picture on, to wherever all pictures so far in order of decoding are also
all pictures so far in order of showing. What lies between such stretches is encoded, each time beginning with an IDR
picture of its own; the parameter sets of both stand beside each other in the file. The *n*-th packet written gets the
decoding time of the *n*-th packet read, which is never later than its picture is shown.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Protocol

from bodyworn.media import h264
from bodyworn.media.footage import Footage, Frame, is_plain
from bodyworn.media.opening import believable
from bodyworn.media.packet_queue import PacketQueue
from bodyworn.media.rendered import Encoding
from bodyworn.media.ticks import fine_base, is_too_fine

if TYPE_CHECKING:
    from av import VideoFrame
    from av.container import OutputContainer
    from av.packet import Packet
    from av.stream import Stream
    from av.video.codeccontext import VideoCodecContext

__all__ = ["Copying", "Encoded", "Encoding", "PictureOut", "picture_out"]

#: Pictures without anything hidden that must follow an IDR picture before copying begins there.
_LEAST_RUN = 15
#: Pictures that wait for a place to cut before they are encoded after all.
_MOST_HELD = 40
#: Pixels that a stream may crop away and still be copied: no more than whole blocks need.
_BLOCK = 16

#: The frame to encode for a decoded one, and whether anything is hidden in it.
EncodeFrame = Callable[[Frame, bool], "VideoFrame"]


class PictureOut(Protocol):
    """Takes pictures in order of showing."""

    copied: int
    width: int
    height: int

    def add(self, frame: Frame, time: Fraction, covered: bool) -> None:
        """The next picture: when it is shown in the clip, in seconds, and whether anything is hidden in it."""
        ...

    def finish(self) -> None:
        """Write what is left."""
        ...


def picture_out(
    footage: Footage, out: OutputContainer, first: Frame, encoding: Encoding, encoded: EncodeFrame
) -> PictureOut:
    """What writes the pictures of ``footage`` to the container ``out``, shaped after its first picture."""
    if encoding.copy_untouched and footage.packets is not None:
        sets = h264.Sets.from_record(footage.stream.codec_context.extradata or b"")
        if sets is not None and sets.free_id() is not None and _is_plain_h264(footage, first):
            return Copying(footage, out, first, encoding, encoded, sets)
    return Encoded(footage, out, first, encoding, encoded)


def _is_plain_h264(footage: Footage, first: Frame) -> bool:
    """Whether the stream is such that its pictures may stand in the clip as they are."""
    context = footage.stream.codec_context
    even = first.planes.width % 2 == 0 and first.planes.height % 2 == 0
    cropped = max(context.coded_width - context.width, context.coded_height - context.height)
    plain = is_plain(first.decoded) and first.as_stored and not first.decoded.interlaced_frame
    long = is_too_fine(footage.base, _length(footage))
    return context.name == "h264" and even and plain and not long and 0 <= cropped < _BLOCK


def _length(footage: Footage) -> Fraction:
    """Seconds that the container says the recording lasts."""
    return Fraction(footage.container.duration or 0, 1_000_000)


def _shape(context: VideoCodecContext, footage: Footage, first: Frame, encoding: Encoding) -> dict[str, str]:
    """Give an encoder its size, times and colors; the options that remain."""
    stream = footage.stream
    rate = believable(stream.average_rate or stream.guessed_rate, 30)
    context.width, context.height = first.planes.width & ~1, first.planes.height & ~1
    context.pix_fmt = "yuvj420p" if first.planes.full_range else "yuv420p"
    context.time_base = footage.base
    context.framerate = rate
    context.thread_count = encoding.threads
    for name in ("color_primaries", "color_trc", "colorspace"):
        setattr(context, name, int(getattr(first.decoded, name)))
    context.color_range = 2 if first.planes.full_range else 1
    aspect = stream.sample_aspect_ratio
    if aspect and aspect != 1:
        context.sample_aspect_ratio = 1 / aspect if first.upright.transposed else aspect
    return {
        "preset": encoding.preset,
        "crf": str(encoding.crf),
        "g": str(max(1, round(rate * 2))),
        "a53cc": "0",
    }


class Encoded:
    """Encodes every picture."""

    copied = 0

    def __init__(
        self, footage: Footage, out: OutputContainer, first: Frame, encoding: Encoding, encoded: EncodeFrame
    ) -> None:
        self._out, self._encoded, self._base = out, encoded, fine_base(footage.base, _length(footage))
        self._stream = out.add_stream("libx264", rate=believable(footage.stream.average_rate, 30))
        self._stream.codec_context.options = _shape(self._stream.codec_context, footage, first, encoding)
        self._stream.codec_context.time_base = self._base
        self.width, self.height = self._stream.width, self._stream.height

    def add(self, frame: Frame, time: Fraction, covered: bool) -> None:
        """Encode a picture."""
        encoded = self._encoded(frame, covered)
        encoded.time_base, encoded.pts, encoded.pict_type = self._base, round(time / self._base), 0
        self._out.mux(self._stream.encode(encoded))

    def finish(self) -> None:
        """Write what the encoder still holds."""
        self._out.mux(self._stream.encode(None))


@dataclass
class _Held:
    """A decided picture that is not written yet; ``own`` is its time stamp in the source, ``pts`` that in the clip."""

    frame: Frame
    own: int
    pts: int
    covered: bool

    @property
    def to_encode(self) -> bool:
        """Whether it must not be copied."""
        return self.covered or not self.frame.as_stored or bool(self.frame.decoded.is_corrupt)


class Copying:
    """Copies what nothing is hidden in, encodes the rest."""

    def __init__(
        self,
        footage: Footage,
        out: OutputContainer,
        first: Frame,
        encoding: Encoding,
        encoded: EncodeFrame,
        sets: h264.Sets,
    ) -> None:
        assert footage.packets is not None
        self._footage, self._out, self._first, self._encoding, self._encoded = footage, out, first, encoding, encoded
        self._source, self._sets, self._base = PacketQueue(footage.packets), sets, footage.base
        encoder = self._new_encoder()
        self._encoder: VideoCodecContext | None = encoder
        self._own_sets = bytes(encoder.extradata or b"")
        self.width, self.height, self.copied = encoder.width, encoder.height, 0
        self._copies, self._fed = False, False
        self._held: deque[_Held] = deque()
        #: of pictures the encoder has: decoding time and how long they are shown
        self._times: deque[tuple[int, int]] = deque()
        self._shift, self._last = 0, -(1 << 62)
        self._usual = max(1, round(1 / (believable(footage.stream.average_rate, 30) * self._base)))
        self._stream = out.add_stream_from_template(footage.stream)
        self._stream.codec_context.extradata = sets.with_others(h264.Sets.from_start_codes(self._own_sets)).record()
        if footage.stream.sample_aspect_ratio:  # the shape of pixels may stand in the container alone
            self._stream.codec_context.sample_aspect_ratio = footage.stream.sample_aspect_ratio
        self._stream.metadata.clear()

    def add(self, frame: Frame, time: Fraction, covered: bool) -> None:
        """The next picture: written at once, or held until it is clear how."""
        pts = round(time / self._base)
        own = pts - self._shift if frame.decoded.pts is None else int(frame.decoded.pts)
        self._source.refill()
        if not self._held and not self._fed and not self.copied:
            self._shift = pts - own
            self._source.drop_to(own - 1)
        self._held.append(_Held(frame, own, pts, covered))
        if not self._copies:
            self._encode_or_begin_to_copy()
            return
        self._copy_prefix()
        if self._held and (self._held[-1].to_encode or len(self._held) > _MOST_HELD):
            self._encode_held()

    def finish(self) -> None:
        """Write what is held: copied as far as that goes, the rest encoded."""
        if not self._copies and self._begins_with_copyable():
            self._begin_to_copy()
        if self._copies:
            self._copy_prefix()
        self._encode_held()
        self._flush()

    def _encode_or_begin_to_copy(self) -> None:
        """Encode, unless an IDR picture begins a run without anything to hide; that is known some pictures later."""
        if self._held[-1].to_encode or not self._begins_with_copyable():
            self._encode_held()
        elif len(self._held) >= _LEAST_RUN:
            self._begin_to_copy()
            self._copy_prefix()

    def _begins_with_copyable(self) -> bool:
        """Whether the first held picture is an IDR picture that may be copied."""
        if not self._held or not self._source.usable:
            return False
        packet = self._source.of(self._held[0].own)
        if packet is None or not packet.is_keyframe:
            return False
        found = h264.copyable(bytes(packet), self._sets)
        return found is not None and found[1]

    def _begin_to_copy(self) -> None:
        self._flush()
        self._source.drop_to(self._held[0].own - 1)
        self._copies = True

    def _copy_prefix(self) -> None:
        """Copy as many packets as are the same pictures in order of decoding as in order of showing."""
        good, latest = 0, -(1 << 62)
        for number, (waiting, held) in enumerate(zip(self._source.waiting, self._held, strict=False), 1):
            if held.to_encode:
                break
            latest = max(latest, waiting.pts)
            if latest == held.own:
                good = number
        for _ in range(good):
            found = h264.copyable(bytes(self._source.waiting[0].packet), self._sets)
            if found is None:
                self._encode_held()
                return
            (packet, shown_at), time = self._source.take()
            self._held.popleft()
            shown = packet.duration or self._usual
            self._mux(found[0], shown_at + self._shift, time + self._shift, shown, found[1])
            self.copied += 1

    def _encode_held(self) -> None:
        """Encode all held pictures; the first after copied ones is an IDR picture of a new encoder."""
        self._copies = False
        while self._held:
            held = self._held.popleft()
            time = self._source.drop_to(held.own)
            decoded = held.pts if time is None else min(time + self._shift, held.pts)
            self._times.append((decoded, held.frame.decoded.duration or self._usual))
            if self._encoder is None:
                self._encoder = self._new_encoder()
            encoded = self._encoded(held.frame, held.covered)
            encoded.time_base, encoded.pts, encoded.pict_type = self._base, held.pts, 0
            self._fed = True
            self._mux_encoded(self._encoder.encode(encoded))

    def _flush(self) -> None:
        """Write what the encoder still holds, and let go of it."""
        if self._fed and self._encoder is not None:
            self._mux_encoded(self._encoder.encode(None))
            self._encoder, self._fed = None, False

    def _new_encoder(self) -> VideoCodecContext:
        import av
        from av.codec.context import Flags

        encoder = av.CodecContext.create("libx264", "w")
        options = _shape(encoder, self._footage, self._first, self._encoding)
        encoder.options = {**options, "x264-params": f"sps-id={self._sets.free_id()}:bframes=0"}
        encoder.flags |= Flags.global_header
        encoder.open()
        return encoder

    def _mux_encoded(self, packets: Sequence[Packet[Stream]]) -> None:
        for packet in packets:
            units = h264.behind_start_codes(bytes(packet))
            self._mux(h264.with_lengths(units), packet.pts or 0, *self._times.popleft(), packet.is_keyframe)

    def _mux(self, data: bytes, pts: int, dts: int, duration: int, instant: bool) -> None:
        """Write a packet. Without its duration the edit list of an MP4 ends before the last picture, which is lost."""
        import av

        packet = av.Packet(data)
        self._last = min(max(dts, self._last + 1), pts)
        packet.pts, packet.dts, packet.time_base = pts, self._last, self._base
        packet.is_keyframe, packet.stream, packet.duration = instant, self._stream, duration
        self._out.mux(packet)
