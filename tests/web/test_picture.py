"""The picture and how it is watched: its size, full screen, the wide player, magnified, loud or soft, the panes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

    Open = Callable[..., Page]

pytestmark = pytest.mark.browser

#: Width and height of the picture itself inside the player, for a film of 16 by 9.
PICTURE = """() => {
  const { width, height } = document.getElementById('media').getBoundingClientRect();
  const shown = Math.min(width, height * 16 / 9);
  return [shown, shown * 9 / 16];
}"""
FULL = "() => document.fullscreenElement?.id === 'stage'"
WINDOW = "() => document.fullscreenElement === null"


@pytest.fixture
def stop(open_page: Open, id_of: Callable[[str], str]) -> Page:
    return open_page(f"/recordings/{id_of('stop.mp4')}", width=1280, height=720)


def middle(page: Page, part: str) -> tuple[float, float]:
    box = page.locator(part).bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.mark.parametrize(("width", "height", "least"), [(1280, 720, 580), (1440, 900, 650), (1920, 1080, 880)])
def test_the_picture_is_the_largest_thing_on_the_desk(stop: Page, width: int, height: int, least: int) -> None:
    stop.set_viewport_size({"width": width, "height": height})
    shown, tall = stop.evaluate(PICTURE)
    assert shown >= least
    assert tall >= least * 9 / 16


def test_the_derived_facts_are_not_cut_off(stop: Page) -> None:
    glance = stop.locator(".glance")
    assert glance.evaluate("e => e.scrollHeight <= e.clientHeight + 1")
    assert "S1, 13 lines" in glance.inner_text()
    stop.keyboard.press("End")
    stop.click(".facts .link >> text=/2:1\\d/")
    stop.wait_for_selector(".kinds [aria-current]:has-text('Closing')")


@pytest.mark.parametrize("way", ["f", "button", "double click"])
def test_full_screen_and_back(stop: Page, way: str) -> None:
    def turn() -> None:
        if way == "f":
            stop.keyboard.press("f")
        elif way == "button":
            stop.click("#full")
        else:
            stop.mouse.dblclick(*middle(stop, "#media"))

    turn()
    stop.wait_for_function(FULL)
    assert stop.evaluate(PICTURE)[0] > 1100
    assert stop.locator("#play").is_visible()
    stop.keyboard.press("ArrowRight")  # the keys work there too
    stop.wait_for_function("() => document.getElementById('media').currentTime >= 1")
    turn()
    stop.wait_for_function(WINDOW)


@pytest.mark.parametrize("way", ["t", "button"])
def test_the_wide_player_is_kept(stop: Page, way: str) -> None:
    def turn() -> None:
        stop.keyboard.press("t") if way == "t" else stop.click("#theater")

    before = stop.evaluate(PICTURE)[0]
    turn()
    assert stop.evaluate(PICTURE)[0] > before * 1.35
    assert stop.locator("#cards").is_hidden()
    stop.reload()
    stop.wait_for_selector("html[data-ready=all]")
    assert stop.get_attribute("#theater", "aria-pressed") == "true"
    stop.keyboard.press("j")
    turn()
    assert stop.locator("#cards").is_visible()
    assert stop.evaluate(PICTURE)[0] == pytest.approx(before, abs=2)


def test_the_picture_is_magnified_moved_and_whole_again(stop: Page) -> None:
    scale = "new DOMMatrix(getComputedStyle(document.getElementById('media')).transform).a"
    shift = "new DOMMatrix(getComputedStyle(document.getElementById('media')).transform).e"
    x, y = middle(stop, "#screen")
    stop.mouse.move(x + 100, y)
    stop.mouse.wheel(0, -400)
    stop.wait_for_function(f"() => {scale} > 1.9")
    moved = stop.evaluate(shift)
    assert moved < -50  # what was under the pointer stays there
    stop.mouse.down()
    stop.mouse.move(x + 150, y, steps=3)
    stop.mouse.up()
    assert stop.evaluate(shift) == pytest.approx(moved + 50, abs=2)
    assert stop.evaluate("document.getElementById('media').paused")  # a drag is no click
    assert "×" in stop.inner_text("#magnified-text")
    stop.click("#magnified-clear")
    assert stop.evaluate(scale) == 1
    for expected in (2, 4, 1):
        stop.keyboard.press("z")
        assert stop.evaluate(scale) == expected
    stop.click("#magnify")
    assert stop.evaluate(scale) == 2
    stop.mouse.click(x, y)
    stop.wait_for_function("() => !document.getElementById('media').paused")


def test_the_volume_is_kept_and_ends_no_sound(stop: Page) -> None:
    stop.keyboard.press("m")
    stop.fill("#volume", "0.4")
    media = "(({ volume, muted }) => [volume, muted])(document.getElementById('media'))"
    assert stop.evaluate(media) == [0.4, False]
    assert stop.get_attribute('[data-care="mute"]', "aria-pressed") == "false"
    stop.reload()
    stop.wait_for_selector("html[data-ready=all]")
    assert stop.evaluate(media) == [0.4, False]
    assert stop.input_value("#volume") == "0.4"


def test_the_bars_between_the_panes_are_dragged_and_moved_by_key(stop: Page) -> None:
    def wide(part: str) -> float:
        box = stop.locator(part).bounding_box()
        assert box
        return float(box["width"])

    stage, panel = wide(".stage"), wide(".transcript")
    x, y = middle(stop, ".after-stage")
    stop.mouse.move(x, y)
    stop.mouse.down()
    stop.mouse.move(x - 120, y, steps=4)
    stop.mouse.up()
    assert wide(".stage") == pytest.approx(stage - 120, abs=4)
    assert wide(".transcript") == pytest.approx(panel + 120, abs=4)
    told = int(stop.get_attribute(".after-stage", "aria-valuenow") or 0)
    stop.focus(".after-stage")
    stop.keyboard.press("ArrowRight")
    assert wide(".stage") == pytest.approx(stage - 96, abs=4)
    assert int(stop.get_attribute(".after-stage", "aria-valuenow") or 0) > told
    assert stop.evaluate("document.getElementById('media').currentTime") == 0  # that arrow moved the bar alone
    stop.reload()
    stop.wait_for_selector("html[data-ready=all]")
    assert wide(".stage") == pytest.approx(stage - 96, abs=4)
    stop.set_viewport_size({"width": 1920, "height": 1080})
    assert stop.evaluate("document.documentElement.scrollWidth") <= 1920
    stop.set_viewport_size({"width": 1280, "height": 720})
    stop.mouse.dblclick(*middle(stop, ".after-stage"))
    assert wide(".stage") == pytest.approx(stage, abs=2)
