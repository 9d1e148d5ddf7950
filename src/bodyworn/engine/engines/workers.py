"""The engine of supervised processes: each task gets a fresh ``spawn`` process, so one that dies takes nothing along,
and the memory of its models goes with it.

A worker sees that its parent died by the closing of its pipe and leaves at once.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

from bodyworn.engine.task import Lost, Progressed, Task, TaskEvent, carry_out

#: Read by OpenMP, OpenBLAS, MKL, CTranslate2 and onnxruntime's pools when they are loaded.
THREAD_LIMITS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
REPORT_EVERY_S = 0.1

_spawn = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class _Worker:
    task: Task
    process: SpawnProcess
    pipe: Connection


class WorkersEngine:
    """``workers`` processes side by side with the machine's cores divided among them."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._threads = max(1, (os.cpu_count() or 1) // workers)
        self._running: list[_Worker] = []

    def start(self, task: Task) -> None:
        """Begin the task in a process of its own."""
        ours, theirs = _spawn.Pipe()
        process = _spawn.Process(target=_work, args=(theirs, task, self._threads), name=task.stage.name, daemon=True)
        with _ctrl_c_held_back():
            process.start()
        theirs.close()
        self._running.append(_Worker(task, process, ours))

    def events(self, seconds: float) -> Iterator[TaskEvent]:
        """What the workers sent; a worker that ended without an answer is lost."""
        ready = wait([worker.pipe for worker in self._running], timeout=seconds)
        for worker in [worker for worker in self._running if worker.pipe in ready]:
            try:
                event: TaskEvent = worker.pipe.recv()
            except (EOFError, OSError):
                worker.process.join()
                event = Lost(worker.task.key, _how(worker.process.exitcode))
            if not isinstance(event, Progressed):
                self._dismiss(worker)
            yield event

    def close(self) -> None:
        """Kill what is running."""
        for worker in list(self._running):
            worker.process.kill()
            self._dismiss(worker)

    def _dismiss(self, worker: _Worker) -> None:
        self._running.remove(worker)
        worker.pipe.close()
        worker.process.join(5)
        if worker.process.exitcode is None:
            worker.process.kill()
            worker.process.join()
        worker.process.close()


@contextmanager
def _ctrl_c_held_back() -> Iterator[None]:
    """Hold Ctrl-C back while a worker starts: it inherits that, and :func:`_work` then ignores it."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    resource_tracker.ensure_running()  # its start would let Ctrl-C through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _how(exit_code: int | None) -> str:
    if exit_code is not None and exit_code < 0:
        with suppress(ValueError):
            return f"was killed by {signal.Signals(-exit_code).name}"
    return f"ended with code {exit_code}"


def _work(pipe: Connection, task: Task, threads: int) -> None:
    """The worker: runs one task and sends what it made."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which stops us
    os.dup2(2, 1)  # what a library prints never gets into the parent's output
    os.environ.update(dict.fromkeys(THREAD_LIMITS, str(threads)))
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_leave_with, args=(parent.sentinel,), daemon=True).start()
    last, lock = 0.0, threading.Lock()

    def progress(done: float, total: float, what: str) -> None:
        nonlocal last
        with lock:
            if (at := time.monotonic()) - last >= REPORT_EVERY_S:
                last = at
                pipe.send(Progressed(task.key, done, total, what))

    end = carry_out(task, progress)
    with lock, suppress(BrokenPipeError):
        pipe.send(end)


def _leave_with(parent_sentinel: int) -> None:
    """Leave at once when the parent is gone: there is none to take the result."""
    wait([parent_sentinel])
    os._exit(1)
