"""Jobs: rows that say who is at which stage, with a lease, so that no work is done twice at once and none is lost.

The attempt number is the fencing token: who was away too long and lost the lease cannot finish what another took over.
A job of a process that is certainly dead is free at once; one on another host is free when its lease ends.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from contextlib import suppress
from dataclasses import dataclass

from bodyworn.custody.audit_log import AuditLog
from bodyworn.domain.errors import LibraryError
from bodyworn.domain.event import Outcome, Tag, now, stamp
from bodyworn.domain.event_details import FindingsFailed, FindingsMade
from bodyworn.engine.artifact_store import StoredArtifact
from bodyworn.engine.plan import PlannedStage
from bodyworn.storage.databases.base import Database, Transaction
from bodyworn.storage.processes import Holder
from bodyworn.storage.rows import findings, jobs

MIN_LEASE_S = 60.0

#: Runs of this very process that are under way: threads of one process are told apart by them.
_live_runs: set[str] = set()


@dataclass(frozen=True)
class Claim:
    """The right to run one job, in one attempt."""

    key: str
    attempt: int


@dataclass(frozen=True)
class Busy:
    """Another process, or another run in this one, is at this recording."""

    pid: int
    stage: str


@dataclass(frozen=True)
class Done:
    """The result is there already."""


class Jobs:
    """The jobs of one library, for one run; a context manager that gives back at its end what is still held."""

    def __init__(self, database: Database, audit_log: AuditLog, lease_s: float = MIN_LEASE_S) -> None:
        if lease_s < MIN_LEASE_S:
            raise ValueError(f"a lease under {MIN_LEASE_S:.0f} s would let jobs run twice")
        self._database = database
        self._audit_log = audit_log
        self._lease_s = lease_s
        self._me = Holder.me()
        self._run = secrets.token_hex(4)
        self._claims: set[Claim] = set()
        self._lock = threading.Lock()

    def claim(self, recording_id: str, step: PlannedStage, key: str) -> Claim | Busy | Done:
        """Take the job unless it is done, or another run that lives is at a job of this recording."""
        with self._database.write() as transaction:
            if findings.result(transaction, key) is not None:
                return Done()
            for row in jobs.running(transaction, recording_id):
                if (other := self._holds(row)) is not None:
                    return other
            old = jobs.job(transaction, key)
            claim = Claim(key, (old["attempt"] if old else 0) + 1)
            jobs.start(
                transaction,
                {
                    "key": key,
                    "recording_id": recording_id,
                    "stage": step.stage.name,
                    "state": "running",
                    "attempt": claim.attempt,
                    "holder": f"{self._run} {self._me}",
                    "lease_until": time.time() + self._lease_s,
                    "error": None,
                },
            )
        with self._lock:
            self._claims.add(claim)
        return claim

    def _holds(self, row: jobs.JobRow) -> Busy | None:
        """The other run that holds a running job; ``None`` if that is us, is dead, or let its lease end."""
        run, _, process = (row["holder"] or "").partition(" ")
        holder = Holder.parse(process)
        gone = run not in _live_runs if holder == self._me else holder.dead
        if run == self._run or gone or (row["lease_until"] or 0.0) < time.time():
            return None
        return Busy(holder.pid, row["stage"])

    def finish(self, claim: Claim, recording_id: str, step: PlannedStage, kept: StoredArtifact) -> bool:
        """Job state, result and event in one transaction; ``False`` if the lease was lost to another."""
        values = {
            "key": claim.key,
            "recording_id": recording_id,
            "stage": step.stage.name,
            "made_by": step.made_by,
            "params": json.dumps(step.params, sort_keys=True),
            "artefact": kept.digest,
            "made_at": stamp(now()),
        }
        detail = FindingsMade(step.stage.name, step.made_by, claim.key, tuple(kept.objects))
        with self._database.write() as transaction:
            held = self._leave(transaction, claim, "done", None)
            if held:
                self._audit_log.add_row(transaction, Tag.FINDINGS_MADE, recording_id, "results", values, detail)
        self._audit_log.seal(always=False)
        return held

    def fail(self, claim: Claim, recording_id: str, step: PlannedStage, kind: str, trace: str) -> None:
        """Write that the attempt failed: the trace beside the job, the kind of error in the audit log."""
        detail = FindingsFailed(step.stage.name, step.made_by, claim.key, kind)
        with self._database.write() as transaction:
            if self._leave(transaction, claim, "failed", trace):
                self._audit_log.append(
                    Tag.FINDINGS_FAILED, recording_id, detail, outcome=Outcome.FAILED, within=transaction
                )

    def __enter__(self) -> Jobs:
        _live_runs.add(self._run)
        return self

    def __exit__(self, *_: object) -> None:
        _live_runs.discard(self._run)
        with self._lock:
            held = tuple(self._claims)
        if held:
            with self._database.write() as transaction:
                for claim in held:
                    self._leave(transaction, claim, "ready", None)

    def _leave(self, transaction: Transaction, claim: Claim, state: str, error: str | None) -> bool:
        with self._lock:
            self._claims.discard(claim)
        values: jobs.JobState = {"state": state, "holder": None, "lease_until": None, "error": error}
        return jobs.move(transaction, claim.key, claim.attempt, values)

    def beat(self) -> None:
        """Extend the leases of all that is held."""
        with self._lock:
            held = tuple(self._claims)
        if held:
            with self._database.write() as transaction:
                for claim in held:
                    until = time.time() + self._lease_s
                    jobs.move(transaction, claim.key, claim.attempt, {"lease_until": until})


class Heartbeat:
    """A thread that keeps the leases alive while the block runs."""

    def __init__(self, jobs: Jobs, every_s: float = MIN_LEASE_S / 4) -> None:
        self._jobs, self._every_s, self._stop = jobs, every_s, threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def _run(self) -> None:
        while not self._stop.wait(self._every_s):
            with suppress(LibraryError):  # busy or full for a moment: the lease lasts until the next beat
                self._jobs.beat()

    def __enter__(self) -> Heartbeat:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
