"""What goes with a recording, and how it goes: rows and tombstones in one transaction, then files.

What belongs to a recording follows from foreign keys (rows) and from the audit log (stored files). A file that
something else needs too stays. A run that was stopped after the transaction is completed by the next one.
"""

from __future__ import annotations

import json
import re
import shutil
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bodyworn.custody.audit_log import AuditLog
from bodyworn.custody.spoken import stored_for
from bodyworn.domain.codec import to_json
from bodyworn.domain.encounter import own_encounter_id
from bodyworn.domain.errors import Conflict, LibraryBusy
from bodyworn.domain.event import Tag, now
from bodyworn.domain.release import Act
from bodyworn.domain.retention import DisposalItem, Tombstone
from bodyworn.domain.retention_events import RecordingDisposed
from bodyworn.recordings.tombstones import tombstone
from bodyworn.storage.databases.base import Transaction
from bodyworn.storage.files import said_clearly, sweep
from bodyworn.storage.objects.local import LocalObjects
from bodyworn.storage.processes import Holder
from bodyworn.storage.rows import audit, erasing, jobs
from bodyworn.storage.rows import encounters as encounter_rows
from bodyworn.storage.rows import recordings as recording_rows
from bodyworn.storage.rows import releases as release_rows
from bodyworn.storage.rows import retention as rows

_ID = re.compile(r"[a-z]{3}_[a-z0-9]+")
_RELEASE = "rel_"


@dataclass(frozen=True)
class Belongings:
    """What belongs to a recording: keys of rows by table, ids, SHA-256 of stored files, what was published."""

    keys: Mapping[str, set[Any]]
    ids: frozenset[str]
    objects: frozenset[str]
    published: tuple[str, ...]

    def counts(self, objects: LocalObjects) -> dict[str, int]:
        """How much it is: rows by table, files and bytes."""
        paths = [path for name in self.objects if (path := objects.path(name)).is_file()]
        counted = {table: len(keys) for table, keys in sorted(self.keys.items())}
        return {**counted, "files": len(paths), "bytes": sum(path.stat().st_size for path in paths)}


def belongings(transaction: Transaction, recordings: Sequence[str]) -> dict[str, Belongings]:
    """What belongs to each of the recordings, if all of them go together."""
    members: dict[str, set[str]] = defaultdict(set)
    for row in encounter_rows.placements(transaction):
        members[row["encounter_id"]].add(row["recording_id"])
    found: dict[str, tuple[Mapping[str, set[Any]], set[str]]] = {}
    going: set[str] = set()
    for one in recordings:
        going.add(one)
        own = own_encounter_id(one)
        emptied = {key for key, every in members.items() if one in every and every <= going}
        emptied |= {own} if members.get(own, set()) <= going else set()
        keys = erasing.belonging_to(transaction, {"recordings": {one}, "encounters": emptied})
        ids = {key for every in keys.values() for key in every if isinstance(key, str) and _ID.fullmatch(key)}
        found[one] = keys, ids | {one, own}
    gone = {name for row in rows.every_tombstone(transaction) for name in tombstone(row).ids}
    of = {name for _, ids in found.values() for name in ids}
    stored = stored_for(audit.rows(transaction), of, gone) if found else {}
    return {
        one: Belongings(
            keys,
            frozenset(ids),
            frozenset(name for thing in ids for name in stored.get(thing, ())),
            tuple(release for release in sorted(keys.get("releases", ())) if _was_published(transaction, release)),
        )
        for one, (keys, ids) in found.items()
    }


def _was_published(transaction: Transaction, release: str) -> bool:
    return any(step["act"] == Act.PUBLISH.value for step in release_rows.steps_of(transaction, release))


def remove_rows(
    transaction: Transaction,
    audit_log: AuditLog,
    disposal: str,
    items: Sequence[DisposalItem],
    *,
    keeps_published: bool,
) -> None:
    """Remove all rows of these recordings, leave a tombstone of each, and write that what they were is not vouched for.

    :class:`LibraryBusy` while a stage runs on one of them; :class:`Conflict` if one is gone.
    """
    every = belongings(transaction, [item.recording for item in items])
    at = now()
    for item in items:
        _must_be_idle(transaction, item.recording)
        left = _tombstone(transaction, disposal, item, every[item.recording], at, keeps_published)
        erasing.erase(transaction, every[item.recording].keys)
        values = {
            "id": item.recording,
            "disposal_id": disposal,
            "sha256": item.sha256,
            "detail": json.dumps(to_json(left), sort_keys=True, ensure_ascii=False),
        }
        gone = tuple(erasing.names_of(every[item.recording].keys))
        detail = RecordingDisposed(disposal, gone, left.objects)
        audit_log.add_row(transaction, Tag.RECORDING_DISPOSED, item.recording, "tombstones", values, detail)


def _tombstone(
    transaction: Transaction,
    disposal: str,
    item: DisposalItem,
    found: Belongings,
    at: datetime,
    keeps_published: bool,
) -> Tombstone:
    row = recording_rows.by_digest(transaction, item.sha256)
    if row is None:
        raise Conflict(f"{item.recording} is not in the library any more", "Look at the disposal again")
    return Tombstone(
        recording=item.recording,
        disposal=disposal,
        sha256=row["sha256"],
        sha512=row["sha512"],
        size_bytes=row["size_bytes"],
        ingested_at=datetime.fromisoformat(row["taken_in_at"]),
        disposed_at=at,
        rule=item.rule,
        ids=tuple(sorted(found.ids)),
        objects=tuple(sorted(found.objects)),
        rows=sum(map(len, found.keys.values())),
        packages=found.published if keeps_published else (),
    )


def _must_be_idle(transaction: Transaction, recording: str) -> None:
    """A stage that runs would leave its result behind; the person waits for it or stops it."""
    for row in jobs.running(transaction, recording):
        holder = Holder.parse((row["holder"] or "").partition(" ")[2])
        if not holder.dead and (row["lease_until"] or 0.0) > time.time():
            what = f"the process {holder.pid} is at the stage {row['stage']} of {recording}"
            raise LibraryBusy(what, "Wait until it ends, or stop it, and try again")


def remove_files(
    objects: LocalObjects, packages: Path, scratch: Path, left: Iterable[Tombstone], still_needed: Iterable[str]
) -> None:
    """Remove the stored files of the tombstones, the packages that do not stay, and what dead processes left.

    ``still_needed`` are files that the audit log speaks of for something else, also since then.
    """
    needed = set(still_needed)
    for one in left:
        for name in one.objects:
            if name not in needed:
                objects.remove(name)
        for release in one.ids:
            if release.startswith(_RELEASE) and release not in one.packages:
                _remove_package(packages / release)
    for folder in (scratch, packages, objects.folder / "incoming"):
        if folder.is_dir():
            with said_clearly(folder):
                sweep(folder)


def _remove_package(folder: Path) -> None:
    with said_clearly(folder.parent):
        if folder.is_dir():
            shutil.rmtree(folder)
        folder.with_suffix(".zip").unlink(missing_ok=True)


def needed_elsewhere(transaction: Transaction, left: Sequence[Tombstone]) -> set[str]:
    """Files of the tombstones that the audit log speaks of for something that is there."""
    ids = {name for one in left for name in one.ids}
    gone = {name for row in rows.every_tombstone(transaction) for name in tombstone(row).ids}
    ours = stored_for(audit.rows(transaction), ids, gone)
    free = {name for names in ours.values() for name in names}
    return {name for one in left for name in one.objects} - free
