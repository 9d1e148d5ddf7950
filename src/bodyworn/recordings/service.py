"""Recordings in custody: ingest, list, get, verify. Every view is an event."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bodyworn.access.access import Access
from bodyworn.custody.audit_log import AuditLog
from bodyworn.custody.writing import NewEvent
from bodyworn.domain.actor import Actor
from bodyworn.domain.codec import Json, JsonObject, to_json
from bodyworn.domain.errors import Code, InputError, NotFound, UnreadableInput
from bodyworn.domain.event import Outcome, Tag, now, stamp
from bodyworn.domain.event_details import Ingested, IngestRefused, RecordingsVerified, SidecarKept, Viewed
from bodyworn.domain.progress import Progress, no_progress
from bodyworn.domain.recording import Recording, recording_id, shown_name
from bodyworn.domain.retention import Tombstone
from bodyworn.domain.visibility import EVERYTHING, Thing, Visibility
from bodyworn.domain.written import written
from bodyworn.media.probe import probe
from bodyworn.recordings import sidecars, stored, tombstones
from bodyworn.recordings.stored import recording_of
from bodyworn.storage.databases.base import Database
from bodyworn.storage.objects.local import LocalObjects, Stored, digest_file, nobody
from bodyworn.storage.rows import recordings as rows


@dataclass(frozen=True)
class Problem:
    """A recording whose stored bytes are not what was taken in."""

    recording: Recording
    what: str


class Recordings:
    """The recordings of one library."""

    def __init__(self, database: Database, objects: LocalObjects, audit_log: AuditLog, access: Access) -> None:
        self._database, self._objects, self._audit_log, self._access = database, objects, audit_log, access

    def ingest(
        self,
        path: Path,
        *,
        sidecar: Path | None = None,
        mapping: Path | None = None,
        progress: Progress = no_progress,
    ) -> Recording:
        """Take a file into custody; the same bytes again give the same recording, with ``again`` set.

        The file is probed, copied, hashed, read back and compared; it is never written to. Raises an
        :class:`InputError` for what cannot be used (an event, nothing else changes) or a :class:`LibraryError`.
        """
        self._access.require("recordings.ingest")
        try:
            facts = to_json(probe(path))
            companion = sidecars.read(sidecar, mapping) if sidecar is not None else None
        except InputError as error:
            refused = IngestRefused(type(error).__name__)
            self._audit_log.append(Tag.RECORDING_REFUSED, "untaken file", refused, outcome=Outcome.REFUSED)
            raise error.saying(f"{shown_name(path.name)}: {error.what}") from error
        recording = self._known(path, progress) or self._new(path, facts, progress)
        if companion is not None:
            self._keep_sidecar(recording, companion)
            recording = replace(self._load(recording.id), again=recording.again)
        self._audit_log.seal()
        return recording

    def _known(self, path: Path, progress: Progress) -> Recording | None:
        """The recording of the same bytes, looked for only if one has the same size."""
        with self._database.read() as transaction:
            if not rows.of_size(transaction, path.stat().st_size):
                return None
        stored = digest_file(path, lambda done, total: progress(done, total, "comparing with what is in custody"))
        with self._database.write() as transaction:
            row = rows.by_digest(transaction, stored.sha256)
            if row is None:
                return None
            self._audit_log.append(Tag.RECORDING_DUPLICATE, row["id"], within=transaction)
        return replace(self._load(row["id"]), again=True)

    def _new(self, path: Path, facts: JsonObject, progress: Progress) -> Recording:
        self._refuse_again(path)
        copied, unit = self._copy(path, progress), self._access.unit
        made_id = recording_id(copied.sha256)
        values: dict[str, Json] = {
            "id": made_id,
            "sha256": copied.sha256,
            "sha512": copied.sha512,
            "size_bytes": copied.size_bytes,
            "name": shown_name(path.name),
            "name_hex": os.fsencode(path.name).hex(),
            "taken_in_at": stamp(now()),
            "facts": json.dumps(facts, sort_keys=True, ensure_ascii=False, allow_nan=False),
        }
        detail = Ingested(copied.sha512, copied.size_bytes, (copied.sha256,))
        with self._database.write(patient=True) as transaction:
            again = rows.by_digest(transaction, copied.sha256) is not None  # another process was faster
            if again:
                self._audit_log.append(Tag.RECORDING_DUPLICATE, made_id, within=transaction)
            else:
                self._audit_log.add_row(transaction, Tag.RECORDING_INGESTED, made_id, "recordings", values, detail)
                if unit:
                    stored.assign(transaction, self._audit_log, made_id, unit, "ingested by a person of that unit")
        return replace(self._load(made_id), again=again)

    def assign(self, recording: Recording, unit: str, why: str) -> None:
        """Say which unit the recording belongs to, from now on; ``why`` is kept."""
        self._access.require("recordings.assign", thing_of(recording))
        reason = written(why, "the reason")
        with self._database.write() as transaction:
            stored.assign(transaction, self._audit_log, recording.id, unit, reason)
        self._audit_log.seal()

    def _refuse_again(self, path: Path) -> None:
        """Refuse bytes that were disposed of: they would be back without anybody having decided it."""
        with self._database.read() as transaction:
            sizes = {one.size_bytes: one for one in tombstones.every_tombstone(transaction)}
            if path.stat().st_size not in sizes:
                return
            gone = tombstones.named(transaction, digest_file(path, nobody).sha256)
        if gone:
            self._audit_log.append(
                Tag.RECORDING_REFUSED, gone[0].recording, IngestRefused("Disposed"), outcome=Outcome.REFUSED
            )
            told = tombstones.disposed(gone[0], gone[0].recording)
            what = f"{shown_name(path.name)}: it is not taken in again, for {told.what}"
            raise InputError(what, told.advice, told.code, **told.data)

    def _copy(self, path: Path, progress: Progress) -> Stored:
        before = path.stat()
        stored = self._objects.put(path, lambda done, total: progress(done, total, "copying and reading back"))
        after = path.stat()
        if (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size):
            raise UnreadableInput(
                f"{shown_name(path.name)}: the file changed while it was read", "Try again when it is complete"
            )
        return stored

    def _keep_sidecar(self, recording: Recording, companion: sidecars.Sidecar) -> None:
        kept = self._objects.put_bytes(companion.data)
        mapping = self._objects.put_bytes(companion.mapping)
        sidecar_id = f"{recording.id}-{kept.sha256[:32]}-{mapping.sha256[:32]}"
        values = {
            "id": sidecar_id,
            "recording_id": recording.id,
            "sha256": kept.sha256,
            "mapping_sha256": mapping.sha256,
            "name": shown_name(companion.name),
            "kept_at": stamp(now()),
            "fields": json.dumps(companion.fields, sort_keys=True, ensure_ascii=False),
        }
        detail = SidecarKept((kept.sha256, mapping.sha256))
        with self._database.write() as transaction:
            if not rows.has_sidecar(transaction, sidecar_id):
                self._audit_log.add_row(transaction, Tag.SIDECAR_KEPT, recording.id, "sidecars", values, detail)

    def list(self) -> Sequence[Recording]:
        """All recordings that the actor may see, oldest first."""
        self._access.require("recordings.list")
        return self._every(self._access.visible("recordings.list"))

    def _every(self, visible: Visibility = EVERYTHING) -> Sequence[Recording]:
        with self._database.read() as transaction:
            found, companions = rows.every(transaction, visible), rows.sidecars_of_all(transaction)
        return [recording_of(row, companions.get(row["id"])) for row in found]

    def get(self, text: str) -> Recording:
        """The one recording whose id or digest starts with ``text``, or that has that name; else :class:`NotFound`.

        A recording that the actor may not see is not found either; the attempt is an event.
        """
        found = self._matching(text)
        seen = self._access.named("recordings.get", found, thing_of)
        if len(seen) == 1:
            return seen[0]
        if not found:
            self._refuse_disposed(text)
        how = "no recording matches" if not seen else f"{len(seen)} recordings match"
        what = f"{how} {shown_name(text)!r}"
        raise NotFound(what, "Take an ID from the list of recordings", Code.NOT_FOUND, noun="recording")

    def _refuse_disposed(self, text: str) -> None:
        """Say what became of it, where ``text`` names a recording that was disposed of, or something of one."""
        with self._database.read() as transaction:
            gone = tombstones.named(transaction, text)
        gone = self._access.only("recordings.get", gone, lambda one: Thing("recordings", one.recording))
        if len(gone) == 1:
            raise tombstones.disposed(gone[0], text)

    def tombstones(self) -> Sequence[Tombstone]:
        """What stays of recordings that were disposed of, in order of when they went."""
        self._access.require("recordings.tombstones")
        with self._database.read() as transaction:
            every = tombstones.every_tombstone(transaction)
        return self._access.only("recordings.tombstones", every, lambda one: Thing("recordings", one.recording))

    def _matching(self, text: str) -> Sequence[Recording]:
        with self._database.read() as transaction:
            found = [(row, rows.sidecar_of(transaction, row["id"])) for row in rows.matching(transaction, text)]
        return [recording_of(row, sidecar) for row, sidecar in found]

    def _load(self, made_id: str) -> Recording:
        return next(recording for recording in self._matching(made_id) if recording.id == made_id)

    def viewed(self, recording: Recording, how: str) -> None:
        """Write that a recording was looked at: ``how`` is ``"facts"``, ``"picture"``, ``"findings"`` …"""
        self._audit_log.append_each([view_event(self._audit_log.actor, recording, how)])

    def listed(self, count: int) -> None:
        """Write that the list was looked at."""
        self._audit_log.append(Tag.RECORDINGS_LISTED, "recordings", Viewed(count=count))

    def file_of(self, recording: Recording) -> Path:
        """The original, read-only, in the object store."""
        self._access.require("recordings.file_of", thing_of(recording))
        return self._file(recording)

    def _file(self, recording: Recording) -> Path:
        return self._objects.path(recording.sha256)

    def verify(self, progress: Progress = no_progress) -> Sequence[Problem]:
        """Read every original again and compare SHA-256, SHA-512 and size; an event with the outcome."""
        self._access.require("recordings.verify")
        every = self._every()
        problems = list(self._problems(every, progress))
        outcome = Outcome.FAILED if problems else Outcome.OK
        detail = RecordingsVerified(len(every), tuple(problem.recording.id for problem in problems))
        self._audit_log.append(Tag.RECORDINGS_VERIFIED, "recordings", detail, outcome=outcome)
        return problems

    def check(self, recording: Recording, progress: Progress = no_progress) -> Problem | None:
        """Read the original of one recording again; an event with the outcome."""
        self._access.require("recordings.check", thing_of(recording))
        problem = next(self._problems([recording], progress), None)
        outcome = Outcome.FAILED if problem else Outcome.OK
        detail = RecordingsVerified(1, (recording.id,) if problem else ())
        self._audit_log.append(Tag.RECORDINGS_VERIFIED, recording.id, detail, outcome=outcome)
        return problem

    def _problems(self, every: Sequence[Recording], progress: Progress) -> Iterator[Problem]:
        total, done = sum(recording.size_bytes for recording in every), 0
        for recording in every:
            path, told = self._file(recording), _from(done, total, progress)
            done += recording.size_bytes
            if not path.is_file():
                yield Problem(recording, "its original is missing from the store")
                continue
            if self._objects.was_replaced_by_a_link(recording.sha256):
                yield Problem(recording, "its original was replaced by a link")
                continue
            stored = digest_file(path, told)
            if stored != Stored(recording.sha256, recording.sha512, recording.size_bytes):
                yield Problem(recording, "its original was changed")


def _from(start: int, total: int, progress: Progress) -> Callable[[int, int], None]:
    """Progress of one file as progress of all."""
    return lambda read, _: progress(start + read, total, "reading originals")


def view_event(actor: Actor, recording: Recording, how: str) -> NewEvent:
    """That somebody looked at a recording, to be written alone or with those of others."""
    return NewEvent(actor, Tag.RECORDING_VIEWED, recording.id, Viewed(how=how))


def thing_of(recording: Recording) -> Thing:
    """The recording as the policy sees it."""
    return Thing("recordings", recording.id)


def media_files(path: Path) -> list[Path]:
    """A file as it is; of a folder all files in it and below, by name, hidden ones left out."""
    if not path.is_dir():
        return [path]
    return sorted(found for found in path.rglob("*") if found.is_file() and not found.name.startswith("."))
