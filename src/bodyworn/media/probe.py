"""What a media file says of itself and what its first frames show, read in a child process with limits."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from bodyworn.domain.codec import Json, from_json, to_json
from bodyworn.domain.errors import BodywornError, DamagedMedia, EmptyInput, NotMedia, UnreadableInput
from bodyworn.domain.media_facts import AudioStreamFacts, MediaFacts, VideoStreamFacts
from bodyworn.domain.span import Span
from bodyworn.media import first_bytes, mp4, sandbox, tags
from bodyworn.media.opening import container_of, packets_of, pictures_in_order, recording_zero, usual_step
from bodyworn.media.upright import Upright, upright_of

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

    MediaStream = AudioStream | VideoStream

LIMITS = sandbox.Limits(cpu_seconds=30, wall_seconds=60, memory_bytes=2048 * sandbox.MIB)
BROWSER_VIDEO = {"mov": {"h264", "vp9", "av1"}, "matroska": {"vp8", "vp9", "av1"}}
BROWSER_AUDIO = {"mov": {"aac", "mp3", "opus", "flac"}, "matroska": {"opus", "vorbis"}}
BROWSER_PIXELS = {"yuv420p", "yuvj420p"}
COPY_AGAIN = "Copy it again from the camera"
SAMPLED_PACKETS = 20_000
_TIMED_PACKETS = 600


def probe(path: Path) -> MediaFacts:
    """Facts of the file.

    Raises :class:`UnreadableInput`, :class:`EmptyInput`, :class:`NotMedia` or :class:`DamagedMedia`.
    """
    size = readable_size(path)
    facts = sandbox.run(read_facts, {"path": os.fspath(path)}, LIMITS)
    return replace(from_json(MediaFacts, facts), size_bytes=size)


def readable_size(path: Path) -> int:
    """Size in bytes of a regular, readable, not empty file; else the error that says what it is."""
    if path.is_dir():
        raise UnreadableInput("that is a folder, not a file", "Name a file in it")
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
    except FileNotFoundError as error:
        raise UnreadableInput("there is no such file", "Check the path") from error
    except OSError as error:
        raise UnreadableInput(
            f"the file cannot be read ({error.strerror or 'refused'})", "Check its permissions"
        ) from error
    if size == 0:
        raise EmptyInput("the file is empty", COPY_AGAIN)
    return size


def read_facts(path: str) -> dict[str, Json]:
    """The work of the child: open, read tags and streams, decode one frame of each; JSON of :class:`MediaFacts`."""
    import av

    outer = mp4.outer_boxes(Path(path))
    try:
        container = container_of(Path(path))
    except (av.error.FFmpegError, OSError) as error:
        raise refusal(Path(path), outer) from error
    with container:
        return to_json(_facts(container, outer))


def refusal(path: Path, outer: mp4.OuterBoxes | None) -> BodywornError:
    """Why a file that no demuxer takes is refused."""
    if outer is not None and not outer.has_index:
        return DamagedMedia("the index at the end of the file (moov) is missing: the copy was cut off", COPY_AGAIN)
    family = "MP4" if outer is not None else first_bytes.begins_like(path)
    if family:
        return DamagedMedia(f"the file begins like {family} but cannot be read", COPY_AGAIN)
    return NotMedia("the file is neither video nor audio, whatever its name says", "Use the original recording")


def _facts(container: InputContainer, outer: mp4.OuterBoxes | None) -> MediaFacts:
    video = pictures_in_order(container)
    audio = [stream for stream in container.streams.audio if stream.codec_context is not None]
    if not video and not audio:
        raise NotMedia("the file holds neither a video nor an audio stream", "Use the original recording")
    problems: list[str] = []
    if outer is not None and outer.missing_bytes:
        problems.append(f"The file ends {outer.missing_bytes} bytes too early: the copy was cut off")
    if len(video) > 1:
        others = ", ".join(f"{stream.index} ({stream.width} x {stream.height})" for stream in video[1:])
        problems.append(f"Of {len(video)} picture tracks track {video[0].index} is used, not {others}")
    streams: list[MediaStream] = [*video, *audio]
    origin = recording_zero(container)
    spans = {s.index: _span(s, container, origin, problems) for s in streams}
    cells = tags.clean({**_stream_tags(video, audio), **container.metadata})
    clock = tags.recorded_at(cells)
    problems += [clock.problem] if clock.problem else []
    family = container.format.name.split(",")[0]
    sound_plays = all(s.codec_context.name in BROWSER_AUDIO.get(family, ()) for s in audio)
    pictures = tuple(_video_facts(s, spans[s.index], container, family, problems) for s in video)
    facts = MediaFacts(
        container=container.format.name,
        duration_ms=max(span.end_ms for span in spans.values()),
        origin_ms=round(origin * 1000),
        size_bytes=0,
        recorded_at=clock.moment,
        recorded_at_source=clock.source,
        tags=cells,
        location=tags.location(cells),
        camera=tags.camera(cells),
        audio=tuple(_audio_facts(s, spans[s.index]) for s in audio),
        video=tuple(replace(picture, browser_plays=picture.browser_plays and sound_plays) for picture in pictures),
        problems=(),
    )
    return replace(facts, problems=(*problems, *_uneven_ends(facts)))


def _stream_tags(video: Sequence[VideoStream], audio: Sequence[AudioStream]) -> dict[str, str]:
    """Stream tags that name the camera or the time; the container's own win."""
    kept: dict[str, str] = {}
    for stream in [*audio, *video]:
        kept.update({k: v for k, v in stream.metadata.items() if k not in {"handler_name", "vendor_id", "language"}})
    return kept


