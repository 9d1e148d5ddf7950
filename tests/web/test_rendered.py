"""What is made of a recording is made once and given to many, each with a view of its own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bodyworn.web.findings.queries import AnalysisSnapshot, StageRow
from bodyworn.web.recordings.rendered import RenderedPages
from tests.web.shelf import shelved


@pytest.fixture
def snapshot(tmp_path: Path) -> AnalysisSnapshot:
    (tmp_path / "a.mp4").write_bytes(b"a")
    one = shelved(tmp_path / "a.mp4")
    return AnalysisSnapshot(one.recording, tuple(one.steps), lambda: {}, lambda _: None)  # type: ignore[typeddict-item]


class Making:
    """Counts how often a page is made."""

    def __init__(self, pages: RenderedPages, size: int = 0) -> None:
        self.pages, self.size, self.count = pages, size, 0

    def __call__(self) -> str:
        self.count += 1
        return f"page {self.count} for {self.pages.mark}{'.' * self.size}"

    def of(self, snapshot: AnalysisSnapshot, part: str = "", view: str = "v") -> str:
        """The page for a view."""
        return view.encode().join(self.pages.made(snapshot.state, part, self)).decode().rstrip(".")


def test_it_is_made_once_and_each_view_has_its_own_addresses(snapshot: AnalysisSnapshot) -> None:
    make = Making(RenderedPages())
    assert [make.of(snapshot, view=view) for view in ("v1", "v2")] == ["page 1 for v1", "page 1 for v2"]


def test_it_is_made_anew_when_anything_it_shows_could_differ(snapshot: AnalysisSnapshot) -> None:
    make = Making(RenderedPages())
    first, *rest = snapshot.steps
    others = [
        replace(snapshot, steps=(replace(first, key="other"), *rest)),
        replace(snapshot, steps=(StageRow(first.stage, "failed", "why"), *rest)),
        replace(snapshot, recording=replace(snapshot.recording, sidecar={"device": "X"})),
        replace(snapshot, recording=replace(snapshot.recording, name="b.mp4")),
    ]
    for number, other in enumerate([snapshot, *others], 1):
        assert make.of(other) == f"page {number} for v"
    assert make.of(snapshot, "sheet") == f"page {len(others) + 2} for v"
    assert make.of(snapshot) == "page 1 for v"


def test_so_many_bytes_are_kept_and_what_was_asked_for_longest_ago_goes_first(snapshot: AnalysisSnapshot) -> None:
    make = Making(RenderedPages(limit=1000), size=300)
    for part in ("a", "b", "c", "a", "d"):
        make.of(snapshot, part)
    assert make.count == 4
    assert make.of(snapshot, "a") == "page 1 for v"
    assert make.of(snapshot, "b") == "page 5 for v"


def test_one_that_is_larger_than_all_that_is_kept_is_kept_alone(snapshot: AnalysisSnapshot) -> None:
    make = Making(RenderedPages(limit=1000), size=5000)
    assert [make.of(snapshot, part) for part in ("a", "a", "b", "a")][-1] == "page 3 for v"


def test_no_page_can_be_written_that_names_the_mark_of_another_server() -> None:
    assert RenderedPages().mark != RenderedPages().mark
