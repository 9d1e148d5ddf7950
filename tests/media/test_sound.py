"""Sound that overlaps, repeats, changes its form or starts its clock anew stays with its picture, in clip and proxy."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodyworn.media.footage import Clip, Footage
from bodyworn.media.proxy import Proxy
from bodyworn.media.sound_in import SoundClock
from bodyworn.media.video import watch
from tests import media_makers as make
from tests.media.test_render import RATE, heard, run

THREE = Fraction(3)
#: The delay of an AAC encoder, which a transport stream does not tell, is 21 ms at this rate.
USUAL = 48_000


def beep(seconds: float, at: float, rate: int = USUAL) -> make.Samples:
    """Silence with a tone of 0.2 s from ``at`` on."""
    samples = make.silence(seconds, rate)
    samples[round(at * rate) : round((at + 0.2) * rate)] = make.tone(0.2, 1000.0, 0.5, rate)
    return samples


def onsets(path: Path) -> list[float]:
    """When tones begin, in seconds."""
    loud = np.abs(heard(path)) > 0.15
    found: list[float] = []
    last = -1.0
    for at in np.nonzero(loud)[0] / RATE:
        if at - last > 0.1:
            found.append(float(at))
        last = float(at)
    return found


def piece(path: Path, start: Fraction, sound_start: Fraction, sound: Sequence[make.Samples], rate: int) -> bytes:
    """Three seconds of a transport stream whose picture starts at ``start`` and whose sound at ``sound_start``."""
    times = [start + Fraction(n, 30) for n in range(90)]
    make.movie(path, times=times, audio=[sound], audio_rate=rate, audio_start=sound_start)
    return path.read_bytes()


def joined(
    tmp_path: Path,
    second: tuple[Fraction, Fraction],
    first: make.Samples | None = None,
    channels: int = 1,
    rate: int = USUAL,
) -> Path:
    """Two pieces in one file; ``second`` are the times at which the other's picture and sound start."""
    one = first if first is not None else beep(3.0, 1.0)
    data = piece(tmp_path / "a.ts", Fraction(0), Fraction(0), [one], USUAL)
    data += piece(tmp_path / "b.ts", *second, [beep(3.0, 1.0, rate)] * channels, rate)
    (tmp_path / "in.ts").write_bytes(data)
    return tmp_path / "in.ts"


def proxy_of(source: Path) -> Path:
    proxy = Proxy(source, source.with_name("proxy.mp4"))
    watch(source, [proxy])
    assert proxy.close()
    return source.with_name("proxy.mp4")


def second_piece(source: Path) -> float:
    """When the picture of the second piece starts, in seconds of the recording."""
    with Footage(source) as footage:
        return float([frame.time for frame in footage.frames(Clip())][90])


@pytest.mark.parametrize("cut", [None, Clip(500_000)])
def test_a_clock_that_starts_anew_moves_the_sound_with_the_picture(tmp_path: Path, cut: Clip | None) -> None:
    source = joined(tmp_path, (Fraction(0), Fraction(0)), first=beep(2.4, 1.0))
    done = run(source, tmp_path / "out.mp4", clip=cut)
    away = done.start_us / 1e6 if cut else 0.0
    expected = [1.0 - away, second_piece(source) + 1.0 - away]
    assert onsets(tmp_path / "out.mp4") == pytest.approx(expected, abs=0.06)


def test_the_copy_for_the_browser_follows_a_new_clock_too(tmp_path: Path) -> None:
    source = joined(tmp_path, (Fraction(0), Fraction(0)), first=beep(2.4, 1.0))
    assert onsets(proxy_of(source)) == pytest.approx([1.0, second_piece(source) + 1.0], abs=0.08)


@pytest.mark.parametrize("early", [Fraction(1, 50), Fraction(1, 10), Fraction(1, 2)])
def test_sound_that_overlaps_stays_with_its_picture(tmp_path: Path, early: Fraction) -> None:
    source = joined(tmp_path, (THREE, THREE - early))
    done = run(source, tmp_path / "out.mp4")
    assert done.sound == "encoded"
    expected = [1.0, 4.0 - float(early)]
    assert onsets(tmp_path / "out.mp4") == pytest.approx(expected, abs=0.06)
    assert onsets(proxy_of(source)) == pytest.approx(expected, abs=0.08)


