"""What stands beside the two recordings: the sidecars of their cameras and the dispatch center's records; all invented.

The dispatch center has closed the call as a citation although the deputy says that it is a warning: sources disagree.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from bodyworn.demo.second.script import FIRST_UNIT, SECOND_UNIT
from bodyworn.storage.files import write_whole

NUMBER = "26-031477"
_ZONE = timezone(timedelta(hours=-5))
_SIDECAR_MAPPING = """format = "json"

[fields]
device          = "header.device"
started_at      = "header.start"
dispatch_number = "header.event"
unit            = "header.unit"
lat             = "header.fix.lat"
lon             = "header.fix.lon"
person_{role} = "header.wearer"

[clock]
times = ["started_at"]
"""
_CALLS = f"""Incident,Received,Closed,Address,Units,Nature,Primary Officer,Disposition
26-031475,2026-03-14 19:12:40,2026-03-14 19:20:05,410 Mill Lane,207,NOISE,Deputy Ferris,ADV
{NUMBER},2026-03-14 19:31:46,2026-03-14 19:36:30,County Road 6 at the old mill,{FIRST_UNIT},SPD,Deputy Alder,CIT
26-031480,2026-03-14 19:44:02,2026-03-14 20:10:51,12 Harbor Street,202,WELF,Deputy Ferris,NRP
"""
_CALLS_MAPPING = """format = "csv"
system = "Fairwater County dispatch (invented)"
encoding = "utf-8"

[fields]
number     = "Incident"
started_at = "Received"
ended_at   = "Closed"
place      = "Address"
unit       = "Units"
reason     = "Nature"
outcome    = "Disposition"

[people]
officer = "Primary Officer"

[values.reason]
SPD = "speeding"
WELF = "welfare_check"
NOISE = "disturbance"

[values.outcome]
WRN = "warning"
CIT = "citation"
ADV = "none"
NRP = "none"

[clock]
times = ["started_at", "ended_at"]
zone = "America/Chicago"
"""


@dataclass(frozen=True)
class Papers:
    """The files by what they are; each sidecar has its mapping, as the roles of the wearers differ."""

    folder: Path

    @property
    def sidecars(self) -> tuple[tuple[Path, Path], tuple[Path, Path]]:
        """Sidecar and mapping of the first camera, and of the second."""
        first, second = ((f"{one}-camera.json", f"{one}-camera.toml") for one in ("first", "second"))
        return (self.folder / first[0], self.folder / first[1]), (self.folder / second[0], self.folder / second[1])

    @property
    def calls(self) -> tuple[Path, Path]:
        """The dispatch records and their mapping."""
        return self.folder / "dispatch.csv", self.folder / "dispatch.toml"

    @property
    def every(self) -> tuple[Path, ...]:
        """All of them."""
        first, second = self.sidecars
        return (*first, *second, *self.calls)


def write_papers(papers: Papers, first_at: datetime, second_at: datetime) -> None:
    """Write them; the times are those of the cameras' own clocks."""
    first, second = papers.sidecars
    _sidecar(first, first_at, FIRST_UNIT, ("officer", "Deputy Alder"), (38.5, -98.3))
    _sidecar(second, second_at, SECOND_UNIT, ("officer_2", "Deputy Brandt"), (38.50006, -98.30005))
    calls, mapping = papers.calls
    write_whole(calls, _CALLS)
    write_whole(mapping, _CALLS_MAPPING)


def _sidecar(
    paths: tuple[Path, Path], start: datetime, unit: str, wearer: tuple[str, str], place: tuple[float, float]
) -> None:
    header = {
        "device": f"SAMPLE-{unit}",
        "start": start.astimezone(_ZONE).isoformat(timespec="milliseconds"),
        "event": NUMBER,
        "unit": unit,
        "wearer": wearer[1],
        "fix": {"lat": place[0], "lon": place[1]},
    }
    write_whole(paths[0], json.dumps({"header": header}, indent=1) + "\n")
    write_whole(paths[1], _SIDECAR_MAPPING.format(role=wearer[0]))
