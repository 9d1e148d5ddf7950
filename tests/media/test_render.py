"""Rendering: cuts exact to the frame, sound in step, nothing left behind, nothing carried over."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from bodyworn.domain.digest import Digest
from bodyworn.domain.errors import InputError, NotMedia
from bodyworn.media.footage import Clip, Footage, Frame, upright_planes
from bodyworn.media.frame_numbers import FrameNumbers
from bodyworn.media.planes import Planes
from bodyworn.media.render import RenderedFile, render
from tests import media_makers as make

RATE = 16_000

ROOT = Path(__file__).resolve().parents[2]


class Nobody:
    """Hides nothing, after a look ahead."""

    def __init__(self, look_ahead: int = 0) -> None:
        self.look_ahead = look_ahead
        self.seen: list[int] = []
        self.decided = 0

    def see(self, frame: Frame) -> None:
        self.seen.append(frame.index)

    def settled(self) -> bool:
        settled = self.seen[-1] >= self.decided + self.look_ahead
        self.decided += settled
        return settled

    def finish(self) -> None:
        self.seen.append(-1)

    def covers(self, frame: Frame) -> bool:
        return False

    def hide(self, planes: Planes) -> None:
        raise AssertionError("nothing is covered")


class LeftHalf(Nobody):
    """Blackens the left half of every other frame."""

    def covers(self, frame: Frame) -> bool:
        return frame.index % 2 == 0

    def hide(self, planes: Planes) -> None:
        planes.y[:, : planes.width // 2] = 16


def numbered(path: Path, count: int, times: Sequence[Fraction] | None = None, sound: Any = None) -> Path:
    """A clip whose frame n shows n as eight bars, black or white; with B-frames and few key frames."""
    times = times or [Fraction(n, 30) for n in range(count)]
    with av.open(str(path), "w") as out:
        video: Any = out.add_stream("libx264", rate=30)
        video.width, video.height, video.pix_fmt = 128, 64, "yuv420p"
        video.codec_context.time_base = Fraction(1, 90_000)
        video.options = {"preset": "veryfast", "g": "50", "bf": "3"}
        audio: Any = None
        if sound is not None:
            audio = out.add_stream("aac", rate=RATE)
            audio.layout = "mono"
        for n, time in enumerate(times):
            gray = np.repeat(np.array([255 * (n >> bit & 1) for bit in range(8)], np.uint8), 16)
            picture = av.VideoFrame.from_ndarray(np.tile(gray, (64, 1)), format="gray").reformat(format="yuv420p")
            picture.pts, picture.time_base = int(time * 90_000), Fraction(1, 90_000)
            out.mux(video.encode(picture))
        out.mux(video.encode(None))
        if sound is not None:
            make._write_audio(out, audio, [sound], RATE, Fraction(0))
    return path


def numbers(path: Path) -> list[int]:
    """The numbers shown, in order."""
    with Footage(path) as footage:
        return [
            sum(1 << bit for bit in range(8) if frame.planes.y[:, 16 * bit + 4 : 16 * bit + 12].mean() > 128)
            for frame in footage.frames(Clip())
        ]


def heard(path: Path) -> NDArray[np.float32]:
    """All sound of a file laid out by its time stamps from the container's zero, mono."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        resampler = av.AudioResampler(format="fltp", layout="mono", rate=RATE)
        parts: list[tuple[int, NDArray[np.float32]]] = []
        for frame in container.decode(stream):
            some: list[Any] = resampler.resample(frame)
            parts += [(round(float(p.pts * p.time_base) * RATE), p.to_ndarray()[0]) for p in some]
    out = np.zeros(max(at + len(part) for at, part in parts), np.float32)
    for at, part in parts:
        out[max(0, at) : at + len(part)] = part[max(0, -at) :]
    return out


def clicks(seconds: float, at: Iterable[float]) -> NDArray[np.float32]:
    samples = make.silence(seconds)
    for time in at:
        samples[round(time * RATE) : round(time * RATE) + 80] = 0.8
    return samples


def at(frame: int, rate: int = 30) -> int:
    """When a frame is shown at a constant rate, in microseconds."""
    return frame * 1_000_000 // rate


def part(start: int, end: int | None) -> Clip:
    """The clip of frames ``[start, end)`` at 30 a second."""
    return Clip(at(start), None if end is None else at(end))


def run(source: Path, target: Path, **more: Any) -> RenderedFile:
    return render(source, target, more.pop("redactor", Nobody()), **more)