def test_sound_that_is_there_twice_is_heard_once(tmp_path: Path) -> None:
    source = joined(tmp_path, (THREE, Fraction(0)), first=beep(3.0, 1.0))
    run(source, tmp_path / "out.mp4")
    assert onsets(tmp_path / "out.mp4") == pytest.approx([1.0], abs=0.06)


@pytest.mark.parametrize(("channels", "rate"), [(2, 48_000), (1, 22_050), (2, 44_100)])
def test_sound_that_changes_its_form_is_brought_to_the_first(tmp_path: Path, channels: int, rate: int) -> None:
    source = joined(tmp_path, (THREE, THREE), channels=channels, rate=rate)
    for name, clip in (("out.mp4", None), ("cut.mp4", Clip(500_000))):
        done = run(source, tmp_path / name, clip=clip)
        assert done.sound == "encoded"
        away = done.start_us / 1e6 if clip else 0.0
        assert onsets(tmp_path / name) == pytest.approx([1.0 - away, 4.0 - away], abs=0.06)
        with av.open(str(tmp_path / name)) as container:
            stream = container.streams.audio[0]
            assert (stream.codec_context.channels, stream.codec_context.sample_rate) == (1, USUAL)
    assert onsets(proxy_of(source)) == pytest.approx([1.0, 4.0], abs=0.08)


def test_a_hole_that_reaches_over_the_end_does_not_lengthen_the_clip(tmp_path: Path) -> None:
    source = joined(tmp_path, (THREE, Fraction(5)), first=beep(2.0, 1.0))
    run(source, tmp_path / "out.mp4", clip=Clip(0, 2_500_000))
    assert len(heard(tmp_path / "out.mp4")) / RATE == pytest.approx(2.5, abs=0.1)


def test_ordinary_sound_of_a_transport_stream_is_copied(tmp_path: Path) -> None:
    (tmp_path / "in.ts").write_bytes(piece(tmp_path / "a.ts", Fraction(0), Fraction(0), [beep(3.0, 1.0)], USUAL))
    assert run(tmp_path / "in.ts", tmp_path / "out.mp4").sound == "copied"
    assert onsets(tmp_path / "out.mp4") == pytest.approx([1.0], abs=0.06)


FRAME = Fraction(1024, 48_000)


def test_sound_without_stamps_follows_what_was_before() -> None:
    clock = SoundClock([Fraction(-2)])
    assert [clock.time(stamp, FRAME) for stamp in (Fraction(2), None, None)] == [0, FRAME, 2 * FRAME]


def test_a_clock_at_fault_alone_goes_on_where_it_was() -> None:
    clock = SoundClock([Fraction(0)], end=Fraction(100))
    assert clock.time(Fraction(50), FRAME) == 50
    assert clock.time(Fraction(10), FRAME) == 50 + FRAME
    assert clock.time(Fraction(10) + FRAME, FRAME) == 50 + 2 * FRAME
    assert clock.time(Fraction(9_000), FRAME) == 50 + 3 * FRAME


def test_a_jump_of_many_hours_is_no_hole_and_what_follows_stays_in_step() -> None:
    clock = SoundClock([Fraction(0)])
    assert clock.time(Fraction(1), FRAME) == 1
    assert clock.time(Fraction(600), FRAME) == 600, "a pause is a hole"
    jumped = Fraction(9 * 3600)
    assert clock.time(jumped, FRAME) == 600 + FRAME
    assert clock.time(jumped + FRAME, FRAME) == 600 + 2 * FRAME
    assert SoundClock([Fraction(0)]).time(Fraction(9 * 3600), FRAME) == 0
    among = SoundClock([Fraction(0), Fraction(5)])
    among.time(Fraction(1), FRAME)
    assert among.time(Fraction(2 * 3600), FRAME) == 1 + FRAME


@given(st.lists(st.none() | st.fractions(0, 300, max_denominator=50), max_size=40))
def test_sound_that_rises_keeps_its_stamps_and_none_is_put_before_the_last_five_seconds(
    stamps: list[Fraction | None],
) -> None:
    clock, ends = SoundClock([Fraction(0)]), Fraction(0)
    for number, stamp in enumerate(stamps):
        at = clock.time(stamp, FRAME)
        if number:
            assert at >= ends - 5
        ends = max(ends, at + FRAME)
    rising = sorted(stamp for stamp in stamps if stamp is not None)
    again = SoundClock([Fraction(0)])
    assert [again.time(stamp, FRAME) for stamp in rising] == rising
