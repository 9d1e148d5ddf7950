"""``bodyworn findings cues``: one row per utterance, from any transcript."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from bodyworn.domain.finding import SPEECH_KINDS

LINE = {
    "id": "x-1",
    "turns": [
        {"i": 0, "speaker": "community", "text": "Somebody help him, he's not breathing!", "labels": ["distress"]},
        {"i": 1, "speaker": "officer", "text": "Roll EMS to my location.", "labels": []},
        {"i": 2, "speaker": "officer", "text": "", "labels": []},
    ],
}


def bodyworn(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from bodyworn.cli import main; main()", "findings", "cues", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_rows_on_the_screen_are_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text(json.dumps(LINE) + "\n")
    done = bodyworn(str(path), "--json", "-")
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(row["id"], row["i"], row["role"]) for row in rows] == [
        ("x-1", 0, "community"),
        ("x-1", 1, "officer"),
        ("x-1", 2, "officer"),
    ]
    for row in rows:
        assert list(row) == ["id", "i", "role", "kinds", "scores", "words", "how_sure"]
        assert set(row["how_sure"]) == set(row["kinds"])
        assert set(row["how_sure"].values()) <= {"sure", "likely", "possible"}
        assert set(row["scores"]) == set(SPEECH_KINDS)
        assert set(row["words"]) == set(row["kinds"])
    assert "medical" in rows[1]["kinds"]
    assert "EMS" in rows[1]["words"]["medical"]


def test_a_file_and_a_table(tmp_path: Path) -> None:
    captions, out = tmp_path / "t.vtt", tmp_path / "rows.jsonl"
    captions.write_text("WEBVTT\n\n00:01.000 --> 00:02.000\n<v Officer>Show me your hands! Get on the ground!\n")
    assert bodyworn(str(captions), "--json", str(out)).returncode == 0
    (row,) = [json.loads(line) for line in out.read_text().splitlines()]
    assert (row["id"], row["role"]) == ("t", "officer")
    assert "command" in row["kinds"]
    shown = bodyworn(str(captions))
    assert "command" in shown.stdout
    assert "hands" in shown.stdout


def test_what_cannot_be_read_is_one_sentence_and_exit_2(tmp_path: Path) -> None:
    path = tmp_path / "t.srt"
    path.write_text("nothing of the kind")
    done = bodyworn(str(path), "--json", "-")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("bodyworn: t.srt is neither captions nor JSONL")
    assert "Traceback" not in done.stderr


def test_explained_a_finding_tells_its_scores_in_context_and_alone_and_its_rule(tmp_path: Path) -> None:
    path = tmp_path / "t.txt"
    path.write_text("Officer: Are you thinking about killing yourself?\nDriver: I want to kill myself.\n")
    rows = [json.loads(line) for line in bodyworn(str(path), "--explain", "--json", "-").stdout.splitlines()]
    told = rows[1]["explained"]["self_harm_risk"]
    assert set(told) == {"in_context", "alone", "rule"}
    assert 0 <= told["in_context"] <= 1
    assert 0 <= told["alone"] <= 1
    shown = bodyworn(str(path), "--explain").stdout
    assert "before  officer: Are you thinking about killing yourself?" in shown
    assert "in context" in shown
    assert max(map(len, shown.splitlines())) <= 80
