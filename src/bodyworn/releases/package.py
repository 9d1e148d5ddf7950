"""The folder that goes out: what was approved, the signed clip, the statement with its signature, and the proof.

``seal_statement`` writes everything but the proof, because the statement's digest has to stand in the audit log first;
``prove`` adds the proof and makes the zip. Both are safe to repeat.
"""

from __future__ import annotations

import base64
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from bodyworn.custody.certificates import Identity, pem
from bodyworn.domain.codec import json_name, omit_default, to_json
from bodyworn.domain.digest import Digest
from bodyworn.releases.standalone.verify import (
    CHAIN,
    CLIP,
    CLIP_DIGEST,
    CONTENTS,
    PROOF,
    RECORD,
    SCHEMA,
    SIGNATURE,
    STATEMENT,
)
from bodyworn.storage.canonical import canonical_json
from bodyworn.storage.files import unfinished, write_whole

__all__ = ["CHAIN", "CLIP", "CLIP_DIGEST", "CONTENTS", "PROOF", "RECORD", "SCHEMA", "SIGNATURE", "STATEMENT"]


@dataclass(frozen=True)
class LogKey:
    """The public key of the agency's audit log, as a signed note names it."""

    verifier: str


@dataclass(frozen=True)
class ReleaseStatement:
    """What ``release.json`` says in public. People of the agency are counted, not named.

    ``contents_sha256`` is what was approved. ``approval_accounts`` is how many accounts the approvals came from; where
    something has to be told with them, ``approval_caution`` says it. ``files`` are names to SHA-256.
    """

    schema: str
    release: str
    agency: str
    title: str
    legal_authority: str = field(metadata=json_name("authority"))
    made_at: str
    contents_sha256: str
    rendered_sha256: str
    plan_sha256: str
    original_sha256: str
    part_ms: tuple[int, int]
    approvals: int
    approval_accounts: int
    approval_caution: str = field(metadata=omit_default(), kw_only=True, default="")
    leaks_reported: int
    record: LogKey
    software: str
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class InclusionProof:
    """``proof.json``: the event about the statement, and its way to the signed checkpoint (RFC 6962, hex)."""

    body: str
    prev: str
    path: tuple[str, ...]
    checkpoint: str


def seal_statement(folder: Path, facts: ReleaseStatement, record_pem: str, identity: Identity) -> str:
    """Write the digest of the clip, the signed statement over all files, and the chains; the statement's SHA-256.

    What was approved and the signed clip are in ``folder`` already; ``record_pem`` certifies the audit log's key.
    """
    (folder / CLIP_DIGEST).write_text(f"{Digest.of_file(folder / CLIP)}  {CLIP}\n", newline="")
    listed = {path.name: Digest.of_file(path).sha256 for path in sorted(folder.iterdir())}
    statement = canonical_json(to_json(replace(facts, files=listed)))
    (folder / STATEMENT).write_bytes(statement)
    (folder / SIGNATURE).write_text(_signature(statement, identity), newline="")
    (folder / CHAIN).write_text(pem(identity.chain), newline="")
    (folder / RECORD).write_text(record_pem, newline="")
    return Digest.of_bytes(statement).sha256


def prove(folder: Path, proof: InclusionProof) -> Path:
    """Add the proof of the audit log and pack everything beside the folder; the path of the zip."""
    write_whole(folder / PROOF, json.dumps(to_json(proof), indent=1) + "\n")
    packed = folder.with_suffix(".zip")
    with unfinished(packed) as draft, zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, f"{folder.name}/{path.name}")
    return packed


def _signature(data: bytes, identity: Identity) -> str:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    return base64.b64encode(identity.key.sign(data, ec.ECDSA(hashes.SHA256()))).decode() + "\n"
