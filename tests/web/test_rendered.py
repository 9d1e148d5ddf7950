"""An encounter page is made once and given to many, each with a view of its own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bodyworn.web.findings.queries import AnalysisSnapshot, StageRow
from bodyworn.web.recordings.rendered import KEPT, RenderedPages
from tests.web.shelf import shelved


@pytest.fixture
def snapshot(tmp_path: Path) -> AnalysisSnapshot:
    (tmp_path / "a.mp4").write_bytes(b"a")
    one = shelved(tmp_path / "a.mp4")
    return AnalysisSnapshot(one.recording, tuple(one.steps), lambda: {}, lambda _: None)  # type: ignore[typeddict-item]


class Making:
    """Counts how often a page is made."""

    def __init__(self, pages: RenderedPages) -> None:
        self.pages, self.count = pages, 0

    def __call__(self) -> str:
        self.count += 1
        return f"page {self.count} for {self.pages.mark}"


def test_it_is_made_once_and_each_view_has_its_own_addresses(snapshot: AnalysisSnapshot) -> None:
    pages = RenderedPages()
    make = Making(pages)
    assert [pages.html(snapshot, "", view, make) for view in ("v1", "v2")] == ["page 1 for v1", "page 1 for v2"]


def test_it_is_made_anew_when_anything_it_shows_could_differ(snapshot: AnalysisSnapshot) -> None:
    pages = RenderedPages()
    make = Making(pages)
    first, *rest = snapshot.steps
    others = [
        replace(snapshot, steps=(replace(first, key="other"), *rest)),
        replace(snapshot, steps=(StageRow(first.stage, "failed", "why"), *rest)),
        replace(snapshot, recording=replace(snapshot.recording, sidecar={"device": "X"})),
        replace(snapshot, recording=replace(snapshot.recording, name="b.mp4")),
    ]
    for number, other in enumerate([snapshot, *others], 1):
        assert pages.html(other, "", "v", make) == f"page {number} for v"
    assert pages.html(snapshot, "sheet", "v", make) == f"page {len(others) + 2} for v"
    assert pages.html(snapshot, "", "v", make) == "page 1 for v"


def test_only_a_few_are_kept(snapshot: AnalysisSnapshot) -> None:
    pages = RenderedPages()
    make = Making(pages)
    for number in range(KEPT + 1):
        pages.html(snapshot, str(number), "v", make)
    pages.html(snapshot, "0", "v", make)
    assert make.count == KEPT + 2


def test_no_page_can_be_written_that_names_the_mark_of_another_server() -> None:
    assert RenderedPages().mark != RenderedPages().mark
