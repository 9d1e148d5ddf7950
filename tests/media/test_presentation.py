"""When frames are shown: rising times whatever the stamps are, and one place that knows frame numbers."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodyworn.domain.errors import DamagedMedia
from bodyworn.media.footage import Clip, Footage
from bodyworn.media.frame_numbers import FrameNumbers
from bodyworn.media.presentation import PresentationClock, times_of
from bodyworn.media.render import render
from bodyworn.media.video import Format, Picture, Wanted, watch
from tests import media_makers as make
from tests.media.test_render import Nobody, numbered, numbers

STEP = Fraction(1, 25)
STAMPS = st.none() | st.fractions(-5, 100, max_denominator=100)


def shown(*stamps: float | None) -> list[float]:
    clock = PresentationClock(Fraction(0), STEP)
    return [float(clock.time(None if s is None else Fraction(str(s)))[0]) for s in stamps]


def test_stamps_that_rise_are_the_times_and_a_pause_stays_a_pause() -> None:
    assert shown(0.5, 0.54, 0.6, 600) == [0.5, 0.54, 0.6, 600]


def test_without_stamps_frames_come_one_step_apart() -> None:
    assert shown(None, None, None) == pytest.approx([0, 0.04, 0.08])


def test_two_frames_with_one_stamp_are_half_a_step_apart_and_what_follows_is_in_place() -> None:
    assert shown(0, 0.04, 0.04, 0.08) == pytest.approx([0, 0.04, 0.06, 0.08])


def test_stamps_in_order_of_decoding_do_not_run_backwards() -> None:
    assert shown(0.04, 0.12, 0.16, 0.08, 0.24) == pytest.approx([0.04, 0.12, 0.16, 0.18, 0.24])


def test_a_clock_that_starts_anew_goes_on_where_the_one_before_ended() -> None:
    assert shown(10, 10.04, 0, 0.04, 0.09) == pytest.approx([10, 10.04, 10.08, 10.12, 10.17])


def test_the_first_frame_is_never_before_the_recording() -> None:
    assert shown(-0.5, -0.1, 0.2) == pytest.approx([0, 0.02, 0.2])


@given(st.lists(STAMPS, min_size=1, max_size=60))
def test_times_always_rise_and_right_stamps_are_kept(stamps: list[Fraction | None]) -> None:
    clock = PresentationClock(Fraction(0), STEP)
    told = [clock.time(stamp) for stamp in stamps]
    assert all(before < after for (before, _), (after, _) in pairwise(told))
    assert told[0][0] >= 0
    again = PresentationClock(Fraction(0), STEP)
    assert all(again.time(time) == (time, True) for time, _ in told)


def test_numbers_are_counted_in_order_of_showing_over_two_clocks() -> None:
    first = [(Fraction(s, 25), Fraction(d, 25)) for s, d in ((100, 98), (103, 99), (101, 100), (102, 101))]
    second = [(Fraction(s, 25), Fraction(d, 25)) for s, d in ((2, 0), (4, 1), (3, 2))]
    assert times_of([*first, *second], Fraction(4), STEP) == [n * 40_000 for n in range(7)]


def test_frame_numbers_and_times_lead_back_to_each_other(tmp_path: Path) -> None:
    counted = FrameNumbers(make.variable_rate(tmp_path / "in.mp4"))
    with Footage(tmp_path / "in.mp4") as footage:
        assert [frame.time_us for frame in footage.frames(Clip())] == list(counted.times_us)
    assert all(counted.at(at_us) == n for n, at_us in enumerate(counted.times_us))
    assert counted.at(counted.times_us[4] + 1) == 4
    assert counted.time_us(len(counted.times_us)) is None


def stamped(path: Path, stamps: list[int], base: Fraction, start: int = 0) -> Path:
    """A clip without B-frames whose packets from ``start`` on carry ``stamps`` in ``base``; frame n shows n."""
    plain = path.with_name("plain.mkv")
    with av.open(str(plain), "w") as out:
        video: Any = out.add_stream("libx264", rate=30)
        video.width, video.height, video.pix_fmt = 128, 64, "yuv420p"
        video.options = {"preset": "ultrafast", "g": "15", "bf": "0"}
        for n in range(start + len(stamps)):
            gray = np.repeat(np.array([255 * (n >> bit & 1) for bit in range(8)], np.uint8), 16)
            picture = av.VideoFrame.from_ndarray(np.tile(gray, (64, 1)), format="gray").reformat(format="yuv420p")
            picture.pts, picture.time_base = n, Fraction(1, 30)
            out.mux(video.encode(picture))
        out.mux(video.encode(None))
    with av.open(str(plain)) as read, av.open(str(path), "w") as out:
        stream = out.add_stream_from_template(read.streams.video[0])
        packets = [packet for packet in read.demux(video=0) if packet.size][start:]
        for packet, stamp in zip(packets, stamps, strict=True):
            packet.stream, packet.time_base = stream, base
            packet.pts = packet.dts = stamp
            out.mux(packet)
    return path


def test_a_stream_that_begins_between_key_frames_is_cut_where_it_was_asked(tmp_path: Path) -> None:
    source = stamped(tmp_path / "in.ts", [90_000 + 3000 * n for n in range(110)], Fraction(1, 90_000), start=10)
    with Footage(source) as footage:
        first = next(footage.frames(Clip())).time_us
    begin_us, end_us = first + 1_000_000 - 5, first + 2_000_000 - 5
    render(source, tmp_path / "out.mp4", Nobody(), clip=Clip(begin_us, end_us))
    assert numbers(tmp_path / "out.mp4") == list(range(45, 75))
    render(source, tmp_path / "head.mp4", Nobody(), clip=Clip(0, end_us))
    assert numbers(tmp_path / "head.mp4") == list(range(15, 75))


def test_two_frames_at_one_time_are_both_in_the_clip(tmp_path: Path) -> None:
    stamps = [33 * n for n in range(60)]
    stamps[20] = stamps[19]
    source = stamped(tmp_path / "in.mkv", stamps, Fraction(1, 1000))
    done = render(source, tmp_path / "out.mp4", Nobody())
    assert numbers(tmp_path / "out.mp4") == list(range(60))
    assert len(set(done.times_us)) == 60


def test_a_bare_stream_without_times_plays_at_its_rate(tmp_path: Path) -> None:
    with av.open(str(numbered(tmp_path / "in.mp4", 60))) as read, av.open(str(tmp_path / "in.h264"), "w") as out:
        stream = out.add_stream_from_template(read.streams.video[0])
        for packet in read.demux(video=0):
            if packet.size:
                packet.stream = stream
                out.mux(packet)
    done = render(tmp_path / "in.h264", tmp_path / "out.mp4", Nobody())
    assert numbers(tmp_path / "out.mp4") == list(range(60))
    assert all(after - before in (33_333, 33_334, 40_000) for before, after in pairwise(done.times_us))


def test_a_clock_that_starts_anew_on_the_way_gives_all_frames_in_order(tmp_path: Path) -> None:
    for name, first in (("a.ts", 900_000), ("b.ts", 90_000)):
        stamped(tmp_path / name, [first + 3000 * n for n in range(45)], Fraction(1, 90_000))
    source = tmp_path / "in.ts"
    source.write_bytes((tmp_path / "a.ts").read_bytes() + (tmp_path / "b.ts").read_bytes())
    done = render(source, tmp_path / "out.mp4", Nobody())
    assert numbers(tmp_path / "out.mp4") == [*range(45), *range(45)]
    assert all(0 < after - before < 100_000 for before, after in pairwise(done.times_us))


class Times:
    """An observer of the one pass that notes when frames are shown."""

    wanted = Wanted(None, format=Format.NATIVE)

    def __init__(self) -> None:
        self.ms: list[int] = []

    def see(self, picture: Picture) -> None:
        self.ms.append(picture.time_ms)


@pytest.mark.parametrize("kind", ["two at one time", "a second clock", "in order of decoding"])
def test_what_finds_and_what_masks_are_on_one_clock(tmp_path: Path, kind: str) -> None:
    stamps = [90_000 + 3000 * n for n in range(60)]
    if kind == "two at one time":
        stamps = [33 * n for n in range(60)]
        stamps[20] = stamps[19]
        source = stamped(tmp_path / "in.mkv", stamps, Fraction(1, 1000))
    elif kind == "a second clock":
        source = tmp_path / "in.ts"
        later = stamped(tmp_path / "a.ts", [stamp + 900_000 for stamp in stamps], Fraction(1, 90_000))
        data = later.read_bytes()
        source.write_bytes(data + stamped(tmp_path / "b.ts", stamps, Fraction(1, 90_000)).read_bytes())
    else:
        source = stamped(tmp_path / "in.mkv", [33 * n for n in range(60)], Fraction(1, 1000), start=7)
    times = Times()
    watch(source, [times])
    with Footage(source) as footage:
        assert times.ms == [frame.time_ms for frame in footage.frames(Clip())]


def test_a_recording_longer_than_any_shift_is_refused_in_one_sentence() -> None:
    clock = PresentationClock(Fraction(0), STEP)
    clock.time(Fraction(0))
    clock.time(Fraction(48 * 3600))
    with pytest.raises(DamagedMedia, match="longer than the 48 hours"):
        clock.time(Fraction(48 * 3600 + 1))
