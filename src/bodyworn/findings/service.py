"""Findings of a recording: plan, run, read, correct."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bodyworn.access.access import Access
from bodyworn.custody.audit_log import AuditLog
from bodyworn.domain.codec import Json
from bodyworn.domain.encounter import Encounter
from bodyworn.domain.errors import CustodyError, InputError, NotFound
from bodyworn.domain.event import Tag, now, stamp
from bodyworn.domain.event_details import ChoiceMade
from bodyworn.domain.recording import Recording
from bodyworn.domain.role import Role, parse_role
from bodyworn.domain.visibility import Thing
from bodyworn.engine.artifact_store import ArtifactStore
from bodyworn.engine.jobs import Jobs
from bodyworn.engine.plan import StagePlan
from bodyworn.engine.reporter import Reporter
from bodyworn.engine.runner import Runner
from bodyworn.engine.stage import Artifact, Stage
from bodyworn.engine.task import Engine
from bodyworn.findings.artifacts.utterances import UtterancesArtifact
from bodyworn.findings.document import Analysis
from bodyworn.findings.joined.reading import findings_of, transcript_of
from bodyworn.findings.joined.told import EncounterFindings
from bodyworn.findings.joined.transcript import JoinedTranscript
from bodyworn.findings.plan import ROLE_OF, SAME_AS, plan_for
from bodyworn.findings.snapshot import Snapshot, StageStatus, progress_of
from bodyworn.findings.speech.model import model_folder
from bodyworn.recordings.service import Recordings
from bodyworn.storage.databases.base import Database, Transaction
from bodyworn.storage.rows import findings as rows


@dataclass(frozen=True)
class RunContext:
    """What findings are made with: where drafts go, and how to get an engine."""

    scratch: Path
    engine: Callable[[], Engine]
    lease_s: float


class Findings:
    """The findings of the recordings of one library."""

    def __init__(
        self,
        database: Database,
        audit_log: AuditLog,
        artifacts: ArtifactStore,
        recordings: Recordings,
        context: RunContext,
        stages: Sequence[Stage],
        access: Access,
    ) -> None:
        self._database, self._audit_log, self._artifacts = database, audit_log, artifacts
        self._recordings, self._context, self._stages, self._access = recordings, context, stages, access

    def run(
        self,
        recording: Recording,
        *,
        model: str | None = None,
        role_of_wearer: str | None = None,
        reporter: Reporter | None = None,
    ) -> None:
        """Make what is not made yet. ``None`` for a choice leaves it as it was chosen last, or at its default.

        Raises the first :class:`StageError` after all that does not depend on it is done.
        """
        self._access.require("findings.run", thing_of(recording))
        self.check_choices(model, role_of_wearer)
        if not self._recordings.file_of(recording).is_file():
            raise CustodyError(f"the original of {recording.name} is not in the store", "Restore it from the backup")
        for name, value in (("model", model), ("role_of_wearer", role_of_wearer)):
            if value is not None:
                self._choose(recording, name, value)
        jobs = Jobs(self._database, self._audit_log, self._context.lease_s)
        with self._database.read() as transaction:
            plan = self._plan(recording, transaction)
        place = self._context
        runner = Runner(plan, self._database, jobs, self._artifacts, place.scratch, reporter or Reporter())
        try:
            runner.run(place.engine())
        finally:
            self._audit_log.seal()

    def check_choices(self, model: str | None, role_of_wearer: str | None) -> None:
        """:class:`ModelError` or :class:`InputError` if :meth:`run` could not be given these."""
        self._access.require("findings.check_choices")
        must_be_choices(model, role_of_wearer)

    def correct_role(self, recording: Recording, speaker: str, role: str) -> None:
        """A person says who a speaker is; the next ``run`` makes anew only what depends on it."""
        self._access.require("findings.correct_role", thing_of(recording))
        utterances = self._snapshot(recording).content(UtterancesArtifact)
        self._must_speak(recording, speaker, sorted(utterances.roles) if utterances else [])
        self._choose(recording, ROLE_OF + speaker, _role(role))

    def merge_speakers(self, recording: Recording, speaker: str, into: str | None) -> None:
        """A person says that ``speaker`` is the same person as ``into``, or with ``None`` that they are two after all.

        The next ``run`` makes anew only what depends on it.
        """
        self._access.require("findings.merge_speakers", thing_of(recording))
        utterances = self._snapshot(recording).content(UtterancesArtifact)
        speakers = sorted(utterances.roles) if utterances else []
        self._must_speak(recording, speaker, sorted({*speakers, *(utterances.same if utterances else ())}))
        if into is not None:
            self._must_speak(recording, into, speakers)
            if into == speaker:
                raise InputError(f"{speaker} is one speaker already", "Name two different speakers")
        self._choose(recording, SAME_AS + speaker, into or "")

    def _must_speak(self, recording: Recording, speaker: str, speakers: Sequence[str]) -> None:
        if speaker not in speakers:
            raise NotFound(
                f"no speaker {speaker!r} in {recording.name}",
                f"Speakers are: {', '.join(speakers) or 'none yet; run the analysis first'}",
            )

    def _choose(self, recording: Recording, name: str, value: str) -> None:
        actor = self._audit_log.actor.id
        with self._database.write() as transaction:
            if rows.choices_of(transaction, recording.id).get(name, self._default(name)) != value:
                values = {
                    "recording_id": recording.id,
                    "name": name,
                    "value": value,
                    "chosen_at": stamp(now()),
                    "chosen_by": actor,
                }
                detail = ChoiceMade(name, value)
                self._audit_log.add_row(transaction, Tag.CHOICE_MADE, recording.id, "choices", values, detail)

    def _default(self, name: str) -> Json:
        return next((stage.defaults[name] for stage in self._stages if name in stage.defaults), None)

    def _plan(self, recording: Recording, transaction: Transaction) -> StagePlan:
        choices = rows.choices_of(transaction, recording.id)
        return plan_for(recording, self._recordings.file_of(recording), choices, self._stages)

    def snapshot(self, recording: Recording) -> Snapshot:
        """Plan and results of the recording as they are now; ask it for statuses, artifacts and the document."""
        self._access.require("findings.snapshot", thing_of(recording))
        return self._snapshot(recording)

    def _snapshot(self, recording: Recording) -> Snapshot:
        with self._database.read() as transaction:
            plan = self._plan(recording, transaction)
            return Snapshot(recording, plan, progress_of(plan, transaction), self._artifacts)

    def plan(self, recording: Recording) -> list[StageStatus]:
        """Where each stage of the plan stands."""
        self._access.require("findings.plan", thing_of(recording))
        return list(self._snapshot(recording).statuses)

    def artifact(self, recording: Recording, name: str) -> Artifact | None:
        """What the stage that makes ``name`` made of the recording as it is planned now; ``None`` if not yet."""
        self._access.require("findings.artifact", thing_of(recording))
        return self._snapshot(recording).artifact(name)

    def document(self, recording: Recording) -> dict[str, Any]:
        """The analysis as the published schema ``analysis-1`` has it, of all that is made so far."""
        self._access.require("findings.document", thing_of(recording))
        return self._snapshot(recording).document()

    def analysis(self, recording: Recording) -> Analysis:
        """The analysis with types, of all that is made so far."""
        self._access.require("findings.analysis", thing_of(recording))
        return self._snapshot(recording).analysis()

    def joined_transcript(self, encounter: Encounter) -> JoinedTranscript:
        """The one transcript of an encounter, of all that is made so far of its recordings."""
        return transcript_of(encounter, self._made(encounter, "findings.joined_transcript"))

    def joined_findings(self, encounter: Encounter) -> EncounterFindings:
        """The findings of an encounter, of all that is made so far of its recordings."""
        return findings_of(encounter, self._made(encounter, "findings.joined_findings"))

    def _made(self, encounter: Encounter, action: str) -> dict[str, Analysis | None]:
        """The analysis of each recording of an encounter; ``None`` for those that the actor may not do this to."""
        self._access.require(action)
        visible = self._access.visible(action)
        members = {one.recording for one in encounter.members}
        there = {one.id: one for one in self._recordings.list() if one.id in members}
        may = {key for key in there if visible.matches(thing_of(there[key]))}
        return {key: self._snapshot(there[key]).analysis() if key in may else None for key in members}


def must_be_choices(model: str | None, role_of_wearer: str | None) -> None:
    """:class:`ModelError` or :class:`InputError` for a speech model or a role that there is not; no library needed."""
    if model is not None:
        model_folder(model)
    if role_of_wearer is not None:
        _role(role_of_wearer)


def thing_of(recording: Recording) -> Thing:
    """The findings of a recording as the policy sees them."""
    return Thing("findings", recording.id)


def _role(untrusted_role: str) -> str:
    role = parse_role(untrusted_role)
    if role is None:
        raise InputError(
            f"{untrusted_role!r} is not a role", f"Use {', '.join(Role)}, or a further one such as officer_2"
        )
    return str(role)
