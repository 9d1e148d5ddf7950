"""Fixtures that many tests share."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from bodyworn.bootstrap import Library
    from bodyworn.engine.stage import Stage

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def shared_media() -> Path:
    """Folder of real media beside the checkout; skips where it is absent."""
    folder = SHARED / "media"
    if not folder.is_dir():
        pytest.skip("real media are not beside the checkout (../shared/media)")
    return folder


@pytest.fixture(scope="session")
def shared_benchmark() -> Path:
    """Folder of labeled transcripts beside the checkout; skips where it is absent."""
    folder = SHARED / "benchmark"
    if not folder.is_dir():
        pytest.skip("labeled data are not beside the checkout (../shared/benchmark)")
    return folder


@pytest.fixture
def new_library(tmp_path: Path) -> Iterator[Callable[..., Library]]:
    """Opens a library in a folder of the test, with the stages given (small ones if none) and no worker processes."""
    from bodyworn import bootstrap
    from bodyworn.findings import plan
    from tests.engine.fake_stages import FAST

    with ExitStack() as stack:

        def opened(
            stages: Sequence[Stage] = FAST, *, workers: int = 0, name: str = "library", read_only: bool = False
        ) -> Library:
            monkeypatch = stack.enter_context(pytest.MonkeyPatch.context())
            monkeypatch.setattr(plan, "STAGES", tuple(stages))
            monkeypatch.setenv("BODYWORN_WORKERS", str(workers))
            library = bootstrap.open_library(tmp_path / name, create=not read_only, read_only=read_only)
            return stack.enter_context(library)

        yield opened


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """A two-second video with a tone."""
    from tests.media_makers import with_sound

    return with_sound(tmp_path / "clip.mp4")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 2 MB of its own; skips where the account may not mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    options = ["mount", "-t", "tmpfs", "-o", "size=2m,mode=0700", "tmpfs", str(folder)]
    if subprocess.run(options, capture_output=True).returncode != 0:
        pytest.skip("mounting a small disk needs the rights of root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
