"""From a rendered clip to a package that an outsider can verify, over a real library; and every forgery found."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from bodyworn.bootstrap import open_library
from bodyworn.custody.certificates import Identity, make_identity
from bodyworn.domain.codec import from_json, to_json
from bodyworn.domain.errors import CustodyError, Denied, InputError
from bodyworn.domain.release import ReleaseRequest, ReleaseState
from bodyworn.releases.service import RenderedClip
from bodyworn.releases.verification import State, verify
from tests.makers.releases import NOW, REQUEST, account, approve, make, publish
from tests.media_makers import with_sound


@pytest.fixture(scope="module")
def identity() -> Identity:
    return make_identity("Pine County Sheriff", NOW)


@pytest.fixture
def library_folder(tmp_path: Path) -> Path:
    with open_library(tmp_path / "library", create=True, actor=account("ana")) as library:
        library.recordings.ingest(with_sound(tmp_path / "footage.mp4", seconds=2.0))
    return tmp_path / "library"


@pytest.fixture
def package(tmp_path: Path, library_folder: Path, identity: Identity) -> Path:
    release = make(library_folder, with_sound(tmp_path / "rendered.mp4", seconds=1.0))
    approve(library_folder, release, "bo")
    approve(library_folder, release, "cy")
    return publish(library_folder, release, identity)


def test_a_package_verifies_in_all_three_parts_as_zip_and_as_folder(package: Path, identity: Identity) -> None:
    for path in (package, package.with_suffix("")):
        result = verify(path, identity.authority_pem)
        assert result.genuine, result.to_json()
    without = verify(package)
    assert without.signer.state is State.NOT_KNOWN
    assert not without.genuine


def test_an_approval_that_only_stands_in_the_database_publishes_nothing(
    tmp_path: Path, library_folder: Path, identity: Identity
) -> None:
    release = make(library_folder, with_sound(tmp_path / "rendered.mp4", seconds=1.0))
    approve(library_folder, release, "bo")
    with closing(sqlite3.connect(library_folder / "library.db")) as database, database:
        database.execute(
            "INSERT INTO release_steps (release_id, act, by, at, clip_sha256, detail) "
            "SELECT release_id, act, 'os:cy', at, clip_sha256, detail FROM release_steps WHERE by = 'os:bo'"
        )
    with open_library(library_folder, actor=account("ana")) as library:
        assert library.releases.get(release.id).state is ReleaseState.APPROVED
    with pytest.raises(CustodyError, match="does not hold every approval"):
        publish(library_folder, release, identity)


def test_the_stand_alone_verifier_agrees(package: Path, identity: Identity, tmp_path: Path) -> None:
    folder, authority = package.with_suffix(""), tmp_path / "authority.pem"
    authority.write_text(identity.authority_pem)
    command = [sys.executable, "-I", str(folder / "verify.py"), "--json"]
    known = subprocess.run([*command, "--authority", str(authority)], capture_output=True, text=True, check=False)
    assert known.returncode == 0, known.stdout + known.stderr
    assert {answer["state"] for answer in json.loads(known.stdout).values()} == {"holds"}
    assert subprocess.run(command, capture_output=True, check=False).returncode == 3
    (folder / "captions.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:01.000\nsomething else\n")
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1


def test_nothing_hidden_and_no_person_of_the_agency_is_in_the_package(package: Path) -> None:
    with zipfile.ZipFile(package) as archive:
        texts = {name: archive.read(name) for name in archive.namelist() if not name.endswith((".mp4", ".pdf", ".jpg"))}
    said = {name.rpartition("/")[2]: data for name, data in texts.items()}
    assert b"[redacted]" in said["captions.vtt"]
    for name, data in said.items():
        assert b"Zebulon" not in data, name
        assert b"footage.mp4" not in data, name
    for name in ("release.json", "README.md", "exemptions.csv"):
        assert b"os:" not in said[name]
        assert b"newspaper" not in said[name]


def test_another_agencys_signature_is_not_the_one_trusted(package: Path) -> None:
    other = make_identity("Somebody Else", NOW)
    assert not verify(package, other.authority_pem).genuine


def test_two_people_approve_exact_bytes(tmp_path: Path, library_folder: Path, identity: Identity) -> None:
    release = make(library_folder, with_sound(tmp_path / "rendered.mp4", seconds=1.0))
    with pytest.raises(Denied, match="is checked"):
        publish(library_folder, release, identity)
    approve(library_folder, release, "bo")
    with pytest.raises(Denied, match="bo has approved"):
        approve(library_folder, release, "bo")
    with open_library(library_folder, actor=account("cy")) as library:
        path = library.releases.clip_of(release)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(CustodyError, match="approvals are void"):
        approve(library_folder, release, "cy")


def test_the_first_approver_in_another_alphabet_is_no_second_one(tmp_path: Path, library_folder: Path) -> None:
    release = make(library_folder, with_sound(tmp_path / "rendered.mp4", seconds=1.0))
    approve(library_folder, release, "bo", "Coce")
    with pytest.raises(Denied, match="has approved"):
        approve(library_folder, release, "cy", "\u0421\u043e\u0441\u0435")


def test_two_names_typed_at_one_account_are_told_wherever_the_approval_is_told(
    tmp_path: Path, library_folder: Path, identity: Identity
) -> None:
    release = make(library_folder, with_sound(tmp_path / "rendered.mp4", seconds=1.0))
    approve(library_folder, release, "ana")
    approved = approve(library_folder, release, "ana", "Ben")
    assert [str(person) for person in approved.approvers] == ["os:ana", "stated: Ben (typed at the account os:ana)"]
    package = publish(library_folder, release, identity).with_suffix("")
    statement = json.loads((package / "release.json").read_text())
    assert (statement["approvals"], statement["approval_accounts"]) == (2, 1)
    assert "one account" in statement["approval_caution"]
    assert "Ben" not in (package / "release.json").read_text()
    with open_library(library_folder) as library:
        approvals = [event for event, _ in library.audit_log.about(release.id) if event.tag == "release.approved"]
    assert [(event.actor, event.stated_name) for event in approvals] == [("os:ana", ""), ("os:ana", "Ben")]


def test_two_accounts_leave_nothing_to_caution_about(package: Path) -> None:
    statement = json.loads((package.with_suffix("") / "release.json").read_text())
    assert (statement["approvals"], statement["approval_accounts"]) == (2, 2)
    assert "approval_caution" not in statement


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("ana", ""), ("ana", "ANA")),
        (("ana", "Ben"), ("ana", "ben ")),
        (("ana", "Ben"), ("cy", "Ｂｅｎ")),
        (("ana", "Ben"), ("ben", "")),
        (("ana", "Zoë"), ("cy", "Zoe\u0308")),
        (("ana", "Ben"), ("ana", "B\u200ben")),
        (("ana", "J. O’Brien"), ("ana", "j o'brien")),
    ],
)
def test_one_person_spelled_twice_is_still_one(
    tmp_path: Path, library_folder: Path, first: tuple[str, str], second: tuple[str, str]
) -> None:
    release = make(library_folder, with_sound(tmp_path / "rendered.mp4", seconds=1.0))
    approve(library_folder, release, *first)
    with pytest.raises(Denied, match="has approved"):
        approve(library_folder, release, *second)


@pytest.mark.parametrize("field", ["request_date", "officer_notified", "family_notified"])
def test_a_day_of_the_request_that_is_none_is_refused(tmp_path: Path, library_folder: Path, field: str) -> None:
    clip = with_sound(tmp_path / "rendered.mp4", seconds=1.0)
    rendered = RenderedClip(clip, b"{}", 0, 1000)
    wrong = from_json(ReleaseRequest, {**to_json(REQUEST), field: "last Tuesday"})
    with open_library(library_folder) as library:
        recording = library.recordings.list()[0]
        with pytest.raises(InputError, match="not a day"):
            library.releases.make(recording, rendered, wrong)
        assert library.releases.list() == []


def test_a_render_with_leaks_waits_for_a_look(tmp_path: Path, library_folder: Path) -> None:
    release = make(library_folder, with_sound(tmp_path / "rendered.mp4", seconds=1.0), leaks=3)
    with pytest.raises(Denied, match="draft"):
        approve(library_folder, release, "bo")
    with open_library(library_folder, actor=account("bo")) as library:
        reviewed = library.releases.review_leaks(library.releases.get(release.id), "reflections, no face")
        assert reviewed.state is ReleaseState.REVIEWED


def test_a_stop_after_the_record_is_completed_by_the_same_call(
    package: Path, library_folder: Path, identity: Identity
) -> None:
    before = (package.with_suffix("") / "release.json").read_bytes()
    package.unlink()
    (package.with_suffix("") / "proof.json").unlink()
    with open_library(library_folder) as library:
        release = library.releases.list()[0]
    again = publish(library_folder, release, identity)
    assert (again.with_suffix("") / "release.json").read_bytes() == before
    assert verify(again, identity.authority_pem).genuine


def test_the_record_covers_releases(package: Path, library_folder: Path) -> None:
    with open_library(library_folder) as library:
        assert library.verify(lambda *_: None).holds
