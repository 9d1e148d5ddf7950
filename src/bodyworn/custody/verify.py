"""Does the audit log hold, and does what lies in the library still match it? Every fault names its rule and its row."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bodyworn.custody import merkle
from bodyworn.custody.audit_log import FIRST_PREV
from bodyworn.custody.checkpoint import Checkpoint, CheckpointFolder, CheckpointVerifier
from bodyworn.domain.progress import Progress
from bodyworn.storage.canonical import read_canonical
from bodyworn.storage.databases.base import Database
from bodyworn.storage.objects.local import LocalObjects
from bodyworn.storage.rows import audit, evidence


class Rule(StrEnum):
    """What has to hold."""

    NUMBERS = "row-numbers"
    HASH = "row-hash"
    CHAIN = "row-chain"
    BODY = "row-body"
    CHECKPOINT = "checkpoint"
    TAIL = "record-tail"
    STORED_ROW = "stored-row"
    STORED_FILE = "stored-file"
    LOG_INDEX = "log-index"


RULES = {
    Rule.NUMBERS: "rows are numbered 1, 2, 3 … without a gap: a gap is a removed row",
    Rule.HASH: "a row's hash fits its content: if not, the row was edited",
    Rule.CHAIN: "a row names the hash of the row before: if not, rows were removed, moved or rewritten",
    Rule.BODY: "a row's content is canonical JSON with its own number and time in it",
    Rule.CHECKPOINT: "the rows up to each signed checkpoint give the root that was signed",
    Rule.TAIL: "no checkpoint covers more rows than there are: if one does, the newest rows were cut off",
    Rule.STORED_ROW: "each row of evidence is as the audit log last saw it, none is gone, none was slipped in",
    Rule.STORED_FILE: "each file that the audit log speaks of is there and has the SHA-256 it had",
    Rule.LOG_INDEX: "what finds and seals entries without reading them all follows from the entries alone",
}

#: Rules that say whether the entries themselves hold.
_ENTRIES = {Rule.NUMBERS, Rule.HASH, Rule.CHAIN, Rule.BODY, Rule.CHECKPOINT, Rule.TAIL}
_TELL_EVERY = 5000


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
class VerificationReport:
    """What was checked and what does not hold.

    ``sealed`` is how many rows the newest checkpoint covers; ``unreferenced`` are stored files that no row
    speaks of: leftovers.
    """

    rows: int
    sealed: int
    checkpoints: int
    files: int
    faults: tuple[Fault, ...]
    unreferenced: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether everything holds."""
        return not self.faults


@dataclass(frozen=True)
class Note:
    """A checkpoint and the file it was read from."""

    file: str
    checkpoint: Checkpoint


@dataclass
class _Spoken:
    """What the audit log says should be there: by name of a row or file, the digest and the newest row that says so."""

    rows: dict[str, bytes] = field(default_factory=dict)
    objects: dict[str, int] = field(default_factory=dict)

    def hear(self, seq: int, detail: object) -> None:
        """Take in what one entry says; ``ValueError`` or ``TypeError`` if that has another form."""
        if not isinstance(detail, dict):
            raise TypeError
        for name, digest in detail.get("evidence", {}).items():
            self.rows[name] = _packed(digest) + seq.to_bytes(8)
        for name in detail.get("objects", ()):
            self.objects[name] = seq


def _packed(digest: str) -> bytes:
    """A digest in hex (or ``unreadable``) in half the room: there are as many as rows of evidence."""
    try:
        return bytes.fromhex(digest)
    except ValueError:
        return digest.encode()


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


def verify(
    database: Database,
    objects: LocalObjects,
    checkpoints: CheckpointFolder,
    verifier: CheckpointVerifier,
    told: Progress,
    *,
    files: bool = True,
) -> VerificationReport:
    """Check the audit log against itself, its checkpoints, the rows of evidence and, unless left out, stored files."""
    faults: list[Fault] = []
    spoken = _Spoken()
    notes, note_faults = _read_notes(checkpoints, verifier)
    with database.read() as transaction:
        total, entries = audit.count(transaction), audit.index_count(transaction)
        derived = _Derived(audit.subtrees(transaction))
        found = _telling(audit.rows_and_entries(transaction), total, told)
        size = _check_rows(found, notes, spoken, derived, faults)
        if not any(fault.rule in _ENTRIES for fault in faults):
            faults += derived.fault(total, entries)
        faults += note_faults
        faults += _check_evidence(evidence.all_rows(transaction), spoken.rows)
    sealed = max((covered for covered in notes if covered <= size), default=0)
    read = sum(map(len, notes.values()))
    if not files:
        return VerificationReport(size, sealed, read, 0, tuple(faults), ())
    faults += _check_files(objects, spoken.objects, told)
    unreferenced = tuple(sorted(set(objects.all()) - set(spoken.objects)))
    return VerificationReport(size, sealed, read, len(spoken.objects), tuple(faults), unreferenced)


