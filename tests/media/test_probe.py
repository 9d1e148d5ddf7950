"""What a file says of itself, on real bytes of every ordinary and broken kind."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bodyworn.domain import errors
from bodyworn.domain.media_facts import GeoPoint
from bodyworn.media.probe import is_uneven, probe
from tests import media_makers as make


def test_plain_video_with_sound(tmp_path: Path) -> None:
    facts = probe(make.with_sound(tmp_path / "a.mp4"))
    assert facts.duration_ms == 2000
    assert facts.problems == ()
    (video,) = facts.video
    assert (video.codec, video.width, video.height, video.frames) == ("h264", 160, 96, 60)
    assert video.average_rate == "30"
    assert video.browser_plays
    assert not video.variable_rate
    (audio,) = facts.audio
    assert (audio.codec, audio.sample_rate, audio.channels) == ("aac", 16000, 1)


def test_video_without_sound_and_sound_without_video(tmp_path: Path) -> None:
    assert probe(make.without_sound(tmp_path / "v.mp4")).audio == ()
    assert probe(make.audio_only(tmp_path / "a.m4a")).video == ()


def test_two_tracks(tmp_path: Path) -> None:
    assert [s.index for s in probe(make.two_tracks(tmp_path / "a.mp4")).audio] == [1, 2]


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_rotation_is_clockwise_to_upright(tmp_path: Path, degrees: int) -> None:
    assert probe(make.rotated(tmp_path / "a.mp4", degrees)).video[0].rotation == degrees


def test_variable_rate(tmp_path: Path) -> None:
    assert probe(make.variable_rate(tmp_path / "v.mp4")).video[0].variable_rate
    steady = probe(make.ten_fps(tmp_path / "t.mp4")).video[0]
    assert not steady.variable_rate
    assert steady.average_rate == "10"


def test_one_odd_step_in_a_thousand_is_not_a_variable_rate() -> None:
    steps = [i / 30 for i in range(1000)]
    assert not is_uneven([*steps, steps[-1] + 1], 1 / 90_000)
    assert is_uneven([i / 30 + (0.02 if i % 3 else 0) for i in range(300)], 1 / 90_000)


def test_millisecond_time_stamps_are_not_a_variable_rate() -> None:
    assert not is_uneven([round(i * 1000 / 30) / 1000 for i in range(300)], 0.001)


def test_float_wav(tmp_path: Path) -> None:
    facts = probe(make.wav_float(tmp_path / "a.wav", [make.tone(1.0)]))
    assert facts.audio[0].codec == "pcm_f32le"
    assert facts.duration_ms == 1000


def test_clock_place_and_camera_from_the_container(tmp_path: Path) -> None:
    metadata = {
        "creation_time": "2024-05-06T07:08:09Z",
        "location": "+47.3769-008.5417/",
        "com.apple.quicktime.make": "Acme\x1b[31m",
    }
    facts = probe(make.movie(tmp_path / "a.mp4", metadata=metadata))
    assert facts.recorded_at == "2024-05-06T07:08:09Z"
    assert "creation_time" in str(facts.recorded_at_source)
    assert facts.location == GeoPoint(47.3769, -8.5417)
    assert facts.camera["make"] == "Acme [31m"
    assert not any("\x1b" in value for value in facts.tags.values())


def test_clock_that_was_never_set_is_a_problem_not_a_time(tmp_path: Path) -> None:
    facts = probe(make.movie(tmp_path / "a.mp4", metadata={"creation_time": "1970-01-01T00:00:10Z"}))
    assert facts.recorded_at is None
    assert any("clock" in problem for problem in facts.problems)


def test_sound_that_ends_early_or_starts_late_is_told(tmp_path: Path) -> None:
    early = probe(make.movie(tmp_path / "a.mp4", 5.0, audio=[[make.tone(2.0)]]))
    assert any("Sound ends 3" in problem for problem in early.problems)


def test_copy_cut_off_after_the_index_says_how_much_is_there(tmp_path: Path) -> None:
    facts = probe(make.cut_after_index(tmp_path / "a.mp4"))
    assert 2000 < facts.duration_ms < 5000
    assert any("cut off" in problem for problem in facts.problems)


def test_index_missing(tmp_path: Path) -> None:
    with pytest.raises(errors.DamagedMedia, match=r"moov.*copy was cut off.*from the camera"):
        probe(make.truncated(tmp_path / "a.mp4"))


@pytest.mark.parametrize("share", [0.02, 0.3, 0.7])
def test_cut_anywhere_is_refused_as_what_it_is(tmp_path: Path, share: float) -> None:
    path = make.with_sound(tmp_path / "a.mp4")
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(errors.DamagedMedia):
        probe(path)


def test_cut_in_the_last_bytes_of_the_index_is_told(tmp_path: Path) -> None:
    path = make.with_sound(tmp_path / "a.mp4")
    data = path.read_bytes()
    path.write_bytes(data[:-40])
    assert any("40 bytes too early" in problem for problem in probe(path).problems)


def test_text_named_mp4(tmp_path: Path) -> None:
    with pytest.raises(errors.NotMedia):
        probe(make.text_named_mp4(tmp_path / "a.mp4"))


def test_a_playlist_is_not_followed(tmp_path: Path) -> None:
    target = make.with_sound(tmp_path / "a.mp4")
    playlist = tmp_path / "b.mp4"
    playlist.write_text(f"ffconcat version 1.0\nfile '{target}'\n")
    with pytest.raises(errors.NotMedia):
        probe(playlist)


def test_zero_bytes_folder_missing_and_forbidden(tmp_path: Path) -> None:
    with pytest.raises(errors.EmptyInput):
        probe(make.empty(tmp_path / "a.mp4"))
    with pytest.raises(errors.UnreadableInput, match="folder"):
        probe(tmp_path)
    with pytest.raises(errors.UnreadableInput, match="no such file"):
        probe(tmp_path / "nothing.mp4")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_no_permission(tmp_path: Path) -> None:
    path = make.with_sound(tmp_path / "a.mp4")
    path.chmod(0)
    with pytest.raises(errors.UnreadableInput, match="permission"):
        probe(path)


def test_long_name_that_is_not_ascii(tmp_path: Path) -> None:
    path = make.with_sound(make.long_name(tmp_path))
    assert len(path.name.encode()) == 255
    assert probe(path).duration_ms == 2000


def test_name_that_is_not_utf8(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.mp4"))
    make.with_sound(tmp_path / "a.mp4").rename(path)
    assert probe(path).duration_ms == 2000


def test_name_that_looks_like_a_network_address(tmp_path: Path) -> None:
    path = tmp_path / "http:example.mp4"
    make.with_sound(tmp_path / "a.mp4").rename(path)
    assert probe(path).duration_ms == 2000


def test_damaged_matroska(tmp_path: Path) -> None:
    path = tmp_path / "a.mkv"
    path.write_bytes(b"\x1aE\xdf\xa3" + b"\x00" * 2000)
    with pytest.raises(errors.DamagedMedia, match="Matroska"):
        probe(path)


def test_matroska_and_transport_stream(tmp_path: Path) -> None:
    for name, plays in (("a.mkv", False), ("a.ts", False)):
        facts = probe(make.with_sound(tmp_path / name))
        assert abs(facts.duration_ms - 2000) < 120
        assert facts.video[0].browser_plays is plays
        assert facts.video[0].start_ms < 100


def test_real_first_person_clip(shared_media: Path) -> None:
    facts = probe(shared_media / "video" / "ego_kitchen_faces.mp4")
    assert (facts.video[0].width, facts.video[0].height) == (2560, 1920)
    assert facts.video[0].average_rate == "10"
