"""What could not be judged: the spans of *unknown*, summed up so that no span is counted twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bodyworn.domain.finding import UNHEARD
from bodyworn.domain.span import Span, merge
from bodyworn.web import wording
from bodyworn.web.findings.document import UnknownEntry

_UNHEARD = {state.value for state in UNHEARD}


@dataclass(frozen=True)
class Unjudged:
    """One span that could not be judged, in words."""

    start_ms: int
    end_ms: int
    state: str
    words: str
    unheard: bool

    @property
    def length_ms(self) -> int:
        """Length in milliseconds."""
        return self.end_ms - self.start_ms


#: Sound and picture of one file may end a little apart; so much may be left where all of it is lost.
LEFT_MS = 500


def all_of_it(lost_ms: int, duration_ms: int) -> bool:
    """Whether nothing worth the name is left of a recording that lost so much."""
    return lost_ms > 0 and duration_ms - lost_ms <= min(LEFT_MS, duration_ms // 20)


@dataclass(frozen=True)
class Summary:
    """All spans in time order, the longest of them, and how much of the recording they cover together.

    ``unheard_share`` and ``unseen_share`` are shares of the recording, 0 to 1: what is not heard may well be seen.
    """

    spans: tuple[Unjudged, ...]
    longest: tuple[Unjudged, ...]
    unheard_ms: int
    unseen_ms: int
    unheard_share: float
    unseen_share: float


def summarize(unknown: Sequence[UnknownEntry], duration_ms: int, show: int = 3) -> Summary:
    """Sum up the document's ``unknown``; ``show`` is how many of the longest spans are named in the header."""
    spans = tuple(
        Unjudged(
            u["start_ms"],
            u["end_ms"],
            u["state"],
            wording.state_name(u["state"], u.get("language")),
            u["state"] in _UNHEARD,
        )
        for u in sorted(unknown, key=lambda u: (u["start_ms"], u["end_ms"]))
    )
    longest = sorted(sorted(spans, key=lambda s: -s.length_ms)[:show], key=lambda s: s.start_ms)
    unheard, unseen = _covered([s for s in spans if s.unheard]), _covered([s for s in spans if not s.unheard])
    return Summary(
        spans=spans,
        longest=tuple(longest),
        unheard_ms=unheard,
        unseen_ms=unseen,
        unheard_share=min(1.0, unheard / duration_ms) if duration_ms else 0.0,
        unseen_share=min(1.0, unseen / duration_ms) if duration_ms else 0.0,
    )


def _covered(spans: Sequence[Unjudged]) -> int:
    return sum(span.length_ms for span in merge([Span(s.start_ms, s.end_ms) for s in spans]))
