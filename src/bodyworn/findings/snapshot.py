"""Where the analysis of one recording stands: read once, then asked as often as a page or a command needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from bodyworn.domain.recording import Recording
from bodyworn.engine.artifact_store import ArtifactStore
from bodyworn.engine.plan import StagePlan
from bodyworn.engine.stage import Artifact, ArtifactContent
from bodyworn.findings.document import Analysis, analysis_of, compose
from bodyworn.storage.databases.base import Transaction
from bodyworn.storage.rows import findings as rows
from bodyworn.storage.rows import jobs as job_rows
from bodyworn.storage.rows.findings import StoredResult

ContentT = TypeVar("ContentT", bound=ArtifactContent)
#: How the published document says why a stage has no result, by its state.
_WHY_NOT_MADE = {"failed": "it failed", "running": "it is running"}


@dataclass(frozen=True)
class StageStatus:
    """Where a stage stands: ``state`` is done, ready, waiting, running, failed or not needed; ``note`` says more."""

    stage: str
    key: str | None
    state: str
    note: str


@dataclass(frozen=True)
class PlanProgress:
    """The statuses of the stages of a plan, and the rows of the results that are there, by artifact name."""

    statuses: tuple[StageStatus, ...]
    results: Mapping[str, StoredResult]


def progress_of(plan: StagePlan, transaction: Transaction) -> PlanProgress:
    """How far a plan is, in the order of its stages; those that are not needed come last."""
    statuses: list[StageStatus] = []
    results: dict[str, StoredResult] = {}
    made = rows.results_of(transaction, plan.recording_id)
    for step in plan.steps:
        key = step.key(plan.source_digest, {name: row.artifact for name, row in results.items()})
        row = made.get(key) if key is not None else None
        if row is not None:
            results[step.stage.makes] = row
        statuses.append(_status(step.stage.name, key, row, transaction))
    statuses += [StageStatus(stage, None, "not needed", why) for stage, why in plan.not_needed.items()]
    return PlanProgress(tuple(statuses), results)


def _status(stage: str, key: str | None, row: StoredResult | None, transaction: Transaction) -> StageStatus:
    if row is not None:
        return StageStatus(stage, key, "done", f"{row.made_by}, {row.made_at}")
    if key is None:
        return StageStatus(stage, key, "waiting", "for what it reads")
    job = job_rows.job(transaction, key)
    return StageStatus(stage, key, job["state"], job["error"] or "") if job else StageStatus(stage, key, "ready", "")


class Snapshot:
    """The plan of a recording and its results at one moment. Artifacts are loaded when they are asked for, once."""

    def __init__(self, recording: Recording, plan: StagePlan, progress: PlanProgress, artifacts: ArtifactStore) -> None:
        self.recording, self.plan = recording, plan
        self.statuses = progress.statuses
        self._results, self._artifacts = progress.results, artifacts
        self._loaded: dict[str, Artifact] = {}

    def artifact(self, name: str) -> Artifact | None:
        """What the stage that makes ``name`` made of the recording; ``None`` if not yet."""
        row = self._results.get(name)
        if row is not None and name not in self._loaded:
            self._loaded[name] = self._artifacts.load(row.artifact)
        return self._loaded.get(name)

    def content(self, cls: type[ContentT]) -> ContentT | None:
        """The content of an artifact; ``None`` if it is not made yet, ``ValueError`` if it has another shape."""
        artifact = self.artifact(cls.ARTIFACT)
        return artifact.content(cls) if artifact is not None else None

    def document(self) -> dict[str, Any]:
        """The analysis as the published schema ``analysis-1`` has it, of all that is made so far."""
        return dict(self._document)

    def analysis(self) -> Analysis:
        """The same with types."""
        return analysis_of(self._document)

    @cached_property
    def _document(self) -> dict[str, Any]:
        made = {name: artifact for name in self._results if (artifact := self.artifact(name)) is not None}
        made_by = {row.stage: row.made_by for row in self._results.values()}
        not_made = dict(self.plan.not_needed)
        for status in self.statuses:
            if status.state not in ("done", "not needed"):
                not_made[status.stage] = _WHY_NOT_MADE.get(status.state, "not run yet")
        return compose(self.recording, made, made_by, not_made)
