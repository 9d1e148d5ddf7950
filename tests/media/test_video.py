"""One decode, many observers: times, rates, sizes, rotation, holes and damage, on real bytes."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from bodyworn.domain.errors import DamagedMedia, NotMedia, UnreadableInput
from bodyworn.domain.span import Span
from bodyworn.media.video import Format, Picture, Pixels, Wanted, watch
from tests import media_makers as makers
from tests.picture_makers import film, street


class Notes:
    """An observer that writes down what it is shown."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.times: list[int] = []
        self.pixels: list[Pixels] = []

    def see(self, picture: Picture) -> None:
        self.times.append(picture.time_ms)
        self.pixels.append(picture.pixels)


def ten(width: int = 64, height: int = 36, form: Format = Format.LUMA, *, fit: bool = False) -> Notes:
    return Notes(Wanted(Fraction(10), width, height, form, fit))


def test_each_observer_gets_the_rate_size_and_format_it_wants(tmp_path: Path) -> None:
    path = makers.with_sound(tmp_path / "a.mp4", 2.0)
    luma, color, every = ten(), ten(80, 48, Format.RGB), Notes(Wanted(None, format=Format.NATIVE))
    watched = watch(path, [luma, color, every])
    assert watched.frames == 60
    assert luma.times == [100 * k for k in range(20)]
    assert {p.shape for p in luma.pixels} == {(36, 64)}
    assert {p.shape for p in color.pixels} == {(48, 80, 3)}
    assert len(every.times) == 60
    assert (watched.first_ms, watched.end_ms) == (0, 1999)


def test_a_size_is_scaled_once_for_all_who_want_it(tmp_path: Path) -> None:
    one, other = ten(), ten()
    slow = Notes(Wanted(Fraction(5), 64, 36))
    watch(makers.without_sound(tmp_path / "a.mp4"), [one, other, slow])
    assert all(a is b for a, b in zip(one.pixels, other.pixels, strict=True))
    assert slow.pixels[1] is one.pixels[2]


def test_luma_is_full_range_whatever_the_stride(tmp_path: Path) -> None:
    black, white = np.zeros((90, 162, 3), np.uint8), np.full((90, 162, 3), 255, np.uint8)
    path = film(tmp_path / "a.mp4", [black, white])
    seen = ten(162, 90)
    watch(path, [seen])
    assert seen.pixels[0].max() <= 1
    assert seen.pixels[1].min() >= 254


