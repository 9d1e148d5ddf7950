"""Releases of a library: make, review the leaks, approve, withdraw. Publishing is in :mod:`bodyworn.releases.publish`.

Every step is a row of evidence and an event in one transaction. What a step is about is the SHA-256 of the exact
rendered file; before each step the stored file is hashed again, so a changed file voids what was approved.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from bodyworn.custody.audit_log import AuditLog
from bodyworn.domain.errors import Code, CustodyError, Denied, NotFound
from bodyworn.domain.event import Event, Outcome, Tag, now, stamp
from bodyworn.domain.recording import Recording
from bodyworn.domain.release import Act, Release, ReleaseState, ReleaseStep
from bodyworn.storage.database import Database, Transaction
from bodyworn.storage.objects.local import LocalObjects
from bodyworn.storage.rows import releases as rows

_TAGS = {
    Act.MAKE: Tag.RELEASE_MADE,
    Act.REVIEW_LEAKS: Tag.RELEASE_LEAKS_REVIEWED,
    Act.APPROVE: Tag.RELEASE_APPROVED,
    Act.PUBLISH: Tag.RELEASE_PUBLISHED,
    Act.WITHDRAW: Tag.RELEASE_WITHDRAWN,
}
_DONE = {
    Act.MAKE: "made again",
    Act.REVIEW_LEAKS: "reviewed for leaks",
    Act.APPROVE: "approved",
    Act.PUBLISH: "published",
    Act.WITHDRAW: "withdrawn",
}


@dataclass(frozen=True)
class ReleaseRequest:
    """What a release is for. Dates are ISO 8601 days; ``deadlines`` and ``basis`` (the ground of each
    reason code) come from the rules file of :mod:`bodyworn.releases.clock`."""

    agency: str
    requester: str
    request_date: str
    authority: str
    title: str
    caption: str
    credit: str
    still_ms: int | None = None
    officer_notified: str | None = None
    family_notified: str | None = None
    deadlines: tuple[Mapping[str, Any], ...] = ()
    basis: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RenderedClip:
    """A rendered clip: the file, the plan it was made by (canonical bytes), which part it is, and what the check found.

    ``leaks`` is the report of the leak check: ``{"count", "frames", "report"}``.
    """

    clip: Path
    plan: bytes
    start_ms: int
    end_ms: int
    leaks: Mapping[str, Any] = field(default_factory=dict)


class Releases:
    """The releases of one library."""

    def __init__(self, database: Database, objects: LocalObjects, audit_log: AuditLog) -> None:
        self._database, self._objects, self._audit_log = database, objects, audit_log

    def make(
        self, recording: Recording, rendered: RenderedClip, terms: ReleaseRequest, again: Release | None = None
    ) -> Release:
        """Open a release for a rendered clip; with ``again``, a new render of a release that voids its approvals."""
        if again is not None:
            self.must_allow(again, Act.MAKE)
        clip = self._objects.put(rendered.clip, lambda _done, _total: None)
        plan = self._objects.put_bytes(rendered.plan)
        release_id = again.id if again is not None else f"rel_{secrets.token_hex(8)}"
        detail = {
            "plan_sha256": plan.sha256,
            "start_ms": rendered.start_ms,
            "end_ms": rendered.end_ms,
            "leaks": int(rendered.leaks.get("count", 0)),
            "leak_report": dict(rendered.leaks),
            "terms": asdict(terms),
        }
        with self._database.write() as transaction:
            if again is None:
                values = {"id": release_id, "recording_id": recording.id, "opened_at": stamp(now())}
                self._audit_log.add_row(transaction, Tag.RELEASE_MADE, release_id, "releases", values)
            event = {"objects": [clip.sha256, plan.sha256], "leaks": detail["leaks"]}
            self._step(transaction, release_id, Act.MAKE, clip.sha256, detail, event)
        self._audit_log.seal()
        return self.get(release_id)

    def review_leaks(self, release: Release, note: str) -> Release:
        """Say that a person looked at every reported leak and what they decided."""
        return self._do(release, Act.REVIEW_LEAKS, {"note": note})

    def approve(self, release: Release, note: str = "") -> Release:
        """Approve exactly these bytes; a second approval must come from somebody else."""
        who = self._audit_log.actor.id
        if who in release.approvers and release.state is ReleaseState.HALF_APPROVED:
            self._denied(release, Act.APPROVE)
            raise Denied(f"{who} has approved {release.id} already", "A second, different person has to approve it")
        return self._do(release, Act.APPROVE, {"note": note})

    def withdraw(self, release: Release, why: str) -> Release:
        """Take a release back, with the reason; copies outside cannot be called back, and the audit log says so."""
        return self._do(release, Act.WITHDRAW, {"why": why})

    def list(self) -> list[Release]:
        """All releases, oldest first."""
        with self._database.read() as transaction:
            return [_release(row, rows.steps_of(transaction, row["id"])) for row in rows.matching(transaction, "")]

    def get(self, text: str) -> Release:
        """The one release whose id starts with ``text``; else :class:`NotFound`."""
        with self._database.read() as transaction:
            found = rows.matching(transaction, text)
            if len(found) != 1:
                how = "no release ID starts" if not found else f"{len(found)} release IDs start"
                what = f"{how} with {text!r}"
                raise NotFound(what, "Take an ID from the list of releases", Code.NOT_FOUND, noun="release")
            return _release(found[0], rows.steps_of(transaction, found[0]["id"]))

    def clip_of(self, release: Release) -> Path:
        """The rendered file; :class:`CustodyError` if its bytes are not the ones that the release is about."""
        fault = self._objects.faults(release.clip_sha256, lambda _done, _total: None)
        if fault:
            raise CustodyError(
                f"the rendered clip of {release.id} {fault}, so its approvals are void",
                "Make the render again",
                Code.RENDER_CHANGED,
                release=release.id,
            )
        return self._objects.path(release.clip_sha256)

    def plan_of(self, release: Release) -> bytes:
        """The redaction plan that the clip was rendered by."""
        return self._objects.path(release.render.detail["plan_sha256"]).read_bytes()

    def record_publication(self, release: Release, detail: Mapping[str, Any]) -> Event:
        """Write that the release is published; ``detail["statement"]`` is the SHA-256 of the package's statement."""
        self.must_allow(release, Act.PUBLISH)
        with self._database.write() as transaction:
            return self._step(transaction, release.id, Act.PUBLISH, release.clip_sha256, detail, dict(detail))

    def _do(self, release: Release, act: Act, detail: Mapping[str, Any]) -> Release:
        self.must_allow(release, act)
        if act is not Act.WITHDRAW:
            self.clip_of(release)
        with self._database.write() as transaction:
            self._step(transaction, release.id, act, release.clip_sha256, detail, {})
        self._audit_log.seal()
        return self.get(release.id)

    def must_allow(self, release: Release, act: Act) -> None:
        """Refuse an act that the state of the release does not allow: an event, and :class:`Denied` with what to do."""
        if not release.allows(act):
            self._denied(release, act)
            state = release.state.value.replace("_", " ")
            raise Denied(
                f"{release.id} is {state}, so it cannot be {_DONE[act]} now",
                "Look at the release to see what it needs",
                Code.NOT_ALLOWED_NOW,
                release=release.id,
                state=release.state.value,
            )

    def _denied(self, release: Release, act: Act) -> None:
        self._audit_log.append(Tag.ACCESS_DENIED, release.id, {"act": act.value}, outcome=Outcome.DENIED)

    def _step(
        self,
        transaction: Transaction,
        release_id: str,
        act: Act,
        clip_sha256: str,
        detail: Mapping[str, Any],
        event: Mapping[str, Any],
    ) -> Event:
        values = {
            "release_id": release_id,
            "act": act.value,
            "by": self._audit_log.actor.id,
            "at": stamp(now()),
            "clip_sha256": clip_sha256,
            "detail": json.dumps(dict(detail), sort_keys=True, ensure_ascii=False),
        }
        more = {**event, "clip_sha256": clip_sha256}
        return self._audit_log.add_row(transaction, _TAGS[act], release_id, "release_steps", values, more)


def _release(row: rows.Row, steps: list[rows.Row]) -> Release:
    return Release(
        row["id"],
        row["recording_id"],
        tuple(
            ReleaseStep(
                Act(step["act"]),
                step["by"],
                datetime.fromisoformat(step["at"]),
                step["clip_sha256"],
                json.loads(step["detail"]),
            )
            for step in steps
        ),
    )
