"""An approval is for everything that leaves: whatever changes of it, nothing is published on the old approvals."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bodyworn.bootstrap import open_library
from bodyworn.custody.certificates import Identity, make_identity
from bodyworn.domain.codec import from_json, to_json
from bodyworn.domain.digest import Digest
from bodyworn.domain.errors import CustodyError, Denied, InputError
from bodyworn.domain.release import Release, ReleaseRequest, ReleaseState
from bodyworn.releases.captions import turns_of
from bodyworn.releases.contents import PackageInputs
from bodyworn.releases.verification import verify
from tests.makers.releases import INPUTS, NOW, REQUEST, account, approve, make, publish
from tests.media_makers import with_sound


@pytest.fixture(scope="module")
def identity() -> Identity:
    return make_identity("Pine County Sheriff", NOW)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with open_library(tmp_path / "library", create=True, actor=account("ana")) as library:
        library.recordings.ingest(with_sound(tmp_path / "footage.mp4", seconds=2.0))
    return tmp_path / "library"


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return with_sound(tmp_path / "rendered.mp4", seconds=1.0)


def approved(folder: Path, clip: Path) -> Release:
    release = make(folder, clip)
    approve(folder, release, "bo")
    return approve(folder, release, "cy")


OTHER_WORDS = turns_of([{"role": "community", "start_ms": 100, "end_ms": 800, "text": "I have a gun", "words": []}])
CHANGES: dict[str, tuple[ReleaseRequest, PackageInputs]] = {
    "nothing at all": (REQUEST, INPUTS),
    "title": (replace(REQUEST, title="Officer cleared of wrongdoing"), INPUTS),
    "agency": (replace(REQUEST, agency="Other Agency"), INPUTS),
    "authority": (replace(REQUEST, legal_authority="no legal basis"), INPUTS),
    "requester": (replace(REQUEST, requester="Someone else"), INPUTS),
    "day of the request": (replace(REQUEST, request_date="2026-08-11"), INPUTS),
    "notice to the family": (replace(REQUEST, family_notified="2026-08-12"), INPUTS),
    "caption text": (replace(REQUEST, caption="A caption nobody approved."), INPUTS),
    "credit": (replace(REQUEST, credit="Someone else"), INPUTS),
    "still": (replace(REQUEST, still_ms=None), INPUTS),
    "another still": (REQUEST, replace(INPUTS, still=lambda _clip, _ms: b"\xff\xd8other")),
    "words of the captions": (REQUEST, replace(INPUTS, utterances=OTHER_WORDS)),
    "what is masked in the captions": (REQUEST, replace(INPUTS, masked=())),
    "exemption log": (REQUEST, replace(INPUTS, log=())),
    "edits in the manifest": (REQUEST, replace(INPUTS, edits=())),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_beside_the_picture_voids_the_approvals(
    name: str, folder: Path, clip: Path, identity: Identity
) -> None:
    before = approved(folder, clip)
    request, inputs = CHANGES[name]
    changed = make(folder, clip, request=request, again=before, inputs=inputs)
    assert changed.clip_sha256 == before.clip_sha256, "the picture is the same, byte for byte"
    assert (changed.state, changed.approvers) == (ReleaseState.CHECKED, ())
    with pytest.raises(Denied):
        publish(folder, changed, identity)
    with open_library(folder, actor=account("bo")) as library, pytest.raises(Denied, match="in the meantime"):
        library.releases.approve(before)


def test_a_review_does_not_carry_over_to_another_clip_or_other_terms(folder: Path, clip: Path) -> None:
    release = make(folder, clip, leaks=2)
    with open_library(folder, actor=account("bo")) as library:
        library.releases.review_leaks(release, "a sign, no face")
    again = make(folder, clip, leaks=2, again=release)
    assert again.state is ReleaseState.DRAFT


@pytest.mark.parametrize("name", ["captions.vtt", "exemptions.csv", "README.md", "verify.py", "certificate-draft.pdf"])
def test_a_stored_file_that_was_changed_voids_the_approvals(
    name: str, folder: Path, clip: Path, identity: Identity
) -> None:
    release = approved(folder, clip)
    with open_library(folder, actor=account("ana")) as library:
        stored = library.objects.path(library.releases.contents_of(release).files[name])
    stored.chmod(0o600)
    stored.write_bytes(b"lies")
    with pytest.raises(CustodyError, match="approvals are void"):
        publish(folder, release, identity)


STORED: dict[str, Callable[[Release], str]] = {
    "list of files": lambda release: release.contents_sha256,
    "rendered clip": lambda release: release.clip_sha256,
    "plan": lambda release: release.render.plan_sha256,
}


@pytest.mark.parametrize("what", STORED)
def test_what_the_contents_rest_on_is_hashed_again_before_every_step(what: str, folder: Path, clip: Path) -> None:
    release = make(folder, clip)
    with open_library(folder, actor=account("bo")) as library:
        stored = library.objects.path(STORED[what](release))
        stored.chmod(0o600)
        stored.write_bytes(b"lies")
        with pytest.raises(CustodyError, match=f"the {what} of"):
            library.releases.approve(release)


def test_what_is_published_is_what_was_shown_byte_for_byte(
    folder: Path, clip: Path, identity: Identity, tmp_path: Path
) -> None:
    release = make(folder, clip)
    with open_library(folder, actor=account("bo")) as library:
        shown = library.releases.open_contents(release, tmp_path / "look")
        assert library.releases.opened_by(release)[0].name == "bo"
    assert Digest.of_file(shown / "clip.mp4").sha256 == release.clip_sha256
    for who in ("bo", "cy"):
        approve(folder, release, who)
    package = publish(folder, release, identity).with_suffix("")
    names = {path.name for path in shown.iterdir()}
    assert {"captions.vtt", "exemptions.pdf", "still.jpg", "contents.json", "clip.mp4"} <= names
    for name in names - {"clip.mp4"}:
        assert (package / name).read_bytes() == (shown / name).read_bytes(), name
    assert Digest.of_file(package / "contents.json").sha256 == release.contents_sha256
    assert json.loads((package / "release.json").read_text())["contents_sha256"] == release.contents_sha256
    assert verify(package, identity.authority_pem).genuine


def test_the_contents_tell_nothing_of_the_requester(folder: Path, clip: Path) -> None:
    first, second = make(folder, clip), make(folder, clip)
    with open_library(folder, actor=account("ana")) as library:
        one, other = (library.releases.contents_of(release) for release in (first, second))
        data = library.objects.path(first.contents_sha256).read_bytes()
    assert one.terms_sha256 != other.terms_sha256, "the same request has another digest each time"
    assert b"newspaper" not in data


def test_a_review_needs_words(folder: Path, clip: Path) -> None:
    release = make(folder, clip, leaks=90)
    with open_library(folder, actor=account("bo")) as library:
        for note in ("", "  \n"):
            with pytest.raises(InputError, match="needs a note"):
                library.releases.review_leaks(release, note)
        assert library.releases.review_leaks(release, "90 reflections").state is ReleaseState.REVIEWED
        again = library.releases.review_leaks(library.releases.get(release.id), "one of them looked at twice")
        assert again.review_note == "one of them looked at twice"
        assert again.open_leaks == 0


def test_places_where_a_track_was_lost_wait_for_a_look(folder: Path, clip: Path) -> None:
    release = make(folder, clip, to_look_at=("0:00.1 to 0:00.3: the track was lost in the picture (face-2)",))
    with pytest.raises(Denied, match="draft"):
        approve(folder, release, "bo")


def test_text_that_cannot_be_shown_is_refused_before_anything_is_made(folder: Path, clip: Path) -> None:
    for field in ("title", "agency", "requester", "authority", "caption", "credit"):
        for char in "\x07\x1b\u202e\u2066\u200b\ufeff":
            with pytest.raises(InputError, match="cannot be shown"):
                make(folder, clip, request=from_json(ReleaseRequest, {**to_json(REQUEST), field: f"A stop{char}"}))
    with open_library(folder, actor=account("ana")) as library:
        assert library.releases.list() == []


def test_text_of_any_script_makes_a_package(folder: Path, clip: Path) -> None:
    for text in ("東京新聞", "شرطة", "🚓 patrol", "Nguyễn", "경찰", "ตำรวจ", "पुलिस", "\ue000"):
        request = replace(REQUEST, agency=text, legal_authority=text, requester=text, title=text)
        release = make(folder, clip, request=request)
        with open_library(folder, actor=account("ana")) as library:
            assert "exemptions.pdf" in library.releases.contents_of(release).files, text
