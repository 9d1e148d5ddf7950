"""What a leak check found, as pictures: the right frame, the right place, and nothing where nothing shows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bodyworn.domain.digest import Digest
from bodyworn.domain.errors import InputError
from bodyworn.domain.redaction import HiddenClass
from bodyworn.media.footage import Clip, Footage
from bodyworn.redactions.checking import Leak, LeakCheck
from bodyworn.redactions.leak_sheet import SHOWN, leak_pictures, leak_sheet, ordered_spans, write_leak_sheet
from bodyworn.redactions.sheets import TILE, close_up, sheet, tile
from tests import media_makers as make


def leak(frame: int, x: int = 20, y: int = 30, w: int = 40, h: int = 20) -> Leak:
    return Leak(frame, frame * 1_000_000 // 30, HiddenClass.FACE, x, y, w, h, 0.9, kept=False)


def checked(*leaks: Leak) -> LeakCheck:
    return LeakCheck(Digest("ab" * 32), None, ("second@1",), 30, leaks)


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return make.movie(tmp_path / "clip.mp4", 1.0)


def test_each_thing_is_shown_in_the_frame_where_it_shows_best(clip: Path) -> None:
    best = replace(leak(12), score=0.99)
    picture = leak_pictures(clip, [leak(11), best, leak(13)])
    with Footage(clip) as footage:
        frame = next(iter(footage.frames(Clip(best.at_us))))
    near = close_up(frame.planes, (best.x, best.y, best.w, best.h))
    assert picture.shape == (near.shape[0], 2 * TILE, 3)
    assert (picture[:, TILE:] == near).all()


def test_a_tile_outlines_the_place_and_a_close_up_has_it_in_its_middle(clip: Path) -> None:
    with Footage(clip) as footage:
        planes = next(iter(footage.frames(Clip()))).planes
    scale = TILE / planes.width
    bare, named = tile(planes, [], "0:00.0"), tile(planes, [(20, 30, 40, 20, "1 face")], "0:00.0")
    changed = np.argwhere((bare != named).any(axis=2))
    assert changed[:, 1].min() == pytest.approx(20 * scale, abs=3)
    assert changed[:, 0].max() == pytest.approx(50 * scale, abs=3)
    planes.y[:], planes.y[38:42, 38:42] = 16, 235
    bright = np.argwhere(close_up(planes, (20, 30, 40, 20)).sum(axis=2) > 300).mean(axis=0)
    assert bright == pytest.approx([close_up(planes, (20, 30, 40, 20)).shape[0] / 2, TILE / 2], abs=8)


def test_a_sheet_is_filled_up_with_black() -> None:
    one = np.full((10, 20, 3), 9, np.uint8)
    made = sheet([one, one, one], columns=2)
    assert made.shape == (20, 40, 3)
    assert made[10:, 20:].max() == 0


def test_what_shows_longest_comes_first_and_a_sheet_has_a_limit(clip: Path) -> None:
    short, long = [leak(1, x=5, w=4)], [leak(frame, x=90, w=9) for frame in range(5)]
    assert [span.frames for span in ordered_spans([*short, *long])] == [5, 1]
    many = [leak(frame, x=frame * 4, w=2) for frame in range(SHOWN + 3)]
    assert leak_pictures(clip, many).shape[0] == SHOWN // 2 * leak_pictures(clip, many[:1]).shape[0]


def test_a_sheet_is_a_new_picture_or_none(clip: Path, tmp_path: Path) -> None:
    target = tmp_path / "sheet.png"
    write_leak_sheet(target, clip, checked())
    write_leak_sheet(None, clip, checked(leak(3)))
    assert not target.exists()
    write_leak_sheet(target, clip, checked(leak(3)))
    assert target.read_bytes() == leak_sheet(clip, [leak(3)], "sheet.png")
    assert target.read_bytes().startswith(b"\x89PNG")
    with pytest.raises(InputError, match="already exists"):
        write_leak_sheet(target, clip, checked(leak(3)))
    with pytest.raises(InputError, match="cannot be written as"):
        write_leak_sheet(tmp_path / "sheet.gif", clip, checked(leak(3)))
