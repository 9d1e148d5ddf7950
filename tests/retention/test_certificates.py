"""Somebody who has nothing but the file verifies the certificate of a disposal; a forged one is refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bodyworn.bootstrap import open_library
from bodyworn.custody import merkle
from bodyworn.custody.checkpoint import Checkpoint, CheckpointSigner
from bodyworn.domain.codec import to_json
from bodyworn.domain.digest import Digest
from bodyworn.retention.certificate import DisposalCertificate
from bodyworn.retention.certificate_check import read_certificate
from bodyworn.storage.canonical import canonical_json
from tests.makers.cameras import filmed
from tests.makers.commands import CommandRunner, Ended
from tests.retention.test_disposals import approved


@dataclass(frozen=True)
class Kept:
    """What an outsider has: the certificate, the key and a checkpoint, by their paths."""

    certificate: Path
    key: Path
    checkpoint: Path


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """Of a library that is gone by now."""
    folder = tmp_path_factory.mktemp("outside")
    with open_library(folder / "library", create=True) as library:
        disposal = library.disposals.carry_out(approved(library, filmed(library, "old", outcome="warning")))
        certificate = library.disposals.certificate(disposal)
    (folder / "certificate.json").write_text(json.dumps(to_json(certificate), indent=1))
    (folder / "checkpoint.txt").write_text(certificate.proof.checkpoint)
    shutil.copyfile(folder / "library" / "keys" / "record.pub", folder / "record.pub")
    shutil.rmtree(folder / "library")
    return Kept(folder / "certificate.json", folder / "record.pub", folder / "checkpoint.txt")


def forged(kept: Kept, change: Callable[[DisposalCertificate], DisposalCertificate], to: Path) -> Path:
    path = to / "forged.json"
    path.write_text(json.dumps(to_json(change(read_certificate(kept.certificate)))))
    return path


def test_with_the_key_it_is_genuine_and_says_what_went(run_command: CommandRunner, kept: Kept) -> None:
    told = run_command.well("verify", kept.certificate, "--key", kept.key, "--checkpoint", kept.checkpoint).out
    assert told.rstrip().endswith("GENUINE")
    assert "1 recording went with the disposal dsp_" in told
    assert "the same as the one that you kept" in told
    document = json.loads(run_command.well("verify", kept.certificate, "--key", kept.key, "--json", "-").out)
    assert document["genuine"] is True
    assert {document[name]["state"] for name in ("statement", "audit_log", "signer")} == {"holds"}


def test_with_nothing_but_the_file_the_signer_is_not_known(run_command: CommandRunner, kept: Kept) -> None:
    ended = run_command("verify", kept.certificate)
    assert ended.code == 1
    assert "signer      NOT KNOWN" in ended.out
    assert ended.out.count("HOLDS") == 2
    assert "Get the agency's public key" in ended.out


def other_statement(one: DisposalCertificate) -> DisposalCertificate:
    return replace(one, statement=one.statement.replace("os:bo", "os:by"))


def other_entry(one: DisposalCertificate) -> DisposalCertificate:
    """The statement and the entry that has its digest, both changed: the tree is what is left."""
    changed = other_statement(one)
    before, after = (Digest.of_bytes(each.statement.encode()).sha256 for each in (one, changed))
    return replace(changed, proof=replace(one.proof, body=one.proof.body.replace(before, after)))


def cut_path(one: DisposalCertificate) -> DisposalCertificate:
    return replace(one, proof=replace(one.proof, path=one.proof.path[:-1]))


def shifted(one: DisposalCertificate) -> DisposalCertificate:
    """The bytes of the leaf parted elsewhere: the first of the entry stands at the end of the hash before it."""
    proof = one.proof
    return replace(one, proof=replace(proof, prev=proof.prev + proof.body[:1].encode().hex(), body=proof.body[1:]))


def larger(one: DisposalCertificate) -> DisposalCertificate:
    origin, size, *rest = one.proof.checkpoint.split("\n")
    note = "\n".join([origin, str(int(size) + 1), *rest])
    return replace(one, proof=replace(one.proof, checkpoint=note))


def repeated(one: DisposalCertificate) -> DisposalCertificate:
    return replace(one, statement='{"disposal":"dsp_x",' + one.statement[1:])


def of_another_disposal(one: DisposalCertificate) -> DisposalCertificate:
    said = json.loads(one.statement)
    statement = canonical_json({**said, "disposal": "dsp_other"}).decode()
    entry = json.loads(one.proof.body)
    entry["detail"]["statement"] = Digest.of_bytes(statement.encode()).sha256
    return replace(one, statement=statement, proof=replace(one.proof, body=canonical_json(entry).decode()))


def signed_by_another(one: DisposalCertificate, signer: CheckpointSigner) -> DisposalCertificate:
    """All of it made anew by somebody with a key of their own, under the name of the agency's log."""
    changed = other_entry(one)
    root = merkle.leaf_hash(bytes.fromhex(changed.proof.prev) + changed.proof.body.encode())
    entry = json.loads(changed.proof.body)
    body = canonical_json({**entry, "seq": 1}).decode()
    root = merkle.leaf_hash(bytes.fromhex(changed.proof.prev) + body.encode())
    note = signer.sign(Checkpoint(signer.name, 1, root))
    return replace(changed, proof=replace(changed.proof, body=body, path=(), checkpoint=note), key=str(signer.verifier))


