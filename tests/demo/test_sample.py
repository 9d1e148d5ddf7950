from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from bodyworn.demo import sample as making
from bodyworn.demo.sample import Sample, make_sample, sample_key
from bodyworn.demo.script import PRE_EVENT_BUFFER_MS, SCRIPT
from bodyworn.demo.second.making import SecondCamera
from bodyworn.demo.soundtrack import _lay_out
from bodyworn.domain.errors import DiskFull

#: The first to use the sample waits until it is made, which takes minutes where the machine has much else to do.
pytestmark = pytest.mark.timeout(900)


def test_lines_follow_each_other_and_embrace_lies_at_three_quarters() -> None:
    said, crying, duration_ms = _lay_out([3_000] * len(SCRIPT))
    assert said[0].start_ms >= PRE_EVENT_BUFFER_MS
    assert all(before.end_ms <= after.start_ms for before, after in pairwise(said))
    assert all(not (start < one.end_ms and end > one.start_ms) for start, end in crying for one in said)
    assert duration_ms > said[-1].end_ms


def test_the_sample_is_as_its_truth_says(sample_encounter: Sample) -> None:
    truth = json.loads(sample_encounter.truth.read_text("utf-8"))
    with av.open(str(sample_encounter.video)) as file:
        assert file.metadata["creation_time"] == "2026-03-15T00:31:10.000000Z"
        assert file.metadata["location"] == "+38.5000-098.3000/"
        assert (file.duration or 0) / 1000 == pytest.approx(truth["duration_ms"], abs=100)
        video = file.streams.video[0]
        assert (video.codec_context.name, video.width, video.height) == ("h264", 1280, 720)
        assert video.frames == pytest.approx(truth["duration_ms"] * 24 / 1000, abs=2)
        sound = np.concatenate([frame.to_ndarray()[0] for frame in file.decode(audio=0)])
    assert not sound[: 24_000 * 29_900 // 1000].any(), "nothing at all is heard in the pre-event buffer"
    assert np.flatnonzero(np.abs(sound) > 1e-4)[0] / 24 == pytest.approx(PRE_EVENT_BUFFER_MS, abs=100)
    assert 180_000 <= truth["duration_ms"] <= 240_000
    assert 0.7 < truth["lens_obscured"]["start_ms"] / truth["duration_ms"] < 0.8
    assert truth["lens_obscured"]["end_ms"] == truth["duration_ms"]


def test_officer_is_near_and_driver_farther(sample_encounter: Sample) -> None:
    truth = json.loads(sample_encounter.truth.read_text("utf-8"))
    with av.open(str(sample_encounter.video)) as file:
        sound = np.concatenate([frame.to_ndarray()[0] for frame in file.decode(audio=0)])
    loud: dict[str, list[float]] = {}
    for one in truth["utterances"]:
        if one["end_ms"] < truth["lens_obscured"]["start_ms"]:
            part = sound[one["start_ms"] * 24 : one["end_ms"] * 24]
            loud.setdefault(one["role"], []).append(10 * np.log10((part**2).mean()))
    assert np.mean(loud["officer"]) - np.mean(loud["community"]) > 7


def test_the_quoted_words_are_in_it(sample_encounter: Sample) -> None:
    truth = json.loads(sample_encounter.truth.read_text("utf-8"))
    quoted = {one["text"]: one["role"] for one in truth["utterances"] if one["quoted"]}
    assert quoted == {
        "Can I have a hug? I need a hug. Can I have a hug, please?": "community",
        "Sure. Sure. Yeah.": "officer",
        "No, you're good, man. I promise you, it's going to get better.": "officer",
    }


def test_what_is_made_already_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("made again")

    monkeypatch.setattr(making, "_make", fail)
    key = sample_key()
    second = SecondCamera(tmp_path / f"second-camera-{key}", key)
    second.folder.mkdir()
    names = [tmp_path / f"sample-encounter-{key}.{suffix}" for suffix in ("mp4", "json")]
    for path in (*names, second.video, second.truth, *second.papers.every):
        path.write_bytes(b"x")
    told: list[str] = []
    made = make_sample(tmp_path, lambda done, total, what: told.append(what))
    assert made.video.read_bytes() == b"x"
    assert told == ["The sample encounter is there already"]


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sample of two seconds that says nothing."""
    from bodyworn.demo import soundtrack

    quiet = soundtrack.Soundtrack(np.zeros(48_000, np.float32), (), (), 500, {"at_window": 100, "steps_out": 200})
    monkeypatch.setattr(soundtrack, "record", lambda progress: quiet)


@pytest.mark.usefixtures("short")
def test_an_interrupted_sample_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bodyworn.media import clip

    def broken(path: Path, *_: object, **__: object) -> None:
        path.write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(clip, "write_clip", broken)
    with pytest.raises(KeyboardInterrupt):
        make_sample(tmp_path, lambda *_: None)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("short")
def test_a_full_disk_is_named_and_leaves_nothing_behind(small_disk: Path) -> None:
    (small_disk / "else").write_bytes(bytes(2 * 1024 * 1024 - 40 * 1024))
    with pytest.raises(DiskFull):
        make_sample(small_disk, lambda *_: None)
    assert [path.name for path in small_disk.iterdir()] == ["else"]
