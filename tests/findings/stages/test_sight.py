"""The stage as the engine runs it: in the sandbox, on files, with all its by-products."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bodyworn.domain.errors import InputError
from bodyworn.domain.finding import Unknown, UnknownState
from bodyworn.domain.media_facts import VideoStreamFacts
from bodyworn.domain.span import Span
from bodyworn.engine.stage import Artifact
from bodyworn.findings.artifacts.sight import SightArtifact
from bodyworn.findings.observers.observer import Observation, Report
from bodyworn.findings.stages import probe, sight
from bodyworn.media.video import Watched
from tests import media_makers as makers
from tests.findings.observers.test_observers import covered
from tests.findings.run_stages import run_stages
from tests.picture_makers import film, street

STAGES = (probe.STAGE, sight.STAGE)


def seen(source: Path, folder: Path) -> Artifact:
    return run_stages(source, folder, STAGES)["sight"]


def test_the_artifact_says_what_was_seen(tmp_path: Path) -> None:
    artifact = seen(film(tmp_path / "a.mp4", covered(40, 1_000, 90)), tmp_path / "run")
    content = artifact.content(SightArtifact)
    (finding,) = content.findings
    assert (finding.kind, finding.made_by) == ("lens_obscured", "sight@1")
    assert finding.span.start_ms == pytest.approx(4_000, abs=500)
    assert finding.span.end_ms == 9_000
    (unknown,) = content.unknown
    assert unknown.state is UnknownState.OBSCURED
    assert content.frames_seen == 90
    assert len(content.motion.magnitude) == len(content.luma.mean) == 18
    assert set(artifact.files) == {"thumbnails.jpg", "poster.jpg"}
    assert all(path.stat().st_size > 500 for path in artifact.files.values())


def test_the_same_file_gives_the_same_result(tmp_path: Path) -> None:
    source = film(tmp_path / "a.mkv", covered(30, 60, 80), codec="mpeg4")
    one, two = seen(source, tmp_path / "1"), seen(source, tmp_path / "2")
    assert json.dumps(one.data, sort_keys=True) == json.dumps(two.data, sort_keys=True)
    assert set(one.files) == {"thumbnails.jpg", "poster.jpg", "proxy.mp4"}
    for name, path in one.files.items():
        assert path.read_bytes() == two.files[name].read_bytes(), name


def test_damaged_footage_gives_the_same_result_every_time(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mp4", street(100), options={"preset": "veryfast", "g": "20", "bf": "2"})
    data = bytearray(path.read_bytes())
    middle = data.index(b"mdat") + len(data) // 2
    data[middle : middle + 4_000] = np.random.default_rng(8).integers(0, 256, 4_000, np.uint8).tobytes()
    path.write_bytes(bytes(data))
    one, two = (seen(path, tmp_path / name).content(SightArtifact) for name in ("1", "2"))
    assert one == two
    assert one.damaged_packets > 0
    assert UnknownState.VIDEO_DROPOUT in {entry.state for entry in one.unknown}


def test_a_proxy_only_where_the_browser_needs_one(tmp_path: Path) -> None:
    plays = seen(makers.with_sound(tmp_path / "a.mp4"), tmp_path / "1")
    not_played = seen(film(tmp_path / "b.avi", street(20), codec="mjpeg"), tmp_path / "2")
    assert "proxy.mp4" not in plays.files
    with av.open(str(not_played.files["proxy.mp4"])) as container:
        assert container.streams.video[0].codec_context.name == "h264"


@pytest.mark.parametrize(("setting", "plays", "made"), [("always", True, True), ("never", False, False)])
def test_the_proxy_setting_is_followed(setting: str, plays: bool, made: bool) -> None:
    stream = VideoStreamFacts(0, "h264", 640, 360, 0, "30", False, 90, "yuv420p", 0, 3_000, plays)
    assert sight.wants_proxy(sight.SightParams(setting), [stream]) is made


def test_another_proxy_setting_is_refused() -> None:
    with pytest.raises(ValueError, match="auto, always or never"):
        sight.SightParams("sometimes")


def test_ten_a_second_rotated_uneven_and_silent_footage(tmp_path: Path) -> None:
    sources = [
        makers.ten_fps(tmp_path / "ten.mp4"),
        makers.rotated(tmp_path / "rotated.mp4"),
        makers.variable_rate(tmp_path / "uneven.mp4"),
        makers.without_sound(tmp_path / "silent.mp4"),
    ]
    for source in sources:
        content = seen(source, tmp_path / source.stem).content(SightArtifact)
        assert content.frames_seen > 15, source
        assert content.thumbnails.count >= 1, source


def test_footage_that_ends_before_its_sound_is_a_dropout(tmp_path: Path) -> None:
    source = makers.movie(tmp_path / "a.mp4", 2.0, audio=[[makers.tone(6.0)]])
    entries = seen(source, tmp_path / "run").content(SightArtifact).unknown
    assert [(entry.state, entry.span.end_ms // 100) for entry in entries] == [(UnknownState.VIDEO_DROPOUT, 60)]


def test_sound_alone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        seen(makers.audio_only(tmp_path / "a.mp4"), tmp_path / "run")


STATES = (UnknownState.OBSCURED, UnknownState.NO_PICTURE, UnknownState.DARK)
SPANS = st.builds(lambda start, length: Span(start, start + length), st.integers(0, 9_000), st.integers(1, 6_000))


def watched(dropouts: tuple[Span, ...] = ()) -> Watched:
    return Watched(100, 0, 10_000, 10_000, 320, 180, 0, 0, dropouts)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(STATES), SPANS), max_size=8), st.lists(SPANS, max_size=3))
def test_every_moment_has_at_most_one_unknown_state(claims: list[tuple[UnknownState, Span]], holes: list[Span]) -> None:
    result = sight.settled(
        [Report(unknown=tuple(Unknown(state, span) for state, span in claims))], watched(tuple(holes))
    )
    for first, second in pairwise(result):
        assert first.span.end_ms <= second.span.start_ms
    for entry in result:
        sources = holes if entry.state is UnknownState.VIDEO_DROPOUT else [s for k, s in claims if k is entry.state]
        assert sum(entry.span.overlap_ms(span) for span in sources) >= entry.span.length_ms


def test_what_is_seen_through_a_cover_is_not_reported() -> None:
    cover = Observation("lens_obscured", Span(4_000, 9_000), 0.9)
    dark = Observation("darkness", Span(4_500, 9_000), 0.8)
    knock = Observation("camera_struck", Span(3_600, 4_000), 0.6)
    other = Observation("camera_struck", Span(1_000, 1_400), 0.6)
    reports = [Report((dark, knock, other)), Report((cover,), (Unknown(UnknownState.OBSCURED, cover.span),))]
    assert sight.kept(reports, sight.settled(reports, watched())) == [other, cover]
