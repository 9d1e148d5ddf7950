"""The list of recordings: one row each, and how far the analysis of one is."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from threading import Lock

from bodyworn.domain.errors import CustodyError
from bodyworn.domain.recording import Recording
from bodyworn.web.findings.queries import AnalysisSnapshot, StageRow
from bodyworn.web.recordings.cards import counts
from bodyworn.web.recordings.encounter import duration_ms, ready
from bodyworn.web.recordings.unknowns import summarize
from bodyworn.web.workbench import Workbench

PER_PAGE = 50

#: Sums kept in memory, a few hundred bytes each.
KEPT = 5000


@dataclass(frozen=True)
class Tally:
    """What the list shows of an analysis: findings by family, and the shares that could not be heard or seen."""

    duration_ms: int
    counts: Mapping[str, int | None]
    unheard_share: float
    unseen_share: float
    poster: bool


@dataclass(frozen=True)
class ListingRow:
    """One recording in the list.

    ``counts`` and the shares are ``None`` until its analysis is done; ``heights`` are those of its bars.
    """

    recording: Recording
    duration_ms: int
    recorded_at: str | None
    state: str
    done: int
    total: int
    counts: Mapping[str, int | None] | None
    heights: Mapping[str, float]
    unheard_share: float | None
    unseen_share: float | None
    poster: bool
    has_video: bool


@dataclass(frozen=True)
class Listing:
    """One page of rows; ``total`` is how many recordings fit, ``of`` how many there are."""

    rows: tuple[ListingRow, ...]
    total: int
    of: int
    page: int
    pages: int


def state_of(steps: Sequence[StageRow]) -> str:
    """``analyzed``, ``in part`` (a stage failed or was not run), ``analyzing``, ``failed`` or ``to analyze``."""
    states = {step.state for step in steps}
    if ready(steps):
        return "analyzed" if states <= {"done", "not needed"} else "in part"
    if "running" in states:
        return "analyzing"
    return "failed" if "failed" in states else "to analyze"


@dataclass(frozen=True)
class AnalysisProgress:
    """How far an analysis is: stages done of those that are needed."""

    state: str
    steps: tuple[StageRow, ...]
    done: int
    total: int


def progress(steps: Sequence[StageRow]) -> AnalysisProgress:
    """What the progress page and its polling show."""
    counted = [step for step in steps if step.state != "not needed"]
    done = sum(step.state == "done" for step in counted)
    return AnalysisProgress(state_of(steps), tuple(steps), done, len(counted))


class Tallies:
    """Sums of recordings, kept as long as their results are the same: a document may be 10 MB to read."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, ...], Tally] = OrderedDict()
        self._lock = Lock()

    def of(self, snapshot: AnalysisSnapshot) -> Tally:
        """The sums of one recording; :class:`CustodyError` if a stored result is not what it was."""
        key = (snapshot.recording.id, *(f"{step.stage} {step.state} {step.key}" for step in snapshot.steps))
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        tally = _tallied(snapshot)
        with self._lock:
            self._kept[key] = tally
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return tally


class ListOrder(StrEnum):
    """How the list is ordered; by what the container says only, so that no analysis has to be read."""

    NEWEST = "newest"
    RECORDED = "recorded"
    NAME = "name"
    LONGEST = "longest"


#: The orders as people choose them.
ORDERS: tuple[tuple[str, str], ...] = (
    (ListOrder.NEWEST, "Received last"),
    (ListOrder.RECORDED, "Recorded last"),
    (ListOrder.NAME, "Name"),
    (ListOrder.LONGEST, "Longest"),
)


@dataclass(frozen=True)
class ListQuery:
    """What the list was asked for: words to look for (from outside), and an order."""

    q: str = ""
    sort: ListOrder = ListOrder.NEWEST


def chosen(recordings: Sequence[Recording], asked: ListQuery) -> Sequence[Recording]:
    """The recordings whose name, ID or times hold every word, as ordered; ``recordings`` come newest first."""
    wanted = asked.q.casefold().split()
    found = [one for one in recordings if all(word in _looked_through(one) for word in wanted)]
    if asked.sort is ListOrder.RECORDED:
        return sorted(found, key=lambda one: str(one.facts.get("recorded_at") or ""), reverse=True)
    if asked.sort is ListOrder.NAME:
        return sorted(found, key=lambda one: one.name.casefold())
    if asked.sort is ListOrder.LONGEST:
        return sorted(found, key=lambda one: -int(one.facts.get("duration_ms") or 0))
    return found


def _looked_through(one: Recording) -> str:
    return f"{one.name} {one.id} {one.taken_in_at.isoformat()} {one.facts.get('recorded_at') or ''}".casefold()


def listing(workbench: Workbench, tallies: Tallies, recordings: Sequence[Recording], page: int, of: int) -> Listing:
    """The rows of one page of ``recordings``, counted from 1; a page past the end is the last. ``of`` there are."""
    pages = max(1, -(-len(recordings) // PER_PAGE))
    page = min(page, pages)
    shown = recordings[(page - 1) * PER_PAGE : page * PER_PAGE]
    rows = [_row(workbench.findings.snapshot(recording), tallies) for recording in shown]
    most = max((count or 0 for row in rows for count in (row.counts or {}).values()), default=0)
    scaled = tuple(replace(row, heights=_heights(row.counts, most)) for row in rows)
    return Listing(scaled, len(recordings), of, page, pages)


def _heights(counts: Mapping[str, int | None] | None, most: int) -> dict[str, float]:
    """Bar heights 0..40 by square root, so that a handful can be seen beside hundreds; the counts stand below."""
    return {
        key: round(40 * math.sqrt((count or 0) / most), 1) if most else 0.0 for key, count in (counts or {}).items()
    }


def _row(snapshot: AnalysisSnapshot, tallies: Tallies) -> ListingRow:
    recording, told = snapshot.recording, progress(snapshot.steps)
    tally = None
    state = told.state
    if state in ("analyzed", "in part"):
        try:
            tally = tallies.of(snapshot)
        except CustodyError:
            state = "damaged"  # one damaged recording must not hide the others
    return ListingRow(
        recording=recording,
        duration_ms=tally.duration_ms if tally else int(recording.facts.get("duration_ms") or 0),
        recorded_at=recording.facts.get("recorded_at"),
        state=state,
        done=told.done,
        total=told.total,
        counts=tally.counts if tally else None,
        heights={},
        unheard_share=tally.unheard_share if tally else None,
        unseen_share=tally.unseen_share if tally else None,
        poster=bool(tally and tally.poster),
        has_video=bool(recording.facts.get("video")),
    )


def _tallied(snapshot: AnalysisSnapshot) -> Tally:
    document = snapshot.document
    length = duration_ms(snapshot.recording, document)
    summary = summarize(document["unknown"], length)
    sight = snapshot.artifact("sight")
    return Tally(
        duration_ms=length,
        counts=counts(document["findings"], document.get("made_by", {}), summary, length),
        unheard_share=summary.unheard_share,
        unseen_share=summary.unseen_share,
        poster=sight is not None and "poster.jpg" in sight.files,
    )
