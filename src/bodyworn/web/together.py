"""Work for many who ask at the same time, done once for all of them, in one thread beside the event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

AskT = TypeVar("AskT")
AnswerT = TypeVar("AnswerT")


@dataclass(frozen=True)
class _Waiting(Generic[AskT, AnswerT]):
    """One who asked, and where the answer goes."""

    ask: AskT
    loop: asyncio.AbstractEventLoop
    answer: asyncio.Future[AnswerT]


class Together(Generic[AskT, AnswerT]):
    """Answers what is asked while ``work`` runs all at once, by the next run of it.

    ``work`` gets what was asked, in order, and gives an answer or an exception for each. It begins after each of them
    asked, so that no answer is older than its question. If it raises, all of them get that.
    """

    def __init__(self, name: str, work: Callable[[Sequence[AskT]], Sequence[AnswerT | Exception]]) -> None:
        self._work = work
        self._thread = ThreadPoolExecutor(1, name)
        self._lock = threading.Lock()
        self._waiting: list[_Waiting[AskT, AnswerT]] = []
        self._busy = False

    async def ask(self, ask: AskT) -> AnswerT:
        """The answer, worked out from now on."""
        loop = asyncio.get_running_loop()
        waiting: _Waiting[AskT, AnswerT] = _Waiting(ask, loop, loop.create_future())
        with self._lock:
            self._waiting.append(waiting)
            idle, self._busy = not self._busy, True
        if idle:
            self._thread.submit(self._work_off)
        return await waiting.answer

    def _work_off(self) -> None:
        while True:
            with self._lock:
                batch, self._waiting = self._waiting, []
                if not batch:
                    self._busy = False
                    return
            try:
                answers = self._work([one.ask for one in batch])
            except Exception as error:
                answers = [error] * len(batch)
            for loop in {one.loop for one in batch}:
                told = [(one.answer, got) for one, got in zip(batch, answers, strict=True) if one.loop is loop]
                with suppress(RuntimeError):  # the loop was closed: nobody waits there any more
                    loop.call_soon_threadsafe(_tell, told)


def _tell(told: Iterable[tuple[asyncio.Future[AnswerT], AnswerT | Exception]]) -> None:
    for answer, got in told:
        if answer.done():  # whoever asked has gone
            continue
        if isinstance(got, Exception):
            answer.set_exception(got)
        else:
            answer.set_result(got)


def shared(work: Callable[[AskT], AnswerT]) -> Callable[[Sequence[AskT]], list[AnswerT | Exception]]:
    """``work`` of one as work of many: those who ask the same get one answer.

    What fails is tried for each by itself, as an attempt that is denied is an event each time.
    """

    def work_each(asks: Sequence[AskT]) -> list[AnswerT | Exception]:
        known: dict[AskT, AnswerT] = {}
        answers: list[AnswerT | Exception] = []
        for ask in asks:
            try:
                if ask not in known:
                    known[ask] = work(ask)
                answers.append(known[ask])
            except Exception as error:
                answers.append(error)
        return answers

    return work_each
