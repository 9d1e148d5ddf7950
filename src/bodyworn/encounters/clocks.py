"""When a recording was made and where, as its camera says: fields of its sidecar first, then those of the container."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bodyworn.domain.encounter import MemberOffset, OffsetSource
from bodyworn.domain.media_facts import GeoPoint
from bodyworn.domain.recording import Recording

#: Names that fields of a sidecar must have to be understood here; docs/encounters.md lists them.
STARTED_AT, NUMBER, PLACE, LATITUDE, LONGITUDE = "started_at", "dispatch_number", "place", "lat", "lon"
#: A camera that lost its clock says a year like this one.
_FIRST_YEAR = 2000
_EARTH_M = 6_371_000.0


@dataclass(frozen=True)
class StatedClock:
    """When a recording starts and ends by its camera, and the field that says so."""

    starts_at: datetime
    ends_at: datetime
    field: str

    def overlap_s(self, other: StatedClock) -> float:
        """Seconds that both share; negative: how far they are apart."""
        return (min(self.ends_at, other.ends_at) - max(self.starts_at, other.starts_at)).total_seconds()


def sidecar_of(recording: Recording) -> Mapping[str, object]:
    """The mapped fields of its sidecar."""
    return recording.sidecar or {}


def clock_of(recording: Recording) -> StatedClock | None:
    """When it was recorded, by its camera's clock with the offset that somebody measured; ``None`` if nothing says."""
    fields = sidecar_of(recording)
    for name, text in ((f"{STARTED_AT}_utc", fields.get(f"{STARTED_AT}_utc")), ("recorded_at", _recorded(recording))):
        at = _moment(text)
        if at is None:
            continue
        offset = fields.get("clock_offset_ms")
        starts = at + timedelta(milliseconds=offset) if isinstance(offset, int) else at
        return StatedClock(starts, starts + timedelta(milliseconds=recording.duration_ms), name)
    return None


def _recorded(recording: Recording) -> object:
    return recording.facts.get("recorded_at")


def _moment(text: object) -> datetime | None:
    if not isinstance(text, str):
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo is not None and _FIRST_YEAR <= at.year < 9999 else None


def place_of(recording: Recording) -> GeoPoint | None:
    """Where it was recorded, in degrees, as the sidecar or the container says."""
    fields = sidecar_of(recording)
    stated = recording.facts.get("location")
    container = (stated.get("lat"), stated.get("lon")) if isinstance(stated, Mapping) else (None, None)
    return point(fields.get(LATITUDE), fields.get(LONGITUDE)) or point(*container)


def point(lat: object, lon: object) -> GeoPoint | None:
    """The place that two numbers or texts name; ``None`` for what is none, and for 0, 0: a camera without a fix."""
    try:
        found = GeoPoint(float(str(lat)), float(str(lon)))
    except ValueError:
        return None
    real = -90 <= found.lat <= 90 and -180 <= found.lon <= 180 and (found.lat, found.lon) != (0.0, 0.0)
    return found if real else None


def apart_m(one: GeoPoint, other: GeoPoint) -> float:
    """Meters between two places on the sphere (haversine)."""
    first, second = math.radians(one.lat), math.radians(other.lat)
    across = math.sin((second - first) / 2) ** 2
    along = math.cos(first) * math.cos(second) * math.sin(math.radians(other.lon - one.lon) / 2) ** 2
    return 2 * _EARTH_M * math.asin(math.sqrt(min(1.0, across + along)))


def number_of(recording: Recording) -> str:
    """The dispatch number that its sidecar names, or empty."""
    value = sidecar_of(recording).get(NUMBER)
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def offsets_by_clock(recordings: Sequence[Recording]) -> dict[str, MemberOffset]:
    """Where each recording begins after the earliest of them, by their clocks: a fallback that nothing has measured."""
    clocks = {one.id: clock for one in recordings if (clock := clock_of(one)) is not None}
    if not clocks:
        return {recordings[0].id: MemberOffset(0, OffsetSource.CLOCK, None, _ALONE)} if len(recordings) == 1 else {}
    zero = min(clock.starts_at for clock in clocks.values())
    return {
        key: MemberOffset(round((clock.starts_at - zero).total_seconds() * 1000), OffsetSource.CLOCK, None, _BY_CLOCK)
        for key, clock in clocks.items()
    }


_ALONE = "the only recording"
_BY_CLOCK = "by the clocks of the cameras, which nobody compared"
