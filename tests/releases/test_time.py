"""A genuine release stays genuine when certificates run out, and not by trusting a clock that anyone can set."""

from __future__ import annotations

import datetime as dt
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from bodyworn.custody.certificates import Identity, make_identity
from bodyworn.custody.manifest import Binding, ManifestSigner, check
from bodyworn.custody.manifest_signing import seal_original, sign_release
from bodyworn.domain.errors import CustodyError
from bodyworn.releases.standalone import verify as standalone
from bodyworn.releases.verification import State, TrustedAuthorities, verify
from tests.makers.forgeries import sign_anew
from tests.makers.releases import published
from tests.makers.time_authority import time_authority
from tests.media_makers import with_sound

LASTS = dt.timedelta(seconds=20)


def short_lived(lasts: dt.timedelta = LASTS) -> Identity:
    """Signer and authority that run out in a moment, as those of today will have in 2040."""
    return make_identity("Pine County Sheriff", dt.datetime.now(dt.UTC), signer_lasts=lasts, authority_lasts=lasts)


def wait_until_expired(identity: Identity) -> None:
    left = identity.chain[0].not_valid_after_utc - dt.datetime.now(dt.UTC)
    threading.Event().wait(max(0.0, left.total_seconds()) + 1.1)


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Identity]:
    """A package whose certificates, that of the authority too, have run out since it was published."""
    identity = short_lived()
    package = published(tmp_path_factory.mktemp("old"), identity)
    assert verify(package, identity.authority_pem).genuine
    wait_until_expired(identity)
    return package, identity


def test_a_package_stays_genuine_after_its_certificates_ran_out(old: tuple[Path, Identity]) -> None:
    package, identity = old
    found = verify(package, identity.authority_pem)
    assert found.genuine, found.to_json()
    assert "has expired since" in " ".join(found.signer.said)
    alone = standalone.verify(package, identity.authority_pem.encode())
    assert standalone.exit_code(alone) == 0


def test_a_clip_alone_is_not_called_broken_when_its_certificate_ran_out(old: tuple[Path, Identity]) -> None:
    package, identity = old
    found = verify(package / "clip.mp4", identity.authority_pem)
    assert (found.manifest.state, found.signer.state) == (State.HOLDS, State.NOT_KNOWN)
    assert "expired since" in " ".join(found.signer.said)
    assert not found.genuine


def test_a_signing_key_that_was_stolen_after_its_certificate_ran_out_signs_nothing(
    old: tuple[Path, Identity], tmp_path: Path
) -> None:
    package, identity = old
    copy = Path(shutil.copytree(package, tmp_path / "copy"))
    statement = standalone.document((copy / "release.json").read_bytes(), "release.json")
    sign_anew(copy, {**statement, "title": "Officer cleared"}, identity, record=False)
    found = verify(copy, identity.authority_pem)
    assert not found.genuine
    assert "record.pem certifies another audit log" in " ".join(found.whole_file.said)
    assert "was not valid when it signed" in " ".join(found.signer.said)


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Identity, str, str], Path]:
    folder = tmp_path_factory.mktemp("clips")
    original, rendered = with_sound(folder / "o.mp4", seconds=1.0), with_sound(folder / "r.mp4", seconds=0.5)

    def sign(identity: Identity, name: str, address: str) -> Path:
        sign_release(
            rendered,
            folder / name,
            title="A stop",
            original=original,
            original_sidecar=seal_original(original, "original", identity),
            edits=[],
            facts={"release": "rel_1"},
            identity=identity,
            time_authority=address,
        )
        return folder / name

    return sign


def test_a_time_stamp_keeps_a_clip_alone_genuine(signed: Callable[[Identity, str, str], Path]) -> None:
    identity = short_lived(dt.timedelta(seconds=4))
    with time_authority() as authority:
        clip = signed(identity, "stamped.mp4", authority.address)
    wait_until_expired(identity)
    assert check(clip, anchors_pem=identity.authority_pem).signer is ManifestSigner.EXPIRED
    found = check(clip, anchors_pem=identity.authority_pem, time_anchors_pem=authority.pem)
    assert (found.binding, found.signer) == (Binding.HOLDS, ManifestSigner.KNOWN)
    assert verify(clip, TrustedAuthorities(identity.authority_pem, authority.pem)).genuine


def test_an_authority_of_time_is_none_of_signers(signed: Callable[[Identity, str, str], Path]) -> None:
    """A forger may have a certificate under the same authority that states the time."""
    forger, agency = short_lived(dt.timedelta(seconds=4)), make_identity("Pine County Sheriff", dt.datetime.now(dt.UTC))
    with time_authority() as authority:
        clip = signed(forger, "forged.mp4", authority.address)
    wait_until_expired(forger)
    time_anchors = authority.pem + forger.authority_pem
    found = check(clip, anchors_pem=agency.authority_pem, time_anchors_pem=time_anchors)
    assert found.signer is not ManifestSigner.KNOWN


def test_an_authority_that_does_not_answer_signs_nothing(
    signed: Callable[[Identity, str, str], Path], tmp_path: Path
) -> None:
    identity = make_identity("Pine County Sheriff", dt.datetime.now(dt.UTC))
    with time_authority() as authority:
        address = authority.address
    with pytest.raises(CustodyError, match="gave no stamp"):
        signed(identity, "never.mp4", address)
    assert not (tmp_path / "never.mp4").exists()
