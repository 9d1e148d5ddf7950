"""All eight display matrices and sizes that change: masks lie on what is shown, wherever the coded picture has it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from bodyworn.media.footage import Clip, Footage, Frame
from bodyworn.media.planes import Planes
from bodyworn.media.probe import probe
from bodyworn.media.proxy import Proxy
from bodyworn.media.render import render
from bodyworn.media.upright import Upright, of_matrix
from bodyworn.media.video import Picture, Wanted, watch
from tests.media.test_render import Nobody

ONE = 1 << 16
#: a, b, c, d of the matrix, and the same for an array of rows and columns.
EIGHT: dict[str, tuple[tuple[int, int, int, int], Callable[[np.ndarray], np.ndarray]]] = {
    "as it is": ((ONE, 0, 0, ONE), lambda y: y),
    "mirrored": ((-ONE, 0, 0, ONE), lambda y: y[:, ::-1]),
    "upside down": ((ONE, 0, 0, -ONE), lambda y: y[::-1]),
    "half a turn": ((-ONE, 0, 0, -ONE), lambda y: y[::-1, ::-1]),
    "a quarter right": ((0, ONE, -ONE, 0), lambda y: np.rot90(y, -1)),
    "a quarter left": ((0, -ONE, ONE, 0), lambda y: np.rot90(y, 1)),
    "transposed": ((0, ONE, ONE, 0), lambda y: y.T),
    "transposed the other way": ((0, -ONE, -ONE, 0), lambda y: y[::-1, ::-1].T),
}


class Corner(Nobody):
    """Blackens the place of the white square, in upright pixels, and remembers how white it was."""

    def __init__(self, place: tuple[int, int, int, int]) -> None:
        super().__init__()
        self.place = place
        self.before: list[float] = []

    def covers(self, frame: Frame) -> bool:
        x, y, w, h = self.place
        self.before.append(float(frame.planes.y[y : y + h, x : x + w].mean()))
        return True

    def hide(self, planes: Planes) -> None:
        x, y, w, h = self.place
        planes.y[y : y + h, x : x + w] = 16


def coded(width: int = 160, height: int = 96) -> np.ndarray:
    """A dark picture with a white square right of and above its middle."""
    y = np.full((height, width), 60, np.uint8)
    y[height // 6 : height // 3, width * 5 // 8 : width * 6 // 8] = 235
    return y


def film(path: Path, pictures: list[np.ndarray]) -> Path:
    with av.open(str(path), "w") as out:
        video: Any = out.add_stream("libx264", rate=10)
        video.height, video.width = pictures[0].shape
        video.pix_fmt, video.options = "yuv420p", {"crf": "10", "bf": "0"}
        for n, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, format="gray").reformat(format="yuv420p")
            frame.pts, frame.time_base = n, Fraction(1, 10)
            out.mux(video.encode(frame))
        out.mux(video.encode(None))
    return path


def with_matrix(path: Path, numbers: tuple[int, int, int, int]) -> Path:
    """``path`` with another matrix in the header of its only track (``tkhd``, ISO/IEC 14496-12, 8.3.2)."""
    data = bytearray(path.read_bytes())
    a, b, c, d = numbers
    at = data.index(b"tkhd") + 4 + 40
    matrix = (a, b, 0, c, d, 0, 0, 0, 1 << 30)
    data[at : at + 36] = b"".join(value.to_bytes(4, "big", signed=True) for value in matrix)
    path.write_bytes(bytes(data))
    return path


@pytest.mark.parametrize("name", EIGHT)
def test_what_is_shown_is_masked_and_the_clip_is_upright(tmp_path: Path, name: str) -> None:
    matrix, turn = EIGHT[name]
    source = with_matrix(film(tmp_path / "in.mp4", [coded()] * 5), matrix)
    upright = turn(coded())
    rows, columns = np.nonzero(upright > 200)
    place = (int(columns.min()), int(rows.min()), int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1)
    redactor = Corner(place)
    done = render(source, tmp_path / "out.mp4", redactor)
    assert (done.height, done.width) == upright.shape
    assert min(redactor.before) > 200
    with Footage(tmp_path / "out.mp4") as footage:
        for frame in footage.frames(Clip()):
            assert frame.upright.as_coded
            assert frame.planes.y.max() < 120


def test_an_angle_in_between_is_taken_as_the_nearest() -> None:
    assert of_matrix((60_000, 20_000, 0, -20_000, 60_000, 0, 0, 0, 1 << 30)) == Upright()
    assert of_matrix((10_000, 60_000, 0, -60_000, 10_000, 0, 0, 0, 1 << 30)) == Upright(True, True, False)


@pytest.mark.parametrize(("first", "second"), [((160, 96), (320, 192)), ((320, 192), (160, 96))])
def test_where_the_size_changes_the_mask_stays_on_the_thing(
    tmp_path: Path, first: tuple[int, int], second: tuple[int, int]
) -> None:
    parts = [film(tmp_path / f"{n}.ts", [coded(*size)] * 10) for n, size in enumerate((first, second))]
    source = tmp_path / "in.ts"
    source.write_bytes(parts[0].read_bytes() + parts[1].read_bytes())
    rows, columns = np.nonzero(coded(*first) > 200)
    place = (int(columns.min()) - 2, int(rows.min()) - 2, int(np.ptp(columns)) + 5, int(np.ptp(rows)) + 5)
    redactor = Corner(place)
    done = render(source, tmp_path / "out.mp4", redactor)
    assert (done.width, done.height, done.frames) == (*first, 20)
    assert min(redactor.before) > 130
    with Footage(tmp_path / "out.mp4") as footage:
        assert max(int(frame.planes.y.max()) for frame in footage.frames(Clip())) < 130


def test_a_cut_in_the_second_size_still_means_places_of_the_first(tmp_path: Path) -> None:
    parts = [film(tmp_path / f"{n}.ts", [coded(*size)] * 10) for n, size in enumerate(((160, 96), (320, 192)))]
    source = tmp_path / "in.ts"
    source.write_bytes(parts[0].read_bytes() + parts[1].read_bytes())
    done = render(source, tmp_path / "out.mp4", Nobody(), clip=Clip(1_300_000))
    assert (done.width, done.height) == (160, 96)


class Looking:
    """An observer of the one pass."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.seen: list[np.ndarray] = []
        self.times: list[int] = []

    def see(self, picture: Picture) -> None:
        self.seen.append(picture.pixels)
        self.times.append(picture.time_ms)


