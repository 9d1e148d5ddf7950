"""How far the clocks of two recordings are apart by what is said: several sentences with the same words, all alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from bodyworn.findings.joined.pieces import PlacedWord

#: So many words in a row must be the same, at most so far apart by the clocks.
_IN_A_ROW, _FARTHEST_MS = 4, 20_000
#: Runs of words that tell the same to within this are counted together; so many must, from two different moments.
_ALIKE_MS, _LEAST, _MOMENTS_APART_MS = 700, 4, 3_000


def shift_by_words(ones: Sequence[PlacedWord], others: Sequence[PlacedWord]) -> int | None:
    """Milliseconds to add to times of ``others``; ``None`` where the words do not tell it clearly.

    Clear is: at least four runs of four equal words, of moments 3 s apart, agree, and no other shift has half as many.
    """
    there: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for at in range(len(ones) - _IN_A_ROW + 1):
        there[_run(ones, at)].append(ones[at].middle_ms)
    found = sorted(
        (middle - others[at].middle_ms, others[at].middle_ms)
        for at in range(len(others) - _IN_A_ROW + 1)
        for middle in there.get(_run(others, at), ())
        if abs(middle - others[at].middle_ms) <= _FARTHEST_MS
    )
    best = max((_alike(found, at) for at in range(len(found))), key=len, default=[])
    if len(best) < _LEAST or max(at for _, at in best) - min(at for _, at in best) < _MOMENTS_APART_MS:
        return None
    rest = [one for one in found if one[0] < best[0][0] - _ALIKE_MS or one[0] > best[-1][0] + _ALIKE_MS]
    second = max((len(_alike(rest, at)) for at in range(len(rest))), default=0)
    return None if second * 2 > len(best) else best[len(best) // 2][0]


def _run(words: Sequence[PlacedWord], at: int) -> tuple[str, ...]:
    return tuple(word.letters for word in words[at : at + _IN_A_ROW])


def _alike(found: Sequence[tuple[int, int]], at: int) -> list[tuple[int, int]]:
    """Those that tell what the one at ``at`` tells, or a little more."""
    end = at
    while end < len(found) and found[end][0] - found[at][0] <= _ALIKE_MS:
        end += 1
    return list(found[at:end])
