"""Open a recording, choose its picture track, and read its clock: once for everything that looks, listens or writes."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from bodyworn.domain.errors import DamagedMedia, NotMedia, UnreadableInput
from bodyworn.media.limits import MOST_PIXELS, MOST_STREAMS
from bodyworn.media.presentation import PresentationClock

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet
    from av.stream import Stream
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

#: Demuxers for single files; none that follows references to other files or the network.
FORMATS = (
    "mov,matroska,webm,avi,wav,w64,aiff,caf,au,mp3,aac,flac,ogg,amr,mpegts,mpeg,mpegvideo,asf,flv,h264,hevc,mjpeg,m4v,"
    "dv,mxf,ac3"
)
OPEN = {
    "protocol_whitelist": "file",
    "format_whitelist": FORMATS,
    "max_streams": str(MOST_STREAMS),
    "max_pixels": str(MOST_PIXELS),
}
#: More frames a second than this is a unit of time and no rate.
_FASTEST = 240
#: How many failed reads in a row end a file.
_FAILED_READS = 8


def container_of(path: Path) -> InputContainer:
    """The file opened by PyAV, as a single local file; what it raises is PyAV's own."""
    import av

    from bodyworn.media.sandbox import local_source

    av.logging.set_level(None)  # any other level lets decoder threads wait for the interpreter: a deadlock
    container = av.open(local_source(path), "r", options=OPEN, metadata_errors="replace")
    for stream in container.streams.video:
        if stream.codec_context is not None:
            stream.codec_context.options = {"max_pixels": str(MOST_PIXELS)}
    return container


def open_media(path: Path) -> InputContainer:
    """The file opened by PyAV; raises an :class:`~bodyworn.domain.errors.InputError` where that is not possible."""
    import av

    try:
        return container_of(path)
    except (PermissionError, FileNotFoundError, IsADirectoryError) as error:
        raise UnreadableInput(f"the file cannot be opened ({error.strerror})", "Check path and permissions") from error
    except (av.error.InvalidDataError, av.error.ArgumentError) as error:
        raise NotMedia("the file is not video that can be read", "Check that it was copied completely") from error
    except av.error.FFmpegError as error:
        raise DamagedMedia(f"the file cannot be read ({error.strerror})", "Copy it from the camera again") from error


def picture_streams(container: InputContainer) -> list[VideoStream]:
    """The streams of moving pictures; cover art of a sound file is none."""
    from av.stream import Disposition

    return [stream for stream in container.streams.video if not stream.disposition & Disposition.attached_pic]


def pictures_in_order(container: InputContainer) -> list[VideoStream]:
    """The streams of moving pictures that there is a decoder for, that which players show first.

    That is the one that the container calls its default; the largest where it calls none so, or more than one.
    """
    from av.stream import Disposition

    def rank(stream: VideoStream) -> tuple[bool, int, int]:
        return not stream.disposition & Disposition.default, -stream.width * stream.height, stream.index

    return sorted((stream for stream in picture_streams(container) if stream.codec_context is not None), key=rank)


def picture_stream(container: InputContainer) -> VideoStream | None:
    """The stream of moving pictures that players show; ``None`` without one."""
    return next(iter(pictures_in_order(container)), None)


def refuse_huge(stream: VideoStream) -> None:
    """:class:`~bodyworn.domain.errors.DamagedMedia` where its pictures are larger than is decoded."""
    if stream.width * stream.height > MOST_PIXELS:
        raise DamagedMedia(
            f"the pictures have {stream.width} x {stream.height} pixels, more than the {MOST_PIXELS // 10**6} million"
            " that are decoded",
            "Make a smaller copy of the recording, or copy it again if its pictures are not so large",
        )


def has_decoding_times_only(container: InputContainer) -> bool:
    """Whether the container counts pictures in order of decoding and does not tell when they are shown."""
    return container.format.name == "avi"


def is_sound_only(path: Path) -> bool:
    """Whether the file has sound and no moving pictures; raises what :func:`open_media` raises."""
    with open_media(path) as container:
        return picture_stream(container) is None and bool(container.streams.audio)


def recording_zero(container: InputContainer) -> Fraction:
    """Start of the recording on the container's clock, in seconds: the earliest start of its sound and pictures."""
    starts = [
        Fraction(stream.start_time) * Fraction(stream.time_base or 0)
        for stream in (*picture_streams(container), *container.streams.audio)
        if stream.start_time is not None
    ]
    return min(starts, default=Fraction(0))


def believable(rate: Fraction | None, otherwise: int) -> Fraction:
    """Frames a second as a container says, ``otherwise`` where it says none, and never more than a camera takes."""
    return min(Fraction(rate or otherwise), Fraction(_FASTEST))


def usual_step(stream: VideoStream) -> Fraction | None:
    """Seconds between two frames of ``stream`` as its codec or container says, ``None`` if they do not."""
    for rate in (stream.guessed_rate, stream.base_rate, stream.average_rate):
        if rate and 1 <= rate <= _FASTEST:
            return 1 / Fraction(rate)
    return None


def picture_clock(container: InputContainer, stream: VideoStream) -> PresentationClock:
    """The clock that tells when frames of ``stream`` are shown, from the start of the recording."""
    return PresentationClock(recording_zero(container), usual_step(stream))


def stamp_of(frame: VideoFrame, stream: VideoStream) -> Fraction | None:
    """The time stamp of a decoded frame in seconds on the container's clock, ``None`` if it has none."""
    return None if frame.pts is None else frame.pts * Fraction(frame.time_base or stream.time_base or 0)


def packets_of(container: InputContainer, *streams: Stream) -> Iterator[Packet[Stream] | None]:
    """Packets to the end of the file, and ``None`` for each read that failed; after several in a row the file ends."""
    import av

    failed = 0
    while failed < _FAILED_READS:
        try:
            for packet in container.demux(*streams):
                failed = 0
                yield packet
        except av.error.EOFError:
            return
        except IndexError:
            failed += 1  # a packet of a stream that appears late: the container was opened without it
        except av.error.FFmpegError:
            failed += 1
            yield None
        else:
            return
