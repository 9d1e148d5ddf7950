"""Recordings without pictures: planned, rendered and refused where a picture would be needed."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from bodyworn.bootstrap import temporary_library
from bodyworn.domain.errors import InputError
from bodyworn.domain.progress import Progress, no_progress
from bodyworn.domain.redaction import Clip, Reason, SoundAction, SoundSpan
from bodyworn.domain.redaction_plan import Plan
from bodyworn.media.opening import is_sound_only
from bodyworn.redactions import making, planning, rendering
from bodyworn.redactions.editing import PlanEdits
from bodyworn.redactions.rendering import RedactionRequest
from bodyworn.redactions.request import RequestForm
from bodyworn.redactions.source import LoneFile, TwoHearings
from tests.media_makers import SAMPLE_RATE, tone, wav_pcm, with_sound

MUTED = SoundSpan.of_ms("sound-1", 1_000, 1_500, SoundAction.MUTE, Reason.NAME, "os:ana")


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Three seconds of one tone."""
    return wav_pcm(tmp_path / "interview.wav", [tone(3.0)])


def samples(path: Path) -> np.ndarray:
    """The sound of a file, mixed down to its first channel."""
    with av.open(str(path)) as container:
        rate = container.streams.audio[0].codec_context.sample_rate
        assert rate == SAMPLE_RATE
        assert not container.streams.video
        resampler = av.AudioResampler(format="flt", layout="mono", rate=rate)
        parts = [out.to_ndarray()[0] for f in container.decode(audio=0) for out in resampler.resample(f)]
    return np.concatenate(parts)


def loud(sound: np.ndarray, start_ms: int, end_ms: int) -> float:
    """The greatest level between two times."""
    part = sound[start_ms * SAMPLE_RATE // 1000 : end_ms * SAMPLE_RATE // 1000]
    return float(np.abs(part).max())


@pytest.mark.parametrize("name", ["out.wav", "out.m4a", "out.mp4", "out.mkv"])
def test_what_is_to_be_hidden_is_gone_and_the_rest_is_heard(tmp_path: Path, recording: Path, name: str) -> None:
    done = rendering.redact(recording, tmp_path / name, RedactionRequest(sound=[MUTED]))
    assert (done.rendered.frames, done.rendered.width, done.plan.classes) == (0, 0, ())
    sound = samples(tmp_path / name)
    edge = 0 if name.endswith(".wav") else 70  # what a coder smears
    assert loud(sound, 1_000 + edge, 1_500 - edge) < 0.01
    assert loud(sound, 0, 900) > 0.2
    assert loud(sound, 1_600, 2_900) > 0.2


def test_a_part_is_cut_to_the_sample_and_the_plan_makes_the_same_file(tmp_path: Path, recording: Path) -> None:
    request = RedactionRequest(sound=[MUTED], clip=Clip(500_000, 2_000_000))
    done = rendering.redact(recording, tmp_path / "one.wav", request)
    sound = samples(tmp_path / "one.wav")
    assert len(sound) == 3 * SAMPLE_RATE // 2
    assert loud(sound, 500, 1_000) == 0
    again = rendering.render_plan(Plan.from_json(done.plan.to_json()), recording, tmp_path / "two.wav")
    assert again.target == done.target


def test_sound_that_nothing_changes_is_the_same_in_wave(tmp_path: Path, recording: Path) -> None:
    rendering.redact(recording, tmp_path / "out.wav", RedactionRequest())
    assert np.array_equal(samples(tmp_path / "out.wav"), samples(recording))


def said(path: Path, model: str | None, progress: Progress) -> TwoHearings:
    words = ["call", "me", "at", "nine", "one", "three", "five", "five", "five", "oh", "one", "four", "two"]
    timed = [
        {"text": text, "start_ms": 200 * n, "end_ms": 200 * n + 190, "confidence": 0.9} for n, text in enumerate(words)
    ]
    row = {"role": "community", "start_ms": 0, "end_ms": 2_600, "text": " ".join(words), "words": timed}
    return TwoHearings([row])


@pytest.mark.parametrize("classes", ["faces", "speech", "plates,speech"])
def test_speech_is_looked_for_whatever_classes_are_named(tmp_path: Path, recording: Path, classes: str) -> None:
    source = LoneFile(recording, said)
    done = making.redact(
        source,
        tmp_path / "out.wav",
        RequestForm(classes=classes),
        "os:ana",
        replace_target=False,
        progress=no_progress,
    )
    assert [span.reason for span in done.plan.sound] == [Reason.PHONE]
    assert making.propose(source, RequestForm(classes=classes), "os:ana", no_progress).digest == done.plan.digest


def test_what_needs_pictures_is_refused_in_one_sentence(tmp_path: Path, recording: Path) -> None:
    plan = planning.propose(recording, RedactionRequest(sound=[MUTED]))
    with pytest.raises(InputError, match="no pictures to show"):
        planning.preview(plan, recording, "sheet.png")
    with pytest.raises(InputError, match="no pictures to hide a region in"):
        making.propose(LoneFile(recording, said), RequestForm(hide=("1,1,5,5@0s-1s",)), "os:ana", no_progress)
    with pytest.raises(InputError, match="past the end"):
        rendering.redact(recording, tmp_path / "out.wav", RedactionRequest(clip=Clip(9_000_000)))
    assert not (tmp_path / "out.wav").exists()


def test_pictures_are_never_lost_in_a_file_of_sound(tmp_path: Path) -> None:
    clip = with_sound(tmp_path / "clip.mp4", seconds=1.0)
    assert not is_sound_only(clip)
    for name in ("out.wav", "out.m4a"):
        with pytest.raises(InputError, match="cannot be written as"):
            rendering.redact(clip, tmp_path / name, RedactionRequest())


def test_a_library_plans_edits_and_renders_it(tmp_path: Path, recording: Path) -> None:
    with temporary_library() as library:
        kept = library.recordings.ingest(recording)
        plan = tmp_path / "plan.json"
        plan.write_bytes(planning.propose(recording, RedactionRequest(sound=[MUTED])).canonical())
        one = library.redactions.import_plan(kept, plan)
        one = library.redactions.edit(one, PlanEdits(sound=("mute:2000-2500",)))
        library.redactions.render(one, tmp_path / "out.wav")
        assert library.verify(no_progress).holds
    sound = samples(tmp_path / "out.wav")
    assert loud(sound, 1_000, 1_500) == loud(sound, 2_000, 2_500) == 0