@pytest.mark.parametrize(("start", "end"), [(0, None), (37, 81), (50, 51), (99, None), (0, 60), (100, 400)])
def test_a_cut_is_exact_to_the_frame(tmp_path: Path, start: int, end: int | None) -> None:
    source = numbered(tmp_path / "in.mp4", 120)
    done = run(source, tmp_path / "out.mp4", clip=part(start, end))
    wanted = list(range(start, min(end or 120, 120)))
    assert numbers(tmp_path / "out.mp4") == wanted
    assert done.frames == len(wanted)


def test_a_cut_is_exact_with_an_uneven_frame_rate_and_keeps_its_times(tmp_path: Path) -> None:
    times = [Fraction(n, 30) + (Fraction(2, 5) if n > 40 else 0) + Fraction(n % 3, 100) for n in range(90)]
    source = numbered(tmp_path / "in.mp4", 90, times)
    run(source, tmp_path / "out.mp4", clip=Clip(int(times[20] * 1_000_000), int(times[70] * 1_000_000)))
    assert numbers(tmp_path / "out.mp4") == list(range(20, 70))
    with Footage(tmp_path / "out.mp4") as footage:
        shown = [frame.time for frame in footage.frames(Clip())]
    assert [float(t) for t in shown] == pytest.approx([float(t - times[20]) for t in times[20:70]], abs=0.001)


def test_a_start_past_the_end_is_refused(tmp_path: Path) -> None:
    source = numbered(tmp_path / "in.mp4", 30)
    with pytest.raises(InputError, match="past the end"):
        run(source, tmp_path / "out.mp4", clip=part(30, None))
    assert [p.name for p in tmp_path.iterdir()] == ["in.mp4"]


@pytest.mark.parametrize("cut", [None, Clip(1_500_000, 6_666_666)])
def test_sound_stays_in_step(tmp_path: Path, cut: Clip | None) -> None:
    times = [0.5, 2.0, 4.0, 6.5]
    source = numbered(tmp_path / "in.mp4", 240, sound=clicks(8, times))
    done = run(source, tmp_path / "out.mp4", clip=cut)
    assert done.sound == ("encoded" if cut else "copied")
    first = 45 / 30 if cut else 0.0
    last = 200 / 30 if cut else 8.0
    expected = [t - first for t in times if first <= t < last]
    loud = np.flatnonzero(np.abs(heard(tmp_path / "out.mp4")) > 0.3) / RATE
    found = [loud[0], *loud[1:][np.diff(loud) > 0.2]]
    assert found == pytest.approx(expected, abs=0.02)


@pytest.mark.slow
def test_sound_stays_in_step_for_an_hour(tmp_path: Path) -> None:
    times = [10.0, 1800.0, 3590.0]
    frames = [Fraction(n, 2) + Fraction(n % 7, 997) for n in range(7200)]
    source = numbered(tmp_path / "in.mp4", 7200, frames, clicks(3600, times))
    hushed = run(source, tmp_path / "out.mp4", clip=Clip(FrameNumbers(source).times_us[3]), edit_sound=Untouched())
    assert hushed.sound == "encoded"
    loud = np.flatnonzero(np.abs(heard(tmp_path / "out.mp4")) > 0.3) / RATE
    found = [loud[0], *loud[1:][np.diff(loud) > 0.2]]
    assert found == pytest.approx([t - float(frames[3]) for t in times], abs=0.02)


class Untouched:
    """An edit that changes nothing."""

    context = Fraction(0)

    def __call__(self, samples: NDArray[np.float32], start: Fraction, rate: int) -> NDArray[np.float32]:
        return samples


class Hole(Untouched):
    """Silence from the third to the fourth second."""

    def __init__(self, context: Fraction) -> None:
        self.context = context

    def __call__(self, samples: NDArray[np.float32], start: Fraction, rate: int) -> NDArray[np.float32]:
        seconds = float(start) + np.arange(samples.shape[1]) / rate
        return np.where((seconds >= 3) & (seconds < 4), 0, samples).astype(np.float32)


