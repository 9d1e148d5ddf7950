"""Publish an approved release: sign the clip, build the package, write it into the audit log, prove it, pack it.

The package is prepared as a draft in the library's ``releases`` folder, put in place as ``releases/<id>/`` and written
into the audit log in one transaction, and only if the release is still approved then. A stop before that leaves the
release approved; a stop after it leaves a published release whose proof and zip the next call completes. What is
handed out is always whole.
"""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bodyworn import __version__
from bodyworn.custody import manifest
from bodyworn.custody.audit_log import AuditLog
from bodyworn.custody.certificates import Identity, common_name
from bodyworn.domain.digest import Digest
from bodyworn.domain.errors import Code, CustodyError
from bodyworn.domain.event import Event, Tag, now, stamp
from bodyworn.domain.recording import Recording
from bodyworn.domain.release import Act, PublicationDetail, Release, ReleaseState
from bodyworn.domain.span import Span, clock
from bodyworn.releases import package, papers
from bodyworn.releases.captions import SpokenTurn, captions, to_srt, to_vtt
from bodyworn.releases.exemptions import Exemption, to_csv, to_lines
from bodyworn.releases.ledger import ReleaseLedger
from bodyworn.releases.standalone.verify import STATEMENT
from bodyworn.storage.files import draft_name, sweep

#: A JPEG of one frame of a file at a time in milliseconds.
Still = Callable[[Path, int], bytes]


@dataclass(frozen=True)
class PackageInputs:
    """What a package is made from besides the clip.

    ``utterances`` are those of the recording; ``masked`` the spans of it whose sound is hidden, ``log`` and ``edits``
    what the plan hid, in times of the clip. ``still`` takes a picture out of the rendered clip.
    """

    recording: Recording
    original: Path
    utterances: Sequence[SpokenTurn]
    masked: Sequence[Span]
    log: Sequence[Exemption]
    edits: Sequence[manifest.ManifestEdit]
    still: Still


