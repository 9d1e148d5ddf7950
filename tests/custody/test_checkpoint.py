from __future__ import annotations

import base64
import stat
from pathlib import Path

import pytest

from bodyworn.custody.checkpoint import Checkpoint, CheckpointFolder, CheckpointSigner, CheckpointVerifier, public_file
from bodyworn.domain.errors import CustodyError

CHECKPOINT = Checkpoint("bodyworn.local/test", 42, bytes(range(32)))


@pytest.fixture
def signer(tmp_path: Path) -> CheckpointSigner:
    return CheckpointSigner.create("bodyworn.local/test", tmp_path / "keys" / "record.key")


def test_the_note_has_the_form_of_transparency_logs(signer: CheckpointSigner) -> None:
    note = signer.sign(CHECKPOINT)
    root = base64.b64encode(CHECKPOINT.root).decode()
    assert note.startswith(f"bodyworn.local/test\n42\n{root}\n\n— bodyworn.local/test ")
    assert note.endswith("\n")
    signature = base64.b64decode(note.split()[-1])
    assert len(signature) == 4 + 64
    assert signature[:4] == signer.verifier.key_hash


def test_what_was_signed_comes_back(signer: CheckpointSigner) -> None:
    assert signer.verifier.open(signer.sign(CHECKPOINT)) == CHECKPOINT


def test_a_changed_size_is_found(signer: CheckpointSigner) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        signer.verifier.open(signer.sign(CHECKPOINT).replace("\n42\n", "\n41\n"))


def test_another_key_of_the_same_name_is_found(signer: CheckpointSigner, tmp_path: Path) -> None:
    other = CheckpointSigner.create(signer.name, tmp_path / "other.key")
    with pytest.raises(ValueError, match="not signed with this library's key"):
        signer.verifier.open(other.sign(CHECKPOINT))


def test_text_that_is_no_note(signer: CheckpointSigner) -> None:
    with pytest.raises(ValueError, match="not a signed checkpoint"):
        signer.verifier.open("anything")


def test_the_key_is_for_its_owner_alone_and_stays(signer: CheckpointSigner, tmp_path: Path) -> None:
    path = tmp_path / "keys" / "record.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert CheckpointSigner.create("another name", path).verifier == signer.verifier
    assert CheckpointVerifier.parse(public_file(path).read_text()) == signer.verifier


def test_a_key_that_is_gone_or_broken(tmp_path: Path) -> None:
    with pytest.raises(CustodyError, match="missing"):
        CheckpointSigner.load(tmp_path / "record.key")
    with pytest.raises(CustodyError, match="public key"):
        CheckpointVerifier.parse("name+00000000+AAAA")


def test_checkpoint_files_are_written_once(signer: CheckpointSigner, tmp_path: Path) -> None:
    folder = CheckpointFolder(tmp_path / "checkpoints")
    first = folder.keep(CHECKPOINT, signer).read_text()
    folder.keep(Checkpoint(CHECKPOINT.origin, 42, bytes(32)), signer)
    assert [path.read_text() for path in folder.all()] == [first]
