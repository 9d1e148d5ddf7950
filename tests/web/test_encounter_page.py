"""The encounter page in a real browser: keys, pointer, following, filters, care, themes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

import pytest

from bodyworn.web.findings.document import Document
from bodyworn.web.recordings.cards import cards
from tests.web import sample_document
from tests.web.shelf import Shelf

if TYPE_CHECKING:
    from playwright.sync_api import Page

    Open = Callable[..., Page]

pytestmark = pytest.mark.browser

DOCUMENT = sample_document.encounter()
FINDINGS = sorted(DOCUMENT["findings"], key=lambda f: (f["start_ms"], -f["score"], f["kind"]))
CARDS = cards(cast(Document, DOCUMENT))


@pytest.fixture
def stop(open_page: Open, id_of: Callable[[str], str]) -> Page:
    """The encounter page of the invented stop."""
    return open_page(f"/recordings/{id_of('stop.mp4')}")


def now(page: Page) -> float:
    """Where the film stands, in milliseconds."""
    page.wait_for_function("() => !document.getElementById('media').seeking")
    return float(page.evaluate("document.getElementById('media').currentTime * 1000"))


#: Whether the first element stands within the second, top to top.
WITHIN = """([inner, outer]) => {
  const [a, b] = [inner, outer].map((selector) => document.querySelector(selector).getBoundingClientRect());
  return b.top - 2 <= a.top && a.top <= b.bottom;
}"""


def frames(page: Page, count: int) -> None:
    """Let the page draw that many frames."""
    page.evaluate(
        "count => new Promise((done) => { const next = (left) => left ? requestAnimationFrame(() => next(left - 1))"
        " : done(); next(count); })",
        count,
    )


def seek(page: Page, ms: float) -> None:
    page.evaluate("ms => { document.getElementById('media').currentTime = ms / 1000 }", ms)
    page.wait_for_function("ms => Math.abs(document.getElementById('media').currentTime * 1000 - ms) < 40", arg=ms)
    page.wait_for_function("() => !document.getElementById('media').seeking")


def test_space_plays_and_pauses(stop: Page) -> None:
    stop.keyboard.press(" ")
    stop.wait_for_function("() => document.getElementById('media').currentTime > 0.2")
    assert stop.get_attribute("#play", "aria-label") == "Pause"
    stop.keyboard.press(" ")
    assert stop.evaluate("document.getElementById('media').paused")


def test_j_and_k_walk_from_sentence_to_sentence(stop: Page) -> None:
    starts = [card.start_ms for card in CARDS]
    assert len(set(starts)) == len(starts) < len(FINDINGS)  # no press stays where the film is
    for expected in starts[:4]:
        stop.keyboard.press("j")
        assert now(stop) == pytest.approx(expected, abs=2)
    assert stop.get_attribute(".card.chosen", "data-card") == "3"
    stop.keyboard.press("k")
    assert now(stop) == pytest.approx(starts[2], abs=2)
    assert "score" in stop.inner_text("#say")


def test_arrows_step_one_and_five_seconds(stop: Page) -> None:
    seek(stop, 60_000)
    for key, expected in (("ArrowRight", 61), ("Shift+ArrowRight", 66), ("ArrowLeft", 65), ("Shift+ArrowLeft", 60)):
        stop.keyboard.press(key)
        assert now(stop) == pytest.approx(expected * 1000, abs=2)


def test_held_arrow_keys_add_up(stop: Page) -> None:
    seek(stop, 10_000)
    for _ in range(10):
        stop.locator("body").dispatch_event("keydown", {"key": "ArrowRight", "bubbles": True})
    assert now(stop) == pytest.approx(20_000, abs=2)


def test_comma_and_period_step_one_frame(stop: Page) -> None:
    seek(stop, 60_000)
    frame = 1000 / 24
    stop.keyboard.press(".")
    assert now(stop) == pytest.approx(60_000 + frame, abs=3)
    stop.keyboard.press(",")
    stop.keyboard.press(",")
    assert now(stop) == pytest.approx(60_000 - frame, abs=3)


def test_digits_jump_along_a_lane(stop: Page) -> None:
    compassion = [f["start_ms"] for f in FINDINGS if f["family"] == "compassion"]
    for expected in compassion[:2]:
        stop.keyboard.press("2")
        assert now(stop) == pytest.approx(expected, abs=2)
    stop.keyboard.press("Shift+Digit2")
    assert now(stop) == pytest.approx(compassion[0], abs=2)
    stop.keyboard.press("9")
    assert now(stop) == pytest.approx(min(u["start_ms"] for u in DOCUMENT["unknown"] if u["start_ms"] > 70_000), abs=2)


def test_the_transcript_follows_and_marks_the_word(stop: Page) -> None:
    said = next(u for u in DOCUMENT["utterances"] if "hug" in u["text"])
    word = said["words"][4]
    seek(stop, word["start_ms"] + 20)
    stop.wait_for_selector(f'.line.now[data-i="{said["i"]}"]')
    assert stop.evaluate("[...CSS.highlights.get('word')][0].toString()") == word["text"]
    stop.wait_for_function(WITHIN, arg=[".line.now", "#lines"])


def test_scrolling_by_hand_stops_the_following_until_asked(stop: Page) -> None:
    stop.hover("#lines")
    stop.mouse.wheel(0, 200)
    stop.wait_for_selector("#follow:not([hidden])")
    top = stop.evaluate("document.getElementById('lines').scrollTop")
    seek(stop, 120_000)
    stop.wait_for_selector(".line.now", state="attached")
    frames(stop, 4)
    assert stop.evaluate("document.getElementById('lines').scrollTop") == pytest.approx(top, abs=210)
    stop.click("#follow")
    assert stop.locator("#follow").is_hidden()


def test_a_click_on_a_word_seeks_to_it(stop: Page) -> None:
    said = next(u for u in DOCUMENT["utterances"] if u["text"].startswith("The reason"))
    row = stop.locator(f'.line[data-i="{said["i"]}"] .said')
    row.scroll_into_view_if_needed()
    place = row.evaluate(
        "e => { const r = document.createRange(); const t = e.querySelector('mark').firstChild;"
        " r.setStart(t, 5); r.setEnd(t, 9); const b = r.getBoundingClientRect(); return [b.x + b.width / 2, b.y + 5] }"
    )
    stop.mouse.click(*place)
    assert now(stop) == pytest.approx(said["words"][1]["start_ms"], abs=2)


def test_arrow_keys_walk_through_a_list_that_has_the_focus(stop: Page) -> None:
    stop.focus("#lines")
    for n in (0, 1, 2):
        stop.keyboard.press("ArrowDown")
        assert now(stop) == pytest.approx(DOCUMENT["utterances"][n]["start_ms"], abs=2)
    stop.keyboard.press("ArrowUp")
    assert now(stop) == pytest.approx(DOCUMENT["utterances"][1]["start_ms"], abs=2)
    seek(stop, 0)
    stop.focus("#cards")
    stop.keyboard.press("ArrowDown")
    stop.keyboard.press("ArrowDown")
    assert stop.get_attribute(".card.chosen", "data-card") == "1"


def test_search_finds_and_walks(stop: Page) -> None:
    stop.keyboard.press("/")
    stop.keyboard.type("hug")
    assert stop.inner_text("#hits") == "3 found"
    stop.keyboard.press("Enter")
    assert stop.inner_text("#hits") == "1 of 3"
    said = next(u for u in DOCUMENT["utterances"] if "hug" in u["text"])
    assert now(stop) == pytest.approx(said["start_ms"], abs=2)
    stop.keyboard.press("Escape")
    assert stop.input_value("#search") == ""
    stop.keyboard.press("j")  # the keys are the page's again
    assert stop.locator(".card.chosen").count() == 1


def test_chips_and_threshold_filter_cards(stop: Page) -> None:
    total = len(FINDINGS)
    stop.click('.chip[data-family="justice"]')
    left = [f for f in FINDINGS if f["family"] != "justice"]
    assert stop.inner_text("#shown-count") == f"{len(left)} of {total}"
    stop.fill("#threshold", "0.9")
    left = [f for f in left if f["score"] >= 0.9]
    assert stop.inner_text("#shown-count") == f"{len(left)} of {total}"
    assert stop.locator(".kinds li:visible").count() == len(left)
    stop.locator("#threshold").blur()
    stop.keyboard.press("j")
    assert now(stop) == pytest.approx(left[0]["start_ms"], abs=2)
    stop.fill("#threshold", "1")
    assert stop.locator("#none-shown").is_visible()
    stop.click("#show-all")
    assert stop.inner_text("#shown-count") == str(total)


def test_a_click_on_the_timeline_seeks_and_a_drag_loops(stop: Page) -> None:
    box = stop.locator("#scrub").bounding_box()
    assert box
    length, y = DOCUMENT["duration_ms"], box["y"] + 60
    stop.mouse.click(box["x"] + box["width"] / 2, y)
    assert now(stop) == pytest.approx(length / 2, abs=length / box["width"] * 2)
    stop.mouse.move(box["x"] + box["width"] * 0.4, y)
    stop.mouse.down()
    stop.mouse.move(box["x"] + box["width"] * 0.41, y, steps=3)
    stop.mouse.up()
    assert stop.locator("#loop").is_visible()
    start, end = 0.4 * length, 0.41 * length
    assert now(stop) == pytest.approx(start, abs=400)
    stop.evaluate(
        "media => { media.turns = 0; let last = media.currentTime; media.addEventListener('timeupdate', () => {"
        " media.turns += media.currentTime < last; last = media.currentTime; }); }",
        stop.query_selector("#media"),
    )
    stop.keyboard.press(" ")
    stop.wait_for_function("() => document.getElementById('media').turns >= 2")  # it went round twice
    assert start - 200 <= now(stop) <= end + 200
    stop.keyboard.press(" ")
    stop.keyboard.press("Escape")
    assert stop.locator("#loop").is_hidden()


#: Middle of a lane below the top of the lanes' canvas, by the heights of the style sheet.
LANE = """lane => {
  const style = getComputedStyle(document.getElementById('track'));
  const [wave, tall] = ['--wave', '--lane'].map((name) => parseFloat(style.getPropertyValue(name)));
  return wave + (lane + 0.5) * tall;
}"""


def test_a_click_on_a_finding_in_its_lane_chooses_its_card(stop: Page) -> None:
    box = stop.locator("#lanes").bounding_box()
    assert box
    finding = next(f for f in FINDINGS if f["family"] == "conduct")
    x = box["x"] + box["width"] * (finding["start_ms"] + finding["end_ms"]) / 2 / DOCUMENT["duration_ms"]
    y = box["y"] + stop.evaluate(LANE, 3)
    stop.mouse.click(x, y)
    stop.wait_for_function("() => document.querySelector('.card.chosen')?.textContent.includes('Gratitude')")
    stop.mouse.move(x + 1, y)
    assert "Gratitude" in stop.inner_text("#tip")


def test_zoom_by_key_and_wheel_and_fit(stop: Page) -> None:
    def seconds_shown() -> float:
        box = stop.locator("#scrub").bounding_box()
        assert box
        ends = []
        for x in (2, box["width"] - 2):
            stop.mouse.move(box["x"] + x, box["y"] + 10)
            text = stop.locator("#tip b").first.inner_text()
            minutes, rest = text.split(":")
            ends.append(int(minutes) * 60 + float(rest))
        return ends[1] - ends[0]

    whole = seconds_shown()
    assert whole == pytest.approx(DOCUMENT["duration_ms"] / 1000, abs=1.5)
    stop.keyboard.press("+")
    assert seconds_shown() == pytest.approx(whole / 1.6, abs=1.5)
    stop.keyboard.press("0")
    assert seconds_shown() == pytest.approx(whole, abs=0.5)
    stop.mouse.wheel(0, -400)
    frames(stop, 2)
    assert seconds_shown() < whole * 0.6


def test_gray_blurred_and_muted_viewing(stop: Page) -> None:
    look = "getComputedStyle(document.getElementById('media')).filter"
    stop.keyboard.press("g")
    assert "grayscale(1)" in stop.evaluate(look)
    stop.keyboard.press("b")
    assert "blur" in stop.evaluate(look)
    assert "blur" in stop.evaluate("getComputedStyle(document.getElementById('pictures')).filter")
    stop.keyboard.press("m")
    assert stop.evaluate("document.getElementById('media').muted")
    assert stop.get_attribute('[data-care="blur"]', "aria-pressed") == "true"
    stop.reload()
    stop.wait_for_selector("html[data-ready=all]")
    assert "blur" in stop.evaluate(look)  # kept, so that nobody meets the sharp picture by reloading
    stop.keyboard.press("b")
    stop.keyboard.press("g")
    assert stop.evaluate(look) == "none"


def test_the_shortcuts_dialog_opens_and_closes(stop: Page) -> None:
    stop.keyboard.press("?")
    assert stop.locator("#shortcuts").is_visible()
    stop.keyboard.press("j")
    assert stop.locator(".card.chosen").count() == 0
    stop.keyboard.press("Escape")
    assert stop.locator("#shortcuts").is_hidden()


def test_what_cannot_be_judged_is_said_over_the_picture(stop: Page) -> None:
    assert stop.inner_text("#unjudged-now") == "Not heard here: silent pre-event buffer"
    seek(stop, 60_000)
    stop.wait_for_selector("#unjudged-now", state="hidden")
    seek(stop, DOCUMENT["duration_ms"] - 1500)
    stop.wait_for_function(
        "() => document.getElementById('unjudged-now').textContent === 'Not seen here: lens obscured'"
    )


def test_a_film_that_does_not_play_says_so(open_page: Open, shelf: Shelf, id_of: Callable[[str], str]) -> None:
    recording = id_of("part.mp4")
    broken = shelf.items[recording].path.with_name("broken.mp4")
    broken.write_bytes(b"\x00" * 5000)
    shelf.items[recording].path = broken
    page = open_page(f"/recordings/{recording}")
    page.wait_for_selector("#media-problem:not([hidden])")
    page.keyboard.press("j")
    assert page.locator(".card.chosen").count() == 1


def test_the_progress_page_opens_the_encounter_when_done(
    open_page: Open, shelf: Shelf, id_of: Callable[[str], str]
) -> None:
    from bodyworn.web.findings.queries import StageRow

    recording = id_of("running.mp4")
    page = open_page(f"/recordings/{recording}", ready=False)
    assert "Being analyzed" in page.inner_text("main")
    shelf.items[recording].steps = [StageRow("audio", "done"), StageRow("utterances", "done")]
    page.wait_for_selector("#workbench", timeout=8000)
