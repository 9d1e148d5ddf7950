"""Publish an approved release: sign the clip, build the package, write it into the audit log, prove it, pack it.

The package is prepared inside the library under ``releases/<id>/``. A stop before the audit log was written leaves the
release approved and a draft that the next call replaces; a stop after it leaves a published release whose proof and
zip the next call completes. What is handed out is always whole.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bodyworn import __version__
from bodyworn.custody import manifest
from bodyworn.custody.audit_log import AuditLog
from bodyworn.custody.certificates import Identity, common_name
from bodyworn.domain.digest import Digest
from bodyworn.domain.errors import Code, CustodyError
from bodyworn.domain.event import Tag, now, stamp
from bodyworn.domain.recording import Recording
from bodyworn.domain.release import Act, Release, ReleaseState
from bodyworn.domain.span import Span, clock
from bodyworn.releases import package, papers
from bodyworn.releases.captions import captions, to_srt, to_vtt
from bodyworn.releases.exemptions import Exemption, to_csv, to_rows
from bodyworn.releases.service import Releases
from bodyworn.releases.standalone.verify import STATEMENT

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
    utterances: Sequence[Mapping[str, Any]]
    masked: Sequence[Span]
    log: Sequence[Exemption]
    edits: Sequence[manifest.ManifestEdit]
    still: Still


class Publisher:
    """Makes packages for one library, under ``folder``."""

    def __init__(self, folder: Path, releases: Releases, audit_log: AuditLog, verifier: str) -> None:
        self._folder, self._releases, self._audit_log, self._verifier = folder, releases, audit_log, verifier

    def publish(self, release: Release, matter: PackageInputs, identity: Identity) -> Path:
        """Publish, or complete a publication that was stopped; the zip, with the folder beside it."""
        folder = self._folder / release.id
        if release.state is not ReleaseState.PUBLISHED:
            self._releases.must_allow(release, Act.PUBLISH)
            self._prepare(folder, release, matter, identity)
            statement = Digest.of_file(folder / STATEMENT).sha256
            clip = Digest.of_file(folder / package.CLIP).sha256
            self._releases.record_publication(release, {"statement": statement, "published_clip": clip})
            self._audit_log.seal()
        return self._prove(folder, release)

    def _prepare(self, folder: Path, release: Release, matter: PackageInputs, identity: Identity) -> None:
        draft = folder.with_name(f".{folder.name}.draft")
        for old in (draft, folder):
            shutil.rmtree(old, ignore_errors=True)
        draft.mkdir(parents=True)
        rendered = self._releases.clip_of(release)
        facts = self._facts(release, matter)
        self._sign(draft, rendered, matter, facts, identity)
        package.build(draft, self._contents(rendered, release, matter, facts, identity), facts, identity)
        draft.replace(folder)

    def _facts(self, release: Release, matter: PackageInputs) -> dict[str, Any]:
        """What the statement says in public. People of the agency are counted, not named."""
        render = release.render
        terms = render.detail["terms"]
        return {
            "release": release.id,
            "agency": terms["agency"],
            "title": terms["title"],
            "authority": terms["authority"],
            "made_at": stamp(render.at),
            "rendered_sha256": release.clip_sha256,
            "plan_sha256": render.detail["plan_sha256"],
            "original_sha256": matter.recording.sha256,
            "part_ms": [render.detail["start_ms"], render.detail["end_ms"]],
            "approvals": len(release.approvers),
            "leaks_reported": render.detail["leaks"],
            "record": {"verifier": self._verifier},
            "software": f"bodyworn {__version__}",
        }

    def _sign(
        self,
        draft: Path,
        rendered: Path,
        matter: PackageInputs,
        facts: Mapping[str, Any],
        identity: Identity,
    ) -> None:
        sidecar = manifest.seal_original(matter.original, "original recording", identity)
        stated = {key: facts[key] for key in ("release", "agency", "rendered_sha256", "plan_sha256", "original_sha256")}
        manifest.sign_release(
            rendered,
            draft / package.CLIP,
            title=facts["title"],
            original=matter.original,
            original_sidecar=sidecar,
            edits=matter.edits,
            facts=stated,
            identity=identity,
        )

    def _contents(
        self, rendered: Path, release: Release, matter: PackageInputs, facts: Mapping[str, Any], identity: Identity
    ) -> package.Contents:
        terms = release.render.detail["terms"]
        part = Span(*facts["part_ms"])
        lines = captions(matter.utterances, part, matter.masked)
        fingerprint = identity.authority_fingerprint
        common = {key: facts[key] for key in ("release", "agency", "plan_sha256", "authority")}
        common |= {"clip_sha256": facts["rendered_sha256"]}
        log = {**common, "requester": terms["requester"], "request": terms["request_date"], "rows": to_rows(matter.log)}
        return package.Contents(
            captions_vtt=to_vtt(lines),
            captions_srt=to_srt(lines),
            caption=terms["caption"],
            credit=terms["credit"],
            papers={
                "exemptions.pdf": papers.to_pdf("exemptions", log),
                "certificate-draft.pdf": papers.to_pdf("certificate", self._certificate(common, release, matter, part)),
            },
            exemptions_csv=to_csv(matter.log),
            still_jpg=matter.still(rendered, terms["still_ms"]) if terms["still_ms"] is not None else None,
            readme=package.readme(facts, common_name(identity.chain[0]), fingerprint),
        )

    def _certificate(
        self, common: Mapping[str, Any], release: Release, matter: PackageInputs, part: Span
    ) -> dict[str, Any]:
        same = Digest.of_file(matter.original).sha256 == matter.recording.sha256
        if not same:
            raise CustodyError(
                "the stored original was changed", "Verify the custody of the library", Code.CUSTODY_FAULT
            )
        checkpoint, _ = self._audit_log.proof(1)
        return {
            **common,
            "recording": matter.recording.id,
            "taken_in_at": stamp(matter.recording.taken_in_at),
            "taken_in_by": "as the audit log shows",
            "size_bytes": str(matter.recording.size_bytes),
            "original_sha256": matter.recording.sha256,
            "part": f"{clock(part.start_ms)} to {clock(part.end_ms)} of the recording",
            "approved_by": f"{len(release.approvers)} people, as the audit log shows",
            "software": f"bodyworn {__version__}",
            "checkpoint": f"{checkpoint.origin}, {checkpoint.size} rows",
            "verified_at": stamp(now()),
            "verified_result": "it is unchanged",
            "unavoidable": "The clip was encoded again; cuts, masks and muted sound are listed in the exemption log.",
        }

    def _prove(self, folder: Path, release: Release) -> Path:
        """Write the proof for the event that speaks of this folder's statement, and pack."""
        if not (folder / STATEMENT).is_file():
            raise CustodyError(f"the package of {release.id} is missing from the library", "Restore it from its backup")
        row = self._audit_log.find(Tag.RELEASE_PUBLISHED, release.id)
        body = json.loads(row.body)
        if body["detail"].get("statement") != Digest.of_file(folder / STATEMENT).sha256:
            raise CustodyError(
                f"the package of {release.id} is not the one in the audit log", "Restore it from its backup"
            )
        checkpoint, path = self._audit_log.proof(row.seq)
        proof = {
            "body": row.body.decode(),
            "prev": row.prev.hex(),
            "path": [step.hex() for step in path],
            "checkpoint": self._audit_log.signed(checkpoint),
        }
        return package.prove(folder, proof)
