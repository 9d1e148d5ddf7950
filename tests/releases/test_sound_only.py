"""A recording of sound alone is planned, checked, approved, published and verified as one with pictures is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bodyworn.bootstrap import open_library
from bodyworn.custody.certificates import make_identity
from bodyworn.domain.errors import InputError
from bodyworn.domain.progress import no_progress
from bodyworn.domain.redaction import Clip, NeedsReview, Reason, SoundAction, SoundSpan
from bodyworn.domain.release import ReleaseState
from bodyworn.redactions import checking, planning, rendering
from bodyworn.redactions.rendering import RedactionRequest
from bodyworn.releases.making import make_from_redaction
from bodyworn.releases.standalone import verify as standalone
from bodyworn.releases.verification import verify
from tests.makers.releases import NOW, REQUEST, account, approve, make, publish
from tests.media_makers import hiss, tone, wav_pcm, with_sound

MUTED = SoundSpan.of_ms("sound-1", 1_000, 1_500, SoundAction.MUTE, Reason.NAME, "os:ana")
BLEEPED = SoundSpan.of_ms("sound-2", 2_000, 2_400, SoundAction.BLEEP, Reason.PHONE, "os:ana")
SHORT = SoundSpan.of_ms("sound-3", 2_600, 2_660, SoundAction.MUTE, Reason.NAME, "os:ana")
STRANGE = SoundSpan.of_ms("sound-4", 200, 800, SoundAction.DISGUISE, Reason.VOICE, "os:ana")


@pytest.fixture
def interview(tmp_path: Path) -> Path:
    """Three seconds of a tone and a hiss."""
    return wav_pcm(tmp_path / "interview.wav", [0.5 * tone(3.0) + 0.5 * hiss(3.0)])


@pytest.mark.parametrize(("suffix", "clip"), [(".wav", Clip()), (".mp4", Clip(700_000, 2_900_000))])
def test_hidden_sound_is_found_to_be_silent_or_the_tone_alone(
    tmp_path: Path, interview: Path, suffix: str, clip: Clip
) -> None:
    request = RedactionRequest(sound=[STRANGE, MUTED, BLEEPED, SHORT], clip=clip)
    done = rendering.redact(interview, tmp_path / f"out{suffix}", request)
    found = checking.check(tmp_path / f"out{suffix}", done.plan)
    assert (found.count, found.frames, found.checked_by) == (0, 0, ("silence where sound is hidden",))
    assert found.to_json()["sounds_heard"] == []


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ((), ["sound-1", "sound-2", "sound-3"]),
        ((MUTED, BLEEPED), ["sound-3"]),
        ((replace(MUTED, start_us=1_200_000), BLEEPED, SHORT), ["sound-1"]),
        ((MUTED, replace(BLEEPED, end_us=2_200_000), SHORT), ["sound-2"]),
        ((replace(MUTED, action=SoundAction.BLEEP), BLEEPED, SHORT), ["sound-1"]),
    ],
)
def test_what_is_still_heard_in_a_clip_is_found(
    tmp_path: Path, interview: Path, written: Sequence[SoundSpan], heard: list[str]
) -> None:
    rendering.redact(interview, tmp_path / "out.mp4", RedactionRequest(sound=written))
    plan = planning.propose(interview, RedactionRequest(sound=[MUTED, BLEEPED, SHORT]))
    found = checking.check(tmp_path / "out.mp4", plan)
    assert [sound.id for sound in found.sounds] == heard
    assert found.count == len(heard)


def test_a_release_of_sound_goes_all_the_way(tmp_path: Path, interview: Path) -> None:
    look = NeedsReview(1_000_000, 1_500_000, None, "a name may be said here")
    plan = replace(planning.propose(interview, RedactionRequest(sound=[MUTED, BLEEPED])), needs_review=(look,))
    (tmp_path / "plan.json").write_bytes(plan.canonical())
    folder = tmp_path / "library"
    with open_library(folder, create=True, actor=account("ana")) as library:
        recording = library.recordings.ingest(interview)
        redaction = library.redactions.import_plan(recording, tmp_path / "plan.json")
        assert library.redactions.view(redaction).plan == plan
        ways = (library.releases, library.redactions, library.findings)
        original = library.recordings.file_of(recording)
        with pytest.raises(InputError, match="no pictures to take a still from"):
            make_from_redaction(*ways, redaction, recording, original, REQUEST, progress=no_progress)
        terms = replace(REQUEST, still_ms=None)
        release = make_from_redaction(*ways, redaction, recording, original, terms, progress=no_progress)
        assert (release.state, release.render.leaks) == (ReleaseState.DRAFT, 0)
        assert library.releases.review_leaks(release, "heard, no name").state is ReleaseState.REVIEWED
    for who in ("bo", "cy"):
        release = approve(folder, release, who)
    identity = make_identity("Pine County Sheriff", NOW)
    package = publish(folder, release, identity)
    assert verify(package, identity.authority_pem).genuine
    told = standalone.verify(package, identity.authority_pem.encode())
    assert {answer["state"] for answer in told.values()} == {standalone.HOLDS}
    exemptions = (package.with_suffix("") / "exemptions.csv").read_text()
    assert exemptions.count("sound") >= 2
    with open_library(folder, actor=account("ana")) as library:
        assert library.verify(no_progress).holds


@pytest.mark.parametrize("name", ["footage.avi", "footage.mkv", "footage.ts", "footage.mp4"])
def test_an_original_of_any_container_is_sealed_into_the_release(tmp_path: Path, name: str) -> None:
    library = tmp_path / "library"
    with open_library(library, create=True, actor=account("ana")) as opened:
        opened.recordings.ingest(with_sound(tmp_path / name, seconds=1.0))
    release = make(library, with_sound(tmp_path / "rendered.mp4", seconds=1.0))
    for who in ("bo", "cy"):
        release = approve(library, release, who)
    identity = make_identity("Pine County Sheriff", dt.datetime.now(dt.UTC))
    assert verify(publish(library, release, identity), identity.authority_pem).genuine
