"""The audit log: what was done, by whom, in rows that can only be added.

Each row is the RFC 8785 canonical JSON of an event with its number in it, and
``hash = SHA-256(0x00 || hash of the row before || body)``: a chain, and at the same time the leaves of an RFC 6962
Merkle tree. A row is written in the transaction of the act itself, so an act that cannot be recorded does not happen.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import rfc8785

from bodyworn.custody import merkle
from bodyworn.custody.checkpoint import Checkpoint, CheckpointFolder, CheckpointSigner
from bodyworn.domain.actor import Actor
from bodyworn.domain.errors import Code, CustodyError
from bodyworn.domain.event import Event, Outcome, Tag, now, stamp
from bodyworn.storage.database import Database, Transaction
from bodyworn.storage.rows import audit, evidence

FIRST_PREV = bytes(32)


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
        self._unsealed = 0

    def begin(self, detail: Mapping[str, Any]) -> None:
        """Write the first row, if there is none: the library is made, with this public key."""
        with self.database.write() as transaction:
            if audit.last(transaction) is None:
                self.append(Tag.LIBRARY_CREATED, "library", detail, within=transaction)

    def append(
        self,
        tag: str,
        object: str,
        detail: Mapping[str, Any] | None = None,
        *,
        outcome: Outcome = Outcome.OK,
        within: Transaction | None = None,
    ) -> Event:
        """Write one event, ``within`` the transaction of the act or in one of its own."""
        if within is None:
            with self.database.write() as transaction:
                event = self._append(transaction, tag, object, detail or {}, outcome)
        else:
            event = self._append(within, tag, object, detail or {}, outcome)
        self._unsealed += 1
        return event

    def add_row(
        self,
        transaction: Transaction,
        tag: str,
        object: str,
        table: str,
        values: Mapping[str, Any],
        detail: Mapping[str, Any] | None = None,
    ) -> Event:
        """Insert a row of evidence and the event that carries its digest, both or neither."""
        name, digest = evidence.add(transaction, table, values)
        return self.append(tag, object, {**(detail or {}), "evidence": {name: digest}}, within=transaction)

    def _append(
        self, transaction: Transaction, tag: str, object: str, detail: Mapping[str, Any], outcome: Outcome
    ) -> Event:
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
        )
        body = rfc8785.dumps(event.to_json())
        prev = last.hash if last else FIRST_PREV
        row = audit.AuditRow(event.seq, stamp(event.at), body, prev, merkle.leaf_hash(prev + body))
        audit.append(transaction, row)
        return event

    def newest(self, count: int) -> list[Event]:
        """The newest events, newest first. Reading them is the caller's act to record (``audit_log.viewed``)."""
        with self.database.read() as transaction:
            return [Event.from_json(json.loads(row.body)) for row in audit.newest(transaction, count)]

    def about(self, object: str) -> list[tuple[Event, str]]:
        """All events about an object with their hashes in hex, oldest first. Reading them is the caller's act."""
        named = rfc8785.dumps(object)
        with self.database.read() as transaction:
            bodies = [(row.body, row.hash.hex()) for row in audit.rows(transaction) if named in row.body]
        events = [(Event.from_json(json.loads(body)), digest) for body, digest in bodies]
        return [(event, digest) for event, digest in events if event.object == object]

    def find(self, tag: str, object: str) -> audit.AuditRow:
        """The newest row of that tag about that object; :class:`CustodyError` if there is none."""
        with self.database.read() as transaction:
            for row in audit.rows(transaction, newest_first=True):
                body = json.loads(row.body)
                if (body["tag"], body["object"]) == (str(tag), object):
                    return row
        raise CustodyError(
            f"the audit log has no {tag} of {object}", "Verify the custody of the library", Code.CUSTODY_FAULT
        )

    def signed(self, checkpoint: Checkpoint) -> str:
        """The checkpoint as a signed note; :class:`CustodyError` where the key of the audit log is missing."""
        if self._signer is None:
            raise CustodyError("the key of the audit log is missing", "Restore keys/ from its backup")
        return self._signer.sign(checkpoint)

    def seal(self, *, always: bool = True) -> Checkpoint | None:
        """Sign size and root of the audit log into a file outside the database.

        With ``always=False`` only when enough rows came since the last time.
        """
        if self._signer is None or not self._unsealed or not (always or self._unsealed >= self._rows_per_checkpoint):
            return None
        with self.database.read() as transaction:
            leaves = audit.hashes(transaction)
        checkpoint = Checkpoint(self._signer.name, len(leaves), merkle.root_of(leaves))
        self.checkpoints.keep(checkpoint, self._signer)
        self._unsealed = 0
        return checkpoint

    def proof(self, seq: int) -> tuple[Checkpoint, list[bytes]]:
        """Checkpoint over all rows now, and the RFC 6962 inclusion proof of row ``seq`` under it."""
        with self.database.read() as transaction:
            leaves = audit.hashes(transaction)
        origin = self._signer.name if self._signer else "unsigned"
        return Checkpoint(origin, len(leaves), merkle.root_of(leaves)), merkle.inclusion_proof(seq - 1, leaves)
