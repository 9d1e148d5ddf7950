"""A clip of copied and encoded stretches in a real browser: every picture is there, and the right one."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bodyworn.media.render import render
from tests.media.test_copying import FRAMES, These, source_clip

if TYPE_CHECKING:
    from playwright.sync_api import Browser

#: Seeks to the middle of every picture and reads how bright its eight bars are.
SEEK = """async ([data, frames]) => {
  const video = document.createElement('video');
  video.src = 'data:video/mp4;base64,' + data;
  await new Promise((done, failed) => { video.oncanplay = done; video.onerror = () => failed(video.error.message); });
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth; canvas.height = video.videoHeight;
  const pen = canvas.getContext('2d', {willReadFrequently: true});
  const read = [];
  for (let n = 0; n < frames; n++) {
    video.currentTime = (n + 0.5) / 30;
    await new Promise(done => { video.onseeked = done; });
    pen.drawImage(video, 0, 0);
    const bars = [];
    for (let bar = 0; bar < 8; bar++)
      bars.push(pen.getImageData(bar * canvas.width / 8 + 6, canvas.height / 2, 1, 1).data[1]);
    read.push(bars);
  }
  return read;
}"""


def test_a_browser_shows_every_picture_of_a_spliced_clip(tmp_path: Path, browser: Browser) -> None:
    hidden = {60, 61, *range(110, 115), 190}
    source = source_clip(tmp_path / "in.mp4")
    done = render(source, tmp_path / "out.mp4", These(hidden))
    assert 100 < done.copied < FRAMES - len(hidden)
    page = browser.new_page()
    try:
        data = base64.b64encode((tmp_path / "out.mp4").read_bytes()).decode()
        read = page.evaluate(SEEK, [data, FRAMES])
    finally:
        page.close()
    for n, bars in enumerate(read):
        assert sum((level > 120) << bit for bit, level in enumerate(bars[:7])) == n & 127, n
        expected = 70 if n in hidden else 255 if n >= 128 else 0
        assert bars[7] == pytest.approx(expected, abs=25), n
