"""The list of recordings: one row each, and how far the analysis of one is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bodyworn.domain.recording import Recording
from bodyworn.web.desk import Desk, Step
from bodyworn.web.recordings.cards import counts
from bodyworn.web.recordings.encounter import duration_ms, ready
from bodyworn.web.recordings.unknowns import summarize

PER_PAGE = 50


@dataclass(frozen=True)
class Row:
    """One recording in the list.

    ``counts`` and ``share`` are ``None`` until its analysis is done; ``heights`` are those of its bars.
    """

    recording: Recording
    duration_ms: int
    recorded_at: str | None
    state: str
    done: int
    total: int
    counts: Mapping[str, int | None] | None
    heights: Mapping[str, float]
    share: float | None
    poster: bool
    has_video: bool


@dataclass(frozen=True)
class Listing:
    """One page of rows."""

    rows: tuple[Row, ...]
    total: int
    page: int
    pages: int


def state_of(steps: Sequence[Step]) -> str:
    """``analyzed``, ``in part`` (a stage failed or was not run), ``analyzing``, ``failed`` or ``to analyze``."""
    states = {step.state for step in steps}
    if ready(steps):
        return "analyzed" if states <= {"done", "not needed"} else "in part"
    if "running" in states:
        return "analyzing"
    return "failed" if "failed" in states else "to analyze"


def progress(steps: Sequence[Step]) -> dict[str, Any]:
    """What the progress page and its polling show."""
    counted = [step for step in steps if step.state != "not needed"]
    done = sum(step.state == "done" for step in counted)
    return {"state": state_of(steps), "steps": list(steps), "done": done, "total": len(counted)}


def listing(desk: Desk, page: int) -> Listing:
    """The rows of one page, counted from 1; a page past the end is the last."""
    recordings = list(desk.recordings())
    pages = max(1, -(-len(recordings) // PER_PAGE))
    page = min(page, pages)
    rows = tuple(_row(desk, recording) for recording in recordings[(page - 1) * PER_PAGE : page * PER_PAGE])
    most = max((count or 0 for row in rows for count in (row.counts or {}).values()), default=0)
    return Listing(
        tuple(replace(row, heights=_heights(row.counts, most)) for row in rows), len(recordings), page, pages
    )


def _heights(counts: Mapping[str, int | None] | None, most: int) -> dict[str, float]:
    """Bar heights 0..40 by square root, so that a handful can be seen beside hundreds; the counts stand below."""
    return {
        key: round(40 * math.sqrt((count or 0) / most), 1) if most else 0.0 for key, count in (counts or {}).items()
    }


def _row(desk: Desk, recording: Recording) -> Row:
    steps = desk.steps(recording)
    told = progress(steps)
    has_video = bool(recording.facts.get("video"))
    analyzed = told["state"] in ("analyzed", "in part")
    length, counts, share, poster = _tallied(desk, recording) if analyzed else (None, None, None, False)
    return Row(
        recording=recording,
        duration_ms=length or int(recording.facts.get("duration_ms") or 0),
        recorded_at=recording.facts.get("recorded_at"),
        state=told["state"],
        done=told["done"],
        total=told["total"],
        counts=counts,
        heights={},
        share=share,
        poster=poster,
        has_video=has_video,
    )


def _tallied(desk: Desk, recording: Recording) -> tuple[int, dict[str, int | None], float, bool]:
    document = desk.document(recording)
    tally = counts(document["findings"], document.get("made_by", {}))
    length = duration_ms(recording, document)
    share = summarize(document["unknown"], length).share
    sight = desk.artefact(recording, "sight")
    poster = sight is not None and "poster.jpg" in sight.files
    return length, tally, share, poster
