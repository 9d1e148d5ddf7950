"""Text and pages: found by day and night, followed by looks, sorted into classes."""

from __future__ import annotations

import numpy as np
import pytest

from bodyworn.domain.redaction import HiddenClass
from bodyworn.redactions.detectors import detectors_for
from bodyworn.redactions.detectors.interface import Found
from bodyworn.redactions.detectors.memory import Memory
from bodyworn.redactions.detectors.screens_pages import pages_of
from bodyworn.redactions.detectors.text_boxes import TextLine, lines_of
from bodyworn.redactions.detectors.text_network import lit
from bodyworn.redactions.detectors.text_ppocr import TextDetector
from tests.redactions.detectors.drawn import ground, page, planes, write

LINES = (HiddenClass.TEXT,)


def covered(found: list[Found], box: tuple[float, float, float, float]) -> float:
    """Largest share of ``box`` (x, y, w, h) that one of ``found`` covers."""
    x, y, w, h = box
    shares = [
        max(0.0, min(f.x + f.w, x + w) - max(f.x, x)) * max(0.0, min(f.y + f.h, y + h) - max(f.y, y)) / (w * h)
        for f in found
    ]
    return max(shares, default=0.0)


@pytest.mark.parametrize("light", [1.0, 0.12])
def test_a_line_of_fourteen_pixels_is_found_by_day_and_by_night(light: float) -> None:
    picture = (write(ground(), "Telephone 555 0142", (200, 200), 14) * light).astype(np.uint8)
    found = TextDetector(LINES).find(planes(picture))
    assert covered(found, (200, 186, 150, 14)) > 0.9
    assert all(item.w * item.h < 0.1 * 640 * 384 for item in found)


def test_nothing_is_found_where_nothing_is_written() -> None:
    assert TextDetector(LINES).find(planes(ground())) == []


def test_lines_on_a_page_become_the_page_where_screens_are_asked_for() -> None:
    box = (180, 80, 260, 170)
    picture = planes(page(ground(), box, 4))
    pages = TextDetector((HiddenClass.SCREEN, HiddenClass.TEXT)).find(picture)
    assert [item.cls for item in pages] == [HiddenClass.SCREEN]
    assert covered(pages, box) > 0.97
    assert pages[0].w * pages[0].h < 1.4 * box[2] * box[3]
    assert {item.cls for item in TextDetector(LINES).find(picture)} == {HiddenClass.TEXT}


def test_a_known_line_is_found_again_where_it_moved_and_not_where_it_went() -> None:
    detector = TextDetector(LINES)
    here = detector.find(planes(write(ground(), "Section 4 record", (200, 200), 16)))
    assert len(here) == 1
    moved = detector.confirm(planes(write(ground(), "Section 4 record", (208, 205), 16)), here)[0]
    assert moved is not None
    assert moved.center[0] - here[0].center[0] == pytest.approx(8, abs=2.5)
    assert moved.center[1] - here[0].center[1] == pytest.approx(5, abs=2.5)
    assert detector.confirm(planes(ground()), here) == [None]


def test_a_line_never_seen_before_is_confirmed_by_the_network() -> None:
    picture = planes(write(ground(), "Section 4 record", (200, 200), 16))
    seen = TextDetector(LINES).confirm(picture, [Found(HiddenClass.TEXT, 190, 176, 170, 32, 0.0)])[0]
    assert seen is not None
    assert covered([seen], (200, 184, 130, 16)) > 0.9


def test_a_core_grows_back_and_a_speck_does_not_count() -> None:
    heat = np.zeros((64, 128), np.float32)
    heat[30:36, 20:100] = 0.9
    heat[5:7, 5:7] = 0.9
    lines = lines_of(heat, 0.5)
    assert len(lines) == 1
    line = lines[0]
    assert line.x < 18
    assert line.x + line.w > 102
    assert line.h > 12
    assert line.aspect == pytest.approx(line.w / line.h, rel=0.05)
    assert lines_of(heat * 0.5, 0.5) == []


def test_a_tilted_line_keeps_its_own_length_and_height() -> None:
    heat = np.zeros((128, 128), np.float32)
    for step in range(80):
        heat[20 + step : 28 + step, 20 + step] = 0.9
    line = lines_of(heat, 0.5)[0]
    assert line.w == pytest.approx(line.h, rel=0.2)
    assert line.aspect > 3


def test_far_lines_are_no_page() -> None:
    lines = [
        TextLine(20, 20, 80, 12, 80, 12, 0.9),
        TextLine(400, 150, 80, 12, 80, 12, 0.8),
        TextLine(60, 330, 80, 12, 80, 12, 0.7),
    ]
    pages, left = pages_of(planes(ground()), lines)
    assert pages == []
    assert len(left) == 3


def test_memory_takes_the_look_that_is_alike_not_the_nearest() -> None:
    first = write(write(ground(), "RIVER ROAD 17", (100, 100), 16), "PATIENT NAME", (100, 150), 16)
    things = [Found(HiddenClass.TEXT, 96, 80, 150, 26, 0.9), Found(HiddenClass.TEXT, 96, 130, 150, 26, 0.9)]
    memory = Memory()
    memory.remember(planes(first), things)
    second = write(ground(), "PATIENT NAME", (100, 128), 16)
    found = memory.again(planes(second), Found(HiddenClass.TEXT, 96, 104, 150, 26, 0.0))
    assert found is not None
    assert found.y == pytest.approx(108, abs=2.5)


def test_light_is_given_to_the_dark_only() -> None:
    day = np.full((64, 96, 3), 200, np.uint8)
    assert np.array_equal(lit(day), day)
    night = np.full((64, 96, 3), 20, np.uint8)
    assert float(lit(night).mean()) > 150


def test_each_class_has_its_detectors() -> None:
    assert [d.name for d in detectors_for([HiddenClass.SCREEN, HiddenClass.TEXT])] == ["text-ppocr"]
    assert [d.name for d in detectors_for([HiddenClass.PLATE])] == ["plates-heatmap"]
