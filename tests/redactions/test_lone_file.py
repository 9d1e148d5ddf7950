"""A file outside of any library is listened to in a library that vanishes, keeps to itself and copies nothing."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from bodyworn.bootstrap import hear, temporary_library
from bodyworn.domain.errors import InputError
from bodyworn.domain.progress import no_progress
from bodyworn.findings import plan as stages
from bodyworn.storage.objects.linked import LinkedObjects
from tests.media_makers import without_sound
from tests.redactions.plans import speech_stages, utterances


@pytest.fixture(autouse=True)
def small_stages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "STAGES", speech_stages(tmp_path / "tally"))
    monkeypatch.setenv("BODYWORN_WORKERS", "0")


def test_what_is_said_is_heard_and_nothing_is_left(tmp_path: Path, clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert list(hear(clip, None, no_progress)) == utterances()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.mp4", "tally"]


def test_a_file_is_linked_not_copied_and_stays_as_it_was(clip: Path) -> None:
    before = (clip.stat().st_mode, clip.stat().st_mtime_ns, clip.read_bytes())
    with temporary_library() as library:
        recording = library.recordings.ingest(clip)
        assert library.recordings.file_of(recording).samefile(clip)
        assert library.verify(no_progress).holds
    assert (clip.stat().st_mode, clip.stat().st_mtime_ns, clip.read_bytes()) == before


def test_it_uses_no_key_and_no_folder_that_the_environment_names(
    tmp_path: Path, clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BODYWORN_KEY_FILE", str(tmp_path / "agency.key"))
    monkeypatch.setenv("BODYWORN_CHECKPOINTS", str(tmp_path / "checkpoints"))
    monkeypatch.setenv("BODYWORN_LIBRARY", str(tmp_path / "library"))
    hear(clip, None, no_progress)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.mp4", "tally"]


def test_a_file_without_sound_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no sound"):
        hear(without_sound(tmp_path / "silent.mp4"), None, no_progress)


def test_the_same_file_is_linked_once(tmp_path: Path, clip: Path) -> None:
    objects = LinkedObjects(tmp_path / "objects")
    objects.create()
    first = objects.put(clip, lambda _done, _total: None)
    assert objects.put(clip, lambda _done, _total: None) == first
    assert objects.faults(first.sha256, lambda _done, _total: None) is None
    assert list(objects.all()) == [first.sha256]
