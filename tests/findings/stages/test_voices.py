"""The stages speakers, utterances and sound on real and on computed sound, as the engine runs them."""

from __future__ import annotations

import json
import wave
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bodyworn.domain.finding import Unknown, UnknownState
from bodyworn.domain.progress import no_progress
from bodyworn.domain.span import Span
from bodyworn.engine.stage import Artifact, Inputs
from bodyworn.findings.artifacts.sound import SoundArtifact
from bodyworn.findings.stages import sound, speakers, utterances
from tests import sounds
from tests.findings import contents

RATE = 16_000


def write(samples: np.ndarray, path: Path) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return path


def run(stage: Any, made: dict[str, Artifact], folder: Path, **params: Any) -> Artifact:
    read = {name: made[name] for name in stage.reads}
    made_by_stage: Artifact = stage.run(
        Inputs(folder / "none", read, {**stage.defaults, **params}, folder), no_progress
    )
    return made_by_stage


def audio_of(samples: np.ndarray, folder: Path, unknown: Sequence[Unknown] = ()) -> Artifact:
    files = {"mono16k.wav": write(samples, folder / "mono16k.wav")}
    return contents.audio(len(samples) * 1000 // RATE, unknown, files)


@pytest.fixture(scope="module")
def meeting(shared_media: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Artifact]:
    """Audio and speakers of a meeting of two."""
    folder = tmp_path_factory.mktemp("meeting")
    made = {"audio": audio_of(sounds.read_mono(shared_media / "diarization" / "sample.wav"), folder)}
    made["speakers"] = run(speakers.STAGE, made, folder)
    return made


def told(rows: list[tuple[int, int, str]]) -> Artifact:
    return contents.transcript([contents.segment(start, end, text) for start, end, text in rows])


def test_two_people_of_a_meeting_are_told_apart(meeting: dict[str, Artifact]) -> None:
    data = meeting["speakers"].data
    assert set(data["speakers"]) == {"S1", "S2"}
    first = [turn["speaker"] for turn in data["turns"] if 11_000 < turn["start_ms"] + 1_000 < 15_500]
    assert len(set(first)) == 2
    assert data["overlap"]


def test_the_artifact_is_plain_json_without_embeddings(meeting: dict[str, Artifact]) -> None:
    data = meeting["speakers"].data
    assert json.loads(json.dumps(data)) == data
    assert set(data) - {"together"} == {"turns", "overlap", "speakers"}
    assert set(data["speakers"]["S1"]) == {
        "speech_ms", "level_db", "clarity_db", "steadiness", "band_limited", "pitch_hz",
    }  # fmt: skip


def test_the_same_sound_gives_the_same_turns(meeting: dict[str, Artifact], tmp_path: Path) -> None:
    assert run(speakers.STAGE, meeting, tmp_path).data == meeting["speakers"].data


def test_threshold_is_a_parameter(meeting: dict[str, Artifact], tmp_path: Path) -> None:
    assert len(run(speakers.STAGE, meeting, tmp_path, threshold=-1.0).data["speakers"]) == 1


@pytest.mark.parametrize("samples", [0, 100, RATE])
def test_silence_has_no_speakers(samples: int, tmp_path: Path) -> None:
    made = {"audio": audio_of(np.zeros(samples, np.float32), tmp_path), "transcript": told([])}
    made["speakers"] = run(speakers.STAGE, made, tmp_path)
    assert made["speakers"].data == {"turns": [], "overlap": [], "speakers": {}}
    made["utterances"] = run(utterances.STAGE, made, tmp_path)
    assert made["utterances"].data == {"utterances": [], "roles": {}}
    assert run(sound.STAGE, made, tmp_path).data == {"findings": [], "baselines": {}}


def test_utterances_follow_the_schema_and_a_correction(meeting: dict[str, Artifact], tmp_path: Path) -> None:
    turn = next(t for t in meeting["speakers"].data["turns"] if t["end_ms"] - t["start_ms"] > 2_000)
    at, name = turn["start_ms"] + 500, turn["speaker"]
    made = {**meeting, "transcript": told([(at, at + 300, "Hello"), (at + 350, at + 600, "there.")])}
    row = run(utterances.STAGE, made, tmp_path).data["utterances"][0]
    assert (row["speaker"], row["text"], row["i"], row["confidence"]) == (name, "Hello there.", 0, 0.8)
    assert 0 < row["role_confidence"] < 1
    corrected = run(utterances.STAGE, made, tmp_path, corrections={name: "community_2"}).data
    assert corrected["roles"][name] == {"role": "community_2", "confidence": 1.0, "because": ["set by a person"]}
    assert (corrected["utterances"][0]["role"], corrected["utterances"][0]["role_confidence"]) == ("community_2", 1.0)
    assert corrected["utterances"][0]["words"] == row["words"]


def test_two_voices_that_a_person_says_are_one_have_one_name_everywhere(
    meeting: dict[str, Artifact], tmp_path: Path
) -> None:
    turns = [turn for turn in meeting["speakers"].data["turns"] if turn["end_ms"] - turn["start_ms"] > 1_500]
    rows = [(turn["start_ms"] + 300, turn["start_ms"] + 900, "Hello there.") for turn in turns]
    made = {**meeting, "transcript": told(rows)}
    made["utterances"] = run(utterances.STAGE, made, tmp_path, corrections={"S2": "S1"})
    said = made["utterances"].data
    assert (set(said["roles"]), said["same"]) == ({"S1"}, {"S2": "S1"})
    assert {row["speaker"] for row in said["utterances"]} == {"S1"}
    heard = run(sound.STAGE, made, tmp_path, overlap_from_ms=1).data
    assert set(heard["baselines"]) <= {"S1"}
    assert "overlap" not in {finding["kind"] for finding in heard["findings"]}


def test_a_segment_without_word_times_is_kept_whole(meeting: dict[str, Artifact], tmp_path: Path) -> None:
    transcript = contents.transcript([contents.segment(0, 900, "hm hm", 0.2, timed=False)])
    rows = run(utterances.STAGE, {**meeting, "transcript": transcript}, tmp_path).data["utterances"]
    assert [row["text"] for row in rows] == ["hm hm"]


def test_what_one_voice_says_in_two_languages_is_two_utterances(meeting: dict[str, Artifact], tmp_path: Path) -> None:
    turn = next(t for t in meeting["speakers"].data["turns"] if t["end_ms"] - t["start_ms"] > 2_000)
    at = turn["start_ms"] + 500
    rows = [(at, at + 300, "Hello.", "en"), (at + 350, at + 700, "Tengo miedo.", "es")]
    transcript = contents.transcript([contents.segment(a, b, text, language=code) for a, b, text, code in rows])
    said = run(utterances.STAGE, {**meeting, "transcript": transcript}, tmp_path).data["utterances"]
    assert [(row["text"], row.get("language")) for row in said] == [("Hello.", None), ("Tengo miedo.", "es")]
    assert len({row["speaker"] for row in said}) == 1


def test_sound_findings_are_findings_with_measures(meeting: dict[str, Artifact], tmp_path: Path) -> None:
    made = {**meeting, "transcript": told([])}
    made["utterances"] = run(utterances.STAGE, made, tmp_path)
    content = run(sound.STAGE, made, tmp_path, silence_from_ms=3_000, overlap_from_ms=200)
    findings = content.content(SoundArtifact).findings
    assert {"overlap", "long_silence"} <= {finding.kind for finding in findings}
    assert [f.span for f in findings] == sorted(f.span for f in findings)
    assert all(finding.evidence.measures and finding.made_by.startswith("sound@2") for finding in findings)


def test_unknown_spans_are_not_long_silence(tmp_path: Path) -> None:
    unknown = [Unknown(UnknownState.PRE_EVENT_BUFFER, Span(0, 30_000))]
    rng = np.random.default_rng(4)
    samples = np.concatenate([np.zeros(30 * RATE), rng.normal(0, 1e-3, 20 * RATE)]).astype(np.float32)
    made = {"audio": audio_of(samples, tmp_path, unknown), "transcript": told([])}
    for stage in (speakers.STAGE, utterances.STAGE):
        made[stage.makes] = run(stage, made, tmp_path)
    findings = run(sound.STAGE, made, tmp_path).data["findings"]
    assert [(f["kind"], f["start_ms"], f["end_ms"]) for f in findings] == [("long_silence", 30_000, 50_000)]
