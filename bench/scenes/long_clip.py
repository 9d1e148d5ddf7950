"""A long clip as a body-worn camera writes it: 720p30 H.264 of about 3 Mbit/s with speech, from the shared media.

One minute of pictures is encoded from four pieces of real footage under a camera that sways; longer clips repeat its
packets, and the speech goes on over them. Made once into a folder of the system's temporary files.
"""

from __future__ import annotations

import json
import tempfile
import wave
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from bench.places import MEDIA
from bench.scenes.footage import worn

SIZE, RATE, BLOCK_S = (1280, 720), 30, 60
SOUND_RATE = 16_000
PIECES = ("people_walking", "ego_kitchen_faces", "cars_with_sound", "ego_street_plates")
SPEECH = MEDIA / "speech"


def folder() -> Path:
    """Where the clips are kept between runs."""
    place = Path(tempfile.gettempdir()) / "bodyworn-bench"
    place.mkdir(exist_ok=True)
    return place


def long_clip(minutes: int) -> Path:
    """The clip of that length, made if it is not there."""
    path = folder() / f"long-{minutes}min-720p30.mp4"
    if not path.exists():
        block = folder() / "block-720p30.mp4"
        if not block.exists():
            _encode_block(block.with_suffix(".part.mp4")).rename(block)
        _repeat(block, path.with_suffix(".part.mp4"), minutes).rename(path)
    return path


def _encode_block(path: Path) -> Path:
    rng = np.random.default_rng(720)
    options = {"preset": "veryfast", "b": "3000000", "maxrate": "4000000", "bufsize": "6000000", "g": "60"}
    count = BLOCK_S * RATE // len(PIECES)
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=RATE, options={**options, "threads": "2"})
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuv420p"
        index = 0
        for name in PIECES:
            for picture in worn(MEDIA / "video" / f"{name}.mp4", count, rng, SIZE, RATE):
                frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
                frame.pts, frame.time_base = index, Fraction(1, RATE)
                out.mux(stream.encode(frame))
                index += 1
        out.mux(stream.encode(None))
    return path


def speech(seconds: int) -> NDArray[np.int16]:
    """Read sentences with pauses and a little room noise, over and over; 16 kHz."""
    rng = np.random.default_rng(16)
    names = sorted(json.loads((SPEECH / "transcripts.json").read_text()))
    parts: list[NDArray[np.int16]] = []
    length = turn = 0
    while length < seconds * SOUND_RATE:
        name = names[turn % len(names)]
        with wave.open(str(SPEECH / (name if name.endswith(".wav") else f"{name}.wav"))) as file:
            said = np.frombuffer(file.readframes(file.getnframes()), np.int16)
        pause = np.zeros(int(SOUND_RATE * rng.uniform(0.4, 2.5)), np.int16)
        parts += [said, pause]
        length += len(said) + len(pause)
        turn += 1
    samples = np.concatenate(parts)[: seconds * SOUND_RATE].astype(np.int32)
    samples += (rng.standard_normal(len(samples)) * 25).astype(np.int32)
    return samples.clip(-32_768, 32_767).astype(np.int16)


def _repeat(block: Path, path: Path, minutes: int) -> Path:
    said = speech(minutes * BLOCK_S)
    with av.open(str(block)) as source, av.open(str(path), "w") as out:
        template = source.streams.video[0]
        picture = out.add_stream_from_template(template)
        sound: Any = out.add_stream("aac", rate=SOUND_RATE, layout="mono")
        length = int(BLOCK_S / Fraction(template.time_base or 1))
        for minute in range(minutes):
            source.seek(0)
            for packet in source.demux(template):
                if packet.dts is None:
                    continue
                packet.pts = (packet.pts or 0) + minute * length
                packet.dts += minute * length
                packet.stream = picture
                out.mux(packet)
            _write_sound(out, sound, said, minute)
        out.mux(sound.encode(None))
    return path


def _write_sound(out: Any, sound: Any, said: NDArray[np.int16], minute: int) -> None:
    """One minute of sound; whole frames of 1024, so the last of a minute reaches into the next."""
    first = -(-minute * BLOCK_S * SOUND_RATE // 1_024) * 1_024
    after = (minute + 1) * BLOCK_S * SOUND_RATE
    for at in range(first, min(after, len(said)), 1_024):
        frame = av.AudioFrame.from_ndarray(said[None, at : at + 1_024], format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = SOUND_RATE, at, Fraction(1, SOUND_RATE)
        out.mux(sound.encode(frame))
