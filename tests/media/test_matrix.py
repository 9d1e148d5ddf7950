"""Cut and masked in every form that footage comes in, judged frame by frame by what the pictures and the sound say.

A cell is a container, a codec, a clock, a turn and a kind of sound. Of each a clip from 0.5 to 2 seconds is made with
the checkerboard hidden, and one of the whole. No code of the product takes part in the judgment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest

from bodyworn.domain.redaction import Clip, Reason, Region, Style
from bodyworn.domain.redaction_plan import Plan, PlanSource
from bodyworn.media.render import RenderedFile, render
from bodyworn.redactions.hiding import PlanRedactor
from tests.makers import marked, marks
from tests.makers.marked import Footage, Sound, even

MS = Fraction(1, 1000)
START_US, END_US = 512_000, 1_982_000
AAC, STEREO = Sound(), Sound("aac", 44_100, 2)
PCM, SLOW_PCM = Sound("pcm_s16le", 16_000), Sound("pcm_s16le", 8_000)
B_FRAMES = {"preset": "veryfast", "g": "30", "bf": "3"}
OPEN_GOP = {**B_FRAMES, "x264-params": "open-gop=1"}
NTSC = Fraction(30_000, 1001)


@dataclass(frozen=True)
class Cell:
    """A file name, how it is written, and what is done to the file afterwards."""

    name: str
    how: Footage
    after: Callable[[Path], Path] | None = None


def uneven() -> list[Fraction]:
    """30 a second, then 10, then 25, with no step alike."""
    times = [Fraction(n, 30) for n in range(24)] + [Fraction(8, 10) + Fraction(n, 10) for n in range(8)]
    return times + [Fraction(8, 5) + Fraction(n, 25) for n in range(30)]


def paused() -> list[Fraction]:
    """A second, a pause of ten minutes, and two seconds more."""
    return [time if time < Fraction(9, 5) else time + 600 for time in even(30)]


def without_index(path: Path) -> Path:
    """The same transport stream from its third key frame of the middle on: it begins between key frames."""
    data = path.read_bytes()
    path.write_bytes(data[188 * 60 :])
    return path


def cropped(box: Callable[[Path, tuple[int, int, int, int]], Path]) -> Callable[[Path], Path]:
    return lambda path: box(path, BORDER)


BORDER = (16, 8, 16, 20)


def plain(codec: str, rate: Fraction | int = 30, sound: Sound | None = None, **more: object) -> Footage:
    """Evenly timed footage."""
    return replace(Footage(even(rate), codec, rate=Fraction(rate), sound=sound), **more)  # type: ignore[arg-type]


JPEG = "yuvj420p"
CELLS: Mapping[str, Cell] = {
    # container × codec × sound
    "MP4, H.264, AAC": Cell("a.mp4", plain("libx264", sound=AAC)),
    "MP4, H.264 with B-frames, AAC stereo": Cell("a.mp4", plain("libx264", sound=STEREO, options=B_FRAMES)),
    "MP4, H.264 with open groups": Cell("a.mp4", plain("libx264", options=OPEN_GOP)),
    "MP4, H.264, MP3": Cell("a.mp4", plain("libx264", sound=Sound("mp3", 44_100))),
    "MP4, H.264, AC-3": Cell("a.mp4", plain("libx264", sound=Sound("ac3", 48_000, 2))),
    "MP4, H.265, AAC": Cell("a.mp4", plain("libx265", sound=AAC, options={"preset": "ultrafast"})),
    "MP4, MPEG-4, AAC": Cell("a.mp4", plain("mpeg4", sound=AAC)),
    "MP4, Motion JPEG": Cell("a.mp4", plain("mjpeg", pixels=JPEG)),
    "MP4, no sound": Cell("a.mp4", plain("libx264")),
    "MP4 in fragments": Cell("a.mp4", plain("libx264", sound=AAC, muxing={"movflags": "frag_keyframe+delay_moov"})),
    "MOV, H.264, PCM": Cell("a.mov", plain("libx264", sound=PCM)),
    "MOV, MPEG-4, PCM stereo": Cell("a.mov", plain("mpeg4", sound=Sound("pcm_s16le", 44_100, 2))),
    "MOV, Motion JPEG, µ-law": Cell("a.mov", plain("mjpeg", sound=Sound("pcm_mulaw", 8_000), pixels=JPEG)),
    "MOV, ProRes, ALAC": Cell("a.mov", plain("prores", sound=Sound("alac", 48_000), pixels="yuv422p10le")),
    "MKV, H.264, AAC": Cell("a.mkv", plain("libx264", sound=AAC, base=MS)),
    "MKV, H.264 with B-frames, Opus": Cell(
        "a.mkv", plain("libx264", sound=Sound("libopus"), base=MS, options=B_FRAMES)
    ),
    "MKV, H.264, FLAC": Cell("a.mkv", plain("libx264", sound=Sound("flac", 44_100), base=MS)),
    "MKV, H.264, PCM": Cell("a.mkv", plain("libx264", sound=SLOW_PCM, base=MS)),
    "MKV, FFV1, PCM": Cell("a.mkv", plain("ffv1", sound=PCM)),
    "MKV, MPEG-2, MP2": Cell("a.mkv", plain("mpeg2video", 25, Sound("mp2", 48_000))),
    "MKV, Motion JPEG, no sound": Cell("a.mkv", plain("mjpeg", pixels=JPEG)),
    "WebM, VP8, Opus": Cell("a.webm", plain("libvpx", sound=Sound("libopus"), base=MS)),
    "AVI, H.264 with B-frames, AC-3": Cell("a.avi", plain("libx264", sound=Sound("ac3"), options=B_FRAMES)),
    "AVI, H.264 without B-frames, PCM": Cell("a.avi", plain("libx264", sound=PCM, options={"bf": "0"})),
    "AVI, H.264, 5 a second, PCM": Cell("a.avi", plain("libx264", 5, SLOW_PCM, options={"bf": "0", "g": "5"})),
    "AVI, Motion JPEG, PCM": Cell("a.avi", plain("mjpeg", sound=PCM, pixels=JPEG)),
    "AVI, MPEG-4, AC-3": Cell("a.avi", plain("mpeg4", sound=Sound("ac3", 48_000))),
    "AVI, MPEG-4 with B-frames": Cell("a.avi", plain("mpeg4", options={"bf": "2"})),
    "TS, H.264, AAC": Cell("a.ts", plain("libx264", sound=AAC)),
    "TS, H.264 with B-frames, MP2": Cell("a.ts", plain("libx264", sound=Sound("mp2"), options=B_FRAMES)),
    "TS, MPEG-2, AC-3": Cell("a.ts", plain("mpeg2video", 25, Sound("ac3", 48_000, 2))),
    "TS, H.265": Cell("a.ts", plain("libx265", options={"preset": "ultrafast"})),
    "TS, H.264, no sound": Cell("a.ts", plain("libx264")),
    "PS, MPEG-2, MP2": Cell("a.mpg", plain("mpeg2video", 25, Sound("mp2", 48_000))),
    "FLV, H.264, AAC": Cell("a.flv", plain("libx264", sound=Sound("aac", 44_100), base=MS)),
    "FLV, H.264 with B-frames, MP3": Cell(
        "a.flv", plain("libx264", sound=Sound("mp3", 44_100), base=MS, options=B_FRAMES)
    ),
    "ASF, MPEG-4, MP3": Cell("a.wmv", plain("msmpeg4v3", sound=Sound("mp3", 44_100))),
    "3GP, H.264, AAC": Cell("a.3gp", plain("libx264", sound=Sound("aac", 16_000))),
    "bare H.264": Cell("a.h264", plain("libx264", base=Fraction(1, 30))),
    "bare H.264 with B-frames": Cell("a.h264", plain("libx264", options=B_FRAMES, base=Fraction(1, 30))),
    "bare Motion JPEG": Cell("a.mjpeg", plain("mjpeg", 25, pixels=JPEG)),
    # clocks
    "MP4, 25 a second": Cell("a.mp4", plain("libx264", 25, AAC)),
    "MP4, NTSC": Cell("a.mp4", plain("libx264", NTSC, AAC)),
    "MKV, NTSC in milliseconds": Cell("a.mkv", plain("libx264", NTSC, AAC, base=MS)),
    "MP4, 60 a second": Cell("a.mp4", plain("libx264", 60, AAC, options=B_FRAMES)),
    "MP4, 10 a second": Cell("a.mp4", plain("libx264", 10, AAC)),
    "MP4, 2 a second": Cell("a.mp4", plain("libx264", 2)),
    "TS, 15 a second": Cell("a.ts", plain("libx264", 15, AAC)),
    "MP4, uneven": Cell("a.mp4", Footage(uneven(), sound=AAC)),
    "MP4, uneven with B-frames": Cell("a.mp4", Footage(uneven(), options=B_FRAMES)),
    "MKV, uneven": Cell("a.mkv", Footage(uneven(), sound=PCM, base=MS)),
    "MP4, a pause of ten minutes": Cell("a.mp4", Footage(paused())),
    "MKV, a pause of ten minutes": Cell("a.mkv", Footage(paused(), base=MS)),
    "TS that begins between key frames": Cell("a.ts", plain("libx264", sound=AAC), without_index),
    # turns
    **{f"MP4, {name}": Cell("a.mp4", plain("libx264", sound=AAC, matrix=name)) for name in marked.MATRICES},
    "MOV, turned left, Motion JPEG": Cell("a.mov", plain("mjpeg", pixels=JPEG, matrix="turned left")),
    # shapes
    "MP4, pixels of another shape": Cell("a.mp4", plain("libx264", sound=AAC, aspect=Fraction(4, 3))),
    "MKV, pixels of another shape": Cell("a.mkv", plain("libx264", base=MS, aspect=Fraction(4, 3))),
    "MKV, Motion JPEG, pixels of another shape": Cell("a.mkv", plain("mjpeg", pixels=JPEG, aspect=Fraction(4, 3))),
    "MP4, 4:2:2": Cell("a.mp4", plain("libx264", pixels="yuv422p", sound=AAC)),
    "MP4, 10 bits": Cell("a.mp4", plain("libx264", pixels="yuv420p10le")),
    "MP4, an odd height": Cell("a.mp4", plain("libx264", pixels="yuv444p", size=(320, 181))),
    "MKV, cropped by the container": Cell(
        "a.mkv",
        plain("libx264", base=MS, border=BORDER, muxing=marked.LIVE),
        cropped(marked.with_matroska_crop),
    ),
    "MP4, cropped by the container": Cell(
        "a.mp4", plain("libx264", border=BORDER), cropped(marked.with_clean_aperture)
    ),
    # sound
    "MKV, sound begins late": Cell("a.mkv", plain("libx264", sound=Sound("aac", start=0.8), base=MS)),
    "MP4, sound begins late": Cell("a.mp4", plain("libx264", sound=Sound("aac", start=0.8))),
    "MKV, a hole in the sound": Cell(
        "a.mkv", plain("libx264", sound=Sound("pcm_s16le", 16_000, holes=((1.2, 1.6),)), base=MS)
    ),
    "MKV, a hole in the sound across the end": Cell(
        "a.mkv", plain("libx264", sound=Sound("pcm_s16le", 16_000, holes=((1.7, 2.4),)), base=MS)
    ),
    "TS, a hole in the sound": Cell("a.ts", plain("libx264", sound=Sound("aac", holes=((1.3, 1.7),)))),
}


def test_the_matrix_has_at_least_sixty_cells() -> None:
    assert len(CELLS) >= 60


@pytest.mark.parametrize("name", CELLS)
def test_what_is_hidden_and_cut_is_hidden_and_cut_in_every_form(name: str, tmp_path: Path) -> None:
    cell = CELLS[name]
    source = marked.write(tmp_path / cell.name, cell.how)
    if cell.after is not None:
        source = cell.after(source)
    whole = hidden(source, tmp_path / "whole.mp4", cell.how, Clip())
    assert whole.damaged == 0
    least = judge(tmp_path / "whole.mp4", cell.how)
    hidden(source, tmp_path / "cut.mp4", cell.how, Clip(START_US, END_US))
    judge(tmp_path / "cut.mp4", cell.how, lateness(source, cell.how), least)
    with av.open(str(tmp_path / "whole.mp4")) as clip:
        if cell.how.aspect:
            assert clip.streams.video[0].sample_aspect_ratio == cell.how.aspect


def hidden(source: Path, target: Path, how: Footage, clip: Clip) -> RenderedFile:
    """Render with the checkerboard hidden."""
    place = marks.place(marks.BOARD, *how.size)
    region = Region("region-1", *place, 0, None, False, Reason.OTHER, "person:a")
    plan = Plan(PlanSource("0" * 64, *how.size, 0, 0), Style.SOLID, regions=(region,))
    return render(source, target, PlanRedactor(plan), clip=clip)


def lateness(source: Path, how: Footage) -> float:
    """How long after the recording's start the scene starts, in seconds, by the streams' own start times."""
    if source.suffix in (".h264", ".mjpeg"):
        return 0.0
    with av.open(str(source)) as container:
        streams: list[Any] = [stream for stream in container.streams if stream.start_time is not None]
        starts = [float(stream.start_time * stream.time_base) for stream in streams]
        video: Any = container.streams.video[0]
        scene = float((video.start_time or 0) * video.time_base)
    if source.suffix == ".ts":  # it may begin with pictures that do not decode
        gray, time = next(marks.pictures_of(source))
        scene = time - float(how.times[marks.read(gray, 0.0).number])
    return scene - min(starts)


def judge(clip: Path, how: Footage, late: float | None = None, least: int = 0) -> int:
    """Whether the clip shows what it must; the number of its first frame.

    ``late`` is how long after the start of the recording the scene starts, if the clip is cut; ``least`` the first
    number that can be decoded.
    """
    frames = marks.shown(clip)
    assert not any(frame.open for frame in frames)
    size = (frames[0].width, frames[0].height)
    assert size == (how.size[0] & ~1, how.size[1] & ~1)
    numbers = [frame.number for frame in frames]
    if late is not None:
        begin, end = START_US / 1e6, END_US / 1e6
        inside = [n for n, time in enumerate(how.times) if begin - 0.001 <= float(time) + late < end - 0.001]
        assert numbers == [n for n in inside if n >= least]
    else:
        assert numbers == list(range(numbers[0], len(how.times)))
    scene = [float(how.times[n]) for n in numbers]
    for frame, time in zip(frames, scene, strict=True):
        assert frame.time - frames[0].time == pytest.approx(time - scene[0], abs=0.003)
    if how.sound is not None:
        hear(clip, frames, scene, how.sound, cut=late is not None)
    return numbers[0]


def hear(clip: Path, frames: list[marks.Shown], scene: list[float], sound: Sound, cut: bool) -> None:
    """Each second that begins in the clip is heard when it is seen, and nothing from outside is in the file."""
    offset = frames[0].time - scene[0]
    inside = [n for n in range(1, 3) if scene[0] + 0.05 < n < scene[-1] - 0.15]
    seconds = [n for n in inside if n >= sound.start and not any(start <= n < end for start, end in sound.holes)]
    beeps = marks.beep_starts(clip)
    for second in seconds:
        assert min(abs(beep - (second + offset)) for beep in beeps) <= 0.02
    if cut:
        samples, at = marks.heard(clip, whole=True)
        assert marks.tone_level(samples, marked.LEFT_OUT_HZ).max() < 0.05
        assert (at + len(samples)) / marks.HEARD_RATE <= frames[-1].time + 0.2 + scene[1] - scene[0]
