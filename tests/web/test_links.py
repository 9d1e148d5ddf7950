"""Links to a moment: place and filters in the address, copied, opened, loaded again, gone back to."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

import pytest

from bodyworn.web.findings.document import Document
from bodyworn.web.recordings.cards import cards
from tests.web import sample_document

if TYPE_CHECKING:
    from playwright.sync_api import Page

    Open = Callable[..., Page]

pytestmark = pytest.mark.browser

CARDS = cards(cast(Document, sample_document.encounter()))
NOW = "document.getElementById('media').currentTime"
HELP = next(card for card in CARDS if card.proposals[0].kind == "help_request")


@pytest.fixture
def address(id_of: Callable[[str], str]) -> str:
    return f"/recordings/{id_of('stop.mp4')}"


def stands(page: Page, seconds: float) -> None:
    """Wait until the film stands there."""
    page.wait_for_function(f"s => Math.abs({NOW} - s) < 0.2", arg=seconds)


@pytest.mark.parametrize("text", ["t=98.7", "t=1:38.7", "t=98.7s", "t=0:01:38.7"])
def test_a_link_opens_the_moment_with_its_card(open_page: Open, address: str, text: str) -> None:
    page = open_page(f"{address}#{text}")
    stands(page, 98.7)
    assert page.inner_text("#now") == "1:38.7"
    assert "Asks for help" in page.inner_text(".card.chosen")
    inside = "([a, b]) => a.top >= b.top - 2 && a.bottom <= b.bottom + 2"
    page.wait_for_function(
        f"() => ({inside})(['.card.chosen', '#cards'].map((s) => document.querySelector(s).getBoundingClientRect()))"
    )


@pytest.mark.parametrize("text", ["t=", "t=-5", "t=later", "main", "t=1e9", "off=nothing&score=x", "%"])
def test_an_address_that_makes_no_sense_opens_the_beginning(open_page: Open, address: str, text: str) -> None:
    page = open_page(f"{address}#{text}")
    assert page.evaluate(NOW) == 0
    assert page.locator(".kinds li:visible").count() == sum(len(card.proposals) for card in CARDS)


def test_place_and_filters_survive_loading_again(open_page: Open, address: str) -> None:
    page = open_page(address)
    page.click('.chip[data-family="justice"]')
    page.fill("#threshold", "0.9")
    page.click(f'.card[data-card="{HELP.n}"] .link')
    page.wait_for_function("() => location.hash.includes('t=')")
    assert page.evaluate("location.hash") == f"#t={HELP.start_ms / 1000}&off=justice&score=0.9"
    count = page.inner_text("#shown-count")
    page.reload()
    page.wait_for_selector("html[data-ready=all]")
    stands(page, HELP.start_ms / 1000)
    assert "Asks for help" in page.inner_text(".card.chosen")
    assert page.get_attribute('.chip[data-family="justice"]', "aria-pressed") == "false"
    assert page.input_value("#threshold") == "0.9"
    assert page.inner_text("#shown-count") == count
    assert page.evaluate("history.length") <= 3  # the way back is not filled with places


def test_a_link_is_copied_and_leads_to_the_same_moment(open_page: Open, address: str) -> None:
    page = open_page(address, permissions=["clipboard-read", "clipboard-write"])
    page.click(f'.card[data-card="{HELP.n}"] .link')
    page.click("#copy-link")
    page.wait_for_selector("#copy-link.done")
    assert "copied" in page.inner_text("#say")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.endswith(f"{address}#t={HELP.start_ms / 1000}")
    again = open_page(address + "#" + link.partition("#")[2])
    stands(again, HELP.start_ms / 1000)
    assert "Asks for help" in again.inner_text(".card.chosen")


def test_an_address_typed_into_an_open_page_moves_the_film(open_page: Open, address: str) -> None:
    page = open_page(address)
    page.evaluate("location.hash = '#t=60'")
    stands(page, 60)


def test_the_zoomed_timeline_follows_a_film_that_stands_still(open_page: Open, address: str) -> None:
    page = open_page(address)
    playhead = """() => {
      const [head, track] = ['playhead', 'track'].map((id) => document.getElementById(id).getBoundingClientRect());
      return head.left >= track.left - 2 && head.left <= track.right + 2;
    }"""
    for _ in range(6):
        page.keyboard.press("+")
    for move in (
        lambda: page.click(".facts .link >> nth=-1"),
        lambda: page.click('.line[data-i="2"] .time'),
        lambda: page.click(f'.card[data-card="{HELP.n}"] .link'),
        lambda: page.evaluate("document.getElementById('media').currentTime = 20"),
        lambda: page.click(".unjudged-list [data-seek] >> nth=-1"),
    ):
        before = page.evaluate(NOW)
        move()
        page.wait_for_function(f"s => {NOW} !== s && !document.getElementById('media').seeking", arg=before)
        page.wait_for_function(playhead)


def test_a_word_of_the_transcript_chooses_the_card_of_its_sentence(open_page: Open, address: str) -> None:
    page = open_page(address)
    page.hover("#cards")
    page.mouse.wheel(0, 50)  # even if the cards were just scrolled by hand
    page.click(".line:has-text('Can I have a hug') .time")
    page.wait_for_selector(".card.chosen:has-text('Asks for help')")


def test_why_is_one_click_away_and_says_what_the_kind_means(open_page: Open, address: str) -> None:
    page = open_page(address)
    card = page.locator(f'.card[data-card="{HELP.n}"]')
    card.scroll_into_view_if_needed()
    assert "cues@1" not in card.inner_text()
    card.locator("summary").click()
    told = card.locator(".why").inner_text()
    for part in (
        "The person asks for help, comfort or aid",
        "Rests on “Can I have a hug”, “I need a hug”",
        "score 0.97",
        "cues@1 (model 4f1d09c2ab7e)",
        "The words show acute suffering",  # the other kind of the same sentence
    ):
        assert part in told
    card.locator(".kind").first.hover()
    page.wait_for_function(
        "n => document.querySelector(`.card[data-card='${n}'] .kinds li`).title.startsWith('The person asks')",
        arg=HELP.n,
    )
    card.locator(".link").click()
    page.locator("body").press("i")
    assert card.locator("dl").is_hidden()


def test_an_answer_stands_with_its_question(open_page: Open, address: str) -> None:
    page = open_page(address)
    card = page.locator(".card:has-text('Supportive act')").first
    card.scroll_into_view_if_needed()
    assert card.locator(".question").inner_text() == (
        "Community member asked: “Can I have a hug? I need a hug. Can I have a hug, please?”"
    )