@pytest.mark.parametrize("name", EIGHT)
def test_what_finds_sees_the_picture_as_what_masks(tmp_path: Path, name: str) -> None:
    matrix, turn = EIGHT[name]
    source = with_matrix(film(tmp_path / "in.mp4", [coded()] * 3), matrix)
    upright = turn(coded())
    looking = Looking(Wanted(None, upright.shape[1], upright.shape[0]))
    watched = watch(source, [looking])
    assert (watched.height, watched.width) == upright.shape
    assert np.array_equal(looking.seen[0] > 150, upright > 150)
    facts = probe(source).video[0]
    assert (facts.rotation, facts.mirrored) == (watched.rotation, watched.mirrored)
    again = coded()[:, ::-1] if facts.mirrored else coded()
    assert np.array_equal(np.rot90(again, -facts.rotation // 90), upright)


@pytest.mark.parametrize("name", EIGHT)
def test_the_copy_for_the_browser_is_upright(tmp_path: Path, name: str) -> None:
    matrix, turn = EIGHT[name]
    source = with_matrix(film(tmp_path / "in.mp4", [coded()] * 3), matrix)
    proxy = Proxy(source, tmp_path / "proxy.mp4")
    watch(source, [proxy])
    assert proxy.close()
    with Footage(tmp_path / "proxy.mp4") as footage:
        frame = next(footage.frames(Clip()))
        assert frame.upright.as_coded
        assert np.mean((frame.planes.y > 150) != (turn(coded()) > 150)) < 0.01
