"""The rows of encounters: what is true is read, judged and written in one transaction, with the event that vouches.

Whether the actor may act at all is asked by :mod:`bodyworn.encounters.service`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bodyworn.custody.audit_log import AuditLog
from bodyworn.custody.entry import read_event
from bodyworn.domain.codec import Json, JsonObject, from_json, to_json
from bodyworn.domain.encounter import (
    JoinProposal,
    MemberOffset,
    new_encounter_id,
    own_encounter_id,
)
from bodyworn.domain.encounter_events import (
    EncounterEdited,
    EncounterJoined,
    EncounterProposalDeclined,
    EncounterSplit,
    EncounterSynchronized,
    PairCompared,
    SoundsCompared,
)
from bodyworn.domain.errors import Code, Conflict, CustodyError
from bodyworn.domain.event import Tag, now, stamp
from bodyworn.domain.event_kinds import detail_of
from bodyworn.encounters.membership import Membership
from bodyworn.encounters.proposing import Pair, pair_of
from bodyworn.encounters.sounds import KnownSounds
from bodyworn.encounters.statements import Statement
from bodyworn.recordings import tombstones
from bodyworn.storage.databases.base import Database, Transaction
from bodyworn.storage.rows import audit
from bodyworn.storage.rows import encounters as rows
from bodyworn.storage.rows.audit import EventFilter

#: Rows of evidence to add, as table and values.
_Rows = list[tuple[str, JsonObject]]


@dataclass(frozen=True)
class Standing:
    """What the rows say now: who belongs where, which reasons were declined, what people say, how recordings lie.

    ``sounds`` are the comparisons of sound that the audit log keeps.
    """

    membership: Membership
    declined: Mapping[Pair, frozenset[str]]
    statements: Sequence[rows.StatementRow]
    offsets: Mapping[tuple[str, str], MemberOffset]
    sounds: KnownSounds


class EncounterLedger:
    """The encounters of one library as rows, for the actor of ``audit_log``."""

    def __init__(self, database: Database, audit_log: AuditLog) -> None:
        self._database, self._audit_log = database, audit_log

    def standing(self) -> Standing:
        """What the rows say now."""
        with self._database.read() as transaction:
            return _standing(transaction)

    def refuse_disposed(self, text: str) -> None:
        """:class:`NotFound` that says so, where ``text`` names an encounter that was disposed of."""
        with self._database.read() as transaction:
            gone = tombstones.named(transaction, text)
        if len(gone) == 1:
            raise tombstones.disposed(gone[0], text)

    def join(self, seen: Mapping[str, frozenset[str]], why: str, proposed: Sequence[JoinProposal]) -> str:
        """Make one encounter of those in ``seen`` (their recordings by id); the id of it.

        An encounter that was joined before goes on; others come to it. :class:`Conflict` if one changed since.
        """
        with self._database.write() as transaction:
            membership = _standing(transaction).membership
            self._must_be(membership, seen)
            joined = [one for one, members in seen.items() if not _is_alone(one, members)]
            target = joined[0] if joined else new_encounter_id()
            moving = [member for one, members in seen.items() if one != target for member in sorted(members)]
            reasons = json.dumps([to_json(one) for one in proposed], sort_keys=True, ensure_ascii=False)
            added = [
                *self._rows_of_encounter(transaction, target),
                *(self._placement(target, recording, why, reasons) for recording in moving),
            ]
            kinds = sorted({reason.kind.value for one in proposed for reason in one.reasons if not reason.against})
            others = tuple(sorted(set(seen) - {target}))
            detail = EncounterJoined(tuple(moving), others, tuple(kinds))
            self._audit_log.add_rows(transaction, Tag.ENCOUNTER_JOINED, target, added, detail)
        return target

    def split(
        self,
        encounter_id: str,
        seen: frozenset[str],
        leaving: frozenset[str],
        why: str,
        tokens: Mapping[Pair, frozenset[str]],
    ) -> str:
        """Take ``leaving`` out of an encounter, together; the id of the encounter that they are now.

        ``tokens`` are the reasons for which they would be proposed again: they are declined with it.
        """
        alone = next(iter(leaving)) if len(leaving) == 1 else ""
        into = own_encounter_id(alone) if alone else new_encounter_id()
        with self._database.write() as transaction:
            self._must_be(_standing(transaction).membership, {encounter_id: seen})
            added = [
                *self._rows_of_encounter(transaction, into),
                *(self._placement(into, recording, why, "[]") for recording in sorted(leaving)),
                *(self._decline(pair, reasons, why) for pair, reasons in sorted(tokens.items())),
            ]
            detail = EncounterSplit(tuple(sorted(leaving)), into)
            self._audit_log.add_rows(transaction, Tag.ENCOUNTER_SPLIT, encounter_id, added, detail)
        return into

    def decline(self, proposal: JoinProposal, tokens: Mapping[Pair, frozenset[str]], why: str) -> None:
        """Remember that two encounters are not one, for the reasons of now."""
        with self._database.write() as transaction:
            added = [self._decline(pair, reasons, why) for pair, reasons in sorted(tokens.items())]
            kinds = sorted({reason.kind.value for reason in proposal.reasons if not reason.against})
            detail = EncounterProposalDeclined(proposal.other, tuple(kinds))
            self._audit_log.add_rows(transaction, Tag.ENCOUNTER_PROPOSAL_DECLINED, proposal.one, added, detail)

    def state(self, encounter_id: str, statements: Sequence[Statement], why: str) -> None:
        """Keep what a person says of an encounter."""
        with self._database.write() as transaction:
            added = self._rows_of_encounter(transaction, encounter_id)
            for one in statements:
                values = {"encounter_id": encounter_id, "kind": one.kind.value, "role": one.role, "value": one.value}
                added.append(("encounter_statements", {**values, "why": why, **self._audit_log.done_by()}))
            detail = EncounterEdited(tuple(sorted({one.kind.value for one in statements})))
            self._audit_log.add_rows(transaction, Tag.ENCOUNTER_EDITED, encounter_id, added, detail)

    def place_in_time(
        self,
        encounter_id: str,
        seen: frozenset[str],
        offsets: Mapping[str, MemberOffset],
        detail: EncounterSynchronized,
    ) -> None:
        """Keep how recordings of an encounter lie in time. :class:`Conflict` if others belong to it by now."""
        with self._database.write() as transaction:
            self._must_be(_standing(transaction).membership, {encounter_id: seen})
            added = self._rows_of_encounter(transaction, encounter_id)
            for recording, offset in sorted(offsets.items()):
                stated = to_json(offset)
                values: dict[str, Json] = {"encounter_id": encounter_id, "recording_id": recording}
                values |= {name: stated.pop(name) for name in ("offset_ms", "source")}
                kept = json.dumps(stated, sort_keys=True, ensure_ascii=False)
                added.append(("encounter_offsets", {**values, "detail": kept, **self._audit_log.done_by()}))
            self._audit_log.add_rows(transaction, Tag.ENCOUNTER_SYNCHRONIZED, encounter_id, added, detail)

    @staticmethod
    def _must_be(membership: Membership, seen: Mapping[str, frozenset[str]]) -> None:
        for encounter_id, members in seen.items():
            if membership.members(encounter_id) != members:
                raise Conflict(
                    f"{encounter_id} was changed by another person in the meantime", "Look at it again first"
                )

    def _rows_of_encounter(self, transaction: Transaction, encounter_id: str) -> _Rows:
        """The row of the encounter, with the first act about it."""
        if rows.is_there(transaction, encounter_id):
            return []
        values = {"id": encounter_id, "made_at": stamp(now()), "made_by": self._audit_log.actor.id}
        return [("encounters", values)]

    def _placement(self, encounter_id: str, recording_id: str, why: str, reasons: str) -> tuple[str, JsonObject]:
        values = {"encounter_id": encounter_id, "recording_id": recording_id, "reasons": reasons, "why": why}
        return "encounter_placements", {**values, **self._audit_log.done_by()}

    def _decline(self, pair: Pair, tokens: Iterable[str], why: str) -> tuple[str, JsonObject]:
        reasons = json.dumps(sorted(tokens), ensure_ascii=False)
        values = {"one_id": pair[0], "other_id": pair[1], "reasons": reasons, "why": why}
        return "encounter_declines", {**values, **self._audit_log.done_by()}


def _is_alone(encounter_id: str, members: frozenset[str]) -> bool:
    """Whether it is the own encounter of a recording, and was not joined."""
    return members == {next(iter(members))} and encounter_id == own_encounter_id(next(iter(members)))


def _standing(transaction: Transaction) -> Standing:
    declined: dict[Pair, set[str]] = defaultdict(set)
    for row in rows.declines(transaction):
        declined[pair_of(row["one_id"], row["other_id"])].update(_texts(row["reasons"]))
    return Standing(
        Membership(rows.placements(transaction)),
        {pair: frozenset(tokens) for pair, tokens in declined.items()},
        rows.statements(transaction),
        {(row["encounter_id"], row["recording_id"]): _offset(row) for row in rows.offsets(transaction)},
        KnownSounds(_compared(transaction)),
    )


def _compared(transaction: Transaction) -> Iterator[PairCompared]:
    """The pairs that were compared by sound, the oldest first."""
    for row in reversed(audit.newest(transaction, None, EventFilter(tag=Tag.ENCOUNTERS_COMPARED))):
        detail = detail_of(read_event(row))
        if isinstance(detail, SoundsCompared):
            yield from detail.pairs


def _offset(row: rows.OffsetRow) -> MemberOffset:
    """The offset in a row; its detail is the JSON of the rest of it."""
    try:
        return from_json(
            MemberOffset,
            {"offset_ms": row["offset_ms"], "source": row["source"], **json.loads(row["detail"])},
        )
    except (ValueError, TypeError, RecursionError):
        raise _edited("an offset") from None


def _texts(text: str) -> list[str]:
    try:
        found = json.loads(text)
        return [str(one) for one in found]
    except (ValueError, TypeError, RecursionError):
        raise _edited("a declined proposal") from None


def _edited(what: str) -> CustodyError:
    return CustodyError(
        f"{what} of an encounter is not as it was stored, and cannot be read",
        "Verify the custody of the library",
        Code.CUSTODY_FAULT,
    )
