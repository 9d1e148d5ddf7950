"""Pitch, narrow band, strain and silences on sounds that are computed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bodyworn.domain.errors import StageError
from bodyworn.domain.span import Span
from bodyworn.findings.voices.measures import _powers, band_limited
from bodyworn.findings.voices.prosody import prosody
from bodyworn.findings.voices.silences import silences_of
from bodyworn.findings.voices.strain import Voice, VoiceSegment, strains_of, usual_voices
from bodyworn.findings.voices.wave_file import open_wave
from tests.media_makers import wav_numbers

RATE = 16_000


def buzz(pitch_hz: float, seconds: float, level: float = 0.1, brightness: float = 1.0) -> np.ndarray:
    """Harmonics up to 7 kHz that fall with ``brightness`` as exponent."""
    time = np.arange(int(seconds * RATE)) / RATE
    numbers = np.arange(1, int(7000 / pitch_hz))
    sound = sum(np.sin(2 * np.pi * n * pitch_hz * time + n) / n**brightness for n in numbers)
    scaled: np.ndarray = (level * sound / np.sqrt(np.mean(sound**2))).astype(np.float32)
    return scaled


def band(sound: np.ndarray, low: float, high: float) -> np.ndarray:
    spectrum = np.fft.rfft(sound)
    hertz = np.fft.rfftfreq(len(sound), 1 / RATE)
    return np.fft.irfft(np.where((hertz > low) & (hertz < high), spectrum, 0), len(sound)).astype(np.float32)


@pytest.mark.parametrize("hertz", [80.0, 123.0, 210.0, 440.0])
def test_pitch_of_a_voice_like_tone(hertz: float) -> None:
    found = prosody(buzz(hertz, 1.0))
    assert np.median(found.pitch_hz[5:-5]) == pytest.approx(hertz, rel=0.03)


def test_noise_and_silence_have_no_pitch() -> None:
    noise = np.random.default_rng(5).normal(0, 0.1, RATE).astype(np.float32)
    assert (prosody(noise).pitch_hz > 0).mean() < 0.1
    assert not prosody(np.zeros(RATE, np.float32)).pitch_hz.any()
    assert len(prosody(np.zeros(10, np.float32)).pitch_hz) == 0


def test_level_is_decibels_below_full_scale() -> None:
    assert np.median(prosody(buzz(150, 1.0, level=0.1)).level_db) == pytest.approx(-20, abs=0.5)


def test_only_a_voice_cut_at_both_ends_is_band_limited() -> None:
    noise = np.random.default_rng(6).normal(0, 1e-3, 4 * RATE).astype(np.float32)
    floor = np.median(_powers(noise), axis=0)
    voice = buzz(130, 4.0, brightness=0.7)
    spectrum = {
        "full": _powers(voice + noise).mean(axis=0),
        "radio": _powers(band(voice, 300, 3400) + noise).mean(axis=0),
        "high cut": _powers(band(voice, 0, 3400) + noise).mean(axis=0),
    }
    scores = {name: band_limited(powers, floor) for name, powers in spectrum.items()}
    assert scores["radio"] > 0.8
    assert scores["full"] < 0.2
    assert scores["high cut"] < 0.5


def test_a_radio_whose_upper_edge_is_filled_a_little_is_still_a_radio() -> None:
    hertz = np.arange(513) * RATE / 1024
    inside = (hertz >= 300) & (hertz < 3400)
    for upper_db, lower_db, radio in ((-15.0, -22.0, True), (-22.0, -2.0, False), (-9.0, -5.0, False)):
        voice = np.where(inside, 1.0, np.where(hertz < 300, 10 ** (lower_db / 10), 10 ** (upper_db / 10)))
        score = band_limited(voice.astype(np.float32), np.full(513, 1e-6, np.float32))
        assert (score > 0.5) == radio


def piece(number: int, speaker: str = "S1", **changes: float) -> VoiceSegment:
    figures = {"pitch_hz": 120.0, "level_db": -25.0, "tilt_db": -12.0, "shake_st": 0.3} | changes
    return VoiceSegment(Span(number * 4000, number * 4000 + 3000), speaker, Voice(**figures))


def test_shouting_is_raised_and_a_trembling_voice_strained() -> None:
    calm = [piece(n) for n in range(6)]
    shout = piece(6, level_db=-13.0, pitch_hz=180.0, tilt_db=-7.0)
    tremble = piece(7, pitch_hz=160.0, shake_st=0.9)
    usual = usual_voices([*calm, shout, tremble])
    found = strains_of([*calm, shout, tremble], usual)
    assert [(s.kind, s.piece.span.start_ms) for s in found] == [("raised_voice", 24_000), ("strained_voice", 28_000)]
    assert found[0].score > 0.8
    assert found[0].measures["louder_db"] == 12.0
    assert found[1].score <= 0.8


def test_level_alone_is_not_a_raised_voice() -> None:
    usual = usual_voices([piece(n) for n in range(6)])
    assert strains_of([piece(9, level_db=-15.0)], usual) == []


def test_an_octave_higher_is_taken_for_somebody_else() -> None:
    usual = usual_voices([piece(n) for n in range(6)])
    assert strains_of([piece(9, pitch_hz=240.0, level_db=-12.0)], usual) == []


def test_nothing_is_said_of_a_speaker_who_hardly_spoke() -> None:
    shout = piece(1, level_db=-10.0, pitch_hz=220.0)
    assert strains_of([piece(0), shout], usual_voices([piece(0), shout])) == []


def test_a_silent_pre_event_buffer_is_not_a_long_silence() -> None:
    spoken, unknown = [Span(40_000, 50_000), Span(70_000, 71_000)], [Span(0, 30_000)]
    assert silences_of(80_000, spoken, unknown, 15_000) == [Span(50_000, 70_000)]
    assert silences_of(80_000, spoken, [], 15_000) == [Span(0, 40_000), Span(50_000, 70_000)]
    assert silences_of(100_000, [], [Span(0, 95_000)], 15_000) == []


def test_wave_is_read_in_pieces_and_padded(tmp_path: Path) -> None:
    sound = open_wave(wav_numbers(tmp_path / "a.wav", np.arange(-8, 8)[:, None], RATE))
    assert len(sound) == 16
    assert (sound.read(-2, 4) * 32768).tolist() == [0, 0, -8, -7]
    assert (sound.read(14, 4) * 32768).tolist() == [6, 7, 0, 0]


def test_a_track_of_another_form_is_refused(tmp_path: Path) -> None:
    path = wav_numbers(tmp_path / "a.wav", np.zeros((16, 2)), RATE)
    with pytest.raises(StageError, match="not 16 kHz mono"):
        open_wave(path)
    path.write_bytes(b"nothing")
    with pytest.raises(StageError, match="cannot be read"):
        open_wave(path)
