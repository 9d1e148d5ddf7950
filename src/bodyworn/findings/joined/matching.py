"""Which words of two recordings are the same word, heard twice: the same letters at nearly the same time, in order."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from bodyworn.findings.joined.pieces import PlacedWord

#: A word may be told so much earlier or later by the other recording: its times are guesses of the recognizer.
NEAR_MS = 900
#: Words that share so much of their letters may be one word, heard differently; they count for less.
_ALIKE, _LEAST_LETTERS = 0.72, 4


def same_words(ones: Sequence[PlacedWord], others: Sequence[PlacedWord], shift_ms: int = 0) -> list[tuple[int, int]]:
    """Pairs ``(at in ones, at in others)``, rising in both, with the largest sum of likeness.

    Both are in the order in which they are said; ``shift_ms`` is added to the times of ``others``. It is the heaviest
    rising chain of all candidates that lie near enough.
    """
    best = _RisingMaximum(len(others))
    chains: list[tuple[int, int, int]] = []  # at in ones, at in others, number of the link before or -1
    middles = [one.middle_ms + shift_ms for one in others]
    order = sorted(range(len(others)), key=middles.__getitem__)
    sorted_middles = [middles[at] for at in order]
    for at, one in enumerate(ones):
        found = []
        for other_at, likeness in _candidates(one, others, order, sorted_middles):
            weight, before = best.below(other_at)
            chains.append((at, other_at, before))
            found.append((other_at, weight + likeness, len(chains) - 1))
        for other_at, weight, link in found:
            best.raise_to(other_at, weight, link)
    return _walk(chains, best.below(len(others))[1])


def _candidates(
    one: PlacedWord, others: Sequence[PlacedWord], order: Sequence[int], middles: Sequence[int]
) -> Iterator[tuple[int, float]]:
    for place in range(bisect_left(middles, one.middle_ms - NEAR_MS), len(order)):
        if middles[place] > one.middle_ms + NEAR_MS:
            return
        likeness = _likeness(one.letters, others[order[place]].letters)
        if likeness:
            nearness = 1 - abs(middles[place] - one.middle_ms) / (NEAR_MS * 4)
            yield order[place], likeness * nearness


def _likeness(one: str, other: str) -> float:
    if one == other:
        return 1.0 if one else 0.0
    if min(len(one), len(other)) < _LEAST_LETTERS:
        return 0.0
    alike = SequenceMatcher(None, one, other, autojunk=False).ratio()
    return alike / 2 if alike >= _ALIKE else 0.0


def _walk(chains: Sequence[tuple[int, int, int]], last: int) -> list[tuple[int, int]]:
    pairs = []
    while last >= 0:
        at, other_at, last = chains[last]
        pairs.append((at, other_at))
    return pairs[::-1]


class _RisingMaximum:
    """The heaviest chain that ends before a place, asked and raised in the logarithm of the places (a Fenwick tree)."""

    def __init__(self, places: int) -> None:
        self._tree = [(0.0, -1)] * (places + 1)

    def below(self, place: int) -> tuple[float, int]:
        """The weight of the heaviest chain that ends before ``place``, and its last link (-1: none)."""
        found = (0.0, -1)
        while place > 0:
            found = max(found, self._tree[place])
            place -= place & -place
        return found

    def raise_to(self, place: int, weight: float, link: int) -> None:
        """A chain of that weight ends at ``place``."""
        place += 1
        while place < len(self._tree):
            self._tree[place] = max(self._tree[place], (weight, link))
            place += place & -place
