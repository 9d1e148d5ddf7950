"""Writes marked footage (:mod:`tests.makers.marks`) in the containers, codecs, clocks, turns and sounds of files."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from heapq import merge
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from numpy.typing import NDArray

from tests.makers import marks

#: Tones that sound in the parts of the scene that are cut away, and when.
LEFT_OUT_HZ = 3_000
LEFT_OUT = ((0.1, 0.4), (2.3, 2.6))
SIZE = (320, 180)
FINE = Fraction(1, 90_000)
ONE = 1 << 16

#: Display matrices as (a, b, c, d), by what they do to the stored picture.
_TRACKS = b"\x16\x54\xae\x6b"
LIVE = {"live": "1", "write_crc32": "0"}
MATRICES = {
    "as it is": (1, 0, 0, 1),
    "turned right": (0, 1, -1, 0),
    "turned over": (-1, 0, 0, -1),
    "turned left": (0, -1, 1, 0),
    "mirrored": (-1, 0, 0, 1),
    "flipped": (1, 0, 0, -1),
    "transposed": (0, 1, 1, 0),
    "transposed the other way": (0, -1, -1, 0),
}


@dataclass(frozen=True)
class Sound:
    """A sound track: codec, rate, channels, when it begins in the scene; ``holes`` are left out of it, in seconds."""

    codec: str = "aac"
    rate: int = 48_000
    channels: int = 1
    start: float = 0.0
    holes: Sequence[tuple[float, float]] = ()


@dataclass(frozen=True)
class Footage:
    """How a scene is written. ``times`` are those of its frames in seconds; ``matrix`` names one of ``MATRICES``."""

    times: Sequence[Fraction]
    codec: str = "libx264"
    options: dict[str, str] = field(default_factory=dict)
    pixels: str = "yuv420p"
    size: tuple[int, int] = SIZE
    sound: Sound | None = None
    matrix: str = "as it is"
    aspect: Fraction | None = None
    form: str | None = None
    rate: Fraction = Fraction(30)
    base: Fraction = FINE
    muxing: dict[str, str] = field(default_factory=dict)
    #: Pixels around the scene that are stored and not to be shown: left, top, right, bottom.
    border: tuple[int, int, int, int] = (0, 0, 0, 0)


def even(rate: Fraction | int, seconds: float = 2.8) -> list[Fraction]:
    """Times of frames at a steady rate."""
    return [Fraction(n) / Fraction(rate) for n in range(round(seconds * float(rate)))]


def scene_sound(seconds: float, rate: int) -> NDArray[np.float32]:
    """The beeps of the scene, and tones where nothing is to be heard of a clip from 0.5 to 2 seconds."""
    at = np.arange(round(seconds * rate)) / rate
    other = 0.4 * np.sin(2 * np.pi * LEFT_OUT_HZ * at)
    inside = np.zeros(len(at), bool)
    for start, end in LEFT_OUT:
        inside |= (at >= start) & (at < end)
    return (marks.beeps(seconds, rate) + other * inside).astype(np.float32)


def write(path: Path, how: Footage) -> Path:
    """Write the scene to ``path``."""
    with av.open(str(path), "w", format=how.form, options=how.muxing) as out:
        video = _picture_stream(out, how)
        audio: Any = None
        if how.sound is not None:
            audio = out.add_stream(how.sound.codec, rate=how.sound.rate)
            audio.layout = "mono" if how.sound.channels == 1 else "stereo"
            if how.sound.codec == "g726":
                audio.bit_rate = 32_000
        pieces: list[Iterator[tuple[float, Any, Any]]] = [_pictures(video, how)]
        if audio is not None and how.sound is not None:
            pieces.append(_sounds(audio, how.sound, float(how.times[-1]) + 0.1))
        for _, stream, frame in merge(*pieces, key=lambda piece: piece[0]):
            out.mux(stream.encode(frame))
        for stream in (video, audio):
            if stream is not None:
                out.mux(stream.encode(None))
    return path


def _picture_stream(out: Any, how: Footage) -> Any:
    video = out.add_stream(how.codec, rate=how.rate)
    left, top, right, bottom = how.border
    wide, high = how.size if how.matrix in _STANDING else how.size[::-1]
    video.width, video.height = wide + left + right, high + top + bottom
    video.pix_fmt = how.pixels
    if how.codec in ("libx264", "libx265", "libvpx", "libvpx-vp9"):
        video.codec_context.time_base = how.base
    quality = {"libx264": {"preset": "ultrafast", "g": "20"}, "libvpx": {"deadline": "realtime", "cpu-used": "8"}}
    video.options = {**quality.get(how.codec, {}), **how.options}
    if how.codec not in ("libx264", "libx265"):
        video.bit_rate = 3_000_000
    if how.matrix != "as it is":
        a, b, c, d = MATRICES[how.matrix]
        video.set_display_matrix([a * ONE, b * ONE, 0, c * ONE, d * ONE, 0, 0, 0, 1 << 30])
    if how.aspect:
        video.codec_context.sample_aspect_ratio = how.aspect
    return video


_STANDING = {name for name, (a, _, _, _) in MATRICES.items() if a}


def stored(shown: marks.Gray, matrix: str) -> marks.Gray:
    """The picture that is shown as ``shown`` through that matrix."""
    a, b, c, d = MATRICES[matrix]
    if a:
        return np.ascontiguousarray(shown[::d, ::a])
    return np.ascontiguousarray(shown[::b, ::c].T)


def _pictures(video: Any, how: Footage) -> Iterator[tuple[float, Any, Any]]:
    for number, time in enumerate(how.times):
        gray = stored(marks.picture(number, *how.size, marks.is_lit(float(time))), how.matrix)
        left, top, right, bottom = how.border
        gray = np.pad(gray, ((top, bottom), (left, right)), constant_values=235)
        frame = av.VideoFrame.from_ndarray(gray, format="gray").reformat(format=how.pixels)
        base = video.codec_context.time_base or how.base
        frame.time_base, frame.pts = base, round(time / base)
        yield float(time), video, frame


def _sounds(audio: Any, how: Sound, seconds: float) -> Iterator[tuple[float, Any, Any]]:
    whole = scene_sound(seconds, how.rate)
    context: AudioCodecContext = audio.codec_context
    step = context.frame_size or 1024
    layout = "mono" if how.channels == 1 else "stereo"
    for at in range(round(how.start * how.rate) // step * step, len(whole), step):
        time = at / how.rate
        if any(start <= time < end for start, end in how.holes):
            continue
        part = np.tile(whole[at : at + step], (how.channels, 1))
        plain = av.AudioFrame.from_ndarray(np.ascontiguousarray(part), "fltp", layout)
        plain.sample_rate, plain.pts, plain.time_base = how.rate, at, Fraction(1, how.rate)
        form = context.format.name if context.format is not None else "s16"
        for frame in av.AudioResampler(form, layout, how.rate).resample(plain):
            frame.pts, frame.time_base = at, Fraction(1, how.rate)
            yield time, audio, frame


def joined(path: Path, *parts: Path) -> Path:
    """Transport streams one after the other, as cameras and people join them."""
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    return path


def with_clean_aperture(path: Path, crop: tuple[int, int, int, int]) -> Path:
    """An MP4 whose sample entry tells to leave out left, top, right and bottom pixels."""
    data = bytearray(path.read_bytes())
    at = data.rindex(b"avc1") - 4
    (length,) = struct.unpack_from(">I", data, at)
    width, height = struct.unpack_from(">2H", data, at + 32)
    left, top, right, bottom = crop
    body = struct.pack(">IIIIiIiI", width - left - right, 1, height - top - bottom, 1, left - right, 2, top - bottom, 2)
    box = struct.pack(">I", 8 + len(body)) + b"clap" + body
    return _grown(path, data, at, length, box)


def _grown(path: Path, data: bytearray, at: int, length: int, box: bytes) -> Path:
    """Put ``box`` at the end of the one at ``at``; all boxes around it grow. The index must stand last."""
    around = [data.rindex(kind, 0, at) - 4 for kind in (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd")]
    for start in (*around, at):
        (size,) = struct.unpack_from(">I", data, start)
        struct.pack_into(">I", data, start, size + len(box))
    data[at + length : at + length] = box
    path.write_bytes(bytes(data))
    return path


def with_matroska_crop(path: Path, crop: tuple[int, int, int, int]) -> Path:
    """A Matroska file, written live, that tells to leave out left, top, right and bottom pixels."""
    left, top, right, bottom = crop
    numbers = [(0x54CC, left), (0x54BB, top), (0x54DD, right), (0x54AA, bottom)]
    more = b"".join(struct.pack(">H", kind) + b"\x81" + bytes([value]) for kind, value in numbers)
    data = path.read_bytes()
    start = data.index(_TRACKS, data.index(_TRACKS) + 4)  # the first is in the list of what is where
    tracks, length = _with_more(data[start:], [_TRACKS, b"\xae", b"\xe0"], more)
    path.write_bytes(data[:start] + tracks + data[start + length :])
    return path


def _with_more(data: bytes, kinds: Sequence[bytes], more: bytes) -> tuple[bytes, int]:
    """The EBML element that ``data`` begins with, ``more`` put into it at the end of that path; its length before."""
    kind = kinds[0]
    wide = 9 - data[len(kind)].bit_length()
    size = int.from_bytes(data[len(kind) : len(kind) + wide], "big") & ((1 << 7 * wide) - 1)
    first = len(kind) + wide
    body = data[first : first + size]
    if len(kinds) == 1:
        body += more
    else:
        at = 0
        while not body[at:].startswith(kinds[1]):
            _, length = _with_more(body[at:], [body[at : at + 9 - body[at].bit_length()]], b"")
            at += length
        inner, length = _with_more(body[at:], kinds[1:], more)
        body = body[:at] + inner + body[at + length :]
    return kind + (len(body) | 1 << 56).to_bytes(8, "big") + body, first + size
