"""The head of the audit log: number and hash of its newest row, signed, beside the rows.

It changes in the transaction of each row, and one row's hash stands for all rows before it. Who has the database and
not the key can therefore neither change, add nor cut off a row: nobody signs such a head. It also names
the newest checkpoint and how many there are, so that a checkpoint that was taken away is missed.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from bodyworn.custody.checkpoint import CheckpointSigner, CheckpointVerifier
from bodyworn.storage.databases.base import Transaction
from bodyworn.storage.rows import audit

#: Second line of the note; that of a checkpoint is a number, so neither can be taken for the other.
_KIND = "head"


@dataclass(frozen=True)
class LogHead:
    """The newest row and the newest checkpoint.

    ``sealed`` is how many rows the newest checkpoint covers (0: there is none), ``checkpoints`` how many were written,
    ``folder`` where they lie, as the settings have it. ``old_rows`` were written by a version that signed no heads, and
    ``old_sealed`` of them lay under a checkpoint when the first head was signed.
    """

    size: int
    hash: str
    sealed: int = 0
    checkpoints: int = 0
    folder: str = ""
    old_rows: int = 0
    old_sealed: int = 0

    def note(self, signer: CheckpointSigner) -> str:
        """The signed note that is stored."""
        return signer.sign_text(f"{signer.name}\n{_KIND}\n{json.dumps(asdict(self), sort_keys=True)}\n")

    @classmethod
    def open(cls, note: str, verifier: CheckpointVerifier) -> LogHead:
        """The head in a note; ``ValueError`` if it is none that ``verifier``'s key signed."""
        origin, kind, values = verifier.signed_text(note).split("\n", 2)
        if (origin, kind) != (verifier.name, _KIND):
            raise ValueError("is not a head")
        return cls(**json.loads(values))

    def fits(self, row: audit.AuditRow | None) -> bool:
        """Whether ``row`` is the newest row that was signed."""
        return row is not None and (self.size, self.hash) == (row.seq, row.hash.hex())


def stored_head(transaction: Transaction, verifier: CheckpointVerifier) -> LogHead | None:
    """The head that is stored; ``None`` if there is none that this key signed."""
    note = audit.head(transaction)
    if note is None:
        return None
    try:
        return LogHead.open(note, verifier)
    except ValueError:
        return None
