"""The transcript stage on real speech, and on sounds in which nobody speaks."""

from __future__ import annotations

import itertools
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bodyworn.domain.errors import ModelError
from bodyworn.engine.stage import Artifact
from bodyworn.findings.speech import transcribe
from bodyworn.findings.speech.model import model_folder
from bodyworn.findings.stages import audio, probe, speakers, transcript
from bodyworn.models import registry
from tests import media_makers as make
from tests import sounds, wording
from tests.findings.run_stages import run_stages


def transcribed(source: Path, folder: Path) -> Artifact:
    return run_stages(source, folder / "out", [probe.STAGE, audio.STAGE, speakers.STAGE, transcript.STAGE])[
        "transcript"
    ]


@pytest.fixture(scope="module")
def conversation(shared_media: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], Artifact]:
    """Four real sentences with silence between, 12 s before the third; what was said, and the transcript."""
    folder = tmp_path_factory.mktemp("conversation")
    said = json.loads((shared_media / "speech" / "transcripts.json").read_text())
    names = ["spk1_snt1", "spk1_snt4", "spk1_snt5", "spk2_snt2"]
    parts: list[np.ndarray] = [np.zeros(16_000)]
    for number, name in enumerate(names):
        parts += [
            np.zeros(12 * 16_000 if number == 2 else 8000),
            sounds.read_mono(shared_media / "speech" / f"{name}.wav"),
        ]
    source = sounds.write(folder / "a.wav", np.concatenate([*parts, np.zeros(32_000)]))
    return [word for name in names for word in wording.words(said[name])], transcribed(source, folder)


def heard(artifact: Artifact) -> list[str]:
    return wording.words(" ".join(segment["text"] for segment in artifact.data["segments"]))


def test_words_are_right(conversation: tuple[list[str], Artifact]) -> None:
    said, made = conversation
    assert wording.errors(said, heard(made)) <= 2


def test_words_lie_in_their_lines_in_order_and_where_speech_is(conversation: tuple[list[str], Artifact]) -> None:
    data = conversation[1].data
    words = [word for segment in data["segments"] for word in segment["words"]]
    assert all(a["end_ms"] <= b["start_ms"] for a, b in itertools.pairwise(words))
    for segment in data["segments"]:
        assert segment["start_ms"] == segment["words"][0]["start_ms"]
        assert segment["end_ms"] == segment["words"][-1]["end_ms"]
        assert segment["text"].split() == " ".join(word["text"] for word in segment["words"]).split()
        assert any(s["start_ms"] <= segment["start_ms"] and segment["end_ms"] <= s["end_ms"] for s in data["speech"])
    assert all(0 <= word["confidence"] <= 1 for word in words)


def test_nothing_is_written_into_the_long_silence(conversation: tuple[list[str], Artifact]) -> None:
    segments: list[dict[str, Any]] = list(conversation[1].data["segments"])
    pause = max(b["start_ms"] - a["end_ms"] for a, b in itertools.pairwise(segments))
    assert 11_000 < pause < 14_000


@pytest.fixture(scope="module")
def two_languages(shared_media: Path, tmp_path_factory: pytest.TempPathFactory) -> Artifact:
    """A real clip: two sentences in Spanish, two in English, one after the other by turns."""
    source = shared_media / "speech_es" / "azure_es-mx_en-us.flac"
    return transcribed(source, tmp_path_factory.mktemp("two-languages"))


def test_spanish_is_written_as_spanish_and_english_as_english(two_languages: Artifact) -> None:
    said = [(segment.get("language", "en"), segment["text"]) for segment in two_languages.data["segments"]]
    spanish = " ".join(text for language, text in said if language == "es")
    english = " ".join(text for language, text in said if language == "en")
    assert "abrió los ojos por la mañana" in spanish
    assert "una de las cosas extrañas de vivir" in spanish.lower()
    assert "looked at the key quite a long time" in english
    assert {language for language, _ in said} == {"es", "en"}


def test_spanish_is_told_as_not_searched_and_as_nothing_else(two_languages: Artifact) -> None:
    spans = [(u["start_ms"], u["end_ms"]) for u in two_languages.data["unknown"] if u["state"] == "not_searched"]
    assert [u["language"] for u in two_languages.data["unknown"]] == ["es", "es"]
    for segment in two_languages.data["segments"]:
        middle = (segment["start_ms"] + segment["end_ms"]) / 2
        inside = any(start <= middle < end for start, end in spans)
        assert inside == (segment.get("language") == "es")


@pytest.mark.parametrize("name", ["so762_096290020", "so762_010750094"])
def test_english_with_an_accent_stays_english(shared_media: Path, tmp_path: Path, name: str) -> None:
    """The two that the model takes for another language the most."""
    made = transcribed(shared_media / "speech_en" / f"{name}.opus", tmp_path)
    assert made.data["segments"]
    assert not any("language" in entry for entry in (*made.data["segments"], *made.data["unknown"]))


def test_same_sound_same_words(shared_media: Path, tmp_path: Path) -> None:
    source = shared_media / "diarization" / "dev00.wav"
    assert transcribed(source, tmp_path / "1").data == transcribed(source, tmp_path / "2").data


@pytest.mark.parametrize("kind", ["digital silence", "hiss", "loud hiss", "hum", "pulses"])
def test_no_words_where_nobody_speaks(tmp_path: Path, kind: str) -> None:
    t = np.arange(20 * 16_000) / 16_000
    sound = {
        "digital silence": make.silence(20),
        "hiss": make.hiss(20, 0.003),
        "loud hiss": make.hiss(20, 0.3),
        "hum": make.tone(20, 120, 0.2) + make.hiss(20, 0.001),
        "pulses": (np.sin(2 * np.pi * 3 * t) > 0.6) * make.hiss(20, 0.3),
    }[kind]
    made = transcribed(make.wav_pcm(tmp_path / "a.wav", [sound.astype(np.float32)]), tmp_path)
    assert made.data["segments"] == []


def test_speech_buried_in_noise_is_understood_or_unknown_never_missing(shared_media: Path, tmp_path: Path) -> None:
    speech = np.concatenate([sounds.read_mono(shared_media / "speech" / f"spk1_snt{n}.wav") for n in (1, 2, 3)])
    noisy = sounds.with_noise(speech, make.hiss(len(speech) / 16_000, 1.0).astype(np.float64), -3.0)
    made = transcribed(sounds.write(tmp_path / "a.wav", noisy), tmp_path)
    assert made.data["segments"] or made.data["unknown"]
    low = [segment for segment in made.data["segments"] if segment["confidence"] < 0.35]
    for segment in low:
        assert any(u["start_ms"] <= segment["start_ms"] < u["end_ms"] for u in made.data["unknown"])


def test_model_from_a_folder_and_one_that_is_not_there(tmp_path: Path) -> None:
    folder = tmp_path / "my-model"
    shutil.copytree(registry.locate("whisper-tiny.en").parent, folder)
    assert model_folder(str(folder)) == folder
    assert registry.digest_of(str(folder)) == registry.digest_of("whisper-tiny.en")
    (folder / "model.bin").unlink()
    for ask in (model_folder, registry.digest_of):
        with pytest.raises(ModelError, match="neither a known model"):
            ask(str(folder))


def test_threads_follow_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    assert transcribe.threads(0) == 1
    monkeypatch.delenv("OMP_NUM_THREADS")
    assert (transcribe.threads(0), transcribe.threads(3)) == (2, 3)
