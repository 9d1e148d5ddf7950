"""Carries out a plan: gives ready steps to an engine, keeps what comes back, and waits for others at the same work."""

from __future__ import annotations

import secrets
import shutil
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from bodyworn.domain.errors import BodywornError, StageError
from bodyworn.engine.artifact_store import ArtifactStore
from bodyworn.engine.jobs import Busy, Claim, Heartbeat, Jobs
from bodyworn.engine.plan import PlannedStage, StagePlan
from bodyworn.engine.reporter import Reporter
from bodyworn.engine.stage import Artifact
from bodyworn.engine.task import Engine, Failed, Lost, Made, Progressed, Task
from bodyworn.storage.databases.base import Database
from bodyworn.storage.files import draft_name, said_clearly
from bodyworn.storage.rows import findings

MAX_CRASHES = 3
WAIT_S = 0.5


@dataclass(frozen=True)
class Running:
    """A step under way."""

    step: PlannedStage
    claim: Claim
    scratch: Path


class Runner:
    """One run of one plan."""

    def __init__(
        self,
        plan: StagePlan,
        database: Database,
        jobs: Jobs,
        artifacts: ArtifactStore,
        scratch: Path,
        reporter: Reporter,
    ) -> None:
        self._plan, self._database, self._jobs = plan, database, jobs
        self._artifacts, self._scratch, self._reporter = artifacts, scratch, reporter
        self._digests: dict[str, str] = {}
        self._loaded: dict[str, Artifact] = {}
        self._waiting = list(plan.steps)
        self._running: dict[str, Running] = {}
        self._crashes: Counter[str] = Counter()
        self._errors: list[BodywornError] = []
        self._waits_for: Busy | None = None

    def run(self, engine: Engine) -> None:
        """Run until every step is made; raises the first error of a stage after all that do not depend on it are done.

        However it ends, the engine is stopped, and what was held is given back.
        """
        for stage, why in self._plan.not_needed.items():
            self._reporter.finished(stage, why)
        with self._jobs, Heartbeat(self._jobs):
            try:
                while self._start_ready(engine) or self._running or self._waits_for:
                    self._take_events(engine)
            finally:
                engine.close()
                for running in self._running.values():
                    shutil.rmtree(running.scratch, ignore_errors=True)
        if self._errors:
            raise self._errors[0]

    def _start_ready(self, engine: Engine) -> bool:
        """Start what can be started; true if anything moved."""
        moved, busy = False, None
        for step in list(self._waiting):
            key = step.key(self._plan.source_digest, self._digests)
            if key is None:
                continue
            if self._reuse(step, key):
                return True
            if len(self._running) >= engine.workers:
                continue
            claim = self._jobs.claim(self._plan.recording_id, step, key)
            if isinstance(claim, Busy):
                busy = claim
                break
            if isinstance(claim, Claim):
                self._begin(engine, step, claim)
            moved = True
        self._say_waiting(busy)
        return moved

    def _say_waiting(self, busy: Busy | None) -> None:
        if busy is not None and (self._waits_for is None or self._waits_for.pid != busy.pid):
            self._reporter.waiting(busy.pid, busy.stage)
        self._waits_for = busy

    def _reuse(self, step: PlannedStage, key: str) -> bool:
        with self._database.read() as transaction:
            row = findings.result(transaction, key)
        if row is None:
            return False
        self._waiting.remove(step)
        self._digests[step.stage.makes] = row.artifact
        self._reporter.finished(step.stage.name, "reused")
        return True

    def _begin(self, engine: Engine, step: PlannedStage, claim: Claim) -> None:
        scratch = self._scratch / draft_name(secrets.token_hex(6))
        with said_clearly(self._scratch):
            scratch.mkdir(parents=True)
        self._waiting.remove(step)
        self._running[claim.key] = Running(step, claim, scratch)
        artifacts = {name: self._artifact(name) for name in step.stage.reads}
        engine.start(Task(claim.key, step.stage, self._plan.source, artifacts, step.params, scratch))
        self._reporter.started(step.stage.name)

    def _artifact(self, name: str) -> Artifact:
        if name not in self._loaded:
            self._loaded[name] = self._artifacts.load(self._digests[name])
        return self._loaded[name]

    def _take_events(self, engine: Engine) -> None:
        if not self._running:
            time.sleep(WAIT_S if self._waits_for else 0)
            return
        for event in engine.events(WAIT_S):
            running = self._running[event.key]
            if isinstance(event, Progressed):
                self._reporter.progressed(running.step.stage.name, event.done, event.total, event.what)
            else:
                del self._running[event.key]
                try:
                    self._settle(running, event)
                finally:
                    shutil.rmtree(running.scratch, ignore_errors=True)

    def _settle(self, running: Running, event: Made | Failed | Lost) -> None:
        step, stage = running.step, running.step.stage.name
        if isinstance(event, Made):
            self._keep(running, event.artifact)
        elif isinstance(event, Failed):
            self._fail(running, event.error, event.trace)
        else:
            self._crashes[event.key] += 1
            if self._crashes[event.key] < MAX_CRASHES:
                self._jobs.fail(running.claim, self._plan.recording_id, step, "worker lost", event.how)
                self._waiting.insert(0, step)
                self._reporter.lost(stage, event.how)
            else:
                error = StageError(
                    f"the stage {stage} crashed {MAX_CRASHES} times on this recording; its process {event.how}",
                    "Check that there is enough memory, then start again; finished stages are kept",
                )
                self._fail(running, error, event.how)

    def _keep(self, running: Running, artifact: Artifact) -> None:
        kept = self._artifacts.keep(artifact)
        if self._jobs.finish(running.claim, self._plan.recording_id, running.step, kept):
            self._digests[artifact.name] = kept.digest
            self._reporter.finished(running.step.stage.name, "made")
        else:  # another process took the job over while we were away: its result counts
            self._waiting.insert(0, running.step)

    def _fail(self, running: Running, error: BodywornError, trace: str) -> None:
        self._jobs.fail(running.claim, self._plan.recording_id, running.step, type(error).__name__, trace)
        self._errors.append(error)
        self._reporter.finished(running.step.stage.name, "failed")
