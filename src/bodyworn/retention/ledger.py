"""The rows of holds and disposals: read, judged and written in one transaction, with the event that vouches.

Whether the actor may act at all is asked by the services.
"""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from bodyworn.custody.audit_log import AuditLog
from bodyworn.domain.actor import Person
from bodyworn.domain.codec import JsonObject, from_json, to_json
from bodyworn.domain.encounter import PREFIX
from bodyworn.domain.errors import Code, Conflict, Denied
from bodyworn.domain.event import Outcome, Tag
from bodyworn.domain.event_details import AccessDenied, EventDetail
from bodyworn.domain.retention import (
    Disposal,
    DisposalAct,
    DisposalItem,
    DisposalState,
    DisposalStep,
    HoldRelease,
    LegalHold,
)
from bodyworn.domain.retention_events import DisposalDone, DisposalProposed, HoldEnded, HoldPlaced
from bodyworn.encounters.membership import Membership
from bodyworn.storage.databases.base import Database, Transaction
from bodyworn.storage.rows import encounters as encounter_rows
from bodyworn.storage.rows import retention as rows

_TAGS: Mapping[DisposalAct, Tag] = {
    DisposalAct.APPROVE: Tag.DISPOSAL_APPROVED,
    DisposalAct.WITHDRAW: Tag.DISPOSAL_WITHDRAWN,
    DisposalAct.BEGIN: Tag.DISPOSAL_BEGUN,
    DisposalAct.FINISH: Tag.DISPOSAL_FINISHED,
}
_OPEN = {DisposalState.PROPOSED, DisposalState.HALF_APPROVED, DisposalState.APPROVED}
#: In which states each act is allowed.
_ALLOWED: Mapping[DisposalAct, set[DisposalState]] = {
    DisposalAct.APPROVE: {DisposalState.PROPOSED, DisposalState.HALF_APPROVED},
    DisposalAct.WITHDRAW: _OPEN,
    DisposalAct.BEGIN: {DisposalState.APPROVED},
    DisposalAct.FINISH: {DisposalState.BEGUN},
}
_DONE: Mapping[DisposalAct, str] = {
    DisposalAct.APPROVE: "approved",
    DisposalAct.WITHDRAW: "withdrawn",
    DisposalAct.BEGIN: "carried out",
    DisposalAct.FINISH: "finished",
}


def holds_in(transaction: Transaction) -> list[LegalHold]:
    """All holds, oldest first."""
    ended = rows.hold_releases_by_id(transaction)
    return [_hold(row, ended.get(row["id"])) for row in rows.every_hold(transaction)]


def held_in(transaction: Transaction) -> dict[str, list[LegalHold]]:
    """The holds that stand, by the id of each recording that they keep.

    A hold keeps the recordings that its subject had when it was placed, and those of the encounter that the subject is
    now: neither a split nor a join lets go of any.
    """
    membership = Membership(encounter_rows.placements(transaction))
    found: dict[str, list[LegalHold]] = defaultdict(list)
    for hold in holds_in(transaction):
        if hold.released is not None:
            continue
        kept = set(hold.recordings)
        if hold.subject.startswith(PREFIX):
            kept |= membership.members(membership.now(hold.subject))
        for recording in sorted(kept):
            found[recording].append(hold)
    return found