FORGERIES = [
    (other_statement, "statement   BROKEN", "the statement is not the one that the audit log holds"),
    (other_entry, "audit log   BROKEN", "the entry is not in the audit log that was signed"),
    (cut_path, "audit log   BROKEN", "the entry is not in the audit log that was signed"),
    (shifted, "audit log   BROKEN", "cannot be read"),
    (larger, "audit log   BROKEN", "has a signature that does not fit its text"),
    (repeated, "statement   BROKEN", "not as they are written"),
    (of_another_disposal, "statement   BROKEN", "the entry is about something else"),
]


@pytest.mark.parametrize(("change", "part", "why"), FORGERIES, ids=lambda one: getattr(one, "__name__", ""))
def test_a_forged_one_is_refused_with_the_reason(
    run_command: CommandRunner,
    kept: Kept,
    tmp_path: Path,
    change: Callable[[DisposalCertificate], DisposalCertificate],
    part: str,
    why: str,
) -> None:
    path = forged(kept, change, tmp_path)
    for with_key in ((), ("--key", kept.key)):
        ended = run_command("verify", path, *with_key)
        assert_refused(ended)
        assert part in ended.out
        assert why in ended.out


def assert_refused(ended: Ended) -> None:
    assert ended.code == 1
    assert ended.out.rstrip().endswith("NOT SHOWN TO BE GENUINE: something does not hold.")


def test_one_that_somebody_signed_anew_is_not_the_agencys(
    run_command: CommandRunner, kept: Kept, tmp_path: Path
) -> None:
    """All of it fits together, so without the key nothing is wrong, and nothing is shown."""
    name = kept.checkpoint.read_text().partition("\n")[0]
    signer = CheckpointSigner.create(name, tmp_path / "own.key")
    path = forged(kept, lambda one: signed_by_another(one, signer), tmp_path)
    alone = run_command("verify", path)
    assert alone.code == 1
    assert "NOT YET SHOWN TO BE GENUINE" in alone.out
    ended = run_command("verify", path, "--key", kept.key)
    assert_refused(ended)
    assert "signer      BROKEN     the checkpoint is not signed with the key that you gave" in ended.out


def test_a_checkpoint_that_tells_another_story_is_a_fault(
    run_command: CommandRunner, kept: Kept, tmp_path: Path
) -> None:
    """The log was rewritten with its own key: only who kept a checkpoint sees it."""
    signer = CheckpointSigner.create("bodyworn.local/own", tmp_path / "own.key")
    path = forged(kept, lambda one: signed_by_another(one, signer), tmp_path)
    (tmp_path / "kept.txt").write_text(signer.sign(Checkpoint(signer.name, 1, b"\0" * 32)))
    key = tmp_path / "own.pub"
    assert run_command("verify", path, "--key", key).code == 0
    ended = run_command("verify", path, "--key", key, "--checkpoint", tmp_path / "kept.txt")
    assert_refused(ended)
    assert "tells another story" in ended.out


@pytest.mark.parametrize("part", [0.3, 0.9, 0.999])
def test_one_that_was_cut_off_is_said_to_be_none(
    run_command: CommandRunner, kept: Kept, tmp_path: Path, part: float
) -> None:
    data = kept.certificate.read_bytes()
    (tmp_path / "cut.json").write_bytes(data[: int(len(data) * part)])
    ended = run_command("verify", tmp_path / "cut.json", "--key", kept.key)
    assert ended.code == 2
    assert "is not the certificate of a disposal, or was cut off" in ended.err


@pytest.mark.parametrize(
    "data",
    [b'{"schema": "x"}', b"{" * 100_000, b'{"schema": ' + b"9" * 10_000 + b"}", b"{\xff}"],
    ids=["another schema", "deep", "long number", "no text"],
)
def test_what_only_looks_like_one_is_refused(
    run_command: CommandRunner, kept: Kept, tmp_path: Path, data: bytes
) -> None:
    (tmp_path / "bad.json").write_bytes(data)
    ended = run_command("verify", tmp_path / "bad.json", "--key", kept.key)
    assert ended.code == 2
    assert "is not the certificate of a disposal" in ended.err


def test_options_of_the_one_are_refused_for_the_other(run_command: CommandRunner, kept: Kept, clip: Path) -> None:
    assert "are for packages and clips" in run_command("verify", kept.certificate, "--sha256", "0" * 64).err
    assert "needs a key to be read with" in run_command("verify", kept.certificate, "--checkpoint", kept.checkpoint).err
    assert "are for certificates of disposals" in run_command("verify", clip, "--key", kept.key).err
    assert "is not the public key" in run_command("verify", kept.certificate, "--key", kept.certificate).err
