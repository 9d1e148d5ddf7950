"""Jobs: rows that say who is at which stage, with a lease, so that no work is done twice at once and none is lost.

The attempt number is the fencing token: who was away too long and lost the lease cannot finish what another took over.
A job of a process that is certainly dead is free at once; one on another host is free when its lease ends.

Who looks for work reads, and writes only where there is some. Taking a job and keeping its lease wait for nobody but
those at the same recording, where the database can do that; a result waits patiently for its turn in the audit log.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from bodyworn.custody.audit_log import AuditLog
from bodyworn.domain.errors import LibraryBusy, LibraryError
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
        with self._database.read() as transaction:
            if (taken := self._taken(transaction, recording_id, key)) is not None:
                return taken
        with self._database.write_beside(recording_id) as transaction:
            if (taken := self._taken(transaction, recording_id, key, held=True)) is not None:
                return taken
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

    def _taken(
        self, transaction: Transaction, recording_id: str, key: str, *, held: bool = False
    ) -> Busy | Done | None:
        """Why the job cannot be taken. Who finishes one leaves it and adds the result at once: running comes first."""
        for row in jobs.running(transaction, recording_id, held=held):
            if (other := self._holds(row)) is not None:
                return other
        return Done() if findings.result(transaction, key) is not None else None

    def _holds(self, row: jobs.JobRow) -> Busy | None:
        """The other run that holds a running job; ``None`` if that is us, is dead, or let its lease end."""
        run, _, process = (row["holder"] or "").partition(" ")
        holder = Holder.parse(process)
        gone = run not in _live_runs if holder == self._me else holder.dead
        if run == self._run or gone or (row["lease_until"] or 0.0) < time.time():
            return None
        return Busy(holder.pid, row["stage"])

    def finish(self, claim: Claim, recording_id: str, step: PlannedStage, kept: StoredArtifact) -> bool:
        """Job state, result and event in one transaction; ``False`` if the lease was lost to another.

        :class:`LibraryBusy` only after a wait of minutes, and the job is still held then.
        """
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
        with self._database.write(patient=True) as transaction:
            held = self._leave(transaction, claim, "done", None)
            if held:
                self._audit_log.add_row(transaction, Tag.FINDINGS_MADE, recording_id, "results", values, detail)
        self._forget(claim)
        with suppress(LibraryBusy):  # the result is kept; the next one seals
            self._audit_log.seal(always=False)
        return held

    def fail(self, claim: Claim, recording_id: str, step: PlannedStage, kind: str, trace: str) -> None:
        """Write that the attempt failed: the trace beside the job, the kind of error in the audit log."""
        detail = FindingsFailed(step.stage.name, step.made_by, claim.key, kind)
        with self._database.write(patient=True) as transaction:
            if self._leave(transaction, claim, "failed", trace):
                self._audit_log.append(
                    Tag.FINDINGS_FAILED, recording_id, detail, outcome=Outcome.FAILED, within=transaction
                )
        self._forget(claim)

    def __enter__(self) -> Jobs:
        _live_runs.add(self._run)
        return self

    def __exit__(self, *_: object) -> None:
        _live_runs.discard(self._run)
        for transaction, claim in self._each_held():
            self._leave(transaction, claim, "ready", None)
            self._forget(claim)

    def _forget(self, claim: Claim) -> None:
        with self._lock:
            self._claims.discard(claim)

    def _each_held(self) -> Iterator[tuple[Transaction, Claim]]:
        """All that is held, in one transaction."""
        with self._lock:
            held = sorted(self._claims, key=lambda claim: claim.key)
        if held:
            with self._database.write_beside(self._run) as transaction:
                for claim in held:
                    yield transaction, claim

    @staticmethod
    def _leave(transaction: Transaction, claim: Claim, state: str, error: str | None) -> bool:
        values: jobs.JobState = {"state": state, "holder": None, "lease_until": None, "error": error}
        return jobs.move(transaction, claim.key, claim.attempt, values)

    def beat(self) -> None:
        """Extend the leases of all that is held."""
        for transaction, claim in self._each_held():
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
