"""Small real media files made on the spot with PyAV: the ordinary and the broken ones that footage comes in.

Every maker takes the path to write and returns it. Pictures are a moving gray ramp, sound is a list of channels of
float samples in -1..1 at ``SAMPLE_RATE`` (see :func:`tone`, :func:`silence`).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 16_000
Samples = NDArray[np.float32]


def tone(seconds: float, hertz: float = 440.0, level: float = 0.3, rate: int = SAMPLE_RATE) -> Samples:
    """A sine."""
    t = np.arange(round(seconds * rate)) / rate
    return (level * np.sin(2 * np.pi * hertz * t)).astype(np.float32)


def silence(seconds: float, rate: int = SAMPLE_RATE) -> Samples:
    """Digital silence."""
    return np.zeros(round(seconds * rate), np.float32)


def hiss(seconds: float, level: float = 0.05, seed: int = 0, rate: int = SAMPLE_RATE) -> Samples:
    """White noise."""
    return (level * np.random.default_rng(seed).standard_normal(round(seconds * rate))).astype(np.float32)


def wav_float(path: Path, channels: Sequence[Samples], rate: int = SAMPLE_RATE) -> Path:
    """A 32-bit float WAV, which Python's ``wave`` module cannot read."""
    return _wav(path, 3, np.stack(channels, axis=1).astype("<f4"), rate)


def wav_pcm(path: Path, channels: Sequence[Samples], rate: int = SAMPLE_RATE) -> Path:
    """A 16-bit PCM WAV."""
    return wav_numbers(path, (np.stack(channels, axis=1).clip(-1, 1) * 32767).round(), rate)


def wav_numbers(path: Path, numbers: NDArray[Any], rate: int = SAMPLE_RATE) -> Path:
    """A 16-bit PCM WAV of just these numbers: rows are samples, columns channels."""
    return _wav(path, 1, numbers.astype("<i2"), rate)


def _wav(path: Path, form: int, samples: NDArray[Any], rate: int) -> Path:
    channels, block = samples.shape[1], samples.itemsize * samples.shape[1]
    head = struct.pack("<HHIIHH", form, channels, rate, rate * block, block, samples.itemsize * 8)
    data = samples.tobytes()
    body = b"WAVEfmt " + struct.pack("<I", len(head)) + head + b"data" + struct.pack("<I", len(data)) + data
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    return path


def pictures(count: int, width: int = 160, height: int = 96) -> Iterable[NDArray[np.uint8]]:
    """``count`` RGB pictures of a ramp that moves."""
    ramp = np.add.outer(np.arange(height), np.arange(width)).astype(np.int64)
    for index in range(count):
        gray = ((ramp + 5 * index) % 256).astype(np.uint8)
        yield np.repeat(gray[:, :, None], 3, axis=2)


def _write_video(container: Any, stream: Any, times: Sequence[Fraction], width: int, height: int) -> None:
    for time, picture in zip(times, pictures(len(times), width, height), strict=True):
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        frame.time_base = Fraction(1, 90_000)
        frame.pts = int(time * 90_000)
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def _write_audio(container: Any, stream: Any, channels: Sequence[Samples], rate: int, start: Fraction) -> None:
    samples = np.stack(channels).astype(np.float32)
    layout = {1: "mono", 2: "stereo"}[len(channels)]
    offset = int(start * rate)
    for at in range(0, samples.shape[1], 1024):
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples[:, at : at + 1024]), "fltp", layout)
        frame.sample_rate = rate
        frame.time_base = Fraction(1, rate)
        frame.pts = offset + at
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def movie(
    path: Path,
    seconds: float = 2.0,
    *,
    rate: Fraction | int = 30,
    times: Sequence[Fraction] | None = None,
    size: tuple[int, int] = (160, 96),
    audio: Sequence[Sequence[Samples]] = (),
    audio_rate: int = SAMPLE_RATE,
    audio_start: Fraction = Fraction(0),
    rotation: int = 0,
    metadata: dict[str, str] | None = None,
    codec: str = "libx264",
    faststart: bool = False,
) -> Path:
    """A video file; ``audio`` is a list of tracks, each a list of channels (AAC).

    ``times`` (seconds of each frame) makes a variable frame rate; ``rotation`` is clockwise to show it upright.
    """
    flags = "use_metadata_tags" + ("+faststart" if faststart else "")
    options = {"movflags": flags} if path.suffix in {".mp4", ".mov", ".m4a"} else {}
    if times is None:
        times = [Fraction(index) / Fraction(rate) for index in range(round(seconds * rate))]
    with av.open(str(path), "w", options=options) as container:
        container.metadata.update(metadata or {})
        video: Any = container.add_stream(codec, rate=Fraction(rate))
        video.width, video.height = size
        video.pix_fmt = "yuv420p"
        video.codec_context.time_base = Fraction(1, 90_000)
        if codec == "libx264":
            video.options = {"preset": "ultrafast", "g": "30"}
        if rotation:
            video.set_display_rotation(-rotation)
        tracks = []
        for channels in audio:
            stream = container.add_stream("aac", rate=audio_rate)
            stream.layout = {1: "mono", 2: "stereo"}[len(channels)]
            tracks.append((stream, channels))
        _write_video(container, video, times, *size)
        for stream, channels in tracks:
            _write_audio(container, stream, channels, audio_rate, audio_start)
    return path


