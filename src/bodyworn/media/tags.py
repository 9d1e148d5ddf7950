"""What the text fields of a container say: clock time, place, camera. Untrusted until cleaned here."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from bodyworn.domain.media_facts import GeoPoint

MOST_TAGS = 64
MOST_CHARACTERS = 300
#: Cameras without a set clock count from one of these years.
UNSET_YEARS = {1904, 1970, 1980}
LOCATION_TAGS = ("com.apple.quicktime.location.ISO6709", "location", "location-eng", "\xa9xyz", "xyz", "LOCATION")
CAMERA_TAGS = {
    "make": ("com.apple.quicktime.make", "make", "\xa9mak", "com.android.manufacturer", "manufacturer"),
    "model": ("com.apple.quicktime.model", "model", "\xa9mod", "com.android.model"),
    "serial": (
        "serial",
        "serial_number",
        "device_id",
        "deviceid",
        "camera_id",
        "com.apple.quicktime.camera.identifier",
    ),
    "firmware": ("com.apple.quicktime.software", "firmware", "software", "\xa9swr", "com.android.version"),
}
_ISO_6709 = re.compile(r"^([+-]\d{2,6}(?:\.\d+)?)([+-]\d{3,7}(?:\.\d+)?)")


def clean(untrusted: Mapping[str, str]) -> dict[str, str]:
    """At most 64 tags without control or format characters, values cut at 300 characters, in order of name."""
    return {_plain(key)[:64]: _plain(untrusted[key]) for key in sorted(untrusted)[:MOST_TAGS]}


def _plain(untrusted: str) -> str:
    text = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in untrusted[: MOST_CHARACTERS + 1])
    text = text.strip()
    return text if len(text) <= MOST_CHARACTERS else text[:MOST_CHARACTERS] + "…"


def _find(tags: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    lower = {key.lower(): value for key, value in tags.items()}
    return next((lower[name.lower()] for name in names if lower.get(name.lower())), None)


@dataclass(frozen=True)
class CameraClock:
    """What the camera's clock said (ISO 8601 in UTC), in which field, and what is wrong with it."""

    moment: str | None = None
    source: str | None = None
    problem: str | None = None


def recorded_at(tags: Mapping[str, str]) -> CameraClock:
    """The camera's clock as it stood, never corrected.

    A time with an offset is preferred over ``creation_time`` (UTC by definition, ISO/IEC 14496-12, 8.2.2, though
    some cameras write local time there).
    """
    for name in ("com.apple.quicktime.creationdate", "creation_time", "date"):
        value = _find(tags, (name,))
        try:
            moment = dt.datetime.fromisoformat(value) if value else None
        except ValueError:
            continue
        if moment is None or moment.tzinfo is None:
            continue
        if moment.year in UNSET_YEARS:
            return CameraClock(problem=f"The clock of the camera was not set ({name} says {moment.year})")
        text = moment.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        return CameraClock(text, f"{name} in the container; the camera's own clock, not corrected")
    return CameraClock()


def location(tags: Mapping[str, str]) -> GeoPoint | None:
    """A place from an ISO 6709 field such as ``+47.3769+008.5417+400/``."""
    text = _find(tags, LOCATION_TAGS)
    match = _ISO_6709.match(text) if text else None
    if match is None:
        return None
    lat, lon = _degrees(match.group(1), 2), _degrees(match.group(2), 3)
    if abs(lat) > 90 or abs(lon) > 180:
        return None
    return GeoPoint(round(lat, 6), round(lon, 6))


def _degrees(text: str, whole: int) -> float:
    """Degrees from ``±DD.D``, ``±DDMM.M`` or ``±DDMMSS.S`` (``whole`` digits of degrees)."""
    sign = -1.0 if text[0] == "-" else 1.0
    digits, _, fraction = text[1:].partition(".")
    parts = [digits[:whole], digits[whole : whole + 2], digits[whole + 2 : whole + 4]]
    used = [part for part in parts if part]
    used[-1] += f".{fraction}" if fraction else ""
    return sign * sum(float(part) / float(60**power) for power, part in enumerate(used))


def camera(tags: Mapping[str, str]) -> dict[str, str]:
    """Make, model, serial number and firmware as far as the container names them."""
    found = {field: _find(tags, names) for field, names in CAMERA_TAGS.items()}
    return {field: value for field, value in found.items() if value}
