"""Does the audit log hold, and does what lies in the library still match it? Every fault names its rule and its row."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import rfc8785

from bodyworn.custody import merkle
from bodyworn.custody.audit_log import FIRST_PREV
from bodyworn.custody.checkpoint import Checkpoint, CheckpointFolder, CheckpointVerifier
from bodyworn.domain.progress import Progress
from bodyworn.storage.database import Database
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


RULES = {
    Rule.NUMBERS: "rows are numbered 1, 2, 3 … without a gap: a gap is a removed row",
    Rule.HASH: "a row's hash fits its content: if not, the row was edited",
    Rule.CHAIN: "a row names the hash of the row before: if not, rows were removed, moved or rewritten",
    Rule.BODY: "a row's content is canonical JSON with its own number and time in it",
    Rule.CHECKPOINT: "the rows up to each signed checkpoint give the root that was signed",
    Rule.TAIL: "no checkpoint covers more rows than there are: if one does, the newest rows were cut off",
    Rule.STORED_ROW: "each row of evidence is as the audit log last saw it, none is gone, none was slipped in",
    Rule.STORED_FILE: "each file that the audit log speaks of is there and has the SHA-256 it had",
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
class VerificationReport:
    """What was checked and what does not hold.

    ``sealed`` is how many rows the newest checkpoint covers; ``strays`` are stored files no row speaks of: leftovers.
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

    rows: dict[str, tuple[str, int]] = field(default_factory=dict)
    objects: dict[str, int] = field(default_factory=dict)

    def hear(self, seq: int, detail: Mapping[str, Any]) -> None:
        self.rows.update({name: (digest, seq) for name, digest in detail.get("evidence", {}).items()})
        self.objects.update(dict.fromkeys(detail.get("objects", ()), seq))


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
        size = _check_rows(audit.rows(transaction), notes, spoken, faults)
        faults += note_faults
        faults += _check_evidence(evidence.all_rows(transaction), spoken.rows)
    sealed = max((covered for covered in notes if covered <= size), default=0)
    read = sum(map(len, notes.values()))
    if not files:
        return VerificationReport(size, sealed, read, 0, tuple(faults), ())
    faults += _check_files(objects, spoken.objects, told)
    unreferenced = tuple(sorted(set(objects.all()) - set(spoken.objects)))
    return VerificationReport(size, sealed, read, len(spoken.objects), tuple(faults), unreferenced)


def _check_rows(
    rows: Iterable[audit.AuditRow], notes: Mapping[int, list[Note]], spoken: _Spoken, faults: list[Fault]
) -> int:
    """Chain, numbers, bodies and checkpoint roots in one pass; gives the number of rows."""
    tree, prev, seq = merkle.GrowingTree(), FIRST_PREV, 0
    for row in rows:
        if row.seq != seq + 1:
            faults.append(Fault(Rule.NUMBERS, row.seq, f"row {seq + 1} should stand here; rows were removed or moved"))
        if row.prev != prev:
            faults.append(Fault(Rule.CHAIN, row.seq, "does not follow from the row before it"))
        if row.hash != merkle.leaf_hash(row.prev + row.body):
            faults.append(Fault(Rule.HASH, row.seq, "its content is not what was sealed; it was edited"))
        faults += _check_body(row, spoken)
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


def _check_body(row: audit.AuditRow, spoken: _Spoken) -> Iterator[Fault]:
    try:
        body = json.loads(row.body)
        sound = rfc8785.dumps(body) == row.body and body["seq"] == row.seq and body["at"] == row.at
        spoken.hear(row.seq, body["detail"])
    except (ValueError, KeyError, TypeError, AttributeError, rfc8785.CanonicalizationError):
        sound = False
    if not sound:
        yield Fault(Rule.BODY, row.seq, "its content is not canonical JSON with this number and time")


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


def _check_evidence(found: Iterable[tuple[str, str]], spoken: Mapping[str, tuple[str, int]]) -> Iterator[Fault]:
    left = dict(spoken)
    for name, digest in found:
        said, row = left.pop(name, (None, 0))
        if said is None:
            yield Fault(Rule.STORED_ROW, 0, f"{name} is in the database, but no entry of the audit log speaks of it")
        elif said != digest:
            yield Fault(Rule.STORED_ROW, row, f"{name} is not as it was when this row was written")
    for name, (_, row) in left.items():
        yield Fault(Rule.STORED_ROW, row, f"{name} is no longer in the database")


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