def _telling(
    found: Iterable[tuple[audit.AuditRow, audit.IndexEntry | None]], total: int, told: Progress
) -> Iterator[tuple[audit.AuditRow, audit.IndexEntry | None]]:
    """The same, with progress told from time to time."""
    for number, pair in enumerate(found):
        if number % _TELL_EVERY == 0:
            told(number, total, "checking the audit log")
        yield pair


def _check_rows(
    found: Iterable[tuple[audit.AuditRow, audit.IndexEntry | None]],
    notes: Mapping[int, Sequence[Note]],
    spoken: _Spoken,
    derived: _Derived,
    faults: list[Fault],
) -> int:
    """Chain, numbers, bodies, checkpoint roots and what is derived, in one pass; gives the number of rows."""
    tree, prev, seq = merkle.GrowingTree(derived.on_subtree), FIRST_PREV, 0
    for row, entry in found:
        if row.seq != seq + 1:
            faults.append(Fault(Rule.NUMBERS, row.seq, f"row {seq + 1} should stand here; rows were removed or moved"))
        if row.prev != prev:
            faults.append(Fault(Rule.CHAIN, row.seq, "does not follow from the row before it"))
        if row.hash != merkle.leaf_hash(row.prev + row.body):
            faults.append(Fault(Rule.HASH, row.seq, "its content is not what was sealed; it was edited"))
        expected = _read_body(row, spoken)
        if expected is None:
            faults.append(Fault(Rule.BODY, row.seq, "its content is not canonical JSON with this number and time"))
        elif entry != expected:
            derived.differs(1, row.seq)
        tree.add(row.hash)
        prev, seq = row.hash, row.seq
        for note in notes.get(tree.size, ()):
            if note.checkpoint.root != tree.root():
                what = f"the first {tree.size} rows are not those signed in {note.file}; the audit log was rewritten"
                faults.append(Fault(Rule.CHECKPOINT, tree.size, what))
    for cut in sorted(size for size in notes if size > tree.size)[-1:]:
        what = f"{notes[cut][0].file} was signed over {cut} rows, but {tree.size} are left; the newest were cut off"
        faults.append(Fault(Rule.TAIL, tree.size, what))
    return tree.size


def _read_body(row: audit.AuditRow, spoken: _Spoken) -> audit.IndexEntry | None:
    """What the row should be found by; ``None`` if its content is not canonical JSON with its number and time.

    What a body says is heard even then, so that one fault does not look like many.
    """
    try:
        canonical, body = True, read_canonical(row.body)
    except ValueError:
        canonical, body = False, _lenient(row.body)
    try:
        if not isinstance(body, dict):
            return None
        spoken.hear(row.seq, body["detail"])
        fits = canonical and body["seq"] == row.seq and body["at"] == row.at
        return audit.IndexEntry(row.seq, row.at, body["tag"], body["actor"], body["object"]) if fits else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _lenient(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _read_notes(
    checkpoints: CheckpointFolder, verifier: CheckpointVerifier
) -> tuple[dict[int, list[Note]], list[Fault]]:
    notes: dict[int, list[Note]] = {}
    faults = []
    for path in checkpoints.all():
        try:
            checkpoint = verifier.open(path.read_text())
        except (OSError, ValueError) as error:
            faults.append(Fault(Rule.CHECKPOINT, 0, f"{path.name} {error}"))
        else:
            notes.setdefault(checkpoint.size, []).append(Note(path.name, checkpoint))
    return notes, faults


def _check_evidence(found: Iterable[tuple[str, str]], left: dict[str, bytes]) -> Iterator[Fault]:
    """Compare the rows that are there with those spoken of, which are taken out of ``left``."""
    for name, digest in found:
        said = left.pop(name, None)
        if said is None:
            yield Fault(Rule.STORED_ROW, 0, f"{name} is in the database, but no entry of the audit log speaks of it")
        elif said[:-8] != _packed(digest):
            row = int.from_bytes(said[-8:])
            yield Fault(Rule.STORED_ROW, row, f"{name} is not as it was when this row was written")
    for name, said in left.items():
        yield Fault(Rule.STORED_ROW, int.from_bytes(said[-8:]), f"{name} is no longer in the database")


def _from(start: int, total: int, told: Progress) -> Callable[[int, int], None]:
    """Progress of one file as progress of all."""
    return lambda read, _: told(start + read, total, "checking stored files")


def _check_files(objects: LocalObjects, spoken: Mapping[str, int], told: Progress) -> Iterator[Fault]:
    sizes = {name: path.stat().st_size if (path := objects.path(name)).is_file() else 0 for name in spoken}
    total, done = sum(sizes.values()), 0
    for name, row in sorted(spoken.items(), key=lambda item: item[1]):
        fault = objects.faults(name, _from(done, total, told))
        if fault is not None:
            yield Fault(Rule.STORED_FILE, row, f"the stored file {name} {fault}")
        done += sizes[name]
