"""Does the audit log hold, and does what lies in the library still match it? Every fault names its rule and its row."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from bodyworn.custody import merkle
from bodyworn.custody.checkpoint import CheckpointFolder, CheckpointVerifier
from bodyworn.custody.clock import clock_back
from bodyworn.custody.head import stored_head
from bodyworn.custody.key_history import KeyHistory
from bodyworn.custody.notes import Notes
from bodyworn.custody.rules import ENTRY_RULES, Fault, Remark, Rule, VerificationReport
from bodyworn.custody.sealing import FIRST_PREV
from bodyworn.custody.spoken import SpokenOf, check_evidence, check_files
from bodyworn.domain.errors import LibraryError
from bodyworn.domain.progress import Progress
from bodyworn.storage.canonical import read_canonical
from bodyworn.storage.databases.base import Database, Transaction, has_rows
from bodyworn.storage.objects.local import LocalObjects
from bodyworn.storage.rows import audit, evidence

_TELL_EVERY = 5000
#: More remarks than this say nothing new.
_MOST_REMARKS = 20


@dataclass(frozen=True)
class KnownOutside:
    """What is known of the log from outside the database.

    ``key`` is the public key in use, ``begun`` whether its private half says that a log was begun with it, ``beside``
    the public key that lies beside it; ``keys`` and ``checkpoints`` were kept elsewhere and brought along.
    """

    key: CheckpointVerifier
    begun: bool = False
    keys: tuple[CheckpointVerifier, ...] = ()
    checkpoints: tuple[Path, ...] = ()
    beside: CheckpointVerifier | None = None


@dataclass
class _Derived:
    """How what is stored beside the entries differs from what follows from them."""

    subtrees: dict[tuple[int, int], bytes]
    differ: int = 0
    first: int = 0

    def on_subtree(self, level: int, position: int, root: bytes) -> None:
        """Compare a stored root with the one that follows from the entries."""
        if self.subtrees.pop((level, position), None) != root:
            self.differs(1)

    def differs(self, count: int, row: int = 0) -> None:
        """Count differences, and remember the first row that has one."""
        self.differ += count
        self.first = self.first or row

    def fault(self, rows: int, entries: int) -> Iterator[Fault]:
        """At most one fault, whatever their number."""
        differ = self.differ + len(self.subtrees) + max(0, entries - rows)
        if differ:
            what = f"{differ} of the rows that find and seal entries do not follow from them; the index was changed"
            yield Fault(Rule.LOG_INDEX, self.first, what)


@dataclass
class _Reading:
    """What is gathered while the rows are read one after the other."""

    notes: Notes
    derived: _Derived
    spoken: SpokenOf = field(default_factory=SpokenOf)
    keys: KeyHistory = field(default_factory=KeyHistory)
    faults: list[Fault] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    last: audit.AuditRow | None = None
    says_heads: bool = False

    @property
    def size(self) -> int:
        """Number of the newest row."""
        return self.last.seq if self.last else 0


def verify(
    database: Database,
    objects: LocalObjects,
    checkpoints: CheckpointFolder,
    known: KnownOutside,
    told: Progress,
    *,
    files: bool = True,
) -> VerificationReport:
    """Check the audit log against itself, its checkpoints, and the rows of evidence.

    Unless ``files`` is off, also the stored files and the pages of the database.
    """
    if not database.exists():
        return VerificationReport(0, 0, 0, 0, (Fault(Rule.EMPTIED, 0, "the database of the library is gone"),), ())
    notes = Notes.found(checkpoints, known.checkpoints)
    faults = _check_pages(database) if files else []
    reading = _Reading(notes, _Derived({}))
    try:
        with database.read() as transaction:
            rows = _check_log(transaction, reading, checkpoints, known, told)
    except LibraryError as error:
        rows = reading.size
        reading.faults.append(
            Fault(Rule.DATABASE, reading.size, f"no more rows can be read after this one: {error.what}")
        )
    faults = [*reading.faults, *faults]
    remarks = tuple(reading.remarks[:_MOST_REMARKS])
    sealed, spoken = notes.sealed(rows), reading.spoken.objects
    if not files:
        return VerificationReport(rows, sealed, len(notes), 0, tuple(faults), (), remarks)
    faults += check_files(objects, spoken, told)
    unreferenced = tuple(sorted(set(objects.all()) - set(spoken)))
    return VerificationReport(rows, sealed, len(notes), len(spoken), tuple(faults), unreferenced, remarks)


def _check_pages(database: Database) -> list[Fault]:
    """What the database's own check finds."""
    try:
        return [Fault(Rule.DATABASE, 0, complaint) for complaint in database.integrity()[:_MOST_REMARKS]]
    except LibraryError as error:
        return [Fault(Rule.DATABASE, 0, error.what)]


def _check_log(
    transaction: Transaction, reading: _Reading, checkpoints: CheckpointFolder, known: KnownOutside, told: Progress
) -> int:
    """The rows, the keys and checkpoints they lead to, and the rows of evidence; gives the number of rows."""
    if not has_rows(transaction):
        reading.faults.append(Fault(Rule.EMPTIED, 0, "the audit log has no rows, and even a new one has one"))
        reading.faults += reading.notes.check_tail(0)
        return 0
    total, entries = audit.count(transaction), audit.index_count(transaction)
    reading.derived = _Derived(audit.subtrees(transaction))
    count = _check_rows(_telling(audit.rows_and_entries(transaction), total, told), reading)
    reading.faults += _check_keys(reading.keys, known)
    reading.faults += reading.notes.check_signatures(reading.keys)
    reading.faults += reading.notes.check_tail(count)
    reading.faults += _check_head(transaction, reading, checkpoints, known)
    if not any(fault.rule in ENTRY_RULES for fault in reading.faults):
        reading.faults += reading.derived.fault(total, entries)
    reading.faults += reading.notes.faults
    reading.faults += check_evidence(evidence.all_rows(transaction), reading.spoken.rows)
    return count


