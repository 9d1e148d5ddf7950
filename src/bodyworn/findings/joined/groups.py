"""Things that belong together, put together one pair at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

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
