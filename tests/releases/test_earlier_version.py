"""A library with a release that 46c0803 made: it opens, is told in plain words, goes on and verifies.

``library_46c0803.zip`` was made by that version: one recording presented twice and viewed, a check, a release with two
reported leaks, their review, and an approval with ``--as cy``.
"""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from bodyworn.bootstrap import open_library
from bodyworn.domain.actor import Actor, Person
from bodyworn.domain.errors import Denied
from bodyworn.domain.event_details import OtherDetail
from bodyworn.domain.event_kinds import detail_of, sentence
from bodyworn.domain.progress import no_progress
from bodyworn.domain.release import LeakReport, ReleaseState
from bodyworn.releases.service import RenderedClip
from tests.media_makers import tone, wav_pcm

BO, OTHER_CY = Actor("os:bo", "desk-1", "cli"), Actor("os:ana", "desk-1", "cli", stated_name="Cy")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with zipfile.ZipFile(Path(__file__).with_name("library_46c0803.zip")) as packed:
        packed.extractall(tmp_path)
    (tmp_path / "library" / "keys" / "record.key").chmod(0o600)
    return tmp_path / "library"


def test_the_release_reads_as_it_was_written(folder: Path) -> None:
    with open_library(folder, actor=BO) as library:
        (release,) = library.releases.list()
    assert release.state is ReleaseState.DRAFT
    assert [step.by for step in release.steps] == [Person("os:ana"), Person("os:ana"), Person("", "cy")]
    assert release.render.leak_report == LeakReport(2, (3, 4), {"x": 1})
    assert (release.request.legal_authority, release.request.officer_notified) == ("§ 1", "yesterday")
    assert release.request.deadlines[0].due == "2026-12-01"
    assert release.request.citations == {"identity.face": "§ 7"}


def test_its_audit_log_is_typed_and_told_in_plain_words(folder: Path) -> None:
    with open_library(folder, actor=BO) as library:
        events = list(reversed(library.audit_log.newest(100)))
    assert not [event for event in events if isinstance(detail_of(event), OtherDetail)]
    assert [str(event.person) for event in events][-1] == "stated: cy (typed; the account was not kept)"
    assert [sentence(event) for event in events][:5] == [
        "Library created",
        "Recording taken into custody",
        "Recording presented again; it was in custody already",
        "Recording viewed: facts",
        "Audit log checked: 4 entries and 1 file checked, 0 faults",
    ]


def test_its_approvals_were_for_the_clip_alone_so_it_has_to_be_made_again(folder: Path) -> None:
    with open_library(folder, actor=OTHER_CY) as library:
        with pytest.raises(Denied, match="made by an earlier version"):
            library.releases.approve(library.releases.list()[0])
        assert library.verify(no_progress).holds


def test_it_goes_on_when_it_is_made_again(folder: Path, tmp_path: Path) -> None:
    with open_library(folder, actor=BO) as library:
        (old,) = library.releases.list()
        recording = library.recordings.get(old.recording_id)
        clip = RenderedClip(wav_pcm(tmp_path / "clip.wav", [tone(0.2)]), b"{}", 0, 100)
        request = replace(old.request, officer_notified=None)
        again = library.releases.make(recording, clip, request, old)
        assert again.state is ReleaseState.CHECKED
        assert again.approvers == ()
        assert library.acting(OTHER_CY).releases.approve(again).state is ReleaseState.HALF_APPROVED
        assert library.verify(no_progress).holds
