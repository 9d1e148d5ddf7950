"""The audit log: what was done, by whom, in rows that can only be added.

Each row is the RFC 8785 canonical JSON of an event with its number in it, and
``hash = SHA-256(0x00 || hash of the row before || body)``: a chain, and at the same time the leaves of an RFC 6962
Merkle tree. A row is written in the transaction of the act itself, so an act that cannot be recorded does not happen.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import replace

from bodyworn.custody import merkle
from bodyworn.custody.checkpoint import Checkpoint, CheckpointFolder, CheckpointSigner, CheckpointVerifier
from bodyworn.custody.entry import keys_named, read_event
from bodyworn.custody.key_history import handover
from bodyworn.custody.sealing import Sealing, StoredLogHashes, root_of, unsound
from bodyworn.custody.writing import LogSession, NewEvent, write_rows
from bodyworn.domain.actor import Actor
from bodyworn.domain.codec import JsonObject
from bodyworn.domain.errors import Code, CustodyError
from bodyworn.domain.event import Event, Outcome, Tag, now, stamp
from bodyworn.domain.event_details import CheckpointsMoved, ClockSetBack, EventDetail, KeyRotated, LibraryCreated
from bodyworn.domain.event_kinds import stored
from bodyworn.storage.databases.base import Database, Transaction
from bodyworn.storage.rows import audit, evidence
from bodyworn.storage.rows.audit import EVERY_EVENT, EventFilter


class AuditLog:
    """The audit log of one library, for one :class:`Actor`.

    ``place`` is what the settings call the folder of ``checkpoints``. Without a ``signer`` the log is only read.
    """

    def __init__(
        self,
        database: Database,
        actor: Actor,
        checkpoints: CheckpointFolder,
        signer: CheckpointSigner | None,
        *,
        rows_per_checkpoint: int = 1000,
        place: str = "checkpoints",
    ) -> None:
        self.database = database
        self.actor = actor
        self.checkpoints = checkpoints
        self._rows_per_checkpoint = rows_per_checkpoint
        self._session = LogSession()
        if signer is not None:
            self._session.sealing = Sealing(database, checkpoints, place, signer, self._session.keys)

    def acting(self, actor: Actor) -> AuditLog:
        """The same log for another actor; both count the rows since the last checkpoint together."""
        other = copy.copy(self)
        other.actor = actor
        return other

    @property
    def _sealing(self) -> Sealing | None:
        return self._session.sealing

    @property
    def can_write(self) -> bool:
        """Whether there is a key to write with."""
        return self._sealing is not None

    @property
    def verifier(self) -> CheckpointVerifier:
        """The public key that goes with its signatures; :class:`CustodyError` where there is none to write with."""
        return self._with_key().signer.verifier

    @property
    def clock_set_back(self) -> ClockSetBack | None:
        """How far the clock was found to be set back when a row was written, if it was."""
        return self._session.clock_set_back

    def begin(self) -> bool:
        """Write the first row, if there is none: the library is made, with the public key of the signer.

        Returns whether the newest row is signed, which it is unless the log was changed by hand.
        :class:`CustodyError` if the log belongs to another key: a database and the folder of another library, or a key
        that was replaced without an event.
        """
        assert self._sealing is not None
        with self.database.read() as transaction:
            first = audit.first(transaction)
        if first is None:
            with self.database.write() as transaction:
                if audit.first(transaction) is None:
                    key = LibraryCreated(str(self._sealing.signer.verifier), heads=True)
                    self.append(Tag.LIBRARY_CREATED, "library", key, within=transaction)
        with self.database.read() as transaction:
            self._session.keys.keys = keys_named(transaction).keys
            head = self._sealing.head(transaction)
            note = audit.head(transaction)
        newest = self._session.keys.newest
        if newest is not None and newest != self._sealing.signer.verifier:
            raise CustodyError(
                f"the database {self.database.location} belongs to a library with another key",
                "Check which folder and which database belong together, and whether the key was replaced",
                Code.CUSTODY_FAULT,
            )
        if note is None:
            return self._sealing.begin_heads()
        if head is not None and head.folder != self._sealing.place:
            self._move_checkpoints()
        return head is not None

    def _move_checkpoints(self) -> None:
        """Write that the settings name another folder now, if the newest checkpoint lies there."""
        assert self._sealing is not None
        with self.database.write() as transaction:
            head = self._sealing.head(transaction)
            if head is None or head.folder == self._sealing.place:
                return
            try:
                self._sealing.check(transaction)
            except CustodyError:
                return  # sealing and verification say what is wrong
            moved = CheckpointsMoved(head.folder, self._sealing.place)
            self.append(Tag.AUDIT_LOG_CHECKPOINTS_MOVED, "audit_log", moved, within=transaction)
            head = self._sealing.head(transaction)
            if head is not None:
                note = replace(head, folder=self._sealing.place).note(self._sealing.signer)
                audit.keep_head(transaction, note)

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
        new = NewEvent(self.actor, tag, object, detail, outcome)
        if within is None:
            return self.append_each([new])[-1]
        event = write_rows(within, [new], self._session)[-1]
        self._session.unsealed += 1
        return event

    def append_each(self, news: Sequence[NewEvent]) -> list[Event]:
        """Write events of any actors in one transaction under one signature, so that many cost little more than one."""
        with self.database.write() as transaction:
            events = write_rows(transaction, news, self._session)
        self._session.unsealed += len(events)
        return events

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
        return self.add_rows(transaction, tag, object, [(table, values)], detail)

    def add_rows(
        self,
        transaction: Transaction,
        tag: str,
        object: str,
        rows: Sequence[tuple[str, JsonObject]],
        detail: EventDetail | JsonObject | None = None,
    ) -> Event:
        """Insert rows of evidence, as table and values, and one event that carries all their digests."""
        digests = evidence.add(transaction, rows)
        return self.append(tag, object, {**stored(tag, detail), "evidence": digests}, within=transaction)

    def done_by(self) -> dict[str, str]:
        """The columns of a row of evidence that say who adds it, by which stated name, and when."""
        return {"by": self.actor.id, "stated_name": self.actor.stated_name, "at": stamp(now())}

    def newest(self, count: int, which: EventFilter = EVERY_EVENT) -> list[Event]:
        """The newest events that fit, newest first; the next page is ``which.page_before(seq)`` of the last one.

        Reading them is the caller's act to record (``audit_log.viewed``).
        """
        with self.database.read() as transaction:
            return [read_event(row) for row in audit.newest(transaction, count, which)]

    def about(self, object: str, count: int | None = None, before: int | None = None) -> list[tuple[Event, str]]:
        """Events about an object with their hashes in hex, oldest first. Reading them is the caller's act.

        With ``count`` only the newest so many, with ``before`` of those with lower numbers than that.
        """
        with self.database.read() as transaction:
            rows = audit.newest(transaction, count, EventFilter(object=object, before=before))
        return [(read_event(row), row.hash.hex()) for row in reversed(rows)]

    def find(self, tag: str, object: str) -> audit.AuditRow:
        """The newest row of that tag about that object; :class:`CustodyError` if there is none."""
        with self.database.read() as transaction:
            found = audit.newest(transaction, 1, EventFilter(object=object, tag=str(tag)))
        if not found:
            what = f"the audit log has no {tag} of {object}"
            raise CustodyError(what, "Verify the custody of the library", Code.CUSTODY_FAULT)
        return found[0]

    def signed(self, checkpoint: Checkpoint) -> str:
        """The checkpoint as a signed note; :class:`CustodyError` where the key is missing or the log does not hold."""
        sealing = self._with_key()
        with self.database.read() as transaction:
            head = sealing.check(transaction)
            if checkpoint.size > head.size or checkpoint.root != root_of(transaction, checkpoint.size):
                raise unsound(f"the first {checkpoint.size} rows are not those of the checkpoint")
        return sealing.signer.sign(checkpoint)

    def seal(self, *, always: bool = True) -> Checkpoint | None:
        """Sign size and root of the audit log into a file outside the database.

        With ``always=False`` only when enough rows came since the last time. The root comes from the stored roots
        of full subtrees, so that the whole log need not be read; :mod:`bodyworn.custody.verify` never trusts them.
        :class:`CustodyError`, and nothing is signed, where what was signed before does not hold any more.
        """
        enough = self._rows_per_checkpoint if not always else 1
        if self._sealing is None or self._session.held_back or self._session.unsealed < enough:
            return None
        unsealed = self._session.unsealed
        checkpoint = self._sealing.seal()
        self._session.unsealed -= unsealed
        return checkpoint

    def hold_back(self) -> None:
        """Seal nothing any more: the log was checked and does not hold, and the person knows."""
        self._session.held_back = True

    def hand_over(self, to: CheckpointSigner) -> None:
        """Let another key sign from now on; :class:`CustodyError`, and nothing changes, if the log does not hold.

        :class:`LibraryBusy` where another process has the library open: it would go on with the key before.
        """
        self.seal()
        with self.database.alone() as transaction:
            sealing = self._with_key()
            sealing.check(transaction)
            detail = KeyRotated(str(to.verifier), handover(sealing.signer, to.verifier))
            event = self.append(Tag.AUDIT_LOG_KEY_ROTATED, "audit_log", detail, within=transaction)
            head = sealing.check(transaction)
            audit.keep_head(transaction, head.note(to))
        self._session.keys.keys.append((event.seq, to.verifier))
        self._session.sealing = replace(sealing, signer=to)

    def proof(self, seq: int) -> tuple[Checkpoint, list[bytes]]:
        """Checkpoint over all rows now, and the RFC 6962 inclusion proof of row ``seq`` under it."""
        with self.database.read() as transaction:
            checkpoint = self._with_key().now(transaction)
            try:
                return checkpoint, merkle.inclusion_proof(StoredLogHashes(transaction), seq - 1, checkpoint.size)
            except LookupError as error:
                raise unsound(str(error)) from error

    def _with_key(self) -> Sealing:
        if self._sealing is None:
            raise CustodyError("the key of the audit log is missing", "Restore keys/ from its backup")
        return self._sealing
