"""Orders taken apart into what they ask for: the same one again, and two that cannot both be obeyed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bodyworn.domain.finding import Finding
from bodyworn.domain.span import Span
from bodyworn.findings.derived.order_words import (
    ACTIONS,
    BARE,
    CONFLICTS,
    CONSEQUENCE,
    FILLERS,
    NOT,
    SMALL,
    VERBS,
    begins,
)
from bodyworn.findings.derived.said import HeardUtterance, UtteranceWord, propose

#: An order counts as the same one again within this time of the last time it was given.
AGAIN_MS = 30_000
#: Two orders that exclude each other count as conflicting when they start this close together.
CONFLICT_MS = 10_000
#: How much of their words two orders must share to be the same, where they are none of the usual ones.
ALIKE = 0.6
_LONGEST = 8


@dataclass(frozen=True)
class GivenOrder:
    """One thing asked for: ``action`` if it is a usual one (``not:`` before it if forbidden), and its own words."""

    said: HeardUtterance
    start_ms: int
    words: tuple[str, ...]
    action: str | None

    @property
    def text(self) -> str:
        """The order as said, in lower case."""
        return " ".join(self.words)

    def same_as(self, other: GivenOrder) -> bool:
        """Whether both ask for the same."""
        if self.action or other.action:
            return self.action == other.action
        mine, theirs = set(self.words) - SMALL, set(other.words) - SMALL
        return self.words[0] == other.words[0] and len(mine & theirs) >= ALIKE * len(mine | theirs)


def orders(said: Sequence[HeardUtterance]) -> list[GivenOrder]:
    """All orders in officers' utterances that carry the cue ``command``, in time order."""
    return [order for one in said if one.by_officer and "command" in one.kinds for order in _taken_apart(one)]


def _taken_apart(one: HeardUtterance) -> Iterator[GivenOrder]:
    phrase: list[UtteranceWord] = []
    before = previous = ""
    for word in one.words:
        only_not = all(part.text in NOT or part.text == "you" for part in phrase)
        new = word.text in NOT or (begins(word.text, previous, before) and not (phrase and only_not))
        if phrase and (new or len(phrase) >= _LONGEST or previous in {"and", "or", "then"}):
            yield from _order(one, phrase)
            phrase = []
        if phrase or new:
            phrase.append(word)
        before, previous = previous, word.text
        if word.ends:
            yield from _order(one, phrase)
            phrase, before, previous = [], "", ""
    yield from _order(one, phrase)


def _order(one: HeardUtterance, phrase: Sequence[UtteranceWord]) -> Iterator[GivenOrder]:
    words = [word.text for word in phrase]
    forbidden = bool(words) and words[0] in NOT
    kept = [word for word in words if word not in NOT and word not in FILLERS]
    kept = kept[1:] if kept and kept[0] == "you" else kept
    if not kept or kept[0] not in VERBS | BARE or ("again" in words and CONSEQUENCE & set(words)):
        return
    if forbidden and kept == ["move"]:
        action: str | None = "still"
    else:
        text = " ".join(kept)
        found = next((action for action, pattern in ACTIONS if pattern.search(text)), None)
        action = f"not:{found or text}" if forbidden else found
    said = tuple(word for word in words if word not in FILLERS)
    yield GivenOrder(one, phrase[0].start_ms, said, action)


def repeated(said: Sequence[HeardUtterance], maker: str) -> list[Finding]:
    """One finding for each order given at least twice, each time within :data:`AGAIN_MS` of the time before."""
    runs: list[list[GivenOrder]] = []
    for order in orders(said):
        for run in runs:
            if order.same_as(run[0]) and order.start_ms - run[-1].start_ms <= AGAIN_MS:
                run.append(order)
                break
        else:
            runs.append([order])
    return [_repeated(run, maker) for run in runs if len(run) > 1]


def _repeated(run: Sequence[GivenOrder], maker: str) -> Finding:
    on = list(dict.fromkeys(order.said for order in run))
    gaps = [after.start_ms - before.start_ms for before, after in pairwise(run)]
    return propose(
        "repeated_command",
        Span(run[0].start_ms, max(order.said.span.end_ms for order in run)),
        on,
        score=min(one.score(("command",)) for one in on),
        made_by=maker,
        words=[order.text for order in run],
        measures={"times": len(run), "longest_pause_ms": max(gaps), "officers": len({one.role for one in on})},
    )


def conflicting(said: Sequence[HeardUtterance], maker: str) -> list[Finding]:
    """One finding for each pair of orders close together that exclude each other; an order is in one pair at most."""
    given = orders(said)
    used: set[int] = set()
    found: list[Finding] = []
    for number, first in enumerate(given):
        for later in range(number + 1, len(given)):
            second = given[later]
            if second.start_ms - first.start_ms > CONFLICT_MS:
                break
            if number in used or later in used or not _exclude(first, second):
                continue
            used |= {number, later}
            found.append(_conflicting(first, second, maker))
    return found


def _exclude(first: GivenOrder, second: GivenOrder) -> bool:
    if first.action is None or second.action is None:
        return False
    forbidden = {f"not:{first.action}" == second.action, f"not:{second.action}" == first.action}
    return True in forbidden or frozenset((first.action, second.action)) in CONFLICTS


def _conflicting(first: GivenOrder, second: GivenOrder, maker: str) -> Finding:
    on = list(dict.fromkeys((first.said, second.said)))
    return propose(
        "conflicting_commands",
        Span(first.start_ms, max(first.said.span.end_ms, second.said.span.end_ms)),
        on,
        score=min(one.score(("command",)) for one in on),
        made_by=maker,
        words=[first.text, second.text],
        measures={"apart_ms": second.start_ms - first.start_ms, "officers": len({one.role for one in on})},
    )
