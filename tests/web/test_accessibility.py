"""Every page and every component against axe-core, in light and dark, wide, narrow and at 400 % zoom."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

import pytest

from tests.web.axe import violations
from tests.web.conftest import addresses

if TYPE_CHECKING:
    from playwright.sync_api import Page

    Open = Callable[..., Page]

pytestmark = pytest.mark.browser

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PAGES = (
    "/recordings/",
    "stop.mp4",
    "silent.mp4",
    "call.wav",
    "part.mp4",
    "running.mp4",
    "failed.mp4",
    "stop.mp4/custody",
    "stop.mp4/facts",
    "/encounters/",
    "encounter of stop.mp4",
    "encounter of stop.mp4/transcript",
    "/styleguide",
)

#: Viewports in CSS pixels; the last is a window of 1280 by 1024 at 400 % zoom (WCAG 2.2, 1.4.10).
VIEWPORTS = ((1280, 720), (820, 1180), (390, 844), (320, 256))


def in_both_themes(page: Page, check: Callable[[Page], list[str]]) -> dict[str, list[str]]:
    """What ``check`` finds in each theme; themes without findings are left out."""
    found: dict[str, list[str]] = {}
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.wait_for_selector(f"html[data-theme={scheme}]")
        if problems := check(page):
            found[scheme] = problems
    return found


def settled(open_page: Open, address: str) -> Page:
    page = open_page(address, ready=False)
    page.wait_for_selector("html[data-behaviors=bound]")
    page.wait_for_load_state("networkidle")
    return page


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(open_page: Open, id_of: Callable[[str], str], path: str) -> None:
    assert in_both_themes(settled(open_page, addresses(path, id_of)), violations) == {}


def test_axe_finds_nothing_in_a_form_with_errors(open_page: Open, expected: list[str]) -> None:
    expected.append("status of 422")
    page = settled(open_page, "/styleguide")
    page.click("text=Save")
    page.wait_for_selector("#sample [role=alert]")
    assert in_both_themes(page, violations) == {}


def test_axe_finds_nothing_in_an_open_dialog(open_page: Open, id_of: Callable[[str], str]) -> None:
    page = settled(open_page, addresses("stop.mp4", id_of))
    page.keyboard.press("?")
    page.wait_for_selector("#shortcuts[open]")
    assert in_both_themes(page, violations) == {}


def test_axe_finds_nothing_in_an_opened_card_nor_in_an_opened_event(
    open_page: Open, id_of: Callable[[str], str]
) -> None:
    page = settled(open_page, addresses("stop.mp4", id_of))
    page.keyboard.press("j")
    page.keyboard.press("i")
    page.wait_for_selector(".card.chosen dl")
    assert in_both_themes(page, violations) == {}
    page = settled(open_page, addresses("stop.mp4/custody", id_of))
    page.click("#events summary >> nth=0")
    assert in_both_themes(page, violations) == {}


@pytest.mark.parametrize("width", [390, 320])
def test_on_a_phone_nothing_lies_off_the_screen_and_the_way_back_is_there(
    open_page: Open, id_of: Callable[[str], str], width: int
) -> None:
    page = open_page(addresses("stop.mp4", id_of), width=width, height=844, timezone_id="America/Chicago")
    outside = page.evaluate(
        """width => [...document.querySelectorAll('button, a, select, input, h1, h2')]
          .filter((e) => e.checkVisibility() && !e.matches('.skip') && !e.closest('.scroll'))
          .filter((e) => { const box = e.getBoundingClientRect(); return box.left < -1 || box.right > width + 1; })
          .map((e) => e.outerHTML.slice(0, 80))""",
        width,
    )
    assert outside == []
    page.click(".crumbs >> text=Recordings")
    page.wait_for_url("**/recordings/")


def test_axe_would_find_something(open_page: Open) -> None:
    page = settled(open_page, "/styleguide")
    page.evaluate("document.querySelector('#field-title').previousElementSibling.remove()")
    page.evaluate("document.querySelector('label[for=field-title]').remove()")
    assert any(found.startswith("label:") for found in violations(page))


@pytest.mark.parametrize("path", PAGES)
def test_nothing_runs_off_the_side(open_page: Open, id_of: Callable[[str], str], path: str) -> None:
    page = settled(open_page, addresses(path, id_of))
    for width, height in VIEWPORTS:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (width, height)