@pytest.mark.parametrize("context", [Fraction(0), Fraction(1, 10), Fraction(3)])
def test_the_edit_gets_exact_times(tmp_path: Path, context: Fraction) -> None:
    source = numbered(tmp_path / "in.mp4", 240, sound=make.tone(8.0))
    run(source, tmp_path / "out.mp4", clip=part(30, None), edit_sound=Hole(context))
    sound = heard(tmp_path / "out.mp4")
    assert np.abs(sound[round(2.05 * RATE) : round(2.95 * RATE)]).max() < 0.01
    assert np.abs(sound[round(1.0 * RATE) : round(1.9 * RATE)]).max() > 0.2
    assert np.abs(sound[round(3.1 * RATE) : round(4.0 * RATE)]).max() > 0.2


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_turned_footage_comes_out_upright(tmp_path: Path, degrees: int) -> None:
    source = make.rotated(tmp_path / "in.mp4", degrees)
    run(source, tmp_path / "out.mp4")
    with av.open(str(source)) as container:
        before = next(container.decode(video=0)).to_ndarray(format="gray")
    with av.open(str(tmp_path / "out.mp4")) as container:
        frame = next(container.decode(video=0))
        after = frame.to_ndarray(format="gray")
    assert frame.rotation == 0
    turned = np.rot90(before, -degrees // 90)
    assert after.shape == turned.shape
    assert np.abs(after.astype(int) - turned).mean() < 6


def test_only_what_is_covered_is_changed_and_later_pictures_are_not_spoiled(tmp_path: Path) -> None:
    source = make.with_sound(tmp_path / "in.mp4", 1.0)
    run(source, tmp_path / "out.mp4", redactor=LeftHalf(5))
    with Footage(source) as before, Footage(tmp_path / "out.mp4") as after:
        for old, new in zip(before.frames(Clip()), after.frames(Clip()), strict=True):
            half = old.planes.width // 2
            assert np.abs(old.planes.y[:, half + 8 :].astype(int) - new.planes.y[:, half + 8 :]).mean() < 6
            left = new.planes.y[:, : half - 8]
            assert (left.mean() < 25) == (old.index % 2 == 0)


def test_the_hider_sees_each_picture_once_and_is_told_the_end(tmp_path: Path) -> None:
    redactor = Nobody(look_ahead=12)
    run(make.with_sound(tmp_path / "in.mp4", 1.0), tmp_path / "out.mp4", redactor=redactor)
    assert redactor.seen == [*range(30), -1]


def test_nothing_of_the_source_but_pictures_and_sound_comes_along(tmp_path: Path) -> None:
    tags = {"title": "Unit 12, J. Doe", "location": "+40.71-074.00/", "comment": "badge 4711"}
    source = make.movie(tmp_path / "in.mp4", 1.0, audio=[[make.tone(1.0)]], metadata=tags)
    run(source, tmp_path / "out.mp4")
    data = (tmp_path / "out.mp4").read_bytes()
    assert not [text for text in tags.values() if text.encode() in data]
    with av.open(str(tmp_path / "out.mp4")) as container:
        assert set(container.metadata) <= {"major_brand", "minor_version", "compatible_brands"}


def test_the_source_is_never_written_to(tmp_path: Path) -> None:
    source = make.with_sound(tmp_path / "in.mp4", 1.0)
    before = Digest.of_file(source)
    source.chmod(0o444)
    run(source, tmp_path / "out.mp4")
    assert Digest.of_file(source) == before
    for target in (source, tmp_path / "link.mp4"):
        if target != source:
            target.symlink_to(source)
        with pytest.raises(InputError, match="overwrite the recording"):
            run(source, target, replace=True)
    assert Digest.of_file(source) == before


def test_a_clip_that_exists_is_kept_unless_asked(tmp_path: Path) -> None:
    source = make.with_sound(tmp_path / "in.mp4", 0.5)
    target = tmp_path / "out.mp4"
    target.write_text("mine")
    with pytest.raises(InputError, match="already exists"):
        run(source, target)
    assert target.read_text() == "mine"
    assert run(source, target, replace=True).frames == 15


class Stopped(Nobody):
    """Somebody presses Ctrl-C at frame 10."""

    def see(self, frame: Frame) -> None:
        super().see(frame)
        if frame.index == 10:
            raise KeyboardInterrupt


def test_a_stopped_render_leaves_nothing(tmp_path: Path) -> None:
    source = make.with_sound(tmp_path / "in.mp4", 1.0)
    with pytest.raises(KeyboardInterrupt):
        run(source, tmp_path / "out.mp4", redactor=Stopped())
    assert [p.name for p in tmp_path.iterdir()] == ["in.mp4"]


KILLED = """
import os, sys
from pathlib import Path
from bodyworn.media.render import render
from tests.media.test_render import Nobody

class Killed(Nobody):
    def covers(self, frame):
        if frame.index == 40:
            os._exit(9)
        return False

render(Path(sys.argv[1]), Path(sys.argv[2]), Killed())
"""


def test_what_a_killed_render_leaves_is_removed_by_the_next(tmp_path: Path) -> None:
    source, folder = make.without_sound(tmp_path / "in.mp4"), tmp_path / "clips"
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(source), str(folder / "out.mp4")], cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode == 9, done.stderr
    assert len(list(folder.iterdir())) == 1
    run(source, folder / "out.mp4")
    assert [path.name for path in folder.iterdir()] == ["out.mp4"]


