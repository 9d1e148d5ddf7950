"""Redactions of a library: plan, edit, preview, render, check, export, import. Reads are in :mod:`.queries`.

A redaction belongs to one recording and has versions of a plan. Each version is a row of evidence whose plan lies in
the object store under its digest; row and event are written in one transaction. Events never hold what is hidden.
"""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bodyworn.access.access import Access
from bodyworn.custody.audit_log import AuditLog
from bodyworn.domain.codec import Json, to_json
from bodyworn.domain.errors import InputError
from bodyworn.domain.event import Outcome, Tag, now, stamp
from bodyworn.domain.event_details import EventDetail, RedactionChanged, Viewed
from bodyworn.domain.progress import Progress, no_progress, part_of
from bodyworn.domain.recording import Recording
from bodyworn.domain.redaction_plan import Plan
from bodyworn.recordings.service import Recordings
from bodyworn.redactions import events
from bodyworn.redactions.history import ChangeKind, PlanChange, PlanCounts, Redaction, must_be_newest
from bodyworn.redactions.outputs import check_new_picture, new_file
from bodyworn.redactions.plan_files import read_plan
from bodyworn.redactions.queries import RedactionQueries, RedactionView, no_redaction
from bodyworn.redactions.source import RecordingSource, SpeechFindings, TwoHearings, Utterances
from bodyworn.storage.databases.base import Database, Transaction
from bodyworn.storage.files import draft_name
from bodyworn.storage.objects.local import LocalObjects
from bodyworn.storage.rows import redactions as rows

if TYPE_CHECKING:  # what finds and renders is imported by the verbs that need it: every command opens a library
    from bodyworn.redactions.checking import LeakCheck
    from bodyworn.redactions.editing import PlanEdits
    from bodyworn.redactions.rendering import RenderResult
    from bodyworn.redactions.request import RequestForm

_TAGS = {
    ChangeKind.PROPOSED: Tag.REDACTION_PROPOSED,
    ChangeKind.IMPORTED: Tag.REDACTION_IMPORTED,
    ChangeKind.EDITED: Tag.REDACTION_EDITED,
}


