"""The audit log: what was done, by whom, in rows that can only be added.

Each row is the RFC 8785 canonical JSON of an event with its number in it, and
``hash = SHA-256(0x00 || hash of the row before || body)``: a chain, and at the same time the leaves of an RFC 6962
Merkle tree. A row is written in the transaction of the act itself, so an act that cannot be recorded does not happen.
"""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass

from bodyworn.custody import merkle
from bodyworn.custody.checkpoint import Checkpoint, CheckpointFolder, CheckpointSigner
from bodyworn.domain.actor import Actor
from bodyworn.domain.codec import JsonObject
from bodyworn.domain.errors import Code, CustodyError
from bodyworn.domain.event import Event, Outcome, Tag, now, stamp
from bodyworn.domain.event_details import EventDetail, LibraryCreated
from bodyworn.domain.event_kinds import stored
from bodyworn.storage.canonical import canonical_json
from bodyworn.storage.databases.base import Database, Transaction
from bodyworn.storage.rows import audit, evidence
from bodyworn.storage.rows.audit import EVERY_EVENT, EventFilter

FIRST_PREV = bytes(32)


@dataclass
class Unsealed:
    """Rows written since the last checkpoint."""

    rows: int = 0


class AuditLog:
    """The audit log of one library, for one :class:`Actor`."""

    def __init__(
        self,
        database: Database,
        actor: Actor,
        checkpoints: CheckpointFolder,
        signer: CheckpointSigner | None,
        *,
        rows_per_checkpoint: int = 1000,
    ) -> None:
        self.database = database
        self.actor = actor
        self.checkpoints = checkpoints
        self._signer = signer
        self._rows_per_checkpoint = rows_per_checkpoint
        self._unsealed = Unsealed()

    def acting(self, actor: Actor) -> AuditLog:
        """The same log for another actor; both count the rows since the last checkpoint together."""
        other = copy.copy(self)
        other.actor = actor
        return other

    def begin(self, key: str) -> None:
        """Write the first row, if there is none: the library is made, with this public key.

        :class:`CustodyError` if the first row names another: a database and the folder of another library.
        """
        with self.database.read() as transaction:
            first = audit.first(transaction)
        if first is None:
            with self.database.write() as transaction:
                first = audit.first(transaction)
                if first is None:
                    self.append(Tag.LIBRARY_CREATED, "library", LibraryCreated(key), within=transaction)
        if first is not None and first.hash == merkle.leaf_hash(first.prev + first.body):
            named = json.loads(first.body)["detail"].get("key", key)
            if named != key:
                raise CustodyError(
                    f"the database {self.database.location} belongs to a library with another key",
                    "Check which folder and which database belong together",
                )

    def append(
        self,
        tag: str,
        object: str,
        detail: EventDetail | JsonObject | None = None,
        *,
        outcome: Outcome = Outcome.OK,
        within: Transaction | None = None,
    ) -> Event:
        """Write one event, ``within`` the transaction of the act or in one of its own."""
        if within is None:
            with self.database.write() as transaction:
                event = self._append(transaction, tag, object, stored(tag, detail), outcome)
        else:
            event = self._append(within, tag, object, stored(tag, detail), outcome)
        self._unsealed.rows += 1
        return event

    def add_row(
        self,
        transaction: Transaction,
        tag: str,
        object: str,
        table: str,
        values: JsonObject,
        detail: EventDetail | JsonObject | None = None,
    ) -> Event:
        """Insert a row of evidence and the event that carries its digest, both or neither."""
        name, digest = evidence.add(transaction, table, values)
        return self.append(tag, object, {**stored(tag, detail), "evidence": {name: digest}}, within=transaction)

    def _append(self, transaction: Transaction, tag: str, object: str, detail: JsonObject, outcome: Outcome) -> Event:
        last = audit.last(transaction)
        who = self.actor
        event = Event(
            (last.seq if last else 0) + 1,
            now(),
            str(tag),
            who.id,
            who.node,
            who.source,
            outcome.value,
            object,
            detail,
            who.session,
            who.stated_name,
        )
        at, body = stamp(event.at), canonical_json(event.to_json())
        prev = last.hash if last else FIRST_PREV
        row = audit.AuditRow(event.seq, at, body, prev, merkle.leaf_hash(prev + body))
        audit.append(transaction, row, audit.IndexEntry(event.seq, at, event.tag, event.actor, event.object))
        _keep_full_subtrees(transaction, event.seq)
        return event

    def newest(self, count: int, which: EventFilter = EVERY_EVENT) -> list[Event]:
        """The newest events that fit, newest first; the next page is ``which.page_before(seq)`` of the last one.

        Reading them is the caller's act to record (``audit_log.viewed``).
        """
        with self.database.read() as transaction:
            return [_event(row) for row in audit.newest(transaction, count, which)]

    def about(self, object: str, count: int | None = None, before: int | None = None) -> list[tuple[Event, str]]:
        """Events about an object with their hashes in hex, oldest first. Reading them is the caller's act.

        With ``count`` only the newest so many, with ``before`` of those with lower numbers than that.
        """
        with self.database.read() as transaction:
            rows = audit.newest(transaction, count, EventFilter(object=object, before=before))
        return [(_event(row), row.hash.hex()) for row in reversed(rows)]

    def find(self, tag: str, object: str) -> audit.AuditRow:
        """The newest row of that tag about that object; :class:`CustodyError` if there is none."""
        with self.database.read() as transaction:
            found = audit.newest(transaction, 1, EventFilter(object=object, tag=str(tag)))
        if not found:
            what = f"the audit log has no {tag} of {object}"
            raise CustodyError(what, "Verify the custody of the library", Code.CUSTODY_FAULT)
        return found[0]

    def signed(self, checkpoint: Checkpoint) -> str:
        """The checkpoint as a signed note; :class:`CustodyError` where the key of the audit log is missing."""
        if self._signer is None:
            raise CustodyError("the key of the audit log is missing", "Restore keys/ from its backup")
        return self._signer.sign(checkpoint)

    def seal(self, *, always: bool = True) -> Checkpoint | None:
        """Sign size and root of the audit log into a file outside the database.

        With ``always=False`` only when enough rows came since the last time. The root comes from the stored roots
        of full subtrees, so that the whole log need not be read; :mod:`bodyworn.custody.verify` never trusts them.
        """
        if (
            self._signer is None
            or not self._unsealed.rows
            or not (always or self._unsealed.rows >= self._rows_per_checkpoint)
        ):
            return None
        with self.database.read() as transaction:
            checkpoint = self._checkpoint(transaction)
        self.checkpoints.keep(checkpoint, self._signer)
        self._unsealed.rows = 0
        return checkpoint

    def proof(self, seq: int) -> tuple[Checkpoint, list[bytes]]:
        """Checkpoint over all rows now, and the RFC 6962 inclusion proof of row ``seq`` under it."""
        with self.database.read() as transaction:
            checkpoint = self._checkpoint(transaction)
            try:
                return checkpoint, merkle.inclusion_proof(_Hashes(transaction), seq - 1, checkpoint.size)
            except LookupError as error:
                raise _gap(error) from error

    def _checkpoint(self, transaction: Transaction) -> Checkpoint:
        last = audit.last(transaction)
        size = last.seq if last else 0
        try:
            root = merkle.stored_root(_Hashes(transaction), size)
        except LookupError as error:
            raise _gap(error) from error
        return Checkpoint(self._signer.name if self._signer else "unsigned", size, root)


@dataclass(frozen=True)
class _Hashes:
    """The hashes of the audit log as a transaction sees them."""

    transaction: Transaction

    def read(self, level: int, start: int, stop: int) -> list[bytes]:
        """Hashes of one level."""
        return audit.hashes(self.transaction, level, start, stop)


def _keep_full_subtrees(transaction: Transaction, size: int) -> None:
    """Store the roots of the subtrees that are full with row ``size``."""
    level, count = 0, size
    while count and count % audit.SUBTREE == 0:
        hashes = audit.hashes(transaction, level, count - audit.SUBTREE, count)
        if len(hashes) != audit.SUBTREE:  # a row was removed by force: verification says so
            return
        level, count = level + 1, count // audit.SUBTREE
        audit.keep_subtree(transaction, level, count - 1, merkle.subtree_root(hashes))


def _event(row: audit.AuditRow) -> Event:
    return Event.from_json(json.loads(row.body))


def _gap(error: LookupError) -> CustodyError:
    return CustodyError(
        f"the audit log is not whole, so it cannot be sealed ({error})", "Check the audit log", Code.CUSTODY_FAULT
    )
