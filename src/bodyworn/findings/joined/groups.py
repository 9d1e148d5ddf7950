"""Things that belong together: which lie at one time, and groups that are put together one pair at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from typing import Generic, Protocol, TypeVar

from bodyworn.domain.span import Span

T = TypeVar("T", bound=Hashable)


class Groups(Generic[T]):
    """Groups of things, each alone at first (a disjoint-set forest); their order is that in which they were given."""

    def __init__(self, every: Iterable[T]) -> None:
        self._every = list(every)
        self._above = {one: one for one in self._every}

    def first_of(self, one: T) -> T:
        """The thing that stands for the group of ``one``."""
        while (above := self._above[one]) != one:
            self._above[one] = self._above[above]
            one = above
        return one

    def join(self, one: T, other: T) -> None:
        """They belong together."""
        first, second = self.first_of(one), self.first_of(other)
        if first != second:
            self._above[second] = first

    def all(self) -> list[list[T]]:
        """The groups, by their first thing."""
        found: dict[T, list[T]] = defaultdict(list)
        for one in self._every:
            found[self.first_of(one)].append(one)
        return list(found.values())


class InTime(Protocol):
    """What lies in time."""

    @property
    def span(self) -> Span:
        """When it is."""
        ...


P = TypeVar("P", bound=InTime)


def at_once(by_start: Iterable[P], share: float) -> Iterator[tuple[P, P]]:
    """Pairs of things, the earlier first, that share at least so much of the shorter one's time."""
    open_: list[P] = []
    for one in by_start:
        open_ = [other for other in open_ if other.span.end_ms > one.span.start_ms]
        for other in open_:
            shorter = max(1, min(one.span.length_ms, other.span.length_ms))
            if one.span.overlap_ms(other.span) >= share * shorter:
                yield other, one
        open_.append(one)
