"""What has to hold in a library, and how what does not is told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Rule(StrEnum):
    """What has to hold."""

    NUMBERS = "row-numbers"
    HASH = "row-hash"
    CHAIN = "row-chain"
    BODY = "row-body"
    KEY = "record-key"
    NEWEST = "newest-row"
    CHECKPOINT = "checkpoint"
    TAIL = "record-tail"
    EMPTIED = "emptied-log"
    STORED_ROW = "stored-row"
    STORED_FILE = "stored-file"
    LOG_INDEX = "log-index"
    DATABASE = "database"


RULES = {
    Rule.NUMBERS: "rows are numbered 1, 2, 3 … without a gap: a gap is a removed row",
    Rule.HASH: "a row's hash fits its content: if not, the row was edited",
    Rule.CHAIN: "a row names the hash of the row before: if not, rows were removed, moved or rewritten",
    Rule.BODY: "a row's content is canonical JSON with its own number and time in it",
    Rule.KEY: "the key in use is that of the first row, or each key since then was signed for by the one before",
    Rule.NEWEST: "the newest row is signed with the key: if not, rows were added, cut off or rewritten without it",
    Rule.CHECKPOINT: "each checkpoint that was written is there, signed, and the rows up to it give the signed root",
    Rule.TAIL: "no checkpoint covers more rows than there are: if one does, the newest rows were cut off",
    Rule.EMPTIED: "a library with a used key, checkpoints or stored files has an audit log: if not, it was emptied",
    Rule.STORED_ROW: "each row of evidence is as the audit log last saw it, none is gone, none was slipped in",
    Rule.STORED_FILE: "each file that the audit log speaks of is there and has the SHA-256 it had",
    Rule.LOG_INDEX: "what finds and seals entries without reading them all follows from the entries alone",
    Rule.DATABASE: "the database's own check of its pages finds nothing, and all rows can be read",
}

#: Rules that say whether the entries themselves hold.
ENTRY_RULES = {
    Rule.NUMBERS,
    Rule.HASH,
    Rule.CHAIN,
    Rule.BODY,
    Rule.KEY,
    Rule.NEWEST,
    Rule.CHECKPOINT,
    Rule.TAIL,
    Rule.EMPTIED,
}


@dataclass(frozen=True)
class Fault:
    """A rule that is broken, the entry of the audit log (0: none in particular) and what was found, as one sentence."""

    rule: Rule
    row: int
    what: str

    def __str__(self) -> str:
        where = f"row {self.row}: " if self.row else ""
        return f"{self.rule}: {where}{self.what}"


@dataclass(frozen=True)
class Remark:
    """What a reader of the audit log should know though no rule is broken, and the entry it is about (0: none)."""

    row: int
    what: str

    def __str__(self) -> str:
        return f"row {self.row}: {self.what}" if self.row else self.what


@dataclass(frozen=True)
class VerificationReport:
    """What was checked and what does not hold.

    ``sealed`` is how many rows the newest checkpoint covers; ``unreferenced`` are stored files that no row
    speaks of: leftovers. ``remarks`` break no rule: a clock that was set back, rows that nothing ever signed.
    """

    rows: int
    sealed: int
    checkpoints: int
    files: int
    faults: tuple[Fault, ...]
    unreferenced: tuple[str, ...]
    remarks: tuple[Remark, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether everything holds."""
        return not self.faults

    @property
    def log_holds(self) -> bool:
        """Whether the entries of the audit log hold, whatever became of other rows and files."""
        return not any(fault.rule in ENTRY_RULES for fault in self.faults)
