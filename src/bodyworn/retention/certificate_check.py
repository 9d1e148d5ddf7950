"""Is this certificate of a disposal genuine? Three answers, for somebody who has the file and no library.

*Statement*: is it the one that the entry of the audit log holds? *Audit log*: is that entry in the log that was signed?
*Signer*: is the key that signed the one that the reader knows? What cannot be known is said to be unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bodyworn.custody import merkle
from bodyworn.custody.checkpoint import Checkpoint, CheckpointVerifier, read_note
from bodyworn.domain.codec import Json, from_json, to_json
from bodyworn.domain.counting import counted
from bodyworn.domain.digest import Digest
from bodyworn.domain.errors import CustodyError, UnreadableInput
from bodyworn.domain.event import Tag
from bodyworn.domain.recording import shown_name
from bodyworn.releases.standalone import verify as standalone
from bodyworn.releases.verification import Answer, State
from bodyworn.retention.certificate import SCHEMA, DisposalCertificate
from bodyworn.storage.canonical import read_canonical

#: A certificate names digests of all that went, some hundred bytes each; what is larger than this is none.
LARGEST_BYTES = 256 << 20
_HEX = re.compile(r"([0-9a-f]{64})")


@dataclass(frozen=True)
class CertificateVerification:
    """The three answers; ``statement_says`` is the statement where it holds, for whoever shows it."""

    statement: Answer
    audit_log: Answer
    signer: Answer
    statement_says: Mapping[str, Json] | None = None

    @property
    def answers(self) -> Mapping[str, Answer]:
        """By name, in the order in which they are told."""
        return {"statement": self.statement, "audit_log": self.audit_log, "signer": self.signer}

    @property
    def genuine(self) -> bool:
        """Whether all three hold."""
        return all(answer.state is State.HOLDS for answer in self.answers.values())

    @property
    def broken(self) -> bool:
        """Whether something does not hold."""
        return State.BROKEN in {answer.state for answer in self.answers.values()}

    def to_json(self) -> dict[str, Json]:
        """The published form of the answers."""
        told = {name: to_json(answer) for name, answer in self.answers.items()}
        schema = "https://bodyworn.org/schema/disposal-verification-1.json"
        return {"schema": schema, "genuine": self.genuine, **told, "says": self.statement_says}


def is_certificate(path: Path) -> bool:
    """Whether the file begins as a JSON object, as no clip and no package does."""
    with suppress(OSError), path.open("rb") as file:
        return path.is_file() and file.read(64).lstrip().startswith(b"{")
    return False


def read_certificate(path: Path) -> DisposalCertificate:
    """The certificate in a file, whoever wrote it; :class:`UnreadableInput` for anything else, or one that was cut."""
    name = shown_name(path.name)
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise ValueError("it is larger than any certificate")
        found = standalone.document(path.read_bytes(), "the file")
        if found.get("schema") != SCHEMA:
            raise ValueError("its schema is another one")
        return from_json(DisposalCertificate, found)
    except (OSError, ValueError, standalone.DoesNotHold) as error:
        raise UnreadableInput(
            f"{name} is not the certificate of a disposal, or was cut off: {standalone.clean(str(error))}",
            "Get the certificate from the agency again",
        ) from None


def read_key(path: Path) -> CheckpointVerifier:
    """The public key of an audit log that the reader has; :class:`UnreadableInput` for another file."""
    try:
        return CheckpointVerifier.parse(read_note(path.resolve()))
    except (OSError, ValueError, CustodyError):
        what = f"{shown_name(str(path))} is not the public key of an audit log"
        raise UnreadableInput(what, "Name the file record.pub of the agency") from None


def read_checkpoint(path: Path) -> str:
    """The text of a checkpoint that the reader kept; :class:`UnreadableInput` for another file."""
    try:
        note = read_note(path.resolve())
        Checkpoint.parse(note)
        return note
    except (OSError, ValueError):
        what = f"{shown_name(str(path))} is not a checkpoint of an audit log"
        raise UnreadableInput(what, "Name a checkpoint that was kept elsewhere") from None


def verify_certificate(
    certificate: DisposalCertificate, known: CheckpointVerifier | None = None, kept: str | None = None
) -> CertificateVerification:
    """The answers about a certificate: ``known`` is the key, ``kept`` a signed checkpoint that the reader has."""
    statement, entry, says = _statement(certificate)
    return CertificateVerification(
        statement,
        _log(certificate, entry),
        _signer(certificate, known, kept),
        says if statement.state is State.HOLDS else None,
    )


def check_certificate(certificate: DisposalCertificate, key: CheckpointVerifier) -> None:
    """``ValueError`` that says what does not hold, for somebody who has the key."""
    found = verify_certificate(certificate, key)
    for answer in found.answers.values():
        if answer.state is not State.HOLDS:
            raise ValueError("; ".join(answer.said))


def _broken(why: str) -> Answer:
    return Answer(State.BROKEN, (why,))


def _statement(certificate: DisposalCertificate) -> tuple[Answer, Mapping[str, Json], Mapping[str, Json]]:
    """Whether the statement is that of the entry; and both, as far as they can be read."""
    try:
        entry = standalone.document(certificate.proof.body.encode(), "the entry of the audit log")
        said = standalone.document(certificate.statement.encode(), "the statement")
        read_canonical(certificate.statement.encode())
    except (ValueError, standalone.DoesNotHold) as fault:
        return _broken(f"entry or statement are not as they are written: {standalone.clean(str(fault))}"), {}, {}
    detail = entry.get("detail")
    digest = detail.get("statement") if isinstance(detail, dict) else None
    if digest != Digest.of_bytes(certificate.statement.encode()).sha256:
        return _broken("the statement is not the one that the audit log holds"), entry, said
    if entry.get("tag") != Tag.DISPOSAL_FINISHED or entry.get("object") != said.get("disposal"):
        return _broken("the entry is about something else"), entry, said
    return Answer(State.HOLDS, ("the statement is the one whose SHA-256 the audit log holds",)), entry, said


def _log(certificate: DisposalCertificate, entry: Mapping[str, Json]) -> Answer:
    """Whether the entry is under the checkpoint, and the checkpoint signed with the key that the file names."""
    proof, seq = certificate.proof, entry.get("seq")
    if not all(_HEX.fullmatch(one) for one in (proof.prev, *proof.path)) or type(seq) is not int:
        return _broken("the way from the entry to the checkpoint cannot be read")
    try:
        key = CheckpointVerifier.parse(certificate.key) if certificate.key else None
        checkpoint = key.open(proof.checkpoint) if key else Checkpoint.parse(proof.checkpoint)
    except (ValueError, CustodyError) as fault:
        return _broken(f"the checkpoint {standalone.clean(str(fault))}")
    leaf = merkle.leaf_hash(bytes.fromhex(proof.prev) + proof.body.encode())
    steps = [bytes.fromhex(step) for step in proof.path]
    if not merkle.is_included(leaf, seq - 1, checkpoint.size, steps, checkpoint.root):
        return _broken("the entry is not in the audit log that was signed")
    return Answer(State.HOLDS, (f"it is entry {seq} of the {checkpoint.size} that were signed",))


def _signer(certificate: DisposalCertificate, known: CheckpointVerifier | None, kept: str | None) -> Answer:
    """Whether the key that the reader knows signed the checkpoint, and whether the one they kept says the same."""
    note = certificate.proof.checkpoint
    if known is None:
        said = "nobody can tell from the file alone whose key signed it; get the agency's public key from the agency"
        return Answer(State.NOT_KNOWN, (said,))
    try:
        checkpoint = known.open(note)
    except ValueError:
        why = (
            "the checkpoint is not signed with the key that you gave; where the agency has replaced its key since then,"
        )
        return _broken(f"{why} get the new one")
    holds = f"the checkpoint is signed with the key that you gave, of {standalone.clean(known.name)}"
    if kept is None:
        return Answer(State.HOLDS, (holds,))
    try:
        other = known.open(kept)
    except ValueError:
        return _broken("the checkpoint that you gave is not signed with the key that you gave")
    if other.size == checkpoint.size and other.root != checkpoint.root:
        return _broken("the checkpoint that you kept tells another story of the same entries")
    if other.size != checkpoint.size:
        sizes = f"yours is over {other.size} entries, this one over {checkpoint.size}: they cannot be compared"
        return Answer(State.HOLDS, (holds, sizes))
    return Answer(State.HOLDS, (holds, "it is the same as the one that you kept"))


def in_words(says: Mapping[str, Json]) -> str:
    """What a statement that holds says, in half a sentence."""
    recordings = says.get("recordings")
    count = counted(len(recordings), "recording") if isinstance(recordings, list) else "nothing"
    return f"{count} went with the disposal {standalone.clean(says.get('disposal'))}"
