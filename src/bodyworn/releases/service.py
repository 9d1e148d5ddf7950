"""Releases of a library: make, review the leaks, approve, publish, withdraw.

Every step is a row of evidence and an event in one transaction. What a step is about is the SHA-256 of the exact
rendered file; before each step the stored file is hashed again, so a changed file voids what was approved.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bodyworn.access.access import Access
from bodyworn.custody.audit_log import AuditLog
from bodyworn.domain.errors import Code, CustodyError, NotFound
from bodyworn.domain.event import Tag
from bodyworn.domain.event_details import Viewed
from bodyworn.domain.progress import no_progress
from bodyworn.domain.recording import Recording, shown_name
from bodyworn.domain.release import (
    Act,
    ApprovalDetail,
    LeakReport,
    Release,
    ReleaseRequest,
    ReleaseState,
    RenderDetail,
    ReviewDetail,
    WithdrawalDetail,
)
from bodyworn.domain.visibility import Thing
from bodyworn.releases.clock import days
from bodyworn.releases.ledger import ReleaseLedger, StoredClip
from bodyworn.storage.objects.local import LocalObjects

if TYPE_CHECKING:
    from bodyworn.custody.certificates import Identity
    from bodyworn.releases.publish import PackageInputs


@dataclass(frozen=True)
class RenderedClip:
    """A rendered clip: the file, the plan it was made by (canonical bytes), which part it is, and what the check found.

    ``start_ms`` and ``end_ms`` are times of the recording.
    """

    clip: Path
    plan: bytes
    start_ms: int
    end_ms: int
    leaks: LeakReport = field(default_factory=LeakReport)


@dataclass(frozen=True)
class Publishing:
    """What publishing needs of the library: where packages go, the audit log's public key, and what goes in."""

    folder: Path
    verifier: Callable[[], str]
    inputs: Callable[[Release, Releases], PackageInputs]


class Releases:
    """The releases of one library."""

    def __init__(
        self, ledger: ReleaseLedger, objects: LocalObjects, audit_log: AuditLog, access: Access, publishing: Publishing
    ) -> None:
        self._ledger, self._objects, self._audit_log = ledger, objects, audit_log
        self._access, self._publishing = access, publishing

    def make(
        self, recording: Recording, rendered: RenderedClip, request: ReleaseRequest, again: Release | None = None
    ) -> Release:
        """Open a release for a rendered clip; with ``again``, a new render of a release that voids its approvals.

        Raises :class:`InputError` for a day of the request that is none.
        """
        new = Thing("releases", attributes={"recording_id": recording.id})
        self._access.require("releases.make", new if again is None else thing_of(again))
        days(request=request.request_date, officer=request.officer_notified, family=request.family_notified)
        if again is not None:
            self._ledger.must_allow(again, Act.MAKE)
        clip = self._objects.put(rendered.clip, _quietly)
        plan = self._objects.put_bytes(rendered.plan)
        detail = RenderDetail(
            plan_sha256=plan.sha256,
            start_ms=rendered.start_ms,
            end_ms=rendered.end_ms,
            leaks=rendered.leaks.count,
            leak_report=rendered.leaks,
            request=request,
        )
        stored = StoredClip(clip.sha256, (clip.sha256, plan.sha256))
        if again is None:
            made = self._ledger.open(recording.id, stored, detail)
        else:
            made = self._ledger.make_again(again, stored, detail)
        self._audit_log.seal()
        return made

    def review_leaks(self, release: Release, note: str) -> Release:
        """State that a person looked at every reported leak, and what they decided."""
        self._access.require("releases.review_leaks", thing_of(release))
        return self._do(release, Act.REVIEW_LEAKS, ReviewDetail(note=note))

    def approve(self, release: Release, note: str = "") -> Release:
        """Approve exactly these bytes; a second approval must come from a different person."""
        self._access.require("releases.approve", thing_of(release))
        return self._do(release, Act.APPROVE, ApprovalDetail(note=note))

    def publish(self, release: Release, identity: Callable[[], Identity]) -> Path:
        """Sign the clip and build its package, or complete a publication that was stopped; the zip.

        The key is asked for when the release may be published: what the release lacks is told before what the machine
        lacks.
        """
        from bodyworn.releases.publish import Publisher

        self._access.require("releases.publish", thing_of(release))
        if self._ledger.now(release).state is not ReleaseState.PUBLISHED:
            self._ledger.must_allow(release, Act.PUBLISH)
        signing = identity()
        place = self._publishing
        publisher = Publisher(place.folder, self._clip, self._ledger, self._audit_log, place.verifier())
        return publisher.publish(self._ledger.now(release), place.inputs(release, self), signing)

    def withdraw(self, release: Release, why: str) -> Release:
        """Take a release back, with the reason; copies outside cannot be called back, and the audit log says so."""
        self._access.require("releases.withdraw", thing_of(release))
        return self._do(release, Act.WITHDRAW, WithdrawalDetail(why=why))

    def list(self) -> list[Release]:
        """All releases that the actor may see, oldest first."""
        self._access.require("releases.list")
        return self._access.only("releases.list", self._ledger.matching(""), thing_of)

    def get(self, text: str) -> Release:
        """The one release whose id starts with ``text``; else :class:`NotFound`. A hidden one is not found either."""
        found = self._ledger.matching(text)
        seen = self._access.only("releases.get", found, thing_of)
        if len(seen) != 1:
            for hidden in found:
                if hidden not in seen:
                    self._access.denied("releases.get", thing_of(hidden), "not visible")
            how = "no release ID starts" if not seen else f"{len(seen)} release IDs start"
            what = f"{how} with {shown_name(text)!r}"
            raise NotFound(what, "Take an ID from the list of releases", Code.NOT_FOUND, noun="release")
        return seen[0]

    def viewed(self, release: Release) -> None:
        """Write that a release was looked at."""
        self._audit_log.append(Tag.RELEASES_VIEWED, release.id, Viewed())

    def listed(self, count: int) -> None:
        """Write that the list was looked at."""
        self._audit_log.append(Tag.RELEASES_VIEWED, "releases", Viewed(count=count))

    def clip_of(self, release: Release) -> Path:
        """The rendered file; :class:`CustodyError` if its bytes are not the ones that the release is about."""
        self._access.require("releases.clip_of", thing_of(release))
        return self._clip(release)

    def plan_of(self, release: Release) -> bytes:
        """The redaction plan that the clip was rendered by."""
        self._access.require("releases.plan_of", thing_of(release))
        return self._objects.path(release.render.plan_sha256).read_bytes()

    def _clip(self, release: Release) -> Path:
        fault = self._objects.faults(release.clip_sha256, _quietly)
        if fault:
            raise CustodyError(
                f"the rendered clip of {release.id} {fault}, so its approvals are void",
                "Make the render again",
                Code.RENDER_CHANGED,
                release=release.id,
            )
        return self._objects.path(release.clip_sha256)

    def _do(self, release: Release, act: Act, detail: ReviewDetail | ApprovalDetail | WithdrawalDetail) -> Release:
        if act is not Act.WITHDRAW:
            self._ledger.must_allow(release, act)
            self._clip(release)
        done = self._ledger.do(release, act, detail)
        self._audit_log.seal()
        return done


def thing_of(release: Release) -> Thing:
    """The release as the policy sees it."""
    return Thing("releases", release.id, {"recording_id": release.recording_id, "state": release.state.value})


def _quietly(done: int, total: int) -> None:
    no_progress(done, total, "")