def with_sound(path: Path, seconds: float = 2.0) -> Path:
    """30 frames a second with one audio track (a tone)."""
    return movie(path, seconds, audio=[[tone(seconds)]])


def without_sound(path: Path, seconds: float = 2.0) -> Path:
    """Video alone."""
    return movie(path, seconds)


def two_tracks(path: Path, seconds: float = 3.0) -> Path:
    """Two audio tracks with different sound."""
    return movie(path, seconds, audio=[[tone(seconds, 440)], [tone(seconds, 1000)]])


def silent_second_track(path: Path, seconds: float = 3.0) -> Path:
    """Two audio tracks, the second digitally silent."""
    return movie(path, seconds, audio=[[tone(seconds, 440)], [silence(seconds)]])


def rotated(path: Path, degrees: int = 90) -> Path:
    """To be shown turned clockwise by ``degrees``."""
    return movie(path, rotation=degrees, audio=[[tone(2.0)]])


def variable_rate(path: Path) -> Path:
    """Frames at uneven times: 30 a second, then 10, with a hole."""
    times = [Fraction(index, 30) for index in range(30)]
    times += [1 + Fraction(index, 10) for index in range(10)]
    times += [Fraction(5, 2) + Fraction(index, 30) for index in range(15)]
    return movie(path, times=times, audio=[[tone(3.0)]])


def ten_fps(path: Path, seconds: float = 2.0) -> Path:
    """10 frames a second."""
    return movie(path, seconds, rate=10, audio=[[tone(seconds)]])


def audio_only(path: Path, seconds: float = 2.0) -> Path:
    """A tone as AAC in an MP4 container, no picture."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=SAMPLE_RATE)
        stream.layout = "mono"
        _write_audio(container, stream, [tone(seconds)], SAMPLE_RATE, Fraction(0))
    return path


def truncated(path: Path, seconds: float = 4.0) -> Path:
    """An MP4 cut off before its index (``moov``)."""
    with_sound(path, seconds)
    data = path.read_bytes()
    path.write_bytes(data[: data.rindex(b"moov") - 4])
    return path


def cut_after_index(path: Path, seconds: float = 6.0) -> Path:
    """An MP4 with its index in front, cut off at 60 % of the bytes."""
    movie(path, seconds, audio=[[tone(seconds)]], faststart=True)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * 0.6)])
    return path


def text_named_mp4(path: Path) -> Path:
    """A text file whose name says it is a video."""
    path.write_text("This is a note about a stop, not a recording of it.\n" * 20)
    return path


def empty(path: Path) -> Path:
    """Zero bytes."""
    path.write_bytes(b"")
    return path


def long_name(folder: Path, suffix: str = ".mp4") -> Path:
    """A path in ``folder`` whose name is 255 bytes long and not ASCII."""
    stem = "Verkehrskontrolle-Zürich-東京-"
    room = 255 - len(suffix.encode()) - len(stem.encode())
    return folder / (stem + "x" * room + suffix)
