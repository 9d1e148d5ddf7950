"""The audio stage: one mono track, as loud as it was, and every kind of silence named rightly."""

from __future__ import annotations

import wave
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bodyworn.engine.stage import Artifact
from bodyworn.findings.stages import audio, probe
from tests import media_makers as make
from tests.findings.run_stages import run_stages
from tests.media.test_audio import with_hole


def heard(source: Path, folder: Path) -> Artifact:
    return run_stages(source, folder / "out", [probe.STAGE, audio.STAGE])["audio"]


def mono(artifact: Artifact) -> np.ndarray:
    with wave.open(str(artifact.files["mono16k.wav"])) as reader:
        assert (reader.getframerate(), reader.getnchannels(), reader.getsampwidth()) == (16_000, 1, 2)
        return np.frombuffer(reader.readframes(reader.getnframes()), "<i2").astype(float) / 32768


def states(artifact: Artifact) -> list[tuple[str, int, int]]:
    return [(u["state"], u["start_ms"], u["end_ms"]) for u in artifact.data["unknown"]]


def wav(folder: Path, *parts: Any) -> Path:
    return make.wav_pcm(folder / "a.wav", [np.concatenate(parts)])


def rms(sound: np.ndarray) -> float:
    return float(np.sqrt((sound**2).mean()))


def test_length_is_the_recording_s(tmp_path: Path) -> None:
    made = heard(make.movie(tmp_path / "a.mp4", 4.0, audio=[[make.tone(3.5)]]), tmp_path)
    assert len(mono(made)) == made.data["duration_ms"] * 16
    assert states(made) == []


def test_silent_second_track_does_not_halve_the_level(tmp_path: Path) -> None:
    made = heard(make.silent_second_track(tmp_path / "a.mp4"), tmp_path)
    assert rms(mono(made)[8000:40_000]) == pytest.approx(0.3 / np.sqrt(2), rel=0.05)
    assert not made.data["channels_differ"]
    assert [s["silent_channels"] for s in made.data["streams"]] == [[], [0]]


def test_two_different_tracks_are_both_heard_and_kept_apart(tmp_path: Path) -> None:
    made = heard(make.two_tracks(tmp_path / "a.mp4"), tmp_path)
    spectrum = np.abs(np.fft.rfft(mono(made)[8000:24_000]))
    assert set(np.argsort(spectrum)[-2:]) == {440, 1000}
    assert made.data["channels_differ"]
    assert set(made.files) == {"mono16k.wav", "channel-1-0.wav", "channel-2-0.wav"}


def test_the_same_sound_twice_at_other_gain_is_one_sound(tmp_path: Path) -> None:
    sound = make.hiss(2.0, 0.2)
    made = heard(make.wav_pcm(tmp_path / "a.wav", [sound, -0.3 * sound]), tmp_path)
    assert not made.data["channels_differ"]
    assert rms(mono(made)) == pytest.approx(0.2, rel=0.05)


def test_loud_different_channels_do_not_clip(tmp_path: Path) -> None:
    made = heard(make.wav_pcm(tmp_path / "a.wav", [make.tone(1, 300, 0.9), make.tone(1, 310, 0.9)]), tmp_path)
    sound = mono(made)
    assert 0.9 < np.abs(sound).max() < 0.999


def test_lead_in_is_the_pre_event_buffer_even_with_codec_residue(tmp_path: Path) -> None:
    residue = np.random.default_rng(1).integers(-2, 3, 16_000 * 4) / 32768
    residue[40_000:40_200] = 50 / 32768
    made = heard(wav(tmp_path, residue.astype(np.float32), make.hiss(4.0)), tmp_path)
    assert states(made) == [("pre_event_buffer", 0, 4000)]
    assert made.data["lead_in_ms"] == 4000


