"""Releases of a real library: a rendered clip, the request, and each act by an account of its own."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from bodyworn.bootstrap import open_library
from bodyworn.custody.certificates import Identity
from bodyworn.custody.manifest_signing import ManifestEdit
from bodyworn.domain.actor import Actor
from bodyworn.domain.release import LeakReport, Release, ReleaseRequest
from bodyworn.domain.span import Span
from bodyworn.releases.captions import turns_of
from bodyworn.releases.contents import PackageInputs
from bodyworn.releases.exemptions import Exemption
from bodyworn.releases.service import RenderedClip
from tests.media_makers import with_sound

NOW = dt.datetime.now(dt.UTC)
REQUEST = ReleaseRequest(
    agency="Pine County Sheriff",
    requester="A newspaper",
    request_date="2026-08-10",
    legal_authority="Records act § 1",
    title="Stop on County Road 4",
    caption="A deputy and a driver.",
    credit="Pine County Sheriff",
    still_ms=100,
)
UTTERANCES = turns_of(
    [
        {
            "role": "community",
            "start_ms": 100,
            "end_ms": 800,
            "text": "I am Zebulon",
            "words": [
                {"text": "I", "start_ms": 100, "end_ms": 200},
                {"text": "am", "start_ms": 200, "end_ms": 400},
                {"text": "Zebulon", "start_ms": 500, "end_ms": 800},
            ],
        }
    ]
)
INPUTS = PackageInputs(
    UTTERANCES,
    [Span(450, 850)],
    [Exemption("s1", Span(450, 850), "sound", "pii.name", "Records act § 7")],
    [ManifestEdit("s1", "sound", "pii.name", 0.45, 0.85)],
    lambda _clip, _ms: b"\xff\xd8still",
)


def account(name: str, stated_name: str = "") -> Actor:
    """An account of the operating system at one machine."""
    return Actor(f"os:{name}", "desk-1", "cli", stated_name=stated_name)


def make(
    folder: Path,
    clip: Path,
    leaks: int = 0,
    request: ReleaseRequest = REQUEST,
    again: Release | None = None,
    inputs: PackageInputs = INPUTS,
    to_look_at: tuple[str, ...] = (),
) -> Release:
    """A release of the only recording of the library in ``folder``, made by Ana."""
    with open_library(folder, actor=account("ana")) as library:
        rendered = RenderedClip(clip, b'{"plan":1}', 0, 1000, LeakReport(leaks), inputs, to_look_at)
        return library.releases.make(library.recordings.list()[0], rendered, request, again)


def approve(folder: Path, release: Release, who: str, stated_name: str = "") -> Release:
    """``who`` approves the release as it is now."""
    with open_library(folder, actor=account(who, stated_name)) as library:
        return library.releases.approve(library.releases.get(release.id))


def publish(folder: Path, release: Release, identity: Identity) -> Path:
    """The zip of the published release."""
    with open_library(folder, actor=account("ana")) as library:
        return library.releases.publish(library.releases.get(release.id), lambda: identity)


def published(folder: Path, identity: Identity) -> Path:
    """The package folder of a release of a new library in ``folder``."""
    library = folder / "library"
    with open_library(library, create=True, actor=account("ana")) as opened:
        opened.recordings.ingest(with_sound(folder / "footage.mp4", seconds=2.0))
    release = make(library, with_sound(folder / "rendered.mp4", seconds=1.0))
    approve(library, release, "bo")
    approve(library, release, "cy")
    return publish(library, release, identity).with_suffix("")
