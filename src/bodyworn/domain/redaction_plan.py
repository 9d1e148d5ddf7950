"""The plan of a redaction: the single thing that detectors propose, people edit, the renderer follows and the audit log
keeps by digest.

It holds integers and strings only, so that the sorted, compact JSON used here is the canonical JSON of RFC 8785 and
the same plan always has the same digest.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bodyworn.domain.digest import Digest
from bodyworn.domain.redaction import Box, HiddenClass, NeedsReview, Region, SoundSpan, Style, Track

FORMAT = "bodyworn.redaction-plan/2"


@dataclass(frozen=True)
class PlanSource:
    """The recording a plan is for: its digest, upright size in pixels, frames and length."""

    sha256: str
    width: int
    height: int
    frames: int
    duration_ms: int

    def to_json(self) -> dict[str, Any]:
        """The source as the plan's schema has it."""
        return dict(vars(self))


@dataclass(frozen=True)
class Plan:
    """Everything to hide in one recording, and the clip ``[start_frame, end_frame)`` to render of it.

    ``style`` is one style for the whole plan. ``looks`` are for people and do not change the picture. ``classes`` are
    what was looked for: the leak check looks for the same.
    """

    source: PlanSource
    style: Style = Style.BLUR
    start_frame: int = 0
    end_frame: int | None = None
    tracks: tuple[Track, ...] = ()
    regions: tuple[Region, ...] = ()
    sound: tuple[SoundSpan, ...] = ()
    needs_review: tuple[NeedsReview, ...] = ()
    classes: tuple[HiddenClass, ...] = (HiddenClass.FACE,)

    def __post_init__(self) -> None:
        ids = [t.id for t in self.tracks] + [r.id for r in self.regions] + [s.id for s in self.sound]
        if len(ids) != len(set(ids)):
            raise ValueError("two entries of the plan have the same id")

    def to_json(self) -> dict[str, Any]:
        """The plan as the published schema has it."""
        return {
            "format": FORMAT,
            "source": self.source.to_json(),
            "style": self.style.value,
            "start_frame": self.start_frame,
            "end_frame": self.end_frame,
            "tracks": [track.to_json() for track in self.tracks],
            "regions": [region.to_json() for region in self.regions],
            "sound": [span.to_json() for span in self.sound],
            "looks": [look.to_json() for look in self.needs_review],
            "classes": [cls.value for cls in self.classes],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Plan:
        """Inverse of :meth:`to_json`; ``KeyError``, ``TypeError`` or ``ValueError`` on other shapes."""
        if data["format"] != FORMAT:
            raise ValueError(f"not a {FORMAT}: {data['format']!r}")
        return cls(
            PlanSource(**data["source"]),
            Style(data["style"]),
            data["start_frame"],
            data["end_frame"],
            tuple(Track.from_json(item) for item in data["tracks"]),
            tuple(Region.from_json(item) for item in data["regions"]),
            tuple(SoundSpan.from_json(item) for item in data["sound"]),
            tuple(NeedsReview(**item) for item in data["looks"]),
            tuple(HiddenClass(name) for name in data["classes"]),
        )

    def canonical(self) -> bytes:
        """Canonical JSON (RFC 8785) in UTF-8."""
        return json.dumps(self.to_json(), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    @property
    def digest(self) -> Digest:
        """SHA-256 of :meth:`canonical`; what a render's record names."""
        return Digest.of_bytes(self.canonical())

    def with_regions(self, regions: Sequence[Region]) -> Plan:
        """The plan with further regions; ``ValueError`` if an id is taken."""
        return replace(self, regions=(*self.regions, *regions))

    def with_sound(self, spans: Sequence[SoundSpan]) -> Plan:
        """The plan with further spans of sound; ``ValueError`` if an id is taken."""
        return replace(self, sound=(*self.sound, *spans))

    def keeping(self, track_id: str, person: str) -> Plan:
        """The plan with one track or span of sound left open by ``person``; ``KeyError`` if there is none such."""
        known = {t.id for t in self.tracks} | {s.id for s in self.sound}
        if track_id not in known:
            raise KeyError(track_id)
        tracks = tuple(replace(t, kept_by=person) if t.id == track_id else t for t in self.tracks)
        sound = tuple(replace(s, kept_by=person) if s.id == track_id else s for s in self.sound)
        return replace(self, tracks=tracks, sound=sound)

    def hidden(self) -> Iterator[tuple[Track, Box]]:
        """Boxes to mask: of tracks that nobody kept and no keep-region opens. Regions that hide come apart."""
        opened = [region for region in self.regions if region.keep]
        for track in self.tracks:
            if track.kept_by is None:
                for box in track.boxes:
                    if not any(region.opens(box) for region in opened):
                        yield track, box
