"""Disposals of a library: propose, approve twice, carry out. What is gone is gone; the record says what, why, by whom.

Carrying out is one transaction that removes all rows, leaves tombstones and lets go of the files in the audit log; then
the files and what the database still holds in its pages. A run that is stopped in between is completed by the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bodyworn.access.access import Access
from bodyworn.custody.audit_log import AuditLog
from bodyworn.domain.errors import Code, Conflict, Denied, InputError, NotFound
from bodyworn.domain.event import Outcome, Tag
from bodyworn.domain.event_details import AccessDenied, Viewed
from bodyworn.domain.recording import Recording, shown_name
from bodyworn.domain.retention import (
    Disposal,
    DisposalAct,
    DisposalItem,
    DisposalState,
    RetentionEntry,
    RetentionRules,
    RetentionState,
    Tombstone,
)
from bodyworn.domain.visibility import Thing
from bodyworn.domain.written import written
from bodyworn.recordings.tombstones import tombstone
from bodyworn.retention.erasing import needed_elsewhere, remove_files, remove_rows
from bodyworn.retention.ledger import RetentionLedger, finished, held_in
from bodyworn.retention.rules import parse_rules
from bodyworn.retention.service import Retention
from bodyworn.storage.databases.base import Database, Transaction
from bodyworn.storage.objects.local import LocalObjects
from bodyworn.storage.rows import retention as rows

if TYPE_CHECKING:
    from bodyworn.retention.certificate import DisposalCertificate


@dataclass(frozen=True)
class DisposalPlaces:
    """Where what goes may lie besides database and object store: packages that were published, and scratch."""

    packages: Path
    scratch: Path


class Disposals:
    """The disposals of one library."""

    def __init__(
        self,
        database: Database,
        objects: LocalObjects,
        audit_log: AuditLog,
        access: Access,
        retention: Retention,
        places: DisposalPlaces,
    ) -> None:
        self._database, self._objects, self._audit_log, self._access = database, objects, audit_log, access
        self._retention, self._places = retention, places
        self._ledger = RetentionLedger(database, audit_log)

    def propose(self, recordings: Sequence[Recording], rules: RetentionRules, rules_file: bytes) -> Disposal:
        """Propose that these recordings go, all of which are due by the rules; the rules file is kept with it.

        Without recordings all that are due. :class:`Denied` names those that are kept, and why.
        """
        self._access.require("disposals.propose")
        entries = {one.recording: one for one in self._retention.plan(rules)}
        chosen = [entries[one.id] for one in recordings] if recordings else list(entries.values())
        due = [one for one in chosen if one.state is RetentionState.DUE]
        if recordings:
            self._refuse_kept(chosen, "disposals.propose", "disposals")
        if not due:
            raise InputError("no recording is due to go by these rules", "Look at what the rules say of each")
        kept = self._objects.put_bytes(rules_file)
        items = [
            DisposalItem(one.recording, one.sha256, one.rule, one.due_at)
            for one in due
            if one.rule is not None and one.due_at is not None
        ]
        proposed = self._ledger.propose(kept.sha256, items)
        self._audit_log.seal()
        return proposed

    def _refuse_kept(self, entries: Sequence[RetentionEntry], act: str, about: str) -> None:
        kept = [one for one in entries if one.state is not RetentionState.DUE]
        if kept:
            self._deny(act, about, "; ".join(f"{one.recording} is kept: {one.because}" for one in kept))

    def _deny(self, act: str, about: str, what: str) -> None:
        detail = AccessDenied(act=act, why="a recording is kept")
        self._audit_log.append(Tag.ACCESS_DENIED, about, detail, outcome=Outcome.DENIED)
        raise Denied(what, "Leave it until it is due and nothing holds it", Code.NOT_DUE)

    def approve(self, disposal: Disposal, note: str = "") -> Disposal:
        """Approve a disposal; a second approval must come from a different person."""
        self._access.require("disposals.approve", thing_of(disposal))
        return self._do(disposal, DisposalAct.APPROVE, written(note, "the note") if note else "")

    def withdraw(self, disposal: Disposal, why: str) -> Disposal:
        """Take a disposal back that was not begun."""
        self._access.require("disposals.withdraw", thing_of(disposal))
        return self._do(disposal, DisposalAct.WITHDRAW, written(why, "the reason to withdraw it"))

    def _do(self, disposal: Disposal, act: DisposalAct, note: str) -> Disposal:
        done = self._ledger.do(disposal, act, note)
        self._audit_log.seal()
        return done

    def carry_out(self, disposal: Disposal) -> Disposal:
        """Remove all that the disposal names, or complete a run that was stopped; nothing of it can be brought back.

        :class:`Denied` where a recording is kept by now; :class:`LibraryBusy` while somebody works on one.
        """
        self._access.require("disposals.carry_out", thing_of(disposal))
        here = self._now(disposal)
        if here.state is DisposalState.DONE:
            return here
        if here.state is not DisposalState.BEGUN:
            here = self._begin(here)
        return self._finish(here)

    def _begin(self, disposal: Disposal) -> Disposal:
        rules = self._rules_of(disposal)
        if disposal.state is DisposalState.APPROVED:
            entries = {one.recording: one for one in self._retention.plan(rules)}
            if missing := [item.recording for item in disposal.items if item.recording not in entries]:
                what = f"{missing[0]} is not in the library any more, or not for you to see"
                raise Conflict(what, "Propose a disposal of those that are there")
            still = [entries[item.recording] for item in disposal.items]
            self._refuse_kept(still, "disposals.carry_out", disposal.id)

        def remove(transaction: Transaction) -> None:
            held = held_in(transaction)
            for item in sorted(disposal.items, key=lambda item: item.recording):
                self._database.keep_out(transaction, item.recording)  # nobody begins work on it meanwhile
                if item.recording in held:
                    what = f"{item.recording} is under the legal hold {held[item.recording][0].id}"
                    raise Denied(what, "Leave it until nothing holds it", Code.NOT_DUE)
            remove_rows(
                transaction,
                self._audit_log,
                disposal.id,
                disposal.items,
                keeps_published=rules.keeps_published,
            )

        return self._ledger.do(disposal, DisposalAct.BEGIN, before=remove)

    def _finish(self, disposal: Disposal) -> Disposal:
        from bodyworn.retention.certificate import statement_of
        from bodyworn.storage.canonical import canonical_json

        left = self._tombstones(disposal)
        with self._database.read() as transaction:
            needed = needed_elsewhere(transaction, left)
        remove_files(self._objects, self._places.packages, self._places.scratch, left, needed)
        self._database.scrub()
        statement = self._objects.put_bytes(canonical_json(statement_of(disposal, left, self._database.kind)))
        done = self._ledger.do(disposal, DisposalAct.FINISH, detail=finished(statement.sha256))
        self._audit_log.seal()
        return done

    def certificate(self, disposal: Disposal) -> DisposalCertificate:
        """The certificate of a disposal that is done: what it says, and the proof that the audit log holds it."""
        from bodyworn.retention.certificate import certificate_of

        self._access.require("disposals.certificate", thing_of(disposal))
        if disposal.state is not DisposalState.DONE:
            what = f"{disposal.id} is {disposal.state.value.replace('_', ' ')}, and has no certificate yet"
            state = disposal.state.value
            raise InputError(what, "Carry it out first", Code.DISPOSAL_NOT_NOW, disposal=disposal.id, state=state)
        return certificate_of(self._audit_log, self._objects, disposal)

    def list(self) -> Sequence[Disposal]:
        """All disposals that the actor may see, oldest first."""
        self._access.require("disposals.list")
        return self._access.only("disposals.list", self._ledger.matching(""), thing_of)

    def get(self, text: str) -> Disposal:
        """The one disposal whose id starts with ``text``; else :class:`NotFound`."""
        self._access.require("disposals.get")
        seen = self._access.named("disposals.get", self._ledger.matching(text) if text else [], thing_of)
        if len(seen) == 1:
            return seen[0]
        how = "no disposal has an ID that starts" if not seen else f"{len(seen)} disposals have an ID that starts"
        what = f"{how} with {shown_name(text)!r}"
        raise NotFound(what, "Take an ID from the list of disposals", Code.NOT_FOUND, noun="disposal")

    def tombstones_of(self, disposal: Disposal) -> Sequence[Tombstone]:
        """What stays of the recordings of a disposal."""
        self._access.require("disposals.tombstones_of", thing_of(disposal))
        return self._tombstones(disposal)

    def viewed(self, disposal: Disposal) -> None:
        """Write that a disposal was looked at."""
        self._audit_log.append(Tag.DISPOSALS_VIEWED, disposal.id, Viewed())

    def listed(self, count: int) -> None:
        """Write that the list was looked at."""
        self._audit_log.append(Tag.DISPOSALS_VIEWED, "disposals", Viewed(count=count))

    def _tombstones(self, disposal: Disposal) -> Sequence[Tombstone]:
        with self._database.read() as transaction:
            return [tombstone(row) for row in rows.tombstones_of(transaction, disposal.id)]

    def _now(self, disposal: Disposal) -> Disposal:
        return next(one for one in self._ledger.matching(disposal.id) if one.id == disposal.id)

    def _rules_of(self, disposal: Disposal) -> RetentionRules:
        return parse_rules(self._objects.path(disposal.rules_sha256).read_bytes())


def thing_of(disposal: Disposal) -> Thing:
    """The disposal as the policy sees it."""
    return Thing(
        "disposals",
        disposal.id,
        {"state": disposal.state.value, "recording_id": tuple(one.recording for one in disposal.items)},
    )