class Publisher:
    """Makes packages for one library, under ``folder``.

    ``clip_of`` gives the rendered clip of a release; ``verifier`` is the audit log's public key as text.
    """

    def __init__(
        self,
        folder: Path,
        clip_of: Callable[[Release], Path],
        ledger: ReleaseLedger,
        audit_log: AuditLog,
        verifier: str,
    ) -> None:
        self._folder, self._clip_of, self._ledger = folder, clip_of, ledger
        self._audit_log, self._verifier = audit_log, verifier

    def publish(self, release: Release, inputs: PackageInputs, identity: Identity) -> Path:
        """Publish, or complete a publication that was stopped; the zip, with the folder beside it."""
        folder = self._folder / release.id
        if release.state is not ReleaseState.PUBLISHED:
            self._ledger.must_allow(release, Act.PUBLISH)
            draft = self._draft(release)
            try:
                self._fill(draft, release, inputs, identity)
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

    def _fill(self, draft: Path, release: Release, inputs: PackageInputs, identity: Identity) -> None:
        rendered = self._clip_of(release)
        statement = self._statement(release, inputs)
        stated = ("release", "agency", "rendered_sha256", "plan_sha256", "original_sha256")
        manifest.sign_release(
            rendered,
            draft / package.CLIP,
            title=statement.title,
            original=inputs.original,
            original_sidecar=manifest.seal_original(inputs.original, "original recording", identity),
            edits=inputs.edits,
            facts={name: getattr(statement, name) for name in stated},
            identity=identity,
        )
        package.build(draft, self._contents(rendered, release, inputs, statement, identity), statement, identity)

    def _statement(self, release: Release, inputs: PackageInputs) -> package.ReleaseStatement:
        """What the statement says in public. People of the agency are counted, not named."""
        render, request = release.render, release.request
        return package.ReleaseStatement(
            schema=package.SCHEMA,
            release=release.id,
            agency=request.agency,
            title=request.title,
            legal_authority=request.legal_authority,
            made_at=stamp(release.made.at),
            rendered_sha256=release.clip_sha256,
            plan_sha256=render.plan_sha256,
            original_sha256=inputs.recording.sha256,
            part_ms=(render.start_ms, render.end_ms),
            approvals=len(release.approvers),
            approval_accounts=len(release.approval_accounts),
            approval_caution=release.approval_caution,
            leaks_reported=render.leaks,
            record=package.LogKey(self._verifier),
            software=f"bodyworn {__version__}",
        )

    def _contents(
        self,
        rendered: Path,
        release: Release,
        inputs: PackageInputs,
        statement: package.ReleaseStatement,
        identity: Identity,
    ) -> package.Contents:
        request, render = release.request, release.render
        lines = captions(inputs.utterances, Span(render.start_ms, render.end_ms), inputs.masked)
        return package.Contents(
            captions_vtt=to_vtt(lines),
            captions_srt=to_srt(lines),
            caption=request.caption,
            credit=request.credit,
            papers={
                "exemptions.pdf": papers.to_pdf("exemptions", _exemption_paper(release, inputs)),
                "certificate-draft.pdf": papers.to_pdf("certificate", self._certificate(release, inputs)),
            },
            exemptions_csv=to_csv(inputs.log),
            still_jpg=inputs.still(rendered, request.still_ms) if request.still_ms is not None else None,
            readme=package.readme(statement, common_name(identity.chain[0]), identity.authority_fingerprint),
        )

    def _certificate(self, release: Release, inputs: PackageInputs) -> papers.CertificatePaper:
        recording, render = inputs.recording, release.render
        if Digest.of_file(inputs.original).sha256 != recording.sha256:
            raise CustodyError(
                "the stored original was changed", "Verify the custody of the library", Code.CUSTODY_FAULT
            )
        checkpoint, _ = self._audit_log.proof(1)
        caution = f"; {release.approval_caution}" if release.approval_caution else ""
        return papers.CertificatePaper(
            release=release.id,
            agency=release.request.agency,
            recording=recording.id,
            taken_in_at=stamp(recording.taken_in_at),
            taken_in_by="as the audit log shows",
            size_bytes=str(recording.size_bytes),
            original_sha256=recording.sha256,
            part=f"{clock(render.start_ms)} to {clock(render.end_ms)} of the recording",
            clip_sha256=release.clip_sha256,
            plan_sha256=render.plan_sha256,
            approved_by=f"{len(release.approvers)} people, as the audit log shows{caution}",
            software=f"bodyworn {__version__}",
            checkpoint=f"{checkpoint.origin}, {checkpoint.size} rows",
            verified_at=stamp(now()),
            verified_result="it is unchanged",
            unavoidable="The clip was encoded again; cuts, masks and muted sound are listed in the exemption log.",
        )

    def _prove(self, folder: Path, release: Release) -> Path:
        """Write the proof for the event that speaks of this folder's statement, and pack."""
        if not (folder / STATEMENT).is_file():
            raise CustodyError(f"the package of {release.id} is missing from the library", "Restore it from its backup")
        row = self._audit_log.find(Tag.RELEASE_PUBLISHED, release.id)
        event = Event.from_json(json.loads(row.body))
        if event.detail.get("statement") != Digest.of_file(folder / STATEMENT).sha256:
            raise CustodyError(
                f"the package of {release.id} is not the one in the audit log", "Restore it from its backup"
            )
        checkpoint, path = self._audit_log.proof(row.seq)
        steps = tuple(step.hex() for step in path)
        signed = self._audit_log.signed(checkpoint)
        return package.prove(folder, package.InclusionProof(row.body.decode(), row.prev.hex(), steps, signed))


def _put_in_place(draft: Path, folder: Path) -> None:
    """Let the draft be the package; what a stopped publication left there goes."""
    shutil.rmtree(folder, ignore_errors=True)
    draft.replace(folder)


def _exemption_paper(release: Release, inputs: PackageInputs) -> papers.ExemptionPaper:
    request = release.request
    return papers.ExemptionPaper(
        release=release.id,
        agency=request.agency,
        legal_authority=request.legal_authority,
        plan_sha256=release.render.plan_sha256,
        clip_sha256=release.clip_sha256,
        requester=request.requester,
        request=request.request_date,
        rows=to_lines(inputs.log),
    )