def test_fit_keeps_the_shape_and_never_enlarges(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mp4", street(3, size=(240, 180)))
    small, large = ten(160, 90, fit=True), ten(4_000, 3_000, fit=True)
    watch(path, [small, large])
    assert small.pixels[0].shape == (90, 120)
    assert large.pixels[0].shape == (180, 240)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_pictures_come_upright(tmp_path: Path, degrees: int) -> None:
    flat = makers.movie(tmp_path / "flat.mp4")
    turned = makers.rotated(tmp_path / "turned.mp4", degrees)
    as_filmed, upright = ten(160, 96), ten(*((96, 160) if degrees != 180 else (160, 96)))
    watch(flat, [as_filmed])
    watched = watch(turned, [upright])
    assert watched.rotation == degrees
    expected = np.rot90(as_filmed.pixels[0], -degrees // 90)
    assert np.abs(expected.astype(int) - upright.pixels[0]).max() <= 2


def test_uneven_times_are_kept(tmp_path: Path) -> None:
    every = Notes(Wanted(None, format=Format.NATIVE))
    watched = watch(makers.variable_rate(tmp_path / "a.mp4"), [every])
    assert every.times[30:40] == [1000 + 100 * k for k in range(10)]
    assert every.times[40] == 2500
    assert watched.dropouts == ()


def test_ten_a_second_of_a_jittery_ten_a_second_file_are_all(tmp_path: Path) -> None:
    jitter = np.random.default_rng(3).integers(-20, 21, 40)
    times = [Fraction(0)] + [Fraction(100 * k + int(j), 1000) for k, j in enumerate(jitter, start=1)]
    seen = ten()
    watch(makers.movie(tmp_path / "a.mp4", times=times, rate=10), [seen])
    assert len(seen.times) == 41


def test_a_hole_and_a_late_start_are_dropouts(tmp_path: Path) -> None:
    times = [Fraction(3, 2) + Fraction(k, 10) for k in range(10)] + [Fraction(5) + Fraction(k, 10) for k in range(10)]
    path = makers.movie(tmp_path / "a.mp4", times=times, rate=10, audio=[[makers.tone(9.0)]])
    watched = watch(path, [], duration_ms=9_000)
    assert watched.first_ms == 1_500
    expected = (Span(0, 1500), Span(2500, 5000), Span(6000, 9000))
    assert len(watched.dropouts) == 3
    for dropout, hole in zip(watched.dropouts, expected, strict=True):
        assert dropout.start_ms == pytest.approx(hole.start_ms, abs=150)
        assert dropout.end_ms == pytest.approx(hole.end_ms, abs=150)


def test_sound_and_picture_share_one_clock_wherever_the_container_begins(tmp_path: Path) -> None:
    times = [Fraction(41, 4) + Fraction(k, 30) for k in range(60)]
    path = makers.movie(tmp_path / "a.ts", times=times, audio=[[makers.tone(2.5)]], audio_start=Fraction(10))
    with av.open(str(path)) as container:
        assert container.start_time > 5_000_000
    every = Notes(Wanted(None, format=Format.NATIVE))
    watch(path, [every])
    assert every.times[0] == pytest.approx(250, abs=80)
    assert every.times[-1] - every.times[0] == pytest.approx(1966, abs=40)


def _with_damage(path: Path) -> Path:
    film(path, street(100), rate=10, options={"preset": "veryfast", "g": "20", "bf": "0"})
    data = bytearray(path.read_bytes())
    begin = data.index(b"mdat") + len(data) // 2
    data[begin : begin + len(data) // 12] = bytes(np.random.default_rng(5).integers(0, 256, len(data) // 12, np.uint8))
    path.write_bytes(bytes(data))
    return path


def test_damage_is_skipped_and_reported(tmp_path: Path) -> None:
    watched = watch(_with_damage(tmp_path / "a.mp4"), [], threads=1)
    assert watched.damaged > 0
    assert watched.frames in range(50, 100)
    assert len(watched.dropouts) >= 1
    assert all(span.start_ms > 3_500 and span.end_ms < 9_000 for span in watched.dropouts)


def test_a_file_cut_short_is_unknown_from_there_on(tmp_path: Path) -> None:
    watched = watch(makers.cut_after_index(tmp_path / "a.mp4"), [], duration_ms=6_000)
    assert watched.dropouts[-1].end_ms == 6_000
    assert watched.dropouts[-1].start_ms in range(2_000, 5_500)


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (makers.audio_only, NotMedia),
        (makers.text_named_mp4, NotMedia),
        (makers.empty, NotMedia),
        (makers.truncated, NotMedia),
    ],
)
def test_what_holds_no_picture_is_refused(tmp_path: Path, make: object, error: type[Exception]) -> None:
    path = make(tmp_path / "a.mp4")  # type: ignore[operator]
    with pytest.raises((error, DamagedMedia)):
        watch(path, [])


def test_a_missing_file_is_named_as_such(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="cannot be opened"):
        watch(tmp_path / "nothing.mp4", [])


def test_progress_goes_on_to_the_end(tmp_path: Path) -> None:
    told: list[tuple[float, float]] = []
    watch(makers.without_sound(tmp_path / "a.mp4", 4.0), [], lambda done, total: told.append((done, total)))
    assert [done for done, _ in told] == [0, 1000, 2000, 3000]
    assert {total for _, total in told} == {4000}
