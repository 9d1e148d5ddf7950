"""The rows of releases: what was done to each is read, judged and written in one transaction.

So two acts that exclude each other (publish and withdraw, the same approval twice) cannot both happen, whatever
processes they come from. Whether the actor may act at all is asked by :mod:`bodyworn.releases.service`.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bodyworn.custody.audit_log import AuditLog
from bodyworn.domain.actor import Person
from bodyworn.domain.codec import from_json, to_json
from bodyworn.domain.errors import Code, Denied
from bodyworn.domain.event import Event, Outcome, Tag, now, stamp
from bodyworn.domain.event_details import AccessDenied, EventDetail, ReleaseActed, ReleaseMade, ReleasePublished
from bodyworn.domain.release import (
    DETAIL_OF,
    Act,
    PublicationDetail,
    Release,
    ReleaseState,
    ReleaseStep,
    RenderDetail,
    StepDetail,
)
from bodyworn.domain.visibility import EVERYTHING, Visibility
from bodyworn.recordings import tombstones
from bodyworn.storage.databases.base import Database, Transaction
from bodyworn.storage.rows import releases as rows

_TAGS: Mapping[Act, Tag] = {
    Act.MAKE: Tag.RELEASE_MADE,
    Act.REVIEW_LEAKS: Tag.RELEASE_LEAKS_REVIEWED,
    Act.APPROVE: Tag.RELEASE_APPROVED,
    Act.PUBLISH: Tag.RELEASE_PUBLISHED,
    Act.WITHDRAW: Tag.RELEASE_WITHDRAWN,
}
_DONE: Mapping[Act, str] = {
    Act.MAKE: "made again",
    Act.REVIEW_LEAKS: "reviewed for leaks",
    Act.APPROVE: "approved",
    Act.PUBLISH: "published",
    Act.WITHDRAW: "withdrawn",
}
#: Acts that are about the clip a person has seen: another clip in the meantime refuses them.
_ABOUT_THE_CLIP = frozenset({Act.REVIEW_LEAKS, Act.APPROVE, Act.PUBLISH})


@dataclass(frozen=True)
class StoredClip:
    """A rendered clip in the object store: its digest, and all objects that the event has to vouch for."""

    sha256: str
    objects: tuple[str, ...]


def new_release_id() -> str:
    """An id that no release has."""
    return f"rel_{secrets.token_hex(8)}"


class ReleaseLedger:
    """The releases of one library as rows, for the actor of ``audit_log``."""

    def __init__(self, database: Database, audit_log: AuditLog) -> None:
        self._database, self._audit_log = database, audit_log

    def matching(self, text: str, visible: Visibility = EVERYTHING) -> list[Release]:
        """Visible releases whose id starts with ``text``, oldest first; all of them for an empty text."""
        with self._database.read() as transaction:
            found = rows.matching(transaction, text, visible)
            return [_release(row, rows.steps_of(transaction, row["id"])) for row in found]

    def refuse_disposed(self, text: str) -> None:
        """:class:`NotFound` that says so, where ``text`` names a release that was disposed of with its recording."""
        with self._database.read() as transaction:
            gone = tombstones.named(transaction, text)
        if len(gone) == 1:
            raise tombstones.disposed(gone[0], text)

    def now(self, release: Release) -> Release:
        """The release as it stands now."""
        with self._database.read() as transaction:
            return _current(transaction, release.id)

    def open(self, release_id: str, recording_id: str, clip: StoredClip, detail: RenderDetail) -> Release:
        """Open a release with its first render."""
        values = {"id": release_id, "recording_id": recording_id, "opened_at": stamp(now())}
        with self._database.write() as transaction:
            self._audit_log.add_row(transaction, Tag.RELEASE_MADE, release_id, "releases", values, ReleaseMade())
            self._write(transaction, release_id, Act.MAKE, clip, detail)
            return _current(transaction, release_id)

    def make_again(self, release: Release, clip: StoredClip, detail: RenderDetail) -> Release:
        """Replace the clip and the contents of a release, which voids its approvals."""
        return self._act(release, Act.MAKE, clip, detail)

    def do(self, release: Release, act: Act, detail: StepDetail, before: Callable[[], None] | None = None) -> Release:
        """Do ``act`` to the clip and the contents that ``release`` shows, if its state allows it now.

        ``before`` runs once that is sure and before the act is written; if it fails, nothing is written. Raises
        :class:`Denied` (an event of its own) where the state does not allow it, another clip was rendered in the
        meantime, or the person approved it already.
        """
        about = replace(detail, contents_sha256=release.contents_sha256)
        return self._act(release, act, StoredClip(release.clip_sha256, ()), about, before)

    def must_allow(self, release: Release, act: Act) -> None:
        """Refuse early what :meth:`do` would refuse, before work that takes long."""
        try:
            with self._database.read() as transaction:
                self._judge(_current(transaction, release.id), release, act)
        except Denied as denied:
            self._tell(release, act, denied)
            raise

    def _act(
        self,
        release: Release,
        act: Act,
        clip: StoredClip,
        detail: StepDetail,
        before: Callable[[], None] | None = None,
    ) -> Release:
        try:
            with self._database.write() as transaction:
                self._judge(_current(transaction, release.id), release, act)
                if before is not None:
                    before()
                self._write(transaction, release.id, act, clip, detail)
                return _current(transaction, release.id)
        except Denied as denied:
            self._tell(release, act, denied)
            raise

    def _judge(self, current: Release, seen: Release, act: Act) -> None:
        """Raise :class:`Denied` for an act that ``current`` does not allow to the actor who has ``seen`` that clip."""
        who = self._audit_log.actor.person
        release, state = current.id, current.state.value
        if act is Act.APPROVE and current.state is ReleaseState.HALF_APPROVED:
            before = next((other for other in current.approvers if who.is_same_as(other)), None)
            if before is not None:
                what = f"{who.name} has approved {current.id} already"
                advice = "A second, different person has to approve it"
                raise Denied(what, advice, Code.NOT_ALLOWED_NOW, release=release, state=state)
        if not current.contents_sha256 and act in _ABOUT_THE_CLIP and current.allows(Act.MAKE):
            what = f"{release} was made by an earlier version, which fixed the clip alone and not all that leaves"
            raise Denied(what, "Make it again", Code.RENDER_CHANGED, release=release)
        if not current.allows(act):
            what = f"{release} is {state.replace('_', ' ')}, so it cannot be {_DONE[act]} now"
            advice = "Look at the release to see what it needs"
            raise Denied(what, advice, Code.NOT_ALLOWED_NOW, release=release, state=state)
        shown, there = (seen.clip_sha256, seen.contents_sha256), (current.clip_sha256, current.contents_sha256)
        if act in _ABOUT_THE_CLIP and shown != there:
            raise Denied(f"{current.id} was rendered again in the meantime", "Look at the new render first")

    def _tell(self, release: Release, act: Act, denied: Denied) -> None:
        detail = AccessDenied(act=f"releases.{act.value}", why=denied.what)
        self._audit_log.append(Tag.ACCESS_DENIED, release.id, detail, outcome=Outcome.DENIED)

    def _write(
        self, transaction: Transaction, release_id: str, act: Act, clip: StoredClip, detail: StepDetail
    ) -> Event:
        actor = self._audit_log.actor
        kept = to_json(replace(detail, stated_name=actor.stated_name))
        values = {
            "release_id": release_id,
            "act": act.value,
            "by": actor.id,
            "at": stamp(now()),
            "clip_sha256": clip.sha256,
            "detail": json.dumps(kept, sort_keys=True, ensure_ascii=False),
        }
        told = _told(clip, detail)
        return self._audit_log.add_row(transaction, _TAGS[act], release_id, "release_steps", values, told)


def _told(clip: StoredClip, detail: StepDetail) -> EventDetail:
    """What the event of a step says."""
    if isinstance(detail, RenderDetail):
        return ReleaseMade(clip.sha256, detail.leaks, clip.objects, detail.contents_sha256)
    if isinstance(detail, PublicationDetail):
        return ReleasePublished(clip.sha256, detail.statement, detail.published_clip, detail.contents_sha256)
    return ReleaseActed(clip.sha256, detail.contents_sha256)


def _current(transaction: Transaction, release_id: str) -> Release:
    row = next(row for row in rows.matching(transaction, release_id) if row["id"] == release_id)
    return _release(row, rows.steps_of(transaction, release_id))


def _release(row: rows.ReleaseRow, steps: list[rows.ReleaseStepRow]) -> Release:
    return Release(row["id"], row["recording_id"], tuple(_step(step) for step in steps))


def _step(row: rows.ReleaseStepRow) -> ReleaseStep:
    act = Act(row["act"])
    detail = from_json(DETAIL_OF[act], json.loads(row["detail"]))
    return ReleaseStep(
        act,
        Person.recorded(row["by"], detail.stated_name),
        datetime.fromisoformat(row["at"]),
        row["clip_sha256"],
        detail,
    )
