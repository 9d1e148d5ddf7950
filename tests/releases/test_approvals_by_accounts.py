"""Two approvals are two people: accounts tell them apart, and nobody counts twice by having had none before."""

from __future__ import annotations

from pathlib import Path

import pytest

from bodyworn.bootstrap import open_library
from bodyworn.domain.errors import Denied
from bodyworn.domain.release import ReleaseState
from tests.access.accounts import person
from tests.makers.releases import account, approve, make
from tests.media_makers import with_sound


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with open_library(tmp_path / "library", create=True, actor=account("ana")) as library:
        library.recordings.ingest(with_sound(tmp_path / "footage.mp4", seconds=2.0))
    return tmp_path / "library"


def test_an_account_approves_once_and_not_again_under_the_name_it_had_at_the_machine(
    folder: Path, tmp_path: Path
) -> None:
    release = make(folder, with_sound(tmp_path / "rendered.mp4", seconds=1.0))
    approve(folder, release, "fay")
    with open_library(folder, actor=account("ana")) as library:
        administrator = person(library, "ana", "administrator")
        fay = person(administrator, "fay", "approver")
        gus = person(administrator, "gus", "approver")
        eli = person(administrator, "eli", "reviewer", "records")
        with pytest.raises(Denied, match="approved"):
            fay.releases.approve(fay.releases.get(release.id))
        with pytest.raises(Denied, match="no role"):
            eli.releases.approve(eli.releases.get(release.id))
        with pytest.raises(Denied, match="no account"):
            library.releases.approve(release)
        done = gus.releases.approve(gus.releases.get(release.id))
    assert done.state is ReleaseState.APPROVED
    assert [one.account for one in done.approvers] == ["os:fay", "account:gus"]


def test_two_accounts_approve_and_one_cannot_do_it_twice(folder: Path, tmp_path: Path) -> None:
    release = make(folder, with_sound(tmp_path / "rendered.mp4", seconds=1.0))
    with open_library(folder, actor=account("ana")) as library:
        administrator = person(library, "ana", "administrator")
        fay, gus = (person(administrator, name, "approver") for name in ("fay", "gus"))
        assert fay.releases.approve(fay.releases.get(release.id)).state is ReleaseState.HALF_APPROVED
        with pytest.raises(Denied):
            fay.releases.approve(fay.releases.get(release.id))
        assert gus.releases.approve(gus.releases.get(release.id)).state is ReleaseState.APPROVED
