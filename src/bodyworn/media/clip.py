"""Write a clip from drawn frames and mixed sound: H.264 and AAC in an MP4 that a browser plays while it loads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from av.audio.stream import AudioStream
    from av.container import OutputContainer
    from numpy.typing import NDArray

_TIME_BASE = Fraction(1, 90_000)


def write_clip(
    path: Path,
    frames: Iterable[NDArray[np.uint8]],
    sound: NDArray[np.float32],
    *,
    size: tuple[int, int],
    rate: Fraction,
    sample_rate: int,
    tags: Mapping[str, str],
    quality: int = 25,
) -> None:
    """Encode ``frames`` and ``sound`` to ``path``, interleaved.

    ``frames`` are I420 planes as OpenCV lays them out (uint8, height*3/2 x width) for ``size`` = (width, height);
    ``rate`` in frames per second; ``sound`` mono float -1..1 at ``sample_rate``. ``tags`` go to the container
    (``creation_time`` in ISO 8601 UTC, ``location`` in ISO 6709, ``title``, ``comment``). The same input gives the same
    bytes with the same build of the encoders. ``OSError`` if ``path`` cannot be written.
    """
    import av

    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as out:
        out.metadata.update(tags)
        video = out.add_stream("libx264", rate=rate)
        video.width, video.height = size
        video.pix_fmt = "yuv420p"
        video.thread_count = 2
        video.options = {"preset": "ultrafast", "crf": str(quality), "g": str(int(rate * 2))}
        audio = out.add_stream("aac", rate=sample_rate, layout="mono")
        audio.bit_rate = 96_000
        heard = 0
        for number, planes in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            frame.pts = number
            frame.time_base = 1 / rate
            out.mux(video.encode(frame))
            until = int((number + 1) * sample_rate / rate)
            heard = _encode_sound(out, audio, sound, heard, until, sample_rate)
        _encode_sound(out, audio, sound, heard, len(sound), sample_rate)
        out.mux(video.encode(None))
        out.mux(audio.encode(None))


def _encode_sound(
    out: OutputContainer, audio: AudioStream, sound: NDArray[np.float32], start: int, until: int, sample_rate: int
) -> int:
    """Encode samples ``start`` to ``until`` in the encoder's own frame size; returns where it stopped."""
    import av
    import numpy as np

    step = audio.codec_context.frame_size or 1024
    last = until >= len(sound)
    while start + step <= until or (last and start < until):
        part = sound[start : min(start + step, len(sound))]
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(part[None], np.float32), format="fltp", layout="mono")
        frame.sample_rate = sample_rate
        frame.pts = start
        frame.time_base = Fraction(1, sample_rate)
        out.mux(audio.encode(frame))
        start += len(part)
    return start
