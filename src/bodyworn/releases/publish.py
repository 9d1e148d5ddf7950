"""Publish an approved release: sign the clip, write what was approved, put it into the audit log, prove it, pack it.

The package is prepared as a draft in the library's ``releases`` folder, put in place as ``releases/<id>/`` and written
into the audit log in one transaction, and only if the release is still approved then. A stop before that leaves the
release approved; a stop after it leaves a published release whose proof and zip the next call completes. What is
handed out is always whole.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bodyworn.custody.audit_log import AuditLog
from bodyworn.custody.certificates import Identity, certified_record, pem
from bodyworn.custody.checkpoint import CheckpointVerifier
from bodyworn.custody.entry import read_event
from bodyworn.custody.manifest_signing import seal_original, sign_release
from bodyworn.domain.digest import Digest
from bodyworn.domain.errors import CustodyError
from bodyworn.domain.event import Tag, now
from bodyworn.domain.release import Act, PublicationDetail, Release, ReleaseState
from bodyworn.releases import package
from bodyworn.releases.contents import ReleaseContents, read_contents, read_edits
from bodyworn.releases.ledger import ReleaseLedger
from bodyworn.releases.package import STATEMENT
from bodyworn.storage.files import draft_name, said_clearly, sweep
from bodyworn.storage.objects.local import digest, nobody


@dataclass(frozen=True)
class Approved:
    """What was approved, read again from the object store and found unchanged.

    ``read`` gives the bytes of an object by its digest and raises :class:`CustodyError` where they changed.
    """

    clip: Path
    original: Path
    read: Callable[[str], bytes]


class Publisher:
    """Makes packages for one library, under ``folder``; ``verifier`` is the audit log's public key as text.

    ``time_authority`` is the address of an RFC 3161 authority for the manifest's time stamp; empty for none.
    """

    def __init__(
        self, folder: Path, ledger: ReleaseLedger, audit_log: AuditLog, verifier: str, time_authority: str = ""
    ) -> None:
        self._folder, self._ledger, self._audit_log = folder, ledger, audit_log
        self._verifier, self._time_authority = verifier, time_authority

    def publish(self, release: Release, approved: Callable[[Release], Approved], identity: Identity) -> Path:
        """Publish, or complete a publication that was stopped; the zip, with the folder beside it."""
        folder = self._folder / release.id
        with said_clearly(self._folder.parent):
            if release.state is not ReleaseState.PUBLISHED:
                self._ledger.must_allow(release, Act.PUBLISH)
                draft = self._draft(release)
                try:
                    self._fill(draft, release, approved(release), identity)
                    detail = PublicationDetail(
                        statement=Digest.of_file(draft / STATEMENT).sha256,
                        published_clip=Digest.of_file(draft / package.CLIP).sha256,
                    )
                    self._ledger.do(release, Act.PUBLISH, detail, before=partial(_put_in_place, draft, folder))
                finally:
                    shutil.rmtree(draft, ignore_errors=True)
                self._audit_log.seal()
            return self._prove(folder, release)

    def _draft(self, release: Release) -> Path:
        """A new folder of this process; what dead processes left is swept."""
        self._folder.mkdir(parents=True, exist_ok=True)
        sweep(self._folder)
        draft = self._folder / draft_name(f"{release.id}-{secrets.token_hex(4)}")
        draft.mkdir()
        return draft

    def _fill(self, draft: Path, release: Release, approved: Approved, identity: Identity) -> None:
        record_pem = self._record_pem(identity)
        data = approved.read(release.contents_sha256)
        contents = read_contents(data)
        if (contents.release, contents.rendered_sha256) != (release.id, release.clip_sha256):
            raise CustodyError(f"the contents of {release.id} are of another clip", "Make the release again")
        (draft / package.CONTENTS).write_bytes(data)
        for name, sha256 in contents.files.items():
            (draft / name).write_bytes(approved.read(sha256))
        stated = ("release", "agency", "title", "rendered_sha256", "plan_sha256", "original_sha256")
        facts = {name: getattr(contents, name) for name in stated}
        with _exactly(approved.clip, release.clip_sha256, draft) as rendered:
            sign_release(
                rendered,
                draft / package.CLIP,
                title=contents.title,
                original=approved.original,
                original_sidecar=seal_original(approved.original, "original recording", identity),
                edits=read_edits(approved.read(contents.edits_sha256)),
                facts={**facts, "contents_sha256": release.contents_sha256},
                identity=identity,
                time_authority=self._time_authority,
            )
        package.seal_statement(draft, self._statement(release, contents), record_pem, identity)

    def _record_pem(self, identity: Identity) -> str:
        verifier = CheckpointVerifier.parse(self._verifier)
        return pem(certified_record(identity, verifier.name, verifier.key, now()))

    def _statement(self, release: Release, contents: ReleaseContents) -> package.ReleaseStatement:
        """What the statement says in public. People of the agency are counted, not named."""
        return package.ReleaseStatement(
            schema=package.SCHEMA,
            release=contents.release,
            agency=contents.agency,
            title=contents.title,
            legal_authority=contents.legal_authority,
            made_at=contents.made_at,
            contents_sha256=release.contents_sha256,
            rendered_sha256=contents.rendered_sha256,
            plan_sha256=contents.plan_sha256,
            original_sha256=contents.original_sha256,
            part_ms=contents.part_ms,
            approvals=len(release.approvers),
            approval_accounts=len(release.approval_accounts),
            approval_caution=release.approval_caution,
            leaks_reported=contents.leaks_reported,
            record=package.LogKey(self._verifier),
            software=contents.software,
        )

    def _prove(self, folder: Path, release: Release) -> Path:
        """Write the proof for the event that speaks of this folder's statement, and pack."""
        if not (folder / STATEMENT).is_file():
            raise CustodyError(f"the package of {release.id} is missing from the library", "Restore it from its backup")
        row = self._audit_log.find(Tag.RELEASE_PUBLISHED, release.id)
        if read_event(row).detail.get("statement") != Digest.of_file(folder / STATEMENT).sha256:
            raise CustodyError(
                f"the package of {release.id} is not the one in the audit log", "Restore it from its backup"
            )
        checkpoint, path = self._audit_log.proof(row.seq)
        steps = tuple(step.hex() for step in path)
        signed = self._audit_log.signed(checkpoint)
        return package.prove(folder, package.InclusionProof(row.body.decode(), row.prev.hex(), steps, signed))


@contextmanager
def _exactly(clip: Path, sha256: str, folder: Path) -> Iterator[Path]:
    """A copy of the clip in ``folder`` that was hashed on its way and that no one else writes; gone after the block."""
    copy = folder / ".rendered.mp4"
    with clip.open("rb") as file, copy.open("xb") as out:
        copied = digest(file, nobody, out)
    if copied.sha256 != sha256:
        raise CustodyError("the rendered clip was changed, so its approvals are void", "Make the release again")
    try:
        yield copy
    finally:
        copy.unlink(missing_ok=True)


def _put_in_place(draft: Path, folder: Path) -> None:
    """Let the draft be the package; what a stopped publication left there goes."""
    shutil.rmtree(folder, ignore_errors=True)
    draft.replace(folder)
