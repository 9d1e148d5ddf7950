"""The steps of a release as rows and events, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bodyworn.bootstrap import Library
from bodyworn.domain.actor import Actor
from bodyworn.domain.errors import Denied, NotFound
from bodyworn.domain.progress import no_progress
from bodyworn.domain.release import Act, LeakReport, PublicationDetail, ReleaseRequest, ReleaseState
from bodyworn.releases.ledger import ReleaseLedger
from bodyworn.releases.service import Releases, RenderedClip

REQUEST = ReleaseRequest(
    "Pine County Sheriff", "A newspaper", "2026-08-10", "Records act § 1", "Stop", "A stop.", "PCS"
)


@pytest.fixture
def library(new_library: Callable[..., Library]) -> Library:
    return new_library()


def releases_of(library: Library, who: str) -> Releases:
    """The releases as another person has them."""
    return library.acting(Actor(f"os:{who}", "station-3", "local")).releases


def test_a_release_goes_its_way_and_every_step_is_covered(library: Library, clip: Path) -> None:
    recording = library.recordings.ingest(clip)
    made = releases_of(library, "ana").make(recording, RenderedClip(clip, b"{}", 0, 1000, LeakReport()), REQUEST)
    assert made.state is ReleaseState.CHECKED
    assert library.releases.get(made.id.upper()) == made, "whatever the case of the id"
    assert releases_of(library, "bo").approve(made).state is ReleaseState.HALF_APPROVED
    with pytest.raises(Denied, match="bo has approved"):
        releases_of(library, "bo").approve(library.releases.get(made.id))
    approved = releases_of(library, "cy").approve(library.releases.get(made.id))
    assert approved.state is ReleaseState.APPROVED
    ledger = ReleaseLedger(library.database, library.audit_log)
    ledger.do(approved, Act.PUBLISH, PublicationDetail(statement="a" * 64, published_clip="b" * 64))
    (published,) = library.releases.list()
    assert published.state is ReleaseState.PUBLISHED
    assert library.releases.withdraw(published, "wrong clip").state is ReleaseState.WITHDRAWN
    tags = [event.tag.removeprefix("release.") for event, _ in library.audit_log.about(made.id)]
    assert tags == ["made", "made", "approved", "access.denied", "approved", "published", "withdrawn"]
    assert library.audit_log.find("release.published", made.id).seq == 8
    assert library.verify(no_progress, note=False).holds


def test_a_release_that_is_not_there(library: Library) -> None:
    with pytest.raises(NotFound):
        library.releases.get("rel_x")
