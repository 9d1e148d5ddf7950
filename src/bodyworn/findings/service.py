"""Findings of a recording: plan, run, read, correct."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bodyworn.custody.audit_log import AuditLog
from bodyworn.domain.errors import CustodyError, InputError, NotFound
from bodyworn.domain.event import Tag, now, stamp
from bodyworn.domain.finding import Role
from bodyworn.domain.recording import Recording
from bodyworn.engine.artifact_store import ArtifactStore
from bodyworn.engine.jobs import Jobs
from bodyworn.engine.plan import StagePlan
from bodyworn.engine.reporter import Reporter
from bodyworn.engine.runner import Runner
from bodyworn.engine.stage import Artifact, Stage
from bodyworn.engine.task import Engine
from bodyworn.findings import document
from bodyworn.findings.plan import ROLE_OF, plan_for
from bodyworn.models import registry
from bodyworn.recordings.service import Recordings
from bodyworn.storage.database import Database
from bodyworn.storage.rows import findings as rows
from bodyworn.storage.rows import jobs as job_rows
from bodyworn.storage.rows.findings import StoredResult

_ROLE = re.compile(r"(officer|community)(_[2-9]|_[1-9][0-9])?\Z|(dispatch|unknown)\Z")


@dataclass(frozen=True)
class StageStatus:
    """Where a stage stands: ``state`` is done, ready, waiting, running, failed or not needed; ``note`` says more."""

    stage: str
    key: str | None
    state: str
    note: str


@dataclass(frozen=True)
class RunContext:
    """What findings are made with: where drafts go, and how to get hands."""

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
    ) -> None:
        self._database, self._audit_log, self._artifacts = database, audit_log, artifacts
        self._recordings, self._context, self._stages = recordings, context, stages

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
        self.check_choices(model, role_of_wearer)
        if not self._recordings.file_of(recording).is_file():
            raise CustodyError(f"the original of {recording.name} is not in the store", "Restore it from the backup")
        for name, value in (("model", model), ("role_of_wearer", role_of_wearer)):
            if value is not None:
                self._choose(recording, name, value)
        jobs = Jobs(self._database, self._audit_log, self._context.lease_s)
        plan, place = self._plan(recording), self._context
        runner = Runner(plan, self._database, jobs, self._artifacts, place.scratch, reporter or Reporter())
        try:
            runner.run(place.engine())
        finally:
            self._audit_log.seal()

    def check_choices(self, model: str | None, role_of_wearer: str | None) -> None:
        """:class:`ModelError` or :class:`InputError` if :meth:`run` could not be given these."""
        if model is not None:
            registry.locate(model)
        if role_of_wearer is not None:
            _role(role_of_wearer)

    def correct_role(self, recording: Recording, speaker: str, role: str) -> None:
        """A person says who a speaker is; the next ``run`` makes anew only what depends on it."""
        utterances = self.artifact(recording, "utterances")
        speakers = sorted(utterances.data["roles"]) if utterances else []
        if speaker not in speakers:
            raise NotFound(
                f"no speaker {speaker!r} in {recording.name}",
                f"Speakers are: {', '.join(speakers) or 'none yet; run the analysis first'}",
            )
        self._choose(recording, ROLE_OF + speaker, _role(role))

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
                detail = {"name": name, "value": value}
                self._audit_log.add_row(transaction, Tag.CHOICE_MADE, recording.id, "choices", values, detail)

    def _default(self, name: str) -> Any:
        return next((stage.defaults[name] for stage in self._stages if name in stage.defaults), None)

    def _plan(self, recording: Recording) -> StagePlan:
        with self._database.read() as transaction:
            choices = rows.choices_of(transaction, recording.id)
        return plan_for(recording, self._recordings.file_of(recording), choices, self._stages)

    def plan(self, recording: Recording) -> list[StageStatus]:
        """Where each stage of the plan stands."""
        plan = self._plan(recording)
        stands, made = [], self._made(plan)
        digests = {name: row.artifact for name, row in made.items()}
        for step in plan.steps:
            key = step.key(plan.source_digest, digests)
            stands.append(StageStatus(step.stage.name, key, *self._state(key, made.get(step.stage.makes))))
        return stands + [StageStatus(stage, None, "not needed", why) for stage, why in plan.not_needed.items()]

    def _state(self, key: str | None, row: StoredResult | None) -> tuple[str, str]:
        if row is not None:
            return "done", f"{row.made_by}, {row.made_at}"
        if key is None:
            return "waiting", "for what it reads"
        with self._database.read() as transaction:
            job = job_rows.job(transaction, key)
        return (job["state"], job["error"] or "") if job else ("ready", "")

    def _made(self, plan: StagePlan) -> dict[str, StoredResult]:
        """Rows of the results that the plan asks for and that are there, by artifact name."""
        made: dict[str, StoredResult] = {}
        with self._database.read() as transaction:
            for step in plan.steps:
                key = step.key(plan.source_digest, {name: row.artifact for name, row in made.items()})
                if key is not None and (row := rows.result(transaction, key)) is not None:
                    made[step.stage.makes] = row
        return made

    def artifact(self, recording: Recording, name: str) -> Artifact | None:
        """What the stage that makes ``name`` made of the recording as it is planned now; ``None`` if not yet."""
        row = self._made(self._plan(recording)).get(name)
        return self._artifacts.load(row.artifact) if row else None

    def document(self, recording: Recording) -> dict[str, Any]:
        """The analysis as the published schema ``analysis-1`` has it, of all that is made so far."""
        plan = self._plan(recording)
        rows_made = self._made(plan)
        made = {name: self._artifacts.load(row.artifact) for name, row in rows_made.items()}
        made_by = {row.stage: row.made_by for row in rows_made.values()}
        not_made = dict(plan.not_needed)
        for stand in self.plan(recording):
            if stand.state not in ("done", "not needed"):
                not_made[stand.stage] = {"failed": "it failed", "running": "it is running"}.get(
                    stand.state, "not run yet"
                )
        return document.compose(recording, made, made_by, not_made)


def _role(untrusted_role: str) -> str:
    if not _ROLE.match(untrusted_role):
        raise InputError(
            f"{untrusted_role!r} is not a role", f"Use {', '.join(Role)}, or a further one such as officer_2"
        )
    return untrusted_role