class Redactions:
    """The redactions of one library. ``speech`` are findings that run only the stages that say who says what."""

    def __init__(
        self,
        database: Database,
        objects: LocalObjects,
        audit_log: AuditLog,
        recordings: Recordings,
        speech: SpeechFindings,
        scratch: Path,
        access: Access,
    ) -> None:
        self._database, self._objects, self._audit_log = database, objects, audit_log
        self._recordings, self._speech, self._scratch = recordings, speech, scratch
        self._access = access
        self._queries = RedactionQueries(database, objects, audit_log, recordings)

    def list(self, recording: Recording | None = None) -> Sequence[Redaction]:
        """All redactions that the actor may see, or those of one recording, oldest first."""
        self._access.require("redactions.list")
        return tuple(self._queries.list(recording, self._access.visible("redactions.list")))

    def get(self, text: str) -> Redaction:
        """The redaction whose id starts with ``text``, or the last changed one of the recording it names; else
        :class:`NotFound`."""
        self._access.require("redactions.get")
        found = self._queries.get(text)
        if not self._access.named("redactions.get", [found], events.thing_of):
            raise no_redaction(text)
        return found

    def newest_of(self, recording: Recording) -> Redaction:
        """The redaction of ``recording`` that was changed last; :class:`NotFound` if it has none."""
        self._access.require("redactions.newest_of", events.redactions_of(recording))
        return self._queries.newest_of(recording)

    def plan_of(self, redaction: Redaction, version: int | None = None) -> Plan:
        """The plan of a redaction, of its newest version if none is named."""
        self._access.require("redactions.plan_of", events.thing_of(redaction))
        return self._queries.plan(redaction, version)

    def view(self, redaction: Redaction) -> RedactionView:
        """One redaction with its recording and its plan; looking at it is an event."""
        self._access.require("redactions.view", events.thing_of(redaction))
        view = self._queries.view(redaction)
        self._note(Tag.REDACTIONS_VIEWED, redaction, events.shown(redaction))
        return view

    def plan(self, recording: Recording, form: RequestForm, progress: Progress = no_progress) -> Redaction:
        """Find what ``form`` asks to have hidden in ``recording`` and keep it as a new redaction."""
        self._access.require("redactions.plan", events.redactions_of(recording))
        from bodyworn.redactions import making

        plan = making.propose(self._source(recording), form, self._person, progress)
        return self._open(recording, plan, ChangeKind.PROPOSED)

    def import_plan(self, recording: Recording, path: Path) -> Redaction:
        """Keep the plan in the file ``path`` as a new redaction; :class:`InputError` if it is for another recording."""
        self._access.require("redactions.import_plan", events.redactions_of(recording))
        plan = read_plan(path, self._recordings.file_of(recording))
        if plan.source.sha256 != recording.sha256:
            raise InputError("the plan was made for another recording", "Name the recording it was made for")
        return self._open(recording, plan, ChangeKind.IMPORTED)

    def edit(
        self,
        redaction: Redaction,
        edits: PlanEdits,
        progress: Progress = no_progress,
        *,
        version: int | None = None,
    ) -> Redaction:
        """A new version with ``edits``.

        :class:`Conflict` if another person changed the plan since ``redaction`` was read, or ``version`` is not the
        newest. Nothing is lost: their version stays, and the edits can be made again on top of it.
        """
        self._access.require("redactions.edit", events.thing_of(redaction))
        from bodyworn.media.frame_numbers import FrameNumbers
        from bodyworn.redactions.editing import edited

        if version is not None:
            must_be_newest(redaction, version, redaction.newest.version)
        recording = self._queries.recording_of(redaction)
        said = self._source(recording).utterances(None, progress) if edits.needs_words else ()
        before = self._queries.plan(redaction)
        after = edited(before, edits, self._person, said, FrameNumbers(self._recordings.file_of(recording)))
        if after == before:
            raise InputError("nothing was changed", "Say what to keep or to hide")
        plan_sha256 = self._objects.put_bytes(after.canonical()).sha256
        with self._database.write() as transaction:
            newest = max(row.version for row in rows.plans_of(transaction, [redaction.id]))
            must_be_newest(redaction, redaction.newest.version, newest)
            change = PlanChange.between(before, after)
            self._add_version(transaction, redaction.id, newest + 1, after, plan_sha256, change)
        self._audit_log.seal()
        return self._queries.get(redaction.id)

    def preview(
        self, redaction: Redaction, target: Path, *, replace: bool = False, progress: Progress = no_progress
    ) -> None:
        """Write a sheet of masked pictures with the names of the tracks to ``target`` (``.png`` or ``.jpg``)."""
        self._access.require("redactions.preview", events.thing_of(redaction))
        from bodyworn.redactions import planning

        check_new_picture(target, replace)
        sheet = planning.preview(self._queries.plan(redaction), self._original(redaction), target.name, progress)
        with new_file(target, replace) as draft:
            draft.write_bytes(sheet)
            self._note(Tag.REDACTION_PREVIEWED, redaction, events.shown(redaction))

    def render(
        self, redaction: Redaction, target: Path, *, replace: bool = False, progress: Progress = no_progress
    ) -> RenderResult:
        """Write the clip of the newest plan to ``target``; there is no clip without its event."""
        self._access.require("redactions.render", events.thing_of(redaction))
        from bodyworn.media.render import check_target
        from bodyworn.redactions import rendering

        original = self._original(redaction)
        check_target(original, target, replace)
        plan = self._queries.plan(redaction)
        with new_file(target, replace) as draft:
            done = rendering.render_plan(plan, original, draft, replace_target=True, progress=progress)
            self._note(Tag.REDACTION_RENDERED, redaction, events.rendered(redaction, done))
        return done

    @contextmanager
    def rendered(self, redaction: Redaction, progress: Progress = no_progress) -> Iterator[tuple[Path, RenderResult]]:
        """The clip of the newest plan in a folder of the library that vanishes when the block ends."""
        self._access.require("redactions.rendered", events.thing_of(redaction))
        folder = self._scratch / draft_name(secrets.token_hex(6))
        folder.mkdir(parents=True)
        try:
            clip = folder / "clip.mp4"
            yield clip, self.render(redaction, clip, progress=part_of(progress, "rendering"))
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def check(
        self,
        redaction: Redaction,
        clip: Path | None = None,
        progress: Progress = no_progress,
        *,
        times_us: Sequence[int] | None = None,
        sheet: Path | None = None,
        replace: bool = False,
    ) -> LeakCheck:
        """Look with second detectors for what still shows in ``clip``, a render of the newest plan.

        Where no clip is named, the plan is rendered for the check alone. ``times_us`` are when the clip's frames are
        shown in the recording, where the render told. Where something shows, ``sheet`` is a new picture of it.
        """
        self._access.require("redactions.check", events.thing_of(redaction))
        from bodyworn.redactions import checking, leak_sheet

        check_new_picture(sheet, replace)
        if clip is None:
            with self.rendered(redaction, progress) as (made, done):
                at_us = done.rendered.times_us
                return self.check(redaction, made, progress, times_us=at_us, sheet=sheet, replace=replace)
        look = part_of(progress, "looking for leaks")
        found = checking.check(clip, self._queries.plan(redaction), progress=look, times_us=times_us)
        leak_sheet.write_leak_sheet(sheet, clip, found, replace=replace, progress=progress)
        how = Outcome.FAILED if found.count else Outcome.OK
        self._note(Tag.REDACTION_CHECKED, redaction, events.checked(redaction, found), how)
        return found

    def export(self, redaction: Redaction, target: Path, *, replace: bool = False) -> None:
        """Write the newest plan to ``target`` as canonical JSON: its SHA-256 is the plan's digest."""
        self._access.require("redactions.export", events.thing_of(redaction))
        plan = self._queries.plan(redaction)
        with new_file(target, replace) as draft:
            draft.write_bytes(plan.canonical())
            self._note(Tag.REDACTION_EXPORTED, redaction, events.shown(redaction))

    def words(self, recording: Recording, progress: Progress = no_progress, *, model: str | None = None) -> Utterances:
        """Who says what and when, to pick words and voices from; that it was looked at is an event.

        ``model`` is the speech model to use from now on; ``None`` leaves it as it was chosen last.
        """
        self._access.require("redactions.words", events.redactions_of(recording))
        said = self._source(recording).utterances(model, progress)
        self._recordings.viewed(recording, "words")
        return said

    def hear(self, recording: Recording, progress: Progress = no_progress, *, model: str | None = None) -> TwoHearings:
        """The same as :meth:`words`, and what a second hearing makes of it where data of persons may be."""
        self._access.require("redactions.hear", events.redactions_of(recording))
        said = self._source(recording).heard_twice(model, progress)
        self._recordings.viewed(recording, "words")
        return said

    def listed(self, count: int, recording: Recording | None = None) -> None:
        """Write that the list was looked at."""
        detail = Viewed(count=count)
        self._audit_log.append(Tag.REDACTIONS_LISTED, recording.id if recording else "redactions", detail)

    @property
    def _person(self) -> str:
        return self._audit_log.actor.id

    def _source(self, recording: Recording) -> RecordingSource:
        return RecordingSource(recording, self._recordings.file_of(recording), self._speech)

    def _original(self, redaction: Redaction) -> Path:
        return self._recordings.file_of(self._queries.recording_of(redaction))

    def _open(self, recording: Recording, plan: Plan, kind: ChangeKind) -> Redaction:
        redaction_id = f"red_{secrets.token_hex(8)}"
        plan_sha256 = self._objects.put_bytes(plan.canonical()).sha256
        made: dict[str, Json] = {"made_at": stamp(now()), "made_by": self._person}
        values = {"id": redaction_id, "recording_id": recording.id, **made}
        with self._database.write(patient=True) as transaction:
            detail = RedactionChanged(recording=recording.id)
            self._audit_log.add_row(transaction, _TAGS[kind], redaction_id, "redactions", values, detail)
            self._add_version(transaction, redaction_id, 1, plan, plan_sha256, PlanChange(kind))
        self._audit_log.seal()
        return self._queries.get(redaction_id)

    def _add_version(
        self,
        transaction: Transaction,
        redaction_id: str,
        version: int,
        plan: Plan,
        plan_sha256: str,
        change: PlanChange,
    ) -> None:
        counts = PlanCounts.of(plan)
        values: dict[str, Json] = {
            "id": f"{redaction_id}.{version}",
            "redaction_id": redaction_id,
            "version": version,
            "plan_sha256": plan_sha256,
            "made_at": stamp(now()),
            "made_by": self._person,
            "change": json.dumps(to_json(change), sort_keys=True),
            "counts": json.dumps(to_json(counts), sort_keys=True),
        }
        detail = RedactionChanged(plan_sha256=plan_sha256, version=version, counts=vars(counts), objects=(plan_sha256,))
        self._audit_log.add_row(transaction, _TAGS[change.kind], redaction_id, "redaction_plans", values, detail)

    def _note(self, tag: Tag, redaction: Redaction, detail: EventDetail, outcome: Outcome = Outcome.OK) -> None:
        self._audit_log.append(tag, redaction.id, detail, outcome=outcome)