def test_sound_alone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotMedia):
        run(make.audio_only(tmp_path / "in.m4a"), tmp_path / "out.mp4")
    assert [p.name for p in tmp_path.iterdir()] == ["in.m4a"]


def test_a_damaged_recording_gives_what_can_be_read(tmp_path: Path) -> None:
    source = make.cut_after_index(tmp_path / "in.mp4")
    done = run(source, tmp_path / "out.mp4")
    assert 30 < done.frames < 180
    assert numbers(tmp_path / "out.mp4")


def test_odd_sizes_lose_one_row_or_column(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "in.mkv"), "w") as out:
        video: Any = out.add_stream("mpeg4", rate=10)
        video.width, video.height, video.pix_fmt = 97, 63, "yuv420p"
        for _ in range(5):
            out.mux(video.encode(av.VideoFrame.from_ndarray(np.full((63, 97, 3), 90, np.uint8), format="rgb24")))
        out.mux(video.encode(None))
    done = run(tmp_path / "in.mkv", tmp_path / "out.mp4", redactor=LeftHalf())
    assert (done.width, done.height, done.frames) == (96, 62, 5)


@pytest.mark.parametrize(("form", "low", "high"), [("yuvj420p", 2, 253), ("yuv422p", 18, 233), ("yuv420p", 18, 233)])
@pytest.mark.parametrize("redactor", [Nobody, LeftHalf])
def test_levels_stay_what_they_were(tmp_path: Path, form: str, low: int, high: int, redactor: type[Nobody]) -> None:
    with av.open(str(tmp_path / "in.mkv"), "w") as out:
        video: Any = out.add_stream("libx264", rate=10)
        video.width, video.height, video.pix_fmt = 128, 64, form
        video.options = {"crf": "4"}
        video.codec_context.color_range = 2 if form == "yuvj420p" else 1
        for _ in range(5):
            frame = av.VideoFrame(128, 64, form)
            for number, plane in enumerate(frame.planes):
                rows = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
                rows[:] = 128
                if number == 0:
                    rows[:32], rows[32:] = low, high
            out.mux(video.encode(frame))
        out.mux(video.encode(None))
    run(tmp_path / "in.mkv", tmp_path / "out.mp4", redactor=redactor())
    with av.open(str(tmp_path / "out.mp4")) as container:
        frame = list(container.decode(video=0))[1]
        assert (int(frame.color_range) == 2) == (form == "yuvj420p")
        y = upright_planes(frame).y
    assert y[8:24, 80:].mean() == pytest.approx(low, abs=3)
    assert y[40:56, 80:].mean() == pytest.approx(high, abs=3)


def test_one_of_two_sound_tracks_comes_along_and_the_other_is_told(tmp_path: Path) -> None:
    source = make.movie(tmp_path / "in.mp4", 2.0, audio=[[make.silence(2.0)], [make.tone(2.0)]])
    first = run(source, tmp_path / "first.mp4")
    assert first.sounds_left == 1
    assert float(np.abs(heard(tmp_path / "first.mp4")).max()) < 0.01
    run(source, tmp_path / "second.mp4", sound_track=1)
    assert float(np.abs(heard(tmp_path / "second.mp4")).max()) > 0.1
    run(source, tmp_path / "cut.mp4", sound_track=1, clip=part(10, 40))
    assert float(np.abs(heard(tmp_path / "cut.mp4")).max()) > 0.1
    with pytest.raises(InputError, match="no audio track 3"):
        run(source, tmp_path / "none.mp4", sound_track=2)
    assert not (tmp_path / "none.mp4").exists()


def test_sound_that_an_edit_list_cuts_away_is_not_in_the_clip(tmp_path: Path) -> None:
    sound = np.concatenate([make.tone(1.0, 3000.0), make.silence(2.0)])
    source = make.movie(tmp_path / "in.mp4", 2.0, audio=[[sound]])
    data = bytearray(source.read_bytes())
    at = data.rindex(b"elst") + 4 + 4 + 4
    data[at + 4 : at + 8] = (RATE + 1024).to_bytes(4, "big")
    source.write_bytes(bytes(data))
    with av.open(str(source)) as container:
        assert any(packet.is_discard for packet in container.demux(audio=0))
    done = run(source, tmp_path / "out.mp4")
    assert done.sound == "encoded"
    with av.open(str(tmp_path / "out.mp4"), options={"ignore_editlist": "1"}) as container:
        parts = [frame.to_ndarray()[0] for frame in container.decode(audio=0)]
    assert all(float(np.abs(part).max()) < 0.1 for part in parts)
    assert len(parts) * 1024 / RATE > 1.5