def test_lead_in_through_a_lossy_codec(tmp_path: Path) -> None:
    track = np.concatenate([make.silence(3.0), make.hiss(3.0)])
    made = heard(make.movie(tmp_path / "a.mp4", 6.0, audio=[[track]]), tmp_path)
    ((state, start, end),) = states(made)
    assert (state, start) == ("pre_event_buffer", 0)
    assert abs(end - 3000) <= 100


def test_sound_track_that_begins_late_is_a_pre_event_buffer(tmp_path: Path) -> None:
    source = make.movie(tmp_path / "a.mkv", 6.0, audio=[[make.hiss(3.0)]], audio_start=Fraction(3))
    ((state, start, end),) = states(heard(source, tmp_path))
    assert (state, start) == ("pre_event_buffer", 0)
    assert abs(end - 3000) <= 100


def test_quiet_room_is_not_digital_silence(tmp_path: Path) -> None:
    made = heard(wav(tmp_path, make.hiss(4.0, level=8 / 32768), make.hiss(2.0)), tmp_path)
    assert states(made) == []


def test_short_lead_in_is_none(tmp_path: Path) -> None:
    assert states(heard(wav(tmp_path, make.silence(0.6), make.hiss(2.0)), tmp_path)) == []


def test_muted_in_the_middle_has_abrupt_edges(tmp_path: Path) -> None:
    made = heard(wav(tmp_path, make.hiss(3.0), make.silence(3.0), make.hiss(3.0)), tmp_path)
    assert states(made) == [("muted", 3000, 6000)]


def test_short_digital_silence_is_not_muting(tmp_path: Path) -> None:
    assert states(heard(wav(tmp_path, make.hiss(3.0), make.silence(1.8), make.hiss(3.0)), tmp_path)) == []


def test_noise_gate_that_fades_is_not_muting(tmp_path: Path) -> None:
    fade = np.linspace(1, 0, 16_000, dtype=np.float32) ** 6
    parts = (make.hiss(2.0), make.hiss(1.0, seed=1) * fade, make.silence(3.0), make.hiss(1.0, seed=2) * fade[::-1])
    assert states(heard(wav(tmp_path, *parts, make.hiss(1.0)), tmp_path)) == []


def test_missing_packets_are_a_dropout_not_muting(tmp_path: Path) -> None:
    ((state, start, end),) = states(heard(with_hole(tmp_path / "a.mkv"), tmp_path))
    assert state == "audio_dropout"
    assert abs(start - 2000) < 150
    assert abs(end - 4000) < 150


def test_sound_that_ends_early_is_a_dropout(tmp_path: Path) -> None:
    made = heard(make.movie(tmp_path / "a.mp4", 6.0, audio=[[make.hiss(3.0)]]), tmp_path)
    ((state, start, end),) = states(made)
    assert (state, end) == ("audio_dropout", 6000)
    assert abs(start - 3000) < 100


def test_silence_from_end_to_end_is_no_audio(tmp_path: Path) -> None:
    made = heard(wav(tmp_path, make.silence(5.0)), tmp_path)
    assert states(made) == [("no_audio", 0, 5000)]
    assert made.data["lead_in_ms"] == 0


def test_level_and_peaks(tmp_path: Path) -> None:
    made = heard(wav(tmp_path, make.silence(1.0), make.tone(1.0, level=0.5), make.hiss(0.5)), tmp_path)
    level, peaks = made.data["level"], made.data["peaks"]
    assert len(level["rms_db"]) == 25
    assert level["rms_db"][5] == -96.0
    assert level["rms_db"][15] == pytest.approx(-9.0, abs=0.1)
    assert len(peaks["min"]) == len(peaks["max"]) == 50
    assert (peaks["min"][30], peaks["max"][30]) == (-64, 64)


def test_same_bytes_same_artefact(tmp_path: Path) -> None:
    source = make.two_tracks(tmp_path / "a.mp4")
    one, two = heard(source, tmp_path / "1"), heard(source, tmp_path / "2")
    assert one.data == two.data
    assert one.files["mono16k.wav"].read_bytes() == two.files["mono16k.wav"].read_bytes()
