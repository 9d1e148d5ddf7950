"""The second camera of the sample: what is true of it, and what the demo does with both."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import av
import numpy as np
import pytest

from bodyworn.bootstrap import Library
from bodyworn.cli.demo_screens import step_lines
from bodyworn.demo.encounter import DemoEncounter, Hearers, Step, put_together
from bodyworn.demo.sample import STARTED_AT, Sample
from bodyworn.demo.second.making import SecondCamera
from bodyworn.demo.second.papers import NUMBER, write_papers
from bodyworn.domain.encounter import JoinProposal, JoinReason
from bodyworn.domain.encounter_facts import FactKind
from bodyworn.domain.progress import no_progress
from bodyworn.domain.recording import Recording
from bodyworn.encounters.dispatch.records import ImportReport
from tests.encounters.test_alignment import RATE, babble, heard
from tests.media_makers import wav_pcm

#: The first to use the sample waits until it is made, which takes minutes where the machine has much else to do.
pytestmark = pytest.mark.timeout(900)
AHEAD = timedelta(milliseconds=7_300)
Told = tuple[list[ImportReport], list[JoinProposal]]


def test_the_second_recording_is_as_its_truth_says(sample_encounter: Sample) -> None:
    truth = json.loads(sample_encounter.second.truth.read_text("utf-8"))
    with av.open(str(sample_encounter.second.video)) as file:
        video = file.streams.video[0]
        assert (video.codec_context.name, video.width, video.height) == ("h264", 960, 540)
        assert (file.duration or 0) / 1000 == pytest.approx(truth["duration_ms"], abs=100)
        clock = STARTED_AT + timedelta(milliseconds=truth["starts_ms"]) + AHEAD
        assert file.metadata["creation_time"] == f"{clock:%Y-%m-%dT%H:%M:%S}.000000Z"
        sound = np.concatenate([frame.to_ndarray()[0] for frame in file.decode(audio=0)])
    own = np.concatenate([sound[one["start_ms"] * 24 : one["end_ms"] * 24] for one in truth["utterances"]])
    far = sound[20_000 * 24 :]
    assert 10 * np.log10((own**2).mean() / (far**2).mean()) > 8, "its wearer is near, the others are not"


def test_the_sidecars_say_the_cameras_own_clocks_and_one_number(sample_encounter: Sample) -> None:
    papers, truth = sample_encounter.second.papers, json.loads(sample_encounter.second.truth.read_text("utf-8"))
    first, second = (json.loads(sidecar.read_text())["header"] for sidecar, _ in papers.sidecars)
    assert first["event"] == second["event"] == NUMBER
    apart = datetime.fromisoformat(second["start"]) - datetime.fromisoformat(first["start"])
    assert apart == timedelta(milliseconds=truth["starts_ms"]) + AHEAD


@pytest.fixture
def made(tmp_path: Path) -> Sample:
    """A sample of two short sounds of one scene, with the papers of the real one."""
    scene, second = babble(24, 1), SecondCamera(tmp_path / "second", "0")
    second.folder.mkdir()
    sample = Sample(tmp_path / "first.wav", tmp_path / "first.json", second)
    wav_pcm(sample.video, [np.clip(heard(scene, 0, 18, 1), -1, 1)], RATE)
    wav_pcm(second.video, [np.clip(heard(scene, 6, 24, 2), -1, 1)], RATE)
    write_papers(second.papers, STARTED_AT, STARTED_AT + timedelta(seconds=6) + AHEAD)
    truth = {"starts_ms": 6_000, "sound_delay_ms": 23, "clock_ahead_ms": 7_300}
    second.truth.write_text(json.dumps(truth), "utf-8")
    return sample


@pytest.fixture
def pair(new_library: Callable[..., Library], made: Sample) -> tuple[Library, tuple[Recording, Recording]]:
    """Both in a library, each with its sidecar."""
    library = new_library()
    one, other = (
        library.recordings.ingest(video, sidecar=sidecar, mapping=mapping)
        for video, (sidecar, mapping) in zip((made.video, made.second.video), made.second.papers.sidecars, strict=True)
    )
    return library, (one, other)


def act(pair: tuple[Library, tuple[Recording, Recording]], made: Sample) -> tuple[DemoEncounter | None, Told]:
    """Let the demo act; the encounter, and what it told."""
    told: Told = ([], [])
    found = put_together(pair[0], made, pair[1], Hearers(told[0].append, told[1].append, no_progress))
    return found, told


def test_the_demo_joins_what_is_proposed_and_finds_how_wrong_the_clock_is(
    pair: tuple[Library, tuple[Recording, Recording]], made: Sample
) -> None:
    found, (imported, proposed) = act(pair, made)
    assert found is not None
    assert [(one.added, one.matched, one.quarantined_rows) for one in imported] == [(3, 1, 0)]
    reasons = {reason.kind for one in proposed for reason in one.reasons}
    assert reasons == {JoinReason.NUMBER, JoinReason.CLOCKS, JoinReason.PLACES}
    assert len(found.encounter.members) == 2
    assert found.step is not None
    assert abs(found.step.off_ms) <= 5
    assert found.step.found_ahead_ms == pytest.approx(7_300, abs=5)
    said = {(fact.kind, fact.value) for fact in found.sheet.facts}
    assert {(FactKind.OUTCOME, "citation"), (FactKind.REASON, "speeding"), (FactKind.UNIT, "219")} <= said


def test_a_second_time_nothing_is_proposed_joined_or_listened_to(
    pair: tuple[Library, tuple[Recording, Recording]], made: Sample
) -> None:
    first, _ = act(pair, made)
    before = [one.tag for one in pair[0].audit_log.newest(1000)]
    again, (imported, proposed) = act(pair, made)
    assert again == first
    assert (imported[0].added, proposed) == (0, [])
    after = [one.tag for one in pair[0].audit_log.newest(1000)]
    assert {tag for tag in after if after.count(tag) > before.count(tag)} <= {"encounters.imported"}


def test_what_a_person_parted_stays_apart(pair: tuple[Library, tuple[Recording, Recording]], made: Sample) -> None:
    found, _ = act(pair, made)
    assert found is not None
    pair[0].encounters.split(found.encounter, [pair[1][1].id], "two stops after all")
    assert act(pair, made)[0] is None


def test_the_step_is_told_beside_the_truth() -> None:
    sound, clocks = step_lines(Step(128_130, 135_410, 128_110, 23, 7_300))
    assert "began 128.130 s after the first. It was drawn to begin at 128.110 s: 20 ms late" in sound
    assert "its clock is 7.280 s ahead, as found by sound. It was made to be 7.300 s ahead." in clocks
    assert step_lines(None) == ["By sound it cannot be told when the second camera began; its clock stands."]
