"""Copying what nothing is hidden in: bit for bit, in the right order, and never a picture that must be hidden."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from bodyworn.media import h264
from bodyworn.media.footage import Clip, Footage, Frame
from bodyworn.media.picture_out import Encoding
from bodyworn.media.planes import Planes
from bodyworn.media.render import RenderedFile, render
from tests import media_makers as make
from tests.media.test_render import Nobody, clicks, numbered, numbers, part

FRAMES = 200


class These(Nobody):
    """Blackens the last of the eight bars, which shows whether a frame is 128 or later, in some frames."""

    def __init__(self, frames: Collection[int]) -> None:
        super().__init__(5)
        self.frames = frames

    def covers(self, frame: Frame) -> bool:
        return frame.index in self.frames

    def hide(self, planes: Planes) -> None:
        planes.y[:, -16:] = 70


def bars(path: Path) -> list[float]:
    """How bright the last bar is, frame by frame."""
    with Footage(path) as footage:
        return [float(frame.planes.y[:, -12:-4].mean()) for frame in footage.frames(Clip())]


def source_clip(path: Path, times: list[Fraction] | None = None) -> Path:
    return numbered(path, FRAMES, times, sound=clicks(FRAMES / 30, [1.0, 4.0]))


def slices(path: Path) -> list[list[bytes]]:
    """The slices of each picture, in order of decoding."""
    found = []
    with av.open(str(path)) as container:
        for packet in container.demux(video=0):
            if packet.size:
                units = h264.behind_lengths(bytes(packet))
                found.append([unit for unit in units if unit[0] & 31 in (h264.SLICE, h264.IDR)])
    return found


def check_stream(path: Path, count: int) -> None:
    """Times of decoding rise, no picture is shown before it is decoded, and nothing in the file is in error."""
    with av.open(str(path)) as container:
        times: list[tuple[Any, Any]] = [(p.dts, p.pts) for p in container.demux(video=0) if p.size]
    assert len(times) == count
    decoding = [dts for dts, _ in times]
    assert decoding == sorted(set(decoding))
    assert all(pts >= dts for dts, pts in times)
    with av.open(str(path)) as container:
        container.streams.video[0].codec_context.options = {"err_detect": "explode"}
        assert sum(not frame.is_corrupt for frame in container.decode(video=0)) == count


def test_a_clip_with_nothing_to_hide_is_copied_bit_for_bit(tmp_path: Path) -> None:
    source = source_clip(tmp_path / "in.mp4")
    done = render(source, tmp_path / "out.mp4", Nobody())
    assert done.copied == done.frames == FRAMES
    assert slices(tmp_path / "out.mp4") == slices(source)
    check_stream(tmp_path / "out.mp4", FRAMES)


def test_copying_can_be_turned_off(tmp_path: Path) -> None:
    source = source_clip(tmp_path / "in.mp4")
    done = render(source, tmp_path / "out.mp4", Nobody(), encoding=Encoding(copy_untouched=False))
    assert done.copied == 0
    assert numbers(tmp_path / "out.mp4") == list(range(FRAMES))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("uneven", [False, True])
def test_hidden_pictures_are_hidden_and_all_others_are_as_they_were(tmp_path: Path, seed: int, uneven: bool) -> None:
    random = np.random.default_rng(seed)
    times = [Fraction(n, 30) + (Fraction(n % 3, 100) + Fraction(n // 70, 3) if uneven else 0) for n in range(FRAMES)]
    source = source_clip(tmp_path / "in.mp4", times)
    frames: set[int] = set()
    for _ in range(int(random.integers(1, 5))):
        first = int(random.integers(0, FRAMES))
        frames |= set(range(first, first + int(random.integers(1, 12))))
    done = render(source, tmp_path / "out.mp4", These(frames))
    assert 0 < done.copied <= FRAMES - len(frames & set(range(FRAMES)))
    check_stream(tmp_path / "out.mp4", FRAMES)
    shown = bars(tmp_path / "out.mp4")
    for n, level in enumerate(shown):
        expected = 70 if n in frames else 235 if n >= 128 else 16
        assert level == pytest.approx(expected, abs=12), n
    seen = [number & 127 for number in numbers(tmp_path / "out.mp4")]
    assert seen == [n & 127 for n in range(FRAMES)]
    with Footage(source) as before, Footage(tmp_path / "out.mp4") as after:
        pairs = zip(before.frames(Clip()), after.frames(Clip()), strict=True)
        assert max(abs(float(a.time - b.time)) for a, b in pairs) < 0.001


@pytest.mark.parametrize(("start", "end"), [(20, 170), (50, 100), (51, None), (0, 77), (199, None)])
def test_a_cut_is_exact_and_copies_what_lies_inside(tmp_path: Path, start: int, end: int | None) -> None:
    source = source_clip(tmp_path / "in.mp4")
    done = render(source, tmp_path / "out.mp4", These({60, 61}), clip=part(start, end))
    wanted = list(range(FRAMES))[start:end]
    assert [n & 127 for n in numbers(tmp_path / "out.mp4")] == [n & 127 for n in wanted]
    check_stream(tmp_path / "out.mp4", len(wanted))
    assert (done.copied > 0) == (len(wanted) > 1)


@pytest.mark.parametrize("name", ["out.mov", "out.mkv", "out.m4v"])
def test_other_containers_take_copies_too(tmp_path: Path, name: str) -> None:
    source = source_clip(tmp_path / "in.mp4")
    done = render(source, tmp_path / name, These(set(range(90, 100))))
    assert done.copied > 50
    assert [n & 127 for n in numbers(tmp_path / name)] == [n & 127 for n in range(FRAMES)]


def test_messages_of_the_encoder_and_others_are_left_out(tmp_path: Path) -> None:
    source = source_clip(tmp_path / "in.mp4")
    assert b"x264" in source.read_bytes()
    render(source, tmp_path / "out.mp4", These({100}))
    data = (tmp_path / "out.mp4").read_bytes()
    assert b"x264" not in data
    with av.open(str(tmp_path / "out.mp4")) as container:
        kinds = {
            unit[0] & 31
            for packet in container.demux(video=0)
            if packet.size
            for unit in h264.behind_lengths(bytes(packet))
        }
    assert kinds == {h264.SLICE, h264.IDR}


def test_damaged_pictures_are_not_copied_and_the_rest_is_in_order(tmp_path: Path) -> None:
    source = source_clip(tmp_path / "in.mp4")
    with av.open(str(source)) as container:
        middle = [packet for packet in container.demux(video=0) if packet.size][120]
        place, size = int(middle.pos or 0), middle.size
    data = bytearray(source.read_bytes())
    data[place + 8 : place + size] = bytes(255 for _ in range(size - 8))
    source.write_bytes(bytes(data))
    done = render(source, tmp_path / "out.mp4", Nobody())
    with av.open(str(tmp_path / "out.mp4")) as container:
        assert sum(1 for _ in container.decode(video=0)) == done.frames
    assert slices(source)[120] not in slices(tmp_path / "out.mp4")


@pytest.mark.parametrize("degrees", [90, 180])
def test_what_has_to_be_turned_is_encoded(tmp_path: Path, degrees: int) -> None:
    done: RenderedFile = render(make.rotated(tmp_path / "in.mp4", degrees), tmp_path / "out.mp4", Nobody())
    assert done.copied == 0


def test_other_codecs_are_encoded(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "in.mkv"), "w") as out:
        video: Any = out.add_stream("mpeg4", rate=10)
        video.width, video.height, video.pix_fmt = 96, 64, "yuv420p"
        for _ in range(20):
            out.mux(video.encode(av.VideoFrame.from_ndarray(np.full((64, 96, 3), 90, np.uint8), format="rgb24")))
        out.mux(video.encode(None))
    done = render(tmp_path / "in.mkv", tmp_path / "out.mp4", Nobody())
    assert (done.copied, done.frames) == (0, 20)


def test_parameter_sets_that_do_not_add_up_are_none() -> None:
    assert h264.Sets.from_record(b"") is None
    assert h264.Sets.from_record(b"\x01\x42\xc0\x1f\xff\xe1\x00\x40abc") is None
    assert h264.Sets.from_record(b"\x00\x00\x00\x01\x67\x42") is None


def test_units_of_unknown_kinds_are_not_copied() -> None:
    sets = h264.Sets(b"\x42\xc0\x1f", (b"\x67aaaa",), (b"\x68bbbb",))
    picture, message = b"\x65picture", b"\x06place"

    def behind(*units: bytes) -> bytes:
        return b"".join(len(unit).to_bytes(4, "big") + unit for unit in units)

    assert h264.copyable(behind(b"\x09\x10", b"\x67aaaa", message, picture), sets) == (behind(picture), True)
    assert h264.copyable(behind(b"\x41picture"), sets) == (behind(b"\x41picture"), False)
    assert h264.copyable(behind(b"\x67other", picture), sets) is None
    assert h264.copyable(behind(b"\x74extension", picture), sets) is None
    assert h264.copyable(behind(picture)[:-1], sets) is None
    assert h264.copyable(behind(message), sets) is None
