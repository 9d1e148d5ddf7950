"""Many who ask at once are answered together, and nobody by what was known before he asked."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

import pytest

from bodyworn.web.together import Together, shared
from tests.web import loops


class Slow:
    """Work that waits until it may go on, and counts its runs."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.at_work, self.may_go_on = threading.Event(), threading.Event()

    def __call__(self, asks: Sequence[str]) -> list[str]:
        self.batches.append(list(asks))
        self.at_work.set()
        assert self.may_go_on.wait(10)
        return [f"{ask} in run {len(self.batches)}" for ask in asks]


def test_who_asks_while_the_work_runs_is_answered_by_the_next_run_all_at_once() -> None:
    work = Slow()
    together: Together[str, str] = Together("test", work)

    async def ask() -> list[str]:
        first = asyncio.create_task(together.ask("a"))
        await asyncio.to_thread(work.at_work.wait, 10)
        later = [asyncio.create_task(together.ask(name)) for name in ("a", "b", "c")]
        await asyncio.sleep(0)  # they have asked
        work.may_go_on.set()
        return list(await asyncio.gather(first, *later))

    assert loops.run(ask()) == ["a in run 1", "a in run 2", "b in run 2", "c in run 2"]
    assert work.batches == [["a"], ["a", "b", "c"]]


def test_those_who_ask_the_same_share_an_answer_and_a_failure_is_tried_for_each() -> None:
    tried: list[str] = []

    def work(ask: str) -> str:
        tried.append(ask)
        if ask == "denied":
            raise PermissionError(f"{ask} {len(tried)}")
        return ask.upper()

    answers = shared(work)(["a", "denied", "a", "denied", "b"])
    assert tried == ["a", "denied", "denied", "b"]
    assert [str(answer) for answer in answers] == ["A", "denied 2", "A", "denied 3", "B"]


def test_what_fails_for_all_is_raised_for_each_and_the_next_run_works() -> None:
    fails = True

    def work(asks: Sequence[int]) -> list[int]:
        if fails:
            raise OSError("the disk is full")
        return [ask + 1 for ask in asks]

    together: Together[int, int] = Together("test", work)

    async def ask() -> list[int | BaseException]:
        return await asyncio.gather(*(together.ask(n) for n in range(3)), return_exceptions=True)

    assert [str(answer) for answer in loops.run(ask())] == ["the disk is full"] * 3
    fails = False
    assert loops.run(ask()) == [1, 2, 3]  # another loop, the same thread


def test_who_goes_away_takes_nothing_from_the_others() -> None:
    work = Slow()
    together: Together[str, str] = Together("test", work)

    async def ask() -> str:
        gone, stays = asyncio.create_task(together.ask("a")), asyncio.create_task(together.ask("b"))
        await asyncio.to_thread(work.at_work.wait, 10)
        gone.cancel()
        work.may_go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await gone
        return await stays

    assert loops.run(ask()).startswith("b in run")