def _seconds(stream: MediaStream, ticks: int) -> Fraction:
    return Fraction(ticks) * Fraction(stream.time_base or 0)


def _span(stream: MediaStream, container: InputContainer, origin: Fraction, problems: list[str]) -> Span:
    """Where a stream starts and ends; what the bytes hold, not what the head promises."""
    start = _seconds(stream, stream.start_time) - origin if stream.start_time is not None else Fraction(0)
    if stream.duration is not None:
        length = _seconds(stream, stream.duration)
    elif container.duration is not None:
        length = Fraction(container.duration, 1_000_000) - start
    else:
        length = _last_packet(container, stream) - origin - start
    held = _held(stream, container.size)
    if held is not None and held < length - Fraction(1, 2):
        kind = "picture" if stream.type == "video" else "sound"
        problems.append(f"The {kind} should last {float(length):.1f} s but only {float(held):.1f} s are in the file")
        length = held
    start_ms = max(0, round(start * 1000))
    return Span(start_ms, start_ms + max(0, round(length * 1000)))


def _held(stream: MediaStream, file_bytes: int) -> Fraction | None:
    """Seconds up to the last packet of the index that lies inside the file; ``None`` without an index."""
    entries = stream.index_entries
    count = len(entries)
    if count == 0 or entries[count - 1].pos + entries[count - 1].size <= file_bytes:
        return None
    low, high = 0, count - 1
    while low < high:
        middle = (low + high) // 2
        if entries[middle].pos + entries[middle].size <= file_bytes:
            low = middle + 1
        else:
            high = middle
    return _seconds(stream, entries[low].timestamp - entries[0].timestamp)


def _last_packet(container: InputContainer, stream: MediaStream) -> Fraction:
    """End of the last packet, for containers that do not tell their length; bare pictures are a usual step long."""
    import av

    end = Fraction(0)
    for packet in packets_of(container, stream):
        if packet is None:
            continue
        if packet.pts is not None:
            end = max(end, _seconds(stream, packet.pts + (packet.duration or 0)))
        elif isinstance(stream, av.VideoStream) and packet.size:
            end += usual_step(stream) or 0
    return end


@contextmanager
def _from_start(container: InputContainer, stream: VideoStream) -> Iterator[tuple[InputContainer, VideoStream]]:
    """The container at its start, or opened anew where it cannot go back: bare streams have no times to seek by."""
    import av

    try:
        container.seek(0)
    except (av.error.FFmpegError, OSError):
        with container_of(Path(container.name.removeprefix("file:"))) as again:
            yield again, next(other for other in again.streams.video if other.index == stream.index)
    else:
        yield container, stream


