"""The picture in the README: the sample encounter, analyzed by the real stages, at the moment it turns.

``BODYWORN_WRITE_IMAGES=1 pytest -m "" tests/web/test_screenshot.py`` writes ``docs/images/encounter.png``.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bodyworn.web.workbench import workbench_over

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from bodyworn.demo.sample import Sample
    from bodyworn.web.workbench import Workbench

IMAGE = Path(__file__).resolve().parents[2] / "docs" / "images" / "encounter.png"
WIDTH, HEIGHT = 1440, 900

#: Resolves when the decoder has shown the frame that was sought.
SHOWN = """() => new Promise((done) => {
  const media = document.getElementById('media');
  media.requestVideoFrameCallback(done);
  media.currentTime += 0.001;
})"""

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(1200)]


def test_the_picture_of_the_encounter_page(
    sample_encounter: Sample, browser: Browser, served: Callable[[Workbench], str], tmp_path: Path
) -> None:
    from bodyworn.bootstrap import open_library

    with open_library(tmp_path / "library", create=True, source="test") as library:
        film = tmp_path / "sample-encounter.mp4"  # the name that `bodyworn demo` shows
        shutil.copy(sample_encounter.video, film)
        recording = library.recordings.ingest(film)
        library.findings.run(recording)
        link = served(workbench_over(library))
        page = browser.new_page(
            viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light", reduced_motion="reduce"
        )
        page.goto(link)
        page.goto(f"{link.split('/open')[0]}/recordings/{recording.id}")
        page.wait_for_selector("html[data-ready=all]")
        page.locator(".card", has_text="Asks for help").first.evaluate("card => card.click()")
        page.keyboard.press("ArrowRight")
        page.wait_for_function("() => !document.getElementById('media').seeking")
        page.evaluate(SHOWN)
        target = IMAGE if os.environ.get("BODYWORN_WRITE_IMAGES") else tmp_path / "encounter.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=target)
        assert "hug" in page.locator(".line.now").inner_text()
        assert "silent pre-event buffer (30 s)" in page.inner_text(".brief")
        assert "lens obscured" in page.inner_text(".brief")
        page.close()
    header = target.read_bytes()[:24]
    assert (int.from_bytes(header[16:20]), int.from_bytes(header[20:24])) == (WIDTH, HEIGHT)
