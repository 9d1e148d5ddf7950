"""Libraries with a recording that was analyzed by small stages, which take no time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bodyworn.bootstrap import Library
from bodyworn.domain.recording import Recording
from bodyworn.findings import plan
from tests.engine.fake_stages import FAST
from tests.media_makers import with_sound


@contextmanager
def with_quick_stages() -> Iterator[None]:
    """Libraries that are opened within it run small stages, in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plan, "STAGES", tuple(replace(stage, seconds=0.0) for stage in FAST))
        patch.setenv("BODYWORN_WORKERS", "0")
        yield


def analyzed(library: Library, folder: Path) -> Recording:
    """A recording made in ``folder``, ingested and analyzed."""
    recording = library.recordings.ingest(with_sound(folder / "clip.mp4"))
    library.findings.run(recording)
    return recording
