"""A disguised voice: the words stay, the pitch and the voice go, wherever the sound is cut into pieces."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from bodyworn.domain.errors import InputError
from bodyworn.domain.redaction import Reason, SoundAction, SoundSpan
from bodyworn.domain.redaction_plan import Plan, PlanSource
from bodyworn.domain.span import Span
from bodyworn.findings.voices.embedding import load_embedder, log_mel
from bodyworn.media.footage import Clip
from bodyworn.media.render import render
from bodyworn.redactions.editing import PlanEdits, edited
from bodyworn.redactions.sound_masking import hiding
from bodyworn.redactions.speech import places_of, turns_of
from bodyworn.redactions.voice_disguise import CONTEXT, Disguise
from bodyworn.releases.withheld import withheld
from tests import media_makers as make
from tests.media.test_render import Nobody, heard

RATE = 16_000
SOURCE = PlanSource("ab" * 32, 160, 96, 3_000_000)


def word(text: str, start: int) -> dict[str, Any]:
    return {"text": text, "start_ms": start, "end_ms": start + 300, "confidence": 0.9}


def row(speaker: str, role: str, start: int, text: str) -> dict[str, Any]:
    words = [word(part, start + 350 * n) for n, part in enumerate(text.split())]
    end = words[-1]["end_ms"]
    return {"speaker": speaker, "role": role, "start_ms": start, "end_ms": end, "text": text, "words": words}


ROWS = [
    row("speaker-1", "officer", 1_000, "Where do you live?"),
    row("speaker-2", "community", 3_000, "On Maple Ridge Drive."),
    row("speaker-2", "community", 4_600, "Yes, Maple Ridge drive, sir."),
]


@pytest.fixture(scope="module")
def sentence(shared_media: Path) -> np.ndarray:
    with av.open(str(shared_media / "speech" / "spk1_snt1.wav")) as container:
        resampler = av.AudioResampler(format="fltp", layout="mono", rate=RATE)
        parts = [part.to_ndarray()[0] for frame in container.decode(audio=0) for part in resampler.resample(frame)]
    return np.concatenate(parts).astype(np.float32)


def buzz(hertz: float, seconds: float = 2.0) -> np.ndarray:
    t = np.arange(int(seconds * RATE)) / RATE
    return np.asarray(0.3 * np.tanh(8 * np.sin(2 * np.pi * hertz * t) - 6), np.float32)


def pitch(sound: np.ndarray) -> float:
    part = sound[RATE // 2 : RATE // 2 + 4096].astype(float)
    shares = np.fft.irfft(np.abs(np.fft.rfft(part, 8192)) ** 2)
    first = RATE // 400
    return RATE / (first + int(np.argmax(shares[first : RATE // 60])))


def test_every_voice_gets_the_same_pitch() -> None:
    assert pitch(buzz(180)) == pytest.approx(180, abs=4)
    for hertz in (95, 180, 230):
        assert pitch(Disguise()(buzz(hertz)[None], 0, RATE)[0]) == pytest.approx(125, abs=4)


def test_it_is_as_loud_as_before_and_silent_where_it_was(sentence: np.ndarray) -> None:
    quiet = np.concatenate([np.zeros(RATE, np.float32), sentence, np.zeros(RATE, np.float32)])
    strange = Disguise()(quiet[None], 0, RATE)[0]
    assert len(strange) == len(quiet)
    assert float(strange.std()) == pytest.approx(float(quiet.std()), rel=0.25)
    assert float(np.abs(strange[: RATE // 2]).max()) < 1e-4
    loud = [np.sqrt(np.convolve(sound**2, np.ones(800) / 800, "same"))[::800] for sound in (quiet, strange)]
    assert np.corrcoef(loud[0], loud[1])[0, 1] > 0.9


def test_the_voice_is_another_one(sentence: np.ndarray, shared_media: Path) -> None:
    embedder = load_embedder()

    def voice(sound: np.ndarray) -> np.ndarray:
        return np.asarray(embedder.run(log_mel(sound)[None])[0])

    half = len(sentence) // 2
    own = float(voice(sentence[:half]) @ voice(sentence[half:]))
    strange = Disguise()(sentence[None], 0, RATE)[0]
    assert own > 0.5
    assert float(voice(strange) @ voice(sentence)) < 0.35


def test_two_disguises_differ_and_nothing_of_the_sound_itself_is_left(sentence: np.ndarray) -> None:
    one, other = (Disguise()(sentence[None], 0, RATE)[0] for _ in range(2))
    assert not np.allclose(one, other, atol=0.01)
    assert abs(float(np.corrcoef(one, sentence)[0, 1])) < 0.2


@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100, 48_000])
def test_pieces_with_context_are_the_same_as_the_whole(rate: int) -> None:
    sound = np.random.default_rng(3).normal(0, 0.1, (2, 2 * rate)).astype(np.float32)
    disguise, around = Disguise(), round(CONTEXT * rate)
    whole = disguise(sound, 0, rate)
    first, last = rate // 3, rate
    piece = disguise(sound[:, first - around : last + around], first - around, rate)
    np.testing.assert_allclose(piece[:, around:-around], whole[:, first:last], atol=1e-5)


def test_only_the_span_is_disguised_and_muted_words_in_it_are_silent() -> None:
    voice = SoundSpan.of_ms("voice-1", 500, 1_500, SoundAction.DISGUISE, Reason.VOICE, "person:a")
    name = SoundSpan.of_ms("sound-1", 800, 900, SoundAction.MUTE, Reason.NAME, "person:a")
    edit = hiding([name, voice])
    assert edit is not None
    assert edit.context == CONTEXT
    sound = buzz(180)[None]
    after = edit(sound, Fraction(0), RATE)
    assert np.array_equal(after[:, : RATE * 49 // 100], sound[:, : RATE * 49 // 100])
    assert np.array_equal(after[:, RATE * 151 // 100 :], sound[:, RATE * 151 // 100 :])
    assert not after[:, RATE * 8 // 10 : RATE * 9 // 10].any()
    inside = slice(RATE * 95 // 100, RATE * 145 // 100)
    assert abs(np.corrcoef(after[0, inside], sound[0, inside])[0, 1]) < 0.3


def test_a_rendered_clip_keeps_its_sound_in_place(tmp_path: Path) -> None:
    sound = make.silence(3.0)
    sound[16_000:24_000] = buzz(180, 0.5)
    source = make.movie(tmp_path / "in.mp4", 3.0, audio=[[sound]])
    spans = [SoundSpan.of_ms("voice-1", 0, 3_000, SoundAction.DISGUISE, Reason.VOICE, "person:a")]
    render(source, tmp_path / "out.mp4", Nobody(), edit_sound=hiding(spans))
    before, after = heard(source), heard(tmp_path / "out.mp4")
    assert abs(len(before) - len(after)) < 2_100
    rate = round(len(before) / 3)
    loud = np.abs(after) > 0.02
    assert abs(int(np.argmax(loud)) - rate) < 0.03 * rate
    assert abs(int(np.flatnonzero(loud)[-1]) - 1.5 * rate) < 0.04 * rate
    cut = tmp_path / "cut.mp4"
    render(source, cut, Nobody(), clip=Clip(500_000, 2_000_000), edit_sound=hiding(spans))
    assert abs(int(np.argmax(np.abs(heard(cut)) > 0.02)) - rate / 2) < 0.03 * rate


def test_words_and_voices_are_picked_from_what_is_said() -> None:
    assert [span.start_ms < 3_350 < span.end_ms for span in places_of(ROWS, "maple RIDGE drive")] == [True, False]
    assert turns_of(ROWS, "community") == turns_of(ROWS, "speaker-2") == [Span(2_800, 6_500)]
    assert places_of(ROWS, "elsewhere") == []
    edits = PlanEdits(say=("maple ridge drive:pii.address", "sir"), disguise=("community",))
    plan = edited(Plan(SOURCE), edits, "person:a", ROWS)
    assert [(s.id, s.action, s.reason) for s in plan.sound] == [
        ("words-1", SoundAction.BLEEP, Reason.ADDRESS),
        ("words-2", SoundAction.BLEEP, Reason.ADDRESS),
        ("words-3", SoundAction.BLEEP, Reason.OTHER),
        ("voice-1", SoundAction.DISGUISE, Reason.VOICE),
    ]
    assert b"aple" not in plan.canonical()
    with pytest.raises(InputError, match="was not found in the transcript"):
        edited(plan, PlanEdits(say=("elsewhere",)), "person:a", ROWS)
    with pytest.raises(InputError, match="no speaker"):
        edited(plan, PlanEdits(disguise=("speaker-9",)), "person:a", ROWS)


def test_a_disguised_voice_is_withheld_but_its_words_are_not() -> None:
    plan = edited(Plan(SOURCE), PlanEdits(sound=("disguise:500-1500", "mute:800-900")), "person:a")
    found = withheld(plan, {})
    assert found.masked == (Span(800, 900),)
    assert [line.code for line in found.log] == ["identity.voice", "other"]
