"""Sealing: a signed checkpoint over the audit log as it is now, but never over one that does not hold.

Before a signature is given, the newest checkpoint must be there, signed and true, and the rows since then must follow
from it up to the row that the head signed. So a log that was rewritten is not signed by the next command of its owner.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bodyworn.custody import merkle
from bodyworn.custody.checkpoint import Checkpoint, CheckpointFolder, CheckpointSigner, read_note
from bodyworn.custody.entry import says_heads
from bodyworn.custody.head import LogHead, stored_head
from bodyworn.custody.key_history import KeyHistory
from bodyworn.domain.errors import Code, CustodyError
from bodyworn.storage.databases.base import Database, Transaction
from bodyworn.storage.rows import audit

#: The row before the first.
FIRST_PREV = bytes(32)

#: Of a log that an earlier version wrote, so many rows may lie under no checkpoint. Each command wrote one when it
#: ended, and during long work after each 1,000 rows; what is left is of commands that were killed.
OLD_UNSEALED = 1000
#: Rows that the very first command of an earlier version could leave without any checkpoint when it was killed.
OLD_FIRST = 5


@dataclass(frozen=True)
class StoredLogHashes:
    """The hashes of the audit log as a transaction sees them."""

    transaction: Transaction

    def read(self, level: int, start: int, stop: int) -> list[bytes]:
        """Hashes of one level."""
        return audit.hashes(self.transaction, level, start, stop)


def root_of(transaction: Transaction, size: int) -> bytes:
    """Root of the first ``size`` rows by what is stored; :class:`CustodyError` if a hash is missing."""
    try:
        return merkle.stored_root(StoredLogHashes(transaction), size)
    except LookupError as error:
        raise unsound(str(error)) from error


def unsound(why: str) -> CustodyError:
    """The log does not hold, so nothing is signed."""
    return CustodyError(
        f"the audit log does not hold, so it is not sealed: {why}",
        "Keep the library as it is, check the audit log and tell its custodian",
        Code.CUSTODY_FAULT,
    )


@dataclass(frozen=True)
class Sealing:
    """Signs checkpoints into ``folder``, which the settings call ``place``, with the key that ``keys`` lead to."""

    database: Database
    folder: CheckpointFolder
    place: str
    signer: CheckpointSigner
    keys: KeyHistory

    def head(self, transaction: Transaction) -> LogHead | None:
        """The head that is stored and signed with the key in use."""
        return stored_head(transaction, self.signer.verifier)

    def check(self, transaction: Transaction) -> LogHead:
        """The head; :class:`CustodyError` unless all that was signed before still holds."""
        head = self.head(transaction)
        if head is None:
            raise unsound("its newest row is not signed")
        if not head.fits(audit.last(transaction)):
            raise unsound("its newest row is not the one that was signed; rows were added, cut off or rewritten")
        self.check_rows(transaction, head.sealed)
        return head

    def check_rows(self, transaction: Transaction, sealed: int) -> None:
        """Check the checkpoint over ``sealed`` rows (0: there is none) and that the rows after it follow from it."""
        if sealed:
            self.check_checkpoint(transaction, sealed)
        before = audit.hashes(transaction, 0, sealed - 1, sealed) if sealed else [FIRST_PREV]
        prev = before[0] if before else b""
        for seq, row in enumerate(audit.rows(transaction, after=sealed), sealed + 1):
            if row.seq != seq or row.prev != prev or row.hash != merkle.leaf_hash(row.prev + row.body):
                raise unsound(f"row {row.seq} does not follow from the row before it, or was edited")
            prev = row.hash

    def check_checkpoint(self, transaction: Transaction, size: int) -> None:
        """Check that the checkpoint over ``size`` rows is there, signed, and true."""
        path, key = self.folder.path(size), self.keys.at(size)
        try:
            if key is None:
                raise ValueError("was signed by no key of this log")
            checkpoint = key.open(read_note(path))
        except FileNotFoundError:
            raise unsound(f"the newest checkpoint, {path.name}, is not in the folder {self.place}") from None
        except OSError:
            raise unsound(f"the newest checkpoint, {path.name}, cannot be read") from None
        except ValueError as error:
            raise unsound(f"the newest checkpoint, {path.name}, {error}") from None
        if checkpoint.size != size or checkpoint.root != root_of(transaction, size):
            raise unsound(f"the first {size} rows are not those signed in {path.name}")

    def now(self, transaction: Transaction) -> Checkpoint:
        """The checkpoint over all rows, not signed yet; :class:`CustodyError` unless the log holds."""
        size = self.check(transaction).size
        return Checkpoint(self.signer.name, size, root_of(transaction, size))

    def seal(self) -> Checkpoint | None:
        """Sign what there is and write it down; ``None`` where the newest checkpoint covers all rows already."""
        with self.database.read() as transaction:
            head = self.check(transaction)
            if head.sealed == head.size:
                return None
            checkpoint = Checkpoint(self.signer.name, head.size, root_of(transaction, head.size))
            for size in self._unheard_of(head, head.size - 1):  # a run was killed before it could name them in the head
                self.check_checkpoint(transaction, size)
        path = self.folder.keep(checkpoint, self.signer)
        if read_note(path) != self.signer.sign(checkpoint):
            raise unsound(f"another checkpoint stands in {path.name}")
        with self.database.write() as transaction:
            self._name(transaction, checkpoint.size)
        return checkpoint

    def _name(self, transaction: Transaction, sealed: int) -> None:
        """Name the checkpoint in the head, unless another process has named a newer one."""
        head = self.head(transaction)
        if head is not None and head.sealed < sealed:
            count = head.checkpoints + len(self._unheard_of(head, sealed))
            audit.keep_head(transaction, replace(head, sealed=sealed, checkpoints=count).note(self.signer))

    def _unheard_of(self, head: LogHead, most: int) -> list[int]:
        """Sizes of checkpoints, up to ``most`` rows, that are newer than the one that the head names."""
        return [size for size in self.folder.sizes() if head.sealed < size <= most]

    def begin_heads(self) -> bool:
        """Sign the newest row of a log of an earlier version, if it is as that version would have left it.

        A log that had a head before, by its key or its first row, gets none: somebody took it away.
        """
        if self.signer.begun:
            return False
        with self.database.write() as transaction:
            first = audit.first(transaction)
            if audit.head(transaction) is not None or first is None or says_heads(first):
                return self.head(transaction) is not None
            head = self._first_head(transaction)
            if head is not None:
                audit.keep_head(transaction, head.note(self.signer))
            return head is not None

    def _first_head(self, transaction: Transaction) -> LogHead | None:
        """The head of a log of an earlier version; ``None`` if that version would not have left it like this."""
        last = audit.last(transaction)
        if last is None:
            return None
        sizes = self.folder.sizes()
        sealed = sizes[-1] if sizes else 0
        if last.seq - sealed > (OLD_UNSEALED if sealed else OLD_FIRST):
            return None
        try:
            self.check_rows(transaction, sealed)
        except CustodyError:
            return None
        hashed = last.hash.hex()
        return LogHead(last.seq, hashed, sealed, len(sizes), self.place, old_rows=last.seq, old_sealed=sealed)
