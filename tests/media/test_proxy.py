"""The copy for the browser: what it holds, its clock, and that it is the same every time."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from bodyworn.media.opening import believable
from bodyworn.media.proxy import Proxy
from bodyworn.media.video import Format, Picture, Wanted, watch
from tests import media_makers as makers
from tests.picture_makers import film, world


def proxy_of(source: Path, path: Path) -> Path:
    proxy = Proxy(source, path)
    watch(source, [proxy])
    assert proxy.close()
    return path


def test_where_it_cannot_be_made_the_others_go_on(tmp_path: Path) -> None:
    proxy, seen = Proxy(makers.with_sound(tmp_path / "a.mp4"), tmp_path / "no folder" / "proxy.mp4"), Counting()
    assert watch(tmp_path / "a.mp4", [proxy, seen]).frames == seen.count == 60
    assert not proxy.close()


class Counting:
    """Another observer of the same pass."""

    wanted = Wanted(None, format=Format.NATIVE)
    count = 0

    def see(self, picture: Picture) -> None:
        self.count += 1


def _seconds(ticks: int | None, stream: Any) -> float:
    return float((ticks or 0) * stream.time_base)


def streams(path: Path) -> dict[str, Any]:
    with av.open(str(path)) as container:
        return {
            s.type: (s.codec_context.name, _seconds(s.start_time, s), _seconds(s.duration, s))
            for s in container.streams
        }


def test_it_is_h264_and_aac_with_its_index_in_front(tmp_path: Path) -> None:
    source = makers.movie(tmp_path / "a.mkv", 2.0, audio=[[makers.tone(2.0)]])
    made = streams(proxy := proxy_of(source, tmp_path / "p.mp4"))
    assert made["video"][0] == "h264"
    assert made["audio"][0] == "aac"
    assert made["video"][2] == pytest.approx(2.0, abs=0.1)
    assert made["audio"][2] == pytest.approx(2.0, abs=0.1)
    data = proxy.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_the_same_original_gives_the_same_bytes(tmp_path: Path) -> None:
    source = makers.movie(tmp_path / "a.mkv", 1.0, audio=[[makers.tone(1.0)]])
    made = [proxy_of(source, tmp_path / f"{turn}.mp4").read_bytes() for turn in range(12)]
    assert len({hashlib.sha256(data).digest() for data in made}) == 1


def test_it_keeps_the_clock_of_the_recording(tmp_path: Path) -> None:
    times = [Fraction(3, 2) + Fraction(k, 30) for k in range(30)]
    source = makers.movie(tmp_path / "a.mkv", times=times, audio=[[makers.tone(3.0)]])
    made = streams(proxy_of(source, tmp_path / "p.mp4"))
    assert made["video"][1] == pytest.approx(1.5, abs=0.05)
    assert made["audio"][1] == pytest.approx(0.0, abs=0.05)


def test_it_is_upright_and_at_most_720_lines(tmp_path: Path) -> None:
    wide = film(tmp_path / "wide.mp4", [world()[:450, :800]] * 3)
    large = film(tmp_path / "large.mp4", [np.zeros((1080, 1920, 3), np.uint8)] * 2)
    turned = makers.rotated(tmp_path / "turned.mp4", 90)
    sizes = {}
    for source in (wide, large, turned):
        with av.open(str(proxy_of(source, tmp_path / f"p-{source.name}"))) as container:
            frame = next(container.decode(video=0))
            sizes[source.stem] = (frame.width, frame.height, frame.rotation)
    assert sizes == {"wide": (800, 450, 0), "large": (1280, 720, 0), "turned": (96, 160, 0)}


def test_turned_pictures_are_the_same_pictures(tmp_path: Path) -> None:
    flat, turned = makers.movie(tmp_path / "flat.mp4", 0.2), makers.rotated(tmp_path / "turned.mp4", 90)
    with av.open(str(flat)) as one, av.open(str(proxy_of(turned, tmp_path / "p.mp4"))) as other:
        expected = np.rot90(next(one.decode(video=0)).to_ndarray(format="gray"), -1)
        got = next(other.decode(video=0)).to_ndarray(format="gray")
    assert np.abs(expected.astype(int) - got).mean() < 6


def test_without_sound_there_is_no_sound_track(tmp_path: Path) -> None:
    assert set(streams(proxy_of(makers.without_sound(tmp_path / "a.mp4"), tmp_path / "p.mp4"))) == {"video"}


def test_a_rate_that_no_camera_has_is_not_believed() -> None:
    assert believable(Fraction(2**31), 30) == 240
    assert believable(None, 25) == 25
    assert believable(Fraction(1, 7), 30) == Fraction(1, 7), "a slow one is"
