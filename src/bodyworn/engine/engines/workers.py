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

from bodyworn.engine.task import Lost, OnProgress, Progressed, Task, carry_out

#: Read by OpenMP, OpenBLAS, MKL, CTranslate2 and onnxruntime's pools when they are loaded.
THREAD_LIMITS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
TELL_EVERY_S = 0.1

_spawn = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class _Worker:
    task: Task
    process: SpawnProcess
    pipe: Connection


class WorkersEngine:
    """``hands`` processes side by side with the machine's cores divided among them."""

    def __init__(self, hands: int) -> None:
        self.hands = hands
        self._threads = max(1, (os.cpu_count() or 1) // hands)
        self._workers: list[_Worker] = []

    def start(self, task: Task) -> None:
        """Begin the task in a process of its own."""
        ours, theirs = _spawn.Pipe()
        process = _spawn.Process(target=_work, args=(theirs, task, self._threads), name=task.stage.name, daemon=True)
        with _deaf_to_the_keyboard():
            process.start()
        theirs.close()
        self._workers.append(_Worker(task, process, ours))

    def tell(self, seconds: float) -> Iterator[OnProgress]:
        """What the workers sent; a worker that ended without an answer is lost."""
        ready = wait([worker.pipe for worker in self._workers], timeout=seconds)
        for worker in [worker for worker in self._workers if worker.pipe in ready]:
            try:
                told: OnProgress = worker.pipe.recv()
            except (EOFError, OSError):
                worker.process.join()
                told = Lost(worker.task.key, _how(worker.process.exitcode))
            if not isinstance(told, Progressed):
                self._dismiss(worker)
            yield told

    def close(self) -> None:
        """Kill what is running."""
        for worker in list(self._workers):
            worker.process.kill()
            self._dismiss(worker)

    def _dismiss(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        worker.pipe.close()
        worker.process.join(5)
        if worker.process.exitcode is None:
            worker.process.kill()
            worker.process.join()
        worker.process.close()


@contextmanager
def _deaf_to_the_keyboard() -> Iterator[None]:
    """Hold Ctrl-C back while a worker is born: it inherits that, and :func:`_work` then ignores it."""
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
            if (at := time.monotonic()) - last >= TELL_EVERY_S:
                last = at
                pipe.send(Progressed(task.key, done, total, what))

    told = carry_out(task, progress)
    with lock, suppress(BrokenPipeError):
        pipe.send(told)


def _leave_with(parent_sentinel: int) -> None:
    """Leave without ceremony when the parent is gone: nobody is left to take the result."""
    wait([parent_sentinel])
    os._exit(1)
