"""Taking in real bytes, good and bad. Bad input is refused before anything is changed."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from bodyworn.bootstrap import Library
from bodyworn.domain.errors import DamagedMedia, DiskFull, EmptyInput, InputError, NotFound, NotMedia, UnreadableInput
from bodyworn.domain.progress import no_progress
from bodyworn.recordings.service import media_files
from tests import media_makers as make


@pytest.fixture
def library(new_library: Callable[..., Library]) -> Library:
    return new_library()


def test_an_original_is_kept_as_it_came(library: Library, clip: Path) -> None:
    data, before = clip.read_bytes(), clip.stat()
    recording = library.recordings.ingest(clip)
    assert recording.sha256 == hashlib.sha256(data).hexdigest()
    assert recording.sha512 == hashlib.sha512(data).hexdigest()
    assert recording.size_bytes == len(data)
    assert recording.duration_ms == pytest.approx(2000, abs=150)
    stored = library.recordings.file_of(recording)
    assert stored.read_bytes() == data
    assert not stored.stat().st_mode & stat.S_IWUSR
    after = clip.stat()
    assert (after.st_mtime_ns, after.st_mode, after.st_size) == (before.st_mtime_ns, before.st_mode, before.st_size)


def test_the_same_bytes_are_the_same_recording_whatever_their_name(library: Library, clip: Path) -> None:
    first = library.recordings.ingest(clip)
    again = library.recordings.ingest(clip.rename(clip.with_name("renamed.mp4")))
    assert not first.again
    assert again.again
    assert again == first
    assert len(library.recordings.list()) == 1
    assert library.audit_log.newest(1)[0].tag == "recording.duplicate"


@pytest.mark.parametrize(
    ("name", "maker"),
    [
        ("two.mp4", make.two_tracks),
        ("turned.mp4", make.rotated),
        ("uneven.mp4", make.variable_rate),
        ("ten.mp4", make.ten_fps),
        ("sound.m4a", make.audio_only),
        ("silent.mp4", make.without_sound),
        ("float.wav", lambda path: make.wav_float(path, [make.tone(1.0)])),
        ("Streife Köln – наряд 警察 🚓.mp4", make.with_sound),
    ],
)
def test_every_kind_of_footage_is_taken_in(
    library: Library, tmp_path: Path, name: str, maker: Callable[..., Path]
) -> None:
    recording = library.recordings.ingest(maker(tmp_path / name))
    assert recording.name == name
    assert recording.facts["video"] or recording.facts["audio"]
    assert library.recordings.verify() == []


def test_a_name_of_255_bytes(library: Library, tmp_path: Path) -> None:
    path = make.with_sound(tmp_path / "short.mp4")
    path = path.rename(tmp_path / ("ü" * 125 + "x.mp4"))
    assert len(os.fsencode(path.name)) == 255
    assert library.recordings.ingest(path).name == path.name
    assert library.recordings.get(path.name).name == path.name


def test_a_name_that_would_play_with_the_terminal(library: Library, clip: Path) -> None:
    path = clip.rename(clip.with_name("a\x1b[2Jb\u202emp4.exe\n.mp4"))
    assert library.recordings.ingest(path).name == "a\ufffd[2Jb\ufffdmp4.exe\ufffd.mp4"


def unreadable(path: Path) -> Path:
    path.mkdir()
    return path


@pytest.mark.parametrize(
    ("maker", "error", "words"),
    [
        (make.empty, EmptyInput, "is empty"),
        (make.text_named_mp4, NotMedia, "neither video nor audio"),
        (make.truncated, DamagedMedia, "moov"),
        (unreadable, UnreadableInput, "folder"),
        (lambda path: path, UnreadableInput, "no such file"),
    ],
)
def test_what_cannot_be_used_is_refused_and_changes_nothing(
    library: Library, tmp_path: Path, maker: Callable[[Path], Path], error: type[InputError], words: str
) -> None:
    before = library.verify(no_progress, note=False).files
    with pytest.raises(error, match=words) as caught:
        library.recordings.ingest(maker(tmp_path / "bad.mp4"))
    assert caught.value.what.startswith("bad.mp4: ")
    assert library.recordings.list() == []
    verdict = library.verify(no_progress, note=False)
    assert (verdict.files, verdict.unreferenced) == (before, ())
    event = library.audit_log.newest(1)[0]
    assert (event.tag, event.outcome, event.detail["error"]) == ("recording.refused", "refused", error.__name__)


def test_a_full_disk_leaves_the_library_sound(
    new_library: Callable[..., Library], small_disk: Path, clip: Path
) -> None:
    library = new_library(name=str(small_disk / "library"))
    big = make.wav_pcm(clip.with_name("big.wav"), [make.hiss(90.0)])
    assert big.stat().st_size > 2_500_000
    with pytest.raises(DiskFull, match="no room is left"):
        library.recordings.ingest(big)
    assert library.recordings.list() == []
    assert library.verify(no_progress, note=False).unreferenced == ()
    small = make.wav_pcm(clip.with_name("small.wav"), [make.tone(1.0)])
    assert library.recordings.ingest(small).name == "small.wav"
    assert library.verify(no_progress, note=False).holds


def test_a_file_that_is_still_being_written_is_refused(library: Library, tmp_path: Path) -> None:
    path = make.wav_pcm(tmp_path / "growing.wav", [make.tone(1.0)])

    def grow(*_: object) -> None:
        if path.stat().st_size < 33_000:
            with path.open("ab") as file:
                file.write(b"\0" * 1000)

    with pytest.raises(UnreadableInput, match="changed while it was read"):
        library.recordings.ingest(path, progress=grow)
    assert library.recordings.list() == []


def test_recordings_are_found_by_what_people_have(library: Library, clip: Path) -> None:
    recording = library.recordings.ingest(clip)
    for text in (recording.id, recording.id[:9], recording.id[4:9], recording.sha256[:8], "clip.mp4"):
        assert library.recordings.get(text) == recording
    for text in ("rec_%", "nothing", "rec__"):
        with pytest.raises(NotFound):
            library.recordings.get(text)


def test_an_original_that_is_gone_is_named(library: Library, clip: Path) -> None:
    recording = library.recordings.ingest(clip)
    library.recordings.file_of(recording).unlink()
    (problem,) = library.recordings.verify()
    assert (problem.recording.id, problem.what) == (recording.id, "its original is missing from the store")
    assert library.audit_log.newest(1)[0].outcome == "failed"


def test_files_of_a_folder(tmp_path: Path) -> None:
    for name in ("b.mp4", "sub/a.wav", ".hidden"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    assert media_files(tmp_path) == [tmp_path / "b.mp4", tmp_path / "sub" / "a.wav"]
    assert media_files(tmp_path / "b.mp4") == [tmp_path / "b.mp4"]