class RetentionLedger:
    """Holds and disposals of one library as rows, for the actor of ``audit_log``."""

    def __init__(self, database: Database, audit_log: AuditLog) -> None:
        self._database, self._audit_log = database, audit_log

    def holds(self) -> list[LegalHold]:
        """All holds, oldest first."""
        with self._database.read() as transaction:
            return holds_in(transaction)

    def held(self) -> dict[str, list[LegalHold]]:
        """See :func:`held_in`."""
        with self._database.read() as transaction:
            return held_in(transaction)

    def place(self, subject: str, recordings: Sequence[str], reason: str, holder: str) -> LegalHold:
        """Write a hold; :class:`Conflict` where a recording of it was disposed of in the meantime."""
        made = f"hld_{secrets.token_hex(8)}"
        values: JsonObject = {
            "id": made,
            "subject": subject,
            "recordings": json.dumps(sorted(recordings)),
            "reason": reason,
            "holder": holder,
            **self._audit_log.done_by(),
        }
        with self._database.write() as transaction:
            gone = {row["id"] for row in rows.every_tombstone(transaction)} & set(recordings)
            if gone:
                raise Conflict(f"{min(gone)} was disposed of in the meantime", "Look at what is left of the encounter")
            detail = HoldPlaced(subject, tuple(sorted(recordings)))
            self._audit_log.add_row(transaction, Tag.HOLD_PLACED, made, "holds", values, detail)
            return next(one for one in holds_in(transaction) if one.id == made)

    def release(self, hold: LegalHold, why: str) -> LegalHold:
        """End a hold; :class:`Conflict` where somebody ended it before."""
        with self._database.write() as transaction:
            if hold.id in rows.hold_releases_by_id(transaction):
                raise Conflict(f"{hold.id} was released before", "Look at the hold to see by whom")
            values: JsonObject = {"id": hold.id, "why": why, **self._audit_log.done_by()}
            detail = HoldEnded(hold.subject)
            self._audit_log.add_row(transaction, Tag.HOLD_RELEASED, hold.id, "hold_releases", values, detail)
            return next(one for one in holds_in(transaction) if one.id == hold.id)

    def propose(self, rules_sha256: str, items: Sequence[DisposalItem]) -> Disposal:
        """Write a disposal."""
        made = f"dsp_{secrets.token_hex(8)}"
        listed = json.dumps([to_json(one) for one in items], sort_keys=True, ensure_ascii=False)
        values: JsonObject = {"id": made, "rules_sha256": rules_sha256, "items": listed, **self._audit_log.done_by()}
        detail = DisposalProposed(tuple(one.recording for one in items), (rules_sha256,))
        with self._database.write() as transaction:
            self._audit_log.add_row(transaction, Tag.DISPOSAL_PROPOSED, made, "disposals", values, detail)
            return current(transaction, made)

    def matching(self, text: str) -> list[Disposal]:
        """Disposals whose id starts with ``text``, oldest first."""
        with self._database.read() as transaction:
            return [current(transaction, row["id"]) for row in rows.matching_disposals(transaction, text)]

    def do(
        self,
        disposal: Disposal,
        act: DisposalAct,
        note: str = "",
        *,
        detail: EventDetail | None = None,
        before: Callable[[Transaction], None] | None = None,
    ) -> Disposal:
        """Do ``act`` if its state allows it now; ``before`` runs in the same transaction, after that is sure.

        :class:`Denied`, an event of its own, where it does not, or where the person approved it already.
        """
        try:
            with self._database.write() as transaction:
                now_is = current(transaction, disposal.id)
                self._judge(now_is, act)
                if before is not None:
                    before(transaction)
                number = f".{len(now_is.approvals) + 1}" if act is DisposalAct.APPROVE else ""
                values: JsonObject = {
                    "id": f"{disposal.id}.{act.value}{number}",
                    "disposal_id": disposal.id,
                    "act": act.value,
                    "note": note,
                    **self._audit_log.done_by(),
                }
                self._audit_log.add_row(transaction, _TAGS[act], disposal.id, "disposal_steps", values, detail)
                return current(transaction, disposal.id)
        except Denied as denied:
            told = AccessDenied(act=f"disposals.{act.value}", why=denied.what)
            self._audit_log.append(Tag.ACCESS_DENIED, disposal.id, told, outcome=Outcome.DENIED)
            raise

    def _judge(self, disposal: Disposal, act: DisposalAct) -> None:
        who, state, name = self._audit_log.actor.person, disposal.state, disposal.id
        if state not in _ALLOWED[act]:
            what = f"{disposal.id} is {state.value.replace('_', ' ')}, so it cannot be {_DONE[act]} now"
            advice = "Look at the disposal to see what it needs"
            raise Denied(what, advice, Code.DISPOSAL_NOT_NOW, disposal=name, state=state.value)
        if act is DisposalAct.APPROVE and any(who.is_same_as(step.by) for step in disposal.approvals):
            what = f"{who.name} has approved {disposal.id} already"
            advice = "A second, different person has to approve it"
            raise Denied(what, advice, Code.DISPOSAL_NOT_NOW, disposal=name, state=state.value)


def finished(statement_sha256: str) -> DisposalDone:
    """What the event of a finished disposal says."""
    return DisposalDone(statement_sha256, (statement_sha256,))


def current(transaction: Transaction, disposal_id: str) -> Disposal:
    """The disposal of that id as it stands now."""
    row = next(row for row in rows.matching_disposals(transaction, disposal_id) if row["id"] == disposal_id)
    steps = tuple(
        DisposalStep(DisposalAct(step["act"]), *_by_and_at(step), step["note"])
        for step in rows.disposal_steps_of(transaction, disposal_id)
    )
    items = tuple(from_json(DisposalItem, one) for one in json.loads(row["items"]))
    return Disposal(row["id"], row["rules_sha256"], items, *_by_and_at(row), steps)


def _hold(row: rows.HoldRow, ended: rows.HoldReleaseRow | None) -> LegalHold:
    released = HoldRelease(*_by_and_at(ended), ended["why"]) if ended else None
    recordings = tuple(json.loads(row["recordings"]))
    by, at = _by_and_at(row)
    return LegalHold(row["id"], row["subject"], recordings, row["reason"], row["holder"], by, at, released)


def _by_and_at(row: rows.DoneBy) -> tuple[Person, datetime]:
    return Person.recorded(row["by"], row["stated_name"]), datetime.fromisoformat(row["at"])