def _audio_facts(stream: AudioStream, span: Span) -> AudioStreamFacts:
    context = stream.codec_context
    return AudioStreamFacts(
        index=stream.index,
        codec=context.name,
        sample_rate=context.sample_rate,
        channels=context.channels,
        layout=context.layout.name,
        start_ms=span.start_ms,
        duration_ms=span.length_ms,
    )


def _video_facts(
    stream: VideoStream, span: Span, container: InputContainer, family: str, problems: list[str]
) -> VideoStreamFacts:
    """Facts of a picture track; one frame is decoded for its rotation, packet times show an uneven rate."""
    context = stream.codec_context
    frame = _first_frame(container, stream)
    upright = Upright() if frame is None else upright_of(frame)
    if frame is None:
        problems.append(f"No picture of video stream {stream.index} can be decoded")
    pixels = context.pix_fmt if frame is None else frame.format.name
    return VideoStreamFacts(
        index=stream.index,
        codec=context.name,
        width=context.width,
        height=context.height,
        rotation=upright.rotation,
        mirrored=upright.mirrored,
        average_rate=str(stream.average_rate) if stream.average_rate else None,
        variable_rate=frame is not None and is_uneven(_packet_times(container, stream), float(stream.time_base or 0)),
        frames=stream.frames or len(stream.index_entries) or None,
        pixel_format=pixels,
        start_ms=span.start_ms,
        duration_ms=span.length_ms,
        browser_plays=context.name in BROWSER_VIDEO.get(family, ()) and pixels in BROWSER_PIXELS,
    )


def _first_frame(container: InputContainer, stream: VideoStream) -> VideoFrame | None:
    import av

    try:
        with _from_start(container, stream) as (opened, its):
            for packet in packets_of(opened, its):
                if packet is not None and (frames := packet.decode()):
                    return next((frame for frame in frames if isinstance(frame, av.VideoFrame)), None)
    except (av.error.FFmpegError, OSError):
        return None
    return None


def _packet_times(container: InputContainer, stream: VideoStream) -> list[float]:
    """Times in seconds of up to :data:`SAMPLED_PACKETS` packets from the start, from the index if there is one."""
    entries = stream.index_entries
    base = float(stream.time_base or 0)
    if len(entries) == stream.frames > 1:
        return [entries[i].timestamp * base for i in range(min(len(entries), SAMPLED_PACKETS))]
    times: list[float] = []
    with _from_start(container, stream) as (opened, its):
        for packet in packets_of(opened, its):
            if packet is not None and packet.pts is not None:
                times.append(packet.pts * base)
            if len(times) >= _TIMED_PACKETS:
                break
    return sorted(times)


def is_uneven(times: list[float], tick: float) -> bool:
    """Whether steps differ from their median by more than 10 % and 1.5 ticks of the clock (variable frame rate)."""
    steps = [b - a for a, b in itertools.pairwise(times)]
    if not steps:
        return False
    middle = sorted(steps)[len(steps) // 2]
    allowed = max(0.1 * middle, 1.5 * tick)
    return sum(abs(step - middle) > allowed for step in steps) > len(steps) // 100


def _uneven_ends(facts: MediaFacts) -> list[str]:
    """Where sound and picture do not start or end together (more than 1 s apart), in words."""
    if not facts.video or not facts.audio:
        return []
    picture, sound = facts.video[0], facts.audio[0]
    late = sound.start_ms - picture.start_ms
    early = picture.start_ms + picture.duration_ms - sound.start_ms - sound.duration_ms
    found = [f"Sound starts {late / 1000:.1f} s after the picture"] if late > 1000 else []
    if early > 1000:
        found.append(f"Sound ends {early / 1000:.1f} s before the picture")
    if early < -1000:
        found.append(f"The picture ends {-early / 1000:.1f} s before the sound")
    return found
