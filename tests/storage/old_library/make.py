# mypy: ignore-errors
"""How ``library-46c0803.zip`` was made: with the code of commit 46c0803, not with the code beside this file.

::

    git worktree add ../old 46c0803
    cd ../old && PYTHONPATH=src:. python THIS_FILE OUT.zip

A two-second recording with a sidecar, all findings, a corrected role, a release that is approved once, and a checkpoint
after each. It lies in the repository so that a library of then is opened, migrated and verified for ever.
"""

from __future__ import annotations

import json
import platform
import sys
import tempfile
import zipfile
from pathlib import Path

from tests.media_makers import with_sound

from bodyworn import bootstrap
from bodyworn.releases.service import Rendered, Terms

MAPPING = 'format = "json"\n[fields]\ndevice = "device.serial"\n'


def make(folder: Path) -> None:
    """The library in ``folder / "library"``."""
    clip = with_sound(folder / "stop-on-county-road-4.mp4")
    (folder / "camera.json").write_text(json.dumps({"device": {"serial": "X100"}}))
    (folder / "mapping.toml").write_text(MAPPING)
    place = folder / "library"
    with bootstrap.open_library(place, create=True, actor="os:ana") as library:
        recording = library.recordings.take_in(clip, sidecar=folder / "camera.json", mapping=folder / "mapping.toml")
        library.findings.run(recording, role_of_wearer="officer_2")
    with bootstrap.open_library(place, actor="os:ana") as library:
        recording = library.recordings.list()[0]
        library.recordings.viewed(recording, "findings")
        rendered = Rendered(clip, b'{"plan":1}', 0, 1000, {"count": 0})
        terms = Terms("Pine County Sheriff", "A newspaper", "2026-08-10", "Records act § 1", "Stop", "A stop.", "PCS")
        release = library.releases.make(recording, rendered, terms)
    with bootstrap.open_library(place, actor="os:bo") as library:
        library.releases.approve(library.releases.get(release.id), "seen")
        assert library.verify(lambda *_: None).holds


def main() -> None:
    """Make it and pack it."""
    platform.node = lambda: "station-1"
    with tempfile.TemporaryDirectory() as name:
        make(Path(name))
        files = sorted(path for path in (Path(name) / "library").rglob("*") if path.is_file())
        with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
            for path in files:
                packed.write(path, path.relative_to(name))


if __name__ == "__main__":
    main()
