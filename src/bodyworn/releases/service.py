"""Releases of a library: make, look, review the leaks, approve, publish, withdraw.

Every step is a row of evidence and an event in one transaction. What a step is about is one digest over everything that
leaves (:mod:`bodyworn.releases.contents`); before each step all of it is hashed again in the object store, so a change
anywhere voids what was approved.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bodyworn.access.access import Access
from bodyworn.custody.audit_log import AuditLog
from bodyworn.domain.actor import Person
from bodyworn.domain.digest import Digest
from bodyworn.domain.errors import Code, CustodyError, InputError, NotFound
from bodyworn.domain.event import Tag
from bodyworn.domain.event_details import ReleaseOpened, Viewed
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
from bodyworn.releases.contents import (
    CustodyFacts,
    PackageInputs,
    ReleaseContents,
    check_request,
    fixed,
    read_contents,
)
from bodyworn.releases.ledger import ReleaseLedger, StoredClip, new_release_id
from bodyworn.releases.package import CLIP, CONTENTS
from bodyworn.storage.objects.local import LocalObjects, nobody

if TYPE_CHECKING:
    from bodyworn.custody.certificates import Identity
    from bodyworn.releases.publish import Approved


@dataclass(frozen=True)
class RenderedClip:
    """A rendered clip: the file, the plan it was made by (canonical bytes), which part it is, and what the check found.

    ``start_ms`` and ``end_ms`` are times of the recording. ``inputs`` is what its package is made from besides the
    clip; ``to_look_at`` the places where the plan asks for a look, one sentence each.
    """

    clip: Path
    plan: bytes
    start_ms: int
    end_ms: int
    leaks: LeakReport = field(default_factory=LeakReport)
    inputs: PackageInputs = field(default_factory=PackageInputs)
    to_look_at: tuple[str, ...] = ()


@dataclass(frozen=True)
class Publishing:
    """What making and publishing need of the library: where packages go, the audit log's public key, originals.

    ``time_authority`` is the address of an RFC 3161 authority; empty for none.
    """

    folder: Path
    verifier: Callable[[], str]
    recording: Callable[[str], Recording]
    original: Callable[[Recording], Path]
    time_authority: str = ""


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
        """Open a release for a rendered clip, with everything that will leave; with ``again``, once more for a release.

        That voids its approvals. Raises :class:`InputError` for a day of the request that is none and for text that
        cannot be shown.
        """
        new = Thing("releases", attributes={"recording_id": recording.id})
        self._access.require("releases.make", new if again is None else thing_of(again))
        days(request=request.request_date, officer=request.officer_notified, family=request.family_notified)
        check_request(request)
        if again is not None:
            self._ledger.must_allow(again, Act.MAKE)
        release_id = new_release_id() if again is None else again.id
        clip = self._objects.put(rendered.clip, nobody)
        plan = self._objects.put_bytes(rendered.plan)
        custody = CustodyFacts(recording, self._publishing.original(recording), self._checkpoint())
        made = fixed(release_id, rendered, clip.sha256, plan.sha256, request, custody)
        contents, *named = [self._objects.put_bytes(data).sha256 for data in (made.contents, *made.data)]
        detail = RenderDetail(
            plan_sha256=plan.sha256,
            start_ms=rendered.start_ms,
            end_ms=rendered.end_ms,
            leaks=rendered.leaks.count,
            leak_report=rendered.leaks,
            request=request,
            to_look_at=rendered.to_look_at,
            contents_sha256=contents,
        )
        stored = StoredClip(clip.sha256, tuple(dict.fromkeys((clip.sha256, plan.sha256, contents, *named))))
        if again is None:
            release = self._ledger.open(release_id, recording.id, stored, detail)
        else:
            release = self._ledger.make_again(again, stored, detail)
        self._audit_log.seal()
        return release

    def review_leaks(self, release: Release, note: str) -> Release:
        """State that a person looked at every reported leak and place, and what they decided.

        :class:`InputError` for an empty note.
        """
        self._access.require("releases.review_leaks", thing_of(release))
        if not note.strip():
            raise InputError("a review needs a note", "Write what you saw and what you decided")
        return self._do(release, Act.REVIEW_LEAKS, ReviewDetail(note=note))

    def approve(self, release: Release, note: str = "") -> Release:
        """Approve exactly what leaves; a second approval must come from a different person."""
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
        place = self._publishing
        publisher = Publisher(place.folder, self._ledger, self._audit_log, place.verifier(), place.time_authority)
        return publisher.publish(self._ledger.now(release), self._approved, identity())

    def withdraw(self, release: Release, why: str) -> Release:
        """Take a release back, with the reason; copies outside cannot be called back, and the audit log says so."""
        self._access.require("releases.withdraw", thing_of(release))
        return self._do(release, Act.WITHDRAW, WithdrawalDetail(why=why))

    def list(self) -> list[Release]:
        """All releases that the actor may see, oldest first."""
        self._access.require("releases.list")
        return self._ledger.matching("", self._access.visible("releases.list"))

    def get(self, text: str) -> Release:
        """The one release whose id starts with ``text``; else :class:`NotFound`. A hidden one is not found either."""
        found = self._ledger.matching(text)
        seen = self._access.only("releases.get", found, thing_of)
        if len(seen) != 1:
            for hidden in found:
                if hidden not in seen:
                    self._access.denied("releases.get", thing_of(hidden), "not visible")
            if not found:
                self._ledger.refuse_disposed(text)
            how = "no release ID starts" if not seen else f"{len(seen)} release IDs start"
            what = f"{how} with {shown_name(text)!r}"
            raise NotFound(what, "Take an ID from the list of releases", Code.NOT_FOUND, noun="release")
        return seen[0]

    def open_contents(self, release: Release, folder: Path) -> Path:
        """Write everything that will leave into ``folder`` under its names, for people to look at, and record that.

        The folder is made; it must not exist (:class:`InputError`). These are the bytes that an approval is for.
        """
        self._access.require("releases.open_contents", thing_of(release))
        clip, contents = self._clip(release), self.contents_of(release)
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            raise InputError(f"{folder.name} is there already", "Name a folder that does not exist yet") from None
        try:
            shutil.copyfile(clip, folder / CLIP)
            for name, digest in {CONTENTS: release.contents_sha256, **contents.files}.items():
                shutil.copyfile(self._objects.path(digest), folder / name)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)  # all of it is shown, or nothing
            raise
        detail = ReleaseOpened(release.clip_sha256, release.contents_sha256)
        self._audit_log.append(Tag.RELEASE_OPENED, release.id, detail)
        return folder

    def opened_by(self, release: Release) -> tuple[Person, ...]:
        """Who opened what leaves, as it stands now, in this library."""
        self._access.require("releases.opened_by", thing_of(release))
        return self._in_audit_log(release, Tag.RELEASE_OPENED)

    def contents_of(self, release: Release) -> ReleaseContents:
        """What leaves with the release; :class:`CustodyError` if any of it is not as it was made."""
        self._access.require("releases.contents_of", thing_of(release))
        return self._contents(release)

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
        return self._unchanged(release, release.clip_sha256, "rendered clip")

    def _unchanged(self, release: Release, sha256: str, what: str) -> Path:
        fault = self._objects.faults(sha256, nobody)
        if fault:
            raise CustodyError(
                f"the {what} of {release.id} {fault}, so its approvals are void",
                "Make the render again",
                Code.RENDER_CHANGED,
                release=release.id,
            )
        return self._objects.path(sha256)

    def _contents(self, release: Release) -> ReleaseContents:
        """The contents, with every file of them hashed again."""
        contents = read_contents(self._unchanged(release, release.contents_sha256, "list of files").read_bytes())
        digests = {"request": contents.terms_sha256, "list of edits": contents.edits_sha256, **contents.files}
        for name, digest in {**digests, "plan": contents.plan_sha256}.items():
            self._unchanged(release, digest, name)
        return contents

    def _in_audit_log(self, release: Release, tag: Tag) -> tuple[Person, ...]:
        """Who did that to exactly what leaves now, as the audit log has it."""
        events = [event for event, _ in self._audit_log.about(release.id) if event.tag == tag]
        about = [event.person for event in events if event.detail.get("contents_sha256") == release.contents_sha256]
        return tuple(one for at, one in enumerate(about) if not any(one.is_same_as(other) for other in about[:at]))

    def _approved(self, release: Release) -> Approved:
        from bodyworn.releases.publish import Approved

        self._contents(release)
        written = self._in_audit_log(release, Tag.RELEASE_APPROVED)
        if not all(any(person.is_same_as(other) for other in written) for person in release.approvers):
            what = f"the audit log does not hold every approval of {release.id}"
            raise CustodyError(what, "Verify the custody of the library", Code.CUSTODY_FAULT)
        place = self._publishing
        original = place.original(place.recording(release.recording_id))
        return Approved(self._clip(release), original, lambda digest: self._read(release, digest))

    def _read(self, release: Release, digest: str) -> bytes:
        data = self._objects.path(digest).read_bytes()
        if Digest.of_bytes(data).sha256 != digest:
            raise CustodyError(f"what is stored of {release.id} was changed", "Verify the custody of the library")
        return data

    def _checkpoint(self) -> str:
        checkpoint, _ = self._audit_log.proof(1)
        return f"{checkpoint.origin}, {checkpoint.size} rows"

    def _do(self, release: Release, act: Act, detail: ReviewDetail | ApprovalDetail | WithdrawalDetail) -> Release:
        if act is not Act.WITHDRAW:
            self._ledger.must_allow(release, act)
            self._clip(release)
            self._contents(release)
        done = self._ledger.do(release, act, detail)
        self._audit_log.seal()
        return done


def thing_of(release: Release) -> Thing:
    """The release as the policy sees it."""
    return Thing("releases", release.id, {"recording_id": release.recording_id, "state": release.state.value})
