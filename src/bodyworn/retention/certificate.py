"""The certificate of a disposal: a statement, and the proof that the signed audit log holds exactly that statement.

The statement has digests, reasons and people, and nothing of what the recordings held. Its SHA-256 stands in an entry
of the audit log, and the proof leads from that entry to a checkpoint that is signed with the key of the log (RFC 6962).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from bodyworn.custody.audit_log import AuditLog
from bodyworn.custody.entry import read_event
from bodyworn.domain.codec import Json, to_json
from bodyworn.domain.codec_fields import omit_default
from bodyworn.domain.digest import Digest
from bodyworn.domain.errors import Code, CustodyError
from bodyworn.domain.event import Tag, stamp
from bodyworn.domain.retention import Disposal, Tombstone
from bodyworn.releases.package import InclusionProof
from bodyworn.storage.objects.local import LocalObjects

SCHEMA = "https://bodyworn.org/schema/disposal-1.json"
#: What was done to the database, and what it cannot promise, by kind of database.
PROMISES = {
    "sqlite": "The database file was written anew and its log cut to nothing. Backups, snapshots of the disk, and what "
    "a drive keeps of overwritten blocks are beyond the program.",
    "postgresql": "All tables were written anew. The server's write-ahead log, its replicas, backups, and snapshots "
    "of the disk keep older pages until they are recycled or removed, which is for the server's administrator to do.",
}


@dataclass(frozen=True)
class DisposalCertificate:
    """``statement`` is canonical JSON, as it was hashed; ``proof`` leads from its entry to a signed checkpoint.

    ``key`` is the public key that signed the checkpoint, as the log itself says; whose it is, nobody can tell from it.
    """

    schema: str
    statement: str
    proof: InclusionProof
    key: str = field(default="", metadata=omit_default())  # certificates of earlier versions name none


def statement_of(disposal: Disposal, left: Sequence[Tombstone], database: str) -> dict[str, Json]:
    """What a certificate says."""
    return {
        "schema": SCHEMA,
        "disposal": disposal.id,
        "rules_sha256": disposal.rules_sha256,
        "proposed": {"by": str(disposal.by), "at": stamp(disposal.at)},
        "steps": [
            {"act": step.act.value, "by": str(step.by), "at": stamp(step.at), "note": step.note}
            for step in disposal.steps
        ],
        "recordings": [to_json(one) for one in left],
        "database": PROMISES[database],
    }


def certificate_of(audit_log: AuditLog, objects: LocalObjects, disposal: Disposal) -> DisposalCertificate:
    """The certificate of a disposal that is done; :class:`CustodyError` if what is stored of it does not hold."""
    row = audit_log.find(Tag.DISPOSAL_FINISHED, disposal.id)
    digest = str(read_event(row).detail.get("statement"))
    path = objects.path(digest)
    data = path.read_bytes() if path.is_file() else b""
    if Digest.of_bytes(data).sha256 != digest:
        what = f"the statement of {disposal.id} is not as it was stored"
        raise CustodyError(what, "Verify the custody of the library", Code.CUSTODY_FAULT)
    checkpoint, steps = audit_log.proof(row.seq)
    proof = InclusionProof(
        row.body.decode(), row.prev.hex(), tuple(step.hex() for step in steps), audit_log.signed(checkpoint)
    )
    return DisposalCertificate(SCHEMA, data.decode(), proof, str(audit_log.verifier))


def as_text(certificate: DisposalCertificate) -> str:
    """The certificate for people to read."""
    said = json.loads(certificate.statement)
    lines = [
        f"Certificate of disposal {said['disposal']}",
        "",
        f"Proposed  {said['proposed']['at']}  {said['proposed']['by']}",
        *(
            f"{step['act'].capitalize():9} {step['at']}  {step['by']}  {step['note']}".rstrip()
            for step in said["steps"]
        ),
        f"Rules file, SHA-256: {said['rules_sha256']}",
    ]
    for one in said["recordings"]:
        rule = one["rule"]
        lines += [
            "",
            f"Recording {one['recording']}, {one['size_bytes']} bytes, ingested {one['ingested_at']}",
            f"  SHA-256 {one['sha256']}",
            f"  SHA-512 {one['sha512']}",
            f"  disposed of {one['disposed_at']}: {rule['category']}/{rule['outcome']}, {rule['days']} days",
            f"  basis: {rule['basis']} (checked by {rule['checked_by']} on {rule['checked_on']})",
            f"  gone: {one['rows']} rows, {len(one['objects'])} stored files: {', '.join(one['objects'])}",
            f"  with: {', '.join(one['ids'])}",
        ]
        if one.get("packages"):
            lines.append(f"  published packages of which the library's copy stays: {', '.join(one['packages'])}")
    signed = certificate.proof.checkpoint.rstrip("\n")
    digest = Digest.of_bytes(certificate.statement.encode()).sha256
    lines += ["", said["database"], "", f"SHA-256 of the statement in the audit log: {digest}", "", signed]
    return "\n".join(lines) + "\n"
