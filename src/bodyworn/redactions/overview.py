"""A plan as a person can look through it: of a class with very many tracks the longest are listed, the rest counted.

Nothing leaves the plan here: a short track may be a real plate, and one inside another comes out when that one is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bodyworn.domain.redaction import BoxSource, HiddenClass
from bodyworn.domain.redaction_plan import Plan
from bodyworn.domain.track import Box, Track

#: So many tracks of one class are listed.
LISTED = 12
#: A track that was seen for less than this is brief, in microseconds.
BRIEF_US = 500_000
#: A box lies inside another one if at least this share of it does.
_INSIDE = 0.9


@dataclass(frozen=True)
class Unlisted:
    """Tracks of a class that are counted only: how many, and of those how many lie inside another mask or are brief."""

    cls: HiddenClass
    count: int
    inside: int
    brief: int


@dataclass(frozen=True)
class Overview:
    """The tracks to decide about one by one, in plan order, what is counted only, and how many of a class are kept."""

    listed: tuple[Track, ...]
    unlisted: tuple[Unlisted, ...]
    kept: tuple[tuple[HiddenClass, int], ...]


def overview(plan: Plan) -> Overview:
    """What there is to look through in ``plan``; kept tracks of a class are listed while they are few."""
    listed: set[str] = set()
    unlisted, kept = [], []
    for cls in dict.fromkeys(track.cls for track in plan.tracks):
        left = [track for track in plan.tracks if track.cls is cls and track.kept_by is None]
        opened = [track for track in plan.tracks if track.cls is cls and track.kept_by is not None]
        longest = sorted(left, key=seen_us, reverse=True)
        listed |= {track.id for track in longest[:LISTED]}
        if rest := longest[LISTED:]:
            others = [track for track in plan.tracks if track.cls is not cls and track.kept_by is None]
            inside = sum(_lies_inside(track, others) for track in rest)
            unlisted.append(Unlisted(cls, len(rest), inside, sum(seen_us(track) < BRIEF_US for track in rest)))
        if len(opened) > LISTED:
            kept.append((cls, len(opened)))
        else:
            listed |= {track.id for track in opened}
    return Overview(tuple(track for track in plan.tracks if track.id in listed), tuple(unlisted), tuple(kept))


def seen_us(track: Track) -> int:
    """For how long a track was seen: from the first to the last box that a detector found."""
    at = [box.at_us for box in track.boxes if box.source in (BoxSource.DETECTED, BoxSource.DRAWN)]
    return at[-1] - at[0] if at else 0


def _lies_inside(track: Track, others: Sequence[Track]) -> bool:
    """Whether every detected box of ``track`` lies inside one of ``others``."""
    return all(
        any(_within(box, there) for other in others if (there := other.box_at(box.at_us)) is not None)
        for box in track.boxes
        if box.source is BoxSource.DETECTED
    )


def _within(box: Box, other: Box) -> bool:
    w = min(box.x + box.w, other.x + other.w) - max(box.x, other.x)
    h = min(box.y + box.h, other.y + other.h) - max(box.y, other.y)
    return w > 0 and h > 0 and w * h >= _INSIDE * box.w * box.h
