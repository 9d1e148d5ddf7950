"""Publishing on a bad day: no room, no permission, a kill. Nothing is half-written, and the next try completes."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bodyworn.bootstrap import open_library
from bodyworn.custody.certificates import make_identity, save_identity
from bodyworn.domain.progress import no_progress
from bodyworn.releases.verification import verify
from tests.makers.releases import NOW, account, approve, make
from tests.media_makers import with_sound


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a library whose only release is approved, and the agency's keys."""
    folder = tmp_path_factory.mktemp("ready")
    with open_library(folder / "library", create=True, actor=account("ana")) as library:
        library.recordings.ingest(with_sound(folder / "footage.mp4", seconds=2.0))
    release = make(folder / "library", with_sound(folder / "rendered.mp4", seconds=1.0))
    for who in ("bo", "cy"):
        approve(folder / "library", release, who)
    save_identity(make_identity("Pine County Sheriff", NOW), folder / "config" / "signing", None)
    return folder


@pytest.fixture
def place(ready: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(ready, tmp_path / "place"))


def start(place: Path, *words: str, command: str = "publish", most_bytes: int | None = None) -> subprocess.Popen[str]:
    def limited() -> None:
        if most_bytes is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))

    places = {"BODYWORN_CONFIG": str(place / "config"), "BODYWORN_LIBRARY": str(place / "library")}
    places["PYTHONDONTWRITEBYTECODE"] = "1"  # before 3.13 Python keeps a compiled module that a limit broke off
    return subprocess.Popen(
        [sys.executable, "-m", "bodyworn", "releases", command, "rel_", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=place,
        env={**os.environ, **places},
        preexec_fn=limited,
    )


def completes(place: Path) -> None:
    """The same command again publishes, and all holds."""
    again = start(place)
    out, err = again.communicate(timeout=120)
    assert again.returncode == 0, err
    assert verify(Path(out.strip()), (place / "config" / "signing" / "authority.pem").read_text()).genuine
    with open_library(place / "library", actor=account("ana")) as library:
        assert library.verify(no_progress).holds


def whole_or_not_there(place: Path) -> None:
    """Nothing stands under a final name that is not whole."""
    packages = place / "library" / "releases"
    if packages.is_dir():
        trusted = (place / "config" / "signing" / "authority.pem").read_text()
        for packed in packages.glob("rel_*.zip"):
            assert verify(packed, trusted).genuine


@pytest.mark.parametrize("kilobytes", [1, 40, 110])
def test_no_room_at_any_step_is_one_sentence_and_the_same_command_completes(kilobytes: int, place: Path) -> None:
    full = start(place, most_bytes=kilobytes << 10)
    _, err = full.communicate(timeout=120)
    assert full.returncode == 3, err
    assert "no room is left" in err
    assert "Traceback" not in err
    whole_or_not_there(place)
    completes(place)


def test_no_room_for_the_copy_leaves_no_half_of_it(place: Path) -> None:
    completes(place)
    packed = next((place / "library" / "releases").glob("rel_*.zip"))
    most = packed.stat().st_size - 2000
    full = start(place, "--out", "out", most_bytes=most)
    _, err = full.communicate(timeout=120)
    assert full.returncode == 3, err
    assert "Traceback" not in err
    assert list((place / "out").glob("*")) == [] if (place / "out").is_dir() else True
    again = start(place, "--out", "out")
    assert again.wait(120) == 0
    assert verify(place / "out" / packed.name, (place / "config/signing/authority.pem").read_text()).genuine


def test_no_room_to_look_at_what_will_leave_leaves_no_part_of_it(place: Path) -> None:
    full = start(place, "--out", "look", command="view", most_bytes=10 << 10)
    _, err = full.communicate(timeout=120)
    assert full.returncode == 3, err
    assert "no room is left" in err
    assert not (place / "look").exists()
    assert start(place, "--out", "look", command="view").wait(120) == 0
    assert (place / "look" / "clip.mp4").is_file()


def test_a_folder_that_takes_no_copy_is_one_sentence(place: Path) -> None:
    (place / "out").write_text("a file")
    refused = start(place, "--out", "out")
    _, err = refused.communicate(timeout=120)
    assert refused.returncode == 2, err
    assert "cannot be written in out" in err


@pytest.mark.parametrize(("how", "part"), [(signal.SIGTERM, 0.6), (signal.SIGINT, 0.6), (signal.SIGKILL, 0.9)])
def test_a_publication_that_is_stopped_is_completed_by_the_same_command(
    how: signal.Signals, part: float, place: Path
) -> None:
    process = start(place)
    try:
        process.communicate(timeout=1.6 * part)
    except subprocess.TimeoutExpired:
        process.send_signal(how)
        _, err = process.communicate(timeout=60)
        assert "Traceback" not in err
    whole_or_not_there(place)
    completes(place)