def _check_keys(keys: KeyHistory, known: KnownOutside) -> Iterator[Fault]:
    """The key in use must be the one that the log leads to, and keys that were kept must have been its keys."""
    if keys.newest != known.key:
        what = f"the key in use, {known.key}, is not the key of this log, {keys.newest or 'which its first row lacks'}"
        yield Fault(Rule.KEY, keys.keys[-1][0] if keys.keys else 1, what)
    if known.beside is not None and known.beside != known.key:
        yield Fault(Rule.KEY, 0, "the public key in the library is not the public half of its private key")
    for key in keys.never(known.keys):
        yield Fault(Rule.KEY, 0, f"the key that was kept elsewhere, {key}, was never the key of this log")


def _check_head(
    transaction: Transaction, reading: _Reading, checkpoints: CheckpointFolder, known: KnownOutside
) -> Iterator[Fault]:
    """The newest row is signed, and the checkpoints that the signature names are there."""
    head = stored_head(transaction, known.key)
    if head is None and not (known.begun or reading.says_heads):
        what = "an earlier version wrote these rows, and left no checkpoint that vouches for them"
        yield Fault(Rule.CHECKPOINT, reading.size, what)
    elif head is None:
        yield Fault(Rule.NEWEST, reading.size, "there is no signature of the newest row")
    else:
        if not head.fits(reading.last):
            what = f"row {head.size} was signed as the newest, and it is not; rows were added, cut off or rewritten"
            yield Fault(Rule.NEWEST, reading.size, what)
        yield from reading.notes.check_all_there(head, checkpoints)
        if head.old_sealed < head.old_rows:
            what = f"the rows after {head.old_sealed} up to this one are of an earlier version, which did not seal them"
            reading.remarks.append(Remark(head.old_rows, what))


def _telling(
    found: Iterable[tuple[audit.AuditRow, audit.IndexEntry | None]], total: int, told: Progress
) -> Iterator[tuple[audit.AuditRow, audit.IndexEntry | None]]:
    """The same, with progress told from time to time."""
    for number, pair in enumerate(found):
        if number % _TELL_EVERY == 0:
            told(number, total, "checking the audit log")
        yield pair


def _check_rows(found: Iterable[tuple[audit.AuditRow, audit.IndexEntry | None]], reading: _Reading) -> int:
    """Chain, numbers, bodies, checkpoint roots and what is derived, in one pass; gives the number of rows."""
    tree, faults = merkle.GrowingTree(reading.derived.on_subtree), reading.faults
    prev, seq, at = FIRST_PREV, 0, ""
    for row, entry in found:
        if row.seq != seq + 1:
            faults.append(Fault(Rule.NUMBERS, row.seq, f"row {seq + 1} should stand here; rows were removed or moved"))
        if row.prev != prev:
            faults.append(Fault(Rule.CHAIN, row.seq, "does not follow from the row before it"))
        if row.hash != merkle.leaf_hash(row.prev + row.body):
            faults.append(Fault(Rule.HASH, row.seq, "its content is not what was sealed; it was edited"))
        expected = _read_body(row, reading)
        if expected is None:
            faults.append(Fault(Rule.BODY, row.seq, "its content is not canonical JSON with this number and time"))
        elif entry != expected:
            reading.derived.differs(1, row.seq)
        if at and row.at < at:
            reading.remarks += _clock_remark(row, at)
        tree.add(row.hash)
        prev, seq, at, reading.last = row.hash, row.seq, row.at, row
        if tree.size in reading.notes.by_size:
            faults += reading.notes.check_root(tree.size, tree.root())
    return tree.size


def _clock_remark(row: audit.AuditRow, before: str) -> Iterator[Remark]:
    """The clock was set back between two rows."""
    try:
        back = clock_back(before, datetime.fromisoformat(row.at))
    except ValueError:
        return
    if back is not None:
        yield Remark(
            row.seq, f"its time is {back.seconds} seconds before that of the row before; the clock was set back"
        )


def _read_body(row: audit.AuditRow, reading: _Reading) -> audit.IndexEntry | None:
    """What the row should be found by; ``None`` if its content is not canonical JSON with its number and time.

    What a body says is heard even then, so that one fault does not look like many.
    """
    try:
        canonical, body = True, read_canonical(row.body)
    except (ValueError, RecursionError):
        canonical, body = False, _lenient(row.body)
    try:
        if not isinstance(body, dict):
            return None
        reading.spoken.hear(row.seq, body["tag"], body["detail"])
        _hear_keys(row.seq, body, reading)
        fits = canonical and body["seq"] == row.seq and body["at"] == row.at
        return audit.IndexEntry(row.seq, row.at, body["tag"], body["actor"], body["object"]) if fits else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _hear_keys(seq: int, body: Mapping[str, Any], reading: _Reading) -> None:
    """What a row says about the keys of the log."""
    if seq == 1:
        reading.says_heads = body["detail"].get("heads") is True
    wrong = reading.keys.hear(seq, body["tag"], body["detail"])
    if wrong is not None:
        reading.faults.append(Fault(Rule.KEY, seq, wrong))


def _lenient(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
